"""Which figures may be shown: a percentage that tells how each member of a small group voted is coded at its edge.

A group of seven at 100 % tells how each of its members voted, and showing 86 % but hiding 100 % tells it as well. So
all high and all low shares of a group are shown as "80 or more", "20 or less" while the group is small, at 95 and 5
otherwise. A cell with fewer than five voters shows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from comity.deliberation.core.counts import Counts
from comity.deliberation.core.votes import Ints

SMALL = 20
FEWEST_VOTERS = 5


class Bound(StrEnum):
    """How a shown figure is to be read."""

    EXACT = "exact"
    AT_LEAST = "at-least"
    AT_MOST = "at-most"
    TOO_FEW = "too-few"


@dataclass(frozen=True)
class Cell:
    """The agreement of one group with one statement as it may be shown: a whole percentage and how to read it."""

    percent: int
    bound: Bound


def edges(size: int) -> tuple[int, int]:
    """The lowest and the highest percentage shown exactly for a group of ``size`` people."""
    return (20, 80) if size < SMALL else (5, 95)


def cell(agree: int, seen: int, size: int) -> Cell:
    """The cell that may be shown for ``agree`` of ``seen`` votes in a group of ``size``."""
    if seen < FEWEST_VOTERS:
        return Cell(0, Bound.TOO_FEW)
    low, high = edges(size)
    percent = round(100 * agree / seen)
    if percent >= high:
        return Cell(high, Bound.AT_LEAST)
    if percent <= low:
        return Cell(low, Bound.AT_MOST)
    return Cell(percent, Bound.EXACT)


def cells(counts: Counts, sizes: Ints, statement: int) -> tuple[Cell, ...]:
    """One statement's cells, group by group."""
    return tuple(
        cell(int(counts.agree[group, statement]), int(counts.seen[group, statement]), int(size))
        for group, size in enumerate(sizes)
    )


def rows_may_be_published(counts: Counts, sizes: Ints) -> bool:
    """Whether the votes themselves, without names, may be published: no group is small, none voted as one anywhere.

    Rows without names still tell how everyone in a group voted where the group was of one mind.
    """
    if len(sizes) == 0 or int(sizes.min()) < SMALL:
        return False
    enough = counts.seen >= FEWEST_VOTERS
    of_one_mind = enough & ((counts.agree == counts.seen) | (counts.disagree == counts.seen))
    return not bool(np.any(of_one_mind))
