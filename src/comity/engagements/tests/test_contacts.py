"""Informal contacts: noted on one screen, read by those who took part, and never found by anyone else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from comity.conftest import AT, Cast
from comity.engagements import actions
from comity.engagements.jobs import periodic
from comity.engagements.models import ContactNote
from comity.mail.models import Letter
from comity.people.tests.test_desk import seated
from comity.plain.levels import Attribution, Level, Realm

NEW = "/fiction/en/contact/new"
CANARY = "qzheronlight"


def given(**more: str) -> dict[str, str]:
    day = AT.date().isoformat()
    return {
        "level": "4", "attribution": "none", "words": f"Said {CANARY}.", "channel": "call", "spoken_on": day,
        "language": "en",
    } | more  # fmt: skip


@pytest.mark.mission("S3", at="desk")
def test_an_l4_note_never_appears_to_a_non_participant(
    client: Client, cast: Cast, check_record: Callable[[], None]
) -> None:
    form = seated(client, cast.amina).get(NEW).content.decode()
    assert form.index('name="level"') < form.index('name="attribution"') < form.index('name="words"')
    answer = client.post(NEW, given(counterpart=cast.other_party.name))
    assert answer.status_code == 302
    page = answer.headers["Location"]
    assert CANARY in client.get(page).content.decode()
    note = ContactNote.objects.get()
    asked = (
        "/fiction/en/", "/fiction/en/desk", "/fiction/en/desk/contacts", "/fiction/en/feed.atom", "/fiction/en/record",
        f"/fiction/en/search?q={CANARY}", f"/fiction/api/v1/search?q={CANARY}", "/fiction/api/v1/engagements",
        "/fiction/en/engagement/", "/fiction/en/thread/", f"/fiction/en/network/{cast.network.public_id}",
    )  # fmt: skip
    for actor in (cast.boris, cast.chen, cast.secretariat, cast.dana, cast.stranger, None):
        other = seated(Client(), actor) if actor else Client()
        assert other.get(page).status_code == 404
        for address in asked:
            told = (
                other.get(address, follow=True)
                .content.decode()
                .replace(f"q={CANARY}", "")
                .replace(f'value="{CANARY}"', "")
            )
            assert note.public_id not in told, (actor, address)
            assert f"Said {CANARY}" not in told, (actor, address)
    assert not Letter.objects.filter(subject__contains=CANARY).exists()
    assert not Letter.objects.filter(body__contains=CANARY).exists()


def test_shared_it_is_read_on_the_other_side_and_kept_for_the_party_by_all_its_seats(
    client: Client, cast: Cast
) -> None:
    shared = seated(client, cast.amina).post(NEW, given(counterpart=cast.other_party.name, shared="on"))
    ours = client.post(NEW, given(level="3"))
    assert seated(Client(), cast.chen).get(shared.headers["Location"]).status_code == 200
    assert seated(Client(), cast.chen).get(ours.headers["Location"]).status_code == 404
    boris = seated(Client(), cast.boris)
    assert boris.get(ours.headers["Location"]).status_code == 200
    assert boris.get(shared.headers["Location"]).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"words": " "}, {"level": "0"}, {"shared": "on"}, {"spoken_on": "2999-01-01"}, {"channel": "pigeon"}]
)
def test_what_cannot_stand_is_refused_at_its_field(client: Client, cast: Cast, wrong: dict[str, str]) -> None:
    answer = seated(client, cast.amina).post(NEW, given(**wrong))
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert not ContactNote.objects.exists()


def test_words_are_erased_when_their_time_is_over(cast: Cast) -> None:
    note = actions.note_contact(
        level=Level.ROOM, attribution=Attribution.NONE, channel="call", spoken_on=AT.date(), words="Said.",
        language="en", by=cast.amina, at=AT,
    )  # fmt: skip
    assert periodic(Realm.FICTION, AT + timedelta(days=30)) == []
    assert periodic(Realm.FICTION, AT + timedelta(days=31)) != []
    assert periodic(Realm.FICTION, AT + timedelta(days=31)) == []
    note.refresh_from_db()
    assert note.words == ""
    with pytest.raises(actions.AlreadyReduced):
        actions.reduce_contact(note, by=cast.amina, at=AT)
