"""Topics: the table, filing with an act and anew, the page of a topic, what is related, and what may not be told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comity.commitments.actions import open_commitments
from comity.conftest import Cast
from comity.engagements.tests.factories import talks
from comity.people.access import CAST_KEY
from comity.people.filing import may_refile
from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.kinds import all_kinds, kind_named
from comity.plain.levels import Level, Realm
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.refusals import NotAllowed, Refusal
from comity.record.queries import entries_of, facts_of
from comity.registry.core.topics import MOST, NoTopicChosen, TooManyTopics, UnknownTopic, read_taxonomy
from comity.registry.models import Filing
from comity.registry.topics import actions, queries
from comity.texts.actions import draft, file_dissent
from comity.texts.models import Text
from comity.texts.tests.congress import AT, VOTE, Congress, convene, promise_clauses

Sit = Callable[[ActorRef], Client]
LATER = VOTE + timedelta(days=30)


@pytest.fixture
def sit(settings: Any) -> Sit:
    settings.DEMO = True

    def seated(actor: ActorRef) -> Client:
        client = Client()
        session = client.session
        session[CAST_KEY] = actor.id
        session.save()
        return client

    return seated


@pytest.fixture
def congress(db: None) -> Congress:
    return convene(4)


def place(actor: ActorRef = ANONYMOUS, at: Any = LATER) -> Place:
    return Place(Realm.FICTION, "en", actor, at, at.date())


def text_of(congress: Congress, title: str, *topics: str, level: Level = Level.PUBLIC) -> Text:
    return draft(
        network=congress.network,
        title=title,
        language="en",
        kind="declaration",
        blocks=promise_clauses(1),
        originator=congress.parties[0],
        level=level,
        topics=topics,
        by=congress.heads[0],
        at=AT,
    )


def codes(row: Any, where: Place) -> list[str]:
    return [topic.code for topic in queries.topics_of(row, where)]


# -- the table ---------------------------------------------------------------------------------------------------------


def test_the_table_is_whole() -> None:
    taxonomy = queries.taxonomy()
    assert {goal for topic in taxonomy.topics.values() for goal in topic.goals} >= {
        1,
        3,
        4,
        5,
        8,
        9,
        10,
        11,
        13,
        14,
        16,
        17,
    }
    assert taxonomy.under("food-oceans") == {"food-oceans", "fisheries", "food"}
    assert all(len(topic.label) <= 60 and topic.scope for topic in taxonomy.topics.values())


@pytest.mark.parametrize(
    "rows",
    ["a,,A,s,16\na,,A,s,16", "a,b,A,s,16", "a,,A,s,18", "a,,A,s,", "a,,A,s,1\nb,a,B,s,1\nc,b,C,s,1"],
    ids=["twice", "no broader", "no such goal", "no goal", "three floors"],
)
def test_a_table_that_cannot_be_is_refused(rows: str) -> None:
    with pytest.raises(ValueError, match="topic"):
        read_taxonomy(["code,broader,label,scope,goals\n", *(f"{row}\n" for row in rows.split("\n"))])


def test_every_kind_says_how_its_things_come_by_topics() -> None:
    for kind in all_kinds():
        assert kind.filed.said, f"say in Kind.filed how a {kind.name} comes by its topics, or why it has none"
        assert kind.filed.bears_topics != bool(kind.filed.why) or kind.filed.always
        assert set(kind.filed.always) <= set(queries.taxonomy().topics)
        for within in kind.filed.within:
            outer = kind_named(within.kind)
            assert outer is not None
            assert outer.filed.by_hand


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        ([], NoTopicChosen),
        (["<b>tides</b>"], UnknownTopic),
        (["water", "x" * 10_000], UnknownTopic),
        (list(queries.taxonomy().topics)[: MOST + 1], TooManyTopics),
        ([*queries.taxonomy().topics] * 2, TooManyTopics),
    ],
    ids=["none", "script", "huge", "six", "sixty"],
)
def test_a_choice_that_tells_nothing_is_refused_and_nothing_is_written(
    congress: Congress, chosen: list[str], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        text_of(congress, "On tides", *chosen)
    assert not Text.objects.exists()
    assert not Filing.objects.exists()


# -- filing ------------------------------------------------------------------------------------------------------------


def test_topics_stand_in_the_entry_of_the_act(congress: Congress) -> None:
    text = text_of(congress, "On tides", "water", "climate", "water")
    assert codes(text, place()) == ["climate", "water"]
    (entry,) = entries_of(Ref("text", text.public_id), known_by=LATER)
    assert facts_of(entry)["topics"] == ["climate", "water"]


def test_what_stands_in_a_thing_is_filed_as_that(congress: Congress) -> None:
    adoption = congress.adopted(text_of(congress, "On tides", "fisheries"))
    open_commitments(adoption, by=congress.secretariat, at=LATER)
    where = place()
    for kind in ("text", "decision", "commitment"):
        found = kind_named(kind)
        assert found is not None
        rows = list(found.standing(where))
        assert rows
        for row in rows:
            assert codes(row, where) == ["fisheries"]
        assert set(queries.under(found, "food-oceans", where)) == set(rows)
        assert not queries.under(found, "peace", where).exists()
    assert codes(adoption.decision, place()) == ["fisheries"]


def test_refiling_is_an_act_with_a_reason_and_both_stand(congress: Congress) -> None:
    text = text_of(congress, "On tides", "water", "climate")
    by = congress.heads[0]
    actions.refile(text, ["water", "peace"], before=["water", "climate"], reason="On  borders.", by=by, at=VOTE)
    assert codes(text, place()) == ["water", "peace"]
    assert codes(text, place(at=AT + timedelta(days=1))) == ["climate", "water"]
    kind = kind_named("text")
    assert kind is not None
    history = {(row.topic, row.reason, row.end_reason) for row in queries.history_of(kind, text, place())}
    assert history == {
        ("water", "", ""),
        ("climate", "", "On borders."),
        ("peace", "On borders.", ""),
    }
    entry = entries_of(Ref("text", text.public_id), known_by=LATER)[-1]
    assert (entry.type, facts_of(entry)["after"]) == ("registry.refiled", ["water", "peace"])
    told: dict[str, Any] = {"by": by, "at": LATER}
    with pytest.raises(actions.RefiledMeanwhile):
        actions.refile(text, ["food"], before=["water", "climate"], reason="again", **told)
    with pytest.raises(actions.NothingRefiled):
        actions.refile(text, ["peace", "water"], before=["water", "peace"], reason="again", **told)
    with pytest.raises(actions.WhyRefiled):
        actions.refile(text, ["food"], before=["water", "peace"], reason=" ", **told)
    with pytest.raises(NotAllowed):
        actions.refile(text, ["food"], before=["water", "peace"], reason="ours", by=congress.heads[1], at=LATER)
    assert may_refile(by, LATER, text)
    assert not may_refile(congress.delegates[0], LATER, text)


def test_a_restricted_thing_is_refiled_under_a_seal(congress: Congress) -> None:
    text = text_of(congress, "Our own", "water", level=Level.ORGANISATION)
    actions.refile(text, ["peace"], before=["water"], reason="ours", by=congress.heads[0], at=VOTE)
    assert entries_of(Ref("text", text.public_id), known_by=LATER) == []


def test_a_seat_files_otherwise_through_the_page(congress: Congress, sit: Sit) -> None:
    text = text_of(congress, "On tides", "water")
    path = f"/fiction/en/filed/text/{text.public_id}"
    own, other = sit(congress.heads[0]), sit(congress.heads[1])
    assert other.get(f"{path}/do/refile").status_code == 403
    assert Client().get(f"{path}/do/refile").status_code == 403
    assert own.get(f"{path}/do/refile").status_code == 200
    sent = {"topics": ["peace"], "before": "water", "reason": "It is about borders."}
    wrongs: tuple[dict[str, Any], ...] = (
        {"topics": []},
        {"topics": ["nonsense"]},
        {"topics": [*queries.taxonomy().topics]},
        {"reason": ""},
    )
    for wrong in wrongs:
        assert own.post(f"{path}/do/refile", {**sent, **wrong}).status_code == 422
    assert own.post(f"{path}/do/refile", sent).status_code == 302
    page = Client().get(path).content.decode()
    assert "It is about borders." in page
    assert "Rivers, lakes and water" in page


# -- pages -------------------------------------------------------------------------------------------------------------


@pytest.mark.mission("S17", at="topics", missing="initiatives: their room is not built, so no topic lists any")
def test_every_public_thing_has_a_topic_whose_page_lists_it(congress: Congress, cast: Cast, client: Client) -> None:
    talks(cast, topics=["fisheries"])
    adoption = congress.adopted(text_of(congress, "On tides", "fisheries"), {2: "against"})
    open_commitments(adoption, by=congress.secretariat, at=VOTE + timedelta(hours=2))
    file_dissent(
        adoption.text,
        organisation=congress.parties[2],
        kind="explanation-of-vote",
        words="We could not agree.",
        language="en",
        by=congress.heads[2],
        at=VOTE + timedelta(hours=1),
    )
    everything = client.get("/fiction/en/topics").content.decode()
    assert "Fisheries and coasts" in everything
    assert "Life below water" in everything
    page = client.get("/fiction/en/topic/fisheries", follow=True).content.decode()
    for words in ("Talks on the test shore", "On tides", "Promises", "Decisions", "Positions", "14 Life below water"):
        assert words in page, words
    told = client.get("/fiction/api/v1/topics").json()["topics"]
    assert all(set(topic["labels"]) == {"en", "fr", "es", "ar"} and topic["goals"] for topic in told)
    for kind in queries.listed_kinds():
        for row in kind.visible(ANONYMOUS, LATER, Realm.FICTION):
            topics = queries.topics_of(row, place(), kind)
            assert topics, f"{kind.name} {row} carries no topic"
            listed = client.get(f"/fiction/api/v1/topics/{topics[0].code}?kind={kind.name}").json()
            assert row.public_id in {one["id"] for group in listed["groups"] for one in group["things"]}


def test_what_may_not_be_seen_is_in_no_count_order_or_feed(congress: Congress, client: Client) -> None:
    shown = text_of(congress, "Shown", "water", "peace")
    paths = ("topics", "topic/water/rivers-lakes-and-water", "topic/water.csv", "topic/water.atom",
             "topic/peace/peace-and-security", f"text/{shown.public_id}/shown")  # fmt: skip
    api = ("topics", "topics/water")

    def asked() -> list[bytes]:
        pages = [client.get(f"/fiction/en/{path}").content for path in paths]
        return pages + [client.get(f"/fiction/api/v1/{path}").content for path in api]

    before = asked()
    text_of(congress, "Canary", "water", "peace", level=Level.ORGANISATION)
    assert asked() == before
    own = place(congress.heads[0])
    assert queries.counted(own)["water"] == 2
    assert queries.counted(place())["water"] == 1
    assert queries.related(shown, place()) == []
    assert [one.thing.title for one in queries.related(shown, own)] == ["Canary"]


def test_a_hidden_text_lends_no_topic_to_what_stands_in_it(congress: Congress) -> None:
    adoption = congress.adopted(text_of(congress, "On tides", "water"))
    Text.objects.filter(pk=adoption.text_id).update(level=Level.ORGANISATION)
    assert codes(adoption.decision, place()) == []
    decisions = kind_named("decision")
    assert decisions is not None
    assert not queries.under(decisions, "water", place()).exists()


def test_related_says_which_topics_and_takes_few_queries(congress: Congress, cast: Cast, client: Client) -> None:
    first = text_of(congress, "First", "water", "peace")
    text_of(congress, "One shared", "water", "health")
    text_of(congress, "Both shared", "water", "peace")
    text_of(congress, "None shared", "health")
    talks(cast, topics=["peace"])
    for number in range(9):
        text_of(congress, f"More {number}", "peace")
    where = place()
    queries.topics_of(first, where)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = queries.related(first, where)
    assert len(asked) <= 4
    assert found[0].thing.title == "Both shared"
    assert len(found) == 5
    assert [topic.code for topic in found[0].shared] == ["water", "peace"]
    assert "None shared" not in {one.thing.title for one in found}
    page = client.get(f"/fiction/en/text/{first.public_id}/first").content.decode()
    assert "Shares the topics" in page
    assert "Both shared" in page


def test_the_page_of_a_topic_goes_fifty_by_fifty(congress: Congress, client: Client) -> None:
    for number in range(52):
        text_of(congress, f"Text {number}", "health")
    first = client.get("/fiction/api/v1/topics/health?kind=text").json()["groups"][0]
    then = client.get(f"/fiction/api/v1/topics/health?kind=text&after={first['next']}").json()["groups"][0]
    assert (first["count"], len(first["things"]), len(then["things"]), then["next"]) == (52, 50, 2, "")
    assert not {one["id"] for one in first["things"]} & {one["id"] for one in then["things"]}
    page = client.get("/fiction/en/topic/health/health?kind=text").content.decode()
    assert "Fifty earlier ones" in page
    table = client.get("/fiction/en/topic/health.csv").content.decode()
    assert table.count("\r\n") == 53


@pytest.mark.parametrize("path", ["en/topic/nonsense", "en/topic/%3Cscript%3E", "en/topic/nonsense.csv",
                                  "en/topic/nonsense.atom", "api/v1/topics/nonsense", "en/filed/text/aaaaaaaaaaaaaaaa",
                                  "en/filed/organisation/aaaaaaaaaaaaaaaa", "en/filed/nonsense/x"])  # fmt: skip
def test_an_unknown_topic_is_not_found(db: None, client: Client, path: str) -> None:
    assert client.get(f"/fiction/{path}").status_code == 404


def test_an_unknown_kind_is_refused_by_the_interface_and_ignored_by_the_page(db: None, client: Client) -> None:
    assert client.get("/fiction/api/v1/topics/water?kind=song").status_code == 422
    assert client.get("/fiction/en/topic/water/rivers-lakes-and-water?kind=song").status_code == 200


def test_realms_never_share_a_topic(congress: Congress, client: Client) -> None:
    text_of(congress, "On tides", "water")
    assert client.get("/api/v1/topics/water").json()["groups"] == []
    assert "On tides" not in client.get("/en/topic/water", follow=True).content.decode()


def test_what_was_begun_before_topics_says_so_to_its_own(congress: Congress, sit: Sit, client: Client) -> None:
    text = text_of(congress, "Old", "water")
    Filing.objects.all().delete()
    path = f"/fiction/en/text/{text.public_id}/old"
    told = "Not filed under a topic yet."
    assert told in sit(congress.heads[0]).get(path).content.decode()
    assert told not in client.get(path).content.decode()


def test_search_and_lists_are_narrowed_by_topic(congress: Congress, cast: Cast, client: Client) -> None:
    text_of(congress, "Tides of the north", "water")
    text_of(congress, "Tides of the south", "health")
    talks(cast, topics=["fisheries"])
    found = client.get("/fiction/api/v1/search?q=tides&topic=climate").json()["results"]
    assert [one["title"] for one in found] == ["Tides of the north"]
    assert client.get("/fiction/api/v1/search?q=tides&topic=nonsense").status_code == 422
    page = client.get("/fiction/en/search?q=fisheries").content.decode()
    assert "/fiction/en/topic/food-oceans/" in page
    assert "Tides of the south" in client.get("/fiction/en/search?q=tides&topic=health").content.decode()
    asked = "/fiction/en/engagement/?topic="
    assert "Talks on the test shore" in client.get(f"{asked}food-oceans").content.decode()
    assert "No meeting answers this choice" in client.get(f"{asked}peace").content.decode()
    assert "Talks on the test shore" in client.get(f"{asked}nonsense").content.decode()


def test_a_shared_page_names_its_topics_in_its_head(congress: Congress, client: Client) -> None:
    text = text_of(congress, "On tides", "water", "peace")
    head = client.get(f"/fiction/en/text/{text.public_id}/on-tides").content.decode().partition("</head>")[0]
    assert '<meta property="article:tag" content="Peace and security">' in head
