"""What parties said of things, as a room tells it for the page of a topic."""

from collections.abc import Callable, Iterable
from typing import Any

from comity.plain.kinds import Note
from comity.plain.place import Place

PositionSource = Callable[[Any, Place], Iterable[Note]]
"""From rows of a kind that the reader may see: what parties said of them, the newest first."""

_POSITIONS: dict[str, list[PositionSource]] = {}


def positions_on(kind_name: str, source: PositionSource) -> None:
    """Let a room say what parties said of things of a kind, for the pages of their topics."""
    sources = _POSITIONS.setdefault(kind_name, [])
    if source not in sources:
        sources.append(source)


def positions(kind_name: str, rows: Any, place: Place) -> list[Note]:
    """What parties said of some rows of a kind."""
    return [note for source in _POSITIONS.get(kind_name, []) for note in source(rows, place)]
