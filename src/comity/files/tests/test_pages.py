"""Files, as the seats that bring them and as those who may not read them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from comity.conftest import AT, Cast
from comity.engagements.actions import register_delegation
from comity.engagements.kinds import ENGAGEMENT
from comity.engagements.models import Engagement
from comity.engagements.tests.factories import CONVENED, talks
from comity.files import actions, store
from comity.files.models import Upload
from comity.files.tests import documents
from comity.people.access import CAST_KEY, SeatNotInForce
from comity.people.models import Seat
from comity.plain.actors import ActorRef
from comity.plain.levels import Level
from comity.record.actions import sequence

Sit = Callable[[ActorRef], Client]
NEW = "/fiction/en/file/new"


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path


@pytest.fixture
def sit(settings: Any) -> Sit:
    settings.DEMO = True

    def seated(actor: ActorRef) -> Client:
        client = Client()
        session = client.session
        session[CAST_KEY] = actor.id
        session.save()
        return client

    return seated


def bring(client: Client, thing: Engagement | None, content: bytes = b"clause 4", **told: Any) -> Any:
    terms = {"level": int(Level.ORGANISATION), "title": "Notes from the pier", "language": "en", **told}
    asked = f"?beside=engagement:{thing.public_id}" if thing else ""
    return client.post(NEW + asked, {**terms, "file": SimpleUploadedFile("Ines secret draft.docx", content)})


def test_a_file_has_a_circle_of_its_own_beside_a_public_thing(cast: Cast, sit: Sit) -> None:
    meeting = talks(cast)
    assert bring(sit(cast.amina), meeting).status_code == 302
    upload = Upload.objects.get()
    assert upload.level == Level.ORGANISATION
    paths = [
        f"/fiction/en/file/{upload.public_id}/notes-from-the-pier",
        f"/fiction/en/file/{upload.public_id}/download",
        f"/fiction/api/v1/files/{upload.public_id}",
    ]
    for path in paths:
        assert sit(cast.boris).get(path).status_code == 200, path
        for outsider in (sit(cast.chen), sit(cast.secretariat), sit(cast.dana), Client()):
            assert outsider.get(path).status_code == 404, path
    page = ENGAGEMENT.address(meeting, "en")
    assert "Notes from the pier" in sit(cast.boris).get(page).content.decode()
    assert "Notes from the pier" not in Client().get(page).content.decode()
    assert "One file lies beside it" not in Client().get(page).content.decode()


def test_those_who_take_part_read_what_is_for_them(cast: Cast, sit: Sit) -> None:
    meeting = talks(cast)
    bring(sit(cast.amina), meeting, level=int(Level.BODY))
    address = f"/fiction/en/file/{Upload.objects.get().public_id}/download"
    assert sit(cast.chen).get(address).status_code == 404
    register_delegation(meeting, organisation=cast.other_party, size=2, by=cast.chen, at=CONVENED)
    sequence(meeting.realm)
    assert sit(cast.chen).get(address).status_code == 200
    assert sit(cast.secretariat).get(address).status_code == 404


def test_what_is_taken_along_bears_no_name_and_runs_nowhere(cast: Cast, sit: Sit) -> None:
    bring(sit(cast.amina), talks(cast), documents.photo(), level=0)
    upload = Upload.objects.get()
    answer = Client().get(f"/fiction/en/file/{upload.public_id}/download")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == 'attachment; filename="notes-from-the-pier.jpg"'
    assert "sandbox" in answer["Content-Security-Policy"]
    assert documents.TELLTALE.encode() not in answer.content
    page = Client().get(f"/fiction/en/file/{upload.public_id}/notes-from-the-pier").content.decode()
    assert "Ines" not in page
    assert "where a picture was taken" in page


def test_drafting_shows_only_where_its_sender_says_so(cast: Cast, sit: Sit) -> None:
    meeting, client = talks(cast), sit(cast.amina)
    refused = bring(client, meeting, documents.letter())
    assert refused.status_code == 422
    assert "shows how it was written" in refused.content.decode()
    assert not Upload.objects.exists()
    assert bring(client, meeting, documents.letter(), drafting_may_stay="on").status_code == 302
    assert (Upload.objects.get().changes, Upload.objects.get().comments) == (2, 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MZ\x90\x00", "Taken are PDF"),
        (b"<html><script>alert(1)</script>", "Taken are PDF"),
        (documents.letter(macros=True), "without macros"),
        (b"%PDF-1.7 broken", "broken or locked"),
        (b"x" * 2_000_001, "larger than this instance"),
    ],
)
def test_bad_files_are_refused_at_their_field_and_nothing_is_kept(
    cast: Cast, sit: Sit, settings: Any, content: bytes, said: str
) -> None:
    settings.UPLOAD_MOST = 2_000_000
    answer = bring(sit(cast.amina), talks(cast), content)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Upload.objects.exists()
    assert list(Path(settings.UPLOADS).glob("??/*")) == []


def test_an_own_room_is_for_its_organisation_alone(cast: Cast, sit: Sit) -> None:
    form = sit(cast.boris).get(NEW).content.decode()
    assert "could still read its database" in form
    assert bring(sit(cast.boris), None).status_code == 302
    address = f"/fiction/en/file/{Upload.objects.get().public_id}/notes-from-the-pier"
    assert sit(cast.amina).get(address).status_code == 200
    assert sit(cast.secretariat).get(address).status_code == 404
    assert bring(sit(cast.boris), None, level=0).status_code == 422


def test_nobody_lays_a_file_beside_what_they_may_not_see_or_for_whom_they_do_not_speak(cast: Cast, sit: Sit) -> None:
    hidden = talks(cast, level=Level.ORGANISATION, title="Hidden talks")
    assert bring(sit(cast.chen), hidden).status_code == 404
    assert bring(Client(), hidden).status_code in {403, 404}
    assert bring(sit(cast.boris), talks(cast)).status_code == 403
    assert bring(sit(cast.stranger), talks(cast)).status_code == 403
    assert bring(sit(cast.amina), hidden, level=0).status_code == 422
    assert not Upload.objects.exists()


def test_an_expired_seat_adds_nothing(cast: Cast) -> None:
    Seat.objects.filter(public_id=cast.amina.id).update(end=AT.date() - timedelta(days=1))
    with pytest.raises(SeatNotInForce):
        actions.upload(
            b"clause 4", title="Late", language="en", level=Level.PUBLIC, organisation=cast.party,
            network=cast.network, by=cast.amina, at=AT,
        )  # fmt: skip


def test_what_is_taken_back_is_gone_for_everyone(cast: Cast, sit: Sit, django_capture_on_commit_callbacks: Any) -> None:
    bring(sit(cast.amina), talks(cast), level=0)
    upload = Upload.objects.get()
    assert store.read(upload.place) == b"clause 4"
    act = f"/fiction/en/file/{upload.public_id}/do/take-back"
    assert sit(cast.chen).post(act).status_code == 403
    with django_capture_on_commit_callbacks(execute=True):
        assert sit(cast.amina).post(act).status_code == 302
    with pytest.raises(FileNotFoundError):
        store.read(upload.place)
    for client in (Client(), sit(cast.amina)):
        assert client.get(f"/fiction/en/file/{upload.public_id}/download").status_code == 404


def test_bytes_whose_act_was_undone_are_swept_a_day_later(cast: Cast, settings: Any) -> None:
    with transaction.atomic():
        place = store.put(b"clause 4")
        transaction.set_rollback(True)
    assert store.sweep(set(), AT - timedelta(days=9999)) == 0
    assert store.sweep({place}, AT + timedelta(days=9999)) == 0
    assert store.sweep(set(), AT + timedelta(days=9999)) == 1
