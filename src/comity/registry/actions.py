"""What may be written in the registry. Facts about the real carry a source; nothing is overwritten without a trace."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from comity.plain.actors import ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.time import PartialDate, UnknownZone
from comity.record import actions as record
from comity.registry import access, queries
from comity.registry.core import persons, refusals, ties
from comity.registry.core.lineage import closes_circle
from comity.registry.core.names import fold
from comity.registry.models import (
    Correction,
    Identifier,
    Lineage,
    Link,
    LinkKind,
    MemberClass,
    Name,
    NamingNote,
    NetworkKind,
    Organ,
    Organisation,
    OrganisationKind,
    Region,
    RegionScheme,
    Reply,
    Restatement,
    Source,
    Spell,
    Standing,
    WingKind,
    partial,
)

UNIQUE_SCHEMES = frozenset({"registry-file", "facts", "partyfacts"})
"""Identifiers of which one organisation has one and no other has the same; others may be shared, and a page says so."""
JUDGED_KINDS = frozenset({OrganisationKind.WING, OrganisationKind.THINK_TANK, OrganisationKind.FOUNDATION})
NAME_ROLES = frozenset({"official", "native", "abbreviation", "former", "alias"})
LINEAGE_KINDS = frozenset({"succession", "merger", "split"})
CORRECTABLE = (*queries.RESTATABLE, "membership", "other")
LONGEST = 300
BATCH = 500
LONGEST_REPLY = 3000


@dataclass(frozen=True)
class Named:
    """A further name: official, native, abbreviation, former or alias, in a language, with the days it was borne."""

    text: str
    role: str = "alias"
    language: str = ""
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True)
class RegionGiven:
    """A region of a scheme to be adopted; ``parent`` is the code of another region of the same scheme."""

    code: str
    label: str
    kind: str = "country"
    alpha2: str = ""
    parent: str = ""
    valid_from: str = ""
    valid_to: str = ""
    source: str = ""
    footnote: str = ""


@dataclass(frozen=True)
class SourceGiven:
    """A source as it is stated: page, data set or document, and the partial date on which it said so."""

    title: str
    url: str
    stated_on: str
    licence: str = ""
    standing: str = "stated"
    primary: bool = False

    def key(self) -> tuple[str, str, str, str, bool]:
        """What makes it one source."""
        return self.title[:LONGEST], self.url, self.stated_on, self.standing, self.primary


def cite(
    *, title: str, url: str, stated_on: str, standing: str = Standing.STATED, primary: bool = False, licence: str = ""
) -> Source:
    """The source of that title, address, day, standing and rank: the one known, or a new one."""
    PartialDate.parse(stated_on)
    _one_of(standing, Standing.values, "standing")
    source, _ = Source.objects.get_or_create(
        title=title[:LONGEST],
        url=url,
        stated_on=stated_on,
        standing=standing,
        primary=primary,
        defaults={"licence": licence},
    )
    return source


@transaction.atomic
def cite_many(given: Iterable[SourceGiven]) -> dict[SourceGiven, Source]:
    """The sources of an import, the known and the new, in a few statements."""
    wanted = list(dict.fromkeys(given))
    found: dict[tuple[str, str, str, str, bool], Source] = {}
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        Source.objects.bulk_create(
            (
                Source(
                    title=source.title[:LONGEST],
                    url=source.url,
                    stated_on=str(PartialDate.parse(source.stated_on)),
                    standing=source.standing,
                    primary=source.primary,
                    licence=source.licence,
                )
                for source in some
            ),
            ignore_conflicts=True,
        )
        for row in Source.objects.filter(url__in={source.url for source in some}):
            found[row.title, row.url, row.stated_on, row.standing, row.primary] = row
    return {source: found[source.key()] for source in wanted}


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
    _one_of(network_kind, NetworkKind.values, "network_kind")
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
    _one_of(kind, OrganisationKind.values, "kind")
    if wing_kind:
        _one_of(wing_kind, WingKind.values, "wing_kind")
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
    access.require(access.may_write_registry(by))
    _check_facts(row)
    given = list(dict.fromkeys(identifiers))
    _refuse_known(given, None)
    row.recorded_at = at
    row.save(force_insert=True)
    Name.objects.bulk_create(_names(row, names))
    Identifier.objects.bulk_create(Identifier(organisation=row, scheme=s, value=v) for s, v in given)
    record.append(
        type,
        realm=Realm(row.realm),
        subject=_ref(row),
        by=by,
        at=at,
        level=Level(row.level),
        facts={
            "kind": row.kind,
            "name": row.name,
            "country": row.country,
            "founded": row.founded,
            "dissolved": row.dissolved,
            "source": _cited(row.source),
        },
        because=[_ref(row.parent)] if row.parent else (),
    )
    return row


def _check_facts(row: Organisation) -> None:
    if not row.name.strip() or len(row.name) > LONGEST:
        raise refusals.NoName(name=row.name[:60])
    if row.country and not queries.is_country(row.country, Realm(row.realm)):
        raise refusals.NoSuchCountry(country=row.country, remedy=refusals.NoSuchCountry.remedy)
    founded, dissolved = partial(row.founded), partial(row.dissolved)
    if founded and dissolved and dissolved.last < founded.first:
        raise refusals.DissolvedBeforeFounded(founded=row.founded, dissolved=row.dissolved)


def _refuse_persons(names: Iterable[str]) -> None:
    for name in names:
        if persons.looks_like_a_person(name):
            raise refusals.LooksLikeAPerson(name=name)


def _refuse_known(given: Iterable[tuple[str, str]], row: Organisation | None) -> None:
    unique = {(scheme, value) for scheme, value in given if scheme in UNIQUE_SCHEMES}
    if not unique:
        return
    holders = Identifier.objects.filter(value__in={value for _, value in unique}, scheme__in=UNIQUE_SCHEMES)
    for scheme, value, key, name in holders.values_list("scheme", "value", "organisation_id", "organisation__name"):
        if (scheme, value) in unique and (row is None or key != row.pk):
            raise refusals.DuplicateIdentifier(identifier=f"{scheme}:{value}", organisation=name)


def _names(row: Organisation, names: Iterable[Named]) -> list[Name]:
    """The rows of all names, the shown one and the abbreviation included, each text and role once."""
    all_names = [Named(row.name, "official", row.name_language)]
    if row.abbreviation:
        all_names.append(Named(row.abbreviation, "abbreviation"))
    rows = {}
    for given in [*all_names, *names]:
        _one_of(given.role, NAME_ROLES, "role")
        if given.text.strip():
            rows[given.text, given.role] = Name(
                organisation=row,
                text=given.text[:LONGEST],
                fold=fold(given.text)[:LONGEST],
                language=given.language,
                role=given.role,
                valid_from=given.valid_from,
                valid_to=given.valid_to,
                source=row.source,
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
    access.require(access.may_write_registry(by))
    return _restate(organisation, facts, names=names, identifiers=identifiers, source=source, by=by, at=at)


def _restate(
    row: Organisation,
    facts: Mapping[str, str],
    *,
    names: Iterable[Named] = (),
    identifiers: Iterable[tuple[str, str]] = (),
    source: Source | None,
    by: ActorRef,
    at: datetime,
) -> Organisation:
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
    _check_facts(proposed)
    fresh = [name for name in _names(proposed, names) if (name.text, name.role) not in had]
    if not (changed or added or fresh):
        return row
    if row.kind in JUDGED_KINDS:
        _refuse_persons(name.text for name in fresh)
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
    Identifier.objects.bulk_create(Identifier(organisation=row, scheme=s, value=v) for s, v in added)
    record.append(
        "registry.organisation_restated",
        realm=Realm(row.realm),
        subject=_ref(row),
        by=by,
        at=at,
        level=Level(row.level),
        facts={**changed, "names": [name.text for name in fresh], "source": _cited(source)},
    )
    return row


def link(
    *,
    subject: Organisation,
    object: Organisation,
    kind: str,
    standing: str,
    start: str = "",
    end: str = "",
    basis: str = "",
    source: Source | None = None,
    by: ActorRef,
    at: datetime,
    ended: bool = False,
    end_reason: str = "",
) -> Link:
    """State a spell of a tie, and return the tie; see ``state_spell``."""
    return state_spell(
        subject=subject,
        object=object,
        kind=kind,
        standing=standing,
        start=start,
        end=end,
        basis=basis,
        source=source,
        ended=ended,
        end_reason=end_reason,
        by=by,
        at=at,
    ).link


@transaction.atomic
def state_spell(
    *,
    subject: Organisation,
    object: Organisation,
    kind: str,
    standing: str,
    start: str = "",
    end: str = "",
    basis: str = "",
    source: Source | None = None,
    by: ActorRef,
    at: datetime,
    ended: bool = False,
    end_reason: str = "",
) -> Spell:
    """State a spell of a tie from one organisation to another; the tie itself is made with its first spell.

    ``ended`` says that a source calls it ended, with or without a day; then ``end_reason`` says why. Raises
    RealmsNeverMix, SelfTie, NotANetwork, BeforeFounding, EndBeforeStart, NoEndReason, OverlappingSpells (naming both).
    """
    access.require(access.may_link(by, subject, object, kind))
    spell = _spell(standing, start, end, ended=ended, end_reason=end_reason, source=source, at=at)
    _check_tie(subject, object, kind, spell)
    tie = Link.objects.filter(subject=subject, object=object, kind=kind).first()
    if tie is None:
        tie = Link(subject=subject, object=object, kind=kind, basis=basis, recorded_at=at)
        tie.save(force_insert=True)
    else:
        tie.subject, tie.object = subject, object
        _refuse_overlap(spell, tie.spells.filter(replaced_at=None))
    spell.link = tie
    spell.save(force_insert=True)
    _record_spell("registry.link_stated", spell, by=by, at=at, basis=basis)
    return spell


def _spell(
    standing: str, start: str, end: str, *, ended: bool, end_reason: str, source: Source | None, at: datetime
) -> Spell:
    _one_of(standing, MemberClass.values, "standing")
    begun, closed = partial(start), partial(end)
    if begun and closed and closed.last < begun.first:
        raise refusals.EndBeforeStart(start=start, end=end)
    over = ended or closed is not None
    if over and not end_reason.strip():
        raise refusals.NoEndReason(start=start, end=end, standing=standing)
    return Spell(
        standing=standing,
        start=start,
        end=end,
        ended=over,
        end_reason=end_reason[:LONGEST],
        source=source,
        unverified=standing in ties.SANCTIONS and not _dated_primary(source, begun),
        recorded_at=at,
    )


def _dated_primary(source: Source | None, begun: PartialDate | None) -> bool:
    return source is not None and source.primary and begun is not None


def _check_tie(subject: Organisation, to: Organisation, kind: str, spell: Spell) -> None:
    _one_of(kind, LinkKind.values, "kind")
    if subject.pk == to.pk:
        raise refusals.SelfTie(organisation=subject.name)
    if subject.realm != to.realm:
        raise refusals.RealmsNeverMix(subject=subject.name, object=to.name)
    if kind == LinkKind.MEMBERSHIP and to.kind != OrganisationKind.NETWORK:
        raise refusals.NotANetwork(organisation=to.name)
    start = partial(spell.start)
    if ties.surely_before(start, partial(subject.founded)):
        raise refusals.BeforeFounding(organisation=subject.name, founded=subject.founded, start=spell.start)


def _refuse_overlap(spell: Spell, others: Iterable[Spell]) -> None:
    for other in others:
        if _words(other) == _words(spell):
            raise refusals.SpellStandsAlready(spell=_told(spell))
        if spell.unverified or other.unverified:
            continue
        if ties.surely_overlap(spell.period(), other.period()):
            raise refusals.OverlappingSpells(one=_told(other), other=_told(spell))


def _words(spell: Spell) -> tuple[str, str, str, bool]:
    return spell.standing, spell.start, spell.end, spell.ended


def _told(spell: Spell) -> str:
    until = spell.end or ("ended" if spell.ended else "open")
    return f"{spell.standing} {spell.start or 'since an unknown day'} to {until}"


def _record_spell(type: str, spell: Spell, *, by: ActorRef, at: datetime, basis: str = "") -> None:
    tie = spell.link
    record.append(
        type,
        realm=Realm(tie.subject.realm),
        subject=Ref("link", tie.public_id),
        by=by,
        at=at,
        level=max(Level(tie.subject.level), Level(tie.object.level)),
        facts={
            "subject": tie.subject.public_id,
            "object": tie.object.public_id,
            "kind": tie.kind,
            "standing": spell.standing,
            "start": spell.start,
            "end": spell.end,
            "ended": spell.ended,
            "end_reason": spell.end_reason,
            "basis": basis,
            "source": _cited(spell.source),
        },
    )


def open_spell(tie: Link) -> Spell:
    """The spell of a tie that has not ended: the verified one, then the one that began last; NoOpenSpell otherwise."""
    spells = tie.spells.filter(replaced_at=None, ended=False).select_related("link__subject", "link__object")
    spell = spells.order_by("unverified", "-start", "-id").first()
    if spell is None:
        raise refusals.NoOpenSpell(link=tie.public_id)
    return spell


@transaction.atomic
def change_standing(
    link: Link, *, standing: str, on: str | date, source: Source | None = None, by: ActorRef, at: datetime
) -> Link:
    """Change the class of standing from a day on: the spell before ends on the eve, and says why."""
    access.require(access.may_link(by, link.subject, link.object, link.kind))
    day = str(on)
    before = open_spell(link)
    after = _spell(standing, day, "", ended=False, end_reason="", source=source, at=at)
    _close(before, _eve(day), reason=f"standing changed to {standing}", source=before.source, at=at)
    _refuse_overlap(after, link.spells.filter(replaced_at=None))
    after.link = link
    after.save(force_insert=True)
    _record_spell("registry.standing_changed", after, by=by, at=at)
    return link


@transaction.atomic
def end_link(
    link: Link, *, on: str | date, reason: str, source: Source | None = None, by: ActorRef, at: datetime
) -> Link:
    """End a tie on a day, which still belongs to it; it stays visible with its reason. ``on`` may be empty: unknown."""
    access.require(access.may_link(by, link.subject, link.object, link.kind))
    if not reason.strip():
        raise refusals.NoEndReason(link=link.public_id)
    closed = _close(open_spell(link), str(on), reason=reason, source=source, at=at)
    _record_spell("registry.link_ended", closed, by=by, at=at)
    return link


def _close(spell: Spell, day: str, *, reason: str, source: Source | None, at: datetime) -> Spell:
    """Replace an open spell by the same one with an end; both stay, each known in its time."""
    closed = _spell(
        spell.standing, spell.start, day, ended=True, end_reason=reason, source=source or spell.source, at=at
    )
    closed.link = spell.link
    closed.unverified = spell.unverified
    return _replace(spell, closed, at)


def _replace(spell: Spell, later: Spell, at: datetime) -> Spell:
    if not Spell.objects.filter(pk=spell.pk, replaced_at=None).update(replaced_at=at):
        raise refusals.NoOpenSpell(link=spell.link.public_id)
    later.save(force_insert=True)
    return later


def _eve(day: str) -> str:
    """The day before a stated day; a partial date is its own eve, because the change lies somewhere in it."""
    stated = PartialDate.parse(day)
    return str(stated.first - timedelta(days=1)) if stated.exact else day


@transaction.atomic
def restate_spell(
    spell: Spell,
    *,
    standing: str,
    start: str = "",
    end: str = "",
    ended: bool = False,
    end_reason: str = "",
    source: Source | None = None,
    by: ActorRef,
    at: datetime,
) -> Spell:
    """State a spell anew because its source now says otherwise; what was recorded before stays known as it was."""
    tie = spell.link
    access.require(access.may_link(by, tie.subject, tie.object, tie.kind))
    later = _spell(standing, start, end, ended=ended, end_reason=end_reason, source=source, at=at)
    later.link = tie
    _check_tie(tie.subject, tie.object, tie.kind, later)
    _refuse_overlap(later, tie.spells.filter(replaced_at=None).exclude(pk=spell.pk))
    _replace(spell, later, at)
    _record_spell("registry.link_restated", later, by=by, at=at)
    return later


@transaction.atomic
def record_lineage(
    *,
    earlier: Organisation,
    later: Organisation,
    kind: str,
    at_date: str = "",
    source: Source | None = None,
    by: ActorRef,
    at: datetime,
) -> Lineage:
    """Record that one organisation follows, merges into or splits from another.

    Raises CircularLineage when the row would close a circle, a self-link included; the rows before it stand.
    """
    access.require(access.may_write_registry(by))
    _one_of(kind, LINEAGE_KINDS, "kind")
    partial(at_date)
    if earlier.realm != later.realm:
        raise refusals.RealmsNeverMix(earlier=earlier.name, later=later.name)
    if closes_circle(earlier.pk, later.pk, _followers):
        raise refusals.CircularLineage(earlier=earlier.name, later=later.name)
    row, new = Lineage.objects.get_or_create(
        earlier=earlier, later=later, kind=kind, defaults={"at": at_date, "source": source, "recorded_at": at}
    )
    if not new:
        raise refusals.LineageStandsAlready(earlier=earlier.name, later=later.name, kind=kind)
    record.append(
        "registry.lineage_recorded",
        realm=Realm(earlier.realm),
        subject=_ref(later),
        by=by,
        at=at,
        level=max(Level(earlier.level), Level(later.level)),
        facts={"earlier": earlier.public_id, "kind": kind, "at": at_date, "source": _cited(source)},
    )
    return row


def _followers(rows: set[int]) -> list[int]:
    return list(Lineage.objects.filter(earlier__in=rows).values_list("later_id", flat=True))


@transaction.atomic
def establish_organ(*, network: Organisation, name: str, by: ActorRef, at: datetime) -> Organ:
    """Establish an organ of a network: congress, council, bureau."""
    access.require(access.may_write_network(by, network))
    _require_network(network)
    if not name.strip():
        raise refusals.NoName(name=name)
    if Organ.objects.filter(network=network, name=name).exists():
        raise refusals.DuplicateOrgan(network=network.name, name=name)
    organ = Organ.objects.create(network=network, name=name, recorded_at=at)
    record.append(
        "registry.organ_established",
        realm=Realm(network.realm),
        subject=Ref("organ", organ.public_id),
        by=by,
        at=at,
        facts={"network": network.public_id, "name": name},
    )
    return organ


@transaction.atomic
def name_territory(
    *,
    network: Organisation,
    code: str,
    label: str,
    footnote: str = "",
    basis: str = "",
    from_day: date,
    by: ActorRef,
    at: datetime,
) -> NamingNote:
    """Decide how a network names a territory, with its footnote. No list of the house limits the codes it may name."""
    access.require(access.may_write_network(by, network))
    _require_network(network)
    if not code.strip() or not label.strip():
        raise refusals.NoName(code=code, name=label)
    note, new = NamingNote.objects.get_or_create(
        network=network,
        code=code,
        in_force_from=from_day,
        defaults={"label": label, "footnote": footnote, "basis": basis, "recorded_at": at},
    )
    if not new:
        raise refusals.NamedThatDayAlready(code=code, day=from_day.isoformat())
    record.append(
        "registry.territory_named",
        realm=Realm(network.realm),
        subject=_ref(network),
        by=by,
        at=at,
        facts={
            "code": code,
            "label": label,
            "footnote": footnote,
            "basis": basis,
            "in_force_from": from_day.isoformat(),
        },
    )
    return note


@transaction.atomic
def adopt_region_scheme(
    *,
    code: str,
    version: str,
    title: str,
    regions: Iterable[RegionGiven],
    source: str,
    in_force_from: date,
    network: Organisation | None = None,
    licence: str = "",
    by: ActorRef,
    at: datetime,
) -> RegionScheme:
    """Adopt a dated division of the world, of the house or of a network; a change is a new version, never an edit."""
    access.require(access.may_write_registry(by) if network is None else access.may_write_network(by, network))
    if network is not None:
        _require_network(network)
    if RegionScheme.objects.filter(code=code, version=version).exists():
        raise refusals.SchemeStandsAlready(code=code, version=version)
    given = list(regions)
    codes = [region.code for region in given]
    if twice := sorted({name for name in codes if codes.count(name) > 1}):
        raise refusals.DuplicateRegion(code=twice[0])
    scheme = RegionScheme.objects.create(
        code=code,
        version=version,
        title=title,
        network=network,
        in_force_from=in_force_from,
        source=source,
        licence=licence,
    )
    _write_regions(scheme, given)
    record.append(
        "registry.region_scheme_adopted",
        realm=Realm(network.realm) if network else Realm.REAL,
        subject=Ref("region-scheme", scheme.public_id),
        by=by,
        at=at,
        facts={"code": code, "version": version, "title": title, "regions": len(given), "source": source},
    )
    return scheme


def _write_regions(scheme: RegionScheme, given: Sequence[RegionGiven]) -> None:
    for region in given:
        _one_of(region.kind, ("country", "area"), "kind")
        if not region.code.strip() or not region.label.strip():
            raise refusals.NoName(code=region.code, name=region.label)
        partial(region.valid_from)
        partial(region.valid_to)
    rows = {
        region.code: Region(
            scheme=scheme,
            code=region.code,
            alpha2=region.alpha2,
            label=region.label,
            kind=region.kind,
            valid_from=region.valid_from,
            valid_to=region.valid_to,
            source=region.source,
            footnote=region.footnote,
        )
        for region in given
    }
    Region.objects.bulk_create(rows.values())
    for region in given:
        if region.parent:
            if region.parent not in rows:
                raise refusals.NoSuchCountry(country=region.parent, remedy="name the parent in the same scheme")
            rows[region.code].parent = rows[region.parent]
    Region.objects.bulk_update(rows.values(), ["parent"], batch_size=200)


@transaction.atomic
def propose_correction(
    organisation: Organisation,
    *,
    field: str,
    proposed: str,
    source_url: str,
    stated: str = "",
    by: ActorRef,
    at: datetime,
) -> Correction:
    """Propose a correction of what a page states, with its source; anyone may, and every proposal is kept."""
    access.require(access.may_propose_correction(by, organisation))
    if field not in CORRECTABLE:
        raise refusals.UnknownField(field=field)
    if not source_url.startswith(("https://", "http://")):
        raise refusals.NoSourceGiven(source=source_url)
    if len(proposed) > LONGEST:
        raise refusals.NoName(name=proposed[:60])
    correction = Correction.objects.create(
        organisation=organisation,
        field=field,
        stated=stated or (str(getattr(organisation, field)) if field in queries.RESTATABLE else ""),
        proposed=proposed,
        source_url=source_url,
        proposed_at=at,
    )
    record.append(
        "registry.correction_proposed",
        realm=Realm(organisation.realm),
        subject=Ref("correction", correction.public_id),
        by=by,
        at=at,
        facts={"organisation": organisation.public_id, "field": field, "proposed": proposed, "source": source_url},
        because=[_ref(organisation)],
    )
    return correction


@transaction.atomic
def decide_correction(correction: Correction, *, accept: bool, reason: str, by: ActorRef, at: datetime) -> Correction:
    """Accept a correction, which states the fact anew, or not; either way with a reason, once."""
    access.require(access.may_decide_correction(by, correction))
    if not reason.strip():
        raise refusals.NoReasonGiven(correction=correction.public_id)
    state = "accepted" if accept else "not-accepted"
    claimed = Correction.objects.filter(pk=correction.pk, state="open").update(
        state=state, reason=reason, decided_by=str(by), decided_at=at
    )
    if not claimed:
        raise refusals.DecidedAlready(correction=correction.public_id)
    correction.refresh_from_db()
    organisation = correction.organisation
    if accept and correction.field in queries.RESTATABLE:
        source = cite(title=correction.source_url, url=correction.source_url, stated_on=at.date().isoformat())
        facts = {correction.field: correction.proposed}
        _restate(organisation, facts, source=source, by=by, at=at)
    record.append(
        "registry.correction_decided",
        realm=Realm(organisation.realm),
        subject=Ref("correction", correction.public_id),
        by=by,
        at=at,
        facts={"accepted": accept, "reason": reason},
        because=[_ref(organisation)],
    )
    return correction


@transaction.atomic
def reply(organisation: Organisation, *, words: str, language: str, by: ActorRef, at: datetime) -> Reply:
    """File an organisation's own words about what its page says; they are shown wherever that is shown."""
    access.require(access.may_reply(by, organisation))
    if not words.strip() or len(words) > LONGEST_REPLY:
        raise refusals.NoWords(length=len(words))
    row = Reply.objects.create(organisation=organisation, words=words, language=language, at=at)
    record.append(
        "registry.reply_filed",
        realm=Realm(organisation.realm),
        subject=Ref("reply", row.public_id),
        by=by,
        at=at,
        facts={"organisation": organisation.public_id, "words": words, "language": language},
        because=[_ref(organisation)],
    )
    return row


def _require_network(network: Organisation) -> None:
    if network.kind != OrganisationKind.NETWORK:
        raise refusals.NotANetwork(organisation=network.name)


def _one_of(value: str, known: Iterable[str], field: str) -> None:
    if value not in known:
        raise refusals.UnknownChoice(field=field, value=value, known=", ".join(sorted(known)))


def _cited(source: Source | None) -> str:
    return (source.url or source.title) if source else ""


def _ref(organisation: Organisation) -> Ref:
    return Ref("organisation", organisation.public_id)
