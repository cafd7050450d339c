"""The tables against the leaves: what a row says must be what its leaf says, or seals."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from comity.record.core import jcs, merkle
from comity.record.core.audit import Fault, Leaf, Wrong, unsealed
from comity.record.core.leaf import DECOY, WHOLE, Sealed


@dataclass(frozen=True)
class Row:
    """An entry as its table keeps it; actor and subject stand as a public leaf would show them."""

    id: int
    index: int | None
    leaf: bytes
    leaf_hash: bytes
    public: bool
    type: str
    at: str
    actor: str
    subject: str
    seq: int | None
    fields: Mapping[str, Sealed]


def row_faults(row: Row, leaf: Leaf | None, explained: Set[tuple[int, str]]) -> list[Fault]:
    """Everything in which a row is not what its leaf says; ``explained`` are the erasures on record."""
    faults = []
    if merkle.leaf_hash(row.leaf) != row.leaf_hash:
        faults.append(Fault(row.index, row.subject, Wrong.ALTERED, "was altered: its leaf has another fingerprint"))
    if leaf is None:
        return faults
    if leaf.public != row.public:
        faults.append(Fault(row.index, row.subject, Wrong.ROW, "its level was altered: the leaf says otherwise"))
    elif leaf.public:
        faults += _unlike_leaf(row, leaf)
    else:
        faults += _unlike_seal(row, leaf, explained)
    return faults


def _unlike_leaf(row: Row, leaf: Leaf) -> Iterator[Fault]:
    said = {"type": leaf.type, "at": leaf.at, "actor": leaf.actor, "subject": leaf.subject, "subject_seq": leaf.seq}
    kept = {"type": row.type, "at": row.at, "actor": row.actor, "subject": row.subject, "subject_seq": row.seq}
    for name, value in said.items():
        if kept[name] != value:
            what = f"its row was altered: {name} is {kept[name]!r}, written was {value!r}"
            yield Fault(row.index, leaf.subject, Wrong.ROW, what)
    if row.index is None:
        assert leaf.commit is not None
        yield from unsealed(None, leaf.commit, row.fields)


def _unlike_seal(row: Row, leaf: Leaf, explained: Set[tuple[int, str]]) -> Iterator[Fault]:
    """A restricted row: its one seal holds type, time, actor, subject and the seals of its fields."""
    if row.type in ("", DECOY):
        return
    whole = row.fields.get(WHOLE)
    if whole is None:
        yield Fault(row.index, "", Wrong.MISSING_VALUE, "what it sealed is missing, and no erasure of it is on record")
        return
    yield from unsealed(row.index, {WHOLE: leaf.seal}, {WHOLE: whole})
    said = jcs.decode(whole.text)
    kept = {"type": row.type, "at": row.at, "actor": row.actor, "subject": row.subject}
    if not isinstance(said, dict) or any(said.get(name) != value for name, value in kept.items()):
        yield Fault(row.index, "", Wrong.ROW, "its row was altered: it says something else than was sealed")
        return
    commit = said["commit"]
    fields = {name: sealed for name, sealed in row.fields.items() if name != WHOLE}
    yield from unsealed(row.index, commit, fields)
    name_of = -row.id if row.index is None else row.index
    for name in commit.keys() - fields.keys():
        if not explained & {(name_of, name), (-row.id, name)}:
            what = f"the value of “{name}” is missing, and no erasure of it is on record"
            yield Fault(row.index, "", Wrong.MISSING_VALUE, what)
