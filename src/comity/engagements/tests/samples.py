"""One engagement and one contact note in each state, for the leak suite."""

from datetime import timedelta

from comity.engagements import actions
from comity.people.models import Seat
from comity.plain.kinds import Exit
from comity.plain.levels import Attribution
from comity.site.tests.leaks.house import House, Made, Sample, State, Way


def _engagement(house: House, state: State, word: str) -> Made:
    """A meeting with two delegations, reported."""
    at = house.now()
    own, other = house.congress.heads[0], house.congress.heads[1]
    row = actions.convene(
        topics=["water"],
        network=house.network,
        kind="dialogue",
        title=f"Talks on {word}",
        capacity="parliament",
        on_behalf_of=f"Assembly of {word}",
        place=f"Port {word}",
        country="",
        zone="UTC",
        starts=at + timedelta(hours=1),
        ends=at + timedelta(hours=2),
        house_rule="public",
        level=state.level,
        organisation=house.own,
        by=own,
        at=at,
    )
    for organisation, head in ((house.own, own), (house.participant, other)):
        actions.register_delegation(row, organisation=organisation, size=3, by=head, at=at + timedelta(minutes=1))
    actions.report(row, words=f"They spoke of {word}.", language="en", by=own, at=at + timedelta(hours=2))
    row.refresh_from_db()
    shared = house.ids([house.own, house.participant])
    return Made(row, body=shared, room=shared)


def _contact(house: House, state: State, word: str) -> Made:
    """A note of the own party, shared with nobody."""
    seat, at = house.congress.heads[0], house.now()
    row = actions.note_contact(
        level=state.level,
        attribution=Attribution.NONE,
        channel="call",
        spoken_on=at.date(),
        words=f"They asked about {word}.",
        language="en",
        counterpart=house.rival,
        by=seat,
        at=at,
    )
    seats = {place.seat for place in row.present.all() if place.seat is not None}
    assert all(isinstance(one, Seat) for one in seats)
    return Made(row, seats=frozenset(one.public_id for one in seats))


SAMPLES = {
    "engagement": Sample(_engagement),
    "contact": Sample(_contact, frozenset({State.ORGANISATION, State.ROOM})),
}
WAYS = {
    "engagement/": Way(Exit.LIST),
    "withheld": Way(Exit.LIST),
    "withheld/openings.jsonl": Way(Exit.DESK),
    "withheld/<int:year>.csv": Way(Exit.LIST, fill=(("year", "2026"),)),
    "engagement/new": Way(Exit.ACT),
    "engagement/<str:public_id>/do/register": Way(Exit.ACT, "engagement"),
    "engagement/<str:public_id>/do/report": Way(Exit.ACT, "engagement"),
    "engagement/<str:public_id>": Way(Exit.PAGE, "engagement"),
    "engagement/<str:public_id>/<str:slug>": Way(Exit.PAGE, "engagement"),
    "desk/contacts": Way(Exit.DESK),
    "contact/new": Way(Exit.ACT),
    "contact/<str:public_id>/do/reduce": Way(Exit.ACT, "contact"),
    "contact/<str:public_id>": Way(Exit.PAGE, "contact"),
    "api:engagements": Way(Exit.API),
    "api:closed-meetings": Way(Exit.API),
    "api:withheld": Way(Exit.API),
    "api:withheld/years": Way(Exit.API),
    "api:engagements/<public_id>": Way(Exit.API, "engagement"),
}
