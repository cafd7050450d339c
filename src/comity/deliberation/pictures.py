"""Pictures of opinions, drawn on the server: the map of people, and one line of dots for a statement.

Pure functions from plain data to SVG. Hue and shape tell groups apart; each picture has an equal table beside it. Axes
have no names; left and right are not turned round for languages written from the right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Any

from comity.deliberation.core.cells import Bound, Cell
from comity.deliberation.core.outline import Place, hull
from comity.plain.languages import in_quotes, quotation

LETTERS = "abcde"
WIDTH = 784
LINE, HEAD = 19, 18
DISC = 15
MARK = 4.4
TOP, FOOT, EDGE = 118, 72, 22
TALLEST, LOWEST = 520, 250
WRAP, MOST_LINES = 27, 4
"""A longer statement stands whole in the table below the map."""


@dataclass(frozen=True)
class GroupWords:
    """What stands beside a group: its heading in the reader's language, its own words and their language."""

    heading: str
    words: str = ""
    language: str = ""


@dataclass(frozen=True)
class MapWords:
    """The words of a map in the reader's language."""

    title: str
    description: str
    groups: Sequence[GroupWords]
    scale: str
    centres: str


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: _Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True)
class _View:
    """From the plane to the page: equal scale in both directions, y turned upwards."""

    scale: float
    left: float
    top: float
    height: float

    def at(self, x: float, y: float) -> Place:
        return round(self.left + x * self.scale, 1), round(self.top - y * self.scale, 1)


def mark(group: int, x: float, y: float, size: float = MARK, *, hollow: bool = False) -> str:
    """The sign of a group: circle, square, triangle, diamond or downward triangle, in its hue."""
    letter = LETTERS[group % len(LETTERS)]
    css = f"fill-paper line-{letter} hollow" if hollow else f"fill-{letter}"
    if group == 0:
        return f'<circle class="{css}" cx="{x:g}" cy="{y:g}" r="{size:g}"/>'
    side = size * 0.92
    corners = {
        1: [(-side, -side), (side, -side), (side, side), (-side, side)],
        2: [(0, -size * 1.15), (size * 1.1, size * 0.85), (-size * 1.1, size * 0.85)],
        3: [(0, -size * 1.25), (size * 1.25, 0), (0, size * 1.25), (-size * 1.25, 0)],
        4: [(0, size * 1.15), (size * 1.1, -size * 0.85), (-size * 1.1, -size * 0.85)],
    }[min(group, 4)]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon class="{css}" points="{points}"/>'


def sign(group: int) -> str:
    """The sign of a group beside its letter in a table."""
    return f'<svg class="mark group-mark" viewBox="0 0 12 12" aria-hidden="true">{mark(group, 6, 6, 4.6)}</svg>'


def opinion_map(result: dict[str, Any], words: MapWords) -> str:
    """The map: a mark for each person, a hull and words for each group, centres of the draws, and a scale."""
    view = _view(result)
    placed: dict[int, list[Place]] = {}
    for x, y, group in result["people"]:
        placed.setdefault(group, []).append(view.at(x, y))
    groups = sorted(placed)
    hulls = {group: _outline(placed[group]) for group in groups}
    parts = [path for group in groups for path in [_hull(hulls[group], group)]]
    parts += [_lines(view)]
    parts += [mark(group, x, y) for group in groups for x, y in placed[group]]
    parts += [_crosses(result, view)]
    parts += _labels(words.groups, {group: _bounds(placed[group]) for group in groups}, view.height)
    parts += [_scale(result, view, words)]
    size = f"{WIDTH} {view.height:g}"
    return (
        f'<svg class="picture opinion-map not-turned" viewBox="0 0 {size}" role="img"'
        ' aria-labelledby="map-title map-desc">'
        f'<title id="map-title">{escape(words.title)}</title><desc id="map-desc">{escape(words.description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _view(result: dict[str, Any]) -> _View:
    xs = [person[0] for person in result["people"]]
    ys = [person[1] for person in result["people"]]
    wide, high = max(max(xs) - min(xs), 1e-9), max(max(ys) - min(ys), 1e-9)
    room = WIDTH - 2 * (EDGE + DISC)
    scale = min(room / wide, TALLEST / high)
    inner = max(high * scale, LOWEST)
    left = (WIDTH - wide * scale) / 2 - min(xs) * scale
    top = TOP + (inner + high * scale) / 2 + min(ys) * scale
    return _View(scale, left, top, round(TOP + inner + DISC + FOOT))


def _outline(places: Sequence[Place]) -> list[Place]:
    return hull(places)


def _hull(corners: Sequence[Place], group: int) -> str:
    """The convex hull of discs round the people: each edge moved outwards, corners rounded by the disc."""
    letter = LETTERS[group % len(LETTERS)]
    if len(corners) == 1:
        x, y = corners[0]
        return f'<circle class="hull fill-{letter} line-{letter}" cx="{x}" cy="{y}" r="{DISC}"/>'
    moved = []
    for at, (x1, y1) in enumerate(corners):
        x2, y2 = corners[(at + 1) % len(corners)]
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
        dx, dy = (y2 - y1) / length * DISC, -(x2 - x1) / length * DISC
        moved.append(((x1 + dx, y1 + dy), (x2 + dx, y2 + dy)))
    path = f"M{moved[0][0][0]:.1f} {moved[0][0][1]:.1f}"
    for at, (_begin, end) in enumerate(moved):
        following = moved[(at + 1) % len(moved)][0]
        path += f"L{end[0]:.1f} {end[1]:.1f}A{DISC} {DISC} 0 0 1 {following[0]:.1f} {following[1]:.1f}"
    return f'<path class="hull fill-{letter} line-{letter}" d="{path}Z"/>'


def _lines(view: _View) -> str:
    """The middle of the plane, faint: where somebody stands who passed on everything."""
    x, y = view.at(0, 0)
    return (
        f'<path class="no-fill line-rule-2 dotted-line" d="M{x} {TOP - 20}V{view.height - FOOT + 10}"/>'
        f'<path class="no-fill line-rule-2 dotted-line" d="M{EDGE} {y}H{WIDTH - EDGE}"/>'
    )


def _crosses(result: dict[str, Any], view: _View) -> str:
    """A cross for each group in each draw, where its people's middle fell."""
    path = ""
    for draw in result["stability"]["centres"]:
        for centre in draw:
            if centre is not None:
                x, y = view.at(*centre)
                path += f"M{x - 3.4:.1f} {y}h6.8M{x} {y - 3.4:.1f}v6.8"
    return f'<path class="no-fill line-paper cross-back" d="{path}"/><path class="no-fill line-ink cross" d="{path}"/>'


def _bounds(places: Sequence[Place]) -> _Box:
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return _Box(min(xs) - DISC, min(ys) - DISC, max(xs) + DISC, max(ys) + DISC)


def _labels(words: Sequence[GroupWords], bounds: dict[int, _Box], height: float) -> list[str]:
    """Heading and words of each group, set where they cross neither a hull nor each other: above, below or beside."""
    taken: list[_Box] = []
    parts = []
    for group, box in sorted(bounds.items(), key=lambda item: item[1].top):
        told = words[group]
        rest = f" …{quotation(told.language)[1]}"
        lines = (
            wrap(in_quotes(told.words, told.language), WRAP, max_lines=MOST_LINES, placeholder=rest)
            if told.words
            else []
        )
        wide = max([len(told.heading) * 7.4, *(len(line) * 7.2 for line in lines)], default=0.0)
        tall = HEAD + LINE * len(lines)
        spots = _spots(box, wide, tall, height)
        kept_free = (*bounds.values(), *taken)
        spot = next((s for s in spots if not any(s.overlaps(b) for b in kept_free)), spots[0])
        taken.append(spot)
        parts.append(_label(group, told, lines, spot))
    return parts


def _spots(box: _Box, wide: float, tall: float, height: float) -> list[_Box]:
    """Places for a label, best first, all within the frame."""
    lefts = [box.left + 6, (box.left + box.right - wide) / 2, box.right - wide - 6]
    corners = [(left, box.top - tall - 8) for left in lefts]
    corners += [
        (box.right + 8, (box.top + box.bottom - tall) / 2),
        (box.left - wide - 8, (box.top + box.bottom - tall) / 2),
    ]
    corners += [(left, box.bottom + 8) for left in lefts]
    fitting = []
    for left, top in corners:
        moved = min(max(left, 4), WIDTH - wide - 4)
        if top >= 0 and top + tall <= height - 8 and abs(moved - left) < 60:
            fitting.append(_Box(moved, top, moved + wide, top + tall))
    return fitting or [_Box(min(max(box.left, 4), WIDTH - wide - 4), 2, box.left + wide, 2 + tall)]


def _label(group: int, told: GroupWords, lines: Sequence[str], spot: _Box) -> str:
    letter = LETTERS[group % len(LETTERS)]
    x, y = round(spot.left, 1), round(spot.top + 13, 1)
    lang = f' lang="{escape(told.language)}"' if told.language else ""
    spans = "".join(f'<tspan x="{x}" dy="{LINE}">{escape(line)}</tspan>' for line in lines)
    said = f'<text class="t-words map-words" x="{x}" y="{y}"{lang}>{spans}</text>' if lines else ""
    return f'<text class="t-b map-heading fill-{letter}" x="{x}" y="{y}">{escape(told.heading)}</text>{said}'


def _scale(result: dict[str, Any], view: _View, words: MapWords) -> str:
    length = round(min(result["scale"]["length"] * view.scale, WIDTH / 2), 1)
    y = view.height - 44
    lines = wrap(words.scale, 40)
    spans = "".join(
        f'<tspan x="{EDGE}" dy="{0 if at == 0 else 15}">{escape(line)}</tspan>' for at, line in enumerate(lines)
    )
    bar = f'<path class="no-fill line-ink" d="M{EDGE} {y - 4}v8M{EDGE} {y}h{length}m0 -4v8"/>' if length > 0 else ""
    right = WIDTH - EDGE
    cross = f'<path class="no-fill line-ink cross" d="M{right - 3.4} {y}h6.8M{right} {y - 3.4}v6.8"/>'
    return (
        f'{bar}<text class="t-2 t-small map-words" x="{EDGE}" y="{y + 19}">{spans}</text>'
        f'{cross}<text class="t-2 t-small map-words" x="{right - 12}" y="{y + 4}" text-anchor="end">'
        f"{escape(words.centres)}</text>"
    )


PLOT_WIDTH, PLOT_HEIGHT, PLOT_EDGE = 224, 20, 8


def dots(cells: Sequence[Cell]) -> str:
    """One statement's agreement, group by group, from 0 to 100 %: the figures stand in the same row of the table.

    A share that may only be shown as "80 or more" is a hollow mark with its range drawn.
    """
    middle = PLOT_HEIGHT / 2
    shown = [(group, cell) for group, cell in enumerate(cells) if cell.bound is not Bound.TOO_FEW]
    parts = [
        f'<path class="no-fill line-rule" d="M{PLOT_EDGE} {middle}H{PLOT_WIDTH - PLOT_EDGE}"/>',
        f'<path class="no-fill line-rule-2" d="M{_share(50)} {middle - 5}v10"/>',
    ]
    if shown:
        ends = [end for _, cell in shown for end in _range(cell)]
        parts.append(f'<path class="no-fill line-ink-2 span" d="M{_share(min(ends))} {middle}H{_share(max(ends))}"/>')
    for group, cell in shown:
        parts.append(mark(group, _share(cell.percent), middle, 4.6, hollow=cell.bound is not Bound.EXACT))
    size = f"{PLOT_WIDTH} {PLOT_HEIGHT}"
    return f'<svg class="dots not-turned" viewBox="0 0 {size}" aria-hidden="true">{"".join(parts)}</svg>'


def _share(percent: float) -> float:
    return round(PLOT_EDGE + percent / 100 * (PLOT_WIDTH - 2 * PLOT_EDGE), 1)


def _range(cell: Cell) -> tuple[int, int]:
    if cell.bound is Bound.AT_LEAST:
        return cell.percent, 100
    return (0, cell.percent) if cell.bound is Bound.AT_MOST else (cell.percent, cell.percent)
