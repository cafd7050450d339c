"""Types of files, and what was taken out of them, in the reader's language."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comity.files.core.found import Cleaned, Removed
from comity.files.core.types import FileType

TYPES: dict[FileType, Promise] = {
    FileType.PDF: _("PDF"),
    FileType.DOCX: _("Word document"),
    FileType.XLSX: _("Excel workbook"),
    FileType.PPTX: _("PowerPoint presentation"),
    FileType.ODT: _("OpenDocument text"),
    FileType.ODS: _("OpenDocument spreadsheet"),
    FileType.ODP: _("OpenDocument presentation"),
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
    Removed.OUTSIDE: _("addresses that opening it would fetch"),
    Removed.SIGNATURE: _("a digital signature, which holds for no other bytes"),
}


def media_type(kind: FileType) -> str:
    """What a file is called on its way; words are in UTF-8, or they would not have been taken."""
    return f"{kind}; charset=utf-8" if kind is FileType.TEXT else str(kind)


def left_in(changes: int, comments: int, hidden: int) -> list[str]:
    """What still shows how a file was written, counted."""
    told = (
        (changes, ngettext("%(n)d tracked change", "%(n)d tracked changes", changes)),
        (comments, ngettext("%(n)d comment", "%(n)d comments", comments)),
        (hidden, ngettext("%(n)d hidden part or note", "%(n)d hidden parts or notes", hidden)),
    )
    return [words % {"n": n} for n, words in told if n]


def drafting_refused(found: Cleaned) -> str:
    """Why a document is not taken as it is, with what was found in it."""
    what = gettext(", ").join(left_in(found.changes, found.comments, found.hidden))
    return gettext(
        "The document shows more than its words: %(what)s. Settle that first, or say below that it may stay; then "
        "choose the file again."
    ) % {"what": what}


def too_large() -> str:
    """How large a file may be here."""
    most = settings.UPLOAD_MOST // 1_000_000
    return gettext("The file is larger than this instance takes in: at most %(most)d MB.") % {"most": most}
