"""A seat counts once its holder has accepted it; until then it is an offer that stands in nobody's way."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client

from comity.conftest import AT, OPERATOR, Cast
from comity.engagements.models import Engagement
from comity.mail.models import Letter
from comity.people import access, queries
from comity.people.accounts import recovery
from comity.people.actions import (
    AlreadyRevoked,
    OfferOver,
    accept_seat,
    decline_seat,
    offer_seat,
    revoke_seat,
)
from comity.people.calendar import calendar_in_full
from comity.people.models import OFFER_STANDS, Person, Role, Seat
from comity.people.queries import actor_of, operator
from comity.people.tests.conftest import House
from comity.people.tests.holder import WORDS, begin, link_to, secure, sign_in
from comity.people.tests.test_desk import meeting
from comity.people.tests.test_pages import person_of
from comity.plain.actors import ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.refusals import NotAllowed
from comity.record.queries import entries_of
from comity.record.tests.copied import copied, words_of
from comity.registry.models import Organisation

NOW = AT + timedelta(hours=1)
HERE = "/fiction/en"
OVER = "This offer is over"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fiction's clock stands an hour after the cast was seated."""
    monkeypatch.setattr(
        "comity.site.middleware.now", lambda realm: NOW if realm is Realm.FICTION else datetime.now(UTC)
    )


def offered(cast: Cast, actor: ActorRef, role: Role = Role.OFFICER, at: datetime = NOW, **more: object) -> Seat:
    """What another party's officer offers to somebody of the cast, unasked."""
    outsider = Seat.objects.select_related("organisation").get(public_id=cast.stranger.id).organisation
    person = Seat.objects.select_related("person").get(public_id=actor.id).person
    given = {"title": "", "start": date(2026, 1, 1), "by": cast.stranger, "at": at} | more
    return offer_seat(person=person, organisation=outsider, role=role, **given)  # type: ignore[arg-type]  # as asked


def fresh(seat: Seat) -> Seat:
    return Seat.objects.select_related("organisation", "person").get(pk=seat.pk)


def seated(actor: ActorRef) -> Client:
    """A browser in which somebody of the cast has signed in with two proofs."""
    client = Client()
    sign_in(client, person_of(actor.id).email)
    return client


# What an offer is worth


def test_an_offered_seat_reads_nothing_and_acts_nowhere(cast: Cast) -> None:
    row = meeting(cast, AT, Level.ORGANISATION, title="Hushed talk")
    person = Seat.objects.select_related("person").get(public_id=cast.chen.id).person
    seat = offer_seat(
        person=person, organisation=cast.party, role=Role.OFFICER, title="", start=AT.date(), by=OPERATOR, at=NOW
    )
    by, seen = actor_of(seat), Engagement.objects.filter(pk=row.pk)
    assert seen.visible_to(cast.amina, NOW).exists()
    assert queries.seat_of(by, NOW) is None
    assert seat not in queries.seats_in_force(person, NOW, Realm.FICTION)
    assert seat not in queries.offices_of(cast.party, NOW)
    assert seat not in queries.cast(Realm.FICTION, NOW)
    for ask in (access.acting, access.require_in_force):
        with pytest.raises(access.SeatNotInForce):
            ask(by, NOW)
    with pytest.raises(access.SeatNotInForce):
        access.may_grant(by, NOW, cast.party, Role.DELEGATE, None)

    client = seated(cast.chen)
    for page in ("seats", "desk/take"):
        answer = client.post(f"{HERE}/{page}", {"seat": seat.public_id})
        assert answer.status_code == 403
        assert "once its holder accepted it" in answer.content.decode()
    session = client.session
    session[access.SEATS_KEY] = {"fiction": seat.public_id}
    session.save()
    assert "Hushed talk" not in client.get("/fiction/api/v1/engagements").content.decode()
    assert client.get(f"{HERE}/engagement/{row.public_id}").status_code == 404
    assert client.get(f"{HERE}/desk/organisation/{cast.party.public_id}/seats").status_code == 403
    place = Place(Realm.FICTION, "en", by, NOW, NOW.date())
    assert b"VEVENT" not in calendar_in_full(person, place, "http://testserver/desk", "key")


def test_an_offer_delays_no_recovery_and_makes_no_second_person(house: House) -> None:
    ines = house.seat("Ines", house.party, Role.HEAD).person
    Organisation.objects.update(realm=Realm.REAL)  # recoveries know no played people
    given = {"title": "", "start": NOW.date(), "by": OPERATOR, "at": NOW}
    offer_seat(person=ines, organisation=house.rival, role=Role.HEAD, **given)  # type: ignore[arg-type]  # as asked
    assert recovery.confirmers(ines, NOW + timedelta(days=9)) == [house.party]
    olle = house.person("Olle")
    seat = offer_seat(person=olle, organisation=house.party, role=Role.OFFICER, **given)  # type: ignore[arg-type]
    assert recovery.second_persons(house.party, ines, NOW) == []
    accept_seat(seat, by=operator(olle), at=NOW)
    assert recovery.second_persons(house.party, ines, NOW) == [seat]


# Accepting and declining


def test_its_holder_accepts_it_on_her_desk(cast: Cast, check_record: Callable[[], None]) -> None:
    client, seat = seated(cast.amina), offered(cast, cast.amina)
    organisation = Ref("organisation", cast.stranger.organisation)
    before = len(entries_of(organisation))
    page = client.get(f"{HERE}/desk").content.decode()
    assert "A seat is offered to you" in page
    assert "Party of Elsewhere" in page
    assert "to be accepted before 1\xa0April" in page
    answer = client.post(f"{HERE}/desk/seat/{seat.public_id}/answer", {"answer": "accept"})
    assert answer.headers["Location"] == f"{HERE}/desk?answered={seat.public_id}"
    after = client.get(answer.headers["Location"]).content.decode()
    assert "You accepted the seat of Party of Elsewhere" in after
    assert "is offered to you" not in after
    assert fresh(seat).in_force(NOW)
    assert client.post(f"{HERE}/seats", {"seat": seat.public_id}).status_code == 302
    assert [entry.type for entry in entries_of(organisation)][before:] == ["people.seat_granted"]
    assert client.post(f"{HERE}/desk/seat/{seat.public_id}/answer", {"answer": "accept"}).status_code == 409
    check_record()


def test_its_holder_declines_it_and_no_public_entry_says_so(cast: Cast, tmp_path: Path) -> None:
    client, seat = seated(cast.amina), offered(cast, cast.amina)
    organisation = Ref("organisation", cast.stranger.organisation)
    before = entries_of(organisation)
    answer = client.post(f"{HERE}/desk/seat/{seat.public_id}/answer", {"answer": "decline"}, follow=True)
    assert "You declined the seat of Party of Elsewhere" in answer.content.decode()
    assert entries_of(organisation) == before
    copied(Realm.FICTION, tmp_path, at=NOW)
    published = words_of(tmp_path)
    assert "people.seat_offered" not in published
    assert "people.seat_declined" not in published
    assert seat.public_id not in published
    refused = client.post(f"{HERE}/desk/seat/{seat.public_id}/answer", {"answer": "accept"})
    assert refused.status_code == 409
    assert OVER in refused.content.decode()
    officer = seated(cast.stranger).get(f"{HERE}/desk/organisation/{cast.stranger.organisation}/seats")
    assert "declined on" in officer.content.decode()
    with pytest.raises(AlreadyRevoked):
        revoke_seat(fresh(seat), by=cast.stranger, at=NOW)


def test_nobody_answers_for_another(cast: Cast) -> None:
    seat = offered(cast, cast.amina)
    for client in (seated(cast.boris), seated(cast.stranger), Client()):
        assert client.post(f"{HERE}/desk/seat/{seat.public_id}/answer", {"answer": "accept"}).status_code == 404
    for by in (OPERATOR, cast.stranger, cast.amina, actor_of(seat)):
        for answer in (accept_seat, decline_seat):
            with pytest.raises(NotAllowed):
                answer(seat, by=by, at=NOW)
    half = Client()
    half.post(f"{HERE}/sign-in", {"email": person_of(cast.amina.id).email, "password": WORDS})
    assert half.post(f"{HERE}/desk/seat/{seat.public_id}/answer", {"answer": "accept"}).status_code == 404
    assert fresh(seat).offered(NOW)


def test_the_organisation_sees_that_it_is_not_accepted_and_withdraws_it_at_once(cast: Cast) -> None:
    seat, officer, holder = offered(cast, cast.amina), seated(cast.stranger), seated(cast.amina)
    page = f"{HERE}/desk/organisation/{cast.stranger.organisation}/seats"
    told = officer.get(page).content.decode()
    assert "not yet accepted; stands until 1\xa0April" in told
    assert "Withdraw the offer" in told
    before = entries_of(Ref("organisation", cast.stranger.organisation))
    assert officer.post(f"{HERE}/desk/seat/{seat.public_id}/revoke").status_code == 302
    assert "offer withdrawn on" in officer.get(page).content.decode()
    assert entries_of(Ref("organisation", cast.stranger.organisation)) == before
    assert "is offered to you" not in holder.get(f"{HERE}/desk").content.decode()
    refused = holder.post(f"{HERE}/desk/seat/{seat.public_id}/answer", {"answer": "accept"})
    assert refused.status_code == 409
    assert OVER in refused.content.decode()


def test_an_offer_that_nobody_answers_is_over(cast: Cast) -> None:
    long_ago = offered(cast, cast.amina, at=NOW - OFFER_STANDS, by=OPERATOR)
    past = offered(cast, cast.amina, end=date(2026, 2, 1))
    last = offered(cast, cast.amina, at=NOW - OFFER_STANDS + timedelta(seconds=1), by=OPERATOR)
    holder = seated(cast.amina)
    assert holder.get(f"{HERE}/desk").content.decode().count("offered on") == 1
    for seat in (long_ago, past):
        refused = holder.post(f"{HERE}/desk/seat/{seat.public_id}/answer", {"answer": "accept"})
        assert refused.status_code == 409
        assert OVER in refused.content.decode()
    assert holder.post(f"{HERE}/desk/seat/{last.public_id}/answer", {"answer": "accept"}).status_code == 302
    told = seated(cast.stranger).get(f"{HERE}/desk/organisation/{cast.stranger.organisation}/seats").content.decode()
    assert told.count("never accepted") == 2


def test_of_two_answers_at_once_one_stands(cast: Cast) -> None:
    seat = offered(cast, cast.amina)
    one, other = fresh(seat), fresh(seat)
    accept_seat(one, by=operator(one.person), at=NOW)
    for answer in (accept_seat, decline_seat):
        with pytest.raises(OfferOver):
            answer(other, by=operator(one.person), at=NOW)
    granted = entries_of(Ref("organisation", cast.stranger.organisation))
    assert [entry.type for entry in granted].count("people.seat_granted") == 2
    revoke_seat(other, by=cast.stranger, at=NOW)
    last = entries_of(Ref("organisation", cast.stranger.organisation))[-1]
    assert last.type == "people.seat_revoked"

    withdrawn = offered(cast, cast.amina)
    late = fresh(withdrawn)
    revoke_seat(withdrawn, by=cast.stranger, at=NOW)
    with pytest.raises(OfferOver):
        accept_seat(late, by=operator(late.person), at=NOW)


# By letter


def test_the_letter_accepts_the_seat_that_came_with_it_and_no_other(cast: Cast) -> None:
    officer, parties = seated(cast.stranger), (cast.stranger.organisation, cast.party.public_id)
    given = {"name": "Eve", "email": "eve@example.org", "role": Role.DELEGATE, "start": "2026-03-01"}
    assert officer.post(f"{HERE}/desk/organisation/{parties[0]}/seats", given).status_code == 302
    eve = Person.objects.get(email="eve@example.org")
    unasked = offer_seat(
        person=eve, organisation=cast.party, role=Role.HEAD, title="", start=AT.date(), by=OPERATOR, at=NOW
    )
    browser = Client()
    page = browser.get(link_to(eve.email, "welcome")).content.decode()
    assert "Accept the seat and open my account" in page
    assert "Party of Elsewhere" in page
    begin(browser, eve.email)
    assert eve.seats.get(organisation__public_id=parties[0]).in_force(NOW)
    assert fresh(unasked).offered(NOW)
    sign_in(browser, eve.email)
    assert cast.party.name in browser.get(f"{HERE}/desk").content.decode()


def test_a_seat_is_declined_by_letter_without_an_account(cast: Cast) -> None:
    officer = seated(cast.stranger)
    given = {"name": "Eve", "email": "eve@example.org", "role": Role.DELEGATE, "start": "2026-03-01"}
    officer.post(f"{HERE}/desk/organisation/{cast.stranger.organisation}/seats", given)
    link, browser = link_to("eve@example.org", "welcome"), Client()
    assert "It never counted" in browser.post(link, {"answer": "decline"}).content.decode()
    assert "The offer of this seat is over" in browser.get(link).content.decode()
    assert browser.post(link).status_code == 409
    assert browser.get("/en/account").status_code == 302
    seat = Seat.objects.get(person__email="eve@example.org")
    assert officer.post(f"{HERE}/desk/seat/{seat.public_id}/invite").status_code == 404


def test_letters_of_offers_are_counted_for_each_organisation(cast: Cast) -> None:
    seat, officer = offered(cast, cast.amina), seated(cast.stranger)
    secure(seat.person)
    again = [officer.post(f"{HERE}/desk/seat/{seat.public_id}/invite").status_code for _ in range(6)]
    assert again == [302] * 5 + [429]
    letters = Letter.objects.filter(to=seat.person.email, body__contains="until you accept it")
    assert letters.count() == 5
    assert "/welcome/" not in letters[0].body


# Seats that ended


@pytest.mark.parametrize("ended", ["revoked", "past its last day"])
def test_a_seat_that_ended_reads_no_more_through_the_interface_and_is_told_why(cast: Cast, ended: str) -> None:
    row, client = meeting(cast, AT, Level.ORGANISATION, title="Hushed talk"), seated(cast.amina)
    api = "/fiction/api/v1/engagements"
    assert "Hushed talk" in client.get(api).content.decode()
    seat = fresh(Seat.objects.get(public_id=cast.amina.id))
    if ended == "revoked":
        revoke_seat(seat, by=OPERATOR, at=NOW)
    else:
        Seat.objects.filter(pk=seat.pk).update(end=date(2026, 2, 27))
    told = client.get(api)
    assert told.content == Client().get(api).content
    assert "Hushed talk" not in told.content.decode()
    assert client.get(f"{api}/{row.public_id}").status_code == 404
    refused = client.post(f"{HERE}/engagement/{row.public_id}/do/report", {"words": "x", "language": "en"})
    assert refused.status_code == 403
    assert "An officer there can give you another" in refused.content.decode()
    with pytest.raises(access.SeatNotInForce):
        access.may_act(cast.amina, NOW, organisation=cast.party)


def test_a_seat_given_before_there_were_offers_is_accepted(cast: Cast) -> None:
    Seat.objects.update(accepted_at=None)
    import_module("comity.people.migrations.0006_seats_given_before_are_accepted").accepted(apps, None)
    assert queries.seat_of(cast.amina, NOW) is not None
    assert not Seat.objects.exclude(accepted_at=AT).exists()
