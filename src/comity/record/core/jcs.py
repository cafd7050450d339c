"""Canonical JSON (RFC 8785): one value, one sequence of bytes, so that a fingerprint of a value means something.

Numbers are written as ECMAScript writes them (RFC 8785 section 3.2.2.3), object keys are ordered by UTF-16 code units
(section 3.2.3), strings escape only what JSON demands (section 3.2.2.2).
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from comity.plain.refusals import Refusal

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"

SAFE_INTEGER = 2**53 - 1
"""The largest integer that every reader of JSON holds exactly (RFC 7493 section 2.2)."""
DEEPEST = 100
"""Lists and objects that may stand within each other: every reader goes so far, and none further."""

_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_ESCAPED = re.compile(r'[\x00-\x1f"\\]')


class NotCanonical(Refusal):
    """The record holds what canonical JSON can hold: no NaN, no integer beyond 2^53, no half of a surrogate pair."""

    code = "not-canonical"
    status = 422


def encode(value: Json) -> bytes:
    """Return the RFC 8785 bytes of a value; raise NotCanonical for what canonical JSON cannot hold."""
    return text(value).encode()


def digest(value: Json) -> str:
    """The fingerprint of a value: SHA-256, in hexadecimal, over its RFC 8785 bytes; raise NotCanonical."""
    return hashlib.sha256(encode(value)).hexdigest()


def text(value: Json, depth: int = 0) -> str:
    """The canonical text of a value ``depth`` lists and objects down, before UTF-8; raise NotCanonical."""
    if depth > DEEPEST:
        raise NotCanonical(what=f"a value in which more than {DEEPEST} lists and objects stand within each other")
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        if SAFE_INTEGER < abs(value) < 1e21:
            raise NotCanonical(what=f"the number {value}: it would read back as an integer beyond 2^53")
        return number(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_string(key)}:{text(value[key], depth + 1)}" for key in _ordered(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(text(item, depth + 1) for item in value) + "]"
    raise NotCanonical(what=f"a value of type {type(value).__name__}")


def decode(data: bytes | str) -> Json:
    """Read JSON strictly: raise NotCanonical on doubled keys, NaN, Infinity, or bytes that are not JSON."""
    try:
        value: Json = json.loads(data, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise NotCanonical(what=f"not JSON: {error}") from error
    return value


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotCanonical(what="an object with a doubled key")
    return members


def _no_constant(name: str) -> float:
    raise NotCanonical(what=name)


def _ordered(members: Mapping[str, Json]) -> list[str]:
    for key in members:
        if not isinstance(key, str):
            raise NotCanonical(what=f"a key of type {type(key).__name__}")
    return sorted(members, key=lambda key: key.encode("utf-16-be", "surrogatepass"))


def _string(value: str) -> str:
    if any("\ud800" <= letter <= "\udfff" for letter in value) if not value.isascii() else False:
        raise NotCanonical(what="a string with a lone surrogate")
    return '"' + _ESCAPED.sub(lambda found: _SHORT.get(found[0], f"\\u{ord(found[0]):04x}"), value) + '"'


def _integer(value: int) -> str:
    if abs(value) > SAFE_INTEGER:
        raise NotCanonical(what=f"the integer {value}: write it as a string")
    return str(int(value))


def number(value: float) -> str:
    """ECMAScript Number::toString: shortest digits that read back, plain between 1e-6 and 1e21."""
    if not math.isfinite(value):
        raise NotCanonical(what=f"the number {value}")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0)
    if whole == "0":
        point -= 1 + len(fraction) - len(fraction.lstrip("0"))
    digits = digits.rstrip("0") or "0"
    return sign + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """Write digits with the decimal point after the first ``point`` of them, as ECMAScript does."""
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    power = point - 1
    head = digits if count == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{head}e{'+' if power > 0 else '-'}{abs(power)}"
