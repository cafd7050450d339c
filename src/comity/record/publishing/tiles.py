"""Writing the tiles and bundles of what is numbered, and reading them back as if somebody else had written them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from comity.plain.levels import Realm
from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.notes import Malformed
from comity.record.core.tiles import (
    WIDTH,
    Growth,
    TileName,
    Tree,
    bundle_of,
    bundled,
    edge_of,
    grown,
    subtree_root,
    tile_at,
    unbundled,
)
from comity.record.models import Entry, Log
from comity.record.publishing.files import Folder
from comity.record.publishing.refusals import DatabaseDiffers, NotAsWritten


@dataclass(frozen=True)
class Numbered:
    """A log as its database has numbered it."""

    realm: Realm
    size: int
    root: bytes

    @classmethod
    def of(cls, realm: Realm) -> "Numbered":
        """As it stands now; a log that nothing was written to is empty."""
        row = Log.objects.filter(realm=realm.value).values_list("size", "root").first()
        return cls(realm, row[0], bytes(row[1])) if row else cls(realm, 0, merkle.EMPTY_ROOT)

    def entries(self, first: int) -> Iterator[tuple[int, bytes]]:
        """Number and bytes of each entry from ``first`` on."""
        rows = Entry.objects.filter(log=self.realm.value, index__gte=first, index__lt=self.size).order_by("index")
        for index, data in rows.values_list("index", "leaf").iterator():
            assert index is not None
            yield index, bytes(data)


def reader(folder: Folder, size: int) -> Tree:
    """The tree of the first ``size`` entries, read from the files of a folder."""

    def read(tile: TileName) -> bytes:
        content = folder.read(tile.path)
        if content is None:
            raise LookupError(tile.path)
        return content

    return Tree(size, read)


def stands(folder: Folder, size: int, root: bytes) -> bool:
    """Whether the right edge of a tree lies there and leads to its root."""
    try:
        return reader(folder, size).root() == root
    except (LookupError, Malformed, merkle.BadProof):
        return False


def write(folder: Folder, standing: int, signed: Checkpoint, log: Numbered) -> Growth:
    """Write what the files of the first ``standing`` entries lack to hold all that is numbered.

    Nothing is written before the database is known to hold what was signed: a wrong one would leave its files behind.
    Raises DatabaseDiffers then, and TileDiffers where a file stands with other bytes.
    """
    growth = _grown(folder, standing, signed, log)
    for bundle, entries in _bundles(log, standing - standing % WIDTH):
        folder.keep(bundle.path, bundled(entries))
    for tile, content in growth.tiles.items():
        folder.keep(tile.path, content)
    folder.settle()
    return growth


def _grown(folder: Folder, standing: int, signed: Checkpoint, log: Numbered) -> Growth:
    """What is to be written; raise DatabaseDiffers where it would not continue what stands and what was signed."""
    edge, first = _edge(folder, standing), standing - standing % WIDTH
    hashes = [merkle.leaf_hash(entry) for _bundle, entries in _bundles(log, first) for entry in entries]
    if b"".join(hashes[: standing - first]) != edge.get(0, b""):
        raise DatabaseDiffers(entries=f"{first} to {standing - 1}")
    if standing < signed.size and merkle.root_of(hashes[: signed.size]) != signed.root:
        raise DatabaseDiffers(entries=f"0 to {signed.size - 1}")
    growth = grown(standing, edge, hashes[standing - first :])
    if (growth.size, growth.root) != (log.size, log.root):
        raise DatabaseDiffers(entries=growth.size, numbered=log.size)
    return growth


def _edge(folder: Folder, size: int) -> dict[int, bytes]:
    tree = reader(folder, size)
    return {
        tile.level: b"".join(tree.node(8 * tile.level, tile.number * WIDTH + place) for place in range(tile.width))
        for tile in edge_of(size)
    }


def _bundles(log: Numbered, first: int) -> Iterator[tuple[TileName, list[bytes]]]:
    """The entries from ``first`` on by their bundles; raise DatabaseDiffers where a number is not given once."""
    rows = log.entries(first)
    while run := list(islice(rows, WIDTH)):
        if [index for index, _data in run] != list(range(first, first + len(run))):
            raise DatabaseDiffers(entry=first, why="one is missing or stands twice")
        yield TileName(-1, first // WIDTH, len(run)), [data for _index, data in run]
        first += WIDTH


def check(folder: Folder, growth: Growth, standing: int, signed: Checkpoint) -> None:
    """Read back what was written behind the first ``standing`` entries, as if somebody else had written it.

    Entries against their tile, tiles against those above, the root, and what was signed. Raises NotAsWritten, which
    names the file.
    """
    try:
        _check_tiles(folder, growth, standing)
        _check_root(folder, growth, signed)
    except (LookupError, Malformed, merkle.BadProof) as error:
        raise NotAsWritten(why=str(error)) from error


def _check_tiles(folder: Folder, growth: Growth, standing: int) -> None:
    for tile, expected in growth.tiles.items():
        content = _read(folder, tile)
        below = _from_entries(folder, tile) if tile.level == 0 else _from_below(folder, tile, growth.size, standing)
        if content != expected or not content.endswith(below):
            raise NotAsWritten(file=str(folder.root / tile.path))


def _check_root(folder: Folder, growth: Growth, signed: Checkpoint) -> None:
    tree = reader(folder, growth.size)
    if tree.root() != growth.root:
        raise NotAsWritten(why="the tiles lead to another root")
    proof = tree.consistency(signed.size) if 0 < signed.size < growth.size else []
    merkle.verify_consistency(signed.size, growth.size, proof, signed.root, growth.root)


def _from_entries(folder: Folder, tile: TileName) -> bytes:
    entries = unbundled(_read(folder, bundle_of(tile)), tile.width)
    return b"".join(merkle.leaf_hash(entry) for entry in entries)


def _from_below(folder: Folder, tile: TileName, size: int, standing: int) -> bytes:
    """The hashes that a tile got since the tree had ``standing`` entries, from the full tiles under it."""
    held_before = standing >> (8 * tile.level)
    first, last = tile.number * WIDTH, tile.number * WIDTH + tile.width
    below = [tile_at(tile.level - 1, number, size) for number in range(max(first, held_before), last)]
    return b"".join(subtree_root(_read(folder, one)) for one in below)


def _read(folder: Folder, tile: TileName) -> bytes:
    content = folder.read(tile.path)
    if content is None:
        raise NotAsWritten(file=str(folder.root / tile.path), why="it is gone")
    return content


def clear(folder: Folder, before: int, size: int) -> None:
    """Take away the partial tiles and bundles that became full after ``before``: their readers fall back to those."""
    for tile in _filled(before, size):
        full = folder.root / tile.path
        partials = full.with_name(f"{full.name}.p")
        if full.is_file() and partials.is_dir():
            for one in sorted(partials.iterdir()):
                folder.remove(f"{tile.path}.p/{one.name}")


def _filled(before: int, size: int) -> Iterator[TileName]:
    level = 0
    while full := size >> (8 * (level + 1)):
        for number in range(before >> (8 * (level + 1)), full):
            tile = TileName(level, number)
            yield tile
            if level == 0:
                yield bundle_of(tile)
        level += 1
