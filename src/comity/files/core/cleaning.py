"""Taking out of a file what would tell more than its words: authors, places, machines, earlier versions.

What readers would see anyway but senders forget, such as tracked changes and comments, is counted and told; whether it
stays is for the sender to say.
"""

from comity.files.core import images, office, opendocument, pdf
from comity.files.core.found import Cleaned
from comity.files.core.types import IMAGES, OFFICE, OPEN_DOCUMENT, FileType


def clean(content: bytes, kind: FileType) -> Cleaned:
    """The same document without what betrays people; raises Unreadable where the file is broken or locked."""
    if kind is FileType.PDF:
        return pdf.clean(content)
    if kind in OFFICE:
        return office.clean(content)
    if kind in OPEN_DOCUMENT:
        return opendocument.clean(content)
    if kind in IMAGES:
        return images.clean(content, IMAGES[kind])
    return Cleaned(content)
