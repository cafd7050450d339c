"""Rules as data: exact fractions, refusals that name the field, one spelling of a version."""

from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.rules.core import (
    Base,
    Majority,
    Quorum,
    QuorumBase,
    Right,
    UnreadableRule,
    answer,
    fingerprint,
    parse_parameters,
    parse_votes_key,
    rights_of,
)

shares = st.builds(lambda d, n: Fraction(1 + n % d, d), st.integers(1, 60), st.integers(0, 1000))


@given(shares, st.integers(0, 2000), st.booleans())
def test_the_least_number_of_votes_meets_the_threshold_and_one_less_does_not(
    share: Fraction, votes: int, strict: bool
) -> None:
    majority = Majority(Base.ALLOCATED, share, strict)
    needed = majority.needed_of(votes)

    def met(given_votes: int) -> bool:
        return given_votes > share * votes if strict else given_votes >= share * votes

    assert met(needed)
    assert needed == 1 or not met(needed - 1)


@given(shares, st.integers(0, 2000))
def test_a_quorum_is_the_least_whole_number(share: Fraction, whole: int) -> None:
    assert Quorum(QuorumBase.ALLOCATED, share).needed_of(whole) == ceil(share * whole)
    assert Quorum(QuorumBase.ALLOCATED, share, strict=True).needed_of(whole) > share * whole


def test_three_quarters_of_forty_is_thirty_and_two_thirds_of_forty_twenty_seven() -> None:
    assert Majority(Base.ALLOCATED, Fraction(3, 4)).needed_of(40) == 30
    assert Majority(Base.ALLOCATED, Fraction(3, 4), strict=True).needed_of(40) == 31
    assert Majority(Base.ALLOCATED, Fraction(2, 3)).needed_of(40) == 27
    assert Majority(Base.CAST, Fraction(1, 2), strict=True).needed_of(0) == 1


RULE: dict[str, Any] = {"majority": {"base": "allocated", "threshold": [3, 4]}}


@pytest.mark.parametrize(
    ("parameters", "where"),
    [
        ({"decisions": []}, "decisions"),
        ({"decisions": {"x": {}}}, "decisions.x"),
        ({"decisions": {"x": {"majority": {"threshold": [1, 2]}}}}, "decisions.x.majority"),
        ({"decisions": {"x": {"majority": {"base": "everyone", "threshold": [1, 2]}}}}, "decisions.x.majority.base"),
        ({"decisions": {"x": {"majority": {"base": "cast", "threshold": [1, 0]}}}}, "decisions.x.majority.threshold"),
        ({"decisions": {"x": {"majority": {"base": "cast", "threshold": [3, 2]}}}}, "decisions.x.majority.threshold"),
        ({"decisions": {"x": {"majority": {"base": "cast", "threshold": [0, 2]}}}}, "decisions.x.majority.threshold"),
        ({"decisions": {"x": {"majority": {"base": "cast", "threshold": 0.75}}}}, "decisions.x.majority.threshold"),
        (
            {"decisions": {"x": {"majority": {"base": "cast", "threshold": [True, 2]}}}},
            "decisions.x.majority.threshold",
        ),
        (
            {"decisions": {"x": {"majority": {"base": "cast", "threshold": [1, 1], "strict": True}}}},
            "decisions.x.majority",
        ),
        ({"decisions": {"x": RULE | {"quorum": {"base": "cast", "fraction": [1, 2]}}}}, "decisions.x.quorum.base"),
        ({"decisions": {"x": RULE | {"quorum": {"base": "allocated"}}}}, "decisions.x.quorum"),
        ({"decisions": {"x": RULE | {"votes_may_change": "yes"}}}, "decisions.x.votes_may_change"),
        ({"decisions": {"x": RULE | {"ad_referendum": {"answer_within_days": -1}}}}, "decisions.x.ad_referendum"),
        ({"decisions": {"x": RULE | {"majorty": {}}}}, "decisions.x"),
        ({"rights": {"observer": ["attend", "sing"]}}, "rights.observer"),
        ({"rights": {"observer": "attend"}}, "rights.observer"),
        ({"rights": {"observer": {"must": ["fee"]}}}, "rights.observer"),
        ({"articles": {"lunch": "3"}}, "articles"),
        ({"statutes": {}}, "parameters"),
    ],
)
def test_a_refusal_names_the_field(parameters: dict[str, Any], where: str) -> None:
    with pytest.raises(UnreadableRule) as refused:
        parse_parameters(parameters)
    assert str(refused.value.parameters["where"]).startswith(where)
    assert refused.value.parameters["remedy"]


@pytest.mark.parametrize("votes", [-1, 1.5, True, "4", None])
def test_a_key_holds_whole_votes(votes: object) -> None:
    with pytest.raises(UnreadableRule) as refused:
        parse_votes_key({"allocations": {"party": votes}})
    assert refused.value.parameters["where"] == "allocations.party"


def test_rights_of_a_class_the_rules_do_not_name_are_none() -> None:
    rules = parse_parameters({"rights": {"full": {"may": ["vote", "speak"], "must": ["fee"], "article": "5"}}})
    assert rights_of(rules, "full") == {Right.VOTE, Right.SPEAK}
    assert rights_of(rules, "candidate") == frozenset()
    told = answer(rules, "full", Right.VOTE)
    assert told.held
    assert told.article == "5"
    assert not answer(rules, "candidate", Right.VOTE).known


def test_a_version_has_one_spelling_and_no_rounded_numbers() -> None:
    prose = [{"article": "1", "text": "Rats § 1", "language": "en"}]
    assert fingerprint(prose, {"b": 1, "a": [1, 2]}) == fingerprint(prose, {"a": [1, 2], "b": 1})
    with pytest.raises(UnreadableRule, match=r"\$\.parameters\.a\[0\]"):
        fingerprint(prose, {"a": [0.5]})
