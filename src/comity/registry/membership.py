"""Who belongs to a network, as its page tells it: where, in which standing, since when, and how that grew."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.registry import maps, pictures, queries, sheet, words
from comity.registry.counting import Counted, homes_of_members
from comity.registry.models import LinkKind, NamingNote, Organisation, OrganisationQuerySet, partial
from comity.registry.queries import LinksOn, LinkView

FEW = 15
"""Up to so many members their list stands beside the map, as the map's own table."""


@dataclass(frozen=True)
class Map:
    """Where members are at home: the picture, its finding, the same as rows, and what has no place on it."""

    finding: str
    picture: str
    spots: list[maps.Spot]
    nowhere: int
    """Members whose country no source states, or whose code is of no one place."""
    notes: list[NamingNote]
    """How the network names some of these, where it added a footnote or a basis."""

    @property
    def undated(self) -> bool:
        """Whether any disc has a dotted ring."""
        return any(spot.unknown for spot in self.spots)


@dataclass(frozen=True)
class Named:
    """What a network calls the countries of its members, and its notes in force on the page's day."""

    labels: sheet.Labels
    notes: list[NamingNote]


def homes_of(members: LinksOn) -> set[str]:
    """Where its members are at home."""
    return {view.other.country for view in (*members.in_force, *members.date_unknown)} - {""}


def map_of(members: LinksOn, named: Named, place: Place) -> Map:
    """The map of a network's members on the page's day, each country under the name the network gives it."""
    sure, unknown = (
        Counter(view.other.country for view in group) for group in (members.in_force, members.date_unknown)
    )
    spots = _spots({code: Counted(sure[code], unknown[code]) for code in {**sure, **unknown}}, named.labels)
    codes = {spot.code for spot in spots}
    told = [note for note in named.notes if note.code in codes and (note.footnote or note.basis)]
    return _mapped(spots, sure.total() + unknown.total(), place.realm, told)


def _mapped(spots: Sequence[maps.Spot], members: int, realm: Realm, notes: list[NamingNote]) -> Map:
    land = maps.land_of(realm)
    on_map, off_map = maps.placed(spots, land)
    finding = map_told(on_map)
    picture = maps.drawn(on_map, land, finding, _described(on_map)) if on_map else ""
    return Map(finding, picture, [*on_map, *off_map], members - sum(spot.count for spot in on_map), notes)


def _spots(homes: Mapping[str, Counted], named: sheet.Labels) -> list[maps.Spot]:
    return [maps.Spot(code, named[code][0], one.sure, one.unknown) for code, one in homes.items() if code]


def world_of(networks: OrganisationQuerySet, place: Place) -> Map:
    """Where the members of several networks are at home, each organisation counted once."""
    homes = homes_of_members(networks, place)
    every = sum(one.sure + one.unknown for one in homes.values())
    return _mapped(_spots(homes, sheet.labels(homes, place)), every, place.realm, [])


def map_told(spots: Sequence[maps.Spot]) -> str:
    """The finding of a map, as its heading."""
    if not spots:
        return _("Where its members are at home is not known")
    if len(spots) == 1:
        return _("All whose home is known are of %(country)s") % {"country": spots[0].label}
    if spots[0].count == spots[1].count:
        return _("They are at home in %(n)d countries and territories") % {"n": len(spots)}
    told = {"n": len(spots), "most": spots[0].label, "many": spots[0].count}
    return _("They are at home in %(n)d countries and territories; most, %(many)d, in %(most)s") % told


def _described(spots: Sequence[maps.Spot]) -> str:
    told = [
        _("%(country)s: %(sure)d in force, %(unknown)d of unknown dates")
        % {"country": spot.label, "sure": spot.sure, "unknown": spot.unknown}
        if spot.unknown
        else _("%(country)s: %(sure)d in force") % {"country": spot.label, "sure": spot.sure}
        for spot in spots[:12]
    ]
    return "; ".join(told)


def naming_on(notes: Iterable[NamingNote], place: Place) -> list[NamingNote]:
    """How a network names territories on the page's day: of each code the note in force, of all its notes in order."""
    latest = {
        note.code: note for note in notes if note.in_force_from <= place.as_of and note.recorded_at <= place.known_by
    }
    return [latest[code] for code in sorted(latest)]


@dataclass(frozen=True)
class Crossed:
    """Members by region and standing: a column for each standing, a row for each region, largest first."""

    standings: list[str]
    rows: list[tuple[str, list[int], int]]
    totals: list[int]

    @property
    def whole(self) -> int:
        """All members."""
        return sum(self.totals)


def crossed(groups: Sequence[sheet.MemberGroup]) -> Crossed:
    """Members by region of the network's scheme (or the general one) and by standing."""
    standings = [group.standing for group in groups]
    counted: dict[str, Counter[str]] = {}
    for group in groups:
        for member in group.members:
            counted.setdefault(member.area or member.country, Counter())[group.standing] += 1
    rows = [(area, [held[standing] for standing in standings], held.total()) for area, held in counted.items()]
    rows.sort(key=lambda row: (-row[2], row[0]))
    return Crossed(standings, rows, [len(group.members) for group in groups])


@dataclass(frozen=True)
class YearRow:
    """A year of the growth table: members at its end, and who joined and left within it on a stated date."""

    year: int
    known: int
    unknown: int
    joined: int
    left: int


def year_rows(years: Sequence[pictures.YearCount], members: LinksOn) -> list[YearRow]:
    """The picture of growth as a table."""
    joined = Counter(year for view in members if (year := _joined(view)))
    left = Counter(year for view in members.not_in_force if (year := _left(view)))
    return [
        YearRow(year.year, sum(year.groups), year.unknown, joined[year.year], left[year.year])
        for year in reversed(years)
    ]


def _joined(view: LinkView) -> int | None:
    """The year in which a tie began, where every spell of it states when."""
    starts = [partial(spell.start) for spell in (view.spell, *(past.spell for past in view.history))]
    known = [start.first.year for start in starts if start is not None]
    return min(known) if len(known) == len(starts) else None


def last_turn(members: LinksOn, day: date) -> str:
    """The last stated day, by the one shown, on which a membership began, changed or ended; empty without one."""
    said = [(partial(text), text) for view in members for spell in view.spells for text in (spell.start, spell.end)]
    return max(((when.first, text) for when, text in said if when and when.last <= day), default=(day, ""))[1]


def _left(view: LinkView) -> int | None:
    end = partial(view.spell.end)
    return end.first.year if end is not None else None


def growth_told(years: Sequence[pictures.YearCount]) -> str:
    """The finding of the growth picture, as its heading."""
    last = years[-1]
    if not last.total and not any(year.total for year in years):
        return _("No source states a member")
    if not last.total:
        return _("No member is in force on this day")
    if last.total == last.unknown:
        told_of = ngettext(
            "A source states %(n)d member; since when, nobody has stated",
            "Sources state %(n)d members; since when, nobody has stated",
            last.unknown,
        )
        return told_of % {"n": last.unknown}
    if last.unknown * 2 > last.total:
        told = {"n": last.total, "unknown": last.unknown}
        return _("Sources state %(n)d members; for %(unknown)d of them nobody has stated since when") % told
    first = next(year for year in years if year.total)
    told = {"first": first.total, "from": first.year, "last": last.total, "to": last.year, "unknown": last.unknown}
    if last.unknown:
        told_in_part = _("%(first)d in %(from)d, %(last)d in %(to)d; since when is not stated for %(unknown)d of these")
        return told_in_part % told
    return _("%(first)d members in %(from)d, %(last)d in %(to)d, all of them dated") % told


def growth_described(years: Sequence[pictures.YearCount]) -> str:
    """The growth picture in words, some eight of its years."""
    told = [
        _("%(year)d: %(known)d in force, %(unknown)d of unknown dates")
        % {"year": year.year, "known": sum(year.groups), "unknown": year.unknown}
        for year in years[:: max(len(years) // 8, 1)]
    ]
    return "; ".join(told)


def inks(years: Sequence[pictures.YearCount]) -> list[tuple[str, str]]:
    """The inks that a growth picture uses, each with its sample."""
    used = [ink for place, ink in enumerate(pictures.GROUP_INKS) if any(year.groups[place] for year in years)]
    if any(year.unknown for year in years):
        used.append(pictures.Ink.UNKNOWN)
    return [(str(ink), pictures.legend_mark(ink)) for ink in used]


def divided(links: LinksOn) -> tuple[LinksOn, LinksOn]:
    """The links of a network as its members and its other ties."""
    groups = (links.in_force, links.not_in_force, links.date_unknown)
    members = LinksOn(*([view for view in group if _is_member(view)] for group in groups))
    return members, LinksOn(*([view for view in group if not _is_member(view)] for group in groups))


def _is_member(view: LinkView) -> bool:
    return view.kind == LinkKind.MEMBERSHIP and not view.outward


def belonging(
    network: Organisation, members: LinksOn, named: Named, sources: sheet.Sources, place: Place
) -> dict[str, Any]:
    """What the page of a network shows of its members."""
    groups = sheet.member_groups(members, named.labels, sources)
    years = sheet.growth_of(network, members, place.as_of)
    finding = growth_told(years)
    return {
        "members": members,
        "last_turn": last_turn(members, place.as_of),
        "few": len(members.in_force) + len(members.date_unknown) <= FEW,
        "groups": [(words.STANDINGS.get(group.standing, group.standing), group) for group in groups],
        "has_areas": any(member.area for group in groups for member in group.members),
        "crossed": crossed(groups),
        "countries": len({member.country for group in groups for member in group.members if member.country}),
        "left": [(v, sources.number(v.source), words.WHY.get(v.why, "")) for v in members.not_in_force],
        "map": map_of(members, named, place),
        "years": year_rows(years, members),
        "finding": finding,
        "growth": pictures.growth(years, finding, growth_described(years)) if len(years) > 1 else "",
        "inks": inks(years),
    }


def wings_of(
    network: Organisation, members: LinksOn, ends: Mapping[int, Organisation], place: Place
) -> list[tuple[Organisation, LinkView | None]]:
    """Wings and other parts of the network and its members, each with its own tie to the network where it has one.

    ``ends`` are all organisations at the other ends, by key.
    """
    ties = {view.other.pk: view for view in [*members.in_force, *members.date_unknown]}
    parts = [row for row in ends.values() if row.parent_id and (row.parent_id == network.pk or row.pk in ties)]
    parts = [row for row in parts if row.recorded_at <= place.known_by]
    known = {**ends, network.pk: network}
    beyond = {row.parent_id for row in parts if row.parent_id and row.parent_id not in known}
    known |= queries.seen_ends(beyond, place.actor, place.at)
    for row in parts:
        row.parent = known.get(row.parent_id or 0)
    return [(row, ties.get(row.pk)) for row in sorted(parts, key=lambda row: (row.name, row.pk))]
