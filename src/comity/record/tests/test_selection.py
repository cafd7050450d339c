"""What a reader chooses of the record: each choice alone and together, on the page and in the interface."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from comity.conftest import AT, Cast
from comity.plain.actors import SYSTEM
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record import listing, queries, selection
from comity.record.actions import append, close_batch, sequence
from comity.record.selection import Selection, chosen, how_many, occurring

RECORD = "/fiction/en/record/"
API = "/fiction/api/v1/record/entries"
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads so small a table as it is")
FIRST, SECOND = Ref("text", "a" * 16), Ref("text", "b" * 16)


@pytest.fixture
def log(cast: Cast) -> Cast:
    """The cast's own entries; then eight acts on two texts and an amendment on eight days, and a restricted batch."""
    for day in range(8):
        subject = Ref("amendment", "c" * 16) if day == 7 else FIRST if day % 2 == 0 else SECOND
        append(
            "texts.drafted" if day < 2 else "texts.revised",
            realm=Realm.FICTION,
            subject=subject,
            by=cast.chen if day >= 6 else cast.amina,
            at=AT + timedelta(days=day),
        )
    sequence(Realm.FICTION)
    append("security.warning_given", realm=Realm.FICTION, subject=FIRST, by=cast.amina, at=AT, level=Level.ROOM)
    close_batch(Realm.FICTION, AT)
    return cast


def days(asked: Selection) -> list[int]:
    """The days, counted from the first, on which the chosen acts on texts and amendments were done, newest first."""
    found = chosen(Realm.FICTION, asked, 50, at=AT).entries
    return [(entry.at - AT).days for entry in found if entry.type.startswith("texts.")]


def test_each_choice_narrows_and_all_hold_together(log: Cast) -> None:
    assert days(Selection()) == [7, 6, 5, 4, 3, 2, 1, 0]
    assert days(Selection(about=str(FIRST))) == [6, 4, 2, 0]
    assert days(Selection(kind="amendment")) == [7]
    assert days(Selection(type="texts.drafted")) == [1, 0]
    assert days(Selection(organisation=log.other_party.public_id)) == [7, 6]
    assert days(Selection(first=(AT + timedelta(days=2)).date(), last=(AT + timedelta(days=5)).date())) == [5, 4, 3, 2]
    together = Selection(
        organisation=log.party.public_id,
        kind="text",
        about=str(SECOND),
        type="texts.revised",
        first=(AT + timedelta(days=4)).date(),
    )
    assert days(together) == [5]
    assert days(Selection(about="text:" + "z" * 16)) == []


def test_an_organisation_is_found_where_it_acted_and_where_an_entry_is_about_it(log: Cast) -> None:
    found = chosen(Realm.FICTION, Selection(organisation=log.party.public_id), 50, at=AT).entries
    own = Ref("organisation", log.party.public_id)
    assert {entry.subject == own for entry in found} == {True, False}
    assert all(entry.organisation == log.party.public_id or entry.subject == own for entry in found)


def test_the_last_day_is_whole_and_days_are_of_universal_time(cast: Cast) -> None:
    late = datetime(2026, 5, 1, 23, 59, 59, tzinfo=UTC)
    append("texts.drafted", realm=Realm.FICTION, subject=FIRST, by=SYSTEM, at=late)
    sequence(Realm.FICTION)
    assert len(chosen(Realm.FICTION, Selection(first=late.date(), last=late.date()), 9, at=AT).entries) == 1
    day = late.date() + timedelta(days=1)
    assert chosen(Realm.FICTION, Selection(first=day, last=day), 9, at=AT).entries == []


def test_who_acted_on_what_is_closed_is_found_by_no_choice(log: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "readable", lambda refs, realm, at: {ref for ref in refs if ref != FIRST})
    assert days(Selection(organisation=log.other_party.public_id)) == [7]
    assert days(Selection()) == [7, 6, 5, 4, 3, 2, 1, 0]


def test_an_organisation_that_not_everybody_may_read_is_found_by_no_choice(
    log: Cast, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    own = Ref("organisation", log.party.public_id)
    monkeypatch.setattr(queries, "readable", lambda refs, realm, at: {ref for ref in refs if ref != own})
    for asked in (Selection(organisation=own.id), Selection(about=str(own))):
        assert chosen(Realm.FICTION, asked, 50, at=AT).entries == []
    told = client.get(API, {"limit": "200"}).json()
    name = queries.drawn("fiction", [own])[own]
    assert {one["subject"] for one in told if one["type"] == "registry.organisation_listed"} >= {f"organisation:{name}"}
    assert str(own) not in {one["subject"] for one in told}


def test_pages_go_on_by_the_number_of_their_last_entry(log: Cast) -> None:
    asked = Selection(organisation=log.party.public_id)
    whole = [entry.index for entry in chosen(Realm.FICTION, asked, 50, at=AT).entries]
    turned: list[int | None] = []
    before: int | None = None
    while True:
        page = chosen(Realm.FICTION, asked, 2, at=AT, before=before)
        turned += [entry.index for entry in page.entries]
        if page.onward is None:
            break
        before = page.onward
    assert turned == whole


def test_nothing_tells_that_an_organisation_acted_on_what_is_closed(log: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a list nor the number from which it goes on nor its count differs from that of who did nothing."""
    monkeypatch.setattr(
        queries, "readable", lambda refs, realm, at: {ref for ref in refs if ref.kind == "organisation"}
    )
    monkeypatch.setattr(selection, "BLOCK", 2)
    asked = Selection(organisation=log.party.public_id, kind="text")
    page = chosen(Realm.FICTION, asked, 1, at=AT)
    assert (page.entries, page.onward) == ([], None)
    assert how_many(Realm.FICTION, asked, at=AT) == 0


def test_what_is_closed_between_two_acts_is_passed_over_and_the_page_still_full(
    log: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "readable", lambda refs, realm, at: {ref for ref in refs if ref != SECOND})
    monkeypatch.setattr(selection, "BLOCK", 2)
    asked = Selection(organisation=log.party.public_id, kind="text")
    page = chosen(Realm.FICTION, asked, 2, at=AT)
    assert [(entry.at - AT).days for entry in page.entries] == [4, 2]
    rest = chosen(Realm.FICTION, asked, 2, at=AT, before=page.onward)
    assert ([(entry.at - AT).days for entry in rest.entries], rest.onward) == ([0], None)
    assert how_many(Realm.FICTION, asked, at=AT) == 3


def test_what_fits_is_counted_up_to_a_bound(log: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for asked in (Selection(kind="text"), Selection(organisation=log.party.public_id), Selection(about=str(FIRST))):
        whole = chosen(Realm.FICTION, asked, 200, at=AT).entries
        assert how_many(Realm.FICTION, asked, at=AT) == len(whole) > 3
    assert re.search(r"<bdi[^>]*>7</bdi> entries fit|7 entries fit", shown(client, "?kind=text"))
    for module in (selection, listing):
        monkeypatch.setattr(module, "MOST", 3)
    assert how_many(Realm.FICTION, Selection(kind="text"), at=AT) == 4
    assert how_many(Realm.FICTION, Selection(organisation=log.party.public_id), at=AT) == 4
    assert re.search(r"More than (<bdi[^>]*>)?3(</bdi>)? entries fit", shown(client, "?kind=text"))
    assert "entries fit" not in shown(client, "")


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL looks through so small a table whatever stands beside"
)
@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (Selection(type="texts.revised"), "entry_listed_by_type"),
        (Selection(kind="text"), "entry_listed_by_kind"),
        (Selection(kind="text", type="texts.revised"), "entry_listed_by_type"),
        (Selection(kind="text", first=AT.date()), "entry_listed_by_kind"),
        (Selection(about=str(FIRST)), "entry_by_subject"),
    ],
)
def test_each_choice_is_found_by_an_index_of_its_own(log: Cast, asked: Selection, index: str) -> None:
    (part,) = selection._fitting(Realm.FICTION, asked, AT)
    plan = part.order_by("-index")[:50].explain()
    assert index in plan
    assert "TEMP B-TREE" not in plan or index == "entry_by_subject"


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL looks through so small a table whatever stands beside"
)
def test_an_organisation_is_found_by_what_it_did_and_by_what_is_about_it(log: Cast) -> None:
    asked = Selection(organisation=log.party.public_id, kind="text", type="texts.revised")
    acted, about_it = selection._fitting(Realm.FICTION, asked, AT)
    assert "entry_listed_by" in acted.order_by("-index").explain()
    assert "entry_by_subject" in about_it.order_by("-index").explain()


def test_days_are_known_by_their_numbers_also_where_an_act_is_dated_back(log: Cast) -> None:
    append("texts.revised", realm=Realm.FICTION, subject=FIRST, by=SYSTEM, at=AT - timedelta(days=9))
    sequence(Realm.FICTION)
    day = (AT - timedelta(days=9)).date()
    assert days(Selection(first=day, last=day)) == [-9]
    assert days(Selection(last=AT.date())) == [-9, 0]
    assert days(Selection(first=(AT + timedelta(days=7)).date())) == [7]
    assert chosen(Realm.FICTION, Selection(first=date(1999, 1, 1), last=date(1999, 1, 2)), 9, at=AT).entries == []


def test_what_occurs_is_told_without_what_is_restricted_and_grows_with_the_log(log: Cast) -> None:
    known = occurring(Realm.FICTION)
    assert ("texts.revised", "amendment") in known
    assert not any(type.startswith(("security.", "record.decoy")) for type, _kind in known)
    append("rules.adopted", realm=Realm.FICTION, subject=Ref("rule", "d" * 16), by=SYSTEM, at=AT)
    assert occurring(Realm.FICTION) == known
    sequence(Realm.FICTION)
    assert occurring(Realm.FICTION) == known | {("rules.adopted", "rule")}
    assert occurring(Realm.REAL) == set()


def shown(client: Client, question: str) -> str:
    answered = client.get(RECORD + question)
    assert answered.status_code == 200
    return answered.content.decode()


def rows(page: str) -> int:
    return page.count('<th scope="row" class="what">')


def test_the_choices_stand_in_the_address_and_in_every_link_of_the_page(log: Cast, client: Client) -> None:
    question = f"?organisation={log.party.public_id}&type=texts.revised&to=2026-12"
    page = shown(client, question)
    assert rows(page) == 4
    assert "Test Shore Union</span></a>" in page
    assert f'type="hidden" name="organisation" value="{log.party.public_id}"' in page
    assert '<option value="texts.revised" selected>' in page
    assert 'href="?type=texts.revised&amp;to=2026-12"' in page


def test_empty_choices_leave_the_address(log: Cast, client: Client) -> None:
    answered = client.get(RECORD + "?organisation=&about=&kind=text&type=&from=&to=")
    assert (answered.status_code, answered["Location"]) == (302, f"{RECORD}?kind=text")


def test_a_name_leads_to_its_organisation_and_a_name_of_several_asks_which(log: Cast, client: Client) -> None:
    answered = client.get(RECORD, {"organisation": "test shore union", "kind": "text"})
    assert answered["Location"] == f"{RECORD}?organisation={log.party.public_id}&kind=text"
    page = shown(client, "?organisation=Test+Shore")
    assert "Which one?" in page
    assert f'href="?organisation={log.party.public_id}"' in page
    assert rows(page) == 0


@pytest.mark.parametrize(
    "form", ["{}", "organisation:{}", "network:{}", "/fiction/en/organisation/{}/-", "http://x/organisation/{}"]
)
def test_a_thing_is_named_by_its_id_its_reference_or_its_address(log: Cast, client: Client, form: str) -> None:
    answered = client.get(RECORD, {"about": form.format(log.party.public_id)}, follow=True)
    page = answered.content.decode()
    assert rows(page) == len(queries.entries_of(Ref("organisation", log.party.public_id)))
    assert "Test Shore Union" in page


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("?from=yesterday", "A date is written YYYY"),
        ("?to=2026-02-30", "A date is written YYYY"),
        ("?from=2026-05&to=2026-04", "The first day lies after the last"),
        ("?organisation=Nobody+at+all", "Nothing that everybody may read bears these words"),
        ("?about=%E2%80%AE%28%25", "may read bears these words"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_nothing_is_listed(
    log: Cast, client: Client, question: str, told: str
) -> None:
    page = shown(client, question)
    assert told in page
    assert rows(page) == 0


def test_unknown_kinds_and_types_find_nothing_and_say_so(log: Cast, client: Client) -> None:
    for question in ("?kind=%25", "?type=nothing.done", "?before=0"):
        assert "No entry fits" in shown(client, question)


def test_the_interface_knows_the_same_choices_and_leads_on(log: Cast, client: Client) -> None:
    answered = client.get(API, {"about": str(FIRST), "limit": "3"})
    assert [one["at"][:10] for one in answered.json()] == ["2026-03-08", "2026-03-06", "2026-03-04"]
    onward = re.fullmatch(r'<(.+)>; rel="next"', answered["Link"])
    assert onward is not None
    rest = client.get(onward[1])
    assert [one["at"][:10] for one in rest.json()] == ["2026-03-02"]
    assert "Link" not in rest
    both = client.get(API, {"organisation": log.other_party.public_id, "from": "2026-03-08", "to": "2026-03-08"})
    assert len(both.json()) == 1


@pytest.mark.parametrize(
    "asked",
    [{"about": "nothing"}, {"organisation": "Test Shore Union"}, {"from": "soon"}, {"from": "2027", "to": "2026"}],
)
def test_the_interface_refuses_what_cannot_be_read_and_says_how_it_is_written(
    log: Cast, client: Client, asked: dict[str, str]
) -> None:
    answered = client.get(API, asked)
    assert answered.status_code in {400, 409, 422}
    assert len(answered.json()["detail"]) > 20
