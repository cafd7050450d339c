"""One paper of a party's own room, for the leak suite."""

from comity.files import actions
from comity.site.tests.leaks.house import House, Made, State


def _paper(house: House, state: State, word: str) -> Made | None:
    """A briefing note; a paper stands at level ORGANISATION and nowhere else."""
    if state is not State.ORGANISATION:
        return None
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


SAMPLES = {"paper": _paper}
