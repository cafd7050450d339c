"""The state of a promise: computed from dated facts and a day, never typed in and never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from comity.plain.duties import Duty


@dataclass(frozen=True)
class Kept:
    """Evidence: the day on which it says that the promise was kept, and the day on which it was filed."""

    kept_on: date
    filed_on: date


@dataclass(frozen=True)
class Moved:
    """A later day to which the promise was moved, and the day on which that was agreed."""

    due: date
    agreed_on: date


def due_on(due: date, postponements: Sequence[Moved], day: date) -> date:
    """The day by which the promise is to be kept, as it stood at the end of ``day``."""
    agreed = [moved for moved in postponements if moved.agreed_on <= day]
    return max(agreed, key=lambda moved: moved.agreed_on).due if agreed else due


def state(
    due: date, evidence: Sequence[Kept], replies: Sequence[date], postponements: Sequence[Moved], day: date
) -> Duty:
    """The state at the end of ``day``: KEPT or LATE once evidence is filed, NOT_DUE until its day has
    passed, after it MISSED when the party itself has answered and SILENT when it has not.

    ``replies`` are the days on which the party answered. What came after ``day`` plays no part.
    A postponement counts from the day it was agreed: evidence dated by the moved day is not late.
    """
    last = due_on(due, postponements, day)
    filed = [kept.kept_on for kept in evidence if kept.filed_on <= day]
    if filed:
        return Duty.KEPT if min(filed) <= last else Duty.LATE
    if day <= last:
        return Duty.NOT_DUE
    return Duty.MISSED if any(answered <= day for answered in replies) else Duty.SILENT


def since(
    due: date, evidence: Sequence[Kept], replies: Sequence[date], postponements: Sequence[Moved], day: date
) -> date | None:
    """The day on which the state of ``day`` began; None while nothing has happened yet."""
    now = state(due, evidence, replies, postponements, day)
    if now in {Duty.KEPT, Duty.LATE}:
        return min(kept.filed_on for kept in evidence if kept.filed_on <= day)
    if now is Duty.NOT_DUE:
        agreed = [moved.agreed_on for moved in postponements if moved.agreed_on <= day]
        return max(agreed) if agreed else None
    last = due_on(due, postponements, day)
    if now is Duty.SILENT:
        return last
    return max(last, min(answered for answered in replies if answered <= day))
