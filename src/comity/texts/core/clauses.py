"""Clauses, their tokens, and the digest of a version.

A clause's words are kept in one normal form (NFC, single spaces), so that a span of tokens means the same thing to
everybody who holds the version with that digest.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from comity.plain.refusals import BadInput
from comity.record.core import jcs
from comity.record.core.jcs import Json

LONGEST_CLAUSE = 6_000
MOST_CLAUSES = 400
_CLOSING = frozenset(",.;:!?)]}”’»%…،؛؟。，、；：！？）》」』】")
_OPENING = frozenset("([{“‘«（《「『【")


class ClauseKind(StrEnum):
    """What a clause does: only promises open commitments, only facts need sources."""

    PREAMBLE = "preamble"
    OPINION = "opinion"
    FACT = "fact"
    PROMISE = "promise"
    RULE = "rule"


class EmptyClause(BadInput):
    """A clause has words; to take it out, propose an amendment that removes it."""

    code = "empty-clause"


class ClauseTooLong(BadInput):
    """A clause has at most 6,000 characters; divide it into several."""

    code = "clause-too-long"


class UnreadableSign(BadInput):
    """Words hold letters, signs and spaces, no control characters; remove the sign that is named."""

    code = "unreadable-sign"


class TooManyClauses(BadInput):
    """A text has at least one clause and at most 400."""

    code = "too-many-clauses"


class ClauseNamedTwice(BadInput):
    """Each clause of a version has its own identifier and its own number."""

    code = "clause-named-twice"


class PromiseWithoutDay(BadInput):
    """A promise names the day by which it is kept."""

    code = "promise-without-day"


@dataclass(frozen=True)
class Clause:
    """One clause of one version. ``uuid`` stays the same through all versions; ``label`` is its number as printed.

    ``addressees`` are public ids of the organisations that a promise is addressed to; empty means every party.
    """

    uuid: str
    kind: ClauseKind
    label: str
    words: str
    due: date | None = None
    addressees: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Token:
    """A word or a sign of a clause; ``spaced`` says whether a space stands before it."""

    text: str
    spaced: bool


def normal(words: str, where: str = "") -> str:
    """The words in normal form: NFC, every run of white space one space, none at the ends.

    Raises EmptyClause, ClauseTooLong, UnreadableSign; ``where`` names the clause in the refusal.
    """
    text = " ".join(unicodedata.normalize("NFC", words).split())
    if not text:
        raise EmptyClause(clause=where)
    if len(text) > LONGEST_CLAUSE:
        raise ClauseTooLong(clause=where, characters=len(text), at_most=LONGEST_CLAUSE)
    for sign in text:
        if unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} or sign in "\u202a\u202b\u202d\u202e\u202c":
            raise UnreadableSign(clause=where, sign=f"U+{ord(sign):04X}")
    return text


def tokens(words: str) -> tuple[Token, ...]:
    """Split words into tokens: runs of letters, digits and marks; each wide (Han, kana) letter; each other sign.

    Joining the tokens gives the words back. The first token counts as spaced unless it closes something, so that what
    is put before it does not run into it.
    """
    found: list[Token] = []
    spaced = True
    run = ""
    for sign in words:
        if run and _goes_on(run, sign):
            run += sign
            continue
        if run:
            found.append(Token(run, spaced))
            spaced, run = False, ""
        if sign.isspace():
            spaced = True
        else:
            run = sign
    if run:
        found.append(Token(run, spaced))
    if found:
        found[0] = Token(found[0].text, found[0].text[0] not in _CLOSING)
    return tuple(found)


def _goes_on(run: str, sign: str) -> bool:
    if unicodedata.category(sign).startswith("M") or sign == "\u200d":
        return True
    return _of_word(run[0]) and sign.isalnum() and not _wide(sign) and not _wide(run[0])


def _of_word(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign).startswith("M")


def _wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in {"W", "F"}


def joined(parts: Iterable[Token]) -> str:
    """The words of tokens. A space is put between two that would otherwise read as one."""
    text = ""
    last = ""
    for token in parts:
        if text and (token.spaced or not _apart(last, token.text)):
            text += " "
        text += token.text
        last = token.text
    return text


def _apart(left: str, right: str) -> bool:
    return [token.text for token in tokens(left + right)] == [left, right]


def spliced(parts: Sequence[Token], cuts: Sequence[tuple[int, int, str]]) -> tuple[Token, ...]:
    """Replace token intervals by words. ``cuts`` are (start, end, replacement), sorted and without overlap."""
    result: list[Token] = []
    place = 0
    for start, end, replacement in cuts:
        result.extend(parts[place:start])
        new = tokens(replacement)
        if new:
            first = new[0]
            result.append(Token(first.text, parts[start].spaced and first.spaced if end > start else first.spaced))
            result.extend(new[1:])
        place = end
    result.extend(parts[place:])
    return tuple(_unopened(result))


def _unopened(parts: list[Token]) -> list[Token]:
    """No space after a sign that opens: taking out the first word in brackets leaves none behind."""
    return [
        Token(token.text, False) if place and parts[place - 1].text in _OPENING else token
        for place, token in enumerate(parts)
    ]


def span(words: str, start: int, end: int) -> str:
    """The words of tokens ``start`` to ``end`` (exclusive)."""
    return joined(tokens(words)[start:end])


def find_span(words: str, phrase: str) -> tuple[int, int] | None:
    """The token interval of a phrase, if it stands exactly once; None otherwise."""
    hay = [token.text for token in tokens(words)]
    needle = [token.text for token in tokens(" ".join(unicodedata.normalize("NFC", phrase).split()))]
    size = len(needle)
    places = [at for at in range(len(hay) - size + 1) if hay[at : at + size] == needle] if size else []
    return (places[0], places[0] + size) if len(places) == 1 else None


def checked(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """The clauses in normal form; raises a refusal that names the clause and the remedy."""
    if not 1 <= len(clauses) <= MOST_CLAUSES:
        raise TooManyClauses(clauses=len(clauses), at_most=MOST_CLAUSES)
    result = tuple(
        Clause(
            c.uuid, ClauseKind(c.kind), c.label.strip(), normal(c.words, c.label), c.due, tuple(sorted(c.addressees))
        )
        for c in clauses
    )
    labels = [c.label for c in result if c.label]
    for names in ([c.uuid for c in result], labels):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ClauseNamedTwice(named=twice[0])
    for clause in result:
        if clause.kind is ClauseKind.PROMISE and clause.due is None:
            raise PromiseWithoutDay(clause=clause.label)
    return result


def digest(clauses: Sequence[Clause], *, title: str, language: str) -> str:
    """SHA-256 (hex) of a version: of its canonical JSON (RFC 8785)."""
    content: dict[str, Json] = {
        "title": title,
        "language": language,
        "clauses": [
            {
                "uuid": clause.uuid,
                "kind": clause.kind.value,
                "label": clause.label,
                "words": clause.words,
                "due": clause.due.isoformat() if clause.due else "",
                "addressees": sorted(clause.addressees),
            }
            for clause in clauses
        ],
    }
    return jcs.digest(content)
