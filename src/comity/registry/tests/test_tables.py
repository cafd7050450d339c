"""Tables: the good rows come, every fault names its row and column."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from comity.registry.core import tables
from comity.registry.core.report import FileReport, ranges

cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


def read(data: bytes, *required: str) -> tuple[list[tables.Row], FileReport]:
    report = FileReport("some.csv")
    return tables.read(data, required or ("id", "name"), report), report


@given(st.lists(st.tuples(cells.filter(bool), cells.filter(bool)), max_size=20))
def test_what_csv_writes_is_read_back(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("id", "name"), *rows])
    found, report = read(out.getvalue().encode())
    assert [(row["id"], row["name"]) for row in found] == rows
    assert not report.refused


@given(st.binary(max_size=300))
def test_any_bytes_are_answered(data: bytes) -> None:
    found, report = read(data)
    assert found == [] or not report.refused or all(refusal.row for refusal in report.refused)


def test_a_byte_that_is_no_utf8_refuses_its_row_only() -> None:
    found, report = read("id,name\n1,good\n2,Fran\xe7ais\n3,good\n".encode("latin-1"))
    assert [row["id"] for row in found] == ["1", "3"]
    (refused,) = report.refused
    assert (refused.row, refused.column) == (3, "name")
    assert "byte 21" in refused.reason
    assert "UTF-8" in refused.remedy


def test_another_encoding_refuses_the_file() -> None:
    found, report = read("id,name\n1,x\n".encode("utf-16"))
    assert not found
    assert "UTF-8" in str(report.refused[0])


def test_a_byte_order_mark_is_no_fault() -> None:
    found, report = read("id,name\n1,x\n".encode("utf-8-sig"))
    assert found[0]["id"] == "1"
    assert not report.refused


def test_an_open_quote_refuses_from_its_row_on() -> None:
    found, report = read(b'id,name\n1,good\n2,"never closed\n3,lost\n')
    assert [row["id"] for row in found] == ["1"]
    assert report.refused[0].row == 3
    assert "quotes" in report.refused[0].remedy


def test_a_row_of_another_length_is_refused() -> None:
    found, report = read(b"id,name\n1,a,b\n2,good\n3\n")
    assert [row["id"] for row in found] == ["2"]
    assert [refusal.row for refusal in report.refused] == [2, 4]


def test_a_missing_column_is_named_with_its_remedy() -> None:
    found, report = read(b"id,nom\n1,a\n")
    assert not found
    assert report.refused[0].column == "name"
    assert "'name'" in report.refused[0].remedy


def test_an_empty_cell_an_empty_file_and_a_doubled_column() -> None:
    assert read(b"id,name\n1,\n")[1].refused[0].column == "name"
    assert "empty" in read(b"")[1].refused[0].reason
    assert "twice" in read(b"id,name,name\n1,a,b\n")[1].refused[0].reason


def test_a_digest_does_not_depend_on_the_order_of_columns() -> None:
    one, _ = read(b"id,name,note\n1,a,\n")
    other, _ = read(b"name,id\na,1\n")
    assert one[0].digest() == other[0].digest()


def test_rows_are_told_in_ranges() -> None:
    assert ranges([2, 3, 4, 9, 11, 12]) == "2-4, 9, 11-12"
