"""Maps without frontiers: dots are land, discs are where organisations are at home.

Land and points are tables of our own (``data/land``). A row of land is one stroke whose dashes have no length and round
ends: each is a dot. No line divides the land, and what a disc is called is the network's decision, given by the caller.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from math import ceil, pi, sqrt
from pathlib import Path

from comity.plain.levels import Realm
from comity.registry.core.world import projected

DATA = Path(__file__).resolve().parent / "data" / "land"
WIDTH = 740
"""Of every drawn map, in units of its own; dots stand some five units apart or more."""
PITCH = 4.9
SHAPE = 0.56
"""The least height of a part of the world for its width."""
INKED = 0.09
"""The largest share of a map's area that its discs may cover."""
LARGEST = 9.0
"""The largest radius of a disc that stands for one organisation."""
LABELLED = 14
"""How many discs get their name written beside them, largest first, where there is room."""


@dataclass(frozen=True)
class Land:
    """A grid of land and the places on it, in columns from the western edge and rows from the north."""

    rows: Mapping[int, Sequence[tuple[int, int]]]
    """By row, runs of land as first column and count."""
    columns: int
    points: Mapping[str, tuple[float, float]]
    """By region code."""

    @property
    def height(self) -> int:
        """How many rows it has."""
        return max(self.rows) + 1


@dataclass(frozen=True)
class Spot:
    """Organisations of one country or territory: how many surely belong, and how many on an unknown day."""

    code: str
    label: str
    sure: int
    unknown: int = 0

    @property
    def count(self) -> int:
        """All of them."""
        return self.sure + self.unknown


@dataclass(frozen=True)
class Frame:
    """The part of a land that is drawn, in columns and rows."""

    left: float
    top: float
    width: float
    height: float

    @property
    def scale(self) -> float:
        """Units of the drawing for each column."""
        return WIDTH / self.width

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        """Where a point of the grid stands in the drawing."""
        return (point[0] - self.left) * self.scale, (point[1] - self.top) * self.scale


@lru_cache(maxsize=2)
def land_of(realm: Realm) -> Land:
    """The land of a realm: the Earth, or the shores of the invented sea."""
    if realm is Realm.FICTION:
        points = {row["code"]: (float(row["column"]), float(row["row"])) for row in _table("halmere_points.csv")}
        rows = _rows("halmere.csv")
        return Land(rows, max(first + count for runs in rows.values() for first, count in runs), points)
    half = -projected(-168.999999, 0)[0]
    top = projected(11, 83.7)[1]
    pitch = 2 * half / 450
    points = {}
    for row in _table("points.csv"):
        x, y = projected(float(row["longitude"]), float(row["latitude"]))
        points[row["code"]] = ((x + half) / pitch - 0.5, (top - y) / pitch)
    return Land(_rows("world.csv"), 450, points)


def _table(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _rows(name: str) -> dict[int, tuple[tuple[int, int], ...]]:
    return {
        int(row["row"]): tuple((int(a), int(b)) for a, b in (run.split("+") for run in row["runs"].split()))
        for row in _table(name)
    }


def placed(spots: Iterable[Spot], land: Land) -> tuple[list[Spot], list[Spot]]:
    """The spots whose place is known, largest first, and those the table of points does not hold."""
    ordered = sorted(spots, key=lambda spot: (-spot.count, spot.code))
    return [s for s in ordered if s.code in land.points], [s for s in ordered if s.code not in land.points]


def frame_of(spots: Sequence[Spot], land: Land) -> Frame:
    """The part of the land to draw: all of it, or where its spots lie together, the part that holds them."""
    whole = Frame(-1, -2, land.columns + 2, land.height + 4)
    points = [land.points[spot.code] for spot in spots]
    if not points or land.columns < 300:
        return whole
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    width = max(right - left, (bottom - top) / SHAPE, land.columns / 7) * 1.24
    if width > land.columns * 0.6:
        return whole
    height = max(width * SHAPE, (bottom - top) * 1.3)
    return Frame((left + right - width) / 2, (top + bottom - height) / 2, width, height)


def drawn(spots: Sequence[Spot], land: Land, title: str, description: str, name: str = "map") -> str:
    """The map of spots whose place is known. ``title`` tells the finding; ``name`` keeps ids apart on one page."""
    frame = frame_of(spots, land)
    unit = min(LARGEST, sqrt(INKED * WIDTH * frame.height * frame.scale / (pi * sum(spot.count for spot in spots))))
    discs = [_Disc(spot, *frame.at(land.points[spot.code]), unit * sqrt(spot.count)) for spot in spots]
    words = "".join(_labels(discs, frame.height * frame.scale))
    return (
        f'<svg class="map not-turned" viewBox="0 0 {WIDTH} {frame.height * frame.scale:.0f}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
        f"{_dots(land, frame)}{''.join(disc.picture for disc in discs)}{words}</svg>"
    )


def _dots(land: Land, frame: Frame) -> str:
    """The land as rows of dots; every second or third of the table where more would run together."""
    step = max(1, ceil(PITCH / frame.scale))
    scale = frame.scale * step
    first_row, last_row = frame.top / step, (frame.top + frame.height) / step
    first, last = ceil(frame.left / step), int((frame.left + frame.width) / step)
    runs = [
        (max(ceil(start / step), first), min((start + count - 1) // step, last), row // step)
        for row, held in land.rows.items()
        if row % step == 0 and first_row <= row / step <= last_row
        for start, count in held
    ]
    # a length of h0 would lose single dots, and the last of each run
    path = "".join(f"M{start} {row}h{end - start}.01" for start, end, row in runs if end >= start)
    moved = f"translate({-frame.left * frame.scale:.1f} {-frame.top * frame.scale:.1f}) scale({scale:.3f})"
    return f'<path class="land" transform="{moved}" stroke-width=".26" stroke-dasharray="0 1" d="{path}"/>'


@dataclass(frozen=True)
class _Disc:
    """A spot where it stands in the drawing; its area is the number of members."""

    spot: Spot
    x: float
    y: float
    radius: float

    @property
    def number(self) -> str:
        """The count, where the disc is of one kind and holds it."""
        legible = self.radius >= 4 + 4 * len(str(self.spot.count))
        return str(self.spot.count) if legible and self.spot.sure in {0, self.spot.count} else ""

    @property
    def picture(self) -> str:
        """A full disc for those surely in force, within a dotted ring where some are undated."""
        spot, inner = self.spot, self.radius * sqrt(self.spot.sure / max(self.spot.count, 1))
        at = f'cx="{self.x:.0f}" cy="{self.y:.0f}"'
        ring = f'<circle class="undated" {at} r="{self.radius:.1f}"/>' if spot.unknown else ""
        full = f'<circle class="disc" {at} r="{inner:.1f}"/>' if spot.sure else ""
        css = "t-on" if spot.sure else "t-b"
        y = f'y="{self.y + 4.4:.1f}" text-anchor="middle"'
        number = f'<text class="{css} t-small" x="{self.x:.0f}" {y}>{self.number}</text>' if self.number else ""
        told = f"{spot.label}: {spot.sure}" + (f" + {spot.unknown}?" if spot.unknown else "")
        return f"<g><title>{escape(told)}</title>{ring}{full}{number}</g>"


Box = tuple[float, float, float, float]


def _labels(discs: Sequence[_Disc], height: float) -> Iterator[str]:
    """Names beside the largest discs: right, left, below or above, wherever nothing stands; else none."""
    taken: list[Box] = [(d.x - d.radius, d.y - d.radius, d.x + d.radius, d.y + d.radius) for d in discs]
    for disc in discs[:LABELLED]:
        long = 7.2 * len(disc.spot.label) + 4
        gap = disc.radius + 5
        for x, y, anchor in (
            (disc.x + gap, disc.y + 4, "start"),
            (disc.x - gap, disc.y + 4, "end"),
            (disc.x, disc.y + gap + 10, "middle"),
            (disc.x, disc.y - gap - 1, "middle"),
        ):
            left = x - {"start": 0.0, "middle": long / 2, "end": long}[anchor]
            box = (left, y - 11, left + long, y + 4)
            if left < 2 or box[2] > WIDTH - 2 or box[1] < 0 or box[3] > height or any(_meet(box, b) for b in taken):
                continue
            taken.append(box)
            yield (
                f'<text class="t-b t-small halo" x="{x:.0f}" y="{y:.0f}" '
                f'text-anchor="{anchor}">{escape(disc.spot.label)}</text>'
            )
            break


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
