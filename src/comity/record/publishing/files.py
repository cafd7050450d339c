"""Files that stand or do not stand: written beside their place, forced to the disk, and put there in one step."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from comity.record.publishing.refusals import DiskRefuses, TileDiffers

UNDONE = ".part"
"""How a file is called that is not whole yet."""


class Folder:
    """A log's folder while it is written: ``settle`` forces the names of what was put there to the disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._touched: set[Path] = set()

    def keep(self, name: str, content: bytes) -> None:
        """Put a file that never changes; raise TileDiffers where another stands, DiskRefuses where none can."""
        standing = self.read(name)
        if standing is None:
            self.put(name, content)
        elif standing != content:
            raise TileDiffers(file=str(self.root / name))
        self._touch(name)  # whoever put it there, or made its folders, may have died before that was settled

    def put(self, name: str, content: bytes, *, at: datetime | None = None) -> None:
        """Put a file in its place, over what stood there, dated ``at`` if given; raise DiskRefuses."""
        path = self.root / name
        with asked_of_the_disk(path):
            self._make(path.parent)
            _put(path, content, at)
        self._touch(name)

    def read(self, name: str) -> bytes | None:
        """What stands at a name; None where nothing does. Raises DiskRefuses."""
        path = self.root / name
        with asked_of_the_disk(path):
            try:
                return path.read_bytes()
            except FileNotFoundError:
                return None

    def remove(self, name: str) -> None:
        """Take a file away, and its folder when that is empty; what is gone already stays gone."""
        path = self.root / name
        with suppress(OSError):
            os.unlink(path)
            os.rmdir(path.parent)

    def make(self) -> None:
        """Make it, unless it stands; raise OSError."""
        self._make(self.root)
        self._touched.add(self.root)

    def settle(self) -> None:
        """Force to the disk under which names the files stand; raise DiskRefuses."""
        for folder in sorted(self._touched):
            with asked_of_the_disk(folder):
                _force(folder)
        self._touched.clear()

    def _touch(self, name: str) -> None:
        self._touched.update(folder for folder in (self.root / name).parents if folder.is_relative_to(self.root))

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make(folder.parent)
        with suppress(FileExistsError):
            os.mkdir(folder, 0o755)
        self._touched.add(folder.parent)


def _put(path: Path, content: bytes, at: datetime | None) -> None:
    undone = path.with_name(f".{path.name}{UNDONE}")
    file = os.open(undone, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
        if at is not None:
            os.utime(file, (at.timestamp(), at.timestamp()))
        os.fsync(file)
    finally:
        os.close(file)
    os.replace(undone, path)


def move(path: Path, to: Path) -> None:
    """Put a file or folder elsewhere on its disk, for good; nothing where it is gone, or something stands there."""
    with asked_of_the_disk(path):
        if path.exists() and not to.exists():
            folder = Folder(to.parent)
            folder.make()
            os.replace(path, to)
            folder.settle()
            _force(path.parent)


def take_away(path: Path) -> None:
    """Take a file away for good; raise DiskRefuses."""
    with asked_of_the_disk(path):
        path.unlink(missing_ok=True)
        _force(path.parent)


def make_own(folder: Path) -> None:
    """Make a folder that its owner alone may open, unless it stands, and force its name to the disk; raise OSError."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _force(folder.parent)


def _force(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


@contextmanager
def asked_of_the_disk(path: Path) -> Iterator[None]:
    """Name the file of which the disk would not have it, and why."""
    try:
        yield
    except OSError as error:
        raise DiskRefuses(file=str(error.filename or path), why=error.strerror or str(error)) from error
