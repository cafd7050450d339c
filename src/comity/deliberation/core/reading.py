"""What a reader takes from a map: what unites, what divides, each group's own words, and the scale of the picture."""

from __future__ import annotations

import numpy as np

from comity.deliberation.core.cells import FEWEST_VOTERS
from comity.deliberation.core.opinions import OpinionMap
from comity.deliberation.core.votes import AGREE, DISAGREE, Floats, Votes

UNITED = 2 / 3
"""A statement unites when at least two thirds of every group agree with it."""
FEWEST_ROWS, MOST_ROWS = 4, 6
KEEPS_A_VOICE = 7
"""Every group of so many people keeps at least one statement of its own, however large the others are."""
PAIRED = 400


def lowest_agreement(chart: OpinionMap) -> Floats:
    """For each statement the share of agreement in the group that agrees least (S; NaN where too few voted)."""
    share = chart.counts.share()
    enough = chart.counts.seen >= np.minimum(FEWEST_VOTERS, chart.sizes)[:, None]
    return np.where(enough.all(axis=0) & ~chart.silenced, np.where(enough, share, 1.0).min(axis=0), np.nan)


def uniting(chart: OpinionMap) -> list[int]:
    """The statements that at least two thirds of every group agree with, by group-informed consensus."""
    lowest = np.nan_to_num(lowest_agreement(chart), nan=0.0)
    found = np.flatnonzero(lowest >= UNITED)
    return sorted(found.tolist(), key=lambda one: (-chart.consensus[one], one))


def own_words(chart: OpinionMap) -> list[int | None]:
    """For each group the statement that speaks for it: the first it agrees with, none twice; None for tiny groups."""
    taken: set[int] = set()
    words: list[int | None] = []
    for group, spoken in enumerate(chart.voices):
        ranked = sorted(spoken, key=lambda voice: (not voice.agrees, -voice.ratio * voice.p * voice.ratio_z))
        free = [voice.statement for voice in ranked if voice.statement not in taken]
        chosen = free[0] if free and chart.sizes[group] >= KEEPS_A_VOICE else None
        words.append(chosen)
        taken |= {chosen} if chosen is not None else set()
    return words


def dividing(chart: OpinionMap, rows: int) -> list[int]:
    """The ``rows`` statements on which the shares of the groups lie furthest apart.

    The groups' own words stand on the map already and are left out here.
    """
    share = chart.counts.share()
    enough = (chart.counts.seen >= np.minimum(FEWEST_VOTERS, chart.sizes)[:, None]).all(axis=0) & ~chart.silenced
    spread = np.where(enough, np.nan_to_num(share.max(axis=0) - share.min(axis=0)), -1.0)
    named = {one for one in own_words(chart) if one is not None}
    ranked = sorted(
        (one for one in range(len(spread)) if spread[one] > 0 and one not in named), key=lambda one: -spread[one]
    )
    return ranked[:rows]


def scale_of(chart: OpinionMap, opposed: int) -> float:
    """How far apart on the plane people stand who oppose each other on ``opposed`` statements, on average.

    Least squares through the origin over the pairs of at most 400 people (evenly taken), on the statements both voted
    on; the length is in the units of the plane.
    """
    everyone = np.flatnonzero(chart.placed)
    people = everyone[np.linspace(0, len(everyone) - 1, min(PAIRED, len(everyone))).astype(np.int64)]
    agreed, disagreed, voted = _tables(chart.votes, people)
    against = agreed @ disagreed.T
    both = voted @ voted.T
    share = (against + against.T) / np.maximum(both, 1)
    places = chart.plane.people[people]
    gaps = np.sqrt(((places[:, None, :] - places[None, :, :]) ** 2).sum(axis=2))
    weight = float((share * share).sum())
    slope = float((share * gaps).sum()) / weight if weight > 0 else 0.0
    return slope * opposed / max(chart.votes.statements, 1)


def _tables(votes: Votes, people: np.typing.NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Who agreed, disagreed and voted, as filled tables of the chosen people."""
    row = np.full(votes.people, -1)
    row[people] = np.arange(len(people))
    cast = row[votes.person] >= 0
    tables = []
    for chosen in (votes.value == AGREE, votes.value == DISAGREE, np.ones(len(votes.value), dtype=bool)):
        table = np.zeros((len(people), votes.statements))
        table[row[votes.person[cast & chosen]], votes.statement[cast & chosen]] = 1.0
        tables.append(table)
    return tables[0], tables[1], tables[2]


def rows_to_show(united: int) -> int:
    """How many rows each of the two tables has: as many as unite, at least four and at most six."""
    return max(FEWEST_ROWS, min(MOST_ROWS, united))
