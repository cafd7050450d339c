"""Pictures: EXIF, XMP, comments and embedded thumbnails are left behind; what is seen stays."""

import io
import struct
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from comity.files.core.found import Cleaned, Removed, Unreadable

ORIENTATION, PLACE = 0x0112, 0x8825
"""EXIF tags: how the camera was held, where it was."""
QUALITY = 92
MOST_PIXELS = 100_000_000
START, START_OF_SCAN, COMMENT, END_OF_PICTURE = 0xFF, 0xDA, 0xFE, 0xD9
RESTARTS = range(0xD0, 0xD8)
ANNOUNCED = 0b1100
"""The flags of EXIF and XMP in a WebP file's header."""
KEPT_SEGMENTS = frozenset({0xE0, 0xE2, 0xEE})
"""JPEG application segments that say how to show the picture: JFIF, colour profile, Adobe's colour transform."""


def clean(content: bytes, form: str) -> Cleaned:
    """The picture without what stands beside it; one that is not turned keeps every pixel as it was."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=[form])
            if picture.width * picture.height > MOST_PIXELS:
                raise Unreadable(field="file")
            picture.load()
            removed = _beside(picture)
            if form in UNTOUCHED and picture.getexif().get(ORIENTATION, 1) == 1:
                return Cleaned(UNTOUCHED[form](content), frozenset(removed))
            drawn = _drawn(ImageOps.exif_transpose(picture), form, picture.info.get("icc_profile"))
    except (UnidentifiedImageError, Image.DecompressionBombWarning, OSError, ValueError, SyntaxError) as error:
        raise Unreadable(field="file") from error
    return Cleaned(drawn, frozenset(removed))


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG stream (ISO/IEC 10918-1, annex B) with its picture untouched; every telling segment is left out.

    Whatever follows the end of the picture, such as a camera's second picture, is left out too.
    """
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == START:
        marker = content[at + 1]
        if marker == END_OF_PICTURE:
            break
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        end = at + 2 + length
        if marker == START_OF_SCAN:
            end = _end_of_scan(content, end)
        telling = 0xE0 <= marker <= 0xEF or marker == COMMENT
        if not telling or marker in KEPT_SEGMENTS:
            kept.append(content[at:end])
        at = end
    if content[at : at + 2] != bytes((START, END_OF_PICTURE)):
        raise Unreadable(field="file")
    return b"".join([*kept, content[at : at + 2]])


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands: a scan holds the byte FF only before 00 or a restart marker."""
    while (at := content.find(START, at)) != -1:
        if at + 1 < len(content) and content[at + 1] != 0 and content[at + 1] not in RESTARTS:
            return at
        at += 2
    raise Unreadable(field="file")


def bare_webp(content: bytes) -> bytes:
    """A WebP file (RFC 9649) without its chunks of EXIF and XMP, and without the flags that announce them."""
    kept, at = [], 12
    while at + 8 <= len(content):
        name, (size,) = content[at : at + 4], struct.unpack("<I", content[at + 4 : at + 8])
        chunk = content[at : at + 8 + size + size % 2]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~ANNOUNCED]) + chunk[9:]
        if name not in {b"EXIF", b"XMP "}:
            kept.append(chunk)
        at += 8 + size + size % 2
    body = b"".join([b"WEBP", *kept])
    return b"RIFF" + struct.pack("<I", len(body)) + body


UNTOUCHED = {"JPEG": bare_jpeg, "WEBP": bare_webp}


def _beside(picture: Image.Image) -> set[Removed]:
    exif = picture.getexif()
    found: set[Removed] = set()
    if len(exif) or any(name in picture.info for name in ("xmp", "XML:com.adobe.xmp", "comment")):
        found |= {Removed.AUTHORS, Removed.DATES, Removed.PROGRAM}
    if PLACE in exif:
        found.add(Removed.PLACES)
    if any(isinstance(value, str) for value in picture.info.values()):
        found.add(Removed.TITLES)
    return found


def _drawn(picture: Image.Image, form: str, profile: bytes | None) -> bytes:
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    if picture.mode == "P":
        bare.putpalette(picture.getpalette() or [])
    drawn = io.BytesIO()
    shape = {"quality": QUALITY} if form != "PNG" else {"optimize": True}
    kept = {"transparency": picture.info["transparency"]} if form == "PNG" and "transparency" in picture.info else {}
    bare.save(drawn, form, icc_profile=profile, **shape, **kept)
    return drawn.getvalue()
