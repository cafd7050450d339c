"""Files that are made while they are sent, also as a zip: the same bytes for the same files, never whole in memory."""

import zipfile
from collections.abc import Iterable, Iterator

PIECE = 65_536
"""About so many bytes are sent on together."""


class _Passage:
    """Where bytes are written to, and taken from again."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._size = 0

    def write(self, content: bytes) -> int:
        self._held.append(bytes(content))
        self._size += len(content)
        return len(content)

    def flush(self) -> None:
        """What is written waits to be taken."""

    def close(self) -> None:
        """Nothing is kept open."""

    def taken(self, least: int = 1) -> Iterator[bytes]:
        """What was written since, in one piece, once there is so much of it."""
        if self._size >= least:
            yield b"".join(self._held)
            self._held, self._size = [], 0


def packed(files: Iterable[tuple[str, Iterable[bytes]]], folder: str) -> Iterator[bytes]:
    """The zip of files, each with its name and its parts, in a folder; nothing in it tells a day.

    A file whose parts are made as they are taken, so that nobody knows its size before, may exceed four gigabytes.
    """
    passage = _Passage()
    with zipfile.ZipFile(passage, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, parts in files:
            dayless = zipfile.ZipInfo(f"{folder}/{name}")
            dayless.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(dayless, "w", force_zip64=not isinstance(parts, list)) as member:
                for part in parts:
                    member.write(part)
                    yield from passage.taken(PIECE)
    yield from passage.taken()


def in_pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces that are worth sending."""
    passage = _Passage()
    for part in parts:
        passage.write(part)
        yield from passage.taken(PIECE)
    yield from passage.taken()
