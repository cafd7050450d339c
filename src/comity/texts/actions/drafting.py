"""Drafts, new versions and translations."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from comity.plain.actors import ActorRef, require
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.record.core.jcs import Json
from comity.registry.core.names import require_honest
from comity.registry.models import Organisation
from comity.registry.topics.actions import file_under
from comity.texts import access
from comity.texts.actions.entering import enter
from comity.texts.core import clauses
from comity.texts.core.amendments import Fate, Operation, changes_between, rebase
from comity.texts.core.clauses import Clause, find_span, normal, tokens
from comity.texts.core.drafts import CitationDraft, ClauseDraft, TranslationDraft, place_of
from comity.texts.core.states import TextState
from comity.texts.models import AdReferendum, Block, Citation, Dissent, Text, TextVersion, Translation
from comity.texts.queries import latest_version, text_state_on

LONGEST_WORDS = 6_000


class TextClosed(Refusal):
    """A text at the vote or adopted has no new version; what comes later is another text that cites it."""

    code = "text-closed"


class WordsNeeded(BadInput):
    """Words are needed here, at most 6,000 characters, without control characters."""

    code = "words-needed"


class UnknownAddressee(BadInput):
    """A promise is addressed to organisations of the same realm, named by their public id."""

    code = "unknown-addressee"


class TranslationOfNothing(BadInput):
    """A translation is of the title, of a clause of the text, or of words filed with it, into another language."""

    code = "translation-of-nothing"


def words_of_a_party(words: str, where: str) -> str:
    """The words as filed: paragraphs kept, nothing else touched; refuse empty, huge or unreadable ones."""
    paragraphs = [part for part in words.replace("\r\n", "\n").split("\n") if part.strip()]
    try:
        text = "\n".join(normal(paragraph, where) for paragraph in paragraphs)
    except clauses.EmptyClause as error:
        raise WordsNeeded(of=where) from error
    if not text or len(text) > LONGEST_WORDS:
        raise WordsNeeded(of=where, characters=len(text), at_most=LONGEST_WORDS)
    return text


def sha256(words: str) -> str:
    """The fingerprint of some words, in hex."""
    return hashlib.sha256(words.encode()).hexdigest()


@transaction.atomic
def draft(
    *,
    network: Organisation,
    title: str,
    language: str,
    kind: str,
    blocks: Sequence[ClauseDraft],
    originator: Organisation,
    because: Sequence[Ref] = (),
    level: Level = Level.PUBLIC,
    authentic: Sequence[str] = (),
    note: str = "",
    topics: Sequence[str],
    by: ActorRef,
    at: datetime,
) -> Text:
    """Begin a joint text with its first version, filed under what it is about."""
    require(access.may_draft(by, at, network, originator))
    require_honest(title, "title")
    text = Text.objects.create(
        network=network,
        level=level,
        originator=originator,
        title=normal(title, "title"),
        language=language,
        authentic=list(dict.fromkeys([language, *authentic])),
        kind=kind,
        recorded_at=at,
    )
    filed = file_under(text, topics, by=by, at=at)
    version = write_version(text, blocks, note=note, at=at)
    facts: dict[str, Json] = {
        "title": text.title,
        "language": language,
        "version": version.number,
        "sha256": version.sha256,
        "topics": [*filed],
    }
    enter("texts.drafted", text, facts, because=[Ref("network", network.public_id), *because], by=by, at=at)
    return text


@transaction.atomic
def revise(
    text: Text, *, blocks: Sequence[ClauseDraft], note: str, because: Sequence[Ref] = (), by: ActorRef, at: datetime
) -> TextVersion:
    """Write the next version; the earlier ones stay as they were."""
    require(access.may_revise(by, at, text))
    require_open(text, at)
    version = write_version(text, blocks, note=note, at=at)
    record_version(version, because=because, by=by, at=at)
    return version


def require_open(text: Text, at: datetime) -> None:
    """Refuse once the text is at the vote or adopted."""
    state = text_state_on(text, at)
    if state not in {TextState.DRAFT, TextState.NOT_ADOPTED}:
        raise TextClosed(text=text.title, state=state.value)


def record_version(version: TextVersion, *, because: Sequence[Ref] = (), by: ActorRef, at: datetime) -> None:
    """The record entry of a new version."""
    facts: dict[str, Json] = {"version": version.number, "sha256": version.sha256, "note": version.note}
    enter("texts.revised", version.text, facts, because=because, by=by, at=at)


def write_version(text: Text, drafts: Sequence[ClauseDraft], *, note: str, at: datetime) -> TextVersion:
    """Store a version with its clauses and sources; refuse what cannot stand in a text."""
    for draft in drafts:
        require_honest(draft.label, "label", longest=20)
    named = clauses.checked([draft.clause() for draft in drafts])
    addressees = _addressees(named, text.realm)
    version = TextVersion.objects.create(
        text=text,
        number=text.versions.count() + 1,
        sha256=clauses.digest(named, title=text.title, language=text.language),
        note=" ".join(note.split())[:300],
        at=at,
    )
    number = 0
    for order, (clause, handed_in) in enumerate(zip(named, drafts, strict=True)):
        block = Block.objects.create(
            version=version,
            uuid=clause.uuid,
            order=order,
            kind=clause.kind,
            label=clause.label,
            words=clause.words,
            due=clause.due,
        )
        block.addressees.set([addressees[public_id] for public_id in clause.addressees])
        number = _cite(block, handed_in.citations, number)
    return version


def _addressees(named: Sequence[Clause], realm: Realm) -> dict[str, Organisation]:
    asked = {public_id for clause in named for public_id in clause.addressees}
    found = {row.public_id: row for row in Organisation.objects.in_realm(realm).filter(public_id__in=asked)}
    if asked - set(found):
        raise UnknownAddressee(addressee=sorted(asked - set(found))[0])
    return found


def _cite(block: Block, drafts: Sequence[CitationDraft], number: int) -> int:
    for citation in drafts:
        start, end = place_of(block.words, citation.phrase)
        require_honest(citation.title, "title")
        numbered = citation.standing not in {"no-data", "internal"}
        number += numbered
        Citation.objects.create(
            block=block,
            number=number if numbered else None,
            title=citation.title,
            url=citation.url,
            stated_on=citation.stated_on,
            standing=citation.standing,
            start=start,
            end=end,
            thing=citation.thing,
        )
    return number


def drafts_of(version: TextVersion, changed: Sequence[Clause] | None = None) -> list[ClauseDraft]:
    """A version as it could be handed in again, or the clauses that take its place with the sources that still fit."""
    before = {block.uuid: block for block in version.blocks.prefetch_related("citations", "addressees")}
    after = changed if changed is not None else [block.clause() for block in before.values()]
    return [_draft_of(clause, before.get(clause.uuid)) for clause in after]


def _draft_of(clause: Clause, before: Block | None) -> ClauseDraft:
    handed_in = ClauseDraft(clause.uuid, clause.kind, clause.label, clause.words, clause.due, clause.addressees)
    if before is None:
        return handed_in
    changes = changes_between([before.clause()], [clause])
    return replace(handed_in, citations=tuple(_carried(row, clause, changes) for row in before.citations.all()))


def _carried(citation: Citation, clause: Clause, changes: Sequence[Operation]) -> CitationDraft:
    """A source follows the words it supports; when they are gone it stands for the whole clause."""
    moved = rebase(Operation(clause.uuid, citation.start, citation.end, "\u2026"), changes)
    phrase = ""
    if moved.fate is Fate.STANDS and moved.operation is not None:
        phrase = clauses.span(clause.words, moved.operation.start, moved.operation.end)
        whole = moved.operation.end - moved.operation.start == len(tokens(clause.words))
        phrase = "" if whole or find_span(clause.words, phrase) is None else phrase
    return CitationDraft(
        title=citation.title,
        standing=citation.standing,
        phrase=phrase,
        url=citation.url,
        stated_on=citation.stated_on,
        thing=citation.thing,
    )


@transaction.atomic
def translate(
    text: Text, *, language: str, parts: Sequence[TranslationDraft], by: ActorRef, at: datetime
) -> list[Translation]:
    """Add words in another language, each with the fingerprint of what it translates."""
    sources = _sources_to_translate(text)
    rows: list[Translation] = []
    for part in parts:
        owner, source = sources.get(part.of, (None, None))
        if source is None or language == text.language:
            raise TranslationOfNothing(of=part.of, language=language)
        require(access.may_translate(by, at, text, owner))
        if part.of == "title":
            require_honest(part.words, "title")
        words = words_of_a_party(part.words, part.of)
        rows.append(
            Translation.objects.create(
                text=text,
                of=part.of,
                language=language,
                words=words,
                effect=part.effect,
                spans=_spans(words, part.marks),
                source_sha256=sha256(source),
                at=at,
            )
        )
    facts: dict[str, Json] = {"language": language, "parts": {row.of: sha256(row.words) for row in rows}}
    enter("texts.translated", text, facts, by=by, at=at)
    return rows


def _spans(words: str, marks: Mapping[str, str]) -> dict[str, list[int]]:
    return {name: list(place_of(words, phrase)) for name, phrase in marks.items()}


def _sources_to_translate(text: Text) -> dict[str, tuple[Organisation | None, str]]:
    """What of a text can be translated: whose words each part is, and the words."""
    sources: dict[str, tuple[Organisation | None, str]] = {"title": (None, text.title)}
    for block in latest_version(text).blocks.all():
        sources[f"block:{block.uuid}"] = (None, block.words)
    for dissent in Dissent.objects.filter(text=text).select_related("organisation"):
        sources[f"dissent:{dissent.public_id}"] = (dissent.organisation, dissent.words)
    for board in AdReferendum.objects.filter(adoption__text=text).select_related("organisation"):
        sources[f"board:{board.public_id}"] = (board.organisation, board.words)
    return sources
