"""A text as JSON: words, standing, dissent, readings, and what its fingerprint is taken of."""

from typing import Any

from comity.plain.duties import Duty
from comity.plain.time import utc_text
from comity.record.core.jcs import Json
from comity.texts.core.states import AmendmentState
from comity.texts.kinds import TEXT
from comity.texts.models import Amendment, Dissent, TextVersion
from comity.texts.queries import ClauseView, DissentView, Edition, ReadingView, Signed, StandingRow


def summary(edition: Edition, language: str) -> dict[str, Any]:
    """A text in a list: never without who stands behind it."""
    text = edition.text
    return {
        "fictional": edition.fictional,
        "id": text.public_id,
        "address": TEXT.address(text, language),
        "title": edition.title.text,
        "title_language": edition.title.language,
        "kind": text.kind,
        "network": {"id": text.network.public_id, "name": text.network.name},
        "state": edition.state.value,
        "version": edition.version.number,
        "sha256": edition.version.sha256,
        "standing": [_standing(row) for row in edition.standing],
        "signatures": [_signature(signed) for signed in edition.signatures],
    }


def as_json(edition: Edition, language: str) -> dict[str, Any]:
    """The whole edition. ``hashed`` is what the SHA-256 of the version is taken of, as canonical JSON (RFC 8785)."""
    text = edition.text
    return summary(edition, language) | {
        "language": text.language,
        "authentic": list(text.authentic),
        "originator": {"id": text.originator.public_id, "name": text.originator.name},
        "known_by": utc_text(edition.known_by),
        "adoption": _adoption(edition),
        "clauses": [_clause(clause, edition) for clause in edition.clauses],
        "dissent": [_dissent(view) for view in edition.dissent],
        "sources": [
            {
                "number": row.number,
                "title": row.title,
                "url": row.url,
                "stated_on": row.stated_on,
                "standing": row.standing,
            }
            for row in edition.citations
        ],
        "readings": [_reading(view) for view in edition.readings],
        "versions": [
            {"number": row.number, "sha256": row.sha256, "at": utc_text(row.at), "note": row.note}
            for row in edition.versions
        ],
        "amendments": [_amendment(row, state) for row, state in edition.amendments],
        "hashed": hashed(edition.version),
    }


def _adoption(edition: Edition) -> dict[str, Any] | None:
    if edition.adoption is None or edition.outcome is None:
        return None
    return {
        "at": utc_text(edition.adoption.at),
        "decision": edition.adoption.decision.public_id,
        "votes_for": edition.outcome.count.in_favour,
        "votes_needed": edition.outcome.count.needed,
        "votes_allocated": edition.outcome.tally.allocated,
    }


def _standing(row: StandingRow) -> dict[str, Any]:
    return {
        "stance": row.key.value,
        "clauses": list(row.clauses),
        "parties": [
            {
                "id": party.organisation.public_id,
                "name": party.organisation.name,
                "votes": party.votes,
                "reserved_on": list(party.reserved_on),
                "board_meets": party.awaited.board_meets.isoformat()
                if party.awaited and party.awaited.board_meets
                else None,
                "board_agreed": party.answer.agrees if party.answer else None,
            }
            for party in row.parties
        ],
    }


def _signature(signed: Signed) -> dict[str, Any]:
    row, answer, withdrawal = signed.row, signed.answer, signed.withdrawal
    return {
        "party": {"id": row.organisation.public_id, "name": row.organisation.name},
        "state": signed.state.value,
        "binds": signed.binds,
        "at": utc_text(row.at),
        "version": row.version.number,
        "paper_sha256": row.paper_sha256,
        "signature_sha256": signed.made.sha256,
        "key": signed.made.key.fingerprint if signed.made.key.line else "",
        "ad_referendum": row.ad_referendum,
        "board_agreed": answer.agrees if answer else None,
        "withdrawn": utc_text(withdrawal.at) if withdrawal else None,
        "reason": withdrawal.reason if withdrawal else "",
    }


def _clause(clause: ClauseView, edition: Edition) -> dict[str, Any]:
    block = clause.block
    states = [note.mark for note in clause.promises]
    return {
        "id": block.uuid,
        "label": block.label,
        "kind": block.kind,
        "words": clause.words.text,
        "language": clause.words.language,
        "due": block.due.isoformat() if block.due else None,
        "addressees": [party.public_id for party in block.addressees.all()],
        "dissent": [view.row.public_id for view in edition.dissent if block.label in view.clauses and block.label],
        "promises": {duty.value: states.count(duty) for duty in Duty if duty in states},
    }


def _dissent(view: DissentView) -> dict[str, Any]:
    row = view.row
    span = [row.start, row.end] if isinstance(row, Dissent) and row.start is not None else None
    return {
        "id": row.public_id,
        "kind": view.kind,
        "party": {"id": view.organisation.public_id, "name": view.organisation.name},
        "clauses": list(view.clauses),
        "beside": view.block or None,
        "span": span,
        "letter": view.letter,
        "words": row.words,
        "language": row.language,
        "effect": row.effect if isinstance(row, Dissent) else "",
        "filed": utc_text(row.at),
        "article": view.awaited.article if view.awaited else "",
        "board_meets": view.awaited.board_meets.isoformat() if view.awaited and view.awaited.board_meets else None,
        "board_answer": {
            "agrees": view.answer.agrees,
            "words": view.answer.words,
            "at": utc_text(view.answer.at),
        }
        if view.answer
        else None,
    }


def _reading(view: ReadingView) -> dict[str, Any]:
    return {
        "clause": view.reading.label,
        "reads": view.reading.lemma,
        "otherwise": view.reading.words,
        "version": view.version.number if view.version else None,
        "amendment": view.amendment.number if view.amendment else None,
        "state": view.state.value if view.state else None,
        "on": view.on.isoformat() if view.on else None,
    }


def _amendment(row: Amendment, state: AmendmentState) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "number": row.number,
        "sponsor": {"id": row.originator.public_id, "name": row.originator.name},
        "against_version": row.version.number,
        "against_sha256": row.version.sha256,
        "operations": row.operations,
        "reason": row.reason,
        "state": state.value,
    }


def hashed(version: TextVersion) -> dict[str, Json]:
    """What the SHA-256 of a version is taken of, as canonical JSON."""
    return {
        "title": version.text.title,
        "language": version.text.language,
        "clauses": [
            {
                "uuid": clause.uuid,
                "kind": clause.kind.value,
                "label": clause.label,
                "words": clause.words,
                "due": clause.due.isoformat() if clause.due else "",
                "addressees": sorted(clause.addressees),
            }
            for clause in version.clauses()
        ],
    }
