"""Spells of a tie: what they say of a day, when two surely overlap, and which one speaks for the tie.

Everything here is three-valued. A date that nobody stated is never guessed: a rule refuses only what is certain under
every reading of the partial dates, and a day is answered "unknown" where the readings differ.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from comity.plain.time import PartialDate, Period, When

FAR = date.max
CLOSED_STANDINGS = frozenset({"former", "expelled"})
"""Standings that say the tie is over."""
SANCTIONS = frozenset({"suspended", "expelled"})
"""Standings that count only with a dated primary source."""


class Why(StrEnum):
    """Why a tie is not in force on a day."""

    NOTHING = ""
    NOT_BEGUN = "not-begun"
    ENDED = "ended"
    NOT_FOUNDED = "not-founded"
    DISSOLVED = "dissolved"


@dataclass(frozen=True)
class Life:
    """When an organisation existed, as far as a source says."""

    founded: PartialDate | None = None
    dissolved: PartialDate | None = None

    def on(self, day: date) -> tuple[When, Why]:
        """Whether it existed on a day; where no date is stated, it did."""
        if self.founded is not None and day < self.founded.first:
            return When.NOT_IN_FORCE, Why.NOT_FOUNDED
        if self.dissolved is not None and day > self.dissolved.last:
            return When.NOT_IN_FORCE, Why.DISSOLVED
        if self.founded is not None and day < self.founded.last:
            return When.UNKNOWN, Why.NOTHING
        if self.dissolved is not None and not self.dissolved.exact and day >= self.dissolved.first:
            return When.UNKNOWN, Why.NOTHING
        return When.IN_FORCE, Why.NOTHING


def on(
    day: date, period: Period, standing: str, lives: Iterable[Life], *, unverified: bool = False
) -> tuple[When, Why]:
    """What one spell says of a day: in force, not in force (and why), or unknown.

    A tie is in force only while both its ends exist. "Former" and "expelled" are never in force once they began; an
    expulsion without a dated primary source does not count and leaves the day unknown.
    """
    answer = period.on(day)
    if standing in CLOSED_STANDINGS and answer is not When.NOT_IN_FORCE:
        return (When.UNKNOWN, Why.NOTHING) if unverified else (When.NOT_IN_FORCE, Why.ENDED)
    if answer is When.NOT_IN_FORCE:
        begun = period.start is None or day >= period.start.first
        return answer, Why.ENDED if begun else Why.NOT_BEGUN
    for life in lives:
        existed, why = life.on(day)
        if existed is When.NOT_IN_FORCE:
            return existed, why
        if existed is When.UNKNOWN:
            answer = When.UNKNOWN
    return answer, Why.NOTHING


def _sure_span(period: Period) -> tuple[date, date] | None:
    """First and last day that lie in the period under every reading, or None if there is no such day."""
    open_end = period.end is None and not period.ended
    first = period.start.last if period.start is not None else None
    last = FAR if open_end else period.end.first if period.end is not None else None
    if first is not None and last is not None:
        return (first, last) if first <= last else None
    if first is not None and period.start is not None and period.start.exact:
        return first, first
    if last is not None and period.end is not None and period.end.exact:
        return last, last
    return None


def surely_overlap(one: Period, other: Period) -> bool:
    """Whether two periods share a day under every reading of their dates.

    Both bounds are included, so spells that touch on one stated day do overlap, while spells that touch in one stated
    year need not. A stated end that somewhere inside its year must fall into the other's sure span counts as well.
    """
    spans = _sure_span(one), _sure_span(other)
    if spans[0] is not None and spans[1] is not None and max(spans[0][0], spans[1][0]) <= min(spans[0][1], spans[1][1]):
        return True
    return _edge_inside(one, spans[1]) or _edge_inside(other, spans[0])


def _edge_inside(period: Period, span: tuple[date, date] | None) -> bool:
    if span is None:
        return False
    return any(
        edge is not None and span[0] <= edge.first and edge.last <= span[1] for edge in (period.start, period.end)
    )


def surely_before(start: PartialDate | None, bound: PartialDate | None) -> bool:
    """Whether ``start`` lies before ``bound`` under every reading."""
    return start is not None and bound is not None and start.last < bound.first


_RANK = {When.IN_FORCE: 0, When.UNKNOWN: 1, When.NOT_IN_FORCE: 2}


@dataclass(frozen=True)
class Spoken:
    """One spell's answer for a day, reduced to what decides which spell speaks for its tie."""

    when: When
    why: Why
    unverified: bool
    start: PartialDate | None
    end: PartialDate | None


def speaking(answers: Sequence[Spoken]) -> int:
    """The index of the spell that speaks for the tie: in force before unknown before not in force.

    Among equals the verified one, then the one that ended last, then the one that began last.
    """

    def rank(index: int) -> tuple[int, bool, int, int]:
        answer = answers[index]
        end = answer.end.last if answer.end is not None else FAR
        start = answer.start.first if answer.start is not None else date.min
        return _RANK[answer.when], answer.unverified, -end.toordinal(), -start.toordinal()

    return min(range(len(answers)), key=rank)
