"""Things of other rooms as a page names them: found by reference, as far as the reader may see them on that day."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from comity.plain.kinds import Kind, called, kinds_recorded_as
from comity.plain.place import Place
from comity.plain.refs import Ref


@dataclass(frozen=True)
class Thing:
    """A thing of any room: what it is called, in which language, and where it stands."""

    ref: Ref
    kind: Kind
    row: Any
    title: str
    language: str
    address: str


def named(row: Any, kind: Kind, place: Place, ref: Ref | None = None) -> Thing:
    """One row as a thing of its kind, with its address in the reader's language."""
    name = called(row, place, kind)
    return Thing(ref or kind.ref(row), kind, row, name.words, name.language, kind.address(row, place.language))


def things(refs: Iterable[Ref], place: Place) -> dict[Ref, Thing]:
    """The things behind references, in the order asked; absent where the reader may not see one, or not on that day."""
    asked = list(dict.fromkeys(refs))
    ids: dict[str, set[str]] = {}
    for ref in asked:
        ids.setdefault(ref.kind, set()).add(ref.id)
    found: dict[Ref, Thing] = {}
    for name, wanted in ids.items():
        for kind in kinds_recorded_as(name):
            for row in kind.seen(place).filter(public_id__in=wanted):
                recorded = getattr(row, "recorded_at", None)
                if recorded is None or recorded <= place.known_by:
                    ref = Ref(name, row.public_id)
                    found.setdefault(ref, named(row, kind, place, ref))
    return {ref: found[ref] for ref in asked if ref in found}


def thing(ref: Ref | None, place: Place) -> Thing | None:
    """The one thing behind a reference; None where there is none, or none for this reader on that day."""
    return things([ref], place).get(ref) if ref else None


LookUp = Callable[[str, Place], Sequence[Thing]]
"""From words and a place: the things that bear these words, the best first."""
_LOOK_UPS: list[LookUp] = []


def look_up_by(look_up: LookUp) -> None:
    """Let the room that searches the house say how things are found by words."""
    if look_up not in _LOOK_UPS:
        _LOOK_UPS.append(look_up)


def looked_up(words: str, place: Place) -> list[Thing]:
    """The things that bear these words and that the reader of a place may see, the best first."""
    return [one for look_up in _LOOK_UPS for one in look_up(words, place)]
