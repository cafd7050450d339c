"""Files as JSON: what they are, never their bytes."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from comity.files.edges import file_named
from comity.files.kinds import FILE
from comity.plain.levels import Realm
from comity.plain.place import place_of
from comity.plain.things import thing

router = Router()


class FileOut(Schema):
    """One file; ``beside`` is the address of the thing it lies beside, where the reader may see that."""

    fictional: bool
    id: str
    address: str
    title: str
    language: str
    type: str
    size: int
    sha256: str
    organisation: str
    network: str
    beside: str | None
    removed: list[str]
    changes: int
    comments: int
    hidden: int
    recorded_at: str


@router.get("/files/{public_id}", response=FileOut, summary="A file")
def file(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """What it is, its fingerprint, whose it is, and what was taken out of it."""
    place = place_of(request)
    row = file_named(place, public_id)
    beside = thing(row.beside, place)
    return {
        "fictional": place.realm is Realm.FICTION,
        "id": row.public_id,
        "address": FILE.address(row, place.language),
        **{
            name: getattr(row, name)
            for name in ("title", "language", "type", "size", "removed", "changes", "comments", "hidden")
        },
        "sha256": row.digest,
        "organisation": row.originator.public_id,
        "network": row.network.public_id,
        "beside": beside.address if beside else None,
        "recorded_at": row.recorded_at.isoformat(),
    }
