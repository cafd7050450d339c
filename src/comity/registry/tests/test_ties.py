"""Spells and days: nothing is certain that some reading of the dates denies."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.plain.time import PartialDate, Period, When
from comity.registry.core import ties
from comity.registry.core.ties import Life, Spoken, Why

START = date(2000, 1, 1)
DAYS = 7
EARLY, FAR = START - timedelta(days=1000), START + timedelta(days=1000)

days = st.integers(0, DAYS - 1).map(lambda n: START + timedelta(days=n))
partials = st.builds(lambda one, other: PartialDate(min(one, other), max(one, other)), days, days)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(st.none() | partials)
    end = draw(st.none() | partials)
    if start is not None and end is not None and end.last < start.first:
        start, end = end, start
    return Period(start, end, ended=end is not None or draw(st.booleans()))


def readings(period: Period) -> Iterator[tuple[date, date]]:
    """Every span that the period may mean; where nobody stated a day, days far off count too."""
    grid = [EARLY, *(START + timedelta(days=n) for n in range(DAYS)), FAR]
    starts = [day for day in grid if period.start is None or period.start.first <= day <= period.start.last]
    ends = [FAR]
    if period.end is not None or period.ended:
        ends = [day for day in grid if period.end is None or period.end.first <= day <= period.end.last]
    yield from ((first, last) for first, last in product(starts, ends) if first <= last)


@given(periods(), periods())
def test_an_overlap_is_certain_exactly_when_every_reading_overlaps(one: Period, other: Period) -> None:
    certain = all(max(a[0], b[0]) <= min(a[1], b[1]) for a, b in product(readings(one), readings(other)))
    assert ties.surely_overlap(one, other) == certain


@given(periods(), periods())
def test_overlap_is_symmetric(one: Period, other: Period) -> None:
    assert ties.surely_overlap(one, other) == ties.surely_overlap(other, one)


@given(periods(), days)
def test_a_day_is_answered_only_when_every_reading_agrees(period: Period, day: date) -> None:
    answers = {first <= day <= last for first, last in readings(period)}
    when, _ = ties.on(day, period, "full", ())
    if when is When.IN_FORCE:
        assert answers == {True}
    if when is When.NOT_IN_FORCE:
        assert answers == {False}


@given(periods(), days, st.none() | partials, st.none() | partials)
def test_no_tie_outlives_its_ends(
    period: Period, day: date, founded: PartialDate | None, dissolved: PartialDate | None
) -> None:
    when, why = ties.on(day, period, "full", [Life(founded, dissolved)])
    if dissolved is not None and day > dissolved.last:
        assert when is When.NOT_IN_FORCE
    if founded is not None and day < founded.first:
        assert when is When.NOT_IN_FORCE
    assert (why is Why.NOTHING) == (when is not When.NOT_IN_FORCE)


def test_an_undated_tie_is_unknown_and_a_dissolved_member_is_not_in_force() -> None:
    undated = Period(None, None)
    assert ties.on(date(2020, 1, 1), undated, "stated", ()) == (When.UNKNOWN, Why.NOTHING)
    gone = Life(None, PartialDate.parse("1995"))
    assert ties.on(date(2020, 1, 1), undated, "stated", [gone]) == (When.NOT_IN_FORCE, Why.DISSOLVED)
    assert ties.on(date(1995, 6, 1), undated, "stated", [gone]) == (When.UNKNOWN, Why.NOTHING)


def test_an_expulsion_ends_a_tie_only_with_a_dated_primary_source() -> None:
    since = Period(PartialDate.parse("2019"), None)
    assert ties.on(date(2021, 1, 1), since, "expelled", ())[0] is When.NOT_IN_FORCE
    assert ties.on(date(2021, 1, 1), since, "expelled", (), unverified=True)[0] is When.UNKNOWN


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        (("2004", "2010"), ("2008", ""), True),
        (("1973", "1976"), ("1976", "1979"), False),
        (("1973", "1976-05-01"), ("1976-05-01", "1979"), True),
        (("", ""), ("2008", "2010"), False),
        (("", "2009"), ("2004", "2012"), True),
        (("2004", ""), ("2006", ""), True),
        (("", ""), ("", ""), True),
    ],
)
def test_overlaps_of_real_shapes(one: tuple[str, str], other: tuple[str, str], certain: bool) -> None:
    def period(start: str, end: str) -> Period:
        return Period(
            PartialDate.parse(start) if start else None, PartialDate.parse(end) if end else None, ended=bool(end)
        )

    assert ties.surely_overlap(period(*one), period(*other)) is certain


def test_the_spell_that_speaks_is_in_force_then_verified_then_latest() -> None:
    def spoken(when: When, *, unverified: bool = False, start: str = "", end: str = "") -> Spoken:
        return Spoken(
            when,
            Why.NOTHING,
            unverified,
            PartialDate.parse(start) if start else None,
            PartialDate.parse(end) if end else None,
        )

    assert ties.speaking([spoken(When.UNKNOWN), spoken(When.IN_FORCE)]) == 1
    assert ties.speaking([spoken(When.IN_FORCE, unverified=True), spoken(When.IN_FORCE)]) == 1
    ended = [spoken(When.NOT_IN_FORCE, end="1990"), spoken(When.NOT_IN_FORCE, end="2004")]
    assert ties.speaking(ended) == 1
