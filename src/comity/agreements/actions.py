"""Proposing, signing and ending agreements; founding, joining and leaving coalitions. No party is bound by another."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from django.db import transaction

from comity.agreements import access, core
from comity.agreements.models import Act, Adhesion, Agreement, Coalition, Handover, Signature, Translation
from comity.people.access import acting
from comity.plain.actors import ActorRef, require
from comity.plain.languages import CODES
from comity.plain.levels import Level
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.plain.time import day_in, require_within_calendar
from comity.record import actions as record
from comity.record.core.jcs import Json
from comity.registry.core.names import require_honest
from comity.registry.core.refusals import RealmsNeverMix
from comity.registry.models import Organisation
from comity.registry.topics.actions import file_under
from comity.visibility import actions as visibility
from comity.visibility.core import Terms

Facts = dict[str, Json]


class Mandate(NamedTuple):
    """On whose authority a seat binds its party, and whether subject to the party's own board."""

    authority: str
    ad_referendum: bool = False


OfParty = TypeVar("OfParty", bound=Act)


class AlreadySigned(Refusal):
    """Each party signs an agreement once; other words are a new agreement."""

    code = "already-signed"


class TranslatedAlready(Refusal):
    """An agreement has one text in each language: the one that is signed, and a translation into each other."""

    code = "translated-already"


class OverAlready(Refusal):
    """What has expired or was ended is not signed, ended or answered for any more; it can be renewed."""

    code = "over-already"


class BoardNotAwaited(Refusal):
    """A board answers where the party signed or joined subject to it, and it answers once."""

    code = "board-not-awaited"


class BelongsAlready(Refusal):
    """A party belongs to a coalition once; after it left it may join again."""

    code = "belongs-already"


class DoesNotBelong(Refusal):
    """Only a party that joined a coalition, and has not left, leaves it."""

    code = "does-not-belong"


class OfferedAlready(Refusal):
    """The convening of a coalition is offered to one party at a time; take the offer back first."""

    code = "offered-already"


class NoOfferStands(Refusal):
    """No offer to convene this coalition waits for an answer any more."""

    code = "no-offer-stands"


@transaction.atomic
def propose(
    *,
    organisation: Organisation,
    counterpart: Organisation,
    title: str,
    language: str,
    scope: str,
    words: str,
    starts: date,
    expires: date | None,
    authority: str,
    ad_referendum: bool,
    terms: Terms,
    topics: Sequence[str],
    renews: Agreement | None = None,
    by: ActorRef,
    at: datetime,
) -> Agreement:
    """Propose an agreement to another party, and sign it for one's own; it binds nobody until both are bound.

    A renewal is a new agreement that names the one it follows: the earlier keeps its days and its words.
    """
    require(access.may_speak(by, at, organisation))
    _check_parties(organisation, counterpart, renews)
    _check_words(title, scope, words)
    _check_days(starts, expires)
    _check_follows(renews, starts)
    agreement = Agreement(
        network=organisation,
        originator=organisation,
        counterpart=counterpart,
        title=title.strip(),
        language=language,
        scope=scope.strip(),
        words=words.strip(),
        digest=core.digest(words.strip()),
        starts=starts,
        expires=expires,
        renews=renews,
        recorded_at=at,
    )
    visibility.lay_down(agreement, terms, at=at)
    agreement.save(force_insert=True)
    filed = file_under(agreement, topics, by=by, at=at)
    facts: Facts = {
        "parties": f"{organisation.public_id} {counterpart.public_id}",
        "text": agreement.digest,
        "starts": starts.isoformat(),
        "expires": expires.isoformat() if expires else "",
        "topics": [*filed],
    }
    _record("agreements.proposed", agreement, facts, by, at)
    _sign(agreement, organisation, Mandate(authority, ad_referendum), by, at)
    return agreement


def _check_parties(organisation: Organisation, counterpart: Organisation, renews: Agreement | None) -> None:
    if organisation.pk == counterpart.pk:
        raise BadInput(field="counterpart", remedy="another party than your own")
    if counterpart.realm != organisation.realm:
        raise RealmsNeverMix(organisation=counterpart.name)
    if counterpart.kind == "network":
        raise BadInput(field="counterpart", remedy="a party; networks have members and rules")
    if renews is not None and {organisation, counterpart} != set(renews.parties):
        raise BadInput(field="counterpart", remedy="a renewal is between the same two parties")


def _check_follows(renews: Agreement | None, starts: date) -> None:
    """A renewal begins when the one before is over: two terms of one agreement never hold on the same day."""
    if renews is None or renews.ended_on is not None or renews.expires is None or starts > renews.expires:
        return
    raise BadInput(field="starts", value=starts.isoformat(), remedy=f"a day after {renews.expires.isoformat()}")


def _check_words(title: str, scope: str, words: str) -> None:
    for field, said in (("title", title), ("scope", scope), ("words", words)):
        if not said.strip():
            raise BadInput(field=field, remedy="write it; nothing is agreed without")
    require_honest(title, "title")


def _check_days(starts: date, last: date | None, field: str = "expires") -> None:
    require_within_calendar(starts, "starts")
    if last is None:
        return
    require_within_calendar(last, field)
    if last < starts:
        raise BadInput(field=field, value=last.isoformat(), remedy="the last day is not before the first")


@transaction.atomic
def sign(
    agreement: Agreement, *, organisation: Organisation, authority: str, ad_referendum: bool, by: ActorRef, at: datetime
) -> Signature:
    """Sign for one's own party, on a named authority; ad referendum, it is bound once its board agreed."""
    require(access.may_sign(by, at, agreement, organisation))
    _require_open(agreement, organisation, at)
    return _sign(agreement, organisation, Mandate(authority, ad_referendum), by, at)


def _require_open(agreement: Agreement, organisation: Organisation, at: datetime) -> None:
    today = day_in(organisation.time_zone, at)
    over = agreement.expires is not None and agreement.expires < today
    if over or agreement.ended_on is not None:
        raise OverAlready()


def _sign(agreement: Agreement, organisation: Organisation, mandate: Mandate, by: ActorRef, at: datetime) -> Signature:
    if agreement.signatures.filter(organisation=organisation).exists():
        raise AlreadySigned()
    row = Signature.objects.create(
        agreement=agreement,
        digest=agreement.digest,
        organisation=organisation,
        seat=acting(by, at),
        authority=_authority(mandate.authority),
        ad_referendum=mandate.ad_referendum,
        at=at,
    )
    _record("agreements.signed", agreement, _stated(row) | {"text": row.digest}, by, at)
    return row


def _authority(words: str) -> str:
    if not words.strip():
        raise BadInput(field="authority", remedy="name the mandate, e.g. the decision of a board and its day")
    return words.strip()


def _stated(row: Act) -> Facts:
    return {
        "organisation": row.organisation.public_id,
        "authority": row.authority,
        "ad_referendum": row.ad_referendum,
    }


@transaction.atomic
def translate(
    agreement: Agreement, *, organisation: Organisation, language: str, words: str, by: ActorRef, at: datetime
) -> Translation:
    """Deposit a translation of the words of an agreement; the signatures stay under the words that were signed."""
    require(access.may_sign(by, at, agreement, organisation))
    if language not in CODES:
        raise BadInput(field="language", value=language, remedy=f"one of {', '.join(CODES)}")
    if not words.strip():
        raise BadInput(field="words", remedy="write the translation")
    if language == agreement.language or agreement.translations.filter(language=language).exists():
        raise TranslatedAlready(field="language")
    row = Translation.objects.create(
        agreement=agreement,
        organisation=organisation,
        language=language,
        words=words.strip(),
        digest=core.digest(words.strip()),
        at=at,
    )
    facts: Facts = {"organisation": organisation.public_id, "language": language, "text": row.digest}
    _record("agreements.translated", agreement, facts, by, at)
    return row


@transaction.atomic
def report_board(signature: Signature, *, agrees: bool, by: ActorRef, at: datetime) -> Signature:
    """Report what the party's own board said of an agreement signed subject to it."""
    agreement = signature.agreement
    require(access.may_sign(by, at, agreement, signature.organisation))
    _answer(Signature, signature, agrees, at)
    _record("agreements.board_answered", agreement, _answered(signature, agrees), by, at)
    return signature


def _answer(model: type[OfParty], row: OfParty, agrees: bool, at: datetime) -> None:
    waiting = model._default_manager.filter(pk=row.pk, ad_referendum=True, answered_at=None)
    if not waiting.update(answered_at=at, agrees=agrees):
        raise BoardNotAwaited()
    row.refresh_from_db()


def _answered(row: Act, agrees: bool) -> Facts:
    return {"organisation": row.organisation.public_id, "agrees": agrees}


@transaction.atomic
def end(
    agreement: Agreement, *, organisation: Organisation, on: date, reason: str, by: ActorRef, at: datetime
) -> Agreement:
    """End an agreement from a day on, or withdraw it before it bound anybody; it stays, with day and reason."""
    require(access.may_sign(by, at, agreement, organisation))
    _require_open(agreement, organisation, at)
    _check_end(on, agreement.recorded_at.date(), reason, "on")
    ended = {"ended_on": on, "ended_by": organisation, "ended_reason": reason.strip(), "ended_at": at}
    if not Agreement.objects.filter(pk=agreement.pk, ended_on=None).update(**ended):
        raise OverAlready()
    agreement.refresh_from_db()
    facts: Facts = {"organisation": organisation.public_id, "on": on.isoformat(), "reason": reason.strip()}
    _record("agreements.ended", agreement, facts, by, at)
    return agreement


def _check_end(on: date, earliest: date, reason: str, field: str) -> None:
    require_within_calendar(on, field)
    if on < earliest:
        raise BadInput(field=field, value=on.isoformat(), remedy=f"not before {earliest.isoformat()}")
    if not reason.strip():
        raise BadInput(field="reason", remedy="say why; the reason stands beside the day")


@transaction.atomic
def found(
    *,
    organisation: Organisation,
    title: str,
    language: str,
    purpose: str,
    starts: date,
    until: date | None,
    authority: str,
    terms: Terms,
    topics: Sequence[str],
    by: ActorRef,
    at: datetime,
) -> Coalition:
    """Found a coalition and join it for one's own party; every other joins for itself."""
    require(access.may_speak(by, at, organisation))
    _check_words(title, purpose, purpose)
    _check_days(starts, until, "until")
    coalition = Coalition(
        network=organisation,
        originator=organisation,
        title=title.strip(),
        language=language,
        purpose=purpose.strip(),
        starts=starts,
        until=until,
        recorded_at=at,
    )
    visibility.lay_down(coalition, terms, at=at)
    coalition.save(force_insert=True)
    filed = file_under(coalition, topics, by=by, at=at)
    facts: Facts = {
        "convenor": organisation.public_id,
        "starts": starts.isoformat(),
        "until": until.isoformat() if until else "",
        "topics": [*filed],
    }
    _record("agreements.coalition_founded", coalition, facts, by, at)
    _join(coalition, organisation, Mandate(authority), by, at)
    return coalition


@transaction.atomic
def join(
    coalition: Coalition, *, organisation: Organisation, authority: str, ad_referendum: bool, by: ActorRef, at: datetime
) -> Adhesion:
    """Join a coalition for one's own party, on a named authority. No membership of any network follows from it."""
    require(access.may_join(by, at, coalition, organisation))
    if coalition.until is not None and coalition.until < day_in(organisation.time_zone, at):
        raise OverAlready()
    return _join(coalition, organisation, Mandate(authority, ad_referendum), by, at)


def _join(coalition: Coalition, organisation: Organisation, mandate: Mandate, by: ActorRef, at: datetime) -> Adhesion:
    if coalition.adhesions.filter(organisation=organisation, left_at=None).exists():
        raise BelongsAlready()
    row = Adhesion.objects.create(
        coalition=coalition,
        organisation=organisation,
        seat=acting(by, at),
        authority=_authority(mandate.authority),
        ad_referendum=mandate.ad_referendum,
        at=at,
    )
    _record("agreements.coalition_joined", coalition, _stated(row), by, at, of=organisation)
    return row


@transaction.atomic
def report_board_on_joining(adhesion: Adhesion, *, agrees: bool, by: ActorRef, at: datetime) -> Adhesion:
    """Report what the party's own board said of a coalition joined subject to it."""
    require(access.may_join(by, at, adhesion.coalition, adhesion.organisation))
    _answer(Adhesion, adhesion, agrees, at)
    _record(
        "agreements.board_answered", adhesion.coalition, _answered(adhesion, agrees), by, at, of=adhesion.organisation
    )
    return adhesion


@transaction.atomic
def leave(
    coalition: Coalition, *, organisation: Organisation, on: date, reason: str, by: ActorRef, at: datetime
) -> Adhesion:
    """Leave a coalition from a day on; that the party belonged stays, with day and reason."""
    require(access.may_join(by, at, coalition, organisation))
    row = coalition.adhesions.filter(organisation=organisation, left_at=None).first()
    if row is None:
        raise DoesNotBelong()
    _check_end(on, row.at.date(), reason, "on")
    left = {"left_on": on, "left_reason": reason.strip(), "left_at": at}
    if not Adhesion.objects.filter(pk=row.pk, left_at=None).update(**left):
        raise DoesNotBelong()
    row.refresh_from_db()
    facts: Facts = {"organisation": organisation.public_id, "on": on.isoformat(), "reason": reason.strip()}
    _record("agreements.coalition_left", coalition, facts, by, at, of=organisation)
    return row


@transaction.atomic
def offer_convening(
    coalition: Coalition, *, taker: Organisation, reason: str, answer_by: date, by: ActorRef, at: datetime
) -> Handover:
    """Offer to another party that belongs to a coalition to convene it; nothing changes until that party accepts."""
    require(access.may_hand_over(by, at, coalition))
    giver = coalition.originator
    if coalition.until is not None and coalition.until < day_in(giver.time_zone, at):
        raise OverAlready()
    _check_taker(coalition, taker, at)
    _check_end(answer_by, day_in(giver.time_zone, at), reason, "answer_by")
    standing = coalition.handovers.waiting()
    standing.filter(answer_by__lt=day_in(giver.time_zone, at)).update(withdrawn_at=at)
    if standing.exists():
        raise OfferedAlready(field="taker")
    row = Handover.objects.create(
        coalition=coalition, giver=giver, taker=taker, reason=reason.strip(), answer_by=answer_by, offered_at=at
    )
    _record_between("agreements.convening_offered", row, by, at)
    return row


def _check_taker(coalition: Coalition, taker: Organisation, at: datetime) -> None:
    row = coalition.adhesions.filter(organisation=taker, left_at=None).first()
    signed = row.signed(at) if row is not None else None
    day = day_in(taker.time_zone, at)
    belongs = signed is not None and core.belonging(signed, None, day) is core.Belonging.BELONGS
    if taker == coalition.originator or not belongs:
        raise DoesNotBelong(field="taker", organisation=taker.name)


@transaction.atomic
def answer_offer(offer: Handover, *, accepts: bool, by: ActorRef, at: datetime) -> Handover:
    """Accept to convene a coalition, from now on and with all that its convenor decides; or decline."""
    require(access.may_take_over(by, at, offer))
    if offer.answer_by < day_in(offer.taker.time_zone, at):
        raise NoOfferStands()
    waiting = Handover.objects.waiting().filter(pk=offer.pk)
    if not waiting.update(answered_at=at, accepts=accepts):
        raise NoOfferStands()
    offer.refresh_from_db()
    if not accepts:
        _record_between("agreements.convening_declined", offer, by, at)
        return offer
    _check_taker(offer.coalition, offer.taker, at)
    held = Coalition.objects.filter(pk=offer.coalition_id, originator=offer.giver)
    if not held.update(originator=offer.taker, network=offer.taker):
        raise NoOfferStands()
    offer.coalition.refresh_from_db()
    _record("agreements.convening_taken", offer.coalition, _of_handover(offer), by, at, of=offer.giver)
    return offer


@transaction.atomic
def withdraw_offer(offer: Handover, *, by: ActorRef, at: datetime) -> Handover:
    """Take an offer back before it is accepted: the party goes on convening the coalition."""
    require(access.may_hand_over(by, at, offer.coalition))
    if not Handover.objects.waiting().filter(pk=offer.pk).update(withdrawn_at=at):
        raise NoOfferStands()
    offer.refresh_from_db()
    _record_between("agreements.convening_offer_withdrawn", offer, by, at)
    return offer


def _of_handover(row: Handover) -> Facts:
    return {"from": row.giver.public_id, "to": row.taker.public_id, "reason": row.reason}


def _record_between(type_: str, row: Handover, by: ActorRef, at: datetime) -> None:
    """What is only offered is between the two: others learn of it when it is accepted."""
    coalition = row.coalition
    level = max(coalition.entered_as(at), Level.ROOM)
    ref = Ref("coalition", coalition.public_id)
    record.append(type_, realm=coalition.realm, subject=ref, by=by, at=at, level=level, facts=_of_handover(row))


def _record(
    type_: str,
    row: Agreement | Coalition,
    facts: Facts,
    by: ActorRef,
    at: datetime,
    *,
    of: Organisation | None = None,
) -> None:
    """One entry, no wider than the thing, nor than the circle that knows the party of whose act it tells."""
    level = max(row.entered_as(at), Level(of.level)) if of is not None else row.entered_as(at)
    ref = Ref("agreement" if isinstance(row, Agreement) else "coalition", row.public_id)
    record.append(type_, realm=row.realm, subject=ref, by=by, at=at, level=level, facts=facts)
