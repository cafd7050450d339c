"""What a higher room has to say before somebody does what it allows: a caution warns and never stops an act.

A room offers its cautions in its ``kinds.py``; the page of the act shows them once, beside a second button.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from comity.plain.place import Place


@dataclass(frozen=True)
class Caution:
    """What to know before: whole sentences in the reader's language, and where the rule behind them stands."""

    words: str
    address: str


CautionSource = Callable[[Any, Any, Place], Iterable[Caution]]

_CAUTIONS: dict[str, list[CautionSource]] = {}


def caution_before(act: str, source: CautionSource) -> None:
    """Let a higher room caution whoever is about to do an act that ties one thing to another."""
    sources = _CAUTIONS.setdefault(act, [])
    if source not in sources:
        sources.append(source)


def cautions_before(act: str, subject: Any, to: Any, place: Place) -> list[Caution]:
    """What the rooms above say before an act, as this reader may know it on the page's day."""
    return [caution for source in _CAUTIONS.get(act, []) for caution in source(subject, to, place)]
