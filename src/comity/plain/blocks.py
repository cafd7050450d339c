"""What a higher room shows in full on a lower room's page: a table of its own, drawn by its own template.

A room offers a block in its ``kinds.py``; the page asks for the blocks of its row and includes each one's template.
A block holds only what the reader of that place may see on that day, as everything else on the page.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from comity.plain.place import Place


@dataclass(frozen=True)
class Block:
    """A section of a page: which template draws it, and what that is told (as ``block``)."""

    template: str
    told: Mapping[str, Any]


BlockSource = Callable[[Any, Place], Iterable[Block]]

_BLOCKS: dict[str, list[tuple[BlockSource, frozenset[type[Any]]]]] = {}


def block_on(kind_name: str, source: BlockSource, *told_of: type[Any]) -> None:
    """Let a higher room show blocks on the pages of a lower room's kind; none where no row of ``told_of`` names it."""
    sources = _BLOCKS.setdefault(kind_name, [])
    if (source, frozenset(told_of)) not in sources:
        sources.append((source, frozenset(told_of)))


def blocks_told_of(kind_name: str) -> set[type[Any]]:
    """The models without whose rows nothing is shown on a kind's pages, as far as the rooms have said."""
    return {model for _source, models in _BLOCKS.get(kind_name, []) for model in models}


def block_sources(kind_name: str, empty: Set[type[Any]] = frozenset()) -> list[BlockSource]:
    """Who shows blocks on a kind's pages, in the order of the rooms.

    ``empty`` are models of which the caller knows that none of their rows names the thing.
    """
    return [source for source, models in _BLOCKS.get(kind_name, []) if not models or models - empty]
