"""Engagements as JSON, under the same visibility as their pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from comity.engagements import sheet
from comity.engagements.edges import engagement_named
from comity.engagements.kinds import ENGAGEMENT
from comity.engagements.models import Engagement
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of

router = Router()
MOST = 200


class DelegationOut(Schema):
    """An organisation that takes part."""

    organisation: str
    name: str
    size: int
    accepted_rule: str


class EngagementOut(Schema):
    """An engagement; ``report`` is null where none stands or the house rule closed it."""

    fictional: bool
    id: str
    address: str
    network: str
    kind: str
    title: str
    language: str
    capacity: str
    on_behalf_of: str
    disclaimer: str
    house_rule: str
    place: str
    country: str
    zone: str
    starts: str
    ends: str
    delegations: list[DelegationOut]
    report: str | None
    report_language: str
    report_duty: str
    report_due: str


@router.get("/engagements", response=list[EngagementOut], summary="Engagements")
def engagements(request: HttpRequest, on: date | None = None) -> list[dict[str, Any]]:
    """The engagements that the reader may see, newest first."""
    place = place_of(request)
    rows = ENGAGEMENT.standing(place)
    return [_told(row, place) for row in rows.order_by("-starts")[:MOST]]


@router.get("/engagements/{public_id}", response=EngagementOut, summary="An engagement")
def engagement(request: HttpRequest, public_id: str, on: date | None = None) -> dict[str, Any]:
    """Capacity, house rule, delegations and report."""
    place = place_of(request)
    return _told(engagement_named(place, public_id), place)


def _told(row: Engagement, place: Place) -> dict[str, Any]:
    shown = sheet.sheet_of(row, place)
    return {
        "fictional": place.realm is Realm.FICTION,
        "id": row.public_id,
        "address": ENGAGEMENT.address(row, place.language),
        "network": row.network.public_id,
        "kind": row.kind,
        "title": row.title,
        "language": row.language,
        "capacity": row.capacity,
        "on_behalf_of": row.on_behalf_of,
        "disclaimer": shown.disclaimer,
        "house_rule": row.house_rule,
        "place": row.place,
        "country": row.country,
        "zone": row.zone,
        "starts": row.starts.isoformat(),
        "ends": row.ends.isoformat(),
        "delegations": [
            {
                "organisation": one.organisation.public_id,
                "name": one.organisation.name,
                "size": one.heads_count,
                "accepted_rule": one.accepted_rule,
            }
            for one in shown.delegations
        ],
        "report": shown.report.report if shown.report else None,
        "report_language": shown.report.report_language if shown.report else "",
        "report_duty": shown.duty.value,
        "report_due": shown.due.isoformat(),
    }
