"""``./comity lock``: compile the lists of packages into locks with the hash of every file and no address."""

import subprocess
from argparse import ArgumentParser, Namespace
from pathlib import Path

from comity.site.cli.command import ANSWERED, SAID_NO, Command, tell

CHECKOUT = Path(__file__).resolve().parents[4]
LOCKS = ("uv", "node", "run", "dev", "bench")
UV = ["pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
WITHOUT_ADDRESSES = ["--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]


def arguments(parser: ArgumentParser) -> None:
    """Whether to take newer versions."""
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that the .in files admit")


def run(options: Namespace) -> int:
    """Compile each ``locks/*.in``, and the front-end's ``package-lock.json``."""
    newer = ["--upgrade"] if options.upgrade else []
    uv = [str(CHECKOUT / ".venv" / "bin" / "uv"), *UV, *WITHOUT_ADDRESSES, *newer]
    for name in LOCKS:
        kept = ["-c", "locks/run.txt"] if name == "dev" else []
        if _failed([*uv, *kept, f"locks/{name}.in", "-o", f"locks/{name}.txt"]):
            return SAID_NO
        tell(f"locks/{name}.txt")
    words = ["update"] if options.upgrade else ["install"]
    if _failed(["npm", *words, "--package-lock-only", "--prefix", "frontend"]):
        return SAID_NO
    tell("frontend/package-lock.json")
    return ANSWERED


def _failed(command: list[str]) -> bool:
    return subprocess.run(command, cwd=CHECKOUT, check=False).returncode != 0


COMMAND = Command(
    name="lock",
    purpose="compile locks/*.in and frontend/package.json into locks: every file with its hash, no address",
    example="./comity lock --upgrade",
    arguments=arguments,
    run=run,
)
