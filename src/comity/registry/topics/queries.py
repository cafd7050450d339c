"""Reading what is filed: which topics a thing has, what stands under a topic, and what shares one.

A filing is shown through the thing it files and never by itself: each query asks for rows that the reader may see.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from comity.plain.kinds import Exit, Kind, all_kinds, kind_named, kind_of_row, within_what
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.things import Thing, named
from comity.plain.thread import Stage
from comity.plain.topics import Within
from comity.registry.core.topics import Taxonomy, Topic, read_taxonomy
from comity.registry.models import Filing

TABLE = Path(__file__).parents[1] / "data" / "topics.csv"
SHOWN = 5
"""So many related things stand beside one."""


@cache
def taxonomy() -> Taxonomy:
    """The table of topics."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return read_taxonomy(lines)


def listed_kinds() -> list[Kind]:
    """The kinds whose things stand on the page of a topic, in the order of the thread."""
    kinds = [kind for kind in all_kinds() if kind.filed.bears_topics and Exit.LIST in kind.exits]
    return sorted(kinds, key=lambda kind: [*Stage].index(kind.stage) if kind.stage else len(Stage))


def _standing(place: Place) -> QuerySet[Filing]:
    return Filing.objects.standing(place.realm, place.known_by)


def _by_hand(kind: Kind, codes: Collection[str], place: Place) -> "QuerySet[Filing, Any]":
    return _standing(place).filter(kind=kind.name, topic__in=codes).values("thing")


def _outer(within: Within, place: Place) -> tuple[Kind, Any]:
    kind = kind_named(within.kind)
    assert kind is not None
    return kind, kind.standing(place).order_by()


def filed_under(kind: Kind, codes: Collection[str], place: Place) -> Q:
    """Which rows of a kind stand under any of the topics, as a condition of the query itself.

    What a thing stands in counts only where the reader may see that too.
    """
    if set(kind.filed.always) & set(codes):
        return Q(pk__isnull=False)
    condition = Q(public_id__in=_by_hand(kind, codes, place)) if kind.filed.by_hand else Q(pk__isnull=True)
    for within in within_what(kind):
        outer, rows = _outer(within, place)
        filed = rows.filter(public_id__in=_by_hand(outer, codes, place))
        condition |= Q(**{f"{within.path}__in": filed.values("pk")})
    return condition


def under(kind: Kind, code: str, place: Place) -> Any:
    """The rows of a kind under a topic or one of its narrower ones, as far as the reader may see them, in no order."""
    codes = taxonomy().under(code)
    return kind.standing(place).order_by().filter(filed_under(kind, codes, place))


def counted(place: Place) -> Counter[str]:
    """How many things stand under each topic for the reader, each thing once, however many narrower ones it has."""
    kinds, topics = listed_kinds(), taxonomy().topics
    by_hand = _filed_by_hand([kind for kind in kinds if kind.filed.by_hand], place)
    found: Counter[str] = Counter()
    for kind in kinds:
        for codes in _topics_of_all(kind, by_hand, place).values():
            found.update(codes | {topics[code].broader for code in codes if topics[code].broader})
    return found


def _seen(kinds: Iterable[Kind], place: Place) -> Q:
    """The filings of things that the reader may see, as a condition of the query itself."""
    condition = Q(pk__isnull=True)
    for kind in kinds:
        condition |= Q(kind=kind.name, thing__in=kind.standing(place).order_by().values("public_id"))
    return condition


def _filed_by_hand(kinds: Iterable[Kind], place: Place) -> dict[tuple[str, str], set[str]]:
    filed: dict[tuple[str, str], set[str]] = {}
    for kind, thing, topic in _standing(place).filter(_seen(kinds, place)).values_list("kind", "thing", "topic"):
        if topic in taxonomy().topics:
            filed.setdefault((kind, thing), set()).add(topic)
    return filed


def _topics_of_all(kind: Kind, by_hand: dict[tuple[str, str], set[str]], place: Place) -> dict[str, set[str]]:
    """The topics of every thing of a kind that the reader may see, by public id; those without any are left out."""
    if kind.filed.always:
        return {thing: {*kind.filed.always} for thing in kind.standing(place).values_list("public_id", flat=True)}
    found = {thing: {*topics} for (name, thing), topics in by_hand.items() if name == kind.name}
    for within in within_what(kind):
        pairs = kind.standing(place).order_by().values_list("public_id", f"{within.path}__public_id")
        for thing, outer in pairs:
            if topics := by_hand.get((within.kind, outer)):
                found.setdefault(thing, set()).update(topics)
    return found


def topics_of(row: Any, place: Place, kind: Kind | None = None) -> list[Topic]:
    """The topics of one thing on the page's day, in the order of the table; asked for once a request."""
    kind = kind or kind_of_row(row)
    if kind is None or not kind.filed.bears_topics:
        return []
    known: dict[tuple[str, str], list[Topic]] = place.memory.setdefault("registry.topics", {})
    if (kind.name, row.public_id) not in known:
        codes = {
            *kind.filed.always,
            *_standing(place).filter(_of_row(kind, row, place)).values_list("topic", flat=True),
        }
        known[kind.name, row.public_id] = _in_order(codes)
    return known[kind.name, row.public_id]


def _of_row(kind: Kind, row: Any, place: Place) -> Q:
    condition = Q(kind=kind.name, thing=row.public_id)
    for within in within_what(kind):
        outer, rows = _outer(within, place)
        own = kind.model._base_manager.filter(pk=row.pk).order_by().values(within.path)
        condition |= Q(kind=outer.name, thing__in=rows.filter(pk__in=own).values("public_id"))
    return condition


def _in_order(codes: Collection[str]) -> list[Topic]:
    """A code that a later table gave up stands nowhere."""
    return [topic for code, topic in taxonomy().topics.items() if code in codes]


def history_of(kind: Kind, row: Any, place: Place) -> list[Filing]:
    """Everything that was filed of one thing by hand, as far as recorded by the page's day, the newest first."""
    rows = Filing.objects.filter(realm=place.realm, kind=kind.name, thing=row.public_id, filed_at__lte=place.known_by)
    return list(rows.order_by("-filed_at", "topic"))


@dataclass(frozen=True)
class Related:
    """A thing that shares topics with another, and which."""

    thing: Thing
    shared: list[Topic]


def related(row: Any, place: Place) -> list[Related]:
    """At most five things that share a topic: first those that share more, then those filed last.

    Only things filed by hand are related: what stands in a thing is found on that thing's page. One query over all
    kinds finds them, with what the reader may see in the query itself; one more for each kind found names them.
    """
    kind = kind_of_row(row)
    own = topics_of(row, place, kind)
    if kind is None or not own:
        return []
    kinds = {one.name: one for one in listed_kinds() if one.filed.by_hand}
    found = _standing(place).filter(_seen(kinds.values(), place), topic__in=[topic.code for topic in own])
    found = found.exclude(kind=kind.name, thing=row.public_id)
    each = {f"shares{nth}": Count("pk", filter=Q(topic=topic.code)) for nth, topic in enumerate(own)}
    best: Any = found.values("kind", "thing").annotate(n=Count("pk"), last=Max("filed_at"), **each)
    return _named(list(best.order_by("-n", "-last", "thing")[:SHOWN]), own, kinds, place)


def _named(best: list[dict[str, Any]], own: list[Topic], kinds: dict[str, Kind], place: Place) -> list[Related]:
    rows: dict[tuple[str, str], Any] = {}
    for name in dict.fromkeys(one["kind"] for one in best):
        wanted = [one["thing"] for one in best if one["kind"] == name]
        rows |= {(name, row.public_id): row for row in kinds[name].standing(place).filter(public_id__in=wanted)}
    return [
        Related(
            named(rows[pair], kinds[pair[0]], place, Ref(*pair)),
            [topic for nth, topic in enumerate(own) if one[f"shares{nth}"]],
        )
        for one in best
        if (pair := (one["kind"], one["thing"])) in rows
    ]
