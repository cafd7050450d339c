from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from comity.people import access
from comity.people.actions import (
    AlreadyRevoked,
    EmailTaken,
    OfficeOfNoNetwork,
    SeatEndsBeforeItStarts,
    make_operator,
    register_person,
    revoke_seat,
)
from comity.people.models import Role, Seat
from comity.people.queries import actor_of, holds, seat_of, seats_in_force
from comity.people.tests.conftest import AT, OPERATOR, House
from comity.people.tests.seats import grant_seat
from comity.plain.levels import Realm
from comity.plain.refusals import BadInput, NotAllowed
from comity.registry.actions import link
from comity.registry.core.refusals import NotANetwork
from comity.registry.models import LinkKind, MemberClass


def test_a_seat_acts_between_its_dates_and_not_after(house: House) -> None:
    seat = house.seat("Amina", house.party, Role.HEAD, end=AT.date())
    assert access.acting(actor_of(seat), AT) == seat
    with pytest.raises(access.SeatNotInForce):
        access.acting(actor_of(seat), AT + timedelta(days=1))
    with pytest.raises(access.SeatNotInForce):
        access.acting(actor_of(seat), AT - timedelta(days=3))


def test_a_revoked_seat_acts_no_more_at_once_and_is_revoked_once(house: House) -> None:
    seat = house.seat("Amina", house.party, Role.HEAD)
    later = AT + timedelta(minutes=5)
    revoke_seat(seat, by=OPERATOR, at=later)
    assert seat_of(actor_of(seat), later) is None
    assert seat_of(actor_of(seat), later - timedelta(seconds=1)) == seat
    with pytest.raises(access.SeatNotInForce):
        access.may_act(actor_of(seat), later, organisation=house.party, roles=[Role.HEAD])
    with pytest.raises(AlreadyRevoked):
        revoke_seat(seat, by=OPERATOR, at=later)


def test_a_role_in_one_network_has_no_effect_in_another(house: House) -> None:
    facilitator = actor_of(house.seat("Dana", house.first, Role.FACILITATOR))
    delegate = actor_of(house.seat("Amina", house.party, Role.DELEGATE, network=house.first))
    everywhere = actor_of(house.seat("Boris", house.party, Role.DELEGATE))
    for actor, role in ((facilitator, Role.FACILITATOR), (delegate, Role.DELEGATE), (everywhere, Role.DELEGATE)):
        assert holds(actor, AT, network=house.first, roles=[role])
        assert not holds(actor, AT, network=house.second, roles=[role])
    assert not holds(delegate, AT, network=house.first, roles=[Role.HEAD])


def test_an_actor_naming_another_organisation_than_its_seat_carries_nothing(house: House) -> None:
    seat = house.seat("Amina", house.party, Role.OFFICER)
    forged = type(actor_of(seat))(actor_of(seat).kind, seat.public_id, house.rival.public_id)
    assert seat_of(forged, AT) is None


def test_an_organisation_grants_its_own_mandates_and_no_others(house: House) -> None:
    officer = actor_of(house.seat("Amina", house.party, Role.OFFICER))
    boris = house.person("Boris")
    seat = grant_seat(
        person=boris, organisation=house.party, role=Role.DELEGATE, title="", start=AT.date(), by=officer, at=AT
    )
    assert seats_in_force(boris, AT, Realm.FICTION) == [seat]
    for organisation, role in ((house.rival, Role.DELEGATE), (house.first, Role.DELEGATE), (house.party, Role.MONITOR)):
        with pytest.raises(NotAllowed):
            grant_seat(person=boris, organisation=organisation, role=role, title="", start=AT.date(), by=officer, at=AT)
    with pytest.raises(NotAllowed):
        grant_seat(
            person=boris,
            organisation=house.party,
            role=Role.DELEGATE,
            title="",
            network=house.second,
            start=AT.date(),
            by=officer,
            at=AT,
        )


def test_a_seat_for_one_network_gives_and_takes_seats_of_that_network_only(house: House) -> None:
    link(
        subject=house.party,
        object=house.second,
        kind=LinkKind.MEMBERSHIP,
        standing=MemberClass.FULL,
        start="2001",
        by=OPERATOR,
        at=AT,
    )
    officer = actor_of(house.seat("Amina", house.party, Role.OFFICER, network=house.first))
    boris = house.person("Boris")
    asked = {"person": boris, "organisation": house.party, "role": Role.OFFICER, "title": "", "start": AT.date()}
    for network in (house.second, None):
        with pytest.raises(NotAllowed):
            grant_seat(**asked, network=network, by=officer, at=AT)
    everywhere = house.seat("Chen", house.party, Role.DELEGATE)
    with pytest.raises(NotAllowed):
        revoke_seat(everywhere, by=officer, at=AT)
    given = grant_seat(**asked, network=house.first, by=officer, at=AT)
    assert revoke_seat(given, by=officer, at=AT).revoked_at == AT


def test_who_may_not_grant_may_neither_open_accounts_nor_make_operators(house: House) -> None:
    delegate = actor_of(house.seat("Amina", house.party, Role.DELEGATE))
    officer = actor_of(house.seat("Boris", house.party, Role.OFFICER))
    with pytest.raises(NotAllowed):
        register_person(name="X", email="x@example.org", language="en", by=delegate, at=AT)
    with pytest.raises(NotAllowed):
        make_operator(house.person("Chen"), by=officer, at=AT)


def test_a_holder_may_lay_down_her_own_seat(house: House) -> None:
    seat = house.seat("Amina", house.party, Role.DELEGATE)
    assert revoke_seat(seat, by=actor_of(seat), at=AT).revoked_at == AT


def test_what_a_seat_cannot_be(house: House) -> None:
    with pytest.raises(SeatEndsBeforeItStarts):
        house.seat("Amina", house.party, Role.HEAD, end=date(2020, 1, 1))
    with pytest.raises(OfficeOfNoNetwork):
        house.seat("Boris", house.party, Role.SECRETARIAT)
    with pytest.raises(NotANetwork):
        house.seat("Chen", house.party, Role.HEAD, network=house.rival)
    assert not Seat.objects.exists()


def test_an_address_opens_one_account_and_must_be_one(house: House) -> None:
    house.person("Amina")
    with pytest.raises(EmailTaken):
        register_person(name="Other", email=" AMINA@example.org ", language="fr", by=OPERATOR, at=AT)
    with pytest.raises(BadInput):
        register_person(name="Other", email="amina", language="fr", by=OPERATOR, at=AT)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.integers(-40, 40),
    length=st.one_of(st.none(), st.integers(0, 40)),
    revoked=st.one_of(st.none(), st.integers(0, 80)),
    asked=st.integers(0, 80),
)
def test_list_and_single_check_agree(
    house: House, start: int, length: int | None, revoked: int | None, asked: int
) -> None:
    begin = AT.date() + timedelta(days=start)
    end = None if length is None else begin + timedelta(days=length)
    assume(end is None or end >= AT.date())  # what is over is offered to nobody
    person = Seat.objects.filter(organisation=house.party).first()
    holder = person.person if person else house.person("Amina")
    seat = grant_seat(
        person=holder, organisation=house.party, role=Role.HEAD, title="", start=begin, end=end, by=OPERATOR, at=AT
    )
    if revoked is not None:
        revoke_seat(seat, by=OPERATOR, at=AT + timedelta(days=revoked))
    then = AT + timedelta(days=asked)
    listed = seat in seats_in_force(holder, then, Realm.FICTION)
    assert listed == (seat_of(actor_of(seat), then) is not None)
    assert listed == (
        begin <= then.date() and (end is None or then.date() <= end) and (revoked is None or asked < revoked)
    )
