"""Organisations: listed, their facts stated anew."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from comity.plain.actors import ActorRef, require
from comity.plain.levels import Level, Realm
from comity.plain.time import UnknownZone
from comity.record import actions as record
from comity.registry import access, queries
from comity.registry.actions.checks import LONGEST, cited, fit, one_of, ref_of
from comity.registry.actions.indexing import index
from comity.registry.core import persons, refusals
from comity.registry.core.names import MOST_NAMES, fold, require_honest
from comity.registry.models import (
    Identifier,
    Name,
    NetworkKind,
    Organisation,
    OrganisationKind,
    Restatement,
    Source,
    WingKind,
    partial,
)

UNIQUE_SCHEMES = frozenset({"registry-file", "facts", "partyfacts"})
"""Identifiers of which one organisation has one and no other has the same; others may be shared, and a page says so."""
JUDGED_KINDS = frozenset({OrganisationKind.WING, OrganisationKind.THINK_TANK, OrganisationKind.FOUNDATION})
NAME_ROLES = frozenset({"official", "native", "abbreviation", "former", "alias"})


@dataclass(frozen=True)
class Named:
    """A further name: official, native, abbreviation, former or alias, in a language, with the days it was borne."""

    text: str
    role: str = "alias"
    language: str = ""
    valid_from: str = ""
    valid_to: str = ""


@transaction.atomic
def found_network(
    *,
    name: str,
    realm: Realm,
    network_kind: str,
    time_zone: str = "UTC",
    languages: Sequence[str] = ("en",),
    by: ActorRef,
    at: datetime,
    public_source: Source | None = None,
    name_language: str = "en",
    abbreviation: str = "",
    names: Iterable[Named] = (),
    identifiers: Iterable[tuple[str, str]] = (),
    founded: str = "",
    dissolved: str = "",
) -> Organisation:
    """List a network with its own time zone and working languages; organs and rules are its own from then on."""
    one_of(network_kind, NetworkKind.values, "network_kind")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UnknownZone(zone=time_zone) from error
    network = Organisation(
        kind=OrganisationKind.NETWORK,
        network_kind=network_kind,
        realm=realm.value,
        name=name,
        name_language=name_language,
        abbreviation=abbreviation,
        founded=founded,
        dissolved=dissolved,
        time_zone=time_zone,
        languages=list(languages),
        source=public_source,
    )
    return _list(network, names, identifiers, by=by, at=at, type="registry.network_founded")


@transaction.atomic
def list_organisation(
    *,
    realm: Realm,
    kind: str,
    name: str,
    country: str = "",
    names: Iterable[Named] = (),
    identifiers: Iterable[tuple[str, str]] = (),
    abbreviation: str = "",
    parent: Organisation | None = None,
    founded: str = "",
    dissolved: str = "",
    source: Source | None = None,
    by: ActorRef,
    at: datetime,
    name_language: str = "en",
    wing_kind: str = "",
    level: Level = Level.PUBLIC,
) -> Organisation:
    """List an organisation with its names and identifiers. Listing is no endorsement.

    Raises NoSuchCountry, DuplicateIdentifier, DissolvedBeforeFounded, and LooksLikeAPerson for wings and think tanks.
    """
    one_of(kind, OrganisationKind.values, "kind")
    if wing_kind:
        one_of(wing_kind, WingKind.values, "wing_kind")
    names = list(names)
    if kind in JUDGED_KINDS:
        _refuse_persons([name, *(given.text for given in names)])
    if parent is not None and parent.realm != realm.value:
        raise refusals.RealmsNeverMix(parent=parent.name, realm=realm.value)
    organisation = Organisation(
        kind=kind,
        wing_kind=wing_kind,
        realm=realm.value,
        level=level,
        name=name,
        name_language=name_language,
        abbreviation=abbreviation,
        country=country,
        parent=parent,
        founded=founded,
        dissolved=dissolved,
        source=source,
    )
    return _list(organisation, names, identifiers, by=by, at=at, type="registry.organisation_listed")


def _list(
    row: Organisation,
    names: Iterable[Named],
    identifiers: Iterable[tuple[str, str]],
    *,
    by: ActorRef,
    at: datetime,
    type: str,
) -> Organisation:
    require(access.may_write_registry(by))
    check_facts(row)
    given = list(dict.fromkeys(identifiers))
    _refuse_known(given, None)
    row.recorded_at = at
    named = _names(row, names, at)
    _require_honest(named)
    identified = [Identifier(organisation=row, scheme=scheme, value=value) for scheme, value in given]
    fit(row, *named, *identified)
    row.save(force_insert=True)
    Name.objects.bulk_create(named)
    Identifier.objects.bulk_create(identified)
    index(row, at=at)
    record.append(
        type,
        realm=Realm(row.realm),
        subject=ref_of(row),
        by=by,
        at=at,
        level=Level(row.level),
        facts={
            "kind": row.kind,
            "name": row.name,
            "country": row.country,
            "founded": row.founded,
            "dissolved": row.dissolved,
            "source": cited(row.source),
        },
        because=[ref_of(row.parent)] if row.parent else (),
    )
    return row


def check_facts(row: Organisation) -> None:
    """See that name, country and dates of an organisation can be."""
    if not row.name.strip() or len(row.name) > LONGEST:
        raise refusals.NoName(field="name", name=row.name[:60])
    if row.country and not queries.is_country(row.country, Realm(row.realm)):
        raise refusals.NoSuchCountry(country=row.country, remedy=refusals.NoSuchCountry.remedy)
    founded, dissolved = partial(row.founded), partial(row.dissolved)
    if founded and dissolved and dissolved.last < founded.first:
        raise refusals.DissolvedBeforeFounded(founded=row.founded, dissolved=row.dissolved)


def _refuse_persons(names: Iterable[str]) -> None:
    for name in names:
        if persons.looks_like_a_person(name):
            raise refusals.LooksLikeAPerson(name=name)


def _require_honest(names: list[Name], *, borne_already: int = 0) -> None:
    if len(names) + borne_already > MOST_NAMES:
        raise refusals.TooManyNames(field="names", names=len(names) + borne_already, most=MOST_NAMES)
    for name in names:
        require_honest(name.text, "abbreviation" if name.role == "abbreviation" else "name")


def _refuse_known(given: Iterable[tuple[str, str]], row: Organisation | None) -> None:
    unique = {(scheme, value) for scheme, value in given if scheme in UNIQUE_SCHEMES}
    if not unique:
        return
    holders = Identifier.objects.filter(scheme__in=UNIQUE_SCHEMES, value__in={value for _, value in unique})
    for holder in holders:
        if (holder.scheme, holder.value) in unique and (row is None or holder.organisation_id != row.pk):
            raise refusals.DuplicateIdentifier(identifier=str(holder), organisation=holder.organisation.name)


def _names(row: Organisation, names: Iterable[Named], at: datetime) -> list[Name]:
    """The rows of all names, the shown one and the abbreviation included, each text and role once."""
    all_names = [Named(row.name, "official", row.name_language)]
    if row.abbreviation:
        all_names.append(Named(row.abbreviation, "abbreviation"))
    rows = {}
    for given in [*all_names, *names]:
        one_of(given.role, NAME_ROLES, "role")
        if given.text.strip():
            rows[given.text, given.role] = Name(
                organisation=row,
                text=given.text,
                fold=fold(given.text)[:LONGEST],
                language=given.language,
                role=given.role,
                valid_from=given.valid_from,
                valid_to=given.valid_to,
                source=row.source,
                recorded_at=at,
            )
    return list(rows.values())


@transaction.atomic
def restate(
    organisation: Organisation,
    *,
    facts: Mapping[str, str],
    names: Iterable[Named] = (),
    identifiers: Iterable[tuple[str, str]] = (),
    source: Source | None = None,
    by: ActorRef,
    at: datetime,
) -> Organisation:
    """State an organisation's plain facts anew; what was recorded before stays known as it was.

    ``facts`` may hold name, abbreviation, country, founded, dissolved; new names and identifiers are added. Nothing is
    written when nothing differs.
    """
    require(access.may_write_registry(by))
    return restate_checked(organisation, facts, names=names, identifiers=identifiers, source=source, by=by, at=at)


def restate_checked(
    row: Organisation,
    facts: Mapping[str, str],
    *,
    names: Iterable[Named] = (),
    identifiers: Iterable[tuple[str, str]] = (),
    source: Source | None,
    by: ActorRef,
    at: datetime,
) -> Organisation:
    """Restate without asking who acts: for those who asked already."""
    changed = {name: value for name, value in facts.items() if getattr(row, name) != value}
    if unknown := set(facts) - set(queries.RESTATABLE):
        raise refusals.UnknownField(field=sorted(unknown)[0])
    had = {(name.text, name.role) for name in row.names.all()}
    borne = set(row.identifiers.values_list("scheme", "value"))
    added = [given for given in dict.fromkeys(identifiers) if given not in borne]
    _refuse_known(added, row)
    before = {name: getattr(row, name) for name in changed}
    source_before = row.source
    proposed = copy(row)
    for name, value in changed.items():
        setattr(proposed, name, value)
    check_facts(proposed)
    fresh = [name for name in _names(proposed, names, at) if (name.text, name.role) not in had]
    if not (changed or added or fresh):
        return row
    _require_honest(fresh, borne_already=len(had))
    if row.kind in JUDGED_KINDS:
        _refuse_persons(name.text for name in fresh)
    identified = [Identifier(organisation=row, scheme=scheme, value=value) for scheme, value in added]
    fit(proposed, *fresh, *identified)
    for name, value in changed.items():
        setattr(row, name, value)
    row.source = source or row.source
    row.save()
    Restatement.objects.bulk_create(
        Restatement(
            organisation=row,
            field=name,
            before=before[name],
            after=value,
            source_before=source_before,
            recorded_at=at,
        )
        for name, value in changed.items()
    )
    if "name" in changed:
        row.names.filter(role="official", text=before["name"]).update(role="former")
    Name.objects.bulk_create(fresh)
    Identifier.objects.bulk_create(identified)
    if fresh:
        index(row, at=at)
    record.append(
        "registry.organisation_restated",
        realm=Realm(row.realm),
        subject=ref_of(row),
        by=by,
        at=at,
        level=Level(row.level),
        facts={**changed, "names": [name.text for name in fresh], "source": cited(source)},
    )
    return row
