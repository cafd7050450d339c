"""The public things of all rooms: thread, search, feeds and the leak tests iterate over this list and nothing else.

A room declares its kinds in ``kinds.py``, which ``site`` loads at start. A model that a network governs and that no
kind declares fails the check.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from comity.plain.actors import ActorRef
from comity.plain.ids import slug
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.refusals import NotVisible
from comity.plain.thread import Stage
from comity.plain.topics import UNSAID, Filed, Within
from comity.plain.wanted import Part


class Exit(StrEnum):
    """The ways out of the house; visibility holds at each."""

    PAGE = "page"
    LIST = "list"
    API = "api"
    SEARCH = "search"
    FEED = "feed"
    THREAD = "thread"
    EXPORT = "export"
    SUGGESTION = "suggestion"
    RELATED = "related"
    CALENDAR = "calendar"
    MAIL = "mail"
    GRAPH = "graph"
    SITEMAP = "sitemap"
    PREVIEW = "preview"
    METADATA = "metadata"
    COMPARISON = "comparison"
    RECORD = "record"
    DESK = "desk"
    ACT = "act"


@dataclass(frozen=True)
class Kind:
    """One public kind of thing: where it stands, what it is called, who may see it, and by which ways it leaves.

    ``visible(actor, at, realm)`` returns the queryset of what that reader may see at that instant; nothing else may
    list the model's rows. ``realm_of`` and ``title`` take one row. ``dated`` gives the first and last day it shows.
    ``record_kind`` names the subject's kind in the record where it differs from ``name``.
    """

    name: str
    model: type[Any]
    title: Callable[[Any], str]
    visible: Callable[[ActorRef, datetime, Realm], Any]
    realm_of: Callable[[Any], Realm]
    exits: frozenset[Exit]
    stage: Stage | None = None
    dated: Callable[[Any], tuple[date, date] | None] = lambda row: None
    language_of: Callable[[Any], str] = lambda row: ""
    awaited: Callable[[Any], Mapping[Stage, date]] = lambda row: {}
    record_kind: str = ""
    titled: bool = True
    """Whether its title may stand in its address, which ends up in histories and logs."""
    headings: Callable[[Any], Iterable[tuple[int, str]]] | None = None
    """From rows that the reader may see: the key of a row and words under which search finds it, translations too.

    None: the model's own title.
    """
    filed: Filed = UNSAID
    """How its things come by their topics."""
    recorded: str = "recorded_at"
    """The column that says when a row was recorded."""
    line: tuple[str, ...] = ()
    """The columns from which a line of a list is made: its name, its address and its first day."""
    begins: Callable[[Any], date] | None = None
    """The first day it shows, where that is known of the row alone and ``dated`` has to ask for more."""

    def first_day(self, row: Any) -> date | None:
        """The first day that a row shows; None where its kind shows none."""
        if self.begins is not None:
            return self.begins(row)
        dated = self.dated(row)
        return dated[0] if dated else None

    def ref(self, row: Any) -> Ref:
        """The row as a reference."""
        return Ref(self.record_kind or self.name, row.public_id)

    def seen(self, place: Place) -> Any:
        """The rows that the reader of a place may see."""
        return self.visible(place.actor, place.at, place.realm)

    def standing(self, place: Place) -> Any:
        """Of these, the rows that had been recorded by the end of the page's day."""
        return self.seen(place).filter(**{f"{self.recorded}__lte": place.known_by})

    def one_of(self, rows: Any, public_id: str) -> Any:
        """The row of that id; what may not be seen, or does not stand there, is refused as not visible."""
        found = list(rows.filter(public_id=public_id).order_by()[:1])
        if not found:
            raise NotVisible(kind=self.name)
        return found[0]

    def address(self, row: Any, language: str) -> str:
        """The row's stable address in one interface language."""
        prefix = "/fiction" if self.realm_of(row) is Realm.FICTION else ""
        stem = f"{prefix}/{language}/{self.name}/{row.public_id}"
        return f"{stem}/{slug(self.title(row))}" if self.titled else stem


@dataclass(frozen=True)
class Awaited:
    """What is still awaited of an organisation, and the last day on which it is in time."""

    day: date
    words: str


@dataclass(frozen=True)
class Note:
    """What a higher room says beside a lower room's thing, e.g. a reservation beside its party's vote."""

    organisation: str
    mark: str
    words: str
    at: datetime
    address: str = ""
    """Where the words stand in full, without language part: ``{kind}/{id}/{slug}#anchor``."""
    anchor: str = ""
    """Beside which part of the thing, e.g. the identifier of a clause; empty for the whole."""
    awaited: Awaited | None = None
    """Beside an organisation: what it still owes to the thing; none once it has come."""


@dataclass(frozen=True)
class Called:
    """What a thing is called, and in which language; none where the words are the interface's own."""

    words: str
    language: str = ""


NameSource = Callable[[Any, Place], Called | None]
NoteSource = Callable[[Any, Place], Iterable[Note]]

_KINDS: dict[str, Kind] = {}
_NOTES: dict[str, list[tuple[NoteSource, type[Any] | None]]] = {}
_NAMES: dict[str, NameSource] = {}
_NAMING: dict[str, Part] = {}
_WITHIN: dict[str, list[Within]] = {}


def declare(kind: Kind) -> Kind:
    """Add a kind to the house; two kinds of one name are a mistake."""
    if kind.name in _KINDS and _KINDS[kind.name] != kind:
        raise ValueError(f"the kind {kind.name!r} is declared twice")
    _KINDS[kind.name] = kind
    return kind


def all_kinds() -> tuple[Kind, ...]:
    """Every declared kind, in order of declaration."""
    return tuple(_KINDS.values())


def kind_named(name: str) -> Kind | None:
    """The kind of that name, or None."""
    return _KINDS.get(name)


def kinds_recorded_as(name: str) -> tuple[Kind, ...]:
    """The kinds under which a reference may stand (an organisation is a network or a party)."""
    return tuple(kind for kind in _KINDS.values() if (kind.record_kind or kind.name) == name)


def kind_of_row(row: Any) -> Kind | None:
    """The kind a row is shown under; of several for one model, the one named as the row's own kind.

    Only then is the row asked for its kind: one that was read in part would look it up in the database.
    """
    fitting = _fitting(type(row), len(_KINDS))  # type: ignore[arg-type]  # a class is hashable
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    own, general = str(getattr(row, "kind", "")), type(row).__name__.lower()
    return next((kind for name in (own, general) for kind in fitting if kind.name == name), fitting[0])


@lru_cache(maxsize=1024)
def _fitting(model: type[Any], _declared: int) -> tuple[Kind, ...]:
    return tuple(kind for kind in _KINDS.values() if issubclass(model, kind.model))


def note_beside(kind_name: str, source: NoteSource, told_of: type[Any] | None = None) -> None:
    """Let a higher room stand notes beside a lower room's kind; none where no row of ``told_of`` names it."""
    sources = _NOTES.setdefault(kind_name, [])
    if (source, told_of) not in sources:
        sources.append((source, told_of))


def notes_told_of(kind_name: str) -> list[type[Any]]:
    """The models without whose rows nothing stands beside a kind, as far as the rooms have said."""
    return [model for _, model in _NOTES.get(kind_name, []) if model is not None]


def note_sources(kind_name: str, empty: Set[type[Any]] = frozenset()) -> list[NoteSource]:
    """Who stands notes beside a kind; ``empty`` are models of which the caller knows that no row names the thing."""
    return [source for source, model in _NOTES.get(kind_name, []) if model not in empty]


def notes_beside(kind_name: str, row: Any, place: Place) -> list[Note]:
    """What the rooms above say beside one row, as the reader of a place may see it on that day."""
    return [note for source in note_sources(kind_name) for note in source(row, place)]


def stands_within(kind_name: str, within: Within) -> None:
    """Let a higher room say that some things of a kind stand in one of its own, and are filed as that is."""
    known = _WITHIN.setdefault(kind_name, [])
    if within not in known:
        known.append(within)


def within_what(kind: Kind) -> tuple[Within, ...]:
    """The things in which those of a kind may stand, by their own room and by the rooms above."""
    return (*kind.filed.within, *_WITHIN.get(kind.name, ()))


def call_by(kind_name: str, source: NameSource, naming: Part | None = None) -> None:
    """Let a room say what things of a kind are called in a reader's language; None of one row leaves its own title.

    ``naming`` asks at once for what the names of many rows need: ``asks(rows, place)``, then ``tells`` keeps it in the
    place's memory.
    """
    _NAMES[kind_name] = source
    if naming is not None:
        _NAMING[kind_name] = naming


def naming_of(kind_name: str) -> Part | None:
    """How the names of many things of a kind are asked for at once; None where a name needs nothing."""
    return _NAMING.get(kind_name)


def called(row: Any, place: Place, kind: Kind | None = None) -> Called:
    """What a row of a declared kind is called where the reader stands: translated, or else in its own language."""
    kind = kind or kind_of_row(row)
    assert kind is not None, "only things of a declared kind have a name"
    source = _NAMES.get(kind.name)
    return (source(row, place) if source else None) or Called(kind.title(row), kind.language_of(row))
