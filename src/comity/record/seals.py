"""What a seal says of an entry now: whether it stands under the published checkpoint, and who has seen that."""

from dataclasses import dataclass
from datetime import datetime

from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.record import published
from comity.record.published import Standing


@dataclass(frozen=True)
class Seal:
    """The state of one entry, the same wherever its seal is shown."""

    covered: bool
    """Whether it stands under the published checkpoint."""
    seen: int = 0
    """Witnesses that have signed this checkpoint."""
    of: int = 0
    """Witnesses that the log's policy knows."""
    independent: bool = False
    """Whether one of them is run by somebody else than the log and the others."""
    waiting_since: datetime | None = None
    """When the entry was written, while it is not covered; None where its time tells nothing."""


@dataclass(frozen=True)
class Shown:
    """How a log stands as its files say, without a look at the database."""

    standing: Standing
    witnesses: int


def shown(realm: Realm) -> Shown:
    """What the files of a log say of it now."""
    return Shown(published.as_published(realm), len(published.policy(realm).witnesses))


def seal_of(index: int | None, at: datetime | None, place: Place) -> Seal:
    """The state of an entry of the place's log, by its number and the time at which it was written."""
    known = place.memory.get("record.shown")
    if known is None:
        known = place.memory["record.shown"] = shown(place.realm)
    return seal_in(known, index, at)


def seal_in(known: Shown, index: int | None, at: datetime | None) -> Seal:
    """The same, where how the log stands is known."""
    standing = known.standing
    if not standing.covers(index):
        return Seal(covered=False, of=known.witnesses, waiting_since=at)
    return Seal(True, len(standing.cosigners), known.witnesses, standing.independent)
