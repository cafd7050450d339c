"""All that the registry holds of one organisation besides its links, in one look, and its links with its family."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Model, Q

from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.wanted import Found, Wanted
from comity.record.together import Together
from comity.registry.models import (
    Correction,
    Identifier,
    Lineage,
    Name,
    NamingNote,
    Organ,
    Organisation,
    OrganisationKind,
    Region,
    RegionScheme,
    Reply,
    Restatement,
    Source,
)
from comity.registry.queries import RESTATABLE, LinksOn, links_between, schemes_of, seen_ends, spells_of


class NameRow(NamedTuple):
    """A name as a page reads it: what it is, when it was borne, on whose word, and when it was recorded."""

    role: str
    text: str
    language: str
    begin: str
    end: str
    recorded_at: datetime
    exactly: bool
    """Whether it was recorded at that instant, or by it, nobody knows when."""
    source: Source | None


@dataclass(frozen=True)
class Said:
    """What was stated anew of an organisation, what was proposed, and what it replied: each newest first."""

    restatements: list[Restatement]
    corrections: list[Correction]
    replies: list[Reply]


@dataclass(frozen=True)
class About:
    """What the registry holds of an organisation."""

    names: list[NameRow]
    identifiers: list[tuple[str, str]]
    """Registry and value each."""
    said: Said
    lines: list[Lineage]
    """What came before and after, with the keys of both ends: whether the reader may see them is not asked here."""
    notes: list[NamingNote]
    """How networks name its country, the earliest first."""
    regions: list[Region]
    """What its country is called by the schemes of its realm."""
    organs: list[Organ]
    """Of a network, as all that follows: the first first."""
    schemes: list[RegionScheme]
    naming: list[NamingNote]
    """How it names countries itself, the earliest first."""


def about(organisation: Organisation, known_by: datetime) -> About:
    """All of it; what stands in time (lineage, notes, organs) as it was recorded by an instant."""
    network = organisation.kind == OrganisationKind.NETWORK
    asked = _ASKED[Realm(organisation.realm), network]
    names, identifiers, restated, proposed, replies, lines, notes, regions, *own = asked.found(
        organisation=organisation.pk, code=organisation.country, known_by=known_by
    )
    organs, schemes, naming = own or [Found([], 0)] * 3
    return About(
        names=[_named(row) for row in names.rows],
        identifiers=sorted((row.scheme, row.value) for row in identifiers.rows),
        said=Said(restated.rows[::-1], proposed.rows[::-1], replies.rows[::-1]),
        lines=lines.rows,
        # Told apart here: asked of the database, it goes through every organisation of the realm.
        notes=[row for row in notes.rows if row.network.realm == organisation.realm],
        regions=regions.rows,
        organs=organs.rows,
        schemes=schemes.rows,
        naming=naming.rows,
    )


def _named(row: Name) -> NameRow:
    return NameRow(
        row.role,
        row.text,
        row.language,
        row.valid_from,
        row.valid_to,
        row.recorded_at,
        row.recorded_exactly,
        row.source,
    )


def _of(model: type[Model], *beyond: str) -> tuple[str, ...]:
    """Every column of a model, and of the rows that these relations lead to."""
    own = tuple(column.attname for column in model._meta.concrete_fields)
    related: list[tuple[str, Any]] = [(name, model._meta.get_field(name).related_model) for name in beyond]
    return own + tuple(f"{name}__{column.attname}" for name, other in related for column in other._meta.concrete_fields)


_NOTE = (*_of(NamingNote), *(f"network__{name}" for name in ("public_id", "kind", "realm", "name", "name_language")))


def _wanted(realm: Realm, network: bool, *, organisation: int, code: str, known_by: datetime) -> Sequence[Wanted]:
    own = {"organisation": organisation}
    lines = Lineage.objects.filter(Q(earlier=organisation) | Q(later=organisation), recorded_at__lte=known_by)
    notes = NamingNote.objects.filter(recorded_at__lte=known_by)
    wanted = [
        Wanted(Name.objects.filter(**own), _of(Name, "source")),
        Wanted(Identifier.objects.filter(**own), ("scheme", "value")),
        Wanted(Restatement.objects.filter(**own), _of(Restatement), by=("recorded_at", "pk")),
        Wanted(Correction.objects.filter(**own), _of(Correction), by=("proposed_at", "pk")),
        Wanted(Reply.objects.filter(**own), _of(Reply), by=("at", "pk")),
        Wanted(lines, _of(Lineage, "source"), by=("at", "pk")),
        Wanted(notes.filter(code=code), _NOTE, by=("in_force_from", "pk")),
        Wanted(Region.objects.filter(schemes_of(realm), code=code), _of(Region, "scheme")),
    ]
    if network:
        wanted += [
            Wanted(Organ.objects.filter(network=organisation, recorded_at__lte=known_by), _of(Organ)),
            Wanted(RegionScheme.objects.filter(network=organisation), _of(RegionScheme), by=("in_force_from", "pk")),
            Wanted(notes.filter(network=organisation), _of(NamingNote), by=("in_force_from", "pk")),
        ]
    return wanted


_ASKED = {
    (realm, network): Together(partial(_wanted, realm, network), organisation=int, code=str, known_by=datetime)
    for realm in Realm
    for network in (False, True)
}


def names_known(names: Iterable[NameRow], known_by: datetime, restated: Iterable[Restatement]) -> list[NameRow]:
    """The names as they were recorded by an instant: what was recorded later is gone, a name replaced later is borne.

    A name of which only the latest day of its record is kept stays: nobody can say that it was not known.
    """
    later = {row.before for row in restated if row.field == "name" and row.recorded_at > known_by}
    return [
        row._replace(role="official") if row.role == "former" and row.text in later else row
        for row in names
        if row.recorded_at <= known_by or not row.exactly
    ]


def facts_known(organisation: Organisation, known_by: datetime, restated: Iterable[Restatement]) -> dict[str, str]:
    """An organisation's plain facts as they stood recorded at an instant: later statements are taken back.

    ``restated`` are all its restatements, the newest first.
    """
    said = {name: str(getattr(organisation, name)) for name in RESTATABLE}
    for change in restated:
        if change.recorded_at > known_by:
            said[change.field] = change.before
    return said


@dataclass(frozen=True)
class Family:
    """What came directly before, what came directly after, and what is part of an organisation."""

    before: list[Lineage]
    after: list[Lineage]
    parts: list[Organisation]


def family_of(organisation: Organisation, lines: Iterable[Lineage], ends: Mapping[int, Organisation]) -> Family:
    """The family of an organisation, of the organisations by key that the reader may see; parts by name."""
    seen = [row for row in lines if row.earlier_id in ends and row.later_id in ends]
    for row in seen:
        row.earlier, row.later = ends[row.earlier_id], ends[row.later_id]
    parts = [row for row in ends.values() if row.parent_id == organisation.pk]
    return Family(
        before=[row for row in seen if row.later_id == organisation.pk],
        after=[row for row in seen if row.earlier_id == organisation.pk],
        parts=sorted(parts, key=lambda row: (row.name, row.pk)),
    )


def lineage_of(
    organisation: Organisation, known_by: datetime, actor: ActorRef = ANONYMOUS
) -> tuple[list[Lineage], list[Lineage]]:
    """What came directly before and what came directly after, as far as this reader may see it."""
    lines = about(organisation, known_by).lines
    ends = seen_ends((pk for row in lines for pk in (row.earlier_id, row.later_id)), actor, known_by)
    family = family_of(organisation, lines, ends)
    return family.before, family.after


@dataclass(frozen=True)
class Bonds:
    """The links of an organisation on a day, its family, and all organisations that these name, by key."""

    links: LinksOn
    family: Family
    ends: dict[int, Organisation]


def bonds_of(organisation: Organisation, lines: Sequence[Lineage], place: Place, known_by: datetime) -> Bonds:
    """Both, with one look for all organisations at the other ends."""
    spells = spells_of(organisation, known_by)
    ids = [*(pk for row in spells for pk in row[4:6]), *(pk for row in lines for pk in (row.earlier_id, row.later_id))]
    ends = seen_ends(ids, place.actor, known_by, part_of=organisation.pk)
    links = links_between(organisation, spells, ends, place.as_of, known_by)
    return Bonds(links, family_of(organisation, lines, ends), ends)
