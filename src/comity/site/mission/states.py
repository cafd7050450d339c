"""What of the mission this build does, read from the marks of the tests that walked it.

``data/mission.json`` is written by a whole green test run (see ``comity/conftest.py``) and by nothing else; a test
fails when it and the marks differ.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from comity.plain.actors import ANONYMOUS
from comity.plain.kinds import kind_named
from comity.plain.place import Place
from comity.site.mission.rows import ROWS, Row

RESULT = Path(__file__).parents[1] / "data" / "mission.json"


class Built(StrEnum):
    """How far a row is built."""

    WHOLE = "whole"
    IN_PART = "in-part"
    NOT_YET = "not-yet"


@dataclass(frozen=True)
class Walk:
    """One acceptance check that ran: which test, through which page or command, and what it could not show."""

    test: str
    at: str
    missing: str


@dataclass(frozen=True)
class RowState:
    """A row with the checks that passed for it."""

    row: Row
    built: Built
    walks: tuple[Walk, ...]

    @property
    def missing(self) -> list[str]:
        """What no check shows yet, in the words of the marks."""
        if self.built is Built.WHOLE:
            return []
        return list(dict.fromkeys(walk.missing for walk in self.walks if walk.missing))

    @property
    def places(self) -> list[str]:
        """The pages and commands through which it can be tried."""
        return list(dict.fromkeys(walk.at for walk in self.walks if walk.at))


@lru_cache(maxsize=1)
def walks() -> dict[str, tuple[Walk, ...]]:
    """The checks that passed in this build, by row."""
    stored = json.loads(RESULT.read_text(encoding="utf-8"))
    return {number: tuple(Walk(**walk) for walk in found) for number, found in stored.items()}


def states() -> list[RowState]:
    """Every row in order, with how far it is built: whole when one check left nothing out."""
    return [RowState(row, _built(walks().get(row.number, ())), walks().get(row.number, ())) for row in ROWS]


def _built(found: tuple[Walk, ...]) -> Built:
    if not found:
        return Built.NOT_YET
    return Built.WHOLE if any(not walk.missing for walk in found) else Built.IN_PART


def address_of(at: str, place: Place) -> str:
    """The live page of a mark's ``at``, or "" for a command.

    ``at`` is a command (``./comity ...``), a kind of thing (its newest example in this realm answers), or the end of an
    address.
    """
    if at.startswith(("./", "python3 ")):
        return ""
    kind = kind_named(at)
    if kind is None:
        return at if at.startswith(("/record", "/fiction/record", "/api", "/fiction/api")) else f"{place.prefix}/{at}"
    row = kind.visible(ANONYMOUS, place.at, place.realm).order_by("-id").first()
    return kind.address(row, place.language) if row is not None else f"{place.prefix}/{at}/"
