"""Every kind of page of the demo, found by following links, in a real browser: accessible, mirrored, never too wide."""

import re
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from playwright.sync_api import BrowserContext, Page

from comity.site.tests.browser import faults_of, wider_than_window

ID = re.compile(r"/[a-z2-7]{16}(/[^/?#]*)?")
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)')
NOT_PAGES = re.compile(r"/(api|static|feed|feeds)\b|\.(json|pdf|xml|atom|zip|csv|txt|svg)$|/record/[a-z.]+$")
MOST_PAGES = 400
MODES = (
    pytest.param("en", "light", 1440, id="English, light, 1440 px"),
    pytest.param("en", "dark", 360, id="English, dark, 360 px"),
    pytest.param("ar", "light", 768, id="Arabic, light, 768 px"),
    pytest.param("ar", "dark", 1440, id="Arabic, dark, 1440 px"),
)


def shape(path: str) -> str:
    """The kind of page behind an address: without its id, its slug, its query."""
    return ID.sub("/*", re.sub(r"/\d+\b", "/*", urllib.parse.urlsplit(path).path))


def links(address: str) -> Iterator[str]:
    with urllib.request.urlopen(address, timeout=60) as reply:  # noqa: S310
        if "html" not in reply.headers.get("Content-Type", ""):
            return
        text, here = reply.read().decode(), reply.url
    for found in LINK.findall(text):
        absolute = urllib.parse.urljoin(here, unescape(found))
        if urllib.parse.urlsplit(absolute).netloc == urllib.parse.urlsplit(address).netloc:
            yield urllib.parse.urlsplit(absolute)._replace(query="", fragment="").geturl()


@pytest.fixture(scope="module")
def pages(demo: str) -> dict[str, str]:
    """One English page of each shape that a reader reaches by links, in either realm."""
    found: dict[str, str] = {}
    waiting, seen = [f"{demo}/fiction/en/", f"{demo}/en/"], set[str]()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        path = urllib.parse.urlsplit(address).path
        english = path.startswith(("/en/", "/fiction/en/"))
        if address in seen or not english or NOT_PAGES.search(path) or shape(path) in found:
            continue
        seen.add(address)
        found[shape(path)] = address
        waiting += links(address)
    return found


@pytest.mark.parametrize(("language", "scheme", "width"), MODES)
def test_every_page_is_accessible_and_fits(
    pages: dict[str, str], new_context: Callable[..., BrowserContext], language: str, scheme: str, width: int
) -> None:
    assert len(pages) >= 12, sorted(pages)
    context = new_context(locale=language, color_scheme=scheme, viewport={"width": width, "height": 900})
    wrong: dict[str, list[str]] = {}
    for address in pages.values():
        found = faults_at(context.new_page(), address.replace("/en/", f"/{language}/", 1), language)
        if found:
            wrong[address] = found
    assert wrong == {}


def faults_at(page: Page, address: str, language: str) -> list[str]:
    """What is wrong with one page: refused or failing parts, direction, width, accessibility."""
    found: list[str] = []
    page.on("console", lambda told: found.append(f"console: {told.text}") if told.type == "error" else None)
    page.on("pageerror", lambda fault: found.append(f"script: {fault}"))
    reply = page.goto(address)
    if reply is None or reply.status != 200:
        return [f"answered {reply.status if reply else 'nothing'}"]
    stated = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    if stated != [language, "rtl" if language == "ar" else "ltr"]:
        found.append(f"lang and dir are {stated}")
    if over := wider_than_window(page):
        found.append(f"{over} px wider than its window")
    found += faults_of(page)
    page.close()
    return found
