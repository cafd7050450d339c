"""Reading tables: CSV (RFC 4180) in UTF-8. Every fault names its row and column, and the good rows still come."""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from comity.registry.core.report import FileReport

SAVE_AS_UTF8 = "save the file as UTF-8"
LONGEST_CELL = 1_000_000


@dataclass(frozen=True)
class Row:
    """One row of a table: its number in the file (the header is row 1) and its cells, stripped, by column."""

    number: int
    cells: dict[str, str] = field(hash=False)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def digest(self) -> str:
        """SHA-256 over columns and cells, whatever the order of the columns; columns without a value do not count."""
        told = "\x1f".join(f"{column}\x1e{value}" for column, value in sorted(self.cells.items()) if value)
        return hashlib.sha256(told.encode()).hexdigest()


def read(data: bytes, required: Sequence[str], report: FileReport) -> list[Row]:
    """The readable rows of a table; everything else is noted in ``report``.

    ``required`` columns must stand in the header and hold a value in every row. Rows whose bytes are no UTF-8, whose
    number of cells differs from the header's, or that leave a quote open are refused; what precedes them still comes.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:400]:
        report.refuse(0, "", f"it is not UTF-8 (byte {_first_bad(data)}, row 1)", SAVE_AS_UTF8)
        return []
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    records = _records(text, report)
    header = next(records, None)
    if header is None:
        if not report.refused:
            report.refuse(0, "", "it is empty", "begin with a row that names the columns")
        return []
    columns = [name.strip() for name in header[1]]
    if not _columns_good(columns, required, report):
        return []
    faults = _Faults(data.decode("utf-8", "surrogateescape"))
    faults.take(header[1])
    return [
        row
        for row in (
            _row(number, cells, columns, required=required, faults=faults, report=report) for number, cells in records
        )
        if row
    ]


def _columns_good(columns: list[str], required: Sequence[str], report: FileReport) -> bool:
    for name in required:
        if name not in columns:
            report.refuse(1, name, "the column is missing", f"add the column {name!r} to the header")
    for name in sorted({name for name in columns if name and columns.count(name) > 1}):
        report.refuse(1, name, "the column stands twice in the header", "keep one")
    return not report.refused


def _records(text: str, report: FileReport) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"it cannot be read as CSV from here on ({error})"
            report.refuse(number, "", reason, "close the quotes and write a quote inside a cell twice")
            return
        if cells:
            yield number, cells


class _Faults:
    """The byte offsets that are no UTF-8, in order; rows take theirs one after the other."""

    def __init__(self, text: str) -> None:
        self.offsets: list[int] = []
        offset = 0
        for sign in text if any(map(_escaped, text)) else "":
            if _escaped(sign):
                self.offsets.append(offset)
                offset += 1
            else:
                offset += len(sign.encode())
        self.offsets.reverse()

    def take(self, cells: list[str]) -> int:
        """The offset of the first fault in the next row's cells."""
        first = self.offsets[-1] if self.offsets else 0
        if count := sum(_escaped(sign) for cell in cells for sign in cell):
            del self.offsets[-count:]
        return first


def _first_bad(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return data.find(b"\x00")


def _row(
    number: int, cells: list[str], columns: list[str], *, required: Sequence[str], faults: _Faults, report: FileReport
) -> Row | None:
    named = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
    byte = faults.take(cells)
    if bad := next((column for column, cell in named.items() if any(map(_escaped, cell))), None):
        report.refuse(number, bad, f"the cell is not UTF-8 (byte {byte})", SAVE_AS_UTF8)
        return None
    if len(cells) != len(columns):
        reason = f"it has {len(cells)} cells where the header has {len(columns)}"
        report.refuse(number, "", reason, "quote cells that hold a comma or a line break")
        return None
    for column in required:
        if not named[column]:
            report.refuse(number, column, "the cell is empty", "fill it or leave the row out")
            return None
    if odd := next((column for column, cell in named.items() if "\x00" in cell or len(cell) > LONGEST_CELL), ""):
        report.refuse(number, odd, "the cell holds what no name, date or address holds", "write plain text")
        return None
    return Row(number, named)


def _escaped(sign: str) -> bool:
    return "\udc80" <= sign <= "\udcff"
