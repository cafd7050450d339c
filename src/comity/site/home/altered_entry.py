"""Try to falsify: a visitor alters one number in a copy of the record, and the real verifier reads that copy.

The record itself is never touched: the copy lives in memory for one answer.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from django.utils.formats import number_format

from comity.decisions.models import Decision
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.record import published, queries
from comity.record.copies import files_of, head_of
from comity.record.core import jcs, merkle
from comity.record.core.audit import Fault, audit
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.copy import Copy, read
from comity.record.core.leaf import Sealed
from comity.record.core.tiles import grown

CLOSED = "decisions.closed"
SHOWN = ("for", "against", "allocated")
MOST = 10_000


@dataclass(frozen=True)
class Alteration:
    """What the forger does: which number of which entry, and whether every fingerprint is made to fit."""

    index: int
    field: str
    value: int
    thorough: bool


@dataclass(frozen=True)
class Falsified:
    """What was altered in the copy, and what the verifier said."""

    index: int
    facts: tuple[tuple[str, int], ...]
    """The numbers of the entry as they stand."""
    field: str
    stands: int
    asked: int
    thorough: bool
    """Whether the forger also made every fingerprint and the root fit."""
    faults: tuple[Fault, ...]
    entries: int
    seconds: float
    printed: str
    """Where the entry's own fingerprint begins."""
    forged: str
    """Where the fingerprint of the altered entry begins, if the forger made one that fits."""

    @property
    def altered(self) -> bool:
        """Whether the copy differs from the record at all."""
        return self.asked != self.stands

    @property
    def told_seconds(self) -> str:
        """The verifier's time with as many places as tell something."""
        return number_format(self.seconds, decimal_pos=2 if self.seconds >= 0.01 else 4)

    @property
    def named(self) -> bool:
        """Whether the verifier named the entry that was altered."""
        return any(fault.index == self.index for fault in self.faults)


def try_to_falsify(decision: Decision, asked: Mapping[str, str], place: Place) -> Falsified | None:
    """Alter the votes for in the entry that closed a decision; None while that entry is not published."""
    ref = Ref("decision", decision.public_id)
    entry = queries.entry_of(ref, CLOSED, known_by=place.known_by)
    known = published.head(place.realm)
    if entry is None or entry.index is None or known is None or entry.index >= known.checkpoint.size:
        return None
    head = known.checkpoint
    facts = {name: jcs.decode(sealed.text) for name, sealed in queries.given(entry, place.at).fields.items()}
    numbers = tuple((name, value) for name in SHOWN if isinstance(value := facts.get(name), int))
    if not numbers:
        return None
    field, stands = numbers[0]
    value = _number(asked.get("votes", ""), stands - 1)
    thorough = asked.get("forger") == "thorough"
    false = Alteration(entry.index, field, value, thorough)
    faults, seconds, forged = _answer(place.realm, head, false, place.at)
    return Falsified(
        index=entry.index,
        facts=numbers,
        field=field,
        stands=stands,
        asked=value,
        thorough=thorough,
        faults=faults,
        entries=head.size,
        seconds=seconds,
        printed=entry.leaf_hash[:8],
        forged=forged[:8],
    )


def _number(text: str, otherwise: int) -> int:
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) <= 6 else max(otherwise, 0)


@lru_cache(maxsize=64)
def _answer(realm: Realm, head: Checkpoint, asked: Alteration, at: datetime) -> tuple[tuple[Fault, ...], float, str]:
    """The verifier's faults, how long it took, and the forged fingerprint.

    The same question is answered once: in the fiction the clock stands still between two acts.
    """
    files = {name: b"".join(parts) for name, parts in files_of(realm, head_of(realm), at)}
    copy = read(lambda name: files[name])
    false = falsified(copy, asked.index, asked.field, asked.value)
    forged = ""
    kept: tuple[Copy, ...] = ()
    if asked.thorough:
        false, kept = made_to_fit(false, asked.index, asked.field), (copy,)
        forged = false.hashes[asked.index].hex()
    begun = time.perf_counter()
    faults = audit(false, [one.checkpoint for one in kept], [one.hashes for one in kept])
    return tuple(faults), time.perf_counter() - begun, forged


def falsified(copy: Copy, index: int, field: str, value: int) -> Copy:
    """The copy with one disclosed number replaced; salt and everything else stay."""
    fields = dict(copy.disclosures[index])
    fields[field] = Sealed(fields[field].salt, str(value))
    return replace(copy, disclosures={**copy.disclosures, index: fields})


def made_to_fit(copy: Copy, index: int, field: str) -> Copy:
    """The copy after a thorough forger: the entry seals the false number, and fingerprints and root are made anew.

    Only whoever kept an earlier checkpoint or the earlier fingerprints can tell; a witness is exactly that.
    """
    leaf = jcs.decode(copy.entries[index])
    assert isinstance(leaf, dict)
    commit = leaf["commit"]
    assert isinstance(commit, dict)
    commit[field] = copy.disclosures[index][field].commitment()
    entries = [*copy.entries[:index], jcs.encode(leaf), *copy.entries[index + 1 :]]
    hashes = [merkle.leaf_hash(data) for data in entries]
    growth = grown(0, {}, hashes)
    upper = {name: content for name, content in growth.tiles.items() if name.level}
    return replace(
        copy, entries=entries, hashes=hashes, upper=upper, checkpoint=replace(copy.checkpoint, root=growth.root)
    )
