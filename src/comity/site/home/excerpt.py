"""One clause that stands for its text, with the phrase that is touched and the dissent beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from comity.commitments.models import Commitment
from comity.commitments.queries import Promise, promises
from comity.plain.place import Place
from comity.plain.stances import Stance
from comity.site.home.promises import counts_in_words, squares
from comity.texts.core.marks import Segment
from comity.texts.models import Adoption, AdReferendum, Dissent, DissentKind
from comity.texts.queries.edition import ClauseView, DissentView, Edition, Words, edition_of

QUOTED = 320
"""Signs of a dissent that an excerpt may quote; it links to the whole."""
LETTER = "letter:"


@dataclass(frozen=True)
class Piece:
    """Words of the clause; ``touched`` by a dissent, whose ``letter`` stands after them."""

    space: str
    words: str
    touched: bool
    letter: str


@dataclass(frozen=True)
class Said:
    """What one party says beside the clause."""

    view: DissentView
    party: str
    party_language: str
    stance: Stance
    quoted: Words
    shortened: bool


@dataclass(frozen=True)
class Excerpt:
    """One clause as it is read, in the reader's language where it was translated."""

    label: str
    language: str
    pieces: tuple[Piece, ...]
    said: Said | None
    promises: tuple[Promise, ...]
    squares: str
    told: str

    @property
    def words(self) -> str:
        """The clause's words."""
        return "".join(f"{piece.space}{piece.words}" for piece in self.pieces)


def shown_excerpt(adoption: Adoption, place: Place) -> Excerpt | None:
    """The clause that stands for an adopted text, as this reader may see it on the page's day."""
    known_by = place.known_by
    rows = Commitment.objects.visible_to(place.actor, place.at).filter(adoption=adoption)
    edition = edition_of(adoption.text, language=place.language, actor=place.actor, known_by=known_by)
    return excerpt_of(edition, promises(rows, place.as_of, known_by)) if edition else None


def excerpt_of(edition: Edition, kept: Sequence[Promise]) -> Excerpt | None:
    """The first clause that a party reserved, else the first with any dissent, else the first with promises."""
    clauses = {clause.block.uuid: clause for clause in edition.clauses}
    beside = [note for note in edition.dissent if note.block in clauses]
    note = next((note for note in beside if note.kind == DissentKind.RESERVATION), beside[0] if beside else None)
    promised = (promise.commitment.block.uuid for promise in kept)
    chosen = note.block if note else next((uuid for uuid in promised if uuid in clauses), None)
    if chosen is None:
        return None
    clause = clauses[chosen]
    own = [promise for promise in kept if promise.commitment.block.uuid == chosen]
    return Excerpt(
        label=clause.block.label,
        language=clause.words.language,
        pieces=_pieces(clause),
        said=_said(note, edition) if note else None,
        promises=tuple(own),
        squares=squares(own),
        told=counts_in_words(own) if own else "",
    )


def _pieces(clause: ClauseView) -> tuple[Piece, ...]:
    return tuple(_piece(segment) for segment in clause.segments)


def _piece(segment: Segment) -> Piece:
    touched = any(name.startswith(LETTER) for name in segment.over)
    letters = [name.removeprefix(LETTER) for name in segment.after if name.startswith(LETTER)]
    bound = Words(segment.words, "", "").bound
    return Piece(segment.space, bound, touched, letters[0] if letters else "")


def _said(note: DissentView, edition: Edition) -> Said:
    words = note.words.bound
    quoted = _quoted(words)
    return Said(
        view=note,
        party=edition.name(note.organisation),
        party_language=edition.name_language(note.organisation),
        stance=_stance(note),
        quoted=Words(quoted, note.words.language, note.words.original),
        shortened=quoted != words,
    )


def _stance(note: DissentView) -> Stance:
    if isinstance(note.row, AdReferendum):
        return Stance.AD_REFERENDUM
    assert isinstance(note.row, Dissent)
    return Stance.AGAINST if note.against else Stance.RESERVED


def _quoted(words: str) -> str:
    """Whole sentences from the start, as many as fit; the first words alone where no sentence ends in time."""
    if len(words) <= QUOTED:
        return words
    end = max(words.rfind(sign, 0, QUOTED) for sign in (". ", "! ", "? ", "؟ "))
    return words[: end + 1] if end > 0 else f"{words[:QUOTED].rsplit(' ', 1)[0]} …"
