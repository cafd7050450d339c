"""A table that is taken along carries its words and no commands."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from comity.plain.tables import FORMULA, csv_of

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2)))
def test_every_cell_comes_back_and_none_acts(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(csv_of(["a", "b"], rows), newline="")))
    assert read[0] == ["a", "b"]
    for row, told in zip(rows, read[1:], strict=True):
        assert [cell.removeprefix("'") for cell in told] == [cell.removeprefix("'") for cell in row]
        assert not any(cell.startswith(FORMULA) and not cell.lstrip("+-").replace(".", "").isdigit() for cell in told)


def test_a_negative_number_is_no_formula() -> None:
    assert csv_of(["votes"], [["-1"], ["-1+1"], ["=1"]]) == "votes\r\n-1\r\n'-1+1\r\n'=1\r\n"
