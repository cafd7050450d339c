"""Periodic work of this room: the letters that people chose, written once each, and only where something is due."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.mail import actions as mail
from comity.mail.queries import unreachable
from comity.people import sheet
from comity.people.accounts.actions import attempts
from comity.people.calendar import title_of
from comity.people.models import Choices, Person, Rhythm
from comity.people.queries import ENDS_LETTERS
from comity.plain.actors import ANONYMOUS
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.registry.dates import day_in_words
from comity.registry.edges import here

MORNING = 7
"""The hour, by the reader's own clock, from which her letters of the day are written."""
AHEAD = {Rhythm.DAILY: 7, Rhythm.WEEKLY: 14}
"""How many days ahead a digest looks."""
BEHIND = 60
"""How many days a digest goes on about what is past; the desk shows it longer."""
TOLD_ON = {Realm.REAL: "told_on", Realm.FICTION: "told_on_in_fiction"}


def periodic(realm: Realm, at: datetime) -> list[str]:
    """Write the digests and reminders of the day; a second run on the same day writes none. Forget old counts.

    Counts of attempts and sessions that are over belong to no realm; they go with the real one's work.
    """
    if realm is Realm.REAL:
        attempts.forget(at)
    told = TOLD_ON[realm]
    latest = (at + timedelta(days=1)).date()  # it is tomorrow already where the clock is ahead
    rows = Choices.objects.filter(Q(**{told: None}) | Q(**{f"{told}__lt": latest}), person__is_active=True)
    rows = rows.exclude(digest=Rhythm.NONE, remind_days=0).select_related("person").order_by("pk")
    written = sum(letters_for(choices, realm, at) for choices in rows)
    return [f"{realm.value}: {written} digests and reminders written"] if written else []


@transaction.atomic
def letters_for(choices: Choices, realm: Realm, at: datetime) -> int:
    """Write the letters of one person once her clock has reached the morning; return how many."""
    local = at.astimezone(ZoneInfo(choices.person.time_zone))
    if local.hour < MORNING or not _claimed(choices, realm, local.date()):
        return 0
    if unreachable(choices.person.email, choices.chosen_at):
        return 0
    place = Place(realm, choices.person.language, ANONYMOUS, at, at.date())
    with translation.override(choices.person.language):
        rows = [row for row in sheet.rows_of(choices.person, place) if row.due.open]
        return _digest(rows, choices, place, local.date()) + _reminders(rows, choices, place)


def _claimed(choices: Choices, realm: Realm, day: date) -> bool:
    """Whether nobody has written this person's letters of the day; the claim stands with what is written."""
    told = TOLD_ON[realm]
    waiting = Choices.objects.filter(Q(**{told: None}) | Q(**{f"{told}__lt": day}), pk=choices.pk)
    return bool(waiting.update(**{told: day}))


def _digest(rows: list[sheet.Row], choices: Choices, place: Place, day: date) -> int:
    """The letter that gathers; one for a week whose Monday nobody worked comes on the first day on which one does."""
    monday, told = day - timedelta(days=day.weekday()), getattr(choices, TOLD_ON[place.realm])
    weekly = day == monday or (told is not None and told < monday)
    if choices.digest == Rhythm.NONE or (choices.digest == Rhythm.WEEKLY and not weekly):
        return 0
    near = [row for row in rows if -BEHIND <= row.days <= AHEAD[Rhythm(choices.digest)]]
    about = day if choices.digest == Rhythm.DAILY else monday
    return _letter(near, choices, place, f"digest:{place.realm.value}:{choices.person.public_id}:{about}")


def _reminders(rows: list[sheet.Row], choices: Choices, place: Place) -> int:
    """One letter for each day that has come near; a day on which nobody worked is made up for on the next."""
    near = [row for row in rows if choices.remind_days and 0 <= row.days <= choices.remind_days]
    stem = f"reminder:{place.realm.value}:{choices.person.public_id}"
    days = sorted({row.due.day for row in near})
    return sum(
        _letter([row for row in near if row.due.day == day], choices, place, f"{stem}:{day}") for day in days
    )  # fmt: skip


def _letter(rows: list[sheet.Row], choices: Choices, place: Place, once: str) -> int:
    """One letter, where there is something to say; its envelope says how many dates there are and nothing else."""
    if not rows:
        return 0
    person = choices.person
    subject = ngettext("%(n)s date on your desk", "%(n)s dates on your desk", len(rows)) % {"n": len(rows)}
    leave = leaving(person, place)
    parts = [
        *_told([row for row in rows if row.days < 0], _("Past:")),
        *_told([row for row in rows if row.days >= 0], _("To come:")),
        _("Your desk, behind the sign-in: %(address)s") % {"address": desk_address(place)},
        _("You chose this letter; on your desk, under “Calendar and letters”, you can end it."),
        _("Or end all such letters here, without signing in: %(address)s") % {"address": leave},
    ]
    written = mail.write(
        to=person.email, language=person.language, subject=subject, body="\n\n".join(parts), at=place.at, once=once,
        leave=leave,
    )  # fmt: skip
    return int(written.written_at == place.at)


def _told(rows: list[sheet.Row], heading: str) -> list[str]:
    lines = [
        _("%(day)s: %(what)s") % {"day": day_in_words(row.due.day), "what": title_of(row.due.words, row.due.level)}
        for row in rows
    ]
    return ["\n".join([heading, *lines])] if lines else []


def house_address() -> str:
    """Where this house stands, for letters."""
    host = settings.RECORD_ORIGIN.removesuffix("/record")
    return f"{'https' if settings.SESSION_COOKIE_SECURE else 'http'}://{host}"


def desk_address(place: Place) -> str:
    """The full address of the desk, for letters."""
    return f"{house_address()}{here(place, 'desk')}"


def leaving(person: Person, place: Place) -> str:
    """The full address at which whoever reads a person's mail ends her letters; it names her to nobody."""
    token = signing.dumps(person.public_id, salt=ENDS_LETTERS)
    return f"{house_address()}{here(place, 'letters-end', token=token)}"
