"""Who voted how on which statement, kept sparse: only votes that were cast are stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from comity.plain.refusals import BadInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

AGREE, PASS, DISAGREE = 1, 0, -1


class VoteOutOfScale(BadInput):
    """A vote on a statement is 1 (agree), -1 (disagree) or 0 (pass)."""

    code = "vote-out-of-scale"


@dataclass(frozen=True)
class Votes:
    """P people, S statements, N votes. ``people[i]`` voted ``value[i]`` on ``statements[i]``, ordered by person, then
    statement, at most one vote a cell.

    ``person_ids`` (P) and ``statement_ids`` (S) name rows and columns; ``person``, ``statement`` (N, indices) and
    ``value`` (N, in -1, 0, 1) are the votes.
    """

    person_ids: tuple[str, ...]
    statement_ids: tuple[str, ...]
    person: Ints
    statement: Ints
    value: Floats

    @property
    def people(self) -> int:
        """P, the number of people."""
        return len(self.person_ids)

    @property
    def statements(self) -> int:
        """S, the number of statements."""
        return len(self.statement_ids)

    def per_person(self) -> Ints:
        """How many statements each person voted on, passes included (P)."""
        return np.bincount(self.person, minlength=self.people)

    def per_statement(self) -> Ints:
        """How many people voted on each statement, passes included (S)."""
        return np.bincount(self.statement, minlength=self.statements)

    def only(self, keep: Mask) -> Votes:
        """The votes on the statements in ``keep`` (S booleans); the people stay the same."""
        place = np.cumsum(keep) - 1
        cast = keep[self.statement]
        return Votes(
            self.person_ids,
            tuple(name for name, kept in zip(self.statement_ids, keep, strict=True) if kept),
            self.person[cast],
            place[self.statement[cast]],
            self.value[cast],
        )


def gather(
    events: Iterable[tuple[str, str, int]],
    *,
    people: Sequence[str] = (),
    statements: Sequence[str] = (),
) -> Votes:
    """Gather vote events (person, statement, vote) in the order they came: the last vote on a cell counts.

    ``people`` and ``statements`` fix the order of rows and columns and may name some without votes; others are added
    in order of appearance. Raises VoteOutOfScale.
    """
    rows = {name: index for index, name in enumerate(people)}
    columns = {name: index for index, name in enumerate(statements)}
    cells: dict[tuple[int, int], int] = {}
    for person, statement, vote in events:
        if vote not in (AGREE, PASS, DISAGREE):
            raise VoteOutOfScale(person=person, statement=statement, vote=vote)
        cells[rows.setdefault(person, len(rows)), columns.setdefault(statement, len(columns))] = vote
    placed = np.array(sorted((row, column, vote) for (row, column), vote in cells.items()), dtype=np.int64)
    placed = placed.reshape(-1, 3)
    return Votes(tuple(rows), tuple(columns), placed[:, 0], placed[:, 1], placed[:, 2].astype(np.float64))


def from_table(person_ids: Sequence[str], statement_ids: Sequence[str], cells: Floats) -> Votes:
    """Votes from a P x S table in which NaN means: did not vote. Raises VoteOutOfScale."""
    person, statement = np.nonzero(~np.isnan(cells))
    value = cells[person, statement]
    wrong = np.flatnonzero(~np.isin(value, (AGREE, PASS, DISAGREE)))
    if wrong.size:
        at = int(wrong[0])
        raise VoteOutOfScale(
            person=person_ids[int(person[at])], statement=statement_ids[int(statement[at])], vote=float(value[at])
        )
    return Votes(tuple(person_ids), tuple(statement_ids), person, statement, value)
