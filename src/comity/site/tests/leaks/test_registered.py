"""What does not register fails here: every governed model, every kind, every address of the house."""

from django.apps import apps

from comity.plain.kinds import Exit, all_kinds, kind_named
from comity.registry.models import Governed
from comity.site.tests.leaks.house import Way
from comity.site.tests.leaks.ways import routes, ways_of
from comity.site.tests.leaks.world import SAMPLES, WAYS


def test_every_governed_model_is_declared_by_a_kind() -> None:
    declared = {kind.model for kind in all_kinds()}
    for model in apps.get_models():
        if issubclass(model, Governed):
            room = model._meta.app_label
            assert model in declared, f"declare {model.__name__} as a Kind in comity/{room}/kinds.py"


def test_every_kind_has_a_sample() -> None:
    for kind in all_kinds():
        room = kind.model._meta.app_label
        assert kind.name in SAMPLES, (
            f"add a Sample of the kind {kind.name!r} to SAMPLES in comity/{room}/tests/samples.py: "
            "it makes one row at a level, through the room's actions, with the word given in every text field"
        )


def test_every_sample_is_of_a_kind_or_of_something_that_is_none() -> None:
    for name, sample in SAMPLES.items():
        assert bool(kind_named(name)) == sample.declared, f"SAMPLES names the kind {name!r}, which no room declares"


def test_every_address_says_which_exit_it_is() -> None:
    known = set(routes())
    for route in sorted(known - set(WAYS)):
        raise AssertionError(
            f"the address {route!r} is claimed by no exit: add it to WAYS in the tests/samples.py of its room, "
            "with its Exit and the kind whose id it names, or with the reason why nothing restricted can stand there"
        )
    for route in sorted(set(WAYS) - known):
        raise AssertionError(f"WAYS names {route!r}, which leads nowhere any more: take it out")


def test_every_way_is_an_exit_or_says_why_it_is_none() -> None:
    for route, way in WAYS.items():
        assert (way.exit is None) == bool(way.facts), f"{route!r} is an exit, or says why it is none"
        assert way.kind in {"", "*"} or way.kind in SAMPLES, f"{route!r} names {way.kind!r}: no sample"


def test_every_exit_that_a_kind_declares_is_built() -> None:
    for kind in all_kinds():
        for exit in kind.exits:
            leads = any(True for _way in ways_of(kind.name, exit))
            assert leads or exit in WITHOUT_ADDRESS, f"{kind.name} leaves by {exit}, and no address is that exit"


WITHOUT_ADDRESS: frozenset[Exit] = frozenset({Exit.MAIL})
"""Exits that are no address of the house; the tests of the world ask them otherwise."""


def test_an_address_that_nobody_claims_is_found() -> None:
    assert "desk" in routes()
    assert "api:texts/<public_id>" in routes()
    assert Way(Exit.PAGE) != Way(facts="none")
