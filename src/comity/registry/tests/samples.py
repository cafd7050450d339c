"""One organisation and one network in each state, for the leak suite."""

from comity.plain.levels import Realm
from comity.registry import actions
from comity.registry.tests.factories import party
from comity.conftest import OPERATOR
from comity.site.tests.leaks.house import House, Made, State


def _organisation(house: House, state: State, word: str) -> Made | None:
    """Organisations are public, or their existence is protected: no level between opens them to a circle."""
    if state in {State.EMBARGOED, State.FLAGGED}:
        return None
    row = party(f"Party of {word}", level=state.level, at=house.now())
    return Made(row)


def _network(house: House, state: State, word: str) -> Made | None:
    """Networks are always public."""
    if state is not State.PUBLIC:
        return None
    return Made(
        actions.found_network(
            name=f"Concord of {word}",
            realm=Realm.FICTION,
            network_kind="international",
            time_zone="UTC",
            languages=["en"],
            by=OPERATOR,
            at=house.now(),
        )
    )


SAMPLES = {"organisation": _organisation, "network": _network}
