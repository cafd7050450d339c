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


def surely_overlap(one: Period, other: Period) -> bool:
    """Whether two periods share a day under every reading of their dates.

    Both bounds are included, so spells that touch on one stated day do overlap, while spells that touch in one stated
    year need not. Two spells that both are open overlap, whether or not somebody stated when they began.
    """
    return _earliest_end(one) >= _latest_start(other) and _earliest_end(other) >= _latest_start(one)


def _earliest_end(period: Period) -> date:
    if period.end is None and not period.ended:
        return date.max
    begun = period.start.first if period.start is not None else date.min
    return max(begun, period.end.first) if period.end is not None else begun


def _latest_start(period: Period) -> date:
    closed = period.end.last if period.end is not None else date.max
    return min(closed, period.start.last) if period.start is not None else closed


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
