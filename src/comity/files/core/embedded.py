"""Documents inside a document, such as the figures behind a chart: cleaned as what they are, or refused."""

from collections import Counter

from comity.files.core.found import OpaquePart, Removed, Shown
from comity.files.core.parts import Parts
from comity.files.core.types import OFFICE, OPEN_DOCUMENT, TypeNotTaken, type_of

DEEPEST = 3


def clean(parts: Parts, names: list[str], shown: "Counter[Shown]", depth: int) -> set[Removed]:
    """Clean each of the named parts in its place; raises OpaquePart for one of a form that cannot be cleaned."""
    from comity.files.core.cleaning import cleaned_inside  # a document inside may be of any kind, that of the whole too

    removed: set[Removed] = set()
    for name in names:
        try:
            kind = type_of(parts[name])
        except TypeNotTaken as error:
            raise OpaquePart(field="file") from error
        if depth >= DEEPEST or kind not in OFFICE | OPEN_DOCUMENT:
            raise OpaquePart(field="file")
        cleaned = cleaned_inside(parts[name], kind, parts.allowance, depth + 1)
        parts[name] = cleaned.content
        removed |= cleaned.removed
        shown.update({Shown.CHANGE: cleaned.changes, Shown.COMMENT: cleaned.comments, Shown.HIDDEN: cleaned.hidden})
    return removed
