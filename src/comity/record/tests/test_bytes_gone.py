"""What was erased is gone: from the tables, from the bytes of the database's files, and after a restored backup too.

Each test runs a whole instance in processes of its own, on files of its own: SQLite in a folder, or a database of its
own on the PostgreSQL that the run was given.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from comity.record.tests.erasing import MANY, WORD

pytestmark = pytest.mark.database
CHECKOUT = Path(__file__).resolve().parents[4]
SALT = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


class Instance:
    """An instance whose every act is a process of its own."""

    def __init__(self, home: Path, url: str = "", data: Path | None = None, name: str = "") -> None:
        self.home, self.name = home, name
        self.data = data or home
        """The folder of the database's files."""
        kept = {
            name: text for name, text in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_", "DATABASE_"))
        }
        self.environment = kept | {"PYTHONPATH": str(CHECKOUT / "src"), "COMITY_HOME": str(home)}
        self.environment |= {"COMITY_SECRET_KEY": "only-for-tests"} | ({"DATABASE_URL": url} if url else {})

    def does(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m`` with these words, and expect it to go well."""
        return subprocess.run(
            [sys.executable, "-m", *words], env=self.environment, capture_output=True, text=True, check=True
        )

    def step(self, name: str) -> Any:
        """One step of ``erasing``."""
        return json.loads(self.does("comity.record.tests.erasing", name).stdout)

    def bytes_of(self, *left_out: str) -> Iterator[tuple[Path, bytes]]:
        """Every file of the instance and of its database, but for folders that are left out by name."""
        for folder in {self.home, self.data}:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and not set(left_out) & set(path.relative_to(folder).parts):
                    yield path, path.read_bytes()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance with planted words, made once; each test works on a copy of its own."""
    home = tmp_path_factory.mktemp("planted")
    with database(home) as one:
        one.step("planted")
        yield one


@pytest.fixture
def instance(planted: Instance, tmp_path: Path) -> Iterator[Instance]:
    """A copy of the planted instance on the kind of database that this run is about."""
    shutil.copytree(planted.home, tmp_path, dirs_exist_ok=True)
    with database(tmp_path, template=planted.name) as one:
        yield one


@contextmanager
def database(home: Path, template: str = "template0") -> Iterator[Instance]:
    """An instance in a folder: with a file there, or with a database of its own beside that of the run."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield Instance(home)
        return
    import psycopg

    name = f"erasing_{uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        server.execute("CHECKPOINT")
        asked = "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = %s"
        row = server.execute(asked, (name,)).fetchone()
        assert row is not None
        if not os.access(row[0], os.R_OK | os.X_OK):
            pytest.skip("the files of this PostgreSQL cannot be read from here")
        own = re.sub(r"^(postgres(?:ql)?://[^/]*/)[^?]*", rf"\g<1>{name}", url)
        try:
            yield Instance(home, own, Path(row[0]) / "base" / str(row[1]), name)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def is_sqlite(one: Instance) -> bool:
    return one.data == one.home


def still_saying(one: Instance, word: bytes) -> dict[str, int]:
    """The files that hold a word, and how often."""
    return {path.name: count for path, content in one.bytes_of() if (count := content.count(word))}


def test_no_byte_of_what_was_erased_is_left_in_the_files_of_the_database(instance: Instance) -> None:
    assert still_saying(instance, WORD.encode())
    done = instance.step("words_erased")
    assert any("the bytes of what was erased are gone" in line for line in done["due"])
    assert instance.step("audited") == {"faults": [], "names": 0}
    assert still_saying(instance, WORD.encode()) == {}
    assert still_saying(instance, b"p" * 16) == {}


def test_a_restored_backup_is_brought_up_to_the_erasures_by_itself(instance: Instance, tmp_path: Path) -> None:
    if not is_sqlite(instance):
        pytest.skip("the backup of this test is a file; what follows its restoring knows no database")
    backup(instance.home, kept := tmp_path.parent / f"{tmp_path.name}-backup.sqlite3")
    instance.step("words_erased")
    told = instance.does("comity", "record", "erased", "--since", "2026-01-01").stdout
    assert told.count("  words  (GDPR art. 17(1))") == MANY
    assert f"still holds {MANY + 1} values" in told
    assert WORD not in told
    restore(kept, instance.home)
    assert still_saying(instance, WORD.encode())
    done = instance.does("comity", "tick")
    assert f"fiction: a backup was restored: {MANY + 1} values that had been erased are erased again" in done.stderr
    assert instance.step("audited") == {"faults": [], "names": 0}
    assert still_saying(instance, WORD.encode()) == {}
    assert "a backup was restored" not in instance.does("comity", "tick").stderr


def test_while_somebody_reads_the_journal_it_is_said_that_the_bytes_wait(instance: Instance) -> None:
    if not is_sqlite(instance):
        pytest.skip("only SQLite has a journal beside it")
    (database,) = instance.home.glob("*.sqlite3")
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM record_entry").fetchone()
        done = instance.step("words_erased")
        assert any("still stands in the journal" in line for line in done["due"])
    assert "the bytes of what was erased are gone" in instance.does("comity", "tick").stdout
    assert still_saying(instance, WORD.encode()) == {}


def backup(home: Path, target: Path) -> None:
    """A backup as SQLite makes one while the instance works."""
    (source,) = home.glob("*.sqlite3")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)


def restore(kept: Path, home: Path) -> None:
    """Put the backup in the place of the database, and nothing else."""
    (database,) = home.glob("*.sqlite3")
    for path in home.glob(f"{database.name}-*"):
        path.unlink()
    shutil.copy(kept, database)


@pytest.mark.long
def test_every_value_of_a_played_story_is_erased_and_every_proof_goes_on_verifying(instance: Instance) -> None:
    before = instance.step("played")
    assert len(before["salts"]) > 300
    done = instance.step("everything_erased")
    assert done["faults"] == []
    assert done["count"] >= len(before["salts"])
    assert done["slowest"] < 60  # a bound against hanging; how long one takes is measured apart
    print(f"{done['count']} values erased, the slowest in {done['slowest'] * 1000:.0f} ms")
    instance.step("audited")
    erased = {salt.encode() for salt in before["salts"]}
    for path, content in instance.bytes_of("record"):
        assert erased.isdisjoint(SALT.findall(content)), path.name
    after = instance.step("still_proved")
    assert after["now"] > after["kept"] > 100
