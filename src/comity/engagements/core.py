"""What an engagement owes after it ends, its report; and what a year owes after it ends, its count."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from comity.plain.duties import Duty

REPORT_WITHIN = timedelta(days=30)
"""A default of practice (delegation reports within 30 days); a network's own deadline comes with its rules."""
COUNT_FROM, COUNT_BY = (1, 2), (1, 31)
"""Month and day of the next year: the batch of the first of January has then numbered what still waited."""


def report_due(last_day: date) -> date:
    """The last day on which the report is in time."""
    return last_day + REPORT_WITHIN


def report_duty(last_day: date, reported_on: date | None, day: date) -> Duty:
    """Where the report stands on ``day``: kept, late (reported after its day), silent (overdue) or not due."""
    return _duty(report_due(last_day), reported_on, day)


def _duty(due: date, done_on: date | None, day: date) -> Duty:
    if done_on is not None and done_on <= day:
        return Duty.KEPT if done_on <= due else Duty.LATE
    return Duty.SILENT if day > due else Duty.NOT_DUE


def span_of(year: int) -> tuple[datetime, datetime]:
    """The first instant of a year in Universal Time, and the first of the next."""
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)


def count_due(year: int) -> date:
    """The last day on which the count of a year is in time."""
    return date(year + 1, *COUNT_BY)


def count_duty(year: int, counted_on: date | None, day: date) -> Duty:
    """Where the count of a year stands on ``day``: kept, late, silent (overdue) or not due."""
    return _duty(count_due(year), counted_on, day)


def years_to_count(first: date, day: date) -> range:
    """The years that are to be counted on ``day`` in a log that began on ``first``."""
    ended = day.year if (day.month, day.day) >= COUNT_FROM else day.year - 1
    return range(first.year, ended)


@dataclass(frozen=True)
class Sign:
    """One entry that a year's count goes by: that a meeting was convened, or that its existence was protected."""

    meeting: str
    network: str
    """The network's public id; empty where not everybody may know the network."""
    convened: bool
    sealed: bool
    """Whether it is a bare seal in the log."""


@dataclass(frozen=True, order=True)
class YearCount:
    """One network's numbers of one year."""

    network: str
    meetings: int
    restricted: int
    existence_protected: int


def counted(signs: Iterable[Sign]) -> list[YearCount]:
    """Count each network's meetings, by the public id of the network.

    ``meetings``: that were convened; ``restricted``: of those, whose convening is a bare seal, so that not everybody
    could read it then; ``existence_protected``: meetings, convened whenever, whose existence was protected or which
    were flagged for safety. Each meeting counts once in each number.
    """
    kinds: dict[str, set[tuple[str, str]]] = {}
    for sign in signs:
        told = kinds.setdefault(sign.network, set())
        told |= {(name, sign.meeting) for name in _counts_as(sign)}
    found = []
    for network, told in kinds.items():
        number = Counter(name for name, _meeting in told)
        found.append(YearCount(network, number["meetings"], number["restricted"], number["existence_protected"]))
    return sorted(found)


def _counts_as(sign: Sign) -> list[str]:
    if not sign.convened:
        return ["existence_protected"]
    return ["meetings", "restricted"] if sign.sealed else ["meetings"]


def report_of(year: int, counts: Iterable[YearCount]) -> bytes:
    """The count of a year as CSV (RFC 4180), the same bytes for the same numbers."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("year", "network", "meetings", "restricted", "existence_protected"))
    rows.writerows((year, one.network, one.meetings, one.restricted, one.existence_protected) for one in sorted(counts))
    return text.getvalue().encode()
