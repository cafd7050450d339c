"""Dates as sources give them, and instants with the zone they were entered in.

A partial date (``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``) keeps its precision: asked about a day inside the year it
names, it answers "unknown" instead of guessing.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comity.plain.refusals import BadInput, Refusal

FIRST_YEAR, LAST_YEAR = 1800, 2199
"""Whatever is announced or reported lies within these years; near the ends of the calendar zones have no day."""

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


class UnreadableDate(Refusal):
    """A date is written YYYY, YYYY-MM or YYYY-MM-DD, and must exist in the calendar."""

    code = "unreadable-date"


class LocalTimeDoesNotExist(Refusal):
    """A local time that the clocks skip names no instant."""

    code = "local-time-does-not-exist"


class LocalTimeIsAmbiguous(Refusal):
    """A local time that the clocks repeat names two instants; the writer must say which."""

    code = "local-time-is-ambiguous"


class UnknownZone(Refusal):
    """A zone is named as in the IANA time zone database."""

    code = "unknown-zone"


class When(StrEnum):
    """What a period says of a day: in force, not in force, or unknown."""

    IN_FORCE = "in-force"
    NOT_IN_FORCE = "not-in-force"
    UNKNOWN = "date-unknown"


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date with the precision its source gave: ``first`` and ``last`` are the earliest and latest day it may mean."""

    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; raise UnreadableDate otherwise."""
        shape = _SHAPE.fullmatch(text)
        try:
            if shape is None:
                raise ValueError(text)
            year, month, day = (int(part) if part else None for part in shape.groups())
            assert year is not None
            if month is None:
                return cls(date(year, 1, 1), date(year, 12, 31))
            if day is None:
                return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
            return cls(date(year, month, day), date(year, month, day))
        except ValueError as error:
            raise UnreadableDate(text=text) from error

    @classmethod
    def of(cls, day: date) -> "PartialDate":
        """The exact day."""
        return cls(day, day)

    @property
    def exact(self) -> bool:
        """Whether it names one day."""
        return self.first == self.last

    def __str__(self) -> str:
        if self.exact:
            return self.first.isoformat()
        if self.first.month == self.last.month:
            return self.first.isoformat()[:7]
        return self.first.isoformat()[:4]


@dataclass(frozen=True)
class Period:
    """A span of valid time with partial, possibly missing, ends.

    ``start_stated`` and ``end_stated`` tell a missing date that means "nobody said" from one that means "still open":
    a period whose start nobody stated is unknown before its end; one whose end is open has no end.
    """

    start: PartialDate | None
    end: PartialDate | None
    ended: bool = False
    """True when a source says that it ended; with ``end`` None the day of the end is unknown."""

    def on(self, day: date) -> When:
        """Answer for one day; the closing day still belongs to the period."""
        if self.end is not None and day > self.end.last:
            return When.NOT_IN_FORCE
        if self.start is not None and day < self.start.first:
            return When.NOT_IN_FORCE
        if self.ended and self.end is None:
            return When.UNKNOWN
        if self.start is None or day < self.start.last:
            return When.UNKNOWN
        if self.end is not None and day > self.end.first:
            return When.UNKNOWN
        return When.IN_FORCE

    def surely_before(self, other: PartialDate) -> bool:
        """Whether it ended before the earliest day ``other`` may mean."""
        return self.end is not None and self.end.last < other.first


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UnknownZone(zone=name) from error


def require_within_calendar(day: date, field: str = "") -> None:
    """Refuse with BadInput a day outside the years 1800 to 2199."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput(field=field, value=day.isoformat(), remedy=f"name a year from {FIRST_YEAR} to {LAST_YEAR}")


def instant(day: date, hour: int, minute: int, zone: str, *, fold: int | None = None) -> datetime:
    """The instant, in UTC, of a local time in an IANA zone.

    Raises LocalTimeDoesNotExist in a spring gap and LocalTimeIsAmbiguous in an autumn overlap unless ``fold``
    (0 first, 1 second) says which is meant, and BadInput outside the years 1800 to 2199.
    """
    tz = _zone(zone)
    require_within_calendar(day)
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=tz)
    first, second = local.replace(fold=0), local.replace(fold=1)
    if first.utcoffset() != second.utcoffset():
        back = first.astimezone(UTC).astimezone(tz)
        if (back.hour, back.minute) != (hour, minute):
            raise LocalTimeDoesNotExist(local=f"{local:%Y-%m-%d %H:%M}", zone=zone)
        if fold is None:
            raise LocalTimeIsAmbiguous(local=f"{local:%Y-%m-%d %H:%M}", zone=zone)
    return local.replace(fold=fold or 0).astimezone(UTC)


def day_in(zone: str, at: datetime) -> date:
    """The calendar day of an instant in an IANA zone; raise UnknownZone where there is none of that name.

    Where the zone's day would lie beyond the calendar's ends, the day in UTC stands for it.
    """
    try:
        return at.astimezone(_zone(zone)).date()
    except OverflowError:
        return at.astimezone(UTC).date()


def day_over(zone: str, day: date) -> datetime:
    """The first instant, in UTC, at which a day is over in an IANA zone; raise UnknownZone where there is none."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=_zone(zone)).astimezone(UTC)


def end_of(day: date, at: datetime) -> datetime:
    """The last instant of a day, in UTC, that has been reached at ``at``: what a page as of that day may know."""
    return min(at, datetime.combine(day, time.max, tzinfo=UTC))


def utc_text(at: datetime) -> str:
    """An instant as RFC 3339 with seconds and Z, as it stands in the record."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
