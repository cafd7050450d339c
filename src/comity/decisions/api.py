"""Decisions as JSON, with what every delegation gave and the dissent beside it."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from comity.decisions import queries, sheet
from comity.decisions.edges import VoteStillOpen, decision_named
from comity.decisions.kinds import DECISION
from comity.decisions.models import Decision
from comity.decisions.published import result_json
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.registry.pages import answered

router = Router()


class NoteOut(Schema):
    """What stands beside a delegation's votes: a reservation, an explanation, an answer awaited."""

    mark: str
    words: str
    at: datetime
    address: str


class DelegationOut(Schema):
    """One delegation: its votes, where it stands, and its own words."""

    organisation: str
    name: str
    allocated: int
    registered: int
    in_favour: int
    against: int
    abstained: int
    unused: int
    ad_referendum: bool
    stance: str
    notes: list[NoteOut]


class RecountOut(Schema):
    """The same votes under one rule."""

    rule: str
    base: str
    threshold: list[int]
    strict: bool
    ad_referendum_counts: bool
    in_force: bool
    in_favour: int
    of: int
    needed: int | None
    margin: int
    outcome: str


class DecisionOut(Schema):
    """One decision as it stood on a day."""

    fictional: bool
    id: str
    address: str
    on: date
    network: str
    organ: str
    number: int
    title: str
    language: str
    question: str
    decision_type: str
    subject: str
    subject_sha256: str
    rules: str
    key: str
    rights: str
    opened_at: datetime
    closed_at: datetime | None
    zone: str
    state: str
    outcome: str
    allocated: int
    registered: int
    steps: list[dict[str, Any]]
    delegations: list[DelegationOut]
    recounts: list[RecountOut]
    file: str


class DecisionsOut(Schema):
    """Decisions of the realm, newest first."""

    fictional: bool
    on: date
    decisions: list[DecisionOut]


@router.get("/decisions", response=DecisionsOut, summary="Decisions, newest first")
def decisions(request: HttpRequest, response: HttpResponse, on: date | None = None, after: str = "") -> dict[str, Any]:
    """Decisions the reader may see that were opened by the day, with dissent beside the votes.

    Two hundred at a time, from behind ``after`` on.
    """
    place = place_of(request)
    seen = queries.decisions(place.realm, place.actor, place.known_by)
    rows = answered(request, response, seen, queries.NEWEST)
    told = [decision_out(row, place) for row in rows]
    return {"fictional": place.realm is Realm.FICTION, "on": place.as_of, "decisions": told}


@router.get("/decisions/{public_id}", response=DecisionOut, summary="One decision, with dissent beside the votes")
def decision(request: HttpRequest, public_id: str, on: date | None = None) -> dict[str, Any]:
    """One decision as it stood on the day; before the close it shows nobody's votes."""
    place = place_of(request)
    return decision_out(decision_named(place, public_id), place)


@router.get("/decisions/{public_id}/file", response=dict[str, Any], summary="The file that anyone can recount")
def decision_file(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """What ``verify/comity_recount.py`` reads; published when the vote is closed."""
    place = place_of(request)
    row = decision_named(place, public_id)
    if not row.closed_by(place.known_by):
        raise VoteStillOpen(decision=row.title)
    return queries.decision_file(row)


def decision_out(row: Decision, place: Place) -> dict[str, Any]:
    """One decision as JSON."""
    known = place.known_by
    state = sheet.state_of(row, known)
    tally = queries.tally_of(row)
    told: dict[str, Any] = {
        "fictional": row.network.realm == Realm.FICTION,
        "id": row.public_id,
        "address": DECISION.address(row, place.language),
        "on": place.as_of,
        "network": row.network.public_id,
        "organ": row.organ.public_id,
        "number": row.number,
        "title": row.title,
        "language": row.language,
        "question": row.question,
        "decision_type": row.decision_type,
        "subject": str(row.subject),
        "subject_sha256": row.subject_digest,
        "rules": row.rules.public_id,
        "key": row.key.public_id,
        "rights": row.rights.public_id,
        "opened_at": row.opened_at,
        "closed_at": None,
        "zone": row.zone,
        "state": str(state),
        "outcome": "",
        "allocated": tally.allocated,
        "registered": tally.registered,
        "steps": [],
        "delegations": [],
        "recounts": [],
        "file": "",
    }
    return told | _result(row, place, known) if state is sheet.State.CLOSED else told


def _result(row: Decision, place: Place, known: datetime) -> dict[str, Any]:
    result = result_json(queries.counted(row))
    return {
        "closed_at": row.closed_at,
        "outcome": result["outcome"],
        "steps": result["steps"],
        "delegations": [_delegation(line) for line in sheet.delegation_rows(row, place, known)],
        "recounts": [_recount(option) for option in queries.recounts(row, known)],
        "file": f"{DECISION.address(row, place.language).rsplit('/', 1)[0]}.json",
    }


def _delegation(line: sheet.DelegationRow) -> dict[str, Any]:
    return {
        "organisation": line.organisation.public_id,
        "name": line.organisation.name,
        "allocated": line.tally.allocated,
        "registered": line.tally.registered,
        "in_favour": line.tally.in_favour,
        "against": line.tally.against,
        "abstained": line.tally.abstained,
        "unused": line.tally.unused,
        "ad_referendum": line.tally.ad_referendum,
        "stance": str(line.stance),
        "notes": [{"mark": n.mark, "words": n.words, "at": n.at, "address": n.address} for n in line.notes],
    }


def _recount(option: queries.Recount) -> dict[str, Any]:
    count, majority = option.count, option.majority
    return {
        "rule": option.key,
        "base": str(majority.base),
        "threshold": [majority.threshold.numerator, majority.threshold.denominator] if count.needed is not None else [],
        "strict": majority.strict,
        "ad_referendum_counts": option.ad_referendum_counts,
        "in_force": option.in_force,
        "in_favour": count.in_favour,
        "of": count.base_votes,
        "needed": count.needed,
        "margin": count.margin,
        "outcome": "adopted" if option.adopted else "not-adopted",
    }
