"""Whether the name of a wing or think tank looks like the name of a person. In doubt it does.

A registry that prints "youth wing: Jane Doe" has published a private person's party membership. So a wing's name must
show that it is an organisation's: by a word of organising, of people gathered or of a political family, in any of the
languages that the sources use; by an abbreviation, a figure or a sign that persons' names do not bear; or by its
length. What shows none of this and is built like a name (two to four words that all begin with a capital, or a script
without capitals) is taken for a person's. Parties are never judged so: some bear a founder's name in public.

Source of the method: our own reading of wing names in public data; the words are in ``data/organising_words.txt``.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from comity.registry.core.names import fold

WORDS = Path(__file__).parents[1] / "data" / "organising_words.txt"
LONGEST_NAME = 4
"""Persons' names of more words than this, particles not counted, are rarer than wings' names of that length."""
LONGEST_PARTICLE = 4
TITLES = frozenset(("mr", "mrs", "ms", "dr", "prof", "sir", "dame", "lord", "lady", "hon", "rev", "sheikh", "imam"))
_INNER_CAPITAL = re.compile(r"(?!Ma?c[A-Z]|Van[A-Z]|Fitz[A-Z]|[A-Z][a-z][A-Z])\w*[a-z][A-Z]")
_ABBREVIATION = re.compile(r"(?:\b[^\W\d_]\.){3,}")
_NUMERAL = re.compile(r"[IVX]+|(?:[A-Z]\.)+[A-Z]?")
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]")
_EDGES = "\"'“”„«»‘’.,;:!?·–—-"


@cache
def _organising() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Whole words, beginnings of words (``word-``) and parts of words (``-word-``) that organisations' names bear."""
    lines = (line.partition("#")[0].split() for line in WORDS.read_text("utf-8").splitlines())
    whole, starts, parts = set(), [], []
    for mark in (mark for line in lines for mark in line):
        word = fold(mark)
        if mark.startswith("-"):
            parts.append(word)
        elif mark.endswith("-"):
            starts.append(word)
        else:
            whole.add(word)
    return frozenset(whole), tuple(starts), tuple(parts)


def organising_word(name: str) -> str:
    """The first word of a name that only organisations' names bear, or an empty string."""
    whole, starts, parts = _organising()
    for word in fold(name).split():
        if word in whole or word.startswith(starts) or any(part in word for part in parts):
            return word
    return ""


def looks_like_a_person(name: str) -> bool:
    """Whether a wing's or think tank's name looks like a person's; True in doubt, False for an empty name."""
    if organising_word(name):
        return False
    words = [word for word in (part.strip(_EDGES) for part in re.split(r"[\s/]+", _ASIDE.sub(" ", name))) if word]
    if words and fold(words[0]) in TITLES:
        return True
    if not words or _ABBREVIATION.search(name) or any(_not_in_a_name(word) for word in words):
        return False
    cased = any(word[0].isupper() for word in words)
    bare = [word for word in words if not (cased and word.islower() and len(word) <= LONGEST_PARTICLE)]
    if len(bare) == 1:
        return len(words) == 1 and _ideographs(bare[0])
    return len(bare) <= LONGEST_NAME and (all(_capital(word) for word in bare) or all(word.islower() for word in bare))


def _not_in_a_name(word: str) -> bool:
    letters = [sign for sign in word if sign.isalpha()]
    shouted = len(letters) > 1 and all(sign.isupper() for sign in letters) and not _NUMERAL.fullmatch(word)
    return any(sign.isdigit() for sign in word) or shouted or _INNER_CAPITAL.match(word) is not None


def _capital(word: str) -> bool:
    return unicodedata.category(word[0]) != "Ll"


def _ideographs(word: str) -> bool:
    """A name of two to four ideographs or syllables may be a person's full name."""
    return 2 <= len(word) <= 4 and all(unicodedata.category(sign) == "Lo" and ord(sign) >= 0x2E80 for sign in word)
