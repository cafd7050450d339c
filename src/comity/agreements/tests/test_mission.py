"""Rows S7 and S8 of the mission as people walk them: through pages, with the clock moved and the periodic work run."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from comity.agreements import actions
from comity.agreements.models import Agreement, Coalition
from comity.agreements.tests.factories import EXPIRES, PROPOSED, STARTS, agreed, founded, proposed
from comity.conftest import AT, OPERATOR, Cast
from comity.mail.models import Letter
from comity.people.access import CAST_KEY
from comity.people.actions import choose_letters, register_person
from comity.people.models import Role, Seat
from comity.people.queries import actor_of
from comity.people.tests.seats import grant_seat
from comity.plain.actors import ActorRef
from comity.plain.levels import Attribution, Level, Realm
from comity.plain.refs import Ref
from comity.record.queries import entries_of
from comity.registry.actions import found_network, link, list_organisation
from comity.registry.models import Organisation
from comity.site import middleware, periodic
from comity.visibility.core import Terms

Clock = Callable[[date], datetime]
OURS = Terms(Level.BODY, Attribution.ORGANISATION)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of both realms: it stands at noon of the day that a test sets."""
    hand = [PROPOSED]
    monkeypatch.setattr(middleware, "now", lambda realm: hand[0])
    monkeypatch.setattr(periodic, "now", lambda realm: hand[0])

    def move(day: date) -> datetime:
        hand[0] = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        return hand[0]

    return move


@pytest.fixture
def sit(settings: Any) -> Callable[[ActorRef], Client]:
    settings.DEMO = True

    def seated(actor: ActorRef) -> Client:
        client = Client()
        session = client.session
        session[CAST_KEY] = actor.id
        session.save()
        return client

    return seated


def read(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == status, answer.content[:2000]
    return answer.content.decode()


def sent(client: Client, path: str, told: dict[str, Any]) -> None:
    """Send a form, and press the second button where the house asks before it is public for good."""
    answer = client.post(path, told)
    if answer.status_code == 200:
        answer = client.post(path, {**told, "for-good": "yes"})
    assert answer.status_code == 302, answer.content.decode()[:4000]


PROPOSAL = {
    "title": "Exchange of test councillors",
    "language": "en",
    "scope": "Councillors of either shore spend a month with the other.",
    "words": "Each party receives ten councillors a year.",
    "starts": STARTS.isoformat(),
    "expires": EXPIRES.isoformat(),
    "authority": "Board, 1 March 2026",
    "level": "0",
    "attribution": "organisation",
    "embargo_zone": "UTC",
    "topics": ["water"],
}


def wants_letters(actor: ActorRef, digest: str = "weekly", remind_days: int = 0) -> None:
    person = Seat.objects.get(public_id=actor.id).person
    choose_letters(
        person,
        digest=digest,
        remind_days=remind_days,
        language="en",
        time_zone="UTC",
        realm=Realm.FICTION,
        by=actor,
        at=PROPOSED,
    )


def letters(email: str) -> int:
    return Letter.objects.filter(to=email, once__startswith="agreement:").count()


@pytest.mark.mission("S7", at="agreement/")
def test_an_agreement_from_its_proposal_to_its_expiry_with_both_reminders(
    cast: Cast, clock: Clock, sit: Callable[[ActorRef], Client]
) -> None:
    amina, chen, reader = sit(cast.amina), sit(cast.chen), Client()
    wants_letters(cast.chen, digest="none", remind_days=7)
    sent(amina, "/fiction/en/agreement/new", {**PROPOSAL, "counterpart": cast.other_party.public_id})
    row = Agreement.objects.get()
    page = f"/fiction/en/agreement/{row.public_id}"
    assert "binds nobody until both parties have signed" in read(reader, page)
    sent(chen, f"{page}/do/sign", {"authority": "Congress 2025", "ad_referendum": "on"})
    sent(chen, f"{page}/do/translate", {"language": "fr", "words": "Chaque parti reçoit dix élus par an."})
    again = chen.post(f"{page}/do/translate", {"language": "fr", "words": "Encore."})
    assert again.status_code == 422
    assert "Chaque parti reçoit dix élus par an." in read(reader, page)
    clock(STARTS)
    assert "not bound: its board is awaited" in read(reader, page)
    assert "In force until" not in read(reader, page)
    sent(chen, f"{page}/do/board", {"agrees": "yes"})
    assert "In force until" in read(reader, page)
    assert row.digest in read(reader, page)
    for left, standing in ((91, 0), (90, 1), (60, 1), (30, 2), (29, 2), (0, 2)):
        clock(EXPIRES - timedelta(days=left))
        for _again in range(2):
            list(periodic.do_what_is_due())
        assert letters("chen@example.org") == standing, left
    assert letters("amina@example.org") == 0
    assert all(row.title not in one.subject for one in Letter.objects.all())
    assert all(row.title not in one.body for one in Letter.objects.filter(once__startswith="agreement:"))
    clock(EXPIRES - timedelta(days=90))
    assert "Renew" in read(sit(cast.chen), "/fiction/en/desk")
    clock(EXPIRES + timedelta(days=1))
    assert "Expired: its last day was" in read(reader, page)
    assert "In force until" not in read(reader, page)
    party = read(reader, f"/fiction/en/organisation/{cast.party.public_id}")
    assert "Expired: its last day was" in party
    assert "In force until" in read(reader, f"{page}?on={EXPIRES}")
    assert reader.get(f"/fiction/api/v1/agreements/{row.public_id}").json()["state"] == "expired"
    table = list(csv.DictReader(io.StringIO(reader.get("/fiction/en/agreement/table.csv").content.decode())))
    assert [(line["id"], line["state"]) for line in table] == [(row.public_id, "expired")]


@pytest.mark.mission("S7", at="agreement/")
def test_a_renewal_agreed_by_both_ends_the_reminders_and_keeps_the_earlier(
    cast: Cast, clock: Clock, sit: Callable[[ActorRef], Client]
) -> None:
    row = agreed(cast)
    wants_letters(cast.amina)
    clock(EXPIRES - timedelta(days=100))
    later = {
        "starts": (EXPIRES + timedelta(days=1)).isoformat(),
        "expires": (EXPIRES + timedelta(days=365)).isoformat(),
    }
    told = {**PROPOSAL, **later, "counterpart": cast.other_party.public_id}
    sent(sit(cast.amina), f"/fiction/en/agreement/new?renews={row.public_id}", told)
    new = Agreement.objects.exclude(pk=row.pk).get()
    clock(EXPIRES - timedelta(days=90))
    list(periodic.do_what_is_due())
    assert letters("amina@example.org") == 1, "a renewal that is only proposed leaves the reminder standing"
    sent(sit(cast.chen), f"/fiction/en/agreement/{new.public_id}/do/sign", {"authority": "Congress 2026"})
    clock(EXPIRES - timedelta(days=30))
    list(periodic.do_what_is_due())
    assert letters("amina@example.org") == 1
    shown = read(Client(), f"/fiction/en/agreement/{row.public_id}")
    assert "Renewed by" in shown
    clock(EXPIRES + timedelta(days=1))
    assert "Expired" in read(Client(), f"/fiction/en/agreement/{row.public_id}")
    assert "In force until" in read(Client(), f"/fiction/en/agreement/{new.public_id}")


def test_whom_an_agreement_is_closed_to_gets_no_reminder_of_it(cast: Cast, clock: Clock) -> None:
    from comity.visibility.actions import raise_flag

    row = agreed(cast, terms=OURS)
    for actor in (cast.amina, cast.chen):
        wants_letters(actor)
    raise_flag(row, reason="A person is at risk.", by=cast.amina, at=PROPOSED)
    clock(EXPIRES - timedelta(days=30))
    list(periodic.do_what_is_due())
    assert (letters("amina@example.org"), letters("chen@example.org")) == (1, 0)


def test_a_restricted_renewal_is_named_to_nobody_else(cast: Cast, clock: Clock) -> None:
    hidden = agreed(cast, title="Quiet talks on the test ferry", terms=OURS)
    later = {"starts": EXPIRES + timedelta(days=1), "expires": EXPIRES + timedelta(days=365)}
    shown = agreed(cast, renews=hidden, title="Open talks on the test ferry", **later)
    page = read(Client(), f"/fiction/en/agreement/{shown.public_id}")
    assert hidden.public_id not in page
    assert "It renews" not in page
    told = Client().get(f"/fiction/api/v1/agreements/{shown.public_id}").json()
    assert told["renews"] is None


def family(name: str, party: Organisation, kind: str = "international") -> Organisation:
    row = found_network(
        name=name, realm=Realm.FICTION, network_kind=kind, time_zone="UTC", languages=["en"], by=OPERATOR, at=AT
    )
    link(subject=party, object=row, kind="membership", standing="full", start="2002", by=OPERATOR, at=AT)
    return row


@pytest.mark.mission("S8", at="coalition/")
def test_parties_of_two_families_belong_to_a_coalition_and_to_no_family_of_the_other(
    cast: Cast, clock: Clock, sit: Callable[[ActorRef], Client]
) -> None:
    here, there = family("Near Family", cast.party), family("Far Family", cast.other_party)
    told = {
        "title": "Coalition for clean test shores",
        "language": "en",
        "purpose": "That no waste reaches the sea.",
        "starts": PROPOSED.date().isoformat(),
        "authority": "Board, 1 March 2026",
        "level": "0",
        "attribution": "organisation",
        "embargo_zone": "UTC",
        "topics": ["water"],
    }
    sent(sit(cast.amina), "/fiction/en/coalition/new", told)
    row = Coalition.objects.get()
    page = f"/fiction/en/coalition/{row.public_id}"
    answer = sit(cast.chen).post(f"{page}/do/join", {"authority": "Council of 28 February 2026"})
    assert answer.status_code == 302, "no warning stands between a party and a coalition"
    shown = read(Client(), page)
    for words in ("Council of 28 February 2026", "Near Family", "Far Family", "2 parties belong"):
        assert words in shown
    told_of = Client().get(f"/fiction/api/v1/coalitions/{row.public_id}").json()
    networks = {one["organisation"]: set(one["networks"]) for one in told_of["adhesions"]}
    assert there.public_id not in networks[cast.party.public_id]
    assert here.public_id not in networks[cast.other_party.public_id]
    for party, other in ((cast.party, there), (cast.other_party, here)):
        of_party = read(Client(), f"/fiction/en/organisation/{party.public_id}")
        assert row.title in of_party
        assert other.public_id not in of_party
    lines = csv.DictReader(io.StringIO(Client().get("/fiction/en/coalition/table.csv").content.decode()))
    assert {line["party_id"]: line["state"] for line in lines} == dict.fromkeys(networks, "belongs")
    clock(date(2026, 5, 4))
    leaving = {"on": "2026-05-10", "reason": "Its aim is reached."}
    sent(sit(cast.chen), f"{page}/do/leave", leaving)
    assert "leaves on" in read(Client(), page)
    clock(date(2026, 5, 11))
    after = read(Client(), page)
    assert "Its aim is reached." in after
    assert "1 party belongs" in after
    assert "2 parties belong" in read(Client(), f"{page}?on=2026-05-05")


def test_belonging_to_a_coalition_opens_nothing_of_the_other_family(
    cast: Cast, clock: Clock, sit: Callable[[ActorRef], Client]
) -> None:
    from comity.agreements import actions

    outsider = list_organisation(realm=Realm.FICTION, kind="party", name="Party Beyond", by=OPERATOR, at=AT)
    stranger = Organisation.objects.get(name="Party of Elsewhere")
    row = founded(cast)
    actions.join(
        row, organisation=stranger, authority="Board", ad_referendum=False, by=cast.stranger, at=PROPOSED
    )  # fmt: skip
    hidden = founded(cast, title="Coalition of the quiet shore", terms=OURS)
    read(sit(cast.stranger), f"/fiction/en/coalition/{hidden.public_id}", 404)
    assert outsider.name not in read(Client(), f"/fiction/en/coalition/{row.public_id}")


def test_lists_are_divided_by_the_last_day_and_go_on_after_a_row(
    cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.agreements import queries

    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(3):
        proposed(cast, title=f"Paper {number}", at=PROPOSED + timedelta(minutes=number))
    proposed(cast, title="Endless paper", expires=None, at=PROPOSED + timedelta(minutes=5))
    proposed(cast, title="Secret paper", terms=OURS, at=PROPOSED + timedelta(minutes=6))
    clock(STARTS)
    first = read(Client(), "/fiction/en/agreement/")
    assert "last day still to come (3)" in first
    assert "no last day named (1)" in first
    assert "Secret paper" not in first
    ahead = read(Client(), "/fiction/en/agreement/?last=ahead")
    assert ("Paper 2" in ahead, "Paper 0" in ahead, "Endless paper" in ahead) == (True, False, False)
    after = Agreement.objects.get(title="Paper 1").public_id
    assert "Paper 0" in read(Client(), f"/fiction/en/agreement/?last=ahead&amp;after={after}".replace("&amp;", "&"))
    assert "Nothing answers this choice" in read(Client(), "/fiction/en/agreement/?last=passed")


def test_a_party_cannot_sign_for_another_nor_an_outsider_find_the_form(
    cast: Cast, clock: Clock, sit: Callable[[ActorRef], Client]
) -> None:
    row = proposed(cast, terms=OURS)
    path = f"/fiction/en/agreement/{row.public_id}/do/sign"
    assert sit(cast.stranger).post(path, {"authority": "x"}).status_code == 404
    assert sit(cast.secretariat).post(path, {"authority": "x"}).status_code == 404
    assert sit(cast.boris).post(path, {"authority": "x"}).status_code == 403
    assert row.signatures.count() == 1


def test_the_calendar_has_the_last_day_early_and_names_nothing_that_is_closed(cast: Cast, clock: Clock) -> None:
    from comity.people.desk import due_from, occasions_of
    from comity.plain.place import Place
    from comity.visibility.actions import raise_flag

    row = agreed(cast)
    seat = Seat.objects.select_related("organisation").get(public_id=cast.amina.id)

    def place(day: date) -> Place:
        return Place(Realm.FICTION, "en", cast.amina, clock(day), day)

    early, near = place(EXPIRES - timedelta(days=120)), place(EXPIRES - timedelta(days=90))
    assert [one.key for one in occasions_of(seat, early)] == [f"agreement:{row.public_id}:expires"]
    assert occasions_of(seat, near) == []
    assert [(one.key, one.day, one.level) for one in due_from(seat, near)] == [
        (f"agreement:{row.public_id}:renew", EXPIRES, Level.PUBLIC)
    ]
    raise_flag(row, reason="A person is at risk.", by=cast.amina, at=PROPOSED)
    assert [one.level for one in occasions_of(seat, early)] == [Level.SEALED]
    assert [one.level for one in due_from(seat, near) if one.key.endswith("renew")] == [Level.SEALED]


def test_a_coalition_is_convened_by_another_once_that_party_accepts(
    cast: Cast, clock: Clock, sit: Callable[[ActorRef], Client], check_record: Callable[[], None]
) -> None:
    row, amina, chen, reader = founded(cast), sit(cast.amina), sit(cast.chen), Client()
    page = f"/fiction/en/coalition/{row.public_id}"
    offered = {"taker": cast.other_party.public_id, "answer_by": "2026-03-20", "reason": "We have held it a year."}
    clock(date(2026, 3, 3))
    alone = amina.post(f"{page}/do/hand-over", offered)
    assert alone.status_code == 422, "it is offered to a party that belongs"
    sent(chen, f"{page}/do/join", {"authority": "Council"})
    assert chen.post(f"{page}/do/hand-over", offered).status_code == 403
    assert amina.post(f"{page}/do/hand-over", {**offered, "answer_by": "2026-03-01"}).status_code == 422
    sent(amina, f"{page}/do/hand-over", offered)
    assert amina.post(f"{page}/do/hand-over", offered).status_code == 422, "one offer at a time"
    assert "answers by 20" in read(chen, page)
    for other in (reader, sit(cast.dana)):
        assert "answers by 20" not in read(other, page)
        assert other.get(f"{page}/do/take-over").status_code == 404
    sent(amina, f"{page}/do/keep", {})
    assert chen.post(f"{page}/do/take-over", {"accepts": "yes"}).status_code == 404
    sent(amina, f"{page}/do/hand-over", offered)
    desk = f"/fiction/en/desk?do=coalition%3A{row.public_id}%3Atake-over"
    assert "We have held it a year." in read(chen, desk)
    assert chen.post(desk, {"accepts": "perhaps"}).status_code == 422
    clock(date(2026, 3, 10))
    assert chen.post(desk, {"accepts": "yes"}).status_code == 302
    row.refresh_from_db()
    assert row.originator == row.network == cast.other_party
    shown = read(reader, page)
    assert "since 10" in shown
    assert "We have held it a year." in shown
    told = Client().get(f"/fiction/api/v1/coalitions/{row.public_id}").json()
    assert told["convenor"] == cast.other_party.public_id
    assert [one["until"] for one in told["convenings"]] == ["2026-03-10", None]
    before = Client().get(f"/fiction/api/v1/coalitions/{row.public_id}?on=2026-03-05").json()
    assert before["convenor"] == cast.party.public_id
    assert amina.post(f"{page}/do/hand-over", offered).status_code == 403
    sent(chen, f"{page}/do/hand-over", {**offered, "taker": cast.party.public_id})
    sent(amina, f"{page}/do/take-over", {"accepts": "no"})
    clock(date(2026, 3, 21))
    sent(chen, f"{page}/do/hand-over", {**offered, "taker": cast.party.public_id, "answer_by": "2026-03-25"})
    clock(date(2026, 3, 26))
    assert amina.post(f"{page}/do/take-over", {"accepts": "yes"}).status_code == 404, "its last day has passed"
    check_record()
    public = [entry.type for entry in entries_of(Ref("coalition", row.public_id))]
    assert "agreements.convening_taken" in public
    assert "agreements.convening_offered" not in public


def test_of_a_protected_party_an_outsider_learns_nothing(
    cast: Cast, clock: Clock, sit: Callable[[ActorRef], Client]
) -> None:
    hidden = list_organisation(
        realm=Realm.FICTION, kind="party", name="Party in hiding", level=Level.ORGANISATION, by=OPERATOR, at=AT
    )
    person = register_person(name="Hind", email="hind@example.org", language="en", by=OPERATOR, at=AT)
    officer = actor_of(
        grant_seat(person=person, organisation=hidden, role=Role.OFFICER, title="", start=AT.date(), by=OPERATOR, at=AT)
    )
    row = proposed(cast, organisation=hidden, counterpart=cast.party, title="Help in need", by=officer)
    coalition = founded(cast)
    actions.join(coalition, organisation=hidden, authority="Our council", ad_referendum=False, by=officer, at=PROPOSED)
    clock(PROPOSED.date() + timedelta(days=1))
    party = f"/fiction/en/organisation/{cast.party.public_id}"
    addresses = ["/fiction/en/agreement/", "/fiction/api/v1/agreements", "/fiction/en/coalition/table.csv", party,
                 f"/fiction/en/coalition/{coalition.public_id}", f"/fiction/api/v1/coalitions/{coalition.public_id}",
                 "/fiction/en/search?q=Help+in+need", "/fiction/api/v1/record/entries"]  # fmt: skip
    for outsider in (Client(), sit(cast.chen), sit(cast.secretariat)):
        for address in addresses:
            told = read(outsider, address)
            assert "hiding" not in told, address
            assert row.public_id not in told, address
            assert hidden.public_id not in told, address
        assert outsider.get(f"/fiction/en/agreement/{row.public_id}").status_code == 404
    amina = sit(cast.amina)
    assert "Party in hiding" in read(amina, f"/fiction/en/agreement/{row.public_id}")
    assert "Party in hiding" in read(amina, f"/fiction/en/coalition/{coalition.public_id}")
    assert "1 party belongs" in read(Client(), f"/fiction/en/coalition/{coalition.public_id}")


@pytest.mark.parametrize("kind", ["agreements", "coalitions"])
def test_the_interface_goes_on_behind_the_last_row(cast: Cast, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr("comity.registry.pages.MOST", 2)
    make = agreed if kind == "agreements" else founded
    made = {make(cast, title=f"Number {n}").public_id for n in range(5)}
    seen: list[str] = []
    address = f"/fiction/api/v1/{kind}?on=2026-03-05"
    for length in (2, 2, 1):
        answer = Client().get(address)
        seen += [one["id"] for one in answer.json()]
        assert len(answer.json()) == length
        address = answer.headers.get("Link", "").removeprefix("<").partition(">")[0]
        assert (address.count("on=2026-03-05") == 1) is (len(seen) < 5)
    assert set(seen) == made
    assert len(Client().get(f"/fiction/api/v1/{kind}?after=aaaaaaaaaaaaaaaa").json()) == 2
