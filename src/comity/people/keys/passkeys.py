"""Making a passkey that signs texts: what the browser is asked, and what of its answer becomes a key.

It is no way to sign in: it belongs to no account, and signing in with it is refused.
"""

import hashlib
import secrets
import struct
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AuthenticatorData

from comity.plain.refusals import Refusal
from comity.record.core.sshsig import KeyType, PublicKey
from comity.record.core.webauthn import client_told
from comity.record.signing.actions import NewKey

CHALLENGE = "key-challenge"
"""Session: what the browser signs while it makes a key; good once."""
ES256 = -7
LONGEST_ID = 1023
"""Bytes of the name under which a browser finds a passkey (W3C WebAuthn level 3, section 4)."""
X, Y, ALGORITHM = -2, -3, 3
COORDINATE = 32
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, struct.error)
"""What reading bytes raises that no browser sends."""


class PasskeyNotMade(Refusal):
    """The passkey could not be taken up: the page stood open too long, the device did not ask who was there, or it
    makes keys of another kind (ES256 is needed). Load the page again and try once more."""

    code = "passkey-not-made"
    status = 422


def asked(request: HttpRequest, name: str) -> dict[str, Any]:
    """What a browser needs to make the key, for somebody who signs for an organisation of that name."""
    challenge = websafe_encode(secrets.token_bytes(32))
    request.session[CHALLENGE] = challenge
    return {
        "publicKey": {
            "rp": {"id": site_of(request), "name": "Comity"},
            "user": {"id": websafe_encode(secrets.token_bytes(16)), "name": name, "displayName": name},
            "challenge": challenge,
            "pubKeyCredParams": [{"type": "public-key", "alg": ES256}],
            "authenticatorSelection": {"residentKey": "discouraged", "userVerification": "required"},
            "attestation": "none",
        }
    }


def origin_of(request: HttpRequest) -> str:
    """The site as browsers name it when they sign."""
    return f"{request.scheme}://{request.get_host()}"


def site_of(request: HttpRequest) -> str:
    """The name to which passkeys of this site belong."""
    return request.get_host().partition(":")[0]


def made(request: HttpRequest, credential: Mapping[str, Any], label: str = "") -> NewKey:
    """The key that a browser made on this very page, its person verified; raise PasskeyNotMade."""
    challenge = request.session.pop(CHALLENGE, "")
    try:
        answer = credential["response"]
        told = client_told(websafe_decode(answer["clientDataJSON"]))
        said = AttestationObject(websafe_decode(answer["attestationObject"])).auth_data
        _check(request, told, said, challenge)
        key = _key(said, site_of(request))
    except UNREADABLE as error:
        raise PasskeyNotMade() from error
    assert said.credential_data is not None
    return NewKey(key, label, origin_of(request), websafe_encode(said.credential_data.credential_id))


def _check(request: HttpRequest, told: Mapping[str, Any], said: AuthenticatorData, challenge: str) -> None:
    rp_id = hashlib.sha256(site_of(request).encode()).digest()
    expected = {"type": "webauthn.create", "challenge": challenge, "origin": origin_of(request)}
    if not challenge or any(told.get(name) != value for name, value in expected.items()):
        raise ValueError("not made here")
    if told.get("crossOrigin", False) is not False or "topOrigin" in told:
        raise ValueError("made in a frame of another site")
    if said.rp_id_hash != rp_id or not said.is_user_present() or not said.is_user_verified():
        raise ValueError("nobody verified")


def _key(said: AuthenticatorData, rp_id: str) -> PublicKey:
    """The public half as SSH writes it; reading it back checks that it lies on its curve."""
    made = said.credential_data
    if made is None or made.public_key.get(ALGORITHM) != ES256:
        raise ValueError("not of ES256")
    if len(made.credential_id) > LONGEST_ID:
        raise ValueError("a name longer than passkeys have")
    numbers = [made.public_key[number] for number in (X, Y)]
    if any(not isinstance(number, bytes) or len(number) != COORDINATE for number in numbers):
        raise ValueError("its point has no two coordinates")
    return PublicKey.of_blob(PublicKey(KeyType.PASSKEY, b"\x04" + b"".join(numbers), rp_id).blob)
