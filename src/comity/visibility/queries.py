"""Reading: what a form proposes, whose existence is protected, what was decided about a thing."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from comity.plain.actors import ActorRef
from comity.plain.levels import Attribution, Level, Realm
from comity.plain.time import day_in
from comity.registry.models import Governed, Organisation
from comity.visibility.access import LEVELS_OF
from comity.visibility.core import Policy, Terms, read_policy
from comity.visibility.models import Change, Default, Protection

POLICY = Path(__file__).parent / "data" / "policy.csv"
_WHOLES: dict[str, Callable[[Any], Governed]] = {}
NARROWEST = Policy("", "", Level.ORGANISATION, Attribution.ORGANISATION, None)
"""What is proposed for a kind that no table names."""


@cache
def policy() -> dict[tuple[str, str], Policy]:
    """The house's own table, by kind and body."""
    with POLICY.open(encoding="utf-8", newline="") as lines:
        return read_policy(lines)


def policy_for(kind: str, network: Organisation | None, day: date, at: datetime, *, body: str = "") -> Policy:
    """The row that a form begins with: the network's own in force on the day, else the house's; body before kind."""
    for one in dict.fromkeys((body, "")):
        own = _own(kind, one, network, day, at)
        if own is not None:
            return own
        if (kind, one) in policy():
            return policy()[kind, one]
    return NARROWEST


def _own(kind: str, body: str, network: Organisation | None, day: date, at: datetime) -> Policy | None:
    if network is None:
        return None
    rows = Default.objects.filter(network=network, kind=kind, body=body, in_force_from__lte=day, recorded_at__lte=at)
    row = rows.order_by("-in_force_from", "-recorded_at").first()
    if row is None:
        return None
    return Policy(kind, body, Level(row.level), Attribution(row.attribution), None, row.why)


def default_for(
    kind: str, network: Organisation | None, at: datetime, *, body: str = "", source: Governed | None = None
) -> Terms:
    """What the form of a new thing begins with, shown in words before anything is saved.

    ``source`` is what it arises from: the proposal is never wider than that, nor earlier than its embargo. Nothing is
    inherited by saving: what the form says is what stands.
    """
    day = day_in(network.time_zone if network else "UTC", at)
    proposed = policy_for(kind, network, day, at, body=body).terms(day)
    return proposed.not_wider_than(terms_of(source), at) if source is not None else proposed


def terms_of(row: Governed) -> Terms:
    """The terms under which a thing stands."""
    return Terms(
        Level(row.level),
        Attribution(row.attribution),
        row.embargo_until,
        row.embargo_zone,
        row.review_on,
        row.retain_until,
    )


def part_of(kind: str, whole: Callable[[Any], Governed]) -> None:
    """Let a room say of which thing the rows of a kind are wholly part: they are never read by more people."""
    _WHOLES[kind] = whole


def whole_of(kind: str, row: Governed) -> Governed | None:
    """The thing of which a row is wholly part; None where it stands alone."""
    whole = _WHOLES.get(kind)
    return whole(row) if whole else None


def entered_as(kind: str, row: Governed, at: datetime) -> Level:
    """The level of an entry of the record about a thing that is part of another: the narrower of the two."""
    whole = whole_of(kind, row)
    return max(row.entered_as(at), whole.entered_as(at)) if whole is not None else row.entered_as(at)


def levels_for(kind: str, whole: Governed | None = None) -> tuple[Level, ...]:
    """The levels that a thing of a kind may be given: those of its kind, none wider than what it is part of."""
    widest = Level.PUBLIC if whole is None else Level(whole.level)
    return tuple(level for level in LEVELS_OF[kind] if level >= widest)


def defaults_of(network: Organisation, known_by: datetime) -> QuerySet[Default]:
    """What a network adopted for itself, the newest first."""
    return Default.objects.filter(network=network, recorded_at__lte=known_by).order_by("-in_force_from", "kind", "body")


def protected(kind: str, at: datetime) -> "QuerySet[Protection, Any]":
    """The public ids of the things of a kind whose existence is protected at that instant, as a sub-select."""
    return Protection.objects.holding(at).filter(kind=kind).values("thing")


def protections_read(kind: str, realm: Realm, actor: ActorRef) -> "QuerySet[Protection]":
    """The protections of a kind that a seat's organisation asked for, or that it decides as their network."""
    own = actor.organisation or None
    rows = Protection.objects.filter(kind=kind, network__realm=realm)
    return rows.filter(Q(network__public_id=own) | Q(originator__public_id=own))


def changes_of(kind: str, thing: str) -> QuerySet[Change]:
    """What was decided about who reads a thing, the newest first."""
    return Change.objects.filter(kind=kind, thing=thing).order_by("-at", "-pk")
