"""How alike two groupings of the same people are."""

from __future__ import annotations

import numpy as np

from comity.deliberation.core.votes import Floats, Ints


def crossing(one: Ints, other: Ints) -> Floats:
    """How many people stand in group i of one and group j of the other (k1 x k2). Labels are 0, 1, ..."""
    rows, columns = int(one.max(initial=-1)) + 1, int(other.max(initial=-1)) + 1
    return np.bincount(one * columns + other, minlength=rows * columns).reshape(rows, columns).astype(np.float64)


def adjusted_rand(one: Ints, other: Ints) -> float:
    """The adjusted Rand index: 1 for the same grouping, about 0 for chance. Source: Hubert and Arabie (1985)."""
    table = crossing(one, other)
    pairs = float((table * (table - 1)).sum() / 2)
    by_row = float((table.sum(axis=1) * (table.sum(axis=1) - 1)).sum() / 2)
    by_column = float((table.sum(axis=0) * (table.sum(axis=0) - 1)).sum() / 2)
    everyone = len(one) * (len(one) - 1) / 2
    expected = by_row * by_column / everyone if everyone else 0.0
    most = (by_row + by_column) / 2
    return 1.0 if most == expected else (pairs - expected) / (most - expected)


def matched(one: Ints, other: Ints) -> dict[int, int]:
    """For each group of ``other`` the group of ``one`` with which it shares most, one to one, largest first."""
    table = crossing(one, other)
    pairs: dict[int, int] = {}
    while table.size and table.max() > 0:
        row, column = np.unravel_index(int(table.argmax()), table.shape)
        pairs[int(column)] = int(row)
        table[row, :] = -1
        table[:, column] = -1
    return pairs
