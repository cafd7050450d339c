"""Partial dates answer no more than their source said."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.plain.refusals import BadInput
from comity.plain.time import (
    LocalTimeDoesNotExist,
    LocalTimeIsAmbiguous,
    PartialDate,
    Period,
    UnknownZone,
    UnreadableDate,
    When,
    day_in,
    end_of,
    instant,
)

DAYS = st.dates(date(1800, 1, 1), date(2100, 12, 31))


@given(DAYS, st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]))
def test_a_partial_date_keeps_its_precision(day: date, form: str) -> None:
    text = day.strftime(form)
    read = PartialDate.parse(text)
    assert str(read) == text
    assert read.first <= day <= read.last


@pytest.mark.parametrize("text", ["", "19", "2011-13", "2011-02-30", "2011-1", "2011-01-01T00:00", "９999"])
def test_an_unreadable_date_is_refused(text: str) -> None:
    with pytest.raises(UnreadableDate):
        PartialDate.parse(text)


@given(st.none() | DAYS, st.none() | DAYS, st.booleans(), DAYS)
def test_unknown_only_where_a_more_exact_source_could_say_both(
    start: date | None, end: date | None, ended: bool, day: date
) -> None:
    period = Period(PartialDate.of(start) if start else None, PartialDate.of(end) if end else None, ended=ended)
    answer = period.on(day)
    if start and (end or not ended):
        assert answer is not When.UNKNOWN
    if start and day < start:
        assert answer is When.NOT_IN_FORCE


def test_inside_the_year_it_names_the_answer_is_unknown() -> None:
    period = Period(PartialDate.parse("2004"), None)
    assert period.on(date(2003, 12, 31)) is When.NOT_IN_FORCE
    assert period.on(date(2004, 6, 1)) is When.UNKNOWN
    assert period.on(date(2004, 12, 31)) is When.IN_FORCE


def test_the_closing_day_still_belongs_to_the_period() -> None:
    period = Period(PartialDate.parse("2011-01-01"), PartialDate.parse("2011-04-09"))
    assert period.on(date(2011, 4, 9)) is When.IN_FORCE
    assert period.on(date(2011, 4, 10)) is When.NOT_IN_FORCE


def test_local_times_that_do_not_exist_are_refused_and_ambiguous_ones_ask() -> None:
    with pytest.raises(LocalTimeDoesNotExist):
        instant(date(2026, 3, 29), 2, 30, "Europe/Brussels")
    with pytest.raises(LocalTimeIsAmbiguous):
        instant(date(2026, 10, 25), 2, 30, "Europe/Brussels")
    assert instant(date(2026, 10, 25), 2, 30, "Europe/Brussels", fold=1) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    with pytest.raises(UnknownZone):
        instant(date(2026, 10, 25), 2, 30, "Halmere/Caldemar")


def test_a_day_is_a_day_of_its_zone() -> None:
    late = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    assert day_in("Europe/Brussels", late) == date(2026, 11, 1)
    assert day_in("America/Lima", late) == date(2026, 10, 31)
    with pytest.raises(UnknownZone):
        day_in("Halmere/Caldemar", late)


def test_the_ends_of_the_calendar_crash_nothing() -> None:
    last = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    assert day_in("Pacific/Kiritimati", last) == date(9999, 12, 31)
    assert day_in("America/Lima", datetime(1, 1, 1, tzinfo=UTC)) == date(1, 1, 1)
    for day in (date(9999, 12, 31), date(1, 1, 1)):
        with pytest.raises(BadInput):
            instant(day, 12, 0, "Europe/Brussels")


def test_a_page_knows_to_the_end_of_its_day_and_nothing_to_come() -> None:
    now = datetime(2026, 10, 31, 12, 0, tzinfo=UTC)
    assert end_of(date(2026, 10, 31), now) == now
    assert end_of(date(2026, 10, 30), now) == datetime(2026, 10, 30, 23, 59, 59, 999999, tzinfo=UTC)
