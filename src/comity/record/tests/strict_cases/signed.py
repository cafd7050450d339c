"""Keys, signed notes and checkpoints."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.notes import KeyKind, Signature, VerifierKey
from comity.record.tests.strict_cases.cases import (
    FORGED,
    LOG,
    ML_DSA,
    ORDER,
    PRIME,
    SMALL,
    STRANGER,
    TIME,
    W1,
    W2,
    W3,
    Case,
    Rows,
    based,
    line,
    loose,
    note,
    point,
    spare,
    vkey,
    written_key,
)


def keys() -> Rows:
    def case(name: str, written: str, reason: str = "", told: Any = None) -> Case:
        return Case("vkey", name, {"vkey": written}, reason, told)

    plain = vkey(LOG)
    name, key_id, key = plain.split("+", 2)
    raw = base64.b64decode(key)

    yield case("a key of a log", plain, told=[LOG.name, 1])
    yield case("a key of a witness", vkey(W1), told=[W1.name, 4])
    yield case("a name beyond ASCII", written_key("exämple.org/протокол", raw), told=["exämple.org/протокол", 1])
    yield case("a name of one letter", written_key("a", raw), told=["a", 1])
    yield case("a name with an invisible letter that is no space", written_key("a\u200bb", raw), told=["a\u200bb", 1])
    yield case("an id in capitals", f"{name}+{key_id.upper()}+{key}", "key")
    yield case("an id of seven digits", f"{name}+{key_id[:7]}+{key}", "key")
    yield case("an id of nine digits", f"{name}+{key_id}0+{key}", "key")
    yield case("another key's id", f"{name}+{W1.verifier.key_id.hex()}+{key}", "id")
    yield case("another name with this id", f"x{name}+{key_id}+{key}", "id")
    yield case("no name", f"+{key_id}+{key}", "key")
    yield case("no id", f"{name}+{key}", "key")
    yield case("no key", f"{name}+{key_id}+", "key")
    for what, letter in {
        "a space": " ",
        "a tab": "\t",
        "a plus": "+",
        "a no-break space": "\u00a0",
        "an em space": "\u2003",
        "a next line": "\u0085",
        "an ideographic space": "\u3000",
        "a line separator": "\u2028",
        "a zero byte": "\0",
        "a unit separator": "\x1f",
    }.items():
        yield case(f"a name with {what}", written_key(f"log{letter}example", raw), "key")
    yield case("a key of 31 bytes", written_key(name, raw[:-1]), "length")
    yield case("a key of 33 bytes", written_key(name, raw + b"\0"), "length")
    for what, y in SMALL.items():
        for half in (False, True):
            written = written_key(name, raw[:1] + point(y, other=half))
            yield case(f"a key {what}{', with the other sign' if half else ''}", written, "weak")
    for what, y in {"p": PRIME, "p + 1": PRIME + 1, "2^255 - 1": 2**255 - 1}.items():
        yield case(f"a key whose coordinate is {what}", written_key(name, raw[:1] + point(y)), "point")
    yield case("a witness's key of order 1", written_key(name, b"\x04" + point(1)), "weak")
    for kind in (0x00, 0x02, 0x03, 0x05, 0xFF):
        yield case(f"a key of the kind {kind:#04x}", written_key(name, bytes([kind]) + raw[1:]), "kind")
    yield case("an ML-DSA-44 key, which is not known here", ML_DSA, "kind")
    yield case(
        "an ML-DSA-44 key with another key's id", f"{name}+{key_id}+{based(chr(6).encode() + bytes(1312))}", "id"
    )
    yield case("base64 of the web", plain.replace("/", "_").replace(key, key.replace("+", "-")) + "-", "key")
    yield case("base64 without its last signs", written_key(name, raw + b"\0").rstrip("="), "base64")
    longer = written_key(name, raw + bytes(1)).split("+", 2)[2]
    yield case("base64 with bits to spare", f"{name}+{key_id}+{spare(longer)}", "base64")
    yield case("a newline after it", plain + "\n", "key")
    yield case("a space before it", " " + plain, "key")
    yield case("a space after it", plain + " ", "key")
    yield case("nothing", "", "key")


TEXT = b"An example for a test.\n"


def notes() -> Rows:
    known = [vkey(LOG), vkey(W1)]

    def case(name: str, content: bytes, reason: str = "", told: Sequence[str] = ("log.example.org/fiction",)) -> Case:
        return Case("note", name, {"note": content, "keys": known}, reason, None if reason else list(told))

    signed, mark = note(TEXT, LOG), line(LOG, TEXT)
    yield case("a note", signed)
    yield case("signed by two", note(TEXT, LOG, W1), told=[LOG.name, W1.name])
    yield case("signed by two, the other first", note(TEXT, W1, LOG), told=[W1.name, LOG.name])
    yield case("a stranger has signed it too", note(TEXT, STRANGER, LOG))
    yield case("a stranger's false line stands there", signed + loose(bytes(64), STRANGER))
    namesake = replace(LOG, secret=bytes([77] * 32))
    yield case("a line of a namesake with another id", note(TEXT, namesake, LOG))
    yield case(
        "a line with a known id and another name",
        note(TEXT, LOG) + mark.replace(b"log.", b"dog.").replace(b"\xe2\x80\x94 log", b""),
    )
    for count in (16, 17, 100):
        yield case(f"{count} signatures", TEXT + b"\n" + mark + line(STRANGER, TEXT) * (count - 1))
    yield case("101 signatures", TEXT + b"\n" + mark + line(STRANGER, TEXT) * 100, "many")
    yield case("the same line twice", signed + mark)
    yield case("a second line of the key is false: the first counts", signed + loose(bytes(64)))
    yield case("a first line of the key is false", TEXT + b"\n" + loose(bytes(64)) + mark, "false")
    yield case("a witness's second time: the first counts", note(TEXT, W1) + line(W1, TEXT, TIME + 5), told=[W1.name])
    for what, text in {
        "with empty lines": b"One.\n\nTwo.\n\n\nThree.\n",
        "that ends in an empty line": b"One.\n\n",
        "that is one newline": b"\n",
        "in which a signature line stands": b"One.\n\n" + line(LOG, b"One.\n") + b"Two.\n",
        "beyond ASCII": "Ein Beispiel: ÄÖÜ, مثال, 例.\n".encode(),
        "with a delete sign, which is no control character here": b"One\x7f.\n",
        "with a next line, which is no control character here": "One\u0085.\n".encode(),
        "with a line separator": "One\u2028Two.\n".encode(),
        "that begins with a byte order mark": "\ufeffOne.\n".encode(),
    }.items():
        yield case(f"a text {what}", note(text, LOG))
    yield case("another text under the signature", b"Another example.\n\n" + mark, "false")
    weak = VerifierKey(LOG.name, KeyKind.NOTE, point(1))
    forged = TEXT + b"\n" + Signature(LOG.name, weak.key_id, FORGED).line().encode()
    yield Case("note", "anybody's signature under a key of order 1", {"note": forged, "keys": [str(weak)]}, "weak")
    yield case("only a stranger has signed", note(TEXT, STRANGER), "unsigned")
    yield case("only a namesake has signed", note(TEXT, namesake), "unsigned")
    yield case("lines that end in CR and LF", signed.replace(b"\n", b"\r\n"), "control")
    yield case("a last line that ends in CR and LF", signed[:-1] + b"\r\n", "control")
    for what, letter in {"zero": b"\0", "tab": b"\t", "escape": b"\x1b", "unit separator": b"\x1f"}.items():
        yield case(f"a control character in the text: {what}", note(b"An" + letter + TEXT, LOG), "control")
    yield case("no empty line", TEXT + mark, "undivided")
    yield case("no signature", TEXT, "undivided")
    yield case("no signature after the empty line", TEXT + b"\n", "unended")
    yield case("an empty line too many at the end", signed + b"\n", "unended")
    yield case("an empty line between two signatures", signed + b"\n" + line(LOG, TEXT), "false")
    yield case("no newline at the end", signed[:-1], "unended")
    yield case("nothing", b"", "undivided")
    yield case("bytes that are not UTF-8", note(b"An \xff example.\n", LOG), "utf-8")
    yield case("a newline written in two bytes", note(b"An\xc0\x8aexample.\n", LOG), "utf-8")
    yield case("half of a surrogate pair", note(b"An \xed\xa0\x80 example.\n", LOG), "utf-8")
    dash, name, value = mark[:-1].decode().split(" ")
    for what, written in {
        "a hyphen for the dash": f"- {name} {value}",
        "an en dash for the dash": f"– {name} {value}",
        "no dash": f"{name} {value}",
        "two spaces after the dash": f"{dash}  {name} {value}",
        "a no-break space after the dash": f"{dash}\u00a0{name} {value}",
        "a space before the dash": f" {dash} {name} {value}",
        "no name": f"{dash} {value}",
        "a name with a plus": f"{dash} {name}+x {value}",
        "a name with an em space": f"{dash} log\u2003example {value}",
        "a name with a next line": f"{dash} log\u0085example {value}",
        "no signature": f"{dash} {name}",
    }.items():
        reason = "short" if what == "no signature" else "line"
        yield case(f"a line with {what}", signed + written.encode() + b"\n", reason)
    for what, written in {
        "two spaces before it": f" {value}",
        "a space after it": f"{value} ",
        "a space in it": f"{value[:8]} {value[8:]}",
        "no last signs": value.rstrip("="),
        "bits to spare": spare(value),
        "the letters of the web": value.replace("+", "-").replace("/", "_"),
        "one sign too many": value + "=",
        "a line break of its own": f"{value[:8]}\u2028{value[8:]}",
        "words after it": f"{value} again",
    }.items():
        assert written != value
        yield case(f"base64 with {what}", TEXT + f"\n{dash} {name} {written}\n".encode(), "base64")
    yield case("a signature that is empty base64", signed + f"{dash} {name} \n".encode(), "short")
    yield case("an id and nothing more", signed + f"{dash} {name} {based(LOG.verifier.key_id)}\n".encode(), "short")
    yield case("a stranger's signature of one byte", signed + loose(b"x", STRANGER))
    made = LOG.sign(TEXT).value
    yield case("a signature of 63 bytes", TEXT + b"\n" + loose(made[:-1]), "false")
    yield case("a signature of 65 bytes", TEXT + b"\n" + loose(made + b"\0"), "false")
    larger = int.from_bytes(made[32:], "little") + ORDER
    yield case(
        "a signature with a greater second half",
        TEXT + b"\n" + loose(made[:32] + larger.to_bytes(32, "little")),
        "false",
    )
    yield case("a signature of zeroes", TEXT + b"\n" + loose(bytes(64)), "false")
    yield case(
        "a signature over the text without its newline", TEXT + b"\n" + loose(LOG.sign(TEXT[:-1]).value), "false"
    )
    yield from cosignatures()
    twins = twin_keys()
    yield Case("note", "two known keys share name and id", {"note": signed, "keys": [vkey(LOG), *twins]}, "ambiguous")
    yield Case("note", "a key given twice is one key", {"note": signed, "keys": [vkey(LOG)] * 2}, "", [LOG.name])
    yield Case("note", "no key is known", {"note": signed, "keys": []}, "unsigned")


def cosignatures() -> Rows:
    def case(name: str, value: bytes, reason: str = "") -> Case:
        content = TEXT + b"\n" + loose(value, W1)
        return Case(
            "note",
            f"a cosignature {name}",
            {"note": content, "keys": [vkey(W1)]},
            reason,
            None if reason else [W1.name],
        )

    secret = Ed25519PrivateKey.from_private_bytes(W1.secret)

    def over(time: int, header: str = "cosignature/v1", text: bytes = TEXT, said: int | None = None) -> bytes:
        message = f"{header}\ntime {time}\n".encode() + text
        return (time if said is None else said).to_bytes(8, "big") + secret.sign(message)

    yield case("as it must be", over(TIME))
    yield case("of the year 1970", over(0))
    yield case("of the latest time there is", over(2**63 - 1))
    yield case("of a time beyond 2^63", over(2**63), "time")
    yield case("whose time is not the signed one", over(TIME, said=TIME + 1), "false")
    yield case("of another version", over(TIME, header="cosignature/v2"), "false")
    yield case("over the text without its newline", over(TIME, text=TEXT[:-1]), "false")
    yield case("without a time", secret.sign(TEXT), "length")
    yield case("of 71 bytes", over(TIME)[:-1], "length")
    yield case("of 73 bytes", over(TIME) + b"\0", "length")
    yield case("in the manner of a log", TIME.to_bytes(8, "big") + secret.sign(TEXT), "false")


def twin_keys() -> list[str]:
    """Two keys of one name whose ids, four bytes each, happen to be the same."""
    seen: dict[bytes, VerifierKey] = {}
    for number in range(400_000):
        key = VerifierKey("twin.example.org", KeyKind.NOTE, hashlib.sha256(b"twin %d" % number).digest())
        if (twin := seen.setdefault(key.key_id, key)) != key:
            return [str(twin), str(key)]
    raise AssertionError("no twins")


ROOT = b"\xfb" + hashlib.sha256(b"a root").digest()[1:]
"""In base64 it holds a plus, which the letters of the web write otherwise."""


def bodies() -> Rows:
    def case(name: str, body: bytes, reason: str = "", told: Any = None) -> Case:
        return Case("body", name, {"body": body}, reason, told)

    def lines(*parts: str) -> bytes:
        return "".join(f"{part}\n" for part in parts).encode()

    origin, root = LOG.name, based(ROOT)
    yield case("three lines", lines(origin, "5", root), told=[origin, "5", 0])
    yield case("the largest size", lines(origin, str(2**63 - 1), root), told=[origin, str(2**63 - 1), 0])
    yield case("an empty log", lines(origin, "0", based(merkle.EMPTY_ROOT)), told=[origin, "0", 0])
    yield case("further lines", lines(origin, "5", root, "more", " "), told=[origin, "5", 2])
    yield case("an origin with spaces and a plus", lines("a log + more", "5", root), told=["a log + more", "5", 0])
    yield case("an origin beyond ASCII", lines("протокол", "5", root), told=["протокол", "5", 0])
    yield case("an origin of one space", lines(" ", "5", root), told=[" ", "5", 0])
    for written in (
        *("05", "00", "+5", "-5", "-0", " 5", "5 ", "5.0", "5e0", "0x5", "5_0", "1,000", "٥", "５", "five"),
        *(str(2**63), "9" * 19, "1" * 20, "1" * 400),
    ):
        yield case(f"the size {written[:24]!r}", lines(origin, written, root), "number")
    yield case("no size", lines(origin, "", root), "lines")
    yield case("no origin", lines("", "5", root), "lines")
    yield case("no root", lines(origin, "5"), "lines")
    yield case("an empty root", lines(origin, "5", ""), "lines")
    yield case("an empty line after the root", lines(origin, "5", root, ""), "lines")
    yield case("an empty line among further ones", lines(origin, "5", root, "more", "", "more"), "lines")
    yield case("no newline at the end", lines(origin, "5", root)[:-1], "lines")
    yield case("nothing", b"", "lines")
    for count in (0, 31, 33, 64):
        written = based(bytes(count)) or "===="
        yield case(f"a root of {count} bytes", lines(origin, "5", written), "length" if count else "base64")
    yield case("a root in hexadecimal", lines(origin, "5", ROOT.hex()), "length")
    yield case("a root without its last sign", lines(origin, "5", root.rstrip("=")), "base64")
    yield case("a root with bits to spare", lines(origin, "5", spare(root)), "base64")
    yield case(
        "a root with the letters of the web", lines(origin, "5", root.translate(str.maketrans("+/", "-_"))), "base64"
    )
    yield case("a space after the root", lines(origin, "5", root + " "), "base64")
    yield case("an empty log with another root", lines(origin, "0", root), "empty")
    yield case("CR and LF", lines(origin, "5", root).replace(b"\n", b"\r\n"), "control")
    yield case("a tab in the origin", lines("a\tlog", "5", root), "control")
    yield case("a zero byte in a further line", lines(origin, "5", root, "a\0b"), "control")
    yield case("an origin that is not UTF-8", b"\xff" + lines(origin, "5", root), "utf-8")


def checkpoints() -> Rows:
    def case(name: str, content: bytes, reason: str = "", told: Any = None) -> Case:
        given = {"checkpoint": content, "log": vkey(LOG), "witnesses": [vkey(W1), vkey(W2)]}
        return Case("checkpoint", name, given, reason, told)

    body = Checkpoint(LOG.name, 7, ROOT).body()
    yield case("signed by the log", note(body, LOG), told=["7", []])
    yield case("cosigned by two", note(body, LOG, W1, W2), told=["7", [W1.name, W2.name]])
    yield case("cosigned by one who is not known", note(body, LOG, W3, W1), told=["7", [W1.name]])
    yield case("cosigned before it is signed", note(body, W2, LOG), told=["7", [W2.name]])
    yield case("not signed by the log", note(body, W1, W2), "unsigned")
    yield case("signed by another", note(body, STRANGER), "unsigned")
    yield case("a witness's line is false", note(body, LOG) + loose(bytes(72), W1), "false")
    yield case("a witness has cosigned another size", note(body, LOG) + line(W1, body.replace(b"7", b"8", 1)), "false")
    yield case("signed by the log for another", note(Checkpoint("log.example.org/real", 7, ROOT).body(), LOG), "origin")
    yield case(
        "signed for an origin in other letters", note(Checkpoint(LOG.name.upper(), 7, ROOT).body(), LOG), "origin"
    )
    yield case("a size with a leading zero, signed", note(body.replace(b"\n7\n", b"\n07\n"), LOG), "number")
    yield case("a short root, signed", note(f"{LOG.name}\n7\n{based(ROOT[:31])}\n".encode(), LOG), "length")
    yield case("an empty line before the signatures too many, signed", note(body + b"\n", LOG), "lines")
    yield case("further lines, signed", note(body + b"more\n", LOG), told=["7", []])
