"""One question to another machine: so many seconds for all of it, so many bytes, and no being sent elsewhere."""

import http.client
import io
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

MOST = 64 * 1024
"""Bytes of an answer that are read, its head included."""


class NoAnswer(Exception):
    """Nothing came back that could be used; the message says why, to follow the name of who was asked."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and the body as far as it may go."""

    status: int
    body: bytes

    def text(self) -> str:
        """The body as text; raise NoAnswer."""
        try:
            return self.body.decode()
        except UnicodeDecodeError as error:
            raise NoAnswer("answers with something that is no text") from error


def asked(address: str, body: bytes | None = None, *, seconds: float) -> Answer:
    """Ask an http or https address, by POST where there is a body; raise NoAnswer when the time is over, or the limit.

    The seconds count for the whole exchange, however slowly its bytes drip; only the look-up of the name, which the
    system does, may take longer.
    """
    until = monotonic() + seconds
    with _in_words():
        parts = urlsplit(address)
        connection = _connection(parts.scheme, parts.hostname or "", parts.port, seconds)
        connection.connect()
        with closing(connection.sock) as connected:
            connection.sock = _Timed(connected, until)
            method = "GET" if body is None else "POST"
            path = parts.path or "/"
            connection.request(method, path, body, {"Connection": "close", "User-Agent": "comity"})
            response = connection.getresponse()
            return Answer(response.status, response.read())


def _connection(scheme: str, host: str, port: int | None, seconds: float) -> http.client.HTTPConnection:
    if scheme not in {"http", "https"} or not host:
        raise NoAnswer("has no address that begins with http:// or https://")
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    return kind(host, port, timeout=seconds)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise NoAnswer("does not answer in time") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise NoAnswer(f"does not answer: {said}") from error


class _Timed:
    """A connected socket of which every use ends at one instant, as far as ``http.client`` uses one."""

    def __init__(self, connected: socket.socket, until: float) -> None:
        self._connected, self._until = connected, until

    def sendall(self, content: bytes) -> None:
        """Send it all, or raise TimeoutError."""
        self._connected.settimeout(_left(self._until))
        self._connected.sendall(content)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """The answer, as it comes in."""
        return io.BufferedReader(_Incoming(self._connected, self._until))

    def close(self) -> None:
        """Whoever opened the socket closes it: an answer is read after the connection is done with."""


class _Incoming(io.RawIOBase):
    def __init__(self, connected: socket.socket, until: float) -> None:
        self._connected, self._until, self._left = connected, until, MOST

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]  # the reader above gives no other
        """Take in what has come; raise TimeoutError at the instant, NoAnswer at the limit."""
        self._connected.settimeout(_left(self._until))
        taken = self._connected.recv_into(buffer)
        self._left -= taken
        if self._left < 0:
            raise NoAnswer(f"answers with more than {MOST} bytes")
        return taken


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
