"""What a file is, and what does not leave with it."""

import io
import zipfile

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from comity.files.core.cleaning import clean
from comity.files.core.found import Removed, Unreadable
from comity.files.core.images import bare_jpeg
from comity.files.core.types import FileType, MacrosInside, Oversized, TypeNotTaken, type_of
from comity.files.tests import documents
from comity.files.tests.documents import TELLTALE, everything_in, zipped

SAMPLES = {
    FileType.JPEG: documents.photo(),
    FileType.PNG: documents.photo("PNG"),
    FileType.WEBP: documents.photo("WEBP"),
    FileType.PDF: documents.paper(),
    FileType.DOCX: documents.letter(),
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
    assert Removed.AUTHORS in cleaned.removed
    assert type_of(cleaned.content) is kind
    assert clean(cleaned.content, kind).content == cleaned.content


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


def test_macros_and_bombs_are_refused() -> None:
    with pytest.raises(MacrosInside):
        type_of(documents.letter(macros=True))
    with pytest.raises(Oversized):
        type_of(zipped({"[Content_Types].xml": "", **{f"word/{n}.xml": "" for n in range(5_001)}}))
    with pytest.raises(Oversized):
        type_of(zipped({"word/document.xml": b"0" * 400_000_001}))


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


@given(st.binary(max_size=300), st.sampled_from(list(SAMPLES)))
def test_no_bytes_do_more_than_be_refused(content: bytes, kind: FileType) -> None:
    for bytes_ in (content, SAMPLES[kind][: len(content)] + content):
        try:
            clean(bytes_, type_of(bytes_))
        except (TypeNotTaken, Unreadable, MacrosInside, Oversized):
            continue
