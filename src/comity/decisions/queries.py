"""Reading decisions: the electorate of a day, the tally, the outcome step by step, and the file anyone can recount."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch

from comity.decisions import core
from comity.decisions.models import Decision, DecisionQuerySet, Entitlement, Vote
from comity.decisions.published import FORMAT, facts_digest, result_json
from comity.plain.actors import ActorRef
from comity.plain.levels import Realm
from comity.plain.time import day_in, utc_text
from comity.registry.models import LinkKind, Organisation
from comity.registry.queries import LinkView, links_on, standing_of
from comity.rules.core import Base, DecisionRule, Majority, parse_parameters, parse_votes_key
from comity.rules.models import RuleVersion
from comity.rules.queries import history


def local_day(decision: Decision, instant: datetime) -> date:
    """The day of an instant where the vote is held."""
    return day_in(decision.zone, instant)


def day_of(decision: Decision) -> date:
    """The local day on which the vote opened: its rules, key and members are those of that day."""
    return local_day(decision, decision.opened_at)


def members_of(network: Organisation, day: date, known_by: datetime) -> dict[Organisation, str]:
    """Members and parts of a network with their class on a day; "" where no source says whether they were members."""
    links = links_on(network, day, known_by=known_by, kinds=[LinkKind.MEMBERSHIP, LinkKind.PART], hidden=True)
    members: dict[Organisation, str] = {}
    for view in _inward(links.in_force):
        members.setdefault(view.other, _class_of(view, network, day, known_by))
    for view in _inward(links.date_unknown):
        members.setdefault(view.other, "")
    return members


def _inward(views: Sequence[LinkView]) -> list[LinkView]:
    """Ties into the network, memberships before parts."""
    return sorted((view for view in views if not view.outward), key=lambda view: view.kind != LinkKind.MEMBERSHIP)


def _class_of(view: LinkView, network: Organisation, day: date, known_by: datetime) -> str:
    if view.unverified and view.kind == LinkKind.MEMBERSHIP:
        return standing_of(view.other, network, day, known_by) or ""
    return view.standing


def rule_of(decision: Decision) -> DecisionRule:
    """The pinned rule for the decision's type."""
    return parse_parameters(decision.rules.parameters).decisions[decision.decision_type]


COUNTED = (Prefetch("entitlements", Entitlement.objects.select_related("organisation")), "votes")
"""What a page that counts reads beforehand, in two queries for all its decisions."""


def whole_electorate(decision: Decision) -> list[Entitlement]:
    """Every place in the electorate, by public id; read beforehand where a page asked for COUNTED."""
    rows = decision.entitlements.all()
    if "entitlements" not in getattr(decision, "_prefetched_objects_cache", {}):
        rows = rows.select_related("organisation")
    return sorted(rows, key=lambda row: row.organisation.public_id)


def delegations(decision: Decision) -> list[Entitlement]:
    """Those who hold votes, largest first."""
    rows = [row for row in whole_electorate(decision) if row.allocated]
    return sorted(rows, key=lambda row: (-row.allocated, row.organisation.name))


def votes_of(decision: Decision) -> dict[int, Vote]:
    """What each delegation gave, by the organisation's primary key."""
    return {vote.organisation_id: vote for vote in decision.votes.all()}


def tally_of(decision: Decision) -> core.Tally:
    """The votes so far. Before the close it is for the count alone, never for a page."""
    given = votes_of(decision)
    return core.Tally(tuple(_row(held, given.get(held.organisation_id)) for held in delegations(decision)))


def _row(held: Entitlement, vote: Vote | None) -> core.Delegation:
    return core.Delegation(
        organisation=held.organisation.public_id,
        allocated=held.allocated,
        registered=held.registered,
        in_favour=vote.in_favour if vote else 0,
        against=vote.against if vote else 0,
        abstained=vote.abstained if vote else 0,
        ad_referendum=vote.ad_referendum if vote else False,
    )


def electorate_of(decision: Decision) -> list[core.Entitled]:
    """The frozen electorate, members without a vote among them."""
    return [
        core.Entitled(row.organisation.public_id, row.standing, row.allocated, core.NoVoteReason(row.reason))
        for row in whole_electorate(decision)
    ]


def counted(decision: Decision) -> core.Outcome:
    """Count the votes given so far under the pinned rules; the close publishes what this gives then."""
    return core.decide(
        electorate_of(decision),
        tally_of(decision),
        rule_of(decision),
        articles=parse_parameters(decision.rules.parameters).articles,
        key_article=parse_votes_key(decision.key.parameters).article,
        day=day_of(decision),
    )


def result_of(decision: Decision) -> core.Outcome | None:
    """The outcome with its steps, recounted from the facts; None while the vote is open: nothing leaks early."""
    return counted(decision) if decision.closed_at is not None else None


def facts_of(decision: Decision) -> dict[str, Any]:
    """What was counted, and nothing else: whoever holds this can recount without the house."""
    given = votes_of(decision)
    rows = whole_electorate(decision)
    return {
        "decision_type": decision.decision_type,
        "day": day_of(decision).isoformat(),
        "opened": utc_text(decision.opened_at),
        "closed": utc_text(decision.closed_at) if decision.closed_at else "",
        "zone": decision.zone,
        "subject": {"kind": decision.subject_kind, "id": decision.subject_id, "sha256": decision.subject_digest},
        "rules_sha256": decision.rules.sha256,
        "key_sha256": decision.key.sha256,
        "rights_sha256": decision.rights.sha256,
        "electorate": [
            {
                "organisation": row.organisation.public_id,
                "class": row.standing,
                "allocated": row.allocated,
                "registered": row.registered,
                "reason": row.reason,
            }
            for row in rows
        ],
        "votes": [
            {
                "organisation": row.organisation.public_id,
                "for": vote.in_favour,
                "against": vote.against,
                "abstained": vote.abstained,
                "ad_referendum": vote.ad_referendum,
            }
            for row in rows
            if (vote := given.get(row.organisation_id))
        ],
    }


def version_file(version: RuleVersion) -> dict[str, Any]:
    """A rule version as it stands in a decision file: the fingerprint is over ``document``."""
    return {
        "id": version.public_id,
        "title": version.document.title,
        "number": version.number,
        "adopted_by": version.adopted_by,
        "adopted_on": version.adopted_on.isoformat(),
        "in_force_from": version.in_force_from.isoformat(),
        "sha256": version.sha256,
        "document": {"prose": version.prose, "parameters": version.parameters},
    }


def decision_file(decision: Decision) -> dict[str, Any]:
    """The published file of a closed decision, which ``verify/comity_recount.py`` recounts without this house."""
    facts = facts_of(decision)
    outcome = counted(decision)
    rows = whole_electorate(decision)
    return {
        "format": FORMAT,
        "fictional": Realm(decision.network.realm) is Realm.FICTION,
        "id": decision.public_id,
        "number": decision.number,
        "title": decision.title,
        "question": decision.question,
        "network": {"id": decision.network.public_id, "name": decision.network.name},
        "organ": {"id": decision.organ.public_id, "name": decision.organ.name},
        "names": {row.organisation.public_id: row.organisation.name for row in rows},
        "rules": version_file(decision.rules),
        "key": version_file(decision.key),
        "rights": version_file(decision.rights),
        "facts": facts,
        "facts_sha256": facts_digest(facts),
        "result": result_json(outcome),
    }


@dataclass(frozen=True)
class Recount:
    """The same votes under one rule: the one in force, or another."""

    key: str
    """Stands in the address: ``?rule=two-thirds-cast``."""
    majority: Majority
    ad_referendum_counts: bool
    count: core.Count
    adopted: bool
    in_force: bool
    same: bool
    """Whether the result is the one the rule in force gave."""
    version: RuleVersion | None = None
    """The version of the same document that held this rule, where one did."""


@dataclass(frozen=True)
class OtherRule:
    """A rule to count under."""

    key: str
    majority: Majority
    ad_referendum_counts: bool = True
    version: RuleVersion | None = None


STANDARD = (
    OtherRule("three-quarters-allocated", Majority(Base.ALLOCATED, Fraction(3, 4))),
    OtherRule("two-thirds-allocated", Majority(Base.ALLOCATED, Fraction(2, 3))),
    OtherRule("two-thirds-cast", Majority(Base.CAST, Fraction(2, 3))),
    OtherRule("no-delegation-against", Majority(Base.NO_DELEGATION_AGAINST)),
)
"""Rules of real bodies, usual elsewhere; their keys are stable, whichever of them is in force."""


def other_rules(decision: Decision, known_by: datetime | None = None) -> list[OtherRule]:
    """The rule in force, those of other versions of the same document, and the rules usual elsewhere; each once."""
    rule = rule_of(decision)
    counts = rule.ad_referendum.counts
    options = [OtherRule("in-force", rule.majority, counts, decision.rules)]
    options += [*_of_other_versions(decision, known_by), *STANDARD]
    if tally_of(decision).ad_referendum and rule.majority.base is not Base.NO_DELEGATION_AGAINST:
        options.append(OtherRule("without-ad-referendum", rule.majority, ad_referendum_counts=not counts))
    distinct: dict[tuple[Majority, bool], OtherRule] = {}
    for option in options:
        distinct.setdefault((option.majority, option.ad_referendum_counts), option)
    first, *others = distinct.values()
    return [first, *sorted(others, key=lambda option: option.majority.base is Base.NO_DELEGATION_AGAINST)]


def _of_other_versions(decision: Decision, known_by: datetime | None) -> list[OtherRule]:
    document = decision.rules.document
    usual = {(rule.majority, rule.ad_referendum_counts): rule.key for rule in STANDARD}
    found = []
    for version in reversed(history(document.network, document.kind, document.organ, known_by=known_by)):
        rule = parse_parameters(version.parameters).decisions.get(decision.decision_type)
        if rule is not None and version.pk != decision.rules_id:
            counts = rule.ad_referendum.counts
            key = usual.get((rule.majority, counts), f"version-{version.number}")
            found.append(OtherRule(key, rule.majority, counts, version))
    return found


def named(options: Sequence[Recount], key: str) -> Recount:
    """The chosen one of a decision's recounts; the rule in force where no rule bears that key."""
    standard = next((rule.majority for rule in STANDARD if rule.key == key), None)
    chosen = [option for option in options if option.key == key]
    chosen += [option for option in options if option.majority == standard and option.ad_referendum_counts]
    return next(iter(chosen), options[0])


def recounts(decision: Decision, known_by: datetime | None = None) -> list[Recount]:
    """A closed decision under the rule in force, then under each other rule; empty while it is open.

    The quorum is the one in force throughout: only the majority changes.
    """
    outcome = result_of(decision)
    if outcome is None:
        return []
    quorate = outcome.quorum is None or outcome.quorum.met
    rows = []
    for option in other_rules(decision, known_by):
        count = core.recount(outcome.tally, option.majority, ad_referendum_counts=option.ad_referendum_counts)
        adopted = count.met and quorate
        rows.append(
            Recount(
                key=option.key,
                majority=option.majority,
                ad_referendum_counts=option.ad_referendum_counts,
                count=count,
                adopted=adopted,
                in_force=option.key == "in-force",
                same=adopted == outcome.adopted,
                version=option.version,
            )
        )
    return rows


def recount_under(decision: Decision, majority: Majority, *, ad_referendum_counts: bool = True) -> Recount:
    """A closed decision under any majority, its own quorum kept."""
    outcome = counted(decision)
    count = core.recount(outcome.tally, majority, ad_referendum_counts=ad_referendum_counts)
    adopted = count.met and (outcome.quorum is None or outcome.quorum.met)
    return Recount("", majority, ad_referendum_counts, count, adopted, False, adopted == outcome.adopted)


NEWEST = ("-opened_at", "-number", "-pk")


def decisions(realm: Realm, actor: ActorRef, at: datetime) -> DecisionQuerySet:
    """The decisions of a realm that a reader may see, newest first."""
    rows = Decision.objects.visible_to(actor, at).in_realm(realm)
    rows = rows.select_related("network", "organ", "rules__document", "key").prefetch_related(*COUNTED)
    return rows.order_by(*NEWEST)


def same_sitting(decision: Decision, actor: ActorRef, at: datetime) -> list[Decision]:
    """The other decisions of the sitting (of the organ, without one) that were closed by an instant, by number."""
    rows = Decision.objects.visible_to(actor, at).filter(
        organ=decision.organ_id,
        sitting_kind=decision.sitting_kind,
        sitting_id=decision.sitting_id,
        closed_at__lte=at,
    )
    if not decision.sitting_id:
        rows = rows.filter(opened_at__date=decision.opened_at.date())
    rows = rows.exclude(pk=decision.pk).select_related("network", "organ", "rules__document", "key")
    return list(rows.prefetch_related(*COUNTED).order_by("number"))


def own_vote(decision: Decision, actor: ActorRef) -> Vote | None:
    """What the reader's own organisation gave, which it sees before the close too."""
    if not actor.organisation:
        return None
    return decision.votes.filter(organisation__public_id=actor.organisation).select_related("organisation").first()


def own_entitlement(decision: Decision, actor: ActorRef) -> Entitlement | None:
    """The place of the reader's own organisation in the electorate."""
    if not actor.organisation:
        return None
    held = decision.entitlements.filter(organisation__public_id=actor.organisation)
    return held.select_related("organisation", "decision").first()
