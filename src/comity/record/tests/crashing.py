"""A log that is killed at every step of its publishing, in processes of its own; run by test_crashes.py.

    python -m comity.record.tests.crashing steps|commits FIRST STEP COUNT...
    python -m comity.record.tests.crashing successions FIRST STEP

For the point FIRST, then FIRST + STEP and so on, COUNT - 1 entries are written, and a process writes one more,
publishes them all, and kills itself with SIGKILL at that point. With ``steps`` that is before or after a write, a
force to the disk, a rename, a folder made, a commit, a question to a witness. With ``commits`` it is before, or in
the middle of, each write by which SQLite itself commits: to the store of heads and its journal, and where SQLite is
the database, to that and its journal. Another process then starts anew and must find one history. COMITY_HOME, the
database and the policy are set by the caller. It ends where the point lies behind the last step of each COUNT, and
prints what it saw as JSON. With ``successions`` each process ends the log and begins another in its place, and is
killed at a step of that; the command is then given again.
"""

import ctypes
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from datetime import UTC, datetime
from itertools import count, cycle
from threading import Lock
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.site.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - the settings come first
from django.db import connections, transaction  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402

from comity.plain.actors import SYSTEM  # noqa: E402
from comity.plain.levels import Realm  # noqa: E402
from comity.plain.refs import Ref  # noqa: E402
from comity.record import published, queries  # noqa: E402
from comity.record.actions import append  # noqa: E402
from comity.record.core import merkle  # noqa: E402
from comity.record.core.checkpoints import opened  # noqa: E402
from comity.record.core.succession import named  # noqa: E402
from comity.record.core.tlog_proof import TlogProof  # noqa: E402
from comity.record.ended import ended as told_of_ended  # noqa: E402
from comity.record.models import Entry  # noqa: E402
from comity.record.publishing import heads, publish, witnesses  # noqa: E402
from comity.record.publishing.refusals import NotThisLog  # noqa: E402
from comity.record.publishing.succession import Ending, succeed  # noqa: E402

FICTION = Realm.FICTION
KEPT = 20
"""Proofs of each state that are verified again in every later one."""


class _Vfs(ctypes.Structure):
    """What SQLite asks of the system it runs on, as its header has it; of the functions those used here are named."""


_Get = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.POINTER(_Vfs), ctypes.c_char_p)
_Set = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Vfs), ctypes.c_char_p, ctypes.c_void_p)
_Vfs._fields_ = [
    ("numbers", ctypes.c_int * 3),
    ("pointers", ctypes.c_void_p * 3),
    ("others", ctypes.c_void_p * 13),
    ("set", _Set),
    ("get", _Get),
    ("next", ctypes.c_void_p),
]
_KEPT: list[object] = []
"""What SQLite calls must not be collected."""
_WRITE = (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t)
SYSTEM_CALLS = {
    "write": _WRITE,
    "pwrite": (*_WRITE, ctypes.c_long),
    "pwrite64": (*_WRITE, ctypes.c_long),
    "ftruncate": (ctypes.c_int, ctypes.c_long),
    "unlink": (ctypes.c_char_p,),
}


class Death:
    """Kills this process at its n-th step."""

    def __init__(self, point: int) -> None:
        self._left, self._lock = point, Lock()

    def step(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, place: Any, name: str) -> None:
        """A step before each call of a function, and one after it."""
        true: Callable[..., Any] = getattr(place, name)

        def dying(*of: Any, **named: Any) -> Any:
            self.step()
            answer = true(*of, **named)
            self.step()
            return answer

        setattr(place, name, dying)

    def in_two(self) -> None:
        """A write that is torn in the middle."""
        true = os.write

        def torn(file: int, content: Any) -> int:
            half = true(file, content[: len(content) // 2])
            self.step()
            return half + true(file, content[half:])

        os.write = torn

    def inside_commits(self) -> None:
        """Wherever SQLite itself writes, cuts or takes away a file; it lets such calls be replaced, for tests."""
        library = ctypes.CDLL(find_library("sqlite3"))
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        vfs = library.sqlite3_vfs_find(None)
        for name, arguments in SYSTEM_CALLS.items():
            kind = ctypes.CFUNCTYPE(ctypes.c_ssize_t if "write" in name else ctypes.c_int, *arguments)
            true = ctypes.cast(vfs.contents.get(vfs, name.encode()), kind)
            dying = kind(self._write(true) if "write" in name else self._before(true))
            _KEPT.append((true, dying))
            assert vfs.contents.set(vfs, name.encode(), ctypes.cast(dying, ctypes.c_void_p)) == 0

    def _before(self, true: Callable[..., int]) -> Callable[..., int]:
        def dying(*of: Any) -> int:
            self.step()
            return true(*of)

        return dying

    def _write(self, true: Callable[..., int]) -> Callable[..., int]:
        def torn(file: int, content: int, length: int, *place: int) -> int:
            self.step()
            half = length // 2
            written = true(file, content, half, *place) if half else 0
            if written < half:
                return written
            self.step()
            rest = true(file, content + half, length - half, *(one + half for one in place))
            return half + rest if rest >= 0 else rest

        return torn

    def everywhere(self) -> None:
        """At whatever this process does to disk, databases and witnesses."""
        self.in_two()
        for name in ("fsync", "replace", "mkdir", "unlink", "rmdir"):
            self.around(os, name)
        self.around(BaseDatabaseWrapper, "_commit")
        self.around(witnesses, "asked")
        step = self.step

        class Dying(sqlite3.Connection):
            def commit(self) -> None:
                step()
                super().commit()
                step()

        true = sqlite3.connect
        heads.sqlite3.connect = lambda path, timeout: true(path, timeout=timeout, factory=Dying)  # type: ignore[attr-defined]


def write(entries: int, tell: Callable[[str], None]) -> None:
    """Append entries, each in a transaction of its own, and tell of each once it is committed."""
    for _number in range(entries):
        tell(str(append("texts.revised", realm=FICTION, subject=Ref("text", "a" * 16), by=SYSTEM, at=now()).pk))


def now() -> datetime:
    return datetime.now(UTC)


def apart(work: Callable[[Callable[[str], None]], None]) -> tuple[int, list[str]]:
    """Do some work in a process of its own; how it ended (the signal as a negative number), and what it told."""
    connections.close_all()
    read, written = os.pipe()
    child = os.fork()
    if child == 0:
        ended = 1
        try:
            os.close(read)
            raw = os.fdopen(written, "wb", buffering=0)
            work(lambda line: (raw.write(f"{line}\n".encode()), None)[1])
            ended = 0
        finally:
            sys.stderr.flush()
            os._exit(ended)
    os.close(written)
    with os.fdopen(read, "rb") as told:
        lines = told.read().decode().split()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), lines


def verified(committed: set[int], kept: list[bytes]) -> list[bytes]:
    """Assert that the log is one history that holds all that was committed; proofs of it to be kept."""
    assert queries.check(FICTION) == []
    rows = list(Entry.objects.order_by("index").values_list("pk", "index", "leaf_hash"))
    assert [index for _pk, index, _hash in rows] == list(range(len(rows)))
    assert committed <= {pk for pk, _index, _hash in rows}
    head, signed = published.head(FICTION), heads.signed(FICTION)
    assert head is not None
    assert signed is not None
    assert head.checkpoint.size == signed.size == len(rows)
    hashes = [bytes(fingerprint) for _pk, _index, fingerprint in rows]
    assert head.checkpoint.root == merkle.root_of(hashes) == published.tree(FICTION).root()
    for content in kept:
        proof = TlogProof.parse(content)
        old = opened(proof.checkpoint, published.vkeys(FICTION)[0]).checkpoint
        merkle.verify_inclusion(proof.index, old.size, hashes[proof.index], proof.path, old.root)
        path = published.tree(FICTION).consistency(old.size) if old.size < len(rows) else []
        merkle.verify_consistency(old.size, len(rows), path, old.root, head.checkpoint.root)
    return [bytes(published.proof(FICTION, index)) for index in range(max(0, len(rows) - 2), len(rows))]


def points(where: str, first: int, step: int, counts: list[int]) -> Iterator[dict[str, int]]:
    """Die at each point in turn, start anew, and verify; what is left of the log at the end."""
    committed: set[int] = set()
    kept: list[bytes] = []
    alive = 0
    for point, entries in zip(count(first, step), cycle(counts), strict=False):
        before: list[str] = []
        with transaction.atomic():
            write(entries - 1, before.append)

        def dies(tell: Callable[[str], None], point: int = point) -> None:
            death = Death(point)
            death.inside_commits() if where == "commits" else death.everywhere()
            write(1, tell)
            publish(FICTION, at=now())

        ended, told = apart(dies)
        committed |= {int(pk) for pk in (*before, *told)}
        assert ended in {0, -signal.SIGKILL}, f"at point {point} it ended with {ended}"
        said = publish(FICTION, at=now())
        kept = (kept + verified(committed, kept))[-KEPT:]
        yield {"point": point, "ended": ended, "size": published.standing(FICTION).published, "said": len(said)}
        alive = alive + 1 if ended == 0 else 0
        if alive == len(counts):
            return


def successions(first: int, step: int) -> Iterator[dict[str, int]]:
    """Die at each step of a succession in turn, give the command again, and verify; what was seen each time."""
    write(2, lambda _line: None)
    publish(FICTION, at=now())
    for number, point in enumerate(count(first, step), 1):
        ending, last = Ending(published.origin(FICTION), exposed=True), published.checkpoint(FICTION)

        def dies(_tell: Callable[[str], None], point: int = point, ending: Ending = ending) -> None:
            Death(point).everywhere()
            succeed(FICTION, ending, at=now(), now=now())

        ended, _told = apart(dies)
        assert ended in {0, -signal.SIGKILL}, f"at point {point} it ended with {ended}"
        try:
            succeed(FICTION, ending, at=now(), now=now())
        except NotThisLog:  # all was done before it died
            assert not heads.succession_of(FICTION).exists()
        publish(FICTION, at=now())
        verified(set(), [])
        assert published.origin(FICTION) == named(published.first_origin(FICTION), number + 1)
        assert published.checkpoint(FICTION, number) == last
        assert [one.number for one in told_of_ended(FICTION, now()) if one.stands] == list(range(number, 0, -1))
        yield {"point": point, "ended": ended, "size": published.standing(FICTION).published}
        if ended == 0:
            return


def main(words: list[str]) -> None:
    """See the module."""
    where, (first, step, *counts) = words[0], map(int, words[1:])
    setattr(queries, "readable", lambda refs, realm, at: set(refs))  # noqa: B010 - no other room's tables stand here
    call_command("migrate", "record", interactive=False, verbosity=0)
    seen = list(successions(first, step) if where == "successions" else points(where, first, step, counts))
    print(json.dumps({"deaths": sum(one["ended"] != 0 for one in seen), "last": seen[-1]}))


if __name__ == "__main__":
    main(sys.argv[1:])
