"""The list of organisations: fifty at a time, counted and divided for one reader, whatever their number.

The visibility filter stands in each query. A page begins after the last row of the one before, never at a number of
rows; the facets are one grouping, added up here. Where a name is asked for, search finds it, and its order is kept.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q

from comity.plain.place import Place
from comity.registry import queries
from comity.registry.models import Organisation, OrganisationKind, OrganisationQuerySet
from comity.registry.search import asked as search

PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What a reader asked the list for; empty where nothing was."""

    q: str = ""
    kind: str = ""
    country: str = ""
    after: str = ""
    """The public id of the last row of the page before."""


@dataclass(frozen=True)
class Facets:
    """The organisations that a reader may see and that bear the name asked for, counted by kind and country."""

    groups: tuple[tuple[str, str, int], ...]

    def _of(self, asked: Asked, without: str = "") -> Iterator[tuple[str, str, int]]:
        for kind, country, n in self.groups:
            said = {"kind": kind, "country": country}
            if all(name == without or getattr(asked, name) in {"", value} for name, value in said.items()):
                yield kind, country, n

    def count(self, asked: Asked) -> int:
        """How many the list holds."""
        return sum(n for _, _, n in self._of(asked))

    def kinds(self, asked: Asked) -> Counter[str]:
        """How many of each kind the other choices leave."""
        return _summed((kind, n) for kind, _, n in self._of(asked, "kind"))

    def countries(self, asked: Asked) -> Counter[str]:
        """How many of each country, those without one left out."""
        return _summed((country, n) for _, country, n in self._of(asked, "country") if country)


def _summed(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, n in pairs:
        found[key] += n
    return found


class Organisations:
    """What one reader asked of the organisations other than networks."""

    def __init__(self, place: Place, asked: Asked) -> None:
        self.place, self.asked = place, asked

    @cached_property
    def _named(self) -> list[int] | None:
        """The keys of those that bear the name asked for, best first; None where no name is asked for."""
        if not self.asked.q:
            return None
        question = search.Asked(self.asked.q, kind="organisation")
        hits = search.organisations_asked(question, self.place.realm, self.place.actor, self.place.at)
        return [hit.organisation for hit in hits]

    def _seen(self) -> OrganisationQuerySet:
        place = self.place
        rows = queries.organisations(place.realm, place.actor, place.at).exclude(kind=OrganisationKind.NETWORK)
        return rows.order_by() if self._named is None else rows.filter(pk__in=self._named).order_by()

    def _chosen(self) -> OrganisationQuerySet:
        given = {name: value for name in ("kind", "country") if (value := getattr(self.asked, name))}
        return self._seen().filter(**given)

    def facets(self) -> Facets:
        """One grouping; it is an exit too, and counts only what the reader may see."""
        groups = self._seen().values("kind", "country").annotate(n=Count("pk"))
        return Facets(tuple(groups.values_list("kind", "country", "n")))

    def page(self) -> tuple[list[Organisation], str]:
        """The next fifty, and after which row the page that follows begins; empty where none follows.

        A row that is not in the list begins no page: then the list begins at its beginning.
        """
        found = self._by_name() if self._named is None else self._by_likeness(self._named)
        return found[:PAGE], found[PAGE - 1].public_id if len(found) > PAGE else ""

    def _by_name(self) -> list[Organisation]:
        rows = self._chosen()
        last = rows.filter(public_id=self.asked.after).values_list("name", "pk").first() if self.asked.after else None
        if last is not None:
            name, pk = last
            rows = rows.filter(Q(name__gt=name) | Q(name=name, pk__gt=pk), name__gte=name)
        return list(rows.order_by("name", "pk")[: PAGE + 1])

    def _by_likeness(self, named: list[int]) -> list[Organisation]:
        public_ids: dict[int, Any] = dict(self._chosen().values_list("pk", "public_id"))
        keys = [pk for pk in named if pk in public_ids]
        begin = next((at for at, pk in enumerate(keys, 1) if public_ids[pk] == self.asked.after), 0)
        shown = keys[begin : begin + PAGE + 1]
        rows = self._chosen().in_bulk(shown)
        return [rows[pk] for pk in shown if pk in rows]
