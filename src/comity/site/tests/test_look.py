"""The look: strict policy, logical properties, small pages, and the six signs as a reader meets them."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

HOUSE = Path(__file__).resolve().parents[2]
SHEETS = HOUSE / "site" / "static" / "site"
PHYSICAL = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border)-(?:left|right)|left|right|text-align: *(?:left|right))\s*:", re.M
)


def templates() -> list[Path]:
    return list(HOUSE.rglob("templates/**/*.html"))


def test_nothing_in_a_template_needs_a_looser_policy() -> None:
    inline = re.compile(
        r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son(?:click|load|error|change|submit|input|toggle|focus|blur|key\w+|mouse\w+)=|href=\"javascript:",
        re.I,
    )
    assert [str(path) for path in templates() if inline.search(path.read_text(encoding="utf-8"))] == []


def test_sheets_turn_round_by_themselves() -> None:
    sheets = [path for path in HOUSE.rglob("static/**/*.css") if PHYSICAL.search(path.read_text(encoding="utf-8"))]
    assert sheets == []


def test_the_design_system_is_small() -> None:
    assert sum(path.stat().st_size for path in SHEETS.glob("*.css")) < 32_000


@pytest.mark.parametrize("path", ["/fiction/en/", "/fiction/ar/", "/en/", "/fiction/en/mission"])
def test_a_page_is_under_100_kb(demo: str, page: Page, path: str) -> None:
    weights: list[int] = []
    page.on("response", lambda reply: weights.append(weight(reply.body())) if "/fonts/" not in reply.url else None)
    page.goto(f"{demo}{path}", wait_until="networkidle")
    assert 0 < sum(weights) < 100_000


def weight(body: bytes) -> int:
    return len(gzip.compress(body))


@pytest.fixture
def without_script(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(java_script_enabled=False).new_page()


def test_the_rule_is_changed_on_the_home_page_without_script(demo: str, without_script: Page) -> None:
    page = without_script
    page.goto(f"{demo}/fiction/en/")
    rule = page.locator("#rule")
    expect(rule.locator("h4")).to_contain_text("Still adopted: 31 of 36, 24 needed.")
    rule.get_by_label("ad referendum votes not counted").check()
    rule.get_by_role("button", name="Count again").click()
    expect(page.locator("#rule h4")).to_contain_text("Not adopted: 27 of 40, 30 needed.")


def test_the_date_is_changed_on_the_home_page_without_script(demo: str, without_script: Page) -> None:
    page = without_script
    page.goto(f"{demo}/fiction/en/")
    page.locator("#asked-day").fill("2026-10-18")
    page.locator("#day").get_by_role("button", name="Show that day").click()
    answer = page.locator("#day .answer")
    expect(answer.locator("h4")).to_contain_text("20 promises: 6 kept, 1 silent and 13 not due yet.")
    expect(answer).to_contain_text("whether the board of Saravel Renewal would agree")
    page.goto(f"{demo}/fiction/en/?day=2026-01-01")
    expect(page.locator("#day h4")).to_contain_text("had not been adopted")


def test_a_falsified_copy_is_named_by_its_entry(demo: str, without_script: Page) -> None:
    page = without_script
    page.goto(f"{demo}/fiction/en/")
    for forger in ("alter the number", "and make every fingerprint and the root fit"):
        page.locator("#votes").fill("29")
        page.get_by_label(forger).check()
        page.get_by_role("button", name="Verify the altered copy").click()
        expect(page.locator("#falsify h4")).to_contain_text(re.compile(r"No\. Entry [\d\u202f]+ was altered\."))
    page.locator("#votes").fill("31")
    page.get_by_role("button", name="Verify the altered copy").click()
    expect(page.locator("#falsify h4")).to_contain_text("Yes.")


def test_four_pairs_of_eyes_see_four_things(demo: str, without_script: Page) -> None:
    page = without_script
    page.goto(f"{demo}/fiction/en/")
    page.get_by_role("link", name="Open the four side by side").click()
    columns = page.locator(".side-by-side > section")
    expect(columns).to_have_count(4)
    reader, author, rival, _office = (columns.nth(place).inner_text() for place in range(4))
    hers = set(columns.nth(1).locator(".private h3").all_inner_texts())
    assert hers
    assert "Nothing more" in reader
    assert not any(title in reader or title in rival for title in hers)
    assert all(title in author for title in hers)


def test_dissent_stands_beside_its_clause_and_under_it_on_a_phone(
    demo: str, new_context: Callable[..., BrowserContext]
) -> None:
    for width, beside in ((1440, True), (768, True), (360, False)):
        page = new_context(viewport={"width": width, "height": 900}).new_page()
        page.goto(f"{demo}/fiction/en/")
        clause, dissent = page.locator(".clause .clause-text").bounding_box(), page.locator(".dissent").bounding_box()
        assert clause is not None
        assert dissent is not None
        assert (dissent["x"] >= clause["x"] + clause["width"] - 1) is beside
        assert (dissent["y"] >= clause["y"] + clause["height"] - 1) is not beside


def test_the_thread_on_a_phone_is_nodes_and_one_line(demo: str, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport={"width": 360, "height": 800}).new_page()
    page.goto(f"{demo}/fiction/en/")
    line = page.locator(".thread-line")
    expect(line).to_be_visible()
    expect(line).to_contain_text("5 of 8")
    line.get_by_role("link", name="draft").click()
    expect(page.locator(".stage.is-here")).to_contain_text("draft")


def test_print_keeps_the_margin_and_says_fiction(demo: str, page: Page) -> None:
    page.set_viewport_size({"width": 794, "height": 1123})
    page.emulate_media(media="print")
    page.goto(f"{demo}/fiction/en/")
    assert page.evaluate("getComputedStyle(document.body, '::after').content") == '"FICTION"'
    clause, dissent = page.locator(".clause .clause-text").bounding_box(), page.locator(".dissent").bounding_box()
    assert clause is not None
    assert dissent is not None
    assert dissent["x"] >= clause["x"] + clause["width"] - 1
    expect(page.locator(".top")).to_be_hidden()


def test_the_demo_serves_its_own_typefaces(demo: str, page: Page) -> None:
    page.goto(f"{demo}/fiction/ar/", wait_until="networkidle")
    loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert {"Source Serif 4", "Noto Sans", "Noto Naskh Arabic"} <= {name.strip('"') for name in loaded}
