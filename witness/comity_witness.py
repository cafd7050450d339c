#!/usr/bin/env python3
"""A witness for transparency logs: one file, Python 3.10 or later with the package `cryptography`, a SQLite store.

    python3 comity_witness.py init FOLDER --name witness.example.org/w1   make a key and a store; print the key's vkey
    python3 comity_witness.py add-log FOLDER VKEY [URL]                   trust a log's key
    python3 comity_witness.py serve FOLDER [--address A] [--port P]       answer logs that ask (C2SP tlog-witness)
    python3 comity_witness.py watch FOLDER URL|--all [--audit]            ask the logs instead, and read what they hold
    python3 comity_witness.py logs FOLDER                                 the logs, and how far each was seen
    python3 comity_witness.py show FOLDER [ORIGIN]                        the witness, or the last note it cosigned
    python3 comity_witness.py evidence FOLDER                             what logs signed against themselves

By its cosignature the witness says: I saw this checkpoint, and it continues every earlier one of this log that I saw.
It does not say that what the log holds is true, fair or freely decided.

Forms: C2SP signed-note, tlog-checkpoint, tlog-cosignature (cosignature/v1, Ed25519), tlog-witness, tlog-tiles; proofs
of RFC 6962. Nothing is answered that is not stored before. Exits 0 when it did what it was asked, 1 when a log
contradicts itself, 2 when it could not do it; each error is one line that says what to do.
"""

import argparse
import asyncio
import base64
import binascii
import contextlib
import dataclasses
import functools
import hashlib
import html
import http.client
import json
import os
import queue
import re
import shutil
import signal
import socket
import sqlite3
import stat
import struct
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HASH = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
NOTE_KEY, COSIGNATURE_KEY = 0x01, 0x04
PRIME, OF_ORDER_EIGHT = 2**255 - 19, 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
SMALL = (0, 1, PRIME - 1, OF_ORDER_EIGHT, PRIME - OF_ORDER_EIGHT)
"""The coordinates y of the points of Ed25519 of which eight times are nothing: under such a key anybody can sign."""
MOST_HASHES = 63
"""Hashes of a consistency proof; no proof between sizes below 2^63 has more."""
MOST_SIGNATURES = 100
LONGEST_BODY = 65_536
"""Bytes of a request's body, and of a checkpoint as a log serves it."""
LONGEST_HEAD = 8_192
DRIFT = 300
"""Seconds that the clock may stand before the last cosignature; up to that the earlier time is signed again."""
MOST_CONNECTIONS = 256
MOST_UNREAD = 262_144
"""Bytes of answers that a client may leave unread."""
SECONDS_FOR_A_REQUEST, SECONDS_IDLE = 5, 60
MOST_AT_ONCE = 64
"""Requests that share one transaction, and so one write to the disk."""
MOST_EVIDENCE = 200
STORE, KEY, MARK, EVIDENCE = "witness.sqlite3", "key", "mark", "evidence"
TEXT = "text/plain; charset=utf-8"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+\x00-\x1f]+")
_VKEY = re.compile(r"([^\s+\x00-\x1f]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_SECRET = re.compile(r"PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})\n")
_DASH = "— "


class Fault(Exception):
    """What keeps a command from being carried out: one line that names what, where and the remedy."""


class Malformed(ValueError):
    """Bytes that have not exactly the form they must have; the message says which and why."""


class Refused(Exception):
    """A request that is not cosigned: the HTTP status, and the reason that is answered."""

    def __init__(self, status: int, reason: str, kind: str = TEXT) -> None:
        super().__init__(reason)
        self.status, self.kind = status, kind


# --- notes, keys and checkpoints ------------------------------------------------------------------------------------


def unbased(text: str, what: str) -> bytes:
    """Read standard base64 in its one canonical form; raise Malformed, which names ``what``."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"{what} is not base64") from error
    if base64.b64encode(raw).decode() != text:
        raise Malformed(f"{what} is not base64 in its canonical form")
    return raw


def based(raw: bytes) -> str:
    """Standard base64."""
    return base64.b64encode(raw).decode()


def number_of(text: str, what: str) -> int:
    """Read a decimal number without sign or leading zero, below 2^63; raise Malformed, which names ``what``."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text) or int(text) >= 2**63:
        raise Malformed(f"{what} is written {text[:40]!r}, not as a plain decimal number")
    return int(text)


def hash_of(text: str, what: str) -> bytes:
    """Read a hash of 32 bytes in base64; raise Malformed."""
    raw = unbased(text, what)
    if len(raw) != HASH:
        raise Malformed(f"{what} has {len(raw)} bytes, not {HASH}")
    return raw


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """SHA-256(name || newline || kind || public), its first four bytes."""
    return hashlib.sha256(f"{name}\n".encode() + bytes([kind]) + public).digest()[:4]


@dataclass(frozen=True)
class PublicKey:
    """A key as others know it: its name, its kind, its 32 bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature line names it."""
        return key_id(self.name, self.kind, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{based(bytes([self.kind]) + self.public)}"

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Whether a signature of 64 bytes is of this key over this message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def read_vkey(text: str) -> PublicKey:
    """Read a vkey, ``<name>+<8 hex digits>+<base64>``; raise Malformed."""
    found = _VKEY.fullmatch(text)
    if found is None:
        raise Malformed("a vkey is written <name>+<8 hex digits>+<base64>")
    raw = unbased(found[3], "the vkey")
    key = PublicKey(found[1], raw[0], raw[1:])
    if key.kind not in (NOTE_KEY, COSIGNATURE_KEY):
        raise Malformed(f"the vkey {key.name} is of a kind that is not known here, {key.kind:#04x}")
    if len(key.public) != HASH:
        raise Malformed(f"the vkey {key.name} has {len(key.public)} bytes, not {HASH}")
    if key.id.hex() != found[2]:
        raise Malformed(f"the vkey {key.name} has the id {key.id.hex()}, and not {found[2]} as it says")
    if not is_strong(key.public):
        raise Malformed(f"the vkey {key.name} is of small order or not canonical: anybody can sign in its name")
    return key


def is_strong(public: bytes) -> bool:
    """Whether a public key of Ed25519 stands in its one form, and for no point of which eight times are nothing."""
    y = int.from_bytes(public, "little") % 2**255
    return y < PRIME and y not in SMALL


@dataclass(frozen=True)
class WitnessKey:
    """The witness's own key with its secret half; it makes nothing but cosignatures."""

    name: str
    secret: bytes

    @functools.cached_property
    def public(self) -> PublicKey:
        """Its public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.secret).public_key()
        return PublicKey(self.name, COSIGNATURE_KEY, public.public_bytes(Encoding.Raw, PublicFormat.Raw))

    def cosign(self, text: bytes, at: int) -> "Line":
        """Sign a checkpoint's text as of ``at``, in seconds since 1970 (cosignature/v1)."""
        signature = Ed25519PrivateKey.from_private_bytes(self.secret).sign(cosigned(at, text))
        return Line(self.name, self.public.id, struct.pack(">Q", at) + signature)

    def __str__(self) -> str:
        return f"PRIVATE+KEY+{self.name}+{self.public.id.hex()}+{based(bytes([COSIGNATURE_KEY]) + self.secret)}\n"


def cosigned(at: int, text: bytes) -> bytes:
    """What a cosignature is over: two lines that say so and when, then the checkpoint's text."""
    return f"cosignature/v1\ntime {at}\n".encode() + text


@dataclass(frozen=True)
class Line:
    """A signature line under a note: whose it claims to be, and its bytes without the id."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {based(self.key_id + self.value)}\n"


@dataclass(frozen=True)
class Note:
    """A text and the lines under it, none of them verified yet."""

    text: bytes
    lines: Sequence[Line]

    def __bytes__(self) -> bytes:
        return self.text + b"\n" + "".join(map(str, self.lines)).encode()


def read_note(content: bytes) -> Note:
    """Read a signed note strictly; raise Malformed."""
    try:
        whole = content.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"byte {error.start} of the checkpoint is not UTF-8") from error
    if found := _CONTROL.search(whole):
        raise Malformed(f"a control character {ord(found[0]):#04x} stands in the checkpoint")
    text, divided, under = whole.rpartition("\n\n")
    if not divided or not under.endswith("\n"):
        raise Malformed("the checkpoint has no empty line and signature lines that end after it")
    lines = under[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise Malformed(f"{len(lines)} signature lines are more than {MOST_SIGNATURES}")
    return Note(f"{text}\n".encode(), [_line(line, number) for number, line in enumerate(lines, 1)])


def _line(text: str, number: int) -> Line:
    name, _space, written = text.removeprefix(_DASH).partition(" ")
    if not text.startswith(_DASH) or not _NAME.fullmatch(name):
        raise Malformed(f"signature line {number} does not begin with a dash, a space and a name")
    raw = unbased(written, f"signature line {number}")
    if len(raw) < 5:
        raise Malformed(f"signature line {number} holds {len(raw)} bytes, fewer than an id and a signature")
    return Line(name, raw[:4], raw[4:])


@dataclass(frozen=True)
class Head:
    """What a checkpoint says: the log's origin, its size in entries, its root of 32 bytes."""

    origin: str
    size: int
    root: bytes


def read_head(text: bytes) -> Head:
    """Read a checkpoint's text strictly; further lines are allowed and mean nothing here. Raise Malformed."""
    lines = text.decode().split("\n")
    if len(lines) < 4 or lines.pop():
        raise Malformed("a checkpoint is origin, size and root, each on a line that ends")
    if not all(lines):
        raise Malformed("a line of the checkpoint is empty")
    return Head(lines[0], number_of(lines[1], "its size"), hash_of(lines[2], "its root"))


def signed_by(note: Note, keys: Iterable[PublicKey]) -> list[Line]:
    """The lines by which these keys signed it, the first of each; raise Refused where none did or one is false."""
    known: dict[tuple[str, bytes], PublicKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.id), key) != key:
            raise Refused(403, f"two trusted keys share the name {key.name} and the id {key.id.hex()}")
    found: dict[tuple[str, bytes], Line] = {}
    for line in note.lines:
        named = line.name, line.key_id
        if named not in known or named in found:
            continue
        if not known[named].has_signed(note.text, line.value):
            raise Refused(403, f"the signature of {line.name} is not of this checkpoint")
        found[named] = line
    if not found:
        raise Refused(403, "no key that is trusted for this origin has signed the checkpoint")
    return list(found.values())


# --- consistency ----------------------------------------------------------------------------------------------------


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), as in RFC 6962."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def roots_of(older: int, newer: int, hashes: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots of the earlier and the later tree to which hashes lead, 0 < older < newer; raise Malformed.

    They are those of RFC 6962 2.1.2, with the root of the earlier tree put before them where it is a whole subtree of
    the later one (``older`` a power of two).
    """
    left = list(reversed(hashes))

    def taken() -> bytes:
        if not left:
            raise Malformed("the proof has too few hashes")
        return left.pop()

    def walked(older: int, newer: int) -> tuple[bytes, bytes]:
        if older == newer:
            whole = taken()
            return whole, whole
        first = _split(newer)
        if older <= first:
            early, late = walked(older, first)
            return early, node_hash(late, taken())
        early, late = walked(older - first, newer - first)
        before = taken()
        return node_hash(before, early), node_hash(before, late)

    roots = walked(older, newer)
    if left:
        raise Malformed("the proof has too many hashes")
    return roots


def is_whole(older: int) -> bool:
    """Whether an earlier tree is one subtree of every later one, so that its root stands for it in a proof."""
    return older & (older - 1) == 0


# --- the store ------------------------------------------------------------------------------------------------------

_SCHEMA = """
CREATE TABLE said (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE log (
    origin TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, url TEXT NOT NULL,
    size INTEGER NOT NULL DEFAULT 0, root BLOB NOT NULL DEFAULT x'', time INTEGER NOT NULL DEFAULT 0,
    note BLOB NOT NULL DEFAULT x''
);
CREATE TABLE published (origin TEXT PRIMARY KEY REFERENCES log, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB);
CREATE TABLE trusted (origin TEXT NOT NULL REFERENCES log, vkey TEXT NOT NULL, PRIMARY KEY (origin, vkey));
"""


@dataclass(frozen=True)
class Known:
    """A log as the witness knows it; ``note`` is empty before the first cosignature, ``time`` that of the last."""

    origin: str
    url: str
    size: int
    root: bytes
    time: int
    note: bytes
    keys: Sequence[PublicKey] = ()


@dataclass(frozen=True)
class Seen:
    """A checkpoint that was seen, and the whole note."""

    head: Head
    note: bytes


def digest_of(origin: str) -> str:
    """The SHA-256 of an origin in hex, by which C2SP tlog-witness asks for its checkpoint."""
    return hashlib.sha256(origin.encode()).hexdigest()


@contextlib.contextmanager
def storing(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk complain of into one line with the remedy."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise Fault(_ill(path, str(error))) from error


def _ill(path: Path, said: str) -> str:
    lower = said.lower()
    if "full" in lower or "no space" in lower or "too large" in lower:
        return f"the disk that holds {path} is full: nothing was cosigned; make room"
    if "readonly" in lower or "read-only" in lower or "unable to open" in lower or "permission" in lower:
        return f"{path} cannot be written: see who owns the folder, and whether its disk is read-only"
    if "locked" in lower:
        return f"another program holds {path} for too long: nothing was cosigned; end it"
    return f"{path} cannot be used ({said}): nothing was cosigned; look at the disk, and never put back an older store"


D = TypeVar("D", bound="Database")


class Database:
    """A SQLite file that is written for good, or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with storing(path):
            self._db = sqlite3.connect(path, isolation_level=None, timeout=5)
            self._db.execute("PRAGMA synchronous = FULL")

    def __enter__(self: D) -> D:
        return self

    def __exit__(self, *_how: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it is on the disk when this ends, or none; nobody else writes meanwhile. Raise Fault."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise Fault(_ill(self.path, str(error))) from error
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")


class Store(Database):
    """What the witness has seen. Every answer is written here before it is given."""

    def __init__(self, folder: Path) -> None:
        if not (folder / STORE).is_file():
            raise Fault(f"no store lies in {folder}: make one with init, under a new key if this one was used before")
        super().__init__(folder / STORE)

    def said(self, name: str) -> str:
        """A single thing remembered; empty where it was never said."""
        row = self._db.execute("SELECT value FROM said WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def say(self, name: str, value: str) -> None:
        """Remember a single thing."""
        self._db.execute("INSERT OR REPLACE INTO said VALUES (?, ?)", (name, value))

    @property
    def time(self) -> int:
        """When it cosigned last, whatever the log, in seconds since 1970."""
        return int(self.said("time") or 0)

    @property
    def count(self) -> int:
        """How many times it has cosigned."""
        return int(self.said("count") or 0)

    def known(self, origin: str) -> Known | None:
        """The log of that origin."""
        row = self._db.execute(f"{_LOGS} WHERE origin = ?", (origin,)).fetchone()
        if row is None:
            return None
        vkeys = self._db.execute("SELECT vkey FROM trusted WHERE origin = ? ORDER BY vkey", (origin,))
        return replace(Known(*row), keys=[read_vkey(vkey) for (vkey,) in vkeys])

    def logs(self, most: int = -1) -> list[Known]:
        """Every log, by origin, without its keys."""
        return [Known(*row) for row in self._db.execute(f"{_LOGS} ORDER BY origin LIMIT ?", (most,))]

    def note_at(self, digest: str) -> bytes:
        """The last cosigned note of the log whose origin has that SHA-256 in hex; empty where there is none."""
        row = self._db.execute("SELECT note FROM log WHERE digest = ?", (digest,)).fetchone()
        return bytes(row[0]) if row else b""

    def add(self, origin: str, key: PublicKey, url: str) -> None:
        """Trust a key for an origin; an address replaces the one known."""
        row = origin, digest_of(origin), url
        self._db.execute("INSERT OR IGNORE INTO log (origin, digest, url) VALUES (?, ?, ?)", row)
        if url:
            self._db.execute("UPDATE log SET url = ? WHERE origin = ?", (url, origin))
        self._db.execute("INSERT OR IGNORE INTO trusted VALUES (?, ?)", (origin, str(key)))

    def keep(self, head: Head, note: bytes, at: int) -> None:
        """Write down what was cosigned."""
        self._db.execute(
            "UPDATE log SET size = ?, root = ?, time = ?, note = ? WHERE origin = ?",
            (head.size, head.root, at, note, head.origin),
        )
        self.say("time", str(at))
        self.say("count", str(self.count + 1))

    def published(self, origin: str) -> Seen | None:
        """The last checkpoint that was read where the log publishes it."""
        row = self._db.execute("SELECT size, root, note FROM published WHERE origin = ?", (origin,)).fetchone()
        return Seen(Head(origin, row[0], row[1]), row[2]) if row else None

    def keep_published(self, head: Head, note: bytes) -> None:
        """Write down what was read where the log publishes it."""
        row = head.origin, head.size, head.root, note
        self._db.execute("INSERT OR REPLACE INTO published VALUES (?, ?, ?, ?)", row)


_LOGS = "SELECT origin, url, size, root, time, note FROM log"


def make_store(folder: Path, key: PublicKey) -> None:
    """Make an empty store that belongs to one key."""
    path = folder / STORE
    with storing(path):
        db = sqlite3.connect(path, isolation_level=None)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(f"BEGIN;{_SCHEMA}COMMIT;")
        db.execute("INSERT INTO said VALUES ('key', ?)", (str(key),))
        db.close()


class Mark:
    """How many times the witness has cosigned, beside the store: a store put back from earlier has counted fewer.

    It is written after the store and never waited for, so after a loss of power it may say less, never more.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / MARK

    def write(self, count: int) -> None:
        """Say the count, in place: the file never changes its length."""
        with storing(self.path), self.path.open("r+b" if self.path.exists() else "xb") as file:
            file.write(b"%020d\n" % count)

    def check(self, store: Store) -> None:
        """Raise Fault where the store has cosigned fewer times than the mark says."""
        with storing(self.path):
            text = self.path.read_text() if self.path.exists() else "missing"
        if not re.fullmatch(r"[0-9]{20}\n", text):
            raise Fault(f"{self.path} does not say how often was cosigned: {RETIRE}")
        if store.count < int(text):
            raise Fault(f"{store.path} is older than {self.path}: it knows {store.count} of {int(text)}; {RETIRE}")


RETIRE = "a witness that forgot must not go on; make a new one with init in a new folder, and tell the logs its vkey"


def write_key(folder: Path, key: WitnessKey) -> None:
    """Write the secret key where only its owner reads it; raise Fault where one lies there already."""
    path = folder / KEY
    try:
        with storing(path), open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(str(key))
            file.flush()
            os.fsync(file.fileno())
    except Fault as fault:
        if isinstance(fault.__cause__, FileExistsError):
            raise Fault(f"a witness lives in {folder} already: choose another folder") from fault
        raise


def read_key(folder: Path) -> WitnessKey:
    """Read the secret key; raise Fault where it is missing, misshapen, or open to others."""
    path = folder / KEY
    try:
        mode, text = path.stat().st_mode, path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"the key {path} cannot be read ({error}): make a witness with init") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Fault(f"others can read the key {path}: run chmod 600 {path}, and retire the key if anybody has seen it")
    found = _SECRET.fullmatch(text)
    try:
        raw = unbased(found[3], "the key") if found else b""
    except Malformed:
        raw = b""
    if found is None or len(raw) != 1 + HASH or raw[0] != COSIGNATURE_KEY:
        raise Fault(f"{path} is no key of a witness: put the right file back, or make a new witness with init")
    key = WitnessKey(found[1], raw[1:])
    if key.public.id.hex() != found[2]:
        raise Fault(f"the key {path} is damaged, its id is not that of its secret: put the right file back")
    return key


# --- evidence -------------------------------------------------------------------------------------------------------


def keep_evidence(folder: Path, why: str, files: dict[str, bytes]) -> Path:
    """Keep what a log signed against itself as files, once; return their folder."""
    texts = [files.get(name, b"").partition(b"\n\n")[0] for name in ("kept", "shown")]
    digest = hashlib.sha256(b"\n\n".join([why.encode(), *texts])).hexdigest()[:16]
    place = folder / EVIDENCE / digest
    with storing(place):
        place.parent.mkdir(mode=0o700, exist_ok=True)
        if place.exists():
            return place
        if len(list(place.parent.iterdir())) >= MOST_EVIDENCE:
            raise Fault(f"{place.parent} holds {MOST_EVIDENCE} pieces already, the most there may be: move them away")
        draft = place.with_name(f".{digest}.{os.getpid()}.{threading.get_ident()}")
        draft.mkdir(mode=0o700)
        for name, content in {**files, "why": f"{why}\n".encode()}.items():
            _write_through(draft / name, content)
        _settle(draft)
        try:
            draft.rename(place)
        except OSError:
            shutil.rmtree(draft)
            if not place.exists():
                raise
        _settle(place.parent)
    return place


def told_as_kept(folder: Path, why: str, files: dict[str, bytes]) -> str:
    """Keep evidence, and say in words what it is and where; what cannot be kept is told all the same."""
    try:
        place = keep_evidence(folder, why, files)
    except Fault as fault:
        return f"{why}; what shows it could not be kept: {fault}"
    return f"{why}; {'both notes are' if 'kept' in files else 'its signed note is'} kept in {place}"


def _write_through(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Have the names in a folder on the disk, and not only what they name."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


# --- the witness ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A request for a cosignature: the size it starts from, the proof, the checkpoint as a note and as read."""

    old: int
    proof: Sequence[bytes]
    note: Note
    head: Head


def read_request(body: bytes) -> Asked:
    """Read the body of add-checkpoint strictly; raise Malformed."""
    if len(body) > LONGEST_BODY:
        raise Malformed(f"a body of {len(body)} bytes is longer than {LONGEST_BODY}")
    first, divided, rest = body.partition(b"\n\n")
    if not divided:
        raise Malformed("no empty line stands between the proof and the checkpoint")
    try:
        lines = first.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise Malformed(f"byte {error.start} of the body is not ASCII") from error
    if not lines[0].startswith("old "):
        raise Malformed("the first line is not old, a space and a size")
    if len(lines) > 1 + MOST_HASHES:
        raise Malformed(f"{len(lines) - 1} hashes are more than {MOST_HASHES}")
    proof = [hash_of(line, f"hash {number} of the proof") for number, line in enumerate(lines[1:], 1)]
    note = read_note(rest)
    return Asked(number_of(lines[0][4:], "the old size"), proof, note, read_head(note.text))


def written_request(old: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The body of add-checkpoint."""
    return "".join([f"old {old}\n", *(f"{based(one)}\n" for one in proof), "\n"]).encode() + checkpoint


@dataclass(frozen=True)
class Answer:
    """What is answered over HTTP."""

    status: int
    body: bytes
    kind: str = TEXT
    aside: str = ""
    """What the operator of the witness is told besides."""


def told(refused: Refused) -> Answer:
    """A refusal as an answer: its reason, on a line."""
    aside = f"error: {refused}" if refused.status == 503 else ""
    return Answer(refused.status, f"{str(refused).strip()}\n".encode(), refused.kind, aside)


def tell(line: str) -> None:
    """Tell the operator, where anybody listens: what cannot be told, on a full disk say, keeps nothing from its way."""
    with contextlib.suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)


_UNSTORED = b"this witness cannot store what it sees, and so cosigns nothing\n"


class Witness:
    """Compares each checkpoint with the last it saw of the log, and cosigns what continues it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = read_key(folder)
        self.public = self.key.public
        self.store = Store(folder)
        self.mark = Mark(folder)
        self._told = ""

    def check(self, now: int) -> None:
        """Raise Fault unless the witness may go on: its store belongs to its key and forgot nothing, the clock runs."""
        with storing(self.store.path):
            if self.store.said("key") != str(self.public):
                raise Fault(f"{self.store.path} belongs to another key than {self.folder / KEY}: {RETIRE}")
            self.mark.check(self.store)
            if stopped := self.store.said("stopped"):
                raise Fault(stopped)
            if now + DRIFT < self.store.time:
                raise Fault(_slow_clock(now, self.store.time))

    def answers(self, bodies: Sequence[bytes], now: int) -> list[Answer]:
        """Answer requests for cosignatures, one after the other, once all that is cosigned is stored."""
        try:
            with self.store.transaction():
                found = [self._answer(body, now) for body in bodies]
                count = self.store.count
        except Fault as fault:
            return [Answer(503, _UNSTORED, aside=f"error: {fault}")] * len(bodies)
        try:
            self.mark.write(count)
        except Fault as fault:
            tell(f"warning: {fault}")
        return found

    def _answer(self, body: bytes, now: int) -> Answer:
        try:
            return Answer(200, str(self.add(body, now)).encode())
        except Malformed as error:
            return told(Refused(400, str(error)))
        except Refused as refused:
            return told(refused)

    def add(self, body: bytes, now: int) -> Line:
        """Cosign what a request shows, within a transaction; raise Malformed or Refused (C2SP tlog-witness)."""
        asked = read_request(body)
        known = self.store.known(asked.head.origin)
        if known is None:
            raise Refused(404, f"the log {asked.head.origin} is not known to this witness")
        lines = signed_by(asked.note, known.keys)
        self.stop_if_forgotten(asked.note, asked.head, known)
        self._compare(asked, known)
        at = self._time(now)
        line = self.key.cosign(asked.note.text, at)
        self.store.keep(asked.head, bytes(Note(asked.note.text, [*lines, line])), at)
        return line

    def _compare(self, asked: Asked, known: Known) -> None:
        head = asked.head
        forked = bool(known.note) and head.size == known.size and head.root != known.root
        if forked:
            self._contradicted(asked, known, f"{head.origin} has signed two roots for {head.size} entries")
        if asked.old > head.size:
            raise Refused(400, f"the old size {asked.old} is larger than the checkpoint's size {head.size}")
        if asked.old != known.size:
            raise Refused(409, str(known.size), "text/x.tlog.size")
        if head.size == 0 and head.root != EMPTY_ROOT:
            raise Refused(422, "the root of an empty log is the SHA-256 of nothing")
        if forked:
            raise Refused(422, f"another root was seen for {head.size} entries")
        self._prove(asked, known)

    def _prove(self, asked: Asked, known: Known) -> None:
        head = asked.head
        if asked.old in (0, head.size):
            if asked.proof:
                raise Refused(422, f"the proof from {asked.old} to {head.size} must be empty")
            return
        try:
            roots = roots_of(asked.old, head.size, [*([known.root] if is_whole(asked.old) else []), *asked.proof])
        except Malformed as error:
            raise Refused(422, f"{error} for {asked.old} to {head.size}") from error
        if roots == (known.root, head.root):
            return
        if roots[1] == head.root:
            why = (
                f"{head.origin} has signed {head.size} entries that do not begin with the {known.size} it signed before"
            )
            self._contradicted(asked, known, why)
        raise Refused(422, f"the proof does not lead from {asked.old} entries to the {head.size} of the checkpoint")

    def _contradicted(self, asked: Asked, known: Known, why: str) -> None:
        """Keep the proof that the log contradicts itself; what cannot be kept is told all the same."""
        text, _divided, _lines = bytes(asked.note).partition(b"\n\n")
        lines = "".join(map(str, signed_by(asked.note, known.keys)))
        shown = text + b"\n\n" + lines.encode()
        proof = written_request(asked.old, asked.proof, b"")
        words = told_as_kept(self.folder, why, {"kept": known.note, "shown": shown, "proof": proof})
        if words != self._told:
            tell(f"no: {words}")
        self._told = words

    def stop_if_forgotten(self, note: Note, head: Head, known: Known) -> None:
        """A true cosignature of its own that the store does not know of shows that the store is an older one."""
        if stopped := self.store.said("stopped"):
            raise Refused(503, f"this witness has stopped: {stopped}")
        seen, last = self.own_of(note), self.store.time
        if seen and (seen > last or (seen == last and head.size > known.size)):
            self._stop(head, seen)

    def own_of(self, note: Note) -> int:
        """When this witness cosigned a note, by the lines under it; 0 where it did not."""
        times = [0]
        for line in note.lines:
            if (line.name, line.key_id) == (self.public.name, self.public.id) and len(line.value) == 72:
                (at,) = struct.unpack(">Q", line.value[:8])
                if self.public.has_signed(cosigned(at, note.text), line.value[8:]):
                    times.append(at)
        return max(times)

    def _stop(self, head: Head, seen: int) -> None:
        why = (
            f"it cosigned {head.size} entries of {head.origin} on {moment(seen)} and its store does not know; {RETIRE}"
        )
        self.store.say("stopped", why)
        raise Refused(503, f"this witness has stopped: {why}")

    def _time(self, now: int) -> int:
        """The time to sign: never before the last, whatever the clock says."""
        last = self.store.time
        if now + DRIFT < last:
            raise Refused(503, _slow_clock(now, last))
        return max(now, last)


def counted(number: int, thing: str) -> str:
    """So many things, in words."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def moment(at: int) -> str:
    """A time in words, in UTC."""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(at))


def _slow_clock(now: int, last: int) -> str:
    return (
        f"the clock says {moment(now)}, before the last cosignature of {moment(last)}: set it right; "
        "if it was ahead then, wait until that time is over, or retire the key"
    )


# --- serving --------------------------------------------------------------------------------------------------------

_REASONS = {
    100: "Continue", 200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    409: "Conflict", 411: "Length Required", 413: "Content Too Large", 422: "Unprocessable Content",
    431: "Request Header Fields Too Large", 501: "Not Implemented", 503: "Service Unavailable",
}  # fmt: skip
_REQUEST = re.compile(r"([A-Z]{1,16}) (/[\x21-\x7e]*) HTTP/1\.([01])")
_FIELD = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+):([^\x00-\x08\x0a-\x1f\x7f]*)")
_CHECKPOINT = re.compile(r"/([0-9a-f]{64})/checkpoint")


@dataclass(frozen=True)
class Request:
    """The head of an HTTP request, and where its body begins and ends."""

    method: str
    path: str
    persistent: bool
    expectant: bool
    start: int
    end: int


def read_http(buffer: bytes) -> Request | None:
    """The head of the request that a buffer begins with; None while it is not all there; raise Refused."""
    end = buffer.find(b"\r\n\r\n", 0, LONGEST_HEAD)
    if end < 0:
        if len(buffer) >= LONGEST_HEAD:
            raise Refused(431, f"the head of a request has at most {LONGEST_HEAD} bytes")
        return None
    first, *lines = buffer[:end].decode("latin-1").split("\r\n")
    asked = _REQUEST.fullmatch(first)
    if asked is None:
        raise Refused(400, "the first line is not a method, a path and HTTP/1.1")
    fields = _fields(lines)
    words = {word.strip().lower() for word in fields.get("connection", "").split(",")}
    return Request(
        method=asked[1],
        path=asked[2].partition("?")[0],
        persistent="close" not in words if asked[3] == "1" else "keep-alive" in words,
        expectant=fields.get("expect", "").lower() == "100-continue",
        start=end + 4,
        end=end + 4 + _length(fields),
    )


def _fields(lines: Iterable[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in lines:
        found = _FIELD.fullmatch(line)
        if found is None or (found[1].lower() == "content-length" and "content-length" in fields):
            raise Refused(400, "a header field is malformed or stands there twice")
        fields[found[1].lower()] = found[2].strip(" \t")
    return fields


def _length(fields: dict[str, str]) -> int:
    if "transfer-encoding" in fields:
        raise Refused(411, "say the length of the body, it is not read in chunks")
    written = fields.get("content-length", "0")
    if not re.fullmatch(r"[0-9]{1,12}", written):
        raise Refused(400, "the content length is not a number")
    if int(written) > LONGEST_BODY:
        raise Refused(413, f"a body has at most {LONGEST_BODY} bytes")
    return int(written)


Reply = Callable[[Answer], None]


class Registrar:
    """The one who writes, in a thread of its own: stores in one transaction what has been asked, then answers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asked: queue.SimpleQueue[tuple[bytes, Reply] | None] = queue.SimpleQueue()
        self._told = "", 0.0

    def ask(self, body: bytes, reply: Reply) -> None:
        """Put a request in the row; ``reply`` is called in the registrar's thread, or at once where the row is full.

        It is full only of what clients asked who have gone since: each that stays has one request in it.
        """
        if self._asked.qsize() < MOST_CONNECTIONS:
            self._asked.put((body, reply))
        else:
            reply(Answer(503, b"too many requests wait here: ask again\n"))

    def end(self) -> None:
        """Stop once all is answered that has been asked until now."""
        self._asked.put(None)

    def run(self) -> None:
        """Answer until the end."""
        witness = Witness(self._folder)
        while waiting := self._next():
            found = witness.answers([body for body, _reply in waiting], int(time.time()))
            for (_body, reply), answer in zip(waiting, found, strict=True):
                self._tell(answer.aside)
                reply(answer)
        witness.store.close()

    def _tell(self, aside: str) -> None:
        """Tell the operator, the same thing once a minute."""
        if aside and (aside != self._told[0] or time.monotonic() > self._told[1] + 60):
            self._told = aside, time.monotonic()
            tell(aside)

    def _next(self) -> list[tuple[bytes, Reply]]:
        waiting = [self._asked.get()]
        with contextlib.suppress(queue.Empty):
            while waiting[-1] and len(waiting) < MOST_AT_ONCE:
                waiting.append(self._asked.get_nowait())
        if waiting[-1] is None and len(waiting) > 1:
            self._asked.put(None)
        return [one for one in waiting if one is not None]


class House:
    """What all connections share: the registrar, a reading store, and who is waiting, longest first."""

    def __init__(self, folder: Path, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.registrar = Registrar(folder)
        self.store = Store(folder)
        self.vkey = str(read_key(folder).public)
        self.waiting: dict[Connection, None] = {}
        self.open: set[Connection] = set()

    def entered(self, connection: "Connection") -> None:
        """Take a connection in; beyond the most, whoever has kept us waiting longest goes."""
        self.open.add(connection)
        if len(self.open) > MOST_CONNECTIONS:
            (next(iter(self.waiting)) if self.waiting else connection).abort()

    def left(self, connection: "Connection") -> None:
        """Forget a connection."""
        self.waiting.pop(connection, None)
        self.open.discard(connection)

    def read(self, path: str) -> Answer:
        """What is read without asking for anything: the page in words, the last cosigned note of a log."""
        try:
            with storing(self.store.path):
                if path == "/":
                    return Answer(200, page(self.vkey, self.store.logs(200)).encode(), "text/html; charset=utf-8")
                found = _CHECKPOINT.fullmatch(path)
                note = self.store.note_at(found[1]) if found else b""
        except Fault:
            return Answer(503, b"the store of this witness cannot be read\n")
        return Answer(200, note) if note else Answer(404, b"nothing of that name was cosigned here\n")


class Connection(asyncio.Protocol):
    """One client: its requests are answered one at a time, each within a bounded time and from bounded bytes."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._buffer = bytearray()
        self._request: Request | None = None
        self._busy = self._deaf = self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=MOST_UNREAD)
        self._timer = self._house.loop.call_later(SECONDS_FOR_A_REQUEST, self.abort)
        self._house.waiting[self] = None
        self._house.entered(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self._timer.cancel()
        self._house.left(self)

    def abort(self) -> None:
        """Close at once, whatever was being said."""
        self._house.left(self)
        self._transport.abort()

    def pause_writing(self) -> None:
        """A client that does not read its answers goes."""
        self.abort()

    def data_received(self, data: bytes) -> None:
        """Take bytes in, and answer once they are a request."""
        if self._deaf:
            return
        if not self._buffer and not self._busy:
            self._within(SECONDS_FOR_A_REQUEST)
        self._buffer += data
        if len(self._buffer) > LONGEST_HEAD + LONGEST_BODY:
            self._transport.pause_reading()
        self._advance()

    def eof_received(self) -> bool:
        """A client that has said all it will say is still answered."""
        self._ended = True
        self._advance()
        return True

    def _within(self, seconds: float) -> None:
        self._timer.cancel()
        self._timer = self._house.loop.call_later(seconds, self.abort)

    def _advance(self) -> None:
        if self._busy or self._deaf or self._transport.is_closing():
            return
        try:
            self._request = self._request or self._read()
        except Refused as refused:
            self._hang_up(told(refused))
            return
        if self._request and len(self._buffer) >= self._request.end:
            request, self._request = self._request, None
            body = bytes(self._buffer[request.start : request.end])
            del self._buffer[: request.end]
            self._take(request, body)
        elif self._ended:
            self._transport.close()

    def _read(self) -> Request | None:
        request = read_http(bytes(self._buffer[:LONGEST_HEAD]))
        if request and request.expectant and len(self._buffer) < request.end:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return request

    def _take(self, request: Request, body: bytes) -> None:
        self._busy = True
        self._timer.cancel()
        self._house.waiting.pop(self, None)
        if request.path != "/add-checkpoint":
            self._show(request)
        elif request.method == "POST":
            self._house.registrar.ask(body, lambda answer: self._later(request, answer))
        else:
            self._say(request, Answer(405, b"ask for a cosignature by POST\n"), allow="POST")

    def _show(self, request: Request) -> None:
        if request.method in ("GET", "HEAD"):
            self._say(request, self._house.read(request.path))
        else:
            self._say(request, Answer(405, b"this is only read\n"), allow="GET, HEAD")

    def _later(self, request: Request, answer: Answer) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and the client with it
            self._house.loop.call_soon_threadsafe(lambda: self._say(request, answer))

    def _say(self, request: Request, answer: Answer, allow: str = "") -> None:
        if self._transport.is_closing():
            return
        self._write(answer, request.persistent, allow, bare=request.method == "HEAD")
        self._busy = False
        self._house.waiting[self] = None
        if not request.persistent:
            self._within(SECONDS_FOR_A_REQUEST)
            self._transport.close()
            return
        self._within(SECONDS_FOR_A_REQUEST if self._buffer else SECONDS_IDLE)
        self._transport.resume_reading()
        self._house.loop.call_soon(self._advance)

    def _hang_up(self, answer: Answer) -> None:
        """Say why and hear no more; to close while the client still speaks would lose the answer on its way."""
        self._write(answer, persistent=False)
        self._deaf = True
        self._buffer.clear()
        self._transport.write_eof()

    def _write(self, answer: Answer, persistent: bool, allow: str = "", *, bare: bool = False) -> None:
        fields = [f"Content-Type: {answer.kind}", f"Content-Length: {len(answer.body)}", "Cache-Control: no-store"]
        fields += ["X-Content-Type-Options: nosniff", *([f"Allow: {allow}"] if allow else [])]
        fields += [] if persistent else ["Connection: close"]
        head = "\r\n".join([f"HTTP/1.1 {answer.status} {_REASONS[answer.status]}", *fields, "", ""])
        self._transport.write(head.encode() + (b"" if bare else answer.body))


def page(vkey: str, logs: Sequence[Known]) -> str:
    """The witness in words, as a page."""
    name = html.escape(vkey.partition("+")[0])
    rows = "".join(f"<li>{_seen_in_words(log)}</li>\n" for log in logs) or "<li>None yet.</li>\n"
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{name}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<h1>{name}</h1>\n<p>This is a witness of transparency logs. Its cosignature under a checkpoint says: I saw "
        "this checkpoint, and it continues every earlier one of this log that I saw. It does not say that what the log "
        "holds is true, fair or freely decided.</p>\n"
        f"<p>Its key: <code>{html.escape(vkey)}</code></p>\n<h2>What it has seen</h2>\n<ul>\n{rows}</ul>\n"
        "<p>Logs ask for a cosignature by POST to <code>add-checkpoint</code>, as in C2SP tlog-witness.</p>\n</html>\n"
    )


def _seen_in_words(log: Known) -> str:
    origin = html.escape(log.origin)
    if not log.note:
        return f"{origin}: known, nothing cosigned yet"
    address = f"{digest_of(log.origin)}/checkpoint"
    return f'<a href="{address}">{origin}</a>: {log.size} entries, cosigned {moment(log.time)}'


async def _serve(given: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    house = House(Path(given.folder), loop)
    address, port = given.address, given.port
    try:
        server = await loop.create_server(lambda: Connection(house), address, port, backlog=128)
    except OSError as error:
        reason = f"port {port} of {address} cannot be had ({error.strerror or error})"
        raise Fault(f"{reason}: choose another with --port, or another --address") from error
    except OverflowError as error:
        raise Fault(f"there is no port {port}: choose one from 1 to 65535") from error
    ended = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, ended.set)
    if given.until_eof:
        _end_with_input(loop, ended)
    writing = loop.run_in_executor(None, house.registrar.run)
    print(f"{house.vkey.partition('+')[0]} answers at {_address_of(server)}", flush=True)
    waits: set[asyncio.Future[Any]] = {writing, asyncio.ensure_future(ended.wait())}
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    server.close()
    house.registrar.end()
    await writing
    await asyncio.sleep(0)
    for connection in list(house.open):
        connection.abort()
    house.store.close()


def _end_with_input(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    try:
        loop.add_reader(sys.stdin, ended.set)
    except (OSError, ValueError) as error:
        raise Fault("--until-eof needs a pipe as standard input: leave it away where no program starts this") from error


def _address_of(server: asyncio.AbstractServer) -> str:
    assert isinstance(server, asyncio.Server)
    host, port = server.sockets[0].getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


# --- reading a log where it is published ----------------------------------------------------------------------------

WIDTH, HEIGHT = 256, 8
"""Hashes of a full tile, and how many levels of the tree it spans (C2SP tlog-tiles)."""
LONGEST_BUNDLE = WIDTH * (2 + 65_535)
SECONDS_FOR_A_FILE, SECONDS_OF_SILENCE, SECONDS_TO_ASK_BACK = 60, 10, 3


_HEADERS = {"Accept-Encoding": "gzip", "User-Agent": "comity-witness"}


class Unreachable(Exception):
    """A log whose files could not be had as they must be: which, and why."""


class Source:
    """A log as it is published: files below an address, read over one connection that is kept."""

    def __init__(self, url: str, silence: float, seconds: float) -> None:
        self._url, self._seconds = url, seconds
        try:
            parts = urlsplit(url)
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            self._line = kind(parts.hostname or "", parts.port, timeout=silence)
        except ValueError as error:
            raise Unreachable(f"{url} is no address: {_said(error)}") from error
        self._below = parts.path

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def read(self, path: str, most: int) -> bytes:
        """A file of at most so many bytes; raise LookupError where there is none, Unreachable else."""
        known = self._line.sock is not None
        try:
            return self._read(path, most)
        except (http.client.HTTPException, OSError, ValueError) as error:
            self._line.close()
            if not known:
                raise Unreachable(f"{self._url}{path} cannot be had: {_said(error)}") from error
        return self.read(path, most)

    def _read(self, path: str, most: int) -> bytes:
        watch = threading.Timer(self._seconds, self._cut)
        watch.start()
        try:
            self._line.request("GET", self._below + path, headers=_HEADERS)
            answer = self._line.getresponse()
            content = answer.read(most + most // 100 + 1_024)
        finally:
            watch.cancel()
        if not answer.isclosed():
            self._line.close()
        if answer.status in (404, 410):
            raise LookupError(path)
        if answer.status != 200:
            leads = f", and leads to {answer.headers['Location']!r}" if "Location" in answer.headers else ""
            raise Unreachable(f"{self._url}{path} is answered with {answer.status}{leads}")
        if answer.headers.get("Content-Encoding", "") == "gzip":
            content = _unzipped(content, most)
        if len(content) > most:
            raise Unreachable(f"{self._url}{path} is longer than {most} bytes")
        return content

    def _cut(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            self._line.sock.shutdown(socket.SHUT_RDWR)


def _said(error: Exception) -> str:
    """What went wrong, in signs that do nothing to a terminal."""
    return (str(error) or type(error).__name__).encode("unicode_escape").decode()[:200]


def _unzipped(content: bytes, most: int) -> bytes:
    unzip = zlib.decompressobj(wbits=31)
    try:
        found = unzip.decompress(content, most + 1)
    except zlib.error as error:
        raise http.client.HTTPException("it is not gzip as it says") from error
    if not unzip.eof and len(found) <= most:
        raise http.client.HTTPException("it breaks off")
    return found


def tile_path(level: str, number: int, width: int) -> str:
    """The path of a tile or a bundle below a log: ``tile/0/x001/x234/067.p/112``."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/{'/'.join(groups)}{'' if width == WIDTH else f'.p/{width}'}"


def unbundled(bundle: bytes, count: int) -> list[bytes]:
    """The ``count`` entries of a bundle; raise Malformed where it breaks off or goes on."""
    entries: list[bytes] = []
    place = 0
    while len(entries) < count:
        end = place + 2 + int.from_bytes(bundle[place : place + 2], "big")
        if place + 2 > len(bundle) or end > len(bundle):
            raise Malformed(f"it breaks off in entry {len(entries)}")
        entries.append(bundle[place + 2 : end])
        place = end
    if place != len(bundle):
        raise Malformed(f"it goes on after its {count} entries")
    return entries


class Published:
    """The tree of a log of so many entries by its tiles, which prove nothing but by leading to a signed root."""

    def __init__(self, source: Source, size: int) -> None:
        self._source, self.size = source, size
        self._near: dict[tuple[int, int], bytes] = {}

    def root(self, first: int, last: int) -> bytes:
        """The root over the entries from ``first`` to before ``last``, a range into which RFC 6962 splits the tree."""
        nodes = []
        while first < last:
            height = (last - first).bit_length() - 1
            nodes.append(self._node(height, first >> height))
            first += 1 << height
        return edge_root(nodes)

    def between(self, older: int) -> list[bytes]:
        """What leads from its first ``older`` entries to the whole, as ``roots_of`` reads it."""
        return [self.root(first, last) for first, last in ranges(older, self.size)]

    def hashes(self, level: int, number: int) -> bytes:
        """The hashes of a tile, joined; raise Unreachable."""
        width = min((self.size >> (HEIGHT * level)) - number * WIDTH, WIDTH)
        content, held = self._file(str(level), number, width, WIDTH * HASH)
        if len(content) != held * HASH:
            path = tile_path(str(level), number, held)
            raise Unreachable(f"{path} has {len(content)} bytes, not {held * HASH}")
        return content[: width * HASH]

    def entries(self, number: int) -> list[bytes]:
        """The entries of a bundle; raise Unreachable."""
        width = min(self.size - number * WIDTH, WIDTH)
        content, held = self._file("entries", number, width, LONGEST_BUNDLE)
        try:
            return unbundled(content, held)[:width]
        except Malformed as error:
            raise Unreachable(f"{tile_path('entries', number, held)} is not a bundle of {held}: {error}") from error

    def _node(self, height: int, number: int) -> bytes:
        level, above = divmod(height, HEIGHT)
        first = number << above
        tile = self._tile(level, first // WIDTH)
        start = first % WIDTH * HASH
        nodes = [tile[place : place + HASH] for place in range(start, start + (HASH << above), HASH)]
        while len(nodes) > 1:
            nodes = [node_hash(nodes[place], nodes[place + 1]) for place in range(0, len(nodes), 2)]
        return nodes[0]

    def _tile(self, level: int, number: int) -> bytes:
        if (level, number) not in self._near:
            self._near[level, number] = self.hashes(level, number)
        return self._near[level, number]

    def _file(self, level: str, number: int, width: int, most: int) -> tuple[bytes, int]:
        """A file and how many it holds: a partial tile may have gone since the full one, its continuation, stands."""
        for held in dict.fromkeys((width, WIDTH)):
            with contextlib.suppress(LookupError):
                return self._source.read(tile_path(level, number, held), most), held
        raise Unreachable(f"{tile_path(level, number, width)} is not there")


def edge_root(nodes: Sequence[bytes]) -> bytes:
    """The root of a tree by the roots of its whole subtrees, largest first."""
    if not nodes:
        return EMPTY_ROOT
    *left, root = nodes
    for one in reversed(left):
        root = node_hash(one, root)
    return root


def ranges(older: int, newer: int) -> list[tuple[int, int]]:
    """The entries that each hash of ``roots_of`` stands for, from and to before, 0 < older <= newer."""
    if older == newer:
        return [(0, newer)]
    first = _split(newer)
    if older <= first:
        return [*ranges(older, first), (first, newer)]
    return [*((start + first, end + first) for start, end in ranges(older - first, newer - first)), (0, first)]


# --- watching -------------------------------------------------------------------------------------------------------


class Forked(Exception):
    """A log that contradicts itself; both notes are kept."""


class Untrue(Exception):
    """Files of a log that are not those under its checkpoint; the message says which."""


class Watch:
    """Reads a log's checkpoint, proves from its tiles that it continues what was seen, cosigns and remembers it."""

    def __init__(self, witness: Witness, log: Known, source: Source) -> None:
        self._witness, self._log, self._source = witness, log, source

    def look(self, now: int) -> tuple[Seen, str]:
        """Look once: what is published, and in words how it follows; raise Forked, Untrue, Unreachable or Fault."""
        seen = self.read()
        before = self._witness.store.published(self._log.origin)
        tree = self.tree(seen)
        if before:
            self._continues(before, seen, tree)
        elif tree.root(0, tree.size) != seen.head.root:
            raise Untrue(f"the tiles of {self._log.origin} do not lead to the root of its checkpoint")
        said = self._cosigned(seen, tree, now)
        with self._witness.store.transaction():
            self._witness.store.keep_published(seen.head, seen.note)
        return seen, f"{_followed(before, seen.head)}; {said}"

    def read(self) -> Seen:
        """The checkpoint that is published; raise Fault where it shows that the witness forgot what it cosigned."""
        try:
            return self._signed(self._source.read("checkpoint", LONGEST_BODY))
        except LookupError as error:
            raise Unreachable(f"{self._log.url}checkpoint is not there") from error

    def tree(self, seen: Seen) -> Published:
        """The tree under a checkpoint."""
        return Published(self._source, seen.head.size)

    def close(self) -> None:
        """Hang up."""
        self._source.close()

    def _signed(self, content: bytes) -> Seen:
        try:
            note = read_note(content)
            head = read_head(note.text)
            if head.origin != self._log.origin:
                raise Malformed(f"it is of another log, {head.origin}")
            lines = signed_by(note, self._log.keys)
        except (Malformed, Refused) as error:
            raise Unreachable(f"{self._log.url}checkpoint is no checkpoint of {self._log.origin}: {error}") from error
        stopped = ""
        with self._witness.store.transaction():
            try:
                self._witness.stop_if_forgotten(note, head, self._now_known())
            except Refused as refused:
                stopped = str(refused)
        if stopped:
            raise Fault(stopped)
        return Seen(head, bytes(Note(note.text, lines)))

    def _now_known(self) -> Known:
        return self._witness.store.known(self._log.origin) or self._log

    def _continues(self, before: Seen, seen: Seen, tree: Published) -> None:
        older, newer = before.head, seen.head
        if newer.size < older.size:
            self._forked(before, seen, f"{newer.origin} shows {newer.size} entries after it had shown {older.size}")
        if newer.size == older.size:
            if newer.root != older.root:
                self._forked(before, seen, f"{newer.origin} has signed two roots for {newer.size} entries")
            return
        hashes = tree.between(older.size) if older.size else [tree.root(0, newer.size)]
        roots = roots_of(older.size, newer.size, hashes) if older.size else (older.root, hashes[0])
        if roots == (older.root, newer.root):
            return
        why = "do not lead to the root it has signed"
        if roots[1] == newer.root:
            why = f"do not begin with the {older.size} it signed before"
        self._forked(before, seen, f"{newer.origin} shows {newer.size} entries that {why}", hashes)

    def _forked(self, before: Seen, seen: Seen, why: str, hashes: Sequence[bytes] = ()) -> None:
        files = {"kept": before.note, "shown": seen.note}
        if hashes:
            files["hashes"] = written_request(before.head.size, hashes, b"")
        raise Forked(told_as_kept(self._witness.folder, why, files))

    def _cosigned(self, seen: Seen, tree: Published, now: int) -> str:
        """Ask its own witness as the log might have done: by the same door, and in the same words."""
        for _attempt in range(3):
            known = self._now_known()
            older = known.size
            if seen.head.size < older:
                self._begins(seen, known)
                return f"cosigned are {older} already, which it has not published yet"
            if known.note:
                self._continues(Seen(Head(known.origin, older, known.root), known.note), seen, tree)
            proof = tree.between(older)[is_whole(older) :] if 0 < older < seen.head.size else []
            (answer,) = self._witness.answers([written_request(older, proof, seen.note)], now)
            if answer.status == 200:
                return "cosigned"
            if answer.status != 409:
                break
        why = answer.aside.removeprefix("error: ") or answer.body.decode().strip()
        raise Fault(f"{seen.head.origin} was not cosigned: {why}")

    def _begins(self, seen: Seen, known: Known) -> None:
        """What is published must be the beginning of what the log had cosigned ahead of it, as far as tiles show."""
        later = Seen(Head(known.origin, known.size, known.root), known.note)
        try:
            if seen.head.size:
                self._continues(seen, later, self.tree(later))
        except Unreachable as missing:
            tell(f"note: what {known.origin} had cosigned ahead of what it publishes cannot be read yet: {missing}")


def _followed(before: Seen | None, head: Head) -> str:
    if before is None:
        return f"{head.origin}: {head.size} entries, seen for the first time"
    if before.head.size == head.size:
        return f"{head.origin}: {head.size} entries, as before"
    return f"{head.origin}: {head.size} entries, which continue the {before.head.size} seen before"


# --- reading every entry --------------------------------------------------------------------------------------------

_TYPE = re.compile(r"[a-z]+(?:[._-][a-z]+)+")
_SUBJECT = re.compile(r"[a-z][a-z-]{0,30}:[A-Za-z0-9._-]{1,64}")
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_PRINT = re.compile(r"[0-9a-f]{64}|")
READ = "audit.sqlite3"
MOST_FAULTS = 100
"""Wrong entries of one reading that are told one by one."""
_TABLES = (
    "position (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, edge BLOB NOT NULL)",
    "subject (origin TEXT, subject TEXT, number INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (origin, subject)) "
    "WITHOUT ROWID",
)


@dataclass(frozen=True)
class Leaf:
    """What a public entry of a Comity record says in the clear."""

    type: str
    at: str
    subject: str
    number: int
    previous: str

    def __str__(self) -> str:
        room, _point, act = self.type.partition(".")
        day, _t, clock = self.at.removesuffix("Z").partition("T")
        return f"{day} {clock} UTC, {room}: {act.replace('_', ' ')}, {self.subject}, its number {self.number}"


def read_leaf(entry: bytes) -> Leaf | None:
    """A public entry of a Comity record; None where it is of another form."""
    try:
        said = json.loads(entry)
        leaf = Leaf(said["type"], said["at"], said["subject"], said["subject_seq"], said["prev"])
        sound = (
            said["v"] == 1
            and type(leaf.number) is int
            and 0 < leaf.number < 2**63
            and all(
                form.fullmatch(text)
                for form, text in (
                    (_TYPE, leaf.type),
                    (_AT, leaf.at),
                    (_SUBJECT, leaf.subject),
                    (_PRINT, leaf.previous),
                )
            )
        )
    except (ValueError, RecursionError, LookupError, TypeError):
        return None
    return leaf if sound else None


def is_closed(entry: bytes) -> bool:
    """Whether it is an entry of a Comity record that says nothing but its seal."""
    return re.fullmatch(rb'\{"commit":"[0-9a-f]{64}","v":1\}', entry) is not None


@dataclass
class Reading:
    """One reading: up to which checkpoint, from where, what is told of whom, how many entries were of which form."""

    head: Head
    first: int
    edge: list[bytes]
    subjects: Sequence[str]
    told: IO[bytes]
    public: int = 0
    closed: int = 0
    wrong: int = 0
    faults: list[str] = dataclasses.field(default_factory=list)
    """What is wrong with the first of the entries that are."""

    def bundles(self) -> range:
        """The bundles that hold what is to be read."""
        last = self.head.size - 1
        return range(self.first // WIDTH, last // WIDTH + 1) if self.first <= last else range(0)

    def in_words(self) -> str:
        """How far it went, where nothing is wrong."""
        head, count = self.head, self.head.size - self.first
        if not count:
            return f"{head.origin}: nothing new to read, nothing missed"
        other = count - self.public - self.closed
        forms = f"{self.public} public, {self.closed} closed" + (f", {other} of other forms" if other else "")
        return f"{head.origin}: entries {self.first} to {head.size - 1} read ({forms}), nothing missed"


class Audit(Database):
    """Reads every entry of a log once: its hash, its place in the history of its subject. It knows how far it read.

    That is written only when all was read and leads to the root, and was told: a reading that is broken off begins
    again where it began, so that nothing is missed.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / READ)
        with self.transaction():
            for table in _TABLES:
                self._db.execute(f"CREATE TABLE IF NOT EXISTS {table}")

    def read(
        self, head: Head, tree: Published, subjects: Sequence[str], out: IO[bytes], blame: Callable[[str], None]
    ) -> Reading:
        """Read what came since the last time, tell it, and blame what is wrong; raise Untrue, Unreachable or Fault."""
        with self.transaction(), tempfile.TemporaryFile() as told:
            reading = self._begun(head, subjects, told)
            with _progress(head) as progress:
                for number in reading.bundles():
                    self._bundle(reading, tree, number)
                    progress(number)
            if edge_root(reading.edge) != head.root:
                raise Untrue(f"the entries of {head.origin} do not lead to the root of its checkpoint")
            row = head.origin, head.size, b"".join(reading.edge)
            self._db.execute("INSERT OR REPLACE INTO position VALUES (?, ?, ?)", row)
            told.seek(0)
            shutil.copyfileobj(told, out)
            out.flush()
            for fault in reading.faults:
                blame(fault)
        return reading

    def _begun(self, head: Head, subjects: Sequence[str], told: IO[bytes]) -> Reading:
        row = self._db.execute("SELECT size, edge FROM position WHERE origin = ?", (head.origin,)).fetchone()
        size, edge = row or (0, b"")
        if size > head.size:
            raise Fault(f"{self.path} has read {size} entries of {head.origin} already: see the command evidence")
        return Reading(head, size, [edge[at : at + HASH] for at in range(0, len(edge), HASH)], subjects, told)

    def _bundle(self, reading: Reading, tree: Published, number: int) -> None:
        hashes = tree.hashes(0, number)
        for place, entry in enumerate(tree.entries(number)):
            index = number * WIDTH + place
            if index < reading.first:
                continue
            leaf = hashlib.sha256(b"\x00" + entry).digest()
            if leaf != hashes[place * HASH : (place + 1) * HASH]:
                raise Untrue(f"entry {index} of {reading.head.origin} is not the one whose hash stands in its tile")
            appended(reading.edge, index, leaf)
            self._entry(reading, index, entry, leaf.hex())

    def _entry(self, reading: Reading, index: int, entry: bytes, leaf_hash: str) -> None:
        leaf = read_leaf(entry)
        if leaf is None:
            reading.closed += is_closed(entry)
            return
        reading.public += 1
        if not reading.subjects or leaf.subject in reading.subjects:
            reading.told.write(f"entry {index}: {leaf}\n".encode())
        if fault := self._chained(reading.head.origin, leaf, leaf_hash):
            reading.wrong += 1
            if reading.wrong <= MOST_FAULTS:
                reading.faults.append(f"entry {index} ({leaf.subject}): {fault}")

    def _chained(self, origin: str, leaf: Leaf, leaf_hash: str) -> str:
        """What is wrong with an entry's place in the history of its subject; empty where nothing is."""
        row = self._db.execute(
            "SELECT number, hash FROM subject WHERE origin = ? AND subject = ?", (origin, leaf.subject)
        ).fetchone()
        number, before = row or (0, "")
        self._db.execute(
            "INSERT OR REPLACE INTO subject VALUES (?, ?, ?, ?)", (origin, leaf.subject, leaf.number, leaf_hash)
        )
        if leaf.number != number + 1:
            return f"is number {leaf.number} of its subject, and the one before is number {number}"
        if leaf.previous != before:
            return f"names another entry before it than number {number} of its subject"
        return ""


def appended(edge: list[bytes], size: int, leaf: bytes) -> None:
    """Append a leaf's hash to a tree of ``size`` entries that is known by its whole subtrees, largest first."""
    edge.append(leaf)
    while size & 1:
        right = edge.pop()
        edge[-1] = node_hash(edge[-1], right)
        size >>= 1


@contextlib.contextmanager
def _progress(head: Head) -> Iterator[Callable[[int], None]]:
    """How far a long reading has come, on one line that is gone when it ends, where a person watches."""
    watched = sys.stderr.isatty()

    def progress(number: int) -> None:
        if watched and number % 16 == 0:
            print(f"\r{head.origin}: {number * WIDTH} of {head.size} read", end="", file=sys.stderr, flush=True)

    try:
        yield progress
    finally:
        if watched:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


# --- the commands ---------------------------------------------------------------------------------------------------


def command_init(given: argparse.Namespace) -> int:
    """Make a key and an empty store, and print the vkey."""
    folder, name = Path(given.folder), str(given.name)
    if not _NAME.fullmatch(name):
        raise Fault(f"a witness's name has no space and no plus, like witness.example.org/w1; this is {name!r}")
    with storing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / KEY).exists() or (folder / STORE).exists():
        raise Fault(f"a witness lives in {folder} already: choose another folder")
    key = WitnessKey(name, os.urandom(HASH))
    write_key(folder, key)
    make_store(folder, key.public)
    Mark(folder).write(0)
    print(key.public)
    return 0


@contextlib.contextmanager
def opened(given: argparse.Namespace) -> Iterator[Witness]:
    """The witness in a folder, once it is known that it may go on."""
    witness = Witness(Path(given.folder))
    with witness.store:
        witness.check(int(time.time()))
        yield witness


def command_add_log(given: argparse.Namespace) -> int:
    """Trust a log's key."""
    try:
        key = read_vkey(given.vkey)
        if key.kind != NOTE_KEY:
            raise Malformed(f"the vkey {key.name} is of kind {key.kind:#04x}; a log's is Ed25519, {NOTE_KEY:#04x}")
    except Malformed as error:
        raise Fault(f"{error}: copy the log's vkey as its operator publishes it") from error
    origin, url = given.origin or key.name, given.url.rstrip("/") + "/" if given.url else ""
    if "\n" in origin or _CONTROL.search(origin):
        raise Fault(f"{origin!r} is no origin: it is the first line of the log's checkpoints, without its end")
    if url:
        _check_address(url)
    with opened(given) as witness, witness.store.transaction():
        witness.store.add(origin, key, url)
    print(f"{origin} is trusted by the key {key.id.hex()}")
    return 0


def _check_address(url: str) -> None:
    """Raise Fault where an address could never be asked."""
    if not re.fullmatch(r"https?://[!-~]+", url) or "?" in url or "#" in url:
        raise Fault(f"{url!r} is no address of a log: it begins with https:// and has no question mark")
    try:
        Source(url, SECONDS_OF_SILENCE, SECONDS_FOR_A_FILE)
    except Unreachable as error:
        raise Fault(f"{error}: copy it as the log's operator publishes it") from error


def command_logs(given: argparse.Namespace) -> int:
    """Each log, how far it was seen and when."""
    with Store(Path(given.folder)) as store, storing(store.path):
        for log in store.logs():
            seen = f"{log.size} entries, cosigned {moment(log.time)}" if log.note else "nothing cosigned yet"
            print(f"{log.origin}: {seen}{f', at {log.url}' if log.url else ''}")
    return 0


def command_show(given: argparse.Namespace) -> int:
    """The witness itself, or the last note that it cosigned of a log."""
    with Store(Path(given.folder)) as store, storing(store.path):
        if not given.origin:
            print(store.said("key"))
            print(f"{counted(len(store.logs()), 'log')}, {counted(store.count, 'cosignature')}", end="")
            print(f", the last {moment(store.time)}" if store.count else "")
            return 0
        log = store.known(given.origin)
    if log is None or not log.note:
        raise Fault(f"nothing of {given.origin} was cosigned: see the logs with the command logs")
    sys.stdout.buffer.write(log.note)
    return 0


def command_serve(given: argparse.Namespace) -> int:
    """Answer logs until told to end."""
    with opened(given) as witness:
        ask_back(witness)
    asyncio.run(_serve(given))
    return 0


def command_watch(given: argparse.Namespace) -> int:
    """Read logs where they are published, prove that each continues what was seen, cosign and remember it."""
    if bool(given.url) == given.all:
        raise Fault("name one log by its URL or its origin, or all with --all")
    if given.every is not None and not 0 < given.every < 1_000_000:
        raise Fault(f"--every {given.every:g} is no time to wait: say how many seconds, like --every 60")
    if given.subject and not given.audit:
        raise Fault("--subject chooses which of the entries that are read are told: add --audit")
    with opened(given) as witness:
        while True:
            code = max((_watched(witness, log, given) for log in _chosen(witness.store, given)), key=_gravity)
            if given.every is None or code == 1:
                return code
            time.sleep(given.every)


def _gravity(code: int) -> int:
    return {0: 0, 2: 1, 1: 2}[code]


def _chosen(store: Store, given: argparse.Namespace) -> list[Known]:
    with storing(store.path):
        logs = [log for log in map(store.known, [log.origin for log in store.logs()]) if log and log.url]
    if given.all and not logs:
        raise Fault("no log with an address is known: add it with add-log FOLDER VKEY URL")
    named = [log for log in logs if given.all or given.url.rstrip("/") in (log.url.rstrip("/"), log.origin)]
    if not named:
        raise Fault(f"no log that is known lies at {given.url}: add it with add-log FOLDER VKEY {given.url}")
    return named


def _watched(witness: Witness, log: Known, given: argparse.Namespace) -> int:
    try:
        source = Source(log.url, SECONDS_OF_SILENCE, SECONDS_FOR_A_FILE)
        with contextlib.closing(Watch(witness, log, source)) as watch:
            seen, words = watch.look(int(time.time()))
            print(words, flush=True)
            return _audited(witness.folder, watch, seen, given) if given.audit else 0
    except (Forked, Untrue) as no:
        print(f"no: {no}", file=sys.stderr)
        return 1
    except (Unreachable, Fault) as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 2


def _audited(folder: Path, watch: Watch, seen: Seen, given: argparse.Namespace) -> int:
    origin = seen.head.origin

    def blame(fault: str) -> None:
        print(f"no: {told_as_kept(folder, f'{origin}, {fault}', {'shown': seen.note})}", file=sys.stderr, flush=True)

    with contextlib.closing(Audit(folder)) as audit:
        reading = audit.read(seen.head, watch.tree(seen), given.subject, sys.stdout.buffer, blame)
    if not reading.wrong:
        print(reading.in_words(), flush=True)
    elif reading.wrong > len(reading.faults):
        print(f"no: {origin}: {reading.wrong} entries are wrong, of which these are the first", file=sys.stderr)
    return 1 if reading.wrong else 0


def ask_back(witness: Witness) -> None:
    """Look whether a log publishes a cosignature that the store does not know of; raise Fault where one does."""
    for log in filter(None, map(witness.store.known, [log.origin for log in witness.store.logs()])):
        if not log.url:
            continue
        try:
            source = Source(log.url, SECONDS_TO_ASK_BACK, SECONDS_TO_ASK_BACK)
            with contextlib.closing(Watch(witness, log, source)) as watch:
                watch.read()
        except Unreachable as unreachable:
            tell(f"note: whether {log.origin} knows of later cosignatures could not be asked: {unreachable}")


def command_evidence(given: argparse.Namespace) -> int:
    """List what was kept of logs that contradict themselves; 1 where there is any."""
    folder = Path(given.folder)
    places = sorted(place for place in (folder / EVIDENCE).glob("*") if not place.name.startswith("."))
    with Store(folder) as store, storing(store.path):
        for place in places:
            print(f"{place}: {(place / 'why').read_text().strip()}; {_bears(store, place)}")
    if not places:
        print("no log has contradicted itself before this witness")
    return 1 if places else 0


def _bears(store: Store, place: Path) -> str:
    """Whether the notes of a piece of evidence are signed by the log, in words."""
    notes = [(place / name).read_bytes() for name in ("kept", "shown") if (place / name).exists()]
    try:
        for note in map(read_note, notes):
            known = store.known(read_head(note.text).origin)
            signed_by(note, known.keys if known else [])
    except (Refused, Malformed) as reason:
        return f"it proves nothing: {reason}"
    return f"{len(notes)} {'notes bear' if len(notes) > 1 else 'note bears'} the log's signature"


def _reader() -> argparse.ArgumentParser:
    reader = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n", 1)[0],
        epilog="example: python3 comity_witness.py init w1 --name witness.example.org/w1",
    )
    commands = reader.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=run.__doc__, description=run.__doc__)
        sub.set_defaults(run=run)
        sub.add_argument("folder", metavar="FOLDER", help="where the witness keeps its key and its store")
        return sub

    command("init", command_init).add_argument("--name", required=True, help="like witness.example.org/w1")
    add = command("add-log", command_add_log)
    add.add_argument("vkey", metavar="VKEY", help="the log's key, as its operator publishes it")
    add.add_argument("url", metavar="URL", nargs="?", default="", help="where its checkpoint and its tiles lie")
    add.add_argument("--origin", default="", help="the first line of its checkpoints, where it is not the key's name")
    command("logs", command_logs)
    command("show", command_show).add_argument("origin", metavar="ORIGIN", nargs="?", default="")
    command("evidence", command_evidence)
    watch = command("watch", command_watch)
    watch.add_argument("url", metavar="URL", nargs="?", default="", help="where the log lies, as given to add-log")
    watch.add_argument("--all", action="store_true", help="every log with an address")
    watch.add_argument("--every", type=float, metavar="SECONDS", help="go on watching, until a log contradicts itself")
    watch.add_argument("--audit", action="store_true", help="also read every new entry, and tell the public ones")
    watch.add_argument(
        "--subject", action="append", default=[], metavar="REF", help="tell only entries of this subject"
    )
    serve = command("serve", command_serve)
    serve.add_argument("--address", default="127.0.0.1", help="127.0.0.1 by default, for a web server in front")
    serve.add_argument("--port", type=int, default=8090, help="8090 by default; 0 takes a free one")
    serve.add_argument("--until-eof", action="store_true", help="end with standard input: for a program that starts it")
    return reader


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, do it, return the exit code."""
    given = _reader().parse_args(arguments)
    try:
        return int(given.run(given))
    except Fault as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
