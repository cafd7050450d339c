"""Kind by exit by state by reader: what the single check forbids stands at none of the addresses of that exit."""

import pytest

from comity.plain.kinds import Exit
from comity.site.tests.leaks.house import Reader, State
from comity.site.tests.leaks.ways import exits_of, leak, shown, ways_of
from comity.site.tests.leaks.world import CLOSED, SAMPLES, World

SHOWN = frozenset({Exit.PAGE, Exit.LIST, Exit.API, Exit.SEARCH, Exit.THREAD, Exit.EXPORT})
"""Exits that show to whoever may see, or the other half of the test would hold of a house without doors."""

MATRIX = [
    pytest.param(kind, exit, state, reader, id=f"{kind}-{exit}-{state}-{reader}")
    for kind, sample in SAMPLES.items()
    for exit in exits_of(kind)
    for state in State
    if state in sample.states
    for reader in Reader
]


@pytest.mark.parametrize(("kind", "exit", "state", "reader"), MATRIX)
def test_an_exit_shows_what_may_be_seen_and_nothing_else(
    world: World, kind: str, exit: Exit, state: State, reader: Reader
) -> None:
    planted = world.planted[kind, state]
    ways = list(ways_of(kind, exit))
    if not world.allows(planted, reader):
        assert [told for route, way in ways if (told := leak(world, reader, planted, route, way))] == []
    elif exit in SHOWN and exit in planted.exits:
        assert any(shown(world, reader, planted, route, way) for route, way in ways), "what may be seen is not shown"


REAL = [
    pytest.param(kind, exit, reader, id=f"real-{kind}-{exit}-{reader}")
    for kind in CLOSED
    for exit in exits_of(kind)
    for reader in (Reader.ANONYMOUS, Reader.OWN)
]


@pytest.mark.parametrize(("kind", "exit", "reader"), REAL)
def test_the_real_realm_shows_nothing_closed_to_who_has_no_seat_there(
    world: World, kind: str, exit: Exit, reader: Reader
) -> None:
    ways = ways_of(kind, exit)
    assert [told for route, way in ways if (told := leak(world, reader, world.real[kind], route, way))] == []
