"""Counting: the fiction's decision to the vote, and what must hold for every tally."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comity.decisions.core import (
    Delegation,
    Entitled,
    NoVoteReason,
    StepName,
    Tally,
    UncountableVotes,
    base_of,
    decide,
    electorate,
    recount,
)
from comity.rules.core import (
    AdReferendum,
    Base,
    DecisionRule,
    Majority,
    Quorum,
    QuorumBase,
    parse_parameters,
    parse_votes_key,
)

THREE_QUARTERS = Majority(Base.ALLOCATED, Fraction(3, 4), article="14(2)")
HALMERE = Tally(
    tuple(
        Delegation(name, allocated, registered, *ways, ad_referendum=name == "saravel")
        for name, allocated, registered, ways in [
            ("kelnian", 6, 6, (6, 0, 0)),
            ("civic", 6, 6, (6, 0, 0)),
            ("centre", 5, 5, (5, 0, 0)),
            ("labour", 4, 4, (4, 0, 0)),
            ("green", 2, 2, (2, 0, 0)),
            ("lethmark", 4, 4, (4, 0, 0)),
            ("saravel", 4, 4, (4, 0, 0)),
            ("ismaran", 5, 5, (0, 5, 0)),
            ("maroval", 4, 0, (0, 0, 0)),
        ]
    )
)


@st.composite
def delegation(draw: st.DrawFn, name: str) -> Delegation:
    allocated = draw(st.integers(1, 12))
    registered = draw(st.integers(0, allocated))
    in_favour = draw(st.integers(0, registered))
    against = draw(st.integers(0, registered - in_favour))
    abstained = draw(st.integers(0, registered - in_favour - against))
    return Delegation(name, allocated, registered, in_favour, against, abstained, draw(st.booleans()))


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    return Tally(tuple(draw(delegation(f"d{place}")) for place in range(draw(st.integers(1, 8)))))


shares = st.builds(lambda d, n: Fraction(1 + n % d, d), st.integers(1, 12), st.integers(0, 100))


@st.composite
def majorities(draw: st.DrawFn) -> Majority:
    share = draw(shares)
    return Majority(draw(st.sampled_from(Base)), share, draw(st.booleans()) and share < 1)


@pytest.mark.parametrize(
    ("majority", "counts", "told"),
    [
        (THREE_QUARTERS, True, (31, 40, 30, True, 1)),
        (Majority(Base.ALLOCATED, Fraction(2, 3)), True, (31, 40, 27, True, 4)),
        (Majority(Base.CAST, Fraction(2, 3)), True, (31, 36, 24, True, 7)),
        (THREE_QUARTERS, False, (27, 40, 30, False, -3)),
        (Majority(Base.NO_DELEGATION_AGAINST), True, (31, 9, None, False, -5)),
    ],
)
def test_one_tally_under_five_rules(
    majority: Majority, counts: bool, told: tuple[int, int, int | None, bool, int]
) -> None:
    count = recount(HALMERE, majority, ad_referendum_counts=counts)
    assert (count.in_favour, count.base_votes, count.needed, count.met, count.margin) == told


@given(tallies(), majorities(), st.booleans(), st.data())
def test_one_more_vote_for_never_undoes_an_adoption(
    tally: Tally, majority: Majority, counts: bool, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(tally.rows) - 1))
    row = tally.rows[place]
    giving = [("against", row.against), ("abstained", row.abstained)]
    giving += [("unused", row.registered - row.in_favour - row.against - row.abstained)]
    ways = [way for way, votes in giving if votes]
    assume(ways)
    way = data.draw(st.sampled_from(ways))
    # In the base of those present, a delegation that had not come and now votes for brings all its votes into the base.
    assume(majority.base is not Base.PRESENT or row.took_part)
    assume(counts or not row.ad_referendum)
    more = replace(row, in_favour=row.in_favour + 1)
    if way != "unused":
        more = replace(more, **{way: getattr(row, way) - 1})
    better = Tally((*tally.rows[:place], more, *tally.rows[place + 1 :]))
    before = recount(tally, majority, ad_referendum_counts=counts)
    after = recount(better, majority, ad_referendum_counts=counts)
    assert after.met or not before.met


@given(tallies(), majorities())
def test_a_count_is_exact(tally: Tally, majority: Majority) -> None:
    count = recount(tally, majority)
    if majority.base is Base.NO_DELEGATION_AGAINST:
        assert count.met == (tally.in_favour > 0 and tally.against == 0)
        return
    share = majority.threshold * count.base_votes
    reached = tally.in_favour > share if majority.strict else tally.in_favour >= share
    assert count.met == (reached and tally.in_favour > 0)
    assert count.met == (count.margin >= 0)


@given(tallies())
def test_bases_lie_within_each_other(tally: Tally) -> None:
    order = [Base.CAST, Base.CAST_WITH_ABSTENTIONS, Base.PRESENT, Base.ENTITLED, Base.ALLOCATED]
    votes = [base_of(tally, base) for base in order]
    assert votes == sorted(votes)
    assert tally.in_favour + tally.against + tally.abstained + tally.unused == tally.allocated


@given(tallies(), majorities())
def test_a_stricter_threshold_never_adopts_more(tally: Tally, majority: Majority) -> None:
    stricter = replace(majority, threshold=(majority.threshold + 1) / 2, strict=False)
    assert recount(tally, majority).met or not recount(tally, stricter).met or majority.strict
    assert recount(tally, replace(majority, strict=False)).met or not recount(tally, majority).met


def test_nothing_is_adopted_by_nobody() -> None:
    silent = Tally((Delegation("a", 5, 5), Delegation("b", 5, 0)))
    for base in Base:
        assert not recount(silent, Majority(base, Fraction(1, 2))).met


def test_a_tie_is_no_majority_only_where_the_rule_says_more_than() -> None:
    tie = Tally((Delegation("a", 5, 5, 5), Delegation("b", 5, 5, 0, 5)))
    assert recount(tie, Majority(Base.CAST, Fraction(1, 2))).met
    assert not recount(tie, Majority(Base.CAST, Fraction(1, 2), strict=True)).met


@pytest.mark.parametrize(
    "row",
    [
        Delegation("a", 5, 6),
        Delegation("a", 5, 5, 6),
        Delegation("a", 5, 5, 3, 3),
        Delegation("a", 5, 5, -1),
        Delegation("a", -5, 0),
        Delegation("a", 5, 5, True),
        Delegation("a", 5, 5, 2.0),  # type: ignore[arg-type]
    ],
)
def test_votes_that_cannot_be_are_refused(row: Delegation) -> None:
    with pytest.raises(UncountableVotes):
        Tally((row,))


def test_a_delegation_stands_in_a_tally_once() -> None:
    with pytest.raises(UncountableVotes):
        Tally((Delegation("a", 5, 5), Delegation("a", 5, 5)))


def _rule(majority: Majority, quorum: Quorum | None = None, **more: object) -> DecisionRule:
    return DecisionRule("declaration", majority, quorum, **more)  # type: ignore[arg-type]


def test_the_steps_of_the_fictions_decision() -> None:
    rows = [Entitled(row.organisation, "full", row.allocated) for row in HALMERE.rows]
    rows.append(Entitled("guest", "observer", 0, NoVoteReason.NO_RIGHT))
    rule = _rule(
        THREE_QUARTERS,
        Quorum(QuorumBase.ALLOCATED, Fraction(1, 2), article="12"),
        ad_referendum=AdReferendum(answer_within_days=226, article="14(5)"),
    )
    articles = {"eligible": "7", "present": "11", "votes": "13"}
    outcome = decide(rows, HALMERE, rule, articles=articles, key_article="9", day=date(2026, 4, 18))
    assert outcome.adopted
    gives = {step.name: dict(step.gives) for step in outcome.steps}
    assert gives[StepName.ELIGIBLE] == {"delegations": 9, "without_vote": 1}
    assert gives[StepName.ALLOCATED] == {"votes": 40}
    assert gives[StepName.PRESENT] == {"delegations": 8, "votes": 36}
    assert gives[StepName.QUORUM]["needed"] == 20
    assert gives[StepName.QUORUM]["met"] is True
    assert gives[StepName.VOTES] == {"for": 31, "against": 5, "abstained": 0, "unused": 4, "ad_referendum": 4}
    assert gives[StepName.NEEDED]["exact"] == [30, 1]
    assert gives[StepName.RESULT] == {"outcome": "adopted", "for": 31, "margin": 1}
    assert gives[StepName.MAY_CHANGE] == {"ad_referendum": ["saravel"], "votes": 4, "until": "2026-11-30"}
    assert [step.article for step in outcome.steps] == ["7", "9", "11", "12", "13", "14(2)", "14(2)", "14(5)"]


def test_without_a_quorum_nothing_is_adopted() -> None:
    few = Tally((Delegation("a", 4, 4, 4), Delegation("b", 36, 0)))
    rows = [Entitled("a", "full", 4), Entitled("b", "full", 36)]
    rule = _rule(Majority(Base.CAST, Fraction(1, 2)), Quorum(QuorumBase.ALLOCATED, Fraction(1, 2)))
    outcome = decide(rows, few, rule, articles={}, key_article="", day=date(2026, 1, 1))
    assert outcome.count.met
    assert not outcome.adopted


def test_votes_of_a_youth_wing_in_one_organ_and_none_in_another() -> None:
    rules = parse_parameters({"rights": {"full": ["vote"], "fraternal": ["speak", "vote"], "observer": ["attend"]}})
    members = {"party": "full", "youth": "fraternal", "guest": "observer", "undated": ""}
    congress = parse_votes_key({"allocations": {"party": 6, "youth": 2, "guest": 3}})
    bureau = parse_votes_key({"allocations": {"party": 1}})
    in_congress = {row.organisation: (row.allocated, row.reason) for row in electorate(members, rules, congress)}
    in_bureau = {row.organisation: (row.allocated, row.reason) for row in electorate(members, rules, bureau)}
    assert in_congress["youth"] == (2, NoVoteReason.HAS_VOTES)
    assert in_bureau["youth"] == (0, NoVoteReason.NOT_IN_KEY)
    assert in_congress["guest"] == (0, NoVoteReason.NO_RIGHT)
    assert in_congress["undated"] == (0, NoVoteReason.DATE_UNKNOWN)
