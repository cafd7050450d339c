"""Signed notes as in C2SP signed-note and tlog-cosignature: a text, and the lines by which keys sign it.

A note is UTF-8 text that ends in a newline, an empty line, and one line ``— <name> <base64>`` for each signature; the
base64 holds the four bytes of the key's id and the signature. A key is written ``<name>+<id in hex>+<base64>``.
"""

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from comity.record.core.ed25519 import weakness

MOST_SIGNATURES = 100
"""A note with more signature lines is refused; the specification asks readers for at least 16."""
LONGEST = 1_000_000
"""Bytes that a note may have."""
LATEST = 2**63 - 1
"""Seconds since 1970; a cosignature of a later time is refused."""
_NAME = re.compile(r"[^\s+\x00-\x1f]+")
_VKEY = re.compile(r"([^\s+\x00-\x1f]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DASH = "— "


class Malformed(ValueError):
    """A text that has not exactly the form it must have; the message says which, where and why."""


class WeakKey(Malformed):
    """A public key under which anybody can sign, or that does not stand in its one form."""


class UnknownKind(Malformed):
    """A key, well written, of a kind that is not known here, such as 0x06, ML-DSA-44.

    Where keys are merely listed it is passed over, as the lines of unknown keys are. A policy that names it is refused:
    its quorum would mean something else than it says.
    """


class NotSigned(ValueError):
    """A note that none of the known keys has signed, or that carries a false signature in the name of one."""


class KeyKind(IntEnum):
    """What a key signs, by the byte that stands before its public half."""

    NOTE = 0x01
    """Ed25519 over the text."""
    COSIGNATURE = 0x04
    """Ed25519 over a time and the text: cosignature/v1."""


@dataclass(frozen=True)
class Signature:
    """One line under a note: whose it claims to be, and its bytes without the id."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        """The line, with its newline."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"


@dataclass(frozen=True)
class Signed:
    """A signature that a known key has made; ``time`` in seconds since 1970, 0 where its kind carries none."""

    key: "VerifierKey"
    time: int = 0


@dataclass(frozen=True)
class VerifierKey:
    """The public half of a key: its name, its kind, its 32 bytes."""

    name: str
    kind: KeyKind
    public: bytes

    @property
    def key_id(self) -> bytes:
        """SHA-256(name || newline || kind || public), its first four bytes."""
        return _key_id(self.name, bytes([self.kind]) + self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read a key as it is written; raise Malformed, or UnknownKind of it."""
        found = _VKEY.fullmatch(text)
        if found is None:
            raise Malformed("a key is written <name>+<8 hex digits>+<base64>")
        name, raw = found[1], unbased(found[3], "the key")
        if raw[0] in set(KeyKind) and len(raw) != 33:
            raise Malformed(f"the key {name} has {len(raw) - 1} bytes, not 32")
        if (key_id := _key_id(name, raw).hex()) != found[2]:
            raise Malformed(f"the key {name} has the id {key_id}, and not {found[2]} as it says")
        if raw[0] not in set(KeyKind):
            raise UnknownKind(f"the key {name} is of a kind that is not known here, {raw[0]:#04x}")
        if weak := weakness(raw[1:]):
            raise WeakKey(f"the key {name} {weak}")
        return cls(name, KeyKind(raw[0]), raw[1:])

    def signed(self, text: bytes, signature: bytes) -> Signed:
        """What a signature of this key over a text says; raise NotSigned where it is false."""
        try:
            if self.kind is KeyKind.NOTE:
                self._check(signature, text)
                return Signed(self)
            if len(signature) != 72:
                raise NotSigned(f"a cosignature of {self.name} has {len(signature)} bytes, not 72")
            time = struct.unpack(">Q", signature[:8])[0]
            if time > LATEST:
                raise NotSigned(f"a cosignature of {self.name} carries a time that no clock shows: {time}")
            self._check(signature[8:], cosigned(time, text))
        except InvalidSignature as error:
            raise NotSigned(f"the signature of {self.name} is not of this text") from error
        return Signed(self, time)

    def _check(self, signature: bytes, message: bytes) -> None:
        Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)


@dataclass(frozen=True)
class SigningKey:
    """A key with its secret half, 32 bytes; whoever has them signs in its name."""

    name: str
    kind: KeyKind
    secret: bytes

    @property
    def verifier(self) -> VerifierKey:
        """Its public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw()
        return VerifierKey(self.name, self.kind, public)

    def sign(self, text: bytes, *, time: int = 0) -> Signature:
        """Sign a text; a cosignature carries the time, in seconds since 1970."""
        key = Ed25519PrivateKey.from_private_bytes(self.secret)
        if self.kind is KeyKind.NOTE:
            return Signature(self.name, self.verifier.key_id, key.sign(text))
        return Signature(self.name, self.verifier.key_id, struct.pack(">Q", time) + key.sign(cosigned(time, text)))


@dataclass(frozen=True)
class Note:
    """A text and the lines under it, none of them verified yet."""

    text: bytes
    signatures: Sequence[Signature]

    def __bytes__(self) -> bytes:
        return self.text + b"\n" + "".join(signature.line() for signature in self.signatures).encode()

    @classmethod
    def parse(cls, content: bytes) -> "Note":
        """Read a note strictly; raise Malformed."""
        if len(content) > LONGEST:
            raise Malformed(f"a note of {len(content)} bytes is too long")
        try:
            whole = content.decode()
        except UnicodeDecodeError as error:
            raise Malformed(f"byte {error.start} of the note is not UTF-8") from error
        printable(whole, "the note")
        text, divided, lines = whole.rpartition("\n\n")
        if not divided:
            raise Malformed("the note has no empty line between its text and its signatures")
        return cls(f"{text}\n".encode(), signature_lines(lines))

    def opened(self, keys: Iterable[VerifierKey]) -> list[Signed]:
        """Which of these keys have signed it, each once, in the order of the lines.

        Raises NotSigned where none has, where a line in the name and id of one of them is false, or where two of them
        share name and id. Lines of other keys are passed over; of several lines of one key the first counts.
        """
        known: dict[tuple[str, bytes], VerifierKey] = {}
        for key in keys:
            if known.setdefault((key.name, key.key_id), key) != key:
                raise NotSigned(f"two known keys share the name {key.name} and the id {key.key_id.hex()}")
        found: dict[tuple[str, bytes], Signed] = {}
        for line in self.signatures:
            named = line.name, line.key_id
            if named in known and named not in found:
                found[named] = known[named].signed(self.text, line.value)
        if not found:
            raise NotSigned("none of the known keys has signed it")
        return list(found.values())


def _key_id(name: str, raw: bytes) -> bytes:
    return hashlib.sha256(f"{name}\n".encode() + raw).digest()[:4]


def printable(text: str, what: str) -> None:
    """Raise Malformed, which names ``what``, where a control character other than a newline stands in a text."""
    if found := _CONTROL.search(text):
        raise Malformed(f"a control character {ord(found[0]):#04x} stands in {what}")


def cosigned(time: int, text: bytes) -> bytes:
    """What a witness signs: cosignature/v1, the time, the text of the note with its last newline."""
    return f"cosignature/v1\ntime {time}\n".encode() + text


def signature_lines(text: str) -> list[Signature]:
    """Read the lines under a note, or those that a witness answers; raise Malformed."""
    if not text.endswith("\n"):
        raise Malformed("the last signature line does not end")
    lines = text[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise Malformed(f"{len(lines)} signature lines are more than {MOST_SIGNATURES}")
    return [_signature(line, number) for number, line in enumerate(lines, start=1)]


def _signature(line: str, number: int) -> Signature:
    name, _space, written = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not _NAME.fullmatch(name):
        raise Malformed(f"signature line {number} does not begin with a dash, a space and a name")
    raw = unbased(written, f"signature line {number}")
    if len(raw) < 5:
        raise Malformed(f"signature line {number} holds {len(raw)} bytes, fewer than an id and a signature")
    return Signature(name, raw[:4], raw[4:])


def unbased(text: str, what: str) -> bytes:
    """Read standard base64 in its one canonical form; raise Malformed, which names ``what``."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"{what} is not base64") from error
    if base64.b64encode(raw).decode() != text:
        raise Malformed(f"{what} is not base64 in its canonical form")
    return raw


def number_of(text: str, what: str) -> int:
    """Read a decimal number without sign or leading zero, below 2^63; raise Malformed, which names ``what``."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text) or int(text) >= 2**63:
        raise Malformed(f"{what} is written {text[:40]!r}, not as a plain decimal number")
    return int(text)
