"""Zipped documents part by part: read, changed, and written again without the hours of writing."""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial

from lxml import etree

from comity.files.core import images
from comity.files.core.found import BROKEN, Removed, Unreadable
from comity.files.core.types import IMAGES, Oversized, TypeNotTaken, type_of

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The least date a zip entry can bear: it tells nothing."""
MOST_BYTES, MOST_MARKS = 64_000_000, 4_000_000
"""What is read of one part as a tree: bytes, and elements and attributes, each of which takes some 100 bytes."""
LISTS = ("[Content_Types].xml", "META-INF/manifest.xml")
"""Where a document says of which parts it consists, beside the relations of each part."""

Parts = dict[str, bytes]


def unpacked(content: bytes) -> Parts:
    """The parts of a document in their order, by name."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {part.filename: archive.read(part) for part in archive.infolist() if not part.is_dir()}
    except (zipfile.BadZipFile, *BROKEN) as error:
        raise Unreadable(field="file") from error


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The document again; a part named ``mimetype`` stands first and unpacked, as OpenDocument asks."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda one: one != "mimetype"):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name])
    return written.getvalue()


def tree(part: bytes) -> etree._Element:
    """An XML part as a tree; entities are not resolved, nothing is fetched, and nothing outgrows the machine."""
    if len(part) > MOST_BYTES or part.count(b"<") + part.count(b"=") > MOST_MARKS:
        raise Oversized(field="file")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(field="file") from error


def rewritten(part: bytes, change: Callable[[etree._Element], object]) -> bytes:
    """An XML part after a change."""
    root = tree(part)
    change(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def without(parts: Parts, gone: Collection[str]) -> None:
    """Take parts out, and each line that names one: in relations, types of content (ECMA-376-2) and manifest (ODF)."""
    found = {name for name in gone if parts.pop(name, None) is not None}
    if not found:
        return
    for name in [name for name in parts if name.endswith(".rels") or name in LISTS]:
        parts[name] = rewritten(parts[name], partial(_strike, base=_base(name), gone=found))


def _base(name: str) -> str:
    """The folder against which a part's relations are read."""
    return posixpath.dirname(posixpath.dirname(name)) if name.endswith(".rels") else ""


def _strike(root: etree._Element, *, base: str, gone: Collection[str]) -> None:
    for line in list(root):
        named = {posixpath.normpath(posixpath.join(base, str(value))).lstrip("/") for value in line.attrib.values()}
        if named & set(gone):
            root.remove(line)


def without_beside_pictures(parts: Parts) -> set[Removed]:
    """Clean each picture inside the document where it stands; say what was taken out of them."""
    found: set[Removed] = set()
    for name in [name for name in parts if "/media/" in name or "Pictures/" in name or "Thumbnails/" in name]:
        try:
            kind = type_of(parts[name])
        except TypeNotTaken:
            continue  # a vector drawing: it holds no camera's data
        if kind in IMAGES:
            cleaned = images.clean(parts[name], IMAGES[kind])
            parts[name] = cleaned.content
            found |= cleaned.removed
    return found


def named_like(parts: Iterable[str], pattern: re.Pattern[str]) -> list[str]:
    """The parts whose names are of a pattern."""
    return [name for name in parts if pattern.fullmatch(name)]
