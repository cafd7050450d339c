"""``./comity check``: form, style, types, contracts between rooms, ways out, migrations and translations."""

import os
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from comity.site.cli.command import ANSWERED, SAID_NO, Command

CHECKOUT = Path(__file__).resolve().parents[4]
BIN = Path(sys.executable).parent
MOST_LINES = 200
REGISTERED = "src/comity/site/tests/leaks/test_registered.py"
"""Every governed model is declared by a kind, every kind has a sample, and every address says which exit it is."""
CHECKS = (
    ("types", [str(BIN / "mypy"), "--strict"]),
    ("rooms and floors", [str(BIN / "lint-imports"), "--no-cache"]),
    ("migrations", [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]),
    ("kinds and ways out", [str(BIN / "pytest"), "-q", "-p", "no:cacheprovider", REGISTERED]),
    ("translations", [sys.executable, "-m", "comity", "messages", "--check"]),
    ("form", [str(BIN / "ruff"), "format", "--check", "."]),
    ("style", [str(BIN / "ruff"), "check", "."]),
)
"""The long ones first, so that two cores end together."""


def arguments(parser: ArgumentParser) -> None:
    """It takes none."""


def run(options: Namespace) -> int:
    """Run every check, two at a time; print what each found."""
    with ThreadPoolExecutor(2) as two:
        answers = list(two.map(lambda named: _ask(*named), CHECKS))
    return SAID_NO if any(answers) else ANSWERED


def _ask(name: str, command: list[str]) -> int:
    began = time.monotonic()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "comity.site.settings_test"}
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "no" if done.returncode else "ok"
    found = done.stdout.rstrip().splitlines() if done.returncode else []
    more = [f"... and {len(found) - MOST_LINES} more lines"] if len(found) > MOST_LINES else []
    told = "\n".join([f"{verdict}  {name} ({time.monotonic() - began:.1f} s)", *found[:MOST_LINES], *more])
    print(told, flush=True)
    return done.returncode


COMMAND = Command(
    name="check",
    purpose="check form, style, types, contracts between rooms, ways out, migrations and translations",
    example="./comity check",
    arguments=arguments,
    run=run,
)
