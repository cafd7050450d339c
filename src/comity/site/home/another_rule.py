"""Another rule: the votes of one decision counted again as a visitor chooses, and what would have ended otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.decisions import core
from comity.decisions.models import Decision
from comity.decisions.queries import Recount, recounts, rule_of, same_sitting, tally_of
from comity.plain.place import Place
from comity.rules.words import majority

OFFERED = 4
"""Rules on the home page; the decision's own page counts under all of them."""


@dataclass(frozen=True)
class RuleChoice:
    """One rule to count under, as offered."""

    key: str
    words: str
    note: str
    chosen: bool


@dataclass(frozen=True)
class OtherDecision:
    """Another decision of the sitting that the chosen rule would turn."""

    decision: Decision
    would: str


@dataclass(frozen=True)
class RuleTry:
    """The votes counted again under the chosen rule."""

    choices: tuple[RuleChoice, ...]
    under: str
    finding: str
    explained: tuple[str, ...]
    turned: tuple[OtherDecision, ...]


def try_rule(decision: Decision, asked: Mapping[str, str], place: Place) -> RuleTry | None:
    """Recount a closed decision under the rule asked for, by default the first that is not in force."""
    known_by = place.known_by
    every = _offered(recounts(decision, known_by), asked.get("rule", ""))
    if not every:
        return None
    chosen = next((one for one in every if one.key == asked.get("rule")), None)
    chosen = chosen or next((one for one in every if _otherwise_counted(one, every)), every[-1])
    in_force = next(one for one in every if one.in_force)
    choices = tuple(RuleChoice(o.key, _rule_words(o), _rule_note(o, decision), o is chosen) for o in every)
    return RuleTry(
        choices,
        _rule_words(chosen),
        _finding(chosen),
        tuple(_explained(chosen, in_force)),
        tuple(_turned(decision, chosen, place)),
    )


def _otherwise_counted(one: Recount, every: list[Recount]) -> bool:
    """Whether it counts other votes than the rule in force does: the change that says most."""
    in_force = next(other for other in every if other.in_force)
    return one.count.needed is not None and one.majority.base is not in_force.majority.base


def _offered(every: list[Recount], asked: str) -> list[Recount]:
    """The rule in force, then those that count a different base or turn the result, and always the one asked for."""
    order = sorted(every, key=lambda o: (not o.in_force, o.key != asked, o.key != "two-thirds-cast", o.same))
    kept = {one.key for one in order[:OFFERED]}
    return [one for one in every if one.key in kept]


def _rule_words(one: Recount) -> str:
    return majority(one.majority, ad_referendum_counts=one.ad_referendum_counts)


def _rule_note(one: Recount, decision: Decision) -> str:
    if one.in_force:
        return _("in force since %(year)s") % {"year": decision.rules.in_force_from.year}
    until = one.version.in_force_until if one.version else None
    return _("in force until %(year)s") % {"year": until.year} if until else ""


def _finding(one: Recount) -> str:
    count = one.count
    told: dict[str, object] = {"given": count.in_favour, "base": count.base_votes, "needed": count.needed}
    if count.needed is None:
        against = ngettext(
            "%(n)s delegation voted against", "%(n)s delegations voted against", count.delegations_against
        )
        told["against"] = against % {"n": count.delegations_against}
        return (_("Adopted: %(against)s.") if one.adopted else _("Not adopted: %(against)s.")) % told
    if one.adopted:
        still = _("Still adopted: %(given)s of %(base)s, %(needed)s needed.")
        return (still if one.same else _("Now adopted: %(given)s of %(base)s, %(needed)s needed.")) % told
    also = _("Not adopted either: %(given)s of %(base)s, %(needed)s needed.")
    return (also if one.same else _("Not adopted: %(given)s of %(base)s, %(needed)s needed.")) % told


def _explained(one: Recount, in_force: Recount) -> list[str]:
    told = []
    if one.count.base_votes != in_force.count.base_votes and one.count.needed is not None:
        told.append(
            _("This rule counts %(base)s votes, the rule in force counts %(other)s.")
            % {"base": one.count.base_votes, "other": in_force.count.base_votes}
        )
    if one.count.needed is not None and in_force.count.needed is not None and not one.in_force:
        told.append(
            _("The margin is %(now)s instead of %(then)s.")
            % {"now": _margin(one.count.margin), "then": _margin(in_force.count.margin)}
        )
    return told


def _margin(votes: int) -> str:
    if votes < 0:
        return ngettext("%(n)s vote short", "%(n)s votes short", -votes) % {"n": -votes}
    return ngettext("%(n)s vote over", "%(n)s votes over", votes) % {"n": votes}


def _turned(decision: Decision, chosen: Recount, place: Place) -> list[OtherDecision]:
    """The other decisions of the same sitting that would have ended otherwise."""
    found = []
    for other in same_sitting(decision, place.actor, place.known_by):
        if chosen.in_force or rule_of(other).majority == chosen.majority:
            continue
        count = core.recount(tally_of(other), chosen.majority, ad_referendum_counts=chosen.ad_referendum_counts)
        if count.met == other.adopted:
            continue
        told = {"given": count.in_favour, "base": count.base_votes, "needed": count.needed or 0}
        would = _("would have been adopted: %(given)s of %(base)s, %(needed)s needed")
        lost = _("would not have been adopted: %(given)s of %(base)s, %(needed)s needed")
        found.append(OtherDecision(other, (would if count.met else lost) % told))
    return found
