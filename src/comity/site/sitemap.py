"""What machines may find: the addresses of everything public and real, with their languages; fiction never.

Only rows that an anonymous reader sees are counted, numbered or named, so that a sitemap of a house with restricted
things and one of the same house without them are alike.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any
from xml.sax.saxutils import escape

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from comity.plain.actors import ANONYMOUS
from comity.plain.ids import slug
from comity.plain.kinds import Exit, Kind, all_kinds, kind_named
from comity.plain.languages import CODES
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.refusals import NotVisible
from comity.registry.topics.queries import counted, taxonomy
from comity.site.clock import now

MOST = 50_000
"""Addresses that the protocol (sitemaps.org) allows in one file."""
EACH = MOST // len(CODES) // 5
"""Things of one file, each in all languages: a fifth of what is allowed, since each address names its alternates."""
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


PRIVATE = ("search", "desk", "sign-in", "account", "recovery", "welcome", "seats")
"""Pages of forms and of accounts, in which no robot has any business."""


def listed_kinds() -> list[Kind]:
    """The kinds that leave by the sitemap."""
    return [kind for kind in all_kinds() if Exit.SITEMAP in kind.exits]


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots are asked: not to read the played story, not to fill in forms; and where the sitemap is."""
    lines = [
        "User-agent: *",
        "Disallow: /fiction/",
        "Disallow: /api/",
        *(f"Disallow: /{code}/{name}" for code in CODES for name in PRIVATE),
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The index: one file for the lists, and for each kind as many as its things need."""
    names = ["pages-1"]
    for kind in listed_kinds():
        count = _rows(kind).count()
        names += [f"{kind.name}-{number + 1}" for number in range(-(-count // EACH))]
    parts = "".join(f"<sitemap><loc>{_absolute(request, f'/sitemap/{name}.xml')}</loc></sitemap>" for name in names)
    return _xml(f"<sitemapindex {NAMESPACES}>{parts}</sitemapindex>")


@require_safe
def part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """One file of addresses, each with its alternates in the other languages."""
    addresses = list(chain(_of_pages(), _of_topics()) if kind == "pages" and number == 1 else _of_things(kind, number))
    if not addresses:
        raise NotVisible(kind="sitemap")
    told = "".join(_entries(request, by_language) for by_language in addresses)
    return _xml(f"<urlset {NAMESPACES}>{told}</urlset>")


def _of_pages() -> Iterator[dict[str, str]]:
    """Home, record, and the list of each kind that has one."""
    lists = [f"{kind.name}-list" for kind in listed_kinds() if Exit.LIST in kind.exits]
    for name in ("home", *lists, "topics", "record"):
        try:
            yield {code: reverse(f"{Realm.REAL}:{name}", args=[code]) for code in CODES}
        except NoReverseMatch:
            continue


def _of_topics() -> Iterator[dict[str, str]]:
    """The page of each topic under which something public and real stands."""
    at = now(Realm.REAL)
    counts = counted(Place(Realm.REAL, "en", ANONYMOUS, at, at.date()))
    for topic in taxonomy().topics.values():
        if counts[topic.code]:
            parts = [topic.code, slug(topic.label)]
            yield {code: reverse(f"{Realm.REAL}:topic", args=[code, *parts]) for code in CODES}


def _of_things(name: str, number: int) -> Iterator[dict[str, str]]:
    kind = kind_named(name)
    if kind is None or Exit.SITEMAP not in kind.exits or number < 1:
        return
    first = (number - 1) * EACH
    for row in _rows(kind)[first : first + EACH]:
        yield {code: kind.address(row, code) for code in CODES}


def _rows(kind: Kind) -> "QuerySet[Any]":
    rows: QuerySet[Any] = kind.visible(ANONYMOUS, now(Realm.REAL), Realm.REAL).order_by("public_id")
    return rows


def _entries(request: HttpRequest, by_language: dict[str, str]) -> str:
    absolute = {code: _absolute(request, path) for code, path in by_language.items()}
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}"/>'
        for code, address in [*absolute.items(), ("x-default", absolute["en"])]
    )
    return "".join(f"<url><loc>{address}</loc>{others}</url>" for address in absolute.values())


def _absolute(request: HttpRequest, path: str) -> str:
    return escape(request.build_absolute_uri(path), {'"': "&quot;"})


def _xml(body: str) -> HttpResponse:
    return HttpResponse(f'<?xml version="1.0" encoding="UTF-8"?>{body}', content_type="application/xml; charset=utf-8")
