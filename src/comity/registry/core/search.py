"""Names as they are found: one key of Latin letters for every script, its trigrams, and how near two keys are."""

import re
import unicodedata

from anyascii import anyascii
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

LONGEST_KEY = 300
LETTERS = " abcdefghijklmnopqrstuvwxyz0123456789"
GRAMS = len(LETTERS) ** 3
"""Every trigram is a number below this one."""
_NUMBER = {letter: number for number, letter in enumerate(LETTERS)}
# Accents, the vowel points of Hebrew and Arabic, and the Arabic stroke that only lengthens a word.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
# Arabic letters that carry a hamza or a madda, which most people leave out as they type.
_CARRIERS = str.maketrans("أإآٱؤئ", "ااااوي")
_INITIALS = re.compile(r"\b(?:[a-z0-9]\.){2,}(?:[a-z0-9]\b)?")
_OTHER = re.compile(r"[^a-z0-9]+")
WHOLE, CONTAINED, NEAR = 100.0, 80.0, 75.0
"""The likeness of the same key; the least of a key that has all words; the least that counts at all."""


def key_of(text: str) -> str:
    """Return the search key: Latin letters and digits in words parted by one space, at most ``LONGEST_KEY`` long.

    Accents go, other scripts are written in Latin letters (the tables of anyascii), initials with full stops become one
    word, every other sign parts words. Empty where nothing of the text can be searched.
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_CARRIERS)
    latin = anyascii(plain).lower()
    joined = _INITIALS.sub(lambda found: found.group().replace(".", ""), latin)
    return _OTHER.sub(" ", joined).strip()[:LONGEST_KEY].rstrip()


def keys_of(text: str) -> tuple[str, ...]:
    """Return the keys of a name: of the whole and, where it states several names parted by a stroke, of each."""
    parts = [text, *(text.split("/") if "/" in text else ())]
    return tuple(dict.fromkeys(key for key in map(key_of, parts) if key))


def grams_of(key: str, *, open_end: bool = False) -> frozenset[int]:
    """Return the trigrams of a key's words as numbers below ``GRAMS``, each word between two spaces.

    With ``open_end`` the last word may go on, as while somebody types.
    """
    padded = f" {key}" if open_end else f" {key} "
    threes = (padded[at : at + 3] for at in range(len(padded) - 2))
    return frozenset(_gram(three) for three in threes if three[1] != " ")


def _gram(three: str) -> int:
    first, second, third = (_NUMBER[letter] for letter in three)
    return (first * len(LETTERS) + second) * len(LETTERS) + third


def likeness(asked: str, key: str, least: float = NEAR) -> float:
    """Return how near a key is to the one asked for, from ``least`` to 100, or 0 where it is not near.

    100: the same. Below: the share of letters in common (1 minus the indel distance over both lengths), or from 80 on
    where the key has every word asked for, as its beginning or with one slip, the more the less else it says.
    """
    if asked == key:
        return WHOLE
    near = fuzz.ratio(asked, key, score_cutoff=least) if _may_slip(asked) else 0.0
    if len(asked) < len(key) and has_words(asked, key, slips=1):
        near = max(near, CONTAINED + 15 * len(asked) / len(key))
    return near if near >= least else 0.0


def has_words(asked: str, key: str, *, slips: int = 0) -> bool:
    """Return whether each word asked for begins a word of the key, or is one of them but for so many slips."""
    if f" {asked}" in f" {key}":
        return True
    words = key.split()
    return all(any(_meant(one, word, slips) for word in words) for one in asked.split())


def _meant(asked: str, word: str, slips: int) -> bool:
    if word.startswith(asked):
        return True
    alike = abs(len(word) - len(asked)) <= slips and _may_slip(asked)
    return slips > 0 and alike and OSA.distance(asked, word, score_cutoff=slips) <= slips


def _may_slip(asked: str) -> bool:
    """Whether it is long enough that a letter may be wrong: an abbreviation of three is another one then."""
    return len(asked) > 3
