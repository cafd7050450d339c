"""S77: what a small party must be able to do over a thin line works without scripts, on pages under 100 kB."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from comity.people.tests.holder import WORDS, code_of
from comity.site.tests.browser import served_demo
from comity.site.tests.walk import HEAVIEST, weight

HOLDER = "nim@example.org"
LETTER = re.compile(r"http://\S+/welcome/\S+")
LETTER_WITHIN = 60
"""Seconds in which the demo's worker shows a letter."""


@pytest.fixture
def played(demo: str, demo_home: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The demo once more, from a copy of what it built, so that what is done here is not met elsewhere."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    with served_demo(home) as served:
        yield served


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
    missing="offline use and fee waivers are not kept yet",
)
def test_s77_correcting_signing_in_voting_and_declaring_work_without_script(
    played: tuple[str, Path], new_context: Callable[..., BrowserContext]
) -> None:
    home, told = played
    page = new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    _correct(page, home)
    _sign_in(page, home, told)
    _vote(page, home)
    _declare(page, home)


def _sign_in(page: Page, home: str, told: Path) -> None:
    """An officer offers a seat; its holder accepts it by her letter and later signs in, without script."""
    sit(page, home, "Rosa Varne")
    page.goto(home + str(page.locator("a[href$='/seats']").first.get_attribute("href")))
    page.locator("[name=name]").fill("Nim Orell")
    page.locator("[name=email]").fill(HOLDER)
    page.locator("[name=role]").select_option("delegate")
    page.locator("[name=network]").select_option(label="Halmere Concord")
    page.get_by_role("button", name="Offer the seat").click()
    expect(page.get_by_text("An invitation is on its way")).to_be_visible()
    page.context.clear_cookies()
    codes = _open_account(page, told)
    page.context.clear_cookies()
    page.goto(f"{home}/fiction/en/sign-in")
    is_light(page)
    page.locator("[name=email]").fill(HOLDER)
    page.locator("[name=password]").fill(WORDS)
    page.get_by_role("button", name="Sign in", exact=True).click()
    is_light(page)
    page.locator("[name=code]").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("body")).to_contain_text("You act for Tesmari Centre")
    assert page.url.endswith("/fiction/en/desk")
    page.context.clear_cookies()


def _open_account(page: Page, told: Path) -> list[str]:
    """Open the account from the letter that the demo's console shows; give its recovery codes."""
    until = time.monotonic() + LETTER_WITHIN
    while not (link := LETTER.search(told.read_text())) and time.monotonic() < until:
        time.sleep(0.2)
    assert link, "no letter on the demo's console"
    page.goto(link[0])
    page.get_by_role("button", name="Accept the seat and open my account").click()
    page.goto(page.url + "/password")
    is_light(page)
    page.locator("[name=password]").fill(WORDS)
    page.get_by_role("button", name="Set the password").click()
    is_light(page)
    page.locator("[name=code]").fill(code_of(page.locator("main code").inner_text()))
    page.get_by_role("button", name="Keep the code generator").click()
    is_light(page)
    page.get_by_role("button", name="Write recovery codes").click()
    is_light(page)
    return page.locator("main pre").inner_text().splitlines()


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
    page.locator("[name=topics]").first.check()
    page.get_by_role("button", name="Open the vote").click()
    is_light(page)
    page.get_by_role("button", name="Open the vote in public, for good").click()
    decision = re.search(r"/decision/([a-z2-7]{16})/", page.url)
    assert decision, page.locator("main").inner_text()
    sit(page, home, "Orvane Civic Union head of delegation")
    page.goto(f"{home}/fiction/en/desk?do=decision:{decision[1]}:vote#do")
    is_light(page)
    page.locator("#do .ways-list a").first.click()
    is_light(page)
    page.locator("#do form button.solid").click()
    assert f"done=decision%3A{decision[1]}%3Avote" in page.url, page.locator("main").inner_text()
    expect(page.get_by_role("status")).to_contain_text("A common day of the sea")


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
