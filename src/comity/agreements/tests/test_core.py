from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.agreements.core import Belonging, Days, Signed, State, belonging, digest, reminder_due, state_of

FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
SIGNED = Signed(date(2026, 3, 2))
days = st.dates(date(2020, 1, 1), date(2035, 1, 1))
signatures = st.one_of(
    st.none(),
    st.builds(
        lambda on, board, later, agrees: Signed(
            on, board is not None, on + timedelta(days=later) if board else None, agrees if board else None
        ),
        days,
        st.sampled_from([None, False, True]),
        st.integers(0, 90),
        st.booleans(),
    ),
)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 3, 1), State.PROPOSED),
        (date(2026, 3, 31), State.TO_COME),
        (FIRST, State.IN_FORCE),
        (LAST, State.IN_FORCE),
        (LAST + timedelta(days=1), State.EXPIRED),
    ],
)
def test_an_agreement_is_in_force_from_its_first_day_through_its_last(day: date, state: State) -> None:
    assert state_of(Days(FIRST, LAST), [SIGNED, SIGNED], day) is state


def test_one_signature_and_a_board_that_has_not_answered_bind_nobody() -> None:
    waiting = Signed(date(2026, 3, 2), ad_referendum=True)
    agreed = Signed(date(2026, 3, 2), ad_referendum=True, answered_on=date(2026, 5, 1), agrees=True)
    assert state_of(Days(FIRST, LAST), [SIGNED, None], FIRST) is State.PROPOSED
    assert state_of(Days(FIRST, LAST), [SIGNED, waiting], FIRST) is State.AWAITING
    assert state_of(Days(FIRST, LAST), [SIGNED, agreed], date(2026, 4, 30)) is State.AWAITING
    assert state_of(Days(FIRST, LAST), [SIGNED, agreed], date(2026, 5, 1)) is State.IN_FORCE


def test_a_board_that_declines_leaves_nothing_in_force() -> None:
    declined = Signed(date(2026, 3, 2), ad_referendum=True, answered_on=date(2026, 3, 9), agrees=False)
    assert state_of(Days(FIRST, LAST), [SIGNED, declined], FIRST) is State.DECLINED
    assert declined.bound_on() is None


@given(days, st.one_of(st.none(), days), st.lists(signatures, min_size=2, max_size=2), days)
def test_it_is_in_force_only_on_days_on_which_both_are_bound(
    starts: date, ended: date | None, signed: list[Signed | None], day: date
) -> None:
    expires = starts + timedelta(days=400)
    if state_of(Days(starts, expires, ended), signed, day) is State.IN_FORCE:
        assert starts <= day <= expires
        assert ended is None or day < ended
        assert all(one is not None and (bound := one.bound_on()) is not None and bound <= day for one in signed)


@given(signatures.filter(bool), days, days)
def test_what_a_day_shows_does_not_depend_on_what_came_later(signed: Signed, day: date, left: date) -> None:
    known = signed.by(day)
    shown = belonging(signed, left, day)
    assert shown == (belonging(known, left if left <= day else None, day) if known is not None else None)
    assert shown is None or signed.on <= day


def test_who_left_did_belong() -> None:
    assert belonging(SIGNED, date(2026, 9, 1), date(2026, 8, 31)) is Belonging.BELONGS
    assert belonging(SIGNED, date(2026, 9, 1), date(2026, 9, 1)) is Belonging.LEFT


@pytest.mark.parametrize(("left", "days_before"), [(91, None), (90, 90), (31, 90), (30, 30), (0, 30), (-1, None)])
def test_the_reminder_of_a_stretch_holds_until_the_next(left: int, days_before: int | None) -> None:
    assert reminder_due(LAST, LAST - timedelta(days=left)) == days_before


def test_an_agreement_without_last_day_reminds_nobody() -> None:
    assert reminder_due(None, FIRST) is None


def test_the_fingerprint_is_of_the_very_words() -> None:
    assert digest("peace") == "c2e10c20bf46daf0ba03f725218b012544a3d0d3b37334eeb1d4d81e5406e478"
    assert digest("peace") != digest("peace ")
