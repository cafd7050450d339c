"""From votes to places on a plane: two principal components of the mean-imputed votes, without ever filling the table.

Mean imputation followed by centring makes each missing cell exactly 0, so the components of the dense, imputed matrix
are those of a sparse one that holds ``x - mean`` where somebody voted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from comity.deliberation.core.votes import Floats, Ints, Mask, Votes

COMPONENTS = 2
BLOCK = 10
"""Vectors iterated together: eight more than asked for, so that the second direction settles fast."""
ITERATIONS = 300
SETTLED = 1e-9
FORMED_WORK = 100_000_000
"""Up to this many multiplications (each person's votes squared) the scatter matrix is formed; beyond, two passes."""
FORMED_STATEMENTS = 3_000


@dataclass(frozen=True)
class Plane:
    """Where people and statements stand.

    ``people`` (P x 2) and ``statements`` (S x 2, a person who only agrees with that one) in the same scale;
    ``directions`` (2 x S) of unit length, ``means`` (S), ``variance`` (2, per person) and ``shown``, the share of all
    variance that the two directions show (0..1).
    """

    people: Floats
    statements: Floats
    directions: Floats
    means: Floats
    variance: Floats
    shown: float


def lay_out(votes: Votes, silenced: Mask, *, count_silenced: bool) -> Plane:
    """Lay people and statements out on a plane.

    ``silenced`` (S) are statements taken out by moderation: they weigh nothing. With ``count_silenced`` they still
    count as seen by everybody in the sparsity correction sqrt(S / n_i), as Polis does; without, not at all.
    """
    heard = ~silenced[votes.statement]
    person, statement = votes.person[heard], votes.statement[heard]
    seen = np.bincount(statement, minlength=votes.statements)
    means = np.bincount(statement, votes.value[heard], votes.statements) / np.maximum(seen, 1)
    centred = votes.value[heard] - means[statement]
    directions, variance = _directions(votes, person, statement, centred)
    mine = np.bincount(person, minlength=votes.people)
    quiet = int(silenced.sum())
    counted = quiet if count_silenced else 0
    total = votes.statements if count_silenced else votes.statements - quiet
    scale = np.sqrt(total / np.maximum(mine + counted, 1))
    pulls = [np.bincount(person, centred * direction[statement], votes.people) for direction in directions]
    places = np.stack(pulls, axis=1).astype(np.float64) * scale[:, None]
    lone = float(np.sqrt(total / (counted + 1)))
    whole = float(centred @ centred)
    shown = float(variance.sum() * max(votes.people - 1, 1)) / whole if whole > 0 else 0.0
    reach = directions.T * np.where(silenced, 0.0, 1 - means)[:, None] * lone
    return Plane(places, reach, directions, means, variance, min(shown, 1.0))


def _directions(votes: Votes, person: Ints, statement: Ints, centred: Floats) -> tuple[Floats, Floats]:
    """The two directions of greatest variance (2 x S) and the variance along each, by subspace iteration.

    The start is fixed (the statements of greatest scatter), each direction's largest loading is positive: the same
    votes always give the same picture. Source: Halko, Martinsson and Tropp (2011), algorithm 4.4, with a Ritz step.
    """
    scatter = _scatter(votes, person, statement, centred)
    spread = np.bincount(statement, centred**2, votes.statements)
    block = min(BLOCK, votes.statements)
    basis = np.zeros((votes.statements, block))
    for column, index in enumerate(np.lexsort((np.arange(votes.statements), -spread))[:block]):
        basis[index, column] = 1.0
    values = np.zeros(block)
    basis = scatter(basis) + 1e-9 * basis
    for _ in range(ITERATIONS):
        basis, _ = np.linalg.qr(basis)
        image = scatter(basis)
        small = basis.T @ image
        found, turn = np.linalg.eigh((small + small.T) / 2)
        values, turn = found[::-1], turn[:, ::-1]
        ritz, image = basis @ turn, image @ turn
        off = np.linalg.norm(image[:, :COMPONENTS] - ritz[:, :COMPONENTS] * values[:COMPONENTS], axis=0)
        basis = ritz
        if np.all(off <= SETTLED * max(values[0], 1e-300)) or values[0] <= 0:
            break
        basis = image
    basis, values = _padded(basis[:, :COMPONENTS], np.maximum(values[:COMPONENTS], 0))
    largest = np.round(np.abs(basis), 9).argmax(axis=0)  # of loadings equal but for rounding, the first
    signs = np.sign(basis[largest, np.arange(COMPONENTS)])
    directions = (basis * np.where(signs == 0, 1, signs)).T
    return directions, values / max(votes.people - 1, 1)


def _padded(basis: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Two directions even where the votes have fewer: a missing one, or one without variance, is zero."""
    missing = COMPONENTS - basis.shape[1]
    basis = np.pad(basis, ((0, 0), (0, missing)))
    values = np.pad(values, (0, missing))
    basis[:, values <= 1e-12 * max(float(values[0]), 1e-300)] = 0
    return basis, values


def _scatter(votes: Votes, person: Ints, statement: Ints, centred: Floats) -> Callable[[Floats], Floats]:
    """How the S x S scatter matrix acts on a block of vectors: formed where cheap, else in two sparse passes."""
    from scipy.sparse import csr_array  # here, since loading it takes longer than most commands do

    table: csr_array = csr_array((centred, (person, statement)), shape=(votes.people, votes.statements))
    work = float(np.square(np.bincount(person), dtype=np.float64).sum())
    if work <= FORMED_WORK and votes.statements <= FORMED_STATEMENTS:
        square = (table.T @ table).toarray()
        return lambda block: square @ block
    across = table.T.tocsr()
    return lambda block: np.asarray(across @ (table @ block))
