"""Canonical JSON, sealed values, entries."""

import hashlib
import hmac
import json

from comity.record.tests.strict_cases.cases import Case, Rows

ENTRY = b'{"commit":"%064x","v":1}' % 7
PUBLIC = (
    b'{"actor":"system","at":"2026-04-18T17:12:58Z","because":["text:b"],"commit":{"votes":"00"},'
    b'"prev":"","subject":"text:a","subject_seq":1,"type":"texts.revised","v":1}'
)


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
    yield canonical("a number that no reader holds", "1e999", reason="canonical")
    yield canonical("a hundred lists", "[" * 100 + "0" + "]" * 100, "[" * 100 + "0" + "]" * 100)
    yield canonical("a hundred and one lists", "[" * 101 + "0" + "]" * 101, reason="canonical")
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
    yield entry("a public entry", PUBLIC)
    for name, old, new in (
        ("another version", b'"v":1', b'"v":2'),
        ("the version true", b'"v":1', b'"v":true'),
        ("a field more", b'"v":1', b'"v":1,"w":""'),
        ("a field fewer", b'"prev":"",', b""),
        ("a number in words", b'"subject_seq":1', b'"subject_seq":"1"'),
        ("true for a number", b'"subject_seq":1', b'"subject_seq":true'),
        ("a number with a fraction", b'"subject_seq":1', b'"subject_seq":1.5'),
        ("a number beyond counting", b'"subject_seq":1', b'"subject_seq":1e+21'),
        ("nothing for a text", b'"prev":""', b'"prev":null'),
        ("a text for a list", b'["text:b"]', b'"text:b"'),
        ("a number in a list of texts", b'["text:b"]', b"[1]"),
        ("a list of seals", b'{"votes":"00"}', b'["00"]'),
        ("a seal that is none", b'{"votes":"00"}', b'{"votes":0}'),
        ("one seal for all", b'{"votes":"00"}', b'"00"'),
    ):
        yield entry(f"{name}, public", PUBLIC.replace(old, new), "fields")
    yield entry("a restricted entry of the version true", ENTRY.replace(b'"v":1', b'"v":true'), "fields")
    yield entry("a restricted entry whose seal is none", b'{"commit":7,"v":1}', "fields")
    yield entry("a list", b"[1]", "fields")
    yield entry("nothing", b"null", "fields")
    yield entry("a space in it", ENTRY.replace(b":", b": "), "canonical")
    yield entry("names in another order", b'{"v":1,"commit":"00"}', "canonical")
    yield entry("a name twice", b'{"commit":"00","commit":"01","v":1}', "canonical")
    yield entry("a number in another form", b'{"commit":"00","v":1.0}', "canonical")
    yield entry("a newline after it", ENTRY + b"\n", "canonical")
    yield entry("half of it", ENTRY[:20], "canonical")
    yield entry("not UTF-8", ENTRY.replace(b"0", b"\xff", 1), "utf-8")
    yield entry("another version", b'{"v":2}', "fields")
