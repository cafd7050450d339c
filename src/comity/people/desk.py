"""The acts a seat may do, by role. Rooms above offer theirs with ``offer``; the desk lists those that fit."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from comity.people.models import GRANTING, Role, Seat
from comity.plain.actors import ActorKind
from comity.plain.place import Place
from comity.registry.edges import here


@dataclass(frozen=True)
class Act:
    """One act: what it is, where it is done, and which seats (or operators) may do it."""

    words: Any
    address: Callable[[Place, Seat | None], str]
    roles: frozenset[Role] = field(default_factory=frozenset)
    """The roles that may; empty means every seat."""
    operator: bool = False
    of_networks: bool = False
    """Only seats of a network may."""


_ACTS: list[Act] = []


def offer(act: Act) -> Act:
    """Put an act on the desks of those who may do it."""
    _ACTS.append(act)
    return act


def acts_for(place: Place, seat: Seat | None) -> list[tuple[Any, str]]:
    """The acts of a seat in force, or of an operator: words and address."""
    return [(act.words, act.address(place, seat)) for act in _ACTS if _fits(act, place, seat)]


def _fits(act: Act, place: Place, seat: Seat | None) -> bool:
    if place.actor.kind is ActorKind.OPERATOR:
        return act.operator
    if seat is None or (act.of_networks and seat.organisation.kind != "network"):
        return False
    return seat.role in act.roles if act.roles else not act.operator


def _own(name: str) -> Callable[[Place, Seat | None], str]:
    def address(place: Place, seat: Seat | None) -> str:
        assert seat is not None
        return here(place, name, public_id=seat.organisation.public_id)

    return address


def _general(name: str) -> Callable[[Place, Seat | None], str]:
    return lambda place, seat: here(place, name)


def _networks(place: Place, seat: Seat | None) -> str:
    return here(place, "network-list")


SPEAKING = frozenset({Role.OFFICER, Role.HEAD, Role.SECRETARIAT})
WRITING = GRANTING | {Role.REGISTRAR}

offer(Act(_("Found a network"), _general("network-found"), operator=True))
offer(Act(_("List an organisation"), _general("organisation-list-new"), operator=True))
offer(Act(_("Decide proposed corrections"), _general("corrections"), operator=True))
offer(Act(_("Write a network's organs, links and names: choose the network"), _networks, operator=True))
offer(Act(_("Grant and revoke the seats of your organisation"), _own("organisation-seats"), GRANTING))
offer(Act(_("Reply to what your organisation's page says"), _own("organisation-reply"), SPEAKING))
offer(Act(_("Link an organisation to the network"), _own("link-new"), WRITING, of_networks=True))
offer(Act(_("Establish an organ"), _own("organ-establish"), WRITING, of_networks=True))
offer(Act(_("Decide how the network names a territory"), _own("territory-name"), WRITING, of_networks=True))
