"""Ten thousand random mutations in every run, a million in the long one: nothing is believed that nobody said."""

import os
import secrets
import shutil
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

import pytest

from comity.record.core.copy import CHECKPOINT
from comity.record.tests import mutations
from comity.record.tests.built import write
from comity.record.tests.files import serving
from comity.record.tests.mutated_copies import judged_copy, published, some_copy
from comity.record.tests.mutations import KINDS, POLICY, FalseAccept
from comity.record.tests.other import alone, judged

TEN_THOUSAND, MILLION, BATCH = 10_000, 1_000_000, 5_000


def fresh_seed() -> int:
    """Another one in every run; a failure names it, and COMITY_MUTATIONS takes it again."""
    return int(os.environ.get("COMITY_MUTATIONS") or secrets.randbelow(2**32))


def test_ten_thousand_mutations_and_no_false_accept() -> None:
    counted = mutations.run(fresh_seed(), 0, TEN_THOUSAND)
    assert sum(map(sum, counted.values())) == TEN_THOUSAND
    for kind, (refused, accepted) in counted.items():
        assert refused > accepted > 0, (kind, refused, accepted)  # what changes nothing that counts is accepted


@pytest.mark.long
def test_a_million_mutations_and_no_false_accept() -> None:
    seed, counted = fresh_seed(), Counter[str]()
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        batches = range(0, MILLION, BATCH)
        for told in pool.map(mutations.run, [seed] * len(batches), batches, [BATCH] * len(batches)):
            counted.update({kind: sum(pair) for kind, pair in told.items()})
    assert sum(counted.values()) == MILLION


def test_mutated_copies_of_a_whole_log_and_no_false_accept() -> None:
    seed, counted = fresh_seed(), Counter[bool]()
    for number in range(400):
        random = Random(f"{seed}:{number}")  # noqa: S311 - it chooses, it keeps no secret
        try:
            counted[judged_copy(some_copy(random), published(random.randrange(2)).kept)[0]] += 1
        except Exception as error:
            raise FalseAccept(f"seed {seed}, number {number}: {error!r}") from error
    assert counted[False] > counted[True] > 0


@pytest.mark.parametrize("count", [100, pytest.param(5_000, marks=pytest.mark.long)])
def test_the_stand_alone_verifier_judges_mutated_copies_alike(count: int, tmp_path: Path) -> None:
    seed = fresh_seed()
    asked, kept = tmp_path / "policy", tmp_path / "kept"
    asked.write_text(str(POLICY))
    for number in range(count):
        random = Random(f"{seed}:{number}")  # noqa: S311
        files, face = some_copy(random), published(random.randrange(2))
        write(tmp_path / "copy", files)
        kept.write_bytes(face.kept)
        arguments = "--trusted", str(kept), "--policy", str(asked)
        told = judged_copy(files, face.kept)
        assert judged(tmp_path / "copy", *arguments) is told[0], (seed, number, told)
        shutil.rmtree(tmp_path / "copy")


@pytest.mark.parametrize("size", [10**7, 8 * 10**15, 2**63 - 1])
def test_a_size_that_nobody_can_have_written_costs_no_reader_time_or_memory(size: int, tmp_path: Path) -> None:
    files, kept = dict(published(0).files), published(0).kept
    files[CHECKPOINT] = files[CHECKPOINT].replace(b"\n40\n", b"\n%d\n" % size)
    accepted, words = judged_copy(files, kept)
    assert not accepted
    assert f"says {size} entries, but most of them are not there" in words
    write(tmp_path, files)
    for arguments in ([], ["--entries", "0-3"]):
        assert alone(tmp_path, *arguments).returncode == 1
    with serving({"/log": tmp_path}) as address:
        said = alone(f"{address}/log/")
        assert said.returncode == 1
        assert f"says {size} entries, but most of them are not there" in said.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_judged_is_the_same_each_time_for_one_seed(kind: str) -> None:
    once, again = ([KINDS[kind](Random(number)) for number in range(50)] for _ in range(2))  # noqa: S311
    assert once == again


def test_a_reader_that_believes_too_much_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.record.core.merkle.verify_inclusion", lambda *given: None)
    with pytest.raises(FalseAccept, match="seed 1, number"):
        mutations.run(1, 0, 500)


def test_a_reader_that_overlooks_a_false_signature_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.record.core.notes.VerifierKey._check", lambda *given: None)
    with pytest.raises(FalseAccept, match="seed 1, number"):
        mutations.run(1, 0, 500)
