"""Promises as JSON: the state of each on a day, what was filed, who is silent."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from comity.commitments.edges import Asked, asked_of, commitment_named, promises_asked
from comity.commitments.kinds import COMMITMENT
from comity.commitments.queries import Promise, counted, promise_on
from comity.plain.duties import Duty
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.plain.time import utc_text
from comity.registry.pages import MOST, point_onward

router = Router()


class Party(Schema):
    """An organisation by id and name."""

    id: str
    name: str


class EvidenceOut(Schema):
    """Evidence as its party filed it, and whether a monitor verified it."""

    id: str
    title: str
    url: str
    kept_on: str
    filed: str
    verified: bool


class ReplyOut(Schema):
    """A party's own words."""

    words: str
    language: str
    at: str


class PromiseOut(Schema):
    """A promise on a day."""

    fictional: bool
    id: str
    address: str
    text: str
    clause: str
    party: Party
    due: str
    first_due: str
    state: str
    evidence_count: int
    verified_count: int


class PromiseWhole(PromiseOut):
    """A promise with everything filed about it."""

    words: str
    words_language: str
    evidence: list[EvidenceOut]
    replies: list[ReplyOut]
    postponements: list[dict[str, Any]]


class PromisesOut(Schema):
    """Promises with their number by state, and the parties that are silent."""

    fictional: bool
    as_of: str
    counts: dict[str, int]
    evidence_count: int
    silent: list[Party]
    promises: list[PromiseOut]


class PromisesAsked(Schema):
    """Which promises; ``on`` is YYYY-MM-DD."""

    text: str = ""
    state: str = ""
    on: str = ""
    after: str = ""


@router.get("/commitments", response=PromisesOut, summary="Promises with their states, and who is silent")
def commitments(request: HttpRequest, response: HttpResponse, asked: Query[PromisesAsked]) -> dict[str, Any]:
    """Promises that the reader may see on a day, of one text or in one state.

    Two hundred at a time, from behind ``after`` on; ``counts``, ``evidence_count`` and ``silent`` are of them all.
    """
    place = place_of(request)
    found = promises_asked(place, asked_of(request))
    whole = promises_asked(place, Asked(text=asked.text)) if asked.state else found
    silent = {p.commitment.organisation for p in whole if p.state is Duty.SILENT}
    begin = next((at for at, promise in enumerate(found, 1) if promise.commitment.public_id == asked.after), 0)
    shown = found[begin : begin + MOST]
    point_onward(request, response, shown[-1].commitment.public_id if len(found) > begin + MOST else "")
    return {
        "fictional": place.realm is Realm.FICTION,
        "as_of": place.as_of.isoformat(),
        "counts": {duty.value: n for duty, n in counted(whole).items()},
        "evidence_count": sum(len(promise.evidence) for promise in found),
        "silent": [{"id": row.public_id, "name": row.name} for row in sorted(silent, key=lambda row: row.name)],
        "promises": [_out(promise, place) for promise in shown],
    }


@router.get("/commitments/{public_id}", response=PromiseWhole, summary="A promise with all that was filed about it")
def commitment(request: HttpRequest, public_id: str, on: str = "") -> dict[str, Any]:
    """One promise on the day ``on`` (YYYY-MM-DD)."""
    place = place_of(request)
    promise = promise_on(commitment_named(place, public_id), place.as_of, place.known_by)
    return _out(promise, place) | _filed(promise)


def _out(promise: Promise, place: Place) -> dict[str, Any]:
    row = promise.commitment
    return {
        "fictional": row.realm is Realm.FICTION,
        "id": row.public_id,
        "address": COMMITMENT.address(row, place.language),
        "text": row.adoption.text.public_id,
        "clause": row.block.label,
        "party": {"id": row.organisation.public_id, "name": row.organisation.name},
        "due": promise.due.isoformat(),
        "first_due": row.due.isoformat(),
        "state": promise.state.value,
        "evidence_count": len(promise.evidence),
        "verified_count": promise.verified,
    }


def _filed(promise: Promise) -> dict[str, Any]:
    row = promise.commitment
    return {
        "words": row.block.words,
        "words_language": row.adoption.text.language,
        "evidence": [
            {
                "id": one.public_id,
                "title": one.title,
                "url": one.url,
                "kept_on": one.kept_on.isoformat(),
                "filed": utc_text(one.at),
                "verified": one.verified_then,
            }
            for one in promise.evidence
        ],
        "replies": [{"words": one.words, "language": one.language, "at": utc_text(one.at)} for one in promise.replies],
        "postponements": [
            {
                "due": one.due.isoformat(),
                "reason": one.reason,
                "asked": utc_text(one.asked_at),
                "agreed_by": one.agreed_by.name if one.agreed_by else None,
                "agreed": utc_text(one.agreed_at) if one.agreed_at else None,
            }
            for one in promise.postponements
        ],
    }
