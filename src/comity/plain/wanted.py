"""What a room wants of the database for a page, said before it is asked: one look then answers all rooms.

A room says its part of a page in two steps: what it ``asks`` for, as rows that the reader may see, and what it
``tells`` of them once they are there. ``record.together`` asks for the rows of all rooms at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Found:
    """The rows given, and how many there are."""

    rows: list[Any]
    count: int


@dataclass(frozen=True)
class Wanted:
    """Rows that a page needs, and what it reads of each; columns of related rows are named by their path."""

    rows: Any
    """A queryset that begins at what the reader may see."""
    columns: tuple[str, ...]
    newest: int = 0
    """Only so many are given, the last first, and all are counted. 0: every row, the first first."""
    by: tuple[str, ...] = ("pk",)
    """What tells which row is the last."""

    def found(self) -> Found:
        """The same, asked for by itself."""
        if not self.newest:
            rows = list(self.rows.order_by(*self.by))
            return Found(rows, len(rows))
        return Found(list(self.rows.order_by(*(f"-{name}" for name in self.by))[: self.newest]), self.rows.count())


@dataclass(frozen=True)
class Part:
    """What a room says on a page, in two steps; called alone it asks by itself."""

    asks: Callable[..., Sequence[Wanted]]
    tells: Callable[..., Iterable[Any]]
    """After what ``asks`` was given comes what was found of each thing it wants, in their order."""

    def __call__(self, *where: Any) -> Iterable[Any]:
        """Both steps."""
        return self.tells(*where, *(one.found() for one in self.asks(*where)))


class Round:
    """Several sources asked about one thing: what they want first, and what they tell once it was found."""

    def __init__(self, sources: Iterable[Callable[..., Iterable[Any]]], *where: Any) -> None:
        self.where = where
        self.sources = [(one, list(one.asks(*where)) if isinstance(one, Part) else []) for one in sources]

    @property
    def wanted(self) -> list[Wanted]:
        """What all of them want."""
        return [one for _, wanted in self.sources for one in wanted]

    def told(self, found: Iterator[Found]) -> list[Any]:
        """What they tell of what was found, in their order; a source of one step asks by itself."""
        said: list[Any] = []
        for source, wanted in self.sources:
            if isinstance(source, Part):
                said += source.tells(*self.where, *(next(found) for _ in wanted))
            else:
                said += source(*self.where)
        return said
