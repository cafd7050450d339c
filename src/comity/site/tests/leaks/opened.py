"""What a file holds beyond its own bytes: archives, office documents and papers, opened at any depth."""

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pikepdf

RANGE = re.compile(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>")
SINGLE = re.compile(r"<(\w+)>\s*<(\w+)>")


def opened(content: bytes) -> Iterator[bytes]:
    """A file as it is, and each part that is packed, compressed or typeset inside it."""
    yield content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from opened(archive.read(name))
    elif content.startswith(b"\x1f\x8b"):
        yield from opened(gzip.decompress(content))
    elif content.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(content)) as paper:
            yield from _paper(paper)


def _paper(paper: pikepdf.Pdf) -> Iterator[bytes]:
    """The properties, every object and stream of a PDF, and what is read on each page."""
    yield repr(dict(paper.docinfo.items())).encode()
    for thing in paper.objects:
        if isinstance(thing, pikepdf.Stream):
            yield from opened(_unpacked(thing))
        else:
            yield thing.unparse() if isinstance(thing, pikepdf.Object) else repr(thing).encode()
    for page in paper.pages:
        yield _read(page).encode()


def _unpacked(stream: pikepdf.Stream) -> bytes:
    """A stream without its compression; pictures stay as they are."""
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return stream.read_raw_bytes()


def _read(page: pikepdf.Page) -> str:
    """The letters of a page: typeset, they are numbers of glyphs, which each font's own table turns back."""
    held: Any = page.obj.get("/Resources", {})
    fonts = {str(name): _letters(font) for name, font in held.get("/Font", {}).items()}
    letters: dict[bytes, str] = {}
    told = []
    for one in pikepdf.parse_content_stream(page):
        if str(one.operator) == "Tf":
            letters = fonts.get(str(one.operands[0]), {})
        elif str(one.operator) in {"Tj", "TJ", "'", '"'}:
            shown = b"".join(_strings(one.operands))
            told.append("".join(letters.get(shown[at : at + 2], "") for at in range(0, len(shown), 2)))
    return "".join(told)


def _strings(operands: Any) -> Iterator[bytes]:
    for one in operands:
        if isinstance(one, pikepdf.Array):
            yield from _strings(one)
        elif isinstance(one, pikepdf.String):
            yield bytes(one)


def _letters(font: Any) -> dict[bytes, str]:
    """From the two bytes of a glyph to its letters, as the font's ToUnicode table says."""
    if "/ToUnicode" not in font:
        return {}
    table = font.ToUnicode.read_bytes().decode("ascii", "replace")
    letters = {}
    for part in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, start in RANGE.findall(part):
            for number in range(int(first, 16), int(last, 16) + 1):
                letters[number.to_bytes(2, "big")] = chr(int(start, 16) + number - int(first, 16))
    for part in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for glyph, said in SINGLE.findall(part):
            letters[int(glyph, 16).to_bytes(2, "big")] = bytes.fromhex(said).decode("utf-16-be", "replace")
    return letters
