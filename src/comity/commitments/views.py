"""The public ledger of promises: a grid of clauses and parties for each text, and a page for each promise."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.commitments import acts, exports, words
from comity.commitments.edges import Asked, asked_of, commitment_named, promises_asked
from comity.commitments.kinds import COMMITMENT, EVIDENCE
from comity.commitments.models import Commitment, Evidence
from comity.commitments.queries import Promise, TextPromises, by_text, promise_on
from comity.plain.duties import Duty
from comity.plain.kinds import called
from comity.plain.place import Place, place_of
from comity.registry.edges import moved
from comity.registry.exports import taken_along
from comity.texts.models import Block, Text
from comity.texts.queries import StandingKey, edition_of, standing_behind
from comity.texts.words import STANDING
from comity.texts.words import clauses as clauses_in_words

DUTY_ORDER = (Duty.KEPT, Duty.LATE, Duty.NIL, Duty.MISSED, Duty.SILENT, Duty.NOT_DUE)


@require_safe
def commitment_list(request: HttpRequest) -> HttpResponse:
    """Every promise by text: how many are kept, what is filed, and who is silent."""
    place, asked = place_of(request), asked_of(request)
    grids = by_text(promises_asked(place, asked))
    everything = by_text(promises_asked(place, Asked())) if asked.question else grids
    told = {
        "grids": [_grid(grid, place) for grid in grids],
        "texts": [grid.text for grid in everything],
        "asked": asked,
        "states": [(duty.value, words.STATES[duty]) for duty in DUTY_ORDER if duty is not Duty.NIL],
        "unopened": [(text, acts.terms_of_promises(text, place)) for text in acts.unopened(place)],
        "json_address": place.api(f"commitments?{asked.question}"),
        "day": place.question and f"&{place.question}",
    }
    return render(request, "commitments/list.html", told)


def _grid(grid: TextPromises, place: Place) -> dict[str, Any]:
    marks = sorted((promise.state for promise in grid.promises), key=DUTY_ORDER.index)
    edition = edition_of(grid.text, language=place.language, actor=place.actor, known_by=place.known_by)
    labels = [_("clause %(label)s") % {"label": clause.block.label} for clause in grid.clauses]
    shown = {clause.block.uuid: clause.words for clause in edition.clauses} if edition else {}
    return {
        "grid": grid,
        "title": edition.title if edition else None,
        "marks": marks,
        "promises": words.promises(len(grid.promises)),
        "counts": words.counts(grid.counts),
        "evidence": words.evidence(grid),
        "cells": [(party, list(zip(row, labels, strict=True))) for party, row in grid.cells],
        "clauses": [(clause, shown.get(clause.block.uuid)) for clause in grid.clauses],
        "silent": [
            (promise, words.silent(promise), acts.may_answer(promise.commitment, place))
            for promise in sorted(grid.silent, key=lambda promise: promise.due)
        ],
        "held_back": _held_back(grid.text, place),
    }


def _held_back(text: Text, place: Place) -> list[tuple[str, str]]:
    """Who does not stand behind all of the text: no list of promises shows only those who do."""
    return [
        (called(party.organisation, place).words, key)
        for row in standing_behind(text, place.known_by)
        if row.key is not StandingKey.AGREED
        for party in row.parties
        for key in [_how(row.key, row.clauses)]
    ]


def _how(key: StandingKey, clauses: tuple[str, ...]) -> str:
    if key is StandingKey.RESERVED:
        return _("reserves %(clauses)s") % {"clauses": clauses_in_words(clauses)}
    return str(STANDING[key])


@require_safe
def commitment_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """One promise of one party: its clause, its state on the day, and all that was filed about it."""
    place = place_of(request)
    commitment = commitment_named(place, public_id)
    elsewhere = moved(request, COMMITMENT.address(commitment, place.language))
    if elsewhere:
        return elsewhere
    promise = promise_on(commitment, place.as_of, place.known_by)
    told = _context(promise, place) | {"json_address": place.api(f"commitments/{public_id}?on={place.as_of}")}
    return render(request, "commitments/commitment.html", told)


def _context(promise: Promise, place: Place) -> dict[str, Any]:
    commitment = promise.commitment
    text, party = commitment.adoption.text, called(commitment.organisation, place)
    edition = edition_of(text, language=place.language, actor=place.actor, known_by=place.known_by)
    clause = next((c for c in edition.clauses if c.block.uuid == commitment.block.uuid), None) if edition else None
    return {
        "promise": promise,
        "commitment": commitment,
        "text": text,
        "edition": edition,
        "party": party.words,
        "party_language": party.language,
        "words": clause.words if clause else None,
        "state": words.state(promise),
        "heavy": promise.state in words.HEAVY,
        "held_back": _of_clause(commitment.block, text, place),
        "acts": acts.offered_on(promise, place),
    }


def _of_clause(block: Block, text: Text, place: Place) -> list[tuple[str, str]]:
    """Who holds this very clause back."""
    return [
        (called(party.organisation, place).words, _how(StandingKey.RESERVED, (block.label,)))
        for row in standing_behind(text, place.known_by)
        for party in row.parties
        if block.label in party.reserved_on
    ] + [
        (called(party.organisation, place).words, _("awaits its board"))
        for row in standing_behind(text, place.known_by)
        if row.key is StandingKey.AD_REFERENDUM
        for party in row.parties
        if party.awaited is None or not party.awaited.clauses or block.uuid in party.awaited.clauses
    ]


@require_safe
def evidence_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """Evidence stands on the page of the promise that it shows kept."""
    place = place_of(request)
    row: Evidence = EVIDENCE.one_of(EVIDENCE.seen(place).filter(at__lte=place.known_by), public_id)
    commitment = Commitment.objects.select_related("block", "organisation", "network").get(pk=row.commitment_id)
    query = request.META.get("QUERY_STRING", "")
    address = COMMITMENT.address(commitment, place.language) + (f"?{query}" if query else "")
    return redirect(f"{address}#evidence-{row.public_id}", permanent=True)


@require_safe
def commitments_csv(request: HttpRequest) -> HttpResponse:
    """The promises asked for as a table of values separated by commas, one row each."""
    place = place_of(request)
    rows = promises_asked(place, asked_of(request))
    return taken_along(exports.promises_csv(rows, place), "promises", place)
