"""Days and instants in the reader's language, so bound that no line break parts day and month."""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from comity.plain.time import PartialDate

NBSP = "\u00a0"
# The names of months have no context, so that one translation serves these and Django's own date formats.
MONTHS = (
    gettext_lazy("January"),
    gettext_lazy("February"),
    gettext_lazy("March"),
    gettext_lazy("April"),
    gettext_lazy("May"),
    gettext_lazy("June"),
    gettext_lazy("July"),
    gettext_lazy("August"),
    gettext_lazy("September"),
    gettext_lazy("October"),
    gettext_lazy("November"),
    gettext_lazy("December"),
)
SHORT_MONTHS = (
    pgettext_lazy("short month", "Jan"),
    pgettext_lazy("short month", "Feb"),
    pgettext_lazy("short month", "Mar"),
    pgettext_lazy("short month", "Apr"),
    pgettext_lazy("short month", "May"),
    pgettext_lazy("short month", "Jun"),
    pgettext_lazy("short month", "Jul"),
    pgettext_lazy("short month", "Aug"),
    pgettext_lazy("short month", "Sep"),
    pgettext_lazy("short month", "Oct"),
    pgettext_lazy("short month", "Nov"),
    pgettext_lazy("short month", "Dec"),
)


def _number_of(day: date) -> str:
    """The day of the month; French says ``1er``, so the first has its own form."""
    return pgettext("first day of the month", "1") if day.day == 1 else str(day.day)


def zone_in_words(zone: str) -> str:
    """A time zone by its name; a mere distance from Universal Time, which such names write turned round, as that."""
    turned = re.fullmatch(r"Etc/GMT([+-])(\d+)", zone)
    return f"UTC{'-' if turned[1] == '+' else '+'}{turned[2]}" if turned else zone


def day_in_words(day: date) -> str:
    """One day with its month in full: ``18 April 2026``, held together; put into words once for each language."""
    return _day_in_words(day, get_language() or "")


@lru_cache(maxsize=16384)
def _day_in_words(day: date, _language: str) -> str:
    told = {"day": _number_of(day), "month": MONTHS[day.month - 1], "year": day.year}
    return (pgettext("date", "%(day)s %(month)s %(year)s") % told).replace(" ", NBSP)


def short_day(day: date, *, year: bool = True) -> str:
    """One day for a narrow column: ``18 Apr 2026`` or ``18 Apr``."""
    told = {"day": _number_of(day), "month": SHORT_MONTHS[day.month - 1]}
    bound = (pgettext("short date", "%(day)s %(month)s") % told).replace(" ", NBSP)
    return _("%(day)s %(year)s") % {"day": bound, "year": day.year} if year else bound


def day_of_year(day: date) -> str:
    """One day with its month in full and without its year: ``18 April``."""
    told = {"day": _number_of(day), "month": MONTHS[day.month - 1]}
    return (pgettext("day of the year", "%(day)s %(month)s") % told).replace(" ", NBSP)


def month_in_words(day: date) -> str:
    """A month: ``April 2026``."""
    told = {"month": MONTHS[day.month - 1], "year": day.year}
    return (pgettext("date", "%(month)s %(year)s") % told).replace(" ", NBSP)


def short_month(day: date) -> str:
    """A month for a narrow column: ``Apr 2027``."""
    told = {"month": SHORT_MONTHS[day.month - 1], "year": day.year}
    return (pgettext("date", "%(month)s %(year)s") % told).replace(" ", NBSP)


def span_in_words(first: date, last: date) -> str:
    """A short span of days: ``12–14 Sep 2025``, ``2 Feb–10 Apr 2026``; a single day where both are one."""
    if first == last:
        return short_day(last)
    if (first.year, first.month) == (last.year, last.month):
        days = f"{first.day}–{last.day}"
        told = {"day": days, "month": SHORT_MONTHS[last.month - 1]}
        bound = (pgettext("short date", "%(day)s %(month)s") % told).replace(" ", NBSP)
        return _("%(day)s %(year)s") % {"day": bound, "year": last.year}
    return f"{short_day(first, year=first.year != last.year)}–{short_day(last)}"


def brief_span(first: date, last: date) -> str:
    """A span for the ribbon: whole months where it goes from one year into the next."""
    if first.year == last.year or (last - first).days < 31:
        return span_in_words(first, last)
    return f"{short_month(first)}–{short_month(last)}"


def partial_in_words(partial: PartialDate) -> str:
    """A date with the precision its source gave."""
    if partial.exact:
        return day_in_words(partial.first)
    if partial.first.month == partial.last.month:
        return month_in_words(partial.first)
    return str(partial.first.year)


def in_words(value: date | datetime | PartialDate | str | None) -> str:
    """Any date the house stores, in words; nothing for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return partial_in_words(PartialDate.parse(value[:10]))
    if isinstance(value, PartialDate):
        return partial_in_words(value)
    if isinstance(value, datetime):
        value = value.astimezone(UTC).date()
    return day_in_words(value)


def moment_in_words(at: datetime, zone: str = "UTC") -> str:
    """An instant at the clock of a zone, with its distance from Universal Time: ``18 April 2026, 17:12 (UTC+2)``."""
    local = at.astimezone(ZoneInfo(zone))
    told = {"day": day_in_words(local.date()), "time": f"{local:%H:%M}", "zone": _offset(local)}
    return _("%(day)s, %(time)s (%(zone)s)") % told


def _offset(local: datetime) -> str:
    minutes = int((local.utcoffset() or UTC.utcoffset(None)).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
