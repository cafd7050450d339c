"""Killed at every step of publishing, on SQLite and on PostgreSQL: a restart finds one history, and nothing is lost."""

import json
import os
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from comity.record.tests.hostile import Witness, witnessing

SOURCES = Path(__file__).resolve().parents[3]
BOUND = 3600
"""Seconds after which a run that hangs is given up."""


@contextmanager
def scratch_database(home: Path) -> Iterator[dict[str, str]]:
    """A database of the kind under test for processes of their own: a file, or another one of the same server."""
    if connection.vendor == "sqlite":
        yield {"COMITY_DATABASE": str(home / "comity.sqlite3")}
        return
    name, told = f"crashes_{os.getpid()}", connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        user, password = quote(str(told["USER"])), quote(str(told["PASSWORD"]))
        yield {
            "DATABASE_URL": f"postgresql://{user}:{password}@/{name}?host={quote(str(told['HOST']))}&port={told['PORT']}"
        }
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(home: Path, asked: list[Witness], program: str, *words: object) -> Any:
    """Run a program on a log of its own that these witnesses watch; what it prints."""
    policies = home / "record-policy"
    policies.mkdir()
    lines = [f"witness w{number} {one.verifier} {one.address}\n" for number, one in enumerate(asked)]
    (policies / "fiction").write_text(f"{''.join(lines)}group q 2 w0 w1 w2\nquorum q\n")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_", "DATABASE"))
    }
    with scratch_database(home) as database:
        answer = subprocess.run(
            [sys.executable, "-m", f"comity.record.tests.{program}", *map(str, words)],
            env=kept | {"PYTHONPATH": str(SOURCES), "COMITY_HOME": str(home), "COMITY_SECRET_KEY": "x" * 50} | database,
            capture_output=True,
            text=True,
            check=False,
            timeout=BOUND,
        )
    assert answer.returncode == 0, f"{words}: {answer.stderr[-4000:]}"
    return json.loads(answer.stdout)


def one_head_per_size(asked: list[Witness]) -> None:
    """What the witnesses were shown, also by those who died right after: one root of each size."""
    roots = defaultdict(set)
    for witness in asked:
        for head in witness.shown:
            roots[head.size].add(head.root)
    assert roots
    assert all(len(one) == 1 for one in roots.values())


@pytest.mark.django_db(transaction=True)
def test_killed_at_a_sample_of_points_a_restart_finds_one_history(tmp_path: Path) -> None:
    step = 9
    first = random.randint(1, step)  # noqa: S311 - which sample is taken; a failure prints it
    with witnessing("example.org/w1", "example.org/w2", "example.org/w3") as asked:
        told = run(tmp_path, asked, "crashing", "steps", first, step, 1, 130, 2)
        one_head_per_size(asked)
    assert told["deaths"] > 2


@pytest.mark.django_db(transaction=True)
def test_killed_inside_a_sample_of_commits_a_restart_finds_one_history(tmp_path: Path) -> None:
    step = 23
    first = random.randint(1, step)  # noqa: S311 - which sample is taken; a failure prints it
    with witnessing("example.org/w1", "example.org/w2", "example.org/w3") as asked:
        told = run(tmp_path, asked, "crashing", "commits", first, step, 1)
        one_head_per_size(asked)
    assert told["deaths"] > 0


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("counts", [(1,), (2, 20)])
def test_killed_at_every_write_inside_a_commit_a_restart_finds_one_history(
    tmp_path: Path, counts: tuple[int, ...]
) -> None:
    with witnessing("example.org/w1", "example.org/w2", "example.org/w3") as asked:
        told = run(tmp_path, asked, "crashing", "commits", 1, 1, *counts)
        one_head_per_size(asked)
    print(f"{told['deaths']} deaths inside commits")
    assert told["deaths"] > 10


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("counts", [(1,), (255,)])
def test_killed_at_every_point_a_restart_finds_one_history(tmp_path: Path, counts: tuple[int, ...]) -> None:
    with witnessing("example.org/w1", "example.org/w2", "example.org/w3") as asked:
        told = run(tmp_path, asked, "crashing", "steps", 1, 1, *counts)
        one_head_per_size(asked)
    print(f"{told['deaths']} deaths")
    assert told["deaths"] > 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", [13, pytest.param(1, marks=pytest.mark.long)])
def test_killed_while_a_log_is_succeeded_the_command_is_given_again_and_done_once(tmp_path: Path, step: int) -> None:
    first = random.randint(1, step)  # noqa: S311 - which sample is taken; a failure prints it
    with witnessing("example.org/w1", "example.org/w2", "example.org/w3") as asked:
        told = run(tmp_path, asked, "crashing", "successions", first, step)
    print(f"{told['deaths']} deaths while a log was succeeded")
    assert told["deaths"] > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lock", [(), ("unlocked",)], ids=["with the lock", "with compare-and-set alone"])
def test_of_two_processes_that_publish_one_log_one_wins_at_each_size(tmp_path: Path, lock: tuple[str, ...]) -> None:
    with witnessing("example.org/w1", "example.org/w2", "example.org/w3") as asked:
        told = run(tmp_path, asked, "racing", 25, *lock)
        one_head_per_size(asked)
    for one in told:
        assert len(one) == 25
        stopped = {"busy"} if not lock else {"head-moved", "disk-refuses", "published-ahead", "tile-differs", "waiting"}
        assert set(one) <= {"published", "nothing"} | stopped, one
    assert any("published" in one for one in told)
