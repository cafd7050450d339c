"""One round of publishing: what is due is written, verified, signed, cosigned, and put in its place."""

from datetime import datetime, timedelta

from comity.plain.levels import Realm
from comity.record import published
from comity.record.actions import sequence
from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint, Opened, opened
from comity.record.core.notes import Malformed, Note, NotSigned, SigningKey
from comity.record.core.tiles import Growth
from comity.record.publishing import heads, tiles
from comity.record.publishing.asked import Asked
from comity.record.publishing.files import Folder
from comity.record.publishing.keys import key_of
from comity.record.publishing.refusals import DatabaseBehind, DatabaseDiffers, KeyUnreadable, PublishedAhead
from comity.record.publishing.tiles import Numbered

FRESH = timedelta(minutes=10)
"""After so long a checkpoint is published anew, with fresh cosignatures, so that a log that stands still shows."""


def publish(realm: Realm, *, at: datetime) -> str:
    """Do what is due, and say in a line what was done; empty where nothing was. ``at`` is the instant of the world.

    Whoever calls it twice does nothing twice. Raises a NotPublished that says why nothing was signed or published.
    """
    with heads.alone(realm) as alone:
        if not alone:
            return f"{realm.value}: another process is publishing this log"
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
        self.key = key_of(realm, published.origin(realm), signed_before=before)

    def run(self) -> str:
        """Everything that is due."""
        known = self._known()
        self._compare(known)
        if known and self.log.size == known.checkpoint.size and not self._due(known):
            return ""
        growth = self._written(known.checkpoint if known else Checkpoint(self.key.name, 0, merkle.EMPTY_ROOT))
        if known is None or growth.size > known.checkpoint.size:
            known = self._sign(growth)
        return self._place(known, growth)

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
        there = _read(self.in_place, self.key)
        if known is None and self.in_place is not None:
            raise PublishedAhead(published=there.size if there else "a checkpoint", signed="nothing")
        if known and there and (there.size > size or (there.size == size and there != known.checkpoint)):
            raise PublishedAhead(published=there.size, signed=size)

    def _due(self, known: Opened) -> bool:
        """Whether the head that stands is to be published, or published anew."""
        there = _read(self.in_place, self.key)
        if there != known.checkpoint or self.folder.read(published.POLICY) != self._policy():
            return True
        placed = (self.folder.root / published.CHECKPOINT).stat().st_mtime
        return abs(self.at.timestamp() - placed) >= FRESH.total_seconds()

    def _written(self, before: Checkpoint) -> Growth:
        """Write what is numbered, all of it where the files of what was signed do not stand, and read it back."""
        standing = before.size if tiles.stands(self.folder, before.size, before.root) else 0
        growth = tiles.write(self.folder, standing, self.log)
        tiles.check(self.folder, growth, standing, before)
        return growth

    def _sign(self, growth: Growth) -> Opened:
        """Sign the head, and keep what was signed before anybody sees it."""
        body = Checkpoint(self.key.name, growth.size, growth.root).body()
        note = Note(body, [self.key.sign(body)])
        heads.advance(self.realm, self.signed, heads.Head(growth.size, bytes(note)), at=self.at)
        return opened(bytes(note), self.key.verifier)

    def _place(self, known: Opened, growth: Growth) -> str:
        """Put the checkpoint in its place with policy and keys beside, once enough witnesses have cosigned it."""
        size = known.checkpoint.size
        if not self.asked.policy.met([]):
            return f"{self.realm.value}: {size} entries signed, waiting for witnesses"
        said = self.asked.controllers
        for name, content in (
            (published.POLICY, self._policy()),
            (published.VKEYS, self._vkeys()),
            (published.CONTROLLERS, "".join(f"{name} {words}\n" for name, words in said.items()).encode()),
        ):
            if self.folder.read(name) != content:
                self.folder.put(name, content)
        self.folder.settle()
        self.folder.put(published.CHECKPOINT, bytes(known.note), at=self.at)
        self.folder.settle()
        tiles.clear(self.folder, growth)
        return f"{self.realm.value}: {size} entries published"

    def _policy(self) -> bytes:
        return str(self.asked.with_log(self.key.verifier)).encode()

    def _vkeys(self) -> bytes:
        keys = [self.key.verifier, *(party.key for party in self.asked.policy.witnesses.values())]
        return "".join(f"{key}\n" for key in keys).encode()


def _read(content: bytes | None, key: SigningKey) -> Checkpoint | None:
    """The checkpoint of a note under the log's own signature; None where it is none."""
    try:
        return opened(content, key.verifier).checkpoint if content is not None else None
    except (Malformed, NotSigned):
        return None
