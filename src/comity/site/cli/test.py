"""``./comity test``: the whole suite on SQLite, with the browser; beside it on PostgreSQL what asks a database."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import IO

from comity.site.cli import machine, postgres
from comity.site.cli.command import ANSWERED, Command, CommandError, tell

CHECKOUT = Path(__file__).resolve().parents[4]
NO_TEST_RAN = 5
UNSET = {"DATABASE_URL", "COMITY_DATABASE", "PYTHONDONTWRITEBYTECODE"}
"""The last would have each of the processes that tests start compile the whole house anew."""


@dataclass(frozen=True)
class Part:
    """One pytest of a run: what it is about, what it is asked, and what is set for it alone."""

    title: str
    words: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def arguments(parser: ArgumentParser) -> None:
    """How much to run; everything else goes to pytest."""
    parser.add_argument("--long", action="store_true", help="also full fuzz, fault and scale runs")
    parser.add_argument("--sqlite", action="store_true", help="on SQLite only")
    parser.usage = "./comity test [--long] [--sqlite] [pytest arguments]"


def run(options: Namespace) -> int:
    """Run pytest on each database, two parts at once; what is said beside the first part comes after it."""
    whole = not options.rest
    if whole and not machine.want("a browser", machine.BROWSER_PACKAGES, machine.chromium):
        raise CommandError("the browser tests need Chromium or Chrome (Debian: apt-get install chromium)")
    if whole and not machine.want("ssh-keygen", ("openssh-client",), lambda: shutil.which("ssh-keygen")):
        raise CommandError("signatures are judged by ssh-keygen too (Debian: apt-get install openssh-client)")
    both = not options.sqlite and machine.want("PostgreSQL", machine.POSTGRES_PACKAGES, machine.postgres)
    with ExitStack() as held:
        url = held.enter_context(_on_postgres()) if both else ""
        walked = Path(held.enter_context(tempfile.TemporaryDirectory()))
        asked = [*(["--long"] if options.long else []), *options.rest]
        answer = _two_at_once(_everything(asked, url, walked) if whole else _some(asked, url))
        if whole and not os.environ.get("CI"):
            _write_mission(walked)
    if not both and not options.sqlite:
        tell("Ran on SQLite only: no PostgreSQL 15 or newer on this machine (Debian: apt-get install postgresql-15).")
    return answer


def _some(asked: list[str], url: str) -> list[Part]:
    """The tests that were named, on each database."""
    return [Part("On SQLite", _shared(asked, url)), *_beside(asked, url)]


def _everything(asked: list[str], url: str, walked: Path) -> list[Part]:
    """All tests. Those of the browser go apart and last: they wait, so that they end soonest with both cores."""
    without, alone = ({"COMITY_WHOLE_RUN": str(walked / name)} for name in ("without the browser", "in the browser"))
    return [
        Part("On SQLite", [*_shared(asked, url), "-m", "not browser"], without),
        *_beside(asked, url),
        Part("In the browser, on SQLite", [*asked, "-m", "browser"], alone),
    ]


def _beside(asked: list[str], url: str) -> list[Part]:
    words = [*_shared(asked, url), "-m", "database and not browser"]
    return [Part("On PostgreSQL, what asks a database", words, {"DATABASE_URL": url})] if url else []


def _shared(asked: list[str], url: str) -> list[str]:
    """The commit that is tested deals the leak matrix to both databases; outside a checkout the day."""
    if not url:
        return asked
    told = subprocess.run(["git", "rev-parse", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    return [f"--leaks={told.stdout.strip()[:12] or f'{datetime.now(UTC):%Y-%m-%d}'}", *asked]


@contextmanager
def _on_postgres() -> Iterator[str]:
    """A server of its own."""
    binaries = machine.postgres()
    assert binaries is not None
    with postgres.server(binaries) as url:
        yield url


def _two_at_once(parts: Sequence[Part]) -> int:
    """The first part, and beside it the others one after another; the exit code of the first that failed."""
    first, *others = parts
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said, _one_by_one(others, said) as (answers, done):
        answer = _pytest(first).wait()
        done.join()
        said.seek(0)
        for line in said:
            print(line, end="", flush=True)
    return answer or next(filter(None, answers), ANSWERED)


@contextmanager
def _one_by_one(parts: Sequence[Part], said: IO[str]) -> Iterator[tuple[list[int], Thread]]:
    """Run parts in turn, with what they say in a file; where this is left early, the one that runs is ended."""
    answers: list[int] = []
    running: list[subprocess.Popen[str]] = []
    left = Event()

    def work() -> None:
        for part in parts:
            if left.is_set():
                return
            print(f"\n{part.title}:", file=said, flush=True)
            running.append(_pytest(part, said))
            code = running[-1].wait()
            answers.append(ANSWERED if code == NO_TEST_RAN else code)

    thread = Thread(target=work)
    thread.start()
    try:
        yield answers, thread
    finally:
        left.set()
        for process in running:
            process.terminate()
        thread.join()


def _pytest(part: Part, says: IO[str] | None = None) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *part.words],
        cwd=CHECKOUT,
        env=kept | part.environment,
        stdout=says,
        stderr=subprocess.STDOUT if says else None,
        text=True,
    )


def _write_mission(walked: Path) -> None:
    """The mission page's source: what passed of each row, in any part of the run."""
    from comity.site.mission.states import RESULT

    rows: dict[str, list[dict[str, str]]] = {}
    for place in walked.iterdir():
        for row, walks in json.loads(place.read_text(encoding="utf-8")).items():
            rows.setdefault(row, []).extend(walks)
    told = {
        row: sorted(rows[row], key=lambda walk: walk["test"]) for row in sorted(rows, key=lambda name: int(name[1:]))
    }
    RESULT.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


COMMAND = Command(
    name="test",
    purpose="run all tests, in a real browser too, on SQLite and (where a server can be started) on PostgreSQL",
    example="./comity test src/comity/texts -k dissent",
    arguments=arguments,
    run=run,
    passes_on=True,
)
