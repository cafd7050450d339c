"""The public vectors of others, judged by our forms; where their README names a caveat, the strict verdict holds."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint, opened
from comity.record.core.merkle import BadProof
from comity.record.core.notes import (
    KeyKind,
    Malformed,
    Note,
    NotSigned,
    SigningKey,
    VerifierKey,
    cosigned,
    signature_lines,
)
from comity.record.core.policies import Policy
from comity.record.core.tiles import TileName, Tree, edge_of, tiles_of, unbundled
from comity.record.core.tlog_proof import TlogProof

pytestmark = pytest.mark.data
STRICTER = {
    "consistency/additional/sizes-are-equal-one-and-proof-is-empty": "its roots have 12 bytes, ours have 32",
}
"""Vectors of merkle-proofs that expect success and that a reader of 32-byte hashes refuses."""


def load(shared_data: Path, name: str) -> Any:
    return json.loads((shared_data / "tlog" / f"{name}.json").read_text())


def hashes(listed: list[str] | None) -> list[bytes]:
    return [base64.b64decode(one) for one in listed or []]


def accepted(judged: Any, *arguments: Any) -> bool:
    try:
        judged(*arguments)
    except (BadProof, Malformed, NotSigned):
        return False
    return True


def test_all_inclusion_proofs_are_judged_as_their_makers_judge_them(shared_data: Path) -> None:
    vectors = load(shared_data, "merkle-proofs")["inclusion"]
    assert len(vectors) == 53
    for one in vectors:
        root, leaf = base64.b64decode(one["root"]), base64.b64decode(one["leafHash"])
        verdict = accepted(merkle.verify_inclusion, one["leafIdx"], one["treeSize"], leaf, hashes(one["proof"]), root)
        assert verdict is not one["wantErr"], one["name"]


def test_all_consistency_proofs_are_judged_as_their_makers_judge_them(shared_data: Path) -> None:
    vectors = load(shared_data, "merkle-proofs")["consistency"]
    assert len(vectors) == 43
    for one in vectors:
        roots = base64.b64decode(one["root1"]), base64.b64decode(one["root2"])
        verdict = accepted(merkle.verify_consistency, one["size1"], one["size2"], hashes(one["proof"]), *roots)
        assert verdict is (not one["wantErr"] and one["name"] not in STRICTER), one["name"]


def test_the_signed_note_of_the_specification_verifies(shared_data: Path) -> None:
    example = load(shared_data, "c2sp-examples")["signed_note"]
    key, note = VerifierKey.parse(example["vkey"]), Note.parse(example["note"].encode())
    assert str(key) == example["vkey"]
    assert bytes(note) == example["note"].encode()
    assert [signed.key for signed in note.opened([key])] == [key]
    with pytest.raises(NotSigned):
        Note.parse(example["note"].replace("example message", "exemplary message").encode()).opened([key])


def test_the_shapes_of_the_specifications_are_read_and_written_to_the_byte(shared_data: Path) -> None:
    examples = load(shared_data, "c2sp-examples")
    note = Note.parse(examples["checkpoint_with_cosignature_shape_only"].encode())
    checkpoint = Checkpoint.of(note)
    assert bytes(note) == examples["checkpoint_with_cosignature_shape_only"].encode()
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert checkpoint.body() == note.text
    witnessed = note.signatures[1]
    assert (witnessed.name, len(witnessed.value)) == ("witness.example.com/w1", 72)
    time = int.from_bytes(witnessed.value[:8], "big")
    assert cosigned(time, note.text) == examples["cosignature_v1_message"].encode()
    answer = signature_lines(examples["witness_response_shape_only"])
    assert "".join(line.line() for line in answer) == examples["witness_response_shape_only"]


def test_the_proof_of_the_specification_is_read_and_its_elided_signatures_are_not(shared_data: Path) -> None:
    written = load(shared_data, "c2sp-examples")["proof_shape_only"].encode()
    proof = TlogProof.parse(written)
    assert (proof.index, len(proof.path), proof.extra) == (
        73_894,
        5,
        b"age-v1.2.1-darwin-arm64.tar.gz\x91\x85\xc9\xdd\xa5\xb8\xb5\x85\xc9",
    )
    assert bytes(proof) == written
    with pytest.raises(Malformed, match="base64"):
        Note.parse(proof.checkpoint)


def test_the_policy_of_the_specification_reads_as_it_says(shared_data: Path) -> None:
    written = load(shared_data, "c2sp-examples")["policy_shape_only"]
    for number in range(written.count("<vkey>")):
        kind = KeyKind.COSIGNATURE if number else KeyKind.NOTE
        written = written.replace(
            "<vkey>", str(SigningKey(f"example.org/{number}", kind, bytes([number] * 32)).verifier), 1
        )
    policy = Policy.parse(written)
    keys = {name: party.key for name, party in policy.witnesses.items()}
    assert len(policy.logs) == 1
    assert policy.met([keys["X1"], keys["X3"], keys["Y2"]])
    assert not policy.met([keys["X1"], keys["Y1"], keys["Y2"], keys["Y3"]])
    assert not policy.met([keys["X1"], keys["X2"], keys["X3"]])
    assert Policy.parse(str(policy)) == policy


def test_tile_paths_are_those_of_the_specification(shared_data: Path) -> None:
    for one in load(shared_data, "c2sp-examples")["tile_paths"]:
        assert TileName(0, one["index"]).path == f"tile/0/{one['path']}"
        assert TileName.parse(f"tile/entries/{one['path']}") == TileName(-1, one["index"])


def test_the_layout_of_a_log_is_that_of_the_specification(shared_data: Path) -> None:
    for one in load(shared_data, "c2sp-examples")["tile_layout"]:
        tiles, partial = list(tiles_of(one["size"])), {tile.level: tile.width for tile in edge_of(one["size"])}
        for level in range(3):
            full = sum(tile.level == level and tile.width == 256 for tile in tiles)
            assert full == one.get(f"level{level}_full", 0)
            assert partial.get(level) == one.get(f"level{level}_partial")


KNOWN_KINDS = {1, 4}
"""ML-DSA-44 cosignatures (0x06) are a stated limit: such a key is refused by name, such a line is another's."""


def test_keys_of_the_formats_library(shared_data: Path) -> None:
    for one in load(shared_data, "formats-vectors")["vkeys"]:
        assert accepted(VerifierKey.parse, one["vkey"]) is one["ok"], one["vkey"]
        if one["ok"]:
            assert VerifierKey.parse(one["vkey"]).kind == one["type"]
            assert one["type"] in KNOWN_KINDS


def test_checkpoint_bodies_of_the_formats_library_need_a_root_of_32_bytes(shared_data: Path) -> None:
    for one in load(shared_data, "formats-vectors")["checkpoint_bodies"]:
        lines = one["body"].split("\n")
        strict = one["ok"] and len(base64.b64decode(lines[2])) == merkle.HASH
        assert accepted(Checkpoint.parse, one["body"].encode()) is strict, one["body"]
        if one["ok"]:
            lines[2] = base64.b64encode(bytes(32)).decode()
            assert Checkpoint.parse("\n".join(lines).encode()).more == tuple(lines[3:-1])


def test_bad_proofs_of_the_formats_library_are_refused(shared_data: Path) -> None:
    for one in load(shared_data, "formats-vectors")["tlog_proofs_bad"]:
        assert not accepted(TlogProof.parse, one["proof"].encode()), one["why"]


def test_policies_of_the_formats_library(shared_data: Path) -> None:
    for one in load(shared_data, "formats-vectors")["policies"]:
        assert accepted(Policy.parse, one["policy"]) is one["ok"], one["policy"]


def test_the_log_of_tessera_verifies_at_each_of_its_sizes(shared_data: Path) -> None:
    log = load(shared_data, "tessera-log")
    files = {path: base64.b64decode(content) for path, content in log["files"].items()}
    key, older = VerifierKey.parse(log["vkey"]), Checkpoint("", 0, merkle.EMPTY_ROOT)
    for size in range(16):
        now = opened(files[f"checkpoint.{size}"], key).checkpoint
        tree = Tree(size, lambda tile: files[tile.path])
        assert (now.origin, now.size, now.root) == (log["origin"], size, tree.root())
        if size:
            entries = unbundled(files[TileName(-1, 0, size).path], size)
            assert merkle.root_of([merkle.leaf_hash(entry) for entry in entries]) == now.root
            for index, entry in enumerate(entries):
                merkle.verify_inclusion(index, size, merkle.leaf_hash(entry), tree.inclusion(index), now.root)
        consistent = tree.consistency(older.size) if older.size else []
        merkle.verify_consistency(older.size, size, consistent, older.root, now.root)
        older = now
    assert opened(files["checkpoint"], key).checkpoint == older


def rekor_inclusion(case: dict[str, Any]) -> None:
    """Verify the first entry of a Rekor v2 bundle by the checkpoint in it."""
    entry = case["bundle.sigstore.json"]["tlogEntries"][0]
    proof = entry.get("inclusionProof")
    if proof is None:
        raise BadProof("the bundle has no proof of inclusion")
    logs = {one["logId"]["keyId"]: one for one in case["trusted_root.json"]["tlogs"]}
    log = logs[entry["logId"]["keyId"]]
    public = base64.b64decode(log["publicKey"]["rawBytes"])[-32:]
    assert log["publicKey"]["keyDetails"] == "PKIX_ED25519"
    key = VerifierKey(log["baseUrl"].removeprefix("https://"), KeyKind.NOTE, public)
    assert key.key_id == base64.b64decode(entry["logId"]["keyId"])[:4]
    under = opened(proof["checkpoint"]["envelope"].encode(), key).checkpoint
    leaf = merkle.leaf_hash(base64.b64decode(entry["canonicalizedBody"]))
    assert (str(under.size), under.root) == (proof["treeSize"], base64.b64decode(proof["rootHash"]))
    merkle.verify_inclusion(int(proof["logIndex"]), under.size, leaf, hashes(proof["hashes"]), under.root)


def test_bundles_of_rekor_are_judged_as_sigstore_judges_them(shared_data: Path) -> None:
    cases = load(shared_data, "rekor2-bundles")["cases"]
    assert len(cases) == 6
    for name, case in cases.items():
        assert accepted(rekor_inclusion, case) is (case["expect"] == "pass"), name
