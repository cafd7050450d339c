"""Every kind of page of the demo, found by following links from both homes."""

import gzip
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

import pytest

ID = re.compile(r"/[a-z2-7]{16}(/[^/?#]*)?")
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)')
NOT_PAGES = re.compile(r"/(api|static|feed|feeds)\b|\.(json|pdf|xml|atom|zip|csv|txt|svg)$|/record/[a-z.]+$")
MOST_PAGES = 400
PART = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')
HEAVIEST = 100_000
"""Bytes of HTML, CSS and scripts together, compressed."""


def shape(path: str) -> str:
    """The kind of page behind an address: without its id, its slug, its query."""
    plain = re.sub(r"/(topic|filed)/.*", r"/\1/*", urllib.parse.urlsplit(path).path)
    return ID.sub("/*", re.sub(r"/\d+\b", "/*", plain))


@dataclass
class Walk:
    """What following links came to: one English page of each shape, and of each shape a link that led nowhere."""

    pages: dict[str, str] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    """By address."""


def links(address: str, bodies: dict[str, str]) -> list[str] | None:
    """Where a page leads within this house, its body kept; None for what is no page."""
    with urllib.request.urlopen(address, timeout=60) as reply:  # noqa: S310
        if "html" not in reply.headers.get("Content-Type", ""):
            return None
        text, here = reply.read().decode(), reply.url
    bodies[address] = text
    house = urllib.parse.urlsplit(address).netloc
    led = [urllib.parse.urlsplit(urllib.parse.urljoin(here, unescape(found))) for found in LINK.findall(text)]
    return [to._replace(query="", fragment="").geturl() for to in led if to.netloc == house]


@pytest.fixture(scope="session")
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
            led = links(address, done.bodies)
        except urllib.error.HTTPError as error:
            done.broken[shape(path)] = f"{address} ({error.code}), linked from {page_before}"
            continue
        if led is not None:
            done.pages[shape(path)] = address
            waiting += [(further, address) for further in led]
    return done


@lru_cache(maxsize=64)
def weight_of_part(address: str) -> int:
    with urllib.request.urlopen(address, timeout=60) as reply:  # noqa: S310 - our own demo
        return len(gzip.compress(reply.read()))


def weight(address: str, body: str) -> int:
    """HTML, CSS and scripts of a page together, each compressed; fonts apart."""
    parts = set(PART.findall(body))
    return len(gzip.compress(body.encode())) + sum(weight_of_part(urllib.parse.urljoin(address, p)) for p in parts)
