"""One round of publishing: what is due is written, verified, signed, cosigned, and put in its place."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from comity.plain.levels import Realm
from comity.record import published
from comity.record.actions import sequence
from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint, Opened, opened
from comity.record.core.notes import Malformed, Note, NotSigned, SigningKey
from comity.record.core.tiles import Growth
from comity.record.publishing import heads, tiles
from comity.record.publishing.asked import Asked
from comity.record.publishing.files import Folder, asked_of_the_disk
from comity.record.publishing.keys import key_of, name_of
from comity.record.publishing.refusals import (
    DatabaseBehind,
    DatabaseDiffers,
    HeadsMissing,
    KeyUnreadable,
    PublishedAhead,
    SuccessionBegun,
    WitnessAhead,
    WitnessDiffers,
)
from comity.record.publishing.tiles import Numbered
from comity.record.publishing.witnesses import Cosigned, Witnesses

FRESH = timedelta(minutes=10)
"""After so long a checkpoint is published anew, with fresh cosignatures, so that a log that stands still shows."""


def publish(realm: Realm, *, at: datetime) -> str:
    """Do what is due, and say in a line what was done; empty where nothing was. ``at`` is the instant of the world.

    Whoever calls it twice does nothing twice. Raises a NotPublished that says why nothing was signed or published.
    """
    with heads.alone(realm) as alone:
        if not alone:
            return f"{realm.value}: another process is publishing this log"
        if heads.succession_of(realm).exists():
            raise SuccessionBegun(file=str(heads.succession_of(realm)))
        return attempt(realm, at)


def attempt(realm: Realm, at: datetime) -> str:
    """One round, for whoever holds the lock of the log; as ``publish``."""
    sequence(realm)
    return _Round(realm, at).run()


class _Round:
    """What one round knows and does; only the process that holds the lock of the log makes one."""

    def __init__(self, realm: Realm, at: datetime) -> None:
        self.realm, self.at = realm, at
        self.asked = Asked.of(realm)
        self.log = Numbered.of(realm)
        self.folder = Folder(published.folder(realm))
        self.signed = heads.signed(realm)
        self.in_place = self.folder.read(published.CHECKPOINT)
        before = self.signed is not None or self.in_place is not None
        self.key = key_of(realm, name_of(realm), signed_before=before)
        self.beside = self.asked.files(self.key.verifier)
        self.published = _read(self.in_place, self.key)
        self.witnesses = Witnesses(self.asked.policy, self.key.verifier)

    def run(self) -> str:
        """Everything that is due."""
        known = self._known()
        self._compare(known)
        due = known is None or self.log.size > known.checkpoint.size or self._due(known)
        held = self._held(known) if due or not self.witnesses.asked_before else {}
        if known and not due:
            return self._completed(known)
        growth = self._written(known.checkpoint if known else Checkpoint(self.key.name, 0, merkle.EMPTY_ROOT))
        self._compare_held(held, growth)
        if known is None or growth.size > known.checkpoint.size:
            known = self._sign(growth)
        return self._cosigned(known.note, growth)

    def _known(self) -> Opened | None:
        """The head that was signed last."""
        if self.signed is None:
            return None
        try:
            return opened(self.signed.note, self.key.verifier)
        except (Malformed, NotSigned) as error:
            raise KeyUnreadable(file=str(heads.path_of(self.realm)), why=str(error)) from error

    def _compare(self, known: Opened | None) -> None:
        """Refuse to go on where database, signed head and published file do not tell one history."""
        size = known.checkpoint.size if known else 0
        if self.log.size < size:
            raise DatabaseBehind(numbered=self.log.size, signed=size)
        if known and self.log.size == size and self.log.root != known.checkpoint.root:
            raise DatabaseDiffers(size=size)
        there = self.published
        if known is None and self.in_place is not None:
            raise PublishedAhead(published=there.size if there else "a checkpoint", signed="nothing")
        if known is None and not heads.path_of(self.realm).exists():
            raise HeadsMissing(file=str(heads.path_of(self.realm)))
        if known and there and (there.size > size or (there.size == size and there != known.checkpoint)):
            raise PublishedAhead(published=there.size, signed=size)

    def _due(self, known: Opened) -> bool:
        """Whether the head that stands is to be published, or published anew."""
        if self.published != known.checkpoint or any(
            self.folder.read(name) != kept for name, kept in self.beside.items()
        ):
            return True
        path = self.folder.root / published.CHECKPOINT
        with asked_of_the_disk(path):
            placed = path.stat().st_mtime
        return abs(self.at.timestamp() - placed) >= FRESH.total_seconds()

    def _held(self, known: Opened | None) -> dict[str, Opened]:
        """What the witnesses hold; raise WitnessAhead where one holds more than was signed here."""
        size = known.checkpoint.size if known else 0
        held = self.witnesses.held(size)
        for name, theirs in held.items():
            if theirs.checkpoint.size > size:
                raise WitnessAhead(witness=name, holds=theirs.checkpoint.size, signed=size)
        return held

    def _compare_held(self, held: Mapping[str, Opened], growth: Growth) -> None:
        """Refuse to sign a tree that does not continue what a witness holds; both are kept as evidence."""
        tree = tiles.reader(self.folder, growth.size)
        for name, theirs in held.items():
            size, root = theirs.checkpoint.size, theirs.checkpoint.root
            proof = tree.consistency(size) if 0 < size < growth.size else []
            try:
                merkle.verify_consistency(size, growth.size, proof, root, growth.root)
            except merkle.BadProof as error:
                raise WitnessDiffers(witness=name, size=size, evidence=str(self._evidence(theirs))) from error

    def _evidence(self, theirs: Opened) -> Path:
        """Keep what a witness holds beside the head that was signed here."""
        beside = Folder(heads.path_of(self.realm).parent)
        name = f"{self.realm.value}.evidence-{hashlib.sha256(bytes(theirs.note)).hexdigest()[:16]}"
        beside.put(name, bytes(theirs.note) + b"\n" + (self.signed.note if self.signed else b""))
        beside.settle()
        return beside.root / name

    def _written(self, before: Checkpoint) -> Growth:
        """Write what is numbered, all of it where the files of what was signed do not stand, and read it back."""
        standing = before.size if tiles.stands(self.folder, before.size, before.root) else 0
        growth = tiles.write(self.folder, standing, before, self.log)
        tiles.check(self.folder, growth, standing, before)
        return growth

    def _sign(self, growth: Growth) -> Opened:
        """Sign the head, and keep what was signed before anybody sees it."""
        body = Checkpoint(self.key.name, growth.size, growth.root).body()
        note = Note(body, [self.key.sign(body)])
        new = opened(bytes(note), self.key.verifier)  # first: a signature that came out wrong is never kept
        heads.advance(self.realm, self.signed, heads.Head(growth.size, bytes(note)), at=self.at)
        return new

    def _cosigned(self, note: Note, growth: Growth) -> str:
        """Show the head to the witnesses; publish it once enough have cosigned it, and else leave what is published."""
        answered = self.witnesses.cosigned(note, lambda: tiles.reader(self.folder, growth.size), self.at)
        lacking = _lacking(answered)
        if not self._met(answered):
            return f"{self.realm.value}: {growth.size} entries signed, waiting for witnesses: {lacking}"
        by = self._place(note, answered)
        tiles.clear(self.folder, self.published.size if self.published else 0, growth.size)
        return f"{self.realm.value}: {growth.size} entries published{by}{f'; {lacking}' if lacking else ''}"

    def _completed(self, known: Opened) -> str:
        """Where a witness has not cosigned what is in its place, ask again, and publish that anew once one more has."""
        there, witnesses = published.head(self.realm), self.asked.policy.witnesses
        seen = {one.key for one in there.cosigned} if there else set()
        if seen.issuperset(party.key for party in witnesses.values()):
            return ""
        size = known.checkpoint.size
        answered = self.witnesses.cosigned(known.note, lambda: tiles.reader(self.folder, size), self.at)
        if seen.issuperset(witnesses[name].key for name in answered.lines) or not self._met(answered):
            return ""
        return f"{self.realm.value}: {size} entries published anew{self._place(known.note, answered)}"

    def _met(self, answered: Cosigned) -> bool:
        policy = self.asked.policy
        return policy.met(policy.witnesses[name].key for name in answered.lines)

    def _place(self, note: Note, answered: Cosigned) -> str:
        """Put a cosigned checkpoint in its place, with policy and keys beside; in words, who cosigned it."""
        for name, content in self.beside.items():
            if self.folder.read(name) != content:
                self.folder.put(name, content)
        self.folder.settle()
        cosigned = Note(note.text, [*note.signatures, *answered.lines.values()])
        self.folder.put(published.CHECKPOINT, bytes(cosigned), at=self.at)
        self.folder.settle()
        return f", cosigned by {', '.join(sorted(answered.lines))}" if answered.lines else ""


def _lacking(answered: Cosigned) -> str:
    return "; ".join(f"{name} {why}" for name, why in answered.lacking.items())


def _read(content: bytes | None, key: SigningKey) -> Checkpoint | None:
    """The checkpoint of a note under the log's own signature; None where it is none."""
    try:
        return opened(content, key.verifier).checkpoint if content is not None else None
    except (Malformed, NotSigned):
        return None
