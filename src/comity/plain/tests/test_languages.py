"""Quotation marks of a language, and words that keep their direction."""

import pytest

from comity.plain.languages import in_quotes, isolated


@pytest.mark.parametrize(
    ("language", "quoted"),
    [("en", "“x”"), ("fr", "«\u00a0x\u00a0»"), ("fr-CA", "«\u00a0x\u00a0»"), ("es", "«x»"), ("ar", "«x»"), ("", "“x”")],
)
def test_words_stand_between_the_marks_of_their_own_language(language: str, quoted: str) -> None:
    assert in_quotes("x", language) == quoted


def test_isolated_words_are_closed_again() -> None:
    assert isolated("x") == "\u2068x\u2069"
