"""Terms, the policy table and bands, on plain data."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.plain.levels import Attribution, Level
from comity.plain.time import LocalTimeDoesNotExist, LocalTimeIsAmbiguous
from comity.visibility import core
from comity.visibility.core import Terms
from comity.visibility.queries import policy
from comity.visibility.words import WHY

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_the_policy_table_reads_whole_and_says_why() -> None:
    rows = policy().values()
    assert len(rows) > 10
    assert policy().keys() == WHY.keys()
    assert all(str(sentence).endswith(".") for sentence in WHY.values())
    assert policy()["contact", ""].level is Level.ROOM


@given(levels=st.tuples(st.sampled_from(Level), st.sampled_from(Level)))
def test_a_proposal_is_never_wider_than_its_source(levels: tuple[Level, Level]) -> None:
    later = datetime(2026, 4, 1, tzinfo=UTC)
    own, source = Terms(levels[0]), Terms(levels[1], embargo_until=later, embargo_zone="Europe/Paris")
    proposed = own.not_wider_than(source, AT)
    assert proposed.level == max(levels)
    assert (proposed.embargo_until, proposed.embargo_zone) == (later, "Europe/Paris")
    assert own.not_wider_than(source, later).embargo_until is None


def test_an_embargo_at_a_time_the_clocks_skip_or_repeat() -> None:
    with pytest.raises(LocalTimeDoesNotExist):
        core.embargo_of(datetime(2026, 3, 29, 2, 30, tzinfo=UTC), "Europe/Paris")
    with pytest.raises(LocalTimeIsAmbiguous):
        core.embargo_of(datetime(2026, 10, 25, 2, 30, tzinfo=UTC), "Europe/Paris")
    second = core.embargo_of(datetime(2026, 10, 25, 2, 30, tzinfo=UTC), "Europe/Paris", "1")
    assert second == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_embargo_in_the_past_and_a_protection_of_more_than_a_year_are_refused() -> None:
    past = Terms(Level.PUBLIC, Attribution.ORGANISATION, datetime(2026, 3, 2, 9, 59, tzinfo=UTC))
    with pytest.raises(core.EmbargoInThePast):
        core.check_terms(past, None, AT)
    core.check_terms(past, past, AT)
    core.check_protection(date(2027, 3, 2), AT.date())
    with pytest.raises(core.ProtectedTooLong):
        core.check_protection(date(2027, 3, 3), AT.date())
    with pytest.raises(core.ReviewInThePast):
        core.check_protection(AT.date(), AT.date())


def test_participants_are_told_in_bands() -> None:
    told = {n: core.band(n) for n in (0, 1, 9, 10, 49, 50, 199, 200, 5000)}
    assert told == {
        0: (0, 0), 1: (1, 9), 9: (1, 9), 10: (10, 49), 49: (10, 49), 50: (50, 199), 199: (50, 199),
        200: (200, None), 5000: (200, None),
    }  # fmt: skip
