"""PDF: information dictionary, XMP, private data of programs, code, attachments and the names behind notes."""

import io

import pikepdf

from comity.files.core.found import Cleaned, Removed, Unreadable
from comity.files.core.images import bare_jpeg

NOTES = frozenset(
    {"/Text", "/FreeText", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Caret", "/Stamp", "/Ink", "/Popup"}
)
CODE = ("/OpenAction", "/AA")
BESIDE = {
    "/Metadata": Removed.AUTHORS,
    "/PieceInfo": Removed.EDITING,
    "/AA": Removed.CODE,
    "/EF": Removed.ATTACHMENTS,
}
"""Keys under which any part of a document may hold what is not its words."""


def clean(content: bytes) -> Cleaned:
    """The document written anew, so that earlier versions kept inside it are gone as well."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            removed = _bare(document)
            comments = sum(_without_names(page) for page in document.pages)
            written = io.BytesIO()
            document.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError) as error:
        raise Unreadable(field="file") from error
    return Cleaned(written.getvalue(), frozenset(removed), comments=comments)


def _bare(document: pikepdf.Pdf) -> set[Removed]:
    found: set[Removed] = set()
    if "/Info" in document.trailer:
        del document.trailer["/Info"]
        found |= {Removed.AUTHORS, Removed.DATES, Removed.PROGRAM, Removed.TITLES}
    root = document.Root
    for name in CODE:
        if name in root:
            del root[name]
            found.add(Removed.CODE)
    names = root.get("/Names")
    if names is not None:
        for name, what in (("/JavaScript", Removed.CODE), ("/EmbeddedFiles", Removed.ATTACHMENTS)):
            if name in names:
                del names[name]
                found.add(what)
    return found | _described(document)


def _described(document: pikepdf.Pdf) -> set[Removed]:
    """XMP and private data stand beside the whole, but also beside each page and picture."""
    found: set[Removed] = set()
    for thing in document.objects:
        if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            continue
        for name, what in BESIDE.items():
            if name in thing:
                del thing[name]
                found.add(what)
        if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") == pikepdf.Name.DCTDecode:
            thing.write(bare_jpeg(thing.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)
        if thing.get("/S") in {pikepdf.Name.JavaScript, pikepdf.Name.Launch}:
            for name in ("/JS", "/F", "/Win"):
                if name in thing:
                    del thing[name]
            found.add(Removed.CODE)
    return found


def _without_names(page: pikepdf.Page) -> int:
    """Take the author and the hour out of each note beside the page; say how many notes there are."""
    notes = 0
    for note in page.get("/Annots", pikepdf.Array()):
        if note.get("/Subtype") == pikepdf.Name.FileAttachment and "/FS" in note:
            del note["/FS"]
        if str(note.get("/Subtype", "")) in NOTES:
            notes += str(note.get("/Subtype")) != "/Popup"
            for name in ("/T", "/M", "/CreationDate", "/NM"):
                if name in note:
                    del note[name]
    return notes
