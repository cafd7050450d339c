"""What one thing comes to, in a sentence: for the description of its page and for the picture that a link shows.

A room tells it in its ``kinds.py``. A kind that leaves by ``Exit.PREVIEW`` has one: the check asks.
"""

from collections.abc import Callable
from typing import Any

from comity.plain.kinds import Kind, kind_of_row
from comity.plain.place import Place

Finding = Callable[[Any, Place], str]

_TOLD: dict[str, Finding] = {}


def tell(kind_name: str, source: Finding) -> None:
    """Let a room say what things of a kind come to on the page's day, as the reader of a place may know it."""
    _TOLD[kind_name] = source


def told(kind_name: str) -> bool:
    """Whether things of a kind have a finding."""
    return kind_name in _TOLD


def finding(row: Any, place: Place, kind: Kind | None = None) -> str:
    """The sentence of one row; nothing for kinds that tell none."""
    kind = kind or kind_of_row(row)
    source = _TOLD.get(kind.name) if kind else None
    return source(row, place) if source else ""
