"""``./comity import KIND PATH``: tables from elsewhere, taken through the product's own actions."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from comity.site.cli.command import ANSWERED, BAD_USAGE, Command, tell

if TYPE_CHECKING:
    from comity.registry.core.report import Report

KINDS = ("registry", "regions")


def arguments(parser: ArgumentParser) -> None:
    """What to take, from where, and whether one bad row keeps everything out."""
    parser.add_argument("kind", choices=KINDS, metavar="KIND", help="registry (a folder) or regions (a file)")
    parser.add_argument("path", type=Path, metavar="PATH", help="the folder or file")
    parser.add_argument(
        "--all-or-nothing", action="store_true", help="registry: when one row is refused, nothing goes in"
    )
    parser.add_argument(
        "--json", choices=["-"], metavar="-", help="print the report as one JSON document, nothing else"
    )


def run(options: Namespace) -> int:
    """Take it in; say per file what was taken, changed and refused, and name each refused row on stderr."""
    from comity.site.cli import instance

    instance.open_instance()
    report = _take(options)
    for line in report.details():
        tell(line)
    if options.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(report.summary()))
    return ANSWERED if report.answered else BAD_USAGE


def _take(options: Namespace) -> "Report":
    from comity.registry import importing

    at = datetime.now(UTC)
    if options.kind == "regions":
        return importing.import_regions(options.path, at=at)
    return importing.import_registry(options.path, all_or_nothing=options.all_or_nothing, at=at, progress=_watched())


def _watched() -> Callable[[str, int, int], None] | None:
    """A line that counts while a person watches; nothing in a pipe."""
    if not sys.stderr.isatty():
        return None

    def show(file: str, done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r{file}: {done} of {total} rows", end=end, file=sys.stderr, flush=True)

    return show


COMMAND = Command(
    name="import",
    purpose="take in tables from elsewhere: registry (a folder of CSV files), regions (a CSV file)",
    example="./comity import registry ../shared/data/registry",
    arguments=arguments,
    run=run,
)
