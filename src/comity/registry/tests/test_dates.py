"""Days in words: bound together, as precise as their source, and in the reader's language."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from comity.plain.time import PartialDate
from comity.registry.dates import NBSP, in_words, moment_in_words, short_day, span_in_words


@pytest.fixture(autouse=True)
def english() -> None:
    translation.activate("en")


def plain(words: str) -> str:
    return words.replace(NBSP, " ")


def test_a_day_is_one_word_for_the_line_breaker() -> None:
    assert " " not in in_words(date(2026, 4, 18))
    assert plain(in_words(date(2026, 4, 18))) == "18 April 2026"


@pytest.mark.parametrize(
    ("stored", "words"), [("2026", "2026"), ("2026-04", "April 2026"), ("2026-04-01", "1 April 2026"), ("", "")]
)
def test_a_partial_date_keeps_its_precision(stored: str, words: str) -> None:
    assert plain(in_words(stored)) == words
    if stored:
        assert plain(in_words(PartialDate.parse(stored))) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2025, 9, 12), date(2025, 9, 14), "12–14 Sep 2025"),
        (date(2026, 2, 2), date(2026, 4, 10), "2 Feb–10 Apr 2026"),
        (date(2025, 12, 30), date(2026, 1, 2), "30 Dec 2025–2 Jan 2026"),
        (date(2026, 4, 18), date(2026, 4, 18), "18 Apr 2026"),
    ],
)
def test_a_span_says_no_more_than_it_must(first: date, last: date, words: str) -> None:
    assert plain(span_in_words(first, last)) == words


def test_day_and_month_are_bound_where_the_year_may_part() -> None:
    assert short_day(date(2026, 4, 18)) == f"18{NBSP}Apr 2026"


def test_an_instant_says_its_distance_from_universal_time() -> None:
    at = datetime(2026, 4, 18, 15, 12, tzinfo=UTC)
    assert plain(moment_in_words(at, "Etc/GMT-2")) == "18 April 2026, 17:12 (UTC+2)"
    assert plain(moment_in_words(at)) == "18 April 2026, 15:12 (UTC)"
    assert "UTC+5:45" in moment_in_words(at, "Asia/Kathmandu")
