"""Terms under which a thing is read, the policy that proposes them, and bands of numbers. Pure: no Django."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from comity.plain.levels import Attribution, Level
from comity.plain.refusals import BadInput
from comity.plain.time import instant, require_within_calendar

BANDS = (1, 10, 50, 200)
"""The first number of each band in which participants of a closed room are counted."""


class EmbargoInThePast(BadInput):
    """An embargo ends after it is set."""

    code = "embargo-in-the-past"


class ReviewInThePast(BadInput):
    """A level is reviewed, and a thing kept, until a later day than today."""

    code = "review-in-the-past"


class ProtectedTooLong(BadInput):
    """Existence is protected for twelve months at most; it can be asked again before the end."""

    code = "protected-too-long"


class WiderThanItsWhole(BadInput):
    """What is part of a thing is read by no more people than that thing; open the whole first."""

    code = "wider-than-its-whole"


@dataclass(frozen=True)
class Terms:
    """Who may read a thing, under which attribution, from when, and until when it is kept."""

    level: Level
    attribution: Attribution = Attribution.ORGANISATION
    embargo_until: datetime | None = None
    embargo_zone: str = "UTC"
    review_on: date | None = None
    retain_until: date | None = None

    def not_wider_than(self, source: "Terms", at: datetime) -> "Terms":
        """These terms, narrowed to those of the thing it arises from: what a form proposes, never what is saved."""
        later = source.embargo_until if source.embargo_until and source.embargo_until > at else None
        if later and (self.embargo_until is None or self.embargo_until < later):
            narrowed = replace(self, embargo_until=later, embargo_zone=source.embargo_zone)
        else:
            narrowed = self
        return replace(narrowed, level=max(self.level, source.level))


@dataclass(frozen=True)
class Policy:
    """One row of the policy table: what is proposed for a kind of record in a kind of body."""

    kind: str
    body: str
    level: Level
    attribution: Attribution
    review_years: int | None
    why: str = ""
    """In the words of the network that adopted it; the house says why in its readers' languages."""

    @classmethod
    def parse(cls, row: dict[str, str]) -> Self:
        """One row of the table; raise KeyError or ValueError where a word is not of the house."""
        years = int(row["review_years"]) if row["review_years"] else None
        level, attribution = Level[row["level"]], Attribution(row["attribution"])
        return cls(row["kind"], row["body"], level, attribution, years)

    def terms(self, today: date) -> Terms:
        """What it proposes for something written today."""
        review = same_day(today, self.review_years) if self.review_years else None
        return Terms(self.level, self.attribution, review_on=review)


def read_policy(lines: Iterable[str]) -> dict[tuple[str, str], Policy]:
    """The table by kind and body; the empty body stands for every other."""
    rows = [Policy.parse(row) for row in csv.DictReader(lines)]
    return {(row.kind, row.body): row for row in rows}


def same_day(day: date, years: int) -> date:
    """The same day some years on; from 29 February the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def embargo_of(entered: datetime | None, zone: str, fold: str = "") -> datetime | None:
    """The instant of a local time in a zone.

    Raises LocalTimeDoesNotExist, and LocalTimeIsAmbiguous unless ``fold`` ("0" first, "1" second) says which.
    """
    if entered is None:
        return None
    chosen = int(fold) if fold else None
    return instant(entered.date(), entered.hour, entered.minute, zone, fold=chosen)


def check_terms(terms: Terms, before: Terms | None, at: datetime) -> None:
    """Refuse dates that lie behind; what stood before may stay as it was."""
    if terms.embargo_until and terms.embargo_until <= at and terms.embargo_until != getattr(before, "embargo_until", 0):
        raise EmbargoInThePast(field="embargo", value=terms.embargo_until.isoformat(), remedy="name a later minute")
    for name in ("review_on", "retain_until"):
        day: date | None = getattr(terms, name)
        if day is None or day == getattr(before, name, None):
            continue
        require_within_calendar(day, name)
        if day <= at.date():
            raise ReviewInThePast(field=name, value=day.isoformat(), remedy="name a later day")


def check_protection(until: date, today: date) -> None:
    """Refuse an end that lies behind, or beyond twelve months."""
    if until <= today:
        raise ReviewInThePast(field="until", value=until.isoformat(), remedy="name a later day")
    if until > same_day(today, 1):
        raise ProtectedTooLong(field="until", value=until.isoformat(), remedy=same_day(today, 1).isoformat())


def band(number: int, bands: Sequence[int] = BANDS) -> tuple[int, int | None]:
    """The band a number lies in, as its first and last number; None where it is open above. (0, 0) for nobody."""
    if number < bands[0]:
        return 0, 0
    first = max(start for start in bands if start <= number)
    above = [start for start in bands if start > first]
    return first, above[0] - 1 if above else None


def wider(after: Level, before: Level) -> bool:
    """Whether a level opens a thing to more readers."""
    return after < before
