"""A small SMTP server on this machine that says what a test tells it to say, and keeps what it was given."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import cast

import pytest
from pytest_django import Settings


@dataclass
class PostOffice:
    """What came in, and how it answers: ``recipient`` to RCPT TO, ``words`` after DATA."""

    port: int = 0
    recipient: str = "250 known here"
    words: str = "250 taken"
    letters: list[Message] = field(default_factory=list)
    dialogue: list[str] = field(default_factory=list)


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        office = cast("PostOffice", self.server.office)  # type: ignore[attr-defined]  # set by the fixture
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            office.dialogue.append(line)
            verb = line.split()[0].upper()
            if verb == "QUIT":
                self._say("221 farewell")
                return
            if verb == "RCPT":
                self._say(office.recipient)
            elif verb == "DATA":
                self._take(office)
            else:
                self._say("250 so be it")

    def _take(self, office: PostOffice) -> None:
        self._say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        letter = message_from_bytes(b"".join(lines))
        if office.words.startswith("2"):
            office.letters.append(letter)
        self._say(office.words)

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    """A listening post office, to which the instance under test sends."""
    office = PostOffice()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Line) as server:
        server.office = office  # type: ignore[attr-defined]  # read back by the handler
        office.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        yield office
        server.shutdown()
