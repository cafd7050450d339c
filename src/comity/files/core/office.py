"""Word, Excel and PowerPoint files (ECMA-376): properties, authors of changes and comments, traces of editing."""

import re
from collections import Counter
from functools import partial

from lxml import etree

from comity.files.core import embedded
from comity.files.core.found import Cleaned, Removed, Shown
from comity.files.core.parts import (
    Allowance,
    Parts,
    named_like,
    packed,
    rewrite,
    tree,
    unpacked,
    without,
    without_beside_pictures,
)

WORDS = frozenset(
    {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    }
)
CHANGES = frozenset(
    {
        *("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange"),
        *("tcPrChange", "cellIns", "cellDel", "cellMerge", "numberingChange"),
    }
)
NAMING = frozenset({"author", "initials", "userId", "providerId", "lastEdited", "userName", "refreshedBy"})
PERSONS = frozenset({"person", "author", "cmAuthor"})
"""Elements that list people; there ``name`` and ``displayName`` are theirs."""
HOURS = frozenset({"dt", "date", "dateUtc", "refreshedDate"})
TELLING_OF_MACHINES = frozenset({"absPath", "printerSettings", "mailMerge"})
"""Elements that hold folders of the sender's machine, or lead to what is taken out."""
UNNAMED = "-"
CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp='
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
CUSTOM = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
)
DESCRIBED = frozenset({Removed.AUTHORS, Removed.DATES, Removed.PROGRAM, Removed.TITLES})
EMPTIED = (
    (re.compile(r"docProps/core\.xml"), CORE, DESCRIBED),
    (re.compile(r"docProps/app\.xml"), APP, DESCRIBED),
    (re.compile(r"docProps/custom\.xml"), CUSTOM, DESCRIBED),
    (re.compile(r"customXml/item\d+\.xml"), b"<none/>", frozenset({Removed.EDITING})),
)
"""Parts that others lead to, and that must therefore stay: document servers keep names in ``customXml``."""
DROPPED = (
    (re.compile(r"docProps/thumbnail\.\w+"), Removed.THUMBNAIL),
    (re.compile(r"ppt/changesInfos/.*|ppt/revisionInfo\.xml|xl/revisions/.*|docMetadata/.*"), Removed.EDITING),
    (re.compile(r".*/printerSettings/.*|.*/printerSettings\d*\.bin"), Removed.PROGRAM),
    (re.compile(r"_xmlsignatures/.*"), Removed.SIGNATURE),
)
TELLING = re.compile(
    r"word/.*\.xml|xl/workbook\.xml|xl/(comments|threadedComments|persons).*\.xml|xl/pivotCache/[^/]*Definition\d*\.xml"
    r"|ppt/(commentAuthors|authors)\.xml|ppt/comments/.*\.xml"
)
COMMENTS = re.compile(r"word/comments\.xml|xl/comments.*\.xml|xl/threadedComments/.*\.xml|ppt/comments/.*\.xml")
NOTES = re.compile(r"ppt/notesSlides/[^/]*\.xml")
SLIDES = re.compile(r"ppt/slides/[^/]*\.xml")
SHEETS = re.compile(r"xl/(work|chart|dialog)sheets/[^/]*\.xml")
EMBEDDED = re.compile(r"(word|xl|ppt)/embeddings/[^/]*")
TO_PRINTER = re.compile(rb'(<(?:\w+:)?pageSetup\b[^>]*?)\s+\w+:id="[^"]*"')


def clean(content: bytes, allowance: Allowance, depth: int) -> Cleaned:
    """The document without properties and names; what shows how it was written is counted, and stays without names."""
    parts = unpacked(content, allowance)
    removed, shown = _emptied(parts) | _dropped(parts) | without_beside_pictures(parts), Counter[Shown]()
    removed |= embedded.clean(parts, named_like(parts, EMBEDDED), shown, depth)
    for name in named_like(parts, TELLING):
        rewrite(parts, name, partial(_without_names, shown=shown))
    shown[Shown.COMMENT] += _comments(parts)
    shown[Shown.HIDDEN] += _slides_and_notes(parts)
    for name in [name for name in parts if name.endswith(".rels")]:
        rewrite(parts, name, partial(_without_outside, removed=removed))
    return Cleaned.of(packed(parts), removed, shown)


def _emptied(parts: Parts) -> set[Removed]:
    found: set[Removed] = set()
    for pattern, empty, what in EMPTIED:
        for name in named_like(parts, pattern):
            parts[name] = empty
            found |= what
    return found


def _dropped(parts: Parts) -> set[Removed]:
    found: set[Removed] = set()
    for pattern, what in DROPPED:
        gone = named_like(parts, pattern)
        without(parts, gone)
        found |= {what} if gone else set()
    if Removed.PROGRAM in found:
        for name in named_like(parts, SHEETS):
            parts[name] = TO_PRINTER.sub(rb"\1", parts[name])
    return found


def _without_names(root: etree._Element, *, shown: "Counter[Shown]") -> None:
    """Take names and hours out of every element, and the marks of editing sessions; count what shows drafting."""
    known = {str(element.text) for element in root.iter("{*}author") if element.text}
    for element in list(root.iter(etree.Element)):
        shown[Shown.CHANGE] += _is_change(element)
        shown[Shown.HIDDEN] += _is_hidden(element)
        _bare(element)
        local = etree.QName(element).localname
        if local == "author" and element.text:  # Excel keeps names as words
            element.text = UNNAMED
        elif local == "t" and known and str(element.text).strip().removesuffix(":") in known:
            element.text = None  # and begins each comment with its author's
        elif local in {"rsids", "rsidRoot"} and element.getparent() is not None:
            element.clear()
        elif local in TELLING_OF_MACHINES and (above := element.getparent()) is not None:
            above.remove(element)


def _bare(element: etree._Element) -> None:
    person = etree.QName(element).localname in PERSONS
    for attribute in list(element.attrib):
        local = etree.QName(attribute).localname
        if local.startswith("rsid") or local in HOURS:
            del element.attrib[attribute]
        elif local in NAMING or (person and local in {"name", "displayName"}):
            element.set(attribute, UNNAMED)


def _is_change(element: etree._Element) -> bool:
    name = etree.QName(element)
    return name.localname in CHANGES and name.namespace in WORDS


def _is_hidden(element: etree._Element) -> bool:
    """A run of words that Word does not show, or a sheet that Excel does not."""
    local = etree.QName(element).localname
    if local == "sheet":
        return element.get("state") in {"hidden", "veryHidden"}
    if local != "r" or etree.QName(element).namespace not in WORDS:
        return False
    vanished = element.find("{*}rPr/{*}vanish")
    off = vanished is not None and any(value in {"0", "false", "off"} for value in vanished.attrib.values())
    return vanished is not None and not off and any(words.text for words in element.iterfind("{*}t"))


def _comments(parts: Parts) -> int:
    names = named_like(parts, COMMENTS)
    threaded = [name for name in names if name.startswith("xl/threadedComments/")]
    told = [name for name in names if not (threaded and name.startswith("xl/comments"))]  # the same, for older programs
    return sum(len(list(tree(parts, name).iter("{*}comment", "{*}threadedComment", "{*}cm"))) for name in told)


def _slides_and_notes(parts: Parts) -> int:
    """The slides that are not shown, and those with words for the speaker."""
    shut = sum(tree(parts, name).get("show") in {"0", "false"} for name in named_like(parts, SLIDES))
    return shut + sum(_says(tree(parts, name)) for name in named_like(parts, NOTES))


def _says(root: etree._Element) -> bool:
    """Whether a page of notes holds words beyond its own number."""
    runs = root.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}r")
    return any(str(run.findtext("{*}t") or "").strip() for run in runs)


def _without_outside(root: etree._Element, *, removed: set[Removed]) -> None:
    """What lies outside is fetched on opening, which tells who opened it; and it names folders. Links in words stay."""
    for relation in [one for one in root.iter("{*}Relationship") if one.get("TargetMode") == "External"]:
        link = str(relation.get("Type", "")).endswith("/hyperlink")
        folder = str(relation.get("Target", "")).lower().startswith(("file:", "\\\\", "//"))
        if folder or not link:
            relation.set("Target", "about:blank")
            removed.add(Removed.OUTSIDE)
