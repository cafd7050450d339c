"""S77: what a small party must be able to do over a thin line works without scripts, on pages under 100 kB."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from comity.site.tests.browser import served_demo
from comity.site.tests.walk import HEAVIEST, weight


@pytest.fixture
def played(demo: str, demo_home: Path, tmp_path: Path) -> Iterator[str]:
    """The demo once more, from a copy of what it built, so that what is done here is not met elsewhere."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    with served_demo(home) as (address, _):
        yield address


def is_light(page: Page) -> None:
    """The page as it stands, with all that comes with it but fonts, is under 100 kB."""
    assert weight(page.url, page.content()) < HEAVIEST, page.url


def sit(page: Page, home: str, who: str) -> None:
    """Take the seat of a row of the cast that holds these words."""
    page.goto(f"{home}/fiction/en/cast")
    page.get_by_role("row").filter(has_text=who).get_by_role("button").first.click()


@pytest.mark.mission(
    "S77",
    at="organisation",
    missing="nobody signs in without script in this walk; offline use and fee waivers are not kept yet",
)
def test_s77_correcting_signing_in_voting_and_declaring_work_without_script(
    played: str, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    _correct(page, played)
    page.goto(f"{played}/fiction/en/sign-in")
    expect(page.locator("main form:not([hidden])").first.get_by_role("button")).to_be_visible()
    is_light(page)
    _vote(page, played)
    _declare(page, played)


def _correct(page: Page, home: str) -> None:
    page.goto(f"{home}/fiction/en/organisation/")
    page.get_by_role("link", name="Tesmari Centre").first.click()
    page.get_by_role("link", name="Propose a correction with a source").click()
    is_light(page)
    page.locator("[name=proposed]").fill("Founded on 3 May 1988")
    page.locator("[name=source_url]").fill("https://example.org/register/12")
    page.get_by_role("button", name="Propose the correction").click()
    is_light(page)
    expect(page.locator("#corrections").locator("xpath=..")).to_contain_text("Founded on 3 May 1988")


def _vote(page: Page, home: str) -> None:
    sit(page, home, "congress officer")
    page.goto(f"{home}/fiction/en/network/")
    network = re.search(r"/fiction/en/network/[a-z2-7]{16}", page.content())
    assert network
    page.goto(f"{home}/fiction/en/decision/open/{network[0].rpartition('/')[2]}")
    page.get_by_role("link", name="Congress").click()
    is_light(page)
    page.locator("[name=decision_type]").select_option("amendment")
    page.locator("[name=title]").fill("A common day of the sea")
    page.locator("[name=question]").fill("Shall there be a common day of the sea?")
    page.locator("[name=subject]").fill(f"{network[0]}/-")
    page.get_by_role("button", name="Open the vote").click()
    is_light(page)
    page.get_by_role("button", name="Open the vote in public, for good").click()
    decision = re.search(r"/decision/([a-z2-7]{16})/", page.url)
    assert decision, page.locator("main").inner_text()
    sit(page, home, "Orvane Civic Union head of delegation")
    page.goto(f"{home}/fiction/en/decision/cast/{decision[1]}")
    is_light(page)
    page.locator(".ways-list a").first.click()
    is_light(page)
    page.locator("main form button[type=submit]").last.click()
    if page.locator("main form button.solid").count():
        page.locator("main form button.solid").click()
    assert f"/decision/{decision[1]}/" in page.url, page.locator("main").inner_text()


def _declare(page: Page, home: str) -> None:
    sit(page, home, "Tesmari Centre head of delegation")
    page.goto(f"{home}/fiction/en/commitment/")
    promises = page.locator("main a[href*='/commitment/'][href*='tesmari-centre']").all()
    for address in sorted({str(link.get_attribute("href")).partition("#")[0] for link in promises}):
        page.goto(f"{home}{address}")
        act = page.get_by_role("link", name="Show that it is kept")
        if act.count():
            break
    act.click()
    is_light(page)
    page.locator("[name=title]").fill("Bulletin of the parliament of Tesmar, no. 12")
    page.locator("[name=url]").fill("https://example.org/bulletin/12")
    page.locator("[name=kept_on]").fill("2026-11-20")
    page.get_by_role("button", name="File this evidence").click()
    is_light(page)
    expect(page.locator("main")).to_contain_text("Bulletin of the parliament of Tesmar, no. 12")
