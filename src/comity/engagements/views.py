"""The pages of engagements: the list, and one engagement with who came and what was reported."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.engagements import access, queries, sheet, withheld, words, yearly
from comity.engagements.edges import engagement_named
from comity.engagements.kinds import ENGAGEMENT
from comity.engagements.models import Engagement
from comity.people.queries import seat_in
from comity.plain.place import Place, place_of
from comity.registry.edges import moved
from comity.registry.topics.edges import asked_topic, offered


@require_safe
def engagement_list(request: HttpRequest) -> HttpResponse:
    """Every engagement that this reader may see, newest first, fifty a page, by kind, year and network."""
    place = place_of(request)
    asked = queries.Asked(**{name: request.GET.get(name, "")[:20] for name in ("kind", "year", "network", "after")})
    asked = replace(asked, topic=asked_topic(request))
    rows, after = queries.page_of(place, asked)
    facets = queries.facets(place, asked.topic)
    kept = {name: value for name in ("kind", "year", "network", "topic") if (value := getattr(asked, name))}
    kept |= {} if place.today else {"on": str(place.as_of)}
    context = {
        "rows": [sheet.sheet_of(row, place) for row in rows],
        "question": place.question,
        "asked": asked,
        "count": facets.count(asked),
        "kinds": facets.kinds(asked),
        "years": facets.years(asked),
        "networks": facets.networks(asked),
        "topics": offered(),
        "first_address": f"?{urlencode(kept)}" if asked.after else "",
        "next_address": f"?{urlencode(kept | {'after': after})}" if after else "",
        "closed": [] if asked.after else withheld.closed_meetings(place),
        "withheld": [words.withheld_in(year, number) for year, number in withheld.protected_by_year(place).items()],
    }
    return render(request, "engagements/engagements.html", context)


@require_safe
def withheld_page(request: HttpRequest) -> HttpResponse:
    """How many meetings are not read by everybody, and how many are withheld, by year and network."""
    place = place_of(request)
    rows = withheld.withheld_by_year(place)
    years = [words.year_told(year, told) for year, told in withheld.told_by_year(rows).items()]
    context = {
        "rows": rows,
        "findings": years,
        "counted": yearly.years(place.realm, place.known_by, place.as_of, at=place.at),
        "opens": bool(access.may_open_seals(place.actor, place.at)) if seat_in(place) else False,
        "json_address": place.api(f"withheld?on={place.as_of}"),
    }
    return render(request, "engagements/withheld.html", context)


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
    seat = seat_in(place)
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
