"""What a passkey says when it signs (W3C WebAuthn level 3, sections 5.8.1, 6.1 and 7.2), and what we require of it.

Somebody was there and proved to her device who she is; she signed on our own site, in no frame of another's; what she
signed are the very bytes that the page showed.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from comity.record.core.notes import Malformed, NotSigned
from comity.record.core.ssh_wire import Reader, integer, packed

PRESENT, VERIFIED = 0x01, 0x04
ELIGIBLE, SYNCED = 0x08, 0x10
ATTESTED, EXTENDED = 0x40, 0x80
FIXED = 37
"""Bytes of the authenticator's data before its extensions: the rpId's digest, flags, counter."""
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class Assertion:
    """What a browser answers when a passkey signs. ``client_data`` is the JSON as it came, byte for byte."""

    r: int
    s: int
    flags: int
    counter: int
    origin: str
    client_data: bytes
    extensions: bytes = b""
    rp_id_hash: bytes = b""
    """As the authenticator said it; an SSH signature does not carry it, since it follows from the key."""

    @classmethod
    def of_browser(cls, authenticator_data: bytes, client_data: bytes, signature: bytes) -> Self:
        """From the three byte strings of ``AuthenticatorAssertionResponse``; raise Malformed."""
        if len(authenticator_data) < FIXED:
            raise Malformed(f"the authenticator's data have {len(authenticator_data)} bytes, fewer than {FIXED}")
        try:
            r, s = decode_dss_signature(signature)
        except ValueError as error:
            raise Malformed("the passkey's signature is not a pair of numbers in DER") from error
        told = client_told(client_data)
        flags, counter = authenticator_data[32], int.from_bytes(authenticator_data[33:FIXED], "big")
        origin, extensions = str(told.get("origin", "")), authenticator_data[FIXED:]
        return cls(r, s, flags, counter, origin, client_data, extensions, authenticator_data[:32])

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """From an SSH signature, after the name of its kind; raise Malformed."""
        pair = Reader(reader.run(), "the passkey's signature")
        r, s = pair.integer(), pair.integer()
        pair.end()
        flags, counter = reader.take(1)[0], reader.number()
        return cls(r, s, flags, counter, reader.text(), reader.run(), reader.run())

    def packed(self) -> bytes:
        """As an SSH signature holds it."""
        pair = packed(integer(self.r) + integer(self.s))
        return pair + self._counted() + packed(self.origin, self.client_data, self.extensions)

    def _counted(self) -> bytes:
        return bytes([self.flags]) + self.counter.to_bytes(4, "big")

    def check(self, key: EllipticCurvePublicKey, signed: bytes, *, rp_id: str, origin: str) -> None:
        """Verify it over the challenge ``signed``; raise NotSigned or InvalidSignature."""
        self.require_person(self.flags)
        if bool(self.flags & ATTESTED) or bool(self.flags & EXTENDED) != bool(self.extensions):
            raise NotSigned("the authenticator's flags do not fit what it says")
        if self.flags & SYNCED and not self.flags & ELIGIBLE:
            raise NotSigned("the passkey says that it is kept in two places and that it cannot be")
        self._require_site(rp_id, origin)
        self._require_told(signed, origin)
        if not (0 < self.r < ORDER and 0 < self.s < ORDER):
            raise NotSigned("the numbers of the signature do not lie within the order of the curve")
        digest = hashlib.sha256(rp_id.encode()).digest()
        if self.rp_id_hash not in {b"", digest}:
            raise NotSigned(f"the passkey signed for another site than {rp_id}")
        data = digest + self._counted() + self.extensions + hashlib.sha256(self.client_data).digest()
        key.verify(encode_dss_signature(self.r, self.s), data, ECDSA(hashes.SHA256()))

    @staticmethod
    def require_person(flags: int) -> None:
        """Refuse what was signed with nobody there, or by whoever held the device; raise NotSigned."""
        if not flags & PRESENT:
            raise NotSigned("nobody was there when it was signed: the key was not touched")
        if not flags & VERIFIED:
            raise NotSigned("the device did not ask who was there: sign with its finger, face or code")

    def _require_site(self, rp_id: str, origin: str) -> None:
        if not origin or self.origin != origin:
            raise NotSigned(f"it was signed on {self.origin[:100]!r}, not on {origin!r}")
        host = origin.partition("://")[2].partition(":")[0]
        if host != rp_id and not host.endswith(f".{rp_id}"):
            raise NotSigned(f"the passkey belongs to {rp_id}, not to the site {host}")

    def _require_told(self, signed: bytes, origin: str) -> None:
        told = client_told(self.client_data)
        if told.get("type") != "webauthn.get":
            raise NotSigned("the browser made it for something else than a signature")
        if told.get("origin") != origin:
            raise NotSigned(f"the browser says that it was on {str(told.get('origin'))[:100]!r}, not on {origin!r}")
        if told.get("crossOrigin", False) is not False or "topOrigin" in told:
            raise NotSigned("it was signed in a frame of another site")
        challenge = base64.urlsafe_b64encode(signed).decode().rstrip("=")
        if told.get("challenge") != challenge:
            raise NotSigned("the signature is not of this text")
        begins = f'{{"type":"webauthn.get","challenge":"{challenge}","origin":"{origin}"'.encode()
        if not self.client_data.startswith(begins) or self.client_data[len(begins) :][:1] not in {b",", b"}"}:
            raise NotSigned("the browser's words do not stand in the order in which ssh-keygen reads them")


def client_told(client_data: bytes) -> dict[str, Any]:
    """What a browser said, each name once; raise Malformed."""
    try:
        told = json.loads(client_data.decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Malformed("what the browser said is not JSON with each name once") from error
    if not isinstance(told, dict):
        raise Malformed("what the browser said is not a JSON object")
    return told


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
