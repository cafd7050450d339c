"""Canonical JSON, sealed values, entries."""

import hashlib
import hmac
import json

from comity.record.tests.strict_cases.cases import Case, Rows

ENTRY = b'{"commit":"%064x","v":1}' % 7


def values() -> Rows:
    def canonical(name: str, written: str, told: str = "", reason: str = "") -> Case:
        return Case("canonical", name, {"json": written}, reason, told or None)

    yield canonical(
        "names in their order",
        '{"b":1, "a":[ 2,3 ],"\\u20ac":null,"\\ud83d\\ude00":true}',
        '{"a":[2,3],"b":1,"€":null,"😀":true}',
    )
    yield canonical("names by their UTF-16 units", '{"\\ufb33":1,"\\ud83d\\ude00":2}', '{"\U0001f600":2,"\ufb33":1}')
    yield canonical("escapes", '"\\u000a\\u001f\\/\\u0022\\u007f\\u2028"', '"\\n\\u001f/\\"\x7f\u2028"')
    for written, told in (
        *(("1.0", "1"), ("-0", "0"), ("1e3", "1000"), ("1E21", "1e+21"), ("0.000001", "0.000001"), ("1e-7", "1e-7")),
        *(("4.50", "4.5"), ("2e-3", "0.002"), ("9007199254740991", "9007199254740991"), ("5e-324", "5e-324")),
        ("333333333.33333329", "333333333.3333333"),
    ):
        yield canonical(f"the number {written}", written, told)
    yield canonical("an integer that not every reader holds", "9007199254740993", reason="canonical")
    yield canonical("a number that reads back as such an integer", "1e20", reason="canonical")
    yield canonical("half of a surrogate pair", '"\\ud800"', reason="canonical")
    yield canonical("half of a surrogate pair in a name", '{"\\udc00":1}', reason="canonical")
    salt = hashlib.sha256(b"salt").digest()
    for name, value in {"words": "Talks at Lake Halmere", "a list": [3, {"b": 1, "a": None}], "nothing": ""}.items():
        text = json.dumps(value, separators=(",", ":"), sort_keys=True)
        seal = hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()
        yield Case("commitment", name, {"salt": salt.hex(), "json": json.dumps(value)}, told=seal)

    def entry(name: str, written: bytes, reason: str = "") -> Case:
        return Case("entry", name, {"entry": written}, reason)

    yield entry("a restricted entry", ENTRY)
    yield entry("a space in it", ENTRY.replace(b":", b": "), "canonical")
    yield entry("names in another order", b'{"v":1,"commit":"00"}', "canonical")
    yield entry("a name twice", b'{"commit":"00","commit":"01","v":1}', "canonical")
    yield entry("a number in another form", b'{"commit":"00","v":1.0}', "canonical")
    yield entry("a newline after it", ENTRY + b"\n", "canonical")
    yield entry("half of it", ENTRY[:20], "canonical")
    yield entry("not UTF-8", ENTRY.replace(b"0", b"\xff", 1), "utf-8")
    yield entry("another version", b'{"v":2}', "canonical")
