"""A witness inside the test's own process: honest until it is told to misbehave, and it remembers all it was shown."""

import base64
import contextlib
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.notes import KeyKind, Note, SigningKey, VerifierKey


@dataclass
class Witness:
    """Its key, what it has cosigned last, every head it was shown; ``misbehave`` answers in its place."""

    name: str
    address: str = ""
    note: Note | None = None
    shown: list[Checkpoint] = field(default_factory=list)
    asked: int = 0
    misbehave: "Callable[[BaseHTTPRequestHandler], None] | None" = None
    clock: Callable[[], float] = time.time

    @property
    def key(self) -> SigningKey:
        """The same for a name in every test."""
        return SigningKey(self.name, KeyKind.COSIGNATURE, hashlib.sha256(self.name.encode()).digest())

    @property
    def verifier(self) -> VerifierKey:
        """Its public half."""
        return self.key.verifier

    @property
    def size(self) -> int:
        """What it has seen of the log."""
        return Checkpoint.of(self.note).size if self.note else 0

    def add(self, body: bytes) -> tuple[int, bytes]:
        """What an honest witness answers."""
        head, _divided, note_bytes = body.partition(b"\n\n")
        old, *proof = head.decode().split("\n")
        note = Note.parse(note_bytes)
        new = Checkpoint.of(note)
        self.shown.append(new)
        if int(old.removeprefix("old ")) != self.size:
            return 409, f"{self.size}\n".encode()
        root = Checkpoint.of(self.note).root if self.note else merkle.EMPTY_ROOT
        try:
            merkle.verify_consistency(self.size, new.size, [base64.b64decode(one) for one in proof], root, new.root)
        except merkle.BadProof:
            return 422, b"no\n"
        line = self.key.sign(note.text, time=int(self.clock()))
        self.note = Note(note.text, [*note.signatures, line])
        return 200, line.line().encode()


def answered(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    """Send an answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextlib.contextmanager
def witnessing(*names: str) -> Iterator[list[Witness]]:
    """Let witnesses of these names answer, each at a port of its own."""
    witnesses = [Witness(name) for name in names]
    servers = [_server(witness) for witness in witnesses]
    try:
        yield witnesses
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _server(witness: Witness) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if witness.note is None:
                answered(self, 404, b"")
            else:
                answered(self, 200, bytes(witness.note))

        def do_POST(self) -> None:
            witness.asked += 1
            if witness.misbehave is not None:
                with contextlib.suppress(OSError):
                    witness.misbehave(self)
                return
            answered(self, *witness.add(self.rfile.read(int(self.headers["Content-Length"]))))

        def log_message(self, *_of: object) -> None:
            """Nothing is told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    witness.address = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server
