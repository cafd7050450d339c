"""Texts as JSON. No answer about a text leaves out who stands behind it and what parties said of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.registry.pages import answered
from comity.texts.exports import as_json, summary
from comity.texts.kinds import TEXT
from comity.texts.models import Text
from comity.texts.queries import edition_of

router = Router()


class Named(Schema):
    """An organisation by id and name."""

    id: str
    name: str


class StandingParty(Named):
    """Where one party stands: its votes, the clauses it reserves, its board."""

    votes: int
    reserved_on: list[str]
    board_meets: str | None
    board_agreed: bool | None


class Standing(Schema):
    """One row of who stands behind a text."""

    stance: str
    clauses: list[str]
    parties: list[StandingParty]


class SignatureOut(Schema):
    """A party's signature under a text; a withdrawn one stays, with its day and reason."""

    party: Named
    state: str
    binds: bool
    at: str
    version: int
    paper_sha256: str
    signature_sha256: str
    key: str
    ad_referendum: bool
    board_agreed: bool | None
    withdrawn: str | None
    reason: str


class TextSummary(Schema):
    """A text in a list."""

    fictional: bool
    id: str
    address: str
    title: str
    title_language: str
    kind: str
    network: Named
    state: str
    version: int
    sha256: str
    standing: list[Standing]
    signatures: list[SignatureOut]


class ClauseOut(Schema):
    """A clause, the ids of the dissent on it, and its promises by state."""

    id: str
    label: str
    kind: str
    words: str
    language: str
    due: str | None
    addressees: list[str]
    dissent: list[str]
    promises: dict[str, int]


class BoardAnswerOut(Schema):
    """What a board decided."""

    agrees: bool
    words: str
    at: str


class DissentOut(Schema):
    """A party's own words, whole, in the language it filed them in."""

    id: str
    kind: str
    party: Named
    clauses: list[str]
    beside: str | None
    span: list[int] | None
    letter: str
    words: str
    language: str
    effect: str
    filed: str
    article: str
    board_meets: str | None
    board_answer: BoardAnswerOut | None


class TextOut(TextSummary):
    """A whole text with everything that travels with it."""

    language: str
    authentic: list[str]
    originator: Named
    known_by: str
    adoption: dict[str, Any] | None
    clauses: list[ClauseOut]
    dissent: list[DissentOut]
    sources: list[dict[str, Any]]
    readings: list[dict[str, Any]]
    versions: list[dict[str, Any]]
    amendments: list[dict[str, Any]]
    hashed: dict[str, Any]


@router.get("/texts", response=list[TextSummary], summary="Joint texts, with who stands behind each")
def texts(request: HttpRequest, response: HttpResponse, on: str = "", after: str = "") -> list[dict[str, Any]]:
    """Texts that the reader may see, newest first, as known on the day ``on`` (YYYY-MM-DD).

    Two hundred at a time, from behind ``after`` on.
    """
    place = place_of(request)
    rows = answered(request, response, TEXT.standing(place), ("-recorded_at", "-pk"))
    found = (_edition(text, place) for text in rows)
    return [summary(edition, place.language) for edition in found if edition is not None]


@router.get("/texts/{public_id}", response=TextOut, summary="A text with its dissent, standing, versions and readings")
def text(request: HttpRequest, public_id: str, on: str = "") -> dict[str, Any]:
    """One text, as known on ``on`` (YYYY-MM-DD). ``hashed`` is what ``sha256`` is taken of, as canonical JSON."""
    place = place_of(request)
    edition = _edition(TEXT.one_of(TEXT.seen(place), public_id), place)
    if edition is None:
        raise NotVisible(kind="text")
    return as_json(edition, place.language)


def _edition(row: Text, place: Place) -> Any:
    return edition_of(row, language=row.language, actor=place.actor, known_by=place.known_by)
