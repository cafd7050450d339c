"""Tables to take along: values separated by commas (RFC 4180), no cell of which a spreadsheet runs as a formula."""

import csv
import io
import re
from collections.abc import Iterable

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is read by spreadsheets as a formula, unless it is a plain number."""
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?", re.ASCII)


def csv_of(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A header line and one line a row; a cell that would act as a formula is quoted by an apostrophe."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow([_harmless(cell) for cell in columns])
    table.writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) and not _NUMBER.fullmatch(cell) else cell
