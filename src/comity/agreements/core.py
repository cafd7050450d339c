"""When an agreement binds, expires and is to be renewed; when a party belongs to a coalition. Plain data and days."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

REMINDERS = (90, 30)
"""How many days before an agreement expires its parties are reminded, the earlier first."""


class State(StrEnum):
    """Where an agreement stands on a day. It follows from dated acts and is never stored."""

    PROPOSED = "proposed"
    """Not every party has signed."""
    AWAITING = "awaiting"
    """All have signed, and the board of at least one has not answered."""
    DECLINED = "declined"
    """The board of a party did not agree."""
    TO_COME = "to-come"
    """All are bound, and its first day is ahead."""
    IN_FORCE = "in-force"
    EXPIRED = "expired"
    ENDED = "ended"


OVER = frozenset({State.EXPIRED, State.ENDED, State.DECLINED})
"""The states in which an agreement binds nobody any more."""


class Belonging(StrEnum):
    """How a party stands to a coalition on a day."""

    AWAITING = "awaiting"
    DECLINED = "declined"
    BELONGS = "belongs"
    LEFT = "left"


@dataclass(frozen=True)
class Signed:
    """The signature of one party: on which day, and what its board said where it was given subject to it."""

    on: date
    ad_referendum: bool = False
    answered_on: date | None = None
    agrees: bool | None = None

    def bound_on(self) -> date | None:
        """The day from which the party is bound; None while its board has not agreed."""
        if not self.ad_referendum:
            return self.on
        return self.answered_on if self.agrees else None

    def by(self, day: date) -> "Signed | None":
        """The signature as it stood at the end of a day; None where it came later."""
        if self.on > day:
            return None
        if self.answered_on is None or self.answered_on > day:
            return Signed(self.on, self.ad_referendum)
        return self

    @property
    def declined(self) -> bool:
        """Whether its board did not agree."""
        return self.ad_referendum and self.agrees is False and self.answered_on is not None


@dataclass(frozen=True)
class Days:
    """The days of an agreement: its first, its last (None where none was agreed), and the day it was ended."""

    starts: date
    expires: date | None = None
    ended_on: date | None = None


def state_of(days: Days, signed: Iterable[Signed | None], day: date) -> State:
    """Where an agreement stands on a day; ``signed`` holds one entry for each party, None where it has not signed.

    The last day belongs to the agreement: on it, it is still in force.
    """
    stood = [one.by(day) if one is not None else None for one in signed]
    if days.ended_on is not None and days.ended_on <= day:
        return State.ENDED
    if any(one is not None and one.declined for one in stood):
        return State.DECLINED
    if days.expires is not None and days.expires < day:
        return State.EXPIRED
    if any(one is None for one in stood):
        return State.PROPOSED
    if any(one is not None and one.bound_on() is None for one in stood):
        return State.AWAITING
    return State.IN_FORCE if days.starts <= day else State.TO_COME


def belonging(signed: Signed, left_on: date | None, day: date) -> Belonging | None:
    """How a party stands to a coalition on a day; None before it joined."""
    stood = signed.by(day)
    if stood is None:
        return None
    if left_on is not None and left_on <= day:
        return Belonging.LEFT
    if stood.declined:
        return Belonging.DECLINED
    return Belonging.BELONGS if stood.bound_on() is not None else Belonging.AWAITING


def reminder_due(expires: date | None, day: date) -> int | None:
    """Which reminder is due on a day: 90 or 30 days before the last; None before, between expiry and after.

    A day on which nobody ran the work is made up for on the next: the reminder of a stretch holds until the next one.
    """
    if expires is None or day > expires:
        return None
    left = (expires - day).days
    return next((days for days in reversed(REMINDERS) if left <= days), None)


def renew_from(expires: date) -> date:
    """The day on which its renewal comes to the desks of its parties."""
    return expires - timedelta(days=REMINDERS[0])


def digest(words: str) -> str:
    """The fingerprint to which signatures commit: SHA-256 of the words in UTF-8, in hexadecimal."""
    return hashlib.sha256(words.encode("utf-8")).hexdigest()
