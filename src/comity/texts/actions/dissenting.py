"""What a party says of a text: filed by the party itself, and from then on part of the text."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from comity.decisions.models import Vote
from comity.plain.actors import ActorRef, require
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.record.core.jcs import Json
from comity.registry.models import Organisation
from comity.texts import access
from comity.texts.actions.drafting import WordsNeeded, words_of_a_party
from comity.texts.actions.entering import enter
from comity.texts.core.amendments import NoSuchClause
from comity.texts.core.clauses import tokens
from comity.texts.core.marks import letter
from comity.texts.models import (
    Adoption,
    AdReferendum,
    Block,
    BoardAnswer,
    Dissent,
    DissentKind,
    Text,
    TextVersion,
)
from comity.texts.queries import version_at_vote


class DissentFollowsAVote(Refusal):
    """Dissent is filed from the moment the text is put to the vote; before, propose an amendment."""

    code = "dissent-follows-a-vote"


class SpanOfDissentOutside(BadInput):
    """A reservation names a clause, and its phrase lies inside that clause."""

    code = "span-of-dissent-outside"


class NotAdReferendum(Refusal):
    """Only a party whose delegation voted for the text ad referendum awaits its board."""

    code = "not-ad-referendum"


class BoardAlreadyAnswered(Refusal):
    """A board answers once; what it decides later is a new act of the party."""

    code = "board-already-answered"


@transaction.atomic
def file_dissent(
    text: Text,
    *,
    organisation: Organisation,
    kind: str,
    words: str,
    language: str,
    effect: str = "",
    block: str = "",
    span: tuple[int, int] | None = None,
    because: Sequence[Ref] = (),
    by: ActorRef,
    at: datetime,
) -> Dissent:
    """Add a party's own words to the version at the vote. ``block`` is the clause's uuid, ``span`` its tokens."""
    require(access.may_file_dissent(by, at, text, organisation))
    version = version_at_vote(text, at)
    if version is None:
        raise DissentFollowsAVote(text=text.title)
    if kind not in DissentKind.values:
        raise WordsNeeded(of="kind", kind=kind)
    place = _place(version, block, span, needed=kind == DissentKind.RESERVATION)
    dissent = Dissent.objects.create(
        text=text,
        version=version,
        organisation=organisation,
        kind=kind,
        block_uuid=block,
        start=place[0] if place else None,
        end=place[1] if place else None,
        letter=letter(Dissent.objects.filter(text=text).exclude(letter="").count()) if place else "",
        words=words_of_a_party(words, kind),
        language=language,
        effect=" ".join(effect.split())[:300],
        at=at,
    )
    _record_dissent(dissent, because=because, by=by, at=at)
    return dissent


def _record_dissent(dissent: Dissent, *, because: Sequence[Ref], by: ActorRef, at: datetime) -> None:
    facts: dict[str, Json] = {
        "kind": dissent.kind,
        "organisation": dissent.organisation.public_id,
        "version": dissent.version.sha256,
        "clause": dissent.block_uuid,
        "span": [dissent.start, dissent.end] if dissent.start is not None else [],
        "words": dissent.words,
        "language": dissent.language,
        "effect": dissent.effect,
    }
    ref = Ref("dissent", dissent.public_id)
    enter("texts.dissent_filed", dissent.text, facts, subject=ref, because=because, by=by, at=at)


def _place(version: TextVersion, uuid: str, span: tuple[int, int] | None, *, needed: bool) -> tuple[int, int] | None:
    if not uuid:
        if needed or span is not None:
            raise SpanOfDissentOutside(clause="")
        return None
    clause = Block.objects.filter(version=version, uuid=uuid).first()
    if clause is None:
        raise NoSuchClause(clause=uuid)
    if span is None:
        return None
    size = len(tokens(clause.words))
    if not 0 <= span[0] < span[1] <= size:
        raise SpanOfDissentOutside(clause=clause.label, start=span[0], end=span[1], tokens=size)
    return span


@transaction.atomic
def await_board(
    adoption: Adoption,
    *,
    organisation: Organisation,
    words: str,
    language: str = "",
    article: str = "",
    board_meets: date | None = None,
    clauses: Sequence[str] = (),
    by: ActorRef,
    at: datetime,
) -> AdReferendum:
    """Say which clauses await the party's board, under which of its rules, and when it meets. Until it agrees, those
    clauses do not bind the party. ``clauses`` are uuids; none means the whole text.
    """
    require(access.may_speak_for_board(by, at, adoption.text, organisation))
    if not Vote.objects.filter(decision=adoption.decision, organisation=organisation, ad_referendum=True).exists():
        raise NotAdReferendum(organisation=organisation.name)
    known = set(adoption.version.blocks.values_list("uuid", flat=True))
    for uuid in clauses:
        if uuid not in known:
            raise NoSuchClause(clause=uuid)
    awaited = AdReferendum.objects.create(
        adoption=adoption,
        organisation=organisation,
        article=" ".join(article.split())[:200],
        board_meets=board_meets,
        clauses=list(clauses),
        words=words_of_a_party(words, "ad referendum"),
        language=language or adoption.text.language,
        at=at,
    )
    facts: dict[str, Json] = {
        "organisation": organisation.public_id,
        "article": awaited.article,
        "board_meets": board_meets.isoformat() if board_meets else "",
        "clauses": list(clauses),
        "words": awaited.words,
    }
    ref = Ref("ad-referendum", awaited.public_id)
    enter("texts.board_awaited", adoption.text, facts, subject=ref, by=by, at=at)
    return awaited


@transaction.atomic
def answer_of_board(
    adoption: Adoption,
    *,
    organisation: Organisation,
    agrees: bool,
    words: str = "",
    language: str = "",
    by: ActorRef,
    at: datetime,
) -> BoardAnswer:
    """Report what the board decided: from now on the clauses bind the party, or they never do."""
    require(access.may_speak_for_board(by, at, adoption.text, organisation))
    awaited = AdReferendum.objects.filter(adoption=adoption, organisation=organisation).first()
    if awaited is None:
        raise NotAdReferendum(organisation=organisation.name)
    if BoardAnswer.objects.filter(awaited=awaited).exists():
        raise BoardAlreadyAnswered(organisation=organisation.name)
    answer = BoardAnswer.objects.create(
        awaited=awaited,
        agrees=agrees,
        words=words_of_board(words),
        language=language or awaited.language,
        at=at,
    )
    facts: dict[str, Json] = {"organisation": organisation.public_id, "agrees": agrees, "words": answer.words}
    ref = Ref("ad-referendum", awaited.public_id)
    enter("texts.board_answered", adoption.text, facts, subject=ref, by=by, at=at)
    return answer


def words_of_board(words: str) -> str:
    """What a board said, in the party's own words; it need not say anything."""
    return words_of_a_party(words, "answer of the board") if words.strip() else ""
