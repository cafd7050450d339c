"""Marks, strips and lines: what is drawn says the numbers, and nothing in it needs a style attribute."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.plain.duties import Duty
from comity.plain.stances import Stance
from comity.site.pictures import day_line, duty_mark, duty_strip, eyes_picture, seal_mark, stance_mark, vote_strip

SMALL = st.integers(min_value=0, max_value=60)


@pytest.mark.parametrize("stance", list(Stance))
def test_each_stance_has_its_own_circle(stance: Stance) -> None:
    assert stance_mark(stance) not in {stance_mark(other) for other in Stance if other is not stance}
    assert 'aria-hidden="true"' in stance_mark(stance)


@pytest.mark.parametrize("duty", list(Duty))
def test_each_state_has_its_own_square(duty: Duty) -> None:
    assert duty_mark(duty) not in {duty_mark(other) for other in Duty if other is not duty}


def test_no_picture_bears_a_style_attribute() -> None:
    days = [date(2026, 4, 18), date(2026, 10, 18)]
    line = day_line(dict.fromkeys([*days, date(2026, 11, 30)], "a"), days[1], {date(2026, 11, 30)}, "t")
    every = [*map(stance_mark, Stance), *map(duty_mark, Duty), seal_mark(5, 4), line, eyes_picture([1, 3, 4])]
    assert not [picture for picture in every if "style=" in picture or "<script" in picture]


def test_the_words_of_a_picture_are_escaped() -> None:
    drawn = vote_strip(given=1, against=0, abstained=0, base=2, needed=1, title="<b>&", label='"<i>"')
    assert "<b>" not in drawn
    assert "<i>" not in drawn


@given(SMALL, SMALL, SMALL, SMALL)
def test_the_strip_has_a_stroke_for_every_vote(given_: int, against: int, abstained: int, unused: int) -> None:
    base = given_ + against + abstained + unused
    drawn = vote_strip(given=given_, against=against, abstained=abstained, base=base, needed=None, title="t", label="l")
    assert drawn.count('class="fill-accent"') == given_
    assert drawn.count('class="no-fill line-ink"') == against
    assert drawn.count('class="fill-rule"') == abstained
    assert drawn.count("<path") == max(base, 1) - given_ - against - abstained


@given(st.lists(st.sampled_from(list(Duty)), max_size=40))
def test_a_row_of_squares_has_one_for_each_promise(duties: list[Duty]) -> None:
    assert duty_strip([duty.value for duty in duties]).count("<svg") == len(duties)


@given(st.integers(min_value=1, max_value=12), st.integers(min_value=0, max_value=12))
def test_the_seal_closes_an_arc_for_each_witness_that_saw_it(witnesses: int, seen: int) -> None:
    drawn = seal_mark(witnesses, min(seen, witnesses))
    assert len(re.findall('class="arc"', drawn)) == min(seen, witnesses)
    assert len(re.findall('class="arc open"', drawn)) == witnesses - min(seen, witnesses)
    thin = seal_mark(witnesses, min(seen, witnesses), independent=False)
    assert len(re.findall('class="arc thin"', thin)) == min(seen, witnesses)


@given(st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), min_size=1, max_size=6, unique=True))
def test_every_day_stands_on_the_line(days: list[date]) -> None:
    drawn = day_line({day: str(day) for day in days}, days[0], set(), "t")
    assert drawn.count("<circle") == len(days)
    places = [float(x) for x in re.findall(r'cx="([\d.]+)"', drawn)]
    assert all(0 <= place <= 310 for place in places)
