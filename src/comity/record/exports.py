"""The published copy of a log: written to a folder, and audited from there or from an address with our own code."""

import urllib.error
import urllib.request
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from comity.plain.levels import Realm
from comity.plain.refusals import Refusal
from comity.record import queries
from comity.record.core import merkle
from comity.record.core.audit import Fault, audit, verdict
from comity.record.core.copy import (
    CHECKPOINT,
    DISCLOSURES,
    FILES,
    HASHES,
    LEAVES,
    Checkpoint,
    Copy,
    Unreadable,
    disclosure_line,
    hash_lines,
    read,
    read_hashes,
)

SECONDS = 60
LARGEST = 2**31
"""A file of a copy read from an address may have this many bytes."""


class NoCopy(Refusal):
    """A copy of a log is a folder or an address with checkpoint, leaves.jsonl, hashes.txt and disclosures.jsonl."""

    code = "no-copy"
    status = 422


def files_of(realm: Realm) -> dict[str, bytes]:
    """The four files of a realm's copy, all of one checkpoint."""
    head = queries.checkpoint(realm) or Checkpoint("", 0, merkle.EMPTY_ROOT)
    lines = (disclosure_line(index, fields) for index, fields in queries.disclosures(realm, head.size))
    return {
        CHECKPOINT: head.body(),
        LEAVES: b"".join(leaf + b"\n" for leaf in queries.leaves(realm, head.size)),
        HASHES: hash_lines(queries.hashes(realm, head.size)),
        DISCLOSURES: b"".join(lines),
    }


def write_copy(realm: Realm, folder: Path) -> Checkpoint:
    """Write the realm's copy into a folder, made if needed; return the checkpoint it stands for."""
    folder.mkdir(parents=True, exist_ok=True)
    files = files_of(realm)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return Checkpoint.parse(files[CHECKPOINT])


def zipped(realm: Realm, folder: str) -> bytes:
    """The copy as one zip with its files in ``folder``."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(realm).items():
            archive.writestr(f"{folder}/{name}", content)
    return packed.getvalue()


def read_copy(place: str | Path) -> Copy:
    """Read a copy from a folder or an http address; raise NoCopy, or Unreadable on a bad checkpoint."""
    fetch = _from_address if str(place).startswith(("http://", "https://")) else _from_folder
    return read(*(fetch(str(place), name) for name in FILES))


def verify_copy(place: str | Path, *, trusted: Sequence[Path] = ()) -> list[Fault]:
    """Everything wrong with a copy; ``trusted`` are checkpoints or lists of fingerprints kept from earlier."""
    return audit(read_copy(place), *kept_from_earlier(trusted))


def answer(place: str | Path, *, trusted: Sequence[Path] = ()) -> tuple[bool, list[str]]:
    """The answer on a copy as the command line prints it: whether it stands, and the lines."""
    try:
        copy = read_copy(place)
        faults = audit(copy, *kept_from_earlier(trusted))
    except Unreadable as error:
        return False, [f"no: {error}"]
    return not faults, verdict(copy.checkpoint, faults)


def kept_from_earlier(files: Sequence[Path]) -> tuple[list[Checkpoint], list[list[bytes]]]:
    """Read checkpoints and lists of fingerprints that an auditor kept; raise NoCopy or Unreadable."""
    checkpoints, seen = [], []
    for path in files:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise NoCopy(place=str(path), why=error.strerror) from error
        try:
            checkpoints.append(Checkpoint.parse(content))
        except Unreadable:
            seen.append(read_hashes(content))
    return checkpoints, seen


def _from_folder(place: str, name: str) -> bytes:
    try:
        return (Path(place) / name).read_bytes()
    except OSError as error:
        raise NoCopy(place=place, file=name, why=error.strerror) from error


def _from_address(place: str, name: str) -> bytes:
    address = f"{place.rstrip('/')}/{name}"
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answered:  # noqa: S310
            content: bytes = answered.read(LARGEST)
            return content
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise NoCopy(place=place, file=name, why=str(error)) from error
