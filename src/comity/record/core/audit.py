"""The audit of a whole log: every fingerprint, the root, the chain of each subject, every commitment, every gap.

It answers with a list of faults, each naming the entry that is wrong and how; an empty list is the answer yes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from comity.record.core import jcs, merkle
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.copy import Copy
from comity.record.core.jcs import Json, NotCanonical
from comity.record.core.leaf import Sealed
from comity.record.core.tiles import grown

PUBLIC_KEYS = frozenset({"v", "type", "at", "actor", "subject", "subject_seq", "prev", "because", "commit"})
RESTRICTED_KEYS = frozenset({"v", "commit"})
ERASED = "record.erased"


class Wrong(StrEnum):
    """In what way the record is not what it was."""

    ALTERED = "altered"
    REMOVED = "removed"
    ADDED = "added"
    MOVED = "moved"
    ROOT = "root"
    CHAIN = "chain"
    DISCLOSURE = "disclosure"
    MISSING_VALUE = "missing-value"
    UNREADABLE = "unreadable"
    UNLIKE_TRUSTED = "unlike-trusted"
    ROW = "row"
    SIGNATURE = "signature"
    COUNT = "count"


@dataclass(frozen=True)
class Fault:
    """One thing wrong: which entry (None: the log as a whole), which subject, what kind of wrong, and in words."""

    index: int | None
    subject: str
    wrong: Wrong
    what: str

    def __str__(self) -> str:
        name = "the log" if self.index is None else f"entry {self.index}"
        return f"{name} ({self.subject}): {self.what}" if self.subject else f"{name}: {self.what}"


@dataclass(frozen=True)
class Leaf:
    """A leaf as read. ``type`` is empty for a restricted one."""

    type: str = ""
    at: str = ""
    actor: str = ""
    subject: str = ""
    seq: int = 0
    prev: str = ""
    because: tuple[str, ...] = ()
    commit: Mapping[str, str] | None = None
    """Field and commitment; None for a restricted leaf."""
    seal: str = ""
    """The one commitment of a restricted leaf."""

    @property
    def public(self) -> bool:
        """Whether it says what it is about."""
        return self.commit is not None


def read_leaf(data: bytes) -> Leaf:
    """Read a leaf strictly; raise ValueError when it has not exactly the form of one."""
    try:
        leaf = jcs.decode(data)
        if jcs.encode(leaf) != data:
            raise ValueError("it is not written as canonical JSON")
    except NotCanonical as error:
        raise ValueError(f"it is not canonical JSON: {error}") from error
    if not isinstance(leaf, Mapping) or leaf.get("v") != 1 or leaf["v"] is True:
        raise ValueError("it is not a leaf of version 1")
    if leaf.keys() == RESTRICTED_KEYS and isinstance(leaf["commit"], str):
        return Leaf(seal=leaf["commit"])
    if leaf.keys() != PUBLIC_KEYS:
        raise ValueError(f"it has the fields {', '.join(sorted(leaf))}")
    return _public(leaf)


def _public(leaf: Mapping[str, Json]) -> Leaf:
    texts = {name: leaf[name] for name in ("type", "at", "actor", "subject", "prev")}
    seq, because, commit = leaf["subject_seq"], leaf["because"], leaf["commit"]
    sound = (
        all(isinstance(value, str) for value in texts.values())
        and isinstance(seq, int)
        and not isinstance(seq, bool)
        and isinstance(because, list)
        and all(isinstance(ref, str) for ref in because)
        and isinstance(commit, dict)
        and all(isinstance(value, str) for value in commit.values())
    )
    if not sound:
        raise ValueError("a field of it has the wrong type")
    assert isinstance(seq, int)
    assert isinstance(because, list)
    assert isinstance(commit, dict)
    words = {name: str(value) for name, value in texts.items()}
    return Leaf(**words, seq=seq, because=tuple(map(str, because)), commit=commit)


def audit(copy: Copy, trusted: Sequence[Checkpoint] = (), seen: Sequence[Sequence[bytes]] = ()) -> list[Fault]:
    """Everything wrong with a copy but its signatures, most telling first.

    ``trusted`` are checkpoints of the same log that the auditor kept from earlier; ``seen`` are lists of fingerprints
    kept from earlier: with one of those each altered entry is named even when the whole copy was rewritten.
    """
    found = [merkle.leaf_hash(data) for data in copy.entries]
    matching = matched(found, copy.hashes)
    leaves, unreadable = _placed(copy, matching)
    faults = [Fault(index, "", Wrong.UNREADABLE, why) for index, why in copy.unreadable]
    faults += matching.faults
    for earlier in seen:
        faults += unlike_seen(found, earlier)
    faults += [fault for fault in unreadable if fault.index not in {known.index for known in faults}]
    faults += chained(leaves, [b"" if place is None else found[place] for place in matching.places], copy.hashes)
    faults += value_faults(leaves, copy.disclosures, copy.withheld)
    faults += risen(copy)
    faults += rooted(copy.hashes, copy.checkpoint)
    for checkpoint in trusted:
        faults += trusted_faults(copy, checkpoint)
    return named(dict.fromkeys(faults), leaves)


def leaves_of(copy: Copy) -> list[Leaf | None]:
    """The leaf of each entry of a copy; None where none stands or it cannot be read."""
    return _placed(copy, matched([merkle.leaf_hash(data) for data in copy.entries], copy.hashes))[0]


def _placed(copy: Copy, matching: "Matching") -> tuple[list[Leaf | None], list[Fault]]:
    return read_leaves([None if place is None else copy.entries[place] for place in matching.places])


def read_leaves(lines: Sequence[bytes | None]) -> tuple[list[Leaf | None], list[Fault]]:
    """Each leaf as read (None where it cannot be), and the faults of those that cannot."""
    leaves: list[Leaf | None] = []
    faults = []
    for index, data in enumerate(lines):
        try:
            leaves.append(None if data is None else read_leaf(data))
        except ValueError as error:
            leaves.append(None)
            faults.append(Fault(index, "", Wrong.UNREADABLE, f"its leaf cannot be read: {error}"))
    return leaves, faults


def named(faults: Iterable[Fault], leaves: Sequence[Leaf | None]) -> list[Fault]:
    """The faults, each with the subject its entry names."""
    result = []
    for fault in faults:
        leaf = leaves[fault.index] if fault.index is not None and 0 <= fault.index < len(leaves) else None
        subject = fault.subject or (leaf.subject if leaf else "")
        result.append(Fault(fault.index, subject, fault.wrong, fault.what))
    return result


@dataclass(frozen=True)
class Matching:
    """Leaves beside the fingerprints listed: for each of those which leaf stands for it, and what does not fit."""

    places: tuple[int | None, ...]
    faults: tuple[Fault, ...]


def matched(found: Sequence[bytes], listed: Sequence[bytes]) -> Matching:
    """Compare the fingerprints of the leaves with those listed: altered, removed, added, moved.

    An altered leaf stands for the fingerprint in whose place it is; for a removed one stands none.
    """
    have, known = {one: place for place, one in enumerate(found)}, set(listed)
    places: list[int | None] = []
    faults: list[Fault] = []
    here = 0
    for there, written in enumerate(listed):
        while here < len(found) and found[here] != written and found[here] not in known and written in have:
            faults.append(_added(here, found[here]))
            here += 1
        if here < len(found) and found[here] == written:
            places.append(here)
            here += 1
        elif written in have:
            faults.append(Fault(there, "", Wrong.MOVED, "its order was changed: another entry stands in its place"))
            places.append(have[written])
            here += here < len(found)
        elif here < len(found) and found[here] not in known:
            faults.append(_altered(there, found[here], written))
            places.append(here)
            here += 1
        else:
            faults.append(_removed(there, written))
            places.append(None)
    faults += [_added(place, found[place]) for place in range(here, len(found))]
    return Matching(tuple(places), tuple(faults))


def misplaced(found: Sequence[bytes], listed: Sequence[bytes]) -> tuple[Fault, ...]:
    """What of the leaves does not fit the fingerprints listed."""
    return matched(found, listed).faults


def _altered(index: int, found: bytes, listed: bytes) -> Fault:
    what = f"was altered: its fingerprint is {found.hex()[:16]}…, written was {listed.hex()[:16]}…"
    return Fault(index, "", Wrong.ALTERED, what)


def _removed(index: int, listed: bytes) -> Fault:
    return Fault(index, "", Wrong.REMOVED, f"was taken out: no leaf has its fingerprint {listed.hex()[:16]}…")


def _added(index: int, found: bytes) -> Fault:
    return Fault(index, "", Wrong.ADDED, f"was added: its fingerprint {found.hex()[:16]}… is not on the list")


def unlike_seen(found: Sequence[bytes], seen: Sequence[bytes]) -> Iterator[Fault]:
    """Compare with fingerprints kept from earlier; later entries may only follow them."""
    for fault in misplaced(found[: len(seen)], seen):
        yield Fault(fault.index, "", fault.wrong, f"{fault.what} (by the fingerprints kept from earlier)")


def risen(copy: Copy) -> Iterator[Fault]:
    """Whether the tiles above level 0 hold the roots of those below them; a missing one is told already."""
    for name, true in grown(0, {}, copy.hashes).tiles.items():
        if name.level and copy.upper.get(name) not in {b"", true}:
            yield Fault(None, "", Wrong.ROOT, f"{name.path} does not hold the roots of the tiles below it")


def rooted(hashes: Sequence[bytes], checkpoint: Checkpoint) -> Iterator[Fault]:
    """Whether the listed fingerprints lead to the root of the checkpoint."""
    if len(hashes) != checkpoint.size:
        what = f"{len(hashes)} fingerprints are listed, the checkpoint counts {checkpoint.size} entries"
        yield Fault(None, "", Wrong.ROOT, what)
    root = merkle.root_of(hashes[: checkpoint.size])
    if root != checkpoint.root:
        what = f"the fingerprints lead to root {root.hex()[:16]}…, the checkpoint says {checkpoint.root.hex()[:16]}…"
        yield Fault(None, "", Wrong.ROOT, what)


def trusted_faults(copy: Copy, older: Checkpoint) -> Iterator[Fault]:
    """Whether the copy continues the log that an earlier checkpoint showed."""
    if older.origin != copy.checkpoint.origin:
        what = f"this is the log {copy.checkpoint.origin}, the trusted checkpoint is of {older.origin}"
        yield Fault(None, "", Wrong.UNLIKE_TRUSTED, what)
    elif older.size > len(copy.hashes):
        what = f"entries {len(copy.hashes)} to {older.size - 1} are gone: the trusted checkpoint counts {older.size}"
        yield Fault(None, "", Wrong.UNLIKE_TRUSTED, what)
    elif merkle.root_of(copy.hashes[: older.size]) != older.root:
        what = f"an entry before number {older.size} was altered: the copy does not begin with the trusted {older.size}"
        yield Fault(None, "", Wrong.UNLIKE_TRUSTED, what)


def chained(
    leaves: Sequence[Leaf | None], found: Sequence[bytes], listed: Sequence[bytes], pending: int = 0
) -> Iterator[Fault]:
    """Follow each subject's own numbers and fingerprints, and what arises from what.

    A fingerprint that is listed but has no leaf was already told as removed; the chain may pass over it. The last
    ``pending`` leaves have no index yet.
    """
    gone = {one.hex() for one in set(listed) - set(found)}
    heads: dict[str, tuple[int, int, frozenset[str]]] = {}
    numbered = len(leaves) - pending
    for place, leaf in enumerate(leaves):
        if leaf is None or not leaf.public:
            continue
        index = place if place < numbered else None
        yield from _link(index, leaf, heads.get(leaf.subject), gone)
        for ref in leaf.because:
            if ref not in heads and ref != leaf.subject and not gone:
                yield Fault(
                    index, leaf.subject, Wrong.CHAIN, f"arises from {ref}, of which nothing was recorded before"
                )
        prints = {found[place].hex()} | ({listed[place].hex()} if place < len(listed) else set())
        heads[leaf.subject] = (place, leaf.seq, frozenset(prints))


def _link(
    index: int | None, leaf: Leaf, head: tuple[int, int, frozenset[str]] | None, gone: set[str]
) -> Iterator[Fault]:
    before, seq, prints = head or (-1, 0, frozenset({""}))
    if leaf.prev in gone:
        return
    if leaf.seq > seq + 1:
        what = f"is number {leaf.seq} of its subject, but only {seq} stand before it: an entry between was taken out"
        yield Fault(index, leaf.subject, Wrong.CHAIN, what)
    elif leaf.seq <= seq:
        what = f"is number {leaf.seq} of its subject, but comes after number {seq}: its order was changed"
        yield Fault(index, leaf.subject, Wrong.CHAIN, what)
    elif leaf.prev not in prints:
        told = "the next one" if index is None else f"entry {index}"
        what = f"was altered: {told}, next of its subject, names its fingerprint as {leaf.prev[:16]}…"
        if head is None:
            what = "was altered: it names an entry before it, and is the first of its subject"
        yield Fault(before if head else index, leaf.subject, Wrong.CHAIN, what)


def value_faults(
    leaves: Sequence[Leaf | None],
    disclosures: Mapping[int, Mapping[str, Sealed]],
    withheld: Mapping[int, frozenset[str]] | None = None,
) -> Iterator[Fault]:
    """Compare every disclosed value with its commitment.

    A value may be missing only if its erasure is on record, or if the copy names it as withheld.
    """
    explained, kept_back = erasures(leaves, disclosures), withheld or {}
    for index, fields in sorted(disclosures.items()):
        leaf = leaves[index] if 0 <= index < len(leaves) else None
        if leaf is None or leaf.commit is None:
            yield Fault(
                index, "", Wrong.DISCLOSURE, "values are disclosed for it, but no public leaf holds their seals"
            )
            continue
        yield from unsealed(index, leaf.commit, fields)
        yield from wrongly_withheld(index, leaf, fields, kept_back.get(index, frozenset()))
    for index, leaf in enumerate(leaves):
        for name in (leaf.commit if leaf and leaf.commit else {}).keys() - disclosures.get(index, {}).keys():
            if (index, name) not in explained and name not in kept_back.get(index, ()):
                what = f"the value of “{name}” is missing, and no erasure of it is on record"
                yield Fault(index, "", Wrong.MISSING_VALUE, what)


def unsealed(index: int | None, commit: Mapping[str, str], fields: Mapping[str, Sealed]) -> Iterator[Fault]:
    """The disclosed values that are not those under the seals."""
    for name, sealed in sorted(fields.items()):
        given = sealed.commitment()
        if name not in commit:
            what = f"a value “{name}” is disclosed that its leaf never sealed"
            yield Fault(index, "", Wrong.DISCLOSURE, what)
        elif given != commit[name]:
            what = f"the value of “{name}” was altered: its seal is {given[:16]}…, written was {commit[name][:16]}…"
            yield Fault(index, "", Wrong.DISCLOSURE, what)


def wrongly_withheld(index: int, leaf: Leaf, fields: Mapping[str, Sealed], withheld: Iterable[str]) -> Iterator[Fault]:
    """The names withheld that hide no value: never sealed, disclosed all the same, or of an erasure."""
    commit = leaf.commit or {}
    for name in sorted(withheld):
        if name not in commit:
            yield Fault(index, "", Wrong.DISCLOSURE, f"a value “{name}” is withheld that its leaf never sealed")
        elif name in fields:
            yield Fault(index, "", Wrong.DISCLOSURE, f"the value of “{name}” is disclosed and withheld")
        elif leaf.type == ERASED:
            what = f"the value of “{name}” is withheld; what says that something was erased is always given"
            yield Fault(index, "", Wrong.DISCLOSURE, what)


def erasures(
    leaves: Sequence[Leaf | None], disclosures: Mapping[int, Mapping[str, Sealed]]
) -> frozenset[tuple[int, str]]:
    """Which values the record itself says were erased: (index, field)."""
    return frozenset(
        pair
        for index, leaf in enumerate(leaves)
        if leaf and leaf.type == ERASED and (pair := erased_by(disclosures.get(index, {}))) and pair[0] < index
    )


def erased_by(fields: Mapping[str, Sealed]) -> tuple[int, str] | None:
    """What an erasure entry says was erased; None when it does not say."""
    if not {"index", "field"} <= fields.keys():
        return None
    index, name = jcs.decode(fields["index"].text), jcs.decode(fields["field"].text)
    return (index, name) if type(index) is int and isinstance(name, str) else None


def verdict(copy: Copy, faults: Sequence[Fault], signed: Iterable[str] = ()) -> list[str]:
    """The answer in lines: ``yes, N entries, root …`` or a ``no: …`` for each fault; who signed; what was withheld."""
    head = copy.checkpoint
    answer = [f"no: {fault}" for fault in faults] or [f"yes, {head.size} entries, root {head.root.hex()}"]
    return [shown(line) for line in (*answer, *signed, *withheld_in_words(copy.withheld))]


def shown(line: str) -> str:
    """A line of which no letter, whoever wrote it, can move a terminal."""
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in line)


def withheld_in_words(withheld: Mapping[int, Iterable[str]]) -> Iterator[str]:
    """How many values were withheld, and which, one line for each entry; nothing where none was."""
    named = {index: sorted(names) for index, names in sorted(withheld.items()) if names}
    count = sum(map(len, named.values()))
    if count:
        yield f"{count} {'value' if count == 1 else 'values'} withheld, which cannot be checked:"
    yield from (f"  entry {index}: {', '.join(names)}" for index, names in named.items())
