"""What the registry knows: ties on a day, members over the years, names of territories, for one reader."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from django.db import connection
from django.db.models import (
    Model,
    Q,
    QuerySet,
)

from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.kinds import Called
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.time import Period, When
from comity.plain.wanted import Found, Part, Wanted
from comity.record.prepared import Prepared, PreparedFor, instance
from comity.registry.core import ties
from comity.registry.core.names import fold
from comity.registry.core.ties import Life, Spoken, Why
from comity.registry.models import (
    Link,
    LinkKind,
    MemberClass,
    Name,
    NamingNote,
    Organisation,
    OrganisationKind,
    OrganisationQuerySet,
    Region,
    RegionScheme,
    Restatement,
    Source,
    Spell,
    inside_of,
    partial,
)

RESTATABLE = ("name", "abbreviation", "country", "founded", "dissolved")
"""The facts of an organisation that may be stated anew."""


@dataclass(slots=True)
class Tie:
    """A link with both its ends, as a page reads it."""

    pk: int
    public_id: str
    kind: str
    basis: str
    subject: Organisation
    object: Organisation


@dataclass(slots=True)
class Stated:
    """A spell of a tie, as a page reads it."""

    link: Tie
    standing: str
    start: str
    end: str
    ended: bool
    end_reason: str
    unverified: bool
    recorded_at: datetime
    source: Source | None

    def period(self) -> Period:
        """Its valid time."""
        return period_of(self.start, self.end, self.ended)


@lru_cache(maxsize=16384)
def period_of(start: str, end: str, ended: bool) -> Period:
    """A valid time from stored dates."""
    return Period(partial(start), partial(end), ended=ended)


@dataclass(frozen=True)
class SpellView:
    """One spell as it answers for a day."""

    spell: Stated
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

    link: Tie
    other: Organisation
    """The organisation at the other end."""
    outward: bool
    """True when the organisation asked about is the subject (the member, the part)."""
    spell: Stated
    when: When
    why: Why
    history: tuple[SpellView, ...] = ()

    @property
    def spells(self) -> tuple[Stated, ...]:
        """Every spell of the tie, the one that speaks for it first."""
        return self.spell, *(past.spell for past in self.history)

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


def known(known_by: datetime, *, hidden: bool = False) -> Q:
    """The spells that were recorded by an instant and not yet replaced; of ties hidden for safety only if asked.

    ``hidden`` is for what a tie opens to its own two ends (a vote, a circle of readers), never for what a page shows.
    """
    recorded = Q(recorded_at__lte=known_by) & (Q(replaced_at=None) | Q(replaced_at__gt=known_by))
    return recorded if hidden else recorded & Q(link__hidden_at=None)


def links_on(
    organisation: Organisation,
    day: date,
    *,
    known_by: datetime,
    actor: ActorRef = ANONYMOUS,
    kinds: Iterable[str] = LinkKind.values,
    hidden: bool = False,
) -> LinksOn:
    """The ties of an organisation on a day, as far as recorded by an instant, in three groups.

    Ties to an organisation that this reader may not see are left out, and so are those hidden for safety, but for what
    they open to their own two ends.
    """
    ends = Q(subject=organisation) | Q(object=organisation)
    kinds = list(kinds)
    if set(kinds) >= set(LinkKind.values) and not hidden:
        rows = spells_of(organisation, known_by)
        return links_between(organisation, rows, _ends_of(rows, known_by, actor), day, known_by)
    spells = _spells(Q(ends, kind__in=kinds), known_by, actor, hidden=hidden)
    return _grouped(organisation, spells, day, known_by)


Rows = Sequence[tuple[Any, ...]]
"""Spells with their ties as plain columns."""


def spells_of(organisation: Organisation, known_by: datetime) -> Rows:
    """The spells of all ties of an organisation, whoever is at the other end, but for those hidden for safety."""
    return _ALL_SPELLS(organisation=organisation.pk, known_by=known_by)


def links_between(
    organisation: Organisation, rows: Rows, ends: Mapping[int, Organisation], day: date, known_by: datetime
) -> LinksOn:
    """The ties of these spells on a day, in three groups; of ties to others than the ends given nothing is told."""
    return _grouped(organisation, _between(rows, ends), day, known_by)


def members_on(
    network: Organisation, day: date, known_by: datetime | None = None, *, actor: ActorRef = ANONYMOUS
) -> LinksOn:
    """A network's members on a day, in the same three groups."""
    at = known_by or datetime.now(UTC)
    spells = _spells(Q(object=network, kind=LinkKind.MEMBERSHIP), at, actor)
    return _grouped(network, spells, day, at)


def networks_of(public_id: str, day: date, known_by: datetime | None = None) -> list[Organisation]:
    """The networks of which an organisation is surely a member on a day, sanctions and bare statements left out."""
    at = known_by or datetime.now(UTC)
    organisation = Organisation.objects.get(public_id=public_id)
    spells = _spells(Q(subject=organisation, kind=LinkKind.MEMBERSHIP), at, ANONYMOUS)
    views = _grouped(organisation, spells, day, at).in_force
    return [view.other for view in views if view.standing != MemberClass.SUSPENDED or view.unverified]


def standing_of(party: Organisation, network: Organisation, day: date, known_by: datetime | None = None) -> str | None:
    """The class of standing that counts on a day: a member class, "" when none is in force, None when unknown.

    A suspension without a dated primary source does not count: the class it would have suspended stands, and where no
    source states one, the party is a plain member.
    """
    at = known_by or datetime.now(UTC)
    chosen = Q(subject=party, object=network, kind=LinkKind.MEMBERSHIP)
    spells = list(_spells(chosen, at, ANONYMOUS, hidden=True))
    views = _grouped(party, [spell for spell in spells if not spell.unverified], day, at)
    if views.in_force:
        return views.in_force[0].standing
    reported = _grouped(party, [spell for spell in spells if spell.unverified], day, at)
    if reported.in_force:
        return str(MemberClass.MEMBER)
    return None if views.date_unknown or reported.date_unknown else ""


def inside(actor: ActorRef, at: datetime) -> list[int]:
    """The ids of the organisations whose NETWORK rows a seat reads at an instant through ties surely in force."""
    return inside_of(actor.organisation, at)


_SOURCE = [field.attname for field in Source._meta.concrete_fields]
_SPELL = (
    "link_id", "link__public_id", "link__kind", "link__basis", "link__subject_id", "link__object_id", "standing",
    "start", "end", "ended", "end_reason", "unverified", "recorded_at", "source_id", "source__title", "source__url",
    "source__licence", "source__stated_on", "source__standing", "source__primary",
)  # fmt: skip
_CITED = ("id", "title", "url", "licence", "stated_on", "standing", "primary")
_SELDOM = ("languages", "time_zone")
"""What no page shows of an organisation at the other end of a link: asked for only when read."""
JUST_NOW = timedelta(seconds=2)
MOST_IDS = 10_000
"""So many ids are asked for in one query; a database takes no more values than its limit."""


def _spells(chosen: Q, known_by: datetime, actor: ActorRef, *, hidden: bool = False) -> list[Stated]:
    """The spells of the chosen links between ends that this reader may see."""
    rows = list(_spell_rows(chosen, known_by, hidden=hidden))
    return _between(rows, _ends_of(rows, known_by, actor))


def _spell_rows(chosen: Q, known_by: datetime, *, hidden: bool = False) -> QuerySet[Spell, Any]:
    shown = Q() if hidden else Q(hidden_at=None)
    links = Link.objects.filter(chosen, shown).values("id")
    rows = Spell.objects.filter(known(known_by, hidden=True), link__in=links)
    return rows.order_by("link_id", "start", "id").values_list(*_SPELL)


_ALL_SPELLS = Prepared(
    lambda organisation, known_by: _spell_rows(Q(subject=organisation) | Q(object=organisation), known_by),
    organisation=int,
    known_by=datetime,
)


def _ends_of(rows: Rows, known_by: datetime, actor: ActorRef) -> dict[int, Organisation]:
    return seen_ends((pk for row in rows for pk in row[4:6]), actor, known_by)


def _between(rows: Rows, ends: Mapping[int, Organisation]) -> list[Stated]:
    """The rows as spells, each tie and each source made once; ties to an end that may not be seen are left out."""
    ties: dict[int, Tie | None] = {}
    sources: dict[int | None, Source | None] = {None: None}
    found = []
    for pk, public_id, kind, basis, subject, object_, *said, source_id, title, url, licence, on, how, primary in rows:
        if pk not in ties:
            both = subject in ends and object_ in ends
            ties[pk] = Tie(pk, public_id, kind, basis, ends[subject], ends[object_]) if both else None
        if source_id not in sources:
            sources[source_id] = instance(Source, _CITED, (source_id, title, url, licence, on, how, primary))
        tie = ties[pk]
        if tie is not None:
            found.append(_stated(tie, said, sources[source_id]))
    return found


def _stated(tie: Tie, said: Sequence[Any], source: Source | None) -> Stated:
    standing, start, end, ended, end_reason, unverified, recorded_at = said
    return Stated(tie, standing, start, end, ended, end_reason, unverified, recorded_at, source)


def seen_ends(ids: Iterable[int], actor: ActorRef, at: datetime, *, part_of: int = 0) -> dict[int, Organisation]:
    """The organisations of these ids that a reader may see, by id; so the cost follows the page, not the house.

    With ``part_of``, the parts of the organisation of that id too.
    """
    wanted = list(dict.fromkeys(ids)) or ([part_of] if part_of else [])
    found: dict[int, Organisation] = {}
    for begin in range(0, len(wanted), MOST_IDS):
        for values in _ends(wanted[begin : begin + MOST_IDS], part_of, actor, at):
            found[values[0]] = instance(Organisation, _END, values)
    return found


_END = [field.attname for field in Organisation._meta.concrete_fields if field.attname not in _SELDOM]


def _ends(ids: Sequence[int], part_of: int, actor: ActorRef, at: datetime) -> Iterable[tuple[Any, ...]]:
    if actor != ANONYMOUS:
        return _end_rows(ids, part_of, at, actor)
    return _ENDS_AND_PARTS(ids, part_of=part_of, at=at) if part_of else _ENDS(ids, at=at)


def _end_rows(
    ids: Sequence[int], part_of: int, at: datetime, actor: ActorRef = ANONYMOUS
) -> QuerySet[Organisation, Any]:
    chosen = Q(pk__in=ids) | Q(parent=part_of) if part_of else Q(pk__in=ids)
    return Organisation.objects.visible_to(actor, at).filter(chosen).order_by().values_list(*_END)


_ENDS = PreparedFor(lambda ids, at: _end_rows(ids, 0, at), at=datetime)
_ENDS_AND_PARTS = PreparedFor(_end_rows, part_of=int, at=datetime)


_folded = lru_cache(maxsize=16384)(fold)


def _grouped(organisation: Organisation, spells: Sequence[Stated], day: date, known_by: datetime) -> LinksOn:
    ends = {end.id: end for spell in spells for end in (spell.link.subject, spell.link.object)}
    lives = lives_of(ends.values(), known_by)
    by_link: dict[int, list[Stated]] = {}
    for spell in spells:
        by_link.setdefault(spell.link.pk, []).append(spell)
    result = LinksOn()
    for chosen in by_link.values():
        view = _view(organisation, chosen, day, lives)
        result.group(view.when).append(view)
    for when in When:
        result.group(when).sort(key=lambda view: (view.link.kind, _folded(view.other.name), view.link.pk))
    return result


def _view(organisation: Organisation, spells: Sequence[Stated], day: date, lives: dict[int, Life]) -> LinkView:
    link = spells[0].link
    ends = (lives[link.subject.id], lives[link.object.id])
    answers = [_answer(spell, day, ends) for spell in spells]
    first = ties.speaking(answers) if len(answers) > 1 else 0
    outward = link.subject.id == organisation.id
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


def _answer(spell: Stated, day: date, lives: Iterable[Life]) -> Spoken:
    period = spell.period()
    when, why = ties.on(day, period, spell.standing, lives, unverified=spell.unverified)
    return Spoken(when, why, spell.unverified, period.start, period.end)


def lives_of(rows: Iterable[Organisation], known_by: datetime) -> dict[int, Life]:
    """When organisations existed, as far as recorded by an instant, by primary key."""
    facts = {row.id: {"founded": row.founded, "dissolved": row.dissolved} for row in rows}
    now = known_by > datetime.now(UTC) - JUST_NOW
    ids = [] if now else list(facts)  # nothing is recorded after now that would have to be taken back
    for begin in range(0, len(ids), MOST_IDS):
        for pk, name, before in _RESTATED_LIVES(ids[begin : begin + MOST_IDS], known_by=known_by):
            facts[pk][name] = before
    return {pk: life_of(said["founded"], said["dissolved"]) for pk, said in facts.items()}


_RESTATED_LIVES = PreparedFor(
    lambda ids, known_by: (
        Restatement.objects.filter(organisation__in=ids, field__in=["founded", "dissolved"], recorded_at__gt=known_by)
        .order_by("-recorded_at", "-id")
        .values_list("organisation_id", "field", "before")
    ),
    known_by=datetime,
)


@lru_cache(maxsize=16384)
def life_of(founded: str, dissolved: str) -> Life:
    """A life from stored dates."""
    return Life(partial(founded), partial(dissolved))


@cache
def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


_WHOLE = _columns(Organisation)
_NAMED = Prepared(
    lambda public_id, realm, at: (
        Organisation.objects.visible_to(ANONYMOUS, at)
        .filter(public_id=public_id, realm=realm)
        .order_by()
        .values_list(*_WHOLE, *(f"source__{name}" for name in _SOURCE), *(f"parent__{name}" for name in _END))
    ),
    public_id=str,
    realm=str,
    at=datetime,
)


def organisation_of(public_id: str, realm: Realm, actor: ActorRef, at: datetime) -> Organisation | None:
    """The organisation of that id with its source and what it is part of, as far as this reader may see it."""
    if actor != ANONYMOUS:
        rows = organisations(realm, actor, at).select_related("source", "parent")
        return rows.filter(public_id=public_id).first()
    row = next(iter(_NAMED(public_id=public_id, realm=realm.value, at=at)), None)
    if row is None:
        return None
    found = instance(Organisation, _WHOLE, row[: len(_WHOLE)])
    source, parent = row[len(_WHOLE) : len(_WHOLE) + len(_SOURCE)], row[len(_WHOLE) + len(_SOURCE) :]
    found.source = instance(Source, _SOURCE, source) if found.source_id else None
    found.parent = instance(Organisation, _END, parent) if found.parent_id else None
    return found


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
    notes: Sequence[NamingNote] | None = None,
    regions: Sequence[Region] | None = None,
) -> Label:
    """What a code is called: the network's own note first, then its scheme, then the general scheme, else the code.

    Names of the general scheme come in the reader's language from CLDR where it has one; a network's are its own words.
    ``notes`` and ``regions`` are all of the code in the realm, where the caller has them.
    """
    at = known_by or datetime.now(UTC)
    when = day or at.date()
    if network is not None:
        own = NamingNote.objects.filter(network=network, code=code, in_force_from__lte=when, recorded_at__lte=at)
        note = own.order_by("-in_force_from").first()
        if note is not None:
            return Label(note.label, note.footnote, network, note.basis)
    region = _region(_regions(code, realm) if regions is None else regions, network, when)
    if region is None:
        note = next(iter(_notes_on(code, realm, at) if notes is None else notes), None)
        return Label(note.label, note.footnote, note.network, note.basis) if note else Label(code)
    text = region.label if region.scheme.network_id else _in_language(region, language)
    return Label(text, region.footnote, region.scheme.network, region.source)


def _notes_on(code: str, realm: Realm, known_by: datetime) -> Iterable[NamingNote]:
    """How the networks of a realm name a country or territory, as recorded by an instant, the earliest first."""
    rows = NamingNote.objects.filter(code=code, network__realm=realm, recorded_at__lte=known_by)
    return rows.select_related("network").order_by("in_force_from", "id")


def _region(regions: Iterable[Region], network: Organisation | None, day: date) -> Region | None:
    """The network's own region before the general one; the version in force on the day before any other."""

    def rank(row: Region) -> tuple[bool, bool, bool, int, int]:
        scheme = row.scheme
        own = network is not None and scheme.network_id == network.pk
        begun = scheme.in_force_from <= day
        days = scheme.in_force_from.toordinal()
        return not own, scheme.network_id is not None, not begun, -days if begun else days, -scheme.pk

    return min(regions, key=rank, default=None)


def _regions(code: str, realm: Realm) -> list[Region]:
    found = []
    for row in _REGIONS[realm](code=code):
        region = instance(Region, _REGION, row[: len(_REGION)])
        region.scheme = instance(RegionScheme, _SCHEME, row[len(_REGION) :])
        found.append(region)
    return found


def schemes_of(realm: Realm) -> Q:
    """The regions whose scheme belongs to a realm: the general ones are of the real world."""
    own = Q(scheme__network__realm=realm)
    return own | Q(scheme__network=None) if realm is Realm.REAL else own


_REGION, _SCHEME = _columns(Region), _columns(RegionScheme)


def _regions_of(realm: Realm) -> Prepared:
    columns = (*_REGION, *(f"scheme__{name}" for name in _SCHEME))
    return Prepared(lambda code: Region.objects.filter(schemes_of(realm), code=code).values_list(*columns), code=str)


_REGIONS = {realm: _regions_of(realm) for realm in Realm}


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


Column = tuple[type[Model], str]


def held(organisation: Organisation, columns: Sequence[Column], code: str = "") -> set[type[Model]]:
    """Of these models those of which any row names an organisation in that column, or its country in a column ``code``.

    One look instead of one query for each list that turns out empty. It tells only where nothing need be asked: what is
    shown is still asked for through what its reader may see.
    """
    if not columns:
        return set()
    with connection.cursor() as cursor:
        given = [code if name == "code" else organisation.pk for _, name in columns]
        cursor.execute(_holding(tuple(columns), connection.vendor), given)
        return {columns[place][0] for (place,) in cursor.fetchall()}


@lru_cache(maxsize=64)
def _holding(columns: tuple[Column, ...], vendor: str) -> str:
    quoted = connection.ops.quote_name
    parts = []
    for place, (model, name) in enumerate(columns):
        column = quoted(str(model._meta.get_field(name).column))  # type: ignore[union-attr]  # no relation back
        rows = f"SELECT 1 FROM {quoted(model._meta.db_table)} WHERE {column} = %s"  # noqa: S608 - our own tables
        parts.append(f"SELECT {place} WHERE EXISTS ({rows})")
    return " UNION ALL ".join(parts)


def name_for(organisation: Organisation, place: Place) -> Called | None:
    """The name an organisation bears in the reader's language on the page's day; None where none is known.

    Those that a page is about to show are asked for at once. One that nobody announced is asked for by itself; in the
    fiction, whose names are few, all others come with it.
    """
    if organisation.name_language == place.language:
        return None
    known = place.memory.setdefault("registry.names", {})
    if place.realm is Realm.FICTION and organisation.pk not in known and EVERY not in known:
        known |= {EVERY: ""} | _names_of(Q(organisation__realm=place.realm), place)
    elif place.realm is Realm.REAL and organisation.pk not in known:
        know_names([organisation], place)
    text = known.get(organisation.pk)
    return Called(text, place.language) if text else None


def know_names(organisations: Iterable[Organisation], place: Place) -> None:
    """Ask at once for the names in the reader's language of all organisations that a page will show."""
    known = place.memory.setdefault("registry.names", {})
    wanted = _unnamed(organisations, place)
    for begin in range(0, len(wanted), MOST_IDS):
        ids = wanted[begin : begin + MOST_IDS]
        known |= dict.fromkeys(ids, "") | _names_of(Q(organisation__in=ids), place)


def _names_of(chosen: Q, place: Place) -> dict[int, str]:
    rows = Name.objects.filter(chosen, language=place.language, role__in=CALLING)
    return _borne_by(rows.values_list(*_CALLED), place)


EVERY = 0
"""Stands among the keys of organisations once the names of a whole realm are known."""
CALLING = ("alias", "native", "official")
"""The roles of names by which an organisation is called in a language; the later before the earlier."""
_CALLED = ("organisation_id", "text", "role", "valid_from", "valid_to", "id")


def _borne_by(rows: Iterable[tuple[Any, ...]], place: Place) -> dict[int, str]:
    """The name that each organisation bears on the page's day, of its names in one language."""
    told = sorted(rows, key=lambda row: (CALLING.index(row[2]), row[3], row[5]))
    return {pk: text for pk, text, _, begin, end, _ in told if _borne(begin, end, place.as_of)}


def _unnamed(organisations: Iterable[Organisation], place: Place) -> list[int]:
    """Of organisations that a page will name, those whose names in the reader's language were not asked for yet."""
    known = place.memory.setdefault("registry.names", {})
    if EVERY in known:
        return []
    return list({row.pk for row in organisations if row.name_language != place.language and row.pk not in known})


def _names_wanted(organisations: Sequence[Organisation], place: Place) -> Sequence[Wanted]:
    """Their names in the reader's language."""
    rows = Name.objects.filter(language=place.language, role__in=CALLING)
    ids = _unnamed(organisations, place)
    return [Wanted(rows.filter(organisation__in=ids), _CALLED)] if ids else []


def _names_known(organisations: Sequence[Organisation], place: Place, *names: Found) -> Iterable[Any]:
    """Keep them for the page."""
    rows = (tuple(getattr(row, name) for name in _CALLED) for found in names for row in found.rows)
    known = place.memory.setdefault("registry.names", {})
    known |= dict.fromkeys(_unnamed(organisations, place), "") | _borne_by(rows, place)
    return ()


NAMING = Part(_names_wanted, _names_known)


def _borne(begin: str, end: str, day: date) -> bool:
    return period_of(begin, end, False).on(day) is not When.NOT_IN_FORCE


def networks(realm: Realm, actor: ActorRef = ANONYMOUS, at: datetime | None = None) -> OrganisationQuerySet:
    """The networks of a realm, by name."""
    return organisations(realm, actor, at).filter(kind=OrganisationKind.NETWORK).order_by("name", "id")
