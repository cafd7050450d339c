"""A small cast of its own: two networks, a party in one of them, and an operator."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from comity.people.actions import register_person
from comity.people.models import Person, Role, Seat
from comity.people.tests.seats import grant_seat
from comity.plain.actors import ActorKind, ActorRef
from comity.plain.levels import Realm
from comity.registry.actions import found_network, link, list_organisation
from comity.registry.models import LinkKind, MemberClass, NetworkKind, Organisation, OrganisationKind

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
OPERATOR = ActorRef(ActorKind.OPERATOR, "operator-of-tests")


@dataclass
class House:
    """Two networks in one instance; the party belongs to the first."""

    first: Organisation
    second: Organisation
    party: Organisation
    rival: Organisation

    def person(self, name: str) -> Person:
        """An account."""
        email = f"{name.lower()}@example.org"
        return register_person(name=name, email=email, language="en", by=OPERATOR, at=AT, realm=Realm.FICTION)

    def seat(self, name: str, organisation: Organisation, role: Role, **more: object) -> Seat:
        """A seat granted by the operator, in force from the day before."""
        given = {"title": "", "start": AT.date() - timedelta(days=1), "by": OPERATOR, "at": AT} | more
        return grant_seat(person=self.person(name), organisation=organisation, role=role, **given)


@pytest.fixture
def house(db: None) -> House:
    def network(name: str) -> Organisation:
        return found_network(
            name=name,
            realm=Realm.FICTION,
            network_kind=NetworkKind.INTERNATIONAL,
            time_zone="UTC",
            languages=["en"],
            by=OPERATOR,
            at=AT,
        )

    def party(name: str) -> Organisation:
        return list_organisation(realm=Realm.FICTION, kind=OrganisationKind.PARTY, name=name, by=OPERATOR, at=AT)

    house = House(network("First Concord"), network("Second Concord"), party("Shore Party"), party("Hill Party"))
    link(
        subject=house.party,
        object=house.first,
        kind=LinkKind.MEMBERSHIP,
        standing=MemberClass.FULL,
        start=date(2001, 5, 1).isoformat(),
        by=OPERATOR,
        at=AT,
    )
    return house
