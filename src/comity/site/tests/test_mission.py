"""The mission page says what the tests walked, and nothing else."""

import json
import os

import pytest

from comity.conftest import MISSION
from comity.site.mission.rows import PARAGRAPHS, ROWS
from comity.site.mission.states import Built, states


def test_there_are_89_rows_in_the_order_of_the_article() -> None:
    assert [row.number for row in ROWS] == [f"S{n}" for n in range(1, 90)]
    assert [row.paragraph for row in ROWS] == sorted(row.paragraph for row in ROWS)
    assert {row.paragraph for row in ROWS} == set(range(len(PARAGRAPHS)))


def test_a_row_without_a_walk_is_not_built() -> None:
    by_number = {state.row.number: state for state in states()}
    stored = json.loads(MISSION.read_text(encoding="utf-8"))
    assert {number for number, state in by_number.items() if state.built is not Built.NOT_YET} == set(stored)


def test_a_walk_names_a_command_a_kind_or_the_end_of_an_address() -> None:
    named = {walk.at for state in states() for walk in state.walks}
    outside = ("/record", "/fiction/record", "/api", "/fiction/api")
    assert [at for at in sorted(named) if at.startswith("/") and not at.startswith(outside)] == []


@pytest.mark.skipif(
    not os.environ.get("COMITY_WHOLE_RUN"), reason="compares the marks of a whole run, as ./comity test makes it"
)
def test_the_committed_result_is_what_the_marks_claim(claimed_mission: dict[str, list[dict[str, str]]]) -> None:
    if not os.environ.get("CI"):
        pytest.skip("this run writes the file itself when it is green; CI compares it")
    assert json.loads(MISSION.read_text(encoding="utf-8")) == claimed_mission
