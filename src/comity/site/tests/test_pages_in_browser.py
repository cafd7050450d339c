"""Every kind of page of the demo, found by following links, in a real browser: accessible, mirrored, never too wide."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
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


@dataclass
class Walk:
    """What following links came to: one English page of each shape, and of each shape a link that led nowhere."""

    pages: dict[str, str] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)


def links(address: str) -> list[str] | None:
    """Where a page leads within this house; None for what is no page."""
    with urllib.request.urlopen(address, timeout=60) as reply:  # noqa: S310
        if "html" not in reply.headers.get("Content-Type", ""):
            return None
        text, here = reply.read().decode(), reply.url
    house = urllib.parse.urlsplit(address).netloc
    led = [urllib.parse.urlsplit(urllib.parse.urljoin(here, unescape(found))) for found in LINK.findall(text)]
    return [to._replace(query="", fragment="").geturl() for to in led if to.netloc == house]


@pytest.fixture(scope="module")
def walk(demo: str) -> Walk:
    """Follow the links of both realms' English pages, from their homes, to one page of each shape."""
    done, seen = Walk(), set[str]()
    waiting = [(f"{demo}/fiction/en/", "the start"), (f"{demo}/en/", "the start")]
    while waiting and len(seen) < MOST_PAGES:
        address, page_before = waiting.pop(0)
        path = urllib.parse.urlsplit(address).path
        english = path.startswith(("/en/", "/fiction/en/"))
        if address in seen or not english or NOT_PAGES.search(path) or shape(path) in done.pages | done.broken:
            continue
        seen.add(address)
        try:
            led = links(address)
        except urllib.error.HTTPError as error:
            done.broken[shape(path)] = f"{address} ({error.code}), linked from {page_before}"
            continue
        if led is not None:
            done.pages[shape(path)] = address
            waiting += [(further, address) for further in led]
    return done


def test_links_lead_somewhere(walk: Walk) -> None:
    assert not walk.broken, "\n" + "\n".join(walk.broken.values())


@pytest.mark.parametrize(("language", "scheme", "width"), MODES)
def test_every_page_is_accessible_and_fits(
    walk: Walk, new_context: Callable[..., BrowserContext], language: str, scheme: str, width: int
) -> None:
    assert len(walk.pages) >= 12, sorted(walk.pages)
    context = new_context(locale=language, color_scheme=scheme, viewport={"width": width, "height": 900})
    wrong = [
        f"{address}: {fault}"
        for address in walk.pages.values()
        for fault in faults_at(context.new_page(), address.replace("/en/", f"/{language}/", 1), language)
    ]
    assert not wrong, "\n" + "\n".join(wrong)


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
