"""Whose word an account's recovery needs: a second person of each organisation for which its holder acts."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from comity.people.accounts.models import Recovery
from comity.people.models import GRANTING, Person, Role, Seat
from comity.people.queries import linked, seat_of, seats_in_force
from comity.plain.actors import ALLOWED, ActorKind, ActorRef, Verdict
from comity.plain.levels import Realm
from comity.registry.models import Organisation

KEPT = timedelta(days=7)
"""How long a recovery waits for its confirmations, and how long a confirmed one is remembered."""

OPERATORS = None
"""In the place of an organisation: the operators, where the account runs the instance."""


def running(person: Person, at: datetime) -> Recovery | None:
    """The recovery of an account that waits now."""
    rows = Recovery.objects.filter(person=person, stopped_at=None, used_at=None, asked_at__gt=at - KEPT)
    return rows.first()


def organisations_of(person: Person, at: datetime) -> list[Organisation]:
    """Those that gave the person a seat in force; the story has none, for its people are played."""
    return list({seat.organisation_id: seat.organisation for seat in seats_in_force(person, at, Realm.REAL)}.values())


def second_persons(organisation: Organisation, person: Person, at: datetime) -> list[Seat]:
    """Who may confirm for an organisation: another who grants its seats, else its head, else its network's office.

    Only the first of the three that exists counts; a network's office steps in only where the organisation has nobody.
    """
    others = Seat.objects.taken_up(at).filter(person__is_active=True).exclude(person=person)
    others = others.select_related("organisation", "person")
    own = [seat for seat in others.filter(organisation=organisation) if seat.in_force(at)]
    for roles in (GRANTING, {Role.HEAD}):
        if found := [seat for seat in own if seat.role in roles]:
            return found
    offices = others.filter(role=Role.SECRETARIAT, organisation__realm=organisation.realm)
    return [seat for seat in offices if seat.in_force(at) and linked(organisation, seat.organisation, at)]


def _other_operators(person: Person) -> list[Person]:
    return list(Person.objects.filter(is_operator=True, is_active=True).exclude(pk=person.pk))


def confirmers(person: Person, at: datetime) -> list[Organisation | None]:
    """Whose word is needed, all of it; nobody where the account has no seat and does not run the instance."""
    needed: list[Organisation | None] = [*organisations_of(person, at)]
    return [*needed, OPERATORS] if person.is_operator else needed


def awaited(row: Recovery, at: datetime) -> list[Organisation | None]:
    """Whose word is still missing."""
    given = set(row.confirmations.values_list("organisation_id", flat=True))
    return [one for one in confirmers(row.person, at) if (one.pk if one else None) not in given]


def officers_to_ask(person: Person, at: datetime) -> list[Person]:
    """The people on whose desks a recovery stands."""
    seats = [seat for one in organisations_of(person, at) for seat in second_persons(one, person, at)]
    asked = {seat.person_id: seat.person for seat in seats}
    if person.is_operator:
        asked |= {other.pk: other for other in _other_operators(person)}
    return list(asked.values())


def may_confirm(by: ActorRef, at: datetime, row: Recovery, organisation: Organisation | None) -> Verdict:
    """A second person of the organisation confirms, never the holder, and never an operator in its place."""
    if row.stopped_at or row.used_at or row.asked_at <= at - KEPT:
        return Verdict(False, _("This recovery is over."))
    if organisation is None:
        other = by.kind is ActorKind.OPERATOR and Person.objects.filter(public_id=by.id, is_operator=True).exists()
        if row.person.is_operator and other and by.id != row.person.public_id:
            return ALLOWED
        return Verdict(False, _("Only another operator confirms for an operator."))
    seat = seat_of(by, at)
    if seat and any(seat.pk == other.pk for other in second_persons(organisation, row.person, at)):
        return ALLOWED
    told = {"organisation": organisation.name}
    return Verdict(False, _("Only a second person of %(organisation)s confirms who asks.") % told)


def may_stop(by: ActorRef, at: datetime, row: Recovery) -> Verdict:
    """Whoever may confirm a recovery may stop it too."""
    if any(may_confirm(by, at, row, one) for one in confirmers(row.person, at)):
        return ALLOWED
    return Verdict(False, _("Only those who could confirm a recovery stop it, and whoever reads the account's mail."))


def on_the_desk_of(by: ActorRef, at: datetime) -> list[tuple[Recovery, Organisation | None]]:
    """The recoveries that wait for this actor's word, each with the organisation for which it is asked."""
    rows = Recovery.objects.filter(stopped_at=None, used_at=None, asked_at__gt=at - KEPT).select_related("person")
    return [
        (row, one) for row in rows.order_by("asked_at") for one in awaited(row, at) if may_confirm(by, at, row, one)
    ]
