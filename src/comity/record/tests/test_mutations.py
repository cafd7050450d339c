"""Ten thousand random mutations in every run, a million in the long one: nothing is believed that nobody said."""

import os
import secrets
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from random import Random

import pytest

from comity.record.tests import mutations
from comity.record.tests.mutations import KINDS, FalseAccept

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
