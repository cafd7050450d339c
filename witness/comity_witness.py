#!/usr/bin/env python3
"""A witness for transparency logs: one file, Python 3.10 or later with the package `cryptography`, a SQLite store.

    python3 comity_witness.py init FOLDER --name witness.example.org/w1   make a key and a store; print the key's vkey
    python3 comity_witness.py add-log FOLDER VKEY [URL]                   trust a log's key
    python3 comity_witness.py serve FOLDER [--address A] [--port P]       answer logs that ask (C2SP tlog-witness)
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
import functools
import hashlib
import html
import os
import queue
import re
import shutil
import signal
import sqlite3
import stat
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HASH = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
NOTE_KEY, COSIGNATURE_KEY = 0x01, 0x04
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
_NAME = re.compile(r"[^\s+]+")
_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
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
    if len(key.public) != HASH:
        raise Malformed(f"the vkey {key.name} is of kind {key.kind:#04x} with {len(key.public)} bytes, not Ed25519")
    if key.id.hex() != found[2]:
        raise Malformed(f"the vkey {key.name} has the id {key.id.hex()}, and not {found[2]} as it says")
    return key


@dataclass(frozen=True)
class WitnessKey:
    """The witness's own key with its secret half; it makes nothing but cosignatures."""

    name: str
    secret: bytes

    @functools.cached_property
    def public(self) -> PublicKey:
        """Its public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw()
        return PublicKey(self.name, COSIGNATURE_KEY, public)

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
    known = {(key.name, key.id): key for key in keys}
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


class Store:
    """What the witness has seen. Every answer is written here before it is given."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / STORE
        self.folder = folder
        if not self.path.is_file():
            raise Fault(f"no store lies in {folder}: make one with init, under a new key if this one was used before")
        with storing(self.path):
            self._db = sqlite3.connect(self.path, isolation_level=None, timeout=5)
            self._db.execute("PRAGMA synchronous = FULL")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it is on the disk when this ends, or none; nobody else writes meanwhile. Raise Fault."""
        with storing(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

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
    raw = unbased(found[3], "the key") if found else b""
    if found is None or len(raw) != 1 + HASH or raw[0] != COSIGNATURE_KEY:
        raise Fault(f"{path} is no key of a witness: put the right file back, or make a new witness with init")
    key = WitnessKey(found[1], raw[1:])
    if key.public.id.hex() != found[2]:
        raise Fault(f"the key {path} is damaged, its id is not that of its secret: put the right file back")
    return key


# --- evidence -------------------------------------------------------------------------------------------------------


def keep_evidence(folder: Path, kept: bytes, shown: bytes, why: str, proof: str = "") -> Path:
    """Keep two notes in which a log contradicts itself, once, as files; return their folder."""
    digest = hashlib.sha256(kept.partition(b"\n\n")[0] + b"\n\n" + shown.partition(b"\n\n")[0]).hexdigest()[:16]
    place = folder / EVIDENCE / digest
    with storing(place):
        place.parent.mkdir(mode=0o700, exist_ok=True)
        if place.exists() or len(list(place.parent.iterdir())) >= MOST_EVIDENCE:
            return place
        draft = place.with_name(f".{digest}.{os.getpid()}.{threading.get_ident()}")
        draft.mkdir(mode=0o700)
        for name, content in {
            "kept": kept,
            "shown": shown,
            "why": f"{why}\n".encode(),
            "proof": proof.encode(),
        }.items():
            if content:
                _write_through(draft / name, content)
        try:
            draft.rename(place)
        except OSError:
            shutil.rmtree(draft)
            if not place.exists():
                raise
    return place


def _write_through(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


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


def told(refused: Refused) -> Answer:
    """A refusal as an answer: its reason, on a line."""
    return Answer(refused.status, f"{str(refused).strip()}\n".encode(), refused.kind)


def tell(line: str) -> None:
    """Tell the operator, where anybody listens: what cannot be told, on a full disk say, keeps nothing from its way."""
    with contextlib.suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)


class Witness:
    """Compares each checkpoint with the last it saw of the log, and cosigns what continues it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = read_key(folder)
        self.public = self.key.public
        self.store = Store(folder)
        self.mark = Mark(folder)

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
            tell(f"error: {fault}")
            return [Answer(503, b"this witness cannot store what it sees, and so cosigns nothing\n")] * len(bodies)
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
        self._stop_if_forgotten(asked, known)
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
        proof = written_request(asked.old, asked.proof, b"").decode()
        try:
            place = keep_evidence(self.folder, known.note, bytes(asked.note), why, proof)
        except Fault as fault:
            tell(f"no: {why}; the notes could not be kept: {fault}")
        else:
            tell(f"no: {why}; both notes are kept in {place}")

    def _stop_if_forgotten(self, asked: Asked, known: Known) -> None:
        """A true cosignature of its own that the store does not know of shows that the store is an older one."""
        if stopped := self.store.said("stopped"):
            raise Refused(503, f"this witness has stopped: {stopped}")
        seen, last = self.own_of(asked.note), self.store.time
        if seen and (seen > last or (seen == last and asked.head.size > known.size)):
            self._stop(asked.head, seen)

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
        tell(f"error: {why}")
        raise Refused(503, f"this witness has stopped: {why}")

    def _time(self, now: int) -> int:
        """The time to sign: never before the last, whatever the clock says."""
        last = self.store.time
        if now + DRIFT < last:
            tell(f"error: {_slow_clock(now, last)}")
            raise Refused(503, _slow_clock(now, last))
        return max(now, last)


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
_FIELD = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*(.*?)[ \t]*")
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
        fields[found[1].lower()] = found[2]
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

    def ask(self, body: bytes, reply: Reply) -> None:
        """Put a request in the row; ``reply`` is called in the registrar's thread."""
        self._asked.put((body, reply))

    def end(self) -> None:
        """Stop once all is answered that has been asked until now."""
        self._asked.put(None)

    def run(self) -> None:
        """Answer until the end."""
        witness = Witness(self._folder)
        while waiting := self._next():
            found = witness.answers([body for body, _reply in waiting], int(time.time()))
            for (_body, reply), answer in zip(waiting, found, strict=True):
                reply(answer)
        witness.store.close()

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


async def _serve(folder: Path, address: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    house = House(folder, loop)
    try:
        server = await loop.create_server(lambda: Connection(house), address, port, backlog=128)
    except OSError as error:
        raise Fault(f"port {port} of {address} cannot be had ({error.strerror}): choose another with --port") from error
    except OverflowError as error:
        raise Fault(f"there is no port {port}: choose one from 1 to 65535") from error
    ended = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, ended.set)
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


def _address_of(server: asyncio.AbstractServer) -> str:
    assert isinstance(server, asyncio.Server)
    host, port = server.sockets[0].getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


# --- the commands ---------------------------------------------------------------------------------------------------


def command_init(given: argparse.Namespace) -> int:
    """Make a key and an empty store, and print the vkey."""
    folder, name = Path(given.folder), str(given.name)
    if not _NAME.fullmatch(name) or _CONTROL.search(name):
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


def opened(given: argparse.Namespace) -> Witness:
    """The witness in a folder, once it is known that it may go on."""
    witness = Witness(Path(given.folder))
    witness.check(int(time.time()))
    return witness


def command_add_log(given: argparse.Namespace) -> int:
    """Trust a log's key."""
    try:
        key = read_vkey(given.vkey)
        if key.kind != NOTE_KEY:
            raise Malformed(f"the vkey {key.name} is of kind {key.kind:#04x}; a log's is Ed25519, {NOTE_KEY:#04x}")
    except Malformed as error:
        raise Fault(f"{error}: copy the log's vkey as its operator publishes it") from error
    if given.url and not re.fullmatch(r"https?://[^\s?#]+", given.url):
        raise Fault(f"{given.url!r} is no address of a log: it begins with https:// and has no question mark")
    store, origin = opened(given).store, given.origin or key.name
    with store.transaction():
        store.add(origin, key, given.url.rstrip("/") + "/" if given.url else "")
    print(f"{origin} is trusted by the key {key.id.hex()}")
    return 0


def command_logs(given: argparse.Namespace) -> int:
    """Each log, how far it was seen and when."""
    store = Store(Path(given.folder))
    with storing(store.path):
        for log in store.logs():
            seen = f"{log.size} entries, cosigned {moment(log.time)}" if log.note else "nothing cosigned yet"
            print(f"{log.origin}: {seen}{f', at {log.url}' if log.url else ''}")
    return 0


def command_show(given: argparse.Namespace) -> int:
    """The witness itself, or the last note that it cosigned of a log."""
    store = Store(Path(given.folder))
    with storing(store.path):
        if not given.origin:
            print(store.said("key"))
            print(f"{len(store.logs())} logs, {store.count} cosignatures", end="")
            print(f", the last {moment(store.time)}" if store.count else "")
            return 0
        log = store.known(given.origin)
    if log is None or not log.note:
        raise Fault(f"nothing of {given.origin} was cosigned: see the logs with the command logs")
    sys.stdout.buffer.write(log.note)
    return 0


def command_serve(given: argparse.Namespace) -> int:
    """Answer logs until told to end."""
    opened(given).store.close()
    asyncio.run(_serve(Path(given.folder), given.address, given.port))
    return 0


def command_evidence(given: argparse.Namespace) -> int:
    """List what was kept of logs that contradict themselves; 1 where there is any."""
    folder = Path(given.folder)
    places = sorted(place for place in (folder / EVIDENCE).glob("*") if not place.name.startswith("."))
    for place in places:
        print(f"{place}: {(place / 'why').read_text().strip()}")
    if not places:
        print("no log has contradicted itself before this witness")
    return 1 if places else 0


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
    serve = command("serve", command_serve)
    serve.add_argument("--address", default="127.0.0.1", help="127.0.0.1 by default, for a web server in front")
    serve.add_argument("--port", type=int, default=8090, help="8090 by default; 0 takes a free one")
    return reader


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, do it, return the exit code."""
    given = _reader().parse_args(arguments)
    try:
        return int(given.run(given))
    except Fault as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
