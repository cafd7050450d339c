"""One case of the table, the keys that sign in it, and what is wrong with base64."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from comity.record.core.notes import KeyKind, Signature, SigningKey

Rows = Iterator["Case"]


@dataclass(frozen=True)
class Case:
    """One thing that is read: of which form, what is given, the word for why it is refused, or what is read in it."""

    form: str
    name: str
    given: dict[str, Any]
    reason: str = ""
    told: Any = None

    def row(self) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name, value in self.given.items():
            given |= _written(name, value)
        row = {"form": self.form, "name": self.name, "given": given, "reason": self.reason or None}
        return row if self.told is None else {**row, "told": self.told}


def _written(name: str, value: Any) -> dict[str, Any]:
    """Bytes as text where they are UTF-8, else as base64 under a name that ends in 64."""
    if not isinstance(value, bytes):
        return {name: value}
    try:
        return {name: value.decode()}
    except UnicodeDecodeError:
        return {f"{name}64": based(value)}


def based(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


LOG = SigningKey("log.example.org/fiction", KeyKind.NOTE, bytes([1] * 32))
W1, W2, W3 = (SigningKey(f"witness.example.org/w{n}", KeyKind.COSIGNATURE, bytes([n + 1] * 32)) for n in (1, 2, 3))
STRANGER = SigningKey("stranger.example.org", KeyKind.NOTE, bytes([9] * 32))
TIME = 1_776_500_000
ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the group of Ed25519: a signature whose second half is greater than it is no signature."""

PRIME = 2**255 - 19
OF_ORDER_EIGHT = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
SMALL = {
    "of order 1": 1,
    "of order 2": PRIME - 1,
    "of order 4": 0,
    "of order 8": OF_ORDER_EIGHT,
    "of order 8, the other half": PRIME - OF_ORDER_EIGHT,
}
"""The coordinates y of points of Ed25519 of which eight times are nothing."""
FORGED = bytes([1]) + bytes(63)
"""What OpenSSL and OpenSSH take for a signature of whatever text under a key of order 1."""


def point(y: int, *, other: bool = False) -> bytes:
    """A public key of Ed25519 from its coordinate; ``other`` is the second of the two points that have it."""
    return (y | other << 255).to_bytes(32, "little")


def vkey(key: SigningKey) -> str:
    return str(key.verifier)


def written_key(name: str, raw: bytes) -> str:
    """A key of any kind and length, with its true id."""
    digest = hashlib.sha256(name.encode() + b"\n" + raw).digest()
    return f"{name}+{digest[:4].hex()}+{based(raw)}"


ML_DSA = written_key("quantum.example.org/w", b"\x06" + bytes(1312))
"""A key of the kind 0x06, ML-DSA-44, which is not known here."""


def line(key: SigningKey, text: bytes, time: int = TIME) -> bytes:
    return key.sign(text, time=time).line().encode()


def note(text: bytes, *keys: SigningKey) -> bytes:
    return text + b"\n" + b"".join(line(key, text) for key in keys)


def loose(signature: bytes, key: SigningKey = LOG) -> bytes:
    """A line in the name of a key with whatever signature."""
    return Signature(key.name, key.verifier.key_id, signature).line().encode()


def spare(written: str) -> str:
    """The same bytes in base64 whose last letter has bits that mean nothing."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    bare = written.rstrip("=")
    assert bare != written
    return bare[:-1] + letters[letters.index(bare[-1]) + 1] + written[len(bare) :]


def flipped(raw: bytes, bit: int = 0) -> bytes:
    return bytes([raw[0] ^ 1 << bit]) + raw[1:]
