"""The outline of a group: the convex hull of its people's places, to be drawn with discs round them."""

from __future__ import annotations

from collections.abc import Sequence

Place = tuple[float, float]


def hull(places: Sequence[Place]) -> list[Place]:
    """The corners of the convex hull, counter-clockwise in a plane whose y grows upwards, without points on an edge.

    Source: Andrew's monotone chain (1979). One place gives one corner, places on a line give its two ends.
    """
    ordered = sorted(set(places))
    if len(ordered) < 3:
        return ordered
    lower, upper = _chain(ordered), _chain(ordered[::-1])
    return lower[:-1] + upper[:-1]


def _chain(ordered: Sequence[Place]) -> list[Place]:
    chain: list[Place] = []
    for place in ordered:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], place) <= 0:
            chain.pop()
        chain.append(place)
    return chain


def _turn(one: Place, two: Place, three: Place) -> float:
    """Positive for a left turn."""
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])
