"""Types of files, and what was taken out of them, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.files.core.found import Removed
from comity.files.core.types import FileType

TYPES: dict[FileType, Promise] = {
    FileType.PDF: _("PDF"),
    FileType.DOCX: _("Word document"),
    FileType.XLSX: _("Excel workbook"),
    FileType.PPTX: _("PowerPoint presentation"),
    FileType.ODT: _("OpenDocument text"),
    FileType.ODS: _("OpenDocument spreadsheet"),
    FileType.JPEG: _("JPEG picture"),
    FileType.PNG: _("PNG picture"),
    FileType.WEBP: _("WebP picture"),
    FileType.TEXT: _("plain text"),
}
REMOVED: dict[Removed, Promise] = {
    Removed.AUTHORS: _("names of authors"),
    Removed.PLACES: _("where a picture was taken"),
    Removed.DATES: _("when it was made and changed"),
    Removed.PROGRAM: _("the program and machine it was made with"),
    Removed.TITLES: _("titles and keywords beside the words"),
    Removed.THUMBNAIL: _("a small picture of an earlier state"),
    Removed.CODE: _("code that would run on opening"),
    Removed.ATTACHMENTS: _("files hidden inside"),
    Removed.EDITING: _("private data of the program"),
}
