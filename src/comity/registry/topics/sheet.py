"""What the page of a topic shows of it for one reader on a day; pages, interface and exports read it alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from comity.plain.kinds import Kind, Note
from comity.plain.place import Place
from comity.plain.positions import positions
from comity.plain.refusals import NotVisible
from comity.plain.things import Thing, named
from comity.registry.core.topics import Topic
from comity.registry.models import Organisation
from comity.registry.topics import queries

EACH = 10
"""Things of one kind on the page of all kinds."""
PAGE = 50
SAID = 20
MOST = 10_000
"""Rows of a table to take along."""


@dataclass(frozen=True)
class Filed:
    """One thing under a topic."""

    thing: Thing
    recorded_at: Any


@dataclass(frozen=True)
class Group:
    """What stands under a topic of one kind."""

    kind: Kind
    count: int
    filed: list[Filed]
    after: str
    """The public id of the last one here, where more follow."""


@dataclass(frozen=True)
class Said:
    """What an organisation said of something under a topic."""

    organisation: Organisation
    note: Note


def topic_named(code: str) -> Topic:
    """The topic of that code; refused as not visible where there is none."""
    topic = queries.taxonomy().topics.get(code)
    if topic is None:
        raise NotVisible(kind="topic")
    return topic


def group(kind: Kind, topic: Topic, place: Place, length: int, after: str = "") -> Group:
    """The newest things of a kind under a topic, from behind the one named on.

    One that may not be seen, or does not stand there, begins no page: then it begins at its beginning.
    """
    every = queries.under(kind, topic.code, place)
    rows = every
    last = every.filter(public_id=after).values_list("recorded_at", "pk").first() if after else None
    if last is not None:
        at, pk = last
        rows = rows.filter(Q(recorded_at__lt=at) | Q(recorded_at=at, pk__lt=pk))
    found = list(rows.order_by("-recorded_at", "-pk")[: length + 1])
    shown = [Filed(named(row, kind, place), row.recorded_at) for row in found[:length]]
    count = every.count() if len(found) > length or last is not None else len(found)
    return Group(kind, count, shown, found[length - 1].public_id if len(found) > length else "")


def groups(topic: Topic, place: Place, only: str = "", after: str = "") -> list[Group]:
    """What stands under a topic, kind by kind; of one kind, page by page."""
    kinds = [kind for kind in queries.listed_kinds() if only in {"", kind.name}]
    found = [group(kind, topic, place, PAGE if only else EACH, after if only else "") for kind in kinds]
    return [one for one in found if one.count]


def every(topic: Topic, place: Place) -> Iterator[tuple[Kind, Any]]:
    """Every row under a topic, kind by kind, the newest first; ten thousand at most."""
    left = MOST
    for kind in queries.listed_kinds():
        for row in queries.under(kind, topic.code, place).order_by("-recorded_at", "-pk")[:left]:
            left -= 1
            yield kind, row


def said(topic: Topic, place: Place) -> list[Said]:
    """The newest words of parties about what stands under a topic."""
    notes = [
        note
        for kind in queries.listed_kinds()
        for note in positions(kind.name, queries.under(kind, topic.code, place), place)
    ]
    newest = sorted(notes, key=lambda note: (note.at, note.address), reverse=True)[:SAID]
    seen = Organisation.objects.visible_to(place.actor, place.at).in_realm(place.realm)
    rows = {row.public_id: row for row in seen.filter(public_id__in={note.organisation for note in newest})}
    return [Said(rows[note.organisation], note) for note in newest if note.organisation in rows]
