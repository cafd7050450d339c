"""The pages and the interface, walked as a reader and as the seats that act."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from comity.conftest import Cast
from comity.deliberation import actions, queries
from comity.deliberation.kinds import CONVERSATION, PRINCIPLE
from comity.deliberation.models import Conversation, OpinionVote, Principle, Statement
from comity.deliberation.tests import factories
from comity.deliberation.tests.factories import AFTER, CLOSES, DURING, OPENS
from comity.people.access import CAST_KEY
from comity.plain.actors import ActorRef
from comity.plain.levels import Level

Sit = Callable[[ActorRef], Client]


@pytest.fixture
def chair(cast: Cast) -> ActorRef:
    return factories.facilitator(cast)


@pytest.fixture
def sit(settings: Any) -> Sit:
    """A client that sits in a seat of the fiction, as a visitor of the demonstration may."""
    settings.DEMO = True

    def seated(actor: ActorRef) -> Client:
        client = Client()
        session = client.session
        session[CAST_KEY] = actor.id
        session.save()
        return client

    return seated


@pytest.fixture
def drawn(cast: Cast, chair: ActorRef) -> tuple[Conversation, list[Statement], Principle]:
    """A closed conversation, two principles, and the small group's report on the second."""
    opened, stated, _run = factories.closed(cast, chair)
    principle = None
    for number in (1, 2):
        principle = actions.draw_principle(
            opened,
            number=number,
            words=f"Principle number {number} holds.",
            language="en",
            fed=stated[:2],
            overruled=[stated[5], stated[13]],
            by=chair,
            at=AFTER + timedelta(days=number),
        )
    assert principle is not None
    actions.file_minority_report(
        principle,
        group="C",
        words="The small group holds that nobody asked it.",
        language="en",
        statement=stated[13],
        by=chair,
        at=AFTER + timedelta(days=3),
    )
    return opened, stated, principle


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content[:2000]
    return answer.content.decode()


@pytest.mark.mission("S53", at="principle")
def test_from_a_principle_one_reaches_every_viewpoint_that_fed_it_and_those_overruled(
    client: Client, drawn: tuple[Conversation, list[Statement], Principle]
) -> None:
    opened, stated, principle = drawn
    listed = page(client, "/fiction/en/principle/")
    address = PRINCIPLE.address(principle, "en")
    assert f'href="{address}"' in listed
    shown = page(client, address)
    fed, overruled = shown.split('id="overruled"')
    for one in stated[:2]:
        assert one.words in fed
    for one in (stated[5], stated[13]):
        assert one.words in overruled
    links = set(re.findall(r'href="([^"]+/all/statements#s-[a-z2-7]{16})"', shown))
    assert {link.split("#s-")[1] for link in links} == {one.public_id for one in (*stated[:2], stated[5], stated[13])}
    for link in links:
        path, anchor = link.split("#")
        assert f'id="{anchor}"' in page(client, path)
    assert "The small group holds that nobody asked it." in shown
    assert CONVERSATION.address(opened, "en") in shown
    told = client.get(f"/fiction/api/v1/principles/{principle.public_id}").json()
    assert [one["words"] for one in told["fed"]] == [one.words for one in stated[:2]]
    assert [one["words"] for one in told["overruled"]] == [stated[5].words, stated[13].words]


@pytest.mark.mission("S51", at="conversation", missing="an open issues list with owners")
def test_the_map_shows_the_minority_and_the_same_votes_give_the_same_groups(
    client: Client, drawn: tuple[Conversation, list[Statement], Principle], chair: ActorRef
) -> None:
    opened, stated, _principle = drawn
    shown = page(client, CONVERSATION.address(opened, "en"))
    assert "3 groups, 4 statements on which all of them agree" in shown
    assert shown.count("<polygon") > 20
    result = opened.run.result
    assert result is not None
    own = next(one for one in stated if one.public_id == result["groups"][2]["own"])
    assert own.words in shown.split("What unites")[0]
    assert queries.redrawn(opened, opened.run)
    told = client.get(f"/fiction/api/v1/conversations/{opened.public_id}").json()
    assert told["fictional"] is True
    assert len(told["map"]["people"]) == 53
    assert told["map"]["stability"]["seed"] == opened.run.seed


def test_dissent_stands_wherever_its_principle_stands(
    client: Client, drawn: tuple[Conversation, list[Statement], Principle]
) -> None:
    opened, _stated, principle = drawn
    words = "The small group holds that nobody asked it."
    for path in (
        "/fiction/en/principle/",
        PRINCIPLE.address(principle, "en"),
        CONVERSATION.address(opened, "en"),
        f"/fiction/api/v1/principles/{principle.public_id}",
        "/fiction/api/v1/principles",
        f"/fiction/api/v1/conversations/{opened.public_id}",
    ):
        assert words in page(client, path), path


def test_a_page_as_of_an_earlier_day_shows_nothing_later(
    client: Client, drawn: tuple[Conversation, list[Statement], Principle]
) -> None:
    opened, _stated, principle = drawn
    address = CONVERSATION.address(opened, "en")
    before = page(client, f"{address}?on={DURING.date()}")
    assert "opinion-map" not in before
    assert "Principle number 1" not in before
    closed = page(client, f"{address}?on={AFTER.date()}")
    assert "opinion-map" in closed
    assert "Principle number 1" not in closed
    second = page(client, f"{address}?on={(AFTER + timedelta(days=2)).date()}")
    assert "Principle number 2" in second
    assert "nobody asked it" not in second
    page(client, f"{PRINCIPLE.address(principle, 'en')}?on={AFTER.date()}", 404)
    told = client.get(f"/fiction/api/v1/conversations/{opened.public_id}?on={DURING.date()}").json()
    assert told["map"] is None
    assert told["principles"] == []


def test_wrong_slugs_redirect_and_what_is_not_there_is_not_there(
    client: Client, drawn: tuple[Conversation, list[Statement], Principle]
) -> None:
    opened, _stated, _principle = drawn
    for path in (f"/fiction/en/conversation/{opened.public_id}", f"/fiction/en/conversation/{opened.public_id}/other"):
        answer = client.get(f"{path}?on={AFTER.date()}")
        assert answer.status_code == 301
        assert answer["Location"] == f"{CONVERSATION.address(opened, 'en')}?on={AFTER.date()}"
    page(client, "/fiction/en/conversation/aaaaaaaaaaaaaaaa/x", 404)
    page(client, CONVERSATION.address(opened, "en").removeprefix("/fiction"), 404)
    assert client.get(f"/api/v1/conversations/{opened.public_id}").status_code == 404


def test_no_exit_tells_who_voted_how(client: Client, drawn: tuple[Conversation, list[Statement], Principle]) -> None:
    opened, _stated, principle = drawn
    address, base = CONVERSATION.address(opened, "en"), f"/fiction/en/conversation/{opened.public_id}/all"
    exits = [address, f"{base}/statements", f"{base}/statements.csv", PRINCIPLE.address(principle, "en")]
    exits += [f"/fiction/api/v1/conversations/{opened.public_id}", f"/fiction/api/v1/principles/{principle.public_id}"]
    texts = [page(client, path) for path in exits]
    for participant in opened.participants.all():
        assert not any(participant.public_id in text for text in texts)
    assert '"disagree"' not in texts[4]
    assert "100" not in json.dumps(client.get(exits[4]).json()["statements"])
    refused = client.get(f"{base}/votes.csv")
    assert refused.status_code == 403
    assert "no group is small" in refused.content.decode()


def test_votes_without_names_are_published_where_they_tell_of_nobody(
    cast: Cast, client: Client, chair: ActorRef
) -> None:
    opened, run = factories.two_large_groups(cast, chair)
    assert run.result is not None
    assert run.result["rows_may_be_published"]
    path = f"/fiction/en/conversation/{opened.public_id}/all/votes.csv"
    assert path in page(client, CONVERSATION.address(opened, "en"))
    rows = page(client, path).splitlines()
    assert len(rows) == 1 + opened.participants.count()
    assert {cell for row in rows[1:] for cell in row.split(",")} <= {"", "1", "0", "-1"}
    page(client, f"{path}?on={DURING.date()}", 404)


def test_a_level_below_public_answers_as_if_nothing_were_there(cast: Cast, chair: ActorRef, sit: Sit) -> None:
    factories.conversation(cast)  # the clock of the fiction moves with what is public alone
    hidden = factories.conversation(cast, level=Level.BODY, title="Hidden waters")
    address = CONVERSATION.address(hidden, "en")
    for client in (Client(), sit(cast.chen), sit(cast.stranger)):
        page(client, address, 404)
        page(client, f"/fiction/en/conversation/{hidden.public_id}/all/statements", 404)
        assert hidden.title not in page(client, "/fiction/en/conversation/")
        assert client.get(f"/fiction/api/v1/conversations/{hidden.public_id}").status_code == 404
    assert hidden.title in page(sit(cast.boris), address)


def test_a_delegate_takes_a_place_and_votes_one_statement_a_screen(cast: Cast, chair: ActorRef, sit: Sit) -> None:
    opened = factories.conversation(cast)
    factories.statements(cast, opened, 3)
    actions.admit(opened, organisation=cast.party, count=2, by=chair, at=DURING)
    client, vote = sit(cast.boris), f"/fiction/en/conversation/{opened.public_id}/do/vote"
    assert "Take a place" in page(client, vote)
    taken = client.post(vote, {"take": "1"})
    assert taken.status_code == 200
    cookie = client.cookies[f"voter-{opened.public_id}"]
    assert cookie["httponly"]
    for expected in ("Agree", "Agree", "Agree"):
        ballot = page(client, vote)
        assert expected in ballot
        statement = re.search(r'name="statement" value="([a-z2-7]{16})"', ballot)
        assert statement is not None
        answer = client.post(vote, {"statement": statement.group(1), "answer": "agree"})
        assert answer.status_code == 302
    assert "You have voted on every statement" in page(client, vote)
    assert sorted(OpinionVote.objects.values_list("value", flat=True)) == [1, 1, 1]
    assert client.post(vote, {"statement": "x", "answer": "agree"}).status_code == 422
    assert str(cookie.value) not in str(dict(client.session))
    again = sit(cast.boris)
    assert "takes one place" in again.post(vote, {"take": "1"}).content.decode()
    assert "opens no place" in again.post(vote, {"key": "guess"}).content.decode()
    another = Client()
    with override_settings(SESSION_COOKIE_SECURE=True):
        assert another.post(vote, {"key": str(cookie.value)}).status_code == 200
    assert another.cookies[f"voter-{opened.public_id}"]["secure"], "behind a proxy the instance says that it is safe"
    assert "You have voted on every statement" in page(another, vote)


def test_the_chair_walks_from_proposal_to_principle_in_forms(cast: Cast, chair: ActorRef, sit: Sit) -> None:
    client = sit(cast.amina)
    told = {
        "network": cast.network.public_id,
        "title": "A question of forms",
        "question": "Do forms work?",
        "topics": ["water"],
        "language": "en",
        "engagement": "",
        "opens": f"{OPENS:%Y-%m-%dT%H:%M}",
        "closes": f"{CLOSES:%Y-%m-%dT%H:%M}",
        "level": "0",
    }
    refused = client.post("/fiction/en/conversation/new", {**told, "closes": told["opens"], "for-good": "yes"})
    assert refused.status_code == 422
    assert (
        client.post(
            "/fiction/en/conversation/new", {**told, "closes": "9999-12-31T23:59", "for-good": "yes"}
        ).status_code
        == 422
    )
    step = client.post("/fiction/en/conversation/new", told).content.decode()
    assert "What will be permanent, and where" in step
    answer = client.post("/fiction/en/conversation/new", {**told, "for-good": "yes"})
    assert answer.status_code == 302, answer.content
    opened = Conversation.objects.get(title="A question of forms")
    stated = factories.statements(cast, opened, 2)
    base = f"/fiction/en/conversation/{opened.public_id}/do"
    said = {"words": "Forms should work without scripts.", "language": "en", "for-good": "yes"}
    client = sit(cast.boris)
    assert client.post(f"{base}/propose", said).status_code == 302
    assert client.post(f"{base}/propose", said).status_code == 422
    assert "takes no part" in sit(cast.chen).post(f"{base}/propose", said).content.decode()
    office = sit(chair)
    admitted = office.post(f"{base}/admit", {"organisation": cast.other_party.public_id, "count": 3})
    assert admitted.content.decode().count("<li>") >= 3
    reason = {"reason": "It names a person."}
    assert office.post(f"{base}/silence/{stated[0].public_id}", reason).status_code == 302
    assert "It names a person." in page(Client(), f"/fiction/en/conversation/{opened.public_id}/all/statements")
    assert office.post(f"{base}/close").status_code == 422


def test_principle_and_report_are_drawn_in_forms(cast: Cast, chair: ActorRef, sit: Sit) -> None:
    opened, stated, _run = factories.closed(cast, chair)
    told = {
        "number": 1,
        "words": "Forms work.",
        "language": "en",
        "fed": [stated[0].public_id],
        "overruled": [stated[5].public_id],
        "level": "0",
        "for-good": "yes",
    }
    path = f"/fiction/en/conversation/{opened.public_id}/do/principle"
    assert sit(cast.amina).post(path, told).status_code == 403
    assert sit(chair).post(path, {**told, "fed": []}).status_code == 422
    assert sit(chair).post(path, {**told, "number": 10**20}).status_code == 422
    assert sit(chair).post(path, told).status_code == 302
    principle = opened.principles.get()
    report = {"group": "C", "words": "Not for us.", "language": "en", "statement": stated[13].public_id}
    path = f"/fiction/en/principle/{principle.public_id}/do/report"
    assert sit(cast.chen).post(path, report).status_code == 403
    voter, address = Client(), PRINCIPLE.address(principle, "en")
    assert "File a minority report" not in page(voter, address)
    placed = [person for person, group in opened.run.placements.items() if group == 2]
    key = "told once to somebody in group C"
    opened.participants.filter(public_id=placed[0]).update(key_digest=queries.digest_of_key(key))
    voter.cookies[queries.cookie_of(opened)] = key
    assert "File a minority report" in page(voter, address)
    assert voter.post(path, {**report, "group": "A"}).status_code == 403
    assert voter.post(path, report).status_code == 302
    assert "Not for us." in page(Client(), PRINCIPLE.address(principle, "en"))


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_pages_stand_in_every_language(
    client: Client, drawn: tuple[Conversation, list[Statement], Principle], language: str
) -> None:
    opened, _stated, principle = drawn
    for path in (
        f"/fiction/{language}/conversation/",
        CONVERSATION.address(opened, language),
        PRINCIPLE.address(principle, language),
    ):
        text = page(client, path)
        assert " style=" not in text
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
        assert len(text.encode()) < 100_000


def test_empty_lists_say_what_would_stand_there(client: Client, cast: Cast) -> None:
    assert "No conversation is open" in page(client, "/fiction/en/conversation/")
    assert "No principle is drawn" in page(client, "/fiction/en/principle/")


def test_the_form_offers_networks_by_their_public_id(cast: Cast, sit: Sit) -> None:
    form = page(sit(cast.amina), "/fiction/en/conversation/new").split('name="network"')[1]
    assert re.findall(r'<option value="([^"]+)"', form)[0] == cast.network.public_id
