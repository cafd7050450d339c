"""Signed logs as static files, made in memory with fixed test keys."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.leaf import Sealed
from comity.record.core.notes import KeyKind, Note, SigningKey
from comity.record.core.policies import Group, Party, Policy
from comity.record.core.tiles import WIDTH, TileName, Tree, bundle_of, bundled, edge_of, grown
from comity.record.core.tlog_proof import TlogProof

LOG = SigningKey("log.example.org/fiction", KeyKind.NOTE, bytes([1] * 32))
WITNESSES = tuple(SigningKey(f"witness.example.org/w{n}", KeyKind.COSIGNATURE, bytes([n + 1] * 32)) for n in (1, 2, 3))
TIME = 1_776_500_000


def policy(threshold: int = 2) -> Policy:
    """The log, and so many of its three witnesses."""
    parties = {f"w{number}": Party(key.verifier) for number, key in enumerate(WITNESSES, start=1)}
    groups = {"few": Group(threshold, tuple(parties))} if threshold else {}
    return Policy([Party(LOG.verifier)], parties, groups, "few" if threshold else "none")


@dataclass
class BuiltLog:
    """A log of these entries: its tiles and bundles by path; every size it was asked at stays as it was."""

    entries: Sequence[bytes]
    files: dict[str, bytes] = field(default_factory=dict)
    size: int = 0

    def grow(self, size: int) -> None:
        """Write what a log of the first ``size`` entries has more."""
        edge = {tile.level: self.files[tile.path] for tile in edge_of(self.size)}
        leaves = [merkle.leaf_hash(entry) for entry in self.entries[self.size : size]]
        for tile, content in grown(self.size, edge, leaves).tiles.items():
            self.files[tile.path] = content
            if tile.level == 0:
                bundle, first = bundle_of(tile), tile.number * WIDTH
                self.files[bundle.path] = bundled(self.entries[first : first + tile.width])
        self.size = size

    def tree(self) -> Tree:
        """The tree as its files give it."""
        return Tree(self.size, self.read)

    def read(self, tile: TileName) -> bytes:
        """A tile; LookupError where it is not there."""
        return self.files[tile.path]

    def checkpoint(self, witnesses: int = 2, time: int = TIME) -> bytes:
        """The head of its present size, signed and cosigned."""
        body = Checkpoint(LOG.name, self.size, self.tree().root()).body()
        keys = (LOG, *WITNESSES[:witnesses])
        return bytes(Note(body, [key.sign(body, time=time) for key in keys]))

    def proof(self, index: int, head: bytes) -> bytes:
        """The proof file of an entry."""
        return bytes(TlogProof(index, self.tree().inclusion(index), head))


def disclosed(index: int, entry: bytes, fields: Mapping[str, Sealed], withheld: Sequence[str] = ()) -> bytes:
    """What anybody may read of an entry's values."""
    told = {name: {"salt": one.salt.hex(), "value": json.loads(one.text)} for name, one in fields.items()}
    return json.dumps(
        {
            "form": "comity-disclosed/1",
            "index": index,
            "leaf_hash": merkle.leaf_hash(entry).hex(),
            "fields": {name: one for name, one in told.items() if name not in withheld},
            "withheld": list(withheld),
        }
    ).encode()


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Lay files into a folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
