"""A person's private calendar as iCalendar (RFC 5545): what is due and where her organisations meet, over all networks.

A calendar travels through phones and servers that are not the house's, so of anything that is not public it says only
that there is a date, and every link leads to the desk, behind the sign-in.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event, vDuration

from comity.people import sheet
from comity.people.desk import Due, Occasion
from comity.people.models import Person
from comity.people.queries import calendar_of
from comity.plain.actors import ANONYMOUS
from comity.plain.levels import Level
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.registry.edges import here

ASK_AGAIN = timedelta(hours=1)
"""How often a calendar program is invited to look; whoever asks sooner is told at once that nothing has changed."""
GOES_BACK = timedelta(days=366)
"""How long what took place goes on standing in a calendar."""
STAMPS = re.compile(rb"DTSTAMP[^\r]*\r\n")


def place_of_person(person: Person, place: Place) -> Place:
    """Where a person stands who reads without a session: in her own language, at the same time."""
    return Place(place.realm, person.language, ANONYMOUS, place.at, place.at.date())


@require_safe
def calendar(request: HttpRequest, key: str) -> HttpResponseBase:
    """The calendar that a key opens; a key taken back answers as one that never was.

    Nothing may keep it without asking: an address that was ended shows nothing from then on, in no browser either.
    """
    place = place_of(request)
    person = calendar_of(key, place.realm)
    if person is None:
        raise NotVisible(kind="calendar")
    own = place_of_person(person, place)
    with translation.override(person.language):
        written = calendar_in_full(person, own, request.build_absolute_uri(here(own, "desk")), key)
    tag = f'W/"{sha256(STAMPS.sub(b"", written)).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag=tag) or HttpResponse(written)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = 'inline; filename="comity.ics"'
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def calendar_in_full(person: Person, place: Place, desk: str, key: str) -> bytes:
    """The calendar as bytes; ``key`` salts the marks of its events, so that they name no thing.

    What is no longer due, or may no longer be read, is in it no more: programs that follow an address drop it then.
    """
    written = _headed(person)
    for row in sheet.rows_of(person, place):
        if row.due.open:
            written.add_component(_due(row.due, place, desk, key))
    for occasion in sheet.occasions(person, place):
        if occasion.ends > place.at - GOES_BACK:
            written.add_component(_occasion(occasion, place, desk, key))
    written.add_missing_timezones()
    return bytes(written.to_ical())


def _headed(person: Person) -> Calendar:
    """What stands above the events (RFC 5545 and 7986), and the same in the words of older programs."""
    written = Calendar()
    written.add("prodid", "-//Comity//desk//")
    written.add("version", "2.0")
    written.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        written.add(name, _("Your desk"))
    written.add("x-wr-timezone", person.time_zone)
    written.add("refresh-interval", vDuration(ASK_AGAIN), parameters={"VALUE": "DURATION"})
    written.add("x-published-ttl", vDuration(ASK_AGAIN))
    return written


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
        event.add("dtstart", due.until.astimezone(ZoneInfo(due.zone)))  # an instant has no end of its own
    else:
        event.add("dtstart", due.until)
        event.add("dtend", due.until + timedelta(days=1))
    return event


def _occasion(occasion: Occasion, place: Place, desk: str, key: str) -> Event:
    event = _event(key, occasion.key, place, desk)
    event.add("summary", title_of(occasion.words, occasion.level))
    starts, ends = (at.astimezone(ZoneInfo(occasion.zone)) for at in (occasion.starts, occasion.ends))
    if occasion.whole_days:
        event.add("transp", "TRANSPARENT")
        event.add("dtstart", starts.date())
        event.add("dtend", ends.date() + timedelta(days=1))
    else:
        event.add("dtstart", starts)
        event.add("dtend", ends)
    if occasion.level is Level.PUBLIC and occasion.where:
        event.add("location", occasion.where)
    return event
