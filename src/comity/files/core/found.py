"""What was found in a file: what was taken out of it, and what stays for its readers to see."""

from dataclasses import dataclass, field
from enum import StrEnum

from comity.plain.refusals import BadInput


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


@dataclass(frozen=True)
class Cleaned:
    """A file as it is kept.

    ``changes`` and ``comments`` count the tracked changes and comments that still stand in it, their authors' names
    taken out.
    """

    content: bytes
    removed: frozenset[Removed] = field(default_factory=frozenset)
    changes: int = 0
    comments: int = 0

    @property
    def shows_drafting(self) -> bool:
        """Whether its readers would see how it was written."""
        return bool(self.changes or self.comments)


class Unreadable(BadInput):
    """The file is broken or locked with a password; open it, save it anew without a password, and send that."""

    code = "unreadable"
