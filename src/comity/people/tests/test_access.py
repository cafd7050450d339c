"""Each permission of this room, tried by each kind of actor."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from comity.conftest import AT, OPERATOR, Cast
from comity.people import access
from comity.people.access import Permission
from comity.people.accounts.models import Recovery
from comity.people.accounts.recovery import may_confirm
from comity.people.actions import register_person, revoke_seat
from comity.people.models import Role, Seat
from comity.people.queries import actor_of, operator
from comity.people.tests.seats import grant_seat
from comity.plain.actors import ANONYMOUS, SYSTEM, ActorRef, Verdict
from comity.plain.levels import Realm
from comity.record.signing.queries import KeyView

NOW = AT + timedelta(hours=1)
Ask = Callable[[ActorRef, "House"], Verdict]


class House:
    """The cast, with an officer of Amina's party, one whose seat was revoked, and a seat to ask about."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.target = Seat.objects.select_related("organisation", "person").get(public_id=cast.boris.id)
        officer = self.seat("Olga", Role.OFFICER)
        gone = self.seat("Gone", Role.OFFICER)
        revoke_seat(gone, by=OPERATOR, at=AT)
        self.actors: dict[str, ActorRef] = {
            "operator": OPERATOR,
            "system": SYSTEM,
            "own officer": actor_of(officer),
            "own head": cast.amina,
            "the holder": cast.boris,
            "rival head": cast.chen,
            "monitor": cast.dana,
            "secretariat": cast.secretariat,
            "foreign officer": cast.stranger,
            "revoked officer": actor_of(gone),
            "anonymous": ANONYMOUS,
            "the person": operator(self.target.person),
            "deputy": actor_of(self.seat("Deniz", Role.DEPUTY, for_seat=self.target, end=AT.date())),
            "preparer": actor_of(self.seat("Paula", Role.PREPARER, for_seat=self.target)),
        }

    def seat(self, name: str, role: Role, **beside: object) -> Seat:
        """A seat of Amina's party."""
        person = register_person(
            name=name, email=f"{name.lower()}@example.org", language="en", by=OPERATOR, at=AT, realm=Realm.FICTION
        )
        return grant_seat(
            person=person,
            organisation=self.cast.party,
            role=role,
            title="",
            start=AT.date(),
            by=OPERATOR,
            at=AT,
            **beside,
        )


SIGN, OPERATORS = {"own officer", "own head"}, {"operator", "the person"}


def key_of(house: House) -> KeyView:
    """A key of Amina's party, held by Boris's seat."""
    return KeyView(
        public_id="k" * 16,
        realm=Realm.FICTION,
        organisation=house.cast.party.public_id,
        holder=str(house.cast.boris),
        label="",
        line="",
        fingerprint="",
        origin="",
        credential="",
        valid_after=AT,
        valid_before=None,
        revoked_at=None,
        revoked_because="",
    )


ASKED: dict[Permission, tuple[Ask, set[str]]] = {
    Permission.PERSON_WRITE: (
        lambda by, house: access.may_register_person(by, NOW),
        {"operator", "system", "own officer", "secretariat", "foreign officer", "the person"},
    ),
    Permission.PASSWORD_WRITE: (
        lambda by, house: access.may_set_password(by, house.target.person),
        {"system", "the person"},
    ),
    Permission.INVITATION_WRITE: (
        lambda by, house: access.may_invite(by, NOW, house.cast.party),
        {"operator", "own officer", "the person"},
    ),
    Permission.OPERATOR_WRITE: (
        lambda by, house: access.may_make_operator(by),
        {"operator", "system", "the person"},
    ),
    Permission.RECOVERY_CONFIRM: (
        lambda by, house: may_confirm(by, NOW, Recovery(person=house.target.person, asked_at=NOW), house.cast.party),
        {"own officer"},
    ),
    Permission.WAYS_WRITE: (
        lambda by, house: access.may_set_ways_in(by, house.target.person),
        {"system", "the person"},
    ),
    Permission.SEAT_WRITE: (
        lambda by, house: access.may_grant(by, NOW, house.cast.party, Role.DELEGATE, house.cast.network),
        {"operator", "own officer", "the person"},
    ),
    Permission.SEAT_ANSWER: (lambda by, house: access.may_answer(by, house.target), {"the person"}),
    Permission.SEAT_REVOKE: (
        lambda by, house: access.may_revoke(by, NOW, house.target),
        {"operator", "own officer", "the holder", "the person"},
    ),
    Permission.SEATS_READ: (
        lambda by, house: access.may_see_seats(by, NOW, house.cast.party),
        {"operator", "own officer", "the person"},
    ),
    Permission.KEYS_READ: (lambda by, house: access.may_see_keys(by, NOW, house.cast.party), SIGN | OPERATORS),
    Permission.KEY_ISSUE: (lambda by, house: access.may_issue_key(by, NOW, house.cast.party), SIGN),
    Permission.KEY_REVOKE: (
        lambda by, house: access.may_revoke_key(by, NOW, house.cast.party, key_of(house)),
        SIGN | OPERATORS,
    ),
    Permission.KEY_FORGET: (
        lambda by, house: access.may_forget_key(by, NOW, house.cast.party, key_of(house)),
        SIGN | OPERATORS,
    ),
    Permission.DRAFT_PREPARE: (lambda by, house: access.may_prepare(by, NOW, house.target), {"preparer"}),
    Permission.DRAFT_SETTLE: (lambda by, house: access.may_settle(by, NOW, house.target), {"the holder", "deputy"}),
    Permission.CALENDAR_WRITE: (
        lambda by, house: access.may_arrange(by, NOW, house.target.person),
        {"the holder", "the person"},
    ),
    Permission.CHOICES_WRITE: (
        lambda by, house: access.may_arrange(by, NOW, house.target.person),
        {"the holder", "the person"},
    ),
}


def asked(ask: Ask, by: ActorRef, house: House) -> Verdict:
    """The verdict; a seat out of force is refused outright, by name."""
    try:
        return ask(by, house)
    except access.SeatNotInForce as refusal:
        return Verdict(False, refusal.code)


@pytest.mark.parametrize("permission", list(Permission))
def test_who_may_and_who_may_not_is_told_why(cast: Cast, permission: Permission) -> None:
    house = House(cast)
    ask, allowed = ASKED[permission]
    for name, by in house.actors.items():
        verdict = asked(ask, by, house)
        assert bool(verdict) == (name in allowed), (permission, name)
        assert verdict or verdict.reason, (permission, name)


def test_every_office_is_conferred_by_a_network_and_never_by_the_party_itself(cast: Cast) -> None:
    officer = House(cast).actors["own officer"]
    for role in Role:
        verdict = access.may_grant(officer, NOW, cast.party, role, None)
        assert bool(verdict) == (role in {Role.DELEGATE, Role.HEAD, Role.OFFICER, Role.DEPUTY, Role.PREPARER})
        assert access.may_grant(cast.secretariat, NOW, cast.network, role, None)
