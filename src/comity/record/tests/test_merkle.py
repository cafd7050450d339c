import base64
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.merkle import BadProof
from comity.record.core.notes import Malformed, Note
from comity.record.tests.other import second_opinion

OTHER = second_opinion()


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(b"entry %d" % number) for number in range(count)]


def by_definition(hashes: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + by_definition(hashes[:k]) + by_definition(hashes[k:])).digest()


def test_the_tree_of_certificate_transparencys_own_test_has_its_known_root() -> None:
    data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    root = merkle.root_of([merkle.leaf_hash(bytes.fromhex(text)) for text in data])
    assert root.hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(st.integers(0, 70))
def test_the_root_is_that_of_the_definition_and_of_the_second_implementation(size: int) -> None:
    hashes = leaves(size)
    assert merkle.root_of(hashes) == by_definition(hashes) == OTHER.tree_root(hashes)


@given(st.lists(st.integers(0, 9), max_size=12))
def test_growing_by_batches_gives_the_same_tree_as_growing_at_once(batches: list[int]) -> None:
    hashes = leaves(sum(batches))
    edge: list[bytes] = []
    size = 0
    for batch in batches:
        edge, size = merkle.extended(edge, size, hashes[size : size + batch])
    assert (edge, size) == merkle.extended([], 0, hashes)
    assert merkle.edge_root(edge) == merkle.root_of(hashes)


@given(st.integers(1, 300).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_every_entry_leads_to_the_root(where: tuple[int, int]) -> None:
    size, index = where
    hashes = leaves(size)
    proof, root = merkle.inclusion_proof(hashes, index), merkle.root_of(hashes)
    merkle.verify_inclusion(index, size, hashes[index], proof, root)
    assert OTHER.root_of_path(index, size, hashes[index], proof) == root


@given(
    st.integers(2, 200).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))),
    st.integers(0, 255),
    st.data(),
)
def test_a_proof_with_one_thing_wrong_is_refused(where: tuple[int, int], bit: int, data: st.DataObject) -> None:
    size, index = where
    hashes = leaves(size)
    proof, root = merkle.inclusion_proof(hashes, index), merkle.root_of(hashes)
    place = data.draw(st.integers(0, len(proof)))
    spoiled = [hashes[index], *proof]
    spoiled[place] = (int.from_bytes(spoiled[place], "big") ^ (1 << bit)).to_bytes(32, "big")
    wrong = [
        (index, size, spoiled[0], spoiled[1:]),
        (index, size, hashes[index], proof[:-1]),
        (index, size, hashes[index], [*proof, root]),
        (index ^ 1, size, hashes[index], proof),
        (size, size, hashes[index], proof),
        (-1, size, hashes[index], proof),
        (index, size, hashes[index][:31], proof),
        (index, size, hashes[index], [proof[0] + b"\x00", *proof[1:]]),
    ]
    for at, of, leaf, path in wrong:
        with pytest.raises(BadProof):
            merkle.verify_inclusion(at, of, leaf, path, root)


@given(st.integers(1, 200).flatmap(lambda newer: st.tuples(st.integers(1, newer), st.just(newer))), st.integers(0, 255))
def test_a_later_tree_begins_with_the_earlier_one(sizes: tuple[int, int], bit: int) -> None:
    older, newer = sizes
    hashes = leaves(newer)
    first, second = merkle.root_of(hashes[:older]), merkle.root_of(hashes)
    proof = merkle.consistency_proof(hashes, older)
    merkle.verify_consistency(older, newer, proof, first, second)
    other = (int.from_bytes(first, "big") ^ (1 << bit)).to_bytes(32, "big")
    for one, two, path in [(other, second, proof), (first, other, proof), (first, second, [*proof, first])]:
        with pytest.raises(BadProof):
            merkle.verify_consistency(older, newer, path, one, two)


def decoded(text: str | None) -> bytes:
    return base64.b64decode(text or "")


@pytest.mark.data
def test_the_official_inclusion_proofs_are_judged_as_they_should(shared_data: Path) -> None:
    cases = json.loads((shared_data / "tlog" / "merkle-proofs.json").read_text())["inclusion"]
    for case in cases:
        proof = [decoded(one) for one in case["proof"] or []]
        given = (case["leafIdx"], case["treeSize"], decoded(case["leafHash"]), proof, decoded(case["root"]))
        # a fingerprint of no bytes proves nothing, whatever the vector expects
        if case["wantErr"] or len(given[2]) != 32:
            with pytest.raises(BadProof):
                merkle.verify_inclusion(*given)
        else:
            merkle.verify_inclusion(*given)
            assert OTHER.root_of_path(*given[:4]) == given[4]


@pytest.mark.data
def test_the_official_consistency_proofs_are_judged_as_they_should(shared_data: Path) -> None:
    cases = json.loads((shared_data / "tlog" / "merkle-proofs.json").read_text())["consistency"]
    for case in cases:
        proof = [decoded(one) for one in case["proof"] or []]
        given = (case["size1"], case["size2"], proof, decoded(case["root1"]), decoded(case["root2"]))
        if case["wantErr"] or len(given[3]) != 32:
            with pytest.raises(BadProof):
                merkle.verify_consistency(*given)
        else:
            merkle.verify_consistency(*given)


@pytest.mark.data
def test_a_log_of_another_house_has_the_same_roots(shared_data: Path) -> None:
    files = json.loads((shared_data / "tlog" / "tessera-log.json").read_text())["files"]
    tile = max((name for name in files if name.startswith("tile/0/000")), key=lambda name: int(name.split("/")[-1]))
    run = decoded(files[tile])
    hashes = [run[start : start + 32] for start in range(0, len(run), 32)]
    for size in range(1, 16):
        head = Checkpoint.of(Note.parse(decoded(files[f"checkpoint.{size}"])))
        assert (head.size, head.root) == (size, merkle.root_of(hashes[:size]))
        assert OTHER.read_head(decoded(files[f"checkpoint.{size}"])) == (head.origin, head.size, head.root)


@pytest.mark.data
def test_checkpoints_are_read_as_strictly_as_the_standard_asks(shared_data: Path) -> None:
    cases = json.loads((shared_data / "tlog" / "formats-vectors.json").read_text())["checkpoint_bodies"]
    for case in cases:
        body = case["body"].encode()
        if not case["ok"] or len(decoded(body.decode().split("\n")[2])) != 32:
            with pytest.raises(Malformed):
                Checkpoint.parse(body)
            with pytest.raises(OTHER.No):
                OTHER.kept_head(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"a\n1\n",
        b"a\n01\nR0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0U=\n",
        b"a\n+1\nR0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0U=\n",
        b"a\r\n1\r\nR0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0U=\r\n",
        b"a\n1\nR0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0V=\n",
        b"a\n1\nR0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0U=",
        b"a\n1\nR0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0U=\n\nmore\n",
        b"\n1\nR0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0VSd0U=\n",
    ],
)
def test_a_checkpoint_with_one_thing_wrong_is_not_read(body: bytes) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(body)
    with pytest.raises(OTHER.No):
        OTHER.kept_head(body)
