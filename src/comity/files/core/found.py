"""What was found in a file: what was taken out of it, and what stays for its readers to see."""

import struct
import zlib
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from comity.plain.refusals import BadInput

BROKEN = (
    OSError, EOFError, ValueError, SyntaxError, LookupError, TypeError, ArithmeticError, NotImplementedError,
    RuntimeError, struct.error, zlib.error,
)  # fmt: skip
"""What the readers of pictures and archives raise over bytes that are not what they claim to be."""


class Removed(StrEnum):
    """What no file leaves with."""

    AUTHORS = "authors"
    PLACES = "places"
    DATES = "dates"
    PROGRAM = "program"
    TITLES = "titles"
    THUMBNAIL = "thumbnail"
    CODE = "code"
    ATTACHMENTS = "attachments"
    EDITING = "editing"
    OUTSIDE = "outside"
    SIGNATURE = "signature"


class Shown(StrEnum):
    """What readers would see, or find, and senders forget."""

    CHANGE = "change"
    COMMENT = "comment"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Cleaned:
    """A file as it is kept.

    ``changes`` and ``comments`` count the tracked changes and comments that still stand in it, their authors' names
    taken out; ``hidden`` the sheets, slides, speaker's notes and words that do not show at first sight.
    """

    content: bytes
    removed: frozenset[Removed] = field(default_factory=frozenset)
    changes: int = 0
    comments: int = 0
    hidden: int = 0

    @classmethod
    def of(cls, content: bytes, removed: set[Removed], shown: "Counter[Shown]") -> "Cleaned":
        """What was kept, with what was counted on the way."""
        counts = (shown[Shown.CHANGE], shown[Shown.COMMENT], shown[Shown.HIDDEN])
        return cls(content, frozenset(removed), *counts)

    @property
    def shows_drafting(self) -> bool:
        """Whether its readers would see how it was written, or more than its sender meant to show."""
        return bool(self.changes or self.comments or self.hidden)


class Unreadable(BadInput):
    """The file is broken or locked with a password; open it, save it anew without a password, and send that."""

    code = "unreadable"


class OpaquePart(BadInput):
    """Inside the document lies an object of an older form that cannot be cleaned; put a picture in its place."""

    code = "opaque-part"
