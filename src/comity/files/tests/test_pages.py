"""Files, as the seats that bring them and as those who may not read them."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from comity.agreements.tests.factories import agreed
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
from comity.plain.levels import Level, Realm
from comity.record.actions import sequence
from comity.record.queries import latest
from comity.visibility.actions import raise_flag

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


def test_a_download_is_asked_for_again_only_when_it_is_another(cast: Cast, sit: Sit) -> None:
    bring(sit(cast.amina), talks(cast), "Élan".encode(), level=0, title="§")
    upload = Upload.objects.get()
    address = f"/fiction/en/file/{upload.public_id}/download"
    answer = Client().get(address)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{upload.public_id}.txt"'
    assert (answer["X-Content-Type-Options"], answer["Cross-Origin-Resource-Policy"]) == ("nosniff", "same-origin")
    again = Client().get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", "no-cache")
    closed = bring(sit(cast.amina), None) and Upload.objects.get(beside_id="")
    answer = sit(cast.amina).get(f"/fiction/en/file/{closed.public_id}/download")
    assert answer["Cache-Control"] == "private, no-store"


def test_what_closes_a_thing_closes_the_files_beside_it_at_once(cast: Cast, sit: Sit) -> None:
    meeting = talks(cast)
    bring(sit(cast.amina), meeting, level=0)
    upload = Upload.objects.get()
    paths = [f"/fiction/en/file/{upload.public_id}/download", f"/fiction/api/v1/files/{upload.public_id}"]
    assert {Client().get(path).status_code for path in paths} == {200}
    raise_flag(meeting, reason="A threat.", by=cast.amina, at=CONVENED)
    for client in (Client(), sit(cast.chen), sit(cast.secretariat)):
        assert {client.get(path).status_code for path in paths} == {404}
    assert "Notes from the pier" not in Client().get("/fiction/en/search?q=notes+from+the+pier").content.decode()
    assert {sit(cast.amina).get(path).status_code for path in paths} == {200}


def test_beside_what_is_closed_for_a_time_the_record_takes_in_a_bare_seal(
    cast: Cast, sit: Sit, check_record: Callable[[], None]
) -> None:
    meeting = talks(cast)
    raise_flag(meeting, reason="A threat.", by=cast.amina, at=CONVENED)
    bring(sit(cast.amina), meeting, level=0)
    check_record()
    assert Upload.objects.count() == 1
    assert all(entry.type != "files.uploaded" for entry in latest(Realm.FICTION, 99))


def test_both_parties_add_files_to_what_they_agreed_and_nobody_else_does(cast: Cast, sit: Sit) -> None:
    agreement = agreed(cast)
    address = f"{NEW}?beside=agreement:{agreement.public_id}"
    told = {"level": 0, "title": "Annex", "language": "en"}
    for actor, status in ((cast.amina, 302), (cast.chen, 302), (cast.boris, 403), (cast.secretariat, 403)):
        answer = sit(actor).post(address, {**told, "file": SimpleUploadedFile("a", b"clause 4")})
        assert answer.status_code == status, actor


def test_a_file_lies_beside_nothing_whose_page_does_not_show_it(cast: Cast, sit: Sit) -> None:
    bring(sit(cast.amina), talks(cast), level=0)
    asked = f"{NEW}?beside=file:{Upload.objects.get().public_id}"
    assert sit(cast.amina).get(asked).status_code == 404


def test_what_nobody_would_take_in_is_not_read(sit: Sit, cast: Cast, settings: Any) -> None:
    settings.UPLOAD_MOST = 1_000
    answer = sit(cast.amina).post(NEW, {"file": SimpleUploadedFile("a", b"x" * 20_000)})
    assert answer.status_code == 413
    assert "larger than this instance takes in" in answer.content.decode()


def test_bytes_that_the_machine_has_lost_are_told_and_are_no_fault(cast: Cast, sit: Sit) -> None:
    bring(sit(cast.amina), talks(cast), level=0)
    upload = Upload.objects.get()
    store.remove(upload.place)
    answer = Client().get(f"/fiction/en/file/{upload.public_id}/download")
    assert answer.status_code == 503
    assert "bytes are missing" in answer.content.decode()


def test_a_full_disk_keeps_no_half_of_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(b"clause 4")
    assert list(tmp_path.glob("*/*")) == []


def test_drafting_shows_only_where_its_sender_says_so(cast: Cast, sit: Sit) -> None:
    meeting, client = talks(cast), sit(cast.amina)
    refused = bring(client, meeting, documents.letter())
    assert refused.status_code == 422
    assert "more than its words: 2 tracked changes, 1 comment." in refused.content.decode()
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
        (b"x" * 2_000_001, "larger than this instance takes in: at most 2 MB"),
        (b"", "The file is empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "Taken are PDF"),
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
    with pytest.raises(store.BytesMissing):
        store.read(upload.place)
    for client in (Client(), sit(cast.amina)):
        for tail in ("", "/on-clause-4", "/download"):
            gone = client.get(f"/fiction/en/file/{upload.public_id}{tail}")
            assert gone.status_code == 410
            assert "was withdrawn" in gone.content.decode()
        assert client.get(f"/fiction/api/v1/files/{upload.public_id}").json()["status"] == 410


def test_what_was_closed_and_is_taken_back_never_was_for_others(cast: Cast, sit: Sit) -> None:
    bring(sit(cast.amina), talks(cast))
    upload = Upload.objects.get()
    Upload.objects.update(level=Level.ORGANISATION)
    sit(cast.amina).post(f"/fiction/en/file/{upload.public_id}/do/take-back")
    told = {reader: sit(reader).get(f"/fiction/en/file/{upload.public_id}").status_code
            for reader in (cast.amina, cast.chen)}  # fmt: skip
    assert told == {cast.amina: 410, cast.chen: 404}
    assert Client().get(f"/fiction/en/file/{upload.public_id}").status_code == 404


def test_bytes_whose_act_was_undone_are_swept_a_day_later(cast: Cast, settings: Any) -> None:
    with transaction.atomic():
        place = store.put(b"clause 4")
        transaction.set_rollback(True)
    assert store.sweep(set(), AT - timedelta(days=9999)) == 0
    assert store.sweep({place}, AT + timedelta(days=9999)) == 0
    assert store.sweep(set(), AT + timedelta(days=9999)) == 1
