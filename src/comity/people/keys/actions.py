"""A seat issues itself a key for its organisation; whoever else answers for the organisation is told by letter.

One person issues, and everybody who could have is told at once and can revoke: statutes seldom ask two persons for a
seal, and a second one who confirms unread protects less than three who are told.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from comity.people import access
from comity.people.accounts import letters
from comity.people.models import SIGNING, Person, Seat
from comity.people.queries import WITH_SEAT, actor_of, seat_of
from comity.plain.actors import ActorRef, require
from comity.plain.levels import Level, Realm
from comity.plain.refusals import Refusal
from comity.plain.time import day_over
from comity.record.signing import actions as signing
from comity.record.signing.actions import LONGEST_LABEL, NewKey
from comity.record.signing.queries import KeyView, keys_held
from comity.registry.core.names import require_honest
from comity.registry.models import Organisation


class KeyInForce(Refusal):
    """A key that still signs is revoked first, with a reason; then it can be erased."""

    code = "key-in-force"


@transaction.atomic
def issue_key(organisation: Organisation, new: NewKey, *, by: ActorRef, at: datetime, house: str) -> KeyView:
    """Let a key of the acting seat sign for its organisation, as long as the seat's days last."""
    require(access.may_issue_key(by, at, organisation))
    _require_honest(new)
    new = _within_mandate(new, by, at)
    realm, level = Realm(organisation.realm), Level(organisation.level)
    key = signing.issue_key(
        new, realm=realm, organisation=organisation.public_id, level=level, holder=str(by), by=by, at=at
    )
    _tell(organisation, by, house, at)
    return key


@transaction.atomic
def rotate_key(
    organisation: Organisation, old: KeyView, new: NewKey, *, by: ActorRef, at: datetime, house: str
) -> KeyView:
    """Put a new key of the acting seat in the place of its old one, as long as the seat's days last."""
    require(access.may_rotate_key(by, at, organisation, old))
    _require_honest(new)
    new = _within_mandate(new, by, at)
    key = signing.rotate_key(old, new, level=Level(organisation.level), by=by, at=at)
    _tell(organisation, by, house, at)
    return key


@transaction.atomic
def revoke_key(
    organisation: Organisation, key: KeyView, *, reason: str, by: ActorRef, at: datetime, house: str
) -> KeyView:
    """End a key at once; what it signed stays signed."""
    require(access.may_revoke_key(by, at, organisation, key))
    revoked = signing.revoke_key(key, reason=reason, level=Level(organisation.level), by=by, at=at)
    _tell(organisation, by, house, at)
    return revoked


@transaction.atomic
def forget_key(
    organisation: Organisation, key: KeyView, *, legal_basis: str, by: ActorRef, at: datetime, house: str
) -> None:
    """Erase a key that ended; what it signed can then no longer be checked against the register."""
    require(access.may_forget_key(by, at, organisation, key))
    if key.in_force(at):
        raise KeyInForce(fingerprint=key.fingerprint)
    signing.forget_key(key, legal_basis=legal_basis, by=by, at=at)
    _tell(organisation, by, house, at)


def end_keys_of(seat: Seat, *, by: ActorRef, at: datetime) -> None:
    """End what a seat that is taken back signs with; whoever takes it back has been asked whether she may."""
    organisation = seat.organisation
    realm, holder = Realm(organisation.realm), str(actor_of(seat))
    for key in keys_held(organisation.public_id, holder, realm, at):
        signing.revoke_key(key, reason=signing.SEAT_ENDED, level=Level(organisation.level), by=by, at=at)


def _within_mandate(new: NewKey, by: ActorRef, at: datetime) -> NewKey:
    """The key as long as the seat that will hold it: whoever holds no mandate any more signs for nobody."""
    seat = seat_of(by, at)
    assert seat is not None
    if seat.end is None:
        return new
    over = day_over(seat.organisation.time_zone, seat.end)
    return replace(new, valid_before=min(over, new.valid_before or over))


def _tell(organisation: Organisation, by: ActorRef, house: str, at: datetime) -> None:
    """Write to everybody else who may issue or revoke a key of the organisation."""
    realm, parts = Realm(organisation.realm), {"public_id": organisation.public_id}
    for person in _answering(organisation, by, at):
        letters.tell_of_keys(person, letters.link(house, person, "organisation-keys", realm, **parts), at=at)


def _answering(organisation: Organisation, by: ActorRef, at: datetime) -> Iterable[Person]:
    rows = Seat.objects.of_organisation(organisation).taken_up(at).select_related(*WITH_SEAT)
    seats = [seat for seat in rows if seat.in_force(at) and seat.person.is_active]
    own = {seat.person_id for seat in seats if seat.public_id == by.id}
    told = {seat.person_id: seat.person for seat in seats if seat.acts_as(at) in SIGNING}
    return [person for pk, person in sorted(told.items()) if pk not in own]


def _require_honest(new: NewKey) -> None:
    """What its holder calls a key is shown to her colleagues; it may stay empty."""
    if new.label:
        require_honest(new.label, "label", LONGEST_LABEL)
