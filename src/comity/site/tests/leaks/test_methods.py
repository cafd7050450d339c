"""Whatever the method: a page or an act about what one may not know answers as if that had never been."""

from functools import partial

import pytest

from comity.plain.kinds import Exit
from comity.site.tests.leaks.house import Reader
from comity.site.tests.leaks.walk import bytes_of
from comity.site.tests.leaks.ways import NEVER, NOWHERE, address, blinded
from comity.site.tests.leaks.world import SAMPLES, WAYS, Planted, World

METHODS = {"HEAD": frozenset({Exit.PAGE}), "OPTIONS": frozenset({Exit.PAGE, Exit.ACT}), "POST": frozenset({Exit.ACT})}
"""What is asked by which method. A GET of every address is the matrix; what an interface does not take, it refuses."""


def asked(planted: Planted) -> list[tuple[str, str, str]]:
    """Method, address about the thing, and the same address about nothing."""
    name, public_id = planted.kind, planted.row.public_id
    where = partial(address, kind=name, realm=planted.realm)
    return [
        (method, where(route, way, public_id), where(route, way, NEVER))
        for route, way in WAYS.items()
        if way.kind in {"*", name}
        for method, exits in METHODS.items()
        if way.exit in exits
    ]


def told(world: World, reader: Reader, planted: Planted) -> list[str]:
    """Where a reader learns of a thing by asking in another way."""
    browser, leaks = world.browsers[reader], []
    for method, about, nothing in asked(planted):
        answer, never = browser.ask(method, about), browser.ask(method, nothing)
        alike = blinded(answer, planted.row.public_id, planted.word) == blinded(never, NEVER, NOWHERE)
        silent = not any(planted.word in text for text in bytes_of(answer))
        if not (alike and silent):
            leaks.append(f"{method} {about} ({planted.kind} {planted.state}): {answer.status}, not {never.status}")
    return leaks


@pytest.mark.parametrize("reader", Reader)
@pytest.mark.parametrize("kind", SAMPLES)
def test_no_method_tells_of_what_is_hidden(world: World, kind: str, reader: Reader) -> None:
    hidden = [one for one in world.hidden_from(reader) if one.kind == kind]
    assert [leak for one in hidden for leak in told(world, reader, one)] == []
