"""``./comity bench``: each benchmark beside its named peer, in one run; peers live in ``.bench``, apart."""

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from comity.site.cli.command import BAD_USAGE, Command, CommandError, tell

CHECKOUT = Path(__file__).resolve().parents[4]
BENCHMARKS = ("opinions", "pages", "record", "search")
WITH_PEERS_APART = frozenset({"opinions", "record"})
PEERS = CHECKOUT / ".bench"


def arguments(parser: ArgumentParser) -> None:
    """Which one."""
    parser.add_argument("name", nargs="?", default="opinions", choices=BENCHMARKS, help="what is measured")
    parser.usage = "./comity bench [NAME] [arguments of the benchmark]"


def run(options: Namespace) -> int:
    """Set up missing peers, then run the benchmark; exit 1 when its results differ from the peer's."""
    if not (CHECKOUT.parent / "shared" / "data").is_dir():
        tell("the benchmarks need the real inputs in ../shared/data, beside the checkout")
        return BAD_USAGE
    if options.name in WITH_PEERS_APART:
        _prepare_peers()
    program = [sys.executable, str(CHECKOUT / "bench" / f"{options.name}.py"), *options.rest]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT / "src")}
    return subprocess.run(program, cwd=CHECKOUT, env=environment, check=False).returncode


def _prepare_peers() -> None:
    lock = CHECKOUT / "locks" / "bench.txt"
    stamp = PEERS / "made-from"
    if stamp.exists() and stamp.read_text() == lock.read_text():
        return
    tell("installing the peers into .bench")
    uv = str(CHECKOUT / ".venv" / "bin" / "uv")
    python = str(PEERS / "bin" / "python")
    for command in (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(PEERS)],
        [uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", str(lock)],
    ):
        if subprocess.run(command, cwd=CHECKOUT, check=False).returncode:
            raise CommandError(f"the peers could not be installed: {' '.join(command[1:4])} failed")
    stamp.write_text(lock.read_text())


COMMAND = Command(
    name="bench",
    purpose="measure beside a named peer: opinions (red-dwarf 0.4.0), pages (adhocracy-plus, as recorded), "
    "record (pymerkle 7.0.0), search (SQLite FTS5, PostgreSQL pg_trgm)",
    example="./comity bench opinions",
    arguments=arguments,
    run=run,
    passes_on=True,
)
