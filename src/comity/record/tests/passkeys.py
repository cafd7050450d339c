"""A passkey and a key in a file, made in software: what a test signs with where no browser is."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import run
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.record.core.sshsig import (
    NAMESPACE,
    KeyType,
    Pressed,
    PublicKey,
    SshSignature,
    passkey_signature,
    to_be_signed,
)

ORIGIN = "https://comity.example.org"
PRINCIPAL = "party-for-a-test"


@dataclass
class Passkey:
    """A passkey of one site; each thing that it or the browser says can be said otherwise."""

    rp_id: str = "comity.example.org"
    private: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    @property
    def key(self) -> PublicKey:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return PublicKey(KeyType.PASSKEY, point, self.rp_id)

    def answer(
        self,
        message: bytes,
        *,
        namespace: str = NAMESPACE,
        flags: int = 0x05,
        extensions: bytes = b"",
        signed_for: str = "",
        challenge: bytes = b"",
        **told: Any,
    ) -> dict[str, Any]:
        """What a browser answers; ``told`` replaces or adds to what it says of itself."""
        asked = challenge or to_be_signed(message, namespace)
        written = base64.urlsafe_b64encode(asked).decode().rstrip("=")
        said = {"type": "webauthn.get", "challenge": written, "origin": ORIGIN, "crossOrigin": False} | told
        client_data = json.dumps(said, separators=(",", ":")).encode()
        rp_id = hashlib.sha256((signed_for or self.rp_id).encode()).digest()
        data = rp_id + bytes([flags]) + (0).to_bytes(4, "big") + extensions
        signature = self.private.sign(data + hashlib.sha256(client_data).digest(), ECDSA(hashes.SHA256()))
        return {"authenticator_data": data, "client_data": client_data, "signature": signature}

    def sign(self, message: bytes, *, namespace: str = NAMESPACE, **said: Any) -> SshSignature:
        return passkey_signature(self.key, **self.answer(message, namespace=namespace, **said), namespace=namespace)


@dataclass
class KeyFile:
    """A key as ``ssh-keygen -t ed25519`` makes it, in memory."""

    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def key(self) -> PublicKey:
        return PublicKey(KeyType.FILE, self.private.public_key().public_bytes_raw())

    def sign(self, message: bytes, namespace: str = NAMESPACE) -> SshSignature:
        return SshSignature(self.key, namespace, self.private.sign(to_be_signed(message, namespace)))


@dataclass
class Token:
    """A FIDO token with an Ed25519 key."""

    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    application: str = "ssh:"

    @property
    def key(self) -> PublicKey:
        return PublicKey(KeyType.TOKEN, self.private.public_key().public_bytes_raw(), self.application)

    def sign(self, message: bytes, flags: int = 0x05) -> SshSignature:
        told = bytes([flags]) + (7).to_bytes(4, "big")
        data = hashlib.sha256(self.application.encode()).digest() + told
        data += hashlib.sha256(to_be_signed(message)).digest()
        return SshSignature(self.key, NAMESPACE, Pressed(self.private.sign(data), flags, 7))


def ssh_keygen_verifies(
    folder: Path,
    signature: str,
    message: bytes,
    allowed: str,
    *,
    principal: str = PRINCIPAL,
    namespace: str = NAMESPACE,
    on: str = "",
) -> bool:
    """Whether the machine's own ``ssh-keygen -Y verify`` accepts it; ``on`` is the instant at which it is to hold."""
    (folder / "text.sig").write_text(signature, encoding="utf-8")
    (folder / "allowed").write_text(allowed, encoding="utf-8")
    when = [f"-Overify-time={on}"] if on else []
    asked = ["ssh-keygen", "-Y", "verify", "-f", str(folder / "allowed"), "-I", principal, "-n", namespace]
    done = run([*asked, "-s", str(folder / "text.sig"), *when], input=message, capture_output=True, check=False)
    return done.returncode == 0
