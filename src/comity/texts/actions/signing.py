"""From a version before parties to their signatures, and what becomes of each: answered by a board, withdrawn, public.

No party is shown as bound before its own body has decided: what was agreed ad referendum is signed once the board has
agreed, and what is signed ad referendum does not bind before it has.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from comity.plain.actors import SYSTEM, ActorRef, require
from comity.plain.levels import Level
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.plain.time import utc_text
from comity.record.core.jcs import Json
from comity.record.signing.actions import keep_signature
from comity.registry.models import Organisation
from comity.texts import access
from comity.texts.actions.dissenting import BoardAlreadyAnswered, NotAdReferendum, words_of_board
from comity.texts.actions.drafting import require_open, words_of_a_party
from comity.texts.actions.entering import enter
from comity.texts.actions.voting import require_amendments_settled
from comity.texts.models import (
    PartySignature,
    Publication,
    SignatureAnswer,
    SignatureWithdrawal,
    SignOff,
    Text,
    TextKind,
)
from comity.texts.queries import (
    adoption_on,
    fingerprint,
    latest_version,
    paper_of,
    publication_on,
    sign_off_on,
    signature_of,
    signatures_on,
    signs_what_it_voted,
    version_to_sign,
)
from comity.visibility.actions import change_terms
from comity.visibility.queries import terms_of


class OnlyStatementsBySignature(Refusal):
    """Joint statements alone are opened for signature; every other text is adopted by a vote, and signed after it."""

    code = "only-statements-by-signature"


class NotReadBySignatories(Refusal):
    """What is opened for signature, every party that may sign reads; its originator opens it to the network first."""

    code = "not-read-by-signatories"


class NotForSignature(Refusal):
    """A text is signed once it is adopted, or while it is open for signature."""

    code = "not-for-signature"


class NotBehindTheText(Refusal):
    """An adopted text is signed by the parties that agreed to it; one that did not can file its own words beside it."""

    code = "not-behind-the-text"


class BoardNotHeard(Refusal):
    """Your delegation agreed ad referendum: your party signs once its board has agreed and its answer is reported."""

    code = "board-not-heard"


class SignedAlready(Refusal):
    """Your party has signed this text. It can withdraw its signature; until then it signs no second time."""

    code = "signed-already"


class PaperChanged(Refusal):
    """Something was filed beside this text while you read it, so that you would sign other words than you saw. Read the
    page again and sign what it shows now."""

    code = "paper-changed"


class NotSignedByIt(Refusal):
    """Only a signature that stands under the text is withdrawn, or answered by a board."""

    code = "not-signed-by-it"


class NobodySigned(Refusal):
    """A statement is published once a party has signed it."""

    code = "nobody-signed"


class PublicationSet(Refusal):
    """The minute of its publication is set; its originator moves the embargo on the page that says who reads it."""

    code = "publication-set"


class TooLateToTakeBack(Refusal):
    """A statement goes back into negotiation until the minute of its publication is set, not after."""

    code = "too-late-to-take-back"


class PublishedInThePast(BadInput):
    """The minute of a publication lies ahead; leave it empty to publish at once."""

    code = "published-in-the-past"


@transaction.atomic
def open_for_signature(text: Text, *, by: ActorRef, at: datetime) -> SignOff:
    """Put the latest version of a joint statement before parties; from now on it has no new version."""
    require(access.may_open_for_signature(by, at, text))
    if text.kind != TextKind.STATEMENT:
        raise OnlyStatementsBySignature(text=text.title)
    if text.entered_as(at) > Level.NETWORK:
        raise NotReadBySignatories(text=text.title)
    require_open(text, at)
    require_amendments_settled(text, at)
    opened = SignOff.objects.create(version=latest_version(text), at=at)
    enter("texts.opened_for_signature", text, _version(opened), by=by, at=at)
    return opened


@transaction.atomic
def take_back(text: Text, *, by: ActorRef, at: datetime) -> SignOff:
    """Take a statement back into negotiation; what was signed stays shown as signatures of that version."""
    require(access.may_open_for_signature(by, at, text))
    opened = sign_off_on(text, at)
    if opened is None:
        raise NotForSignature(text=text.title)
    if publication_on(text, at) is not None:
        raise TooLateToTakeBack(text=text.title)
    opened.taken_back_at = at
    opened.save(update_fields=["taken_back_at"])
    enter("texts.taken_back", text, _version(opened), by=by, at=at)
    return opened


@dataclass(frozen=True)
class SignatureGiven:
    """What a party hands in: the signature file, the fingerprint of the paper it was shown, and its board's part."""

    armored: str
    paper_sha256: str
    ad_referendum: bool = False
    board_meets: date | None = None


@transaction.atomic
def sign(
    text: Text, given: SignatureGiven, *, organisation: Organisation, by: ActorRef, at: datetime
) -> PartySignature:
    """Sign the paper of this instant in the name of a party, with a key that the acting seat holds for it."""
    require(access.may_sign(by, at, text, organisation))
    Text.objects.select_for_update().get(pk=text.pk)
    version, paper = version_to_sign(text, at), paper_of(text, at)
    if version is None or paper is None:
        raise NotForSignature(text=text.title)
    _require_behind(text, given, organisation, at)
    if signature_of(text, organisation.pk, at) is not None:
        raise SignedAlready(text=text.title)
    if fingerprint(paper) != given.paper_sha256:
        raise PaperChanged(text=text.title)
    ref = Ref("text", text.public_id)
    told = {"subject": ref, "realm": text.realm, "organisation": organisation.public_id, "holder": str(by)}
    kept = keep_signature(given.armored, paper=paper, at=at, **told)  # type: ignore[arg-type]
    row = PartySignature.objects.create(
        text=text,
        version=version,
        organisation=organisation,
        signature=kept.public_id,
        paper_sha256=kept.paper_sha256,
        ad_referendum=given.ad_referendum,
        board_meets=given.board_meets if given.ad_referendum else None,
        at=at,
    )
    facts: dict[str, Json] = {
        "organisation": organisation.public_id,
        "version": version.sha256,
        "paper": kept.paper_sha256,
        "signature": kept.sha256,
        "key": kept.key.fingerprint,
        "ad_referendum": given.ad_referendum,
    }
    enter("texts.signed", text, facts, by=by, at=at)
    return row


def _require_behind(text: Text, given: SignatureGiven, organisation: Organisation, at: datetime) -> None:
    """What a party's delegation did at the vote, its signature does not undo."""
    if given.ad_referendum and adoption_on(text, at) is not None:
        raise NotAdReferendum(organisation=organisation.name)
    agreed = signs_what_it_voted(text, organisation, at)
    if agreed is None:
        raise BoardNotHeard(text=text.title)
    if not agreed:
        raise NotBehindTheText(organisation=organisation.name)


@transaction.atomic
def answer_on_signature(
    text: Text,
    *,
    organisation: Organisation,
    agrees: bool,
    words: str = "",
    language: str = "",
    by: ActorRef,
    at: datetime,
) -> SignatureAnswer:
    """Report what the board decided on a signature given ad referendum: it binds from now on, or it never does."""
    require(access.may_sign(by, at, text, organisation))
    signed = signature_of(text, organisation.pk, at)
    if signed is None or not signed.row.ad_referendum:
        raise NotSignedByIt(text=text.title)
    if signed.answer is not None:
        raise BoardAlreadyAnswered(organisation=organisation.name)
    answer = SignatureAnswer.objects.create(
        signature=signed.row,
        agrees=agrees,
        words=words_of_board(words),
        language=language or text.language,
        at=at,
    )
    facts: dict[str, Json] = {**_of(signed.row, signed.made.sha256), "agrees": agrees, "words": answer.words}
    enter("texts.signature_answered", text, facts, by=by, at=at)
    return answer


@transaction.atomic
def withdraw_signature(
    text: Text, *, organisation: Organisation, reason: str, language: str = "", by: ActorRef, at: datetime
) -> SignatureWithdrawal:
    """Withdraw a party's signature: its name is struck from this day on, with the reason, and stays."""
    require(access.may_sign(by, at, text, organisation))
    signed = signature_of(text, organisation.pk, at)
    if signed is None:
        raise NotSignedByIt(text=text.title)
    withdrawal = SignatureWithdrawal.objects.create(
        signature=signed.row,
        reason=words_of_a_party(reason, "reason"),
        language=language or text.language,
        at=at,
    )
    facts: dict[str, Json] = {**_of(signed.row, signed.made.sha256), "reason": withdrawal.reason}
    enter("texts.signature_withdrawn", text, facts, by=by, at=at)
    return withdrawal


@transaction.atomic
def set_publication(
    text: Text, *, minute: datetime | None, zone: str = "UTC", by: ActorRef, at: datetime
) -> Publication:
    """Say from which minute everybody reads a signed statement; without one, at once. Until then it stays closed."""
    require(access.may_publish(by, at, text))
    opened = sign_off_on(text, at)
    if opened is None:
        raise NotForSignature(text=text.title)
    if publication_on(text, at) is not None:
        raise PublicationSet(text=text.title)
    if not any(signed.stands for signed in signatures_on(text, at)):
        raise NobodySigned(text=text.title)
    if minute is not None and minute <= at:
        raise PublishedInThePast(field="minute", minute=minute.isoformat())
    before = terms_of(text)
    waits = minute is not None
    terms = replace(
        before, level=Level.PUBLIC, embargo_until=minute, embargo_zone=zone if waits else before.embargo_zone
    )
    if terms != before:
        change_terms(text, terms, reason="published as a signed statement", by=by, at=at)
    publication = Publication.objects.create(sign_off=opened, at=minute or at, set_at=at)
    facts: dict[str, Json] = {**_version(opened), "minute": publication.at.isoformat(), "zone": zone}
    enter("texts.publication_set", text, facts, by=by, at=at)
    if minute is None:
        record_publication(publication, at=at)
    return publication


@transaction.atomic
def record_publication(publication: Publication, *, at: datetime) -> bool:
    """Once everybody may read a statement, say so in the record, with who had signed it; False where it is too early.

    The clock opens the page; this only writes it down, and may be called twice.
    """
    text = Text.objects.select_related("network").get(pk=publication.sign_off.version.text_id)
    if publication.at > at or text.entered_as(at) != Level.PUBLIC:
        return False
    if not Publication.objects.filter(pk=publication.pk, recorded_at=None).update(recorded_at=at):
        return False
    signed: list[Json] = [
        {**_of(one.row, one.made.sha256), "at": utc_text(one.row.at), "ad_referendum": not one.binds}
        for one in signatures_on(text, at)
        if one.stands
    ]
    enter("texts.published", text, {**_version(publication.sign_off), "signatures": signed}, by=SYSTEM, at=at)
    return True


def _version(opened: SignOff) -> dict[str, Json]:
    return {"version": opened.version.number, "sha256": opened.version.sha256}


def _of(row: PartySignature, sha256: str) -> dict[str, Json]:
    return {"organisation": row.organisation.public_id, "signature": sha256, "paper": row.paper_sha256}
