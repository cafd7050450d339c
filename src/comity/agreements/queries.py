"""Which agreements and coalitions a reader sees, and which of a page's fifty come next."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from comity.agreements.models import Agreement, AgreementQuerySet, Coalition, CoalitionQuerySet
from comity.plain.place import Place
from comity.registry.pages import page

PAGE = 50
NEWEST = ("-recorded_at", "-pk")


def agreements(place: Place) -> AgreementQuerySet:
    """The agreements that stood on the page's day and that the reader may see, with what a line names."""
    rows = Agreement.objects.visible_to(place.actor, place.at).in_realm(place.realm)
    rows = rows.filter(recorded_at__lte=place.known_by)
    return rows.select_related("network", "originator", "counterpart", "renews").prefetch_related(
        "signatures__organisation", "translations__organisation"
    )


def coalitions(place: Place) -> CoalitionQuerySet:
    """The coalitions that stood on the page's day and that the reader may see."""
    rows = Coalition.objects.visible_to(place.actor, place.at).in_realm(place.realm)
    rows = rows.filter(recorded_at__lte=place.known_by).select_related("network", "originator")
    return rows.prefetch_related("handovers__giver", "handovers__taker")


DAYS = ("ahead", "passed", "open")
"""How a list is divided by the last day: still to come, passed, or none named."""


def with_last_day(rows: Any, asked: str, column: str, day: date) -> Any:
    """Of these rows, those whose last day is ahead of a day (or is that day), has passed, or was never named."""
    conditions = {
        "ahead": Q(**{f"{column}__gte": day}),
        "passed": Q(**{f"{column}__lt": day}),
        "open": Q(**{f"{column}__isnull": True}),
    }
    return rows.filter(conditions[asked]) if asked in conditions else rows


def by_last_day(rows: Any, column: str, day: date) -> dict[str, int]:
    """How many of these rows lie in each division; only what the reader may see is counted."""
    counted = {asked: with_last_day(rows, asked, column, day).order_by().count() for asked in DAYS}
    return {asked: n for asked, n in counted.items() if n}


def page_after(rows: Any, after: str) -> tuple[list[Any], str]:
    """Fifty rows, the newest first, beginning after the one of that id; and the id of the last where more follow."""
    return page(rows, NEWEST, after, PAGE)
