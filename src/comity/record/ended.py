"""What readers are told of the logs that have ended, whose place the present one took."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from comity.plain.levels import Realm
from comity.record import published
from comity.record.core import jcs, merkle
from comity.record.core.leaf import Sealed
from comity.record.core.notes import Malformed
from comity.record.core.succession import SUCCEEDED
from comity.record.queries import EntryView, given_of_all, public_entries, views
from comity.record.words import ending_in_words


@dataclass(frozen=True)
class Ended:
    """A log that has ended, as the entry says by which another took its place."""

    entry: EntryView
    number: int
    origin: str
    because: str
    size: int | None
    """Of its last checkpoint; None where none was known any more."""
    root: str
    """In base64, as its checkpoint has it; empty where none was known."""
    stands: bool
    """Whether all its entries stand in the present log under the same numbers."""
    kept: bool
    """Whether its files are here."""

    @property
    def reason(self) -> str:
        """Why it ended, in the reader's language."""
        return ending_in_words(self.because)


def ended(realm: Realm, at: datetime) -> list[Ended]:
    """The logs of a realm that have ended, the latest first; none is looked for while the first one lives."""
    if published.origin(realm) == published.first_origin(realm):
        return []
    rows = public_entries(realm).filter(type=SUCCEEDED, subject__gte="log:", subject__lt="log;")
    found = views(rows.order_by("-index"))
    told = given_of_all(found, realm, at)
    return [_ended(entry, told[entry.id].fields) for entry in found]


def _ended(entry: EntryView, given: Mapping[str, Sealed]) -> Ended:
    facts = {name: jcs.decode(sealed.text) for name, sealed in given.items()}
    number, size, root = int(entry.subject.id) - 1, facts.get("size"), str(facts.get("root", ""))
    return Ended(
        entry=entry,
        number=number,
        origin=str(facts.get("origin", "")),
        because=str(facts.get("because", "")),
        size=size if isinstance(size, int) else None,
        root=root,
        stands=isinstance(size, int) and begins_with(entry.realm, size, base64.b64decode(root)),
        kept=published.checkpoint(entry.realm, number) is not None,
    )


def begins_with(realm: Realm, size: int, root: bytes) -> bool:
    """Whether the first ``size`` entries of the published log have that root."""
    known = published.head(realm)
    if known is None or size > known.checkpoint.size:
        return False
    whole = known.checkpoint
    try:
        proof = published.tree(realm).consistency(size) if 0 < size < whole.size else []
        merkle.verify_consistency(size, whole.size, proof, root, whole.root)
    except (LookupError, Malformed, merkle.BadProof):
        return False
    return True
