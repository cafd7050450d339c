"""Promises as a table of values separated by commas."""

import csv
import io
from collections.abc import Sequence

from comity.commitments.kinds import COMMITMENT
from comity.commitments.queries import Promise
from comity.plain.levels import Realm
from comity.plain.place import Place

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
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is read by spreadsheets as a formula."""


def csv_of(rows: Sequence[Promise], place: Place) -> str:
    """One line for each promise, with a line of headings; cells cannot act as formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for promise in rows:
        writer.writerow([_plain(cell) for cell in _cells(promise, place)])
    return out.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


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
