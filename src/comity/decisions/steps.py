"""The count step by step in the reader's language, and as the stand-alone verifier prints it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.decisions import core
from comity.decisions.core import StepName
from comity.decisions.models import Decision, Entitlement
from comity.decisions.queries import day_of, local_day
from comity.decisions.words import OUTCOMES, base_words, stance_told
from comity.plain.kinds import called
from comity.plain.place import Place
from comity.plain.stances import Stance
from comity.registry.dates import day_in_words
from comity.rules import words as rules
from comity.rules.core import Base, parse_votes_key

STEPS = {
    StepName.ELIGIBLE: gettext_lazy("Who may vote"),
    StepName.ALLOCATED: gettext_lazy("How many votes each"),
    StepName.PRESENT: gettext_lazy("Who is present"),
    StepName.QUORUM: gettext_lazy("Quorum"),
    StepName.VOTES: gettext_lazy("Votes"),
    StepName.NEEDED: gettext_lazy("Needed"),
    StepName.RESULT: gettext_lazy("Result"),
    StepName.MAY_CHANGE: gettext_lazy("What may still change"),
}


@dataclass(frozen=True)
class StepRow:
    """One step of the count as a row of the page."""

    name: str
    told: str
    article: str
    gives: str


@dataclass(frozen=True)
class Counted:
    """A closed decision with its outcome and its whole electorate."""

    decision: Decision
    outcome: core.Outcome
    rows: Sequence[Entitlement]
    place: Place


def step_rows(decision: Decision, outcome: core.Outcome, rows: Sequence[Entitlement], place: Place) -> list[StepRow]:
    """The count step by step: from which facts, under which article, and what it gives."""
    counted = Counted(decision, outcome, rows, place)
    return [
        StepRow(str(STEPS[step.name]), _FACTS[step.name](counted), step.article, _GIVES[step.name](counted))
        for step in outcome.steps
    ]


def clock(decision: Decision, instant: datetime) -> str:
    """The local time of an instant where the vote was held."""
    return instant.astimezone(ZoneInfo(decision.zone)).strftime("%H:%M")


def _eligible(counted: Counted) -> str:
    decision, rows = counted.decision, counted.rows
    by_class: dict[str, int] = {}
    for row in rows:
        if row.allocated:
            by_class[row.standing] = by_class.get(row.standing, 0) + 1
    classes = [
        _("%(members)s: %(count)s") % {"members": rules.class_name(name), "count": count}
        for name, count in by_class.items()
    ]
    without = sum(1 for row in rows if not row.allocated)
    told = {"day": day_in_words(day_of(decision)), "classes": _(", ").join(classes), "without": without}
    if without:
        return _("Members that hold votes on %(day)s. %(classes)s. Without a vote: %(without)s") % told
    return _("Members that hold votes on %(day)s. %(classes)s") % told


def _key(counted: Counted) -> str:
    decision = counted.decision
    key = parse_votes_key(decision.key.parameters)
    told = {
        "title": decision.key.document.title,
        "number": decision.key.number,
        "day": day_in_words(decision.key.in_force_from),
        "basis": key.basis,
    }
    if key.basis:
        return _("%(title)s, version %(number)s, in force since %(day)s; %(basis)s") % told
    return _("%(title)s, version %(number)s, in force since %(day)s") % told


def _present(counted: Counted) -> str:
    decision, rows = counted.decision, counted.rows
    absent = [called(row.organisation, counted.place).words for row in rows if row.allocated and not row.registered]
    told = {
        "day": day_in_words(local_day(decision, decision.credentials_closed_at)),
        "time": clock(decision, decision.credentials_closed_at),
        "absent": rules.listed(absent),
    }
    if absent:
        return _("Credentials closed %(day)s, %(time)s. Not registered: %(absent)s") % told
    return _("Credentials closed %(day)s, %(time)s. Every delegation registered") % told


def _quorum(counted: Counted) -> str:
    outcome = counted.outcome
    if outcome.quorum is None:
        return _("The rule asks for no quorum")
    told = {
        "quorum": rules.quorum(outcome.quorum.quorum),
        "needed": outcome.quorum.needed,
        "whole": outcome.quorum.whole,
    }
    return _("At least %(needed)s of %(whole)s: %(quorum)s") % told


def _voting(counted: Counted) -> str:
    decision = counted.decision
    told = {"opened": clock(decision, decision.opened_at), "closed": ""}
    if decision.closed_at is None:
        return _("Open, by delegation, from %(opened)s") % told
    told["closed"] = clock(decision, decision.closed_at)
    if local_day(decision, decision.closed_at) != day_of(decision):
        told["day"] = day_in_words(local_day(decision, decision.closed_at))
        return _("Open, by delegation, from %(opened)s to %(day)s, %(closed)s") % told
    return _("Open, by delegation, %(opened)s to %(closed)s") % told


def fraction_text(fraction: Fraction) -> str:
    """An exact number: "30", "26 2/3"."""
    whole, rest = divmod(fraction.numerator, fraction.denominator)
    if not rest:
        return str(whole)
    part = f"{rest}/{fraction.denominator}"
    return f"{whole} {part}" if whole else part


def _formula(text: str) -> str:
    """A formula reads from left to right in every language."""
    return f"\u2066{text}\u2069"


def needed_exactly(count: core.Count) -> str:
    """The multiplication behind the number of votes needed; nothing is rounded."""
    if count.exact is None:
        return _("No delegation may vote against")
    share = f"{count.majority.threshold.numerator}/{count.majority.threshold.denominator}"
    formula = _formula(f"{share} × {count.base_votes} = {fraction_text(count.exact)}")
    told = {"formula": formula, "needed": count.needed}
    if count.majority.strict:
        return _("More than %(formula)s, so %(needed)s") % told
    if count.exact.denominator != 1:
        return _("%(formula)s, so %(needed)s; nothing rounded") % told
    return _("%(formula)s, exact, nothing rounded") % told


def _comparison(counted: Counted) -> str:
    outcome = counted.outcome
    count = outcome.count
    if outcome.quorum is not None and not outcome.quorum.met:
        return _("No quorum: whatever the votes")
    if count.needed is None:
        return _("%(against)s against") % {"against": count.delegations_against}
    return _formula(f"{count.in_favour} {'≥' if count.met else '<'} {count.needed}")


def _may_change(counted: Counted) -> str:
    names = {row.organisation.public_id: called(row.organisation, counted.place).words for row in counted.rows}
    gives = counted.outcome.step(StepName.MAY_CHANGE).gives
    parties = [names.get(one, one) for one in gives["ad_referendum"]]
    if not parties:
        return _("Nothing: no vote was given ad referendum")
    sentence = ngettext(
        "If the competent organ of %(parties)s refuses, the decision stands; that party is not bound",
        "If the competent organs of %(parties)s refuse, the decision stands; those parties are not bound",
        len(parties),
    )
    return sentence % {"parties": rules.listed(parties)}


def _present_gives(counted: Counted) -> str:
    tally = counted.outcome.tally
    told = {
        "delegations": base_words(Base.NO_DELEGATION_AGAINST, tally.delegations_registered),
        "votes": ngettext("%(votes)s vote", "%(votes)s votes", tally.registered) % {"votes": tally.registered},
    }
    return _("%(delegations)s, %(votes)s") % told


def _quorum_gives(counted: Counted) -> str:
    quorum = counted.outcome.quorum
    if quorum is None:
        return _("none needed")
    told = {"there": quorum.there}
    return _("%(there)s: met") % told if quorum.met else _("%(there)s: not met") % told


def _votes_gives(counted: Counted) -> str:
    tally = counted.outcome.tally
    ways = [(Stance.AGREED, tally.in_favour), (Stance.AGAINST, tally.against), (Stance.ABSTAINED, tally.abstained)]
    return _(", ").join(stance_told(stance, votes) for stance, votes in ways if votes or stance is Stance.AGREED)


def _needed_gives(counted: Counted) -> str:
    needed = counted.outcome.count.needed
    return str(needed) if needed is not None else _("none against")


def _may_change_gives(counted: Counted) -> str:
    gives = counted.outcome.step(StepName.MAY_CHANGE).gives
    if gives["until"]:
        return _("by %(day)s") % {"day": day_in_words(date.fromisoformat(gives["until"]))}
    return _("open") if gives["ad_referendum"] else _("nothing")


_FACTS: Mapping[StepName, Callable[[Counted], str]] = {
    StepName.ELIGIBLE: _eligible,
    StepName.ALLOCATED: _key,
    StepName.PRESENT: _present,
    StepName.QUORUM: _quorum,
    StepName.VOTES: _voting,
    StepName.NEEDED: lambda counted: needed_exactly(counted.outcome.count),
    StepName.RESULT: _comparison,
    StepName.MAY_CHANGE: _may_change,
}
_GIVES: Mapping[StepName, Callable[[Counted], str]] = {
    StepName.ELIGIBLE: lambda counted: base_words(Base.NO_DELEGATION_AGAINST, counted.outcome.tally.delegations),
    StepName.ALLOCATED: lambda counted: base_words(Base.ALLOCATED, counted.outcome.tally.allocated),
    StepName.PRESENT: _present_gives,
    StepName.QUORUM: _quorum_gives,
    StepName.VOTES: _votes_gives,
    StepName.NEEDED: _needed_gives,
    StepName.RESULT: lambda counted: str(OUTCOMES[counted.outcome.name]),
    StepName.MAY_CHANGE: _may_change_gives,
}


def recount_lines(decision: Decision, outcome: core.Outcome) -> list[tuple[str, str]]:
    """What ``verify/comity_recount.py`` prints of this decision; a program's output, not translated."""
    gives: dict[str, Any] = {str(step.name): step.gives for step in outcome.steps}
    quorum, votes = gives["quorum"], gives["votes"]
    reach = f"{quorum['needed']} {'met' if quorum['met'] else 'not met'}" if quorum["required"] else "none"
    ways = "   ".join(f"{way} {votes[way]}" for way in ("for", "against", "abstained") if votes[way] or way == "for")
    version = decision.rules
    return [
        ("rules", f"{version.document.title} v{version.number}, in force {version.in_force_from:%Y-%m-%d}"),
        (
            "eligible",
            f"{gives['eligible']['delegations']}   allocated {gives['allocated']['votes']}   "
            f"registered {gives['present']['votes']}   quorum {reach}",
        ),
        ("votes", f"{ways}   not used {votes['unused']}"),
        *_majority_lines(outcome),
        ("fingerprint", decision.facts_sha256),
    ]


def _majority_lines(outcome: core.Outcome) -> list[tuple[str, str]]:
    count = outcome.count
    if count.exact is None:
        return [("needed", "no delegation against"), (outcome.name, f"{count.delegations_against} against")]
    threshold = count.majority.threshold
    share = f"{'more than ' if count.majority.strict else ''}{threshold.numerator}/{threshold.denominator}"
    whole = "" if count.exact == count.needed else f", so {count.needed}"
    sign = ">=" if count.met else "<"
    return [
        ("needed", f"{share} of {count.base_votes} ({count.majority.base}) = {count.exact}{whole}"),
        (outcome.name, f"{count.in_favour} {sign} {count.needed}"),
    ]
