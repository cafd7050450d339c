"""Beside which things files lie, and with whom a reader shares the narrower ones: the rooms above say it.

A file is never shown to a wider circle than its thing, whatever was decided about the thing since: behind each file
the query asks for that as well.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q

from comity.plain.actors import ActorRef
from comity.plain.kinds import kind_named
from comity.plain.levels import Realm
from comity.plain.refs import Ref

Circle = Callable[[ActorRef, datetime], Any]
"""A sub-select of the public ids of those things whose circle a reader belongs to."""

_CIRCLES: dict[str, Circle | None] = {}


def take_files(kind_name: str, circle: Circle | None = None) -> None:
    """Let files lie beside things of a kind; the narrower ones open to those who belong to the thing's own circle."""
    _CIRCLES[kind_name] = circle


def takes_files(kind_name: str) -> bool:
    """Whether files lie beside things of that kind: its page shows them."""
    return kind_name in _CIRCLES


def belongs_to(ref: Ref, actor: ActorRef, at: datetime) -> bool:
    """Whether a reader belongs to the circle of a thing."""
    circle = _CIRCLES.get(ref.kind)
    return circle is not None and bool(circle(actor, at).filter(public_id=ref.id).exists())


def shared(actor: ActorRef, at: datetime) -> Q | None:
    """The files beside things whose circle this reader belongs to; None for who carries no mandate."""
    if not actor.organisation:
        return None
    condition = Q(pk__in=[])
    for kind_name, circle in _CIRCLES.items():
        if circle is not None:
            condition |= Q(beside_kind=kind_name, beside_id__in=circle(actor, at))
    return condition


def behind(actor: ActorRef, at: datetime, realm: Realm) -> Q:
    """The files beside things that this reader may see, as a condition of the query itself."""
    condition = Q(pk__in=[])
    for kind_name in _CIRCLES:
        kind = kind_named(kind_name)
        assert kind is not None, "a kind is declared before it takes files"
        seen = kind.visible(actor, at, realm).order_by().values("public_id")
        condition |= Q(beside_kind=kind_name, beside_id__in=seen)
    return condition
