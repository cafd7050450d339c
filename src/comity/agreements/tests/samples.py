"""One agreement and one coalition in each state, for the leak suite."""

from datetime import datetime, timedelta

from comity.agreements import actions
from comity.agreements.models import Coalition
from comity.plain.kinds import Exit
from comity.plain.levels import Attribution, Level
from comity.registry.models import Organisation
from comity.registry.tests.factories import party
from comity.site.tests.leaks.house import House, Made, Sample, State, Way
from comity.visibility.core import Terms

STATES = frozenset({State.PUBLIC, State.BODY, State.ORGANISATION, State.EMBARGOED, State.FLAGGED})


def _agreement(house: House, state: State, word: str) -> Made:
    """An agreement of two parties, signed by both where both may see it; unnamed, with one that is protected."""
    other: Organisation = house.participant
    behind: tuple[Organisation, ...] = ()
    if state is State.UNNAMED:
        other = party(f"Party of {word}", level=Level.ORGANISATION, at=house.now())
        behind = (other,)
    at = house.now()
    row = actions.propose(
        organisation=house.own,
        counterpart=other,
        title=f"Agreement on {word}",
        language="en",
        scope=f"It covers {word}.",
        words=f"Both parties hold {word}.",
        starts=at.date(),
        expires=at.date() + timedelta(days=60),
        authority=f"Board of {word}",
        ad_referendum=False,
        topics=["water"],
        terms=Terms(state.level, Attribution.ORGANISATION),
        by=house.congress.heads[0],
        at=at,
    )
    actions.translate(
        row,
        organisation=house.own,
        language="fr",
        words=f"Les deux tiennent {word}.",
        by=house.congress.heads[0],
        at=at,
    )
    if state in {State.PUBLIC, State.BODY}:
        actions.sign(
            row,
            organisation=house.participant,
            authority=f"Council of {word}",
            ad_referendum=False,
            by=house.congress.heads[1],
            at=at + timedelta(minutes=1),
        )
    return Made(row, behind, body=house.ids([house.own, other]))


def _coalition(house: House, state: State, word: str) -> Made:
    """A coalition that the own party founded and another joined where it may see it."""
    at = house.now()
    row = actions.found(
        organisation=house.own,
        title=f"Coalition for {word}",
        language="en",
        purpose=f"That there be {word}.",
        starts=at.date(),
        until=None,
        authority=f"Board of {word}",
        topics=["water"],
        terms=Terms(state.level, Attribution.ORGANISATION),
        by=house.congress.heads[0],
        at=at,
    )
    if state in {State.PUBLIC, State.BODY}:
        actions.join(
            row,
            organisation=house.participant,
            authority=f"Council of {word}",
            ad_referendum=False,
            by=house.congress.heads[1],
            at=at + timedelta(minutes=1),
        )
        _offered(house, row, word, at + timedelta(minutes=2))
        return Made(row, body=house.ids([house.own, house.participant]))
    return Made(row, body=house.ids([house.own]))


def _offered(house: House, row: Coalition, word: str, at: datetime) -> None:
    """The convening handed to the participant and back, and offered once more: all with the word in the reason."""
    own, participant = house.own, house.participant
    for taker, by, to in ((participant, 0, 1), (own, 1, 0), (participant, 0, None)):
        row.refresh_from_db()
        offer = actions.offer_convening(
            row, taker=taker, reason=f"Because of {word}.", answer_by=at.date() + timedelta(days=9),
            by=house.congress.heads[by], at=at,
        )  # fmt: skip
        if to is not None:
            actions.answer_offer(offer, accepts=True, by=house.congress.heads[to], at=at)


SAMPLES = {"agreement": Sample(_agreement, STATES | {State.UNNAMED}), "coalition": Sample(_coalition, STATES)}
WAYS = {
    "agreement/": Way(Exit.LIST),
    "agreement/table.csv": Way(Exit.EXPORT),
    "agreement/new": Way(Exit.ACT),
    "agreement/<str:public_id>/do/<str:act>": Way(Exit.ACT, "agreement", (("act", "end"),)),
    "agreement/<str:public_id>": Way(Exit.PAGE, "agreement"),
    "agreement/<str:public_id>/<str:slug>": Way(Exit.PAGE, "agreement"),
    "coalition/": Way(Exit.LIST),
    "coalition/table.csv": Way(Exit.EXPORT),
    "coalition/new": Way(Exit.ACT),
    "coalition/<str:public_id>/do/<str:act>": Way(Exit.ACT, "coalition", (("act", "leave"),)),
    "coalition/<str:public_id>": Way(Exit.PAGE, "coalition"),
    "coalition/<str:public_id>/<str:slug>": Way(Exit.PAGE, "coalition"),
    "api:agreements": Way(Exit.API),
    "api:agreements/<public_id>": Way(Exit.API, "agreement"),
    "api:coalitions": Way(Exit.API),
    "api:coalitions/<public_id>": Way(Exit.API, "coalition"),
}
