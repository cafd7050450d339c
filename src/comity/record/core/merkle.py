"""The Merkle tree of RFC 6962 section 2.1: fingerprints, root, right edge, proofs and their verification.

Every hash is 32 bytes of SHA-256. A tree of ``size`` leaves is never held whole: its frontier (the roots of the perfect
subtrees along the right edge, largest first) is enough to append.
"""

import hashlib
from collections.abc import Iterable, Sequence

HASH = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


class BadProof(ValueError):
    """A proof that proves nothing: wrong shape, index outside the tree, or another root."""


def leaf_hash(data: bytes) -> bytes:
    """The fingerprint of an entry's bytes: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The fingerprint of two neighbours: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def extended(frontier: Sequence[bytes], size: int, hashes: Iterable[bytes]) -> tuple[list[bytes], int]:
    """Append leaf hashes to a tree known by its frontier; return the new frontier and size."""
    edge = list(frontier)
    if len(edge) != size.bit_count():
        raise ValueError(f"a tree of {size} leaves has {size.bit_count()} roots on its edge, not {len(edge)}")
    for leaf in hashes:
        _sound(leaf)
        edge.append(leaf)
        filled = size
        while filled & 1:
            right = edge.pop()
            edge[-1] = node_hash(edge[-1], right)
            filled >>= 1
        size += 1
    return edge, size


def edge_root(frontier: Sequence[bytes]) -> bytes:
    """The root of a tree known by its frontier; the empty tree's root is SHA-256 of nothing."""
    if not frontier:
        return EMPTY_ROOT
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    return edge_root(extended([], 0, hashes)[0])


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Which entries each hash of an audit path stands for: ``(first, last + 1)``, sibling of the leaf first.

    RFC 6962 2.1.1; raise BadProof outside the tree.
    """
    if not 0 <= index < size:
        raise BadProof(f"entry {index} is not in a tree of {size}")
    ranges: list[tuple[int, int]] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            ranges.append((middle, last))
            last = middle
        else:
            ranges.append((first, middle))
            first = middle
    return ranges[::-1]


def consistency_ranges(older: int, size: int) -> list[tuple[int, int]]:
    """The same for what shows that a tree begins with its first ``older`` entries (RFC 6962 2.1.2)."""
    if not 0 < older <= size:
        raise BadProof(f"a tree of {size} has no earlier state of {older}")
    ranges: list[tuple[int, int]] = []
    first, last, whole = 0, size, True
    while older != last:
        middle = first + _split(last - first)
        if older <= middle:
            ranges.append((middle, last))
            last = middle
        else:
            ranges.append((first, middle))
            first, whole = middle, False
    if not whole:
        ranges.append((first, last))
    return ranges[::-1]


def inclusion_proof(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of leaf ``index`` in the tree over ``hashes``, sibling of the leaf first."""
    return [part for _, _, part in inclusion_path(hashes, index)]


def inclusion_path(hashes: Sequence[bytes], index: int) -> list[tuple[int, int, bytes]]:
    """The audit path with what each sibling stands for: ``(first, last + 1, hash)``, sibling of the leaf first."""
    return [(first, last, root_of(hashes[first:last])) for first, last in inclusion_ranges(index, len(hashes))]


def consistency_proof(hashes: Sequence[bytes], older: int) -> list[bytes]:
    """What shows that the tree over ``hashes`` begins with its first ``older`` leaves."""
    return [root_of(hashes[first:last]) for first, last in consistency_ranges(older, len(hashes))]


def root_by_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root to which an audit path leads; raise BadProof on a wrong shape (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        raise BadProof(f"entry {index} is not in a tree of {size}")
    _sound(leaf, *proof)
    node, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise BadProof("the proof is too long")
        if node & 1 or node == last:
            root = node_hash(sibling, root)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise BadProof("the proof is too short")
    return root


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raise BadProof unless ``leaf`` is entry ``index`` of the tree of ``size`` leaves under ``root``."""
    _sound(root)
    if root_by_inclusion(index, size, leaf, proof) != root:
        raise BadProof("the proof leads to another root")


def verify_consistency(older: int, newer: int, proof: Sequence[bytes], older_root: bytes, newer_root: bytes) -> None:
    """Raise BadProof unless the tree of ``newer`` leaves begins with the tree of ``older`` (RFC 9162 2.1.4.2)."""
    if not 0 <= older <= newer:
        raise BadProof(f"a tree of {newer} has no earlier state of {older}")
    _sound(older_root, newer_root, *proof)
    if older in (0, newer):
        if proof:
            raise BadProof("this proof must be empty")
        if older == newer and older_root != newer_root:
            raise BadProof("two roots for one size")
        if older == 0 and older_root != EMPTY_ROOT:
            raise BadProof("an empty tree has one root only")
        return
    if _roots_by_consistency(older, newer, proof, older_root) != (older_root, newer_root):
        raise BadProof("the later tree does not begin with the earlier one")


def _roots_by_consistency(older: int, newer: int, proof: Sequence[bytes], older_root: bytes) -> tuple[bytes, bytes]:
    path = list(proof) if older & (older - 1) else [older_root, *proof]
    if not path:
        raise BadProof("the proof is too short")
    node, last = older - 1, newer - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first_root = second_root = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise BadProof("the proof is too long")
        if node & 1 or node == last:
            first_root, second_root = node_hash(sibling, first_root), node_hash(sibling, second_root)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second_root = node_hash(second_root, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise BadProof("the proof is too short")
    return first_root, second_root


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _sound(*hashes: bytes) -> None:
    for one in hashes:
        if len(one) != HASH:
            raise BadProof(f"a fingerprint has {HASH} bytes, not {len(one)}")
