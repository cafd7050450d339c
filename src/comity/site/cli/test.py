"""``./comity test``: the whole suite on SQLite, with the browser; beside it on PostgreSQL what asks a database."""

import os
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

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
    """Run pytest on each database, both at once; the closing line of the last comes last."""
    asked = [*(["--long"] if options.long else []), *options.rest]
    whole = {"COMITY_WHOLE_RUN": "1"} if not options.rest else {}
    if whole and not machine.want("a browser", machine.BROWSER_PACKAGES, machine.chromium):
        raise CommandError("the browser tests need Chromium or Chrome (Debian: apt-get install chromium)")
    if whole and not machine.want("ssh-keygen", ("openssh-client",), lambda: shutil.which("ssh-keygen")):
        raise CommandError("signatures are judged by ssh-keygen too (Debian: apt-get install openssh-client)")
    if options.sqlite:
        return _pytest(asked, whole).wait()
    if not machine.want("PostgreSQL", machine.POSTGRES_PACKAGES, machine.postgres):
        answer = _pytest(asked, whole).wait()
        tell("Ran on SQLite only: no PostgreSQL 15 or newer on this machine (Debian: apt-get install postgresql-15).")
        return answer
    shared = [f"--leaks={_this_commit()}", *asked]
    with _on_postgres(shared) as (beside, said):
        answer = _pytest(shared, whole).wait()
        other = beside.wait()
        print("\nOn PostgreSQL, what asks a database, without the browser:", flush=True)
        said.seek(0)
        for line in said:
            print(line, end="", flush=True)
    return answer or (ANSWERED if other == NO_TEST_RAN and asked else other)


@contextmanager
def _on_postgres(asked: list[str]) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """The run on a server of its own, and what it says; one core waits for the browser while the other works here."""
    binaries = machine.postgres()
    assert binaries is not None
    with postgres.server(binaries) as url, tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = _pytest([*asked, "-m", "database and not browser"], {"DATABASE_URL": url}, said)
        try:
            yield process, said
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()


def _this_commit() -> str:
    """The commit that is tested, which deals the leak matrix to both databases; outside a checkout the day."""
    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    return asked.stdout.strip()[:12] or f"{datetime.now(UTC):%Y-%m-%d}"


def _pytest(asked: list[str], environment: dict[str, str], says: IO[str] | None = None) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "COMITY_DATABASE"}}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *asked],
        cwd=CHECKOUT,
        env=kept | environment,
        stdout=says,
        stderr=subprocess.STDOUT if says else None,
        text=True,
    )


COMMAND = Command(
    name="test",
    purpose="run all tests, in a real browser too, on SQLite and (where a server can be started) on PostgreSQL",
    example="./comity test src/comity/texts -k dissent",
    arguments=arguments,
    run=run,
    passes_on=True,
)
