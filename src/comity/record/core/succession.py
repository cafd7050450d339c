"""How a log is called that takes the place of one that has ended, and what it says of that one.

The first log of a realm bears the name that was chosen for it, the second that name and ``/2``, and so on. A name, and
the key that goes with it, is never used again.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from comity.record.core.checkpoints import Checkpoint
from comity.record.core.jcs import Json
from comity.record.core.notes import Malformed, Note

SUCCEEDED = "record.succeeded"


def named(first: str, number: int) -> str:
    """The name of the log of that number, whose first one is called ``first``."""
    return first if number == 1 else f"{first}/{number}"


def number_of(name: str, first: str) -> int | None:
    """Which log of those that begin with ``first`` bears a name; None where none can."""
    if name == first:
        return 1
    last = name.removeprefix(f"{first}/")
    found = int(last) if last.isascii() and last.isdigit() and len(last) < 7 else 0
    return found if found > 1 and named(first, found) == name else None


def last_of(notes: Iterable[bytes], origin: str) -> bytes | None:
    """Of signed checkpoints that were kept of a log the largest; what is none, or is another log's, is passed over."""
    sizes: dict[bytes, int] = {}
    for content in notes:
        try:
            checkpoint = Checkpoint.of(Note.parse(content))
        except Malformed:
            continue
        if checkpoint.origin == origin:
            sizes[content] = checkpoint.size
    return max(sizes, key=lambda content: sizes[content], default=None)


@dataclass(frozen=True)
class Succession:
    """What was decided of a log before anything was moved: it has ended, why, and which one takes its place."""

    first: str
    number: int
    """Of the log that has ended."""
    because: str
    """The code of the refusal by which it was found dead, or ``key-exposed``."""
    last: str
    """The last checkpoint that is known of it, as it was signed; empty where none is."""

    @property
    def ended(self) -> str:
        """The name of the log that has ended."""
        return named(self.first, self.number)

    @property
    def begun(self) -> str:
        """The name of the log that takes its place."""
        return named(self.first, self.number + 1)

    def facts(self) -> dict[str, Json]:
        """What the entry of the new log says: the old one's name, size and root, as its last checkpoint has them."""
        told: dict[str, Json] = {"origin": self.ended, "because": self.because}
        if self.last:
            _origin, size, root, *_rest = self.last.split("\n")
            told |= {"size": int(size), "root": root}
        return told

    def written(self) -> bytes:
        """As it is kept until all is done."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def read(cls, content: bytes) -> "Succession":
        """What was kept."""
        return cls(**json.loads(content))
