"""One conversation and one principle in each state, for the leak suite."""

from datetime import timedelta

from comity.deliberation import actions
from comity.deliberation.models import Conversation
from comity.plain.kinds import Exit
from comity.plain.levels import Level
from comity.site.tests.leaks.house import USUAL, House, Made, Sample, State, Way


def _talked(house: House, state: State, word: str) -> Conversation:
    """A conversation of two delegations in which everybody voted, closed."""
    at = house.now()
    head, chair = house.congress.heads[0], house.congress.secretariat
    row = actions.open_conversation(
        topics=["water"],
        network=house.network,
        title=f"Views on {word}",
        question=f"What do you think of {word}?",
        opens=at,
        closes=at + timedelta(minutes=30),
        originator=house.own,
        level=state.level,
        by=head,
        at=at,
    )
    said = [
        actions.propose_statement(
            row,
            words=f"Statement {number} on {word}.",
            language="en",
            organisation=house.own,
            by=house.congress.delegates[0],
            at=at + timedelta(minutes=number),
        )
        for number in range(1, 4)
    ]
    for organisation in (house.own, house.participant):
        for participant in actions.admit(row, organisation=organisation, count=2, by=chair, at=at):
            actions.vote(participant, dict.fromkeys(said, 1), at=at + timedelta(minutes=9))
    actions.silence_statement(said[2], reason=f"It names {word}.", by=chair, at=at + timedelta(minutes=10))
    actions.close(row, by=chair, at=at + timedelta(minutes=31))
    row.refresh_from_db()
    return row


def _conversation(house: House, state: State, word: str) -> Made:
    row = _talked(house, state, word)
    return Made(row, body=house.ids([house.own, house.participant]))


def _principle(house: House, state: State, word: str) -> Made:
    """A principle with a minority report."""
    talked = _talked(house, state, word)
    at = house.now()
    said = list(talked.statements.order_by("number"))
    row = actions.draw_principle(
        talked,
        level=Level(talked.level),
        number=1,
        words=f"All shores share {word}.",
        language="en",
        fed=said[:1],
        overruled=said[1:2],
        by=house.congress.secretariat,
        at=at,
    )
    shared = house.ids([house.own, house.participant])
    return Made(row, body=shared, closed=(talked,))


CIRCLES = USUAL - {State.ROOM, State.SEALED}
"""A principle has no circle of readers at the narrowest two levels, so none is drawn at them."""
SAMPLES = {"conversation": Sample(_conversation), "principle": Sample(_principle, CIRCLES)}
WAYS = {
    "conversation/": Way(Exit.LIST),
    "conversation/new": Way(Exit.ACT),
    "conversation/<str:public_id>/all/statements": Way(Exit.RELATED, "conversation"),
    "conversation/<str:public_id>/all/statements.csv": Way(Exit.EXPORT, "conversation"),
    "conversation/<str:public_id>/all/votes.csv": Way(Exit.EXPORT, "conversation"),
    "conversation/<str:public_id>/do/vote": Way(Exit.ACT, "conversation"),
    "conversation/<str:public_id>/do/propose": Way(Exit.ACT, "conversation"),
    "conversation/<str:public_id>/do/admit": Way(Exit.ACT, "conversation"),
    "conversation/<str:public_id>/do/silence/<str:statement_id>": Way(Exit.ACT, "conversation"),
    "conversation/<str:public_id>/do/close": Way(Exit.ACT, "conversation"),
    "conversation/<str:public_id>/do/principle": Way(Exit.ACT, "conversation"),
    "conversation/<str:public_id>": Way(Exit.PAGE, "conversation"),
    "conversation/<str:public_id>/<str:slug>": Way(Exit.PAGE, "conversation"),
    "principle/": Way(Exit.LIST),
    "principle/<str:public_id>/do/report": Way(Exit.ACT, "principle"),
    "principle/<str:public_id>": Way(Exit.PAGE, "principle"),
    "principle/<str:public_id>/<str:slug>": Way(Exit.PAGE, "principle"),
    "api:conversations": Way(Exit.API),
    "api:conversations/<public_id>": Way(Exit.API, "conversation"),
    "api:principles": Way(Exit.API),
    "api:principles/<public_id>": Way(Exit.API, "principle"),
}
