"""What a browser answers when it makes a passkey for signing: taken as it should be, refused whatever else it is."""

import hashlib
import json
import random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import RequestFactory
from fido2 import cbor
from fido2.utils import websafe_encode

from comity.people.keys import passkeys
from comity.people.keys.passkeys import PasskeyNotMade
from comity.record.signing.actions import NewKey

SITE, ORIGIN, CHALLENGE = "comity.example.org", "https://comity.example.org", "abcd"
POINT = ec.derive_private_key(7, ec.SECP256R1()).public_key().public_numbers()
TOLD = {"type": "webauthn.create", "challenge": CHALLENGE, "origin": ORIGIN, "crossOrigin": False}


def made_of(attested: bytes, told: bytes, challenge: str = CHALLENGE) -> NewKey:
    request = RequestFactory().get("/", secure=True, headers={"Host": SITE})
    request.session = {passkeys.CHALLENGE: challenge} if challenge else {}  # type: ignore[assignment]
    response = {"clientDataJSON": websafe_encode(told), "attestationObject": websafe_encode(attested)}
    return passkeys.made(request, {"response": response})


def attested(
    *, site: str = SITE, flags: int = 0x45, name: bytes = b"c" * 16, algorithm: Any = -7, x: Any = None
) -> bytes:
    """What the authenticator says, each part of which a case may set."""
    given = POINT.x.to_bytes(32, "big") if x is None else x
    key = {1: 2, 3: algorithm, -1: 1, -2: given, -3: POINT.y.to_bytes(32, "big")}
    data = hashlib.sha256(site.encode()).digest() + bytes([flags]) + bytes(4)
    data += bytes(16) + len(name).to_bytes(2, "big") + name + cbor.encode(key)
    return cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})


def told(**more: Any) -> bytes:
    return json.dumps({**TOLD, **more}).encode()


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.ALLOWED_HOSTS = [SITE]


def test_a_passkey_that_a_browser_made_becomes_a_key() -> None:
    new = made_of(attested(), told())
    assert new.origin == ORIGIN
    assert new.key.application == SITE
    assert new.key.public[1:33] == POINT.x.to_bytes(32, "big")


WRONG: dict[str, tuple[bytes, bytes]] = {
    "nobody there": (attested(flags=0x44), told()),
    "nobody asked": (attested(flags=0x41), told()),
    "no key in it": (attested(flags=0x05), told()),
    "for another site": (attested(site="evil.example"), told()),
    "on another site": (attested(), told(origin="https://evil.example")),
    "on our site without encryption": (attested(), told(origin=f"http://{SITE}")),
    "in a frame of another site": (attested(), told(crossOrigin=True)),
    "in a frame, in words": (attested(), told(crossOrigin="false")),
    "in a frame, which is named": (attested(), told(topOrigin=ORIGIN)),
    "a signature, not a new key": (attested(), told(type="webauthn.get")),
    "another challenge": (attested(), told(challenge="abce")),
    "a challenge of another kind": (attested(), told(challenge=["abcd"])),
    "a name twice": (attested(), b'{"type":"webauthn.create",' + told()[1:]),
    "not JSON": (attested(), b"{"),
    "a key of another kind": (attested(algorithm=-8), told()),
    "a point off the curve": (attested(x=bytes(32)), told()),
    "a coordinate too short": (attested(x=bytes(31)), told()),
    "a coordinate that is a number": (attested(x=10**9), told()),
    "a coordinate in letters": (attested(x="a" * 32), told()),
    "a name longer than passkeys have": (attested(name=b"c" * 1024), told()),
    "no attestation": (b"", told()),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_whatever_else_it_answers_is_refused(name: str) -> None:
    with pytest.raises(PasskeyNotMade):
        made_of(*WRONG[name])


def test_a_challenge_is_good_once_and_for_whoever_was_asked() -> None:
    with pytest.raises(PasskeyNotMade):
        made_of(attested(), told(), challenge="")
    with pytest.raises(PasskeyNotMade):
        made_of(attested(), told(challenge=""), challenge="")


@pytest.mark.parametrize("seed", range(2))
def test_bytes_that_no_browser_sends_are_refused_and_break_nothing(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    for _nth in range(500):
        raw = bytearray(attested())
        for _change in range(dice.randint(1, 4)):
            place = dice.randrange(len(raw))
            raw[place : place + dice.randint(0, 2)] = dice.randbytes(dice.randint(0, 2))
        try:
            made_of(bytes(raw), told())
        except PasskeyNotMade:
            continue
