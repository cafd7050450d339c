"""Four things a visitor does with one decision: another rule, other eyes, another day, an altered entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.commitments.models import Commitment
from comity.commitments.queries import Promise, counted, promises
from comity.decisions import core
from comity.decisions.models import Decision
from comity.decisions.queries import Recount, recounts, rule_of, same_sitting, tally_of
from comity.plain.duties import Duty
from comity.plain.place import Place
from comity.registry.dates import short_day
from comity.rules.words import listed, majority
from comity.site.pictures import day_line
from comity.site.threads import end_of
from comity.texts.models import Adoption, AdReferendum, BoardAnswer
from comity.texts.queries.standing import boards_awaited

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
    known_by = end_of(place.as_of, place.at)
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
    for other in same_sitting(decision, place.actor, end_of(place.as_of, place.at)):
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


@dataclass(frozen=True)
class DayTry:
    """What was known and in force on the chosen day."""

    day: date
    first: date
    last: date
    finding: str
    passed: tuple[str, ...]
    unknown: tuple[str, ...]
    picture: str


def try_day(adoption: Adoption, now: list[Promise], asked: Mapping[str, str], place: Place) -> DayTry:
    """The state of the promises on the day asked for, by default a due day gone by; ``now`` is today's."""
    rows = Commitment.objects.visible_to(place.actor, place.at).filter(adoption=adoption)
    adopted = adoption.at.astimezone(UTC).date()
    day = _day_asked(asked.get("day", ""), now, adopted, place)
    known_by = end_of(day, place.at)
    then = promises(rows, day, known_by)
    return DayTry(
        day=day,
        first=adopted - timedelta(days=365),
        last=place.as_of,
        finding=counts_in_words(then) if then else _not_yet(adoption, known_by),
        passed=tuple(_clauses_due(then, day)),
        unknown=tuple(_unknown(adoption, known_by, place)),
        picture=_line(adoption, now, adopted, day, place),
    )


def _day_asked(text: str, now: list[Promise], adopted: date, place: Place) -> date:
    try:
        return min(date.fromisoformat(text), place.as_of)
    except ValueError:
        passed = sorted({promise.commitment.due for promise in now if promise.commitment.due <= place.as_of})
        return passed[len(passed) // 2] if passed else max(adopted, place.as_of - timedelta(days=30))


def _not_yet(adoption: Adoption, known_by: datetime) -> str:
    if adoption.at > known_by:
        return _("The text had not been adopted; it bound nobody.")
    return _("The text was adopted; no promise had been opened yet.")


def counts_in_words(rows: list[Promise]) -> str:
    """``6 promises kept, 1 silent, 13 not yet due.``: only states that occur, in their order."""
    counts = counted(rows)
    told = [_of_state(duty, number) for duty, number in counts.items()]
    return _("%(total)s promises: %(states)s.") % {"total": len(rows), "states": listed(told)}


def _of_state(duty: Duty, number: int) -> str:
    told = {
        Duty.KEPT: ngettext("%(n)s kept", "%(n)s kept", number),
        Duty.LATE: ngettext("%(n)s kept late", "%(n)s kept late", number),
        Duty.NIL: ngettext("%(n)s declared nil", "%(n)s declared nil", number),
        Duty.MISSED: ngettext("%(n)s missed with reply", "%(n)s missed with reply", number),
        Duty.SILENT: ngettext("%(n)s silent", "%(n)s silent", number),
        Duty.NOT_DUE: ngettext("%(n)s not due yet", "%(n)s not due yet", number),
    }[duty]
    return told % {"n": number}


def _clauses_due(then: list[Promise], day: date) -> list[str]:
    """The clauses whose day was reached last by then: how many parties had kept them, and who had not."""
    reached = [promise for promise in then if promise.due <= day]
    if not reached:
        return []
    last = max(promise.due for promise in reached)
    told = []
    for label in sorted({promise.commitment.block.label for promise in reached if promise.due == last}):
        of_clause = [promise for promise in reached if promise.commitment.block.label == label and promise.due == last]
        open_ = [promise.commitment.organisation.name for promise in of_clause if not promise.evidence]
        kept = ngettext("%(n)s party had kept it", "%(n)s parties had kept it", len(of_clause) - len(open_))
        words = {"clause": label, "due": short_day(last), "kept": kept % {"n": len(of_clause) - len(open_)}}
        sentence = _("Clause %(clause)s was due on %(due)s: %(kept)s.")
        if open_:
            words["open"] = listed(open_)
            sentence = _("Clause %(clause)s was due on %(due)s: %(kept)s, not yet %(open)s.")
        told.append(sentence % words)
    return told


def _unknown(adoption: Adoption, known_by: datetime, place: Place) -> list[str]:
    told = [
        _("whether the board of %(party)s would agree") % {"party": party.name}
        for party, _meets in boards_awaited(adoption.text, known_by)
    ]
    if adoption.at > known_by:
        told.append(_("what would be decided"))
    return told


def _line(adoption: Adoption, now: list[Promise], adopted: date, day: date, place: Place) -> str:
    """The days on which something changed, and those still awaited."""
    known_by = end_of(place.as_of, place.at)
    changed = {adopted, *(promise.since for promise in now if promise.since)}
    awarded = BoardAnswer.objects.filter(awaited__adoption=adoption, at__lte=known_by).values_list("at", flat=True)
    changed |= {at.astimezone(UTC).date() for at in awarded}
    boards = AdReferendum.objects.filter(adoption=adoption, at__lte=known_by, answer=None)
    awaited = {row.board_meets for row in boards if row.board_meets and row.board_meets > place.as_of}
    words = {one: short_day(one, year=False) for one in {*changed, day, *awaited}}
    return day_line(words, day, awaited, _("The days on which something changed, and those awaited"))
