"""Names as they are searched, without case, accents and signs; and names that are not what they look like."""

import unicodedata
from collections.abc import Iterator
from itertools import groupby

from comity.registry.core import refusals

LONGEST = 300
MOST_NAMES = 1000
"""So many names one organisation has here; more is no naming but a flood."""

# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
_TATWEEL = "\u0640"


def fold(text: str) -> str:
    """Return ``text`` for search: lower case, no accents, every other sign one space, nothing at either end.

    Combining marks go in every script (so do the vowel signs of Arabic and Hebrew); spacing vowel signs of Indic
    scripts stay. The length may differ from the input's.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_LETTERS)
    signs = ((sign, unicodedata.category(sign)) for sign in plain if sign != _TATWEEL)
    kept = (sign if kind[0] in "LN" or kind == "Mc" else " " for sign, kind in signs if kind != "Mn")
    return " ".join("".join(kept).split())


_JOINERS = frozenset("\u200c\u200d")
_JOINED = (
    *("ARABIC", "SYRIAC", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA"),
    *("MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "MONGOLIAN", "TIBETAN"),
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
"""Letters and signs without a body: fillers that look like nothing."""
_DRAWN = {
    "CYRILLIC": dict(zip("АВЕЅІЈКМНОРСТУХаеѕіјорсухԁһѵ", "ABESIJKMHOPCTYXaesijopcyxdhv", strict=True)),
    "GREEK": dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανιρυ", "ABEZHIKMNOPTYXoavipu", strict=True)),
}
"""Letters that are drawn like a Latin one: the single letters of Unicode's UTS 39 list."""
_DRAWN["LATIN"] = {letter: letter for alike in list(_DRAWN.values()) for letter in alike.values()}


def require_honest(text: str, field: str = "name", longest: int = LONGEST) -> None:
    """Go on only with words that are what they look like: at most ``longest`` signs, every one of them seen, and no
    word that mixes look-alike letters of Latin, Cyrillic and Greek.

    Raises TooLong, UnseenSign and MixedScripts, each saying where. After Unicode UTS 39, section 5.1, for one word at
    a time: a name may well be written in several scripts, a word is not.
    """
    if len(text) > longest:
        raise refusals.TooLong(field=field, longest=longest, length=len(text))
    if unseen := next(_unseen_in(text), None):
        place, sign = unseen
        called = unicodedata.name(sign, "control character")
        raise refusals.UnseenSign(
            field=field, sign=f"U+{ord(sign):04X} {called}", position=place + 1, remedy=refusals.UnseenSign.remedy
        )
    for word in _parts(text):
        if scripts := _pretending(word):
            raise refusals.MixedScripts(
                field=field, word=word, scripts=" + ".join(scripts), remedy=refusals.MixedScripts.remedy
            )


def mended(text: str) -> str:
    """``text`` as its source meant it: without signs that nobody sees, each word in the script of most of its letters.

    For imports alone: tables of others hold such slips, and a reader sees the same name before and after.
    """
    unseen = {place for place, _ in _unseen_in(text)}
    seen = "".join(sign for place, sign in enumerate(text) if place not in unseen).strip()
    return "".join(_in_one_script(part) for part in _parts(seen))


def _in_one_script(word: str) -> str:
    scripts = _pretending(word)
    if not scripts:
        return word
    own = {drawn: letter for letter, drawn in _DRAWN[scripts[-1]].items()}
    drawn_as = {letter: drawn for script in scripts[:-1] for letter, drawn in _DRAWN[script].items()}
    return "".join(own.get(drawn_as[sign], sign) if sign in drawn_as else sign for sign in word)


def _unseen_in(text: str) -> Iterator[tuple[int, str]]:
    for place, sign in enumerate(text):
        if sign in _BLANK or (unicodedata.category(sign) in _UNSEEN and not _joins(text, place)):
            yield place, sign


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands where writing needs it: between letters of a script whose letters join."""
    if text[place] not in _JOINERS or not 0 < place < len(text) - 1:
        return False
    return all(unicodedata.name(text[beside], "").startswith(_JOINED) for beside in (place - 1, place + 1))


def _parts(text: str) -> Iterator[str]:
    """Words, and what stands between them, in order."""
    for _, signs in groupby(text, key=lambda sign: unicodedata.category(sign)[0] in "LM"):
        yield "".join(signs)


def _pretending(word: str) -> list[str]:
    """The scripts that one word mixes so that a letter passes for another's, its own last; none where it does not."""
    letters: dict[str, set[str]] = {}
    for sign in word:
        script = unicodedata.name(sign, "").split(" ", 1)[0]
        if script in _DRAWN:
            letters.setdefault(script, set()).add(sign)
    if len(letters) < 2 or not any(signs <= _DRAWN[script].keys() for script, signs in letters.items()):
        return []
    return sorted(letters, key=lambda script: (not letters[script] <= _DRAWN[script].keys(), len(letters[script])))
