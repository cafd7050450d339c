"""The published copy of a log: written to a folder or a zip, and audited from there or from its address by our code."""

import hashlib
import http.client
import lzma
import struct
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from comity.plain.levels import Realm
from comity.plain.refusals import Refusal
from comity.record import published, queries
from comity.record.core.attested import attested
from comity.record.core.audit import Fault, Leaf, audit, leaves_of, verdict
from comity.record.core.checkpoints import Checkpoint, Opened
from comity.record.core.copy import (
    ALLOWED_SIGNERS,
    CHECKPOINT,
    CONTROLLERS,
    DISCLOSURES,
    POLICY,
    VKEYS,
    Copy,
    Read,
    TooLarge,
    Unreadable,
    disclosure_line,
    most_of,
    names_in,
    read,
)
from comity.record.core.counts import COUNTED, count_faults
from comity.record.core.merkle import HASH
from comity.record.core.notes import Malformed, Note
from comity.record.core.opened import Judged, judged
from comity.record.core.organisations import ISSUES, PUBLISHED, REVOKED, SIGNED, Statement, signatures, statements
from comity.record.core.packing import packed
from comity.record.core.policies import Policy
from comity.record.core.tiles import WIDTH, TileName, bundled, unbundled
from comity.record.signing.queries import allowed_signers, signed_files

SECONDS = 60
BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, RuntimeError),
    *(NotImplementedError, ValueError),
)
"""What a zip that is none brings about."""


class NoCopy(Refusal):
    """A copy of a log is a folder, a zip or an address with a checkpoint, tiles and disclosures.jsonl."""

    code = "no-copy"
    status = 422


class NothingPublished(Refusal):
    """This log has no published checkpoint yet, so nothing can be copied. Publish it first: ./comity record publish."""

    code = "nothing-published"
    status = 404


def disclosure_lines(realm: Realm, size: int, at: datetime) -> Iterator[bytes]:
    """The lines of ``disclosures.jsonl`` for the first ``size`` entries, as anybody may read them at that instant."""
    for index, given in queries.given_all(realm, size, at):
        yield disclosure_line(index, given.fields, given.withheld)


def head_of(realm: Realm) -> Opened:
    """The checkpoint for which a realm's copy stands; raise NothingPublished."""
    head = published.head(realm)
    if head is None:
        raise NothingPublished(realm=realm.value)
    return head


def files_of(realm: Realm, head: Opened, at: datetime) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Each file of a realm's copy by its parts, all of one checkpoint, with what anybody may read at that instant."""
    yield CHECKPOINT, [bytes(head.note)]
    for name in names_in(head.checkpoint.size):
        yield name.path, [_standing(realm, name)]
    yield from _beside(realm, head, at)


def _beside(realm: Realm, head: Opened, at: datetime) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The files whose content no checkpoint binds: values, policy, keys, signatures."""
    yield DISCLOSURES, disclosure_lines(realm, head.checkpoint.size, at)
    for beside in (POLICY, VKEYS, CONTROLLERS):
        path = published.folder(realm) / beside
        if path.is_file():
            yield beside, [path.read_bytes()]
    yield ALLOWED_SIGNERS, [allowed_signers(realm, at).encode()]
    for name, content in signed_files(realm, at):
        yield name, [content]


def tag_of(realm: Realm, head: Opened, at: datetime) -> str:
    """What names a copy: hex, other for every copy that differs. The checkpoint speaks for all tiles and bundles."""
    digest = hashlib.sha256(bytes(head.note))
    for name, parts in _beside(realm, head, at):
        own = hashlib.sha256()
        for part in parts:
            own.update(part)
        digest.update(f"{own.hexdigest()}  {name}\n".encode())
    return digest.hexdigest()[:32]


def _standing(realm: Realm, name: TileName) -> bytes:
    """A tile or bundle, cut from the full one where that has taken its place."""
    try:
        return published.tile(realm, name)
    except LookupError:
        full = published.tile(realm, name.full)
        if name.level < 0:
            return bundled(unbundled(full, WIDTH)[: name.width])
        return full[: name.width * HASH]


def write_copy(realm: Realm, folder: Path, *, at: datetime) -> Checkpoint:
    """Write the realm's copy into a folder, made if needed; return the checkpoint it stands for.

    It discloses what anybody may read at that instant. A copy that has left cannot be recalled.
    Raises NothingPublished.
    """
    head = head_of(realm)
    for name, parts in files_of(realm, head, at):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(parts)
    return head.checkpoint


def zipped(realm: Realm, head: Opened, folder: str, at: datetime) -> Iterator[bytes]:
    """The copy of an instant as one zip with its files in ``folder``, piece by piece."""
    return packed(files_of(realm, head, at), folder)


def read_copy(place: str | Path) -> Copy:
    """Read a copy from a folder, a zip or an http address; raise NoCopy, or Unreadable on a bad checkpoint."""
    source = _source(place)
    try:
        checkpoint = source.got(CHECKPOINT, most_of(CHECKPOINT, 0))
    except LookupError as error:
        raise NoCopy(place=str(place), file=CHECKPOINT) from error
    if len(checkpoint) > most_of(CHECKPOINT, 0):
        raise TooLarge(CHECKPOINT)
    size = 0
    with suppress(Malformed):
        size = Checkpoint.of(Note.parse(checkpoint)).size
    return read(_as_of(source, checkpoint, size))


def _as_of(source: "_Source", checkpoint: bytes, size: int) -> Read:
    """The files of a log that may go on while it is read, all of that checkpoint, none larger than it can be."""

    def got(name: str) -> bytes:
        if name == CHECKPOINT:
            return checkpoint
        most = most_of(name, size)
        content = source.got(f"{name}?size={size}" if source.grows and name == DISCLOSURES else name, most)
        if len(content) > most:
            raise TooLarge(name)
        return content

    return got


@dataclass(frozen=True)
class Brought:
    """What an auditor brings of her own: checkpoints or copies kept from earlier, a policy, openings."""

    trusted: Sequence[Path] = ()
    policy: Path | None = None
    openings: Path | None = None


NOTHING = Brought()


def verify_copy(place: str | Path, brought: Brought = NOTHING) -> list[Fault]:
    """Everything wrong with a copy and its signatures; raise NoCopy or Unreadable."""
    return _judged(read_copy(place), brought)[0]


def answer(place: str | Path, brought: Brought = NOTHING) -> tuple[bool, list[str]]:
    """The answer on a copy as the command line prints it: whether it stands, and the lines; raise NoCopy."""
    try:
        copy = read_copy(place)
        faults, told = _judged(copy, brought)
    except Unreadable as error:
        return False, [f"no: {error}"]
    return not faults, verdict(copy, faults, told)


def _judged(copy: Copy, brought: Brought) -> tuple[list[Fault], Sequence[str]]:
    policy = policy_in(brought.policy) if brought.policy else None
    behind, leaves = attested(copy, policy), leaves_of(copy)
    said = statements(leaves, copy.disclosures, {SIGNED, PUBLISHED, REVOKED, COUNTED, *ISSUES})
    signed = signatures(said, copy.signed)
    opened = _opened(brought.openings, leaves, said) if brought.openings else Judged()
    faults = audit(copy, *kept_from_earlier(brought.trusted))
    faults += [*behind.faults, *signed.faults, *count_faults(said, leaves, copy.hashes), *opened.faults]
    return faults, [*behind.lines, *signed.lines, *opened.lines]


def _opened(path: Path, leaves: Sequence[Leaf | None], said: Sequence[Statement]) -> Judged:
    try:
        return judged(path.read_bytes(), path.name, leaves, said)
    except OSError as error:
        raise NoCopy(place=str(path), why=error.strerror) from error


def policy_in(path: Path) -> Policy:
    """The policy that an auditor brings; raise NoCopy or Unreadable."""
    try:
        return Policy.of_bytes(path.read_bytes())
    except OSError as error:
        raise NoCopy(place=str(path), why=error.strerror) from error
    except Malformed as error:
        raise Unreadable(str(error)) from error


def kept_from_earlier(places: Sequence[Path]) -> tuple[list[Checkpoint], list[Sequence[bytes]]]:
    """Read checkpoints, signed or bare, and copies that an auditor kept; raise NoCopy or Unreadable."""
    checkpoints, seen = [], []
    for path in places:
        if path.is_dir() or zipfile.is_zipfile(path):
            copy = read_copy(path)
            checkpoints.append(copy.checkpoint)
            seen.append(copy.hashes)
            continue
        try:
            content = path.read_bytes()
            checkpoints.append(Checkpoint.parse(Note.parse(content).text if b"\n\n" in content else content))
        except OSError as error:
            raise NoCopy(place=str(path), why=error.strerror) from error
        except Malformed as error:
            raise Unreadable(f"{path.name} is not a checkpoint: {error}") from error
    return checkpoints, seen


class _Source(Protocol):
    """Where a copy lies."""

    @property
    def grows(self) -> bool:
        """Whether the log may go on while it is read."""

    def got(self, name: str, most: int) -> bytes:
        """A file, of which no more than one byte beyond ``most`` is read; raise LookupError where there is none."""


def _source(place: str | Path) -> _Source:
    if str(place).startswith(("http://", "https://")):
        return _Address(str(place))
    return _Zip(Path(place)) if Path(place).is_file() else _Folder(Path(place))


@dataclass(frozen=True)
class _Folder:
    folder: Path
    grows: bool = False

    def got(self, name: str, most: int) -> bytes:
        try:
            with (self.folder / name).open("rb") as file:
                return file.read(most + 1)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise LookupError(name) from error
        except OSError as error:
            raise NoCopy(place=str(self.folder), file=name, why=error.strerror) from error


class _Zip:
    """A zip of a copy, with a folder around its files or without one; raises Unreadable where a file stands twice."""

    grows = False

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.archive = zipfile.ZipFile(path)
        except BROKEN_ZIP as error:
            raise NoCopy(place=str(path), why=str(error)) from error
        names: set[str] = set()
        for name in (name for name in self.archive.namelist() if not name.endswith("/")):
            if name.casefold() in names:
                raise Unreadable(f"{name} stands twice in the zip")
            names.add(name.casefold())
        tops = [name for name in self.archive.namelist() if name.rpartition("/")[2] == CHECKPOINT]
        self.top = min(tops, key=len, default="").removesuffix(CHECKPOINT)

    def got(self, name: str, most: int) -> bytes:
        try:
            with self.archive.open(self.top + name) as file:
                return file.read(most + 1)
        except KeyError as error:
            raise LookupError(name) from error
        except BROKEN_ZIP as error:
            raise NoCopy(place=str(self.path), file=name, why=str(error)) from error


@dataclass(frozen=True)
class _Address:
    place: str
    grows: bool = True

    def got(self, name: str, most: int) -> bytes:
        address = f"{self.place.rstrip('/')}/{name}"
        try:
            with urllib.request.build_opener(REDIRECTS).open(address, timeout=SECONDS) as answered:
                content: bytes = answered.read(most + 1)
                if answered.length and len(content) <= most:
                    raise OSError(f"it breaks off {answered.length} bytes before its end")
                return content
        except urllib.error.HTTPError as error:
            if error.code in {404, 410}:
                raise LookupError(name) from error
            raise NoCopy(place=self.place, file=name, why=str(error)) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise NoCopy(place=self.place, file=name, why=str(error) or type(error).__name__) from error


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a log to another address, but never from https to what anybody on the way could have written."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:  # noqa: PLR0917
        if not newurl.startswith(("https://", "http://" if req.type == "http" else "https://")):
            raise urllib.error.URLError(f"it leads to {newurl[:80]!r}, which is not {req.type}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


REDIRECTS = _Redirects()
