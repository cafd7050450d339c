"""What a file is, and what does not leave with it."""

import io
import struct
import zipfile
import zlib
from contextlib import suppress

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from comity.files.core import types
from comity.files.core.cleaning import clean, cleaned_inside
from comity.files.core.found import OpaquePart, Removed, Unreadable
from comity.files.core.images import bare_jpeg
from comity.files.core.parts import Allowance
from comity.files.core.types import FileType, MacrosInside, Oversized, TypeNotTaken, type_of
from comity.files.tests import documents
from comity.files.tests.documents import TELLTALE, everything_in, zipped
from comity.plain.refusals import BadInput

SAMPLES = {
    FileType.JPEG: documents.photo(),
    FileType.PNG: documents.photo("PNG"),
    FileType.WEBP: documents.photo("WEBP"),
    FileType.PDF: documents.paper(),
    FileType.DOCX: documents.letter(),
    FileType.XLSX: documents.table(),
    FileType.PPTX: documents.slides(),
    FileType.ODT: documents.open_letter(),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_type_is_told_from_the_content(kind: FileType) -> None:
    assert type_of(SAMPLES[kind]) is kind


@pytest.mark.parametrize("kind", SAMPLES)
def test_no_name_leaves_with_a_file(kind: FileType) -> None:
    assert TELLTALE.encode() in everything_in(SAMPLES[kind])
    cleaned = clean(SAMPLES[kind], kind)
    assert TELLTALE.encode() not in everything_in(cleaned.content)
    assert TELLTALE.encode("utf-16-be") not in everything_in(cleaned.content)
    assert cleaned.removed & {Removed.AUTHORS, Removed.EDITING}
    assert type_of(cleaned.content) is kind
    assert clean(cleaned.content, kind).content == cleaned.content


def test_what_senders_forget_is_counted() -> None:
    book, show = (clean(SAMPLES[kind], kind) for kind in (FileType.XLSX, FileType.PPTX))
    assert (book.changes, book.comments, book.hidden) == (0, 1, 1)
    assert (show.changes, show.comments, show.hidden) == (0, 2, 3)  # those of the workbook inside it are among them
    assert b"Too high?" in everything_in(book.content)
    assert clean(SAMPLES[FileType.ODT], FileType.ODT).hidden == 0


def test_what_is_taken_out_leaves_no_line_that_leads_to_it() -> None:
    with zipfile.ZipFile(io.BytesIO(clean(documents.table(), FileType.XLSX).content)) as book:
        whole = b"".join(book.read(name) for name in book.namelist())
        assert b"printerSettings" not in whole
        assert b'<pageSetup paperSize="9"/>' in book.read("xl/worksheets/sheet1.xml")
    show = clean(documents.slides(), FileType.PPTX)
    whole = everything_in(show.content)
    assert b"changesInfo" not in whole
    assert Removed.OUTSIDE in show.removed
    assert b"elsewhere.example" not in whole
    assert b"https://link.example/" in whole


def test_an_object_that_cannot_be_cleaned_is_refused() -> None:
    with pytest.raises(OpaquePart):
        clean(
            zipped({"word/document.xml": "<d/>", "word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"}), FileType.DOCX
        )


def test_a_part_of_too_many_elements_is_refused_before_it_is_read() -> None:
    with pytest.raises(Oversized):
        clean(zipped({"word/document.xml": b"<a>" + b"<b/>" * 1_500_001 + b"</a>"}), FileType.DOCX)


def test_code_stands_nowhere_in_a_paper_and_a_signature_that_no_longer_holds_is_told() -> None:
    cleaned = clean(documents.paper(), FileType.PDF)
    assert {Removed.CODE, Removed.SIGNATURE, Removed.ATTACHMENTS} <= cleaned.removed
    assert b"alert" not in everything_in(cleaned.content)


@pytest.mark.parametrize(
    "words", ["Article 3\u00a0: le\u202fsiège", "می\u200cخواهم", "\u200fمادة ٣", "a\u00adb", "\ufeffclause 4"]
)
def test_words_of_every_script_are_plain_text(words: str) -> None:
    assert type_of(words.encode()) is FileType.TEXT


def test_documents_inside_a_document_are_read_out_of_one_allowance() -> None:
    inside = zipped({"[Content_Types].xml": "<T/>", "word/document.xml": b"<a>" + b"<b/>" * 80 + b"</a>"})
    whole = zipped({"word/document.xml": "<d/>", **{f"word/embeddings/{n}.docx": inside for n in "ab"}})
    assert cleaned_inside(whole, FileType.DOCX, Allowance(marks=200), 0).content
    with pytest.raises(Oversized):
        cleaned_inside(whole, FileType.DOCX, Allowance(marks=120), 0)


def test_what_follows_the_end_of_a_drawing_is_left_out() -> None:
    plain = clean(documents.photo("PNG"), FileType.PNG).content
    assert clean(plain + b"the part that was cut away", FileType.PNG).content == plain


def test_a_picture_of_too_many_points_is_refused() -> None:
    head = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0))
    with pytest.raises(Unreadable):
        clean(head + _chunk(b"IDAT", b"") + _chunk(b"IEND", b""), FileType.PNG)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def test_a_thumbnail_in_the_first_segment_goes_and_bytes_that_fill_do_not_matter() -> None:
    plain = bare_jpeg(documents.photo())
    at = plain.index(b"JFIF\0") - 4
    with_thumbnail = (
        plain[:at] + b"\xff\xe0" + struct.pack(">H", 16 + 300) + plain[at + 4 : at + 16] + b"\x0a\x0a" + b"T" * 300
        + b"\xff\xff" + plain[at + 19 :]
    )  # fmt: skip
    assert bare_jpeg(with_thumbnail) == plain


def test_plain_words_stay_as_they_are() -> None:
    assert type_of("Nørdic façade, ٣ مادة".encode()) is FileType.TEXT
    assert clean(b"clause 4", FileType.TEXT).content == b"clause 4"


def test_an_upright_photograph_keeps_every_pixel_and_a_turned_one_is_turned() -> None:
    upright = clean(documents.photo(), FileType.JPEG)
    assert Removed.PLACES in upright.removed
    before, after = Image.open(io.BytesIO(documents.photo())), Image.open(io.BytesIO(upright.content))
    assert before.tobytes() == after.tobytes()
    assert not after.getexif()
    turned = Image.open(io.BytesIO(clean(documents.photo(turned=6), FileType.JPEG).content))
    assert turned.size == (20, 40)


def test_a_second_picture_behind_the_first_is_left_out() -> None:
    assert bare_jpeg(documents.photo() + documents.photo()) == bare_jpeg(documents.photo())


def test_tracked_changes_and_comments_are_counted_and_lose_their_authors() -> None:
    word, text, paper = (clean(SAMPLES[kind], kind) for kind in (FileType.DOCX, FileType.ODT, FileType.PDF))
    assert (word.changes, word.comments, word.shows_drafting) == (2, 1, True)
    assert (text.changes, text.comments) == (1, 1)
    assert paper.comments == 1
    assert b"shall" in everything_in(word.content)


def test_code_attachments_templates_and_thumbnails_go() -> None:
    with pikepdf.open(io.BytesIO(clean(documents.paper(), FileType.PDF).content)) as paper:
        assert "/OpenAction" not in paper.Root
        assert not paper.attachments
    with zipfile.ZipFile(io.BytesIO(clean(documents.letter(), FileType.DOCX).content)) as word:
        assert "docProps/thumbnail.jpeg" not in word.namelist()
        assert b"thumbnail" not in word.read("_rels/.rels")
        assert b"Users" not in word.read("word/_rels/settings.xml.rels")
        assert {entry.date_time[0] for entry in word.infolist()} == {1980}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"<?xml version='1.0'?><svg onload='x'/>",
        b"#!/bin/sh\nrm -rf",
        b"MZ\x90\x00program",
        b"GIF89a\x01\x00\x01\x00",
        b"words with \x00 in them",
        b"\xff\xfe\x00half",
        zipped({"a.txt": "just an archive"}),
        zipped({"mimetype": "application/epub+zip"}),
        b"PK\x03\x04 broken",
    ],
)
def test_what_is_none_of_the_types_is_not_taken(content: bytes) -> None:
    with pytest.raises(TypeNotTaken):
        type_of(content)


def test_macros_and_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MacrosInside):
        type_of(documents.letter(macros=True))
    with pytest.raises(Oversized):
        type_of(zipped({"[Content_Types].xml": "", **{f"word/{n}.xml": "" for n in range(5_001)}}))
    monkeypatch.setattr(types, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(Oversized):
        type_of(zipped({"word/document.xml": b"0" * 1_000_001}))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 broken", FileType.PDF),
        (documents.photo()[:300], FileType.JPEG),
        (documents.photo("PNG")[:60], FileType.PNG),
        (zipped({"[Content_Types].xml": "", "word/document.xml": "<w:document"}), FileType.DOCX),
        (
            zipped({"word/document.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a'}),
            FileType.DOCX,
        ),
    ],
)
def test_what_is_broken_is_refused(content: bytes, kind: FileType) -> None:
    with pytest.raises(Unreadable):
        clean(content, kind)


def test_a_locked_paper_is_refused() -> None:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(documents.paper())) as paper:
        paper.save(written, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(Unreadable):
        clean(written.getvalue(), FileType.PDF)


@given(st.sampled_from(list(SAMPLES)), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=9)), max_size=4))
def test_no_broken_file_does_more_than_be_refused(kind: FileType, changes: list[tuple[float, bytes]]) -> None:
    content = bytearray(SAMPLES[kind])
    for where, bytes_ in changes:
        at = int(where * len(content))
        content[at : at + len(bytes_)] = bytes_
    with suppress(BadInput):
        clean(bytes(content), type_of(bytes(content)))


@given(st.binary(max_size=300), st.sampled_from(list(SAMPLES)))
def test_no_bytes_do_more_than_be_refused(content: bytes, kind: FileType) -> None:
    for bytes_ in (content, SAMPLES[kind][: len(content)] + content):
        with suppress(BadInput):
            clean(bytes_, type_of(bytes_))
