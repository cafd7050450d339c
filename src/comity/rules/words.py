"""Rules in the reader's language: shares, majorities, quorums, rights and the reasons they give."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from comity.registry.dates import day_in_words
from comity.rules.core import (
    Base,
    ClassRights,
    DecisionRule,
    Exclusivity,
    Majority,
    Quorum,
    QuorumBase,
    Right,
    RightAnswer,
    UnreadableRule,
    parse_parameters,
    parse_votes_key,
)
from comity.rules.models import RuleKind, RuleVersion

SHARES = {
    Fraction(1): gettext_lazy("all"),
    Fraction(1, 2): gettext_lazy("half"),
    Fraction(1, 3): gettext_lazy("one third"),
    Fraction(2, 3): gettext_lazy("two thirds"),
    Fraction(1, 4): gettext_lazy("one quarter"),
    Fraction(3, 4): gettext_lazy("three quarters"),
    Fraction(2, 5): gettext_lazy("two fifths"),
    Fraction(3, 5): gettext_lazy("three fifths"),
    Fraction(4, 5): gettext_lazy("four fifths"),
}
OF_BASE = {
    Base.CAST: gettext_lazy("%(share)s of votes cast"),
    Base.CAST_WITH_ABSTENTIONS: gettext_lazy("%(share)s of votes cast, abstentions counted"),
    Base.PRESENT: gettext_lazy("%(share)s of the votes of delegations taking part"),
    Base.ENTITLED: gettext_lazy("%(share)s of votes registered"),
    Base.ALLOCATED: gettext_lazy("%(share)s of votes allocated"),
}
OF_QUORUM = {
    QuorumBase.ALLOCATED: gettext_lazy("%(share)s of the allocated votes registered"),
    QuorumBase.ENTITLED: gettext_lazy("%(share)s of the registered votes taking part"),
    QuorumBase.DELEGATIONS: gettext_lazy("%(share)s of the delegations registered"),
}
KINDS = {
    RuleKind.STANDING_ORDERS: gettext_lazy("Standing orders"),
    RuleKind.VOTES_KEY: gettext_lazy("Votes key"),
    RuleKind.RIGHTS: gettext_lazy("Rights by class"),
}
RIGHTS = {
    Right.ATTEND: pgettext_lazy("right", "attend"),
    Right.SPEAK: pgettext_lazy("right", "speak"),
    Right.TABLE: pgettext_lazy("right", "table texts"),
    Right.AMEND: pgettext_lazy("right", "amend"),
    Right.CO_SPONSOR: pgettext_lazy("right", "co-sponsor"),
    Right.BLOCK: pgettext_lazy("right", "block"),
    Right.NOMINATE: pgettext_lazy("right", "nominate"),
    Right.VOTE: pgettext_lazy("right", "vote"),
    Right.STAND: pgettext_lazy("right", "stand for election"),
}
CLASSES: dict[str, str | Promise] = {
    "full": gettext_lazy("Full members"),
    "associate": gettext_lazy("Associates"),
    "associated": gettext_lazy("Associated organisations"),
    "observer": gettext_lazy("Observers"),
    "consultative": gettext_lazy("Consultative members"),
    "candidate": gettext_lazy("Candidates"),
    "fraternal": gettext_lazy("Fraternal organisations"),
    "partner": gettext_lazy("Partners"),
    "affiliate": gettext_lazy("Affiliates"),
    "member": gettext_lazy("Members"),
    "suspended": gettext_lazy("Suspended members"),
    "expelled": gettext_lazy("Expelled organisations"),
    "former": gettext_lazy("Former members"),
    "stated": gettext_lazy("Organisations without a stated class"),
}
DECISION_TYPES: dict[str, str | Promise] = {
    "joint-declaration": gettext_lazy("Joint declaration"),
    "amendment": gettext_lazy("Amendment"),
    "resolution": gettext_lazy("Resolution"),
    "admission": gettext_lazy("Admission of a member"),
    "statutes": gettext_lazy("Change of the statutes"),
    "rules": gettext_lazy("Change of the rules"),
}
DUTIES: dict[str, str | Promise] = {"fee": gettext_lazy("pay the fee")}


def share(fraction: Fraction, *, strict: bool = False) -> str:
    """A share in words: "three quarters", "more than half", "7/10"."""
    told = str(SHARES.get(fraction, f"{fraction.numerator}/{fraction.denominator}"))
    return _("more than %(share)s") % {"share": told} if strict else told


def majority(rule: Majority, *, ad_referendum_counts: bool = True) -> str:
    """A majority in words: "three quarters of votes allocated"."""
    if rule.base is Base.NO_DELEGATION_AGAINST:
        told = _("no delegation against")
    else:
        told = str(OF_BASE[rule.base]) % {"share": share(rule.threshold, strict=rule.strict)}
    return told if ad_referendum_counts else _("%(majority)s, ad referendum votes not counted") % {"majority": told}


def quorum(rule: Quorum) -> str:
    """A quorum in words: "half of the allocated votes registered"."""
    return str(OF_QUORUM[rule.base]) % {"share": share(rule.fraction, strict=rule.strict)}


def class_name(member_class: str) -> str:
    """A class of members, in the plural."""
    return str(CLASSES.get(member_class, member_class.replace("-", " ").capitalize()))


def decision_type(name: str) -> str:
    """A type of decision."""
    return str(DECISION_TYPES.get(name, name.replace("-", " ").capitalize()))


def listed(words: Iterable[str]) -> str:
    """Words as a list in a sentence: "attend, speak and vote"."""
    every = list(words)
    if len(every) < 2:
        return "".join(every)
    return _("%(first)s and %(last)s") % {"first": _(", ").join(every[:-1]), "last": every[-1]}


def rights(may: frozenset[Right]) -> str:
    """Rights in their usual order."""
    return listed(str(RIGHTS[right]) for right in Right if right in may)


def duty(name: str) -> str:
    """What a class owes."""
    return str(DUTIES.get(name, name.replace("-", " ")))


def reason(answer: RightAnswer) -> str:
    """Why a class holds a right or not: "Observers may attend, but get no vote." """
    told = {
        "members": class_name(answer.member_class),
        "rights": rights(answer.may),
        "right": str(RIGHTS[answer.right]),
    }
    if answer.held:
        sentence = _("%(members)s may %(rights)s.") % told
    elif not answer.known:
        sentence = _("%(members)s stand in no article of the rules in force, and so have no right to %(right)s.") % told
    elif not answer.may:
        sentence = _("%(members)s have no rights in this organ.") % told
    elif answer.right is Right.VOTE:
        sentence = _("%(members)s may %(rights)s, but get no vote.") % told
    else:
        sentence = _("%(members)s may %(rights)s, but not %(right)s.") % told
    if not answer.article:
        return sentence
    return _("%(sentence)s (Article %(article)s)") % {"sentence": sentence, "article": answer.article}


@dataclass(frozen=True)
class Told:
    """One parameter in words, with the article it comes from."""

    about: str
    words: str
    article: str = ""


def in_words(version: RuleVersion) -> list[Told]:
    """The parameters of a version in words; a votes key and rights are tables of their own."""
    if version.document.kind == RuleKind.VOTES_KEY:
        key = parse_votes_key(version.parameters)
        told = {"votes": sum(key.allocations.values()), "basis": key.basis}
        basis = [Told(_("Basis"), key.basis, key.article)] if key.basis else []
        return [Told(_("Votes allocated"), str(told["votes"]), key.article), *basis]
    rules = parse_parameters(version.parameters)
    lines = [line for rule in rules.decisions.values() for line in _rule_in_words(rule)]
    return lines + ([_exclusive(rules.exclusive)] if rules.exclusive is not None else [])


def _exclusive(rule: Exclusivity) -> Told:
    if not rule.excepted:
        words = _("Members belong to no other international.")
    else:
        told = ngettext(
            "Members belong to no other international, but for %(n)s that the rule names.",
            "Members belong to no other international, but for %(n)s that the rule names.",
            len(rule.excepted),
        )
        words = told % {"n": len(rule.excepted)}
    return Told(_("Exclusivity"), words, rule.article)


def caution(version: RuleVersion, article: str, *, member: str, network: str, other: str) -> str:
    """What an international's rule says of a member that belongs to another one too; it warns and stops nothing."""
    told = {
        "title": version.document.title,
        "network": network,
        "number": version.number,
        "day": day_in_words(version.in_force_from),
        "member": member,
        "other": other,
        "article": article,
    }
    if article:
        return _(
            "Article %(article)s of “%(title)s” of %(network)s (version %(number)s, in force from %(day)s) says that "
            "its members belong to no other international; %(member)s would be a member of %(other)s too."
        ) % told  # fmt: skip
    return _(
        "“%(title)s” of %(network)s (version %(number)s, in force from %(day)s) says that its members belong to no "
        "other international; %(member)s would be a member of %(other)s too."
    ) % told  # fmt: skip


def clash(version: RuleVersion, *, member: str, network: str, other: str) -> str:
    """The same of a membership that stands, said to those whose affair it is."""
    told = {"title": version.document.title, "member": member, "network": network, "other": other}
    return _(
        "%(member)s belongs to %(network)s and to %(other)s; “%(title)s” of %(network)s says that its members belong "
        "to no other international. What follows from that is for %(network)s to decide, not for this register."
    ) % told  # fmt: skip


def _rule_in_words(rule: DecisionRule) -> list[Told]:
    about = decision_type(rule.decision_type)
    lines = [Told(about, _("Adopted by: %(majority)s.") % {"majority": majority(rule.majority)}, rule.majority.article)]
    if rule.quorum:
        lines.append(Told(about, _("Quorum: %(quorum)s.") % {"quorum": quorum(rule.quorum)}, rule.quorum.article))
    else:
        lines.append(Told(about, _("No quorum is asked for.")))
    lines.append(Told(about, _ad_referendum(rule), rule.ad_referendum.article))
    lines.append(
        Told(about, _("A vote may be changed until the close.") if rule.votes_may_change else _("A vote given stands."))
    )
    if not rule.votes_may_split:
        lines.append(Told(about, _("Each delegation gives all its votes one way.")))
    return lines


def _ad_referendum(rule: DecisionRule) -> str:
    if not rule.ad_referendum.allowed:
        return _("No vote may be given ad referendum.")
    counts = rule.ad_referendum.counts
    if rule.ad_referendum.answer_within_days is None:
        return _("Votes ad referendum count.") if counts else _("Votes ad referendum do not count.")
    days = rule.ad_referendum.answer_within_days
    if counts:
        told = ngettext(
            "Votes ad referendum count; the party's organ answers within %(days)s day.",
            "Votes ad referendum count; the party's organ answers within %(days)s days.",
            days,
        )
    else:
        told = ngettext(
            "Votes ad referendum do not count; the party's organ answers within %(days)s day.",
            "Votes ad referendum do not count; the party's organ answers within %(days)s days.",
            days,
        )
    return told % {"days": days}


@dataclass(frozen=True)
class Change:
    """One difference between two versions: what stood before, and what stands now; either may be empty."""

    about: str
    before: str
    now: str
    language: str = ""


def differences(before: RuleVersion, now: RuleVersion, names: dict[str, str]) -> list[Change]:
    """What a version changed: articles, parameters in words, votes by organisation (``names`` by public id), rights."""
    changes = _changed_articles(before.prose, now.prose)
    if now.document.kind == RuleKind.VOTES_KEY:
        old, new = parse_votes_key(before.parameters).allocations, parse_votes_key(now.parameters).allocations
        for organisation in sorted({*old, *new}, key=lambda one: names.get(one, one)):
            if old.get(organisation, 0) != new.get(organisation, 0):
                told = (str(old.get(organisation, 0)), str(new.get(organisation, 0)))
                changes.append(Change(names.get(organisation, organisation), *told))
        return changes
    changes += _changed_lines(in_words(before), in_words(now))
    return changes + _changed_rights(
        parse_parameters(before.parameters).rights, parse_parameters(now.parameters).rights
    )


def _changed_articles(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[Change]:
    old, new = ({article["article"]: article for article in prose} for prose in (before, now))
    changes = []
    for number in dict.fromkeys([*old, *new]):
        was, stands = old.get(number), new.get(number)
        if (was or {}).get("text") != (stands or {}).get("text"):
            language = (stands or was or {}).get("language", "")
            told = _("Article %(article)s") % {"article": number}
            changes.append(Change(told, (was or {}).get("text", ""), (stands or {}).get("text", ""), language))
    return changes


def _changed_lines(before: list[Told], now: list[Told]) -> list[Change]:
    changes = []
    for about in dict.fromkeys(line.about for line in [*before, *now]):
        old = [line.words for line in before if line.about == about]
        new = [line.words for line in now if line.about == about]
        gone = [words for words in old if words not in new]
        come = [words for words in new if words not in old]
        if gone or come:
            changes.append(Change(about, " ".join(gone), " ".join(come)))
    return changes


def _changed_rights(before: dict[str, ClassRights] | Any, now: dict[str, ClassRights] | Any) -> list[Change]:
    none = ClassRights()
    return [
        Change(class_name(name), rights(before.get(name, none).may), rights(now.get(name, none).may))
        for name in dict.fromkeys([*before, *now])
        if before.get(name, none).may != now.get(name, none).may
    ]


def unreadable(refusal: UnreadableRule) -> str:
    """A refused parameter: where, what stands there, what to do."""
    return _("%(where)s: %(what)s. To put it right: %(remedy)s.") % refusal.parameters
