"""Pictures drawn on the server: when each link was in force, and how a network grew.

Pure functions from numbers to SVG. A row of the span diagram has no view box: its places are shares of its width, so
that one drawing serves every width and the hatching keeps its grain. Time runs from left to right in every language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from html import escape
from itertools import pairwise

from comity.plain.time import PartialDate, Period, When


class Ink(StrEnum):
    """How a stretch of time is drawn."""

    SURE = "sure"
    """In force, dates known: filled."""
    LOOSE = "loose"
    """In force without full standing (observer, candidate, partner): outlined."""
    SUSPENDED = "suspended"
    """Dashes."""
    UNKNOWN = "unknown"
    """Stated, but not for which days: hatched."""
    AGREED = "agreed"
    """Agreed beyond the day shown: dotted."""


OUTLINED = frozenset({"observer", "consultative", "candidate", "partner", "affiliate", "fraternal"})


@dataclass(frozen=True)
class Stretch:
    """A stretch of days, first and last included, in one ink."""

    first: date
    last: date
    ink: Ink

    @property
    def days(self) -> int:
        """How many days it covers."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Axis:
    """The years a diagram covers; ``last`` is a little after the day shown."""

    first: date
    last: date

    @cached_property
    def _ends(self) -> tuple[int, int]:
        """The number of its first day, and how many days it has."""
        return self.first.toordinal(), max((self.last - self.first).days, 1)

    def at(self, day: date, later: int = 0) -> float:
        """Where a day, or one so many days later, stands: a share of the width."""
        first, whole = self._ends
        share = (day.toordinal() + later - first) / whole
        return 0.0 if share < 0 else 1.0 if share > 1 else share

    def ticks(self) -> list[int]:
        """Some five to eight round years."""
        years = self.last.year - self.first.year
        step = next(step for step in (1, 2, 5, 10, 20, 25, 50, 100) if years / step <= 8 or step == 100)
        begin = self.first.year + (-self.first.year) % step
        return [year for year in range(begin, self.last.year + 1, step) if date(year, 1, 1) >= self.first]


def axis_for(days: Iterable[date], shown: date) -> Axis:
    """The axis that holds all these days, at least ten years, with room for what is agreed beyond the day shown."""
    earliest = min([*(day for day in days if day <= shown), date(max(shown.year - 10, 1), 1, 1)])
    first = date(earliest.year, 1, 1)
    return Axis(first, shown + timedelta(days=max((shown - first).days // 40, 60)))


def ink_of(standing: str, *, unverified: bool = False) -> Ink:
    """The ink of a class of standing."""
    if unverified:
        return Ink.UNKNOWN
    if standing == "suspended":
        return Ink.SUSPENDED
    return Ink.LOOSE if standing in OUTLINED else Ink.SURE


@lru_cache(maxsize=16384)
def stretches(period: Period, ink: Ink, shown: date, not_before: date) -> tuple[Stretch, ...]:
    """What one spell covers up to the day shown: hatched where its dates leave a day open, inked where they do not.

    ``not_before`` bounds a start that nobody stated, e.g. by the founding of both ends.
    """
    edges = _edges(period, shown, not_before)
    found: list[Stretch] = []
    for first, following in pairwise(edges):
        last = following - timedelta(days=1)
        when = period.on(first)
        if when is When.NOT_IN_FORCE:
            continue
        drawn = ink if when is When.IN_FORCE else Ink.UNKNOWN
        if found and found[-1].ink is drawn and found[-1].last + timedelta(days=1) == first:
            found[-1] = Stretch(found[-1].first, last, drawn)
        else:
            found.append(Stretch(first, last, drawn))
    if period.end is not None and period.end.last > shown and period.on(shown) is not When.NOT_IN_FORCE:
        found.append(Stretch(shown, period.end.last, Ink.AGREED))
    return tuple(found)


def _edges(period: Period, shown: date, not_before: date) -> list[date]:
    """The days on which the answer may change, from the bound to the day after the one shown."""
    after = timedelta(days=1)
    candidates = {not_before, shown + after}
    for partial in (period.start, period.end):
        if partial is not None:
            candidates |= {partial.first, partial.last, partial.first + after, partial.last + after}
    lower = period.start.first if period.start is not None else not_before
    return sorted(day for day in candidates if lower <= day <= shown + after)


def unknown_share(drawn: Iterable[Stretch]) -> tuple[int, int]:
    """Years hatched and years drawn, rounded to whole years: the share that nobody has dated."""
    drawn = [stretch for stretch in drawn if stretch.ink is not Ink.AGREED]
    hatched = sum(stretch.days for stretch in drawn if stretch.ink is Ink.UNKNOWN)
    return round(hatched / 365.25), round(sum(stretch.days for stretch in drawn) / 365.25)


def span_row(axis: Axis, drawn: Sequence[Stretch], title: str) -> str:
    """One row of the span diagram: the stretches of a link over the years and the day, which are drawn once a page."""
    bars = "".join(_bar(axis, stretch) for stretch in drawn)
    return (
        f'<svg class="span-row not-turned" role="img" width="100%" height="100%"><title>{escape(title)}</title>'
        f'<use href="#span-years"/>{bars}<use href="#span-today"/></svg>'
    )


def span_lines(axis: Axis, shown: date) -> str:
    """The lines of the years and of the day shown, from edge to edge, which each row of the diagram uses."""
    years = "".join(_upright(axis.at(date(year, 1, 1)), "line-rule") for year in axis.ticks())
    day = _upright(axis.at(shown), "line-ink span-day")
    return (
        '<svg class="unseen" aria-hidden="true" width="0" height="0"><defs>'
        f'<g id="span-years">{years}</g><g id="span-today">{day}</g></defs></svg>'
    )


def _upright(share: float, css: str) -> str:
    return f'<line class="{css}" x1="{share:.3%}" x2="{share:.3%}" y1="0" y2="100%"/>'


_LOOK = {
    Ink.SURE: 'class="fill-accent"',
    Ink.LOOSE: 'class="fill-paper line-accent span-open"',
    Ink.SUSPENDED: 'class="no-fill line-ink dashed"',
    Ink.UNKNOWN: 'fill="url(#hatch)"',
    Ink.AGREED: 'class="no-fill line-ink dotted-line"',
}


def _bar(axis: Axis, stretch: Stretch, y: str = "50%") -> str:
    left, right = axis.at(stretch.first), axis.at(stretch.last, later=1)
    width = max(right - left, 0.004)
    return (
        f'<rect {_LOOK[stretch.ink]} x="{left:.3%}" width="{width:.3%}" y="{y}" height="11" '
        'transform="translate(0 -5.5)"/>'
    )


def span_axis(axis: Axis, shown: date, label: str, direction: str = "ltr") -> str:
    """The years above the span diagram, and the day shown in words of a language that runs in ``direction``."""
    day, free = axis.at(shown), 0.028 * len(label) + 0.03
    years = "".join(
        f'<text class="t-2 t-small" x="{axis.at(date(year, 1, 1)):.3%}" y="14" text-anchor="middle">{year}</text>'
        for year in axis.ticks()
        if 0.04 < axis.at(date(year, 1, 1)) < day - free
    )
    anchor = "start" if direction == "rtl" else "end"  # the end of the line on the left of the day, in either direction
    words = f'direction="{direction}" text-anchor="{anchor}">{escape(label)}'
    mark = f'<text class="t-b t-small" x="{day:.3%}" y="14" {words}</text>'
    return f'<svg class="span-axis not-turned" aria-hidden="true" width="100%" height="20">{years}{mark}</svg>'


@dataclass(frozen=True)
class Bar:
    """An organisation in the picture of a lineage."""

    name: str
    language: str
    direction: str
    drawn: tuple[Stretch, ...]
    tied: date | None
    """The day on which it and the organisation of the page turned one into the other; none where nobody stated it."""
    own: bool = False
    """Whether it is the organisation of the page."""


LINEAGE_ROW = 42


def lineage(bars: Sequence[Bar], axis: Axis, shown: date, title: str, description: str) -> str:
    """What came before and after: one row an organisation, its name above its years, tied to the page's own on a day.

    No view box, as in the span diagram; ``span_axis`` stands above it.
    """
    high = LINEAGE_ROW * len(bars) + 8
    own = next(place for place, bar in enumerate(bars) if bar.own)
    rows = "".join(_lineage_row(bar, axis, place) for place, bar in enumerate(bars))
    ties = "".join(_lineage_tie(bar.tied, axis, place, own) for place, bar in enumerate(bars) if bar.tied)
    years = "".join(_upright(axis.at(date(year, 1, 1)), "line-rule") for year in axis.ticks())
    return (
        f'<svg class="lineage not-turned" width="100%" height="{high}" role="img" '
        f'aria-labelledby="lineage-title lineage-desc"><title id="lineage-title">{escape(title)}</title>'
        f'<desc id="lineage-desc">{escape(description)}</desc>{years}{_upright(axis.at(shown), "line-ink span-day")}'
        f"{rows}{ties}</svg>"
    )


def _middle(place: int) -> int:
    return place * LINEAGE_ROW + 31


def _lineage_row(bar: Bar, axis: Axis, place: int) -> str:
    """The name over its bar, held within the picture whichever way its script runs."""
    first = axis.at(bar.drawn[0].first) if bar.drawn else 0.0
    late = first > 0.5
    at = axis.at(max(stretch.last for stretch in bar.drawn)) if late else first
    anchor = "end" if late == (bar.direction == "ltr") else "start"
    pieces = "".join(_bar(axis, stretch, f"{_middle(place)}") for stretch in bar.drawn)
    css = "t-b t-small halo" if bar.own else "t-small halo"
    return (
        f'<text class="{css}" x="{at:.3%}" y="{_middle(place) - 11}" lang="{escape(bar.language)}" '
        f'direction="{bar.direction}" text-anchor="{anchor}">{escape(bar.name)}</text>{pieces}'
    )


def _lineage_tie(tied: date, axis: Axis, place: int, own: int) -> str:
    x = f"{axis.at(tied):.3%}"
    return (
        f'<line class="line-ink" x1="{x}" x2="{x}" y1="{_middle(place)}" y2="{_middle(own)}"/>'
        f'<circle class="fill-ink" cx="{x}" cy="{_middle(own)}" r="3.5"/>'
    )


HATCH = (
    '<svg class="unseen" aria-hidden="true" width="0" height="0"><defs>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="fill-paper" width="6" height="6"/><rect class="fill-ink-2" width="1.3" height="6"/></pattern>'
    "</defs></svg>"
)
"""The hatching that means "stated, date unknown"; once on each page that draws it."""


def legend_mark(ink: Ink) -> str:
    """A small sample of one ink, for the legend."""
    return (
        '<svg class="span-sample" aria-hidden="true" width="26" height="11">'
        f'<rect {_LOOK[ink]} x="1" y="1" width="24" height="9"/></svg>'
    )


@dataclass(frozen=True)
class YearCount:
    """Members at the end of a year: by group, outermost last, and how many nobody has dated."""

    year: int
    groups: tuple[int, ...]
    unknown: int

    @property
    def total(self) -> int:
        """All that may have belonged."""
        return sum(self.groups) + self.unknown


GROUP_INKS = (Ink.SURE, Ink.LOOSE, Ink.SUSPENDED)
MOST_SQUARES = 40
"""Above so many members in one year a column is drawn as bars instead of squares."""


GROWN = 92.0
"""The share of the width, in percent, that the columns fill; the last count stands after them."""
WIDEST = 5.0
"""A column is no wider, so that few years make a short picture and not a few great blocks."""


def growth(years: Sequence[YearCount], title: str, description: str) -> str:
    """How a network grew: one square a member-year while they are few, stacked columns when many; unknown hatched.

    Like the span diagram it has no view box: widths are shares, heights are pixels, words keep their size on a phone.
    """
    most = max((year.total for year in years), default=0)
    if not years or not most:
        return ""
    foot, high = 24, min(max(18 * most, 120), 220)
    unit, step, base = high / most, min(GROWN / len(years), WIDEST), high + 10
    grown = step * len(years)
    squares = most <= MOST_SQUARES and len(years) <= 60
    columns = "".join(
        _column(year, place * step, step, base, unit, squares=squares) for place, year in enumerate(years)
    )
    line = f'<line class="line-ink" x1="0" x2="{grown:.2f}%" y1="{base}" y2="{base}"/>'
    labels = "".join(_year_label(years, place, step, base + 16) for place in _labelled(years))
    last = years[-1]
    top = base - last.total * unit + 11
    count = f'<text class="t-b" x="{grown + 1:.2f}%" y="{top:.1f}">{last.total}</text>'
    return (
        f'<svg class="growth not-turned" width="100%" height="{base + foot}" role="img" '
        f'aria-labelledby="growth-title growth-desc"><title id="growth-title">{escape(title)}</title>'
        f'<desc id="growth-desc">{escape(description)}</desc>{columns}{line}{labels}{count}</svg>'
    )


def _column(year: YearCount, x: float, step: float, base: float, unit: float, *, squares: bool) -> str:
    parts, stacked = [], 0
    width = step * (0.72 if squares else 0.86)
    for ink, many in [*zip(GROUP_INKS, year.groups, strict=False), (Ink.UNKNOWN, year.unknown)]:
        pieces = many if squares else min(many, 1)
        tall = unit if squares else unit * many
        drawn = "".join(
            f'<rect x="{x + step * 0.07:.2f}%" y="{base - stacked * unit - (nth + 1) * tall + 0.8:.1f}" '
            f'width="{width:.2f}%" height="{max(tall - 1.8 * squares, 1):.1f}"/>'
            for nth in range(pieces)
        )
        parts.append(f"<g {_LOOK[ink]}>{drawn}</g>" if drawn else "")
        stacked += many
    return "".join(parts)


def _labelled(years: Sequence[YearCount]) -> list[int]:
    step = 5 if len(years) <= 40 else 10 if len(years) <= 90 else 25
    round_years = [place for place, year in enumerate(years) if year.year % step == 0]
    return [place for place in round_years if len(years) - 1 - place > step // 3] + [len(years) - 1]


def _year_label(years: Sequence[YearCount], place: int, step: float, y: float) -> str:
    css = "t-b t-small" if place == len(years) - 1 else "t-2 t-small"
    x = (place + 0.43) * step
    return f'<text class="{css}" x="{x:.2f}%" y="{y:.0f}" text-anchor="middle">{years[place].year}</text>'


def bound_of(*founded: PartialDate | None, axis_first: date) -> date:
    """The earliest day a link may have begun when nobody stated one: after all its ends were founded."""
    return max([day.first for day in founded if day is not None], default=axis_first)
