"""Documents for tests, made on the spot with everything in them that must not leave."""

import io
import zipfile
import zlib

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
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=_placed(document), Q=_packed(document)))
    told = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{TELLTALE}')")
    page.Annots.append(
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=told)
    )
    document.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array([pikepdf.Dictionary(FT=pikepdf.Name.Sig, V=pikepdf.Dictionary(Name=TELLTALE))])
    )
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


def _packed(document: pikepdf.Pdf) -> pikepdf.Object:
    """The same, compressed once more, as some programs do."""
    return document.make_stream(
        zlib.compress(photo()), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=40, Height=20,
        ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
        Filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode]),
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


S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def table() -> bytes:
    """An Excel workbook: comments by name, who refreshed it, the folder it lay in, its printer, a hidden sheet."""
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Override PartName="/xl/printerSettings/'
            'printerSettings1.bin" ContentType="p"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{R}"><Relationship Id="r1" Type="t" Target="xl/workbook.xml"/>'
            "</Relationships>",
            "docProps/core.xml": f"<c><creator>{TELLTALE}</creator></c>",
            "xl/workbook.xml": f'<workbook {S} xmlns:x15ac="urn:x"><fileSharing userName="{TELLTALE}"/>'
            f'<x15ac:absPath url="C:\\Users\\{TELLTALE}\\"/><sheets><sheet name="Dues"/>'
            '<sheet name="Notes" state="hidden"/></sheets></workbook>',
            "xl/worksheets/sheet1.xml": f'<worksheet {S} xmlns:r="urn:r"><pageSetup paperSize="9" r:id="rId1"/>'
            "</worksheet>",
            "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{R}"><Relationship Id="rId1" Type="p" '
            'Target="../printerSettings/printerSettings1.bin"/></Relationships>',
            "xl/printerSettings/printerSettings1.bin": f"printer of {TELLTALE}",
            "xl/comments1.xml": f"<comments {S}><authors><author>{TELLTALE}</author></authors><commentList>"
            f"<comment authorId='0'><text><r><t>{TELLTALE}:</t></r><r><t>Too high?</t></r></text></comment>"
            "</commentList></comments>",
            "xl/persons/person.xml": f"<personList><person displayName='{TELLTALE}' userId='{TELLTALE}'/></personList>",
            "xl/pivotCache/pivotCacheDefinition1.xml": f"<p {S} refreshedBy='{TELLTALE}' refreshedDate='46000.5'/>",
        }
    )


def slides() -> bytes:
    """A PowerPoint file: who commented, who changed what, a slide that is not shown, words for the speaker."""
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Override PartName="/ppt/changesInfos/changesInfo1.xml" '
            'ContentType="c"/></Types>',
            "docProps/core.xml": f"<c><creator>{TELLTALE}</creator></c>",
            "ppt/presentation.xml": "<p/>",
            "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{R}"><Relationship Id="r9" Type="c" '
            'Target="changesInfos/changesInfo1.xml"/></Relationships>',
            "ppt/changesInfos/changesInfo1.xml": f"<c name='{TELLTALE}'/>",
            "ppt/commentAuthors.xml": f"<l><cmAuthor id='0' name='{TELLTALE}' initials='{TELLTALE}'/></l>",
            "ppt/authors.xml": f"<l><author id='{{1}}' name='{TELLTALE}' userId='{TELLTALE}'/></l>",
            "ppt/comments/comment1.xml": "<cmLst><cm authorId='0' dt='2026-01-02'><text>Cut this</text></cm></cmLst>",
            "ppt/slides/slide1.xml": "<sld/>",
            "ppt/slides/slide2.xml": "<sld show='0'/>",
            "ppt/notesSlides/notesSlide1.xml": f"<notes {A}><a:r><a:t>Do not promise this.</a:t></a:r></notes>",
            "ppt/notesSlides/notesSlide2.xml": f"<notes {A}><a:fld><a:t>2</a:t></a:fld></notes>",
            "ppt/embeddings/Microsoft_Excel_Sheet1.xlsx": table(),
            "customXml/item1.xml": f"<p><UserInfo><DisplayName>{TELLTALE}</DisplayName></UserInfo></p>",
            "ppt/slides/_rels/slide1.xml.rels": f'<Relationships xmlns="{R}">'
            '<Relationship Id="r1" Type="http://x/image" Target="https://elsewhere.example/seen.png" '
            'TargetMode="External"/><Relationship Id="r2" Type="http://x/hyperlink" Target="https://link.example/" '
            f'TargetMode="External"/><Relationship Id="r3" Type="http://x/hyperlink" Target="file:///C:/{TELLTALE}" '
            'TargetMode="External"/></Relationships>',
        }
    )


def open_letter() -> bytes:
    """An OpenDocument text with a description, a tracked change and a comment."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    names = f'xmlns:office="{office}" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    names += 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    names += 'xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0"'
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "meta.xml": f"<office:document-meta {names}><dc:creator>{TELLTALE}</dc:creator></office:document-meta>",
            "content.xml": f"<office:document-content {names}><text:tracked-changes><text:changed-region>"
            f"<dc:creator>{TELLTALE}</dc:creator></text:changed-region></text:tracked-changes>"
            f"<office:annotation><dc:creator>{TELLTALE}</dc:creator><meta:creator-initials>{TELLTALE}"
            "</meta:creator-initials><text:p>Too weak?</text:p></office:annotation>"
            "</office:document-content>",
            "settings.xml": f'<office:document-settings {names}><config:config-item config:name="PrinterName">'
            f"{TELLTALE}</config:config-item></office:document-settings>",
            "Object 1/meta.xml": f"<office:document-meta {names}><dc:creator>{TELLTALE}</dc:creator>"
            "</office:document-meta>",
            "Versions/Version1": f"an earlier state by {TELLTALE}",
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
            streams = [_read(one) for one in document.objects if isinstance(one, pikepdf.Stream)]
            return b"".join(
                [repr(document.trailer).encode(), *(repr(one).encode() for one in document.objects), *streams]
            )
    return content


def _read(stream: pikepdf.Stream) -> bytes:
    content = stream.read_raw_bytes()
    return content + zlib.decompress(content) if content.startswith(b"\x78") else content
