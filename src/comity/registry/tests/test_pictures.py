from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from comity.plain.time import PartialDate, Period, When
from comity.registry.pictures import Ink, YearCount, axis_for, growth, span_row, stretches, unknown_share

DAYS = st.dates(date(1990, 1, 1), date(2026, 11, 23))
SHOWN = date(2026, 11, 23)
FLOOR = date(1985, 1, 1)


@st.composite
def partials(draw: st.DrawFn) -> PartialDate | None:
    day = draw(DAYS)
    shape = draw(st.sampled_from(["", f"{day:%Y}", f"{day:%Y-%m}", day.isoformat()]))
    return PartialDate.parse(shape) if shape else None


@given(start=partials(), end=partials(), ended=st.booleans(), day=DAYS)
def test_a_drawn_day_is_inked_as_the_period_answers(
    start: PartialDate | None, end: PartialDate | None, ended: bool, day: date
) -> None:
    if start and end and end.last < start.first:
        start, end = end, start
    period = Period(start, end, ended=ended or end is not None)
    drawn = [one for one in stretches(period, Ink.SURE, SHOWN, FLOOR) if one.first <= day <= one.last]
    inks = {one.ink for one in drawn if one.ink is not Ink.AGREED}
    expected = {When.IN_FORCE: {Ink.SURE}, When.UNKNOWN: {Ink.UNKNOWN}, When.NOT_IN_FORCE: set()}[period.on(day)]
    assert inks == expected


def test_what_is_agreed_beyond_the_day_is_dotted() -> None:
    period = Period(PartialDate.parse("2022"), PartialDate.parse("2027-06-11"), ended=True)
    assert stretches(period, Ink.SURE, SHOWN, FLOOR)[-1].ink is Ink.AGREED


def test_the_undated_share_counts_years() -> None:
    undated = stretches(Period(None, None), Ink.SURE, SHOWN, SHOWN - timedelta(days=3652))
    dated = stretches(Period(PartialDate.parse("2006-11-24"), None), Ink.SURE, SHOWN, FLOOR)
    assert unknown_share([*undated, *dated]) == (10, 30)


def test_pictures_escape_what_sources_say() -> None:
    axis = axis_for([date(1999, 5, 1)], SHOWN)
    assert "<script>" not in span_row(axis, [], "<script>alert(1)</script>")
    drawn = growth([YearCount(2025, (3, 1, 0), 2), YearCount(2026, (4, 1, 1), 2)], "<b>", "<i>")
    assert "&lt;b&gt;" in drawn
    assert drawn.count("<rect") == 14


def test_years_on_the_axis_are_few_and_round() -> None:
    assert axis_for([date(1880, 1, 1)], SHOWN).ticks() == [1880, 1900, 1920, 1940, 1960, 1980, 2000, 2020]
    assert all(year % 5 == 0 for year in axis_for([date(1994, 10, 2)], SHOWN).ticks())
    assert growth([], "", "") == ""
