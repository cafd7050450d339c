"""The edition of a text: its words, who stands behind it, and all dissent, as one object for one reader and one day.

Page, print, JSON, PDF and plain text are made from this and from nothing else, so that none can leave dissent out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from comity.decisions.core import Outcome
from comity.decisions.models import Decision, Vote
from comity.decisions.queries import result_of
from comity.plain.actors import ActorRef
from comity.plain.kinds import Note, notes_beside
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.registry.edges import place_spoken
from comity.registry.models import Name, Organisation
from comity.texts.core.amendments import Rebased, read_operations
from comity.texts.core.clauses import ClauseKind
from comity.texts.core.marks import Mark, Segment, segments
from comity.texts.core.readings import Reading, amendment_readings, readings_between
from comity.texts.core.states import AmendmentState, TextState
from comity.texts.models import (
    Adoption,
    AdReferendum,
    Amendment,
    Block,
    BoardAnswer,
    Citation,
    Dissent,
    Text,
    TextVersion,
    Translation,
)
from comity.texts.queries.signatures import Signed, signatures_on
from comity.texts.queries.standing import StandingRow, boards_awaited, decision_shown, standing_behind
from comity.texts.queries.states import (
    adoption_on,
    amendment_state_on,
    as_worded,
    carried,
    still_of,
    text_state_on,
    version_on,
    words_in,
)

NO_DATA = "no-data"
INTERNAL = "internal"
BOUND = re.compile(r"(?<![\w.,])(\d{1,3}) (?=[^\W\d_])")


@dataclass(frozen=True)
class Words:
    """Some words, the language they stand in, and the language they were written in."""

    text: str
    language: str
    original: str

    @property
    def translated(self) -> bool:
        """Whether these are words of a translation."""
        return self.language != self.original

    @property
    def bound(self) -> str:
        """The words with short numbers held to what they count: ``18 April`` never parts at the end of a line."""
        return BOUND.sub("\\1\u00a0", self.text)

    @property
    def paragraphs(self) -> list[str]:
        """Their paragraphs."""
        return self.text.split("\n")


@dataclass(frozen=True)
class DissentView:
    """What a party said, as it stands beside the text: a Dissent, or an agreement ad referendum with its answer."""

    row: Dissent | AdReferendum
    kind: str
    organisation: Organisation
    words: Words
    effect: Words | None
    letter: str
    block: str
    """Identifier of the clause beside which it stands; empty for the whole text."""
    clauses: tuple[str, ...] = ()
    """Numbers of the clauses it concerns."""
    version: int = 0
    """The version it was filed on, where that is not the one shown."""
    against: bool = False
    answer: BoardAnswer | None = None
    answer_words: Words | None = None

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"dissent-{self.row.public_id}"

    @property
    def awaited(self) -> AdReferendum | None:
        """The agreement ad referendum, where it is one."""
        return self.row if isinstance(self.row, AdReferendum) else None

    @property
    def record_kind(self) -> str:
        """Under which kind the record keeps it."""
        return "ad-referendum" if isinstance(self.row, AdReferendum) else "dissent"


@dataclass(frozen=True)
class ClauseView:
    """A clause as it is read: cut at its marks, with its sources and the promises that hang on it."""

    block: Block
    words: Words
    segments: tuple[Segment, ...]
    citations: tuple[Citation, ...]
    promises: tuple[Note, ...]
    stale: bool = False
    """A translation exists, of earlier words; the original is shown instead."""

    @property
    def recital(self) -> bool:
        """Whether it is one of the grounds a preamble gives: it begins in lower case and goes on."""
        words = self.block.words
        return self.block.kind == ClauseKind.PREAMBLE and words[:1].islower() and not words.endswith(".")


@dataclass(frozen=True)
class EditionRow:
    """One row of the page: a numbered clause, or the preamble as a whole, and what stands beside it."""

    label: str
    kind: str
    clauses: tuple[ClauseView, ...]
    notes: tuple[DissentView, ...]
    span: int = 1
    """Over how many rows the notes may run: those that follow without notes of their own."""


@dataclass(frozen=True)
class ReadingView:
    """An entry of the apparatus with its origin: an earlier version, or an amendment."""

    reading: Reading
    version: TextVersion | None = None
    """The version that has these words."""
    next: TextVersion | None = None
    """The version that changed them."""
    amendment: Amendment | None = None
    state: AmendmentState | None = None
    outcome: Outcome | None = None
    on: date | None = None


@dataclass(frozen=True)
class Edition:
    """A text with everything that travels with it."""

    text: Text
    title: Words
    version: TextVersion
    versions: tuple[TextVersion, ...]
    state: TextState
    adoption: Adoption | None
    decision: Decision | None
    outcome: Outcome | None
    standing: tuple[StandingRow, ...]
    rows: tuple[EditionRow, ...]
    general: tuple[DissentView, ...]
    """Dissent about the text as a whole."""
    readings: tuple[ReadingView, ...]
    amendments: tuple[tuple[Amendment, AmendmentState], ...]
    citations: tuple[Citation, ...]
    boards: tuple[tuple[Organisation, date | None], ...]
    signatures: tuple[Signed, ...]
    """Every signature that parties gave it, withdrawn ones among them."""
    changed: tuple[date, ...]
    """Days on which something changed since adoption."""
    names: dict[int, str]
    """Names of organisations in the reader's language, where the register has them."""
    language: str
    known_by: datetime

    @property
    def fictional(self) -> bool:
        """Whether all of it is invented."""
        return self.text.realm is Realm.FICTION

    @property
    def clauses(self) -> tuple[ClauseView, ...]:
        """Every clause in order, the preamble's among them."""
        return tuple(clause for row in self.rows for clause in row.clauses)

    @property
    def dissent(self) -> tuple[DissentView, ...]:
        """Everything that parties said, in the order of the page."""
        return tuple(note for row in self.rows for note in row.notes) + self.general

    @property
    def promises(self) -> tuple[Note, ...]:
        """Every promise of the text."""
        return tuple(note for clause in self.clauses for note in clause.promises)

    def name(self, organisation: Organisation) -> str:
        """An organisation's name in the reader's language, or as it is listed."""
        return self.names.get(organisation.pk, organisation.name)

    def name_language(self, organisation: Organisation) -> str:
        """The language of that name."""
        return self.language if organisation.pk in self.names else organisation.name_language


def edition_of(text: Text, *, language: str, actor: ActorRef, known_by: datetime) -> Edition | None:
    """The edition as known at an instant; None before the first version.

    ``actor`` is whose eyes: amendments and the notes of other rooms are shown as far as that reader may see them.
    """
    adoption = adoption_on(text, known_by)
    version = adoption.version if adoption else version_on(text, known_by)
    if version is None:
        return None
    decision = decision_shown(text, known_by)
    translated = words_in(text, language, known_by) if language != text.language else {}
    blocks = list(version.blocks.prefetch_related("citations", "addressees"))
    frame = _Frame(version, blocks, translated, language, known_by)
    promises = notes_beside("text", text, place_spoken(text.realm, actor, known_by))
    said = _said(frame, decision)
    clauses = [_clause(block, frame, said, promises) for block in blocks]
    rows = _rows(clauses, said)
    amendments = _amendments(text, actor, known_by)
    standing, signatures = standing_behind(text, known_by), signatures_on(text, known_by)
    return Edition(
        text=text,
        title=rendered(text.title, text.language, translated.get("title"), language),
        version=version,
        versions=tuple(text.versions.filter(at__lte=known_by)),
        state=text_state_on(text, known_by),
        adoption=adoption,
        decision=decision,
        outcome=result_of(decision) if decision else None,
        standing=tuple(standing),
        rows=rows,
        general=tuple(note for note in said if not note.block),
        readings=tuple(_readings(version, amendments)),
        amendments=amendments,
        citations=tuple(citation for clause in clauses for citation in clause.citations if citation.number),
        boards=tuple(boards_awaited(text, known_by)),
        signatures=signatures,
        changed=_changed(adoption, said, promises, known_by),
        names=_names(_organisations(standing, said, text, amendments) | _signatories(signatures), language),
        language=language,
        known_by=known_by,
    )


def title_in(text: Text, language: str, known_by: datetime) -> Words:
    """The title in the reader's language where it was translated."""
    translated = words_in(text, language, known_by) if language != text.language else {}
    return rendered(text.title, text.language, translated.get("title"), language)


def title_for(text: Text, place: Place) -> Words:
    """The title where the reader stands.

    A page that names many texts has asked for their titles; else those of a network are asked for once a request.
    """
    if text.language == place.language:
        return Words(text.title, text.language, text.language)
    asked = place.memory.get(TITLES, {})
    if text.pk in asked:
        return rendered(text.title, text.language, asked[text.pk], place.language)
    known = place.memory.setdefault("texts.titles", {})
    if text.network_id not in known:
        rows = Translation.objects.filter(of="title", language=place.language, at__lte=place.known_by)
        told = rows.filter(text__network=text.network_id).order_by("at", "id")
        known[text.network_id] = {row.text_id: row for row in told}
    return rendered(text.title, text.language, known[text.network_id].get(text.pk), place.language)


TITLES = "texts.titles_asked"


def know_titles(texts: Iterable[Text], titles: Iterable[Translation], place: Place) -> None:
    """Keep the translated titles of texts that a page will name, the latest of each; a text without one has none."""
    known = place.memory.setdefault(TITLES, {})
    known |= {text.pk: None for text in texts} | {row.text_id: row for row in titles}


@dataclass(frozen=True)
class _Frame:
    """What all parts of one edition share."""

    version: TextVersion
    blocks: Sequence[Block]
    translated: dict[str, Translation]
    language: str
    known_by: datetime

    @property
    def text(self) -> Text:
        """The text."""
        return self.version.text

    def words(self, of: str, source: str, written_in: str) -> Words:
        """Some words in the reader's language where a translation of these very words exists."""
        return rendered(source, written_in, self.translated.get(of), self.language)


def rendered(source: str, written_in: str, translation: Translation | None, language: str) -> Words:
    """Words in a language where a translation of these very words exists; as they were written otherwise."""
    if translation is not None and still_of(translation, source):
        return Words(translation.words, language, written_in)
    return Words(source, written_in, written_in)


def _said(frame: _Frame, decision: Decision | None) -> list[DissentView]:
    labels = {block.uuid: block.label for block in frame.blocks}
    against = set()
    if decision is not None:
        against = set(Vote.objects.filter(decision=decision, against__gt=0).values_list("organisation_id", flat=True))
    views = []
    for row in _filed(frame):
        translation = frame.translated.get(f"dissent:{row.public_id}")
        words = frame.words(f"dissent:{row.public_id}", row.words, row.language)
        own_effect = translation.effect if translation is not None and words.translated else row.effect
        views.append(
            DissentView(
                row=row,
                kind=row.kind,
                organisation=row.organisation,
                words=words,
                effect=Words(own_effect, words.language, row.language) if own_effect else None,
                letter=row.letter,
                block=row.block_uuid if row.block_uuid in labels else "",
                clauses=(labels[row.block_uuid],) if labels.get(row.block_uuid) else (),
                version=row.version.number if row.version_id != frame.version.pk else 0,
                against=row.organisation_id in against,
            )
        )
    return views + _boards(frame, {view.block for view in views})


def _filed(frame: _Frame) -> Iterable[Dissent]:
    return Dissent.objects.filter(text=frame.text, at__lte=frame.known_by).select_related("organisation", "version")


def _boards(frame: _Frame, beside: set[str]) -> list[DissentView]:
    """What awaits a board stands beside the first clause it concerns that has no other words beside it."""
    asked = AdReferendum.objects.filter(adoption__text=frame.text, at__lte=frame.known_by)
    answers = {row.awaited_id: row for row in BoardAnswer.objects.filter(awaited__in=asked, at__lte=frame.known_by)}
    views = []
    rows = asked.select_related("organisation")
    for row in rows:
        named = [block for block in frame.blocks if block.uuid in row.clauses]
        free = [block.uuid for block in named if block.uuid not in beside] or [block.uuid for block in named]
        answer = answers.get(row.pk)
        views.append(
            DissentView(
                row=row,
                kind="ad-referendum",
                organisation=row.organisation,
                words=frame.words(f"board:{row.public_id}", row.words, row.language),
                effect=None,
                letter="",
                block=free[0] if free else "",
                clauses=tuple(block.label for block in named if block.label),
                answer=answer,
                answer_words=Words(answer.words, answer.language, answer.language)
                if answer is not None and answer.words
                else None,
            )
        )
        beside |= {free[0]} if free else set()
    return views


def _clause(block: Block, frame: _Frame, said: Sequence[DissentView], promises: Sequence[Note]) -> ClauseView:
    translation = frame.translated.get(f"block:{block.uuid}")
    words = frame.words(f"block:{block.uuid}", block.words, frame.text.language)
    citations = tuple(block.citations.all())
    marks = [mark for view in said if (mark := _dissent_mark(view, block)) is not None]
    marks += [_citation_mark(citation) for citation in citations]
    if words.translated and translation is not None:
        marks = [_translated_mark(mark, translation, words.text) for mark in marks]
    return ClauseView(
        block=block,
        words=words,
        segments=segments(words.text, marks),
        citations=citations,
        promises=tuple(note for note in promises if note.anchor == block.uuid),
        stale=translation is not None and not words.translated,
    )


def _dissent_mark(view: DissentView, block: Block) -> Mark | None:
    row = view.row
    if not isinstance(row, Dissent) or row.block_uuid != block.uuid or row.start is None or row.end is None:
        return None
    return Mark(row.start, row.end, f"letter:{row.letter}")


def _citation_mark(citation: Citation) -> Mark:
    name = f"source:{citation.number}" if citation.number else f"{citation.standing}:{citation.pk}"
    return Mark(citation.start, citation.end, name, spans=citation.standing == NO_DATA)


def _translated_mark(mark: Mark, translation: Translation, words: str) -> Mark:
    """Where a mark of the original stands in a translation: as the translator said, else at the end of the clause."""
    kind, _, name = mark.name.partition(":")
    key = NO_DATA if kind == NO_DATA else name
    place = translation.spans.get(key)
    if place is None:
        return Mark(len(words), len(words), mark.name, spans=False)
    return Mark(place[0], place[1], mark.name, spans=mark.spans)


def _rows(clauses: Sequence[ClauseView], said: Sequence[DissentView]) -> tuple[EditionRow, ...]:
    grouped: list[list[ClauseView]] = []
    for clause in clauses:
        preamble = clause.block.kind == ClauseKind.PREAMBLE
        if preamble and grouped and grouped[-1][-1].block.kind == ClauseKind.PREAMBLE:
            grouped[-1].append(clause)
        else:
            grouped.append([clause])
    beside = [_beside(group, said) for group in grouped]
    return tuple(
        EditionRow(
            label=group[0].block.label,
            kind=group[0].block.kind,
            clauses=tuple(group),
            notes=beside[place],
            span=_free_rows(beside, place),
        )
        for place, group in enumerate(grouped)
    )


def _beside(group: Sequence[ClauseView], said: Sequence[DissentView]) -> tuple[DissentView, ...]:
    here = {clause.block.uuid for clause in group}
    return tuple(note for note in said if note.block in here)


def _free_rows(beside: Sequence[tuple[DissentView, ...]], place: int) -> int:
    """How many rows from here on the notes may fill: this one and those after it that have none."""
    size = 1
    while beside[place] and place + size < len(beside) and not beside[place + size]:
        size += 1
    return size


def _amendments(text: Text, actor: ActorRef, known_by: datetime) -> tuple[tuple[Amendment, AmendmentState], ...]:
    rows = Amendment.objects.visible_to(actor, known_by).filter(text=text)
    related = rows.select_related("version", "originator", "decision", "merged_into", "network", "text__network")
    return tuple((as_worded(row, known_by), amendment_state_on(row, known_by)) for row in related)


def _readings(version: TextVersion, amendments: Sequence[tuple[Amendment, AmendmentState]]) -> Iterable[ReadingView]:
    """Earlier versions first to last under each clause, then the amendments that were not taken up."""
    versions = list(version.text.versions.filter(number__lte=version.number).prefetch_related("blocks__addressees"))
    known = {row.pk: row for row in versions}
    for amendment, _state in amendments:
        amendment.version = known.get(amendment.version_id, amendment.version)
    found: list[ReadingView] = []
    for earlier, later in pairwise(versions):
        merged = [(row, carried(row, earlier)) for row, _state in amendments if row.merged_into_id == later.pk]
        for reading in readings_between(earlier.clauses(), later.clauses()):
            found.append(ReadingView(reading, earlier, later, _maker_of(reading, merged), on=later.at.date()))
    for amendment, state in amendments:
        if state in {AmendmentState.NOT_ADOPTED, AmendmentState.NOT_PUT, AmendmentState.WITHDRAWN}:
            found += _untaken(amendment, state)
    order = {block.uuid: block.order for block in version.blocks.all()}
    return sorted(found, key=lambda view: order.get(view.reading.clause, len(order)))


def _maker_of(reading: Reading, merged: Sequence[tuple[Amendment, list[Rebased]]]) -> Amendment | None:
    """The amendment that made a change: the one whose operation stands where the words differ."""
    for amendment, fates in merged:
        for operation in (fate.operation for fate in fates if fate.operation is not None):
            touches = operation.start <= reading.end and reading.start <= operation.end
            if operation.new == reading.clause or (operation.clause == reading.clause and touches):
                return amendment
    return None


def _untaken(amendment: Amendment, state: AmendmentState) -> list[ReadingView]:
    days = {
        AmendmentState.NOT_ADOPTED: amendment.decision.closed_at if amendment.decision else None,
        AmendmentState.NOT_PUT: amendment.not_put_at,
        AmendmentState.WITHDRAWN: amendment.withdrawn_at,
    }
    at = days[state]
    outcome = result_of(amendment.decision) if amendment.decision else None
    readings = amendment_readings(amendment.version.clauses(), read_operations(amendment.operations))
    return [
        ReadingView(reading, amendment=amendment, state=state, outcome=outcome, on=at.date() if at else None)
        for reading in readings
    ]


def _changed(
    adoption: Adoption | None, said: Sequence[DissentView], promises: Sequence[Note], known_by: datetime
) -> tuple[date, ...]:
    if adoption is None:
        return ()
    instants = [view.row.at for view in said]
    instants += [view.answer.at for view in said if view.answer is not None]
    instants += [note.at for note in promises if note.mark != "not-due"]
    days = {at.date() for at in instants if adoption.at.date() < at.date() <= known_by.date()}
    return tuple(sorted(days))


def _organisations(
    standing: Sequence[StandingRow],
    said: Sequence[DissentView],
    text: Text,
    amendments: Sequence[tuple[Amendment, AmendmentState]],
) -> set[int]:
    found = {party.organisation.pk for row in standing for party in row.parties}
    found |= {view.organisation.pk for view in said} | {row.originator_id for row, _ in amendments}
    return found | {text.network_id, text.originator_id}


def _signatories(signatures: Iterable[Signed]) -> set[int]:
    return {signed.row.organisation_id for signed in signatures}


def _names(organisations: set[int], language: str) -> dict[int, str]:
    roles = ("official", "native", "alias")
    rows = Name.objects.filter(organisation__in=organisations, language=language, role__in=roles)
    names: dict[int, str] = {}
    for name in sorted(rows, key=lambda row: roles.index(row.role), reverse=True):
        names[name.organisation_id] = name.text
    return names
