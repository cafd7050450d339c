"""The search field of every page in a real browser: "/" leads to it, arrows go through what it suggests."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from comity.site.tests.browser import faults_of, wider_than_window


def test_suggestions_are_walked_by_keyboard_alone(demo: str, page: Page) -> None:
    page.goto(f"{demo}/fiction/en/")
    page.keyboard.press("/")
    field = page.locator("#find")
    expect(field).to_be_focused()
    page.keyboard.type("southern shore")
    first = page.locator("#find-list > [role=option]").first
    expect(first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    assert faults_of(page) == []
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    page.keyboard.press("Escape")
    expect(page.locator("#find-list")).to_be_hidden()
    page.keyboard.type(" ")
    expect(first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fiction/en/organisation/**")


def test_without_its_script_the_form_leads_to_the_page(demo: str, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 360, "height": 800}).new_page()
    page.goto(f"{demo}/fiction/ar/")
    page.locator("#find").fill("southern shore")
    page.locator("#find").press("Enter")
    page.wait_for_url("**/fiction/ar/search?q=southern**")
    assert page.locator("ul.rows a.title").count() > 0


def test_the_search_page_fits_and_is_accessible(demo: str, new_context: Callable[..., BrowserContext]) -> None:
    for language, scheme, width in (("en", "light", 360), ("ar", "dark", 1440)):
        page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
        page.goto(f"{demo}/{language}/search?q=socialist")
        assert wider_than_window(page) == 0
        assert faults_of(page) == []
