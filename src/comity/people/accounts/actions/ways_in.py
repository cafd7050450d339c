"""Opening accounts, changing the ways in, ending sessions. The entries are sealed: no public one names a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from comity.people import access
from comity.people.accounts import factors, letters, limits
from comity.people.accounts.actions.attempts import count
from comity.people.accounts.models import BrowserSession, Identity
from comity.people.accounts.tokens import BROWSERS, INVITATIONS
from comity.people.models import Person, Seat
from comity.plain.actors import ActorRef, require
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.record import actions as record

LONGEST_NAME = 60


class LastWayIn(Refusal):
    """The last second factor of an account stays until another is set up; otherwise nobody could open it again."""

    code = "last-way-in"


class CodeDoesNotMatch(Refusal):
    """The code is not the one that the generator shows now. Codes change every half minute, and each is good once."""

    code = "code-does-not-match"
    status = 422


class PasskeyTaken(Refusal):
    """This passkey already opens an account."""

    code = "passkey-taken"


class IdentityTaken(Refusal):
    """The identity provider has named somebody else for this account before. Your organisation can say who it is."""

    code = "identity-taken"
    status = 403


def recorded(type_: str, person: Person, by: ActorRef, at: datetime) -> None:
    """The sealed entry about an account."""
    ref = Ref("person", person.public_id)
    facts: Mapping[str, Any] = {"person": person.public_id}
    record.append(type_, realm=Realm.REAL, subject=ref, by=by, at=at, level=Level.SEALED, facts=facts)


@transaction.atomic
def tell_of_offer(seat: Seat, *, house: str, by: ActorRef, at: datetime) -> None:
    """Write to the mailbox that a seat is offered.

    Whoever has a second factor signs in to answer. Everybody else gets a link that accepts the seat, and opens an
    account that nobody has opened yet; nobody sees it but who reads that mailbox.
    """
    person = seat.person
    count(limits.INVITATION_PERSON, person.public_id, seat.organisation.public_id, at=at)
    realm = Realm(seat.organisation.realm)
    if factors.secured(person):
        letters.tell_of_seat(person, letters.link(house, person, "seats", realm), at=at)
    else:
        token = INVITATIONS.make_token(seat)  # type: ignore[arg-type]  # the token of a seat, not of a person
        parts = {"public_id": seat.public_id, "token": token}
        letters.invite(person, letters.link(house, person, "invitation", realm, **parts), at=at)
    recorded("people.invited", person, by, at)


@transaction.atomic
def offer_browser(email: str, *, house: str, at: datetime) -> None:
    """Where strangers used up the count of an account, let its holder in: a letter makes the browser she holds known.

    No entry: a stranger's guesses cause it.
    """
    person = Person.objects.filter(email=email, is_active=True).exclude(opened_at=None).first()
    if person is not None:
        token = BROWSERS.make_token(person)
        address = letters.link(house, person, "browser-known", public_id=person.public_id, token=token)
        letters.tell_of_guesses(person, address, at=at)


@transaction.atomic
def choose_password(person: Person, *, password: str, by: ActorRef, at: datetime, house: str = "") -> Person:
    """Set the password; sessions opened with an earlier one end."""
    require(access.may_set_ways_in(by, person))
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise BadInput(field="password", remedy=" ".join(error.messages)) from error
    person.set_password(password)
    person.save(update_fields=["password"])
    _opened(person, at)
    recorded("people.password_set", person, by, at)
    _tell(person, house, at)
    return person


@transaction.atomic
def keep_passkey(
    person: Person, *, name: str, credential: Mapping[str, Any], by: ActorRef, at: datetime, house: str = ""
) -> Authenticator:
    """Keep a passkey whose making was checked."""
    require(access.may_set_ways_in(by, person))
    if any(row.data["credential"]["id"] == credential["id"] for row in factors.passkeys_of(person)):
        raise PasskeyTaken()
    row: Authenticator = WebAuthn.add(person, name[:LONGEST_NAME], dict(credential)).instance
    return _set_up(row, person, by, at, house)


@transaction.atomic
def start_codes(
    person: Person, *, secret: str, code: str, by: ActorRef, at: datetime, house: str = ""
) -> Authenticator:
    """Keep a code generator that shows the right code, in place of an earlier one."""
    require(access.may_set_ways_in(by, person))
    if not factors.secret_makes(secret, code):
        raise CodeDoesNotMatch(field="code")
    Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()
    return _set_up(TOTP.activate(person, secret).instance, person, by, at, house)


def _set_up(row: Authenticator, person: Person, by: ActorRef, at: datetime, house: str) -> Authenticator:
    _opened(person, at)
    recorded("people.factor_set", person, by, at)
    _tell(person, house, at)
    return row


def _opened(person: Person, at: datetime) -> None:
    """Its holder has a way in: from now on no invitation opens the account."""
    if person.opened_at is None:
        person.opened_at = at
        person.save(update_fields=["opened_at"])


@transaction.atomic
def remove_factor(row: Authenticator, *, person: Person, by: ActorRef, at: datetime, house: str = "") -> None:
    """Take a passkey or the code generator away; one always remains."""
    require(access.may_set_ways_in(by, person))
    if factors.factors_of(person).exclude(pk=row.pk).first() is None:
        raise LastWayIn()
    row.delete()
    recorded("people.factor_removed", person, by, at)
    _tell(person, house, at)


@transaction.atomic
def write_recovery_codes(person: Person, *, by: ActorRef, at: datetime, house: str = "") -> list[str]:
    """Write new recovery codes and return them; they are kept nowhere, and the earlier ones open nothing more."""
    require(access.may_set_ways_in(by, person))
    codes = factors.new_codes()
    Authenticator.objects.update_or_create(
        user=person,
        type=Authenticator.Type.RECOVERY_CODES,
        defaults={"data": {"hashes": [factors.hash_of(person, code) for code in codes]}},
    )
    recorded("people.factor_set", person, by, at)
    _tell(person, house, at)
    return codes


@transaction.atomic
def spend_recovery_code(person: Person, code: str) -> bool:
    """Whether it is an unused recovery code, whose hash is then gone; the row's lock lets it be used once."""
    row, spent = factors.kept_codes(person).select_for_update().first(), factors.hash_of(person, code)
    if row is None or spent not in row.data["hashes"]:
        return False
    row.data = {"hashes": [kept for kept in row.data["hashes"] if kept != spent]}
    row.save(update_fields=["data"])
    return True


def _tell(person: Person, house: str, at: datetime) -> None:
    if house:
        letters.tell_of_ways_in(person, letters.link(house, person, "account"), at=at)


@transaction.atomic
def start_anew(person: Person, *, by: ActorRef, at: datetime) -> Person:
    """Forget every way in and end every session: whoever stands before the account now sets up new ones.

    Only a confirmed recovery and the command line of the instance come here.
    """
    Authenticator.objects.filter(user=person).delete()
    Identity.objects.filter(person=person).delete()
    person.set_unusable_password()
    person.opened_at = None
    person.save(update_fields=["password", "opened_at"])
    BrowserSession.objects.filter(person=person).delete()
    recorded("people.account_recovered", person, by, at)
    return person


@transaction.atomic
def end_sessions(person: Person, *, but: str, only: str = "") -> int:
    """End the sessions of a person, all but the one with that key, or only the one of that public id."""
    rows = BrowserSession.objects.filter(person=person).exclude(session_key=but)
    gone, _kinds = (rows.filter(public_id=only) if only else rows).delete()
    return gone


@transaction.atomic
def tie_identity(person: Person, *, provider: str, subject: str, by: ActorRef, at: datetime) -> Identity:
    """Tie an account to what an organisation's identity provider calls its holder; once, to one."""
    require(access.may_set_ways_in(by, person))
    held = Identity.objects.filter(person=person, provider=provider).first()
    if held is not None:
        if held.subject != subject:
            raise IdentityTaken()
        return held
    _opened(person, at)
    recorded("people.factor_set", person, by, at)
    return Identity.objects.create(person=person, provider=provider, subject=subject, tied_at=at)
