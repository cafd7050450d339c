"""The JSON interface: each room's router, mounted once for the real realm and once for the fiction."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI, Query, Router, Schema
from ninja.errors import ValidationError
from pydantic import Field

from comity.plain.kinds import Kind, all_kinds
from comity.plain.levels import Realm
from comity.plain.place import place_of
from comity.plain.refusals import Refusal
from comity.registry.core.refusals import UnknownChoice
from comity.registry.core.topics import UnknownTopic
from comity.registry.edges import refusal_in_words
from comity.registry.topics.queries import taxonomy
from comity.site import search as everywhere

VERSION = "1.0.0"
OF_REALM = {
    Realm.REAL: "What real organisations do, each outside fact with its source.",
    Realm.FICTION: "The played story. Every answer says fictional: true; nothing here describes a real organisation.",
}
PAGE = 50
FURTHEST = 1_000
house = Router(tags=["house"])


class KindOut(Schema):
    """One kind of thing that this interface knows."""

    name: str
    stage: str | None
    exits: list[str]


class SearchAsked(Schema):
    """What is looked for."""

    q: str = Field(default="", max_length=everywhere.LONGEST)
    kind: str = Field(default="", max_length=40)
    country: str = Field(default="", max_length=20)
    network: str = Field(default="", max_length=20)
    topic: str = Field(default="", max_length=40)
    page: int = Field(default=1, ge=1, le=FURTHEST)


class FoundOut(Schema):
    """One thing that bears the words: its title, and the name or title that matched."""

    kind: str
    id: str
    title: str
    matched: str
    country: str
    url: str


class SearchOut(Schema):
    """A page of what bears the words, best first; the fiction says that it is one."""

    results: list[FoundOut]
    fictional: bool | None = None


class Problem(Schema):
    """RFC 9457: what was refused, and by which rule."""

    type: str
    title: str
    status: int
    detail: str


@house.get("/kinds", response=list[KindOut], summary="The kinds of things in this house")
def kinds(request: HttpRequest) -> list[dict[str, Any]]:
    """Every declared kind, its stage of the thread, and the ways by which it leaves the house."""
    return [_kind_out(kind) for kind in all_kinds()]


def _kind_out(kind: Kind) -> dict[str, Any]:
    return {"name": kind.name, "stage": kind.stage, "exits": sorted(str(way) for way in kind.exits)}


@house.get("/search", response=SearchOut, exclude_none=True, summary="Search by name")
def find(request: HttpRequest, asked: Query[SearchAsked]) -> dict[str, Any]:
    """Things that bear a name or title, as far as the reader may see them: fifty a page, best first.

    ``q`` may be in any script, with one slip, an abbreviation, or a name with its country. ``kind`` is a kind of thing
    or of organisation.
    """
    place = place_of(request)
    if asked.kind and asked.kind not in everywhere.known_kinds():
        raise UnknownChoice(field="kind", value=asked.kind, known=", ".join(everywhere.known_kinds()))
    if asked.topic and asked.topic not in taxonomy().topics:
        raise UnknownTopic(field="topic", topic=asked.topic)
    words = everywhere.cleaned(asked.q)
    question = everywhere.Question(words, asked.kind, asked.country, asked.network, topic=asked.topic)
    hits = everywhere.search(question, place)
    shown = everywhere.shown(hits[(asked.page - 1) * PAGE : asked.page * PAGE], place)
    told: dict[str, Any] = {"results": [_found_out(one) for one in shown]}
    return told | ({"fictional": True} if place.realm is Realm.FICTION else {})


def _found_out(one: everywhere.Found) -> dict[str, str]:
    return {
        "kind": one.kind.name,
        "id": one.row.public_id,
        "title": one.title,
        "matched": one.matched,
        "country": one.country,
        "url": one.address,
    }


def _problem(status: int, code: str, title: str, detail: str = "", **more: Any) -> HttpResponse:
    told = {"type": f"urn:comity:refusal:{code}", "title": title, "status": status, "detail": detail, **more}
    return JsonResponse(told, status=status, content_type="application/problem+json")


def refused(request: HttpRequest, refusal: Refusal | type[Refusal]) -> HttpResponse:
    """A refusal as problem+json: the rule, and what it was said of."""
    assert isinstance(refusal, Refusal)
    title = " ".join((refusal.__doc__ or refusal.code).split())
    parameters = {name: str(value) for name, value in refusal.parameters.items()}
    return _problem(refusal.status, refusal.code, title, refusal_in_words(refusal), parameters=parameters)


def _nothing_here(request: HttpRequest, missing: Http404 | type[Http404]) -> HttpResponse:
    return _problem(404, "not-visible", "Nothing that you may see stands at this address.")


def _unreadable(request: HttpRequest, wrong: ValidationError | type[ValidationError]) -> HttpResponse:
    assert isinstance(wrong, ValidationError)
    faults = [{"where": list(fault["loc"]), "what": fault["msg"]} for fault in wrong.errors]
    return _problem(422, "bad-input", "What was sent cannot be read.", parameters={"faults": faults})


def assemble(realm: Realm) -> NinjaAPI:
    """The interface of one realm, with the router of every room that brings one."""
    interface = NinjaAPI(
        title="Comity" if realm is Realm.REAL else "Comity, fiction",
        version=VERSION,
        description=OF_REALM[realm],
        docs_url=None,
        openapi_url="openapi.json",
        urls_namespace=f"api-{realm}",
    )
    interface.add_router("", house)
    for room in settings.ROOMS:
        name = f"comity.{room}.api"
        if room != "site" and find_spec(name) is not None:
            interface.add_router("", import_module(name).router, tags=[room])
    interface.add_exception_handler(Refusal, refused)
    interface.add_exception_handler(Http404, _nothing_here)
    interface.add_exception_handler(ValidationError, _unreadable)
    return interface


def urls(realm: Realm) -> list[URLPattern | URLResolver]:
    """The addresses of one realm's interface."""
    return [path("", assemble(realm).urls)]
