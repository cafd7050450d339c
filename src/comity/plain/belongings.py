"""What belongs to an entry of the record when it is handed on as evidence: each room says it of what it records."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from comity.plain.place import Place
from comity.plain.refs import Ref


@dataclass(frozen=True)
class Belonging:
    """One file: its name, its bytes, and what it is and how it is checked, in the reader's language."""

    name: str
    content: bytes
    says: str = ""
    commands: tuple[str, ...] = ()
    """Commands that check it, in the folder where the files lie."""


Belongings = Callable[[str, Mapping[str, Any], Place], Iterable[Belonging]]
"""From the id of the thing, the values that the entry discloses, and a place without a seat: what belongs to the entry.

It gives nothing of a thing that not everybody may read at the instant of the place.
"""
_SOURCES: dict[str, list[Belongings]] = {}


def belongs_to(name: str, source: Belongings) -> None:
    """Let a room say what belongs to the entries on what the record names so."""
    sources = _SOURCES.setdefault(name, [])
    if source not in sources:
        sources.append(source)


def belongings_of(thing: Ref, facts: Mapping[str, Any], place: Place) -> list[Belonging]:
    """What belongs to an entry about a thing; nothing where no room says anything."""
    return [one for source in _SOURCES.get(thing.kind, ()) for one in source(thing.id, facts, place)]
