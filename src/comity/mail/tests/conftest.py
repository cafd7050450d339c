"""A small SMTP server on this machine that says what a test tells it to say, and keeps what it was given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import cast

import pytest
from pytest_django import Settings

PATIENCE = 10


@dataclass
class PostOffice:
    """What came in, and how it answers: ``sender`` to MAIL FROM, ``recipient`` to RCPT TO, ``words`` after DATA."""

    port: int = 0
    sender: str = "250 so be it"
    recipient: str = "250 known here"
    words: str = "250 taken"
    silent_at: str = ""
    """Where it falls silent: at its greeting, at a verb, or at the dot that ends a letter."""
    handed_over: list[Message] = field(default_factory=list)
    """Every letter that came in whole, whatever was answered."""
    letters: list[Message] = field(default_factory=list)
    """Those that were taken."""
    dialogue: list[str] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)
    """Set once it has fallen silent."""
    goes_on: threading.Event = field(default_factory=threading.Event)

    def falls_silent(self, at: str) -> None:
        """Say nothing more from there on, in dialogues to come."""
        self.reached.clear()
        self.goes_on.clear()
        self.silent_at = at

    def speaks_again(self) -> None:
        """Answer as before; whoever waits goes on."""
        self.silent_at = ""
        self.goes_on.set()


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.office = cast("PostOffice", self.server.office)  # type: ignore[attr-defined]  # set by the fixture
        with suppress(OSError):  # the other side was killed
            self._talk()

    def _talk(self) -> None:
        self._say("220 ready", "greeting")
        while line := self.rfile.readline().decode().strip():
            self.office.dialogue.append(line)
            verb = line.split()[0].upper()
            if verb == "QUIT":
                self._say("221 farewell", verb)
                return
            if verb == "DATA":
                self._take()
            else:
                said = {"RCPT": self.office.recipient, "MAIL": self.office.sender}
                self._say(said.get(verb, "250 so be it"), verb)

    def _take(self) -> None:
        self._say("354 go on", "DATA")
        lines = iter(self.rfile.readline, b".\r\n")
        letter = message_from_bytes(b"".join(lines))
        self.office.handed_over.append(letter)
        if self.office.words.startswith("2"):
            self.office.letters.append(letter)
        self._say(self.office.words, ".")

    def _say(self, words: str, at: str) -> None:
        if self.office.silent_at == at:
            self.office.reached.set()
            self.office.goes_on.wait(PATIENCE)
        self.wfile.write(words.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    """A listening post office, to which the instance under test sends."""
    office = PostOffice()
    with _Server(("127.0.0.1", 0), _Line) as server:
        server.office = office  # type: ignore[attr-defined]  # read back by the handler
        office.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        settings.EMAIL_BACKEND = "comity.mail.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        yield office
        office.speaks_again()
        server.shutdown()
