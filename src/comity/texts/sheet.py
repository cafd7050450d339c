"""An edition as the page shows it: each clause in pieces with its marks, each row of the table in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from comity.plain.duties import Duty
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.stances import Stance
from comity.plain.things import thing
from comity.record.queries import entry_of
from comity.registry.dates import day_in_words
from comity.registry.edges import here
from comity.registry.models import Organisation
from comity.rules.words import listed
from comity.texts import words
from comity.texts.core.clauses import ClauseKind
from comity.texts.core.marks import Segment
from comity.texts.kinds import MARKS
from comity.texts.models import AdReferendum, Citation, DissentKind
from comity.texts.queries import (
    ClauseView,
    DissentView,
    Edition,
    EditionRow,
    ReadingView,
    Signed,
    StandingKey,
    StandingRow,
)
from comity.texts.queries.edition import BOUND, INTERNAL, NO_DATA, Words

DUTY_ORDER = (Duty.KEPT, Duty.LATE, Duty.NIL, Duty.MISSED, Duty.SILENT, Duty.NOT_DUE)
EMPHASISED = {"ar": 2}
"""Words of a recital that name its kind, where it is not one: "noting", but "wa-idh tudrik"."""


@dataclass(frozen=True)
class Link:
    """A thing of this house that a clause leans on."""

    title: str
    address: str


@dataclass(frozen=True)
class Piece:
    """Some words of a clause with the marks on and after them."""

    space: str
    words: str
    touched: bool = False
    no_data: bool = False
    letters: tuple[tuple[str, str], ...] = ()
    """Letter and anchor of each dissent whose phrase ends here."""
    sources: tuple[Citation, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class ShownClause:
    """A clause in pieces."""

    view: ClauseView
    head: str
    """The word that names the kind of recital, set in italics; empty elsewhere."""
    pieces: tuple[Piece, ...]
    marks: tuple[str, ...]
    """States of its promises, in the order drawn."""
    due: str
    states: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class ShownNote:
    """What a party said, in the margin."""

    view: DissentView
    mark: str
    kind: str
    party: str
    party_language: str
    vote: str
    effect: str
    effect_words: Words | None
    filed: str
    entry: int | None
    """The number of its entry in the record."""
    answer: str
    original: str
    """The language it was written in, where these are words of a translation."""


@dataclass(frozen=True)
class ShownRow:
    """A row of the page."""

    row: EditionRow
    kind: str
    clauses: tuple[ShownClause, ...]
    notes: tuple[ShownNote, ...]


@dataclass(frozen=True)
class ShownParty:
    """A party in the table of who stands behind the text."""

    name: str
    language: str
    organisation: Organisation
    told: str
    anchors: tuple[str, ...]


@dataclass(frozen=True)
class ShownStanding:
    """A row of that table."""

    key: str
    mark: str
    head: str
    told: str
    parties: tuple[ShownParty, ...]
    together: bool
    """One line for all parties, or one line for each."""


@dataclass(frozen=True)
class ShownSignature:
    """A party's signature, as the page shows it."""

    signed: Signed
    name: str
    language: str
    told: str
    reason: str
    """Why it was withdrawn, in the party's own words."""
    reason_language: str
    address: str
    """Of the signature file."""
    paper: str
    """Of the words that were signed."""


@dataclass(frozen=True)
class ShownReading:
    """An entry of the apparatus."""

    view: ReadingView
    origin: str
    address: str


@dataclass(frozen=True)
class ShownText:
    """Everything the page of a text shows."""

    edition: Edition
    rows: tuple[ShownRow, ...]
    general: tuple[ShownNote, ...]
    standing: tuple[ShownStanding, ...]
    readings: tuple[ShownReading, ...]
    sources: tuple[tuple[Citation, str], ...]
    result: str
    changed: str
    to_come: str
    authentic: str
    not_spoken: str
    sitting: Link | None
    signatures: tuple[ShownSignature, ...]
    states: tuple[tuple[str, bool], ...] = field(default=())


def shown(edition: Edition, place: Place) -> ShownText:
    """The edition for one reader's page."""
    return ShownText(
        edition=edition,
        rows=tuple(_row(row, edition, place) for row in edition.rows),
        general=tuple(_note(note, edition) for note in edition.general),
        standing=tuple(_standing(row, edition) for row in edition.standing),
        readings=tuple(_reading(view, edition, place) for view in edition.readings),
        sources=tuple((citation, str(words.SOURCES[citation.standing])) for citation in edition.citations),
        result=words.result(edition.outcome),
        changed=words.changed_since(edition),
        to_come=words.to_come(edition),
        authentic=_authentic(edition),
        not_spoken=_not_spoken(edition),
        sitting=_sitting(edition, place),
        signatures=tuple(_signature(signed, edition, place) for signed in edition.signatures),
        states=tuple(words.promise_states(edition.promises)) if edition.promises else (),
    )


def _row(row: EditionRow, edition: Edition, place: Place) -> ShownRow:
    return ShownRow(
        row=row,
        kind="" if row.kind == ClauseKind.PREAMBLE else str(words.CLAUSE_KINDS[ClauseKind(row.kind)]),
        clauses=tuple(_clause(clause, edition, place) for clause in row.clauses),
        notes=tuple(_note(note, edition) for note in row.notes),
    )


def _clause(clause: ClauseView, edition: Edition, place: Place) -> ShownClause:
    anchors = {note.letter: note.anchor for note in edition.dissent if note.letter}
    pieces = tuple(_piece(segment, clause, anchors, place) for segment in clause.segments)
    head, pieces = _with_head(clause, pieces)
    marks = sorted((note.mark for note in clause.promises), key=lambda mark: DUTY_ORDER.index(Duty(mark)))
    return ShownClause(
        view=clause,
        head=head,
        pieces=pieces,
        marks=tuple(marks),
        due=words.promises_due(clause.promises, clause.block.due) if marks else "",
        states=tuple(words.promise_states(clause.promises)) if marks else (),
    )


def bound(text: str) -> str:
    """The words with short numbers held to what they count."""
    return BOUND.sub("\\1\u00a0", text)


def _piece(segment: Segment, clause: ClauseView, anchors: Mapping[str, str], place: Place) -> Piece:
    by_number = {citation.number: citation for citation in clause.citations if citation.number}
    by_key = {citation.pk: citation for citation in clause.citations}
    letters, sources, links = [], [], []
    for name in segment.after:
        kind, _colon, key = name.partition(":")
        if kind == "letter":
            letters.append((key, anchors.get(key, "")))
        elif kind == "source":
            sources.append(by_number[int(key)])
        elif kind == INTERNAL:
            link = link_to(by_key[int(key)].thing, place)
            links += [link] if link else []
    over = {name.partition(":")[0] for name in segment.over}
    return Piece(
        space=segment.space,
        words=bound(segment.words),
        touched="letter" in over,
        no_data=NO_DATA in over,
        letters=tuple(letters),
        sources=tuple(sources),
        links=tuple(links),
    )


def _with_head(clause: ClauseView, pieces: tuple[Piece, ...]) -> tuple[str, tuple[Piece, ...]]:
    """The recital's first word apart, so that it can be set in italics."""
    if not clause.recital or not pieces:
        return "", pieces
    parts = pieces[0].words.split(" ")
    count = EMPHASISED.get(clause.words.language, 1)
    if len(parts) <= count:
        return "", pieces
    first = pieces[0]
    rest = Piece(" ", " ".join(parts[count:]), first.touched, first.no_data, first.letters, first.sources, first.links)
    return " ".join(parts[:count]), (rest, *pieces[1:])


def link_to(stored: str, place: Place) -> Link | None:
    """A thing of this house as a link, if this reader may see it."""
    if not stored:
        return None
    found = thing(Ref.parse(stored), place)
    if found is None:
        return None
    principle = found.kind.name == "principle"
    title = _("principle %(number)s") % {"number": found.row.number} if principle else found.title
    return Link(title, found.address)


def _note(view: DissentView, edition: Edition) -> ShownNote:
    row = view.row
    board = isinstance(row, AdReferendum)
    return ShownNote(
        view=view,
        mark=_mark(view),
        kind=_("Ad referendum") if board else str(DissentKind(view.kind).label),
        party=edition.name(view.organisation),
        party_language=edition.name_language(view.organisation),
        vote=_("voted against") if view.against else "",
        effect=_effect(view),
        effect_words=view.effect,
        filed=_filed(view),
        entry=_entry(view, edition),
        answer=_answer(view),
        original=words.language(view.words.original) if view.words.translated else "",
    )


def _entry(view: DissentView, edition: Edition) -> int | None:
    entry = entry_of(Ref(view.record_kind, view.row.public_id), known_by=edition.known_by)
    return entry.index if entry else None


def _mark(view: DissentView) -> str:
    if view.awaited is not None:
        if view.answer is None:
            return Stance.AD_REFERENDUM
        return Stance.AGREED if view.answer.agrees else Stance.AGAINST
    return Stance.AGAINST if view.against else MARKS[DissentKind(view.kind)]


def _effect(view: DissentView) -> str:
    if view.awaited is not None:
        answered = view.answer.at.date() if view.answer else None
        return words.effect_of_board(view.clauses, view.answer.agrees if view.answer else None, answered)
    if view.effect is None and view.kind == DissentKind.RESERVATION:
        return words.default_effect(view.clauses)
    return ""


def _answer(view: DissentView) -> str:
    if view.answer is None:
        return ""
    told = {"day": day_in_words(view.answer.at.date())}
    return (_("Its board agreed on %(day)s.") if view.answer.agrees else _("Its board did not agree, %(day)s.")) % told


def _filed(view: DissentView) -> str:
    told = {"day": day_in_words(view.row.at.date())}
    if view.awaited is not None and view.answer is None and view.awaited.board_meets:
        return _("Board meets %(day)s.") % {"day": day_in_words(view.awaited.board_meets)}
    if view.version:
        return _("Filed %(day)s by the party itself, on version %(version)s.") % (told | {"version": view.version})
    return _("Filed %(day)s by the party itself.") % told


def _standing(row: StandingRow, edition: Edition) -> ShownStanding:
    together = row.key is StandingKey.AGREED
    anchors: dict[int, list[str]] = {}
    for note in edition.dissent:
        anchors.setdefault(note.organisation.pk, []).append(note.anchor)
    return ShownStanding(
        key=row.key,
        mark=row.stance,
        head=words.stance(row),
        told=words.together(row) if together else "",
        parties=tuple(
            ShownParty(
                name=edition.name(party.organisation),
                language=edition.name_language(party.organisation),
                organisation=party.organisation,
                told="" if together and party.answer is None else words.standing(party),
                anchors=tuple(anchors.get(party.organisation.pk, ())),
            )
            for party in row.parties
        ),
        together=together,
    )


def _signature(signed: Signed, edition: Edition, place: Place) -> ShownSignature:
    row, withdrawal = signed.row, signed.withdrawal
    return ShownSignature(
        signed,
        edition.name(row.organisation),
        edition.name_language(row.organisation),
        words.signature(signed),
        withdrawal.reason if withdrawal else "",
        withdrawal.language if withdrawal else "",
        here(place, "text-signature", public_id=row.public_id),
        here(place, "text-signed-paper", public_id=row.public_id),
    )


def _reading(view: ReadingView, edition: Edition, place: Place) -> ShownReading:
    return ShownReading(view, words.origin(view, edition), _address_of_reading(view, edition, place))


def _address_of_reading(view: ReadingView, edition: Edition, place: Place) -> str:
    if view.version is None and view.amendment is not None:
        return here(place, "amendment", public_id=view.amendment.public_id)
    assert view.version is not None
    assert view.next is not None
    path = here(place, "text-compare", public_id=edition.text.public_id)
    return f"{path}?earlier={view.version.number}&later={view.next.number}#clause-{view.reading.clause}"


def _authentic(edition: Edition) -> str:
    if len(edition.text.authentic) < 2:
        return ""
    return _("Authentic in %(languages)s.") % {"languages": listed([words.language(c) for c in edition.text.authentic])}


def _not_spoken(edition: Edition) -> str:
    """What to say where the words do not stand in the reader's language, or stand there only as a translation."""
    spoken = {clause.words.language for clause in edition.clauses}
    told = {"language": words.language(edition.language), "original": words.language(edition.text.language)}
    if edition.language == edition.text.language:
        return ""
    if spoken == {edition.text.language}:
        return _("Nobody has put this text into %(language)s; it stands here in %(original)s.") % told
    if edition.text.language in spoken:
        return _("Clauses whose translation is missing or of an earlier version stand in %(original)s.") % told
    if edition.language in edition.text.authentic:
        return ""
    return _("This is a translation from %(original)s, which is what was voted on.") % told


def _sitting(edition: Edition, place: Place) -> Link | None:
    sitting = edition.decision.sitting if edition.decision else None
    return link_to(str(sitting), place) if sitting else None
