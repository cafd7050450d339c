"""Members counted by the database: what their spells say of a day, as a condition of the query itself.

The answers are those that ``core.ties.on`` gives row by row. Stored dates are YYYY, YYYY-MM or YYYY-MM-DD: as text they
stand in order, a year or month before its own days, so that only the year and the month of the day itself ask for care.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from comity.plain.place import Place
from comity.registry import queries
from comity.registry.core.ties import CLOSED_STANDINGS
from comity.registry.models import LinkKind, Organisation, OrganisationQuerySet, Spell

ENDS = ("link__subject", "link__object")


@dataclass(frozen=True)
class Counted:
    """How many are surely members, and how many may be: of these nobody stated the dates."""

    sure: int
    unknown: int


NONE = Counted(0, 0)


def members_counted(networks: Sequence[Organisation], place: Place) -> dict[int, Counted]:
    """Members of several networks on the page's day, by the network's key."""
    rows = _possible([row.pk for row in networks], place, place.at)
    return _counted(rows, "link__object", "link", place.as_of)


def homes_of_members(networks: OrganisationQuerySet, place: Place) -> dict[str, Counted]:
    """How many organisations of each country belong to any of these networks on the page's day.

    Each organisation counts once, as surely belonging where one of its ties is sure; those without a country under "".
    """
    rows = _possible(networks.order_by().values("id"), place, place.known_by)
    return _counted(rows, "link__subject__country", "link__subject", place.as_of)


def _possible(networks: Any, place: Place, known_by: datetime) -> QuerySet[Spell, Any]:
    seen = queries.organisations(place.realm, place.actor, place.at).values("id")
    return Spell.objects.filter(
        queries.known(known_by),
        may_be_in_force(place.as_of),
        link__object__in=networks,
        link__subject__in=seen,
        link__kind=LinkKind.MEMBERSHIP,
    ).order_by()


def _counted(rows: QuerySet[Spell, Any], by: str, what: str, day: date) -> dict[Any, Counted]:
    sure = Count(what, distinct=True, filter=surely_in_force(day))
    told = rows.values(by).annotate(every=Count(what, distinct=True), sure=sure)
    return {key: Counted(sure, every - sure) for key, every, sure in told.values_list(by, "every", "sure")}


def surely_in_force(day: date) -> Q:
    """The spells that are in force on a day under every reading of their dates, and of the lives of both ends."""
    condition = _begun(day, "start", must=True) & (Q(end="", ended=False) | _still(day, "end"))
    for end in ENDS:
        condition &= _begun(day, f"{end}__founded")
        condition &= Q(**{f"{end}__dissolved": ""}) | Q(**{f"{end}__dissolved__gte": day.isoformat()})
    return condition & ~Q(standing__in=CLOSED_STANDINGS)


def may_be_in_force(day: date) -> Q:
    """The spells that are in force on a day under any reading."""
    open_ = Q(start__lte=day.isoformat()) & _not_over(day, "end")
    alive = Q()
    for end in ENDS:
        alive &= Q(**{f"{end}__founded__lte": day.isoformat()}) & _not_over(day, f"{end}__dissolved")
    closed = Q(standing__in=CLOSED_STANDINGS)
    return open_ & ((~closed & alive) | (closed & Q(unverified=True)))


def _begun(day: date, name: str, *, must: bool = False) -> Q:
    """Where a date, if stated, is surely reached: its whole year or month, where it names no day."""
    tomorrow = day + timedelta(days=1)
    unsure = [part for part, then in _parts(day, tomorrow) if part == then]
    reached = Q(**{f"{name}__lte": day.isoformat()}) & ~Q(**{f"{name}__in": unsure})
    return reached & ~Q(**{name: ""}) if must else reached


def _still(day: date, name: str) -> Q:
    """Where a stated end is surely not passed: not the first day of its year or month, where it names no day."""
    yesterday = day - timedelta(days=1)
    begins = [part for part, before in _parts(day, yesterday) if part != before]
    return Q(**{f"{name}__gte": day.isoformat()}) | Q(**{f"{name}__in": begins})


def _not_over(day: date, name: str) -> Q:
    """Where a date, if stated, may not be passed."""
    parts = [part for part, _ in _parts(day, day)]
    return Q(**{f"{name}__gte": day.isoformat()}) | Q(**{f"{name}__in": ["", *parts]})


def _parts(day: date, other: date) -> list[tuple[str, str]]:
    """Year and month of a day, beside those of another."""
    return [(f"{day:%Y}", f"{other:%Y}"), (f"{day:%Y-%m}", f"{other:%Y-%m}")]
