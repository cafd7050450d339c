"""Zipped documents part by part: read, changed, and written again without the hours of writing."""

import io
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping

from lxml import etree

from comity.files.core import images
from comity.files.core.found import Removed, Unreadable
from comity.files.core.types import IMAGES, TypeNotTaken, type_of

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The least date a zip entry can bear: it tells nothing."""

Parts = dict[str, bytes]


def unpacked(content: bytes) -> Parts:
    """The parts of a document in their order, by name."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {part.filename: archive.read(part) for part in archive.infolist() if not part.is_dir()}
    except (zipfile.BadZipFile, RuntimeError, OSError, NotImplementedError) as error:
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


def rewritten(part: bytes, change: Callable[[etree._Element], int]) -> tuple[bytes, int]:
    """An XML part after a change, and what the change counted; entities are not resolved, nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(field="file") from error
    counted = change(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True), counted


def without_beside_pictures(parts: Parts) -> set[Removed]:
    """Clean each picture inside the document where it stands; say what was taken out of them."""
    found: set[Removed] = set()
    for name in [name for name in parts if "/media/" in name or name.startswith("Pictures/")]:
        try:
            kind = type_of(parts[name])
        except TypeNotTaken:
            continue  # a vector drawing: it holds no camera's data
        if kind in IMAGES:
            cleaned = images.clean(parts[name], IMAGES[kind])
            parts[name] = cleaned.content
            found |= cleaned.removed
    return found


def without_thumbnail(parts: Parts, names: Iterable[str], list_of: str) -> set[Removed]:
    """Take the picture of the first page out, and its line out of the list of parts."""
    found = [name for name in names if parts.pop(name, None) is not None]
    if found and list_of in parts:
        parts[list_of], _ = rewritten(parts[list_of], lambda root: _struck(root, found))
    return {Removed.THUMBNAIL} if found else set()


def _struck(root: etree._Element, names: Collection[str]) -> int:
    for line in list(root):
        if any(str(value).lstrip("/") in names for value in line.attrib.values()):
            root.remove(line)
    return len(names)
