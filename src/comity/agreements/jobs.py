"""Periodic work of this room: both parties of an agreement are reminded 90 and 30 days before its last day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from comity.agreements import core
from comity.agreements.access import SPEAKS_FOR_IT
from comity.agreements.core import State
from comity.agreements.models import Agreement
from comity.agreements.sheet import sheet_of
from comity.mail import actions as mail
from comity.people.jobs import desk_address, leaving
from comity.people.models import Choices, Person, Rhythm
from comity.people.queries import offices_of
from comity.plain.actors import ANONYMOUS, SYSTEM, ActorKind, ActorRef
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.time import day_in
from comity.registry.models import Organisation


def periodic(realm: Realm, at: datetime) -> list[str]:
    """Write the reminders of the day; a second run writes none."""
    rows = Agreement.objects.filter(
        network__realm=realm, recorded_at__lte=at, ended_on=None, expires__gte=at.date()
    ).prefetch_related("signatures__organisation", "renewals__signatures__organisation")
    written = sum(_remind(row, realm, at) for row in rows.select_related("originator", "counterpart").order_by("pk"))
    return [f"{realm.value}: {written} reminders of agreements written or standing"] if written else []


def _remind(row: Agreement, realm: Realm, at: datetime) -> int:
    place = Place(realm, "en", SYSTEM, at, at.date())
    if sheet_of(row, place).state is not State.IN_FORCE or any(_agreed(later, place) for later in row.renewals.all()):
        return 0
    return sum(_of_party(row, party, realm, at) for party in row.parties)


def _agreed(later: Agreement, place: Place) -> bool:
    """Whether a renewal binds both parties already; one that is only proposed leaves the reminder standing."""
    return sheet_of(later, place).state in {State.TO_COME, State.IN_FORCE}


def _of_party(row: Agreement, party: Organisation, realm: Realm, at: datetime) -> int:
    days = core.reminder_due(row.expires, day_in(party.time_zone, at))
    if days is None or not _reads(row, party, at):
        return 0
    people = list(_who_chose(party, at))
    for person in people:
        _write(row, person, days, realm, at)
    return len(people)


def _reads(row: Agreement, party: Organisation, at: datetime) -> bool:
    """Whether a party may read its agreement just now: not while the other one has closed it for its safety."""
    reader = ActorRef(ActorKind.SEAT, "", party.public_id)
    return Agreement.objects.visible_to(reader, at).filter(pk=row.pk).exists()


def _who_chose(party: Organisation, at: datetime) -> Iterator[Person]:
    """Those who bind the party and want letters: nobody is written to unasked."""
    seats = offices_of(party, at).filter(role__in=SPEAKS_FOR_IT, person__is_active=True)
    wanted = Choices.objects.exclude(digest=Rhythm.NONE, remind_days=0).values("person_id")
    yield from Person.objects.filter(pk__in=seats.filter(person__in=wanted).values("person_id")).order_by("pk")


@transaction.atomic
def _write(row: Agreement, person: Person, days: int, realm: Realm, at: datetime) -> None:
    """One letter: neither envelope nor words name the agreement or the other party; they stand behind the sign-in."""
    place = Place(realm, person.language, ANONYMOUS, at, at.date())
    leave = leaving(person, place)
    with translation.override(person.language):
        body = "\n\n".join(
            [
                _("An agreement of your organisation expires within %(days)s days. It can be renewed from your desk.")
                % {"days": days},
                _("Your desk, behind the sign-in: %(address)s") % {"address": desk_address(place)},
                _("You chose letters; on your desk, under “Calendar and letters”, you can end them."),
                _("Or end all such letters here, without signing in: %(address)s") % {"address": leave},
            ]
        )
        mail.write(
            to=person.email,
            language=person.language,
            subject=_("A date on your desk"),
            body=body,
            at=at,
            once=f"agreement:{row.public_id}:{days}:{person.public_id}",
            leave=leave,
        )
