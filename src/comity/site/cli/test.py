"""``./comity test``: the whole suite on SQLite, browser tests included, then on PostgreSQL."""

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from comity.site.cli import machine, postgres
from comity.site.cli.command import ANSWERED, Command, CommandError, tell

CHECKOUT = Path(__file__).resolve().parents[4]
NO_TEST_RAN = 5


def arguments(parser: ArgumentParser) -> None:
    """How much to run; everything else goes to pytest."""
    parser.add_argument("--long", action="store_true", help="also full fuzz, fault and scale runs")
    parser.add_argument("--sqlite", action="store_true", help="on SQLite only")
    parser.usage = "./comity test [--long] [--sqlite] [pytest arguments]"


def run(options: Namespace) -> int:
    """Run pytest once or twice; its closing line comes last."""
    asked = [*(["--long"] if options.long else []), *options.rest]
    if not options.rest and not machine.want("a browser", machine.BROWSER_PACKAGES, machine.chromium):
        raise CommandError("the browser tests need Chromium or Chrome (Debian: apt-get install chromium)")
    answer = _pytest(asked, whole=not options.rest)
    if answer or options.sqlite:
        return answer
    if not machine.want("PostgreSQL", machine.POSTGRES_PACKAGES, machine.postgres):
        tell("Ran on SQLite only: no PostgreSQL 15 or newer on this machine (Debian: apt-get install postgresql-15).")
        return answer
    return _on_postgres(asked)


def _on_postgres(asked: list[str]) -> int:
    binaries = machine.postgres()
    assert binaries is not None
    with postgres.server(binaries) as url:
        print("\nThe same on PostgreSQL, without the browser:", flush=True)
        answer = _pytest([*asked, "-m", "not browser"], DATABASE_URL=url)
    return ANSWERED if answer == NO_TEST_RAN and len(asked) else answer


def _pytest(asked: list[str], *, whole: bool = False, **environment: str) -> int:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "COMITY_DATABASE"}}
    if whole:
        kept["COMITY_WHOLE_RUN"] = "1"
    return subprocess.run(
        [sys.executable, "-m", "pytest", *asked], cwd=CHECKOUT, env=kept | environment, check=False
    ).returncode


COMMAND = Command(
    name="test",
    purpose="run all tests, in a real browser too, on SQLite and (where a server can be started) on PostgreSQL",
    example="./comity test src/comity/texts -k dissent",
    arguments=arguments,
    run=run,
    passes_on=True,
)
