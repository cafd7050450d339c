"""Taking out of a file what would tell more than its words: authors, places, machines, earlier versions.

What readers would see anyway but senders forget, such as tracked changes, comments and hidden sheets, is counted and
told; whether it stays is for the sender to say.
"""

from comity.files.core import images, office, opendocument, pdf
from comity.files.core.found import Cleaned
from comity.files.core.parts import Allowance
from comity.files.core.types import IMAGES, OFFICE, OPEN_DOCUMENT, FileType


def clean(content: bytes, kind: FileType) -> Cleaned:
    """The same document without what betrays people; raises Unreadable where the file is broken or locked."""
    if kind is FileType.PDF:
        return pdf.clean(content)
    if kind in OFFICE | OPEN_DOCUMENT:
        return cleaned_inside(content, kind, Allowance(), 0)
    if kind in IMAGES:
        return images.clean(content, IMAGES[kind])
    return Cleaned(content)


def cleaned_inside(content: bytes, kind: FileType, allowance: Allowance, depth: int) -> Cleaned:
    """A zipped document that lies so deep inside others."""
    clean_one = office.clean if kind in OFFICE else opendocument.clean
    return clean_one(content, allowance, depth)
