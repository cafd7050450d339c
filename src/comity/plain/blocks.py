"""What a higher room shows in full on a lower room's page: a table of its own, drawn by its own template.

A room offers a block in its ``kinds.py``; the page asks for the blocks of its row and includes each one's template.
A block holds only what the reader of that place may see on that day, as everything else on the page.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from comity.plain.place import Place


@dataclass(frozen=True)
class Block:
    """A section of a page: which template draws it, and what that is told (as ``block``)."""

    template: str
    told: Mapping[str, Any]


BlockSource = Callable[[Any, Place], Iterable[Block]]

_BLOCKS: dict[str, list[BlockSource]] = {}


def block_on(kind_name: str, source: BlockSource) -> None:
    """Let a higher room show blocks on the pages of a lower room's kind."""
    sources = _BLOCKS.setdefault(kind_name, [])
    if source not in sources:
        sources.append(source)


def blocks_on(kind_name: str, row: Any, place: Place) -> list[Block]:
    """The blocks of the rooms above for one row, in the order of the rooms."""
    return [block for source in _BLOCKS.get(kind_name, []) for block in source(row, place)]
