"""A person's private calendar as iCalendar (RFC 5545): what is due and where her organisations meet, over all networks.

A calendar travels through phones and servers that are not the house's, so of anything that is not public it says only
that there is a date, and every link leads to the desk, behind the sign-in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from comity.people import sheet
from comity.people.desk import Due, Occasion
from comity.people.models import Person
from comity.people.queries import calendar_of
from comity.plain.actors import ANONYMOUS
from comity.plain.levels import Level
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.registry.edges import here

FRESH = "private, max-age=900"


def place_of_person(person: Person, place: Place) -> Place:
    """Where a person stands who reads without a session: in her own language, at the same time."""
    return Place(place.realm, person.language, ANONYMOUS, place.at, place.at.date())


@require_safe
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The calendar that a key opens; a key taken back answers as one that never was."""
    place = place_of(request)
    person = calendar_of(key, place.realm)
    if person is None:
        raise NotVisible(kind="calendar")
    own = place_of_person(person, place)
    with translation.override(person.language):
        written = calendar_in_full(person, own, request.build_absolute_uri(here(own, "desk")), key)
    answer = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = FRESH
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def calendar_in_full(person: Person, place: Place, desk: str, key: str) -> bytes:
    """The calendar as bytes; ``key`` salts the marks of its events, so that they name no thing."""
    written = Calendar()
    written.add("prodid", "-//Comity//desk//")
    written.add("version", "2.0")
    written.add("x-wr-calname", _("Your desk"))
    for row in sheet.rows_of(person, place):
        if row.due.open:
            written.add_component(_due(row.due, place, desk, key))
    for occasion in sheet.occasions(person, place):
        written.add_component(_occasion(occasion, place, desk, key))
    written.add_missing_timezones()
    return bytes(written.to_ical())


def _event(key: str, of: str, place: Place, desk: str) -> Event:
    event = Event()
    event.add("uid", f"{sha256(f'{key}:{of}'.encode()).hexdigest()[:32]}@comity")
    event.add("dtstamp", place.at)
    event.add("url", desk)
    event.add("class", "PRIVATE")
    return event


def title_of(words: str, level: Level) -> str:
    """What may stand in a calendar or letter: the words of what is public; of the rest, that there is a date."""
    return words if level is Level.PUBLIC else _("A date on your desk")


def _due(due: Due, place: Place, desk: str, key: str) -> Event:
    event = _event(key, due.key, place, desk)
    event.add("summary", title_of(due.words, due.level))
    event.add("transp", "TRANSPARENT")
    if isinstance(due.until, datetime):
        until = due.until.astimezone(ZoneInfo(due.zone))
        event.add("dtstart", until)
        event.add("dtend", until)
    else:
        event.add("dtstart", due.until)
        event.add("dtend", due.until + timedelta(days=1))
    return event


def _occasion(occasion: Occasion, place: Place, desk: str, key: str) -> Event:
    event = _event(key, occasion.key, place, desk)
    zone = ZoneInfo(occasion.zone)
    event.add("summary", title_of(occasion.words, occasion.level))
    event.add("dtstart", occasion.starts.astimezone(zone))
    event.add("dtend", occasion.ends.astimezone(zone))
    if occasion.level is Level.PUBLIC and occasion.where:
        event.add("location", occasion.where)
    return event
