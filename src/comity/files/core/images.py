"""Pictures: EXIF, XMP, comments and embedded thumbnails are left behind; what is seen stays."""

import io
import struct

from PIL import Image, ImageOps

from comity.files.core.found import BROKEN, Cleaned, Removed, Unreadable

ORIENTATION, PLACE = 0x0112, 0x8825
"""EXIF tags: how the camera was held, where it was."""
QUALITY = 92
MOST_PIXELS = 100_000_000
START, START_OF_SCAN, COMMENT, END_OF_PICTURE, JFIF = 0xFF, 0xDA, 0xFE, 0xD9, 0xE0
RESTARTS = range(0xD0, 0xD8)
ANNOUNCED = 0b1100
"""The flags of EXIF and XMP in a WebP file's header."""
KEPT_SEGMENTS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""JPEG application segments that say how to show the picture, each with the mark by which it begins."""
JFIF_ALONE = 18
"""Bytes of a JFIF segment, its marker included, up to where its thumbnail would begin."""
KEPT_PNG_CHUNKS = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD"),
        *(b"pHYs", b"acTL", b"fcTL", b"fdAT"),
    }
)
KEPT_CHUNKS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
"""What a WebP file needs to be shown."""


def clean(content: bytes, form: str) -> Cleaned:
    """The picture without what stands beside it; one that is not turned keeps every pixel as it was."""
    try:
        picture = Image.open(io.BytesIO(content), formats=[form])
        if picture.width * picture.height > MOST_PIXELS:
            raise Unreadable(field="file")
        picture.load()
        removed = _beside(picture)
        if picture.getexif().get(ORIENTATION, 1) == 1:
            return Cleaned(UNTOUCHED[form](content), frozenset(removed))
        drawn = _drawn(ImageOps.exif_transpose(picture), form, picture.info.get("icc_profile"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *BROKEN) as error:
        raise Unreadable(field="file") from error
    return Cleaned(drawn, frozenset(removed))


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG stream (ISO/IEC 10918-1, annex B) with its picture untouched; every telling segment is left out.

    Whatever follows the end of the picture, such as a camera's second picture, is left out too.
    """
    kept, at, scans = [content[:2]], 2, 0
    while at + 4 <= len(content) and content[at] == START:
        marker = content[at + 1]
        if marker == START:  # a byte that fills
            at += 1
            continue
        if marker == END_OF_PICTURE:
            break
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        end = at + 2 + length
        if marker == START_OF_SCAN:
            end, scans = _end_of_scan(content, end), scans + 1
        kept.append(_bare_segment(content[at:end]))
        at = end
    if not scans:
        raise Unreadable(field="file")
    return b"".join([*kept, bytes((START, END_OF_PICTURE))])


def _bare_segment(segment: bytes) -> bytes:
    """A segment, or nothing where it tells more than the picture."""
    marker = segment[1]
    if not (0xE0 <= marker <= 0xEF or marker == COMMENT):
        return segment
    mark = KEPT_SEGMENTS.get(marker)
    if mark is None or not segment[4:].startswith(mark):
        return b""
    if marker != JFIF or len(segment) <= JFIF_ALONE:
        return segment
    return segment[:2] + struct.pack(">H", JFIF_ALONE - 2) + segment[4 : JFIF_ALONE - 2] + b"\0\0"


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands, or the end: a scan holds the byte FF only before 00 or a restart marker."""
    while (at := content.find(START, at)) != -1:
        if at + 1 < len(content) and content[at + 1] != 0 and content[at + 1] not in RESTARTS:
            return at
        at += 2
    return len(content)


def bare_webp(content: bytes) -> bytes:
    """A WebP file (RFC 9649) with the chunks that show it alone: no EXIF, no XMP, nor the flags that announce them."""
    kept, at = [], 12
    while at + 8 <= len(content):
        name, (size,) = content[at : at + 4], struct.unpack("<I", content[at + 4 : at + 8])
        chunk = content[at : at + 8 + size + size % 2]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~ANNOUNCED]) + chunk[9:]
        if name in KEPT_CHUNKS:
            kept.append(chunk)
        at += 8 + size + size % 2
    body = b"".join([b"WEBP", *kept])
    return b"RIFF" + struct.pack("<I", len(body)) + body


def bare_png(content: bytes) -> bytes:
    """A PNG file (ISO/IEC 15948) with the chunks that show it alone.

    Nothing that follows its end, such as a part that was cut away and left on the disk.
    """
    kept, at = [content[:8]], 8
    while at + 12 <= len(content):
        (size,), name = struct.unpack(">I", content[at : at + 4]), content[at + 4 : at + 8]
        if name in KEPT_PNG_CHUNKS:
            kept.append(content[at : at + 12 + size])
        if name == b"IEND":
            return b"".join(kept)
        at += 12 + size
    raise Unreadable(field="file")


def bare(content: bytes, form: str) -> Cleaned:
    """A picture inside a document: as it is, without what stands beside it. It is not drawn, and so costs little."""
    try:
        picture = Image.open(io.BytesIO(content), formats=[form])
        return Cleaned(UNTOUCHED[form](content), frozenset(_beside(picture)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *BROKEN) as error:
        raise Unreadable(field="file") from error


UNTOUCHED = {"JPEG": bare_jpeg, "WEBP": bare_webp, "PNG": bare_png}


def _beside(picture: Image.Image) -> set[Removed]:
    exif = picture.getexif()
    found: set[Removed] = set()
    if len(exif) or any(name in picture.info for name in ("xmp", "XML:com.adobe.xmp", "comment", "photoshop")):
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
    shape = {"quality": QUALITY} if form != "PNG" else {}
    kept = {"transparency": picture.info["transparency"]} if form == "PNG" and "transparency" in picture.info else {}
    bare.save(drawn, form, icc_profile=profile, **shape, **kept)
    return drawn.getvalue()
