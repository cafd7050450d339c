"""A log on plain data, made with the product's own leaves, and copies of it to be falsified."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from comity.plain.levels import Realm
from comity.record import queries
from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.copy import CHECKPOINT, DISCLOSURES, POLICY, VKEYS, Copy, disclosure_line, read
from comity.record.core.jcs import Json
from comity.record.core.leaf import PublicFacts, Sealed, decoy_leaf, public_leaf, restricted_leaf, sealed_all
from comity.record.core.notes import KeyKind, Note, SigningKey
from comity.record.core.policies import Party, Policy
from comity.record.core.tiles import TileName, bundled, grown, unbundled
from comity.record.publishing import publish, witnesses


@dataclass
class PlainLog:
    """A log as the product would write it, without a database."""

    origin: str = "example.org/fiction/record"
    leaves: list[bytes] = field(default_factory=list)
    disclosures: dict[int, dict[str, Sealed]] = field(default_factory=dict)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    at: str = "2026-04-18T17:12:58Z"

    def append(self, subject: str, because: tuple[str, ...] = (), type: str = "texts.revised", **facts: Json) -> int:
        """Add a public entry, at the log's instant ``at``; return its index."""
        seq, prev = self.heads.get(subject, (0, ""))
        fields = sealed_all(facts)
        said = PublicFacts(type, self.at, "org:aaaabbbbccccdddd", subject, seq + 1, prev, because)
        leaf = public_leaf(said, fields)
        self.heads[subject] = (seq + 1, merkle.leaf_hash(leaf).hex())
        self.leaves.append(leaf)
        if fields:
            self.disclosures[len(self.leaves) - 1] = fields
        return len(self.leaves) - 1

    def append_decoy(self) -> None:
        """Add a leaf that hides nothing."""
        self.leaves.append(decoy_leaf())

    def append_restricted(self, whole: Sealed) -> int:
        """Add a leaf that is one seal; return its index."""
        self.leaves.append(restricted_leaf(whole))
        return len(self.leaves) - 1

    def files(self) -> dict[str, bytes]:
        """The files of its copy, signed by the log alone."""
        hashes = [merkle.leaf_hash(leaf) for leaf in self.leaves]
        growth = grown(0, {}, hashes)
        lines = [disclosure_line(index, fields) for index, fields in sorted(self.disclosures.items())]
        return {
            CHECKPOINT: signed(Checkpoint(self.origin, growth.size, growth.root)),
            **{name.path: content for name, content in growth.tiles.items()},
            **bundles(self.leaves),
            DISCLOSURES: b"".join(lines),
            VKEYS: f"{key_of(self.origin).verifier}\n".encode(),
            POLICY: str(Policy((Party(key_of(self.origin).verifier),))).encode(),
        }

    def copy(self) -> Copy:
        """Its copy, read back."""
        return read_files(self.files())


Files = dict[str, bytes]


def key_of(name: str, kind: KeyKind = KeyKind.NOTE) -> SigningKey:
    """A key that only tests know: the same for the same name."""
    return SigningKey(name, kind, merkle.leaf_hash(name.encode()))


def signed(checkpoint: Checkpoint, *more: SigningKey, time: int = 1_700_000_000) -> bytes:
    """A checkpoint under the signature of its log, and of others."""
    body = checkpoint.body()
    keys = key_of(checkpoint.origin), *more
    return bytes(Note(body, [key.sign(body, time=time) for key in keys]))


def bundles(leaves: Sequence[bytes]) -> Files:
    """Leaves in bundles of 256."""
    parts = [leaves[start : start + 256] for start in range(0, len(leaves), 256)]
    return {TileName(-1, number, len(part)).path: bundled(part) for number, part in enumerate(parts)}


def leaves_of(files: Files) -> list[bytes]:
    """The leaves in the bundles of a copy."""
    found: list[bytes] = []
    for name, content in sorted(files.items()):
        if name.startswith("tile/entries/"):
            found += unbundled(content, TileName.parse(name).width)
    return found


def with_leaves(files: Files, leaves: Sequence[bytes]) -> Files:
    """A copy whose bundles hold other leaves, in files of the same names: the last holds more or fewer."""
    names = sorted(name for name in files if name.startswith("tile/entries/"))
    ends = [256 * number for number in range(1, len(names))] + [len(leaves)]
    parts = zip(names, [0, *ends], ends, strict=False)
    return {**files, **{name: bundled(leaves[start:end]) for name, start, end in parts}}


def retiled(files: Files) -> Files:
    """What a forger does who also writes the tiles anew."""
    kept = {name: content for name, content in files.items() if not name.startswith("tile/")}
    leaves = [leaf for name in sorted(files) if name.startswith("tile/entries/") for leaf in _all_in(files[name])]
    tiles = grown(0, {}, [merkle.leaf_hash(leaf) for leaf in leaves]).tiles
    return {**kept, **bundles(leaves), **{name.path: content for name, content in tiles.items()}}


def _all_in(bundle: bytes) -> list[bytes]:
    found, place = [], 0
    while place < len(bundle):
        length = int.from_bytes(bundle[place : place + 2], "big")
        found.append(bundle[place + 2 : place + 2 + length])
        place += 2 + length
    return found


def resigned(files: Files) -> Files:
    """And who has the key of the log: a new checkpoint over tiles written anew."""
    anew = retiled(files)
    leaves = leaves_of(anew)
    origin = Checkpoint.of(Note.parse(files[CHECKPOINT])).origin
    root = merkle.root_of([merkle.leaf_hash(leaf) for leaf in leaves])
    return {**anew, CHECKPOINT: signed(Checkpoint(origin, len(leaves), root))}


def read_files(files: Files) -> Copy:
    """A copy from memory; raise Unreadable."""
    return read(lambda name: files[name])


def three_subjects(entries: int = 24) -> PlainLog:
    """A log of entries on three subjects in turn, with a decoy now and then."""
    log = PlainLog()
    log.append("engagement:aaaaaaaaaaaaaaaa", title="Talks at Lake Halmere", heads=12)
    for number in range(1, entries):
        if number % 7 == 0:
            log.append_decoy()
            continue
        subject = f"text:{'abc'[number % 3] * 16}"
        log.append(subject, ("engagement:aaaaaaaaaaaaaaaa",), words=f"Clause {number}, as read", votes=number)
    return log


@pytest.fixture(autouse=True)
def everything_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here no other room's rows stand: what the entries of these tests name may be read by anybody."""
    monkeypatch.setattr(queries, "readable", lambda refs, realm, at: set(refs))


@pytest.fixture
def plain_log() -> PlainLog:
    """A log of 24 entries."""
    return three_subjects()


Publish = Callable[..., str]


@pytest.fixture(autouse=True)
def _witnesses_met_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test learnt of its witnesses is unknown to the next; on a busy machine they may take longer."""
    monkeypatch.setattr(witnesses, "_MEMORY", witnesses._Memory())
    for name, seconds in {"ONE": 2.0, "ALL": 8.0, "GRACE": 8.0}.items():
        monkeypatch.setattr(witnesses, name, seconds)


@pytest.fixture
def publish_log(settings: Any, tmp_path: Path) -> Publish:
    """Publish a log into folders of this test alone: ``publish_log(realm)``; other rooms' tests take it too."""
    for name in ("RECORD", "HEADS", "KEYS", "POLICIES"):
        setattr(settings, name, tmp_path / name.lower())

    def published(realm: Realm = Realm.FICTION, *, at: datetime | None = None) -> str:
        return publish(realm, at=at or datetime.now(UTC))

    return published


Write = Callable[[Files], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the files of a copy into a folder, and nothing else."""

    def written(files: Files) -> Path:
        folder = tmp_path / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder

    return written
