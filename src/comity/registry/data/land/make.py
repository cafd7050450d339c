"""Make world.csv and points.csv from Natural Earth, once; the tables are ours and the package is not shipped.

    npm install --ignore-scripts --prefix /tmp/atlas world-atlas@2.0.2
    python -m comity.registry.data.land.make /tmp/atlas/node_modules/world-atlas

The package (ISC licence) holds Natural Earth 4.1.0, which is in the public domain. Land is sampled on a square grid of
the projection that ``core.world`` describes, so that every dot stands for the same area; a country's point is the
middle of its largest piece. What the data lack (small states, territories, former states) stands in ``missing.csv``,
written by hand from general knowledge, to a tenth of a degree, and not checked against a gazetteer.
"""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from babel.core import get_global

from comity.registry.core.world import projected

HERE = Path(__file__).resolve().parent
COLUMNS, NORTH, SOUTH = 450, 83.7, -56.0
Point = tuple[float, float]
Ring = list[Point]
UNNUMBERED = {"Kosovo": "XKX", "Somaliland": "SML", "N. Cyprus": "NCY"}
"""What Natural Earth draws without a number of ISO 3166, under the codes that regions.csv has for it."""


def arcs_of(atlas: dict[str, Any]) -> list[Ring]:
    """The arcs in degrees: differences added up, then scaled."""
    (kx, ky), (dx, dy) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    drawn = []
    for arc in atlas["arcs"]:
        x = y = 0
        ring = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            ring.append((x * kx + dx, y * ky + dy))
        drawn.append(ring)
    return drawn


def ring_of(numbers: Iterable[int], arcs: Sequence[Ring]) -> Ring:
    """One closed ring; a negative number is an arc walked backwards."""
    ring: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def rings_of(shape: dict[str, Any], arcs: Sequence[Ring]) -> list[list[Ring]]:
    """The polygons of a shape, each an outer ring with its holes."""
    if shape["type"] == "GeometryCollection":
        return [polygon for one in shape["geometries"] for polygon in rings_of(one, arcs)]
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    return [[ring_of(numbers, arcs) for numbers in polygon] for polygon in polygons]


def crossings(rings: Iterable[Ring], y: float) -> list[float]:
    """Where the outline crosses a row, from west to east (even-odd rule)."""
    found = []
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 > y) != (y2 > y):
                found.append(x1 + (y - y1) * (x2 - x1) / (y2 - y1))
    return sorted(found)


def latitude_of(y: float) -> float:
    """The latitude of a height of the map, by halving."""
    low, high = -90.0, 90.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if projected(11.0, middle)[1] < y else (low, middle)
    return low


def land(atlas: dict[str, Any]) -> Iterable[tuple[int, str]]:
    """Each row of the grid with its runs of land: ``first+count`` in columns from the map's western edge."""
    arcs = arcs_of(atlas)
    rings = [ring for polygon in rings_of(atlas["objects"]["land"], arcs) for ring in polygon]
    half = -projected(-168.999999, 0)[0]
    pitch = 2 * half / COLUMNS
    top, bottom = projected(0, NORTH)[1], projected(0, SOUTH)[1]
    for row in range(int((top - bottom) / pitch) + 1):
        latitude = latitude_of(top - row * pitch)
        edges = crossings(rings, latitude)
        spans = list(zip(edges[::2], edges[1::2], strict=False))
        reach = -projected(-168.999999, latitude)[0]
        dry = []
        for column in range(COLUMNS):
            x = -half + (column + 0.5) * pitch
            longitude = (x / reach * 180 + 11 + 180) % 360 - 180 if abs(x) <= reach else None
            if longitude is not None and any(west <= longitude < east for west, east in spans):
                dry.append(column)
        yield row, " ".join(f"{first}+{count}" for first, count in runs(dry))


def runs(columns: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Neighbouring columns as (first, count)."""
    for _, group in groupby(enumerate(columns), key=lambda pair: pair[1] - pair[0]):
        held = [column for _, column in group]
        yield held[0], len(held)


def middle(polygons: Sequence[Sequence[Ring]]) -> Point:
    """The middle of the largest piece; where that lies outside it, of its longest row through there."""
    outer = max((unwrapped(polygon[0]) for polygon in polygons), key=lambda ring: abs(moments(ring)[0]))
    area, x, y = moments(outer)
    x, y = x / (6 * area), y / (6 * area)
    edges = crossings([outer], y)
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    if spans and not any(west <= x <= east for west, east in spans):
        west, east = max(spans, key=lambda span: span[1] - span[0])
        x = (west + east) / 2
    return (x + 180) % 360 - 180, y


def unwrapped(ring: Ring) -> Ring:
    """A ring that goes on beyond 180 degrees instead of jumping to the other side (Russia, Fiji)."""
    turned = [ring[0]]
    for x, y in ring[1:]:
        before = turned[-1][0]
        turned.append((x + 360 * round((before - x) / 360), y))
    return turned


def moments(ring: Ring) -> tuple[float, float, float]:
    """Signed area and the first moments of a ring, times six."""
    area = mx = my = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area, mx, my = area + cross / 2, mx + (x1 + x2) * cross, my + (y1 + y2) * cross
    return area or 1e-12, mx, my


def points(atlas: dict[str, Any]) -> dict[str, Point]:
    """Countries and territories by alpha-3, the largest of those that share a number."""
    arcs = arcs_of(atlas)
    to_two = get_global("territory_aliases")
    to_three = {row["alpha2"]: row["code"] for row in regions() if row["alpha2"] and not row["valid_to"]}
    found: dict[str, tuple[float, Point]] = {}
    for shape in atlas["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        two = next(iter(to_two.get(str(shape.get("id", "")), [])), "")
        code = UNNUMBERED.get(name) or to_three.get(two, "")
        polygons = rings_of(shape, arcs)
        size = sum(abs(moments(polygon[0])[0]) for polygon in polygons)
        if code and size > found.get(code, (0.0, (0, 0)))[0]:
            found[code] = size, middle(polygons)
    return {code: point for code, (_, point) in found.items()}


def regions() -> list[dict[str, str]]:
    """The codes of the house's own scheme."""
    with (HERE.parent / "regions.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["kind"] == "country"]


def main(package: Path) -> None:
    """Write both tables."""
    shapes = json.loads((package / "land-50m.json").read_text())
    countries = json.loads((package / "countries-50m.json").read_text())
    with (HERE / "world.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["row", "runs"])
        writer.writerows(land(shapes))
    known = {code: (*point, "Natural Earth 4.1.0") for code, point in points(countries).items()}
    with (HERE / "missing.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            known[row["code"]] = float(row["longitude"]), float(row["latitude"]), row["why"]
    with (HERE / "points.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "longitude", "latitude", "source"])
        for row in regions():
            if row["code"] in known:
                x, y, source = known[row["code"]]
                writer.writerow([row["code"], f"{x:.1f}", f"{y:.1f}", source])
            else:
                sys.stderr.write(f"no point for {row['code']} {row['label']}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
