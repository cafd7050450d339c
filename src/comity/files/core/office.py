"""Word, Excel and PowerPoint files (ECMA-376): properties, authors of changes and comments, traces of editing."""

import re

from lxml import etree

from comity.files.core.found import Cleaned, Removed
from comity.files.core.parts import Parts, packed, rewritten, unpacked, without_beside_pictures, without_thumbnail

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHANGES = frozenset(f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange"))
NAMING = frozenset({"author", "initials", "userId", "providerId", "lastEdited", "dt", "date", "dateUtc", "userName"})
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
EMPTIED = {"docProps/core.xml": CORE, "docProps/app.xml": APP, "docProps/custom.xml": CUSTOM}
PEOPLE = re.compile(r"(word/people\.xml|xl/persons/person\d*\.xml|ppt/authors\.xml|ppt/commentAuthors\.xml)")
TELLING = re.compile(
    r"(word/[^/]*\.xml|xl/(comments|threadedComments/).*\.xml|xl/revisions/.*\.xml|ppt/comments/.*\.xml)"
)
COMMENTS = re.compile(r"(word/comments\.xml|xl/comments.*\.xml|xl/threadedComments/.*\.xml|ppt/comments/.*\.xml)")
THUMBNAIL = re.compile(r"docProps/thumbnail\.\w+")
RELATIONS = "word/_rels/settings.xml.rels"


def clean(content: bytes) -> Cleaned:
    """The document without properties and names; changes and comments are counted, and stay without their authors."""
    parts = unpacked(content)
    removed = _emptied(parts) | without_beside_pictures(parts)
    removed |= without_thumbnail(parts, [name for name in parts if THUMBNAIL.fullmatch(name)], "_rels/.rels")
    changes = comments = 0
    for name in [name for name in parts if TELLING.fullmatch(name) or PEOPLE.fullmatch(name)]:
        parts[name], found = rewritten(parts[name], _without_names)
        changes += found
        if COMMENTS.fullmatch(name):
            comments += _comments(parts[name])
    _forget_template(parts)
    return Cleaned(packed(parts), frozenset(removed), changes, comments)


def _emptied(parts: Parts) -> set[Removed]:
    found: set[Removed] = set()
    for name, empty in EMPTIED.items():
        if name in parts:
            parts[name] = empty
            found |= {Removed.AUTHORS, Removed.DATES, Removed.PROGRAM, Removed.TITLES}
    return found


def _without_names(root: etree._Element) -> int:
    """Take names and hours out of every element, and the marks of editing sessions; count the tracked changes."""
    changes = 0
    for element in root.iter(etree.Element):
        changes += element.tag in CHANGES
        for attribute in list(element.attrib):
            local = etree.QName(attribute).localname
            if local.startswith("rsid") or local in {"dt", "date", "dateUtc"}:
                del element.attrib[attribute]
            elif local in NAMING or (local == "displayName" and etree.QName(element).localname == "person"):
                element.set(attribute, UNNAMED)
        if etree.QName(element).localname == "author":  # Excel keeps names as words
            element.text = UNNAMED
        if etree.QName(element).localname in {"rsids", "rsidRoot"} and element.getparent() is not None:
            element.clear()
    return changes


def _comments(part: bytes) -> int:
    root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))
    return sum(etree.QName(element).localname in {"comment", "threadedComment", "cm"} for element in root.iter("{*}*"))


def _forget_template(parts: Parts) -> None:
    """The address of the template a document was made from names folders, and people; it is fetched on opening, too."""
    if RELATIONS in parts:
        parts[RELATIONS], _ = rewritten(parts[RELATIONS], _without_outside)


def _without_outside(root: etree._Element) -> int:
    for relation in [one for one in root if one.get("TargetMode") == "External"]:
        relation.set("Target", "about:blank")
    return 0
