"""What stands on a desk: the acts a seat may do, by role, and what is due from it.

Rooms above offer their acts with ``offer`` and what they await with ``due_by``; desk, calendar and mail
read only these.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from comity.people.models import DECIDING, GRANTING, KEEPING, SIGNING, Role, Seat
from comity.plain.actors import ActorKind
from comity.plain.duties import Duty
from comity.plain.levels import Level
from comity.plain.place import Place
from comity.plain.time import day_in
from comity.registry.edges import here
from comity.registry.models import Organisation


@dataclass(frozen=True)
class Act:
    """One act: what it is, where it is done, and which seats (or operators) may do it."""

    words: Any
    address: Callable[[Place, Seat | None], str]
    roles: frozenset[Role] = field(default_factory=frozenset)
    """The roles that may; empty means every seat."""
    operator: bool = False
    of_networks: bool = False
    """Only seats of a network may."""


_ACTS: list[Act] = []


def offer(act: Act) -> Act:
    """Put an act on the desks of those who may do it."""
    _ACTS.append(act)
    return act


@dataclass(frozen=True)
class Due:
    """One dated thing that a seat's organisation is asked to do; the desk itself opens the form of ``address``."""

    key: str
    """What it is, the same on every day: ``{kind}:{id}:{what}``."""
    words: str
    """What is to be done, in the reader's language."""
    until: datetime | date
    """The instant, or the whole day, until which it can be done; a deadline includes its closing minute."""
    zone: str
    state: Duty
    owed_to: Organisation
    level: Level
    """Who else sees that this is due."""
    address: str
    """The path of the page where it is done, with realm and language."""
    act: str
    """The name of the button: a verb and its object."""
    effect: str = ""
    """One line on what it does and does not do, e.g. that it does not bind the party."""
    source: str = ""
    """The rule or clause it rests on."""
    duty: str = ""
    """Its name in the grid, shorter than the sentence; the sentence where there is none."""
    note: str = ""
    """What the grid says beside its state, e.g. the day on which a report came."""
    asks: "tuple[Ask, ...] | None" = None
    """The few fields that its act asks for: they lie on the desk ready. None where there is more to it."""

    @property
    def page(self) -> str:
        """Its own page, from which one comes back to the desk."""
        joined = "&" if "?" in self.address else "?"
        return f"{self.address}{joined}{urlencode({'from': 'desk', 'done': self.key})}"

    @property
    def open(self) -> bool:
        """Whether it can still be done; what is missed or silent can."""
        return self.state in OPEN

    @property
    def day(self) -> date:
        """The last day on which it can be done, by the clock of its own zone."""
        return day_in(self.zone, self.until) if isinstance(self.until, datetime) else self.until


@dataclass(frozen=True)
class Ask:
    """A single field of an act's form: a number, one of a few choices, some words, or a value that is given already."""

    name: str
    label: str = ""
    least: int = 1
    most: int = 10_000
    choices: tuple[tuple[str, str], ...] = ()
    """Values and what they say; one of them is to be chosen."""
    words: int = 0
    """As many characters may be written; 0 where no words are asked for."""
    given: str = ""
    """Sent as it is, e.g. the language in which the desk is read."""
    required: bool = True


OPEN = frozenset({Duty.NOT_DUE, Duty.SILENT, Duty.MISSED})


DueSource = Callable[[Seat, Place], Iterable[Due]]

_DUE: list[DueSource] = []


def due_by(source: DueSource) -> DueSource:
    """Let a room say what it awaits from a seat; the list is read by desk, calendar, reminders and digests alike."""
    _DUE.append(source)
    return source


def due_from(seat: Seat, place: Place) -> list[Due]:
    """What is due from a seat on the page's day, from every room, the earliest first."""
    found = [due for source in _DUE for due in source(seat, place)]
    return sorted(found, key=lambda due: (due.day, due.key))


@dataclass(frozen=True)
class Line:
    """One line of a shelf."""

    words: str
    address: str = ""
    told: str = ""
    """A second, quieter line."""
    language: str = ""


@dataclass(frozen=True)
class Shelf:
    """What a room keeps beside the desk, e.g. the papers of the party's own room."""

    key: str
    title: str
    lines: tuple[Line, ...]
    empty: str
    """What would stand here, and how it comes about."""
    ways: tuple[tuple[str, str], ...] = ()
    """Where more of it is, and where a new one is written: words and address."""
    told: str = ""
    level: Level | None = None
    """Set where all of it has one circle of readers: its frame then stands round the whole."""


ShelfSource = Callable[[Seat, Place], Shelf | None]

_SHELVES: list[ShelfSource] = []


def shelf_by(source: ShelfSource) -> ShelfSource:
    """Let a room put a shelf beside the desk."""
    _SHELVES.append(source)
    return source


def shelves_of(seat: Seat, place: Place) -> list[Shelf]:
    """The shelves beside the desk of a seat, in the order of the rooms."""
    found = [source(seat, place) for source in _SHELVES]
    return [shelf for shelf in found if shelf is not None]


@dataclass(frozen=True)
class Occasion:
    """Something that takes place and is not owed: it stands in the calendar beside what is due."""

    key: str
    words: str
    starts: datetime
    ends: datetime
    zone: str
    level: Level
    where: str = ""
    whole_days: bool = False
    """Whether only the days count, by the clock of its zone."""


OccasionSource = Callable[[Seat, Place], Iterable[Occasion]]

_OCCASIONS: list[OccasionSource] = []


def occasions_by(source: OccasionSource) -> OccasionSource:
    """Let a room say at what a seat's organisation takes part."""
    _OCCASIONS.append(source)
    return source


def occasions_of(seat: Seat, place: Place) -> list[Occasion]:
    """At what a seat's organisation takes part, from every room."""
    found = [occasion for source in _OCCASIONS for occasion in source(seat, place)]
    return sorted(found, key=lambda occasion: (occasion.starts, occasion.key))


def acts_for(place: Place, seat: Seat | None) -> list[tuple[Any, str]]:
    """The acts of a seat in force, or of an operator: words and address."""
    return [(act.words, act.address(place, seat)) for act in _ACTS if _fits(act, place, seat)]


def _fits(act: Act, place: Place, seat: Seat | None) -> bool:
    if place.actor.kind is ActorKind.OPERATOR:
        return act.operator
    if seat is None or (act.of_networks and seat.organisation.kind != "network"):
        return False
    return seat.acts_as(place.at) in act.roles if act.roles else not act.operator


def _own(name: str) -> Callable[[Place, Seat | None], str]:
    def address(place: Place, seat: Seat | None) -> str:
        assert seat is not None
        return here(place, name, public_id=seat.organisation.public_id)

    return address


def _general(name: str) -> Callable[[Place, Seat | None], str]:
    return lambda place, seat: here(place, name)


def _networks(place: Place, seat: Seat | None) -> str:
    return here(place, "network-list")


SPEAKING = frozenset({Role.OFFICER, Role.HEAD, Role.SECRETARIAT})
WRITING = GRANTING | {Role.REGISTRAR}

offer(Act(_("Found a network"), _general("network-found"), operator=True))
offer(Act(_("List an organisation"), _general("organisation-list-new"), operator=True))
offer(Act(_("Decide proposed corrections"), _general("corrections"), operator=True))
offer(Act(_("Write a network's organs, links and names: choose the network"), _networks, operator=True))
offer(Act(_("Offer and revoke the seats of your organisation"), _own("organisation-seats"), GRANTING))
offer(Act(_("Keep the keys with which your organisation signs"), _own("organisation-keys"), SIGNING))
offer(Act(_("Confirm colleagues who lost every way to sign in"), _general("recoveries"), GRANTING | {Role.HEAD}))
offer(Act(_("Confirm operators who lost every way to sign in"), _general("recoveries"), operator=True))
offer(Act(_("Reply to what your organisation's page says"), _own("organisation-reply"), SPEAKING))
offer(Act(_("Link an organisation to the network"), _own("link-new"), WRITING, of_networks=True))
offer(Act(_("Establish an organ"), _own("organ-establish"), WRITING, of_networks=True))
offer(Act(_("Decide how the network names a territory"), _own("territory-name"), WRITING, of_networks=True))
offer(Act(_("Decide corrections proposed to your organisation's page"), _general("corrections"), DECIDING))
offer(Act(_("Decide corrections proposed to members' pages"), _general("corrections"), KEEPING, of_networks=True))
