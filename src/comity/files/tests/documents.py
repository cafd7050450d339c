"""Documents for tests, made on the spot with everything in them that must not leave."""

import io
import zipfile

import pikepdf
from PIL import Image, PngImagePlugin

TELLTALE = "Ines Quarrel"
"""An invented name; it stands wherever a program would put its user's."""

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def photo(form: str = "JPEG", turned: int = 1) -> bytes:
    """A picture with EXIF: who took it, with what, and where."""
    picture = Image.new("RGB", (40, 20), (10, 85, 89))
    picture.paste((255, 255, 255), (0, 0, 20, 20))
    exif = picture.getexif()
    exif[0x013B], exif[0x0110], exif[0x0112] = TELLTALE, "Telltale 9", turned
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (47.0, 59.0, 11.0)
    written = io.BytesIO()
    if form == "PNG":
        beside = PngImagePlugin.PngInfo()
        beside.add_text("Author", TELLTALE)
        picture.save(written, form, exif=exif, pnginfo=beside)
    elif form == "JPEG":
        picture.save(written, form, exif=exif, comment=TELLTALE.encode(), quality=95)
    else:
        picture.save(written, form, exif=exif)
    return written.getvalue()


def paper() -> bytes:
    """A PDF with an author, XMP, a note by a named person, code, and an attachment."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(300, 200))
    document.docinfo["/Author"] = TELLTALE
    with document.open_metadata() as xmp:
        xmp["dc:creator"] = [TELLTALE]
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents="Too weak?", T=TELLTALE
    )
    page.Annots = pikepdf.Array([document.make_indirect(note)])
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=_placed(document)))
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{TELLTALE}')")
    document.attachments["notes.txt"] = TELLTALE.encode()
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _placed(document: pikepdf.Pdf) -> pikepdf.Object:
    """A photograph inside a PDF, with the camera's data still in its stream."""
    return document.make_stream(
        photo(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=40, Height=20,
        ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip


def letter(*, macros: bool = False) -> bytes:
    """A Word document with properties, two tracked changes, one comment, a photograph and the template it came from."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"/>',
        "_rels/.rels": f'<Relationships xmlns="{R}"><Relationship Id="r1" Type="t" Target="word/document.xml"/>'
        f'<Relationship Id="r2" Type="thumbnail" Target="docProps/thumbnail.jpeg"/></Relationships>',
        "docProps/core.xml": f"<c><creator>{TELLTALE}</creator><lastModifiedBy>{TELLTALE}</lastModifiedBy></c>",
        "docProps/app.xml": f"<p><Company>Office of {TELLTALE}</Company></p>",
        "docProps/thumbnail.jpeg": photo(),
        "word/document.xml": f"<w:document {W}><w:body><w:p w:rsidR='00AB12CD'>"
        f"<w:ins w:id='1' w:author='{TELLTALE}' w:date='2026-01-02T03:04:05Z'><w:r><w:t>shall</w:t></w:r></w:ins>"
        f"<w:del w:id='2' w:author='{TELLTALE}' w:date='2026-01-02T03:04:05Z'><w:r><w:delText>may</w:delText></w:r>"
        "</w:del></w:p></w:body></w:document>",
        "word/comments.xml": f"<w:comments {W}><w:comment w:id='0' w:author='{TELLTALE}' w:initials='IQ'><w:p/>"
        "</w:comment></w:comments>",
        "word/people.xml": '<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
        f"<w15:person w15:author='{TELLTALE}'><w15:presenceInfo w15:userId='{TELLTALE}'/></w15:person></w15:people>",
        "word/_rels/settings.xml.rels": f'<Relationships xmlns="{R}"><Relationship Id="r1" Type="attachedTemplate" '
        f'Target="file:///C:/Users/{TELLTALE}/party.dotx" TargetMode="External"/></Relationships>',
        "word/media/image1.jpeg": photo(),
    }
    if macros:
        parts["word/vbaProject.bin"] = b"code"
    return zipped(parts)


def said(words: str) -> bytes:
    """A Word document of one sentence, packed as such documents are."""
    told = f"<w:document {W}><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>"
    return zipped({"[Content_Types].xml": f"<Types xmlns='{TYPES}'/>", "word/document.xml": told})


def open_letter() -> bytes:
    """An OpenDocument text with a description, a tracked change and a comment."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    names = f'xmlns:office="{office}" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    names += 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "meta.xml": f"<office:document-meta {names}><dc:creator>{TELLTALE}</dc:creator></office:document-meta>",
            "content.xml": f"<office:document-content {names}><text:tracked-changes><text:changed-region>"
            f"<dc:creator>{TELLTALE}</dc:creator></text:changed-region></text:tracked-changes>"
            f"<office:annotation><dc:creator>{TELLTALE}</dc:creator><text:p>Too weak?</text:p></office:annotation>"
            "</office:document-content>",
            "Thumbnails/thumbnail.png": photo("PNG"),
            "META-INF/manifest.xml": "<m><e full-path='Thumbnails/thumbnail.png'/><e full-path='content.xml'/></m>",
        }
    )


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """Parts as a zip archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return written.getvalue()


def everything_in(content: bytes) -> bytes:
    """Every byte a reader could get out of a file: itself, and what is packed or compressed inside it."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"".join(name.encode() + everything_in(archive.read(name)) for name in archive.namelist())
    if content.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(content)) as document:
            streams = [one.read_raw_bytes() for one in document.objects if isinstance(one, pikepdf.Stream)]
            return b"".join(
                [repr(document.trailer).encode(), *(repr(one).encode() for one in document.objects), *streams]
            )
    return content
