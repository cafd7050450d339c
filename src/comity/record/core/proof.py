"""The proof of one entry as a file: its leaf, the way to the root, the checkpoint, and the values it discloses."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from comity.record.core import jcs, merkle
from comity.record.core.audit import Fault, Wrong, read_leaf, unsealed, wrongly_withheld
from comity.record.core.copy import Checkpoint
from comity.record.core.jcs import Json
from comity.record.core.leaf import Sealed

FORM = "comity-proof/1"


@dataclass(frozen=True)
class Proof:
    """One entry, and how it leads to the root of a checkpoint.

    ``path`` holds for each sibling, that of the leaf first, which entries it stands for and its 32 bytes:
    ``(first, last + 1, hash)``.
    """

    checkpoint: Checkpoint
    index: int
    leaf: bytes
    path: Sequence[tuple[int, int, bytes]]
    fields: Mapping[str, Sealed]
    withheld: frozenset[str] = frozenset()
    """The fields whose values are not given, because not everybody may read them now."""

    def as_json(self) -> dict[str, Json]:
        """The proof file's one object."""
        return {
            "form": FORM,
            "checkpoint": self.checkpoint.body().decode(),
            "index": self.index,
            "leaf": base64.b64encode(self.leaf).decode(),
            "leaf_hash": merkle.leaf_hash(self.leaf).hex(),
            "path": [sibling.hex() for _, _, sibling in self.path],
            "disclosed": {
                name: {"salt": sealed.salt.hex(), "value": jcs.decode(sealed.text)}
                for name, sealed in self.fields.items()
            },
            "withheld": sorted(self.withheld),
        }

    def root(self) -> bytes:
        """The root to which this leaf leads."""
        return merkle.root_by_inclusion(
            self.index, self.checkpoint.size, merkle.leaf_hash(self.leaf), [sibling for _, _, sibling in self.path]
        )


def check_proof(proof: Proof) -> list[Fault]:
    """Everything wrong with a proof: its way leads elsewhere, or a disclosed value is not the one under its seal."""
    faults = []
    try:
        leaf = read_leaf(proof.leaf)
        root = proof.root()
    except ValueError as error:
        return [Fault(proof.index, "", Wrong.UNREADABLE, str(error))]
    if root != proof.checkpoint.root:
        print_of = merkle.leaf_hash(proof.leaf).hex()[:16]
        what = f"was altered: its fingerprint {print_of}… leads to root {root.hex()[:16]}…, not to the checkpoint's"
        faults.append(Fault(proof.index, leaf.subject, Wrong.ALTERED, what))
    if leaf.commit is not None:
        faults += unsealed(proof.index, leaf.commit, proof.fields)
        faults += wrongly_withheld(proof.index, leaf, proof.fields, proof.withheld)
    return faults


def with_value(proof: Proof, field: str, value: Json) -> Proof:
    """The same proof with one value changed under its old salt, as a forger of values would hand it on."""
    sealed = Sealed(proof.fields[field].salt, jcs.encode(value).decode())
    return replace(proof, fields={**proof.fields, field: sealed})


def with_leaf(proof: Proof, field: str, value: Json) -> Proof:
    """The same proof with value, seal and leaf changed to fit each other, as a forger of leaves would hand it on."""
    changed = with_value(proof, field, value)
    leaf = jcs.decode(proof.leaf)
    assert isinstance(leaf, dict)
    assert isinstance(leaf["commit"], dict)
    leaf["commit"] = {**leaf["commit"], field: changed.fields[field].commitment()}
    return replace(changed, leaf=jcs.encode(leaf))
