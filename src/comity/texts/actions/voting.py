"""From a version to the vote, and from an adopted decision to an adopted text."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from comity.decisions import actions as decisions
from comity.decisions.models import Decision
from comity.plain.actors import ActorRef, require
from comity.plain.levels import Level
from comity.plain.refs import Ref
from comity.plain.refusals import Refusal
from comity.record.core import jcs
from comity.record.core.jcs import Json
from comity.registry.models import Organ, Organisation
from comity.texts import access
from comity.texts.actions.amending import AmendmentClosed
from comity.texts.actions.drafting import TextClosed, require_open
from comity.texts.actions.entering import enter
from comity.texts.core.states import AmendmentState
from comity.texts.models import Adoption, Amendment, Poll, Text
from comity.texts.queries import amendment_state_on, latest_version


class AmendmentsOpen(Refusal):
    """Before a text goes to the vote, each amendment is taken up, voted, withdrawn or left aside with a reason."""

    code = "amendments-open"


class NotAdoptedByVote(Refusal):
    """A text is adopted only by a closed decision that adopted it; a decision that did not adopts nothing."""

    code = "not-adopted-by-vote"


class VoteOnAnotherVersion(Refusal):
    """A decision adopts exactly the version that was put to the vote, known by its fingerprint."""

    code = "vote-on-another-version"


class NotReadByVoters(Refusal):
    """What is put to the vote, everybody who votes may read; its originator can open it to the network first."""

    code = "not-read-by-voters"


@transaction.atomic
def put_to_vote(
    text: Text,
    *,
    organ: Organ,
    decision_type: str,
    zone: str,
    registered: Mapping[Organisation, int] | Iterable[Organisation],
    sitting: Ref | None = None,
    title: str = "",
    question: str = "",
    by: ActorRef,
    at: datetime,
) -> Decision:
    """Put the latest version to the vote; from now on the text has no new version."""
    require(access.may_put_to_vote(by, at, text))
    _require_read_by_voters(text, at)
    require_open(text, at)
    require_amendments_settled(text, at)
    version = latest_version(text)
    decision = decisions.open_decision(
        topics=None,
        network=text.network,
        organ=organ,
        title=title or text.title,
        question=question or f"Adopt version {version.number} of “{text.title}”?",
        decision_type=decision_type,
        subject=Ref("text", text.public_id),
        subject_digest=version.sha256,
        sitting=sitting,
        zone=zone,
        registered=registered,
        level=Level(text.level),
        by=by,
        at=at,
    )
    Poll.objects.create(version=version, decision=decision, at=at)
    return decision


def _require_read_by_voters(row: Text | Amendment, at: datetime) -> None:
    """Refuse what a narrower circle than the network reads: the decision would tell all others its title."""
    embargoed = row.embargo_until is not None and row.embargo_until > at
    if row.level > Level.NETWORK or row.safety_flag or embargoed:
        raise NotReadByVoters()


def require_amendments_settled(text: Text, at: datetime) -> None:
    """An amendment that the network does not read cannot be put to the vote, and so holds nothing up, nor is named."""
    unsettled = {AmendmentState.OPEN, AmendmentState.AT_THE_VOTE, AmendmentState.ADOPTED}
    read = [row for row in text.amendments.all() if row.entered_as(at) <= Level.NETWORK]
    numbers = [row.number for row in read if amendment_state_on(row, at) in unsettled]
    if numbers:
        raise AmendmentsOpen(amendments=", ".join(map(str, numbers)))


@transaction.atomic
def put_amendment_to_vote(
    amendment: Amendment,
    *,
    organ: Organ,
    decision_type: str,
    zone: str,
    registered: Mapping[Organisation, int] | Iterable[Organisation],
    sitting: Ref | None = None,
    title: str = "",
    question: str = "",
    by: ActorRef,
    at: datetime,
) -> Decision:
    """Put an amendment to the vote, bound to the version its spans count in."""
    require(access.may_put_to_vote(by, at, amendment.text))
    _require_read_by_voters(amendment, at)
    state = amendment_state_on(amendment, at)
    if state is not AmendmentState.OPEN:
        raise AmendmentClosed(amendment=amendment.number, state=state.value)
    decision = decisions.open_decision(
        topics=None,
        network=amendment.network,
        organ=organ,
        title=title or amendment.title_at_vote,
        question=question or f"Take up amendment {amendment.number} to “{amendment.text.title}”?",
        decision_type=decision_type,
        subject=Ref("amendment", amendment.public_id),
        subject_digest=amendment_digest(amendment),
        sitting=sitting,
        zone=zone,
        registered=registered,
        level=Level(amendment.level),
        by=by,
        at=at,
    )
    amendment.decision = decision
    amendment.save(update_fields=["decision"])
    return decision


def amendment_digest(amendment: Amendment) -> str:
    """SHA-256 (hex) of the version's fingerprint and the operations, as canonical JSON."""
    return jcs.digest({"against": amendment.version.sha256, "operations": amendment.operations})


@transaction.atomic
def adopt(text: Text, *, decision: Decision, by: ActorRef, at: datetime) -> Adoption:
    """Record that a closed vote adopted exactly this version, with everything parties said of it."""
    require(access.may_adopt(by, at, text))
    poll = Poll.objects.select_related("version").filter(decision=decision, version__text=text).first()
    if poll is None or decision.subject_digest != poll.version.sha256 or poll.version != latest_version(text):
        raise VoteOnAnotherVersion(decision=decision.title)
    if not decision.adopted or not decision.closed_by(at):
        raise NotAdoptedByVote(decision=decision.title)
    if Adoption.objects.filter(text=text).exists():
        raise TextClosed(text=text.title, state="adopted")
    adoption = Adoption.objects.create(text=text, version=poll.version, decision=decision, at=at)
    facts: dict[str, Json] = {
        "version": poll.version.number,
        "sha256": poll.version.sha256,
        "decision": decision.public_id,
        "dissent": [row.public_id for row in text.dissent.order_by("id")],
    }
    enter("texts.adopted", text, facts, because=[Ref("decision", decision.public_id)], by=by, at=at)
    return adoption
