"""Marks in a clause: which words are underlined and lettered, and after which words a source stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from comity.texts.core.clauses import Token, joined, tokens

AFTER_WORDS = frozenset(",.;:،؛")


@dataclass(frozen=True)
class Mark:
    """A name (letter, source number) on tokens ``start`` to ``end`` of a clause."""

    start: int
    end: int
    name: str
    spans: bool = True
    """Whether the words themselves are marked; a source only stands after them."""


@dataclass(frozen=True)
class Segment:
    """Words between two places where a mark begins or ends. ``space`` stands before them; ``over`` names the marks on
    them, ``after`` those that end here.
    """

    space: str
    words: str
    over: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def segments(words: str, marks: Sequence[Mark]) -> tuple[Segment, ...]:
    """Cut the words at every mark. The words and spaces of all segments, joined, are the words of the clause.

    A mark beyond the end of the clause ends at its end.
    """
    parts = tokens(words)
    size = len(parts)
    marks = [_behind_signs(mark, parts) for mark in marks]
    ends = [min(mark.end, size) for mark in marks]
    starts = [min(mark.start, size) for mark in marks if mark.spans]
    places = sorted({0, size, *ends, *starts})
    found: list[Segment] = []
    for left, right in pairwise(places):
        text = joined(parts[left:right])
        before = joined(parts[:right])
        lead = " " if left and before[: len(before) - len(text)].endswith(" ") else ""
        over = tuple(mark.name for mark in marks if mark.spans and mark.start <= left and right <= min(mark.end, size))
        after = tuple(mark.name for mark in marks if min(mark.end, size) == right)
        found.append(Segment(lead, text, over, after))
    return tuple(found)


def _behind_signs(mark: Mark, parts: Sequence[Token]) -> Mark:
    """A mark that only stands after words stands after the comma or full stop that closes them."""
    end = min(mark.end, len(parts))
    while not mark.spans and end < len(parts) and not parts[end].spaced and parts[end].text in AFTER_WORDS:
        end += 1
    return mark if mark.spans else replace(mark, end=end)


def letter(number: int) -> str:
    """The letter of the number-th reservation, from 0: a to z, then aa, ab."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("a") + rest) + name
    return name
