"""What a log has signed last: a store of its own, changed only by compare-and-set, and never restored from a backup.

One process at a time publishes a log; should two of them work at once all the same, the second finds the head moved.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from comity.plain.levels import Realm
from comity.plain.time import utc_text
from comity.record.publishing.files import asked_of_the_disk, make_own
from comity.record.publishing.refusals import DiskRefuses, HeadMoved

SECONDS = 5.0
"""For which a busy store is waited for."""
DURABLE = "PRAGMA synchronous=EXTRA"
"""Under FULL a power cut may bring a journal back that was taken away, and with it the head before this one."""
_TABLE = """
CREATE TABLE IF NOT EXISTS head (
    one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, note BLOB NOT NULL, signed_at TEXT NOT NULL
)
"""


@dataclass(frozen=True)
class Head:
    """A signed checkpoint, and its size for the comparison."""

    size: int
    note: bytes


def path_of(realm: Realm) -> Path:
    """The store of a log."""
    return Path(settings.HEADS) / f"{realm.value}.sqlite3"


def succession_of(realm: Realm) -> Path:
    """Where it is kept, until it is done, that a log has ended and another takes its place."""
    return path_of(realm).with_suffix(".succession")


def found(realm: Realm) -> None:
    """Make the store of a log that is about to get its key. Raises DiskRefuses."""
    with _store(realm):
        pass


def signed(realm: Realm) -> Head | None:
    """The last head that was signed; None where none ever was. Raises DiskRefuses."""
    if not path_of(realm).exists():
        return None
    with _store(realm) as store:
        row = store.execute("SELECT size, note FROM head").fetchone()
    return Head(row[0], bytes(row[1])) if row else None


def advance(realm: Realm, known: Head | None, new: Head, *, at: datetime) -> None:
    """Put a signed head in the place of the one that was known; raise HeadMoved where another stands there."""
    with _store(realm) as store:
        if known is None:
            changed = store.execute(
                "INSERT OR IGNORE INTO head VALUES (1, ?, ?, ?)", (new.size, new.note, utc_text(at))
            )
        else:
            changed = store.execute(
                "UPDATE head SET size = ?, note = ?, signed_at = ? WHERE size = ? AND note = ?",
                (new.size, new.note, utc_text(at), known.size, known.note),
            )
        if changed.rowcount != 1:
            raise HeadMoved(signed=known.size if known else 0)
        store.commit()


@contextmanager
def alone(realm: Realm) -> Iterator[bool]:
    """Whether this process alone publishes a log; it holds that until the end, or until it dies."""
    lock = path_of(realm).with_suffix(".lock")
    with asked_of_the_disk(lock):
        make_own(lock.parent)
        file = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(file)


@contextmanager
def _store(realm: Realm) -> Iterator[sqlite3.Connection]:
    path = path_of(realm)
    with asked_of_the_disk(path):
        make_own(path.parent)
    try:
        with closing(sqlite3.connect(path, timeout=SECONDS)) as store:
            store.execute(DURABLE)
            store.execute(_TABLE)
            yield store
    except sqlite3.Error as error:
        raise DiskRefuses(file=str(path), why=str(error)) from error
