"""What the registry knows: ties on a day, members over the years, names of territories, for one reader."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from babel import Locale, UnknownLocaleError
from django.db.models import Q

from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.kinds import Called
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.time import Period, When
from comity.registry.core import ties
from comity.registry.core.names import fold
from comity.registry.core.ties import Life, Spoken, Why
from comity.registry.models import (
    Lineage,
    Link,
    LinkKind,
    MemberClass,
    Name,
    NamingNote,
    Organisation,
    OrganisationKind,
    OrganisationQuerySet,
    Region,
    Restatement,
    Source,
    Spell,
    partial,
    spells_in_force,
)

RESTATABLE = ("name", "abbreviation", "country", "founded", "dissolved")


@dataclass(frozen=True)
class SpellView:
    """One spell as it answers for a day."""

    spell: Spell
    when: When
    why: Why

    @property
    def standing(self) -> str:
        """Its class of standing."""
        return self.spell.standing

    @property
    def source(self) -> Source | None:
        """Who stated it."""
        return self.spell.source


@dataclass(frozen=True)
class LinkView:
    """One tie as it stands on a day: the spell that speaks for it, and its other spells, newest first."""

    link: Link
    other: Organisation
    """The organisation at the other end."""
    outward: bool
    """True when the organisation asked about is the subject (the member, the part)."""
    spell: Spell
    when: When
    why: Why
    history: tuple[SpellView, ...] = ()

    @property
    def kind(self) -> str:
        """What kind of tie."""
        return self.link.kind

    @property
    def standing(self) -> str:
        """The class of standing of the spell that speaks."""
        return self.spell.standing

    @property
    def start(self) -> str:
        """When it began: a partial date, or empty."""
        return self.spell.start

    @property
    def end(self) -> str:
        """When it ended: a partial date, or empty."""
        return self.spell.end

    @property
    def ended(self) -> bool:
        """Whether a source says that it ended."""
        return self.spell.ended

    @property
    def end_reason(self) -> str:
        """Why it ended, in the words stated; the end of the organisation itself is told by ``why``."""
        return self.spell.end_reason

    @property
    def unverified(self) -> bool:
        """Whether it is a sanction without a dated primary source."""
        return self.spell.unverified

    @property
    def source(self) -> Source | None:
        """Who stated it."""
        return self.spell.source

    @property
    def stated_on(self) -> str:
        """The day, month or year of the statement."""
        return self.spell.source.stated_on if self.spell.source else ""


@dataclass(frozen=True)
class LinksOn:
    """The ties of an organisation on a day, each tie in exactly one group."""

    in_force: list[LinkView] = field(default_factory=list)
    not_in_force: list[LinkView] = field(default_factory=list)
    date_unknown: list[LinkView] = field(default_factory=list)

    def group(self, when: When) -> list[LinkView]:
        """The list of one answer."""
        return {
            When.IN_FORCE: self.in_force,
            When.NOT_IN_FORCE: self.not_in_force,
            When.UNKNOWN: self.date_unknown,
        }[when]

    def __iter__(self) -> Iterator[LinkView]:
        yield from self.in_force
        yield from self.date_unknown
        yield from self.not_in_force


def organisations(realm: Realm, actor: ActorRef = ANONYMOUS, at: datetime | None = None) -> OrganisationQuerySet:
    """The organisations of a realm that a reader may see."""
    return Organisation.objects.visible_to(actor, at or datetime.now(UTC)).in_realm(realm)


def known(known_by: datetime) -> Q:
    """The spells that were recorded by an instant and not yet replaced."""
    return Q(recorded_at__lte=known_by) & (Q(replaced_at=None) | Q(replaced_at__gt=known_by))


def links_on(
    organisation: Organisation,
    day: date,
    *,
    known_by: datetime,
    actor: ActorRef = ANONYMOUS,
    kinds: Iterable[str] = LinkKind.values,
) -> LinksOn:
    """The ties of an organisation on a day, as far as recorded by an instant, in three groups.

    Ties to an organisation that this reader may not see are left out.
    """
    ends = Q(link__subject=organisation) | Q(link__object=organisation)
    spells = _spells(Q(ends, link__kind__in=list(kinds)), known_by, actor)
    return _grouped(organisation, spells, day, known_by)


def members_on(
    network: Organisation, day: date, known_by: datetime | None = None, *, actor: ActorRef = ANONYMOUS
) -> LinksOn:
    """A network's members on a day, in the same three groups."""
    at = known_by or datetime.now(UTC)
    spells = _spells(Q(link__object=network, link__kind=LinkKind.MEMBERSHIP), at, actor)
    return _grouped(network, spells, day, at)


def networks_of(public_id: str, day: date, known_by: datetime | None = None) -> list[Organisation]:
    """The networks of which an organisation is surely a member on a day, sanctions and bare statements left out."""
    at = known_by or datetime.now(UTC)
    organisation = Organisation.objects.get(public_id=public_id)
    spells = _spells(Q(link__subject=organisation, link__kind=LinkKind.MEMBERSHIP), at, ANONYMOUS)
    views = _grouped(organisation, spells, day, at).in_force
    return [view.other for view in views if view.standing != MemberClass.SUSPENDED or view.unverified]


def standing_of(party: Organisation, network: Organisation, day: date, known_by: datetime | None = None) -> str | None:
    """The class of standing that counts on a day: a member class, "" when none is in force, None when unknown.

    A suspension without a dated primary source does not count: the class it would have suspended stands, and where no
    source states one, the party is a plain member.
    """
    at = known_by or datetime.now(UTC)
    chosen = Q(link__subject=party, link__object=network, link__kind=LinkKind.MEMBERSHIP)
    spells = list(_spells(chosen, at, ANONYMOUS))
    views = _grouped(party, [spell for spell in spells if not spell.unverified], day, at)
    if views.in_force:
        return views.in_force[0].standing
    reported = _grouped(party, [spell for spell in spells if spell.unverified], day, at)
    if reported.in_force:
        return str(MemberClass.MEMBER)
    return None if views.date_unknown or reported.date_unknown else ""


def inside(actor: ActorRef, at: datetime) -> list[int]:
    """The ids of the organisations whose NETWORK rows a seat reads at an instant through ties surely in force."""
    reading = Spell.objects.filter(
        spells_in_force(at),
        link__subject__public_id=actor.organisation or None,
        link__kind__in=[LinkKind.MEMBERSHIP, LinkKind.PART],
    )
    return list(reading.values_list("link__object_id", flat=True).distinct())


def _spells(chosen: Q, known_by: datetime, actor: ActorRef) -> list[Spell]:
    seen = Organisation.objects.visible_to(actor, known_by).values("id")
    rows = Spell.objects.filter(chosen, known(known_by), link__subject__in=seen, link__object__in=seen)
    return list(rows.select_related("link__subject", "link__object", "source").order_by("link_id", "start", "id"))


def _grouped(organisation: Organisation, spells: Sequence[Spell], day: date, known_by: datetime) -> LinksOn:
    lives = lives_of({end for spell in spells for end in (spell.link.subject, spell.link.object)}, known_by)
    by_link: dict[int, list[Spell]] = {}
    for spell in spells:
        by_link.setdefault(spell.link_id, []).append(spell)
    result = LinksOn()
    for chosen in by_link.values():
        view = _view(organisation, chosen, day, lives)
        result.group(view.when).append(view)
    for when in When:
        result.group(when).sort(key=lambda view: (view.link.kind, fold(view.other.name), view.link.pk))
    return result


def _view(organisation: Organisation, spells: Sequence[Spell], day: date, lives: dict[int, Life]) -> LinkView:
    link = spells[0].link
    ends = (lives[link.subject_id], lives[link.object_id])
    answers = [_answer(spell, day, ends) for spell in spells]
    first = ties.speaking(answers)
    outward = link.subject_id == organisation.pk
    rest = [
        SpellView(spell, answer.when, answer.why)
        for place, (spell, answer) in enumerate(zip(spells, answers, strict=True))
        if place != first
    ]
    return LinkView(
        link=link,
        other=link.object if outward else link.subject,
        outward=outward,
        spell=spells[first],
        when=answers[first].when,
        why=answers[first].why,
        history=tuple(sorted(rest, key=lambda view: (view.spell.end or "9", view.spell.start), reverse=True)),
    )


def _answer(spell: Spell, day: date, lives: Iterable[Life]) -> Spoken:
    period = spell.period()
    when, why = ties.on(day, period, spell.standing, lives, unverified=spell.unverified)
    return Spoken(when, why, spell.unverified, period.start, period.end)


def lives_of(rows: Iterable[Organisation], known_by: datetime) -> dict[int, Life]:
    """When organisations existed, as far as recorded by an instant, by primary key."""
    rows = list(rows)
    facts = {row.pk: {"founded": row.founded, "dissolved": row.dissolved} for row in rows}
    later = Restatement.objects.filter(
        organisation__in=[row.pk for row in rows], field__in=["founded", "dissolved"], recorded_at__gt=known_by
    )
    for change in later.order_by("-recorded_at", "-id"):
        facts[change.organisation_id][change.field] = change.before
    return {pk: Life(partial(said["founded"]), partial(said["dissolved"])) for pk, said in facts.items()}


def facts_known(organisation: Organisation, known_by: datetime) -> dict[str, str]:
    """An organisation's plain facts as they stood recorded at an instant: later statements are taken back."""
    said = {name: str(getattr(organisation, name)) for name in RESTATABLE}
    for change in organisation.restatements.filter(recorded_at__gt=known_by).order_by("-recorded_at", "-id"):
        said[change.field] = change.before
    return said


@dataclass(frozen=True)
class Year:
    """A network's members at the end of a year: surely in force, and those whose dates nobody stated."""

    year: int
    in_force: int
    unknown: int


def membership_by_year(
    network: Organisation, known_by: datetime | None = None, *, first: int | None = None, last: int | None = None
) -> list[Year]:
    """Members at each year's last day (in the current year: on the day of ``known_by``), the unknown share apart.

    It begins with the earliest stated date, of the network or of any spell, and is empty where no date is stated.
    """
    at = known_by or datetime.now(UTC)
    today = at.date()
    spells = _spells(Q(link__object=network, link__kind=LinkKind.MEMBERSHIP), at, ANONYMOUS)
    lives = lives_of({spell.link.subject for spell in spells} | {network}, at)
    stated = [date_.first.year for spell in spells for date_ in (spell.period().start, spell.period().end) if date_]
    founded = lives[network.pk].founded
    begin = first or min([*stated, *([founded.first.year] if founded else [])], default=today.year + 1)
    days = [min(date(year, 12, 31), today) for year in range(begin, (last or today.year) + 1)]
    return [_count(day, network, spells, lives) for day in days]


def _count(day: date, network: Organisation, spells: Sequence[Spell], lives: dict[int, Life]) -> Year:
    best: dict[int, When] = {}
    for spell in spells:
        ends = (lives[spell.link.subject_id], lives[network.pk])
        when = _answer(spell, day, ends).when
        if when is When.IN_FORCE or best.get(spell.link_id) is not When.IN_FORCE:
            best[spell.link_id] = when if when is not When.NOT_IN_FORCE else best.get(spell.link_id, when)
    counted = list(best.values())
    return Year(day.year, counted.count(When.IN_FORCE), counted.count(When.UNKNOWN))


@dataclass(frozen=True)
class Label:
    """What a code is called here, and on whose authority."""

    text: str
    footnote: str = ""
    network: Organisation | None = None
    """The network that decided the name, if one did."""
    basis: str = ""

    def __str__(self) -> str:
        return self.text


def region_label(
    code: str,
    network: Organisation | None = None,
    language: str = "en",
    *,
    realm: Realm = Realm.REAL,
    day: date | None = None,
    known_by: datetime | None = None,
) -> Label:
    """What a code is called: the network's own note first, then its scheme, then the general scheme, else the code.

    Names of the general scheme come in the reader's language from CLDR where it has one; a network's are its own words.
    """
    at = known_by or datetime.now(UTC)
    when = day or at.date()
    if network is not None:
        notes = NamingNote.objects.filter(network=network, code=code, in_force_from__lte=when, recorded_at__lte=at)
        note = notes.order_by("-in_force_from").first()
        if note is not None:
            return Label(note.label, note.footnote, network, note.basis)
    region = _region(code, network, realm, when)
    if region is None:
        return _any_note(code, realm, at) or Label(code)
    text = region.label if region.scheme.network_id else _in_language(region, language)
    return Label(text, region.footnote, region.scheme.network, region.source)


def _region(code: str, network: Organisation | None, realm: Realm, day: date) -> Region | None:
    """The network's own region before the general one; the version in force on the day before any other."""
    rows = Region.objects.filter(schemes_of(realm), code=code).select_related("scheme__network")

    def rank(row: Region) -> tuple[bool, bool, bool, int, int]:
        scheme = row.scheme
        own = network is not None and scheme.network_id == network.pk
        begun = scheme.in_force_from <= day
        days = scheme.in_force_from.toordinal()
        return not own, scheme.network_id is not None, not begun, -days if begun else days, -scheme.pk

    return min(rows, key=rank, default=None)


def areas_of(
    code: str, network: Organisation | None = None, *, realm: Realm = Realm.REAL, day: date | None = None
) -> list[Region]:
    """The areas in which a country lies, the smallest first: in the network's own scheme, else in the general one."""
    region = _region(code, network, realm, day or datetime.now(UTC).date())
    areas: list[Region] = []
    while region is not None and region.parent is not None and region.parent not in areas:
        region = region.parent
        areas.append(region)
    return areas


def _any_note(code: str, realm: Realm, at: datetime) -> Label | None:
    notes = NamingNote.objects.filter(code=code, network__realm=realm, recorded_at__lte=at).select_related("network")
    note = notes.order_by("in_force_from").first()
    return Label(note.label, note.footnote, note.network, note.basis) if note else None


def schemes_of(realm: Realm) -> Q:
    """The regions whose scheme belongs to a realm: the general ones are of the real world."""
    own = Q(scheme__network__realm=realm)
    return own | Q(scheme__network=None) if realm is Realm.REAL else own


def _in_language(region: Region, language: str) -> str:
    key = region.alpha2 or (region.code if region.code.isdigit() else "")
    if language.partition("-")[0] == "en" or not key or region.valid_to:
        return region.label
    try:
        return str(Locale.parse(language, sep="-").territories.get(key, region.label))
    except (UnknownLocaleError, ValueError):
        return region.label


def is_country(code: str, realm: Realm) -> bool:
    """Whether a code is known in a realm: by a region scheme, or because a network named it."""
    owners = set(Region.objects.filter(code=code, kind="country").values_list("scheme__network", flat=True))
    if None in owners and realm is Realm.REAL:
        return True
    owners |= set(NamingNote.objects.filter(code=code).values_list("network", flat=True))
    return Organisation.objects.filter(pk__in=owners - {None}, realm=realm.value).exists()


def lineage_of(organisation: Organisation, known_by: datetime | None = None) -> tuple[list[Lineage], list[Lineage]]:
    """What came directly before and what came directly after."""
    at = known_by or datetime.now(UTC)
    before = Lineage.objects.filter(later=organisation, recorded_at__lte=at).select_related("earlier", "source")
    after = Lineage.objects.filter(earlier=organisation, recorded_at__lte=at).select_related("later", "source")
    return list(before.order_by("at", "id")), list(after.order_by("at", "id"))


def named_like(
    words: str, realm: Realm, actor: ActorRef = ANONYMOUS, at: datetime | None = None, *, kind: str = ""
) -> OrganisationQuerySet:
    """Organisations that bear every word in one of their names, whatever case, accents or script order."""
    found = organisations(realm, actor, at)
    if kind:
        found = found.filter(kind=kind)
    rows = Name.objects.all()
    for word in fold(words).split():
        rows = rows.filter(fold__contains=word)
    return found.filter(pk__in=rows.values("organisation_id")).order_by("name", "id")


def name_for(organisation: Organisation, place: Place) -> Called | None:
    """The name an organisation bears in the reader's language on the page's day; None where none is known.

    All such names of a realm are few, and are asked for once a request.
    """
    if organisation.name_language == place.language:
        return None
    known = place.memory.setdefault("registry.names", {})
    if place.realm not in known:
        known[place.realm] = _names_in(place)
    text = known[place.realm].get(organisation.pk)
    return Called(text, place.language) if text else None


def _names_in(place: Place) -> dict[int, str]:
    roles = ("alias", "native", "official")
    rows = Name.objects.filter(organisation__realm=place.realm, language=place.language, role__in=roles)
    told = sorted(rows, key=lambda row: (roles.index(row.role), row.valid_from, row.pk))
    return {row.organisation_id: row.text for row in told if _borne(row, place.as_of)}


def _borne(name: Name, day: date) -> bool:
    return Period(partial(name.valid_from), partial(name.valid_to)).on(day) is not When.NOT_IN_FORCE


def networks(realm: Realm, actor: ActorRef = ANONYMOUS, at: datetime | None = None) -> OrganisationQuerySet:
    """The networks of a realm, by name."""
    return organisations(realm, actor, at).filter(kind=OrganisationKind.NETWORK).order_by("name", "id")
