"""The witness, written apart, judges by the same table and the same vectors as the product."""

import base64
import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint
from comity.record.tests import strict_cases
from comity.record.tests.test_strict import raw, unbased
from comity.record.tests.witnesses import PROGRAM_READ as PROGRAM
from comity.record.tests.witnesses import WitnessedLog, asking, made

TABLE: list[dict[str, Any]] = json.loads(strict_cases.TABLE.read_text())
Row = dict[str, Any]
Proven = Callable[[int, int, Sequence[bytes], bytes, bytes], bool]


def accepted(read: Callable[[], object]) -> bool:
    try:
        read()
    except (PROGRAM.Malformed, PROGRAM.Refused):
        return False
    return True


def keys(row: Row) -> list[Any]:
    """The keys of logs; a witness trusts no other witness."""
    known = [PROGRAM.read_vkey(key) for key in row["given"]["keys"]]
    return [key for key in known if key.kind == PROGRAM.NOTE_KEY]


def judged(form: str, read: Callable[[Row], object]) -> list[tuple[str, bool]]:
    rows = [row for row in TABLE if row["form"] == form]
    assert rows
    return [
        (row["name"], row["reason"] is None)
        for row in rows
        if accepted(lambda row=row: read(row)) != (row["reason"] is None)  # type: ignore[misc]
    ]


def test_keys_are_read_as_the_table_says() -> None:
    assert judged("vkey", lambda row: PROGRAM.read_vkey(row["given"]["vkey"])) == []


def test_notes_are_read_as_the_table_says() -> None:
    """But for the lines of other witnesses, which say nothing to this one."""

    def read(row: Row) -> None:
        PROGRAM.signed_by(PROGRAM.read_note(raw(row["given"], "note")), keys(row))

    others = {row["name"] for row in TABLE if row["form"] == "note" and "cosignature" in row["name"]}
    others.add("a witness's second time: the first counts")
    assert [case for case in judged("note", read) if case[0] not in others] == []


def test_checkpoints_are_read_as_the_table_says() -> None:
    def read(row: Row) -> None:
        """A witness reads a checkpoint only in a note."""
        note = PROGRAM.read_note(raw(row["given"], "body") + "\n— x AAAAAAA=\n".encode())
        head = PROGRAM.read_head(note.text)
        if head.size == 0 and head.root != PROGRAM.EMPTY_ROOT:
            raise PROGRAM.Refused(422, "")

    assert judged("body", read) == []


def test_bundles_are_read_as_the_table_says() -> None:
    def read(row: Row) -> None:
        PROGRAM.unbundled(base64.b64decode(row["given"]["bundle"]), row["given"]["count"])

    assert judged("bundle", read) == []


@pytest.fixture
def proven(tmp_path: Path) -> Iterator[Proven]:
    """Whether a witness that has seen one tree cosigns another."""
    log = WitnessedLog()
    made(tmp_path / "w1", log.key.verifier)
    witness = PROGRAM.Witness(tmp_path / "w1")

    def ask(older: int, newer: int, path: Sequence[bytes], older_root: bytes, newer_root: bytes) -> bool:
        with witness.store.transaction():
            witness.store.keep(PROGRAM.Head(log.origin, older, older_root), b"seen\n\n", 0)
        note = log.signed(Checkpoint(log.origin, newer, newer_root).body())
        (answer,) = witness.answers([asking(older, path, note)], 0)
        assert answer.status in (200, 400, 422)
        return bool(answer.status == 200)

    with witness.store:
        yield ask


def test_proofs_are_taken_as_the_table_says(proven: Proven) -> None:
    wrong = []
    for row in TABLE:
        if row["form"] == "consistency":
            given = row["given"]
            path, roots = unbased(*given["path"]), unbased(*given["roots"])
            if int(given["older"]) == 0 and roots[0] != merkle.EMPTY_ROOT:
                continue  # a witness that has seen nothing knows no root of it
            found = proven(int(given["older"]), int(given["newer"]), path, roots[0], roots[1])
            if found != (row["reason"] is None):
                wrong.append(row["name"])
    assert wrong == []


@pytest.mark.data
def test_the_vectors_of_consistency_are_judged_strictly(proven: Proven, shared_data: Path) -> None:
    vectors = json.loads((shared_data / "tlog" / "merkle-proofs.json").read_text())["consistency"]
    assert len(vectors) == 43
    for vector in vectors:
        given = vector.get("data", vector)
        roots = unbased(given["root1"] or "", given["root2"] or "")
        strict = given["wantErr"] or any(len(root) != merkle.HASH for root in roots)
        found = proven(given["size1"], given["size2"], unbased(*(given["proof"] or [])), *roots)
        assert found is not strict, vector


@pytest.mark.parametrize("seed", [1, 2])
def test_of_five_hundred_mutated_requests_none_is_cosigned_that_says_something_else(tmp_path: Path, seed: int) -> None:
    log, dice = WitnessedLog().grow(90), random.Random(seed)  # noqa: S311
    made(tmp_path / "w1", log.key.verifier)
    true = log.request(70)
    head = PROGRAM.Head(log.origin, 70, merkle.root_of(log.hashes(70)))
    witness = PROGRAM.Witness(tmp_path / "w1")
    with witness.store as store:
        for number in range(500):
            with store.transaction():
                store.keep(head, log.note(70), 0)
            body = bytearray(true)
            for _change in range(dice.randint(1, 3)):
                place = dice.randrange(len(body))
                body[place : place + dice.randint(0, 2)] = dice.randbytes(dice.randint(0, 2))
            (answer,) = witness.answers([bytes(body)], 0)
            assert answer.status in (200, 400, 403, 404, 409, 422), (seed, number, answer)
            assert answer.status != 200 or _same(bytes(body), true), (seed, number, bytes(body))
    assert not (tmp_path / "w1" / "evidence").exists()


def _same(body: bytes, true: bytes) -> bool:
    """Whether it asks for the same: what stands after the lines of the log's own key counts for nothing."""
    asked, meant = PROGRAM.read_request(body), PROGRAM.read_request(true)
    return bool((asked.old, asked.proof, asked.note.text) == (meant.old, meant.proof, meant.note.text))
