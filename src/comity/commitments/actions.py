"""Opening promises, filing evidence, verifying it, answering, moving a day. What a promise is follows from these."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from comity.commitments import access
from comity.commitments.models import Commitment, Evidence, Postponement, Reply, Verification
from comity.commitments.queries import promise_on
from comity.people.actions import drafts_done
from comity.plain.actors import ActorRef, require
from comity.plain.duties import Duty
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.plain.time import day_in
from comity.record.actions import append
from comity.registry.core.names import require_honest
from comity.registry.models import Organ
from comity.texts.actions import WordsNeeded
from comity.texts.core.clauses import ClauseKind
from comity.texts.models import Adoption, Block
from comity.texts.queries import bound_parties
from comity.visibility import actions as visibility
from comity.visibility.core import Terms
from comity.visibility.queries import default_for, entered_as

LONGEST_REPLY = 3_000


class EvidenceFromTheFuture(BadInput):
    """A promise cannot have been kept on a day that has not come; name the day on which it was kept."""

    code = "evidence-from-the-future"


class AddressUnreadable(BadInput):
    """The address of evidence is a whole web address, beginning with https:// or http://."""

    code = "address-unreadable"


class AlreadyVerified(Refusal):
    """Evidence is verified once."""

    code = "already-verified"


class NotPastItsDay(Refusal):
    """A promise is called missed only after its day, and only while no evidence is filed."""

    code = "not-past-its-day"


class NotALaterDay(BadInput):
    """A promise moves to a later day than it has, and one that is kept does not move."""

    code = "not-a-later-day"


class AlreadyAgreed(Refusal):
    """A postponement is agreed once."""

    code = "already-agreed"


@transaction.atomic
def open_commitments(adoption: Adoption, *, by: ActorRef, at: datetime) -> list[Commitment]:
    """Open one commitment for each promise and each party it binds now; those already open stay as they are.

    Called after adoption, and again when a board agreed: then the promises of its party open. They are read by whom the
    network's policy says, and never by more people than the text: the forms of adoption and opening say so in words.
    """
    require(access.may_open(by, at, adoption))
    known = set(Commitment.objects.filter(adoption=adoption).values_list("block_id", "organisation_id"))
    blocks = adoption.version.blocks.filter(kind=ClauseKind.PROMISE.value).prefetch_related("addressees")
    opened: list[Commitment] = []
    terms = default_for("commitment", adoption.text.network, at, source=adoption.text)
    for block in blocks:
        for organisation in bound_parties(adoption, block, at):
            if (block.pk, organisation.pk) not in known:
                opened.append(_opened(adoption, block, organisation.pk, terms, at))
    if opened:
        _record_opening(adoption, opened, by=by, at=at)
    return opened


def _opened(adoption: Adoption, block: Block, organisation_id: int, terms: Terms, at: datetime) -> Commitment:
    assert block.due is not None
    commitment = Commitment(
        network=adoption.text.network,
        originator_id=organisation_id,
        adoption=adoption,
        block=block,
        organisation_id=organisation_id,
        due=block.due,
        recorded_at=at,
    )
    visibility.lay_down(commitment, terms, at=at)
    commitment.save(force_insert=True)
    return commitment


def _record_opening(adoption: Adoption, opened: list[Commitment], *, by: ActorRef, at: datetime) -> None:
    """One entry for each: each is a thing of its own, whose thread and later entries hang on it."""
    for commitment in opened:
        append(
            "commitments.opened",
            realm=commitment.realm,
            subject=Ref("commitment", commitment.public_id),
            by=by,
            at=at,
            level=entered_as("commitment", commitment, at),
            facts={
                "text": adoption.text.public_id,
                "version": adoption.version.sha256,
                "clause": commitment.block.uuid,
                "organisation": commitment.organisation.public_id,
                "due": commitment.due.isoformat(),
            },
            because=[Ref("text", adoption.text.public_id), Ref("decision", adoption.decision.public_id)],
        )


@transaction.atomic
def file_evidence(
    commitment: Commitment, *, title: str, kept_on: date, url: str = "", by: ActorRef, at: datetime
) -> Evidence:
    """The party shows that it kept its promise: what, where, and on which day."""
    require(access.may_file(by, at, commitment))
    if kept_on > day_in(commitment.network.time_zone, at):
        raise EvidenceFromTheFuture(kept_on=kept_on.isoformat())
    require_honest(title, "title")
    evidence = Evidence.objects.create(
        commitment=commitment, title=_line(title, "title", 300), url=_address(url), kept_on=kept_on, at=at
    )
    facts = {"title": evidence.title, "url": evidence.url, "kept_on": kept_on.isoformat()}
    _record_evidence("commitments.evidence_filed", evidence, facts, by=by, at=at)
    drafts_done(access.Permission.EVIDENCE_WRITE, Ref("commitment", commitment.public_id), by=by, at=at)
    return evidence


@transaction.atomic
def verify_evidence(evidence: Evidence, *, words: str = "", by: ActorRef, at: datetime) -> Verification:
    """A monitor has looked at the evidence: from now on it stands as verified, apart from what is only claimed."""
    commitment = evidence.commitment
    require(access.may_verify(by, at, commitment))
    if Verification.objects.filter(evidence=evidence).exists():
        raise AlreadyVerified(evidence=evidence.title)
    verification = Verification.objects.create(
        evidence=evidence, organisation=commitment.network, words=" ".join(words.split())[:600], at=at
    )
    _record_evidence("commitments.evidence_verified", evidence, {"words": verification.words}, by=by, at=at)
    return verification


@transaction.atomic
def admit_missed(commitment: Commitment, *, words: str, language: str, by: ActorRef, at: datetime) -> Reply:
    """The party says in its own words that the day passed without the promise being kept."""
    require(access.may_reply(by, at, commitment))
    day = day_in(commitment.network.time_zone, at)
    promise = promise_on(commitment, day, at)
    if promise.state not in {Duty.SILENT, Duty.MISSED}:
        raise NotPastItsDay(due=promise.due.isoformat(), state=promise.state.value)
    reply = Reply.objects.create(
        commitment=commitment, words=_line(words, "words", LONGEST_REPLY), language=language, at=at
    )
    _record("commitments.missed_admitted", commitment, {"words": reply.words, "language": language}, by=by, at=at)
    return reply


@transaction.atomic
def ask_postponement(commitment: Commitment, *, due: date, reason: str, by: ActorRef, at: datetime) -> Postponement:
    """The party asks for a later day. Nothing moves until an organ of the network agreed."""
    require(access.may_ask_postponement(by, at, commitment))
    asked = _asked(commitment, due, reason, at)
    facts = {"due": due.isoformat(), "reason": asked.reason}
    _record("commitments.postponement_asked", commitment, facts, by=by, at=at)
    return asked


@transaction.atomic
def agree_postponement(postponement: Postponement, *, agreed_by: Organ, by: ActorRef, at: datetime) -> Postponement:
    """Record that an organ of the network agreed to the later day."""
    commitment = postponement.commitment
    require(access.may_agree_postponement(by, at, commitment))
    if postponement.agreed_at is not None:
        raise AlreadyAgreed(due=postponement.due.isoformat())
    _agree(postponement, agreed_by, at)
    _record_moved(postponement, by=by, at=at)
    return postponement


@transaction.atomic
def postpone(
    commitment: Commitment, *, due: date, reason: str, agreed_by: Organ, by: ActorRef, at: datetime
) -> Postponement:
    """Move a promise to a later day on which an organ of the network agreed in the party's presence."""
    require(access.may_agree_postponement(by, at, commitment))
    postponement = _asked(commitment, due, reason, at)
    _agree(postponement, agreed_by, at)
    _record_moved(postponement, by=by, at=at)
    return postponement


def _asked(commitment: Commitment, due: date, reason: str, at: datetime) -> Postponement:
    promise = promise_on(commitment, day_in(commitment.network.time_zone, at), at)
    if due <= promise.due or promise.state in {Duty.KEPT, Duty.LATE}:
        raise NotALaterDay(due=due.isoformat(), now=promise.due.isoformat(), state=promise.state.value)
    return Postponement.objects.create(commitment=commitment, due=due, reason=_line(reason, "reason", 600), asked_at=at)


def _agree(postponement: Postponement, organ: Organ, at: datetime) -> None:
    if organ.network_id != postponement.commitment.network_id:
        raise BadInput(organ=organ.name, network=postponement.commitment.network.name)
    postponement.agreed_by, postponement.agreed_at = organ, at
    postponement.save(update_fields=["agreed_by", "agreed_at"])


def _record_moved(postponement: Postponement, *, by: ActorRef, at: datetime) -> None:
    assert postponement.agreed_by is not None
    facts = {
        "due": postponement.due.isoformat(),
        "reason": postponement.reason,
        "agreed_by": postponement.agreed_by.public_id,
    }
    _record("commitments.postponed", postponement.commitment, facts, by=by, at=at)


def _line(words: str, where: str, most: int) -> str:
    text = " ".join(words.split())
    if not text or len(text) > most:
        raise WordsNeeded(of=where, characters=len(text), at_most=most)
    return text


def _address(url: str) -> str:
    url = url.strip()
    if url:
        try:
            URLValidator(schemes=["http", "https"])(url)
        except ValidationError as error:
            raise AddressUnreadable(url=url[:200]) from error
    return url


def _record_evidence(type: str, evidence: Evidence, facts: dict[str, str], *, by: ActorRef, at: datetime) -> None:
    """Evidence is a thing of its own: the thread leads from the promise to it."""
    commitment = evidence.commitment
    append(
        type,
        realm=commitment.realm,
        subject=Ref("evidence", evidence.public_id),
        by=by,
        at=at,
        level=entered_as("commitment", commitment, at),
        facts=facts,
        because=[Ref("commitment", commitment.public_id)],
    )


def _record(type: str, commitment: Commitment, facts: dict[str, str], *, by: ActorRef, at: datetime) -> None:
    append(
        type,
        realm=commitment.realm,
        subject=Ref("commitment", commitment.public_id),
        by=by,
        at=at,
        level=entered_as("commitment", commitment, at),
        facts=facts,
    )
