"""One paper of a party's own room, and one file beside a conversation in each state, for the leak suite."""

from datetime import timedelta

from comity.deliberation.actions import admit, open_conversation
from comity.files import actions
from comity.files.tests.documents import said
from comity.plain.kinds import Exit
from comity.plain.refs import Ref
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


def _file(house: House, state: State, word: str) -> Made:
    """A Word document beside a conversation in the same state, shared by those who take part.

    A conversation at the narrowest two levels has its originator alone, and its files no more readers than itself.
    """
    at, own = house.now(), house.congress.heads[0]
    talks = open_conversation(
        topics=["water"],
        network=house.network,
        title="Views with papers",
        question="What of these papers?",
        opens=at,
        closes=at + timedelta(minutes=30),
        originator=house.own,
        level=state.level,
        by=own,
        at=at,
    )
    for organisation in (house.own, house.participant):
        admit(talks, organisation=organisation, count=2, by=house.congress.secretariat, at=at)
    row = actions.upload(
        said(f"What was said of {word}."),
        title=f"Paper on {word}",
        language="en",
        level=state.level,
        organisation=house.own,
        network=house.network,
        beside=Ref("conversation", talks.public_id),
        level_beside=state.level,
        by=own,
        at=at,
    )
    return Made(row, body=house.ids([house.own, house.participant]), room=house.ids([house.own]))


SAMPLES = {
    "paper": Sample(_paper, frozenset({State.ORGANISATION})),
    "file": Sample(_file),
}
WAYS = {
    "desk/room": Way(Exit.DESK),
    "paper/new": Way(Exit.ACT),
    "paper/<str:public_id>/do/write": Way(Exit.ACT, "paper"),
    "paper/<str:public_id>/do/put-away": Way(Exit.ACT, "paper"),
    "paper/<str:public_id>": Way(Exit.PAGE, "paper"),
    "file/new": Way(Exit.ACT),
    "file/<str:public_id>/do/take-back": Way(Exit.ACT, "file"),
    "file/<str:public_id>/download": Way(Exit.METADATA, "file"),
    "file/<str:public_id>": Way(Exit.PAGE, "file"),
    "file/<str:public_id>/<str:slug>": Way(Exit.PAGE, "file"),
    "api:files/<public_id>": Way(Exit.API, "file"),
}
