"""PDF: information dictionary, XMP, private data of programs, code, attachments and the names behind notes."""

import base64
import io
import zlib
from collections.abc import Iterator

import pikepdf

from comity.files.core.found import BROKEN, Cleaned, Removed, Unreadable
from comity.files.core.images import bare_jpeg

NOTES = frozenset(
    {"/Text", "/FreeText", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Caret", "/Stamp", "/Ink", "/Popup"}
)
BESIDE = {
    "/Metadata": Removed.AUTHORS,
    "/CreatorInfo": Removed.PROGRAM,
    "/PieceInfo": Removed.EDITING,
    "/Thumb": Removed.THUMBNAIL,
    "/AA": Removed.CODE,
    "/XFA": Removed.CODE,
    "/EF": Removed.ATTACHMENTS,
    "/AF": Removed.ATTACHMENTS,
}
"""Keys under which any part of a document may hold what is not its words."""
OF_THE_WHOLE = {"/OpenAction": Removed.CODE, "/Perms": Removed.SIGNATURE, "/DSS": Removed.SIGNATURE}
NAMED = {"/JavaScript": Removed.CODE, "/EmbeddedFiles": Removed.ATTACHMENTS}
ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/RichMediaExecute", "/GoToR", "/GoToE"}
)
"""What runs, sends, or opens another file."""
DONE_BY_THEM = ("/JS", "/F", "/Win", "/Mac", "/Unix", "/R")
LARGEST_PICTURE = 200_000_000
DEEPEST = 500
"""How deep arrays and dictionaries may lie in each other."""


def clean(content: bytes) -> Cleaned:
    """The document written anew, so that earlier versions kept inside it are gone as well."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            removed = _bare(document)
            comments = sum(_without_names(page) for page in document.pages)
            written = io.BytesIO()
            document.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except (pikepdf.PdfError, pikepdf.PasswordError, *BROKEN) as error:
        raise Unreadable(field="file") from error
    return Cleaned(written.getvalue(), frozenset(removed), comments=comments)


def _bare(document: pikepdf.Pdf) -> set[Removed]:
    found: set[Removed] = set()
    if "/Info" in document.trailer:
        del document.trailer["/Info"]
        found |= {Removed.AUTHORS, Removed.DATES, Removed.PROGRAM, Removed.TITLES}
    found |= _without(document.Root, OF_THE_WHOLE)
    names = document.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        found |= _without(names, NAMED)
    for thing in document.objects:
        for one in _directly_in(thing):
            found |= _described(one)
    return found


def _without(thing: pikepdf.Object, keys: dict[str, Removed]) -> set[Removed]:
    found = {what for name, what in keys.items() if name in thing}
    for name in keys:
        if name in thing:
            del thing[name]
    return found


def _directly_in(thing: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The dictionaries and streams in an object, itself first; what is referred to has a turn of its own."""
    waiting = [(thing, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEEPEST:
            raise Unreadable(field="file")
        if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
            yield one
            inside = [value for _, value in one.items()]
        else:
            inside = list(one) if isinstance(one, pikepdf.Array) else []
        waiting += [
            (value, depth + 1)
            for value in inside
            if isinstance(value, (pikepdf.Dictionary, pikepdf.Array)) and not value.is_indirect
        ]


def _described(thing: pikepdf.Object) -> set[Removed]:
    """XMP and private data stand beside the whole, but also beside each page and picture; actions stand anywhere."""
    found = _without(thing, BESIDE)
    if str(thing.get("/S", "")) in ACTIONS:
        found |= _without(thing, dict.fromkeys(DONE_BY_THEM, Removed.CODE))
    if str(thing.get("/FT", "")) == "/Sig" and "/V" in thing:
        del thing["/V"]
        found.add(Removed.SIGNATURE)
    if isinstance(thing, pikepdf.Stream):
        _without_camera(thing)
    return found


def _without_camera(picture: pikepdf.Stream) -> None:
    """A photograph inside a document keeps its picture, not what the camera wrote beside it."""
    said = picture.get("/Filter")
    filters = [str(one) for one in said] if isinstance(said, pikepdf.Array) else [str(said)]
    if filters[-1:] != ["/DCTDecode"]:
        return
    content = picture.read_raw_bytes()
    for name in filters[:-1]:
        content = _undone(content, name)
    parameters = picture.get("/DecodeParms")
    last = parameters[-1] if isinstance(parameters, pikepdf.Array) and len(parameters) else parameters
    kept = last if isinstance(last, pikepdf.Dictionary) else None  # they say in which colours it is to be read
    picture.write(bare_jpeg(content), filter=pikepdf.Name.DCTDecode, decode_parms=kept)


def _undone(content: bytes, name: str) -> bytes:
    if name == "/FlateDecode":
        return zlib.decompressobj().decompress(content, LARGEST_PICTURE)
    if name == "/ASCII85Decode":
        return base64.a85decode(content.strip().removesuffix(b"~>"))
    if name == "/ASCIIHexDecode":
        return bytes.fromhex(content.decode("ascii").strip().removesuffix(">"))
    raise Unreadable(field="file")


def _without_names(page: pikepdf.Page) -> int:
    """Take the author and the hour out of each note beside the page; say how many notes there are."""
    listed = page.obj.get("/Annots")
    notes = 0
    for note in listed if isinstance(listed, pikepdf.Array) else []:
        if not isinstance(note, pikepdf.Dictionary):
            continue
        kind = str(note.get("/Subtype", ""))
        if kind == "/FileAttachment" and "/FS" in note:
            del note["/FS"]
        if kind in NOTES:
            notes += kind != "/Popup"
            _without(note, dict.fromkeys(("/T", "/M", "/CreationDate", "/NM"), Removed.AUTHORS))
    return notes
