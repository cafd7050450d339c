"""The list of engagements: fifty at a time, counted and divided for one reader, whatever their number.

The visibility filter stands in each query. A page begins after the last row of the one before, never at a number of
rows; the facets are one grouping, added up here. Years are those of Universal Time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import CharField, Count, Q
from django.db.models.functions import Cast, Substr

from comity.engagements.models import Engagement, EngagementKind, EngagementQuerySet
from comity.plain.kinds import kind_named
from comity.plain.levels import Level
from comity.plain.place import Place
from comity.registry.models import Organisation
from comity.registry.topics.queries import filed_under, taxonomy

Key = TypeVar("Key")
PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What a reader asked the list for; empty where nothing was."""

    kind: str = ""
    year: str = ""
    network: str = ""
    topic: str = ""
    """The code of a topic: what stands under it, or under a narrower one."""
    after: str = ""
    """The public id of the last row of the page before."""


def listed(place: Place, asked: Asked) -> EngagementQuerySet:
    """All engagements that the reader asked for and may see, in no order."""
    seen = Engagement.objects.visible_to(place.actor, place.at).in_realm(place.realm)
    rows = seen.filter(recorded_at__lte=place.known_by).order_by()
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.year.isdecimal() and 1 <= int(asked.year) < 9999:
        year = int(asked.year)
        begin, end = (datetime.fromisoformat(f"{one:04}-01-01T00:00:00+00:00") for one in (year, year + 1))
        rows = rows.filter(starts__gte=begin, starts__lt=end)
    if asked.network:
        rows = rows.filter(network__public_id=asked.network)
    if asked.topic:
        rows = rows.filter(_about(asked.topic, place))
    return rows


def _about(topic: str, place: Place) -> Q:
    kind = kind_named("engagement")
    assert kind is not None
    return filed_under(kind, taxonomy().under(topic), place)


def page_of(place: Place, asked: Asked) -> tuple[list[Engagement], str]:
    """The next fifty, newest first, and after which row the page that follows begins; empty where none follows.

    A row that may not be seen, or is not in the list, begins no page: then the list begins at its beginning.
    """
    rows = listed(place, asked)
    last = rows.filter(public_id=asked.after).values_list("starts", "pk").first() if asked.after else None
    if last is not None:
        starts, pk = last
        rows = rows.filter(Q(starts__lt=starts) | Q(starts=starts, pk__lt=pk), starts__lte=starts)
    found = list(rows.select_related("network", "originator").order_by("-starts", "-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].public_id if len(found) > PAGE else ""


@dataclass(frozen=True)
class Facets:
    """The engagements that a reader may see, counted by network, kind and year; every total is a sum of these."""

    groups: tuple[tuple[Organisation, str, str, int], ...]

    def _of(self, asked: Asked, without: str = "") -> Iterator[tuple[Organisation, str, str, int]]:
        for group in self.groups:
            said = {"network": group[0].public_id, "kind": group[1], "year": group[2]}
            if all(name == without or getattr(asked, name) in {"", value} for name, value in said.items()):
                yield group

    def count(self, asked: Asked) -> int:
        """How many the list holds."""
        return sum(n for *_, n in self._of(asked))

    def kinds(self, asked: Asked) -> list[tuple[str, str, int]]:
        """Kinds with their words and how many of each the other choices leave."""
        found = _summed((kind, n) for _, kind, _, n in self._of(asked, "kind"))
        return [(str(kind), str(kind.label), found[kind]) for kind in EngagementKind if found[kind]]

    def years(self, asked: Asked) -> list[tuple[str, int]]:
        """Years, the newest first."""
        return sorted(_summed((year, n) for _, _, year, n in self._of(asked, "year")).items(), reverse=True)

    def networks(self, asked: Asked) -> list[tuple[Organisation, int]]:
        """Networks, the one with the most first."""
        found = _summed((network, n) for network, _, _, n in self._of(asked, "network"))
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0].name))


def _summed(pairs: Iterable[tuple[Key, int]]) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for key, n in pairs:
        found[key] += n
    return found


def facets(place: Place, topic: str = "") -> Facets:
    """One grouping of what is public and one of what is not; they are an exit too, and count only what may be seen.

    Neither joins the networks, whose realm is asked once for all: so an index answers without reading a row.
    """
    seen = Engagement.objects.visible_to(place.actor, place.at).filter(recorded_at__lte=place.known_by).order_by()
    seen = seen.filter(_about(topic, place)) if topic else seen
    rows = [row for part in (Q(level=Level.PUBLIC), Q(level__gt=Level.PUBLIC)) for row in _grouped(seen.filter(part))]
    own = Organisation.objects.in_realm(place.realm).in_bulk({network for network, *_ in rows})
    return Facets(tuple((own[network], kind, year, n) for network, kind, year, n in rows if network in own))


def _grouped(rows: EngagementQuerySet) -> list[tuple[int, str, str, int]]:
    year = Substr(Cast("starts", CharField()), 1, 4)
    grouped = rows.values("network_id", "kind", year=year).annotate(n=Count("pk"))
    return list(grouped.values_list("network_id", "kind", "year", "n"))
