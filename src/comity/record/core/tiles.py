"""The tree as static files, as in C2SP tlog-tiles: tiles of 256 hashes, bundles of 256 entries, proofs from tiles.

A tile of level 0 holds 256 leaf hashes, one of level L the roots of 256 full tiles of the level below. The last of a
level is partial: it holds as many hashes as there are. A bundle holds the entries of a level-0 tile.
"""

import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from comity.record.core import merkle
from comity.record.core.merkle import HASH, BadProof, edge_root, node_hash
from comity.record.core.notes import Malformed

WIDTH, HEIGHT = 256, 8
"""Hashes of a full tile, and how many levels of the tree it spans."""
ENTRIES = "entries"
LONGEST_ENTRY = 65_535
_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, order=True)
class TileName:
    """One tile: its level, its number on it, how many hashes it holds; a bundle of entries has the level -1."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def full(self) -> "TileName":
        """The same tile once it is full."""
        return TileName(self.level, self.number)

    @property
    def path(self) -> str:
        """Its path below the log: ``tile/0/x001/x234/067.p/112``."""
        groups = [f"{self.number % 1000:03}"]
        left = self.number // 1000
        while left:
            groups.insert(0, f"x{left % 1000:03}")
            left //= 1000
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{ENTRIES if self.level < 0 else self.level}/{'/'.join(groups)}{partial}"

    @classmethod
    def parse(cls, path: str) -> "TileName":
        """Read a path; raise Malformed where it is not the one path of a tile."""
        found = _PATH.fullmatch(path)
        if found is None:
            raise Malformed(f"{path!r} is no path of a tile")
        level = -1 if found[1] == ENTRIES else int(found[1])
        name = cls(level, int(found[2].replace("x", "").replace("/", "")), int(found[3] or WIDTH))
        if name.path != path or name.width > WIDTH or level > 7:
            raise Malformed(f"{path!r} is no path of a tile")
        return name


def bundle_of(tile: TileName) -> TileName:
    """The bundle whose entries a tile of level 0 holds the hashes of."""
    return TileName(-1, tile.number, tile.width)


def tile_at(level: int, number: int, size: int) -> TileName:
    """The tile of that number in a tree of ``size`` entries, full or partial; raise BadProof where there is none."""
    held = min((size >> (HEIGHT * level)) - number * WIDTH, WIDTH)
    if held <= 0:
        raise BadProof(f"a tree of {size} has no tile {number} of level {level}")
    return TileName(level, number, held)


def tiles_of(size: int) -> Iterator[TileName]:
    """Every tile of a tree, level by level."""
    level = 0
    while held := size >> (HEIGHT * level):
        yield from (tile_at(level, number, size) for number in range(-(-held // WIDTH)))
        level += 1


def edge_of(size: int) -> list[TileName]:
    """The partial tiles along the right edge of a tree, by level; empty ones are none."""
    return [tile for tile in _last_of_levels(size) if tile.width < WIDTH]


def _last_of_levels(size: int) -> Iterator[TileName]:
    level = 0
    while held := size >> (HEIGHT * level):
        yield tile_at(level, (held - 1) // WIDTH, size)
        level += 1


@dataclass
class Growth:
    """What is to be written when a tree grows, and its new root as the right edge gives it."""

    size: int
    root: bytes
    tiles: dict[TileName, bytes] = field(default_factory=dict)


def grown(size: int, edge: Mapping[int, bytes], leaves: Sequence[bytes]) -> Growth:
    """The tiles that change when leaf hashes are appended to a tree of ``size``.

    ``edge`` holds the hashes of the partial tile of each level of the tree that stands, joined; a level whose last tile
    is full needs none. Full tiles that stand are not written again. Raises Malformed where the edge is not that size's.
    """
    for level, tile in ((tile.level, tile) for tile in edge_of(size)):
        if len(edge.get(level, b"")) != tile.width * HASH:
            raise Malformed(f"{tile.path} does not hold {tile.width} hashes")
    growth, rising, level = Growth(size + len(leaves), b""), b"".join(leaves), 0
    while growth.size >> (HEIGHT * level):
        held = size >> (HEIGHT * level)
        first, left_over = divmod(held, WIDTH)
        run, rising = (edge[level] if left_over else b"") + rising, b""
        step = WIDTH * HASH
        for place in range(0, len(run), step):
            hashes = run[place : place + step]
            tile = TileName(level, first + place // step, len(hashes) // HASH)
            if len(hashes) > (left_over * HASH if place == 0 else 0):
                growth.tiles[tile] = hashes
            if tile.width == WIDTH:
                rising += subtree_root(hashes)
        level += 1
    growth.root = edge_root(_edge_nodes(growth.size, {**_as_edge(size, edge), **growth.tiles}))
    return growth


def _as_edge(size: int, edge: Mapping[int, bytes]) -> dict[TileName, bytes]:
    return {tile: edge[tile.level] for tile in edge_of(size)}


def _edge_nodes(size: int, tiles: Mapping[TileName, bytes]) -> list[bytes]:
    """The roots of the perfect subtrees along the right edge, largest first, from the partial tiles of each level."""
    nodes: list[bytes] = []
    for tile in reversed(edge_of(size)):
        hashes, start = tiles[tile], 0
        for bit in reversed(range(HEIGHT)):
            if tile.width >> bit & 1:
                width = HASH << bit
                nodes.append(subtree_root(hashes[start : start + width]))
                start += width
    return nodes


def subtree_root(hashes: bytes) -> bytes:
    """The root over a power of two of joined hashes."""
    level = [hashes[start : start + HASH] for start in range(0, len(hashes), HASH)]
    while len(level) > 1:
        level = [node_hash(level[place], level[place + 1]) for place in range(0, len(level), 2)]
    return level[0]


class Tree:
    """A tree of ``size`` entries read from its tiles, each of them once.

    ``read`` gives the bytes of a tile and raises LookupError where it is not there: a partial tile may have gone since
    the full one stands. Nothing that is read is trusted: a proof proves only by leading to a signed root.
    """

    def __init__(self, size: int, read: Callable[[TileName], bytes]) -> None:
        self.size = size
        self._read = read
        self._kept: dict[tuple[int, int], bytes] = {}

    @property
    def reads(self) -> int:
        """How many tiles were read."""
        return len(self._kept)

    def root(self) -> bytes:
        """The root; that of an empty tree is SHA-256 of nothing."""
        return self.subtree(0, self.size) if self.size else merkle.EMPTY_ROOT

    def leaf(self, index: int) -> bytes:
        """The hash of one entry."""
        return self.node(0, index)

    def inclusion(self, index: int) -> list[bytes]:
        """The audit path of an entry, sibling of the leaf first (RFC 6962 2.1.1); raise BadProof outside the tree."""
        return [self.subtree(first, last) for first, last in merkle.inclusion_ranges(index, self.size)]

    def consistency(self, older: int) -> list[bytes]:
        """What shows that this tree begins with its first ``older`` entries (RFC 6962 2.1.2)."""
        return [self.subtree(first, last) for first, last in merkle.consistency_ranges(older, self.size)]

    def subtree(self, first: int, last: int) -> bytes:
        """The root over the entries from ``first`` to before ``last``, a range as RFC 6962 splits the tree into."""
        nodes = []
        while first < last:
            height = (last - first).bit_length() - 1
            nodes.append(self.node(height, first >> height))
            first += 1 << height
        return edge_root(nodes)

    def node(self, height: int, number: int) -> bytes:
        """The root of the perfect subtree of 2^height entries of that number."""
        level, above = divmod(height, HEIGHT)
        first = number << above
        tile = self._tile(level, first // WIDTH)
        start = first % WIDTH * HASH
        hashes = tile[start : start + (HASH << above)]
        if len(hashes) != HASH << above:
            raise BadProof(f"the tree of {self.size} does not reach to node {number} of height {height}")
        return subtree_root(hashes)

    def _tile(self, level: int, number: int) -> bytes:
        if (level, number) not in self._kept:
            self._kept[level, number] = self._fetched(tile_at(level, number, self.size))
        return self._kept[level, number]

    def _fetched(self, tile: TileName) -> bytes:
        try:
            found = self._read(tile)
        except LookupError:
            if tile.width == WIDTH:
                raise
            found = self._read(tile.full)[: tile.width * HASH]
        if len(found) != tile.width * HASH:
            raise Malformed(f"{tile.path} has {len(found)} bytes, not {tile.width * HASH}")
        return found


def bundled(entries: Sequence[bytes]) -> bytes:
    """Entries as a bundle: each behind its length in two bytes; raise Malformed where one is longer than 65,535."""
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise Malformed(f"an entry of {len(entry)} bytes does not fit into a bundle")
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unbundled(bundle: bytes, count: int) -> list[bytes]:
    """The ``count`` entries of a bundle; raise Malformed where it holds fewer or goes on."""
    entries, place = [], 0
    for number in range(count):
        if place + 2 > len(bundle):
            raise Malformed(f"the bundle ends before entry {number} of its {count}")
        length = struct.unpack_from(">H", bundle, place)[0]
        place += 2
        if place + length > len(bundle):
            raise Malformed(f"entry {number} of the bundle ends before its {length} bytes")
        entries.append(bundle[place : place + length])
        place += length
    if place != len(bundle):
        raise Malformed(f"the bundle goes on after its {count} entries")
    return entries
