"""The facts that come with the product: real networks and parties in our own schema, taken through the row-actions."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from comity.plain.refusals import Refusal
from comity.registry.actions import Named, SourceGiven
from comity.registry.core import tables
from comity.registry.core.names import mended
from comity.registry.core.report import Report
from comity.registry.core.tables import Row
from comity.registry.importing import DATA, Given, ensure_regions, sources_of, told
from comity.registry.intake import (
    BadCell,
    Intake,
    Item,
    LineageGiven,
    OrganisationGiven,
    Progress,
    Take,
    TieGiven,
)

FOLDER = DATA / "facts"
SCHEME = "facts"
ENDED = "its source lists it as ended"
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "sources.csv": ("source", "title", "licence", "stated_on"),
    "organisations.csv": ("id", "kind", "name", "source"),
    "ties.csv": ("organisation", "to", "kind", "standing", "source"),
    "lineage.csv": ("earlier", "later", "kind", "source"),
}


def load(*, at: datetime, progress: Progress | None = None, folder: Path = FOLDER) -> Report:
    """Take the facts that come with the product; a second run changes nothing."""
    begun = time.monotonic()
    ensure_regions(at)
    report = Report()
    rows = {name: tables.read((folder / name).read_bytes(), REQUIRED[name], report.of(name)) for name in REQUIRED}
    reading = _Reading(rows["sources.csv"])
    intake = Intake(at)
    intake.open([_file(name) for name in REQUIRED])
    run = _Run(intake, report, progress)
    report.of("sources.csv").note = f"{len(reading.sources)} sources"
    run.file("organisations.csv", rows["organisations.csv"], reading.organisation, intake.organisation)
    run.file("ties.csv", rows["ties.csv"], reading.tie, intake.tie)
    run.file("lineage.csv", rows["lineage.csv"], reading.lineage, intake.lineage)
    report.seconds = time.monotonic() - begun
    return report


def _file(name: str) -> str:
    """What a facts file is called among the rows taken, apart from files of an imported folder."""
    return f"facts/{name}"


class _Run:
    """One run over the facts files."""

    def __init__(self, intake: Intake, report: Report, progress: Progress | None) -> None:
        self.intake, self.report, self.progress = intake, report, progress

    def file(self, name: str, rows: list[Row], read: Callable[[Row], Item[Given]], take: Take[Given]) -> None:
        """Take one file."""
        report = self.report.of(name)
        report.file = _file(name)
        by_number = {row.number: row for row in rows}
        items: list[Item[Given]] = []
        for row in rows:
            try:
                items.append(read(row))
            except Refusal as refusal:
                report.refuse(row.number, *told(row, refusal))
        self.intake.cite(source for item in items for source in sources_of(item.given))
        self.intake.run(report, items, take, lambda number, no: told(by_number[number], no), self.progress)


class _Reading:
    """Puts rows of the facts files into what the intake takes."""

    def __init__(self, sources: list[Row]) -> None:
        self.sources = {
            row["source"]: SourceGiven(row["title"], row["address"], row["stated_on"], row["licence"])
            for row in sources
        }
        self.turns: Counter[tuple[str, str]] = Counter()

    def organisation(self, row: Row) -> Item[OrganisationGiven]:
        """A row of organisations.csv."""
        names = [Named(mended(row["native_name"]), "native")] if row["native_name"] else []
        names += [Named(alias.strip(), "alias") for alias in mended(row["aliases"]).split(";") if alias.strip()]
        ours = [(SCHEME, row["id"]), ("partyfacts", row["partyfacts"])]
        others = [("wikidata", row["wikidata"]), ("parlgov", row["parlgov"])]
        given = OrganisationGiven(
            kind=row["kind"],
            network_kind=row["network_kind"],
            wing_kind=row["wing_kind"],
            name=mended(row["name"]),
            names=tuple(names),
            abbreviation=mended(row["abbreviation"]),
            country=row["country"],
            parent=(SCHEME, row["parent"]) if row["parent"] else None,
            founded=row["founded"],
            dissolved=row["dissolved"],
            match=tuple(key for key in [*ours, ("registry-file", row["id"])] if key[1]),
            identifiers=tuple(key for key in [*ours, *others] if key[1]),
            source=self._source(row),
        )
        return Item(row.number, row["id"], row.digest(), given)

    def tie(self, row: Row) -> Item[TieGiven]:
        """A row of ties.csv: one spell."""
        pair = row["organisation"], row["to"]
        self.turns[pair] += 1
        ended = row["ended"] == "yes" or bool(row["end"])
        given = TieGiven(
            subject=(SCHEME, pair[0]),
            object=(SCHEME, pair[1]),
            kind=row["kind"],
            standing=row["standing"],
            start=row["start"],
            end=row["end"],
            ended=ended,
            end_reason=ENDED if ended else "",
            source=self._source(row),
        )
        return Item(row.number, f"{pair[0]}>{pair[1]}#{self.turns[pair]}", row.digest(), given)

    def lineage(self, row: Row) -> Item[LineageGiven]:
        """A row of lineage.csv."""
        given = LineageGiven(
            earlier=(SCHEME, row["earlier"]),
            later=(SCHEME, row["later"]),
            kind=row["kind"],
            source=self._source(row),
        )
        return Item(row.number, f"{row['earlier']} {row['kind']} {row['later']}", row.digest(), given)

    def _source(self, row: Row) -> SourceGiven:
        if row["source"] not in self.sources:
            raise BadCell(column="source", reason=f"{row['source']!r} has no row in sources.csv", remedy="add it there")
        return self.sources[row["source"]]
