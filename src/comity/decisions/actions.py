"""Opening a vote, giving votes, closing it. Rules, key and electorate of the day are frozen at the opening."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from comity.decisions import access, core, queries
from comity.decisions.models import Decision, Entitlement, Vote
from comity.decisions.published import facts_digest
from comity.plain.actors import ActorRef, require
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.plain.time import day_in
from comity.record import actions as record
from comity.registry.core.names import require_honest
from comity.registry.models import Organ, Organisation
from comity.registry.topics.actions import file_under
from comity.rules.core import parse_parameters, parse_votes_key
from comity.rules.models import RuleKind, RuleVersion
from comity.rules.queries import rights_on, version_on


class NoRuleInForce(Refusal):
    """No decision without a rule: standing orders, rights and a votes key must be in force for the organ on the day."""

    code = "no-rule-in-force"


class UnknownDecisionType(Refusal):
    """The standing orders in force say nothing about this type of decision."""

    code = "unknown-decision-type"
    status = 422


class NotInTheElectorate(Refusal):
    """Only an organisation that holds votes in this organ on the day can be registered or vote."""

    code = "not-in-the-electorate"


class MoreVotesThanAllocated(Refusal):
    """No delegation registers more votes than the key allocates to it."""

    code = "more-votes-than-allocated"
    status = 422


class MoreVotesThanRegistered(Refusal):
    """No delegation gives more votes than it registered with credentials."""

    code = "more-votes-than-registered"
    status = 422


class NotRegistered(Refusal):
    """A delegation that did not register with credentials gives no votes."""

    code = "not-registered"


class VotingIsClosed(Refusal):
    """A vote is given between its opening and its close."""

    code = "voting-is-closed"


class VotesAlreadyGiven(Refusal):
    """Votes given stand; the standing orders do not let them be changed."""

    code = "votes-already-given"


class VotesMayNotSplit(Refusal):
    """The standing orders want each delegation to give all its votes one way."""

    code = "votes-may-not-split"
    status = 422


class AdReferendumNotAllowed(Refusal):
    """The standing orders know no votes subject to a party's own board, and only votes for can be."""

    code = "ad-referendum-not-allowed"
    status = 422


class AlreadyClosed(Refusal):
    """A vote is closed once."""

    code = "already-closed"


class OrganOfAnotherNetwork(Refusal):
    """A network puts questions to its own organs."""

    code = "organ-of-another-network"


@dataclass(frozen=True)
class _Pinned:
    """The versions that count one decision."""

    rules: RuleVersion
    key: RuleVersion
    rights: RuleVersion


@transaction.atomic
def open_decision(
    *,
    network: Organisation,
    organ: Organ,
    title: str,
    question: str,
    decision_type: str,
    subject: Ref,
    subject_digest: str,
    sitting: Ref | None = None,
    zone: str,
    registered: Mapping[Organisation, int] | Iterable[Organisation] = (),
    level: Level = Level.PUBLIC,
    language: str = "en",
    originator: Organisation | None = None,
    credentials_closed_at: datetime | None = None,
    closes_at: datetime | None = None,
    because: Sequence[Ref] = (),
    topics: Sequence[str] | None,
    by: ActorRef,
    at: datetime,
) -> Decision:
    """Open a vote: pin the rules of the day, freeze who may vote with how many votes, and who registered.

    ``topics`` are what it is about; None where it is filed as the text that it decides.
    """
    require(access.may_open(by, network, at))
    _check_place(network, organ)
    _check_question(title, question, closes_at, at)
    day = day_in(zone, at)
    pinned = _pin(network, organ, decision_type, day, at)
    decision = Decision.objects.create(
        network=network,
        level=level,
        originator=originator or network,
        recorded_at=at,
        number=_next_number(organ, sitting, apart=level != Level.PUBLIC),
        numbered_apart=level != Level.PUBLIC,
        title=title.strip(),
        question=question.strip(),
        language=language,
        organ=organ,
        decision_type=decision_type,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_digest=subject_digest,
        rules=pinned.rules,
        key=pinned.key,
        rights=pinned.rights,
        credentials_closed_at=credentials_closed_at or at,
        opened_at=at,
        closes_at=closes_at,
        zone=zone,
        sitting_kind=sitting.kind if sitting else "",
        sitting_id=sitting.id if sitting else "",
    )
    _freeze_electorate(decision, registered, day, at)
    filed = file_under(decision, topics, by=by, at=at) if topics is not None else []
    sources = [source for source in (subject, sitting) if source is not None]
    _record_opening(decision, filed, [*sources, *because], by, at)
    return decision


def _record_opening(
    decision: Decision, filed: Sequence[str], because: Sequence[Ref], by: ActorRef, at: datetime
) -> None:
    facts = queries.facts_of(decision)
    record.append(
        "decisions.opened",
        realm=Realm(decision.network.realm),
        subject=Ref("decision", decision.public_id),
        by=by,
        at=at,
        level=decision.entered_as(at),
        facts={
            "organ": decision.organ.public_id,
            "number": decision.number,
            "decision_type": decision.decision_type,
            "question": decision.question,
            "subject_sha256": decision.subject_digest,
            "rules_sha256": decision.rules.sha256,
            "key_sha256": decision.key.sha256,
            "rights_sha256": decision.rights.sha256,
            "electorate": facts["electorate"],
            "topics": [*filed],
        },
        because=list(dict.fromkeys(because)),
    )


def _check_place(network: Organisation, organ: Organ) -> None:
    if organ.network_id != network.pk:
        raise OrganOfAnotherNetwork(field="organ", organ=organ.name, network=network.name)


def _check_question(title: str, question: str, closes_at: datetime | None, at: datetime) -> None:
    if not title.strip():
        raise BadInput(field="title", value=title, remedy="name what is put to the vote")
    require_honest(title, "title")
    if not question.strip():
        raise BadInput(
            field="question", value=question, remedy="write the question that is put, as it will be read out"
        )
    if closes_at is not None and closes_at <= at:
        raise BadInput(field="closes_at", value=str(closes_at), remedy="name an instant after the opening")


def _pin(network: Organisation, organ: Organ, decision_type: str, day: date, at: datetime) -> _Pinned:
    rules = version_on(network, RuleKind.STANDING_ORDERS, day, organ, known_by=at)
    key = version_on(network, RuleKind.VOTES_KEY, day, organ, known_by=at)
    rights = rights_on(network, day, organ, known_by=at)
    if rules is None or key is None or rights is None:
        named = {RuleKind.STANDING_ORDERS: rules, RuleKind.VOTES_KEY: key, RuleKind.RIGHTS: rights}
        missing = ", ".join(str(kind) for kind, found in named.items() if found is None)
        raise NoRuleInForce(organ=organ.name, day=str(day), missing=missing)
    known = parse_parameters(rules.parameters).decisions
    if decision_type not in known:
        raise UnknownDecisionType(field="decision_type", decision_type=decision_type, known=", ".join(known))
    return _Pinned(rules, key, rights)


def _next_number(organ: Organ, sitting: Ref | None, *, apart: bool) -> int:
    """The next number of the sitting; the organ's row is held, so that two votes opened at once get two numbers.

    What is restricted is numbered apart, so that no gap between public decisions tells of another.
    """
    Organ.objects.select_for_update().get(pk=organ.pk)
    rows = Decision.objects.filter(
        organ=organ,
        sitting_kind=sitting.kind if sitting else "",
        sitting_id=sitting.id if sitting else "",
        numbered_apart=apart,
    )
    last: int | None = rows.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _freeze_electorate(
    decision: Decision, registered: Mapping[Organisation, int] | Iterable[Organisation], day: date, at: datetime
) -> None:
    members = queries.members_of(decision.network, day, at)
    by_id = {organisation.public_id: organisation for organisation in members}
    held = core.electorate(
        {organisation.public_id: member_class for organisation, member_class in members.items()},
        parse_parameters(decision.rights.parameters),
        parse_votes_key(decision.key.parameters),
    )
    allocated = {row.organisation: row.allocated for row in held}
    there = _registered(registered, allocated)
    Entitlement.objects.bulk_create(
        Entitlement(
            decision=decision,
            organisation=by_id[row.organisation],
            allocated=row.allocated,
            registered=there.get(row.organisation, 0),
            standing=row.member_class,
            reason=row.reason,
        )
        for row in held
    )


def _registered(
    registered: Mapping[Organisation, int] | Iterable[Organisation], allocated: Mapping[str, int]
) -> dict[str, int]:
    """Votes by credentials: as stated, or all that are allocated where only the delegation is named."""
    stated = dict(registered) if isinstance(registered, Mapping) else dict.fromkeys(registered)
    there: dict[str, int] = {}
    for organisation, votes in stated.items():
        most = allocated.get(organisation.public_id, 0)
        if not most:
            raise NotInTheElectorate(field="registered", organisation=organisation.name)
        if votes is not None and votes > most:
            raise MoreVotesThanAllocated(
                field="registered", organisation=organisation.name, registered=votes, allocated=most
            )
        if votes is not None and votes < 0:
            raise BadInput(field="registered", organisation=organisation.name, value=votes, remedy="write 0 or more")
        there[organisation.public_id] = most if votes is None else votes
    return there


@transaction.atomic
def cast(
    decision: Decision,
    *,
    organisation: Organisation,
    in_favour: int,
    against: int = 0,
    abstained: int = 0,
    ad_referendum: bool = False,
    by: ActorRef,
    at: datetime,
) -> Vote:
    """Give an organisation's votes. Others see them when the vote is closed; the entry in the record tells nothing."""
    require(access.may_cast(by, decision, organisation, at))
    decision = _open_row(decision, at)
    _check_votes(decision, organisation, in_favour, against, abstained)
    _check_way(decision, organisation, (in_favour, against, abstained), ad_referendum=ad_referendum)
    vote, _new = Vote.objects.update_or_create(
        decision=decision,
        organisation=organisation,
        defaults={
            "in_favour": in_favour,
            "against": against,
            "abstained": abstained,
            "ad_referendum": ad_referendum,
            "at": at,
        },
    )
    record.append(
        "decisions.cast",
        realm=Realm(decision.network.realm),
        subject=Ref("decision", decision.public_id),
        by=by,
        at=at,
        level=Level.ORGANISATION,
        facts={
            "organisation": organisation.public_id,
            "for": in_favour,
            "against": against,
            "abstained": abstained,
            "ad_referendum": ad_referendum,
        },
    )
    return vote


def _open_row(decision: Decision, at: datetime) -> Decision:
    """The row as it stands, held until the end of the transaction, so that no vote slips past the close."""
    row = Decision.objects.select_for_update().get(pk=decision.pk)
    if row.closed_at is not None or at < row.opened_at or (row.closes_at is not None and at > row.closes_at):
        raise VotingIsClosed(opened=str(row.opened_at), closed=str(row.closed_at or row.closes_at or ""))
    return row


def _check_votes(decision: Decision, organisation: Organisation, in_favour: int, against: int, abstained: int) -> None:
    held = decision.entitlements.filter(organisation=organisation).first()
    if held is None or not held.allocated:
        raise NotInTheElectorate(organisation=organisation.name, reason="")
    if not held.registered:
        raise NotRegistered(organisation=organisation.name)
    if min(in_favour, against, abstained) < 0:
        raise BadInput(field="in_favour", remedy="write whole numbers from 0")
    given = in_favour + against + abstained
    if given > held.registered:
        raise MoreVotesThanRegistered(organisation=organisation.name, given=given, registered=held.registered)
    if not given:
        raise BadInput(field="in_favour", remedy="give at least one vote, or do not vote")


def _check_way(
    decision: Decision, organisation: Organisation, ways: tuple[int, int, int], *, ad_referendum: bool
) -> None:
    rule = queries.rule_of(decision)
    if not rule.votes_may_change and decision.votes.filter(organisation=organisation).exists():
        raise VotesAlreadyGiven(organisation=organisation.name)
    if not rule.votes_may_split and sum(1 for votes in ways if votes) > 1:
        raise VotesMayNotSplit(organisation=organisation.name)
    if ad_referendum and not (rule.ad_referendum.allowed and ways[0]):
        raise AdReferendumNotAllowed(article=rule.ad_referendum.article)


@transaction.atomic
def close(decision: Decision, *, by: ActorRef, at: datetime) -> Decision:
    """Close the vote and publish its outcome, counted under the pinned rules, with every delegation's votes."""
    require(access.may_close(by, decision, at))
    if at < decision.opened_at:
        raise BadInput(field="at", value=str(at), remedy="a vote closes after it opened")
    if not Decision.objects.filter(pk=decision.pk, closed_at=None).update(closed_at=at, outcome=core.NOT_ADOPTED):
        raise AlreadyClosed(decision=decision.title)
    decision.refresh_from_db()
    outcome = queries.counted(decision)
    facts = queries.facts_of(decision)
    decision.outcome, decision.facts_sha256 = outcome.name, facts_digest(facts)
    decision.save(update_fields=["outcome", "facts_sha256"])
    record.append(
        "decisions.closed",
        realm=Realm(decision.network.realm),
        subject=Ref("decision", decision.public_id),
        by=by,
        at=at,
        level=decision.entered_as(at),
        facts={
            "outcome": outcome.name,
            "for": outcome.count.in_favour,
            "against": outcome.count.against,
            "abstained": outcome.tally.abstained,
            "allocated": outcome.tally.allocated,
            "needed": outcome.count.needed,
            "rules_sha256": decision.rules.sha256,
            "facts_sha256": decision.facts_sha256,
            "votes": facts["votes"],
        },
    )
    return decision
