"""A log on plain data, made with the product's own leaves, and copies of it to be falsified."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from comity.plain.levels import Realm
from comity.record import queries
from comity.record.core import merkle
from comity.record.core.copy import (
    CHECKPOINT,
    DISCLOSURES,
    HASHES,
    LEAVES,
    Checkpoint,
    Copy,
    disclosure_line,
    hash_lines,
    read,
)
from comity.record.core.jcs import Json
from comity.record.core.leaf import PublicFacts, Sealed, decoy_leaf, public_leaf, sealed_all
from comity.record.publishing import publish


@dataclass
class PlainLog:
    """A log as the product would write it, without a database."""

    origin: str = "example.org/fiction/record"
    leaves: list[bytes] = field(default_factory=list)
    disclosures: dict[int, dict[str, Sealed]] = field(default_factory=dict)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    def append(self, subject: str, because: tuple[str, ...] = (), type: str = "texts.revised", **facts: Json) -> int:
        """Add a public entry; return its index."""
        seq, prev = self.heads.get(subject, (0, ""))
        fields = sealed_all(facts)
        said = PublicFacts(type, "2026-04-18T17:12:58Z", "org:aaaabbbbccccdddd", subject, seq + 1, prev, because)
        leaf = public_leaf(said, fields)
        self.heads[subject] = (seq + 1, merkle.leaf_hash(leaf).hex())
        self.leaves.append(leaf)
        if fields:
            self.disclosures[len(self.leaves) - 1] = fields
        return len(self.leaves) - 1

    def append_decoy(self) -> None:
        """Add a leaf that hides nothing."""
        self.leaves.append(decoy_leaf())

    def files(self) -> dict[str, bytes]:
        """The four files of its copy."""
        hashes = [merkle.leaf_hash(leaf) for leaf in self.leaves]
        lines = [disclosure_line(index, fields) for index, fields in sorted(self.disclosures.items())]
        return {
            CHECKPOINT: Checkpoint(self.origin, len(hashes), merkle.root_of(hashes)).body(),
            LEAVES: b"".join(leaf + b"\n" for leaf in self.leaves),
            HASHES: hash_lines(hashes),
            DISCLOSURES: b"".join(lines),
        }

    def copy(self) -> Copy:
        """Its copy, read back."""
        files = self.files()
        return read(files[CHECKPOINT], files[LEAVES], files[HASHES], files[DISCLOSURES])


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


@pytest.fixture
def publish_log(settings: Any, tmp_path: Path) -> Publish:
    """Publish a log into folders of this test alone: ``publish_log(realm)``; other rooms' tests take it too."""
    for name in ("RECORD", "HEADS", "KEYS", "POLICIES"):
        setattr(settings, name, tmp_path / name.lower())

    def published(realm: Realm = Realm.FICTION, *, at: datetime | None = None) -> str:
        return publish(realm, at=at or datetime.now(UTC))

    return published


Write = Callable[[dict[str, bytes]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the files of a copy into a folder."""

    def written(files: dict[str, bytes]) -> Path:
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        return tmp_path

    return written
