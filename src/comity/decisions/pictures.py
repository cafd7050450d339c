"""The vote as a picture: seats in a half circle with the threshold between them, a strip, and the bars of other rules.

Pure functions that return SVG. Presentation stands in the stylesheet's classes; an equal table stands beside each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from itertools import pairwise
from math import cos, pi, sin, sqrt

from comity.plain.stances import Stance

MOST_SEATS = 400
LINE = 17
"""Height of a line of a label."""
_ORDER = tuple(Stance)


@dataclass(frozen=True)
class Bloc:
    """Votes of one delegation given one way: its name, how many, how they stand, and the words of its label."""

    name: str
    language: str
    votes: int
    stance: Stance
    told: str


@dataclass(frozen=True)
class Threshold:
    """Where the line falls: after this share of the seats, with its words ("30 needed")."""

    share: Fraction
    words: str


def in_order(blocs: Sequence[Bloc]) -> list[Bloc]:
    """For, reserved, ad referendum, against, abstained, unused; the larger first: the deciding vote is at the line."""
    return sorted(blocs, key=lambda bloc: (_ORDER.index(bloc.stance), -bloc.votes, bloc.name))


def rows_of_seats(seats: int, divisor: int) -> list[int] | None:
    """Seats by row, inner first, each a multiple of ``divisor`` so that a line of that fraction cuts no seat.

    None where there are none, too many for a half circle, or where the fraction does not divide them.
    """
    if not 0 < seats <= MOST_SEATS or seats % divisor:
        return None
    units = seats // divisor
    rows = min(max(1, round(sqrt(seats / 4.5))), units)
    weights = [1 + place / 2 for place in range(rows)]
    exact = [units * weight / sum(weights) for weight in weights]
    parts = [max(1, int(share)) for share in exact]
    while sum(parts) < units:
        most = max(range(rows), key=lambda place: (exact[place] - parts[place], place))
        parts[most] += 1
    while sum(parts) > units:
        parts[parts.index(max(parts))] -= 1
    return [part * divisor for part in sorted(parts)]


@dataclass(frozen=True)
class _Seat:
    angle: float
    radius: float
    size: float


def _seats(rows: Sequence[int], inner: float, outer: float) -> list[_Seat]:
    """Seats at the centres of equal cells of their row, in order from left to right."""
    gap = (outer - inner) / (len(rows) - 1) if len(rows) > 1 else outer - inner
    radii = [inner + gap * place if len(rows) > 1 else outer for place in range(len(rows))]
    size = min(9.5, *(0.42 * pi * radius / count for radius, count in zip(radii, rows, strict=True)), 0.42 * gap)
    placed = [
        (Fraction(2 * cell + 1, 2 * count), row)
        for row, count in enumerate(rows)
        for cell in range(count)
    ]  # fmt: skip
    placed.sort(key=lambda seat: (seat[0], -seat[1]))
    return [_Seat(pi * (1 - float(share)), radii[row], size) for share, row in placed]


def seat_mark(stance: Stance, x: float, y: float, size: float) -> str:
    """One seat: full for, ring reserved, left half ad referendum, struck against, open abstained, dotted unused."""
    around = f'cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"'
    if stance is Stance.AGREED:
        return f'<circle class="fill-accent" {around}/>'
    if stance is Stance.RESERVED:
        core = f'<circle class="fill-paper" cx="{x:.1f}" cy="{y:.1f}" r="{size * 0.42:.1f}"/>'
        return f'<circle class="fill-accent" {around}/>{core}'
    if stance is Stance.AD_REFERENDUM:
        half = f'<path class="fill-accent" d="M{x:.1f} {y - size:.1f}a{size:.1f} {size:.1f} 0 0 0 0 {2 * size:.1f}z"/>'
        return f'<circle class="no-fill line-accent" {around}/>{half}'
    if stance is Stance.AGAINST:
        leg = size * 0.7
        strike = f'<path class="line-ink" d="M{x - leg:.1f} {y + leg:.1f}l{2 * leg:.1f} {-2 * leg:.1f}"/>'
        return f'<circle class="no-fill line-ink" {around}/>{strike}'
    if stance is Stance.ABSTAINED:
        return f'<circle class="no-fill line-ink" {around}/>'
    return f'<circle class="no-fill line-ink-3 dotted-line" {around}/>'


@dataclass(frozen=True)
class _Label:
    """A label of the arc: at which angle it points, and its lines; the first ``bold`` lines are bold."""

    angle: float
    lines: tuple[str, ...]
    bold: int
    language: str = ""

    @property
    def left(self) -> bool:
        """Whether it stands on the left side."""
        return cos(self.angle) < -1e-9

    @property
    def height(self) -> float:
        """Of the block, with the space below it."""
        return LINE * len(self.lines) + 6


def swept(middles: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Middles moved as little as possible (least squares) so that blocks, given from top to bottom, do not overlap.

    Isotonic regression by pooling neighbours: blocks that press on each other settle at their common mean.
    """
    reach = [0.0]
    for above, below in pairwise(heights):
        reach.append(reach[-1] + (above + below) / 2)
    pools: list[tuple[float, int]] = []
    for wanted, offset in zip(middles, reach, strict=True):
        mean, count = wanted - offset, 1
        while pools and pools[-1][0] > mean:
            other, size = pools.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        pools.append((mean, count))
    bases = [mean for mean, count in pools for _ in range(count)]
    return [base + offset for base, offset in zip(bases, reach, strict=True)]


WIDTH, CENTRE, OUTER, INNER, ARC = 784.0, 392.0, 212.0, 114.0, 236.0
LETTER = 7.5
"""Width of a bold letter at the size of a label, generously."""


def hemicycle(
    blocs: Sequence[Bloc], threshold: Threshold | None, *, number: int, under: str, title: str, told: str
) -> str | None:
    """The half circle of all seats with its threshold and labels placed by rule; None where the fraction cuts seats.

    ``number`` and ``under`` stand in the middle; ``title`` is the finding, ``told`` describes it to a screen reader.
    """
    ordered = in_order(blocs)
    total = sum(bloc.votes for bloc in ordered)
    rows = rows_of_seats(total, threshold.share.denominator if threshold else 1)
    if rows is None:
        return None
    seats = _seats(rows, INNER, OUTER)
    drawn, labels, place = [], [], 0
    for bloc in ordered:
        own = seats[place : place + bloc.votes]
        place += bloc.votes
        drawn += [seat_mark(bloc.stance, *_at(seat.angle, seat.radius), seat.size) for seat in own]
        middle = sum(seat.angle for seat in own) / len(own)
        name = _wrapped(bloc.name, CENTRE - 12 - ARC * abs(cos(middle)))
        labels.append(_Label(middle, (*name, bloc.told), len(name), bloc.language))
    line = ""
    if threshold:
        angle = pi * (1 - float(threshold.share))
        labels.append(_Label(angle, (threshold.words,), 1))
        (x1, y1), (x2, y2) = _at(angle, INNER - 22), _at(angle, OUTER + 22)
        line = f'<path class="line-ink threshold" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>'
    texts, top = _labels(labels)
    middle_words = (
        f'<text class="t-big" x="{CENTRE}" y="-34" text-anchor="middle">{number}</text>'
        f'<text class="t-2" x="{CENTRE}" y="-10" text-anchor="middle">{escape(under)}</text>'
    )
    top = min(top, -OUTER - 14) - 4
    head = f"<title>{escape(title)}</title><desc>{escape(told)}</desc>"
    view = f"0 {top:.0f} {WIDTH:.0f} {18 - top:.0f}"
    inner = f"{head}{''.join(drawn)}{line}{texts}{middle_words}"
    size = f'width="{WIDTH:.0f}" height="{18 - top:.0f}"'
    return f'<svg class="picture hemicycle not-turned" viewBox="{view}" {size} role="img">{inner}</svg>'


def _at(angle: float, radius: float) -> tuple[float, float]:
    return CENTRE + radius * cos(angle), -radius * sin(angle)


def _wrapped(name: str, room: float) -> tuple[str, ...]:
    """A name on as many lines as the room beside the arc asks for, broken at spaces only."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(f"{lines[-1]} {word}") * LETTER <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return tuple(lines) or (name,)


def _labels(labels: Sequence[_Label]) -> tuple[str, float]:
    """All labels, each side swept apart on its own; and the highest point they reach."""
    drawn, top = [], 0.0
    for side in (True, False):
        own = sorted(
            (label for label in labels if label.left is side), key=lambda label: sin(label.angle), reverse=True
        )
        wanted = [-ARC * sin(label.angle) for label in own]
        middles = swept(wanted, [label.height for label in own])
        if middles:
            low = max(0.0, middles[-1] + own[-1].height / 2 - 14)
            middles = [middle - low for middle in middles] if low else middles
        for label, middle in zip(own, middles, strict=True):
            drawn.append(_label(label, middle))
            top = min(top, middle - label.height / 2)
    return "".join(drawn), top


def _label(label: _Label, middle: float) -> str:
    inside = ARC**2 - middle**2
    way = -1 if label.left else 1
    sx, sy = _at(label.angle, OUTER + 13)
    out = max(sqrt(inside) if inside > 0 else 0.0, abs(sx - CENTRE) - 4)
    x = CENTRE + way * (out + 12)
    reach = label.height / 2 - 12
    end = min(max(sy, middle - reach), middle + reach)
    leader = f'<path class="line-rule-2" d="M{sx:.1f} {sy:.1f}L{x - way * 5:.1f} {end:.1f}"/>'
    anchor = "end" if label.left else "start"
    first = middle - LINE * (len(label.lines) - 1) / 2 + 4.5
    language = f' lang="{escape(label.language)}"' if label.language else ""
    texts = [
        f'<text class="{"t-b" if place < label.bold else "t-2"}"{language if place < label.bold else ""} x="{x:.1f}" '
        f'y="{first + LINE * place:.1f}" text-anchor="{anchor}">{escape(line)}</text>'
        for place, line in enumerate(label.lines)
    ]
    return leader + "".join(texts)


_STROKES = {
    Stance.AGREED: "fill-accent",
    Stance.RESERVED: "fill-accent",
    Stance.AD_REFERENDUM: "fill-accent",
    Stance.AGAINST: "no-fill line-ink",
    Stance.ABSTAINED: "fill-rule",
}


def strip(blocs: Sequence[Bloc], threshold: Threshold | None, *, title: str, told: str, width: int = 324) -> str:
    """All votes as strokes on one line, in the order of the half circle, with the threshold drawn through."""
    ordered = in_order(blocs)
    total = max(1, sum(bloc.votes for bloc in ordered))
    step = width / total
    bar = step * 0.68 if total > 90 else step - 2.4
    drawn, place = [], 0
    for bloc in ordered:
        drawn += [_stroke(bloc.stance, (place + seat) * step, bar) for seat in range(bloc.votes)]
        place += bloc.votes
    if threshold:
        x = float(threshold.share) * width - (step - bar) / 2
        anchor, at = ("end", x - 5) if threshold.share > Fraction(1, 3) else ("start", x + 5)
        drawn.append(f'<path class="line-ink threshold" d="M{x:.1f} 2v40"/>')
        drawn.append(f'<text class="t-b" x="{at:.1f}" y="12" text-anchor="{anchor}">{escape(threshold.words)}</text>')
    head = f"<title>{escape(title)}</title><desc>{escape(told)}</desc>"
    size = f'viewBox="0 0 {width} 44" width="{width}" height="44"'
    return f'<svg class="picture strip not-turned" {size} role="img">{head}{"".join(drawn)}</svg>'


def _stroke(stance: Stance, x: float, bar: float) -> str:
    if stance is Stance.UNUSED:
        return f'<path class="line-ink" d="M{x:.1f} 37.5h{bar:.1f}"/>'
    css = _STROKES[stance]
    if stance is Stance.AGAINST:
        return f'<rect class="{css}" x="{x + 0.5:.1f}" y="18.5" width="{max(bar - 1, 0.6):.1f}" height="19"/>'
    return f'<rect class="{css}" x="{x:.1f}" y="18" width="{bar:.1f}" height="20"/>'


def rule_bar(*, in_favour: int, base: int, whole: int, needed: int | None, chosen: bool) -> str:
    """One rule as a bar: its length is the base, so that "cast" is shorter than "allocated"; a tick where it is met."""
    scale = 120 / max(whole, base, 1)
    given = "fill-accent" if chosen else "fill-ink-2"
    parts = [
        f'<rect class="fill-rule" x="0" y="8" width="{base * scale:.1f}" height="7"/>',
        f'<rect class="{given}" x="0" y="8" width="{in_favour * scale:.1f}" height="7"/>',
    ]
    if needed is not None:
        x = needed * scale
        parts.append(f'<path class="line-ink threshold" d="M{x:.1f} 3v17"/>')
    size = 'viewBox="0 0 122 22" width="122" height="22"'
    return (
        f'<svg class="picture rule-bar not-turned" {size} aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )
