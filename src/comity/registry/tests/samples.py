"""One organisation and one network in each state, for the leak suite."""

from comity.conftest import OPERATOR
from comity.plain.kinds import Exit
from comity.registry import actions
from comity.registry.tests.factories import party
from comity.site.tests.leaks.house import House, Made, Sample, State, Way


def _organisation(house: House, state: State, word: str) -> Made:
    """Organisations are public, or their existence is protected: no level between opens them to a circle."""
    row = party(f"Party of {word}", realm=house.realm, level=state.level, at=house.now())
    return Made(row)


def _network(house: House, state: State, word: str) -> Made:
    """Networks are always public."""
    return Made(
        actions.found_network(
            name=f"Concord of {word}",
            realm=house.realm,
            network_kind="international",
            time_zone="UTC",
            languages=["en"],
            by=OPERATOR,
            at=house.now(),
        )
    )


PROTECTED = frozenset({State.PUBLIC, State.NETWORK, State.BODY, State.ORGANISATION, State.ROOM, State.SEALED})
SAMPLES = {
    "organisation": Sample(_organisation, PROTECTED),
    "network": Sample(_network, frozenset({State.PUBLIC})),
}
WAYS = {
    "organisation/": Way(Exit.LIST),
    "organisation/<str:public_id>.csv": Way(Exit.EXPORT, "organisation"),
    "organisation/<str:public_id>/all/names": Way(Exit.RELATED, "organisation"),
    "organisation/<str:public_id>/changes": Way(Exit.RELATED, "organisation"),
    "organisation/<str:public_id>/changes.atom": Way(Exit.FEED, "organisation"),
    "organisation/<str:public_id>/record.csv": Way(Exit.EXPORT, "organisation"),
    "correct/<str:public_id>": Way(Exit.ACT, "organisation"),
    "organisation/<str:public_id>": Way(Exit.PAGE, "organisation"),
    "organisation/<str:public_id>/<str:slug>": Way(Exit.PAGE, "organisation"),
    "topics": Way(Exit.RELATED),
    "topics.csv": Way(facts="The table of topics, and nothing that is filed under them."),
    "topic/<str:code>.csv": Way(Exit.RELATED, fill=(("code", "water"),)),
    "topic/<str:code>.atom": Way(Exit.FEED, fill=(("code", "water"),)),
    "topic/<str:code>": Way(facts="It leads to the address with the topic's label."),
    "topic/<str:code>/<str:slug>": Way(Exit.RELATED, fill=(("code", "water"), ("slug", "rivers-lakes-and-water"))),
    "filed/<str:kind>/<str:public_id>": Way(Exit.RELATED, "*"),
    "network/": Way(Exit.LIST),
    "network/<str:public_id>.csv": Way(Exit.EXPORT, "network"),
    "network/<str:public_id>": Way(Exit.PAGE, "network"),
    "network/<str:public_id>/<str:slug>": Way(Exit.PAGE, "network"),
    "api:organisations": Way(Exit.API),
    "api:topics": Way(Exit.RELATED),
    "api:topics/<code>": Way(Exit.RELATED, fill=(("code", "water"),)),
    "api:networks": Way(Exit.API),
    "api:organisations/<public_id>": Way(Exit.API, "organisation"),
    "api:organisations/<public_id>/links": Way(Exit.API, "organisation"),
    "api:organisations/<public_id>/record": Way(Exit.API, "organisation"),
    "api:networks/<public_id>/members": Way(Exit.API, "network"),
}
