"""Readings as in a critical edition: where an earlier version or an unsuccessful amendment reads otherwise.

The form is that of a philological apparatus: the words of the text, a bracket, the other words, and where they stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from comity.texts.core.amendments import Act, Operation, changes_between
from comity.texts.core.clauses import Clause, Token, joined, span, tokens

_CONTEXT = 3
_SHORT = 4
_LONGEST_LEMMA = 9


class Run(StrEnum):
    """A run of words in a comparison."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """Some words of a comparison, and whether both versions have them."""

    run: Run
    words: str
    space: str = ""
    """What stands before them: a space, or nothing."""


@dataclass(frozen=True)
class Reading:
    """One entry of the apparatus. ``words`` is empty where the other version has nothing there; ``start`` and ``end``
    are the interval in the earlier version's clause, so that an amendment that made the change can be found.
    """

    clause: str
    label: str
    lemma: str
    words: str
    start: int
    end: int


def comparison(old: str, new: str) -> tuple[Piece, ...]:
    """The words of two versions of a clause, side by side as runs: same, gone, new."""
    left, right = tokens(old), tokens(new)
    matcher = SequenceMatcher(None, [t.text for t in left], [t.text for t in right], autojunk=False)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal" and i2 > i1:
            pieces.append(_piece(Run.GONE, left[i1:i2]))
        if j2 > j1:
            pieces.append(_piece(Run.SAME if tag == "equal" else Run.NEW, right[j1:j2]))
    return tuple(pieces)


def _piece(run: Run, parts: Sequence[Token]) -> Piece:
    return Piece(run, joined(parts), " " if parts[0].spaced else "")


def readings_between(old: Sequence[Clause], new: Sequence[Clause]) -> tuple[Reading, ...]:
    """What the earlier version reads where the later one differs, in the order of the later one's clauses."""
    earlier = {clause.uuid: clause for clause in old}
    later = {clause.uuid: clause for clause in new}
    found: list[Reading] = []
    for change in changes_between(old, new):
        if change.act is Act.WORDS:
            found.append(_word_reading(earlier[change.clause], later[change.clause], change))
        elif change.act is Act.ADD:
            found.append(Reading(change.new, change.new_label, shortened(change.replacement), "", 0, 0))
        else:
            gone = earlier[change.clause]
            found.append(Reading(gone.uuid, gone.label, "", gone.words, 0, 0))
    return tuple(found)


def _word_reading(before: Clause, after: Clause, change: Operation) -> Reading:
    """A single word, a short insertion or deletion is shown with what stands before it, so that a reader finds it."""
    reading, lemma = span(before.words, change.start, change.end), change.replacement
    size = max(change.end - change.start, len(tokens(lemma)))
    bare = not reading or not lemma
    if (bare and (size <= _SHORT or not lemma)) or size == 1:
        start = max(0, change.start - (_CONTEXT if bare else 1))
        context = tokens(before.words)[start : change.start]
        lemma = joined((*context, *tokens(lemma)))
        reading = span(before.words, start, change.end)
    return Reading(after.uuid, after.label, shortened(_bare(lemma)), _bare(reading), change.start, change.end)


def amendment_readings(clauses: Sequence[Clause], operations: Sequence[Operation]) -> tuple[Reading, ...]:
    """What an amendment that was not taken up would have put, beside the words of the version it stood against."""
    by_uuid = {clause.uuid: clause for clause in clauses}
    found: list[Reading] = []
    for operation in operations:
        clause = by_uuid.get(operation.clause)
        if operation.act is Act.ADD:
            found.append(Reading(operation.new, operation.new_label, "", operation.replacement, 0, 0))
        elif clause is not None and operation.act is Act.REMOVE:
            found.append(Reading(clause.uuid, clause.label, shortened(clause.words), "", 0, 0))
        elif clause is not None:
            found.append(_proposed(clause, operation))
    return tuple(found)


def _proposed(clause: Clause, operation: Operation) -> Reading:
    lemma, words = span(clause.words, operation.start, operation.end), operation.replacement
    if not lemma:
        start = max(0, operation.start - _CONTEXT)
        lemma = span(clause.words, start, operation.start)
        words = joined((*tokens(lemma), *tokens(words)))
    return Reading(clause.uuid, clause.label, shortened(lemma), words, operation.start, operation.end)


def shortened(words: str) -> str:
    """A long lemma by its first three and last two words, as an apparatus gives it."""
    parts = words.split()
    if len(parts) <= _LONGEST_LEMMA:
        return words
    return f"{' '.join(parts[:3])} … {' '.join(parts[-2:])}"


def _bare(words: str) -> str:
    """Without the sign that joins it to the words before."""
    return words.lstrip(" ,;:.،؛")
