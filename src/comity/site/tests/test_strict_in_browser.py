"""The table of what strict readers accept and refuse, judged by our scripts in a real Chromium."""

from playwright.sync_api import Page

from comity.record.tests.files import serving
from comity.record.tests.test_strict import JUDGE, SCRIPTS, TABLE, differing


def test_a_browser_judges_as_the_table_says(page: Page) -> None:
    with serving({"/static/record": SCRIPTS, "/judge.js": JUDGE}) as address:
        page.goto(f"{address}/static/record/verify.js")
        judged = page.evaluate("async (table) => (await import('/judge.js')).judged('/static/record/', table)", TABLE)
    assert differing(judged) == []
