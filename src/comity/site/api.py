"""The JSON interface: each room's router, mounted once for the real realm and once for the fiction."""

from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI, Query, Router, Schema
from ninja.errors import ValidationError

from comity.plain.kinds import Kind, all_kinds
from comity.plain.levels import Realm
from comity.plain.place import place_of
from comity.plain.refusals import Refusal
from comity.registry.edges import refusal_in_words
from comity.site.search import search

VERSION = "1.0.0"
OF_REALM = {
    Realm.REAL: "What real organisations do, each outside fact with its source.",
    Realm.FICTION: "The played story. Every answer says fictional: true; nothing here describes a real organisation.",
}
Asked = Annotated[str, Query(max_length=200)]
house = Router(tags=["house"])


class KindOut(Schema):
    """One kind of thing that this interface knows."""

    name: str
    stage: str | None
    exits: list[str]


class FoundOut(Schema):
    """One thing that bears the words."""

    fictional: bool
    kind: str
    id: str
    title: str
    address: str


class SearchOut(Schema):
    """What bears the words, kind by kind, and how many there are in all."""

    fictional: bool
    q: str
    counts: dict[str, int]
    found: list[FoundOut]


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


@house.get("/search", response=SearchOut, summary="Search by name")
def find(request: HttpRequest, q: Asked = "") -> dict[str, Any]:
    """Things whose name bears every word of ``q``, as far as the reader may see them."""
    place = place_of(request)
    groups = search(q, place)
    fictional = place.realm is Realm.FICTION
    return {
        "fictional": fictional,
        "q": q,
        "counts": {group.kind.name: group.count for group in groups},
        "found": [
            {"fictional": fictional, "kind": g.kind.name, "id": row.public_id, "title": title, "address": address}
            for g in groups
            for row, title, address in g.rows
        ],
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
