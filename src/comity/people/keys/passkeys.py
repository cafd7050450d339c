"""Making a passkey that signs texts: what the browser is asked, and what of its answer becomes a key.

It is no way to sign in: it belongs to no account, and signing in with it is refused.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AuthenticatorData, CollectedClientData

from comity.plain.refusals import Refusal
from comity.record.core.notes import Malformed
from comity.record.core.sshsig import KeyType, PublicKey
from comity.record.signing.actions import NewKey

CHALLENGE = "key-challenge"
"""Session: what the browser signs while it makes a key; good once."""
ES256 = -7
SOFT_X, SOFT_Y, ALGORITHM = -2, -3, 3


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
        told = CollectedClientData(websafe_decode(answer["clientDataJSON"]))
        said = AttestationObject(websafe_decode(answer["attestationObject"])).auth_data
        _check(request, told, said, challenge)
        key = _key(said, site_of(request))
    except (ValueError, KeyError, TypeError, Malformed) as error:
        raise PasskeyNotMade() from error
    assert said.credential_data is not None
    return NewKey(key, label, origin_of(request), websafe_encode(said.credential_data.credential_id))


def _check(request: HttpRequest, told: CollectedClientData, said: AuthenticatorData, challenge: str) -> None:
    rp_id = hashlib.sha256(site_of(request).encode()).digest()
    asked_here = bool(challenge) and told.challenge == websafe_decode(challenge)
    if not asked_here or told.type != "webauthn.create" or told.origin != origin_of(request) or told.cross_origin:
        raise ValueError("not made here")
    if said.rp_id_hash != rp_id or not said.is_user_present() or not said.is_user_verified():
        raise ValueError("nobody verified")


def _key(said: AuthenticatorData, rp_id: str) -> PublicKey:
    """The public half as SSH writes it; reading it back checks that it lies on its curve."""
    if said.credential_data is None or said.credential_data.public_key.get(ALGORITHM) != ES256:
        raise ValueError("not of ES256")
    numbers = said.credential_data.public_key
    point = b"\x04" + numbers[SOFT_X].rjust(32, b"\0") + numbers[SOFT_Y].rjust(32, b"\0")
    line = f"{KeyType.PASSKEY} {base64.b64encode(PublicKey(KeyType.PASSKEY, point, rp_id).blob).decode()}"
    return PublicKey.parse(line)
