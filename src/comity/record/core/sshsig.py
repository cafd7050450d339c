"""SSH signatures (OpenSSH PROTOCOL.sshsig), those of passkeys among them (PROTOCOL.u2f, W3C WebAuthn), read strictly.

Three kinds of keys sign: ``ssh-ed25519`` in a file, ``sk-ssh-ed25519@openssh.com`` on a token, and a passkey, whose
ES256 key is written ``sk-ecdsa-sha2-nistp256@openssh.com`` and whose signature holds what the browser said. Whatever
is good here is good for ``ssh-keygen -Y verify`` too; the reverse does not hold: ``ssh-keygen`` asks neither whether
somebody was there, nor on which site, nor in whose frame.
"""

import base64
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from comity.record.core.ed25519 import weakness
from comity.record.core.notes import Malformed, NotSigned, WeakKey, unbased
from comity.record.core.ssh_wire import Reader, packed
from comity.record.core.webauthn import Assertion

NAMESPACE = "comity.text"
"""What a signature under a text is for: a signature made for anything else never passes for one."""
HASH = "sha512"
MAGIC, VERSION = b"SSHSIG", 1
BEGIN, END = "-----BEGIN SSH SIGNATURE-----\n", "-----END SSH SIGNATURE-----\n"
COLUMNS = 70
LONGEST = 20_000
"""Characters that a signature may have."""


class KeyType(StrEnum):
    """What kind of key it is, as OpenSSH writes it."""

    FILE = "ssh-ed25519"
    TOKEN = "sk-ssh-ed25519@openssh.com"  # noqa: S105 - the name of a kind of key
    PASSKEY = "sk-ecdsa-sha2-nistp256@openssh.com"


BY_PASSKEY = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"
CURVE = "nistp256"


@dataclass(frozen=True)
class PublicKey:
    """The public half of a key: 32 bytes of Ed25519, or 65 of an uncompressed point of P-256.

    ``application`` is for whom a token or a passkey made it: ``ssh:``, or the passkey's rpId, a host's name.
    """

    type: KeyType
    public: bytes
    application: str = ""

    @property
    def blob(self) -> bytes:
        """The key in SSH's own binary form."""
        curve = [CURVE] if self.type is KeyType.PASSKEY else []
        application = [] if self.type is KeyType.FILE else [self.application]
        return packed(self.type, *curve, self.public, *application)

    def __str__(self) -> str:
        return f"{self.type} {base64.b64encode(self.blob).decode()}"

    @property
    def fingerprint(self) -> str:
        """As ``ssh-keygen -l`` shows it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line as it stands in a ``.pub`` file: type, base64, perhaps a comment; raise Malformed."""
        parts = line.split(None, 2)
        if len(parts) < 2 or len(line) > LONGEST or "\n" in line.strip():
            raise Malformed("a public key is one line: its type, a space, its base64")
        key = cls.of_blob(unbased(parts[1], "the public key"))
        if key.type != parts[0]:
            raise Malformed(f"the key says that it is {parts[0][:60]}, its bytes that it is {key.type}")
        return key

    @classmethod
    def of_blob(cls, blob: bytes) -> Self:
        """Read a key in SSH's binary form; raise Malformed."""
        reader = Reader(blob, "the public key")
        name = reader.text()
        if name not in set(KeyType):
            raise Malformed(
                f"keys of the type {name[:60]!r} do not sign here; those that do are ssh-ed25519, "
                "sk-ssh-ed25519@openssh.com and passkeys"
            )
        kind = KeyType(name)
        if kind is KeyType.PASSKEY and (curve := reader.text()) != CURVE:
            raise Malformed(f"the passkey is on the curve {curve[:20]!r}, not on {CURVE}")
        public = reader.run()
        application = reader.text() if kind is not KeyType.FILE else ""
        reader.end()
        key = cls(kind, public, application)
        key._check_point()
        return key

    def _check_point(self) -> None:
        size = 65 if self.type is KeyType.PASSKEY else 32
        if len(self.public) != size:
            raise Malformed(f"the public key has {len(self.public)} bytes, not {size}")
        if self.type is KeyType.PASSKEY:
            self._point()
        elif weak := weakness(self.public):
            raise WeakKey(f"the public key {weak}")

    def _point(self) -> EllipticCurvePublicKey:
        if self.public[:1] != b"\x04":
            raise Malformed("the point of the passkey is not written uncompressed")
        try:
            return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), self.public)
        except ValueError as error:
            raise Malformed("the point of the passkey does not lie on its curve") from error


@dataclass(frozen=True)
class Pressed:
    """What a token says of itself: its flags, and how often it signed."""

    value: bytes
    flags: int
    counter: int


@dataclass(frozen=True)
class SshSignature:
    """A signature with the key that claims to have made it; not verified yet."""

    key: PublicKey
    namespace: str
    made: bytes | Pressed | Assertion
    """64 bytes of a key in a file, what a token said, or what a browser said."""

    def armored(self) -> str:
        """The text of a ``.sig`` file."""
        blob = MAGIC + VERSION.to_bytes(4, "big")
        blob += packed(self.key.blob, self.namespace, b"", HASH, self._packed())
        text = base64.b64encode(blob).decode()
        lines = (text[place : place + COLUMNS] for place in range(0, len(text), COLUMNS))
        return BEGIN + "".join(f"{line}\n" for line in lines) + END

    def _packed(self) -> bytes:
        made = self.made
        if isinstance(made, Assertion):
            return packed(BY_PASSKEY) + made.packed()
        if isinstance(made, Pressed):
            return packed(self.key.type, made.value) + bytes([made.flags]) + made.counter.to_bytes(4, "big")
        return packed(self.key.type, made)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a ``.sig`` file in the one form in which ``ssh-keygen`` writes it; raise Malformed."""
        if len(text) > LONGEST:
            raise Malformed(f"a signature of {len(text)} characters is too long")
        if not text.startswith(BEGIN) or not text.endswith(END):
            raise Malformed("it is not an SSH signature: its first and last line do not say so")
        blob = unbased(text[len(BEGIN) : -len(END)].replace("\n", ""), "the signature")
        signature = cls._of_blob(blob)
        if signature.armored() != text:
            raise Malformed("the lines of the signature are not those that ssh-keygen writes")
        return signature

    @classmethod
    def _of_blob(cls, blob: bytes) -> Self:
        reader = Reader(blob, "the signature")
        if reader.take(len(MAGIC)) != MAGIC or reader.number() != VERSION:
            raise Malformed("it is not an SSH signature of version 1")
        key = PublicKey.of_blob(reader.run())
        namespace = reader.text()
        if reader.run():
            raise Malformed("the reserved field of the signature is not empty")
        if (used := reader.text()) != HASH:
            raise Malformed(f"the signature is over {used[:20]!r}; sign with {HASH}, as ssh-keygen does by itself")
        inner = Reader(reader.run(), "the signature")
        reader.end()
        return cls(key, namespace, _made(key, inner))

    def check(self, message: bytes, *, key: PublicKey, namespace: str, origin: str = "") -> None:
        """Verify it as the signature of this key over these bytes; raise NotSigned, which says why not.

        ``origin`` is the one site on which a passkey may have signed, e.g. ``https://comity.example.org``.
        """
        if self.key != key:
            raise NotSigned(f"another key has signed: {self.key.fingerprint}, not {key.fingerprint}")
        if self.namespace != namespace:
            raise NotSigned(f"it is a signature for {self.namespace[:60]!r}, not for {namespace!r}")
        try:
            self._check(to_be_signed(message, namespace), origin)
        except InvalidSignature as error:
            raise NotSigned("the signature is not of this text") from error

    def _check(self, signed: bytes, origin: str) -> None:
        made, key = self.made, self.key
        if isinstance(made, Assertion):
            made.check(key._point(), signed, rp_id=key.application, origin=origin)
            return
        public = Ed25519PublicKey.from_public_bytes(key.public)
        if isinstance(made, bytes):
            public.verify(made, signed)
            return
        Assertion.require_person(made.flags)
        told = bytes([made.flags]) + made.counter.to_bytes(4, "big")
        application = hashlib.sha256(key.application.encode()).digest()
        public.verify(made.value, application + told + hashlib.sha256(signed).digest())


def _made(key: PublicKey, reader: Reader) -> bytes | Pressed | Assertion:
    name = reader.text()
    made: bytes | Pressed | Assertion
    if name != (BY_PASSKEY if key.type is KeyType.PASSKEY else key.type):
        raise Malformed(f"a key of the type {key.type} makes no signature of the type {name[:60]!r} here")
    if key.type is KeyType.PASSKEY:
        made = Assertion.read(reader)
    else:
        value = reader.run()
        if len(value) != 64:
            raise Malformed(f"the signature has {len(value)} bytes, not 64")
        made = value if key.type is KeyType.FILE else Pressed(value, reader.take(1)[0], reader.number())
    reader.end()
    return made


def to_be_signed(message: bytes, namespace: str = NAMESPACE) -> bytes:
    """The bytes that a key signs for a message; for a passkey they are its challenge as they stand, not their hash."""
    return MAGIC + packed(namespace, b"", HASH, hashlib.sha512(message).digest())


def passkey_signature(
    key: PublicKey, *, authenticator_data: bytes, client_data: bytes, signature: bytes, namespace: str = NAMESPACE
) -> SshSignature:
    """What a browser answered (``navigator.credentials.get``) as an SSH signature; raise Malformed."""
    made = Assertion.of_browser(authenticator_data, client_data, signature)
    return SshSignature(key, namespace, made)
