"""Real witnesses: ``witness/comity_witness.py`` as a process, asked over HTTP; and a log in memory that asks them."""

import base64
import contextlib
import http.client
import importlib.util
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.notes import KeyKind, Note, Signature, SigningKey, VerifierKey
from comity.record.core.tiles import TileName, bundled, grown, tiles_of

PROGRAM = Path(__file__).resolve().parents[4] / "witness" / "comity_witness.py"
PATIENCE = 60
"""Seconds after which a test gives up on a process that hangs."""


def commanded(*words: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the witness to its end."""
    return subprocess.run(
        [sys.executable, PROGRAM, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        env={**os.environ, **environment},
    )


def told(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run a command of the witness to its end in this process, which starts none for each of many."""
    out, errors = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = PROGRAM_READ.main([str(word) for word in words])
    out.flush()
    return subprocess.CompletedProcess([], code, out.buffer.getvalue().decode(), errors.getvalue())


def _read() -> ModuleType:
    spec = importlib.util.spec_from_file_location("comity_witness", PROGRAM)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


PROGRAM_READ = _read()
"""The program as a module."""


def made(folder: Path, *logs: VerifierKey, name: str = "witness.example.org/w1", url: str = "") -> VerifierKey:
    """Make a witness that trusts these logs; its key."""
    answer = told("init", folder, "--name", name)
    assert answer.returncode == 0, answer.stderr
    for log in logs:
        added = told("add-log", folder, str(log), *([url] if url else []))
        assert added.returncode == 0, added.stderr
    return VerifierKey.parse(answer.stdout.strip())


@dataclass
class Running:
    """A witness that answers: its folder, its process, where it is asked."""

    folder: Path
    process: "subprocess.Popen[str]"
    address: str

    def asked(self, body: bytes, path: str = "/add-checkpoint", method: str = "POST") -> "Answered":
        """Ask over a connection of its own."""
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, path, body or None)
            answer = connection.getresponse()
            return Answered(answer.status, answer.read(), answer.headers["Content-Type"])

    def read(self, path: str) -> "Answered":
        """Read what it shows."""
        return self.asked(b"", path, "GET")


@dataclass(frozen=True)
class Answered:
    """What a witness answered."""

    status: int
    body: bytes
    kind: str


@contextlib.contextmanager
def serving(
    folder: Path, *words: str, program: Sequence[str | Path] = (PROGRAM,), errors: Path | None = None
) -> Iterator[Running]:
    """Let a witness that was made answer at a free port; it is ended with the block. Errors lie beside its folder."""
    errors = errors or folder.with_name(f"{folder.name}.stderr")
    with errors.open("a") as written:
        process = subprocess.Popen(
            [sys.executable, *program, "serve", folder, "--port", "0", *words],
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert " answers at " in line, line + errors.read_text()
        yield Running(folder, process, line.split(" answers at ")[1].strip())
    finally:
        process.terminate()
        process.wait(PATIENCE)
        if process.stdout:
            process.stdout.close()


@dataclass
class WitnessedLog:
    """A log of plain entries that is signed by a fixed key and can be written as static files."""

    origin: str = "log.example.org/record"
    entries: list[bytes] = field(default_factory=list)

    @property
    def key(self) -> SigningKey:
        """Its key, the same in every test."""
        return SigningKey(self.origin, KeyKind.NOTE, merkle.leaf_hash(self.origin.encode()))

    def grow(self, count: int, what: str = "entry") -> "WitnessedLog":
        """Append so many entries."""
        self.entries += [f"{what} {len(self.entries) + number}".encode() for number in range(count)]
        return self

    def hashes(self, size: int | None = None) -> list[bytes]:
        """The hashes of its first entries."""
        return [merkle.leaf_hash(entry) for entry in self.entries[:size]]

    def note(self, size: int | None = None, *more: Signature) -> bytes:
        """Its checkpoint of a size, signed."""
        hashes = self.hashes(size)
        return self.signed(Checkpoint(self.origin, len(hashes), merkle.root_of(hashes)).body(), *more)

    def signed(self, text: bytes, *more: Signature) -> bytes:
        """Any text under its signature."""
        return bytes(Note(text, [self.key.sign(text), *more]))

    def request(self, old: int, size: int | None = None) -> bytes:
        """What it asks of a witness that has seen ``old`` of its entries."""
        hashes = self.hashes(size)
        proof = merkle.consistency_proof(hashes, old) if 0 < old < len(hashes) else []
        return asking(old, proof, self.note(size))

    def write(self, folder: Path, size: int | None = None) -> None:
        """Write it as C2SP tlog-tiles serves it, earlier tiles left as they are."""
        hashes = self.hashes(size)
        written = grown(0, {}, hashes).tiles
        for tile in tiles_of(len(hashes)):
            _write(folder / tile.path, written[tile])
            if tile.level == 0:
                first = tile.number * 256
                entries = self.entries[first : first + tile.width]
                _write(folder / TileName(-1, tile.number, tile.width).path, bundled(entries))
        _write(folder / "checkpoint", self.note(size))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def asking(old: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The body of add-checkpoint."""
    hashes = "".join(f"{base64.b64encode(one).decode()}\n" for one in proof)
    return f"old {old}\n{hashes}\n".encode() + checkpoint


def soon(happened: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
