"""One decision in each state, for the leak suite."""

from datetime import timedelta

from comity.decisions import actions
from comity.plain.refs import Ref
from comity.site.tests.leaks.house import House, Made, State


def _decision(house: House, state: State, word: str) -> Made:
    """A vote of three delegations, closed."""
    congress, at = house.congress, house.now()
    row = actions.open_decision(
        network=house.network,
        organ=congress.organ,
        title=f"Question of {word}",
        question=f"Shall we do {word}?",
        decision_type="joint-declaration",
        subject=Ref("organisation", house.network.public_id),
        subject_digest="0" * 64,
        zone="UTC",
        registered=dict.fromkeys(congress.parties, 4),
        level=state.level,
        originator=house.own,
        by=congress.secretariat,
        at=at,
    )
    for place, (organisation, head) in enumerate(zip(congress.parties, congress.heads, strict=True)):
        votes = {"in_favour": 4} if place < 2 else {"in_favour": 0, "against": 4}
        actions.cast(row, organisation=organisation, **votes, by=head, at=at + timedelta(minutes=1))
    row = actions.close(row, by=congress.secretariat, at=at + timedelta(minutes=5))
    return Made(row, body=house.ids(congress.parties))


SAMPLES = {"decision": _decision}
