"""Engagements as JSON, under the same visibility as their pages."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from comity.engagements import sheet, withheld, yearly
from comity.engagements.edges import engagement_named
from comity.engagements.kinds import ENGAGEMENT
from comity.engagements.models import Engagement
from comity.engagements.yearly import Published
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.record.seals import seal_of
from comity.record.sheet import file_address
from comity.registry.pages import answered

router = Router()


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


class WithheldOut(Schema):
    """One network's meetings of one year, counted: all, those not read by everybody, those withheld."""

    fictional: bool
    network: str
    network_name: str
    year: int
    meetings: int
    restricted: int
    existence_protected: int


class CountOut(Schema):
    """What was counted of one network; ``network`` is empty for those of which not everybody may know."""

    network: str
    meetings: int
    restricted: int
    existence_protected: int


class SignedCountOut(Schema):
    """The count of a year as its entry in the record says it, and where that stands.

    It was made from the first ``size`` entries of the log, whose root is ``root``. ``counts`` is null where not
    everybody may read any more what names one of the networks; ``report`` leads to the same as CSV, whose SHA-256 the
    entry seals. ``published``: the entry stands under the signed checkpoint; from then on ``proof`` and ``evidence``
    are there.
    """

    index: int | None
    address: str
    proof: str
    evidence: str
    published: bool
    size: int
    root: str
    meetings: int
    restricted: int
    existence_protected: int
    counts: list[CountOut] | None
    report: str
    report_sha256: str


class YearOut(Schema):
    """A year that is over: ``state`` of the duty to count it by the day ``due``, and the count that stands.

    ``count`` is null until it is published; ``corrected``: it replaces an earlier one, whose entry stays.
    """

    fictional: bool
    year: int
    state: str
    due: str
    corrected: bool
    count: SignedCountOut | None


class ClosedOut(Schema):
    """A meeting that the reader may not read; ``participants_to`` is null where the band is open above."""

    fictional: bool
    network: str
    first_day: str
    last_day: str
    house_rule: str
    participants_from: int
    participants_to: int | None


@router.get("/engagements", response=list[EngagementOut], summary="Engagements")
def engagements(
    request: HttpRequest, response: HttpResponse, on: date | None = None, after: str = ""
) -> list[dict[str, Any]]:
    """The engagements that the reader may see, newest first, two hundred at a time, from behind ``after`` on."""
    place = place_of(request)
    rows = answered(request, response, ENGAGEMENT.standing(place), ("-starts", "-pk"))
    return [_told(row, place) for row in rows]


@router.get("/withheld", response=list[WithheldOut], summary="Meetings withheld, by year and network")
def withheld_by_year(request: HttpRequest, on: date | None = None) -> list[dict[str, Any]]:
    """How many meetings are not read by everybody, and of how many the existence is protected."""
    place = place_of(request)
    return [
        {
            "fictional": place.realm is Realm.FICTION,
            "network": one.network.public_id,
            "network_name": one.network.name,
            "year": one.year,
            "meetings": one.meetings,
            "restricted": one.restricted,
            "existence_protected": one.existence_protected,
        }
        for one in withheld.withheld_by_year(place)
    ]


@router.get("/withheld/years", response=list[YearOut], summary="Years that are over, counted and sealed")
def counted_by_year(request: HttpRequest, on: date | None = None) -> list[dict[str, Any]]:
    """The signed yearly counts of meetings not read by everybody and protected ones, newest year first."""
    place = place_of(request)
    return [
        {
            "fictional": place.realm is Realm.FICTION,
            "year": one.year,
            "state": one.duty.value,
            "due": one.due.isoformat(),
            "corrected": one.corrected,
            "count": _signed(one.published, place) if one.published else None,
        }
        for one in yearly.years(place.realm, place.known_by, place.as_of, at=place.at)
    ]


def _signed(count: Published, place: Place) -> dict[str, Any]:
    index, counts = count.entry.index, count.counts
    return {
        "index": index,
        "address": f"{place.prefix}/entry/{index}" if index is not None else "",
        "proof": file_address(place, "record-tlog-proof", index) if index is not None else "",
        "evidence": file_address(place, "record-evidence", index) if index is not None else "",
        "published": seal_of(index, None, place).covered,
        "size": count.snapshot.size,
        "root": count.snapshot.root,
        "meetings": count.total.meetings,
        "restricted": count.total.restricted,
        "existence_protected": count.total.existence_protected,
        "counts": None if counts is None else [asdict(one) for one in counts],
        "report": "" if counts is None else f"{place.prefix}/withheld/{count.year}.csv",
        "report_sha256": count.report_hash,
    }


@router.get("/closed-meetings", response=list[ClosedOut], summary="Meetings that the reader may not read")
def closed(request: HttpRequest, on: date | None = None) -> list[dict[str, Any]]:
    """That they take place, when, under which rule and with about how many people; protected ones stand nowhere."""
    place = place_of(request)
    return [
        {
            "fictional": place.realm is Realm.FICTION,
            "network": one.network.public_id,
            "first_day": one.first_day.isoformat(),
            "last_day": one.last_day.isoformat(),
            "house_rule": one.house_rule.value,
            "participants_from": one.band[0],
            "participants_to": one.band[1],
        }
        for one in withheld.closed_meetings(place)
    ]


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
