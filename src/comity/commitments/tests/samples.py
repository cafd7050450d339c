"""One promise and one piece of evidence in each state, for the leak suite."""

from comity.commitments import actions
from comity.commitments.models import Commitment
from comity.plain.kinds import Exit
from comity.site.tests.leaks.house import House, Made, Sample, State, Way
from comity.texts.actions import adopt, file_dissent, put_to_vote
from comity.texts.models import Text
from comity.texts.tests.samples import drafted


def _promised(house: House, state: State, word: str) -> tuple[Commitment, Text, tuple[object, ...]]:
    """An adopted text with a party's dissent; the promise is that of the own party."""
    congress = house.congress
    text = drafted(house, state, word)
    decision = put_to_vote(
        text,
        title="A vote of the test shores",
        question="Adopt it?",
        organ=congress.organ,
        decision_type="joint-declaration",
        zone="UTC",
        registered=dict.fromkeys(congress.parties, 4),
        by=congress.secretariat,
        at=house.now(),
    )
    file_dissent(
        text,
        organisation=house.rival,
        kind="minority-statement",
        words=f"We would not have {word}.",
        language="en",
        effect=f"No effect on {word}",
        by=congress.heads[2],
        at=house.now(),
    )
    decision = congress.vote(decision, at=house.now())
    adoption = adopt(text, decision=decision, by=congress.secretariat, at=house.now())
    opened = actions.open_commitments(adoption, by=congress.secretariat, at=house.now())
    mine = next(row for row in opened if row.organisation_id == house.own.pk)
    return mine, text, (text, decision, *(row for row in opened if row.pk != mine.pk))


def _commitment(house: House, state: State, word: str) -> Made:
    row, text, others = _promised(house, state, word)
    return Made(row, behind=(text,), closed=others)


def _evidence(house: House, state: State, word: str) -> Made:
    """Evidence is seen by whoever sees the promise."""
    promise, text, others = _promised(house, state, word)
    at = house.now()
    row = actions.file_evidence(
        promise,
        title=f"Table of {word}",
        url=f"https://example.org/{word}",
        kept_on=at.date(),
        by=house.congress.heads[0],
        at=at,
    )
    actions.verify_evidence(row, words=f"It shows {word}.", by=house.congress.monitor, at=house.now())
    return Made(row, behind=(promise, text), closed=(promise, *others))


READ = frozenset({State.PUBLIC, State.NETWORK, State.EMBARGOED, State.FLAGGED})
"""What is put to the vote, everybody who votes may read: no promise stands in a text of a narrower circle."""
SAMPLES = {"commitment": Sample(_commitment, READ), "evidence": Sample(_evidence, READ)}
WAYS = {
    "commitment/": Way(Exit.LIST),
    "commitment/promises.csv": Way(Exit.EXPORT),
    "commitment/open/<str:text_id>": Way(Exit.ACT, "text"),
    "commitment/act/<str:public_id>/<str:act>": Way(Exit.ACT, "commitment", (("act", "evidence"),)),
    "commitment/<str:public_id>": Way(Exit.PAGE, "commitment"),
    "commitment/<str:public_id>/<str:slug>": Way(Exit.PAGE, "commitment"),
    "evidence/<str:public_id>": Way(Exit.PAGE, "evidence"),
    "evidence/<str:public_id>/<str:slug>": Way(Exit.PAGE, "evidence"),
    "api:commitments": Way(Exit.API),
    "api:commitments/<public_id>": Way(Exit.API, "commitment"),
}
