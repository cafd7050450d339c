"""Agreements and coalitions as JSON, under the same visibility as their pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from comity.agreements import queries, sheet
from comity.agreements.edges import agreement_named, coalition_named
from comity.agreements.kinds import AGREEMENT, COALITION
from comity.agreements.models import Agreement, Coalition
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.registry.pages import answered

router = Router()


class SignatureOut(Schema):
    """What a party stated of itself; ``board`` is agreed, declined, awaited, or empty where none is asked."""

    organisation: str
    name: str
    signed_at: str | None
    authority: str
    ad_referendum: bool
    board: str
    bound_on: str | None


class TranslationOut(Schema):
    """The words in another language, deposited by one of the parties and signed by nobody."""

    language: str
    text: str
    text_sha256: str
    organisation: str


class AgreementOut(Schema):
    """An agreement with where it stands on the day; ``text_sha256`` is the fingerprint of ``text``."""

    fictional: bool
    id: str
    address: str
    title: str
    language: str
    scope: str
    text: str
    text_sha256: str
    translations: list[TranslationOut]
    starts: str
    expires: str | None
    state: str
    parties: list[SignatureOut]
    renews: str | None
    renewed_by: list[str]
    ended_on: str | None
    ended_reason: str


class AdhesionOut(Schema):
    """How one party belongs to a coalition, and the networks of which it is a member on the day."""

    organisation: str
    name: str
    state: str
    joined_at: str
    authority: str
    left_on: str | None
    left_reason: str
    networks: list[str]


class ConveningOut(Schema):
    """One party's convening of a coalition; ``since`` is null for the one that founded it."""

    organisation: str
    name: str
    since: str | None
    until: str | None
    reason: str


class CoalitionOut(Schema):
    """A coalition and all that belong or belonged to it."""

    fictional: bool
    id: str
    address: str
    title: str
    language: str
    purpose: str
    convenor: str
    convenings: list[ConveningOut]
    starts: str
    until: str | None
    adhesions: list[AdhesionOut]


@router.get("/agreements", response=list[AgreementOut], summary="Agreements")
def agreements(
    request: HttpRequest, response: HttpResponse, on: date | None = None, after: str = ""
) -> list[dict[str, Any]]:
    """The agreements that the reader may see, newest first, two hundred at a time, from behind ``after`` on."""
    place = place_of(request)
    rows = answered(request, response, queries.agreements(place), queries.NEWEST)
    return [_agreement(row, place) for row in rows]


@router.get("/agreements/{public_id}", response=AgreementOut, summary="An agreement")
def agreement(request: HttpRequest, public_id: str, on: date | None = None) -> dict[str, Any]:
    """Scope, words, days, signatures and where it stands."""
    place = place_of(request)
    return _agreement(agreement_named(place, public_id), place)


@router.get("/coalitions", response=list[CoalitionOut], summary="Coalitions")
def coalitions(
    request: HttpRequest, response: HttpResponse, on: date | None = None, after: str = ""
) -> list[dict[str, Any]]:
    """The coalitions that the reader may see, newest first, two hundred at a time, from behind ``after`` on."""
    place = place_of(request)
    rows = answered(request, response, queries.coalitions(place), queries.NEWEST)
    return [_coalition(row, place) for row in rows]


@router.get("/coalitions/{public_id}", response=CoalitionOut, summary="A coalition")
def coalition(request: HttpRequest, public_id: str, on: date | None = None) -> dict[str, Any]:
    """What it is for, and who belongs to it on which authority."""
    place = place_of(request)
    return _coalition(coalition_named(place, public_id), place)


def _agreement(row: Agreement, place: Place) -> dict[str, Any]:
    told = sheet.sheet_of(row, place)
    return {
        "fictional": place.realm is Realm.FICTION,
        "id": row.public_id,
        "address": AGREEMENT.address(row, place.language),
        **{name: getattr(row, name) for name in ("title", "language", "scope")},
        "text": row.words,
        "text_sha256": row.digest,
        "translations": [
            {
                "language": one.language,
                "text": one.words,
                "text_sha256": one.digest,
                "organisation": one.organisation.public_id,
            }
            for one in told.translations
        ],
        "starts": row.starts.isoformat(),
        "expires": row.expires.isoformat() if row.expires else None,
        "state": told.state.value,
        "parties": [_signature(one) for one in told.parties],
        "renews": told.renews.public_id if told.renews else None,
        "renewed_by": [later.public_id for later in told.renewals],
        "ended_on": row.ended_on.isoformat() if told.ended and row.ended_on else None,
        "ended_reason": row.ended_reason if told.ended else "",
    }


def _signature(one: sheet.Party) -> dict[str, Any]:
    row = one.signature
    return {
        "organisation": one.organisation.public_id,
        "name": one.organisation.name,
        "signed_at": row.at.isoformat() if row else None,
        "authority": row.authority if row else "",
        "ad_referendum": bool(row and row.ad_referendum),
        "board": one.board,
        "bound_on": one.bound_on.isoformat() if one.bound_on else None,
    }


def _coalition(row: Coalition, place: Place) -> dict[str, Any]:
    told = sheet.gathering_of(row, place)
    return {
        "fictional": place.realm is Realm.FICTION,
        "id": row.public_id,
        "address": COALITION.address(row, place.language),
        **{name: getattr(row, name) for name in ("title", "language", "purpose")},
        "convenor": told.convenor.public_id,
        "convenings": [
            {
                "organisation": one.organisation.public_id,
                "name": one.organisation.name,
                "since": one.since.isoformat() if one.since else None,
                "until": one.until.isoformat() if one.until else None,
                "reason": one.reason,
            }
            for one in told.convenings
        ],
        "starts": row.starts.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "adhesions": [_adhesion(one) for one in (*told.members, *told.others)],
    }


def _adhesion(one: sheet.Member) -> dict[str, Any]:
    row, left = one.adhesion, one.left
    return {
        "organisation": row.organisation.public_id,
        "name": row.organisation.name,
        "state": one.belonging.value,
        "joined_at": row.at.isoformat(),
        "authority": row.authority,
        "left_on": left.isoformat() if left else None,
        "left_reason": row.left_reason if left else "",
        "networks": [network.public_id for network in one.families],
    }
