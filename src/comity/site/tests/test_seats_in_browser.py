"""The pages of a seat, and what others show in a frame, in a real browser: accessible, narrow, light, by keyboard."""

import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from comity.site.tests.browser import faults_of, wider_than_window
from comity.site.tests.walk import HEAVIEST, weight

SECRETARY = "Ines Talvor"
PAGES = ("desk", "desk?show=all", "contact/new", "desk/contacts", "desk/choices", "desk/room")
KINDS = ("organisation", "network", "text", "decision")


def seated(demo: str, page: Page) -> Page:
    page.goto(f"{demo}/fiction/en/cast")
    page.get_by_role("button", name=SECRETARY).click()
    return page


def fragments(demo: str) -> list[str]:
    """The frame of one thing of each kind."""
    found = []
    for kind in KINDS:
        with urllib.request.urlopen(f"{demo}/fiction/en/{kind}/", timeout=60) as reply:  # noqa: S310 - our own demo
            ids = re.findall(rf'href="/fiction/en/{kind}/([a-z2-7]{{16}})/', reply.read().decode())
        found.append(f"/fiction/en/embed/{kind}/{ids[0]}")
    return found


def test_a_desk_full_of_the_story_is_accessible_in_arabic_on_a_phone(
    demo: str, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(locale="ar", color_scheme="dark", viewport={"width": 360, "height": 800})
    page, wrong = seated(demo, context.new_page()), []
    page.goto(f"{demo}/fiction/ar/desk")
    opened = page.locator(".todo a.button[href*='do=']").first.get_attribute("href")
    for path in (*PAGES, f"desk{opened}"):
        reply = page.goto(f"{demo}/fiction/ar/{path}")
        assert reply is not None
        assert reply.status == 200, path
        for summary in page.locator("main details > summary").all():
            if summary.is_visible():
                summary.click()
        wrong += [f"{path}: {fault}" for fault in faults_of(page)]
        wrong += [f"{path}: {over} px too wide" for over in [wider_than_window(page)] if over]
        assert weight(page.url, page.content()) < HEAVIEST, path
    assert wrong == []


def test_each_fragment_of_the_story_is_accessible_and_fits(
    demo: str, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(locale="ar", color_scheme="light", viewport={"width": 360, "height": 420}).new_page()
    wrong, errors = [], []
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    for path in fragments(demo):
        for tail in ("", "/how"):
            page.goto(f"{demo}{path.replace('/en/', '/ar/')}{tail}")
            wrong += [f"{path}{tail}: {fault}" for fault in faults_of(page)]
            wrong += [f"{path}{tail}: {over} px too wide" for over in [wider_than_window(page)] if over]
    assert wrong == []
    assert errors == []


@contextmanager
def other_site(body: str) -> Iterator[str]:
    """Another origin with one page."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.mark.mission("S48", at="network")
def test_a_fragment_stands_in_the_frame_of_another_site_and_the_page_itself_does_not(demo: str, page: Page) -> None:
    path = fragments(demo)[3]
    for shown, address in ((1, path), (0, path.replace("/embed", ""))):
        with other_site(f'<!doctype html><iframe src="{demo}{address}" width="600" height="400"></iframe>') as other:
            page.goto(other, wait_until="networkidle")
            heading = page.frame_locator("iframe").locator("main h1")
            expect(heading).to_have_count(shown)


@pytest.mark.mission("S3", at="desk")
def test_a_contact_note_takes_two_fields_and_one_button_on_a_phone(
    demo: str, new_context: Callable[..., BrowserContext]
) -> None:
    """Twenty seconds: level and attribution stand first and are answered already, then a name, a line and a button."""
    page = seated(demo, new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False).new_page())
    page.get_by_role("link", name="Note a contact").first.click()
    names = page.eval_on_selector_all(
        "main form :is(input, textarea, select):not([type=hidden])", "all => all.map(one => one.name)"
    )
    assert list(dict.fromkeys(names))[:4] == ["level", "attribution", "counterpart", "words"]
    assert page.locator('input[name="level"]:checked').get_attribute("value") == "4"
    assert page.locator('input[name="attribution"]:checked').get_attribute("value") == "none"
    page.get_by_label("With whom").fill("Saravel Renewal")
    page.get_by_label("What was said").fill("They want a year more.")
    page.get_by_role("button", name="Keep this note").click()
    expect(page.locator("main")).to_contain_text("They want a year more.")
    page.goto(f"{demo}/fiction/en/desk")
    expect(page.locator("section[aria-labelledby=contacts]")).to_contain_text("Saravel Renewal")


def test_a_report_is_written_on_the_desk_by_keyboard_without_script_and_the_desk_says_so(
    demo: str, new_context: Callable[..., BrowserContext]
) -> None:
    page = seated(demo, new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=False).new_page())
    page.goto(f"{demo}/fiction/en/desk")
    opener = page.locator(".in-place > summary").first
    opener.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("We compared two winters of landings.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    told = page.get_by_role("status")
    expect(told).to_contain_text("Now:")
    expect(told).to_contain_text("Report:")
