"""Votes through the door: pinned rules, frozen electorate, nobody's votes before the close, one result for all."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.decisions import actions, queries
from comity.decisions.access import may_cast, may_close, may_open, may_see
from comity.decisions.core import NoVoteReason
from comity.decisions.kinds import DECISION
from comity.decisions.models import Decision, Vote
from comity.decisions.published import count_facts, result_json
from comity.decisions.tests.conftest import (
    AT,
    OPERATOR,
    THREE_QUARTERS,
    TWO_THIRDS_ALLOCATED,
    VOTES,
    Concord,
    as_seat,
    make_concord,
    orders,
    seat,
)
from comity.people.models import Role
from comity.plain.actors import ANONYMOUS, SYSTEM, ActorKind, ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, NotAllowed, Refusal
from comity.record.queries import entries_of, entry_of
from comity.registry.actions import change_standing
from comity.registry.models import Link, Source

LATER = AT + timedelta(minutes=14)


def test_thirty_one_of_forty_is_adopted_one_over(
    concord: Concord, adopted: Decision, check_record: Callable[[], None]
) -> None:
    outcome = queries.result_of(adopted)
    assert outcome is not None
    assert adopted.outcome == "adopted"
    assert (outcome.tally.in_favour, outcome.tally.allocated, outcome.count.needed, outcome.margin) == (31, 40, 30, 1)
    assert adopted.rules.number == 1
    entry = entry_of(Ref("decision", adopted.public_id), "decisions.closed")
    assert entry is not None
    check_record()


def test_recounts_of_the_fiction(adopted: Decision) -> None:
    told = [
        (row.key, row.count.in_favour, row.count.needed, row.adopted, row.count.margin)
        for row in queries.recounts(adopted)
    ]
    assert told == [
        ("in-force", 31, 30, True, 1),
        ("two-thirds-allocated", 31, 27, True, 4),
        ("two-thirds-cast", 31, 24, True, 7),
        ("without-ad-referendum", 27, 30, False, -3),
        ("no-delegation-against", 31, None, False, -5),
    ]


def test_an_earlier_version_of_the_rules_is_one_of_the_rules_to_choose(empty_concord: Concord) -> None:
    empty_concord.adopt(
        parameters=orders(TWO_THIRDS_ALLOCATED), adopted_on=date(2007, 1, 1), in_force_from=date(2008, 1, 1)
    )
    empty_concord.adopt()
    empty_concord.key(VOTES)
    decision = empty_concord.put()
    empty_concord.vote_as_told(decision)
    rows = queries.recounts(empty_concord.close(decision))
    assert [row.key for row in rows][:3] == ["in-force", "two-thirds-allocated", "two-thirds-cast"]
    assert rows[1].version is not None
    assert rows[1].version.in_force_until == date(2019, 5, 31)


def test_a_decision_stays_verified_under_the_rules_of_its_day(concord: Concord, adopted: Decision) -> None:
    before = queries.decision_file(adopted)
    concord.adopt(
        parameters=orders({"base": "no-delegation-against"}),
        adopted_on=date(2026, 5, 1),
        in_force_from=date(2026, 5, 1),
    )
    again = Decision.objects.get(pk=adopted.pk)
    assert queries.decision_file(again) == before
    result = queries.result_of(again)
    assert result is not None
    assert result.adopted
    with pytest.raises(NotAllowed):
        concord.put(at=AT + timedelta(days=20), by=concord.heads["Tesmari Centre"])
    later = concord.put(at=AT + timedelta(days=20))
    assert later.rules.number == 2


def test_the_electorate_is_frozen_with_its_reasons(concord: Concord) -> None:
    decision = concord.put()
    voting = {row.organisation.name: row.allocated for row in decision.entitlements.voting()}
    assert voting == VOTES
    without = {row.organisation.name: row.reason for row in decision.entitlements.without_vote()}
    assert without == {"Orvane Youth Union": NoVoteReason.NOT_IN_KEY, "Guests of the Shore": NoVoteReason.NO_RIGHT}


def test_a_suspended_member_holds_no_vote(concord: Concord) -> None:
    link = Link.objects.get(subject=concord.members["Maroval Covenant"])
    source = Source.objects.create(title="Minutes", url="https://example.org", stated_on="2026-03-20", primary=True)
    change_standing(link, standing="suspended", on="2026-03-25", source=source, by=OPERATOR, at=AT - timedelta(days=5))
    decision = concord.put()
    held = decision.entitlements.get(organisation=concord.members["Maroval Covenant"])
    assert (held.allocated, held.standing, held.reason) == (0, "suspended", NoVoteReason.NO_RIGHT)
    assert queries.tally_of(decision).allocated == 36


REFUSED_VOTES: list[tuple[dict[str, Any], type[Refusal]]] = [
    ({"in_favour": 7}, actions.MoreVotesThanRegistered),
    ({"in_favour": 3, "against": 4}, actions.MoreVotesThanRegistered),
    ({"in_favour": -1, "against": 2}, BadInput),
    ({"in_favour": 0}, BadInput),
    ({"in_favour": 0, "against": 6, "ad_referendum": True}, actions.AdReferendumNotAllowed),
    ({"in_favour": 6, "at": AT - timedelta(minutes=1)}, actions.VotingIsClosed),
]


@pytest.mark.parametrize(("votes", "refusal"), REFUSED_VOTES)
def test_votes_that_cannot_be_given(concord: Concord, votes: dict[str, Any], refusal: type[Refusal]) -> None:
    decision = concord.put()
    with pytest.raises(refusal):
        concord.give(decision, "Orvane Civic Union", **votes)
    assert not Vote.objects.exists()


def test_who_is_not_registered_or_holds_no_votes_gives_none(concord: Concord) -> None:
    decision = concord.put()
    with pytest.raises(actions.NotRegistered):
        concord.give(decision, "Maroval Covenant", 4)
    with pytest.raises(actions.NotInTheElectorate):
        concord.give(decision, "Guests of the Shore", 1)


def test_a_vote_given_stands_unless_the_rule_lets_it_change(concord: Concord) -> None:
    decision = concord.put()
    concord.give(decision, "Tesmari Centre", 5)
    with pytest.raises(actions.VotesAlreadyGiven):
        concord.give(decision, "Tesmari Centre", 0, 5)
    concord.adopt(
        parameters=orders(THREE_QUARTERS, votes_may_change=True, votes_may_split=False),
        adopted_on=date(2026, 3, 1),
        in_force_from=date(2026, 3, 1),
    )
    lenient = concord.put(title="Second")
    concord.give(lenient, "Tesmari Centre", 5)
    concord.give(lenient, "Tesmari Centre", 0, 5)
    assert queries.tally_of(lenient).against == 5
    with pytest.raises(actions.VotesMayNotSplit):
        concord.give(lenient, "Tesmari Centre", 3, 2)


def test_nothing_after_the_close(concord: Concord, adopted: Decision) -> None:
    with pytest.raises(actions.VotingIsClosed):
        concord.give(adopted, "Tesmari Centre", 5, at=LATER + timedelta(minutes=1))
    with pytest.raises(actions.AlreadyClosed):
        concord.close(adopted)


def test_the_announced_end_includes_its_closing_minute(concord: Concord) -> None:
    end = AT + timedelta(minutes=10)
    decision = concord.put(closes_at=end)
    concord.give(decision, "Tesmari Centre", 5, at=end)
    with pytest.raises(actions.VotingIsClosed):
        concord.give(decision, "Saravel Renewal", 4, at=end + timedelta(seconds=1))


REFUSED_OPENINGS: list[tuple[dict[str, Any], type[Refusal]]] = [
    ({"decision_type": "song"}, actions.UnknownDecisionType),
    ({"title": " "}, BadInput),
    ({"question": ""}, BadInput),
    ({"zone": "Moon/Base"}, Refusal),
    ({"closes_at": AT}, BadInput),
    ({"registered": {"Tesmari Centre": 6}}, actions.MoreVotesThanAllocated),
    ({"registered": {"Tesmari Centre": -1}}, BadInput),
    ({"registered": ["Guests of the Shore"]}, actions.NotInTheElectorate),
]


@pytest.mark.parametrize(("more", "refusal"), REFUSED_OPENINGS)
def test_votes_that_cannot_be_opened(concord: Concord, more: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        concord.put(**more)
    assert not Decision.objects.exists()


def test_without_rules_no_vote_is_opened(empty_concord: Concord) -> None:
    with pytest.raises(actions.NoRuleInForce) as refused:
        empty_concord.put()
    assert "votes-key" in str(refused.value.parameters["missing"])


@pytest.mark.mission("S1", at="decision", missing="role and rule are walked in people and rules")
def test_a_delegate_of_one_network_has_no_vote_in_another(concord: Concord) -> None:
    other = make_concord("Concord of Elsewhere")
    member_of_both = concord.members["Tesmari Centre"]
    decision = concord.put()
    with pytest.raises(NotAllowed):
        concord.put(by=other.secretariat)
    with pytest.raises(actions.OrganOfAnotherNetwork):
        concord.put(organ=other.congress)
    only_there = seat("Delegate elsewhere", member_of_both, Role.HEAD, concord.network)
    assert may_cast(only_there, decision, member_of_both, AT)
    with pytest.raises(NotAllowed):
        actions.close(decision, by=other.secretariat, at=LATER)


def actors(concord: Concord) -> dict[str, ActorRef]:
    centre = concord.members["Tesmari Centre"]
    other = make_concord("Concord of Elsewhere")
    return {
        "own head": concord.heads["Tesmari Centre"],
        "own officer": seat("Officer", centre, Role.OFFICER),
        "own delegate": seat("Delegate", centre, Role.DELEGATE),
        "rival head": concord.heads["Saravel Renewal"],
        "secretariat": concord.secretariat,
        "monitor": seat("Monitor", concord.network, Role.MONITOR, concord.network),
        "foreign secretariat": other.secretariat,
        "operator": ActorRef(ActorKind.OPERATOR, "operator"),
        "system": SYSTEM,
        "anonymous": ANONYMOUS,
    }


@pytest.mark.parametrize("phase", ["none", "open", "closed"])
def test_permission_by_phase_by_actor(concord: Concord, phase: str) -> None:
    """Who may open, cast for one party, and close; the phase forbids by its own refusal, not by a permission."""
    decision = concord.put()
    if phase == "closed":
        concord.vote_as_told(decision)
        decision = concord.close(decision)
    centre = concord.members["Tesmari Centre"]
    casting, conducting = {"own head", "own officer"}, {"secretariat"}
    for name, actor in actors(concord).items():
        assert bool(may_cast(actor, decision, centre, LATER)) is (name in casting), name
        assert bool(may_close(actor, decision, LATER)) is (name in conducting), name
        assert bool(may_open(actor, concord.network, LATER)) is (name in conducting), name
        for verdict in (may_cast(actor, decision, centre, LATER), may_close(actor, decision, LATER)):
            assert verdict.allowed or verdict.reason
        if phase == "open" and name not in casting:
            with pytest.raises(NotAllowed):
                actions.cast(decision, organisation=centre, in_favour=5, by=actor, at=LATER)
        if phase == "closed" and name in casting:
            with pytest.raises(actions.VotingIsClosed):
                actions.cast(decision, organisation=centre, in_favour=5, by=actor, at=LATER)


@pytest.mark.parametrize("level", [Level.PUBLIC, Level.NETWORK, Level.BODY, Level.ORGANISATION])
def test_visible_to_and_who_sees_it(concord: Concord, client: Client, level: Level) -> None:
    decision = concord.put(level=level)
    sees = {
        Level.PUBLIC: {"own head", "guest", "secretariat", "foreign secretariat", "anonymous"},
        Level.NETWORK: {"own head", "guest", "secretariat"},
        Level.BODY: {"own head", "secretariat"},
        Level.ORGANISATION: {"secretariat"},
    }[level]
    cast = actors(concord) | {"guest": concord.heads["Guests of the Shore"]}
    for name in ("own head", "guest", "secretariat", "foreign secretariat", "anonymous"):
        seen = Decision.objects.visible_to(cast[name], LATER).filter(pk=decision.pk).exists()
        assert seen is (name in sees), name
        visitor = Client() if name == "anonymous" else as_seat(Client(), cast[name])
        status = visitor.get(DECISION.address(decision, "en")).status_code
        assert status == (200 if name in sees else 404), name
        told = visitor.get(f"/fiction/api/v1/decisions/{decision.public_id}").status_code
        assert told == (200 if name in sees else 404), name
        listed = visitor.get("/fiction/api/v1/decisions").json()["decisions"]
        assert bool(listed) is (name in sees), name


def test_before_the_close_nobody_elses_votes_are_anywhere(concord: Concord) -> None:
    decision = concord.put()
    concord.give(decision, "Orvane Civic Union", 2, 4)
    visitors = {"anonymous": Client()}
    for name in ("Tesmari Centre", "Orvane Civic Union"):
        visitors[name] = as_seat(Client(), concord.heads[name])
    visitors["secretariat"] = as_seat(Client(), concord.secretariat)
    pages = {name: one.get(DECISION.address(decision, "en")).content.decode() for name, one in visitors.items()}
    assert "2 for" in pages["Orvane Civic Union"]
    for name in ("anonymous", "Tesmari Centre", "secretariat"):
        assert "2 for" not in pages[name], name
        told = visitors[name].get(f"/fiction/api/v1/decisions/{decision.public_id}").json()
        assert told["delegations"] == []
        assert told["outcome"] == ""
        assert visitors[name].get(f"/fiction/en/decision/{decision.public_id}.json").status_code == 409
        assert visitors[name].get(f"/fiction/api/v1/decisions/{decision.public_id}/file").status_code == 409
    assert queries.result_of(decision) is None
    assert queries.recounts(decision) == []
    assert [entry.type for entry in entries_of(Ref("decision", decision.public_id))] == ["decisions.opened"]


def test_the_page_as_of_a_day_never_shows_what_came_later(concord: Concord, client: Client) -> None:
    decision = concord.put(at=AT - timedelta(days=2))
    concord.vote_as_told(decision)
    concord.close(decision)
    address = DECISION.address(decision, "en")
    before = client.get(f"{address}?on=2026-04-15").content.decode()
    assert "Not put to the vote yet on that day" in before
    open_then = client.get(f"{address}?on=2026-04-17").content.decode()
    assert "Open for votes; not decided yet" in open_then
    assert "31 of 40" not in open_then
    assert "Adopted by 31 of 40 allocated votes, one more than needed" in client.get(address).content.decode()
    told = client.get(f"/fiction/api/v1/decisions/{decision.public_id}?on=2026-04-17").json()
    assert (told["state"], told["outcome"], told["closed_at"]) == ("open", "", None)
    assert client.get("/fiction/api/v1/decisions?on=2026-04-15").json()["decisions"] == []


@pytest.mark.mission("S15", at="decision")
def test_a_youth_wing_votes_in_one_organ_and_not_in_the_other(empty_concord: Concord, client: Client) -> None:
    """Through the pages: two keys, two votes; the wing's head casts in one and is told why not in the other."""
    concord = empty_concord
    concord.adopt()
    office = as_seat(Client(), concord.secretariat)
    ids = {name: row.public_id for name, row in concord.members.items()}
    keys = {
        concord.congress: {ids["Orvane Civic Union"]: 6, ids["Orvane Youth Union"]: 2},
        concord.bureau: {ids["Orvane Civic Union"]: 1},
    }
    for organ, allocations in keys.items():
        sent: dict[str, object] = {
            "kind": "votes-key",
            "organ": organ.public_id,
            "title": "Votes",
            "adopted_by": "Bureau",
            "adopted_on": "2026-01-20",
            "in_force_from": "2026-02-01",
            "language": "en",
            "prose": "9: Votes as allocated.",
            "parameters": json.dumps({"allocations": allocations}),
        }
        answer = office.post(f"/fiction/en/rule/adopt/{concord.network.public_id}", sent)
        assert answer.status_code == 302, answer.content.decode()
    pages = {}
    for organ, allocations in keys.items():
        path = f"/fiction/en/decision/open/{concord.network.public_id}?organ={organ.public_id}"
        sent = {f"registered-{one}": votes for one, votes in allocations.items()}
        sent |= {
            "decision_type": "amendment",
            "title": "Amendment",
            "question": "Do you agree?",
            "topics": ["water"],
            "language": "en",
            "level": 0,
            "for-good": "yes",
        }
        sent["subject"] = f"/fiction/en/network/{concord.network.public_id}/-"
        answer = office.post(path, sent)
        assert answer.status_code == 302, answer.content.decode()
        pages[organ.name] = answer.headers["Location"]
    in_congress = Decision.objects.get(organ=concord.congress)
    in_bureau = Decision.objects.get(organ=concord.bureau)
    youth = as_seat(Client(), concord.heads["Orvane Youth Union"])
    chosen = youth.get(f"/fiction/en/decision/cast/{in_congress.public_id}?way=for")
    assert "Cast 2 votes for" in chosen.content.decode()
    cast = youth.post(
        f"/fiction/en/decision/cast/{in_congress.public_id}",
        {"way": "for", "in_favour": 2, "against": 0, "abstained": 0},
    )
    assert cast.status_code == 302
    refused = youth.post(
        f"/fiction/en/decision/cast/{in_bureau.public_id}",
        {"way": "for", "in_favour": 1, "against": 0, "abstained": 0},
    )
    assert refused.status_code == 422
    for decision in (in_congress, in_bureau):
        assert office.post(f"/fiction/en/decision/close/{decision.public_id}").status_code == 302
    assert [
        row["in_favour"] for row in _lines(client, in_congress) if row["organisation"] == ids["Orvane Youth Union"]
    ] == [2]
    assert [row for row in _lines(client, in_bureau) if row["organisation"] == ids["Orvane Youth Union"]] == []
    told = client.get(pages["Bureau"]).content.decode()
    assert "Orvane Youth Union" in told
    assert "the votes key of this organ gives it none" in told


def _lines(client: Client, decision: Decision) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = client.get(f"/fiction/api/v1/decisions/{decision.public_id}").json()["delegations"]
    return told


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_list_and_the_single_check_agree(concord: Concord, data: st.DataObject) -> None:
    decision = Decision.objects.first() or concord.put()
    known = [concord.network, *concord.members.values()]
    decision.level = data.draw(st.sampled_from(Level))
    decision.originator = data.draw(st.sampled_from(known))
    decision.safety_flag = data.draw(st.booleans())
    decision.embargo_until = data.draw(st.sampled_from([None, LATER, LATER + timedelta(days=1)]))
    decision.save()
    names = ["Tesmari Centre", "Guests of the Shore", "Maroval Covenant"]
    actor = data.draw(st.sampled_from([ANONYMOUS, concord.secretariat, *(concord.heads[name] for name in names)]))
    seen = Decision.objects.visible_to(actor, LATER).filter(pk=decision.pk).exists()
    assert seen == bool(may_see(decision, actor, LATER))


def test_the_other_realm_never_shows_it(adopted: Decision, client: Client) -> None:
    assert client.get(f"/en/decision/{adopted.public_id}/-").status_code == 404
    assert client.get(f"/api/v1/decisions/{adopted.public_id}").status_code == 404
    assert not DECISION.visible(ANONYMOUS, LATER, Realm.REAL).exists()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_given_the_published_file_agrees_with_the_page(concord: Concord, data: st.DataObject) -> None:
    decision = concord.put(title=f"Trial {Decision.objects.count()}")
    for name, votes in VOTES.items():
        if name == "Maroval Covenant":
            continue
        in_favour = data.draw(st.integers(0, votes))
        against = data.draw(st.integers(0, votes - in_favour))
        abstained = data.draw(st.integers(0, votes - in_favour - against))
        if in_favour + against + abstained:
            concord.give(
                decision,
                name,
                in_favour,
                against,
                abstained,
                ad_referendum=bool(in_favour) and data.draw(st.booleans()),
            )
    decision = concord.close(decision)
    file = queries.decision_file(decision)
    assert result_json(count_facts(file)) == file["result"]
    assert file["facts_sha256"] == decision.facts_sha256
