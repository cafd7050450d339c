"""Convening an engagement, registering for it, and reporting on it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from comity.engagements import access
from comity.engagements.models import Capacity, Engagement, EngagementKind, HouseRule, Participation
from comity.plain.actors import ActorRef, require
from comity.plain.levels import Attribution, Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.plain.time import instant, require_within_calendar
from comity.record import actions as record
from comity.registry.core.refusals import RealmsNeverMix
from comity.registry.models import Organisation


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
    by: ActorRef,
    at: datetime,
) -> Engagement:
    """Convene an engagement: its capacity and its house rule are fixed from here on."""
    require(access.may_convene(by, at, network, organisation))
    if organisation.realm != network.realm:
        raise RealmsNeverMix(organisation=organisation.name)
    _check_terms(kind, capacity, house_rule, on_behalf_of)
    _check_facts(title, place, starts, ends)
    instant(starts.date(), 12, 0, zone)
    require_within_calendar(ends, "ends")
    engagement = Engagement.objects.create(
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
        },
        because=because,
    )
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


def _check_facts(title: str, place: str, starts: datetime, ends: datetime) -> None:
    if not title.strip():
        raise BadInput(field="title", remedy="write a title")
    if not place.strip():
        raise BadInput(field="place", remedy="write the town, or “online”")
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
    facts: dict[str, str | int],
    because: Sequence[Ref] = (),
    level: Level | None = None,
) -> None:
    record.append(
        type,
        realm=Realm(engagement.network.realm),
        subject=Ref("engagement", engagement.public_id),
        by=by,
        at=at,
        level=Level(engagement.level) if level is None else level,
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
        level=Level(engagement.content_level),
    )
    return engagement
