"""Opinions and principles as JSON: what the pages show, under the same visibility and with the same cells."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from comity.deliberation import queries
from comity.deliberation.core.cells import Cell
from comity.deliberation.edges import conversation_named, principle_named, principles_in
from comity.deliberation.kinds import CONVERSATION, PRINCIPLE
from comity.deliberation.models import Conversation, MapRun, Principle, SourceRole
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.registry.pages import answered

router = Router()


class CellOut(Schema):
    """A group's agreement as it may be shown: percent, and whether it is exact, at-least, at-most or too-few."""

    group: str
    percent: int
    bound: str


class StatementOut(Schema):
    """A statement; cells and votes once the map is drawn."""

    id: str
    number: int
    words: str
    language: str
    agree: list[CellOut]
    voted: int | None
    silenced: str
    """The reason of moderation, empty where it stands."""


class ThingOut(Schema):
    """What every answer carries."""

    fictional: bool
    id: str
    address: str


class ConversationOut(ThingOut):
    """A conversation in a list."""

    title: str
    question: str
    language: str
    opens: str
    closes: str
    closed: bool
    groups: int


class ReportOut(Schema):
    """A minority report."""

    id: str
    group: str
    words: str
    language: str
    statement: str
    filed: str


class PrincipleOut(ThingOut):
    """A principle with its trace: every viewpoint that fed it or was overruled, and the dissent filed on it."""

    number: int
    words: str
    language: str
    drawn: str
    conversation: str
    support: list[CellOut]
    fed: list[StatementOut]
    overruled: list[StatementOut]
    minority_reports: list[ReportOut]


class MapOut(ConversationOut):
    """A conversation whole: statements, principles, and the map as data (null before it is drawn)."""

    map: dict[str, Any] | None
    statements: list[StatementOut]
    principles: list[PrincipleOut]


@router.get("/conversations", response=list[ConversationOut], summary="Conversations")
def conversations(
    request: HttpRequest, response: HttpResponse, on: date | None = None, after: str = ""
) -> list[dict[str, Any]]:
    """The conversations that the reader may see, newest first, two hundred at a time, from behind ``after`` on."""
    place = place_of(request)
    rows = answered(request, response, CONVERSATION.standing(place), ("-opens", "-pk"))
    return [_conversation(row, place) for row in rows]


@router.get("/conversations/{public_id}", response=MapOut, summary="A conversation and its map")
def conversation(request: HttpRequest, public_id: str, on: date | None = None) -> dict[str, Any]:
    """Groups, people's places, what unites and divides, stability, statements and principles."""
    place = place_of(request)
    found = conversation_named(place, public_id)
    run = queries.run_of(found, place.known_by)
    return {
        **_conversation(found, place),
        "map": _map(run) if run else None,
        "statements": _statements(found, run, place),
        "principles": [_principle(row, place) for row in principles_in(found, place)],
    }


@router.get("/principles", response=list[PrincipleOut], summary="Principles")
def principles(
    request: HttpRequest, response: HttpResponse, on: date | None = None, after: str = ""
) -> list[dict[str, Any]]:
    """The principles that the reader may see, each with its dissent.

    Two hundred at a time, from behind ``after`` on.
    """
    place = place_of(request)
    rows = answered(request, response, PRINCIPLE.standing(place), ("-drawn_at", "number", "pk"))
    return [_principle(row, place) for row in rows]


@router.get("/principles/{public_id}", response=PrincipleOut, summary="A principle and its trace")
def principle(request: HttpRequest, public_id: str, on: date | None = None) -> dict[str, Any]:
    """The way backwards from a principle to every viewpoint, those overruled too."""
    place = place_of(request)
    return _principle(principle_named(place, public_id), place)


def _thing(address: str, public_id: str, place: Place) -> dict[str, Any]:
    return {"fictional": place.realm is Realm.FICTION, "id": public_id, "address": address}


def _conversation(row: Conversation, place: Place) -> dict[str, Any]:
    run = queries.run_of(row, place.known_by)
    return {
        **_thing(CONVERSATION.address(row, place.language), row.public_id, place),
        "title": row.title,
        "question": row.question,
        "language": row.language,
        "opens": row.opens.isoformat(),
        "closes": row.closes.isoformat(),
        "closed": row.closed_by(place.known_by),
        "groups": len((run.result or {}).get("groups", ())) if run else 0,
    }


def _map(run: MapRun) -> dict[str, Any] | None:
    """The map as data: everything but the raw counts, which stand in the statements' cells as they may be shown."""
    if run.result is None:
        return None
    told = {name: value for name, value in run.result.items() if name not in {"statements", "rows_may_be_published"}}
    return told | {"votes_digest": run.votes_digest, "sha256": run.result_sha256, "seed": run.seed}


def _cells(cells: tuple[Cell, ...]) -> list[dict[str, Any]]:
    return [
        {"group": queries.GROUP_LETTERS[group], "percent": cell.percent, "bound": cell.bound.value}
        for group, cell in enumerate(cells)
    ]


def _statements(conversation: Conversation, run: MapRun | None, place: Place) -> list[dict[str, Any]]:
    stated = list(conversation.statements.filter(proposed_at__lte=place.known_by))
    counted = {row.statement.pk: row for row in queries.rows_of(run, stated)} if run else {}
    return [
        {
            "id": one.public_id,
            "number": one.number,
            "words": one.words,
            "language": one.language,
            "agree": _cells(counted[one.pk].cells) if one.pk in counted else [],
            "voted": counted[one.pk].voted if one.pk in counted else None,
            "silenced": one.silence_reason if one.silenced_at and one.silenced_at <= place.known_by else "",
        }
        for one in stated
    ]


def _principle(row: Principle, place: Place) -> dict[str, Any]:
    run = queries.run_of(row.conversation, place.known_by)
    stated = {one["id"]: one for one in _statements(row.conversation, run, place)}
    roles = cast(
        "list[tuple[str, str]]",
        list(row.sources.order_by("statement__number").values_list("role", "statement__public_id")),
    )
    filed = row.minority_reports.filter(filed_at__lte=place.known_by).order_by("group").select_related("statement")
    return {
        **_thing(PRINCIPLE.address(row, place.language), row.public_id, place),
        "number": row.number,
        "words": row.words,
        "language": row.language,
        "drawn": row.drawn_at.isoformat(),
        "conversation": row.conversation.public_id,
        "support": _cells(queries.support_of(run, row)) if run else [],
        "fed": [stated[one] for role, one in roles if role == SourceRole.FED and one in stated],
        "overruled": [stated[one] for role, one in roles if role == SourceRole.OVERRULED and one in stated],
        "minority_reports": [
            {
                "id": report.public_id,
                "group": queries.GROUP_LETTERS[report.group],
                "words": report.words,
                "language": report.language,
                "statement": report.statement.public_id if report.statement else "",
                "filed": report.filed_at.isoformat(),
            }
            for report in filed
        ],
    }
