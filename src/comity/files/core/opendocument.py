"""OpenDocument (ISO/IEC 26300): the description, authors of changes and notes, the picture of the first page."""

from lxml import etree

from comity.files.core.found import Cleaned, Removed
from comity.files.core.parts import packed, rewritten, unpacked, without_beside_pictures, without_thumbnail

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
NAMING = ("{http://purl.org/dc/elements/1.1/}creator", "{http://purl.org/dc/elements/1.1/}date")
DESCRIPTION = (
    b'<?xml version="1.0" encoding="UTF-8"?><office:document-meta xmlns:office='
    b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"><office:meta/></office:document-meta>'
)
THUMBNAIL = "Thumbnails/thumbnail.png"


def clean(content: bytes) -> Cleaned:
    """The document without its description and names; changes and comments are counted, and stay without authors."""
    parts = unpacked(content)
    removed = without_beside_pictures(parts) | without_thumbnail(parts, [THUMBNAIL], "META-INF/manifest.xml")
    if "meta.xml" in parts:
        parts["meta.xml"] = DESCRIPTION
        removed |= {Removed.AUTHORS, Removed.DATES, Removed.PROGRAM, Removed.TITLES}
    changes = comments = 0
    if "content.xml" in parts:
        parts["content.xml"], comments = rewritten(parts["content.xml"], _without_names)
        changes = parts["content.xml"].count(b"<text:changed-region")
    return Cleaned(packed(parts), frozenset(removed), changes, comments)


def _without_names(root: etree._Element) -> int:
    for name in NAMING:
        for element in list(root.iter(name)):
            element.text = None
    return sum(1 for _ in root.iter(f"{OFFICE}annotation"))
