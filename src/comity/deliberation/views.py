"""The pages of opinions: a conversation and its map, its statements, its principles and the dissent on them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.deliberation import access, forms, queries, sheet
from comity.deliberation.edges import conversation_named, principle_named, voter_of
from comity.deliberation.kinds import CONVERSATION, PRINCIPLE
from comity.deliberation.models import Conversation, Principle, SourceRole
from comity.people.queries import seat_in
from comity.plain.place import Place, place_of
from comity.registry.edges import moved

PAGE = 50


@require_safe
def conversation_list(request: HttpRequest) -> HttpResponse:
    """Every conversation that this reader may see, newest first."""
    place = place_of(request)
    rows = CONVERSATION.standing(place)
    page = Paginator(rows.order_by("-opens", "title"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [sheet.in_list(row, place.known_by) for row in page], "question": place.question}
    return render(request, "deliberation/conversations.html", context)


@require_safe
def principle_list(request: HttpRequest) -> HttpResponse:
    """Every principle that this reader may see, newest first, each with the dissent filed on it."""
    place = place_of(request)
    rows = PRINCIPLE.standing(place)
    page = Paginator(rows.order_by("-drawn_at", "number"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [sheet.principle_shown(row, place) for row in page], "question": place.question}
    return render(request, "deliberation/principles.html", context)


@require_safe
def conversation_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """The opinion page: the map, what unites, what divides, how sure that is, and what was drawn from it."""
    place = place_of(request)
    conversation = conversation_named(place, public_id)
    elsewhere = moved(request, CONVERSATION.address(conversation, place.language))
    if elsewhere:
        return elsewhere
    run = queries.run_of(conversation, place.known_by)
    context = {
        "conversation": conversation,
        "chart": sheet.chart_shown(conversation, run, place) if run and run.result else None,
        "run": run,
        "figures": sheet.figures(conversation, run, place.known_by),
        "principles": sheet.principles_of(conversation, place),
        "closed": conversation.closed_by(place.known_by),
        "open_now": conversation.open_at(place.at),
        "may": _may(place, conversation),
        "form": forms.StatementForm(initial={"language": conversation.language}),
        "json_address": place.api(f"conversations/{conversation.public_id}?on={place.as_of}"),
    }
    return render(request, "deliberation/conversation.html", context)


def _may(place: Place, conversation: Conversation) -> dict[str, bool]:
    """Which acts the page offers; each act still asks its own permission."""
    seat = seat_in(place)
    if seat is None or not place.today:
        return {}
    by, at, own = place.actor, place.at, seat.organisation
    opened, over = conversation.open_at(at), at >= conversation.closes
    return {
        "propose": opened and bool(access.may_propose(by, at, conversation, own)),
        "vote": opened and bool(access.may_take_place(by, at, conversation, own)),
        "admit": opened and bool(access.may_admit(by, at, conversation)),
        "close": over and conversation.closed_at is None and bool(access.may_close(by, at, conversation)),
        "draw": conversation.closed_at is not None and bool(access.may_draw_principle(by, at, conversation)),
        "silence": opened and bool(access.may_silence(by, at, conversation)),
    }


@require_safe
def all_statements(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every statement in one table: each group's agreement, how many voted, and what moderation took out."""
    place = place_of(request)
    conversation = conversation_named(place, public_id)
    run = queries.run_of(conversation, place.known_by)
    stated = list(conversation.statements.filter(proposed_at__lte=place.known_by))
    counted = {row.statement.pk: row for row in queries.rows_of(run, stated)} if run else {}
    context = {
        "conversation": conversation,
        "rows": [sheet.statement_shown(one, counted.get(one.pk), place.known_by) for one in stated],
        "letters": sheet.letters_in(run),
        "may": _may(place, conversation),
        "run": run,
    }
    return render(request, "deliberation/statements.html", context)


@require_safe
def principle_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """A principle and its whole way: every viewpoint that fed it or was overruled, and the minority reports."""
    place = place_of(request)
    principle = principle_named(place, public_id)
    elsewhere = moved(request, PRINCIPLE.address(principle, place.language))
    if elsewhere:
        return elsewhere
    context = {
        "principle": principle,
        "shown": sheet.principle_shown(principle, place),
        "fed": sheet.viewpoints(principle, SourceRole.FED, place),
        "overruled": sheet.viewpoints(principle, SourceRole.OVERRULED, place),
        "letters": sheet.letters_in(queries.run_of(principle.conversation, place.known_by)),
        "arose_from": sheet.arose_from(principle.conversation, place),
        "may_report": _may_report(request, place, principle),
        "json_address": place.api(f"principles/{principle.public_id}?on={place.as_of}"),
    }
    return render(request, "deliberation/principle.html", context)


def _may_report(request: HttpRequest, place: Place, principle: Principle) -> bool:
    """Whether the page offers to file a report: to the facilitator, and to whoever bears the key of a placed voter."""
    if not place.today or not sheet.groups_without_report(principle):
        return False
    voter = voter_of(request, principle.conversation)
    group = principle.conversation.run.placements.get(voter.public_id, -1) if voter else -1
    return bool(access.may_file_report(place.actor, place.at, principle, group, voter if group >= 0 else None))
