"""The addresses of the house as a row is looked for at them, and what each says to a reader who may not see it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from django.urls import URLPattern

from comity.plain.kinds import Exit
from comity.plain.levels import Realm
from comity.site import urls
from comity.site.api import assemble
from comity.site.tests.leaks.house import Reader, Way
from comity.site.tests.leaks.world import WAYS, Answer, Browser, Planted, World

NEVER = "a" * 16
"""An id that no thing ever had."""
NOWHERE = "qz" + "a" * 12
"""A word that stands nowhere."""
PART = re.compile(r"<(?:\w+:)?(\w+)>")
ROOTS = {"root": "/", "file": "/fiction/record/", "api": "/fiction/api/v1/", "page": "/fiction/en/"}
STANDS_ON = {Exit.METADATA: frozenset({Exit.METADATA, Exit.PAGE})}
"""A page's head tells search engines and messengers about its thing."""


def routes() -> list[str]:
    """Every route of the house, as the rooms' tables of ways name it."""
    interface = assemble(Realm.FICTION).urls[0]
    return [
        *(_route(pattern) for pattern in urls.PAGES if isinstance(pattern, URLPattern)),
        *(f"file:{_route(pattern)}" for pattern in urls.FILES if isinstance(pattern, URLPattern)),
        *(f"api:{pattern.pattern}" for pattern in interface),
        *(f"root:{_route(pattern)}" for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)),
    ]


def _route(pattern: URLPattern) -> str:
    return str(pattern.pattern)


def address(
    route: str, way: Way, public_id: str, kind: str, *, word: str = NOWHERE, realm: Realm = Realm.FICTION
) -> str:
    """The address of a route in a realm, in English, about one id."""
    where, _colon, rest = route.partition(":") if ":" in route.split("<", maxsplit=1)[0] else ("page", ":", route)
    filled = {"slug": "-", "kind": kind, **dict(way.fill)}

    def part(match: re.Match[str]) -> str:
        return filled.get(match[1], public_id)

    root = ROOTS[where] if realm is Realm.FICTION else ROOTS[where].removeprefix("/fiction")
    return root + PART.sub(part, rest) + way.asks.format(word=word)


def ways_of(kind: str, exit: Exit) -> Iterator[tuple[str, Way]]:
    """The ways of one exit at which a row of a kind could leave: those about it, and those that gather things."""
    exits = STANDS_ON.get(exit, frozenset({exit}))
    return ((route, way) for route, way in WAYS.items() if way.exit in exits and way.kind in {"", "*", kind})


def exits_of(kind: str) -> list[Exit]:
    """The exits at which a row of a kind is looked for."""
    return [exit for exit in Exit if any(True for _way in ways_of(kind, exit))]


def shown(world: World, reader: Reader, planted: Planted, route: str, way: Way) -> bool:
    """Whether a row is to be seen at an address."""
    answer = _asked(world, reader, planted, route, way)
    if way.kind:
        return answer.status != 404
    return planted.row.public_id in answer.text


def leak(world: World, reader: Reader, planted: Planted, route: str, way: Way) -> str:
    """What an address gives away of a row that its reader may not see; empty where it tells nothing.

    It answers as it does for an id that never was and for a word that stands nowhere: status, headers and bytes.
    """
    answer = _asked(world, reader, planted, route, way)
    if way.kind or way.asks:
        ignorant = _ignorant(world.browsers[reader], address(route, way, NEVER, planted.kind, realm=planted.realm))
        if blinded(answer, planted.row.public_id, planted.word) != ignorant:
            return f"{route} answers {answer.status}, and not as it does where nothing is ({ignorant.status})"
    elif planted.word in answer.everything or (way.exit is not Exit.RECORD and planted.row.public_id in answer.text):
        return f"{route} shows it"
    return ""


@lru_cache(maxsize=4096)
def _ignorant(browser: Browser, address: str) -> Answer:
    """What an address answers where nothing is."""
    return blinded(browser.get(address), NEVER, NOWHERE)


def _asked(world: World, reader: Reader, planted: Planted, route: str, way: Way) -> Answer:
    asked = address(route, way, planted.row.public_id, planted.kind, word=planted.word, realm=planted.realm)
    return world.browsers[reader].get(asked)


def blinded(answer: Answer, *words: str) -> Answer:
    """An answer without the words that its reader asked with, and without what is drawn anew for each answer."""
    told = answer.body.decode("utf-8", "surrogateescape")
    headers = {name: value for name, value in answer.headers.items() if name not in DRAWN}
    headers |= dict.fromkeys(headers.keys() & {"Expires"}, "by the clock on the wall")
    for word in words:
        told = told.replace(word, "asked")
        headers = {name: value.replace(word, "asked") for name, value in headers.items()}
    told = TOKEN.sub("token", told)
    return replace(answer, headers=headers, body=told.encode("utf-8", "surrogateescape"))


DRAWN = {"ETag", "Content-Length", "Set-Cookie"}
TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+')
