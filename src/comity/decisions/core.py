"""Who is entitled, what is counted, what is needed: from plain facts to an outcome, step by step, in exact numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from comity.plain.refusals import BadInput
from comity.rules.core import (
    AdReferendum,
    Base,
    DecisionRule,
    Majority,
    Quorum,
    QuorumBase,
    Right,
    Rules,
    VotesKey,
    rights_of,
)

ADOPTED = "adopted"
NOT_ADOPTED = "not-adopted"


class UncountableVotes(BadInput):
    """Votes are whole, not negative, given once by each delegation, and never more than it registered."""

    code = "uncountable-votes"


class NoVoteReason(StrEnum):
    """Why an organisation with standing holds no vote in this decision."""

    HAS_VOTES = ""
    NO_RIGHT = "no-right"
    """Its class holds no right to vote in this organ."""
    NOT_IN_KEY = "not-in-key"
    """Its class may vote, but the organ's key gives it no votes."""
    DATE_UNKNOWN = "date-unknown"
    """No source says whether it was a member on that day."""


@dataclass(frozen=True)
class Entitled:
    """One organisation's place in the electorate: class on the day, votes by the key, and why it has none."""

    organisation: str
    member_class: str
    allocated: int
    reason: NoVoteReason = NoVoteReason.HAS_VOTES


@dataclass(frozen=True)
class Delegation:
    """One line of a tally. ``registered`` votes are those that credentials confirmed, at most ``allocated``."""

    organisation: str
    allocated: int
    registered: int
    in_favour: int = 0
    against: int = 0
    abstained: int = 0
    ad_referendum: bool = False

    @property
    def unused(self) -> int:
        """Allocated votes that were neither given nor withheld by an abstention."""
        return self.allocated - self.in_favour - self.against - self.abstained

    @property
    def took_part(self) -> bool:
        """Whether it gave a vote or abstained."""
        return bool(self.in_favour or self.against or self.abstained)


@dataclass(frozen=True)
class Tally:
    """All delegations that may vote. Raises UncountableVotes for votes that cannot be."""

    rows: tuple[Delegation, ...]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for row in self.rows:
            _check(row)
            if row.organisation in seen:
                raise UncountableVotes(organisation=row.organisation, what="it stands in the tally twice")
            seen.add(row.organisation)

    @property
    def allocated(self) -> int:
        """Votes that the key allocates."""
        return sum(row.allocated for row in self.rows)

    @property
    def registered(self) -> int:
        """Votes registered with credentials."""
        return sum(row.registered for row in self.rows)

    @property
    def in_favour(self) -> int:
        """Votes for, those given ad referendum among them."""
        return sum(row.in_favour for row in self.rows)

    @property
    def against(self) -> int:
        """Votes against."""
        return sum(row.against for row in self.rows)

    @property
    def abstained(self) -> int:
        """Abstentions, in votes."""
        return sum(row.abstained for row in self.rows)

    @property
    def unused(self) -> int:
        """Allocated votes not used."""
        return sum(row.unused for row in self.rows)

    @property
    def ad_referendum(self) -> int:
        """Votes for that await a party's own board."""
        return sum(row.in_favour for row in self.rows if row.ad_referendum)

    @property
    def present(self) -> int:
        """Registered votes of the delegations that took part."""
        return sum(row.registered for row in self.rows if row.took_part)

    @property
    def delegations(self) -> int:
        """Delegations that may vote."""
        return len(self.rows)

    @property
    def delegations_registered(self) -> int:
        """Delegations with at least one registered vote."""
        return sum(1 for row in self.rows if row.registered)

    @property
    def delegations_against(self) -> int:
        """Delegations that gave at least one vote against."""
        return sum(1 for row in self.rows if row.against)


def _check(row: Delegation) -> None:
    numbers = (row.allocated, row.registered, row.in_favour, row.against, row.abstained)
    if any(isinstance(number, bool) or not isinstance(number, int) or number < 0 for number in numbers):
        raise UncountableVotes(organisation=row.organisation, what="votes are whole numbers from 0", given=numbers)
    if row.registered > row.allocated:
        raise UncountableVotes(
            organisation=row.organisation, what="more votes registered than allocated",
            registered=row.registered, allocated=row.allocated,
        )  # fmt: skip
    given = row.in_favour + row.against + row.abstained
    if given > row.registered:
        raise UncountableVotes(
            organisation=row.organisation,
            what="more votes given than registered",
            given=given,
            registered=row.registered,
        )


@dataclass(frozen=True)
class Count:
    """The votes of one tally under one majority.

    ``base_votes`` counts votes, or delegations under NO_DELEGATION_AGAINST, where ``needed`` and ``exact`` are None.
    ``margin`` is how many votes over (>= 0) or short of (< 0) what is needed; under NO_DELEGATION_AGAINST minus the
    votes against.
    """

    majority: Majority
    in_favour: int
    against: int
    base_votes: int
    exact: Fraction | None
    needed: int | None
    met: bool
    margin: int
    delegations_against: int


def base_of(tally: Tally, base: Base) -> int:
    """How many votes (delegations, under NO_DELEGATION_AGAINST) the base of a majority holds."""
    if base is Base.CAST:
        return tally.in_favour + tally.against
    if base is Base.CAST_WITH_ABSTENTIONS:
        return tally.in_favour + tally.against + tally.abstained
    if base is Base.PRESENT:
        return tally.present
    if base is Base.ENTITLED:
        return tally.registered
    if base is Base.ALLOCATED:
        return tally.allocated
    return tally.delegations


def recount(tally: Tally, majority: Majority, *, ad_referendum_counts: bool = True) -> Count:
    """Count a tally under a majority, the one in force or any other.

    Nothing is adopted without one vote for it: where no vote is cast, a share of nothing is not a majority. Votes given
    ad referendum that do not count leave the votes for, and the base where that is of votes cast; never the base of
    allocated, registered or present votes.
    """
    whole = tally
    if not ad_referendum_counts:
        tally = Tally(tuple(replace(row, in_favour=0) if row.ad_referendum else row for row in tally.rows))
    of_votes_cast = majority.base in {Base.CAST, Base.CAST_WITH_ABSTENTIONS}
    base_votes = base_of(tally if of_votes_cast else whole, majority.base)
    if majority.base is Base.NO_DELEGATION_AGAINST:
        met = tally.in_favour > 0 and tally.delegations_against == 0
        return Count(
            majority,
            tally.in_favour,
            tally.against,
            base_votes,
            None,
            None,
            met,
            -tally.against,
            tally.delegations_against,
        )
    needed = majority.needed_of(base_votes)
    return Count(
        majority=majority,
        in_favour=tally.in_favour,
        against=tally.against,
        base_votes=base_votes,
        exact=majority.share_of(base_votes),
        needed=needed,
        met=tally.in_favour >= needed,
        margin=tally.in_favour - needed,
        delegations_against=tally.delegations_against,
    )


@dataclass(frozen=True)
class QuorumCount:
    """Whether enough was there: ``there`` of ``whole``, ``needed`` at least."""

    quorum: Quorum
    whole: int
    there: int
    needed: int

    @property
    def met(self) -> bool:
        """Whether the quorum was met."""
        return self.there >= self.needed


def quorum_of(tally: Tally, quorum: Quorum) -> QuorumCount:
    """Measure a quorum on a tally."""
    whole, there = {
        QuorumBase.ALLOCATED: (tally.allocated, tally.registered),
        QuorumBase.ENTITLED: (tally.registered, tally.present),
        QuorumBase.DELEGATIONS: (tally.delegations, tally.delegations_registered),
    }[quorum.base]
    return QuorumCount(quorum, whole, there, quorum.needed_of(whole))


def electorate(members: Mapping[str, str], rules: Rules, key: VotesKey) -> list[Entitled]:
    """Who may vote: members (public id to class on the day) whose class holds the right and who have votes by the key.

    An empty class means that no source says whether it was a member that day. Every member stands in the answer, those
    without a vote with the reason. Votes that the key gives to others are void.
    """
    return [_entitled(organisation, member_class, rules, key) for organisation, member_class in members.items()]


def _entitled(organisation: str, member_class: str, rules: Rules, key: VotesKey) -> Entitled:
    if not member_class:
        return Entitled(organisation, member_class, 0, NoVoteReason.DATE_UNKNOWN)
    if Right.VOTE not in rights_of(rules, member_class):
        return Entitled(organisation, member_class, 0, NoVoteReason.NO_RIGHT)
    votes = key.allocations.get(organisation, 0)
    return Entitled(organisation, member_class, votes, NoVoteReason.HAS_VOTES if votes else NoVoteReason.NOT_IN_KEY)


class StepName(StrEnum):
    """The steps of a count, in order."""

    ELIGIBLE = "eligible"
    ALLOCATED = "allocated"
    PRESENT = "present"
    QUORUM = "quorum"
    VOTES = "votes"
    NEEDED = "needed"
    RESULT = "result"
    MAY_CHANGE = "may-change"


@dataclass(frozen=True)
class Step:
    """One step: what it gives (JSON values, exact) and the article that orders it."""

    name: StepName
    gives: Mapping[str, Any]
    article: str = ""


@dataclass(frozen=True)
class Outcome:
    """What was decided, and every step that leads there."""

    adopted: bool
    steps: tuple[Step, ...]
    count: Count
    quorum: QuorumCount | None
    tally: Tally

    @property
    def name(self) -> str:
        """ "adopted" or "not-adopted"."""
        return ADOPTED if self.adopted else NOT_ADOPTED

    @property
    def margin(self) -> int:
        """Votes over what is needed, negative where short."""
        return self.count.margin

    def step(self, name: StepName) -> Step:
        """One step by name."""
        return next(step for step in self.steps if step.name is name)


def decide(
    electorate_: Sequence[Entitled],
    tally: Tally,
    rule: DecisionRule,
    *,
    articles: Mapping[str, str],
    key_article: str,
    day: date,
) -> Outcome:
    """Count one vote under one rule; ``day`` is the local day of the vote, from which answers of boards are due.

    A rule that wants a quorum adopts nothing without it, whatever the votes.
    """
    count = recount(tally, rule.majority, ad_referendum_counts=rule.ad_referendum.counts)
    quorum = quorum_of(tally, rule.quorum) if rule.quorum else None
    adopted = count.met and (quorum is None or quorum.met)
    steps = (
        Step(StepName.ELIGIBLE, _eligible(electorate_), articles.get("eligible", "")),
        Step(StepName.ALLOCATED, {"votes": tally.allocated}, key_article or articles.get("allocated", "")),
        Step(
            StepName.PRESENT,
            {"delegations": tally.delegations_registered, "votes": tally.registered},
            articles.get("present", ""),
        ),
        Step(StepName.QUORUM, _quorum_facts(quorum), rule.quorum.article if rule.quorum else ""),
        Step(StepName.VOTES, _vote_facts(tally), articles.get("votes", "")),
        Step(StepName.NEEDED, _needed_facts(count, rule), rule.majority.article),
        Step(
            StepName.RESULT,
            {"outcome": ADOPTED if adopted else NOT_ADOPTED, "for": count.in_favour, "margin": count.margin},
            rule.majority.article,
        ),
        Step(StepName.MAY_CHANGE, _may_change(tally, rule.ad_referendum, day), rule.ad_referendum.article),
    )
    return Outcome(adopted, steps, count, quorum, tally)


def _eligible(rows: Iterable[Entitled]) -> dict[str, int]:
    rows = list(rows)
    voting = sum(1 for row in rows if row.allocated)
    return {"delegations": voting, "without_vote": len(rows) - voting}


def _pair(fraction: Fraction) -> list[int]:
    return [fraction.numerator, fraction.denominator]


def _quorum_facts(quorum: QuorumCount | None) -> dict[str, Any]:
    if quorum is None:
        return {"required": False}
    return {
        "required": True,
        "base": str(quorum.quorum.base),
        "fraction": _pair(quorum.quorum.fraction),
        "strict": quorum.quorum.strict,
        "of": quorum.whole,
        "needed": quorum.needed,
        "there": quorum.there,
        "met": quorum.met,
    }


def _vote_facts(tally: Tally) -> dict[str, int]:
    return {
        "for": tally.in_favour,
        "against": tally.against,
        "abstained": tally.abstained,
        "unused": tally.unused,
        "ad_referendum": tally.ad_referendum,
    }


def _needed_facts(count: Count, rule: DecisionRule) -> dict[str, Any]:
    facts: dict[str, Any] = {"base": str(count.majority.base), "of": count.base_votes}
    facts["ad_referendum_counts"] = rule.ad_referendum.counts
    if count.exact is None:
        return facts | {"against": count.delegations_against}
    return facts | {
        "threshold": _pair(count.majority.threshold),
        "strict": count.majority.strict,
        "exact": _pair(count.exact),
        "needed": count.needed,
    }


def _may_change(tally: Tally, rule: AdReferendum, day: date) -> dict[str, Any]:
    waiting = sorted(row.organisation for row in tally.rows if row.ad_referendum and row.in_favour)
    days = rule.answer_within_days
    until = (day + timedelta(days=days)).isoformat() if waiting and days is not None else None
    return {"ad_referendum": waiting, "votes": tally.ad_referendum, "until": until}
