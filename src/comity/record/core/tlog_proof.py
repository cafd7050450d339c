"""Proofs of inclusion as files, as in C2SP tlog-proof: the number of an entry, its way to the root, the checkpoint."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from comity.record.core import merkle
from comity.record.core.checkpoints import Opened
from comity.record.core.notes import Malformed, number_of, unbased
from comity.record.core.policies import Policy, opened_under

FORM = "c2sp.org/tlog-proof@v1"
LONGEST = 63
"""No path has more hashes."""


def proved(content: bytes, entry: bytes, policy: Policy) -> Opened:
    """The checkpoint under which a proof file shows that a log of the policy holds this entry.

    Raises Malformed, NotSigned (the log's signature, the quorum) or BadProof (another root, outside the tree).
    """
    proof = TlogProof.parse(content)
    under = opened_under(proof.checkpoint, policy)
    size, root = under.checkpoint.size, under.checkpoint.root
    merkle.verify_inclusion(proof.index, size, merkle.leaf_hash(entry), proof.path, root)
    return under


@dataclass(frozen=True)
class TlogProof:
    """An entry's number, its audit path, sibling of the leaf first, and the signed checkpoint word for word.

    ``extra`` is carried along and proved by nothing.
    """

    index: int
    path: Sequence[bytes]
    checkpoint: bytes
    extra: bytes | None = None

    def __bytes__(self) -> bytes:
        extra = [] if not self.extra else [f"extra {base64.b64encode(self.extra).decode()}"]
        hashes = [base64.b64encode(one).decode() for one in self.path]
        return "\n".join([FORM, *extra, f"index {self.index}", *hashes, "", ""]).encode() + self.checkpoint

    @classmethod
    def parse(cls, content: bytes) -> "TlogProof":
        """Read a proof strictly, its checkpoint left as it stands; raise Malformed."""
        head, divided, checkpoint = content.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise Malformed(f"byte {error.start} of the proof is not ASCII") from error
        if lines[0] != FORM:
            raise Malformed(f"the proof does not begin with {FORM}")
        if not divided or not checkpoint:
            raise Malformed("the proof has no checkpoint after an empty line")
        del lines[0]
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = unbased(lines.pop(0).removeprefix("extra "), "the line extra of the proof")
            if not extra:
                raise Malformed("the line extra of the proof is empty: without extra data there is no such line")
        if not lines or not lines[0].startswith("index "):
            raise Malformed("the proof does not say its index")
        index = number_of(lines.pop(0).removeprefix("index "), "the index of the proof")
        return cls(index, [_hash(line, number) for number, line in enumerate(_few(lines), 1)], checkpoint, extra)


def _few(lines: list[str]) -> list[str]:
    if len(lines) > LONGEST:
        raise Malformed(f"the proof has {len(lines)} hashes, more than {LONGEST}")
    return lines


def _hash(line: str, number: int) -> bytes:
    found = unbased(line, f"hash {number} of the proof")
    if len(found) != merkle.HASH:
        raise Malformed(f"hash {number} of the proof has {len(found)} bytes, not {merkle.HASH}")
    return found
