"""Opening accounts, offering mandates, accepting them, taking them back. No entry of the record names a person."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from comity.people import access
from comity.people.accounts.actions import ways_in
from comity.people.keys.actions import end_keys_of
from comity.people.models import BESIDE, CalendarKey, Choices, Draft, Person, Rhythm, Role, Seat
from comity.people.queries import actor_of, digest_of_key, reader_of
from comity.plain.actors import ActorRef, require
from comity.plain.languages import CODES
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, NotVisible, Refusal
from comity.plain.time import day_in
from comity.record import actions as record
from comity.registry import actions as registry
from comity.registry.access import Permission as OfRegistry
from comity.registry.core.names import require_honest
from comity.registry.core.refusals import NotANetwork, RealmsNeverMix
from comity.registry.models import Organisation, OrganisationKind, Reply

LONGEST_NOTICE = 30
"""Days before a date, at most, on which a reminder is written."""


class EmailTaken(Refusal):
    """One e-mail address opens one account."""

    code = "email-taken"


class OfficeOfNoNetwork(Refusal):
    """A secretariat is the secretariat of a network."""

    code = "office-of-no-network"


class SeatEndsBeforeItStarts(Refusal):
    """A mandate ends on or after the day it starts."""

    code = "seat-ends-before-it-starts"
    status = 422


class BesideNoSeat(Refusal):
    """A deputy and whoever prepares stand beside a seat in force of the same organisation, which the grant names."""

    code = "beside-no-seat"
    status = 422


class DeputyWithoutEnd(Refusal):
    """A deputy acts between dates; name the last day."""

    code = "deputy-without-end"
    status = 422


class AlreadySettled(Refusal):
    """A draft is decided once; it was approved or sent back meanwhile."""

    code = "already-settled"


class OfferOver(Refusal):
    """This offer is over: it was accepted, declined or withdrawn, or nobody answered it for thirty days. The
    organisation can offer the seat anew."""

    code = "offer-over"


class AlreadyRevoked(Refusal):
    """A seat is revoked once."""

    code = "already-revoked"


def _checked_email(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadInput(field="email", value=email, remedy="write it as name@example.org") from error
    if Person.objects.filter(email=address).exists():
        raise EmailTaken(email=address)
    return address


def _set_password(person: Person, password: str, at: datetime) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise BadInput(field="password", remedy=" ".join(error.messages)) from error
    person.set_password(password)
    person.opened_at = person.opened_at or at


@transaction.atomic
def register_person(
    *,
    name: str,
    email: str,
    language: str,
    by: ActorRef,
    at: datetime,
    time_zone: str = "UTC",
    password: str | None = None,
    realm: Realm = Realm.REAL,
) -> Person:
    """Open an account; without a password it signs in only after its holder has set one. The entry is sealed."""
    require(access.may_register_person(by, at))
    if not name.strip():
        raise BadInput(field="name", remedy="write the name the person goes by")
    require_honest(name, longest=200)
    if language not in CODES:
        raise BadInput(field="language", value=language, remedy=f"one of {', '.join(CODES)}")
    person = Person(
        name=name.strip(), email=_checked_email(email), language=language, time_zone=time_zone, registered_at=at
    )
    if password is None:
        person.set_unusable_password()
    else:
        _set_password(person, password, at)
    person.save()
    _record_person("people.person_registered", person, realm, by, at)
    return person


@transaction.atomic
def set_password(person: Person, *, password: str, by: ActorRef, at: datetime, realm: Realm = Realm.REAL) -> Person:
    """Give an account its password; sessions opened with an earlier one end."""
    require(access.may_set_password(by, person))
    _set_password(person, password, at)
    person.save(update_fields=["password", "opened_at"])
    _record_person("people.password_set", person, realm, by, at)
    return person


@transaction.atomic
def make_operator(person: Person, *, by: ActorRef, at: datetime) -> Person:
    """Let a person run the instance. An operator sees no more than a reader; the entry names nobody."""
    require(access.may_make_operator(by))
    person.is_operator = True
    person.save(update_fields=["is_operator"])
    _record_person("people.operator_made", person, Realm.REAL, by, at)
    return person


def _check_beside(
    organisation: Organisation, role: Role, principal: Seat | None, end: date | None, at: datetime
) -> None:
    if (role in BESIDE) != (principal is not None):
        raise BesideNoSeat(field="for_seat")
    if principal is None:
        return
    if principal.organisation_id != organisation.pk or principal.role in BESIDE or not principal.in_force(at):
        raise BesideNoSeat(field="for_seat")
    if role is Role.DEPUTY and end is None:
        raise DeputyWithoutEnd(field="end")


def _check_seat(
    organisation: Organisation, role: Role, network: Organisation | None, start: date, end: date | None
) -> None:
    if end is not None and end < start:
        raise SeatEndsBeforeItStarts(start=start.isoformat(), end=end.isoformat())
    if role is Role.SECRETARIAT and organisation.kind != OrganisationKind.NETWORK:
        raise OfficeOfNoNetwork(organisation=organisation.public_id)
    if network is not None and network.kind != OrganisationKind.NETWORK:
        raise NotANetwork(organisation=network.public_id)
    if network is not None and network.realm != organisation.realm:
        raise RealmsNeverMix(organisation=organisation.public_id, network=network.public_id)


@transaction.atomic
def offer_seat(
    *,
    person: Person,
    organisation: Organisation,
    role: Role,
    title: str,
    start: date,
    by: ActorRef,
    at: datetime,
    network: Organisation | None = None,
    end: date | None = None,
    for_seat: Seat | None = None,
) -> Seat:
    """Offer a person a dated mandate; it counts once she has accepted it. The entry is sealed until then.

    A seat beside another has effect where that has, and nowhere else.
    """
    role = Role(role)
    network = for_seat.network if for_seat else network
    require(access.may_grant(by, at, organisation, role, network))
    _check_seat(organisation, role, network, start, end)
    _check_beside(organisation, role, for_seat, end, at)
    require_honest(title, "title", longest=200)
    seat = Seat.objects.create(
        person=person,
        organisation=organisation,
        role=role,
        title=title.strip(),
        network=network,
        for_seat=for_seat,
        start=start,
        end=end,
        offered_by=by.kind,
        recorded_at=at,
    )
    _record_offer("people.seat_offered", seat, by, at)
    return seat


@transaction.atomic
def offer_seat_to(
    *,
    email: str,
    name: str,
    language: str,
    organisation: Organisation,
    role: str,
    title: str,
    start: date,
    by: ActorRef,
    at: datetime,
    network: Organisation | None = None,
    end: date | None = None,
    for_seat: Seat | None = None,
    house: str,
) -> Seat:
    """Offer a mandate to whoever reads an address; where the address has no account, one is opened for it.

    A letter says so, to that mailbox and nobody else.
    """
    person = Person.objects.filter(email=email.lower()).first()
    if person is None:
        realm = Realm(organisation.realm)
        person = register_person(name=name, email=email, language=language, by=by, at=at, realm=realm)
    seat = offer_seat(
        person=person,
        organisation=organisation,
        role=Role(role),
        title=title,
        network=network,
        start=start,
        end=end,
        for_seat=for_seat,
        by=by,
        at=at,
    )
    ways_in.tell_of_offer(seat, house=house, by=by, at=at)
    return seat


@transaction.atomic
def accept_seat(seat: Seat, *, by: ActorRef, at: datetime) -> Seat:
    """Take up a seat that was offered: from now on it counts.

    Only now does a public entry say that the organisation gave the mandate. It commits to the role, the seat and who
    offered it, never to the person.
    """
    require(access.may_answer(by, seat))
    if not seat.offered(at) or not Seat.objects.offered(at).filter(pk=seat.pk).update(accepted_at=at):
        raise OfferOver()
    seat.accepted_at = at
    _record_seat("people.seat_granted", seat, actor_of(seat), at, offered_by=str(seat.offered_by))
    return seat


@transaction.atomic
def decline_seat(seat: Seat, *, by: ActorRef, at: datetime) -> Seat:
    """Decline a seat that was offered. No public entry says so."""
    require(access.may_answer(by, seat))
    if not seat.offered(at) or not Seat.objects.offered(at).filter(pk=seat.pk).update(declined_at=at):
        raise OfferOver()
    seat.declined_at = at
    _record_offer("people.seat_declined", seat, by, at)
    return seat


@transaction.atomic
def revoke_seat(seat: Seat, *, by: ActorRef, at: datetime) -> Seat:
    """Take a mandate back, with the keys that it signs with, or withdraw the offer of one, at once."""
    require(access.may_revoke(by, at, seat))
    standing = Seat.objects.filter(pk=seat.pk, revoked_at=None, declined_at=None)
    if standing.filter(accepted_at=None).update(revoked_at=at):
        _record_offer("people.seat_withdrawn", seat, by, at)
    elif standing.update(revoked_at=at):
        _record_seat("people.seat_revoked", seat, by, at)
        end_keys_of(seat, by=by, at=at)
    else:
        raise AlreadyRevoked(seat=seat.public_id)
    seat.revoked_at = at
    return seat


@transaction.atomic
def prepare(principal: Seat, *, act: str, about: Ref, fields: Mapping[str, str], by: ActorRef, at: datetime) -> Draft:
    """Put what an act asks for before the holder of an office; a later draft of the same act takes its place."""
    require(access.may_prepare(by, at, principal))
    draft, _new = Draft.objects.update_or_create(
        act=act,
        about=str(about),
        for_seat=principal,
        settled_at=None,
        defaults={"by": access.acting(by, at), "fields": dict(fields), "prepared_at": at},
    )
    _record_draft("people.draft_prepared", draft, by, at)
    return draft


@transaction.atomic
def send_back(draft: Draft, *, by: ActorRef, at: datetime) -> Draft:
    """The holder of the office does not take the draft; its words are gone."""
    require(access.may_settle(by, at, draft.for_seat))
    if not Draft.objects.filter(pk=draft.pk, settled_at=None).update(settled_at=at, fields={}):
        raise AlreadySettled()
    _record_draft("people.draft_settled", draft, by, at)
    return draft


def drafts_done(act: str, about: Ref, *, by: ActorRef, at: datetime) -> None:
    """The act was done: what had been prepared for it in the organisation waits no longer, and its words are gone.

    Called by the act itself, in its transaction and under its permission.
    """
    waiting = Draft.objects.filter(act=act, about=str(about), settled_at=None)
    for draft in waiting.filter(for_seat__organisation__public_id=by.organisation).select_related("for_seat"):
        Draft.objects.filter(pk=draft.pk).update(settled_at=at, fields={})
        _record_draft("people.draft_settled", draft, by, at)


@transaction.atomic
def reply_for(organisation: Organisation, *, words: str, language: str, by: ActorRef, at: datetime) -> Reply:
    """File an organisation's own words about its page, prepared for its office or not."""
    reply = registry.reply(organisation, words=words, language=language, by=by, at=at)
    drafts_done(OfRegistry.REPLY_WRITE, Ref("organisation", organisation.public_id), by=by, at=at)
    return reply


def _record_draft(type_: str, draft: Draft, by: ActorRef, at: datetime) -> None:
    realm = Realm(draft.for_seat.organisation.realm)
    record.append(type_, realm=realm, subject=Ref("draft", draft.public_id), by=by, at=at, level=Level.ORGANISATION)


@transaction.atomic
def open_calendar(person: Person, *, realm: Realm, by: ActorRef, at: datetime) -> str:
    """Give a person a private calendar address in a realm, and return its key, which is kept nowhere.

    The address before it, if any, ends at once.
    """
    require(access.may_arrange(by, at, person))
    CalendarKey.objects.filter(person=person, realm=realm, revoked_at=None).update(revoked_at=at)
    key = secrets.token_urlsafe(32)
    CalendarKey.objects.create(person=person, realm=realm, digest=digest_of_key(key), made_at=at)
    _record_person("people.calendar_opened", person, realm, by, at)
    return key


@transaction.atomic
def close_calendar(person: Person, *, realm: Realm, by: ActorRef, at: datetime) -> None:
    """End a person's calendar address at once; it then answers as if it had never been."""
    require(access.may_arrange(by, at, person))
    if CalendarKey.objects.filter(person=person, realm=realm, revoked_at=None).update(revoked_at=at):
        _record_person("people.calendar_closed", person, realm, by, at)


@transaction.atomic
def choose_letters(
    person: Person,
    *,
    digest: str,
    remind_days: int,
    language: str,
    time_zone: str,
    realm: Realm,
    by: ActorRef,
    at: datetime,
) -> Choices:
    """Say which letters one wants, in which language and by which clock."""
    require(access.may_arrange(by, at, person))
    if digest not in Rhythm.values:
        raise BadInput(field="digest", value=digest, remedy=f"one of {', '.join(Rhythm.values)}")
    if not 0 <= remind_days <= LONGEST_NOTICE:
        raise BadInput(field="remind_days", value=remind_days, remedy=f"a number from 0 to {LONGEST_NOTICE}")
    if language not in CODES:
        raise BadInput(field="language", value=language, remedy=f"one of {', '.join(CODES)}")
    day_in(time_zone, at)
    Person.objects.filter(pk=person.pk).update(language=language, time_zone=time_zone)
    told = {"digest": digest, "remind_days": remind_days, "chosen_at": at}
    anew = {"told_on": None, "told_on_in_fiction": None}  # what was chosen just now may ask for a letter today
    chosen, _new = Choices.objects.update_or_create(person=person, defaults=told | anew)
    _record_person("people.letters_chosen", person, realm, by, at)
    return chosen


@transaction.atomic
def end_letters(token: str, *, realm: Realm, by: ActorRef, at: datetime) -> None:
    """End a person's letters with the link that stands in each of them: whoever reads the mailbox may.

    A second click changes nothing, and is answered as the first.
    """
    person = reader_of(token)
    if person is None:
        raise NotVisible(kind="person")
    standing = Choices.objects.filter(person=person).exclude(digest=Rhythm.NONE, remind_days=0)
    if standing.update(digest=Rhythm.NONE, remind_days=0, chosen_at=at):
        _record_person("people.letters_chosen", person, realm, by, at)


def _record_person(type_: str, person: Person, realm: Realm, by: ActorRef, at: datetime) -> None:
    ref = Ref("person", person.public_id)
    record.append(type_, realm=realm, subject=ref, by=by, at=at, level=Level.SEALED, facts={"person": person.public_id})


def _record_seat(type_: str, seat: Seat, by: ActorRef, at: datetime, **more: str) -> None:
    record.append(
        type_,
        realm=Realm(seat.organisation.realm),
        subject=Ref("organisation", seat.organisation.public_id),
        by=by,
        at=at,
        facts={"role": str(seat.role), "seat": seat.public_id} | more,
    )


def _record_offer(type_: str, seat: Seat, by: ActorRef, at: datetime) -> None:
    realm, ref = Realm(seat.organisation.realm), Ref("seat", seat.public_id)
    record.append(
        type_, realm=realm, subject=ref, by=by, at=at, level=Level.ORGANISATION, facts={"role": str(seat.role)}
    )
