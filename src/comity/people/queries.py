"""Reading seats: which mandate an actor carries at an instant, and what it counts for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from django.core import signing
from django.db.models import Model, Q, QuerySet

from comity.people.models import BESIDE, CalendarKey, Draft, Person, Role, Seat, SeatQuerySet
from comity.plain.actors import ActorKind, ActorRef
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.time import day_in
from comity.record.prepared import Prepared, instance
from comity.registry.models import (
    Correction,
    LinkKind,
    MemberClass,
    Organisation,
    OrganisationKind,
    Spell,
    spells_in_force,
)
from comity.registry.queries import inside, standing_of

WITH_SEAT = ("organisation", "network", "person", "for_seat__organisation")
"""What a seat needs at hand to say whether it is in force and in which role it acts."""

GONE = frozenset({MemberClass.EXPELLED, MemberClass.FORMER})


def actor_of(seat: Seat) -> ActorRef:
    """The actor that a seat makes of its holder."""
    return ActorRef(ActorKind.SEAT, seat.public_id, seat.organisation.public_id)


def operator(person: Person) -> ActorRef:
    """The actor that an operator is while carrying no seat."""
    return ActorRef(ActorKind.OPERATOR, person.public_id)


def seat_named(public_id: str) -> Seat | None:
    """The seat of that id, in force or not, with what ``WITH_SEAT`` names."""
    rows = _SEATED(public_id=public_id)
    return _seat(rows[0]) if rows else None


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


_SEAT, _ORGANISATION, _PERSON = _columns(Seat), _columns(Organisation), _columns(Person)
_BESIDE: tuple[tuple[str, list[str]], ...] = (
    ("organisation", _ORGANISATION),
    ("network", _ORGANISATION),
    ("person", _PERSON),
    ("for_seat", _SEAT),
    ("for_seat__organisation", _ORGANISATION),
)
_SEATED = Prepared(
    lambda public_id: Seat.objects.filter(public_id=public_id).values_list(
        *_SEAT, *(f"{of}__{column}" for of, columns in _BESIDE for column in columns)
    ),
    public_id=str,
)
"""Every request of a seat begins with it, and many acts ask for it again."""


def _seat(row: Sequence[Any]) -> Seat:
    given = iter(row)
    seat = instance(Seat, _SEAT, list(islice(given, len(_SEAT))))
    values = {of: list(islice(given, len(columns))) for of, columns in _BESIDE}
    seat.organisation = instance(Organisation, _ORGANISATION, values["organisation"])
    seat.person = instance(Person, _PERSON, values["person"])
    seat.network = instance(Organisation, _ORGANISATION, values["network"]) if seat.network_id else None
    seat.for_seat = None
    if values["for_seat"][0] is not None:
        seat.for_seat = instance(Seat, _SEAT, values["for_seat"])
        seat.for_seat.organisation = instance(Organisation, _ORGANISATION, values["for_seat__organisation"])
    return seat


def seat_of(actor: ActorRef, at: datetime) -> Seat | None:
    """The seat that an actor carries, when it is in force at that instant and its account is open."""
    if actor.kind is not ActorKind.SEAT:
        return None
    seat = seat_named(actor.id)
    if seat is None or not seat.person.is_active or not seat.in_force(at):
        return None
    return seat if actor.organisation == seat.organisation.public_id else None


def seat_in(place: Place) -> Seat | None:
    """The seat from which the reader of a page reads; asked once for each request."""
    asked = SEAT, place.actor
    if asked not in place.memory:
        place.memory[asked] = seat_of(place.actor, place.at)
    seat = place.memory[asked]
    assert seat is None or isinstance(seat, Seat)
    return seat


SEAT = "people.seat"
"""Under this and its actor a place remembers the reader's seat."""


def seats_in_force(person: Person, at: datetime, realm: Realm) -> list[Seat]:
    """A person's own mandates at an instant, by organisation."""
    seats = person.seats.taken_up(at).filter(organisation__realm=realm)
    seats = seats.select_related(*WITH_SEAT).order_by("organisation__name", "role", "id")
    return [seat for seat in seats if seat.in_force(at)]


def offers_to(person: Person, at: datetime, realm: Realm) -> list[Seat]:
    """The seats that organisations offer a person and that she has not answered, the oldest first."""
    seats = person.seats.offered(at).filter(organisation__realm=realm).select_related(*WITH_SEAT)
    return [seat for seat in seats.order_by("recorded_at", "id") if seat.offered(at)]


def offices_of(organisation: Organisation, at: datetime) -> SeatQuerySet:
    """The seats in force of an organisation that a deputy or a preparer may stand beside."""
    rows = Seat.objects.of_organisation(organisation).taken_up(at).exclude(role__in=BESIDE).select_related(*WITH_SEAT)
    return rows.filter(pk__in=[seat.pk for seat in rows if seat.in_force(at)]).order_by("title", "id")


def principal_of(actor: ActorRef, at: datetime) -> Seat | None:
    """The office-holder's seat for which an actor prepares, while both are in force; None for everybody else."""
    seat = seat_of(actor, at)
    if seat is None or seat.role != Role.PREPARER or seat.for_seat is None or not seat.for_seat.in_force(at):
        return None
    return seat.for_seat


def drafts_before(seat: Seat) -> list[Draft]:
    """What waits for a seat to decide: prepared for it, or for the office in which it deputises."""
    offices = [seat.pk] + ([seat.for_seat_id] if seat.role == Role.DEPUTY else [])
    waiting = Draft.objects.filter(for_seat__in=offices, settled_at=None)
    return list(waiting.order_by("prepared_at", "id"))


def digest_of_key(key: str) -> str:
    """What is kept of the key of a private calendar address."""
    return sha256(key.encode()).hexdigest()


ENDS_LETTERS = "comity.people.ends-letters"
"""What the signature under the link that ends letters is for."""


def reader_of(token: str) -> Person | None:
    """Whose letters a link ends; None for a link that was not written here."""
    try:
        public_id = signing.loads(token, salt=ENDS_LETTERS)
    except signing.BadSignature:
        return None
    return Person.objects.filter(public_id=public_id, is_active=True).first()


def calendar_of(key: str, realm: Realm) -> Person | None:
    """Whose calendar a key opens; None for one that was taken back, never was, or whose account is closed."""
    found = CalendarKey.objects.filter(digest=digest_of_key(key), realm=realm, revoked_at=None, person__is_active=True)
    row = found.select_related("person").first()
    return row.person if row else None


def cast(realm: Realm, at: datetime) -> list[Seat]:
    """Every seat in force in a realm; the demonstration lists the cast of the fiction with it, nothing else may."""
    seats = Seat.objects.taken_up(at).filter(organisation__realm=realm, person__is_active=True)
    seats = seats.select_related("organisation", "network", "person").order_by("organisation__name", "role", "id")
    return [seat for seat in seats if seat.in_force(at)]


def linked(organisation: Organisation, network: Organisation, at: datetime) -> bool:
    """Whether an organisation surely belongs to a network on the day of an instant.

    A tie that a source merely states, without a date, opens nothing; a suspended member still belongs, with such rights
    as the network's rules leave it.
    """
    day = day_in(network.time_zone, at)
    standing = standing_of(organisation, network, day, at)
    if standing:
        return standing not in GONE
    return network.pk in inside(ActorRef(ActorKind.SEAT, "", organisation.public_id), at)


def networks_of(seat: Seat, at: datetime) -> list[Organisation]:
    """The networks in which a seat has effect at an instant."""
    tied = {*inside(actor_of(seat), at), seat.organisation_id}
    rows = Organisation.objects.filter(kind=OrganisationKind.NETWORK, pk__in=tied)
    return list(rows.filter(pk=seat.network_id) if seat.network_id else rows)


def counts_in(seat: Seat, network: Organisation, at: datetime) -> bool:
    """Whether a seat has effect in a network: given for it, by it, or by one of its members for all its networks."""
    if network.pk in {seat.organisation_id, seat.network_id}:
        return True
    return seat.network_id is None and linked(seat.organisation, network, at)


def holds(
    actor: ActorRef,
    at: datetime,
    *,
    organisation: Organisation | None = None,
    network: Organisation | None = None,
    roles: Iterable[Role] = (),
) -> bool:
    """Whether an actor carries, at that instant, a seat in one of the roles (any when none is named).

    ``organisation`` asks for a mandate of exactly that organisation, ``network`` for effect in that network: a role in
    one network counts in no other. A deputy holds the role of the seat it stands in for, while that is in force.
    """
    seat = seat_of(actor, at)
    if seat is None or (organisation is not None and seat.organisation_id != organisation.pk):
        return False
    asked = frozenset(roles)
    if asked and seat.acts_as(at) not in asked:
        return False
    return network is None or counts_in(seat, network, at)


def corrections_for(rows: QuerySet[Correction], by: ActorRef, at: datetime) -> QuerySet[Correction]:
    """Of these, the corrections a seat's organisation decides: its own and its members'; an operator decides all."""
    if by.kind is ActorKind.OPERATOR:
        return rows
    ties = Spell.objects.filter(
        spells_in_force(at), link__kind=LinkKind.MEMBERSHIP, link__object__public_id=by.organisation
    )
    own = Q(organisation__public_id=by.organisation)
    return rows.filter(own | Q(organisation__in=ties.values("link__subject_id")))
