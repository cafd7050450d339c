"""What is published of a log, read from its folder as anybody reads it: checkpoint, tiles, proofs, policy, standing."""

import errno
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path

from django.conf import settings
from django.db.models import OuterRef, Subquery

from comity.plain.levels import Level, Realm
from comity.plain.refusals import NotVisible, Refusal
from comity.record.core.checkpoints import Opened, opened
from comity.record.core.notes import Malformed, NotSigned, Signed, VerifierKey
from comity.record.core.policies import Policy
from comity.record.core.tiles import TileName, Tree
from comity.record.core.tlog_proof import TlogProof
from comity.record.models import Entry, Log

CHECKPOINT, POLICY, VKEYS, CONTROLLERS = "checkpoint", "policy", "vkeys", "controllers"
OPERATOR = "log"
"""In the list of who controls what: whoever runs the log itself."""
Identity = tuple[int, int, int]


class NotPublishedYet(Refusal):
    """This entry is recorded, and not yet under a published checkpoint. Ask again in a minute."""

    code = "not-published-yet"
    status = 404


def origin(realm: Realm) -> str:
    """The name of a realm's log, by which its checkpoints go; before the first the name that is set."""
    known = head(realm)
    return known.checkpoint.origin if known else first_origin(realm)


def first_origin(realm: Realm) -> str:
    """The name that was chosen for a realm's log; one that takes its place bears a number behind it."""
    return str(settings.RECORD_ORIGIN_FICTION if realm is Realm.FICTION else settings.RECORD_ORIGIN)


def folder(realm: Realm, ended: int | None = None) -> Path:
    """Where a realm's log lies as files; with a number that of one which has ended."""
    return Path(settings.RECORD) / realm.value / ("" if ended is None else str(ended))


def checkpoint(realm: Realm, ended: int | None = None) -> bytes | None:
    """The signed checkpoint in its place, word for word; None before the first."""
    return file(realm, CHECKPOINT, ended)


def file(realm: Realm, name: str, ended: int | None = None) -> bytes | None:
    """A file of a log as it lies there; None where none does."""
    return _content(folder(realm, ended) / name)


def head(realm: Realm) -> Opened | None:
    """The checkpoint in its place, its signatures verified; None where none stands or what stands does not hold."""
    where = folder(realm)
    now = _identity(where / CHECKPOINT), _identity(where / VKEYS)
    kept = _HEADS.get(where)
    if kept is None or kept[0] != now:
        kept = _HEADS[where] = now, _opened(realm)
    return kept[1]


_HEADS: dict[Path, tuple[tuple[Identity, Identity], Opened | None]] = {}


def identity() -> tuple[Identity, ...]:
    """What differs as soon as another checkpoint of either log stands in its place."""
    return tuple(_identity(folder(realm) / CHECKPOINT) for realm in Realm)


def _identity(path: Path) -> Identity:
    try:
        told = path.stat()
    except OSError:
        return 0, 0, 0
    return told.st_ino, told.st_ctime_ns, told.st_size


def _opened(realm: Realm) -> Opened | None:
    content, keys = checkpoint(realm), vkeys(realm)
    try:
        return opened(content, keys[0], keys[1:]) if content is not None and keys else None
    except (Malformed, NotSigned):
        return None


def vkeys(realm: Realm) -> list[VerifierKey]:
    """The log's own key, then those of the witnesses of its policy; none before the first checkpoint."""
    lines = _text(folder(realm) / VKEYS).split()
    try:
        return [VerifierKey.parse(line) for line in lines]
    except Malformed:
        return []


def policy(realm: Realm) -> Policy:
    """Who must cosign, as it is published with the log: the operator's policy with the log's own line."""
    try:
        return Policy.parse(_text(folder(realm) / POLICY))
    except Malformed:
        return Policy()


def controllers(realm: Realm) -> dict[str, str]:
    """Who runs each witness, in words, by the policy's names; ``log`` is whoever runs the log."""
    return controllers_in(_text(folder(realm) / CONTROLLERS))


def controllers_in(text: str) -> dict[str, str]:
    """Read who controls what: a name and words on each line; empty lines and those after ``#`` are passed over."""
    told = (line.split(maxsplit=1) for line in text.splitlines() if not line.lstrip().startswith("#"))
    return {words[0]: " ".join(words[1].split()) for words in told if len(words) == 2}


def tile(realm: Realm, name: TileName, ended: int | None = None) -> bytes:
    """The bytes of a tile or bundle as they lie there; raise LookupError where it does not."""
    content = file(realm, name.path, ended)
    if content is None:
        raise LookupError(name.path)
    return content


def tree(realm: Realm) -> Tree:
    """The tree under the published checkpoint, read from its tiles; that of nothing before the first."""
    known = head(realm)
    return Tree(known.checkpoint.size if known else 0, lambda name: tile(realm, name))


def proof(realm: Realm, index: int) -> TlogProof:
    """What shows that an entry stands under the published checkpoint; raise NotPublishedYet, or NotVisible."""
    known = head(realm)
    if known is None or index >= known.checkpoint.size:
        raise NotPublishedYet(entry=index) if index < numbered(realm) else NotVisible(entry=index)
    return TlogProof(index, tree(realm).inclusion(index), bytes(known.note))


def numbered(realm: Realm) -> int:
    """How many entries of a log have their number in the database."""
    return Log.objects.filter(realm=realm.value).values_list("size", flat=True).first() or 0


@dataclass(frozen=True)
class Cosigner:
    """A witness that has cosigned the published checkpoint: by the policy's name, who runs it, and when it did."""

    name: str
    key: VerifierKey
    at: datetime
    controller: str = ""
    """In words; empty where nobody has said it."""


@dataclass(frozen=True)
class Standing:
    """How far a log is published, who cosigned that, and what waits."""

    numbered: int
    """Entries with a number, in the database."""
    published: int = 0
    """Entries under the checkpoint in its place."""
    since: datetime | None = None
    """When that checkpoint came into its place."""
    cosigners: tuple[Cosigner, ...] = ()
    lacking: tuple[str, ...] = ()
    """The witnesses of the policy's quorum that have not cosigned it."""
    witnessed: bool = False
    """Whether the policy asks anybody to cosign."""
    operator: str = ""
    """Who runs the log, in words, if it was said."""
    waiting_since: datetime | None = None
    """Since when the first numbered entry waits that is not published; None when all are."""

    def covers(self, index: int | None) -> bool:
        """Whether an entry of that number stands under the published checkpoint."""
        return index is not None and index < self.published

    @property
    def independent(self) -> bool:
        """Whether somebody other than the operator has cosigned: nobody has where several witnesses share one hand."""
        hands = {_plain(one.controller) for one in self.cosigners} - {""}
        return bool(hands - {_plain(self.operator)}) and (len(self.cosigners) == 1 or len(hands) > 1)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def standing(realm: Realm) -> Standing:
    """How a log stands now, in one look at the database."""
    known = as_published(realm)
    counted, since = _waiting(realm, known.published)
    return replace(known, numbered=counted, waiting_since=since)


def as_published(realm: Realm) -> Standing:
    """How a log stands by its files alone: what is published, and who cosigned it."""
    known = head(realm)
    if known is None:
        return Standing(0)
    watched, hands = policy(realm), controllers(realm)
    names = {party.key: name for name, party in watched.witnesses.items()}
    return Standing(
        numbered=known.checkpoint.size,
        published=known.checkpoint.size,
        since=_placed(folder(realm) / CHECKPOINT),
        cosigners=tuple(_cosigner(one, names, hands) for one in known.cosigned),
        lacking=tuple(watched.needs(one.key for one in known.cosigned)),
        witnessed=watched.quorum != "none",
        operator=hands.get(OPERATOR, ""),
    )


def _cosigner(one: Signed, names: Mapping[VerifierKey, str], hands: Mapping[str, str]) -> Cosigner:
    name = names.get(one.key, one.key.name)
    return Cosigner(name, one.key, datetime.fromtimestamp(one.time, UTC), hands.get(name, ""))


def _placed(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None


def _waiting(realm: Realm, size: int) -> tuple[int, datetime | None]:
    """How many entries are numbered, and since when the first of them waits that is not under ``size``.

    A restricted entry tells no time but the day of its batch, which everybody knows.
    """
    first = Entry.objects.filter(log=OuterRef("realm"), index=size, level=Level.PUBLIC.value).values("at")[:1]
    row = Log.objects.filter(realm=realm.value).values_list("size", "batch_on", Subquery(first)).first()
    if row is None or row[0] <= size:
        return (row[0] if row else 0), None
    counted, day, at = row
    return counted, at or (datetime.combine(day, time(), UTC) if day else None)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG}:
            return None
        raise


def _text(path: Path) -> str:
    return (_content(path) or b"").decode("utf-8", "replace")
