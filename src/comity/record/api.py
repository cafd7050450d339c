"""The record as JSON: its checkpoint, its entries, one entry with the values that anybody may read now."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.plain.refs import Ref
from comity.plain.time import utc_text
from comity.record import published, queries
from comity.record.core import jcs, merkle
from comity.record.queries import EntryView
from comity.record.seals import seal_of
from comity.record.selection import asked_for, chosen
from comity.record.told import told_of

router = Router()
MOST = 200


class WitnessOut(Schema):
    """A witness that has signed the checkpoint: its key's name, when, and who runs it as the operator says."""

    name: str
    controller: str
    at: str


class CheckpointOut(Schema):
    """What the log says of itself: the published checkpoint, who has seen it, and how many entries have a number.

    ``size`` is 0 before the first checkpoint. ``independent``: somebody other than the operator has seen it.
    ``waiting_since`` is empty where every numbered entry is published.
    """

    fictional: bool
    origin: str
    size: int
    root: str
    numbered: int
    witnesses: list[WitnessOut]
    independent: bool
    waiting_since: str
    files: str


class EntryOut(Schema):
    """A public entry. ``published``: it stands under the signed checkpoint, which so many ``witnesses`` have seen.

    From then on ``proof`` and ``evidence`` are there. ``organisation`` is the one whose mandate the actor carried;
    persons are never named. It is empty while not everybody may read the subject; an organisation that is the subject
    then bears the random name of its leaf.
    """

    fictional: bool
    id: str
    index: int
    address: str
    proof: str
    evidence: str
    published: bool
    witnesses: int
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
    evidence: str
    published: bool
    witnesses: int
    restricted: bool
    fingerprint: str
    entry: EntryOut | None
    facts: dict[str, Any]
    withheld: list[str]


@router.get("/record", response=CheckpointOut, summary="The log's checkpoint")
def checkpoint(request: HttpRequest) -> dict[str, Any]:
    """The log's name, size and root."""
    place = place_of(request)
    head, standing = published.head(place.realm), published.standing(place.realm)
    return {
        "fictional": place.realm is Realm.FICTION,
        "origin": published.origin(place.realm),
        "size": standing.published,
        "root": (head.checkpoint.root if head else merkle.EMPTY_ROOT).hex(),
        "numbered": standing.numbered,
        "witnesses": [
            {"name": one.key.name, "controller": one.controller, "at": utc_text(one.at)} for one in standing.cosigners
        ],
        "independent": standing.independent,
        "waiting_since": utc_text(standing.waiting_since) if standing.waiting_since else "",
        "files": _files(place),
    }


class EntriesAsked(Schema):
    """Which entries: of an organisation, on a kind of thing or one thing, of a type, of some days."""

    type: str = Field(default="", max_length=60)
    kind: str = Field(default="", max_length=60)
    about: str = Field(default="", max_length=100, description="the thing they are about, kind:id")
    organisation: str = Field(default="", max_length=20, description="its id: it acted, or it is what they are about")
    first: str = Field(default="", max_length=20, alias="from", description="YYYY, YYYY-MM or YYYY-MM-DD (UTC)")
    last: str = Field(default="", max_length=20, alias="to", description="the last day, written alike")
    before: int | None = Field(default=None, description="only entries with a lower index")
    limit: int = 50


@router.get("/record/entries", response=list[EntryOut], summary="Entries of the log")
def entries(request: HttpRequest, response: HttpResponse, asked: Query[EntriesAsked]) -> list[dict[str, Any]]:
    """Public entries that fit, newest first, at most 200; where more follow, the head ``Link`` says where."""
    place = place_of(request)
    words = asked.dict(by_alias=True, exclude={"before", "limit"})
    found = chosen(place.realm, asked_for(words), min(max(asked.limit, 1), MOST), at=place.at, before=asked.before)
    if found.onward is not None:
        question = request.GET.copy()
        question["before"] = str(found.onward)
        response.headers["Link"] = f'<{request.path}?{question.urlencode()}>; rel="next"'
    return _told(found.entries, found.readable, place)


@router.get("/record/entries/{int:index}", response=EntryWholeOut, summary="One entry of the log")
def entry(request: HttpRequest, index: int) -> dict[str, Any]:
    """An entry with the values that anybody may read now, whose salts stand in its proof."""
    place = place_of(request)
    told = told_of(place.realm, index, at=place.at)
    public = queries.entry_numbered(place.realm, index)
    known = queries.readable_now({public.subject}, place.realm, place.at) if public else set()
    return {
        **_where(index, place),
        "restricted": public is None,
        "fingerprint": told.leaf_hash.hex(),
        "entry": _told([public], known, place)[0] if public else None,
        "facts": {name: jcs.decode(sealed.text) for name, sealed in told.fields.items()},
        "withheld": sorted(told.withheld),
    }


def _told(entries: Sequence[EntryView], known: Set[Ref], place: Place) -> list[dict[str, Any]]:
    """Entries as they are told to anybody: an organisation that is closed now keeps the name that its leaf gives it."""
    hidden = queries.drawn(place.realm.value, {entry.subject for entry in entries} - known)
    return [_entry(entry, place, entry.subject in known, queries.shown_ref(entry.subject, hidden)) for entry in entries]


def _entry(entry: EntryView, place: Place, told: bool, subject: str) -> dict[str, Any]:
    assert entry.index is not None
    return {
        **_where(entry.index, place),
        "type": entry.type,
        "at": utc_text(entry.at),
        "actor": entry.actor.partition(":")[0],
        "organisation": entry.organisation if told else "",
        "subject": subject,
        "fingerprint": entry.leaf_hash,
    }


def _where(index: int, place: Place) -> dict[str, Any]:
    seal = seal_of(index, None, place)
    return {
        "fictional": place.realm is Realm.FICTION,
        "id": f"entry:{index}",
        "index": index,
        "address": f"{place.prefix}/entry/{index}",
        "proof": f"{_files(place)}proof/{index}.tlog-proof",
        "evidence": f"{_files(place)}evidence/{index}.zip",
        "published": seal.covered,
        "witnesses": seal.seen,
    }


def _files(place: Place) -> str:
    return "/fiction/record/" if place.realm is Realm.FICTION else "/record/"
