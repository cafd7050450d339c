"""One request that existence be protected, one hidden link and its review, for the leak suite; and who reads what."""

from datetime import timedelta

from comity.engagements.actions import convene
from comity.plain.actors import ActorKind, ActorRef
from comity.plain.kinds import Exit
from comity.plain.levels import Level
from comity.registry.models import Link
from comity.registry.tests.factories import member, network
from comity.site.tests.leaks.house import House, Made, Sample, State, Way
from comity.visibility import actions
from comity.visibility.models import LinkReview


def _protection(house: House, state: State, word: str) -> Made:
    """A protection that a second person approved: the own party and the network read it, its thing they may not."""
    at, own = house.now(), house.congress.heads[0]
    talks = convene(
        topics=["water"],
        network=house.network,
        kind="dialogue",
        title="Talks behind a door",
        capacity="parliament",
        on_behalf_of="Assembly of one shore",
        place="A port",
        country="",
        zone="UTC",
        starts=at + timedelta(hours=1),
        ends=at + timedelta(hours=2),
        house_rule="closed",
        level=Level.ROOM,
        organisation=house.own,
        by=own,
        at=at,
    )
    row = actions.ask_protection(
        talks, reason=f"For the sake of {word}.", until=at.date() + timedelta(days=90), by=own, at=at
    )
    actions.decide_protection(
        row, approve=True, reason=f"It is well founded on {word}.", by=house.congress.monitor, at=house.now()
    )
    readers = house.ids([house.own, house.network])
    return Made(row, read_by=lambda actor: actor.organisation in readers)


def _reviewed(house: House, word: str) -> tuple[Link, LinkReview]:
    """A membership of the own party in another network, hidden at its request."""
    tie = member(house.own, network(realm=house.realm, at=house.now()), start="2010", at=house.now())
    head = house.congress.heads[0]
    return tie, actions.hide_link(tie, reason=f"For the sake of {word}.", by=head, at=house.now())


def _ends_and_registrar(house: House, tie: Link, actor: ActorRef) -> bool:
    return actor.kind is ActorKind.OPERATOR or actor.organisation in house.ids([tie.subject, tie.object])


def _link(house: House, state: State, word: str) -> Made:
    tie, _review = _reviewed(house, word)
    return Made(tie, read_by=lambda actor: _ends_and_registrar(house, tie, actor))


def _review(house: House, state: State, word: str) -> Made:
    tie, row = _reviewed(house, word)
    return Made(row, read_by=lambda actor: _ends_and_registrar(house, tie, actor))


SAMPLES = {
    "protection": Sample(_protection, frozenset({State.SEALED}), declared=False),
    "link": Sample(_link, frozenset({State.FLAGGED}), declared=False),
    "link-review": Sample(_review, frozenset({State.FLAGGED}), declared=False),
}
WAYS = {
    "visibility/<str:kind>/<str:public_id>": Way(Exit.PAGE, "*"),
    "visibility/<str:kind>/<str:public_id>/do/change": Way(Exit.ACT, "*"),
    "visibility/<str:kind>/<str:public_id>/do/flag": Way(Exit.ACT, "*"),
    "visibility/<str:kind>/<str:public_id>/do/unflag": Way(Exit.ACT, "*"),
    "visibility/<str:kind>/<str:public_id>/do/protect": Way(Exit.ACT, "*"),
    "protections": Way(Exit.DESK),
    "protections/<str:public_id>/do/decide": Way(Exit.ACT, "protection"),
    "protections/<str:public_id>/do/lift": Way(Exit.ACT, "protection"),
    "visibility-policy/<str:public_id>": Way(Exit.PAGE, "network"),
    "visibility-policy/<str:public_id>/do/adopt": Way(Exit.ACT, "network"),
    "links": Way(Exit.DESK),
    "links/<str:public_id>/do/hide": Way(Exit.ACT, "link"),
    "links/<str:public_id>/do/review": Way(Exit.ACT, "link-review"),
    "links/<str:public_id>/do/show": Way(Exit.ACT, "link-review"),
}
