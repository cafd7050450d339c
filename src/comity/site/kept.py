"""Answers kept in memory for readers without a session, for as long as nothing was written and the minute lasts.

An answer may change when the database does, and when the clock does: embargoes and deadlines are to the minute. Both
are asked before the answer is made, so that what is kept is never older than its stamp. The release needs no part in
the key: this memory dies with the process, and so with the release.
"""

import gzip
import hashlib
import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from django.db import Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

SHORTEST_COMPRESSED = 512
LONGEST_KEPT = 1024 * 1024
TEXTS = re.compile(r"text/|application/(json|problem\+json|atom\+xml|xml)|image/svg")
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
STAMPS = {"sqlite": "PRAGMA data_version", "postgresql": "SELECT pg_current_snapshot()::text"}
"""What differs as soon as any other connection has committed a change; it costs one look, and no row."""


class Watch:
    """A connection of its own that never writes, and so sees every commit, those of its own process included."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._own: BaseDatabaseWrapper | None = None

    def stamp(self) -> object:
        """The state of the database; None where it cannot be told, and then nothing is kept."""
        with self._lock:
            try:
                own = self._own = self._own or self._opened()
                with own.cursor() as cursor:
                    cursor.execute(STAMPS[own.vendor])
                    return cursor.fetchone()
            except Error:
                self._close()
                return None

    def _opened(self) -> BaseDatabaseWrapper:
        own = connections[connection.alias].copy()
        own.inc_thread_sharing()
        return own

    def _close(self) -> None:
        if self._own is not None:
            self._own.close()
        self._own = None


@dataclass(frozen=True)
class Answer:
    """One answer for anyone: status 200, its headers, its body and the fingerprint of both forms of the body."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    tag: str

    @classmethod
    def of(cls, response: HttpResponse) -> "Answer":
        """An answer as the view made it; its tag is made of its content, so equal bytes have one tag everywhere.

        That also keeps from a reader without a seat that something was written which that reader may not see.
        """
        patch_vary_headers(response, ("Accept-Language", "Cookie", "Accept-Encoding"))
        response.headers.setdefault("Cache-Control", "no-cache")
        digest = hashlib.blake2b(response.content, digest_size=12).hexdigest()
        response.headers["ETag"] = tag = f'W/"{digest}"'
        headers = tuple((name, value) for name, value in response.items() if name != "Content-Length")
        return cls(headers, response.content, tag)

    @cached_property
    def compressed(self) -> bytes:
        """The body as gzip; the same bytes each time.

        BREACH reads a secret from the length of a compressed answer that also repeats the reader's words. No answer
        that is kept holds a secret: none is made for a session, none has a token against forgery, none sets a cookie.
        What has one is never compressed here.
        """
        return gzip.compress(self.body, compresslevel=5, mtime=0)

    @property
    def size(self) -> int:
        """Bytes that it may take in memory, its compressed form included."""
        return len(self.body) * 3 // 2 + 2048

    def to(self, request: HttpRequest) -> HttpResponse:
        """The answer to one request: unchanged, compressed or plain."""
        if self._held_by(request):
            response: HttpResponse = HttpResponseNotModified()
            for name, value in self.headers:
                if name in {"Cache-Control", "ETag", "Vary", "Expires", "Content-Location"}:
                    response.headers[name] = value
            return response
        told = GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) is not None and self._compressible
        body = self.compressed if told else self.body
        response = HttpResponse(body, headers={**dict(self.headers), "Content-Length": str(len(body))})
        if told:
            response.headers["Content-Encoding"] = "gzip"
        return response

    def _held_by(self, request: HttpRequest) -> bool:
        asked = request.META.get("HTTP_IF_NONE_MATCH", "")
        return bool(asked) and not {self.tag, "*"}.isdisjoint(parse_etags(asked))

    @property
    def _compressible(self) -> bool:
        kind = next((value for name, value in self.headers if name == "Content-Type"), "")
        return len(self.body) >= SHORTEST_COMPRESSED and TEXTS.match(kind) is not None


class Memory:
    """Answers by key, all of one stamp; the least lately read go first when the memory is full."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = Lock()
        self._stamp: object = None
        self._answers: OrderedDict[object, Answer] = OrderedDict()
        self._size = 0

    def get(self, stamp: object, key: object) -> Answer | None:
        """The answer kept under a key while the stamp was the same."""
        with self._lock:
            if stamp != self._stamp:
                self._answers.clear()
                self._stamp, self._size = stamp, 0
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def keep(self, stamp: object, key: object, answer: Answer) -> None:
        """Keep an answer that was made after its stamp was taken; not when another stamp has come since."""
        with self._lock:
            if stamp != self._stamp or answer.size > LONGEST_KEPT or key in self._answers:
                return
            self._answers[key] = answer
            self._size += answer.size
            while self._size > self.limit:
                _, gone = self._answers.popitem(last=False)
                self._size -= gone.size


def minute() -> int:
    """The minute of the clock, which is as exact as an embargo."""
    return int(time.time() // 60)


def for_anyone(response: HttpResponse) -> bool:
    """Whether an answer made for a reader without a session may be told to every other such reader."""
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    said = {word.strip() for word in response.get("Cache-Control", "").lower().split(",")}
    return said.isdisjoint({"private", "no-store", "no-cache"}) and not response.has_header("Content-Encoding")
