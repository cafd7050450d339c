"""Public ids: 80 random bits in base32, never sequential, so that an address tells nothing about its neighbours."""

import base64
import re
import secrets
from functools import lru_cache

ID_LENGTH = 16
_SHAPE = re.compile(r"[a-z2-7]{16}")
_AMONG = re.compile(r"(?<!\w)[a-z2-7]{16}(?!\w)")


def new_id() -> str:
    """Return a new public id: 16 characters of lower-case base32 (80 bits from the system's generator)."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def is_id(text: str) -> bool:
    """Say whether ``text`` has the shape of a public id."""
    return _SHAPE.fullmatch(text) is not None


def ids_in(text: str) -> set[str]:
    """The words of a text that have the shape of a public id."""
    return set(_AMONG.findall(text))


@lru_cache(maxsize=16384)
def slug(title: str, limit: int = 60) -> str:
    """Return the readable tail of an address: letters and digits of any script, joined by hyphens.

    Never empty and at most ``limit`` characters; it carries no meaning, a wrong one redirects.
    """
    words = re.findall(r"\w+", title.casefold().replace("_", " "))
    tail = ""
    for word in words:
        if len(tail) + len(word) + 1 > limit:
            break
        tail = f"{tail}-{word}" if tail else word
    return tail or "-"
