"""The ways in of an account, as django-allauth keeps them: passkeys, a code generator, recovery codes.

The ceremonies are allauth's and fido2's; ours is what they ask (the person verified by her device, this very origin),
that secrets lie encrypted, and the recovery codes, of which only hashes lie here.
"""

import base64
import re
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from fido2.utils import websafe_decode
from fido2.webauthn import CollectedClientData

from comity.people.models import Person
from comity.plain.refusals import Refusal

SECRET_KEY = "code-secret"  # noqa: S105 - names a place in the session
"""Session: the secret of a code generator that is being set up."""


CODES, DIGITS = 10, 16
"""How many recovery codes are written at once, and how long each is: too long to be found by trying."""


class PasskeyNotProved(Refusal):
    """The passkey could not be checked: it belongs to another account or address, or the page stood open too long. Load
    the page again and try once more."""

    code = "passkey-not-proved"
    status = 422


class Factors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    """How allauth keeps our factors: secrets encrypted, people under their public id."""

    def encrypt(self, text: str) -> str:
        """As it lies in the database."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it was."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The house, by its host name."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Comity"}

    def get_public_key_credential_user_entity(self, user: Person) -> dict[str, Any]:
        """The account as the device lists it."""
        return {"id": user.public_id.encode(), "display_name": user.name, "name": user.email}


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(f"factors {settings.SECRET_KEY}".encode()).digest()))


def factors_of(person: Person) -> "QuerySet[Authenticator]":
    """Everything that counts as a second factor, the oldest first; recovery codes stand in for one and are not."""
    rows = Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES)
    ordered: QuerySet[Authenticator] = rows.order_by("created_at", "pk")
    return ordered


def passkeys_of(person: Person) -> "QuerySet[Authenticator]":
    """The passkeys of an account."""
    return factors_of(person).filter(type=Authenticator.Type.WEBAUTHN)


def makes_codes(person: Person) -> bool:
    """Whether the account has a code generator."""
    return factors_of(person).filter(type=Authenticator.Type.TOTP).exists()


def secured(person: Person) -> bool:
    """Whether the account has a second factor, so that a password alone opens nothing."""
    return factors_of(person).exists()


def registration(person: Person) -> dict[str, Any]:
    """What a browser needs to make a passkey; the challenge is kept in the session."""
    return dict(webauthn.begin_registration(person, passwordless=True))


def authentication(person: Person | None = None) -> dict[str, Any]:
    """What a browser needs to prove a passkey, of anyone or of one account."""
    return dict(webauthn.begin_authentication(person))


def registered(request: HttpRequest, credential: Mapping[str, Any]) -> dict[str, Any]:
    """The credential a browser made, checked: for this challenge and origin, its person verified."""
    try:
        webauthn.parse_registration_response(credential)
        data = webauthn.complete_registration(dict(credential))
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise PasskeyNotProved() from error
    if not data.is_user_verified() or not _of_this_origin(request, credential):
        raise PasskeyNotProved()
    return dict(credential)


def proved(request: HttpRequest, credential: Mapping[str, Any], person: Person | None = None) -> Authenticator:
    """The passkey that a browser proved, of one account or of whichever it names; its person verified."""
    try:
        response = webauthn.parse_authentication_response(credential)
        found = webauthn.complete_authentication(person or _named(credential), dict(credential))
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise PasskeyNotProved() from error
    if not response.response.authenticator_data.is_user_verified() or not _of_this_origin(request, credential):
        raise PasskeyNotProved()
    return found


def _named(credential: Mapping[str, Any]) -> Person:
    handle = websafe_decode(credential["response"]["userHandle"]).decode()
    person = Person.objects.filter(public_id=handle, is_active=True).first()
    if person is None:
        raise PasskeyNotProved()
    return person


def _of_this_origin(request: HttpRequest, credential: Mapping[str, Any]) -> bool:
    """Whether the browser made it on this very page, in no frame of another's."""
    told = CollectedClientData(websafe_decode(credential["response"]["clientDataJSON"]))
    return told.origin == f"{request.scheme}://{request.get_host()}" and not told.cross_origin


def new_secret() -> str:
    """The secret of a code generator (RFC 6238), in base 32."""
    return str(totp.generate_totp_secret())


def secret_makes(secret: str, code: str) -> bool:
    """Whether a generator with that secret shows that code now."""
    return bool(totp.validate_totp_code(secret, code))


def generator_shows(person: Person, code: str) -> bool:
    """Whether the account's code generator shows that code now."""
    rows = factors_of(person).filter(type=Authenticator.Type.TOTP)
    return any(row.wrap().validate_code(code) for row in rows)


def new_codes() -> list[str]:
    """Recovery codes, of digits alone so that every keyboard has them."""
    return [f"{secrets.randbelow(10**DIGITS):0{DIGITS}}" for _ in range(CODES)]


def hash_of(person: Person, code: str) -> str:
    """What is kept of a recovery code: a hash under the key of the instance, which does not lie in its database."""
    return salted_hmac("comity.people.recovery-code", f"{person.public_id} {code}", algorithm="sha256").hexdigest()


def unused_codes(person: Person) -> int:
    """How many recovery codes still open the account."""
    row = kept_codes(person).first()
    return len(row.data["hashes"]) if row else 0


def kept_codes(person: Person) -> "QuerySet[Authenticator]":
    """The row of an account's recovery codes, if any were written."""
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES)
    return rows


def address_of_secret(person: Person, secret: str) -> str:
    """The ``otpauth`` address with which a code generator takes the secret up."""
    return str(Factors().build_totp_url(person, secret))


def picture_of(address: str) -> str:
    """The address as a picture for a camera, in an address of its own (``data:``): ink on white whatever the scheme."""
    drawn = re.sub(
        "(<svg[^>]*>)", r'\1<rect width="100%" height="100%" fill="#fff"/>', Factors().build_totp_svg(address)
    )
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()


def name_of(row: Authenticator) -> str:
    """Under which name a page asks for a way in: a keyed hash, so that no counter of rows leaves."""
    return salted_hmac("comity.people.factor", str(row.pk)).hexdigest()[:16]
