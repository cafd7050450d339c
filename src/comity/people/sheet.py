"""A desk as it stands for one person: what is due over all her seats, what changed, and what lies beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from comity.people.desk import Due, Occasion, Shelf, due_from, occasions_of, shelves_of
from comity.people.models import Person, Seat
from comity.people.queries import actor_of, networks_of, seats_in_force
from comity.plain.duties import Duty
from comity.plain.ids import is_id
from comity.plain.kinds import called
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.things import Thing, things
from comity.plain.time import day_in
from comity.record.queries import EntryView, entry_of, latest
from comity.registry.models import Organisation

FIRST = 5
"""As many things to do open a desk, and no more."""
SILENT_FIRST = 2
PAST = timedelta(days=60)
READ = 300
"""Entries of the record looked through for what changed."""
CHANGES = 12
SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}


@dataclass(frozen=True)
class Row:
    """One thing due, from the seat that can do it."""

    due: Due
    seat: Seat
    carried: bool
    """Whether it is the seat that the reader carries now."""
    days: int
    """Days from the page's day to the last day on which it is in time; below zero once that is past."""

    @property
    def name(self) -> str:
        """What the grid calls it."""
        return self.due.duty or self.due.words


@dataclass(frozen=True)
class Change:
    """One public entry of the record about a thing of her networks."""

    entry: EntryView
    thing: Thing


@dataclass(frozen=True)
class Done:
    """What was just done on the desk: the row as it now stands, where it still stands there, and the newest entry."""

    row: Row | None
    thing: Thing | None
    entry: EntryView | None


JUST_NOW = timedelta(minutes=10)


def done_of(key: str, rows: Iterable[Row], place: Place) -> Done | None:
    """What the address says was done, as far as the reader may see it; None where nothing of it stands."""
    row = next((row for row in rows if row.due.key == key), None)
    kind, _colon, rest = key.partition(":")
    ref = Ref(kind, rest.partition(":")[0])
    thing = things([ref], place).get(ref) if is_id(ref.id) else None
    entry = entry_of(ref, known_by=place.at) if thing else None
    just = entry if entry and place.at - entry.at < JUST_NOW else None
    return Done(row, thing, just) if row or just else None


@dataclass(frozen=True)
class Asked:
    """What the address of a desk asks for; what it does not know, it answers as if nothing were asked."""

    show: str = "now"
    """``now`` (open, or due in the last sixty days), ``all``, or the public id of a network."""
    sort: str = "due"
    since: str = "week"
    done: str = ""
    """What was just done, by the key of what was due."""
    do: str = ""
    """What is opened on the desk, by its key."""

    @classmethod
    def read(cls, question: Mapping[str, str]) -> Asked:
        """From the question of an address."""
        sort, since = question.get("sort", ""), question.get("since", "")
        return cls(
            question.get("show", "") or "now",
            sort if sort in ORDERS else "due",
            since if since in SPANS else "week",
            question.get("done", "")[:100],
            question.get("do", "")[:100],
        )


ORDERS: dict[str, Callable[[Row], Any]] = {
    "due": lambda row: (row.due.day, row.due.key),
    "duty": lambda row: (row.name.casefold(), row.due.key),
    "owed": lambda row: (row.due.owed_to.name.casefold(), row.due.day, row.due.key),
    "state": lambda row: (list(Duty).index(row.due.state), row.due.day, row.due.key),
    "sees": lambda row: (row.due.level, row.due.day, row.due.key),
}


def standing_as(seat: Seat, place: Place) -> Place:
    """The same place, read by one of the person's seats."""
    return replace(place, actor=actor_of(seat), memory={})


def rows_of(person: Person, place: Place) -> list[Row]:
    """Everything due from all seats of a person in force in a realm, the earliest first, each thing once.

    Where two of her seats can do the same thing, the one she carries does it.
    """
    found: dict[str, Row] = {}
    seats = seats_in_force(person, place.at, place.realm)
    for seat in sorted(seats, key=lambda seat: actor_of(seat) != place.actor):
        for due in due_from(seat, standing_as(seat, place)):
            days = (due.day - day_in(due.zone, place.known_by)).days
            found.setdefault(due.key, Row(due, seat, actor_of(seat) == place.actor, days))
    return sorted(found.values(), key=ORDERS["due"])


def occasions(person: Person, place: Place) -> list[Occasion]:
    """Where the organisations of all her seats take part, each once."""
    seats = seats_in_force(person, place.at, place.realm)
    found = [occasion for seat in seats for occasion in occasions_of(seat, standing_as(seat, place))]
    return list({occasion.key: occasion for occasion in found}.values())


def first_of(rows: Sequence[Row], opened: str = "") -> list[Row]:
    """The five to begin with: the newest two that went silent, then what comes next, then the rest that is past.

    What is opened is among them.
    """
    open_rows = [row for row in rows if row.due.open]
    silent = [row for row in open_rows if row.due.state is Duty.SILENT][::-1]
    coming = [row for row in open_rows if row.days >= 0]
    before = [row for row in rows if row.due.key == opened]
    order = [*before, *silent[:SILENT_FIRST], *coming, *silent, *open_rows[::-1]]
    chosen = list({row.due.key: row for row in order}.values())[:FIRST]
    return sorted(chosen, key=ORDERS["due"])


def shown(rows: Iterable[Row], asked: Asked) -> list[Row]:
    """The rows of the grid, in the order asked for."""
    chosen = [row for row in rows if _fits(row, asked.show)]
    return sorted(chosen, key=ORDERS[asked.sort])


def _fits(row: Row, show: str) -> bool:
    if show == "all":
        return True
    if show == "now":
        return row.due.open or row.days >= -PAST.days
    return row.due.owed_to.public_id == show


def owed_to(rows: Iterable[Row], place: Place) -> list[tuple[Organisation, str, int]]:
    """To whom something is due, what it is called, and how much."""
    counted = Counter(row.due.owed_to for row in rows)
    named = ((row, called(row, place).words, n) for row, n in counted.items())
    return sorted(named, key=lambda told: told[1].casefold())


@dataclass(frozen=True)
class Totals:
    """The last row of the grid."""

    rows: int
    to_come: int
    past: int
    networks: int
    states: tuple[tuple[Duty, int], ...]


def totals_of(rows: Sequence[Row]) -> Totals:
    """What the rows shown add up to."""
    states = Counter(row.due.state for row in rows)
    return Totals(
        len(rows),
        sum(1 for row in rows if row.days >= 0),
        sum(1 for row in rows if row.days < 0),
        len({row.due.owed_to.pk for row in rows}),
        tuple((duty, states[duty]) for duty in Duty if states[duty]),
    )


def changes(person: Person, place: Place, since: date) -> list[Change]:
    """What the record took in since a day about things of her networks and organisations that she may see."""
    seats = seats_in_force(person, place.at, place.realm)
    own = {network.pk for seat in seats for network in networks_of(seat, place.at)}
    own |= {seat.organisation_id for seat in seats}
    entries = [entry for entry in latest(place.realm, READ) if since <= entry.at.date()]
    found = things((entry.subject for entry in entries), place)
    concerned = (Change(entry, found[entry.subject]) for entry in entries if entry.subject in found)
    newest = {change.thing.ref: change for change in reversed([c for c in concerned if _governing(c.thing.row) & own])}
    return sorted(newest.values(), key=lambda change: change.entry.at, reverse=True)[:CHANGES]


def _governing(row: Any) -> set[int]:
    """The organisations a thing is of: its own id, its network's, or that of the thing it belongs to."""
    if isinstance(row, Organisation):
        return {row.pk}
    found = {getattr(row, name, None) for name in ("network_id", "organisation_id")}
    above = [getattr(row, name, None) for name in ("commitment", "text", "conversation", "document")]
    return {pk for pk in [*found, *(getattr(thing, "network_id", None) for thing in above)] if pk}


@dataclass(frozen=True)
class Desk:
    """Everything the page of a desk shows."""

    seat: Seat
    first: list[Row]
    rows: list[Row]
    every: int
    owed_to: list[tuple[Organisation, str, int]]
    totals: Totals
    changes: list[Change]
    since: date
    shelves: list[Shelf]
    beside: list[Seat]
    """The deputies and preparers beside the seat, now or to come."""
    now: int
    """How many rows stand open or were due lately."""
    done: Done | None


def desk_of(seat: Seat, place: Place, asked: Asked, every: Sequence[Row]) -> Desk:
    """The desk of the person who carries a seat, as it asks to be seen; ``every`` is all that is due from her seats."""
    rows = shown(every, asked)
    since = place.as_of - SPANS[asked.since]
    return Desk(
        seat,
        first_of(every, asked.do),
        rows,
        len(every),
        owed_to(every, place),
        totals_of(rows),
        changes(seat.person, place, since),
        since,
        shelves_of(seat, place),
        _beside(seat, place),
        len(shown(every, Asked())),
        done_of(asked.done, every, place) if asked.done else None,
    )


def _beside(seat: Seat, place: Place) -> list[Seat]:
    rows = seat.beside.taken_up(place.at).select_related("organisation", "person").order_by("start", "id")
    day = day_in(seat.organisation.time_zone, place.at)
    return [row for row in rows if row.end is None or row.end >= day]
