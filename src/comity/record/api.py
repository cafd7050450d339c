"""The record as JSON: its checkpoint, its entries, one entry with the values that anybody may read now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.plain.time import utc_text
from comity.record import queries
from comity.record.core import jcs, merkle
from comity.record.queries import EntryView

router = Router()
MOST = 200


class CheckpointOut(Schema):
    """What the log says of itself; ``witnesses`` is empty until independent witnesses sign."""

    fictional: bool
    origin: str
    size: int
    root: str
    witnesses: list[str]
    files: str


class EntryOut(Schema):
    """A public entry. ``organisation`` is the one whose mandate the actor carried; persons are never named.

    It is empty while not everybody may read the subject.
    """

    fictional: bool
    id: str
    index: int
    address: str
    proof: str
    type: str
    at: str
    actor: str
    organisation: str
    subject: str
    fingerprint: str


class EntryWholeOut(Schema):
    """One entry. A restricted one shows its fingerprint and nothing else; erased values are absent from ``facts``.

    ``withheld`` names the values that not everybody may read now: their seals stand, values and salts are not given.
    """

    fictional: bool
    id: str
    index: int
    address: str
    proof: str
    restricted: bool
    fingerprint: str
    entry: EntryOut | None
    facts: dict[str, Any]
    withheld: list[str]


@router.get("/record", response=CheckpointOut, summary="The log's checkpoint")
def checkpoint(request: HttpRequest) -> dict[str, Any]:
    """The log's name, size and root."""
    place = place_of(request)
    head = queries.checkpoint(place.realm)
    return {
        "fictional": place.realm is Realm.FICTION,
        "origin": head.origin if head else "",
        "size": head.size if head else 0,
        "root": (head.root if head else merkle.EMPTY_ROOT).hex(),
        "witnesses": [],
        "files": _files(place),
    }


@router.get("/record/entries", response=list[EntryOut], summary="Entries of the log")
def entries(request: HttpRequest, type: str = "", before: int | None = None, limit: int = 50) -> list[dict[str, Any]]:
    """Public entries, newest first: those before an index, of one type where asked, at most 200."""
    place = place_of(request)
    found = queries.latest(place.realm, min(max(limit, 1), MOST), before=before, type=type)
    known = queries.readable_now({entry.subject for entry in found}, place.realm, place.at)
    return [_entry(entry, place, told=entry.subject in known) for entry in found]


@router.get("/record/entries/{int:index}", response=EntryWholeOut, summary="One entry of the log")
def entry(request: HttpRequest, index: int) -> dict[str, Any]:
    """An entry with the values that anybody may read now, whose salts stand in its proof."""
    place = place_of(request)
    proof = queries.proof(place.realm, index, at=place.at)
    public = queries.entry_numbered(place.realm, index)
    known = queries.readable_now({public.subject}, place.realm, place.at) if public else set()
    return {
        **_where(index, place),
        "restricted": public is None,
        "fingerprint": merkle.leaf_hash(proof.leaf).hex(),
        "entry": _entry(public, place, told=public.subject in known) if public else None,
        "facts": {name: jcs.decode(sealed.text) for name, sealed in proof.fields.items()},
        "withheld": sorted(proof.withheld),
    }


def _entry(entry: EntryView, place: Place, *, told: bool) -> dict[str, Any]:
    assert entry.index is not None
    return {
        **_where(entry.index, place),
        "type": entry.type,
        "at": utc_text(entry.at),
        "actor": entry.actor.partition(":")[0],
        "organisation": entry.organisation if told else "",
        "subject": str(entry.subject),
        "fingerprint": entry.leaf_hash,
    }


def _where(index: int, place: Place) -> dict[str, Any]:
    return {
        "fictional": place.realm is Realm.FICTION,
        "id": f"entry:{index}",
        "index": index,
        "address": f"{place.prefix}/entry/{index}",
        "proof": f"{_files(place)}proof/{index}.json",
    }


def _files(place: Place) -> str:
    return "/fiction/record/" if place.realm is Realm.FICTION else "/record/"
