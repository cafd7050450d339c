"""What goes out to a person without her asking: letters as they are sent, and her calendar, which anybody may hold."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from comity.mail.jobs import send_waiting
from comity.people.actions import choose_letters, open_calendar
from comity.people.jobs import letters_for
from comity.people.models import Person, Rhythm, Seat
from comity.plain.levels import Realm
from comity.registry.tests.factories import AT
from comity.site.tests.leaks.house import Reader, State
from comity.site.tests.leaks.world import Answer, Browser, World

SEATED = sorted(set(Reader) - {Reader.ANONYMOUS, Reader.OPERATOR})
WEEKS = 40
"""So long the house lives on; a digest of each week looks at all days of it."""


@pytest.fixture(autouse=True)
def _taken_back(world: World) -> Iterator[None]:
    """What a test chooses, opens or sends stands in the world no longer than the test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def not_public(world: World) -> set[str]:
    """The words and ids of all that not everybody may read."""
    closed = list(world.hidden_from(Reader.ANONYMOUS))
    return {one.word for one in closed} | {one.row.public_id for one in closed}


def person_of(world: World, reader: Reader) -> Person:
    """Who sits on a reader's seat."""
    return Seat.objects.select_related("person").get(public_id=world.house.readers[reader].id).person


def mornings() -> list[datetime]:
    """One morning of each week of the house."""
    return [AT.replace(hour=9) + timedelta(weeks=number) for number in range(WEEKS)]


def calendar_of(world: World, reader: Reader, browser: Browser) -> Answer:
    """The private calendar of a person, as whoever holds its address gets it."""
    person, by = person_of(world, reader), world.house.readers[reader]
    key = open_calendar(person, realm=Realm.FICTION, by=by, at=world.at)
    return browser.get(f"/fiction/calendar/{key}.ics")


@pytest.mark.parametrize("reader", SEATED)
def test_no_calendar_says_what_not_everybody_may_read(world: World, reader: Reader) -> None:
    answer = calendar_of(world, reader, Browser(Client()))
    assert answer.status == 200
    unfolded = answer.everything.replace("\r\n ", "")
    assert [word for word in not_public(world) if word in unfolded] == []


def test_no_letter_says_what_not_everybody_may_read(world: World) -> None:
    """Digests and reminders of forty weeks and what the acts of the world wrote, as the bytes that are sent."""
    for reader in SEATED:
        choices = choose_letters(
            person_of(world, reader),
            digest=Rhythm.DAILY,
            remind_days=3,
            language="en",
            time_zone="UTC",
            realm=Realm.FICTION,
            by=world.house.readers[reader],
            at=world.at,
        )
        for morning in mornings():
            letters_for(choices, Realm.FICTION, morning)
    while send_waiting():
        pass
    sent = [str(letter.message()) for letter in mail.outbox]
    assert len(sent) > len(SEATED), "somebody has something due, or this would prove nothing"
    assert [word for word in not_public(world) for letter in sent if word in letter] == []


def test_a_public_date_is_named_in_some_calendar(world: World) -> None:
    """Calendars that named nothing would prove nothing."""
    public = {one.word for one in world.planted.values() if one.state is State.PUBLIC}
    told = "".join(calendar_of(world, reader, Browser(Client())).text for reader in SEATED).replace("\r\n ", "")
    assert any(word in told for word in public)
