"""Row-actions: how an import takes rows through the registry's actions, some 500 in one transaction.

Each row is a savepoint of its own: a refused row leaves no trace and spoils no other. What went in is remembered with
the digest of its cells, so that a second run changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from django.db import transaction

from comity.plain.actors import SYSTEM
from comity.plain.levels import Realm
from comity.plain.refusals import BadInput, Refusal
from comity.registry import actions
from comity.registry.actions import BATCH, Named, SourceGiven
from comity.registry.core import refusals
from comity.registry.core.report import FileReport
from comity.registry.models import (
    Identifier,
    Lineage,
    Organisation,
    OrganisationKind,
    Source,
    Spell,
    TakenRow,
)

Progress = Callable[[str, int, int], None]
"""Called with the file, the rows done and the rows in all."""

Key = tuple[str, str]
"""An identifier: scheme and value."""


class Outcome(StrEnum):
    """What became of a row that was not refused."""

    TAKEN = "taken"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class NoSuchOrganisation(BadInput):
    """A row names organisations that the registry has, or that an earlier row brought."""

    code = "no-such-organisation"


class DuplicateRow(BadInput):
    """A row stands once in its file."""

    code = "duplicate-row"


class BadCell(BadInput):
    """A cell holds what its column is for."""

    code = "bad-cell"

    def __init__(self, *, column: str, reason: str, remedy: str = "") -> None:
        self.column, self.reason, self.remedy = column, reason, remedy
        super().__init__(column=column, reason=reason)


@dataclass(frozen=True)
class OrganisationGiven:
    """An organisation as a row states it. ``match`` are the identifiers by which the registry may know it already."""

    kind: str
    name: str
    source: SourceGiven
    match: tuple[Key, ...]
    identifiers: tuple[Key, ...] = ()
    names: tuple[Named, ...] = ()
    abbreviation: str = ""
    country: str = ""
    founded: str = ""
    dissolved: str = ""
    network_kind: str = ""
    wing_kind: str = ""
    parent: Key | None = None
    lifelong: bool = True
    """False when dates and names of an organisation known already are not restated (a wing listed by two parties)."""

    def facts(self) -> dict[str, str]:
        """The plain facts, as ``actions.restate`` takes them; a wing known already keeps its own."""
        if not self.lifelong:
            return {}
        return {
            "name": self.name,
            "abbreviation": self.abbreviation,
            "country": self.country,
            "founded": self.founded,
            "dissolved": self.dissolved,
        }


@dataclass(frozen=True)
class TieGiven:
    """A spell of a tie as a row states it."""

    subject: Key
    object: Key
    kind: str
    standing: str
    source: SourceGiven
    start: str = ""
    end: str = ""
    ended: bool = False
    end_reason: str = ""

    def words(self) -> tuple[str, str, str, bool]:
        """What makes it one spell: standing, start, end, whether a source calls it ended."""
        return self.standing, self.start, self.end, self.ended or bool(self.end)


@dataclass(frozen=True)
class LineageGiven:
    """A lineage as a row states it."""

    earlier: Key
    later: Key
    kind: str
    source: SourceGiven


Given = TypeVar("Given")


@dataclass(frozen=True)
class Item(Generic[Given]):
    """A row to be taken: where it stands, what it is called in its file, the digest of its cells, what it states."""

    row: int
    key: str
    digest: str
    given: Given


Take = Callable[[Given, TakenRow | None], tuple[Outcome, TakenRow]]
"""Takes what a row states, all or nothing; the second is what an earlier run took from the row of that key."""


class Intake:
    """The desk at which rows are taken: it knows what stands already, so that each row costs few questions."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.sources: dict[SourceGiven, Source] = {}
        self.known: dict[Key, Organisation] = {}
        self.borne: dict[int, set[Key]] = {}
        self.taken: dict[tuple[str, str], TakenRow] = {}
        self.stated: list[Spell] = []
        """The spells of ties that this run stated, or stated anew."""
        self._written: list[TakenRow] = []

    def open(self, files: Sequence[str]) -> None:
        """Learn what the registry has, and what earlier runs took from these files."""
        ids = Identifier.objects.filter(organisation__realm=Realm.REAL.value).select_related("organisation")
        rows: dict[int, Organisation] = {}
        for identifier in ids.iterator(chunk_size=2000):
            row = rows.setdefault(identifier.organisation_id, identifier.organisation)
            self._remember_keys(row, [(identifier.scheme, identifier.value)])
        for taken in TakenRow.objects.filter(file__in=files).iterator(chunk_size=2000):
            self.taken[taken.file, taken.key] = taken

    def cite(self, sources: Iterable[SourceGiven]) -> None:
        """Make the sources that the rows to come will name."""
        self.sources |= actions.cite_many(source for source in sources if source not in self.sources)

    def run(
        self,
        report: FileReport,
        items: Sequence[Item[Given]],
        take: Take[Given],
        told: Callable[[int, Refusal], tuple[str, str, str]],
        progress: Progress | None = None,
    ) -> None:
        """Take a file's rows in batches; ``told`` puts a row's refusal into column, reason and remedy."""
        seen: dict[str, int] = {}
        for start in range(0, len(items), BATCH):
            with transaction.atomic():
                for item in items[start : start + BATCH]:
                    try:
                        if seen.setdefault(item.key, item.row) != item.row:
                            raise DuplicateRow(first_row=seen[item.key])
                        outcome = self._one(report.file, item, take)
                    except Refusal as refusal:
                        report.refuse(item.row, *told(item.row, refusal))
                    else:
                        report.count(outcome)
                self._remember()
            if progress is not None:
                progress(report.file, min(start + BATCH, len(items)), len(items))

    def _one(self, file: str, item: Item[Given], take: Take[Given]) -> Outcome:
        before = self.taken.get((file, item.key))
        if before is not None and before.digest == item.digest:
            return Outcome.UNCHANGED
        outcome, row = take(item.given, before)
        row.file, row.key, row.digest, row.taken_at = file, item.key, item.digest, self.at
        self.taken[file, item.key] = row
        self._written.append(row)
        if row.spell is not None and outcome is not Outcome.UNCHANGED:
            self.stated.append(row.spell)
        return outcome

    def _remember(self) -> None:
        TakenRow.objects.bulk_create(
            self._written,
            update_conflicts=True,
            unique_fields=["file", "key"],
            update_fields=["digest", "organisation", "spell", "taken_at"],
        )
        self._written = []

    def find(self, *keys: Key) -> Organisation | None:
        """The organisation that bears one of these identifiers."""
        return next((self.known[key] for key in keys if key in self.known), None)

    def get(self, key: Key) -> Organisation:
        """The organisation that bears an identifier; NoSuchOrganisation otherwise."""
        row = self.find(key, ("facts", key[1]), ("registry-file", key[1]))
        if row is None:
            raise NoSuchOrganisation(id=key[1])
        return row

    def forget(self, given: OrganisationGiven) -> None:
        """Forget an organisation that was listed in a row refused afterwards."""
        for key in (*given.match, *given.identifiers):
            row = self.known.pop(key, None)
            if row is not None:
                self.borne.pop(row.pk, None)

    def _remember_keys(self, row: Organisation, keys: Iterable[Key]) -> None:
        for key in keys:
            self.known.setdefault(key, row)
            self.borne.setdefault(row.pk, set()).add(key)

    def _refuse_another(self, given: OrganisationGiven, row: Organisation) -> None:
        """Two rows of one file that name two ids are two organisations, though they share an identifier."""
        scheme, value = given.match[0]
        others = {other for name, other in self.borne.get(row.pk, ()) if name == scheme} - {value}
        if given.lifelong and others and (scheme, value) not in self.known:
            shared = next(key for key in given.match if self.known.get(key) is row)
            raise refusals.DuplicateIdentifier(identifier=":".join(shared), organisation=row.name)

    def organisation(self, given: OrganisationGiven, before: TakenRow | None) -> tuple[Outcome, TakenRow]:
        """List an organisation, or state its facts anew where the registry knows it."""
        row = self.find(*given.match)
        if row is None:
            row, outcome = self._list(given), Outcome.TAKEN
        else:
            self._refuse_another(given, row)
            was = self._told(row)
            row = actions.restate(
                row,
                facts=self._uncorrected(row, given.facts()),
                names=given.names if given.lifelong else (),
                identifiers=given.identifiers,
                source=self.sources[given.source] if given.lifelong else None,
                by=SYSTEM,
                at=self.at,
            )
            outcome = Outcome.UNCHANGED if self._told(row) == was else Outcome.CHANGED
        self._remember_keys(row, (*given.match[:1], *given.identifiers))
        return outcome, TakenRow(organisation=row)

    @staticmethod
    def _uncorrected(row: Organisation, facts: dict[str, str]) -> dict[str, str]:
        """The facts without those that a correction put right here: an import does not undo it."""
        corrected = set(row.corrections.filter(state="accepted").values_list("field", flat=True))
        return {name: value for name, value in facts.items() if name not in corrected}

    @staticmethod
    def _told(row: Organisation) -> tuple[object, ...]:
        facts = (row.name, row.abbreviation, row.country, row.founded, row.dissolved)
        return *facts, row.names.count(), row.identifiers.count()

    def _list(self, given: OrganisationGiven) -> Organisation:
        if given.kind == OrganisationKind.NETWORK:
            return actions.found_network(
                name=given.name,
                realm=Realm.REAL,
                network_kind=given.network_kind,
                languages=(),
                names=given.names,
                identifiers=given.identifiers,
                abbreviation=given.abbreviation,
                founded=given.founded,
                dissolved=given.dissolved,
                public_source=self.sources[given.source],
                by=SYSTEM,
                at=self.at,
            )
        return actions.list_organisation(
            realm=Realm.REAL,
            kind=given.kind,
            wing_kind=given.wing_kind,
            name=given.name,
            country=given.country,
            names=given.names,
            identifiers=given.identifiers,
            abbreviation=given.abbreviation,
            parent=self.get(given.parent) if given.parent else None,
            founded=given.founded,
            dissolved=given.dissolved,
            source=self.sources[given.source],
            by=SYSTEM,
            at=self.at,
        )

    def tie(self, given: TieGiven, before: TakenRow | None) -> tuple[Outcome, TakenRow]:
        """State a spell of a tie, or state the spell anew that an earlier run took from the same row."""
        subject, to, source = self.get(given.subject), self.get(given.object), self.sources[given.source]
        spell = before.spell if before is not None else None
        if spell is not None:
            if (spell.standing, spell.start, spell.end, spell.ended) == given.words():
                return Outcome.UNCHANGED, TakenRow(spell=spell)
            later = actions.restate_spell(
                spell,
                standing=given.standing,
                start=given.start,
                end=given.end,
                ended=given.ended,
                end_reason=given.end_reason,
                source=source,
                by=SYSTEM,
                at=self.at,
            )
            return Outcome.CHANGED, TakenRow(spell=later)
        try:
            spell = actions.state_spell(
                subject=subject,
                object=to,
                kind=given.kind,
                standing=given.standing,
                start=given.start,
                end=given.end,
                ended=given.ended,
                end_reason=given.end_reason,
                source=source,
                by=SYSTEM,
                at=self.at,
            )
        except refusals.SpellStandsAlready:
            standing, start, end, ended = given.words()
            spells = Spell.objects.filter(link__subject=subject, link__object=to, link__kind=given.kind)
            same = spells.filter(standing=standing, start=start, end=end, ended=ended, replaced_at=None)
            return Outcome.UNCHANGED, TakenRow(spell=same.get())
        return Outcome.TAKEN, TakenRow(spell=spell)

    def lineage(self, given: LineageGiven, before: TakenRow | None) -> tuple[Outcome, TakenRow]:
        """Record a lineage; one that stands already is unchanged."""
        earlier, later = self.get(given.earlier), self.get(given.later)
        if before is not None or Lineage.objects.filter(earlier=earlier, later=later, kind=given.kind).exists():
            return Outcome.UNCHANGED, TakenRow(organisation=later)
        actions.record_lineage(
            earlier=earlier,
            later=later,
            kind=given.kind,
            source=self.sources[given.source],
            by=SYSTEM,
            at=self.at,
        )
        return Outcome.TAKEN, TakenRow(organisation=later)
