"""What a group says that others do not, and what all say together: selections from the counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from comity.deliberation.core.counts import Counts, Side, both_sides, one_proportion, probability
from comity.deliberation.core.votes import Floats, Mask

SIGNIFICANT = 1.2815515655446004
"""One-sided 90 % point of the normal distribution."""
MOST_VOICES = 5


@dataclass(frozen=True)
class Voice:
    """A statement that speaks for a group: ``agrees`` or disagrees, ``successes`` of ``seen``, how far above others."""

    statement: int
    agrees: bool
    successes: int
    seen: int
    p: float
    z: float
    ratio: float
    ratio_z: float


def voices(counts: Counts, silenced: Mask, prior: float) -> tuple[tuple[Voice, ...], ...]:
    """For each group at most five statements that speak for it, agreements first, and always at least one.

    The best agreement is kept first; then those significant in both tests, by ratio x ratio z x p x z.
    Source: Polis repness, as red-dwarf 0.4.0 states it.
    """
    agree, disagree = both_sides(counts, prior)
    open_statements = np.flatnonzero(~silenced)
    return tuple(_voices_of(group, counts, agree, disagree, open_statements) for group in range(len(counts.seen)))


def _voices_of(
    group: int, counts: Counts, agree: Side, disagree: Side, statements: np.typing.NDArray[np.intp]
) -> tuple[Voice, ...]:
    significant = ((agree.z[group] > SIGNIFICANT) & (agree.ratio_z[group] > SIGNIFICANT)) | (
        (disagree.z[group] > SIGNIFICANT) & (disagree.ratio_z[group] > SIGNIFICANT)
    )
    for_it = agree.ratio_z[group] > disagree.ratio_z[group]
    sides = {True: agree, False: disagree}
    weight = {
        which: part.ratio[group] * part.ratio_z[group] * part.p[group] * part.z[group] for which, part in sides.items()
    }
    telling = [int(one) for one in statements if significant[one]]
    telling.sort(key=lambda one: (-weight[bool(for_it[one])][one], one))
    head = _best_agreement(group, counts, agree, statements)
    if head is None and not telling and len(statements):
        strongest = np.maximum(agree.ratio_z[group], disagree.ratio_z[group])[statements]
        head = int(statements[int(strongest.argmax())])
    ordered = ([head] if head is not None else []) + [one for one in telling if one != head]
    chosen = sorted(ordered[:MOST_VOICES], key=lambda one: not for_it[one])
    return tuple(_voice(group, one, bool(for_it[one]), counts, sides[bool(for_it[one])]) for one in chosen)


def _voice(group: int, statement: int, agrees: bool, counts: Counts, part: Side) -> Voice:
    return Voice(
        statement,
        agrees,
        int(part.successes[group, statement]),
        int(counts.seen[group, statement]),
        float(part.p[group, statement]),
        float(part.z[group, statement]),
        float(part.ratio[group, statement]),
        float(part.ratio_z[group, statement]),
    )


def _best_agreement(group: int, counts: Counts, agree: Side, statements: np.typing.NDArray[np.intp]) -> int | None:
    """The statement the group agrees with most tellingly, read in order as Polis does."""
    best: int | None = None
    p, z, ratio, ratio_z = (table[group] for table in (agree.p, agree.z, agree.ratio, agree.ratio_z))
    likely, telling = p * z, ratio * ratio_z * p * z
    voted = (counts.agree[group] > 0) | (counts.disagree[group] > 0)
    good = (z > SIGNIFICANT) | ((ratio > 1.0) & (p > 0.5))
    for one in statements:
        if not voted[one]:
            continue
        if best is None:
            best = int(one) if good[one] else None
        elif (telling[one] > telling[best]) if ratio[best] > 1.0 else (likely[one] > likely[best]):
            best = int(one)
    return best


@dataclass(frozen=True)
class Common:
    """A statement on which the whole conversation leans one way, groups apart."""

    statement: int
    agrees: bool
    p: float
    z: float


def common_ground(everybody: Counts, silenced: Mask, prior: float) -> tuple[Common, ...]:
    """Statements that most people agree (then: disagree) with, significantly: at most five each, by p x z.

    Source: Polis consensus, as red-dwarf 0.4.0 states it; ``everybody`` (1 x S) counts people in no group, too.
    """
    found: list[Common] = []
    for agrees, successes in ((True, everybody.agree[0]), (False, everybody.disagree[0])):
        p, z = probability(successes, everybody.seen[0], prior), one_proportion(successes, everybody.seen[0])
        chosen = np.flatnonzero((p > 0.5) & (z > SIGNIFICANT) & ~silenced)
        ranked = sorted(chosen.tolist(), key=lambda one: (-p[one] * z[one], one))
        found += [Common(one, agrees, float(p[one]), float(z[one])) for one in ranked[:MOST_VOICES]]
    return tuple(found)


def across_groups(counts: Counts, prior: float, *, geometric: bool) -> tuple[Floats, Floats]:
    """Group-informed consensus for agreement and for disagreement (S each, 0..1).

    Polis multiplies the groups' probabilities, so the figure shrinks with their number. ``geometric`` takes their
    geometric mean instead and weighs each by its opposite: (prod p_agree (1 - p_disagree))^(1/k).
    """
    agree = probability(counts.agree, counts.seen, prior)
    disagree = probability(counts.disagree, counts.seen, prior)
    if not geometric:
        return agree.prod(axis=0), disagree.prod(axis=0)
    root = 1 / max(len(agree), 1)
    return (agree * (1 - disagree)).prod(axis=0) ** root, (disagree * (1 - agree)).prod(axis=0) ** root
