"""Tables from elsewhere: the registry folder and region files, read row by row and taken through actions.

The registry folder holds networks.csv, parties.csv, memberships.csv, wings.csv and lineage.csv; see docs/import.md.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

from django.db import transaction

from comity.plain.actors import SYSTEM
from comity.plain.cautions import cautions_before
from comity.plain.ids import slug
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.refusals import BadInput, Refusal
from comity.plain.time import PartialDate, UnreadableDate
from comity.registry import actions
from comity.registry.actions import Named, RegionGiven, SourceGiven
from comity.registry.actions.indexing import survey
from comity.registry.core import refusals, tables
from comity.registry.core.names import fold, mended
from comity.registry.core.report import FileReport, Report, ranges
from comity.registry.core.tables import Row
from comity.registry.core.ties import CLOSED_STANDINGS
from comity.registry.intake import (
    BadCell,
    DuplicateRow,
    Intake,
    Item,
    Key,
    LineageGiven,
    NoSuchOrganisation,
    OrganisationGiven,
    Outcome,
    Progress,
    Take,
    TieGiven,
)
from comity.registry.models import LinkKind, MemberClass, OrganisationKind, Region, RegionScheme, TakenRow

DATA = Path(__file__).parent / "data"
GENERAL_SCHEME = "un-m49"
STATED_ON = "2025-07"
CC_BY_SA, CC0, MIT = "CC BY-SA 4.0", "CC0 1.0", "MIT"
WIKITAGS = SourceGiven(
    "Infoboxes of parties in English Wikipedia, as of July 2025 (partypositions-wikitags)",
    "https://github.com/hdigital/partypositions-wikitags",
    STATED_ON,
    CC_BY_SA,
)
PARTY_FACTS = SourceGiven("Party Facts", "https://github.com/hdigital/partyfactsdata", "2026-03-11", MIT)

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "networks.csv": ("network_id", "name", "kind"),
    "parties.csv": ("party_id", "name_en", "country_iso3"),
    "memberships.csv": ("party_id", "network_id", "status"),
    "wings.csv": ("party_id", "kind", "name"),
    "lineage.csv": ("party_id", "relation"),
}
NOT_TAKEN: Mapping[str, str] = {
    "party_tags.csv": "not taken: left-right scores and ideology tags are neither shown nor stored",
    "friendship_groups.csv": "not taken: no room for it yet",
    "friendship_group_parties.csv": "not taken: no room for it yet",
}
NETWORK_KINDS: Mapping[str, str] = {
    "international": "international",
    "regional": "regional",
    "ep_group": "ep-group",
    "european_party": "european-party",
    "european_alliance": "european-alliance",
    "interparliamentary_group": "interparliamentary",
    "interparliamentary_assembly": "interparliamentary",
}
STANDINGS: Mapping[str, str] = {
    **{name: name for name in ("member", "observer", "associate", "consultative", "partner", "affiliate")},
    **{name: name for name in ("full", "candidate", "fraternal", "suspended", "expelled", "stated")},
}
WINGS: Mapping[str, tuple[str, str]] = {
    "youth": (OrganisationKind.WING, "youth"),
    "women": (OrganisationKind.WING, "women"),
    "student": (OrganisationKind.WING, "student"),
    "think_tank": (OrganisationKind.THINK_TANK, ""),
}
LINEAGES: Mapping[str, tuple[str, bool]] = {
    "follows": ("succession", True),
    "replaces": ("succession", True),
    "followed_by": ("succession", False),
    "replaced_by": ("succession", False),
    "merged_into": ("merger", False),
    "separated_from": ("split", True),
}
"""Relation -> kind, and whether the other party is the earlier one."""
GIVEN_END = "its source gives the day or year of its end"
LISTED_AS_FORMER = "its source lists it as former"
LONGEST_IDENTIFIER = 100
LONGEST_CODE = 20
Given = TypeVar("Given")
Choice = TypeVar("Choice")
RESIDUE = frozenset({"specify", "lang", "langx", "jcp langx", "nobr", "illm", "interlanguage link", "de facto", "da"})
"""Names of wiki templates that a reader of infoboxes took for names."""


REMEDIES: Mapping[type[Refusal], tuple[tuple[str, ...], str]] = {
    refusals.NoSuchCountry: (("country_iso3",), refusals.NoSuchCountry.remedy),
    refusals.DuplicateIdentifier: (
        ("partyfacts_id", "party_id", "network_id"),
        "give each organisation its own identifier",
    ),
    refusals.DissolvedBeforeFounded: (("dissolved",), "correct one of the two dates"),
    refusals.LooksLikeAPerson: (("name",), "name the organisation in full; persons' ties are not listed here"),
    refusals.NoName: (("name_en", "name"), "write a name of at most 300 characters"),
    refusals.EndBeforeStart: (("to",), "correct one of the two dates"),
    refusals.BeforeFounding: (("from",), "correct the date, or the founding in parties.csv"),
    refusals.OverlappingSpells: (("from", "status"), "let one spell end before the other begins"),
    refusals.SelfTie: (("wikidata",), "name two organisations"),
    refusals.CircularLineage: (("other_party_id",), "leave out what is not so; the rows before it stand"),
    refusals.TooLong: ((), "shorten it"),
    refusals.TooManyNames: (("aliases",), "keep the names it is known by"),
    refusals.NoOpenSpell: (("status",), "it was changed here since; compare the page"),
    NoSuchOrganisation: (("other_party_id", "network_id", "party_id"), "add it to parties.csv or networks.csv"),
    DuplicateRow: (("from", "party_id", "network_id"), "keep one of the rows"),
}
"""Rule broken -> the columns it may point to (one that the refusal's words name, else the first) and a remedy."""


def import_registry(
    folder: Path, *, all_or_nothing: bool = False, at: datetime, progress: Progress | None = None
) -> Report:
    """Take the registry folder: what is new or changed, row by row; a second run changes nothing.

    A refused row leaves the others in; with ``all_or_nothing`` one refused row keeps everything out. Raises BadInput
    when the folder holds none of the files.
    """
    if not any((folder / name).is_file() for name in REQUIRED):
        raise BadInput(folder=str(folder), remedy=f"name a folder that holds {', '.join(REQUIRED)}")
    begun = time.monotonic()
    report = Report()
    with ExitStack() as whole:
        if all_or_nothing:
            whole.enter_context(transaction.atomic())
        ensure_regions(at)
        _Folder(folder, report, at, progress).take()
        if all_or_nothing and report.refused:
            transaction.set_rollback(True)
            report.went_in = False
    survey()
    report.seconds = time.monotonic() - begun
    return report


class _Folder:
    """One run over one folder."""

    def __init__(self, folder: Path, report: Report, at: datetime, progress: Progress | None) -> None:
        self.folder, self.report, self.progress = folder, report, progress
        self.intake = Intake(at)

    def take(self) -> None:
        """Read every file, then take networks before parties before what ties them."""
        self.intake.open(tuple(REQUIRED))
        rows = {name: self._read(name) for name in REQUIRED}
        reading = _Reading({row["party_id"]: row for row in rows["parties.csv"]}, self.intake.at)
        _warn_of_shared(rows["parties.csv"], self.report.of("parties.csv"))
        organisation, tie, lineage = self.intake.organisation, self.intake.tie, self.intake.lineage
        self._file("networks.csv", rows["networks.csv"], reading.network, organisation)
        self._file("parties.csv", rows["parties.csv"], reading.party, organisation)
        self._file("memberships.csv", rows["memberships.csv"], reading.membership, tie)
        self._caution(self.report.of("memberships.csv"))
        self._file("wings.csv", rows["wings.csv"], reading.wing, self._wing)
        self._file("lineage.csv", self._resolved(rows["lineage.csv"]), reading.lineage, lineage)
        for name, note in NOT_TAKEN.items():
            if (self.folder / name).is_file():
                self.report.of(name).note = note

    def _caution(self, report: FileReport) -> None:
        """Say once what the rules of networks say of the memberships that went in; none is stopped by it."""
        place = Place(Realm.REAL, "en", SYSTEM, self.intake.at, self.intake.at.date())
        found: dict[str, None] = {}
        for spell in self.intake.stated:
            link = spell.link
            if link.kind == LinkKind.MEMBERSHIP and not spell.ended and spell.standing not in CLOSED_STANDINGS:
                cautions = cautions_before("membership", link.subject, link.object, place)
                found |= dict.fromkeys(caution.words for caution in cautions)
        report.warnings.extend(found)

    def _read(self, name: str) -> list[Row]:
        report = self.report.of(name)
        path = self.folder / name
        if not path.is_file():
            report.note = "not there"
            return []
        return tables.read(path.read_bytes(), REQUIRED[name], report)

    def _resolved(self, rows: Sequence[Row]) -> list[Row]:
        """The lineage rows whose other end is a party of this folder."""
        report = self.report.of("lineage.csv")
        for row in rows:
            if not row["other_party_id"]:
                report.leave_out(row.number, "the other party has no row in parties.csv")
        return [row for row in rows if row["other_party_id"]]

    def _file(self, name: str, rows: Sequence[Row], read: Callable[[Row], Item[Given]], take: Take[Given]) -> None:
        report = self.report.of(name)
        by_number = {row.number: row for row in rows}

        def told_of(number: int, refusal: Refusal) -> tuple[str, str, str]:
            return told(by_number[number], refusal)

        items: list[Item[Given]] = []
        for row in rows:
            try:
                items.append(read(row))
            except Refusal as refusal:
                report.refuse(row.number, *told(row, refusal))
        self.intake.cite(source for item in items for source in sources_of(item.given))
        self.intake.run(report, items, take, told_of, self.progress)
        report.refused.sort(key=lambda refusal: refusal.row)

    def _wing(self, given: "WingGiven", before: TakenRow | None) -> tuple[Outcome, TakenRow]:
        known = self.intake.find(*given.wing.match) is not None
        try:
            with transaction.atomic():
                listed, wing = self.intake.organisation(given.wing, before)
                tied, spell = self.intake.tie(given.tie, before)
        except Refusal:
            if not known:
                self.intake.forget(given.wing)
            raise
        wing.spell = spell.spell
        outcomes = {listed, tied}
        if Outcome.TAKEN in outcomes and before is None:
            return Outcome.TAKEN, wing
        return Outcome.UNCHANGED if outcomes == {Outcome.UNCHANGED} else Outcome.CHANGED, wing


@dataclass(frozen=True)
class WingGiven:
    """A wing or think tank, and its tie to its party."""

    wing: OrganisationGiven
    tie: TieGiven


def sources_of(given: object) -> list[SourceGiven]:
    """The sources that a row names."""
    if isinstance(given, WingGiven):
        return [given.wing.source, given.tie.source]
    assert isinstance(given, OrganisationGiven | TieGiven | LineageGiven)
    return [given.source]


class _Reading:
    """Puts rows of the registry folder into what the intake takes."""

    def __init__(self, parties: Mapping[str, Row], at: datetime) -> None:
        self.parties = parties
        self.today = at.date().isoformat()
        self.turns: Counter[tuple[str, str]] = Counter()
        self.spells: dict[tuple[str, ...], int] = {}

    def network(self, row: Row) -> Item[OrganisationGiven]:
        """A row of networks.csv."""
        kind = _choice(row, "kind", NETWORK_KINDS)
        item = row["wikidata"]
        aliases = [alias.strip() for alias in mended(row["aliases"]).split(";") if alias.strip()]
        source = _wikidata_item(item) if item else self._source(row["founded_source"] or "wikipedia-infobox", "")
        given = OrganisationGiven(
            kind=OrganisationKind.NETWORK,
            network_kind=kind,
            name=mended(row["name"]),
            names=tuple(Named(alias, "alias") for alias in aliases),
            match=(("registry-file", row["network_id"]), ("facts", row["network_id"])),
            identifiers=_identifiers(("registry-file", row["network_id"]), ("wikidata", item)),
            founded=_date(row, "founded"),
            source=source,
        )
        return Item(row.number, row["network_id"], row.digest(), given)

    def party(self, row: Row) -> Item[OrganisationGiven]:
        """A row of parties.csv."""
        name = row["party_id"]
        native, english = mended(row["name_native"]), mended(row["name_en"])
        given = OrganisationGiven(
            kind=OrganisationKind.PARTY,
            name=english,
            names=(Named(native, "native"),) if native and native != english else (),
            abbreviation=mended(row["abbreviation"]),
            country=row["country_iso3"],
            match=_identifiers(("registry-file", name), ("facts", name), ("partyfacts", row["partyfacts_id"])),
            identifiers=_identifiers(
                ("registry-file", name),
                ("partyfacts", row["partyfacts_id"]),
                ("wikidata", row["wikidata"]),
                ("parlgov", row["parlgov_id"]),
            ),
            founded=_date(row, "founded"),
            dissolved=_date(row, "dissolved"),
            source=_page(row) or PARTY_FACTS,
        )
        return Item(row.number, name, row.digest(), given)

    def membership(self, row: Row) -> Item[TieGiven]:
        """A row of memberships.csv: one spell. The same words twice are a duplicate; other words a second spell."""
        pair = row["party_id"], row["network_id"]
        start, end = _date(row, "from"), _date(row, "to")
        first = self.spells.setdefault((*pair, row["status"], start, end), row.number)
        if first != row.number:
            raise DuplicateRow(first_row=first)
        self.turns[pair] += 1
        standing, ended, reason = _standing(row, end)
        given = TieGiven(
            subject=("registry-file", pair[0]),
            object=("registry-file", pair[1]),
            kind=LinkKind.MEMBERSHIP,
            standing=standing,
            start=start,
            end=end,
            ended=ended,
            end_reason=reason,
            source=self._source(row["source"], pair[0]),
        )
        return Item(row.number, f"{pair[0]}>{pair[1]}#{self.turns[pair]}", row.digest(), given)

    def wing(self, row: Row) -> Item[WingGiven]:
        """A row of wings.csv: a youth, women's or student wing, or a think tank, and its tie to the party."""
        kind, wing_kind = _choice(row, "kind", WINGS)
        if fold(row["name"]) in RESIDUE:
            raise BadCell(column="name", reason=f"{row['name']!r} is no name", remedy="write the wing's name")
        party, name = row["party_id"], mended(row["name"])
        key = f"{party}/{row['kind']}/{fold(name)}"[:LONGEST_IDENTIFIER]
        own: Key = ("registry-file", key)
        page = row["wikipedia_title"]
        source = self._source(row["source"], party)
        end = _date(row, "to")
        wing = OrganisationGiven(
            kind=kind,
            wing_kind=wing_kind,
            name=name,
            country=self.parties[party]["country_iso3"] if party in self.parties else "",
            match=_identifiers(own, ("wikidata", row["wikidata"]), ("wikipedia", page)),
            identifiers=_identifiers(own, ("wikidata", row["wikidata"]), ("wikipedia", page)),
            parent=("registry-file", party),
            lifelong=False,
            source=source,
        )
        tie = TieGiven(
            subject=own,
            object=("registry-file", party),
            kind=LinkKind.PART,
            standing=MemberClass.STATED,
            start=_date(row, "from"),
            end=end,
            end_reason=GIVEN_END if end else "",
            source=source,
        )
        return Item(row.number, key, row.digest(), WingGiven(wing, tie))

    def lineage(self, row: Row) -> Item[LineageGiven]:
        """A row of lineage.csv whose other end is known."""
        kind, other_first = _choice(row, "relation", LINEAGES)
        party, other = row["party_id"], row["other_party_id"]
        first, second = (other, party) if other_first else (party, other)
        given = LineageGiven(
            earlier=("registry-file", first),
            later=("registry-file", second),
            kind=kind,
            source=self._source(row["source"], party),
        )
        return Item(row.number, f"{party} {row['relation']} {other}", row.digest(), given)

    def _source(self, words: str, party: str) -> SourceGiven:
        """The page, item or address behind a source cell; the file itself where the cell is empty."""
        row = self.parties.get(party)
        if words.startswith(("https://", "http://")):
            return SourceGiven(words, words, self.today)
        if "wikipedia" in words:
            return (row and _page(row)) or WIKITAGS
        if "wikidata" in words:
            return _wikidata_item(row["wikidata"]) if row and row["wikidata"] else WIKITAGS
        return SourceGiven(words or "The imported file, which names no source", "", self.today)


def _page(row: Row) -> SourceGiven | None:
    address = row["wikipedia"]
    if not address:
        return None
    title = unquote(address.rpartition("/")[2]).replace("_", " ")
    return SourceGiven(f"{title} (English Wikipedia)", address, STATED_ON, CC_BY_SA)


def _wikidata_item(item: str) -> SourceGiven:
    return SourceGiven(f"{item} (Wikidata)", f"https://www.wikidata.org/wiki/{item}", STATED_ON, CC0)


def _standing(row: Row, end: str) -> tuple[str, bool, str]:
    """Standing, whether the source calls it ended, and the reason it gives."""
    status = row["status"]
    if status == "former" or status.startswith("former_"):
        before = status.partition("_")[2] or "member"
        return STANDINGS.get(before, MemberClass.STATED), True, LISTED_AS_FORMER
    standing = _choice(row, "status", STANDINGS)
    return standing, bool(end), GIVEN_END if end else ""


def _choice(row: Row, column: str, known: Mapping[str, Choice]) -> Choice:
    if row[column] not in known:
        raise BadCell(
            column=column, reason=f"{row[column]!r} is not known", remedy=f"write one of {', '.join(sorted(known))}"
        )
    return known[row[column]]


def _date(row: Row, column: str) -> str:
    try:
        return str(PartialDate.parse(row[column])) if row[column] else ""
    except UnreadableDate as error:
        raise BadCell(
            column=column, reason=f"{row[column]!r} is no date", remedy="write YYYY, YYYY-MM or YYYY-MM-DD"
        ) from error


def _identifiers(*given: Key) -> tuple[Key, ...]:
    return tuple((scheme, value) for scheme, value in given if value and len(value) <= LONGEST_IDENTIFIER)


def told(row: Row, refusal: Refusal) -> tuple[str, str, str]:
    """Column, reason and remedy of a refusal. What looks like a person's name is not repeated."""
    if isinstance(refusal, BadCell):
        return refusal.column, refusal.reason, refusal.remedy
    columns, remedy = REMEDIES.get(type(refusal), ((), ""))
    rule = " ".join((refusal.__doc__ or refusal.code).split())
    if isinstance(refusal, refusals.LooksLikeAPerson):
        return "name", rule, remedy
    shown = {name: value for name, value in refusal.parameters.items() if name != "remedy"}
    values = {str(value).rpartition(":")[2] for value in shown.values()} | {str(value) for value in shown.values()}
    there = [column for column in (str(refusal.parameters.get("field", "")), *columns) if column in row.cells]
    column = next((name for name in there if row[name] and row[name] in values), there[0] if there else "")
    words = ", ".join(f"{name.replace('_', ' ')} {value!r}" for name, value in shown.items())
    return column, f"{rule} ({words})" if words else rule, remedy


def _warn_of_shared(rows: Sequence[Row], report: FileReport) -> None:
    """Two parties with one Wikidata item are mostly one party renamed: a warning, for somebody to look at."""
    by_item: dict[str, list[int]] = {}
    for row in rows:
        if row["wikidata"]:
            by_item.setdefault(row["wikidata"], []).append(row.number)
    for item, numbers in by_item.items():
        if len(numbers) > 1:
            report.warnings.append(f"rows {ranges(numbers)} share the Wikidata item {item}")


REGION_COLUMNS = ("code", "label")


def ensure_regions(at: datetime) -> None:
    """See that the house's own region scheme stands; it comes with the product and is imported once."""
    if not RegionScheme.objects.filter(code=GENERAL_SCHEME, network=None).exists():
        import_regions(DATA / "regions.csv", at=at)


def import_regions(path: Path, *, at: datetime) -> Report:
    """Adopt the regions of a file: a new version of its scheme when anything differs, else nothing.

    Columns: code and label; kind (country or area), alpha2, parent, valid_from, valid_to, source, footnote may follow.
    The house's own file is the scheme ``un-m49``; any other file is a scheme of its own, named as the file.
    """
    begun = time.monotonic()
    if not path.is_file():
        raise BadInput(file=str(path), remedy="name a CSV file with the columns code and label")
    report = Report()
    noted = report.of(path.name)
    own = path.resolve() == (DATA / "regions.csv").resolve()
    code = GENERAL_SCHEME if own else slug(path.stem, 40)
    given = _regions(tables.read(path.read_bytes(), REGION_COLUMNS, noted), noted)
    latest = RegionScheme.objects.filter(code=code, network=None).order_by("-in_force_from", "-id").first()
    before = {region.code: _region_given(region) for region in _regions_of(latest)}
    for code_, region in given.items():
        noted.count("taken" if code_ not in before else "unchanged" if before[code_] == region else "changed")
    if given and (noted.taken or noted.changed):
        actions.adopt_region_scheme(
            code=code,
            version=_next_version(code, at),
            title="Countries, former states and areas" if own else path.stem,
            regions=[*given.values(), *(before[code_] for code_ in before if code_ not in given)],
            source="ISO 3166 and UN M49, own table" if own else path.name,
            licence="MIT-0" if own else "",
            in_force_from=at.date(),
            by=SYSTEM,
            at=at,
        )
    report.seconds = time.monotonic() - begun
    return report


def _regions(rows: Iterable[Row], report: FileReport) -> dict[str, RegionGiven]:
    rows = list(rows)
    codes = {row["code"] for row in rows}
    given: dict[str, RegionGiven] = {}
    for row in rows:
        try:
            region = _region(row, codes)
            if region.code in given:
                raise BadCell(column="code", reason=f"{region.code!r} stands above already", remedy="keep one row")
            given[region.code] = region
        except Refusal as refusal:
            report.refuse(row.number, *told(row, refusal))
    return {code: region for code, region in given.items() if not region.parent or region.parent in given}


def _region(row: Row, codes: set[str]) -> RegionGiven:
    kind = row["kind"] or "country"
    if kind not in {"country", "area"}:
        raise BadCell(column="kind", reason=f"{kind!r} is not known", remedy="write country or area")
    if len(row["code"]) > LONGEST_CODE:
        raise BadCell(column="code", reason="the code is too long", remedy=f"use at most {LONGEST_CODE} characters")
    if row["parent"] and row["parent"] not in codes:
        raise BadCell(column="parent", reason=f"{row['parent']!r} has no row here", remedy="add the parent's row")
    return RegionGiven(
        code=row["code"],
        label=row["label"],
        kind=kind,
        alpha2=row["alpha2"],
        parent=row["parent"],
        valid_from=_date(row, "valid_from"),
        valid_to=_date(row, "valid_to"),
        source=row["source"],
        footnote=row["footnote"],
    )


def _regions_of(scheme: RegionScheme | None) -> Iterable[Region]:
    return scheme.regions.select_related("parent") if scheme else ()


def _region_given(region: Region) -> RegionGiven:
    return RegionGiven(
        code=region.code,
        label=region.label,
        kind=region.kind,
        alpha2=region.alpha2,
        parent=region.parent.code if region.parent else "",
        valid_from=region.valid_from,
        valid_to=region.valid_to,
        source=region.source,
        footnote=region.footnote,
    )


def _next_version(code: str, at: datetime) -> str:
    day = at.date().isoformat()
    today = RegionScheme.objects.filter(code=code, version__startswith=day).count()
    return f"{day}.{today + 1}" if today else day
