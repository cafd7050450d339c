from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from comity.agreements import actions, sheet
from comity.agreements.core import Belonging, State, digest
from comity.agreements.models import Agreement
from comity.agreements.tests.factories import EXPIRES, PROPOSED, STARTS, agreed, founded, proposed
from comity.conftest import OPERATOR, Cast
from comity.people.access import SeatNotInForce
from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, NotAllowed
from comity.record.queries import entries_of
from comity.registry.actions import list_organisation
from comity.registry.core.refusals import RealmsNeverMix

Check = Callable[[], None]


def on(day: date, actor: ActorRef = ANONYMOUS) -> Place:
    at = PROPOSED.replace(year=day.year, month=day.month, day=day.day, hour=12)
    return Place(Realm.FICTION, "en", actor, at, day)


def state(row: Agreement, day: date) -> State:
    row = Agreement.objects.get(pk=row.pk)
    return sheet.sheet_of(row, on(day)).state


def test_an_agreement_binds_when_both_have_signed_and_expires_after_its_last_day(
    cast: Cast, check_record: Check
) -> None:
    row = proposed(cast)
    assert state(row, STARTS) is State.PROPOSED
    actions.sign(
        row, organisation=cast.other_party, authority="Congress", ad_referendum=False, by=cast.chen, at=PROPOSED
    )
    assert (state(row, EXPIRES), state(row, EXPIRES + timedelta(days=1))) == (State.IN_FORCE, State.EXPIRED)
    check_record()
    types = [entry.type for entry in entries_of(Ref("agreement", row.public_id))]
    assert types == ["agreements.proposed", "agreements.signed", "agreements.signed"]
    assert {one.digest for one in row.signatures.all()} == {digest(row.words)}


def test_a_party_that_signs_subject_to_its_board_is_not_bound_before_the_board_agreed(cast: Cast) -> None:
    row = agreed(cast, ad_referendum=True)
    assert state(row, STARTS) is State.AWAITING
    later = PROPOSED + timedelta(days=60)
    own = row.signatures.get(organisation=cast.party)
    actions.report_board(own, agrees=True, by=cast.amina, at=later)
    assert state(row, STARTS) is State.AWAITING
    assert state(row, later.date()) is State.IN_FORCE
    with pytest.raises(actions.BoardNotAwaited):
        actions.report_board(own, agrees=False, by=cast.amina, at=later)


def test_ended_early_it_stays_with_day_and_reason(cast: Cast) -> None:
    row = agreed(cast)
    day = date(2026, 9, 1)
    actions.end(row, organisation=cast.other_party, on=day, reason="Elections", by=cast.chen, at=PROPOSED)
    assert (state(row, day - timedelta(days=1)), state(row, day)) == (State.IN_FORCE, State.ENDED)
    with pytest.raises(actions.OverAlready):
        actions.end(row, organisation=cast.party, on=day, reason="Also", by=cast.amina, at=PROPOSED)


def test_a_renewal_is_an_agreement_of_its_own_between_the_same_two(cast: Cast) -> None:
    earlier = agreed(cast)
    later = proposed(cast, renews=earlier, starts=EXPIRES + timedelta(days=1), expires=EXPIRES + timedelta(days=365))
    told = sheet.sheet_of(Agreement.objects.get(pk=earlier.pk), on(EXPIRES))
    assert (told.renewals, told.agreement.expires) == ([later], EXPIRES)
    with pytest.raises(BadInput):
        proposed(cast, renews=earlier, starts=EXPIRES, expires=EXPIRES + timedelta(days=365))


@pytest.mark.parametrize(
    ("different", "refusal"),
    [
        ({"title": " "}, BadInput),
        ({"title": "Peace\u202eecaeP"}, BadInput),
        ({"words": ""}, BadInput),
        ({"scope": ""}, BadInput),
        ({"authority": " "}, BadInput),
        ({"expires": STARTS - timedelta(days=1)}, BadInput),
        ({"starts": date(1, 1, 1)}, BadInput),
    ],
)
def test_what_cannot_be_agreed_is_refused_and_leaves_nothing(
    cast: Cast, different: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        proposed(cast, **different)
    assert not Agreement.objects.exists()


def test_nobody_agrees_with_itself_with_a_network_or_with_fiction(cast: Cast) -> None:
    real = list_organisation(realm=Realm.REAL, kind="party", name="Party of Test", by=OPERATOR, at=PROPOSED)
    with pytest.raises(BadInput):
        proposed(cast, counterpart=cast.party)
    with pytest.raises(BadInput):
        proposed(cast, counterpart=cast.network)
    with pytest.raises(RealmsNeverMix):
        proposed(cast, counterpart=real)


def test_only_whoever_speaks_for_a_party_binds_it(cast: Cast) -> None:
    row = proposed(cast)
    told: dict[str, Any] = {
        "organisation": cast.other_party,
        "authority": "none",
        "ad_referendum": False,
        "at": PROPOSED,
    }
    for actor in (cast.amina, cast.boris, cast.stranger, cast.secretariat, ANONYMOUS):
        with pytest.raises(NotAllowed):
            actions.sign(row, by=actor, **told)
    actions.sign(row, by=cast.chen, **told)
    with pytest.raises(actions.AlreadySigned):
        actions.sign(row, by=cast.chen, **told)


def test_a_revoked_seat_signs_nothing(cast: Cast) -> None:
    from comity.people.actions import revoke_seat
    from comity.people.models import Seat

    row = proposed(cast)
    revoke_seat(Seat.objects.get(public_id=cast.chen.id), by=OPERATOR, at=PROPOSED)
    with pytest.raises(SeatNotInForce):
        actions.sign(
            row, organisation=cast.other_party, authority="none", ad_referendum=False, by=cast.chen, at=PROPOSED
        )


def test_levels_keep_an_agreement_between_its_parties(cast: Cast) -> None:
    from comity.agreements.tests.factories import OPEN

    row = proposed(cast, terms=OPEN.__class__(Level.BODY, OPEN.attribution))
    seen = [
        actor
        for actor in (cast.amina, cast.chen, cast.dana, cast.secretariat, cast.stranger, ANONYMOUS)
        if Agreement.objects.visible_to(actor, PROPOSED).filter(pk=row.pk).exists()
    ]
    assert seen == [cast.amina, cast.chen]


def test_parties_join_and_leave_a_coalition_each_for_itself(cast: Cast, check_record: Check) -> None:
    row = founded(cast)
    told: dict[str, Any] = {"organisation": cast.other_party, "by": cast.chen}
    actions.join(row, authority="Board of 3 March", ad_referendum=True, at=PROPOSED, **told)
    with pytest.raises(actions.BelongsAlready):
        actions.join(row, authority="Board of 3 March", ad_referendum=False, at=PROPOSED, **told)
    adhesion = row.adhesions.get(organisation=cast.other_party)
    assert [one.belonging for one in sheet.gathering_of(row, on(STARTS)).members] == [
        Belonging.BELONGS,
        Belonging.AWAITING,
    ]
    actions.report_board_on_joining(adhesion, agrees=True, by=cast.chen, at=PROPOSED + timedelta(days=2))
    actions.leave(row, on=date(2026, 9, 1), reason="Its aim is reached", at=PROPOSED + timedelta(days=9), **told)
    assert len(sheet.gathering_of(row, on(STARTS)).members) == 2
    after = sheet.gathering_of(row, on(date(2026, 9, 1)))
    assert ([one.belonging for one in after.others], len(after.members)) == ([Belonging.LEFT], 1)
    check_record()


def test_nobody_joins_for_another_or_leaves_what_it_is_not_in(cast: Cast) -> None:
    row = founded(cast)
    with pytest.raises(NotAllowed):
        actions.join(row, organisation=cast.other_party, authority="x", ad_referendum=False, by=cast.amina, at=PROPOSED)
    with pytest.raises(actions.DoesNotBelong):
        actions.leave(row, organisation=cast.other_party, on=STARTS, reason="no", by=cast.chen, at=PROPOSED)
