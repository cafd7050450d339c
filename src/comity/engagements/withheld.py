"""Reading meetings that may not be read: that they take place, when and under which rule, and how many are withheld."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, Q, Sum
from django.db.models.functions import Cast, Substr

from comity.engagements.models import Engagement, HouseRule
from comity.plain.levels import Level
from comity.plain.place import Place
from comity.plain.time import day_in
from comity.registry.models import Organisation, public
from comity.visibility.core import band
from comity.visibility.queries import protected

SHOWN = 50


@dataclass(frozen=True)
class ClosedMeeting:
    """What the public learns of a meeting it may not read. It has no address, no title and no place."""

    network: Organisation
    first_day: date
    last_day: date
    house_rule: HouseRule
    band: tuple[int, int | None]
    """First and last number of the band in which its participants are counted; (0, 0) while nobody is registered."""


def withheld(at: datetime) -> Q:
    """The meetings whose very existence is protected at an instant, by two persons or by a safety flag."""
    return Q(safety_flag=True) | Q(public_id__in=protected("engagement", at))


def closed_meetings(place: Place) -> list[ClosedMeeting]:
    """The fifty newest meetings that stand but that this reader may not read; protected ones are in no line.

    What is withheld is withheld on every day: a page of an earlier day knows what is protected now.
    """
    closed = Engagement.objects.in_realm(place.realm).filter(recorded_at__lte=place.known_by)
    closed = closed.exclude(public(place.at)).exclude(withheld(place.at))
    closed = closed.exclude(pk__in=Engagement.objects.visible_to(place.actor, place.at).values("pk"))
    registered = Q(participations__registered_at__lte=place.known_by)
    heads = Sum("participations__heads_count", filter=registered)
    newest = closed.select_related("network").annotate(heads=heads).order_by("-starts", "ends", "network__name")
    return [_line(row) for row in newest[:SHOWN]]


def _line(row: Any) -> ClosedMeeting:
    return ClosedMeeting(row.network, row.first_day, row.last_day, HouseRule(row.house_rule), band(row.heads or 0))


@dataclass(frozen=True)
class Withheld:
    """One network's meetings of one year, counted: all, those not read by everybody, those withheld."""

    network: Organisation
    year: int
    meetings: int
    restricted: int
    existence_protected: int


def withheld_by_year(place: Place) -> list[Withheld]:
    """Each network's counts by the year in which a meeting begins, newest year first; the same for every reader."""
    counted = _counted(place.at)
    utc = Cast("starts", CharField())
    rows = Engagement.objects.in_realm(place.realm).filter(recorded_at__lte=place.known_by).order_by()
    dated: Any = rows.annotate(utc_year=Substr(utc, 1, 4), utc_day=Substr(utc, 6, 5))
    cells: dict[tuple[int, int], Counter[str]] = {}
    for one in dated.exclude(utc_day__in=TURN).values("network_id", "utc_year").annotate(**counted):
        _add(cells, (int(one["utc_year"]), one["network_id"]), one)
    for one in dated.filter(utc_day__in=TURN).values("network_id", "zone", "starts").annotate(**counted):
        _add(cells, (day_in(one["zone"], one["starts"]).year, one["network_id"]), one)
    return _in_order(cells)


TURN = ("12-31", "01-01")
"""The days in Universal Time on which a zone may be in another year; all other meetings are counted by the database."""


def _counted(at: datetime) -> dict[str, Count]:
    hidden = withheld(at)
    read_by_all = public(at) & Q(content_level=Level.PUBLIC) & ~Q(house_rule=HouseRule.CLOSED) & ~hidden
    return {
        "meetings": Count("pk"),
        "read_by_all": Count("pk", filter=read_by_all),
        "existence_protected": Count("pk", filter=hidden),
    }


def _add(cells: dict[tuple[int, int], Counter[str]], key: tuple[int, int], one: Mapping[str, Any]) -> None:
    restricted = one["meetings"] - one["read_by_all"]
    cell = cells.setdefault(key, Counter())
    cell.update(meetings=one["meetings"], restricted=restricted, existence_protected=one["existence_protected"])


def _in_order(cells: dict[tuple[int, int], Counter[str]]) -> list[Withheld]:
    networks = Organisation.objects.in_bulk({network for _year, network in cells})
    found = [
        Withheld(networks[network], year, told["meetings"], told["restricted"], told["existence_protected"])
        for (year, network), told in cells.items()
    ]
    return sorted(found, key=lambda one: (-one.year, one.network.name, one.network.public_id))


def told_by_year(counts: Iterable[Withheld]) -> dict[int, Counter[str]]:
    """The same over all networks, newest year first."""
    years: dict[int, Counter[str]] = {}
    for one in counts:
        told = {"meetings": one.meetings, "restricted": one.restricted, "existence_protected": one.existence_protected}
        years.setdefault(one.year, Counter()).update(told)
    return dict(sorted(years.items(), reverse=True))


def protected_by_year(place: Place) -> dict[int, int]:
    """How many meetings are withheld in each year over all networks; years without one are left out."""
    rows = Engagement.objects.in_realm(place.realm).filter(withheld(place.at), recorded_at__lte=place.known_by)
    years = Counter(day_in(zone, starts).year for zone, starts in rows.values_list("zone", "starts"))
    return dict(sorted(years.items(), reverse=True))
