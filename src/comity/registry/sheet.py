"""What a page says of an organisation on a day: one reading, drawn or exported by the edges."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from comity.plain.kinds import Called, called
from comity.plain.languages import direction
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.time import PartialDate, Period, When
from comity.plain.wanted import Wanted
from comity.registry import pictures, queries
from comity.registry.about import About, Bonds, bonds_of
from comity.registry.core import ties
from comity.registry.core.ties import Spoken, Why
from comity.registry.models import (
    LinkKind,
    NamingNote,
    Organisation,
    Region,
    Source,
    Spell,
    partial,
)
from comity.registry.queries import Label, LinksOn, LinkView, Stated, period_of


@lru_cache(maxsize=16384)
def in_words(when: str | date, language: str) -> str:
    """A day, month or year in the reader's language, as precise as it was stated; for titles inside pictures."""
    said = when if isinstance(when, date) else PartialDate.parse(when)
    language = {"en": "en_GB"}.get(language, language)
    if isinstance(said, date):
        return format_date(said, "long", locale=language)
    if said.exact:
        return format_date(said.first, "long", locale=language)
    return format_skeleton("yMMMM", said.first, locale=language) if "-" in str(said) else str(said)


@dataclass
class Sources:
    """The sources a page cites, numbered in the order in which they are first met."""

    rows: list[Source] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    """By primary key."""

    def number(self, source: Source | None) -> int:
        """The number of a source at the foot of this page; 0 where a fact has none."""
        if source is None:
            return 0
        known = self.numbers.get(source.id)
        if known is None:
            self.rows.append(source)
            known = self.numbers[source.id] = len(self.rows)
        return known

    @property
    def groups(self) -> list[tuple[Source, list[tuple[int, Source]]]]:
        """The sources with their numbers, those alike in day, standing and licence together; one stands for all."""
        alike: dict[tuple[str, str, bool, str], list[tuple[int, Source]]] = {}
        for number, source in enumerate(self.rows, start=1):
            key = (source.stated_on, source.standing, source.primary, source.licence)
            alike.setdefault(key, []).append((number, source))
        return [(members[0][1], members) for members in alike.values()]

    @property
    def attributed(self) -> list[str]:
        """The licences that ask to be named, each once."""
        return sorted(
            {source.licence for source in self.rows if source.licence and not source.licence.startswith("CC0")}
        )


@dataclass(frozen=True)
class LinkRow:
    """A link as a page shows it on a day."""

    view: LinkView
    name: Called
    """What the other end is called where the reader stands."""
    number: int
    """Of its source, at the foot of the page; 0 where none is stated."""
    end: str
    """The end, where that day may know it."""
    drawn: tuple[pictures.Stretch, ...] = ()
    picture: str = ""


def bonds_shown(organisation: Organisation, known: About, place: Place, known_by: datetime) -> Bonds:
    """The links of an organisation on the page's day, and its family, by the rule of ``links_shown``."""
    found = bonds_of(organisation, known.lines, place, known_by)
    return replace(found, links=_without_what_came(found.links, place))


def links_shown(organisation: Organisation, place: Place, known_by: datetime) -> LinksOn:
    """The links of an organisation on the page's day; what lies ahead of it, and was recorded later, stays out."""
    found = queries.links_on(organisation, place.as_of, known_by=known_by, actor=place.actor)
    return _without_what_came(found, place)


def members_shown(network: Organisation, place: Place, known_by: datetime) -> LinksOn:
    """A network's members on the page's day, by the same rule."""
    found = queries.members_on(network, place.as_of, known_by, actor=place.actor)
    return _without_what_came(found, place)


def _without_what_came(found: LinksOn, place: Place) -> LinksOn:
    limit = place.known_by
    ahead = [view for view in found.not_in_force if view.why is Why.NOT_BEGUN and view.spell.recorded_at > limit]
    kept = [view for view in found.not_in_force if view not in ahead]
    return LinksOn(found.in_force, kept, found.date_unknown)


def end_known(spell: Stated, day: date, limit: datetime) -> str:
    """The end of a spell, unless it lies after the day shown and was recorded after it."""
    end = partial(spell.end)
    return "" if end is not None and end.first > day and spell.recorded_at > limit else spell.end


def link_rows(links: LinksOn, organisation: Organisation, sources: Sources, place: Place) -> "LinkTable":
    """The links drawn as a span diagram, with the share of time that nobody has dated."""
    views = list(links)
    stated = [said.first for view in views for said in (partial(view.start), partial(view.other.founded)) if said]
    own = partial(organisation.founded)
    axis = pictures.axis_for([*stated, *([own.first] if own else [])], place.as_of)
    rows = {view.link.pk: _row(view, organisation, axis, sources, place) for view in views}
    drawn = [stretch for row in rows.values() for stretch in row.drawn]
    hatched, whole = pictures.unknown_share(drawn)
    groups = {str(when): [rows[view.link.pk] for view in _in_order(links.group(when))] for when in When}
    return LinkTable(
        in_force=groups[When.IN_FORCE],
        date_unknown=groups[When.UNKNOWN],
        not_in_force=groups[When.NOT_IN_FORCE],
        axis=pictures.span_axis(axis, place.as_of, in_words(place.as_of, place.language), direction(place.language)),
        lines=pictures.span_lines(axis, place.as_of),
        inks=[(str(ink), pictures.legend_mark(ink)) for ink in pictures.Ink if any(s.ink is ink for s in drawn)],
        hatched=hatched,
        whole=whole,
    )


def _in_order(views: Iterable[LinkView]) -> list[LinkView]:
    """Networks first, then parts, coalitions and agreements."""
    kinds = [str(kind) for kind in (LinkKind.MEMBERSHIP, LinkKind.PART, LinkKind.COALITION, LinkKind.AGREEMENT)]
    return sorted(views, key=lambda view: kinds.index(view.kind))


@dataclass(frozen=True)
class LinkTable:
    """The three groups of links, and the picture's frame."""

    in_force: list[LinkRow]
    date_unknown: list[LinkRow]
    not_in_force: list[LinkRow]
    axis: str
    lines: str
    """The years and the day shown, drawn once for all rows."""
    inks: list[tuple[str, str]]
    hatched: int
    """Years drawn as stated but undated, of ``whole`` years drawn."""
    whole: int

    @property
    def share(self) -> int:
        """The undated share in whole percent."""
        return round(100 * self.hatched / self.whole) if self.whole else 0

    @property
    def count(self) -> int:
        """All links."""
        return len(self.in_force) + len(self.date_unknown) + len(self.not_in_force)


def _row(view: LinkView, organisation: Organisation, axis: pictures.Axis, sources: Sources, place: Place) -> LinkRow:
    limit = place.known_by
    spells = [view.spell, *(past.spell for past in view.history if past.spell.recorded_at <= limit)]
    bound = pictures.bound_of(partial(organisation.founded), partial(view.other.founded), axis_first=axis.first)
    gone = [said.last for said in (partial(organisation.dissolved), partial(view.other.dissolved)) if said]
    shown = min([place.as_of, *gone])
    drawn: list[pictures.Stretch] = []
    for spell in spells:
        days = spell.start, end_known(spell, place.as_of, limit), spell.ended
        member = view.kind == LinkKind.MEMBERSHIP or spell.standing == "suspended"
        ink = pictures.ink_of(spell.standing if member else "", unverified=spell.unverified)
        if spell.standing not in ties.CLOSED_STANDINGS and bound <= shown:
            drawn += _stretches(days, ink, shown, bound)
    drawn.sort(key=lambda stretch: stretch.first)
    end = end_known(view.spell, place.as_of, limit)
    name = called(view.other, place)
    title = f"{name.words}: {days_in_words(view.start, end, place.language)}"
    picture = pictures.span_row(axis, drawn, title)
    return LinkRow(view, name, sources.number(view.source), end, tuple(drawn), picture)


@lru_cache(maxsize=16384)
def _stretches(
    days: tuple[str, str, bool], ink: pictures.Ink, shown: date, bound: date
) -> tuple[pictures.Stretch, ...]:
    """What a spell covers, from its stored dates: they are quicker told apart than what is made of them."""
    return pictures.stretches(period_of(*days), ink, shown, bound)


def days_in_words(start: str, end: str, language: str) -> str:
    """From when to when, as precise as it was stated; a question mark for what nobody stated."""
    said = [in_words(text, language) if text else "?" for text in (start, end)]
    return " – ".join(said) if start or end else "?"


@dataclass(frozen=True)
class Named:
    """A country or territory as a page names it, and how networks name it."""

    code: str
    label: Label
    notes: tuple[NamingNote, ...]


def territory(organisation: Organisation, place: Place, known_by: datetime, known: About) -> Named | None:
    """What the organisation's country is called: in general, and by each network that has decided a name."""
    if not organisation.country:
        return None
    label = queries.region_label(
        organisation.country,
        None,
        place.language,
        realm=Realm(organisation.realm),
        day=place.as_of,
        known_by=known_by,
        notes=known.notes,
        regions=known.regions,
    )
    latest = {note.network_id: note for note in known.notes if note.in_force_from <= place.as_of}
    return Named(organisation.country, label, tuple(latest.values()))


Labels = dict[str, tuple[str, str]]
"""What codes are called, with the area in which each lies."""


def labels(codes: Iterable[str], place: Place) -> Labels:
    """What many codes are called: by the general scheme, or by a network's where it has none of them."""
    wanted = {code for code in codes if code}
    return labelled(wanted, regions_wanted(wanted, place).found().rows, place)


def regions_wanted(codes: Set[str], place: Place) -> Wanted:
    """What the schemes of a realm that were in force on the page's day say of these codes."""
    rows = Region.objects.filter(
        queries.schemes_of(place.realm), code__in=codes, scheme__in_force_from__lte=place.as_of
    ).select_related("scheme", "parent")
    named = (f"{row}{name}" for row in ("", "parent__") for name in ("code", "label", "alpha2", "valid_to"))
    return Wanted(rows, (*named, "scheme__in_force_from", "scheme__network_id"))


def labelled(
    codes: Set[str],
    regions: Iterable[Region],
    place: Place,
    network: Organisation | None = None,
    naming: Iterable[NamingNote] = (),
) -> Labels:
    """What codes are called: by a network's own note in force, by its scheme, or by the general one."""
    found: dict[str, Region] = {}
    for row in sorted(regions, key=lambda row: (row.scheme.in_force_from, row.scheme_id)):
        own = network is not None and row.scheme.network_id == network.pk
        if row.code not in found or own or row.scheme.network_id is None:
            found[row.code] = row
    named = {code: (_translated(row, place.language), _area(row, place.language)) for code, row in found.items()}
    for note in naming:
        named[note.code] = (note.label, named.get(note.code, ("", ""))[1])
    return {code: named.get(code, (code, "")) for code in codes}


def _area(row: Region, language: str) -> str:
    return _translated(row.parent, language) if row.parent else ""


def _translated(row: Region, language: str) -> str:
    key = row.alpha2 or (row.code if row.code.isdigit() else "")
    if language == "en" or not key or row.valid_to:
        return row.label
    try:
        return str(Locale.parse(language).territories.get(key, row.label))
    except (UnknownLocaleError, ValueError):
        return row.label


GROUP_OF = {pictures.Ink.SURE: 0, pictures.Ink.LOOSE: 1, pictures.Ink.SUSPENDED: 2}


@dataclass(frozen=True)
class _Tie:
    """A tie reduced to what its spells say of a day: parsed once, asked for many days."""

    spells: tuple[tuple[Period, str, bool], ...]
    lives: tuple[ties.Life, ...]

    def on(self, day: date) -> tuple[When, str]:
        """The answer of the spell that speaks for the tie on that day, and its standing."""
        answers = [self._spoken(day, *spell) for spell in self.spells]
        speaks = ties.speaking(answers)
        return answers[speaks].when, self.spells[speaks][1]

    def on_each(self, days: Sequence[date]) -> list[tuple[When, str]]:
        """The answers for days in order; between two days of change the answer is the same."""
        told: list[tuple[When, str]] = []
        turns = self._turns()
        before = -1
        for day in days:
            turn = bisect_right(turns, day)
            told.append(told[-1] if turn == before else self.on(day))
            before = turn
        return told

    def _turns(self) -> list[date]:
        """The days on which the answer may change."""
        edges = [edge for period, _, _ in self.spells for edge in (period.start, period.end)]
        edges += [edge for life in self.lives for edge in (life.founded, life.dissolved)]
        after = timedelta(days=1)
        return sorted(
            {
                day
                for edge in edges
                if edge is not None
                for day in (edge.first, edge.first + after, edge.last, edge.last + after)
            }
        )

    def _spoken(self, day: date, period: Period, standing: str, unverified: bool) -> Spoken:
        when, why = ties.on(day, period, standing, self.lives, unverified=unverified)
        return Spoken(when, why, unverified, period.start, period.end)


def _tie(spells: Iterable[Spell | Stated], ends: Iterable[Organisation]) -> _Tie:
    return _Tie(
        tuple((spell.period(), spell.standing, spell.unverified) for spell in spells),
        tuple(ties.Life(partial(end.founded), partial(end.dissolved)) for end in ends),
    )


def growth_of(network: Organisation, members: LinksOn, day: date) -> list[pictures.YearCount]:
    """Members at each year's end, and on the day shown; those whose dates nobody stated stand apart."""
    rows = [_tie([view.spell, *(past.spell for past in view.history)], (view.other, network)) for view in members]
    dates = [period.start.first for row in rows for period, _, _ in row.spells if period.start]
    founded = partial(network.founded)
    first = min([*dates, *([founded.first] if founded else [])], default=day)
    begun = min(first.year, day.year)
    days = [min(date(year, 12, 31), day) for year in range(max(begun, day.year - 120), day.year + 1)]
    answers = [row.on_each(days) for row in rows]
    return [_counted(one, [told[place] for told in answers]) for place, one in enumerate(days)]


def _counted(day: date, answers: Iterable[tuple[When, str]]) -> pictures.YearCount:
    groups, unknown = [0, 0, 0], 0
    for when, standing in answers:
        if when is When.UNKNOWN:
            unknown += 1
        elif when is When.IN_FORCE:
            groups[GROUP_OF.get(pictures.ink_of(standing), 0)] += 1
    return pictures.YearCount(day.year, tuple(groups), unknown)


ORDER = (
    "full", "member", "associate", "candidate", "consultative", "fraternal", "affiliate", "partner", "observer",
    "stated", "suspended", "expelled", "former",
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """A member of a network as its page lists it."""

    view: LinkView
    number: int
    country: str
    area: str


@dataclass(frozen=True)
class MemberGroup:
    """Members of one standing, those whose dates nobody stated marked."""

    standing: str
    members: list[Member]


def member_groups(members: LinksOn, named: Labels, sources: Sources) -> list[MemberGroup]:
    """Members in force and of unknown dates, by standing, then by area, country and name."""
    views = [*members.in_force, *members.date_unknown]

    def where(view: LinkView) -> tuple[str, str]:
        return named.get(view.other.country, ("", ""))

    def rank(view: LinkView) -> tuple[int, str, str, str]:
        country, area = where(view)
        return _place_of_standing(view.standing), area, country, view.other.name

    groups: dict[str, list[Member]] = {}
    for view in sorted(views, key=rank):
        groups.setdefault(view.standing, []).append(Member(view, sources.number(view.source), *where(view)))
    return [MemberGroup(standing, rows) for standing, rows in groups.items()]


def _place_of_standing(standing: str) -> int:
    return ORDER.index(standing) if standing in ORDER else len(ORDER)
