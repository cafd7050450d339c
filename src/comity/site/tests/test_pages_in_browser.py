"""Every kind of page of the demo, found by following links, in a real browser: accessible, mirrored, never too wide."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from comity.site.tests.browser import faults_of, wider_than_window
from comity.site.tests.walk import Walk

MODES = (
    pytest.param("en", "light", 1440, id="English, light, 1440 px"),
    pytest.param("en", "dark", 360, id="English, dark, 360 px"),
    pytest.param("ar", "light", 768, id="Arabic, light, 768 px"),
    pytest.param("ar", "dark", 1440, id="Arabic, dark, 1440 px"),
)


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
