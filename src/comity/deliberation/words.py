"""Figures of the map in the reader's language: exact ones, and those that may only be shown by a bound."""

from django.utils.translation import gettext as _

from comity.deliberation.core.cells import Bound, Cell


def cell_in_words(cell: Cell) -> str:
    """A figure as it may be read: ``81``, ``80 or more``, or that too few voted."""
    if cell.bound is Bound.EXACT:
        return str(cell.percent)
    if cell.bound is Bound.AT_LEAST:
        return _("%(percent)s or more") % {"percent": cell.percent}
    if cell.bound is Bound.AT_MOST:
        return _("%(percent)s or less") % {"percent": cell.percent}
    return _("too few")


def short(cell: Cell) -> str:
    """A figure for a narrow column: ``81``, ``≥ 80``, ``≤ 20`` or ``–``; the words stand beside it for the ear."""
    signs = {Bound.EXACT: "", Bound.AT_LEAST: "≥\N{NO-BREAK SPACE}", Bound.AT_MOST: "≤\N{NO-BREAK SPACE}"}
    return "–" if cell.bound is Bound.TOO_FEW else f"{signs[cell.bound]}{cell.percent}"


def share_in_words(cell: Cell) -> str:
    """A figure within a sentence: ``81 %``, ``80 % or more``, or that too few voted."""
    if cell.bound is Bound.TOO_FEW:
        return _("too few voted")
    share = _("%(percent)s %%") % {"percent": cell.percent}
    if cell.bound is Bound.AT_LEAST:
        return _("%(share)s or more") % {"share": share}
    return _("%(share)s or less") % {"share": share} if cell.bound is Bound.AT_MOST else share
