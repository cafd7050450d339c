"""Names as they are searched: without case, accents and signs, in any script."""

import unicodedata

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
