from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.conftest import Cast
from comity.engagements import access
from comity.engagements.actions import (
    AlreadyRegistered,
    AlreadyReported,
    CapacityNotStated,
    HouseRuleNotStated,
    NotOverYet,
    RegistrationIsOver,
    register_delegation,
    report,
)
from comity.engagements.core import report_due, report_duty
from comity.engagements.models import Engagement
from comity.engagements.tests.factories import CONVENED, ENDS, talks
from comity.people.access import SeatNotInForce
from comity.plain.actors import ANONYMOUS, ActorKind, ActorRef
from comity.plain.duties import Duty
from comity.plain.levels import Attribution, Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, NotAllowed
from comity.plain.time import UnknownZone
from comity.record.queries import entries_of

Check = Callable[[], None]


def test_an_engagement_keeps_capacity_and_rule_and_enters_the_record(cast: Cast, check_record: Check) -> None:
    row = talks(cast)
    assert (row.capacity, row.house_rule, row.attribution) == ("party", "non-attributed", Attribution.NONE)
    register_delegation(row, organisation=cast.other_party, size=3, by=cast.chen, at=CONVENED)
    report(row, words="We met.", language="en", by=cast.chen, at=ENDS + timedelta(days=1))
    check_record()
    types = [entry.type for entry in entries_of(Ref("engagement", row.public_id))]
    assert types == ["engagements.convened", "engagements.delegation_registered", "engagements.reported"]


@pytest.mark.parametrize(
    ("different", "refusal"),
    [
        ({"capacity": ""}, CapacityNotStated),
        ({"capacity": "nation"}, CapacityNotStated),
        ({"capacity": "parliament"}, CapacityNotStated),
        ({"house_rule": ""}, HouseRuleNotStated),
        ({"kind": "party"}, BadInput),
        ({"title": " "}, BadInput),
        ({"place": ""}, BadInput),
        ({"ends": CONVENED}, BadInput),
        ({"zone": "Halmere/Ferrin"}, UnknownZone),
    ],
)
def test_what_cannot_be_convened(cast: Cast, different: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        talks(cast, **different)
    assert not Engagement.objects.exists()


def test_who_may_convene(cast: Cast) -> None:
    for actor in (cast.boris, cast.chen, cast.dana, ANONYMOUS):
        with pytest.raises(NotAllowed):
            talks(cast, by=actor)
    with pytest.raises((NotAllowed, SeatNotInForce)):
        talks(cast, by=ActorRef(ActorKind.SEAT, "a" * 16, cast.party.public_id))
    assert talks(cast, organisation=cast.network, by=cast.secretariat).originator == cast.network


def test_a_delegation_registers_itself_once_and_in_time(cast: Cast) -> None:
    row = talks(cast)
    with pytest.raises(NotAllowed):
        register_delegation(row, organisation=cast.other_party, size=2, by=cast.amina, at=CONVENED)
    with pytest.raises(BadInput):
        register_delegation(row, organisation=cast.other_party, size=0, by=cast.chen, at=CONVENED)
    with pytest.raises(RegistrationIsOver):
        register_delegation(row, organisation=cast.other_party, size=2, by=cast.chen, at=ENDS + timedelta(minutes=1))
    register_delegation(row, organisation=cast.other_party, size=2, by=cast.chen, at=CONVENED)
    with pytest.raises(AlreadyRegistered):
        register_delegation(row, organisation=cast.other_party, size=2, by=cast.chen, at=CONVENED)


def test_a_report_is_written_once_after_the_end_by_those_who_met(cast: Cast) -> None:
    row = talks(cast)
    with pytest.raises(NotOverYet):
        report(row, words="Too early.", language="en", by=cast.amina, at=ENDS - timedelta(days=1))
    with pytest.raises(NotAllowed):
        report(row, words="We were not there.", language="en", by=cast.chen, at=ENDS)
    with pytest.raises(BadInput):
        report(row, words=" ", language="en", by=cast.amina, at=ENDS)
    report(row, words="We met.", language="en", by=cast.amina, at=ENDS)
    with pytest.raises(AlreadyReported):
        report(row, words="We met again.", language="en", by=cast.secretariat, at=ENDS)


def test_a_closed_engagement_is_known_but_its_report_is_not(cast: Cast) -> None:
    row = talks(cast, house_rule="closed")
    register_delegation(row, organisation=cast.other_party, size=2, by=cast.chen, at=CONVENED)
    report(row, words="Said in the room.", language="en", by=cast.amina, at=ENDS)
    assert Engagement.objects.visible_to(ANONYMOUS, ENDS).filter(pk=row.pk).exists()
    assert access.may_read_report(cast.chen, row)
    for reader in (ANONYMOUS, cast.stranger, cast.secretariat):
        assert not access.may_read_report(reader, row)


def test_at_level_body_only_those_who_take_part_see_it(cast: Cast) -> None:
    row = talks(cast, level=Level.BODY)
    seen = {name: Engagement.objects.visible_to(getattr(cast, name), ENDS).exists() for name in ("amina", "chen")}
    assert seen == {"amina": True, "chen": False}
    register_delegation(row, organisation=cast.other_party, size=2, by=cast.chen, at=CONVENED)
    assert Engagement.objects.visible_to(cast.chen, ENDS).in_realm(Realm.FICTION).exists()
    assert not Engagement.objects.visible_to(cast.stranger, ENDS).exists()
    assert not Engagement.objects.visible_to(ANONYMOUS, ENDS).exists()


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 90), st.integers(0, 120))
def test_a_report_is_kept_late_silent_or_not_due(last_day: date, after: int, reported_after: int) -> None:
    day, reported = last_day + timedelta(days=after), last_day + timedelta(days=reported_after)
    duty = report_duty(last_day, reported, day)
    if reported <= day:
        assert duty == (Duty.KEPT if reported <= report_due(last_day) else Duty.LATE)
    else:
        assert duty == (Duty.SILENT if after > 30 else Duty.NOT_DUE)
    assert report_duty(last_day, None, day) in {Duty.SILENT, Duty.NOT_DUE}
