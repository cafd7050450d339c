"""The state of a promise follows from its facts and a day, and from nothing that came later."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from comity.commitments.core import Kept, Moved, due_on, since, state
from comity.plain.duties import Duty

DUE = date(2026, 10, 18)
DAY = st.integers(-40, 40).map(lambda n: DUE + timedelta(days=n))
KEPT = st.lists(st.builds(Kept, DAY, DAY), max_size=3)
MOVED = st.lists(st.builds(Moved, DAY, DAY), max_size=3)
REPLIES = st.lists(DAY, max_size=3)


def test_the_five_states() -> None:
    day = DUE + timedelta(days=1)
    assert state(DUE, [], [], [], DUE) is Duty.NOT_DUE
    assert state(DUE, [], [], [], day) is Duty.SILENT
    assert state(DUE, [], [day], [], day) is Duty.MISSED
    assert state(DUE, [Kept(DUE, day)], [], [], day) is Duty.KEPT
    assert state(DUE, [Kept(day, day)], [day], [], day) is Duty.LATE


def test_a_postponement_counts_from_the_day_it_was_agreed() -> None:
    later = DUE + timedelta(days=30)
    moved = [Moved(later, DUE + timedelta(days=5))]
    assert state(DUE, [], [], moved, DUE + timedelta(days=4)) is Duty.SILENT
    assert state(DUE, [], [], moved, DUE + timedelta(days=5)) is Duty.NOT_DUE
    assert state(DUE, [], [], moved, later + timedelta(days=1)) is Duty.SILENT
    assert due_on(DUE, moved, DUE) == DUE


@given(KEPT, REPLIES, MOVED, DAY)
def test_what_came_later_never_leaks_into_a_day(
    evidence: list[Kept], replies: list[date], moved: list[Moved], day: date
) -> None:
    known = (
        [kept for kept in evidence if kept.filed_on <= day],
        [answered for answered in replies if answered <= day],
        [row for row in moved if row.agreed_on <= day],
    )
    assert state(DUE, evidence, replies, moved, day) is state(DUE, *known, day)


@given(KEPT, REPLIES, MOVED, DAY)
def test_a_state_lasts_from_the_day_it_began(
    evidence: list[Kept], replies: list[date], moved: list[Moved], day: date
) -> None:
    now = state(DUE, evidence, replies, moved, day)
    begun = since(DUE, evidence, replies, moved, day)
    assert begun is None or begun <= day
    assert (begun is None) <= (now is Duty.NOT_DUE)


@given(REPLIES, DAY)
def test_without_evidence_nothing_is_kept(replies: list[date], day: date) -> None:
    assert state(DUE, [], replies, [], day) in {Duty.NOT_DUE, Duty.SILENT, Duty.MISSED}
