"""The type of a file, told from its content; what its name or its sender says counts for nothing."""

import io
import re
import unicodedata
import zipfile
from enum import StrEnum

from comity.files.core.found import BROKEN
from comity.plain.refusals import BadInput

MOST_PARTS, MOST_UNPACKED = 5_000, 200_000_000
"""What a zipped document may hold: parts, and bytes when unpacked."""


class FileType(StrEnum):
    """The types taken in, by their media type (RFC 6838)."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    ODP = "application/vnd.oasis.opendocument.presentation"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    TEXT = "text/plain"

    @property
    def ending(self) -> str:
        """The ending under which it is taken along, with its dot."""
        return ".txt" if self is FileType.TEXT else ".jpg" if self is FileType.JPEG else f".{self.name.lower()}"


OFFICE = frozenset({FileType.DOCX, FileType.XLSX, FileType.PPTX})
OPEN_DOCUMENT = frozenset({FileType.ODT, FileType.ODS, FileType.ODP})
IMAGES = {FileType.JPEG: "JPEG", FileType.PNG: "PNG", FileType.WEBP: "WEBP"}

_MAIN_PARTS = {
    "word/document.xml": FileType.DOCX,
    "xl/workbook.xml": FileType.XLSX,
    "ppt/presentation.xml": FileType.PPTX,
}
_PRINTED = frozenset("\t\n\r\f")
_CODE = re.compile(r"(?i).*vbaproject\.bin|(Basic|Scripts)/.*\.(xml|xba|py|js|bsh)|.*/(activeX|macrosheets)/.*")
"""Parts of a document that its readers' machines could run."""


class TypeNotTaken(BadInput):
    """Taken are PDF, Word, Excel, PowerPoint and OpenDocument files, JPEG, PNG and WebP images, and plain text."""

    code = "type-not-taken"


class MacrosInside(BadInput):
    """A document with macros could run on its readers' machines; save it without macros and send that."""

    code = "macros-inside"


class Oversized(BadInput):
    """Unpacked, the file is larger than any document needs to be."""

    code = "oversized"


def type_of(content: bytes) -> FileType:
    """The type of a file; refuse what is none of those taken, whatever it calls itself.

    Raises TypeNotTaken, MacrosInside for office documents with macros, Oversized for those that unpack beyond bounds.
    """
    if content.startswith(b"%PDF-"):
        return FileType.PDF
    if content.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return FileType.WEBP
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    if _is_text(content):
        return FileType.TEXT
    raise TypeNotTaken(field="file")


def _zipped(content: bytes) -> FileType:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _document(archive)
    except (zipfile.BadZipFile, *BROKEN) as error:
        raise TypeNotTaken(field="file") from error


def _document(archive: zipfile.ZipFile) -> FileType:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Oversized(field="file")
    names = {part.filename for part in parts}
    if any(_CODE.fullmatch(name) for name in names):
        raise MacrosInside(field="file")
    if "mimetype" in names:
        said = archive.read("mimetype").decode("ascii", "replace").strip()
        if said in set(OPEN_DOCUMENT):
            return FileType(said)
    if "[Content_Types].xml" in names:
        for part, kind in _MAIN_PARTS.items():
            if part in names:
                return kind
    raise TypeNotTaken(field="file")


def _is_text(content: bytes) -> bool:
    """UTF-8 without control characters, and not a page or drawing that a browser might run."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    start = text.lstrip()[:200].lower()
    runs = start.startswith(("<!doctype", "<html", "<svg", "<?xml", "<script", "#!"))
    return bool(start) and not runs and all(_written(letter) for letter in set(text))


def _written(letter: str) -> bool:
    """Whether a letter, space or joining sign stands in words: what has no meaning beyond a machine's does not."""
    return letter in _PRINTED or unicodedata.category(letter) not in {"Cc", "Cn", "Co", "Cs"}
