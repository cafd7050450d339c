"""Tiles, bundles and proofs from tiles, held against the tree made from all its hashes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.record.core import merkle
from comity.record.core.merkle import BadProof
from comity.record.core.notes import Malformed
from comity.record.core.tiles import TileName, Tree, bundled, edge_of, grown, tiles_of, unbundled

EDGES = [0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000]


def hashes(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(count)]


def stored(*sizes: int) -> dict[TileName, bytes]:
    """What stands on disk after a tree grew by these steps, earlier partial tiles included."""
    leaves, kept, size = hashes(sizes[-1]), dict[TileName, bytes](), 0
    for larger in sizes:
        edge = {tile.level: kept[tile] for tile in edge_of(size)}
        growth = grown(size, edge, leaves[size:larger])
        assert growth.root == merkle.root_of(leaves[:larger])
        kept, size = {**kept, **growth.tiles}, larger
    return kept


@pytest.mark.parametrize("size", EDGES)
def test_a_tree_has_exactly_the_tiles_that_the_specification_names(size: int) -> None:
    kept = stored(size)
    assert set(kept) == set(tiles_of(size))
    tree = Tree(size, kept.__getitem__)
    assert tree.root() == merkle.root_of(hashes(size))


def test_the_layout_of_70000_entries() -> None:
    names = list(tiles_of(70_000))
    assert [sum(tile.level == level and tile.width == 256 for tile in names) for level in range(3)] == [273, 1, 0]
    assert [tile.width for tile in edge_of(70_000)] == [112, 17, 1]
    assert len(names) == 277


@given(st.lists(st.integers(0, 700), min_size=1, max_size=5), st.data())
def test_growing_by_steps_gives_the_same_tree_and_true_proofs(steps: list[int], data: st.DataObject) -> None:
    sizes = [sum(steps[: place + 1]) for place in range(len(steps))]
    kept, size = stored(*sizes), sizes[-1]
    if not size:
        return
    leaves, tree = hashes(size), Tree(size, kept.__getitem__)
    index, older = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert tree.inclusion(index) == merkle.inclusion_proof(leaves, index)
    assert tree.consistency(older) == merkle.consistency_proof(leaves, older)
    assert Tree(older, kept.__getitem__).root() == merkle.root_of(leaves[:older]) if older in sizes else True


def test_a_proof_reads_few_tiles_and_a_partial_one_may_be_gone() -> None:
    kept = stored(70_000)
    full = {**kept, **{tile: hashes_ for tile, hashes_ in stored(70_400).items() if tile.level == 0}}
    for tile in edge_of(70_000)[:1]:
        del full[tile]
    for index in (0, 300, 65_535, 65_536, 69_999):
        tree = Tree(70_000, kept.__getitem__)
        path = tree.inclusion(index)
        assert tree.reads <= 5
        assert Tree(70_000, full.__getitem__).inclusion(index) == path
        merkle.verify_inclusion(index, 70_000, hashes(70_000)[index], path, tree.root())


def test_a_proof_at_a_million_entries_asks_for_five_tiles_at_most() -> None:
    """Whatever they hold: each is asked for once, and none of the bundles."""
    size = 1_000_000
    for index in (0, 255, 256, 65_535, 65_536, 983_039, 983_040, 999_423, 999_424, size - 1, *range(7, size, 9_973)):
        asked: list[TileName] = []

        def read(name: TileName, asked: list[TileName] = asked) -> bytes:
            asked.append(name)
            return bytes(name.width * merkle.HASH)

        assert len(Tree(size, read).inclusion(index)) == len(merkle.inclusion_ranges(index, size))
        assert len(asked) == len(set(asked)) <= 5
        assert min(name.level for name in asked) == 0


def test_an_edge_of_another_size_is_refused() -> None:
    with pytest.raises(Malformed, match="does not hold 3 hashes"):
        grown(3, {0: b"\0" * 64}, [])


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("tile/0/000", TileName(0, 0)),
        ("tile/0/x001/x234/067", TileName(0, 1_234_067)),
        ("tile/2/001.p/17", TileName(2, 1, 17)),
        ("tile/entries/x001/000.p/1", TileName(-1, 1000, 1)),
    ],
)
def test_a_path_is_read_as_it_is_written(path: str, name: TileName) -> None:
    assert TileName.parse(path) == name
    assert name.path == path


@pytest.mark.parametrize(
    "path",
    ["", "tile/0/0", "tile/00/000", "tile/0/x000/001", "tile/0/1000", "tile/0/000.p/0", "tile/0/000.p/256",
     "tile/0/000.p/256x", "tile/8/000", "tile/0/000/", "tile/0/../000", "tile/entry/000", "tile/0/001/000"],
)  # fmt: skip
def test_no_other_path_is(path: str) -> None:
    with pytest.raises(Malformed):
        TileName.parse(path)


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert unbundled(bundled(entries), len(entries)) == entries


@pytest.mark.parametrize(("bundle", "count"), [(b"", 1), (b"\0", 1), (b"\0\2a", 1), (b"\0\1ab", 1), (b"\0\1a\0\1b", 1)])
def test_a_bundle_of_another_count_is_refused(bundle: bytes, count: int) -> None:
    with pytest.raises(Malformed):
        unbundled(bundle, count)


def test_an_entry_too_long_for_a_bundle_is_refused() -> None:
    with pytest.raises(Malformed, match="65536"):
        bundled([b"x" * 65_536])


def test_nothing_outside_the_tree_is_proved() -> None:
    tree = Tree(5, stored(5).__getitem__)
    for index in (-1, 5):
        with pytest.raises(BadProof):
            tree.inclusion(index)
    for older in (0, 6):
        with pytest.raises(BadProof):
            tree.consistency(older)
