"""A desk as its holder uses it: what is due, deputies, drafts, the private calendar and the letters one chose."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from comity.agreements.tests.factories import agreed
from comity.conftest import AT, OPERATOR, Cast
from comity.engagements.actions import convene, register_delegation
from comity.engagements.models import Engagement
from comity.mail.models import Letter
from comity.people import actions
from comity.people.jobs import periodic
from comity.people.models import Draft, Person, Role, Seat
from comity.people.queries import actor_of, holds
from comity.people.tests.holder import sign_in
from comity.people.tests.seats import grant_seat
from comity.people.tests.test_pages import person_of
from comity.plain.actors import ActorRef
from comity.plain.levels import Level, Realm
from comity.visibility.actions import raise_flag

DESK = "/fiction/en/desk"


def seated(client: Client, actor: ActorRef) -> Client:
    """A browser in which somebody carries a seat."""
    client.post("/fiction/en/sign-out")
    sign_in(client, person_of(actor.id).email)
    return client


def beside(cast: Cast, role: Role, name: str) -> ActorRef:
    """A seat beside Amina's."""
    person = actions.register_person(name=name, email=f"{name.lower()}@example.org", language="en", by=OPERATOR, at=AT)
    return actor_of(
        grant_seat(
            person=person,
            organisation=cast.party,
            role=role,
            title="",
            start=AT.date(),
            end=AT.date() + timedelta(days=7),
            for_seat=Seat.objects.get(public_id=cast.amina.id),
            by=OPERATOR,
            at=AT,
        )
    )


def meeting(cast: Cast, starts: datetime, level: Level = Level.PUBLIC, title: str = "Talk of two shores") -> Engagement:
    """A meeting that Amina's party convened and comes to."""
    row = convene(
        topics=["water"],
        network=cast.network,
        kind="visit",
        title=title,
        capacity="party",
        place="Testhaven",
        country="",
        zone="Europe/Paris",
        starts=starts,
        ends=starts + (starts - AT) / 100,
        house_rule="public",
        level=level,
        organisation=cast.party,
        by=cast.amina,
        at=AT,
    )
    register_delegation(row, organisation=cast.party, size=2, by=cast.amina, at=AT)
    return row


def test_a_report_is_due_done_in_place_and_leads_back(client: Client, cast: Cast) -> None:
    row = meeting(cast, AT)
    page = seated(client, cast.amina).get(DESK).content.decode()
    act = f"/fiction/en/engagement/{row.public_id}/do/report?from=desk"
    assert act in page
    key = f"engagement%3A{row.public_id}%3Areport"
    step = client.post(f"{DESK}?do={key}", {"words": "We met.", "language": "en"})
    assert "What will be permanent, and where" in step.content.decode()
    assert 'name="words" value="We met."' in step.content.decode()
    answer = client.post(f"{DESK}?do={key}", {"words": "We met.", "language": "en", "for-good": "1"})
    assert answer.headers["Location"] == f"{DESK}?done={key}#first"
    assert act not in client.get(DESK).content.decode().split('id="due"')[0]
    assert "Report: Talk of two shores" in client.get(f"{DESK}/due.csv?show=all").content.decode()


def test_a_few_fields_are_asked_on_the_desk_itself_and_it_then_says_what_is_true(client: Client, cast: Cast) -> None:
    row = meeting(cast, AT + timedelta(days=9))
    page = seated(client, cast.chen).get(DESK).content.decode()
    form = page.split('<details class="in-place"', 1)[1].split("</details>", 1)[0]
    assert 'name="size"' in form
    action = unescape(re.findall(r'action="([^"]+)"', form)[0])
    refused = client.post(DESK + action, {"size": "0"})
    assert refused.status_code == 422
    placed = refused.content.decode().split('id="do"', 1)[1].split("</li>", 1)[0]
    assert 'value="0"' in placed
    assert 'class="error"' in placed
    answer = client.post(DESK + action, {"size": "3"})
    assert row.participations.filter(organisation=cast.other_party, heads_count=3).exists()
    assert answer.headers["Location"].startswith(f"{DESK}?done=engagement%3A{row.public_id}%3Aregister")
    after = client.get(answer.headers["Location"]).content.decode()
    told = after.split('role="status">', 1)[1].split("</p>", 1)[0]
    assert "Talk of two shores" in told
    assert action not in after


def test_what_an_address_claims_was_done_is_said_only_where_it_stands(client: Client, cast: Cast) -> None:
    hidden = meeting(cast, AT + timedelta(days=9), Level.ORGANISATION, title="Hushed talk")
    seated(client, cast.chen)
    for claimed in (f"engagement:{hidden.public_id}:register", "engagement:aaaaaaaaaaaaaaaa:register", "x", "<b>:<i>"):
        page = client.get(DESK, {"done": claimed}).content.decode()
        assert 'role="status"' not in page
        assert "Hushed talk" not in page


def test_the_shelf_of_contacts_says_with_whom_last_and_with_how_many_none(client: Client, cast: Cast) -> None:
    page = seated(client, cast.amina).get(DESK).content.decode()
    assert "No contact is noted yet." in page
    for day in ("2026-03-01", "2026-03-02"):
        note = {
            "level": "4", "attribution": "none", "channel": "call", "spoken_on": day, "words": "Said so.",
            "language": "en", "counterpart": cast.other_party.name,
        }  # fmt: skip
        assert client.post("/fiction/en/contact/new", note).status_code == 302
    page = client.get(DESK).content.decode()
    assert "2\xa0March\xa02026; 2 notes" in page
    assert "A contact is noted with every other party of your networks." in page


def test_a_deputy_acts_between_its_dates_and_gives_no_seat(cast: Cast) -> None:
    deputy = beside(cast, Role.DEPUTY, "Deniz")
    assert holds(deputy, AT, organisation=cast.party, network=cast.network, roles=[Role.HEAD])
    assert not holds(deputy, AT + timedelta(days=8), organisation=cast.party, roles=[Role.HEAD])
    actions.revoke_seat(Seat.objects.get(public_id=cast.amina.id), by=OPERATOR, at=AT)
    assert not holds(deputy, AT, organisation=cast.party, roles=[Role.HEAD])


@pytest.mark.parametrize("end", [None, AT.date()])
def test_a_seat_beside_another_names_it_and_a_deputy_ends(cast: Cast, end: object) -> None:
    with pytest.raises((actions.BesideNoSeat, actions.DeputyWithoutEnd)):
        grant_seat(
            person=Person.objects.get(email="boris@example.org"),
            organisation=cast.party,
            role=Role.DEPUTY,
            title="",
            start=AT.date(),
            end=end,
            for_seat=Seat.objects.get(public_id=cast.amina.id) if end is None else None,
            by=OPERATOR,
            at=AT,
        )


def test_what_is_prepared_waits_for_the_office_holder(
    client: Client, cast: Cast, check_record: Callable[[], None]
) -> None:
    row, preparer = meeting(cast, AT), beside(cast, Role.PREPARER, "Paula")
    act = f"/fiction/en/engagement/{row.public_id}/do/report"
    assert seated(client, preparer).post(act, {"words": "Prepared words.", "language": "en"}).status_code == 302
    row.refresh_from_db()
    assert row.report == ""
    seated(client, cast.chen)
    assert "Prepared words." not in client.get(act).content.decode()
    page = seated(client, cast.amina).get(DESK).content.decode()
    assert "Read and approve" in page
    assert "Prepared words." in client.get(act).content.decode()
    client.post(act, {"words": "Approved words.", "language": "en", "for-good": "1"})
    row.refresh_from_db()
    assert row.report == "Approved words."
    assert list(Draft.objects.values_list("fields", flat=True)) == [{}]
    assert "Paula" not in client.get(f"/fiction/en/engagement/{row.public_id}", follow=True).content.decode()


def test_the_calendar_tells_dates_and_nothing_confidential(client: Client, cast: Cast) -> None:
    starts = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    meeting(cast, starts)
    meeting(cast, starts, Level.BODY, title="Hushed talk")
    page = seated(client, cast.amina).post(f"{DESK}/calendar", {"do": "make"}).content.decode()
    address = page.split('<code class="shown-once" dir="ltr">http://testserver', 1)[1].split("</code>", 1)[0]
    stranger = Client()
    answer = stranger.get(address)
    assert answer.status_code == 200
    assert "private" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    events: list[Any] = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    told = [str(event["summary"]) for event in events]
    assert "Talk of two shores" in told
    assert "A date on your desk" in told
    assert b"Hushed" not in answer.content
    assert {str(event["url"]) for event in events} == {"http://testserver/fiction/en/desk"}
    talk = next(event for event in events if str(event["summary"]) == "Talk of two shores")
    assert talk["dtstart"].params["TZID"] == "Europe/Paris"
    assert talk["dtstart"].dt.hour == 10
    client.post(f"{DESK}/calendar", {"do": "end"})
    gone, never = stranger.get(address), stranger.get(f"/fiction/calendar/{'x' * 43}.ics")
    assert gone.status_code == never.status_code == 404
    assert address.removeprefix("/fiction") != address
    assert stranger.get(address.removeprefix("/fiction")).status_code == 404


def test_a_digest_comes_once_a_day_only_if_chosen_and_says_nothing_on_its_envelope(client: Client, cast: Cast) -> None:
    meeting(cast, AT, Level.BODY, title="Hushed talk")
    morning = AT + timedelta(days=25)
    assert periodic(Realm.FICTION, morning) == []
    given = {"digest": "daily", "remind_days": "0", "language": "en", "time_zone": "UTC"}
    assert seated(client, cast.amina).post(f"{DESK}/choices", given).status_code == 302
    for _run in range(2):
        periodic(Realm.FICTION, morning)
    letter = Letter.objects.get()
    assert letter.subject == "1 date on your desk"
    assert "A date on your desk" in letter.body
    assert "Hushed" not in letter.body + letter.subject


MORNING = datetime(2026, 3, 27, 10, tzinfo=UTC)
"""A Friday on which the report of a meeting of 2 March is due within days."""


def choose(client: Client, **told: str) -> None:
    given = {"digest": "none", "remind_days": "0", "language": "en", "time_zone": "UTC"} | told
    assert client.post(f"{DESK}/choices", given).status_code == 302


def test_a_weekly_digest_whose_monday_nobody_worked_comes_on_the_next_day(client: Client, cast: Cast) -> None:
    meeting(cast, AT, Level.BODY)
    choose(seated(client, cast.amina), digest="weekly")
    monday = datetime(2026, 3, 23, 10, tzinfo=UTC)
    days = [monday + timedelta(days=n) for n in (-1, 0, 1, 8, 9)]  # the Monday after is missed
    written = [bool(periodic(Realm.FICTION, day)) for day in days]
    assert written == [False, True, False, True, False]


def test_a_reminder_that_nobody_wrote_on_its_day_comes_the_day_after_and_once(client: Client, cast: Cast) -> None:
    meeting(cast, AT, Level.BODY)
    choose(seated(client, cast.amina), remind_days="7")
    due = datetime(2026, 4, 1, 10, tzinfo=UTC)
    written = [bool(periodic(Realm.FICTION, due - timedelta(days=n))) for n in (8, 6, 5, 0)]
    assert written == [False, True, False, False]


def test_a_morning_is_worked_once_and_asks_nothing_more(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    meeting(cast, AT, Level.BODY)
    choose(seated(client, cast.amina), digest="daily", time_zone="Asia/Kathmandu")
    assert periodic(Realm.FICTION, datetime(2026, 3, 27, 1, 14, tzinfo=UTC)) == []  # 6:59 there
    assert periodic(Realm.FICTION, datetime(2026, 3, 27, 1, 15, tzinfo=UTC)) != []
    with django_assert_max_num_queries(4):
        assert periodic(Realm.FICTION, datetime(2026, 3, 27, 9, tzinfo=UTC)) == []


def test_whoever_reads_the_mailbox_ends_the_letters_with_one_click(client: Client, cast: Cast) -> None:
    meeting(cast, AT, Level.BODY)
    choose(seated(client, cast.amina), digest="daily")
    periodic(Realm.FICTION, MORNING)
    letter = Letter.objects.get()
    assert letter.leave in letter.body
    address = "/" + letter.leave.split("/", 3)[3]
    program = Client(enforce_csrf_checks=True)
    looked = program.get(address)
    assert (looked.status_code, looked.headers["Referrer-Policy"], looked.cookies) == (200, "no-referrer", {})
    assert Person.objects.get(email=letter.to).choices.digest == "daily"
    for _click in range(2):
        assert program.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Person.objects.get(email=letter.to).choices.digest == "none"
    assert periodic(Realm.FICTION, MORNING + timedelta(days=1)) == []
    assert program.post(address.replace("/end", "x/end")).status_code == 404


def test_a_letter_that_was_not_taken_is_told_to_its_reader_and_to_who_gave_the_seat(client: Client, cast: Cast) -> None:
    meeting(cast, AT, Level.BODY)
    choose(seated(client, cast.amina), digest="daily")
    for day in range(3):
        periodic(Realm.FICTION, MORNING + timedelta(days=day))
        Letter.objects.filter(refused="").update(refused="SMTPRecipientsRefused 550", body="")
    assert periodic(Realm.FICTION, MORNING + timedelta(days=3)) == []
    page = client.get(f"{DESK}/choices").content.decode()
    assert "to amina@example.org was not taken" in page
    assert "No more digests are sent there" in page
    choose(client, digest="daily")
    Letter.objects.update(refused="no outcome")
    assert "is not known: sending it broke off" in client.get(f"{DESK}/choices").content.decode()
    other = actions.register_person(name="Olga", email="olga@example.org", language="en", by=OPERATOR, at=AT)
    grant_seat(
        person=other, organisation=cast.party, role=Role.OFFICER, title="", start=AT.date(), by=OPERATOR, at=AT
    )  # fmt: skip
    officer = seated(client, actor_of(other.seats.get()))
    listed = officer.get(f"{DESK}/organisation/{cast.party.public_id}/seats").content.decode()
    assert "arrived is not known: ask." in listed
    assert "not known" not in seated(client, cast.boris).get(f"{DESK}/choices").content.decode()


def read(address: str, **headers: str) -> Any:
    return Client().get(address, headers=headers)


def calendar_of(client: Client) -> str:
    """A new address of the reader's calendar."""
    page = client.post(f"{DESK}/calendar", {"do": "make"}).content.decode()
    assert "webcal://testserver/fiction/calendar/" in page
    return page.split('<code class="shown-once" dir="ltr">http://testserver', 1)[1].split("</code>", 1)[0]


def test_a_calendar_unchanged_is_not_sent_again_nor_one_that_was_ended_kept(client: Client, cast: Cast) -> None:
    row = meeting(cast, datetime(2026, 7, 1, 8, tzinfo=UTC))
    address = calendar_of(seated(client, cast.amina))
    first = read(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert not first.cookies
    again = read(address, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    raise_flag(row, reason="A threat.", by=cast.amina, at=AT)
    changed = read(address, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert b"two shores" not in changed.content
    uids = [re.findall(rb"UID:(\S+)", answer.content) for answer in (first, changed)]
    assert set(uids[0]) < set(uids[1])  # the days of the meeting stay, and its review is due
    assert b"ended: from now on" in client.post(f"{DESK}/calendar", {"do": "end"}).content
    assert read(address, **{"If-None-Match": changed.headers["ETag"]}).status_code == 404


def test_a_calendar_keeps_to_the_clocks_of_the_places_and_to_the_grammar(client: Client, cast: Cast) -> None:
    told: dict[str, Any] = {
        **{"network": cast.network, "kind": "visit", "capacity": "party", "place": "Haven", "country": ""},
        **{"house_rule": "public", "level": Level.PUBLIC, "topics": ["water"]},
        **{"organisation": cast.party, "by": cast.amina, "at": AT},
    }
    for title, zone, starts in (
        ("Across the change of clocks", "Europe/Brussels", datetime(2026, 10, 24, 8, tzinfo=UTC)),
        ("In the hills, with a comma; and more", "Asia/Kathmandu", datetime(2026, 7, 1, 8, tzinfo=UTC)),
    ):
        row = convene(title=title, zone=zone, starts=starts, ends=starts + timedelta(days=2), **told)
        register_delegation(row, organisation=cast.party, size=2, by=cast.amina, at=AT)
    agreed(cast, starts=AT.date(), expires=date(2027, 3, 31))
    written = read(calendar_of(seated(client, cast.amina))).content
    lines = written.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    unfolded = written.replace(b"\r\n ", b"").decode().split("\r\n")
    assert "DTSTART;TZID=Europe/Brussels:20261024T100000" in unfolded
    assert "DTEND;TZID=Europe/Brussels:20261026T090000" in unfolded
    assert "DTSTART;TZID=Asia/Kathmandu:20260701T134500" in unfolded
    assert "SUMMARY:In the hills\\, with a comma\\; and more" in unfolded
    assert "DTSTART;VALUE=DATE:20270331" in unfolded
    assert "DTEND;VALUE=DATE:20270401" in unfolded
    assert {"METHOD:PUBLISH", "NAME:Your desk", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"} <= set(unfolded)
    zones = {line.partition(":")[2] for line in unfolded if line.startswith("TZID:")}
    assert zones == {"Europe/Brussels", "Asia/Kathmandu"}
    events: list[Any] = list(Calendar.from_ical(written).walk("VEVENT"))
    for event in events:
        ends = event.get("dtend")
        assert ends is None or ends.dt > event["dtstart"].dt


def test_a_choice_out_of_range_is_refused_at_its_field(client: Client, cast: Cast) -> None:
    given = {"digest": "hourly", "remind_days": "400", "language": "en", "time_zone": "Moon/Tranquility"}
    answer = seated(client, cast.amina).post(f"{DESK}/choices", given)
    assert answer.status_code == 422
    assert answer.content.decode().count('class="error"') == 3


def test_nobody_takes_the_seat_of_another_on_her_desk(client: Client, cast: Cast) -> None:
    assert seated(client, cast.amina).post(f"{DESK}/take", {"seat": cast.chen.id}).status_code == 403
    away = client.post(f"{DESK}/take", {"seat": cast.amina.id, "next": "https://elsewhere.example/"})
    assert away.headers["Location"] == DESK
