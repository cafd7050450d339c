"""A network's growth is read from its ties once, and says of each year what the links of that day say."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from comity.plain.time import PartialDate, Period, When
from comity.registry.core.ties import Life
from comity.registry.models import Organisation, Spell
from comity.registry.queries import LinksOn
from comity.registry.sheet import _tie, growth_of

DATES = st.sampled_from(["", "1998", "2001-05", "2001-05-04", "2007-12-31", "2008-01-01", "2011", "2016-03-14"])
DAYS = [date(year, 12, 31) for year in range(1995, 2027)]


@given(
    starts=st.lists(DATES, min_size=1, max_size=3),
    ends=st.lists(DATES, min_size=3, max_size=3),
    founded=DATES,
    dissolved=DATES,
)
def test_skipping_years_without_change_changes_no_answer(
    starts: list[str], ends: list[str], founded: str, dissolved: str
) -> None:
    spells = [
        Spell(standing="full", start=start, end=end, ended=bool(end)) for start, end in zip(starts, ends, strict=False)
    ]
    tie = _tie(spells, [Organisation(founded=founded, dissolved=dissolved)])
    assert tie.on_each(DAYS) == [tie.on(day) for day in DAYS]


def test_an_empty_network_has_one_empty_year() -> None:
    years = growth_of(Organisation(), LinksOn(), date(2026, 11, 23))
    assert [(year.year, year.total) for year in years] == [(2026, 0)]


def test_an_undated_tie_is_unknown_from_founding_to_end() -> None:
    tie = _tie([Spell(standing="stated")], [Organisation(founded="1998", dissolved="2011")])
    told = dict(zip([day.year for day in DAYS], (when for when, _ in tie.on_each(DAYS)), strict=True))
    assert told[1997] is When.NOT_IN_FORCE
    assert told[2005] is When.UNKNOWN
    assert told[2020] is When.NOT_IN_FORCE
    assert Life(PartialDate.parse("1998")).on(date(2005, 1, 1))[0] is When.IN_FORCE
    assert Period(None, None).on(date(2005, 1, 1)) is When.UNKNOWN
