"""Convening an engagement, registering for it, and reporting on it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from comity.engagements import access, core, yearly
from comity.engagements.models import (
    Capacity,
    Channel,
    ContactNote,
    Engagement,
    EngagementKind,
    HouseRule,
    Participation,
    Present,
)
from comity.engagements.yearly import Published
from comity.people.access import acting
from comity.people.actions import drafts_done
from comity.people.models import Draft, Seat
from comity.plain.actors import ActorRef, require
from comity.plain.levels import Attribution, Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.plain.time import day_in, instant, require_within_calendar
from comity.record import actions as record
from comity.record import snapshots
from comity.record.core.jcs import Json
from comity.record.queries import written_about
from comity.registry.core.names import require_honest
from comity.registry.core.refusals import RealmsNeverMix
from comity.registry.models import Organisation
from comity.registry.topics.actions import file_under
from comity.visibility import actions as visibility
from comity.visibility.core import Terms

WORDS_STAY = timedelta(days=30)
"""How long the words of a note stay that only those who took part may read."""


class CapacityNotStated(BadInput):
    """No engagement is published without the capacity in which people meet: party, group, personal or parliament."""

    code = "capacity-not-stated"


class HouseRuleNotStated(BadInput):
    """The house rule is fixed before the opening: public, non-attributed or closed."""

    code = "house-rule-not-stated"


class AlreadyRegistered(Refusal):
    """An organisation registers one delegation."""

    code = "already-registered"


class RegistrationIsOver(Refusal):
    """A delegation registers before the engagement ends."""

    code = "registration-is-over"


class NotOverYet(Refusal):
    """A report is written when the engagement is over."""

    code = "not-over-yet"


class AlreadyReported(Refusal):
    """A report stands once written."""

    code = "already-reported"


class SharedOutsideTheRoom(BadInput):
    """A note is shared with those who took part, so name them and choose that circle; or leave it to your party."""

    code = "shared-outside-the-room"


class AlreadyReduced(Refusal):
    """The words of a contact note are erased once."""

    code = "already-reduced"


class YearNotOver(Refusal):
    """A year is counted when it is over, so that its count stays as it is."""

    code = "year-not-over"


class CountedAlready(Refusal):
    """This year is counted already, and the record holds no more meetings of it than were counted."""

    code = "counted-already"


class AlreadyErased(Refusal):
    """A report is erased once."""

    code = "already-erased"


@transaction.atomic
def convene(
    *,
    network: Organisation,
    kind: str,
    title: str,
    capacity: str,
    place: str,
    country: str,
    zone: str,
    starts: datetime,
    ends: datetime,
    house_rule: str,
    level: Level,
    organisation: Organisation,
    because: Sequence[Ref] = (),
    language: str = "en",
    on_behalf_of: str = "",
    content_level: Level | None = None,
    terms: Terms | None = None,
    protection: tuple[str, date] | None = None,
    topics: Sequence[str],
    by: ActorRef,
    at: datetime,
) -> Engagement:
    """Convene an engagement: its capacity and its house rule are fixed from here on; it is filed under ``topics``.

    ``terms`` say more than ``level``: attribution, embargo, dates. ``protection`` (reason, last day) asks in the same
    act that its existence be protected; without it the public learns that a meeting takes place, whoever may read it.
    """
    require(access.may_convene(by, at, network, organisation))
    if organisation.realm != network.realm:
        raise RealmsNeverMix(organisation=organisation.name)
    _check_terms(kind, capacity, house_rule, on_behalf_of)
    _check_facts(title, place, starts, ends)
    instant(starts.date(), 12, 0, zone)
    require_within_calendar(ends, "ends")
    level = terms.level if terms else level
    engagement = Engagement(
        network=network,
        kind=kind,
        title=title.strip(),
        language=language,
        capacity=capacity,
        on_behalf_of=on_behalf_of.strip() if capacity == Capacity.PARLIAMENT else "",
        place=place.strip(),
        country=country,
        zone=zone,
        starts=starts,
        ends=ends,
        house_rule=house_rule,
        level=level,
        content_level=content_level if content_level is not None else _content_level(house_rule, level),
        attribution=Attribution.NONE if house_rule == HouseRule.NON_ATTRIBUTED else Attribution.ORGANISATION,
        originator=organisation,
        recorded_at=at,
    )
    if terms is not None:
        attributed = Attribution.NONE if house_rule == HouseRule.NON_ATTRIBUTED else terms.attribution
        visibility.lay_down(engagement, replace(terms, attribution=attributed), at=at)
    engagement.save(force_insert=True)
    filed = file_under(engagement, topics, by=by, at=at)
    _record(
        engagement,
        "engagements.convened",
        by,
        at,
        facts={
            "kind": kind,
            "capacity": capacity,
            "house_rule": house_rule,
            "starts": starts.isoformat(),
            "ends": ends.isoformat(),
            "convened_by": organisation.public_id,
            "network": network.public_id,
            "topics": [*filed],
        },
        because=because,
    )
    if protection is not None:
        reason, until = protection
        visibility.ask_protection(engagement, reason=reason, until=until, by=by, at=at)
    return engagement


def _check_terms(kind: str, capacity: str, house_rule: str, on_behalf_of: str) -> None:
    if kind not in EngagementKind.values:
        raise BadInput(field="kind", value=kind, remedy=f"one of {', '.join(EngagementKind.values)}")
    if capacity not in Capacity.values:
        raise CapacityNotStated(field="capacity", remedy=f"one of {', '.join(Capacity.values)}")
    if house_rule not in HouseRule.values:
        raise HouseRuleNotStated(field="house_rule", remedy=f"one of {', '.join(HouseRule.values)}")
    if capacity == Capacity.PARLIAMENT and not on_behalf_of.strip():
        raise CapacityNotStated(field="on_behalf_of", remedy="name the parliament")
    require_honest(on_behalf_of, "on_behalf_of", longest=200)


def _check_facts(title: str, place: str, starts: datetime, ends: datetime) -> None:
    if not title.strip():
        raise BadInput(field="title", remedy="write a title")
    require_honest(title, "title")
    if not place.strip():
        raise BadInput(field="place", remedy="write the town, or “online”")
    require_honest(place, "place", longest=200)
    if ends < starts:
        raise BadInput(field="ends", value=ends.isoformat(), remedy="it ends after it starts")


def _content_level(house_rule: str, level: Level) -> Level:
    return max(level, Level.BODY) if house_rule == HouseRule.CLOSED else level


def _record(
    engagement: Engagement,
    type: str,
    by: ActorRef,
    at: datetime,
    *,
    facts: dict[str, Json],
    because: Sequence[Ref] = (),
    level: Level | None = None,
) -> None:
    record.append(
        type,
        realm=Realm(engagement.network.realm),
        subject=Ref("engagement", engagement.public_id),
        by=by,
        at=at,
        level=engagement.entered_as(at) if level is None else level,
        facts=facts,
        because=because,
    )


@transaction.atomic
def register_delegation(
    engagement: Engagement, *, organisation: Organisation, size: int, by: ActorRef, at: datetime
) -> Participation:
    """Register a delegation; by it the organisation accepts the house rule."""
    require(access.may_register(by, at, engagement, organisation))
    if organisation.realm != engagement.network.realm:
        raise RealmsNeverMix(organisation=organisation.name)
    if at > engagement.ends:
        raise RegistrationIsOver(ended=engagement.ends.isoformat())
    if size < 1:
        raise BadInput(field="size", value=size, remedy="write how many come, at least 1")
    if engagement.participations.filter(organisation=organisation).exists():
        raise AlreadyRegistered(organisation=organisation.name)
    participation = Participation.objects.create(
        engagement=engagement,
        organisation=organisation,
        heads_count=size,
        accepted_rule=engagement.house_rule,
        registered_at=at,
    )
    _record(
        engagement,
        "engagements.delegation_registered",
        by,
        at,
        facts={"organisation": organisation.public_id, "size": size, "accepted_rule": engagement.house_rule},
    )
    return participation


@transaction.atomic
def report(engagement: Engagement, *, words: str, language: str, by: ActorRef, at: datetime) -> Engagement:
    """Report on an engagement that is over. A closed one's report is read by those who took part."""
    require(access.may_report(by, at, engagement))
    if at < engagement.ends:
        raise NotOverYet(ends=engagement.ends.isoformat())
    if not words.strip():
        raise BadInput(field="words", remedy="write what came of it")
    written = Engagement.objects.filter(pk=engagement.pk, reported_at=None).update(
        report=words.strip(), report_language=language, reported_at=at
    )
    if not written:
        raise AlreadyReported(engagement=engagement.title)
    engagement.refresh_from_db()
    _record(
        engagement,
        "engagements.reported",
        by,
        at,
        facts={"words": words.strip(), "language": language},
        level=max(engagement.entered_as(at), Level(engagement.content_level)),
    )
    drafts_done(access.Permission.REPORT_WRITE, Ref("engagement", engagement.public_id), by=by, at=at)
    return engagement


@transaction.atomic
def note_contact(
    *,
    level: Level,
    attribution: Attribution,
    channel: str,
    spoken_on: date,
    words: str,
    language: str,
    counterpart: Organisation | None = None,
    shared: bool = False,
    with_seats: Sequence[Seat] = (),
    by: ActorRef,
    at: datetime,
) -> ContactNote:
    """Note an informal contact. Its level comes first; at ROOM only the seats that took part read it, ever.

    ``shared`` gives the counterpart's organisation a place in the room. The record gets a bare seal.
    """
    require(access.may_note_contact(by, at))
    writer = acting(by, at)
    _check_circle(level, counterpart, writer, shared=shared)
    _check_said(channel, spoken_on, words, day_in(writer.person.time_zone, at))
    if any(seat.organisation_id != writer.organisation_id for seat in with_seats):
        raise BadInput(field="with_seats", remedy="seats of your own organisation; share the note with the other side")
    note = ContactNote.objects.create(
        network=writer.organisation,
        originator=writer.organisation,
        level=level,
        attribution=attribution,
        counterpart=counterpart,
        channel=channel,
        spoken_on=spoken_on,
        words=words.strip(),
        language=language,
        retain_until=spoken_on + WORDS_STAY if level == Level.ROOM else None,
        recorded_at=at,
    )
    for seat in {seat.pk: seat for seat in (writer, *with_seats)}.values():
        Present.objects.create(note=note, organisation=seat.organisation, seat=seat)
    if shared and counterpart is not None:
        Present.objects.create(note=note, organisation=counterpart)
    _record_contact("engagements.contact_noted", note, by, at)
    return note


def _check_circle(level: Level, counterpart: Organisation | None, writer: Seat, *, shared: bool) -> None:
    if level not in {Level.ORGANISATION, Level.ROOM}:
        raise BadInput(field="level", value=int(level), remedy="your party alone, or those who took part")
    if counterpart is not None and counterpart.realm != writer.organisation.realm:
        raise RealmsNeverMix(organisation=counterpart.name)
    if shared and (counterpart is None or level != Level.ROOM):
        raise SharedOutsideTheRoom(field="shared")


def _check_said(channel: str, spoken_on: date, words: str, today: date) -> None:
    if channel not in Channel.values:
        raise BadInput(field="channel", value=channel, remedy=f"one of {', '.join(Channel.values)}")
    if not words.strip():
        raise BadInput(field="words", remedy="write a line on what was said")
    if spoken_on > today:
        raise BadInput(field="spoken_on", value=spoken_on.isoformat(), remedy="a day that has come")
    require_within_calendar(spoken_on, "spoken_on")


@transaction.atomic
def reduce_contact(note: ContactNote, *, by: ActorRef, at: datetime) -> ContactNote:
    """Erase the words of a contact note; that there was a contact stays, for those in its room."""
    require(access.may_reduce_contact(by, at, note))
    if not ContactNote.objects.filter(pk=note.pk, reduced_at=None).update(words="", reduced_at=at):
        raise AlreadyReduced()
    note.refresh_from_db()
    record.leave_no_bytes(ContactNote)
    _record_contact("engagements.contact_reduced", note, by, at)
    return note


def _record_contact(type_: str, note: ContactNote, by: ActorRef, at: datetime) -> None:
    ref = Ref("contact", note.public_id)
    record.append(type_, realm=note.realm, subject=ref, by=by, at=at, level=Level(note.level))


@transaction.atomic
def count_year(realm: Realm, year: int, *, by: ActorRef, at: datetime) -> Published:
    """Count the meetings of a year that is over, and publish the count; a second one corrects the first.

    It goes by the log as it is numbered now. Raises YearNotOver, and CountedAlready where nothing would be corrected.
    """
    require(access.may_count_year(by))
    if at < core.span_of(year)[1]:
        raise YearNotOver(year=year)
    record.sequence(realm)  # it holds the log's lock: nobody numbers or counts beside this
    stands, snapshot = yearly.latest(realm, year, at), snapshots.present(realm)
    counts = yearly.count(snapshot, year)
    if stands is not None and not yearly.adds(counts, stands):
        raise CountedAlready(year=year)
    facts = yearly.facts_of(snapshot, year, counts)
    record.append(yearly.COUNTED, realm=realm, subject=yearly.about(realm, year), by=by, at=at, facts=facts)
    counted = yearly.latest(realm, year, at)
    assert counted is not None
    return counted


@transaction.atomic
def erase_report(engagement: Engagement, *, by: ActorRef, at: datetime) -> Engagement:
    """Erase a report whose time is over, from its page and from the record; that it was reported stays."""
    require(access.may_erase_report(by, at, engagement))
    if not Engagement.objects.filter(pk=engagement.pk).exclude(report="").update(report=""):
        raise AlreadyErased()
    engagement.refresh_from_db()
    record.leave_no_bytes(Engagement, Draft)
    written = written_about(Ref("engagement", engagement.public_id), "engagements.reported")
    if written is not None:
        record.erase(written, "words", legal_basis="retention ended", by=by, at=at)
    return engagement
