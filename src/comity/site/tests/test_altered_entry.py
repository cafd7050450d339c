"""Trying to falsify on the home page: what the two forgers make of a copy, and what the verifier says of it."""

import pytest

from comity.record.core.audit import audit
from comity.record.tests.conftest import three_subjects
from comity.site.home.altered_entry import falsified, made_to_fit

COPY = three_subjects(300).copy()


@pytest.mark.parametrize("index", [5, 299])
def test_the_verifier_names_the_entry_that_either_forger_altered(index: int) -> None:
    """The second makes seal, leaf, tiles and root fit: then what was kept from before names the entry."""
    false = falsified(COPY, index, "votes", 6_000)
    assert {fault.index for fault in audit(false)} == {index}
    fitting = made_to_fit(false, index, "votes")
    assert fitting.checkpoint.root != COPY.checkpoint.root
    assert {fault.index for fault in audit(fitting)} <= {index}
    told = audit(fitting, [COPY.checkpoint], [COPY.hashes])
    assert {fault.index for fault in told} == {index, None}


def test_whoever_alters_nothing_is_told_yes() -> None:
    assert audit(falsified(COPY, 5, "votes", 5)) == []
