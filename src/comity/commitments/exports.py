"""Promises as a table of values separated by commas."""

from collections.abc import Sequence

from comity.commitments.kinds import COMMITMENT
from comity.commitments.queries import Promise
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.tables import csv_of

COLUMNS = (
    "fictional",
    "id",
    "address",
    "text",
    "text_id",
    "clause",
    "party",
    "party_id",
    "due",
    "state",
    "evidence",
    "evidence_verified",
    "replies",
    "as_of",
)


def promises_csv(rows: Sequence[Promise], place: Place) -> str:
    """One line for each promise, with a line of headings."""
    return csv_of(COLUMNS, (_cells(promise, place) for promise in rows))


def _cells(promise: Promise, place: Place) -> list[str]:
    commitment = promise.commitment
    text = commitment.adoption.text
    return [
        "true" if commitment.realm is Realm.FICTION else "false",
        commitment.public_id,
        COMMITMENT.address(commitment, place.language),
        text.title,
        text.public_id,
        commitment.block.label,
        commitment.organisation.name,
        commitment.organisation.public_id,
        promise.due.isoformat(),
        promise.state.value,
        str(len(promise.evidence)),
        str(promise.verified),
        str(len(promise.replies)),
        place.as_of.isoformat(),
    ]
