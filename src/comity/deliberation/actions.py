"""From a question to principles: open, propose, admit, vote, seal, close with the map, draw, and keep the dissent."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from comity.deliberation import access, queries
from comity.deliberation.models import (
    LONGEST_STATEMENT,
    Conversation,
    Delegation,
    MapRun,
    MinorityReport,
    OpinionVote,
    Participant,
    PlaceTaken,
    Principle,
    PrincipleSource,
    SourceRole,
    Statement,
    VoteBatch,
)
from comity.engagements.models import Participation
from comity.plain.actors import ActorRef, require
from comity.plain.levels import Attribution, Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.plain.time import require_within_calendar
from comity.record import actions as record
from comity.record.core.jcs import Json
from comity.registry.core.names import require_honest
from comity.registry.core.refusals import RealmsNeverMix
from comity.registry.models import Organisation
from comity.registry.topics.actions import file_under
from comity.visibility import actions as visibility
from comity.visibility.core import Terms

KEY_BYTES = 15


class ConversationIsNotOpen(Refusal):
    """Statements and votes are taken between the opening and the close of a conversation."""

    code = "conversation-is-not-open"


class ClosesLater(Refusal):
    """A conversation is closed at its announced end, not before."""

    code = "closes-later"


class AlreadyClosed(Refusal):
    """A conversation is closed once."""

    code = "already-closed"


class NotClosedYet(Refusal):
    """Principles are drawn from a conversation that is closed and has its map."""

    code = "not-closed-yet"


class SaidAlready(Refusal):
    """A statement stands once in a conversation."""

    code = "said-already"


class VoteNotOnTheScale(BadInput):
    """A vote on a statement is agree (1), disagree (-1) or pass (0)."""

    code = "vote-not-on-the-scale"


class NotOfThisConversation(BadInput):
    """Votes, principles and reports concern statements of their own conversation."""

    code = "not-of-this-conversation"


class StatementIsSilenced(Refusal):
    """A statement that moderation took out takes no more votes."""

    code = "statement-is-silenced"


class NoPlaceLeft(Refusal):
    """A seat takes one place, as long as its delegation has places left."""

    code = "no-place-left"


class NothingFedIt(BadInput):
    """A principle names at least one statement that fed it; none both feeds it and is overruled by it."""

    code = "nothing-fed-it"


class NoSuchGroup(BadInput):
    """A minority report is filed by a group of the map."""

    code = "no-such-group"


@transaction.atomic
def open_conversation(
    *,
    network: Organisation,
    title: str,
    question: str,
    opens: datetime,
    closes: datetime,
    originator: Organisation,
    because: Sequence[Ref] = (),
    level: Level,
    language: str = "en",
    attribution: Attribution = Attribution.NONE,
    topics: Sequence[str],
    by: ActorRef,
    at: datetime,
) -> Conversation:
    """Open a conversation; the delegations of the engagements it arises from are invited with it."""
    require(access.may_open(by, at, network, originator))
    if not (title.strip() and question.strip()):
        raise BadInput(field="question" if title.strip() else "title", remedy="write a title and a question")
    require_honest(title, "title")
    require_within_calendar(opens, "opens")
    require_within_calendar(closes, "closes")
    if closes <= opens:
        raise BadInput(field="closes", value=closes.isoformat(), remedy="it closes after it opens")
    conversation = Conversation.objects.create(
        network=network,
        title=title.strip(),
        question=question.strip(),
        language=language,
        opens=opens,
        closes=closes,
        level=level,
        attribution=attribution,
        originator=originator,
        recorded_at=at,
    )
    filed = file_under(conversation, topics, by=by, at=at)
    invited = _invite(conversation, because, at)
    _record(
        conversation,
        "deliberation.opened",
        by,
        at,
        facts={
            "question": question.strip(),
            "opens": opens.isoformat(),
            "closes": closes.isoformat(),
            "opened_by": originator.public_id,
            "invited": invited,
            "topics": [*filed],
        },
        because=because,
    )
    return conversation


def _invite(conversation: Conversation, because: Sequence[Ref], at: datetime) -> list[Json]:
    met = [ref.id for ref in because if ref.kind == "engagement"]
    came = Participation.objects.filter(engagement__public_id__in=met).select_related("organisation")
    invited = {row.organisation.pk: row.organisation for row in came}
    if conversation.originator.pk != conversation.network.pk:
        invited[conversation.originator.pk] = conversation.originator
    Delegation.objects.bulk_create(
        Delegation(conversation=conversation, organisation=organisation, since=at) for organisation in invited.values()
    )
    return [*sorted(organisation.public_id for organisation in invited.values())]


def _record(
    conversation: Conversation,
    type: str,
    by: ActorRef,
    at: datetime,
    *,
    facts: Mapping[str, Json],
    principle: Principle | None = None,
    because: Sequence[Ref] = (),
) -> None:
    """An entry about a conversation, or about a principle drawn from it, at the narrower level of the two."""
    levels = [row.entered_as(at) for row in (conversation, principle) if row is not None]
    record.append(
        type,
        realm=Realm(conversation.network.realm),
        subject=Ref("principle", principle.public_id) if principle else Ref("conversation", conversation.public_id),
        by=by,
        at=at,
        level=max(levels),
        facts=facts,
        because=because,
    )


@transaction.atomic
def propose_statement(
    conversation: Conversation, *, words: str, language: str, organisation: Organisation, by: ActorRef, at: datetime
) -> Statement:
    """Propose a viewpoint in one sentence, for an organisation that takes part."""
    require(access.may_propose(by, at, conversation, organisation))
    _require_open(conversation, at)
    said = " ".join(words.split())
    if not said or len(said) > LONGEST_STATEMENT:
        raise BadInput(field="words", length=len(said), remedy=f"write one sentence, at most {LONGEST_STATEMENT} signs")
    if conversation.statements.filter(words=said).exists():
        raise SaidAlready(field="words", words=said)
    last = conversation.statements.aggregate(last=Max("number"))["last"] or 0
    statement = Statement.objects.create(
        conversation=conversation,
        number=last + 1,
        words=said,
        language=language,
        organisation=organisation,
        proposed_at=at,
    )
    _record(
        conversation,
        "deliberation.statement_proposed",
        by,
        at,
        facts={"statement": statement.public_id, "number": statement.number, "words": said, "language": language},
    )
    return statement


def _require_open(conversation: Conversation, at: datetime) -> None:
    if not conversation.open_at(at):
        raise ConversationIsNotOpen(opens=conversation.opens.isoformat(), closes=conversation.closes.isoformat())


@transaction.atomic
def silence_statement(statement: Statement, *, reason: str, by: ActorRef, at: datetime) -> Statement:
    """Take a statement out by moderation, with a reason that stands beside it; its words and votes stay."""
    conversation = statement.conversation
    require(access.may_silence(by, at, conversation))
    _require_open(conversation, at)
    if not reason.strip():
        raise BadInput(field="reason", remedy="write the reason; it is shown to everybody")
    changed = Statement.objects.filter(pk=statement.pk, silenced_at=None)
    if not changed.update(silenced_at=at, silence_reason=reason.strip()):
        raise StatementIsSilenced(number=statement.number)
    statement.refresh_from_db()
    _record(
        conversation,
        "deliberation.statement_silenced",
        by,
        at,
        facts={"statement": statement.public_id, "number": statement.number, "reason": reason.strip()},
    )
    return statement


@transaction.atomic
def admit(
    conversation: Conversation, *, organisation: Organisation, count: int, by: ActorRef, at: datetime
) -> list[Participant]:
    """Admit so many people of an organisation; each participant bears her key as ``key``, here and never again."""
    require(access.may_admit(by, at, conversation))
    if organisation.realm != conversation.network.realm:
        raise RealmsNeverMix(organisation=organisation.name)
    if conversation.closed_at is not None or at > conversation.closes:
        raise ConversationIsNotOpen(closes=conversation.closes.isoformat())
    if count < 1:
        raise BadInput(field="count", value=count, remedy="admit at least one person")
    Delegation.objects.get_or_create(conversation=conversation, organisation=organisation, defaults={"since": at})
    admitted = []
    for _place in range(count):
        key = secrets.token_urlsafe(KEY_BYTES)
        digest = queries.digest_of_key(key)
        participant = Participant(conversation=conversation, organisation=organisation, key_digest=digest)
        participant.key = key  # type: ignore[attr-defined]  # not a column: it is told once, to be handed on
        admitted.append(participant)
    Participant.objects.bulk_create(admitted)
    _record(
        conversation,
        "deliberation.admitted",
        by,
        at,
        facts={"organisation": organisation.public_id, "people": count},
    )
    return admitted


@transaction.atomic
def take_place(conversation: Conversation, *, organisation: Organisation, by: ActorRef, at: datetime) -> str:
    """Give a seat the key of one of its delegation's places; that it took one is kept, which one is not.

    This enters nothing in the record: an entry would tell when somebody began to vote.
    """
    require(access.may_take_place(by, at, conversation, organisation))
    _require_open(conversation, at)
    _taken, first = PlaceTaken.objects.get_or_create(conversation=conversation, seat=by.id)
    free = conversation.participants.filter(organisation=organisation, taken=False, votes=None)
    place = free.order_by("public_id").first()
    if not first or place is None:
        raise NoPlaceLeft(organisation=organisation.name)
    key = secrets.token_urlsafe(KEY_BYTES)
    changed = Participant.objects.filter(pk=place.pk, taken=False)
    if not changed.update(taken=True, key_digest=queries.digest_of_key(key)):
        raise NoPlaceLeft(organisation=organisation.name)
    return key


@transaction.atomic
def vote(participant: Participant, votes: Mapping[Statement, int], *, at: datetime) -> int:
    """Take votes by the lean door: durable at once, sealed into the record later; return how many were taken.

    Whoever bears the participant's key votes; the act names no seat. Nothing is taken when one vote cannot be.
    """
    conversation = Conversation.objects.get(pk=participant.conversation_id)
    _require_open(conversation, at)
    for statement, value in votes.items():
        if statement.conversation_id != conversation.pk:
            raise NotOfThisConversation(statement=statement.public_id)
        if statement.silenced_at is not None:
            raise StatementIsSilenced(number=statement.number)
        if value not in (-1, 0, 1):
            raise VoteNotOnTheScale(field="value", statement=statement.number, value=value)
    OpinionVote.objects.bulk_create(
        OpinionVote(participant=participant, statement=statement, value=value, at=at)
        for statement, value in votes.items()
    )
    return len(votes)


@transaction.atomic
def seal_votes(conversation: Conversation, *, by: ActorRef, at: datetime) -> VoteBatch | None:
    """Seal the votes that came since into one batch; its digest continues the one before. None without new votes."""
    require(access.may_seal(by, at, conversation))
    return _seal(conversation, by, at)


def _seal(conversation: Conversation, by: ActorRef, at: datetime) -> VoteBatch | None:
    waiting = OpinionVote.objects.filter(participant__conversation=conversation, batch=None, at__lte=at)
    rows = list(waiting.values_list("pk", "participant__public_id", "statement__public_id", "value", "at"))
    if not rows:
        return None
    last = conversation.batches.order_by("-number").first()
    digest = queries.chained(last.digest if last else "", ((p, s, value, when) for _pk, p, s, value, when in rows))
    batch = VoteBatch.objects.create(
        conversation=conversation,
        number=last.number + 1 if last else 1,
        votes=len(rows),
        digest=digest,
        sealed_at=at,
    )
    waiting.filter(pk__in=[row[0] for row in rows]).update(batch=batch)
    _record(
        conversation,
        "deliberation.votes_sealed",
        by,
        at,
        facts={"batch": batch.number, "votes": batch.votes, "digest": digest, "before": last.digest if last else ""},
    )
    return batch


@transaction.atomic
def close(conversation: Conversation, *, by: ActorRef, at: datetime) -> MapRun:
    """Close a conversation, seal its last votes, and draw the map that everybody sees from then on."""
    require(access.may_close(by, at, conversation))
    if at < conversation.closes:
        raise ClosesLater(closes=conversation.closes.isoformat())
    if not Conversation.objects.filter(pk=conversation.pk, closed_at=None).update(closed_at=at):
        raise AlreadyClosed(conversation=conversation.title)
    conversation.refresh_from_db()
    _seal(conversation, by, at)
    run = _draw(conversation, at)
    _record(
        conversation,
        "deliberation.closed",
        by,
        at,
        facts={
            "people": conversation.participants.count(),
            "statements": conversation.statements.count(),
            "votes_digest": run.votes_digest,
            "profile": run.profile,
            "seed": run.seed,
            "map_sha256": run.result_sha256,
        },
    )
    return run


def _draw(conversation: Conversation, at: datetime) -> MapRun:
    from comity.deliberation.core.drawing import drawn
    from comity.deliberation.core.opinions import Profile, TooFewVotes, draw_map, try_stability

    votes, silenced = queries.sealed_votes(conversation)
    last = conversation.batches.order_by("-number").first()
    run = MapRun(
        conversation=conversation,
        profile=Profile.COMITY,
        seed=queries.SEED,
        votes_digest=last.digest if last else "",
        at=at,
    )
    try:
        chart = draw_map(votes, silenced=silenced)
        run.result = drawn(chart, try_stability(chart, seed=run.seed))
        placed = zip(votes.person_ids, chart.labels.tolist(), strict=True)
        run.placements = {person: group for person, group in placed if group >= 0}
    except TooFewVotes:
        run.result = None
    run.result_sha256 = queries.fingerprint(run.result)
    run.save()
    return run


@transaction.atomic
def draw_principle(
    conversation: Conversation,
    *,
    number: int,
    words: str,
    language: str,
    fed: Sequence[Statement],
    overruled: Sequence[Statement] = (),
    level: Level = Level.PUBLIC,
    by: ActorRef,
    at: datetime,
) -> Principle:
    """Draw a principle from statements, naming each that fed it and each that it overruled.

    Raises WiderThanItsWhole for a level at which more people would read it than read the conversation.
    """
    require(access.may_draw_principle(by, at, conversation))
    if not conversation.closed_by(at):
        raise NotClosedYet(closes=conversation.closes.isoformat())
    _check_sources(conversation, fed, overruled)
    if not words.strip():
        raise BadInput(field="words", remedy="write the principle in one sentence")
    require_honest(words, "words", longest=600)
    if conversation.principles.filter(number=number).exists():
        raise SaidAlready(field="number", number=number)
    principle = Principle(
        network=conversation.network,
        conversation=conversation,
        number=number,
        words=" ".join(words.split()),
        language=language,
        originator=conversation.originator,
        drawn_at=at,
        recorded_at=at,
    )
    visibility.lay_down(principle, Terms(level, Attribution(conversation.attribution)), at=at)
    principle.save(force_insert=True)
    named = [(SourceRole.FED, one) for one in fed] + [(SourceRole.OVERRULED, one) for one in overruled]
    PrincipleSource.objects.bulk_create(
        PrincipleSource(principle=principle, statement=statement, role=role) for role, statement in named
    )
    _record(
        conversation,
        "deliberation.principle_drawn",
        by,
        at,
        principle=principle,
        facts={
            "words": principle.words,
            "language": language,
            "fed": [one.public_id for one in fed],
            "overruled": [one.public_id for one in overruled],
        },
        because=[Ref("conversation", conversation.public_id)],
    )
    return principle


def _check_sources(conversation: Conversation, fed: Sequence[Statement], overruled: Sequence[Statement]) -> None:
    both = [one.pk for one in (*fed, *overruled)]
    if not fed or len(set(both)) != len(both):
        raise NothingFedIt(field="fed", remedy="name each statement once")
    for statement in (*fed, *overruled):
        if statement.conversation_id != conversation.pk:
            raise NotOfThisConversation(statement=statement.public_id)


@transaction.atomic
def file_minority_report(
    principle: Principle,
    *,
    group: int | str,
    words: str,
    language: str,
    statement: Statement | None = None,
    organisation: Organisation | None = None,
    participant: Participant | None = None,
    by: ActorRef,
    at: datetime,
) -> MinorityReport:
    """File a group's own words on a principle (``group`` A, B, ... or 0, 1, ...); they stand wherever it stands.

    ``participant`` is the voter of that group who files, by her key and without a name; else the facilitator does.
    """
    place = _group_named(principle, group)
    require(access.may_file_report(by, at, principle, place, participant))
    if not words.strip():
        raise BadInput(field="words", remedy="write what the group holds")
    if statement is not None and statement.conversation_id != principle.conversation_id:
        raise NotOfThisConversation(statement=statement.public_id)
    if principle.minority_reports.filter(group=place).exists():
        raise SaidAlready(group=queries.GROUP_LETTERS[place])
    filed = MinorityReport.objects.create(
        principle=principle,
        group=place,
        words=words.strip(),
        language=language,
        statement=statement,
        organisation=organisation,
        filed_at=at,
    )
    facts: dict[str, Json] = {
        "report": filed.public_id,
        "group": queries.GROUP_LETTERS[place],
        "words": filed.words,
        "language": language,
        "statement": statement.public_id if statement else "",
    }
    if organisation is not None:
        facts["organisation"] = organisation.public_id
    _record(
        principle.conversation,
        "deliberation.minority_report_filed",
        by,
        at,
        principle=principle,
        facts=facts,
    )
    return filed


def _group_named(principle: Principle, group: int | str) -> int:
    run = MapRun.objects.filter(conversation=principle.conversation).first()
    groups = len((run.result or {}).get("groups", ())) if run else 0
    place = queries.GROUP_LETTERS.find(group) if isinstance(group, str) and group else group
    if not isinstance(place, int) or not 0 <= place < groups:
        raise NoSuchGroup(field="group", group=group, remedy=f"one of {', '.join(queries.GROUP_LETTERS[:groups])}")
    return place
