"""What an organisation did and said, as the record has it, and what the rooms above show on its page, in one look."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import ForeignKey

from comity.plain.blocks import Block, block_sources, blocks_told_of
from comity.plain.ids import is_id
from comity.plain.kinds import (
    Awaited,
    Exit,
    Kind,
    Note,
    all_kinds,
    called,
    kind_of_row,
    naming_of,
    note_sources,
    notes_told_of,
)
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.wanted import Found, Part, Round, Wanted
from comity.record.queries import EntryView, entries_of_all
from comity.record.together import reached, together
from comity.registry import queries
from comity.registry.models import (
    Organ,
    Organisation,
    OrganisationKind,
)

NAMED = 12
"""How many things of a kind a page names; the table that is taken along has all."""


@dataclass(frozen=True)
class Thing:
    """A thing of any room that an organisation made or answers for, and the entry it can be checked by."""

    kind: Kind
    row: Any
    title: str
    day: date | None
    entry: EntryView | None
    note: Note | None = None
    """What the room itself says of it in words, e.g. the state of a promise on that day."""


@dataclass(frozen=True)
class Things:
    """What one kind of thing holds of an organisation: all counted, the newest named."""

    kind: Kind
    count: int
    newest: list[Thing]


NoteShown = tuple[Note, EntryView | None]


@dataclass(frozen=True)
class Acts:
    """What an organisation did, kind by kind; what stands beside; and the sections of the rooms above."""

    things: list[Things]
    notes: list[NoteShown]
    """How it voted and what it said: what stands beside none of the things named, the newest first."""
    blocks: list[Block]
    of_organs: list[tuple[Organ, list[Block]]]
    entries: list[EntryView]
    """Those about the organisation itself, the oldest first."""


def act_models(organisation: Organisation) -> list[tuple[type[Any], str]]:
    """The models whose rows tell what an organisation did, and the columns that name it there."""
    listed = [(kind.model, _column_in(kind, organisation)) for kind in all_kinds() if kind.model is not Organisation]
    listed += [(model, _column_of(model)) for model in notes_told_of(_kind(organisation))]  # type: ignore[arg-type]  # a class is hashable
    listed += [(model, name) for model in blocks_told_of(_kind(organisation)) for name in _naming(model)]  # type: ignore[arg-type]
    return [(model, column) for model, column in dict.fromkeys(listed) if column]


class Asked:
    """What the rooms hold of an organisation and say on its page, asked for in one look; named first, then told."""

    def __init__(
        self,
        organisation: Organisation,
        place: Place,
        *,
        most: int = NAMED,
        organs: Sequence[Organ] = (),
        also: Sequence[Wanted] = (),
    ) -> None:
        """``most`` bounds how many things of a kind are named, 0 names all; all are counted.

        ``also`` is what else the page wants in the same look.
        """
        self.organisation, self.place, self.organs = organisation, place, organs
        models = act_models(organisation)
        empty = {model for model, _ in models} - queries.held(organisation, models)
        self._kinds = list(_seen(organisation, place, empty))
        self._beside = Round(note_sources(_kind(organisation), empty), organisation, place)
        self._above = Round(block_sources(_kind(organisation), empty), organisation, place)
        self._of_organs = [Round(block_sources("organ"), organ, place) for organ in organs]
        wanted = [Wanted(rows, ("public_id", *kind.line), newest=most) for kind, rows in self._kinds]
        for asked in (self._beside, self._above, *self._of_organs):
            wanted += asked.wanted
        found = together([*also, *wanted])
        self.also, self._found = found[: len(also)], found[len(also) :]

    @property
    def rows(self) -> list[Any]:
        """Every row found: what of it is named, is asked for by ``know_names`` before it is told."""
        return [row for one in self._found for row in one.rows]

    def acts(self) -> Acts:
        """What the organisation did and said by the page's day, as this reader may see it."""
        rest = iter(self._found[len(self._kinds) :])
        notes: list[Note] = self._beside.told(rest)
        blocks: list[Block] = self._above.told(rest)
        of_organs = [(organ, asked.told(rest)) for organ, asked in zip(self.organs, self._of_organs, strict=True)]
        listed = [(kind, one) for (kind, _), one in zip(self._kinds, self._found, strict=False) if one.count]
        own = Ref("organisation", self.organisation.public_id)
        refs = [kind.ref(row) for kind, one in listed for row in one.rows]
        behind = [ref for note in notes for ref in _behind(note)]
        entries = entries_of_all([own, *refs, *behind], known_by=self.place.known_by)
        last = {ref: rows[-1] for ref, rows in entries.items()}
        things = _things(listed, notes, self.place, last)
        return Acts(things, _unattached(notes, things, last), blocks, of_organs, entries.get(own, []))


def acts_of(organisation: Organisation, place: Place) -> Acts:
    """All that an organisation did and said, every thing named."""
    asked = Asked(organisation, place, most=0)
    know_names(asked.rows, place)
    return asked.acts()


def _seen(organisation: Organisation, place: Place, empty: Set[type[Any]]) -> Iterator[tuple[Kind, Any]]:
    """What the rooms above hold of an organisation, kind by kind, as far as the reader may see it on that day."""
    for kind in all_kinds():
        column = _column_in(kind, organisation)
        if not column or Exit.PAGE not in kind.exits or kind.model in empty:
            continue
        rows = kind.seen(place).filter(**{column: organisation})
        if "recorded_at" in _columns(kind.model):  # type: ignore[arg-type]  # a class is hashable
            rows = rows.filter(recorded_at__lte=place.known_by)
        yield kind, rows


def know_names(rows: Iterable[Any], place: Place) -> None:
    """Ask at once for what the names of these rows, and of those that came with them, need in the reader's language."""
    named: dict[Part, list[Any]] = {}
    for row in rows:
        for one in reached(row):
            kind = _kind_named(one)
            naming = naming_of(kind.name) if kind is not None else None
            if naming is not None:
                named.setdefault(naming, []).append(one)
    asked = [Round([naming], several, place) for naming, several in named.items()]
    found = iter(together([one for asking in asked for one in asking.wanted]))
    for asking in asked:
        asking.told(found)


def _kind_named(row: Any) -> Kind | None:
    """The kind of a row; None of an organisation that came without its name, and so is named nowhere."""
    return None if isinstance(row, Organisation) and "name" in row.get_deferred_fields() else kind_of_row(row)


@cache
def _columns(model: Any) -> frozenset[str]:
    return frozenset(column.name for column in model._meta.get_fields())


@cache
def _naming(model: Any) -> tuple[str, ...]:
    """The columns in which a model names organisations."""
    columns = model._meta.get_fields()
    return tuple(one.name for one in columns if isinstance(one, ForeignKey) and one.related_model is Organisation)


@cache
def _column_of(model: Any) -> str:
    """The column in which a model names the organisation that answers, else the one that began; empty without one."""
    return next((name for name in ("organisation", "originator") if name in _naming(model)), "")


def _column_in(kind: Kind, organisation: Organisation) -> str:
    """A network's page shows what it governs, and of kinds that name no network, what belongs to it as to others."""
    if kind.model is Organisation:
        return ""
    if organisation.kind == OrganisationKind.NETWORK and "network" in _columns(kind.model):  # type: ignore[arg-type]  # a class is hashable
        return "network"
    return _column_of(kind.model)  # type: ignore[arg-type]  # a class is hashable


def _kind(organisation: Organisation) -> str:
    return "network" if organisation.kind == OrganisationKind.NETWORK else "organisation"


def _things(
    listed: Iterable[tuple[Kind, Found]], notes: Iterable[Note], place: Place, last: Mapping[Ref, EntryView]
) -> list[Things]:
    said = {tuple(note.address.split("/")[:2]): note for note in notes if "#" not in note.address}

    def thing(kind: Kind, row: Any) -> Thing:
        name, note = called(row, place, kind).words, said.get((kind.name, row.public_id))
        return Thing(kind, row, name, kind.first_day(row), last.get(kind.ref(row)), note)

    newest = {kind.name: sorted(one.rows, key=lambda row: row.pk, reverse=True) for kind, one in listed}
    return [Things(kind, one.count, [thing(kind, row) for row in newest[kind.name]]) for kind, one in listed]


def awaited(things: Iterable[Things], notes: Iterable[NoteShown], place: Place) -> list[tuple[Awaited, str]]:
    """What is still awaited of an organisation on the page's day, the next first, each with where it stands."""
    said = [thing.note for group in things for thing in group.newest if thing.note is not None]
    every = [note for note in [*said, *(note for note, _ in notes)] if note.awaited is not None]
    open_ones = [(note.awaited, note.address) for note in every if note.awaited and note.awaited.day >= place.as_of]
    return sorted(open_ones, key=lambda pair: (pair[0].day, pair[0].words))


def _unattached(notes: Iterable[Note], things: Iterable[Things], last: Mapping[Ref, EntryView]) -> list[NoteShown]:
    """The notes that stand beside none of the things named, each with the entry it can be checked by, newest first."""
    shown = [thing.note for group in things for thing in group.newest if thing.note is not None]
    rest = [note for note in notes if note not in shown]
    found = [(note, next((last[ref] for ref in _behind(note) if ref in last), None)) for note in rest]
    return sorted(found, key=lambda pair: pair[0].at, reverse=True)


def _behind(note: Note) -> list[Ref]:
    """What a note's address names: the place within the page where it has one, then the thing."""
    path, _, anchor = note.address.partition("#")
    kind, _, public_id = anchor.rpartition("-")
    named = [Ref(kind, public_id)] if kind and is_id(public_id) else []
    parts = path.split("/")
    return named + ([Ref(parts[0], parts[1])] if len(parts) > 1 else [])
