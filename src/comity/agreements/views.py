"""The pages of agreements and coalitions: their lists, and each with who is bound by what and since when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.agreements import acts, queries, sheet, words
from comity.agreements.edges import agreement_named, coalition_named
from comity.agreements.kinds import AGREEMENT, COALITION
from comity.plain.place import Place, place_of
from comity.plain.tables import csv_of
from comity.registry.edges import moved, organisation_named
from comity.registry.exports import taken_along


@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    """Every agreement that this reader may see, the newest first, fifty a page; of one party with ``?of=``."""
    place = place_of(request)
    rows, of = queries.agreements(place), request.GET.get("of", "")[:20]
    party = organisation_named(place, of) if of else None
    if party is not None:
        rows = rows.of(party)
    shown, division = _divided(request, rows, "expires", place, {"of": of})
    context = {"rows": [sheet.sheet_of(row, place) for row in shown], "party": party, "question": place.question}
    return render(request, "agreements/agreements.html", context | division)


def _divided(
    request: HttpRequest, rows: Any, column: str, place: Place, kept: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[Any], dict[str, Any]]:
    """The page of a list that was asked for, divided by the last day; and what its form and its next page need."""
    counted = queries.by_last_day(rows, column, place.as_of)
    asked = request.GET.get("last", "")[:10]
    shown, after = queries.page_after(
        queries.with_last_day(rows, asked, column, place.as_of), request.GET.get("after", "")[:20]
    )
    question = {name: value for name, value in {**kept, "last": asked}.items() if value}
    question |= {} if place.today else {"on": str(place.as_of)}
    return shown, {
        "asked": asked,
        "days": [(name, words.LAST_DAYS[name], n) for name, n in counted.items()],
        "next_address": f"?{urlencode(question | {'after': after})}" if after else "",
    }


@require_safe
def agreement_table(request: HttpRequest) -> HttpResponse:
    """All agreements that the reader may see, as a table to take along."""
    place = place_of(request)
    columns = ("id", "title", "scope", "proposed_by", "counterpart", "starts", "expires", "state", "text_sha256")
    rows = [_line(sheet.sheet_of(row, place)) for row in queries.agreements(place).order_by("-recorded_at", "-pk")]
    return taken_along(csv_of(columns, rows), "agreements", place)


def _line(told: sheet.Sheet) -> list[str]:
    row = told.agreement
    days = (row.starts.isoformat(), row.expires.isoformat() if row.expires else "")
    names = (row.originator.name, row.counterpart.name)
    return [row.public_id, row.title, row.scope, *names, *days, told.state.value, row.digest]


@require_safe
def agreement_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """One agreement: where it stands, who signed on which authority, its words and their fingerprint."""
    place = place_of(request)
    agreement = agreement_named(place, public_id)
    elsewhere = moved(request, AGREEMENT.address(agreement, place.language))
    if elsewhere:
        return elsewhere
    told = sheet.sheet_of(agreement, place, families=True)
    context = {
        "agreement": agreement,
        "sheet": told,
        "acts": acts.offered_on_agreement(told, place),
        "json_address": place.api(f"agreements/{public_id}?on={place.as_of}"),
    }
    return render(request, "agreements/agreement.html", context)


@require_safe
def coalition_list(request: HttpRequest) -> HttpResponse:
    """Every coalition that this reader may see, the newest first, fifty a page."""
    place = place_of(request)
    shown, division = _divided(request, queries.coalitions(place), "until", place)
    context = {"rows": [sheet.gathering_of(row, place) for row in shown], "question": place.question}
    return render(request, "agreements/coalitions.html", context | division)


@require_safe
def coalition_table(request: HttpRequest) -> HttpResponse:
    """All coalitions that the reader may see, one line for each party that belongs or belonged."""
    place = place_of(request)
    columns = ("id", "title", "convenor", "starts", "until", "party", "party_id", "state", "joined", "left", "networks")
    rows = queries.coalitions(place).order_by("-recorded_at", "-pk")
    lines = [line for row in rows for line in _adhesions(sheet.gathering_of(row, place))]
    return taken_along(csv_of(columns, lines), "coalitions", place)


def _adhesions(told: sheet.Gathering) -> Iterator[list[str]]:
    row = told.coalition
    head = [row.public_id, row.title, told.convenor.name, row.starts.isoformat()]
    head.append(row.until.isoformat() if row.until else "")
    for one in (*told.members, *told.others):
        party, joined = one.adhesion.organisation, one.adhesion.at.date().isoformat()
        left, networks = one.left.isoformat() if one.left else "", "; ".join(row.name for row in one.families)
        yield [*head, party.name, party.public_id, one.belonging.value, joined, left, networks]


@require_safe
def coalition_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """One coalition: what it is for, who belongs to it on which authority, and of which networks they are members."""
    place = place_of(request)
    coalition = coalition_named(place, public_id)
    elsewhere = moved(request, COALITION.address(coalition, place.language))
    if elsewhere:
        return elsewhere
    told = sheet.gathering_of(coalition, place)
    context = {
        "coalition": coalition,
        "sheet": told,
        "acts": acts.offered_on_coalition(told, place),
        "json_address": place.api(f"coalitions/{public_id}?on={place.as_of}"),
    }
    return render(request, "agreements/coalition.html", context)
