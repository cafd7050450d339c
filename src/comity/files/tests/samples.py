"""One paper of a party's own room, for the leak suite."""

from comity.files import actions
from comity.plain.kinds import Exit
from comity.site.tests.leaks.house import House, Made, Sample, State, Way


def _paper(house: House, state: State, word: str) -> Made:
    """A briefing note; a paper stands at level ORGANISATION and nowhere else."""
    return Made(
        actions.write_paper(
            organisation=house.own,
            kind="note",
            title=f"Note on {word}",
            words=f"Our last word on {word}.",
            language="en",
            by=house.congress.heads[0],
            at=house.now(),
        )
    )


SAMPLES = {"paper": Sample(_paper, frozenset({State.ORGANISATION}))}
WAYS = {
    "desk/room": Way(Exit.DESK),
    "paper/new": Way(Exit.ACT),
    "paper/<str:public_id>/do/write": Way(Exit.ACT, "paper"),
    "paper/<str:public_id>/do/put-away": Way(Exit.ACT, "paper"),
    "paper/<str:public_id>": Way(Exit.PAGE, "paper"),
}
