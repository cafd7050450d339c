"""The registry for programs: organisations, networks, links and members on a day, each fact with its source."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.plain.time import end_of
from comity.registry import queries, record_of
from comity.registry.about import lineage_of
from comity.registry.edges import network_named, organisation_named
from comity.registry.exports import acts_facts, links_facts, organisation_facts, source_facts
from comity.registry.models import Organisation, OrganisationKind
from comity.registry.search import asked as search
from comity.registry.topics.api import router as topics_router

router = Router()
router.add_router("", topics_router)
PAGE = 50
FURTHEST = 1_000_000
"""No list is longer; a database counts rows no further than its integers go."""
ENGLISH = "en"
"""The interface language of addresses, unless another is asked for."""


class SourceOut(Schema):
    """Where a fact comes from, and how it is known."""

    title: str
    url: str
    stated_on: str
    standing: str
    primary: bool
    licence: str


class OrganisationOut(Schema):
    """An organisation, named."""

    fictional: bool
    id: str
    name: str
    kind: str
    country: str
    address: str


class NameOut(Schema):
    """One name in one language and script."""

    text: str
    language: str
    role: str
    valid_from: str
    valid_to: str
    recorded_at: datetime
    recorded_exactly: bool
    """False: it was recorded by that instant, and nobody kept when."""
    source: SourceOut | None


class IdentifierOut(Schema):
    """An id that another registry gave."""

    scheme: str
    value: str


class CorrectionOut(Schema):
    """A proposed correction, decided or not."""

    id: str
    field: str
    stated: str
    proposed: str
    source_url: str
    proposed_at: datetime
    state: str
    reason: str


class ReplyOut(Schema):
    """The organisation's own words."""

    id: str
    words: str
    language: str
    at: datetime


class LineageOut(Schema):
    """What came before or after."""

    organisation: OrganisationOut
    kind: str
    at: str
    source: SourceOut | None


class OrganisationSheet(OrganisationOut):
    """All that the registry says of an organisation except its links."""

    endorsed: bool
    """Always false: listing is no endorsement."""
    abbreviation: str
    founded: str
    dissolved: str
    source: SourceOut | None
    part_of: OrganisationOut | None
    parts: list[OrganisationOut]
    names: list[NameOut]
    identifiers: list[IdentifierOut]
    before: list[LineageOut]
    after: list[LineageOut]
    corrections: list[CorrectionOut]
    replies: list[ReplyOut]


class SpellOut(Schema):
    """One standing during one period, dates as its source gave them."""

    group: str
    standing: str
    start: str
    end: str
    ended: bool
    end_reason: str
    unverified: bool
    recorded_at: datetime
    source: SourceOut | None


class LinkOut(SpellOut):
    """A link as it stands on the day asked."""

    id: str
    organisation: OrganisationOut
    kind: str
    direction: str
    why_not_in_force: str
    basis: str
    history: list[SpellOut]


class LinksOut(Schema):
    """Every link in exactly one of three groups: unknown stays unknown."""

    fictional: bool
    organisation: OrganisationOut
    on: date
    known_by: datetime
    in_force: list[LinkOut]
    not_in_force: list[LinkOut]
    date_unknown: list[LinkOut]


class ActOut(Schema):
    """Something an organisation did or said, and the entry of the record that it can be checked by."""

    fictional: bool
    kind: str
    what: str
    state: str
    day: date | None
    entry: int | None
    entry_type: str
    address: str


class RecordOut(Schema):
    """What an organisation did and said by a day, as this reader may see it."""

    fictional: bool
    organisation: OrganisationOut
    on: date
    acts: list[ActOut]


class OrganisationsOut(Schema):
    """One page of organisations."""

    fictional: bool
    count: int
    page: int
    organisations: list[OrganisationOut]


def _known_by(day: date | None, place: Place) -> datetime:
    return end_of(day, place.at) if day else place.at


class Asked(Schema):
    """Which organisations."""

    q: str = Field(default="", max_length=200)
    kind: str = ""
    country: str = ""
    page: int = Field(default=1, ge=1)
    language: str = "en"


def _listed(place: Place, asked: Asked) -> dict[str, Any]:
    rows = queries.organisations(place.realm, place.actor, place.at)
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    rows = (rows.filter(country=asked.country) if asked.country else rows).order_by("name", "id")
    page = min(asked.page, FURTHEST)
    between = slice((page - 1) * PAGE, page * PAGE)
    named = _named(place, asked) if asked.q.strip() else None
    found = rows.in_bulk(named[between]) if named else {}
    shown = list(rows[between]) if named is None else [found[pk] for pk in named[between] if pk in found]
    return {
        "fictional": place.realm is Realm.FICTION,
        "count": rows.count() if named is None else len(named),
        "page": page,
        "organisations": [organisation_facts(row, asked.language) for row in shown],
    }


def _named(place: Place, asked: Asked) -> list[int]:
    """The keys of the organisations that search finds under these words, best first."""
    question = search.Asked(asked.q, kind=asked.kind, country=asked.country)
    return [hit.organisation for hit in search.organisations_asked(question, place.realm, place.actor, place.at)]


@router.get("/organisations", response=OrganisationsOut, summary="Organisations by name")
def organisations(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Fifty organisations a page; those that bear the words of ``q`` as search finds them, best first."""
    return _listed(place_of(request), asked)


@router.get("/networks", response=OrganisationsOut, summary="Networks by name")
def networks(request: HttpRequest, page: int = 1, language: str = ENGLISH) -> dict[str, Any]:
    """Networks are organisations of that kind."""
    return _listed(place_of(request), Asked(kind=str(OrganisationKind.NETWORK), page=max(page, 1), language=language))


@router.get("/organisations/{public_id}", response=OrganisationSheet, summary="One organisation")
def organisation(request: HttpRequest, public_id: str, language: str = ENGLISH) -> dict[str, Any]:
    """Names, identifiers, lineage, corrections and replies. Listing is no endorsement."""
    place = place_of(request)
    row = organisation_named(place, public_id)
    before, after = lineage_of(row, place.at)
    parts = queries.organisations(place.realm, place.actor, place.at).filter(parent=row).order_by("name")
    return organisation_facts(row, language) | {
        "endorsed": False,
        "abbreviation": row.abbreviation,
        "founded": row.founded,
        "dissolved": row.dissolved,
        "source": source_facts(row.source),
        "part_of": organisation_facts(row.parent, language) if row.parent else None,
        "parts": [organisation_facts(part, language) for part in parts],
        "names": [_name(name) for name in row.names.select_related("source").order_by("role", "id")],
        "identifiers": list(row.identifiers.values("scheme", "value").order_by("scheme", "value")),
        "before": [_lineage(tie.earlier, tie, language) for tie in before],
        "after": [_lineage(tie.later, tie, language) for tie in after],
        "corrections": [_correction(one) for one in row.corrections.order_by("proposed_at")],
        "replies": [_reply(one) for one in row.replies.order_by("at")],
    }


def _name(name: Any) -> dict[str, Any]:
    return {
        "text": name.text,
        "language": name.language,
        "role": name.role,
        "valid_from": name.valid_from,
        "valid_to": name.valid_to,
        "recorded_at": name.recorded_at,
        "recorded_exactly": name.recorded_exactly,
        "source": source_facts(name.source),
    }


def _lineage(other: Organisation, tie: Any, language: str) -> dict[str, Any]:
    return {
        "organisation": organisation_facts(other, language),
        "kind": tie.kind,
        "at": tie.at,
        "source": source_facts(tie.source),
    }


def _correction(one: Any) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "field": one.field,
        "stated": one.stated,
        "proposed": one.proposed,
        "source_url": one.source_url,
        "proposed_at": one.proposed_at,
        "state": one.state,
        "reason": one.reason,
    }


def _reply(one: Any) -> dict[str, Any]:
    return {"id": one.public_id, "words": one.words, "language": one.language, "at": one.at}


@router.get("/organisations/{public_id}/links", response=LinksOut, summary="The links of an organisation on a day")
def links(
    request: HttpRequest,
    public_id: str,
    on: date | None = None,
    known_by: date | None = None,
    language: str = ENGLISH,
) -> dict[str, Any]:
    """Exactly the links in force on ``on``, those not in force with their reason, and those nobody has dated.

    ``known_by`` asks what was recorded by the end of an earlier day.
    """
    place = place_of(request)
    row, known = organisation_named(place, public_id), _known_by(known_by, place)
    day = on or place.at.date()
    found = queries.links_on(row, day, known_by=known, actor=place.actor)
    return {
        "fictional": place.realm is Realm.FICTION,
        "organisation": organisation_facts(row, language),
        "on": day,
        "known_by": known,
        **links_facts(found, language),
    }


@router.get("/organisations/{public_id}/record", response=RecordOut, summary="What an organisation did by a day")
def record(request: HttpRequest, public_id: str, on: date | None = None, language: str = ENGLISH) -> dict[str, Any]:
    """Engagements, texts, votes, dissent and promises, each with its entry of the record and its address."""
    asked = place_of(request)
    place = replace(asked, as_of=min(on or asked.at.date(), asked.at.date()), language=language)
    row = organisation_named(place, public_id)
    acts = record_of.acts_of(row, place)
    return {
        "fictional": place.realm is Realm.FICTION,
        "organisation": organisation_facts(row, language),
        "on": place.as_of,
        "acts": acts_facts(acts.things, acts.notes, place),
    }


@router.get("/networks/{public_id}/members", response=LinksOut, summary="The members of a network on a day")
def members(
    request: HttpRequest,
    public_id: str,
    on: date | None = None,
    known_by: date | None = None,
    language: str = ENGLISH,
) -> dict[str, Any]:
    """Members in force, no longer or not yet in force, and those whose dates nobody has stated."""
    place = place_of(request)
    row, known = network_named(place, public_id), _known_by(known_by, place)
    day = on or place.at.date()
    found = queries.members_on(row, day, known, actor=place.actor)
    return {
        "fictional": place.realm is Realm.FICTION,
        "organisation": organisation_facts(row, language),
        "on": day,
        "known_by": known,
        **links_facts(found, language),
    }
