"""Groups of people who voted alike: k-means on the plane, the number of groups by silhouette, all deterministic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comity.deliberation.core.votes import Floats, Ints

FEWEST, MOST = 2, 5
ROUNDS = 300
TOLERANCE = 1e-4
EXACT = 4_000
"""Up to so many people the silhouette is taken over each pair; beyond, over at most 100 small clusters."""
STRIPS = 10
CHUNK = 500
"""Points whose distances are held at one time."""


@dataclass(frozen=True)
class Grouping:
    """``labels`` (n, 0..k-1), ``centres`` (k x 2), ``inertia`` (sum of squared distances), ``silhouette`` (-1..1)."""

    labels: Ints
    centres: Floats
    inertia: float
    silhouette: float = 0.0

    @property
    def count(self) -> int:
        """k, the number of groups."""
        return len(self.centres)


def find_groups(points: Floats, *, count: int | None = None, exact: bool, thorough: bool) -> Grouping:
    """Group n points (n x 2); ``count`` fixes k, otherwise k in 2..5 with the best silhouette (the smaller on a tie).

    ``exact`` takes the silhouette over all pairs (up to EXACT points). ``thorough`` tries three starts and keeps the
    tightest; otherwise the start is the first k distinct points in sorted order, as red-dwarf 0.4.0 does. Fewer than
    three points, or points all in one place, are one group.
    """
    distinct = np.unique(points, axis=0)
    if len(distinct) < FEWEST + 1:
        return _one_group(points)
    counts = (count,) if count is not None else range(FEWEST, min(MOST, len(distinct) - 1) + 1)
    tried = [cluster(points, distinct, k, thorough=thorough) for k in counts if k <= len(distinct)]
    if len(tried) == 1:
        return tried[0]
    places, weights = (points, np.ones(len(points))) if exact and len(points) <= EXACT else micro_clusters(points)
    scores = silhouettes(places, weights, [nearest(places, grouping.centres) for grouping in tried])
    best = int(np.argmax(scores))
    chosen = tried[best]
    return Grouping(chosen.labels, chosen.centres, chosen.inertia, scores[best])


def _one_group(points: Floats) -> Grouping:
    centre = points.mean(axis=0, keepdims=True) if len(points) else np.zeros((1, 2))
    return Grouping(np.zeros(len(points), dtype=np.int64), centre, float(((points - centre) ** 2).sum()))


def cluster(points: Floats, distinct: Floats, count: int, *, thorough: bool) -> Grouping:
    """k-means from a fixed start, or the tightest of three fixed starts. Source: Lloyd (1982)."""
    starts = [distinct[:count]]
    if thorough:
        starts += [_far_apart(distinct, count), _along_first_axis(distinct, count)]
    runs = [_lloyd(points, start) for start in starts]
    return min(runs, key=lambda run: run.inertia)


def _far_apart(distinct: Floats, count: int) -> Floats:
    """Start with the point farthest from the middle, then always the one farthest from those taken."""
    taken = [int(((distinct - distinct.mean(axis=0)) ** 2).sum(axis=1).argmax())]
    gap = ((distinct - distinct[taken[0]]) ** 2).sum(axis=1)
    for _ in range(count - 1):
        taken.append(int(gap.argmax()))
        gap = np.minimum(gap, ((distinct - distinct[taken[-1]]) ** 2).sum(axis=1))
    return distinct[taken]


def _along_first_axis(distinct: Floats, count: int) -> Floats:
    """Start with the means of k equal slices along the first axis."""
    return np.array([part.mean(axis=0) for part in np.array_split(distinct, count)])


def nearest(points: Floats, centres: Floats) -> Ints:
    """The index of the centre nearest to each point, the first on a tie."""
    return np.asarray(_squared(points, centres).argmin(axis=1), dtype=np.int64)


def _squared(points: Floats, centres: Floats) -> Floats:
    return (points[:, 0, None] - centres[None, :, 0]) ** 2 + (points[:, 1, None] - centres[None, :, 1]) ** 2


def _lloyd(points: Floats, start: Floats) -> Grouping:
    """Assign and average until nobody changes place, or the centres hardly move."""
    centres = start.copy()
    still = TOLERANCE * float(points.var(axis=0).mean())
    labels = np.full(len(points), -1)
    for _ in range(ROUNDS):
        gaps = _squared(points, centres)
        found = gaps.argmin(axis=1)
        moved = _averages(points, found, gaps[np.arange(len(points)), found], len(centres))
        if np.array_equal(found, labels):
            break
        labels, shift, centres = found, float(((moved - centres) ** 2).sum()), moved
        if shift <= still:
            labels = nearest(points, centres)
            break
    gaps = _squared(points, centres)[np.arange(len(points)), labels]
    return Grouping(labels, centres, float(gaps.sum()))


def _averages(points: Floats, labels: Ints, gaps: Floats, count: int) -> Floats:
    """The mean of each group; an empty group takes the point that lies farthest from its own centre."""
    sizes = np.bincount(labels, minlength=count).astype(np.float64)
    sums = np.stack([np.bincount(labels, points[:, axis], count) for axis in (0, 1)], axis=1)
    empty = np.flatnonzero(sizes == 0)
    if empty.size:
        for group, far in zip(empty, np.argsort(-gaps, kind="stable"), strict=False):
            old = labels[far]
            sums[old] -= points[far]
            sizes[old] -= 1
            sums[group], sizes[group] = points[far], 1
    return sums / np.maximum(sizes, 1)[:, None]


def micro_clusters(points: Floats) -> tuple[Floats, Floats]:
    """At most 100 places with weights that stand for all points: ten strips along the first axis, ten cells in each."""
    if len(points) <= STRIPS * STRIPS:
        return points, np.ones(len(points))
    order = np.lexsort((points[:, 1], points[:, 0]))
    cells = [
        cell
        for strip in np.array_split(order, STRIPS)
        for cell in np.array_split(strip[np.lexsort((points[strip, 0], points[strip, 1]))], STRIPS)
    ]
    return np.array([points[cell].mean(axis=0) for cell in cells]), np.array([float(len(cell)) for cell in cells])


def silhouettes(points: Floats, weights: Floats, labellings: Sequence[Ints]) -> list[float]:
    """The mean silhouette (-1..1) of weighted points under each labelling; a point stands for ``weight`` people.

    Distances are measured once for all labellings. Someone alone in a group counts 0. Source: Rousseeuw (1987).
    """
    members = [_members(labels, weights) for labels in labellings]
    sums = np.empty((len(points), sum(member.shape[1] for member in members)))
    beside = np.concatenate(members, axis=1)
    for begin in range(0, len(points), CHUNK):
        part = points[begin : begin + CHUNK]
        sums[begin : begin + CHUNK] = np.sqrt(_squared(part, points)) @ beside
    ends = np.cumsum([member.shape[1] for member in members])[:-1]
    parts = np.split(sums, ends, axis=1)
    return [
        _mean_silhouette(part, member.sum(axis=0), labels, weights)
        for part, member, labels in zip(parts, members, labellings, strict=True)
    ]


def _members(labels: Ints, weights: Floats) -> Floats:
    member = np.zeros((len(labels), int(labels.max()) + 1))
    member[np.arange(len(labels)), labels] = weights
    return member


def _mean_silhouette(sums: Floats, sizes: Floats, labels: Ints, weights: Floats) -> float:
    """From each point's summed distance to each group (n x k) to the mean silhouette."""
    if np.count_nonzero(sizes) < FEWEST:
        return -1.0
    everyone = np.arange(len(labels))
    own = sums[everyone, labels] / np.maximum(sizes[labels] - 1, 1)
    other = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    other[everyone, labels] = np.inf
    near = other.min(axis=1)
    wider = np.maximum(own, near)
    scores = np.where((sizes[labels] > 1) & (wider > 0), (near - own) / np.where(wider > 0, wider, 1), 0.0)
    return float((scores * weights).sum() / weights.sum())
