"""What is handed on of one entry: its leaf, its way to the root of a signed checkpoint, and the values it discloses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from comity.record.core import jcs, merkle
from comity.record.core.audit import Fault, Wrong, read_leaf, unsealed, wrongly_withheld
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.jcs import Json
from comity.record.core.leaf import Sealed
from comity.record.core.notes import Note
from comity.record.core.tlog_proof import TlogProof

FORM = "comity-disclosed/1"


@dataclass(frozen=True)
class Told:
    """What the record tells anybody of one entry at an instant: its leaf, and the values behind its seals."""

    index: int
    leaf: bytes
    fields: Mapping[str, Sealed]
    withheld: frozenset[str] = frozenset()
    """The fields whose values are not given, because not everybody may read them now."""

    @property
    def leaf_hash(self) -> bytes:
        """The fingerprint by which the entry stands in the tree."""
        return merkle.leaf_hash(self.leaf)

    def disclosed(self) -> bytes:
        """The text of ``disclosed.json``: each value with its salt, and the names of those withheld."""
        told: dict[str, Json] = {
            "form": FORM,
            "index": self.index,
            "leaf_hash": self.leaf_hash.hex(),
            "fields": {
                name: {"salt": sealed.salt.hex(), "value": jcs.decode(sealed.text)}
                for name, sealed in sorted(self.fields.items())
            },
            "withheld": [*sorted(self.withheld)],
        }
        return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


@dataclass(frozen=True)
class Evidence:
    """What is told of one entry, and how it leads to the root of a checkpoint."""

    told: Told
    proof: TlogProof

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint of the proof, its signatures not looked at."""
        return Checkpoint.of(Note.parse(self.proof.checkpoint))

    def root(self) -> bytes:
        """The root to which the leaf leads; raise BadProof where the way has not the length of one."""
        return merkle.root_by_inclusion(
            self.proof.index, self.checkpoint.size, self.told.leaf_hash, list(self.proof.path)
        )

    def way(self) -> list[tuple[int, int, bytes]]:
        """Each sibling, that of the leaf first, with the entries it stands for: ``(first, last + 1, hash)``."""
        ranges = merkle.inclusion_ranges(self.proof.index, self.checkpoint.size)
        return [(first, last, one) for (first, last), one in zip(ranges, self.proof.path, strict=True)]


def check_evidence(evidence: Evidence) -> list[Fault]:
    """Everything wrong with it: its way leads elsewhere, or a disclosed value is not the one under its seal."""
    told, faults = evidence.told, []
    try:
        leaf = read_leaf(told.leaf)
        root = evidence.root()
    except ValueError as error:
        return [Fault(told.index, "", Wrong.UNREADABLE, str(error))]
    if root != evidence.checkpoint.root:
        begins = told.leaf_hash.hex()[:16]
        what = f"was altered: its fingerprint {begins}… leads to root {root.hex()[:16]}…, not to the checkpoint's"
        faults.append(Fault(told.index, leaf.subject, Wrong.ALTERED, what))
    if leaf.commit is not None:
        faults += unsealed(told.index, leaf.commit, told.fields)
        faults += wrongly_withheld(told.index, leaf, told.fields, told.withheld)
    return faults


def with_value(evidence: Evidence, field: str, value: Json) -> Evidence:
    """The same with one value changed under its old salt, as a forger of values would hand it on."""
    told = evidence.told
    sealed = Sealed(told.fields[field].salt, jcs.encode(value).decode())
    return replace(evidence, told=replace(told, fields={**told.fields, field: sealed}))


def with_leaf(evidence: Evidence, field: str, value: Json) -> Evidence:
    """The same with value, seal and leaf changed to fit each other, as a forger of leaves would hand it on."""
    changed = with_value(evidence, field, value).told
    leaf = jcs.decode(changed.leaf)
    assert isinstance(leaf, dict)
    assert isinstance(leaf["commit"], dict)
    leaf["commit"] = {**leaf["commit"], field: changed.fields[field].commitment()}
    return replace(evidence, told=replace(changed, leaf=jcs.encode(leaf)))
