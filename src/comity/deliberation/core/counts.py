"""How each group voted on each statement: counts, probabilities and what they are worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from comity.deliberation.core.votes import AGREE, DISAGREE, Floats, Ints, Votes


@dataclass(frozen=True)
class Counts:
    """Votes per group and statement: ``agree``, ``disagree`` and ``seen`` (k x S); ``seen`` includes passes."""

    agree: Ints
    disagree: Ints
    seen: Ints

    def share(self) -> Floats:
        """The share of those who saw a statement that agreed (k x S, 0..1; NaN where nobody of the group saw it)."""
        return np.where(self.seen > 0, self.agree / np.maximum(self.seen, 1), np.nan)

    def others(self) -> Counts:
        """For each group the counts of everybody placed in another one (k x S)."""
        return Counts(
            *(table.sum(axis=0, keepdims=True) - table for table in (self.agree, self.disagree, self.seen)),
        )

    def together(self) -> Counts:
        """All groups as one (1 x S)."""
        return Counts(*(table.sum(axis=0, keepdims=True) for table in (self.agree, self.disagree, self.seen)))


def count_votes(votes: Votes, labels: Ints, groups: int) -> Counts:
    """Count votes by group; ``labels`` (P) holds -1 for people in no group, who are not counted."""
    placed = labels[votes.person] >= 0
    cell = labels[votes.person][placed] * votes.statements + votes.statement[placed]
    value = votes.value[placed]
    size = groups * votes.statements

    def table(chosen: Ints) -> Ints:
        return np.bincount(chosen, minlength=size).reshape(groups, votes.statements)

    return Counts(table(cell[value == AGREE]), table(cell[value == DISAGREE]), table(cell))


def probability(successes: Ints, seen: Ints, prior: float) -> Floats:
    """A share with ``prior`` imagined votes for and as many against: 1 for Laplace, 0.5 for Jeffreys."""
    return np.asarray((successes + prior) / (seen + 2 * prior), dtype=np.float64)


def one_proportion(successes: Ints, seen: Ints) -> Floats:
    """z of "more than half", one success added: 2 sqrt(n) (s/n - 1/2). Source: Polis, as red-dwarf 0.4.0 states it."""
    n = seen + 1
    return np.asarray(2 * np.sqrt(n) * ((successes + 1) / n - 0.5), dtype=np.float64)


def two_proportions(inside: Ints, outside: Ints, seen_inside: Ints, seen_outside: Ints) -> Floats:
    """z of "more often inside than outside", one added to each count, pooled variance; 0 where all agree.

    Source: Polis, as red-dwarf 0.4.0 states it.
    """
    s_in, s_out, n_in, n_out = inside + 1, outside + 1, seen_inside + 1, seen_outside + 1
    pooled = (s_in + s_out) / (n_in + n_out)
    error = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / n_in + 1 / n_out))
    return np.where(error > 0, (s_in / n_in - s_out / n_out) / np.where(error > 0, error, 1), 0.0)


@dataclass(frozen=True)
class Side:
    """One direction (agree or disagree) of every group and statement (k x S each).

    ``successes`` votes, ``p`` their probability, ``z`` of "more than half", ``ratio`` to everybody else, ``ratio_z``.
    """

    successes: Ints
    p: Floats
    z: Floats
    ratio: Floats
    ratio_z: Floats


def side(successes: Ints, seen: Ints, outside: Ints, seen_outside: Ints, prior: float) -> Side:
    """All that is computed about one direction."""
    p = probability(successes, seen, prior)
    return Side(
        successes,
        p,
        one_proportion(successes, seen),
        p / probability(outside, seen_outside, prior),
        two_proportions(successes, outside, seen, seen_outside),
    )


def both_sides(counts: Counts, prior: float) -> tuple[Side, Side]:
    """Agreement and disagreement of each group beside everybody else."""
    others = counts.others()
    return (
        side(counts.agree, counts.seen, others.agree, others.seen, prior),
        side(counts.disagree, counts.seen, others.disagree, others.seen, prior),
    )
