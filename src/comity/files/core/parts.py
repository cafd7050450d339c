"""Zipped documents part by part: read, changed, and written again without the hours of writing."""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from lxml import etree

from comity.files.core import images
from comity.files.core.found import BROKEN, Removed, Unreadable
from comity.files.core.types import IMAGES, Oversized, TypeNotTaken, type_of

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The least date a zip entry can bear: it tells nothing."""
MOST_BYTES, MOST_MARKS = 64_000_000, 1_500_000
"""What is read as trees: bytes of one part; elements and attributes of all, each of which takes 100 bytes."""
LISTS = ("[Content_Types].xml", "META-INF/manifest.xml")
"""Where a document says of which parts it consists, beside the relations of each part."""


@dataclass
class Allowance:
    """What may still be read as trees of a document and of all inside it."""

    marks: int = MOST_MARKS

    def spend(self, part: bytes) -> None:
        """Take a part out of it; raises Oversized where that is too much for any document."""
        self.marks -= part.count(b"<") + part.count(b"=")
        if len(part) > MOST_BYTES or self.marks < 0:
            raise Oversized(field="file")


class Parts(dict[str, bytes]):
    """The parts of a document in their order, by name, and what may be read of them."""

    def __init__(self, parts: Mapping[str, bytes], allowance: Allowance) -> None:
        super().__init__(parts)
        self.allowance = allowance


def unpacked(content: bytes, allowance: Allowance) -> Parts:
    """The parts of a document."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [part for part in archive.infolist() if not part.is_dir()]
            return Parts({part.filename: archive.read(part) for part in entries}, allowance)
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


def tree(parts: Parts, name: str) -> etree._Element:
    """An XML part as a tree; entities are not resolved, nothing is fetched, and nothing outgrows the machine."""
    parts.allowance.spend(parts[name])
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(parts[name], parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(field="file") from error


def rewrite(parts: Parts, name: str, change: Callable[[etree._Element], object]) -> None:
    """Change an XML part where it stands."""
    root = tree(parts, name)
    change(root)
    parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def without(parts: Parts, gone: Collection[str]) -> None:
    """Take parts out, and each line that names one: in relations, types of content (ECMA-376-2) and manifest (ODF)."""
    found = {name for name in gone if parts.pop(name, None) is not None}
    if not found:
        return
    for name in [name for name in parts if name.endswith(".rels") or name in LISTS]:
        rewrite(parts, name, partial(_strike, base=_base(name), gone=found))


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
            cleaned = images.bare(parts[name], IMAGES[kind])
            parts[name] = cleaned.content
            found |= cleaned.removed
    return found


def named_like(parts: Iterable[str], pattern: re.Pattern[str]) -> list[str]:
    """The parts whose names are of a pattern."""
    return [name for name in parts if pattern.fullmatch(name)]
