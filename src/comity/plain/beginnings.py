"""What may be begun from a thing: a room says so in its ``kinds.py``, and the thing's page shows it to those who may.

The form of what is begun reads from its address what it arises from, and begins with that thing's topics.
"""

from collections.abc import Callable
from typing import Any

from comity.plain.place import Place
from comity.plain.refs import Ref

Address = Callable[[Place], str]
"""Where it is begun; empty for a reader who may not."""

_BEGINNINGS: dict[str, list[tuple[Any, Address]]] = {}


def begin_from(kind_name: str, words: Any, address: Address) -> None:
    """Let a room offer, on the page of a thing, to begin something of its own from it."""
    offered = _BEGINNINGS.setdefault(kind_name, [])
    if (words, address) not in offered:
        offered.append((words, address))


def beginnings(ref: Ref, place: Place) -> list[tuple[Any, str]]:
    """What the reader may begin from a thing: words and address."""
    offered = ((words, address(place)) for words, address in _BEGINNINGS.get(ref.kind, []))
    return [(words, f"{address}?arises={ref}") for words, address in offered if address]
