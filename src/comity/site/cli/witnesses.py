"""The demo's own witnesses: three processes of the stand-alone program, all in one hand, as the pages then say."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from comity.record.core.notes import VerifierKey
from comity.record.core.policies import NONE, Group, Party, Policy
from comity.site.cli.command import tell

PROGRAM = Path(__file__).resolve().parents[4] / "witness" / "comity_witness.py"
NAMES = ("w1", "w2", "w3")
VKEY, ERRORS, MAKING = "vkey", "errors", ".making"
QUORUM = "most"
CONTROLLER = "whoever runs this demo"
"""In the words of the policy's list, for the log and for each witness: none of them is independent."""
PATIENCE = 20.0
"""Seconds for a witness to say where it answers."""


class NotStarted(Exception):
    """A witness does not answer; the message says why, to follow its name."""


@dataclass(frozen=True)
class Running:
    """A witness that answers: its process, its key and its address."""

    process: "subprocess.Popen[str]"
    party: Party


@contextmanager
def answering(home: Path, logs: Sequence[VerifierKey]) -> Iterator[dict[str, Party]]:
    """Let the witnesses whose state lies below a folder answer while this lasts; give those that do, by name.

    One that cannot is told of in a line. However this process ends, their standard input does too, and so they do.
    """
    with ExitStack() as running:
        with ThreadPoolExecutor(len(NAMES)) as pool:
            found = dict(zip(NAMES, pool.map(lambda name: _tried(home / name, logs), NAMES), strict=True))
        answers = {name: one.party for name, one in found.items() if isinstance(one, Running)}
        for one in found.values():
            if isinstance(one, Running):
                running.enter_context(one.process)
        if silent := [f"{name} {why}" for name, why in found.items() if isinstance(why, NotStarted)]:
            tell(f"comity demo: goes on with {len(answers)} of {len(NAMES)} witnesses: {'; '.join(silent)}")
        yield answers


def policy(witnesses: Mapping[str, Party]) -> Policy:
    """Most of them must cosign; where there are none, nobody need."""
    if not witnesses:
        return Policy(quorum=NONE)
    most = Group(len(witnesses) // 2 + 1, tuple(witnesses))
    return Policy(witnesses=witnesses, groups={QUORUM: most}, quorum=QUORUM)


def controllers(witnesses: Mapping[str, Party]) -> str:
    """Who runs the log, and each of them."""
    return "".join(f"{name} {CONTROLLER}\n" for name in ("log", *witnesses))


def _tried(folder: Path, logs: Sequence[VerifierKey]) -> Running | NotStarted:
    try:
        if not folder.exists():
            _make(folder, logs)
        return _served(folder)
    except (OSError, NotStarted, subprocess.TimeoutExpired) as error:
        return NotStarted(f"does not start ({error})")


def _make(folder: Path, logs: Sequence[VerifierKey]) -> None:
    """Make a witness that trusts these logs: whole, or not at all."""
    draft = folder.with_name(f"{folder.name}{MAKING}")
    shutil.rmtree(draft, ignore_errors=True)
    vkey = _said("init", draft, "--name", f"localhost/{folder.name}")
    for log in logs:
        _said("add-log", draft, str(log))
    (draft / VKEY).write_text(vkey)
    draft.rename(folder)


def _said(*words: str | Path) -> str:
    """What a command of the witness answers; raise NotStarted with the reason that it gives."""
    done = subprocess.run(
        [sys.executable, PROGRAM, *words], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    if done.returncode:
        raise NotStarted(_reason(done.stderr))
    return done.stdout.strip()


def _served(folder: Path) -> Running:
    key = VerifierKey.parse((folder / VKEY).read_text())
    with (folder / ERRORS).open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, PROGRAM, "serve", folder, "--port", "0", "--until-eof"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout
    hangs = Timer(PATIENCE, process.kill)
    hangs.start()
    _name, answers, address = process.stdout.readline().partition(" answers at ")
    hangs.cancel()
    if not answers:
        with process:
            raise NotStarted(_reason((folder / ERRORS).read_text()))
    return Running(process, Party(key, address.strip()))


def _reason(said: str) -> str:
    return (said.strip().splitlines() or ["it does not say why"])[-1].removeprefix("error: ")
