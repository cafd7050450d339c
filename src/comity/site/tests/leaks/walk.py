"""Walking the house from its roots by every link that an answer holds."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import islice
from urllib.parse import urldefrag, urljoin, urlsplit
from zlib import crc32

from django.urls import Resolver404, resolve

from comity.plain.languages import CODES
from comity.site.tests.leaks.opened import opened
from comity.site.tests.leaks.ways import NEVER, address
from comity.site.tests.leaks.world import WAYS, Answer, Browser

LINK = re.compile(r"""(?:href|src|action)="([^"]+)"|"((?:http://testserver)?/[^"\s\\]+)"|<loc>([^<]+)</loc>""")
HOST = "http://testserver"
PLANTED = "fiction en "
WHOLE = 100_000
"""More addresses than any view has: every link is followed."""
ELSEWHERE = 4
"""Addresses of one view that a walk through the whole house asks in another language, or in the realm where nothing is
planted but what is closed: the same rows are drawn by the same queries there."""


def roots() -> list[str]:
    """Where a walk begins: the homes in every language, and every address that names no thing."""
    gathering = [address(route, way, NEVER, "") for route, way in WAYS.items() if not way.kind and "<path" not in route]
    homes = [f"{realm}/{language}/" for realm in ("", "/fiction") for language in CODES]
    real = [one.removeprefix("/fiction") for one in gathering if one.startswith("/fiction/")]
    return list(dict.fromkeys([*homes, *gathering, *real]))


def walked(browser: Browser, *, each: int, elsewhere: int, begin: Iterable[str] = ()) -> Iterator[tuple[str, Answer]]:
    """Every address a reader reaches, with its answer, in a fixed order.

    Of one view at most ``each`` answers in English in the fiction, where things are planted, and at most ``elsewhere``
    in another language or realm.
    """
    waiting = deque([*roots(), *begin])
    known, asked = set(waiting), Counter[str]()
    while waiting:
        here = waiting.popleft()
        view = _view(here)
        if not view or asked[view] >= (each if view.startswith(PLANTED) else elsewhere):
            continue
        asked[view] += 1
        answer = browser.get(here)
        yield here, answer
        onward = sorted(
            {link for link in links(here, answer) if link not in known}, key=lambda one: crc32(one.encode())
        )
        known.update(onward)
        waiting.extend(onward)


def links(here: str, answer: Answer) -> Iterator[str]:
    """The addresses of this house that an answer holds."""
    found = [next(filter(None, match.groups())) for match in LINK.finditer(answer.text)]
    for link in [*found, answer.headers.get("Location", "")]:
        whole = urldefrag(urljoin(HOST + here, unescape(link))).url
        if link and whole.startswith(HOST + "/") and not whole.startswith(HOST + "/static/"):
            yield whole.removeprefix(HOST)


def _view(address: str) -> str:
    """Which view of which realm and language answers; empty where none does."""
    path = urlsplit(address).path
    try:
        found = resolve(path)
    except Resolver404:
        return ""
    realm = "fiction" if path.startswith("/fiction/") else "real"
    return f"{realm} {found.kwargs.get('lang', 'en')} {found.route}"


def bytes_of(answer: Answer) -> Iterator[str]:
    """All that left: headers and body, and what an archive, an office document or a PDF holds inside."""
    yield answer.everything
    for part in islice(opened(answer.body), 1, None):
        yield part.decode("utf-8", "replace")
