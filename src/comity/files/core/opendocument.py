"""OpenDocument (ISO/IEC 26300): the description, authors of changes and notes, the picture of the first page."""

import re
from collections import Counter
from functools import partial

from lxml import etree

from comity.files.core import embedded
from comity.files.core.found import Cleaned, Removed, Shown
from comity.files.core.parts import (
    Allowance,
    named_like,
    packed,
    rewrite,
    unpacked,
    without,
    without_beside_pictures,
)

NAMING = frozenset({"creator", "date", "creator-initials", "sender-initials", "date-string"})
"""Of notes and changes, in the namespaces of Dublin Core and of the description."""
NAMESPACES = ("http://purl.org/dc/elements/1.1/", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0")
CHANGES = frozenset({"changed-region", "cell-content-change", "insertion", "deletion", "movement"})
PRINTER = re.compile(r"Printer\w*|.*UserInfo.*|.*(Path|Url|URL)")
"""Settings that name a printer or a folder."""
DESCRIPTION = (
    b'<?xml version="1.0" encoding="UTF-8"?><office:document-meta xmlns:office='
    b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"><office:meta/></office:document-meta>'
)
DESCRIBED = re.compile(r"(.*/)?meta\.xml")
TELLING = re.compile(r"(.*/)?(content|styles|settings)\.xml")
DROPPED = (
    (re.compile(r"(.*/)?Thumbnails/.*"), Removed.THUMBNAIL),
    (re.compile(r"Versions/.*|VersionList\.xml"), Removed.EDITING),
    (re.compile(r"META-INF/.*signatures\.xml"), Removed.SIGNATURE),
)
EMBEDDED = re.compile(r"Object \d+|Objects?/.*")
XLINK = "{http://www.w3.org/1999/xlink}href"
OUTSIDE = ("http:", "https:", "file:", "ftp:", "//", "..")
FETCHED = frozenset({"image", "fill-image", "background-image", "object", "object-ole", "plugin", "section-source"})


def clean(content: bytes, allowance: Allowance, depth: int) -> Cleaned:
    """The document without its description and names; what shows how it was written is counted, and stays nameless."""
    parts = unpacked(content, allowance)
    removed, shown = set[Removed](), Counter[Shown]()
    for pattern, what in DROPPED:
        gone = named_like(parts, pattern)
        without(parts, gone)
        removed |= {what} if gone else set()
    removed |= without_beside_pictures(parts)
    for name in named_like(parts, DESCRIBED):
        parts[name] = DESCRIPTION
        removed |= {Removed.AUTHORS, Removed.DATES, Removed.PROGRAM, Removed.TITLES}
    removed |= embedded.clean(parts, named_like(parts, EMBEDDED), shown, depth)
    for name in named_like(parts, TELLING):
        rewrite(parts, name, partial(_bare, removed=removed, shown=shown))
    return Cleaned.of(packed(parts), removed, shown)


def _bare(root: etree._Element, *, removed: set[Removed], shown: "Counter[Shown]") -> None:
    for element in list(root.iter(etree.Element)):
        name = etree.QName(element)
        if (name.localname in NAMING and name.namespace in NAMESPACES) or (
            name.localname == "config-item" and PRINTER.fullmatch(_named(element))
        ):
            element.text = None
        elif name.localname == "event-listener" and (above := element.getparent()) is not None:
            above.remove(element)
            removed.add(Removed.CODE)
        elif name.localname in FETCHED and str(element.get(XLINK, "")).lower().startswith(OUTSIDE):
            element.set(XLINK, "about:blank")
            removed.add(Removed.OUTSIDE)
        _count(element, shown)


def _named(element: etree._Element) -> str:
    return next((str(value) for key, value in element.attrib.items() if etree.QName(key).localname == "name"), "")


def _count(element: etree._Element, shown: "Counter[Shown]") -> None:
    name, above = etree.QName(element), element.getparent()
    inside = above is not None and etree.QName(above).localname == "tracked-changes"
    shown[Shown.CHANGE] += inside and name.localname in CHANGES
    shown[Shown.COMMENT] += name.localname == "annotation"
    shown[Shown.HIDDEN] += _is_hidden(element, name.localname)


def _is_hidden(element: etree._Element, local: str) -> bool:
    """A style that keeps a sheet, slide or word from showing, words for a speaker, or a paragraph under a condition."""
    said = {etree.QName(key).localname: str(value) for key, value in element.attrib.items()}
    if local in {"table-properties", "text-properties"}:
        return said.get("display") in {"false", "none"}
    if local == "drawing-page-properties":
        return said.get("visibility") == "hidden"
    if local == "notes":
        return any(str(words).strip() for words in element.itertext())
    return local == "hidden-text"
