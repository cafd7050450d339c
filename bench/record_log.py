"""A log as large as one wishes, written as its static files: leaves as the product writes them, on many subjects.

``PYTHONPATH=src .venv/bin/python bench/record_log.py FOLDER [--entries 1000000] [--values]``. The same number gives the
same log. ``--values`` also writes ``disclosures.jsonl``, with true seals; without it seals are arbitrary digits, which
no audit of the tree and the chains can tell.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from comity.record.core.checkpoints import Checkpoint
from comity.record.core.notes import KeyKind, Note, SigningKey
from comity.record.core.policies import Party, Policy
from comity.record.core.tiles import TileName, bundled, grown

ORIGIN = "bench.example/record"
AT_ONCE = 65_536
ACTS = ("texts.revised", "texts.amended", "decisions.voted", "deliberation.spoken", "registry.linked", "texts.adopted")
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass
class Story:
    """What has happened so far on each subject: how often, and the fingerprint of the last entry."""

    chance: random.Random
    values: bool
    subjects: list[str] = field(default_factory=list)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    actors: list[str] = field(default_factory=list)

    def leaf(self, index: int) -> tuple[bytes, bytes, str]:
        """The next leaf, its fingerprint, and its line of disclosures: one in sixteen is a restricted one."""
        if index % 16 == 15:
            leaf = f'{{"commit":"{self._digits()}","v":1}}'.encode()
            return leaf, hashlib.sha256(b"\0" + leaf).digest(), ""
        subject = self._subject(index)
        seq, prev = self.heads.get(subject, (0, ""))
        commit, line = self._values(index)
        source = self.subjects[self.chance.randrange(len(self.subjects))]
        because = f'"{source}"' if source in self.heads and index % 3 == 0 else ""
        act = ACTS[index % len(ACTS)]
        leaf = (
            f'{{"actor":"{self.actors[index % 97]}","at":"{_instant(index)}","because":[{because}],'
            f'"commit":{{{commit}}},"prev":"{prev}","subject":"{subject}","subject_seq":{seq + 1},'
            f'"type":"{act}","v":1}}'
        ).encode()
        fingerprint = hashlib.sha256(b"\0" + leaf).digest()
        self.heads[subject] = seq + 1, fingerprint.hex()
        return leaf, fingerprint, line

    def _subject(self, index: int) -> str:
        """A new one now and then, else one of those of late, as congresses go."""
        if index % 8 == 0 or not self.subjects:
            kind = ("text", "decision", "engagement", "commitment")[index // 8 % 4]
            self.subjects.append(f"{kind}:{self._name()}")
        return self.subjects[max(len(self.subjects) - 1 - int(self.chance.expovariate(0.002)), 0)]

    def _name(self) -> str:
        bits = self.chance.getrandbits(80)
        return "".join(LETTERS[bits >> 5 * place & 31] for place in range(16))

    def _digits(self) -> str:
        return f"{self.chance.getrandbits(256):064x}"

    def _values(self, index: int) -> tuple[str, str]:
        if not self.values:
            return f'"title":"{self._digits()}","votes":"{self._digits()}"', ""
        told, seals = [], []
        for name, value in (("title", f'"Clause {index}, as read"'), ("votes", str(index))):
            salt = self.chance.randbytes(32)
            seals.append(f'"{name}":"{hmac.digest(salt, value.encode(), "sha256").hex()}"')
            told.append(f'"{name}":{{"salt":"{salt.hex()}","value":{value}}}')
        return ",".join(seals), f'{{"fields":{{{",".join(told)}}},"index":{index}}}\n'


def _instant(index: int) -> str:
    day, second = divmod(index, 86_400)
    hour, minute = second // 3600, second // 60 % 60
    return f"2026-{1 + day // 28 % 12:02}-{1 + day % 28:02}T{hour:02}:{minute:02}:{second % 60:02}Z"


def key() -> SigningKey:
    """The key of the log, of no secrecy whatever."""
    return SigningKey(ORIGIN, KeyKind.NOTE, hashlib.sha256(b"a log to be measured").digest())


def write_log(folder: Path, entries: int, *, values: bool = False) -> Checkpoint:
    """Write a log of so many entries into a folder."""
    story = Story(random.Random(5), values)  # noqa: S311 - it is to be the same each time
    story.actors = [f"org:{story._name()}" for _ in range(97)]
    size, edge, root = 0, dict[int, bytes](), hashlib.sha256().digest()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "disclosures.jsonl").open("w") as told:
        for first in range(0, entries, AT_ONCE):
            made = [story.leaf(index) for index in range(first, min(first + AT_ONCE, entries))]
            growth = grown(size, edge, [fingerprint for _leaf, fingerprint, _line in made])
            for name, content in _files([leaf for leaf, _print, _line in made], first, growth.tiles):
                _write(folder, name, content, entries)
            edge = {name.level: content for name, content in growth.tiles.items() if name.width < 256}
            size, root = growth.size, growth.root
            told.writelines(line for _leaf, _print, line in made)
    return _sealed(folder, Checkpoint(ORIGIN, size, root))


def _files(leaves: list[bytes], first: int, tiles: dict[TileName, bytes]) -> Iterator[tuple[TileName, bytes]]:
    yield from tiles.items()
    for start in range(0, len(leaves), 256):
        held = leaves[start : start + 256]
        yield TileName(-1, (first + start) // 256, len(held)), bundled(held)


def _write(folder: Path, name: TileName, content: bytes, entries: int) -> None:
    """Write a tile, unless it is a partial one on the way to a larger log."""
    if name.width < 256 and (entries >> 8 * max(name.level, 0)) // 256 > name.number:
        return
    path = folder / name.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _sealed(folder: Path, checkpoint: Checkpoint) -> Checkpoint:
    body, signer = checkpoint.body(), key()
    (folder / "checkpoint").write_bytes(bytes(Note(body, [signer.sign(body)])))
    (folder / "vkeys").write_text(f"{signer.verifier}\n")
    (folder / "policy").write_text(str(Policy((Party(signer.verifier),))))
    return checkpoint


def main() -> None:
    """Write one."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    reader.add_argument("folder", type=Path)
    reader.add_argument("--entries", type=int, default=1_000_000)
    reader.add_argument("--values", action="store_true")
    given = reader.parse_args()
    print(write_log(given.folder, given.entries, values=given.values))


if __name__ == "__main__":
    main()
