"""Who may do what with accounts and seats, and which actor a session makes of its reader."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from comity.people.accounts.proofs import voucher
from comity.people.models import BESIDE, DECIDING, GRANTING, KEEPING, OFFICES, SIGNING, Person, Role, Seat
from comity.people.queries import actor_of, holds, linked, operator, seat_named, seat_of, seats_in_force
from comity.plain.actors import ALLOWED, ANONYMOUS, ActorKind, ActorRef, Verdict
from comity.plain.kinds import called
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.refusals import Refusal
from comity.record.signing.queries import KeyView
from comity.registry import access as registry
from comity.registry.dates import day_in_words
from comity.registry.models import Correction, Organisation

SEATS_KEY = "seats"
"""Session: realm -> public id of the seat chosen there, or ``operator``."""

CAST_KEY = "cast"
"""Session of the demonstration alone: public id of the seat of the fiction that a visitor took."""

OPERATOR_SEAT = "operator"

OPERATOR_OF_THE_FICTION = ActorRef(ActorKind.OPERATOR, "demonstration")
"""Whoever keeps the register of the fiction in a demonstration; it acts nowhere else."""


class Permission(StrEnum):
    """What this room lets somebody do."""

    PERSON_WRITE = "people:person:write"
    PASSWORD_WRITE = "people:password:write"  # noqa: S105 - names a permission
    INVITATION_WRITE = "people:invitation:write"
    OPERATOR_WRITE = "people:operator:write"
    RECOVERY_CONFIRM = "people:recovery:confirm"
    WAYS_WRITE = "people:ways-in:write"
    SEAT_WRITE = "people:seat:write"
    SEAT_ANSWER = "people:seat:answer"
    SEAT_REVOKE = "people:seat:revoke"
    SEATS_READ = "people:seats:read"
    DRAFT_PREPARE = "people:draft:prepare"
    DRAFT_SETTLE = "people:draft:settle"
    CALENDAR_WRITE = "people:calendar:write"
    CHOICES_WRITE = "people:choices:write"
    KEYS_READ = "people:keys:read"
    KEY_ISSUE = "people:key:issue"
    KEY_REVOKE = "people:key:revoke"
    KEY_FORGET = "people:key:forget"


class SeatNotInForce(Refusal):
    """A seat acts only while it is in force: once its holder accepted it, between its dates, until it is revoked."""

    code = "seat-not-in-force"
    status = 403


def acting(by: ActorRef, at: datetime) -> Seat:
    """The seat in force that acts; refuse when it is expired, revoked or no seat at all."""
    seat = seat_of(by, at)
    if seat is None:
        raise SeatNotInForce(seat=by.id)
    return seat


def require_in_force(by: ActorRef, at: datetime) -> None:
    """Refuse a seat that is not in force; other actors pass."""
    if by.kind is ActorKind.SEAT:
        acting(by, at)


def may_act(
    by: ActorRef,
    at: datetime,
    *,
    organisation: Organisation | None = None,
    network: Organisation | None = None,
    roles: Iterable[Role] = (),
) -> Verdict:
    """Whether an actor holds one of the roles there, with the reason; an expired seat is refused outright."""
    require_in_force(by, at)
    roles = tuple(roles)
    if holds(by, at, organisation=organisation, network=network, roles=roles):
        return ALLOWED
    asked = ", ".join(str(Role(role).label) for role in roles) or _("any seat")
    place = organisation or network
    if place is None:
        return Verdict(False, _("This needs a seat in one of these roles: %(roles)s.") % {"roles": asked})
    told = {"roles": asked, "organisation": place.name}
    return Verdict(False, _("This needs a seat in one of these roles at %(organisation)s: %(roles)s.") % told)


def may_see_corrections(by: ActorRef, at: datetime) -> Verdict:
    """The proposals that wait are listed for operators and for seats that decide some of them."""
    return ALLOWED if by.kind is ActorKind.OPERATOR else may_act(by, at, roles=DECIDING | KEEPING)


def may_decide_correction(by: ActorRef, at: datetime, correction: Correction) -> Verdict:
    """A correction is decided by an officer or head of the organisation concerned, or whoever keeps a register."""
    verdict = registry.may_decide_correction(by, correction, at)
    if not verdict or by.kind is not ActorKind.SEAT:
        return verdict
    own = by.organisation == correction.organisation.public_id
    return may_act(by, at, roles=DECIDING if own else KEEPING)


def may_register_person(by: ActorRef, at: datetime) -> Verdict:
    """Accounts are opened by operators, by whoever may grant seats, and by the command line of the instance."""
    if by.kind in {ActorKind.OPERATOR, ActorKind.SYSTEM}:
        return ALLOWED
    return may_act(by, at, roles=GRANTING)


def may_make_operator(by: ActorRef) -> Verdict:
    """Operators are made by operators, and by whoever has the machine's command line."""
    if by.kind in {ActorKind.OPERATOR, ActorKind.SYSTEM}:
        return ALLOWED
    return Verdict(False, _("Only an operator makes another operator."))


def may_set_password(by: ActorRef, person: Person) -> Verdict:
    """A password is set by its holder, or on the command line of the instance."""
    if by.kind is ActorKind.SYSTEM or by == operator(person):
        return ALLOWED
    return Verdict(False, _("A password is set by the person it belongs to."))


def may_set_ways_in(by: ActorRef, person: Person) -> Verdict:
    """The ways into an account are set up and removed by its holder, or ended on the command line of the instance."""
    return may_set_password(by, person)


def may_grant(
    by: ActorRef, at: datetime, organisation: Organisation, role: str, network: Organisation | None
) -> Verdict:
    """An organisation gives its own mandates, a network its offices; an operator gives any."""
    if by.kind is ActorKind.OPERATOR:
        return ALLOWED
    verdict = may_act(by, at, organisation=organisation, roles=GRANTING)
    if not verdict:
        return verdict
    verdict = _in_own_right(by, at) and _within_own_network(by, at, organisation, network)
    if not verdict:
        return verdict
    own_network = organisation.kind == "network"
    if role in OFFICES and not own_network:
        return Verdict(False, _("The network confers this office; an organisation cannot give it to itself."))
    if network is not None and network.pk != organisation.pk and not linked(organisation, network, at):
        told = {"organisation": organisation.name, "network": network.name}
        return Verdict(False, _("%(organisation)s does not belong to %(network)s at this time.") % told)
    return ALLOWED


def _in_own_right(by: ActorRef, at: datetime) -> Verdict:
    """A deputy acts in the office but gives no seat in it: what is delegated is not delegated on."""
    own = seat_of(by, at)
    if own is None or own.role not in BESIDE:
        return ALLOWED
    return Verdict(False, _("A deputy gives and takes no seats; the holder of the office does."))


def _within_own_network(
    by: ActorRef, at: datetime, organisation: Organisation, network: Organisation | None
) -> Verdict:
    """A seat that has effect in one network only gives and takes seats of that network only."""
    own = seat_of(by, at)
    if own is None or own.network_id is None or own.network_id == organisation.pk:
        return ALLOWED
    if network is not None and network.pk == own.network_id:
        return ALLOWED
    told = {"network": own.network.name if own.network else ""}
    return Verdict(False, _("This seat has effect in %(network)s only; so have the seats it gives.") % told)


def may_invite(by: ActorRef, at: datetime, organisation: Organisation) -> Verdict:
    """Whoever sees the seats of an organisation may have the letter of an offer sent again, to the mailbox alone."""
    return may_see_seats(by, at, organisation)


def may_revoke(by: ActorRef, at: datetime, seat: Seat) -> Verdict:
    """A mandate is taken back by whoever may grant it, laid down by its holder, or revoked by an operator."""
    if by.kind is ActorKind.OPERATOR:
        return ALLOWED
    own = seat_of(by, at)
    if own is not None and own.person_id == seat.person_id:
        return ALLOWED
    verdict = may_act(by, at, organisation=seat.organisation, roles=GRANTING)
    verdict = verdict and _in_own_right(by, at)
    return _within_own_network(by, at, seat.organisation, seat.network) if verdict else verdict


def may_answer(by: ActorRef, seat: Seat) -> Verdict:
    """A seat that was offered is accepted or declined by the person it is offered to, in her own name."""
    if by == operator(seat.person):
        return ALLOWED
    return Verdict(False, _("An offered seat is accepted or declined by the person to whom it is offered."))


def may_see_seats(by: ActorRef, at: datetime, organisation: Organisation) -> Verdict:
    """Who holds the seats of an organisation is for its own officers and secretariat, and for operators."""
    if by.kind is ActorKind.OPERATOR:
        return ALLOWED
    return may_act(by, at, organisation=organisation, roles=GRANTING)


def may_see_keys(by: ActorRef, at: datetime, organisation: Organisation) -> Verdict:
    """Whose keys an organisation signs with is for those who answer for it, and for operators."""
    if by.kind is ActorKind.OPERATOR:
        return ALLOWED
    return may_act(by, at, organisation=organisation, roles=SIGNING)


def may_issue_key(by: ActorRef, at: datetime, organisation: Organisation) -> Verdict:
    """A key is issued by whoever answers for an organisation, to her own seat; never by an operator."""
    return may_act(by, at, organisation=organisation, roles=SIGNING)


def may_rotate_key(by: ActorRef, at: datetime, organisation: Organisation, key: KeyView) -> Verdict:
    """A key is replaced by whoever holds it."""
    if key.holder != str(by) or key.organisation != organisation.public_id:
        return Verdict(False, _("A key is replaced by the seat that holds it."))
    return may_issue_key(by, at, organisation)


def may_revoke_key(by: ActorRef, at: datetime, organisation: Organisation, key: KeyView) -> Verdict:
    """A key is revoked by whoever answers for its organisation, or by an operator."""
    if key.organisation != organisation.public_id:
        return Verdict(False, _("This key is not of that organisation."))
    return may_see_keys(by, at, organisation)


def may_forget_key(by: ActorRef, at: datetime, organisation: Organisation, key: KeyView) -> Verdict:
    """What the law wants erased is erased by whoever may end the key."""
    return may_revoke_key(by, at, organisation, key)


def may_prepare(by: ActorRef, at: datetime, principal: Seat) -> Verdict:
    """Whoever holds a preparer's seat beside an office in force drafts for it."""
    own = seat_of(by, at)
    if own is not None and own.role == Role.PREPARER and own.for_seat_id == principal.pk and principal.in_force(at):
        return ALLOWED
    return Verdict(False, _("This is prepared by whoever holds a preparer's seat for that office."))


def may_settle(by: ActorRef, at: datetime, principal: Seat) -> Verdict:
    """A draft is approved or sent back by the holder of the office, or by the deputy."""
    own = seat_of(by, at)
    if own is not None and (own.pk == principal.pk or (own.role == Role.DEPUTY and own.for_seat_id == principal.pk)):
        return ALLOWED
    return Verdict(False, _("What was prepared for an office is decided by its holder or deputy."))


def may_arrange(by: ActorRef, at: datetime, person: Person) -> Verdict:
    """Calendar address and letters are each person's own affair, from any of her seats."""
    own = seat_of(by, at)
    if by == operator(person) or (own is not None and own.person_id == person.pk):
        return ALLOWED
    return Verdict(False, _("Calendar and letters are chosen by the person they are for."))


def person_from_session(session: Mapping[str, Any]) -> Person | None:
    """The signed-in person: account open, and password unchanged since signing in."""
    key = session.get(SESSION_KEY)
    person = Person.objects.filter(pk=key).first() if key else None
    return person if person is not None and _signed_in(session, person) else None


def _signed_in(session: Mapping[str, Any], person: Person) -> bool:
    """Whether a session is this person's: account open, and password unchanged since signing in."""
    if not person.is_active or str(session.get(SESSION_KEY, "")) != str(person.pk):
        return False
    return constant_time_compare(str(session.get(HASH_SESSION_KEY, "")), person.get_session_auth_hash())


def _seat_named(public_id: str, realm: Realm, at: datetime) -> Seat | None:
    seat = seat_named(public_id)
    if seat is None or seat.organisation.realm != realm or not seat.person.is_active:
        return None
    return seat if seat.in_force(at) else None


def lapsed(session: Mapping[str, Any], place: Place) -> Seat | None:
    """The seat that a session still sits on and that is no longer in force, so that its holder is told which rule."""
    taken = session.get(CAST_KEY, "") if settings.DEMO and place.realm is Realm.FICTION else ""
    chosen = taken or session.get(SEATS_KEY, {}).get(str(place.realm), "")
    seat = seat_named(chosen) if chosen else None
    if seat is None or seat.in_force(place.at):
        return None
    person = person_from_session(session)
    return seat if taken or (person is not None and seat.person_id == person.pk) else None


def no_longer_in_force(seat: Seat, place: Place) -> SeatNotInForce:
    """The refusal of a seat that acts after its end, in words: which, since when, and who can give another."""
    told = {"organisation": called(seat.organisation, place)}
    if seat.revoked_at is not None and seat.revoked_at <= place.at:
        reason = _("Your seat of %(organisation)s was revoked on %(day)s. An officer there can give you another.")
        return SeatNotInForce(reason=reason % (told | {"day": day_in_words(seat.revoked_at.date())}))
    if seat.end is not None:
        reason = _("Your seat of %(organisation)s ended on %(day)s. An officer there can give you another.")
        return SeatNotInForce(reason=reason % (told | {"day": day_in_words(seat.end)}))
    reason = _("Your seat of %(organisation)s is not in force yet. An officer there can say from when it is.")
    return SeatNotInForce(reason=reason % told)


def acts_for_alone(person: Person, organisation: str, at: datetime) -> bool:
    """Whether all that a person may do here, she does for one organisation (public id)."""
    seats = seats_in_force(person, at, Realm.REAL)
    return not person.is_operator and bool(seats) and all(seat.organisation.public_id == organisation for seat in seats)


def vouched_for(session: Mapping[str, Any], seat: Seat, at: datetime) -> bool:
    """Whether an organisation on whose word a session rests may open this seat, asked at every request.

    It may while its own seats are the only ones: a desk gathers what is due over all seats of its person, and no
    organisation's word opens what another has given.
    """
    organisation = voucher(session)
    if not organisation:
        return True
    return seat.organisation.public_id == organisation and acts_for_alone(seat.person, organisation, at)


def reader_from_session(session: Mapping[str, Any], realm: Realm, at: datetime) -> tuple[ActorRef, Seat | None]:
    """The actor of a request: the seat chosen in this realm while it is in force, the operator, or anonymous.

    Beside it stands the seat itself, so that a page need not ask for it again. A seat of the cast counts in the fiction
    of a demonstration and nowhere else; elsewhere its key is ignored.
    """
    if settings.DEMO and realm is Realm.FICTION and session.get(CAST_KEY):
        if session[CAST_KEY] == OPERATOR_SEAT:
            return OPERATOR_OF_THE_FICTION, None
        return _carrying(_seat_named(session[CAST_KEY], realm, at))
    chosen = session.get(SEATS_KEY, {}).get(str(realm), "")
    if not chosen or not session.get(SESSION_KEY):
        return ANONYMOUS, None
    if chosen == OPERATOR_SEAT:
        person = person_from_session(session)
        runs = person is not None and person.is_operator and not voucher(session)
        return (operator(person) if person and runs else ANONYMOUS), None
    seat = _seat_named(chosen, realm, at)
    own = seat is not None and _signed_in(session, seat.person) and vouched_for(session, seat, at)
    return _carrying(seat if own else None)


def _carrying(seat: Seat | None) -> tuple[ActorRef, Seat | None]:
    return (actor_of(seat), seat) if seat else (ANONYMOUS, None)


def actor_from_session(session: Mapping[str, Any], realm: Realm, at: datetime) -> ActorRef:
    """The actor alone."""
    return reader_from_session(session, realm, at)[0]
