"""Whoever lost every way in: second persons confirm, a day passes, and the holder of the account can stop it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from comity.mail.models import Letter
from comity.people.access import SEATS_KEY
from comity.people.accounts import limits, recovery
from comity.people.accounts.actions import recovery as actions
from comity.people.accounts.edges import present
from comity.people.accounts.models import Recovery
from comity.people.actions import make_operator, register_person
from comity.people.models import Person, Role, Seat
from comity.people.queries import actor_of, operator
from comity.people.tests.holder import WORDS, begin, link_to, secure, sign_in
from comity.people.tests.seats import grant_seat
from comity.plain.actors import SYSTEM
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.plain.refusals import NotAllowed
from comity.record.queries import entry_of
from comity.record.selection import restricted_count
from comity.record.tests.copied import copied, words_of
from comity.registry.actions import list_organisation
from comity.registry.models import Organisation, OrganisationKind

HOUSE = "http://testserver"


@dataclass
class Union:
    """A party made for a test: Ines speaks for it, Olle grants its seats."""

    party: Organisation
    ines: Person
    olle: Person

    def seat_of(self, person: Person) -> Seat:
        return person.seats.get(organisation=self.party)

    def client_of(self, person: Person) -> Client:
        client = Client()
        sign_in(client, person.email, "/en")
        return client


def somebody(name: str, party: Organisation, role: Role) -> Person:
    now = present()
    person = register_person(
        name=name, email=f"{name.lower()}@example.org", language="en", password=WORDS, by=SYSTEM, at=now
    )
    given = {"title": "", "start": now.date() - timedelta(days=1), "by": operator(person), "at": now}
    grant_seat(person=person, organisation=party, role=role, **given)
    return secure(person)


def listed(name: str) -> Organisation:
    return list_organisation(realm=Realm.REAL, kind=OrganisationKind.PARTY, name=name, by=SYSTEM, at=present())


@pytest.fixture
def union(db: None) -> Union:
    party = listed("Example for a test")
    return Union(party, somebody("Ines", party, Role.HEAD), somebody("Olle", party, Role.OFFICER))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let time pass for the pages of recoveries."""

    def passes(time: timedelta) -> None:
        instant = present() + time
        monkeypatch.setattr("comity.people.accounts.recovering.present", lambda: instant)

    return passes


def ask(email: str, **more: Any) -> Any:
    return Client(**more).post("/en/recovery", {"email": email})


def test_a_second_person_a_day_and_a_letter_open_the_account_anew(
    union: Union, later: Callable[[timedelta], None], check_record: Callable[[], None], tmp_path: Path
) -> None:
    before = union.client_of(union.ines)
    assert ask("INES@example.org").status_code == 200
    assert "Somebody says that every way" in Letter.objects.filter(to=union.ines.email).latest("id").body
    assert "/en/desk/recoveries" in Letter.objects.filter(to=union.olle.email).latest("id").body
    desk = union.client_of(union.olle)
    page = desk.get("/en/desk/recoveries").content.decode()
    assert "Confirm that it is Ines" in page
    row = Recovery.objects.get()
    assert desk.post("/en/desk/recoveries", {"recovery": row.public_id, "do": "confirm"}).status_code == 302
    link = link_to(union.ines.email, "recovery")
    assert not link.endswith("/stop")

    holder = Client()
    early = holder.get(link).content.decode()
    assert "Universal Time this page opens the account" in early
    assert holder.post(link).status_code == 403
    assert before.get("/en/account").status_code == 200
    later(timedelta(days=1, minutes=1))
    assert holder.post(link).headers["Location"] == "/en/account"
    assert before.get("/en/account").status_code == 302
    assert holder.post(link).status_code == 403
    page = holder.get("/en/account").content.decode()
    assert "A password alone opens nothing" in page
    assert holder.post("/en/seats", {"seat": union.seat_of(union.ines).public_id}).status_code == 403

    check_record()
    assert entry_of(Ref("organisation", union.party.public_id), "people.recovery_confirmed")
    copied(Realm.REAL, tmp_path, at=present())
    published = words_of(tmp_path)
    assert "people.recovery_confirmed" in published
    for word in (union.ines.name, union.ines.email, union.ines.public_id):
        assert word not in published


def test_whatever_the_address_the_answer_is_the_same(union: Union) -> None:
    before = restricted_count(Realm.REAL)
    told = {
        ask(email).content.decode().replace(email, "").split("<main")[1]
        for email in ("ines@example.org", "no@example.org")
    }
    assert len(told) == 1
    assert Recovery.objects.count() == 1
    assert restricted_count(Realm.REAL) == before


def test_every_organisation_confirms_and_nobody_for_another(union: Union) -> None:
    other = listed("Another example for a test")
    second = somebody("Nour", other, Role.OFFICER)
    now = present()
    grant_seat(
        person=union.ines,
        organisation=other,
        role=Role.DELEGATE,
        title="",
        start=now.date(),
        by=operator(second),
        at=now,
    )
    row = actions.ask(union.ines, house=HOUSE, at=present())
    assert row is not None
    olle, nour = actor_of(union.seat_of(union.olle)), actor_of(second.seats.get())
    with pytest.raises(NotAllowed):
        actions.confirm(row, organisation=other, house=HOUSE, by=olle, at=present())
    actions.confirm(row, organisation=union.party, house=HOUSE, by=olle, at=present())
    assert row.opens_at is None
    assert recovery.awaited(row, present()) == [other]
    actions.confirm(row, organisation=other, house=HOUSE, by=nour, at=present())
    assert row.opens_at is not None


def test_neither_the_holder_nor_an_operator_nor_a_delegate_confirms(union: Union) -> None:
    ola = register_person(name="Ola", email="ola@example.org", language="en", password=WORDS, by=SYSTEM, at=present())
    make_operator(ola, by=SYSTEM, at=present())
    row = actions.ask(union.ines, house=HOUSE, at=present())
    assert row is not None
    delegate = somebody("Dara", union.party, Role.DELEGATE)
    for by in (
        actor_of(union.seat_of(union.ines)),
        operator(ola),
        operator(union.ines),
        actor_of(delegate.seats.get()),
    ):
        with pytest.raises(NotAllowed):
            actions.confirm(row, organisation=union.party, house=HOUSE, by=by, at=present())
    assert "Ines" not in union.client_of(delegate).get("/en/desk/recoveries").content.decode()
    assert not recovery.may_stop(operator(ola), present(), row)


def test_an_officer_who_lost_it_is_confirmed_by_the_head(union: Union) -> None:
    row = actions.ask(union.olle, house=HOUSE, at=present())
    assert row is not None
    by = actor_of(union.seat_of(union.ines))
    assert actions.confirm(row, organisation=union.party, house=HOUSE, by=by, at=present()).opens_at is not None


def test_an_operator_is_confirmed_by_another_operator_and_by_no_one_alone(db: None) -> None:
    ola, bea = (
        register_person(
            name=name, email=f"{name}@example.org".lower(), language="en", password=WORDS, by=SYSTEM, at=present()
        )
        for name in ("Ola", "Bea")
    )
    make_operator(ola, by=SYSTEM, at=present())
    row = actions.ask(ola, house=HOUSE, at=present())
    assert row is not None
    for by in (operator(ola), operator(bea)):
        with pytest.raises(NotAllowed):
            actions.confirm(row, organisation=None, house=HOUSE, by=by, at=present())
    make_operator(bea, by=SYSTEM, at=present())
    assert actions.confirm(row, organisation=None, house=HOUSE, by=operator(bea), at=present()).opens_at is not None


def test_the_holder_stops_it_by_her_letter(union: Union, later: Callable[[timedelta], None]) -> None:
    ask(union.ines.email)
    stop = link_to(union.ines.email, "recovery")
    assert stop.endswith("/stop")
    row = Recovery.objects.get()
    actions.confirm(row, organisation=union.party, house=HOUSE, by=actor_of(union.seat_of(union.olle)), at=present())
    link = link_to(union.ines.email, "recovery")
    assert Client().get(stop).status_code == 200
    row.refresh_from_db()
    assert row.stopped_at is None
    assert "It is stopped" in Client().post(stop).content.decode()
    assert Client().post(stop).status_code == 403
    later(timedelta(days=1, minutes=1))
    assert Client().post(link).status_code == 403
    union.client_of(union.ines)


def test_a_second_person_stops_what_she_does_not_know_of(union: Union) -> None:
    ask(union.ines.email)
    row = Recovery.objects.get()
    desk = union.client_of(union.olle)
    desk.post("/en/desk/recoveries", {"recovery": row.public_id, "do": "stop"})
    row.refresh_from_db()
    assert row.stopped_at is not None
    assert "Nobody waits" in desk.get("/en/desk/recoveries").content.decode()
    assert desk.post("/en/desk/recoveries", {"recovery": row.public_id}).status_code == 404


def test_asking_is_counted_and_asking_twice_is_one(union: Union) -> None:
    for _ in range(limits.RECOVERY_ACCOUNT.times):
        assert ask(union.ines.email).status_code == 200
    assert Recovery.objects.count() == 1
    assert ask(union.ines.email).status_code == 429
    assert ask(union.ines.email, REMOTE_ADDR="198.51.100.7").status_code == 200
    assert Recovery.objects.count() == 1


def test_a_request_that_nobody_confirms_is_over_after_a_week(union: Union) -> None:
    long_ago = present() - timedelta(days=8)
    row = Recovery.objects.create(person=union.ines, asked_at=long_ago)
    by = actor_of(union.seat_of(union.olle))
    assert recovery.on_the_desk_of(by, present()) == []
    with pytest.raises(NotAllowed):
        actions.confirm(row, organisation=union.party, house=HOUSE, by=by, at=present())
    assert actions.ask(union.ines, house=HOUSE, at=present()) != row


def test_who_is_recovered_and_sets_nothing_up_can_be_invited_again(
    union: Union, later: Callable[[timedelta], None]
) -> None:
    ask(union.ines.email)
    by = actor_of(union.seat_of(union.olle))
    actions.confirm(Recovery.objects.get(), organisation=union.party, house=HOUSE, by=by, at=present())
    link = link_to(union.ines.email, "recovery")
    later(timedelta(days=1, minutes=1))
    Client().post(link)
    desk = union.client_of(union.olle)
    assert desk.session[SEATS_KEY]
    page = f"/en/desk/organisation/{union.party.public_id}/seats"
    assert "Send the letter again" in desk.get(page).content.decode()
    desk.post(f"/en/desk/seat/{union.seat_of(union.ines).public_id}/invite")
    begin(Client(), union.ines.email)


def test_asking_from_elsewhere_leaves_the_holder_her_own_asking(union: Union) -> None:
    far = {"REMOTE_ADDR": "203.0.113.9"}
    answers = [ask(union.ines.email, **far).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    assert ask(union.ines.email).status_code == 200


def test_an_organisation_that_came_later_must_confirm_too(union: Union, later: Callable[[timedelta], None]) -> None:
    ask(union.ines.email)
    row = Recovery.objects.get()
    union.client_of(union.olle).post("/en/desk/recoveries", {"recovery": row.public_id, "do": "confirm"})
    link = link_to(union.ines.email, "recovery")
    second, now = listed("Example that came later"), present()
    given = {"title": "", "start": now.date(), "by": operator(union.olle), "at": now}
    grant_seat(person=union.ines, organisation=second, role=Role.HEAD, **given)
    later(timedelta(days=1, minutes=1))
    answer = Client().post(link)
    assert answer.status_code == 403
    assert "must confirm it too" in answer.content.decode()
