"""The bytes of uploads: files under random names outside the web root, written whole or not at all."""

import os
import tempfile
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from comity.plain.ids import new_id
from comity.plain.refusals import Refusal

UNCLAIMED_FOR = timedelta(days=1)


class BytesMissing(Refusal):
    """The file is known here, but its bytes are missing on this machine; whoever runs it can bring them back."""

    code = "bytes-missing"
    status = 503


def _path(place: str) -> Path:
    return Path(settings.UPLOADS) / place[:2] / place


def put(content: bytes) -> str:
    """Keep bytes, on the disk before this returns; what it returns is where they lie."""
    place = new_id()
    path = _path(place)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except OSError:  # a full disk keeps no half of a file
            Path(file.name).unlink(missing_ok=True)
            raise
    _settle(path.parent)
    return place


def _settle(folder: Path) -> None:
    """Put the folder's own list on the disk: the name stands there after a power cut, not only the bytes."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def read(place: str) -> bytes:
    """The bytes that lie there; raises BytesMissing where the store has lost them."""
    try:
        return _path(place).read_bytes()
    except FileNotFoundError as error:
        raise BytesMissing() from error


def remove(place: str) -> None:
    """Let them go; nothing where they are gone already."""
    _path(place).unlink(missing_ok=True)


def sweep(claimed: Collection[str], at: datetime) -> int:
    """Remove what no row claims a day after it came, for its act was undone; say how many files that were."""
    before = (at - UNCLAIMED_FOR).timestamp()
    lost = [
        path
        for path in Path(settings.UPLOADS).glob("??/*")
        if path.name not in claimed and path.stat().st_mtime < before
    ]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)
