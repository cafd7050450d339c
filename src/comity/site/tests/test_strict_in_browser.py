"""What strict readers accept and refuse, judged by our scripts in a real Chromium as Python judges it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from comity.record.tests.files import serving
from comity.record.tests.mutations import rows
from comity.record.tests.test_mutations import fresh_seed
from comity.record.tests.test_strict import JUDGE, SCRIPTS, TABLE, differing

BATCH = 400


@pytest.fixture
def judge(page: Page) -> Iterator[Page]:
    """A page of ours that may load our scripts."""
    with serving({"/static/record": SCRIPTS, "/judge.js": JUDGE}) as address:
        page.goto(f"{address}/static/record/verify.js")
        yield page


def judged(page: Page, table: list[dict[str, Any]]) -> list[list[Any]]:
    """The browser's verdicts: reason and what was read, of each row."""
    said: list[list[Any]] = page.evaluate(
        "async (table) => (await import('/judge.js')).judged('/static/record/', table)", table
    )
    return said


def test_a_browser_judges_as_the_table_says(judge: Page) -> None:
    assert differing(judged(judge, TABLE)) == []


@pytest.mark.parametrize("batches", [1, pytest.param(50, marks=pytest.mark.long)])
def test_a_browser_judges_mutated_heads_and_proofs_as_python_does(judge: Page, batches: int) -> None:
    seed = fresh_seed()
    for batch in range(batches):
        table = rows(seed + batch, BATCH)
        for row, (reason, told) in zip(table, judged(judge, table), strict=True):
            assert (reason is None) is row["accepted"], (row["name"], reason, row["told"])
            assert not str(reason).startswith("crashed"), (row["name"], reason)
            assert not row["accepted"] or told == row["told"], row["name"]
