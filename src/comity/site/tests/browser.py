"""A real browser for tests: Debian's Chromium through Playwright, never one that Playwright downloads."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from comity.site.cli import machine

CHECKOUT = Path(__file__).resolve().parents[4]
AXE = CHECKOUT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
ASKED_OF_AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
    "preload": False,
}
"""No rule of these needs the sheets once more as text, and nothing is told of what is in order."""
QUIET = [
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium's sandbox refuses to run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STARTED_WITHIN = 180
"""Seconds in which the demo must answer, built from nothing on a busy machine."""
ENDED_WITHIN = 30
"""Seconds in which all that it began must have ended."""


def free_port() -> int:
    """A port of this machine on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the whole session."""
    path = machine.chromium()
    if path is None:
        pytest.fail("no Chromium or Chrome on this machine: apt-get install chromium, or set COMITY_CHROMIUM")
    # Playwright's loop runs in the main thread, where Django would then refuse its ORM to the test itself.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open browser contexts (keywords of Playwright's ``new_context``); they close with the test."""
    opened: list[BrowserContext] = []

    def open_one(**options: Any) -> BrowserContext:
        opened.append(chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "en", **options}))
        return opened[-1]

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page of a fresh visitor at 1440 px, in English."""
    return new_context().new_page()


@contextmanager
def served_demo(home: Path) -> Iterator[tuple[str, Path]]:
    """Run the demo's own command in this folder; gives its address without last slash, and the file of what it says."""
    port = free_port()
    told = home / f"demo-{port}.log"
    frontend = os.environ.get("COMITY_FRONTEND", str(CHECKOUT / "var" / "frontend"))
    unset = {"DATABASE_URL", "COMITY_DATABASE", "COMITY_DEMO", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment |= {"COMITY_HOME": str(home), "COMITY_FRONTEND": frontend, "PYTHONPATH": str(CHECKOUT / "src")}
    command = [sys.executable, "-m", "comity", "demo", "--no-browser", "--port", str(port)]
    with told.open("w") as out:
        serving = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + STARTED_WITHIN
        while "answers at" not in told.read_text():
            if serving.poll() is not None or time.monotonic() > until:
                pytest.fail(f"the demo did not start:\n{told.read_text()}")
            time.sleep(0.1)
        yield f"http://localhost:{port}", told
    finally:
        begun = processes_below(serving.pid)
        serving.terminate()
        serving.wait(timeout=20)
        until = time.monotonic() + ENDED_WITHIN
        while left := begun & set(processes()):
            if time.monotonic() > until:
                pytest.fail(f"the demo has ended, and processes that it began have not: {left}")
            time.sleep(0.05)


def processes() -> dict[int, int]:
    """The parent of each process of this machine that lives; none where it does not tell."""
    told: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rpartition(") ")[2].split()[:2]
            told |= {int(stat.parent.name): int(parent)} if state != "Z" else {}
    return told


def processes_below(ancestor: int) -> set[int]:
    """The living processes that a process has begun, and those that they have."""
    parents = processes()
    found = {ancestor}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {ancestor}


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which this session's demo lives."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def demo(demo_home: Path) -> Iterator[str]:
    """The demo as a newcomer gets it, built afresh and served by its own command; its address without last slash."""
    with served_demo(demo_home) as (address, _):
        yield address


@lru_cache(maxsize=1)
def _axe() -> str:
    return AXE.read_text() + ";0"


def faults_of(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands (WCAG 2.2 A and AA): rule, first element, and its explanation."""
    page.evaluate(_axe())
    found = page.evaluate(
        "asked => axe.run(document, asked).then(told => JSON.stringify(told.violations))", ASKED_OF_AXE
    )
    return [
        f"{fault['id']}: {node['target'][0]}: {' '.join(node['failureSummary'].split())}"
        for fault in json.loads(found)
        for node in fault["nodes"]
    ]


def wider_than_window(page: Page) -> int:
    """By how many pixels the page is wider than its window; nothing may scroll sideways."""
    return int(page.evaluate("Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"))
