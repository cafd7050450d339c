"""Conversations for tests, made through the actions: two delegations of one mind each, and a small third group."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from comity.conftest import Cast
from comity.deliberation import actions
from comity.deliberation.models import Conversation, MapRun, Statement
from comity.people.actions import register_person
from comity.people.models import Role
from comity.people.queries import actor_of
from comity.people.tests.seats import grant_seat
from comity.plain.actors import SYSTEM, ActorRef
from comity.plain.levels import Level

OPENS, CLOSES = datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 4, 2, 12, tzinfo=UTC)
DURING, AFTER = OPENS + timedelta(days=3), CLOSES + timedelta(hours=1)
STATEMENTS = 20
CAMPS = {"first": 24, "second": 22, "small": 7}


def facilitator(cast: Cast) -> ActorRef:
    """A facilitator of the network."""
    person = register_person(name="Farida", email="farida@example.org", language="en", by=SYSTEM, at=OPENS)
    seat = grant_seat(
        person=person,
        organisation=cast.network,
        role=Role.FACILITATOR,
        title="facilitator",
        network=cast.network,
        start=OPENS.date() - timedelta(days=30),
        by=cast.secretariat,
        at=OPENS - timedelta(hours=1),
    )
    return actor_of(seat)


def conversation(cast: Cast, **different: Any) -> Conversation:
    """An open conversation to which the first party has invited itself."""
    terms: dict[str, Any] = {
        "topics": ["water"],
        "network": cast.network,
        "title": "Sharing the test water",
        "question": "What shall we do together?",
        "opens": OPENS,
        "closes": CLOSES,
        "originator": cast.party,
        "level": Level.PUBLIC,
        "by": cast.amina,
        "at": OPENS,
    }
    return actions.open_conversation(**{**terms, **different})


def statements(cast: Cast, opened: Conversation, count: int = STATEMENTS) -> list[Statement]:
    """So many statements of the first party."""
    return [
        actions.propose_statement(
            opened,
            words=f"Test statement number {number}.",
            language="en",
            organisation=cast.party,
            by=cast.boris,
            at=OPENS + timedelta(minutes=number),
        )
        for number in range(1, count + 1)
    ]


def opinion(camp: str, person: int, statement: int) -> int:
    """How somebody votes: all agree to the first four; the camps part on the others; each person strays twice."""
    if statement < 4:
        value = 1
    elif statement < 12:
        value = {"first": 1, "second": -1, "small": 0}[camp]
    else:
        value = {"first": 0, "second": 0, "small": 1 if statement % 2 else -1}[camp]
    return value if (person * 7 + statement * 3) % 11 else -value


def voted(cast: Cast, chair: ActorRef, opened: Conversation) -> list[Statement]:
    """Everybody admitted and every vote given."""
    proposed = statements(cast, opened)
    ours = actions.admit(opened, organisation=cast.party, count=24 + 4, by=chair, at=OPENS)
    theirs = actions.admit(opened, organisation=cast.other_party, count=22 + 3, by=chair, at=OPENS)
    seats = {"first": ours[:24], "small": ours[24:] + theirs[22:], "second": theirs[:22]}
    for camp, people in seats.items():
        for person, participant in enumerate(people):
            votes = {one: opinion(camp, person, at) for at, one in enumerate(proposed)}
            actions.vote(participant, votes, at=DURING)
    return proposed


def two_large_groups(cast: Cast, chair: ActorRef) -> tuple[Conversation, MapRun]:
    """A closed conversation of two groups of thirty, in which nobody votes as one."""
    chance, opened = Random(6), conversation(cast)  # noqa: S311 - a test, not a secret
    proposed = statements(cast, opened)
    for organisation, side in ((cast.party, 1), (cast.other_party, -1)):
        for participant in actions.admit(opened, organisation=organisation, count=30, by=chair, at=OPENS):
            votes = {one: side * (1 if at % 2 else -1) for at, one in enumerate(proposed)}
            strayed = {one: value if chance.random() < 0.8 else -value for one, value in votes.items()}
            actions.vote(participant, strayed, at=DURING)
    return opened, actions.close(opened, by=chair, at=AFTER)


def closed(cast: Cast, chair: ActorRef) -> tuple[Conversation, list[Statement], MapRun]:
    """A conversation with its map."""
    opened = conversation(cast)
    proposed = voted(cast, chair, opened)
    run = actions.close(opened, by=chair, at=AFTER)
    return opened, proposed, run
