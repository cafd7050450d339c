"""Who decides who reads what, and what the clock and a second person do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from comity.conftest import OPERATOR, Cast
from comity.engagements.models import Engagement
from comity.engagements.tests.factories import CONVENED, talks
from comity.engagements.withheld import closed_meetings, withheld_by_year
from comity.people.access import SeatNotInForce
from comity.people.actions import register_person, revoke_seat
from comity.people.models import Role, Seat
from comity.people.queries import actor_of
from comity.people.tests.seats import grant_seat
from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.levels import Attribution, Level, Realm
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.refusals import NotAllowed
from comity.record.queries import written_about
from comity.visibility import actions, jobs
from comity.visibility.core import EmbargoInThePast, ProtectedTooLong, Terms
from comity.visibility.models import Protection
from comity.visibility.queries import default_for, terms_of
from comity.visibility.tests.factories import closed_talks

pytestmark = pytest.mark.django_db
LATER = CONVENED + timedelta(hours=1)
UNTIL = date(2026, 9, 1)


def place(actor: ActorRef = ANONYMOUS, at: datetime = LATER) -> Place:
    return Place(Realm.FICTION, "en", actor, at, at.date())


def seen(row: Engagement, actor: ActorRef, at: datetime = LATER) -> bool:
    return Engagement.objects.visible_to(actor, at).filter(pk=row.pk).exists()


def level_of_entry(row: Engagement, type_: str) -> int:
    entry = written_about(Ref("engagement", row.public_id), type_)
    assert entry is not None
    return entry.level


def ask(row: Engagement, cast: Cast, at: datetime = LATER, until: date = UNTIL) -> Protection:
    return actions.ask_protection(row, reason="a guest is at risk", until=until, by=cast.amina, at=at)


def officer(cast: Cast, name: str, at: datetime) -> ActorRef:
    person = register_person(name=name, email=f"{name.lower()}@example.org", language="en", by=OPERATOR, at=at)
    seat = grant_seat(
        person=person, organisation=cast.party, role=Role.OFFICER, title="", start=date(2026, 1, 1), by=OPERATOR, at=at
    )  # fmt: skip
    return actor_of(seat)


def test_only_the_originator_opens_and_narrows(cast: Cast, check_record: Callable[[], None]) -> None:
    row = closed_talks(cast)
    opened = replace(terms_of(row), level=Level.PUBLIC)
    for other in (cast.secretariat, cast.chen, cast.boris, cast.stranger, OPERATOR):
        with pytest.raises(NotAllowed):
            actions.change_terms(row, opened, reason="curiosity", by=other, at=LATER)
    assert not seen(row, ANONYMOUS)
    actions.change_terms(row, opened, reason="it is over", by=cast.amina, at=LATER)
    assert seen(row, ANONYMOUS)
    assert level_of_entry(row, "visibility.terms_changed") == Level.BODY


def test_two_who_change_at_once_do_not_overwrite_each_other(cast: Cast) -> None:
    row, same = talks(cast), Engagement.objects.get()
    actions.change_terms(row, replace(terms_of(row), level=Level.NETWORK), reason="a", by=cast.amina, at=LATER)
    with pytest.raises(actions.DecidedMeanwhile):
        actions.change_terms(same, replace(terms_of(same), level=Level.BODY), reason="b", by=cast.amina, at=LATER)
    row.refresh_from_db()
    assert row.level == Level.NETWORK


def test_an_embargo_lets_go_to_the_minute(cast: Cast) -> None:
    row, until = talks(cast), datetime(2026, 3, 3, 9, tzinfo=UTC)
    terms = replace(terms_of(row), embargo_until=until, embargo_zone="Europe/Paris")
    actions.change_terms(row, terms, reason="with the press", by=cast.amina, at=LATER)
    assert not seen(row, ANONYMOUS, until - timedelta(seconds=1))
    assert seen(row, cast.amina, until - timedelta(seconds=1))
    assert seen(row, ANONYMOUS, until)
    assert len(closed_meetings(place(at=until - timedelta(seconds=1)))) == 1
    assert level_of_entry(row, "visibility.terms_changed") == Level.ORGANISATION
    past = replace(terms, embargo_until=LATER - timedelta(minutes=1))
    with pytest.raises(EmbargoInThePast):
        actions.change_terms(row, past, reason="late", by=cast.amina, at=LATER)


def test_an_expired_seat_decides_nothing(cast: Cast) -> None:
    row = talks(cast)
    revoke_seat(Seat.objects.get(public_id=cast.amina.id), by=OPERATOR, at=LATER)
    with pytest.raises(SeatNotInForce):
        actions.raise_flag(row, reason="danger", by=cast.amina, at=LATER)
    with pytest.raises(SeatNotInForce):
        actions.change_terms(row, Terms(Level.NETWORK), reason="x", by=cast.amina, at=LATER)


@pytest.mark.parametrize("level", [Level.PUBLIC, Level.NETWORK, Level.BODY, Level.ORGANISATION, Level.ROOM])
def test_any_seat_of_the_originator_closes_a_thing_at_once(cast: Cast, level: Level) -> None:
    row = talks(cast, level=level)
    with pytest.raises(NotAllowed):
        actions.raise_flag(row, reason="danger", by=cast.chen, at=LATER)
    actions.raise_flag(row, reason="danger", by=cast.boris, at=LATER)
    assert [seen(row, who) for who in (ANONYMOUS, cast.secretariat, cast.chen, cast.boris)] == [False] * 3 + [True]
    assert closed_meetings(place()) == []
    assert row.review_on == LATER.date() + timedelta(days=30)
    with pytest.raises(actions.DecidedMeanwhile):
        actions.raise_flag(row, reason="again", by=cast.amina, at=LATER)
    with pytest.raises(NotAllowed):
        actions.lift_flag(row, reason="over", by=cast.boris, at=LATER)
    actions.lift_flag(row, reason="over", by=cast.amina, at=LATER)
    assert seen(row, cast.amina)
    assert seen(row, ANONYMOUS) == (level == Level.PUBLIC)


def test_a_closed_meeting_is_public_in_a_line_until_two_persons_protect_it(
    cast: Cast, check_record: Callable[[], None]
) -> None:
    row = closed_talks(cast)
    (line,) = closed_meetings(place())
    assert (line.network, line.first_day, line.house_rule, line.band) == (cast.network, row.first_day, "closed", (0, 0))
    protection = ask(row, cast)
    assert len(closed_meetings(place())) == 1
    with pytest.raises(NotAllowed):
        actions.decide_protection(protection, approve=True, reason="yes", by=cast.amina, at=LATER)
    actions.decide_protection(protection, approve=True, reason="yes", by=cast.dana, at=LATER)
    assert closed_meetings(place()) == []
    (count,) = withheld_by_year(place())
    assert (count.meetings, count.restricted, count.existence_protected) == (1, 1, 1)
    with pytest.raises(actions.DecidedMeanwhile):
        actions.decide_protection(protection, approve=False, reason="no", by=cast.secretariat, at=LATER)
    actions.lift_protection(protection, by=cast.amina, at=LATER)
    assert len(closed_meetings(place())) == 1
    for step in ("asked", "approved", "lifted"):
        assert level_of_entry(row, f"visibility.protection_{step}") == Level.SEALED


def test_one_person_in_two_seats_is_one_person(cast: Cast) -> None:
    row = closed_talks(cast)
    asking = Seat.objects.get(public_id=cast.amina.id)
    protection = ask(row, cast)
    second = grant_seat(
        person=asking.person, organisation=cast.network, role=Role.SECRETARIAT, title="", start=date(2026, 1, 1),
        by=OPERATOR, at=CONVENED,
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="different persons"):
        actions.decide_protection(protection, approve=True, reason="yes", by=actor_of(second), at=LATER)
    other = officer(cast, "Olga", CONVENED)
    assert actions.decide_protection(protection, approve=True, reason="yes", by=other, at=LATER).state == "approved"


def test_a_protection_ends_by_the_clock_and_can_be_renewed(cast: Cast) -> None:
    row = closed_talks(cast)
    with pytest.raises(ProtectedTooLong):
        ask(row, cast, until=date(2027, 3, 3))
    first = actions.decide_protection(ask(row, cast), approve=True, reason="yes", by=cast.dana, at=LATER)
    last_minute = datetime(2026, 9, 1, 23, 59, tzinfo=UTC)
    assert closed_meetings(place(at=last_minute)) == []
    assert len(closed_meetings(place(at=last_minute + timedelta(minutes=1)))) == 1
    renewed = ask(row, cast, at=last_minute, until=date(2027, 1, 1))
    actions.decide_protection(renewed, approve=True, reason="still", by=cast.dana, at=last_minute)
    after = last_minute + timedelta(minutes=1)
    assert closed_meetings(place(at=after)) == []
    assert jobs.run_out(Realm.FICTION, after) == 1
    assert jobs.run_out(Realm.FICTION, after) == 0
    first.refresh_from_db()
    assert first.state == "expired"


def test_asked_in_the_act_of_convening_it_holds_while_the_second_person_is_found(cast: Cast) -> None:
    closed_talks(cast, protection=("a guest is at risk", UNTIL))
    assert closed_meetings(place(at=CONVENED)) == []
    assert closed_meetings(place(at=CONVENED + actions.MEANWHILE - timedelta(seconds=1))) == []
    assert len(closed_meetings(place(at=CONVENED + actions.MEANWHILE))) == 1


def test_what_is_public_has_no_existence_to_protect(cast: Cast) -> None:
    with pytest.raises(actions.PublicAlready):
        ask(talks(cast), cast)


def test_a_network_adopts_its_own_default_from_a_day_on(cast: Cast) -> None:
    told: dict[str, Any] = {"network": cast.network, "kind": "engagement", "body": "", "level": Level.NETWORK,
            "attribution": Attribution.ROLE, "why": "Our orders, article 9"}  # fmt: skip
    with pytest.raises(NotAllowed):
        actions.adopt_default(**told, from_day=date(2026, 4, 1), by=cast.amina, at=LATER)
    actions.adopt_default(**told, from_day=date(2026, 4, 1), by=cast.secretariat, at=LATER)
    before, after = datetime(2026, 3, 31, 23, tzinfo=UTC), datetime(2026, 4, 1, 1, tzinfo=UTC)
    assert default_for("engagement", cast.network, before).level is Level.PUBLIC
    assert default_for("engagement", cast.network, after) == Terms(Level.NETWORK, Attribution.ROLE)
    assert default_for("engagement", cast.network, after, body="dialogue").level is Level.BODY
    assert default_for("nothing-known", cast.network, after).level is Level.ORGANISATION
    with pytest.raises(actions.DefaultThatDay):
        actions.adopt_default(**told, from_day=date(2026, 4, 1), by=cast.secretariat, at=LATER)
