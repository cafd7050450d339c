"""One paper of a party's own room, and one file beside a meeting in each state, for the leak suite."""

from datetime import timedelta

from comity.engagements.actions import convene, register_delegation
from comity.files import actions
from comity.plain.kinds import Exit
from comity.plain.levels import Level
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
    """A file beside a public meeting of the own party; who registered for it shares what is for those who take part."""
    at = house.now()
    own, other = house.congress.heads[0], house.congress.heads[1]
    meeting = convene(
        network=house.network,
        kind="dialogue",
        title="Talks with papers",
        capacity="party",
        place="Port of Papers",
        country="",
        zone="UTC",
        starts=at + timedelta(hours=1),
        ends=at + timedelta(hours=2),
        house_rule="public",
        level=Level.PUBLIC,
        organisation=house.own,
        by=own,
        at=at,
    )
    for organisation, head in ((house.own, own), (house.participant, other)):
        register_delegation(meeting, organisation=organisation, size=3, by=head, at=at)
    row = actions.upload(
        f"What was said of {word}.".encode(),
        title=f"Paper on {word}",
        language="en",
        level=state.level,
        organisation=house.own,
        network=house.network,
        beside=Ref("engagement", meeting.public_id),
        by=own,
        at=at,
    )
    shared = house.ids([house.own, house.participant])
    return Made(row, body=shared, room=shared)


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
