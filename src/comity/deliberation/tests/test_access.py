"""Each permission, in each phase, for each kind of actor; a refusal always gives its reason."""

from datetime import datetime

import pytest

from comity.conftest import Cast
from comity.deliberation import access, actions
from comity.deliberation.access import Permission
from comity.deliberation.tests import factories
from comity.deliberation.tests.factories import AFTER, CLOSES, DURING, OPENS
from comity.plain.actors import ANONYMOUS, SYSTEM, ActorKind, ActorRef, Verdict

HEADS = {"amina"}
PARTY = {"amina", "boris"}
CHAIR = {"secretariat", "facilitator"}
ALLOWED: dict[Permission, set[str]] = {
    Permission.CONVERSATION_OPEN: HEADS,
    Permission.CONVERSATION_CLOSE: CHAIR,
    Permission.DELEGATION_ADMIT: CHAIR,
    Permission.STATEMENT_PROPOSE: PARTY,
    Permission.STATEMENT_SILENCE: CHAIR,
    Permission.PLACE_TAKE: PARTY,
    Permission.VOTES_SEAL: CHAIR | {"system"},
    Permission.PRINCIPLE_DRAW: CHAIR,
    Permission.MINORITY_REPORT_FILE: {"facilitator"},
}
ACTORS = ("amina", "boris", "chen", "dana", "secretariat", "facilitator", "stranger", "anonymous", "operator", "system")


def test_every_permission_stands_in_the_matrix() -> None:
    assert set(ALLOWED) == set(Permission)


@pytest.mark.parametrize("permission", list(Permission))
def test_who_may_do_what(cast: Cast, permission: Permission) -> None:
    chair = factories.facilitator(cast)
    opened, stated, _run = factories.closed(cast, chair)
    if permission in {Permission.STATEMENT_PROPOSE, Permission.PLACE_TAKE}:
        opened = factories.conversation(cast, title="Of one party")
    actors: dict[str, ActorRef] = {
        **{name: getattr(cast, name) for name in ("amina", "boris", "chen", "dana", "secretariat", "stranger")},
        "facilitator": chair,
        "anonymous": ANONYMOUS,
        "operator": ActorRef(ActorKind.OPERATOR, "o" * 16),
        "system": SYSTEM,
    }

    def verdict(by: ActorRef, at: datetime) -> Verdict:
        if permission is Permission.MINORITY_REPORT_FILE:
            assert principle is not None
            return access.may_file_report(by, at, principle, 2)
        asked = {
            Permission.CONVERSATION_OPEN: lambda: access.may_open(by, at, cast.network, cast.party),
            Permission.CONVERSATION_CLOSE: lambda: access.may_close(by, at, opened),
            Permission.DELEGATION_ADMIT: lambda: access.may_admit(by, at, opened),
            Permission.STATEMENT_PROPOSE: lambda: access.may_propose(by, at, opened, own),
            Permission.STATEMENT_SILENCE: lambda: access.may_silence(by, at, opened),
            Permission.PLACE_TAKE: lambda: access.may_take_place(by, at, opened, own),
            Permission.VOTES_SEAL: lambda: access.may_seal(by, at, opened),
            Permission.PRINCIPLE_DRAW: lambda: access.may_draw_principle(by, at, opened),
        }
        return asked[permission]()

    principle = None
    if permission is Permission.MINORITY_REPORT_FILE:
        principle = actions.draw_principle(
            opened, number=1, words="One.", language="en", fed=stated[:1], by=chair, at=AFTER
        )
    for at in (OPENS, DURING, CLOSES, AFTER):
        for name in ACTORS:
            own = cast.other_party if name == "chen" else cast.party
            answer = verdict(actors[name], at)
            assert bool(answer) is (name in ALLOWED[permission]), (permission, name, at)
            assert answer or answer.reason
