"""SSH signatures, those of passkeys among them."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.record.tests.strict_cases.cases import FORGED, PRIME, SMALL, Case, Rows, based, point

MESSAGE, NAMESPACE, ORIGIN, RP = (
    "An example for a test: Wir vereinbaren …\n",
    "comity.text",
    "https://comity.example.org",
    "comity.example.org",
)


def packed(*parts: bytes | str) -> bytes:
    runs = (part.encode() if isinstance(part, str) else part for part in parts)
    return b"".join(len(run).to_bytes(4, "big") + run for run in runs)


@dataclass(frozen=True)
class Signing:
    """An SSH signature, each part of which a case may set."""

    kind: str = "passkey"
    namespace: str = NAMESPACE
    flags: int = 0x05
    origin: str = ORIGIN
    said: dict[str, Any] = field(default_factory=dict)
    after: str = ',"crossOrigin":false}'
    rp: str = RP
    extensions: bytes = b""
    hashed: bool = False
    message: str = MESSAGE
    reserved: bytes = b""
    hash: str = "sha512"
    spare: int = 0
    """Noughts before each number of a passkey's signature that mean nothing."""

    @property
    def key(self) -> bytes:
        public = Ed25519PrivateKey.from_private_bytes(bytes([5] * 32)).public_key().public_bytes_raw()
        if self.kind == "file":
            return packed("ssh-ed25519", public)
        if self.kind == "token":
            return packed("sk-ssh-ed25519@openssh.com", public, "ssh:")
        point = (
            derive_private_key(7, SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        )
        return packed("sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", point, self.rp)

    @property
    def public(self) -> str:
        name = {"file": "ssh-ed25519", "token": "sk-ssh-ed25519@openssh.com"}.get(
            self.kind, "sk-ecdsa-sha2-nistp256@openssh.com"
        )
        return f"{name} {based(self.key)}"

    @property
    def signed(self) -> bytes:
        digest = hashlib.new(self.hash, self.message.encode()).digest()
        return b"SSHSIG" + packed(self.namespace, self.reserved, self.hash, digest)

    def made(self) -> bytes:
        secret, counted = Ed25519PrivateKey.from_private_bytes(bytes([5] * 32)), bytes([self.flags]) + bytes(4)
        if self.kind == "file":
            return packed("ssh-ed25519", secret.sign(self.signed))
        if self.kind == "token":
            data = hashlib.sha256(b"ssh:").digest() + counted + hashlib.sha256(self.signed).digest()
            return packed("sk-ssh-ed25519@openssh.com", secret.sign(data)) + counted
        client = self.client()
        data = hashlib.sha256(self.rp.encode()).digest() + counted + self.extensions + hashlib.sha256(client).digest()
        signature = derive_private_key(7, SECP256R1()).sign(data, ECDSA(hashes.SHA256(), deterministic_signing=True))
        numbers = (n.to_bytes(n.bit_length() // 8 + 1, "big") for n in decode_dss_signature(signature))
        pair = b"".join(packed(bytes(self.spare) + number) for number in numbers)
        told = packed(self.origin, client, self.extensions)
        return packed("webauthn-sk-ecdsa-sha2-nistp256@openssh.com") + packed(pair) + counted + told

    def client(self) -> bytes:
        challenge = hashlib.sha512(self.signed).digest() if self.hashed else self.signed
        written = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        told = {"type": "webauthn.get", "challenge": written, "origin": self.origin, **self.said}
        return (json.dumps(told, separators=(",", ":"))[:-1] + self.after).encode()

    def blob(self) -> bytes:
        return b"SSHSIG\0\0\0\1" + packed(self.key, self.namespace, self.reserved, self.hash, self.made())

    def armored(self) -> str:
        return armored(self.blob())


def armored(blob: bytes, columns: int = 70) -> str:
    text = based(blob)
    lines = "".join(f"{text[place : place + columns]}\n" for place in range(0, len(text), columns))
    return f"-----BEGIN SSH SIGNATURE-----\n{lines}-----END SSH SIGNATURE-----\n"


def ssh_signatures() -> Rows:
    def case(name: str, made: Signing, reason: str = "", edit: Callable[[str], str] = lambda text: text) -> Case:
        given = {
            "sig": edit(made.armored()),
            "message": MESSAGE,
            "key": replace(made).public,
            "namespace": NAMESPACE,
            "origin": ORIGIN,
        }
        return Case("sshsig", name, given, reason)

    plain = Signing()
    yield case("a passkey", plain)
    yield case("a passkey kept in two places", Signing(flags=0x1D))
    yield case(
        "a passkey whose browser said more",
        Signing(after=',"crossOrigin":false,"other_keys_can_be_added_here":"do not compare"}'),
    )
    yield case("a passkey whose browser said less", Signing(after="}"))
    yield case("a passkey of a wider site", Signing(rp="example.org"))
    yield case("a passkey with extensions", Signing(flags=0x85, extensions=b"\xa1\x61a\x01"))
    yield case("a key in a file", Signing(kind="file"))
    yield case("a key on a token", Signing(kind="token"))
    yield case("a token with nobody there", Signing(kind="token", flags=0x04), "absent")
    yield case("a token that did not ask who", Signing(kind="token", flags=0x01), "unverified")
    yield case("nobody there", Signing(flags=0x00), "absent")
    yield case("somebody there, not asked who", Signing(flags=0x01), "unverified")
    yield case("asked who, nobody there", Signing(flags=0x04), "absent")
    yield case("flags that promise a new key", Signing(flags=0x45), "flags")
    yield case("flags that promise extensions", Signing(flags=0x85), "flags")
    yield case("extensions that no flag promises", Signing(extensions=b"\xa0"), "flags")
    yield case("kept in two places, which cannot be", Signing(flags=0x15), "flags")
    yield case("numbers in a longer form", Signing(spare=1), "integer")
    yield case("on a foreign site", Signing(origin="https://evil.example"), "origin")
    yield case("on a site whose name begins like ours", Signing(origin=f"{ORIGIN}.evil.example"), "origin")
    yield case("on our site without encryption", Signing(origin=f"http://{RP}"), "origin")
    yield case("on another port", Signing(origin=f"{ORIGIN}:8443"), "origin")
    yield case("the browser tells of another site", Signing(said={"origin": "https://evil.example"}), "origin")
    yield case("a passkey of another site", Signing(rp="evil.example"), "site")
    yield case("a passkey of a site that ours ends in, letter by letter", Signing(rp="mity.example.org"), "site")
    yield case("in a frame of another site", Signing(after=',"crossOrigin":true}'), "frame")
    yield case("in a frame, which is named", Signing(after=f',"crossOrigin":false,"topOrigin":"{ORIGIN}"}}'), "frame")
    yield case("in a frame, in words", Signing(after=',"crossOrigin":"false"}'), "frame")
    yield case("in a frame of nothing", Signing(after=',"crossOrigin":null}'), "frame")
    yield case("for the making of a key", Signing(said={"type": "webauthn.create"}), "purpose")
    yield case("a challenge that is hashed", Signing(hashed=True), "false")
    yield case("a challenge of another text", Signing(message="Another example.\n"), "false")
    yield case("a key in a file over another text", Signing(kind="file", message=MESSAGE[:-1]), "false")
    yield case("a token over another text", Signing(kind="token", message=MESSAGE + "\n"), "false")
    yield case(
        "a name twice in the browser's words", Signing(after=',"crossOrigin":true,"crossOrigin":false}'), "client"
    )
    yield case(
        "a name twice, once in an escape", Signing(after=',"cross\\u004frigin":true,"crossOrigin":false}'), "client"
    )
    yield case("a name in two objects", Signing(after=',"a":{"x":1},"b":[{"x":2}]}'))
    yield case("the browser's words are not JSON", Signing(after=',"crossOrigin":false'), "client")
    yield case("the browser's words with a space", Signing(after=', "crossOrigin":false}'))
    yield case("for something else", Signing(namespace="file"), "namespace")
    yield case("another hash", Signing(kind="file", hash="sha256"), "hash")
    yield case("the reserved field is filled", Signing(kind="file", reserved=b"x"), "reserved")
    other = Case("sshsig", "another key", {**case("", plain).given, "key": Signing(rp="example.org").public}, "key")
    yield other
    elsewhere = {**case("", plain).given, "origin": "http://localhost:8000"}
    yield Case("sshsig", "a house at another address", elsewhere, "origin")
    yield case("a line of another length", plain, "lines", lambda _: armored(plain.blob(), 64))
    yield case("all in one line", plain, "lines", lambda _: armored(plain.blob(), 10_000))
    yield case("CR and LF", plain, "form", lambda text: text.replace("\n", "\r\n"))
    yield case("no last newline", plain, "form", lambda text: text[:-1])
    yield case("words before it", plain, "form", lambda text: f"Signed:\n{text}")
    yield case("words after it", plain, "form", lambda text: f"{text}\n")
    yield case(
        "a bit of the key changed",
        plain,
        "key",
        lambda _: armored(plain.blob().replace(b"comity.example", b"comitY.example", 1)),
    )
    yield case("a byte too many", plain, "long", lambda _: armored(plain.blob() + b"\0"))
    yield case("a byte too few", plain, "short", lambda _: armored(plain.blob()[:-1]))
    yield case(
        "another version",
        plain,
        "form",
        lambda _: armored(plain.blob().replace(b"SSHSIG\0\0\0\1", b"SSHSIG\0\0\0\2", 1)),
    )
    yield case(
        "another magic word", plain, "form", lambda _: armored(plain.blob().replace(b"SSHSIG\0", b"SSHSIH\0", 1))
    )
    rsa = b"SSHSIG\0\0\0\1" + packed(
        packed("ssh-rsa", b"\1\0\1", b"\1" * 64), NAMESPACE, b"", "sha512", packed("ssh-rsa", bytes(64))
    )
    yield case("a key of another kind", plain, "type", lambda _: armored(rsa))
    yield from _weak_keys()
    flag = plain.blob().replace(b"\5\0\0\0\0", b"\x1d\0\0\0\0", 1)
    yield case("flags changed after signing", plain, "false", lambda _: armored(flag))


def _weak_keys() -> Rows:
    """A signature that anybody can make of any text, under keys of which it is one for OpenSSL and OpenSSH too."""

    def case(name: str, kind: str, public: bytes, reason: str) -> Case:
        token = kind.startswith("sk-")
        key, made = packed(kind, public, *(["ssh:"] * token)), packed(kind, FORGED) + b"\5\0\0\0\0" * token
        blob = b"SSHSIG\0\0\0\1" + packed(key, NAMESPACE, b"", "sha512", made)
        given = {"sig": armored(blob), "message": MESSAGE, "key": f"{kind} {based(key)}"}
        return Case("sshsig", name, {**given, "namespace": NAMESPACE, "origin": ORIGIN}, reason)

    for what, y in SMALL.items():
        yield case(f"a key in a file {what}", "ssh-ed25519", point(y), "weak")
    yield case("a key on a token of order 1", "sk-ssh-ed25519@openssh.com", point(1), "weak")
    yield case("a key in a file whose coordinate is p + 1", "ssh-ed25519", point(PRIME + 1), "point")
