"""Periodic work of this room: the letters that people chose, written once each, and only where something is due."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.mail import actions as mail
from comity.people import sheet
from comity.people.accounts.actions import attempts
from comity.people.calendar import title_of
from comity.people.models import Choices, Rhythm
from comity.plain.actors import ANONYMOUS
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.registry.dates import day_in_words
from comity.registry.edges import here

MORNING = 7
"""The hour, by the reader's own clock, from which her letters of the day are written."""
AHEAD = {Rhythm.DAILY: 7, Rhythm.WEEKLY: 14}
"""How many days ahead a digest looks."""
MONDAY = 0


def periodic(realm: Realm, at: datetime) -> list[str]:
    """Write the digests and reminders of the day; a second run on the same day writes none. Forget old counts.

    Counts of attempts and sessions that are over belong to no realm; they go with the real one's work.
    """
    if realm is Realm.REAL:
        attempts.forget(at)
    rows = Choices.objects.filter(person__is_active=True).select_related("person").order_by("pk")
    written = sum(letters_for(choices, realm, at) for choices in rows)
    return [f"{realm.value}: {written} digests and reminders written or standing"] if written else []


def letters_for(choices: Choices, realm: Realm, at: datetime) -> int:
    """Write the letters of one person that her clock has reached; return how many stand for the day."""
    person, local = choices.person, at.astimezone(ZoneInfo(choices.person.time_zone))
    if local.hour < MORNING:
        return 0
    place = Place(realm, person.language, ANONYMOUS, at, at.date())
    with translation.override(person.language), transaction.atomic():
        rows = [row for row in sheet.rows_of(person, place) if row.due.open]
        stem, stand = f"{realm.value}:{person.public_id}:{local.date()}", 0
        if choices.digest == Rhythm.DAILY or (choices.digest == Rhythm.WEEKLY and local.weekday() == MONDAY):
            ahead = AHEAD[Rhythm(choices.digest)]
            stand += _letter([row for row in rows if row.days <= ahead], choices, place, f"digest:{stem}")
        if choices.remind_days:
            near = [row for row in rows if row.days == choices.remind_days]
            stand += _letter(near, choices, place, f"reminder:{stem}")
    return stand


def _letter(rows: list[sheet.Row], choices: Choices, place: Place, once: str) -> int:
    """One letter, where there is something to say; its envelope says how many dates there are and nothing else."""
    if not rows:
        return 0
    subject = ngettext("%(n)s date on your desk", "%(n)s dates on your desk", len(rows)) % {"n": len(rows)}
    lines = [
        _("%(day)s: %(what)s") % {"day": day_in_words(row.due.day), "what": title_of(row.due.words, row.due.level)}
        for row in rows
    ]
    closing = _("Your desk, behind the sign-in: %(address)s") % {"address": desk_address(place)}
    chosen = _("You chose this letter; on your desk, under “Calendar and letters”, you can end it.")
    body = "\n".join([*lines, "", closing, chosen])
    person = choices.person
    mail.write(to=person.email, language=person.language, subject=subject, body=body, at=place.at, once=once)
    return 1


def desk_address(place: Place) -> str:
    """The full address of the desk, for letters."""
    host = settings.RECORD_ORIGIN.removesuffix("/record")
    return f"{'https' if settings.SESSION_COOKIE_SECURE else 'http'}://{host}{here(place, 'desk')}"
