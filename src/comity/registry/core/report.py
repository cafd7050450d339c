"""What an import did, file by file and row by row, in lines that a terminal can show."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Refused:
    """One row, or one whole file (row 0), that did not go in: where, why, and what to do."""

    file: str
    row: int
    column: str
    reason: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"row {self.row}" if self.row else "the file"
        column = f", column {self.column}" if self.column else ""
        remedy = f" -> {self.remedy}" if self.remedy else ""
        return f"{self.file}, {where}{column}: {self.reason}{remedy}"


@dataclass
class FileReport:
    """The rows of one file: taken, changed, unchanged, refused, left out though no fault is in them, warned about."""

    file: str
    taken: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    left_out: dict[str, list[int]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    note: str = ""

    def refuse(self, row: int, column: str, reason: str, remedy: str = "") -> None:
        """Note a row that did not go in."""
        self.refused.append(Refused(self.file, row, column, reason, remedy))

    def count(self, outcome: str) -> None:
        """Count a row that was taken, changed or unchanged."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def leave_out(self, row: int, reason: str) -> None:
        """Note a row that is left out though nothing is wrong with it."""
        self.left_out.setdefault(reason, []).append(row)

    def summary(self) -> str:
        """The file in one line."""
        if self.note:
            return f"{self.file}: {self.note}"
        left = sum(map(len, self.left_out.values()))
        counts = f"{self.taken} taken, {self.changed} changed, {self.unchanged} unchanged, {len(self.refused)} refused"
        return f"{self.file}: {counts}" + (f", {left} left out" if left else "")


@dataclass
class Report:
    """An import as a whole. ``went_in`` is False when nothing was written because all or nothing was asked for."""

    files: list[FileReport] = field(default_factory=list)
    seconds: float = 0.0
    went_in: bool = True

    def of(self, file: str) -> FileReport:
        """The report of one file, made when first asked for."""
        found = next((report for report in self.files if report.file == file), None)
        if found is None:
            found = FileReport(file)
            self.files.append(found)
        return found

    @property
    def refused(self) -> list[Refused]:
        """Every refusal, in file order."""
        return [refusal for report in self.files for refusal in report.refused]

    @property
    def taken(self) -> int:
        """How many rows are new."""
        return sum(report.taken for report in self.files)

    @property
    def changed(self) -> int:
        """How many rows are stated anew."""
        return sum(report.changed for report in self.files)

    @property
    def unchanged(self) -> int:
        """How many rows stood already."""
        return sum(report.unchanged for report in self.files)

    @property
    def answered(self) -> bool:
        """Whether something could be taken in, or stood already."""
        return self.went_in and bool(self.taken or self.changed or self.unchanged)

    def summary(self) -> list[str]:
        """One line a file, then the whole; for standard output."""
        lines = [report.summary() for report in self.files]
        if not self.went_in:
            lines.append("nothing went in: all or nothing was asked for, and the rows listed were refused")
        return [*lines, f"in {self.seconds:.1f} s"]

    def details(self) -> Iterator[str]:
        """One line a refusal, a warning, a reason for leaving out; for standard error."""
        for report in self.files:
            yield from map(str, report.refused)
            yield from (f"{report.file}, warning: {warning}" for warning in report.warnings)
            for reason, rows in report.left_out.items():
                yield f"{report.file}, {len(rows)} rows left out: {reason} (rows {ranges(rows)})"

    def as_json(self) -> dict[str, Any]:
        """The whole report as plain data."""
        return {
            "went_in": self.went_in,
            "seconds": round(self.seconds, 2),
            "files": [
                {
                    "file": report.file,
                    "taken": report.taken,
                    "changed": report.changed,
                    "unchanged": report.unchanged,
                    "refused": [vars(refusal) for refusal in report.refused],
                    "left_out": report.left_out,
                    "warnings": report.warnings,
                    "note": report.note,
                }
                for report in self.files
            ],
        }


def ranges(rows: list[int]) -> str:
    """Row numbers in as few signs as possible: ``2-4, 9``."""
    parts: list[list[int]] = []
    for row in sorted(rows):
        if parts and row == parts[-1][1] + 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)
