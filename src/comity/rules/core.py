"""Statutes as data: bases, majorities, quorums, rights by class. Exact fractions; nothing is ever rounded."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Any

from comity.plain.refusals import BadInput
from comity.record.core import jcs


class UnreadableRule(BadInput):
    """A parameter of a rule cannot be read: the refusal says where, what stands there and what may stand there."""

    code = "unreadable-rule"


class Base(StrEnum):
    """Of which votes a majority is taken."""

    CAST = "cast"
    """Votes for and against."""
    CAST_WITH_ABSTENTIONS = "cast-with-abstentions"
    PRESENT = "present"
    """Votes registered by the delegations that took part in this vote; who abstained was there."""
    ENTITLED = "entitled"
    """Votes registered with credentials."""
    ALLOCATED = "allocated"
    """All votes that the key allocates to those who may vote: an absent vote counts like a vote against."""
    NO_DELEGATION_AGAINST = "no-delegation-against"
    """Unanimity of delegations: adopted while none gives a vote against."""


class QuorumBase(StrEnum):
    """Of what a quorum is taken."""

    ALLOCATED = "allocated"
    """Registered votes, of the votes allocated."""
    ENTITLED = "entitled"
    """Votes of the delegations that took part, of the votes registered."""
    DELEGATIONS = "delegations"
    """Registered delegations, of the delegations that may vote."""


class Right(StrEnum):
    """What a class of members may do in an organ."""

    ATTEND = "attend"
    SPEAK = "speak"
    TABLE = "table"
    AMEND = "amend"
    CO_SPONSOR = "co-sponsor"
    BLOCK = "block"
    NOMINATE = "nominate"
    VOTE = "vote"
    STAND = "stand"


@dataclass(frozen=True)
class Majority:
    """How many votes of which base adopt. ``threshold`` is in (0, 1] and plays no part for NO_DELEGATION_AGAINST."""

    base: Base
    threshold: Fraction = Fraction(1)
    strict: bool = False
    """True for "more than", False for "at least"."""
    article: str = field(default="", compare=False)

    def share_of(self, votes: int) -> Fraction:
        """The exact share of ``votes`` at which the threshold lies."""
        return self.threshold * votes

    def needed_of(self, votes: int) -> int:
        """The least whole number of votes that meets the threshold, of a base of ``votes``; at least one."""
        share = self.share_of(votes)
        return max(1, floor(share) + 1 if self.strict else ceil(share))


@dataclass(frozen=True)
class Quorum:
    """How much of which base must be there before a vote counts."""

    base: QuorumBase
    fraction: Fraction
    strict: bool = False
    article: str = field(default="", compare=False)

    def needed_of(self, whole: int) -> int:
        """The least whole number that meets the quorum, of ``whole``."""
        share = self.fraction * whole
        return floor(share) + 1 if self.strict else ceil(share)


@dataclass(frozen=True)
class AdReferendum:
    """Whether votes may be given subject to a party's own board, and what they weigh until it has answered."""

    allowed: bool = True
    counts: bool = True
    answer_within_days: int | None = None
    article: str = ""


@dataclass(frozen=True)
class DecisionRule:
    """How one type of decision is taken."""

    decision_type: str
    majority: Majority
    quorum: Quorum | None = None
    ad_referendum: AdReferendum = AdReferendum()
    votes_may_change: bool = False
    votes_may_split: bool = True


@dataclass(frozen=True)
class ClassRights:
    """What a class of members may do, what it owes, and where that is written."""

    may: frozenset[Right] = frozenset()
    must: tuple[str, ...] = ()
    article: str = ""


@dataclass(frozen=True)
class Exclusivity:
    """That members of an international belong to no other one, but for those it excepts (by public id)."""

    excepted: frozenset[str] = frozenset()
    article: str = ""


@dataclass(frozen=True)
class Rules:
    """One readable version of a rule document."""

    decisions: Mapping[str, DecisionRule] = field(default_factory=dict)
    rights: Mapping[str, ClassRights] = field(default_factory=dict)
    articles: Mapping[str, str] = field(default_factory=dict)
    """Step of a count (eligible, allocated, present, votes) to the article that orders it."""
    exclusive: Exclusivity | None = None


@dataclass(frozen=True)
class VotesKey:
    """How many votes each organisation holds, by public id."""

    allocations: Mapping[str, int]
    basis: str = ""
    article: str = ""


@dataclass(frozen=True)
class RightAnswer:
    """Whether a class holds a right, with everything a reader needs for the reason."""

    member_class: str
    right: Right
    held: bool
    may: frozenset[Right]
    article: str
    known: bool
    """False when the rules say nothing about this class: it then holds nothing."""


STEPS_WITH_ARTICLE = ("eligible", "allocated", "present", "votes")


@contextmanager
def _at(where: str) -> Iterator[None]:
    """Name the place of a missing key."""
    try:
        yield
    except KeyError as error:
        name = error.args[0]
        raise UnreadableRule(where=where, what=f"{name!r} is missing", remedy=f"add {name!r}") from error


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UnreadableRule(where=where, what=f"{value!r} is not an object", remedy="write it as {...}")
    return value


def _known(value: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    unknown = sorted(set(value) - set(names))
    if unknown:
        raise UnreadableRule(where=where, what=f"{unknown[0]!r} is not known here", remedy=f"use {', '.join(names)}")


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise UnreadableRule(where=where, what=f"{value!r} is neither true nor false", remedy="write true or false")
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise UnreadableRule(where=where, what=f"{value!r} is not a text", remedy='write it in quotes, e.g. "14(2)"')
    return value


def _count(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise UnreadableRule(
            where=where, what=f"{value!r} is not a number of votes", remedy="write a whole number from 0"
        )
    return value


def read_fraction(value: Any, where: str) -> Fraction:
    """Read ``[numerator, denominator]`` as a fraction above 0 and up to 1; raise UnreadableRule otherwise."""
    whole = isinstance(value, (list, tuple)) and len(value) == 2
    if not whole or any(isinstance(part, bool) or not isinstance(part, int) for part in value):
        remedy = "write two whole numbers, e.g. [3, 4] for three quarters"
        raise UnreadableRule(where=where, what=f"{value!r} is not a fraction", remedy=remedy)
    numerator, denominator = value
    if denominator <= 0 or not 0 < numerator <= denominator:
        remedy = "the numerator is at least 1 and at most the denominator"
        raise UnreadableRule(where=where, what=f"{numerator}/{denominator} is no share of a whole", remedy=remedy)
    return Fraction(numerator, denominator)


def _majority(value: Any, where: str) -> Majority:
    value = _mapping(value, where)
    _known(value, ("base", "threshold", "strict", "article"), where)
    article = _text(value.get("article", ""), f"{where}.article")
    with _at(where):
        try:
            base = Base(value["base"])
        except ValueError as error:
            what = f"{value['base']!r} is not a base"
            raise UnreadableRule(where=f"{where}.base", what=what, remedy=f"use one of {', '.join(Base)}") from error
        if base is Base.NO_DELEGATION_AGAINST:
            return Majority(base, article=article)
        threshold = read_fraction(value["threshold"], f"{where}.threshold")
    strict = _flag(value.get("strict", False), f"{where}.strict")
    if strict and threshold == 1:
        raise UnreadableRule(where=where, what="more than all votes can never be given", remedy='set "strict" to false')
    return Majority(base, threshold, strict, article)


def _quorum(value: Any, where: str) -> Quorum | None:
    if value is None:
        return None
    value = _mapping(value, where)
    _known(value, ("base", "fraction", "strict", "article"), where)
    with _at(where):
        try:
            base = QuorumBase(value["base"])
        except ValueError as error:
            what = f"{value['base']!r} is not a base of a quorum"
            remedy = f"use one of {', '.join(QuorumBase)}"
            raise UnreadableRule(where=f"{where}.base", what=what, remedy=remedy) from error
        fraction = read_fraction(value["fraction"], f"{where}.fraction")
    strict = _flag(value.get("strict", False), f"{where}.strict")
    if strict and fraction == 1:
        raise UnreadableRule(where=where, what="more than all can never be there", remedy='set "strict" to false')
    return Quorum(base, fraction, strict, _text(value.get("article", ""), f"{where}.article"))


def _ad_referendum(value: Any, where: str) -> AdReferendum:
    value = _mapping(value, where)
    _known(value, ("allowed", "counts", "answer_within_days", "article"), where)
    days = value.get("answer_within_days")
    return AdReferendum(
        allowed=_flag(value.get("allowed", True), f"{where}.allowed"),
        counts=_flag(value.get("counts", True), f"{where}.counts"),
        answer_within_days=None if days is None else _count(days, f"{where}.answer_within_days"),
        article=_text(value.get("article", ""), f"{where}.article"),
    )


_RULE_NAMES = ("majority", "quorum", "ad_referendum", "votes_may_change", "votes_may_split")


def _decision_rule(name: str, value: Any, where: str) -> DecisionRule:
    value = _mapping(value, where)
    _known(value, _RULE_NAMES, where)
    with _at(where):
        majority = _majority(value["majority"], f"{where}.majority")
    return DecisionRule(
        decision_type=name,
        majority=majority,
        quorum=_quorum(value.get("quorum"), f"{where}.quorum"),
        ad_referendum=_ad_referendum(value.get("ad_referendum", {}), f"{where}.ad_referendum"),
        votes_may_change=_flag(value.get("votes_may_change", False), f"{where}.votes_may_change"),
        votes_may_split=_flag(value.get("votes_may_split", True), f"{where}.votes_may_split"),
    )


def _rights(value: Any, where: str) -> ClassRights:
    """One class: a list of rights, or an object with may, must and article."""
    if isinstance(value, Mapping):
        _known(value, ("may", "must", "article"), where)
        with _at(where):
            may = _right_set(value["may"], f"{where}.may")
        must = value.get("must", [])
        if not isinstance(must, list):
            raise UnreadableRule(where=f"{where}.must", what=f"{must!r} is not a list", remedy='write it as ["fee"]')
        duties = tuple(_text(duty, f"{where}.must") for duty in must)
        return ClassRights(may, duties, _text(value.get("article", ""), f"{where}.article"))
    return ClassRights(_right_set(value, where))


def _right_set(value: Any, where: str) -> frozenset[Right]:
    if not isinstance(value, list):
        raise UnreadableRule(where=where, what=f"{value!r} is not a list of rights", remedy='write it as ["attend"]')
    rights = set()
    for name in value:
        if not isinstance(name, str) or name not in set(Right):
            raise UnreadableRule(where=where, what=f"{name!r} is not a right", remedy=f"use {', '.join(Right)}")
        rights.add(Right(name))
    return frozenset(rights)


def _exclusive(value: Any, where: str) -> Exclusivity | None:
    if value is None:
        return None
    value = _mapping(value, where)
    _known(value, ("except", "article"), where)
    excepted = value.get("except", [])
    if not isinstance(excepted, list):
        remedy = 'write it as ["..."], each the public id of a network'
        raise UnreadableRule(where=f"{where}.except", what=f"{excepted!r} is not a list", remedy=remedy)
    ids = frozenset(_text(one, f"{where}.except") for one in excepted)
    return Exclusivity(ids, _text(value.get("article", ""), f"{where}.article"))


def parse_parameters(parameters: Mapping[str, Any]) -> Rules:
    """Read the parameters of standing orders or of a rights document; raise UnreadableRule naming the field."""
    parameters = _mapping(parameters, "parameters")
    _known(parameters, ("decisions", "rights", "articles", "exclusive", "source"), "parameters")
    decisions = _mapping(parameters.get("decisions", {}), "decisions")
    rights = _mapping(parameters.get("rights", {}), "rights")
    articles = _mapping(parameters.get("articles", {}), "articles")
    _known(articles, STEPS_WITH_ARTICLE, "articles")
    return Rules(
        decisions={name: _decision_rule(name, value, f"decisions.{name}") for name, value in decisions.items()},
        rights={name: _rights(value, f"rights.{name}") for name, value in rights.items()},
        articles={step: _text(article, f"articles.{step}") for step, article in articles.items()},
        exclusive=_exclusive(parameters.get("exclusive"), "exclusive"),
    )


def parse_votes_key(parameters: Mapping[str, Any]) -> VotesKey:
    """Read a votes key: whole votes by organisation; raise UnreadableRule naming the field."""
    parameters = _mapping(parameters, "parameters")
    _known(parameters, ("allocations", "basis", "article"), "parameters")
    with _at("parameters"):
        allocations = _mapping(parameters["allocations"], "allocations")
    return VotesKey(
        {organisation: _count(votes, f"allocations.{organisation}") for organisation, votes in allocations.items()},
        _text(parameters.get("basis", ""), "basis"),
        _text(parameters.get("article", ""), "article"),
    )


def rights_of(rules: Rules, member_class: str) -> frozenset[Right]:
    """What a class may do; a class that the rules do not name may do nothing."""
    return rules.rights.get(member_class, ClassRights()).may


def answer(rules: Rules, member_class: str, right: Right) -> RightAnswer:
    """Say whether a class holds one right, and why."""
    held = rules.rights.get(member_class, ClassRights())
    return RightAnswer(member_class, right, right in held.may, held.may, held.article, member_class in rules.rights)


def refuse_fractions(value: Any, where: str = "$") -> None:
    """Raise UnreadableRule where a number is not whole: shares are written as numerator and denominator."""
    if isinstance(value, float):
        remedy = "write shares as [numerator, denominator]"
        raise UnreadableRule(where=where, what=f"{value!r} is not a whole number", remedy=remedy)
    if isinstance(value, Mapping):
        for name, inner in value.items():
            refuse_fractions(inner, f"{where}.{name}")
    elif isinstance(value, (list, tuple)):
        for place, inner in enumerate(value):
            refuse_fractions(inner, f"{where}[{place}]")


def fingerprint(prose: list[dict[str, str]], parameters: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, over the canonical JSON (RFC 8785) of a version's prose and parameters.

    Raises UnreadableRule where a number is not whole, NotCanonical for what canonical JSON cannot hold.
    """
    content: dict[str, Any] = {"parameters": parameters, "prose": prose}
    refuse_fractions(content)
    return jcs.digest(content)
