"""One decision in each state, for the leak suite."""

from datetime import timedelta

from comity.decisions import actions
from comity.plain.kinds import Exit
from comity.plain.refs import Ref
from comity.site.tests.leaks.house import House, Made, Sample, State, Way


def _decision(house: House, state: State, word: str) -> Made:
    """A vote of three delegations, closed."""
    congress, at = house.congress, house.now()
    row = actions.open_decision(
        topics=["water"],
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
        for_it = 4 if place < 2 else 0
        actions.cast(
            row,
            organisation=organisation,
            in_favour=for_it,
            against=4 - for_it,
            by=head,
            at=at + timedelta(minutes=1),
        )
    row = actions.close(row, by=congress.secretariat, at=at + timedelta(minutes=5))
    return Made(row, body=house.ids(congress.parties))


SAMPLES = {"decision": Sample(_decision)}
WAYS = {
    "decision/": Way(Exit.LIST),
    "decision/comity_recount.py": Way(facts="The program that recounts; it holds no row."),
    "decision/open/<str:network_id>": Way(Exit.ACT, "network"),
    "decision/cast/<str:public_id>": Way(Exit.ACT, "decision"),
    "decision/close/<str:public_id>": Way(Exit.ACT, "decision"),
    "decision/<str:public_id>.json": Way(Exit.EXPORT, "decision"),
    "decision/<str:public_id>": Way(Exit.PAGE, "decision"),
    "decision/<str:public_id>/<str:slug>": Way(Exit.PAGE, "decision"),
    "api:decisions": Way(Exit.API),
    "api:decisions/<public_id>": Way(Exit.API, "decision"),
    "api:decisions/<public_id>/file": Way(Exit.EXPORT, "decision"),
}
