"""A PostgreSQL server of our own for one test run: private folder and port, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.site.cli.command import CommandError

STARTS_WITHIN = 30
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=40")
"""A test database need not survive the power cut that the tests do not."""


@contextmanager
def server(binaries: Path) -> Iterator[str]:
    """Run a fresh server for a while; gives its ``DATABASE_URL``."""
    folder = Path(tempfile.mkdtemp(prefix="comity-pg-"))
    try:
        with _running(binaries, folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(binaries: Path, folder: Path) -> Iterator[str]:
    owner = _owner(folder)
    cluster = ["-D", str(folder / "data")]
    _run([*owner, str(binaries / "initdb"), *cluster, "-U", "comity", "-A", "trust", "-E", "UTF8", "--no-sync"], folder)
    settings = [word for setting in FAST for word in ("-c", setting)]
    command = [*owner, str(binaries / "postgres"), *cluster, "-k", str(folder), "-p", "5432", *settings]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        _await(folder / ".s.PGSQL.5432", process, folder / "server.log")
        yield f"postgresql://comity@/postgres?host={folder}&port=5432"
    finally:
        _run([*owner, str(binaries / "pg_ctl"), "stop", *cluster, "-m", "immediate"], folder)
        process.wait(timeout=STARTS_WITHIN)


def _owner(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: there, its own user runs it."""
    if os.geteuid():
        return []
    try:
        shutil.chown(folder, "postgres")
    except LookupError as error:
        raise CommandError("PostgreSQL does not run as root, and there is no user postgres") from error
    return [shutil.which("runuser") or "runuser", "-u", "postgres", "--"]


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise CommandError(f"{Path(command[-1]).name}: {done.stdout.strip()}")


def _await(door: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        if door.exists():
            with socket.socket(socket.AF_UNIX) as knock:
                if knock.connect_ex(str(door)) == 0 and "ready to accept" in log.read_text():
                    return
        time.sleep(0.1)
    raise CommandError(f"PostgreSQL did not start: {log.read_text()}")
