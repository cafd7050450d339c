"""The pages of engagements: the list, and one engagement with who came and what was reported."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.engagements import access, sheet
from comity.engagements.edges import engagement_named
from comity.engagements.kinds import ENGAGEMENT
from comity.engagements.models import Engagement
from comity.people.queries import seat_of
from comity.plain.place import Place, place_of
from comity.registry.edges import moved

PAGE = 50


@require_safe
def engagement_list(request: HttpRequest) -> HttpResponse:
    """Every engagement that this reader may see, newest first."""
    place = place_of(request)
    rows = ENGAGEMENT.standing(place)
    page = Paginator(rows.order_by("-starts", "title"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [sheet.sheet_of(row, place) for row in page], "question": place.question}
    return render(request, "engagements/engagements.html", context)


@require_safe
def engagement_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """One engagement: rule and capacity first, then who came and what was reported."""
    place = place_of(request)
    engagement = engagement_named(place, public_id)
    elsewhere = moved(request, ENGAGEMENT.address(engagement, place.language))
    if elsewhere:
        return elsewhere
    context = {
        "engagement": engagement,
        "sheet": sheet.sheet_of(engagement, place),
        "may": _may(place, engagement),
        "json_address": place.api(f"engagements/{public_id}?on={place.as_of}"),
    }
    return render(request, "engagements/engagement.html", context)


def _may(place: Place, engagement: Engagement) -> dict[str, bool]:
    """Which acts the page offers; each act still asks its own permission."""
    seat = seat_of(place.actor, place.at)
    if seat is None or not place.today:
        return {}
    own = seat.organisation
    registered = engagement.participations.filter(organisation=own).exists()
    return {
        "register": not registered
        and place.at <= engagement.ends
        and bool(access.may_register(place.actor, place.at, engagement, own)),
        "report": engagement.reported_at is None
        and place.at >= engagement.ends
        and bool(access.may_report(place.actor, place.at, engagement)),
    }
