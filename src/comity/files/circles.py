"""Whose files at level BODY and narrower a reader shares: the rooms above say it for their kinds."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q

from comity.plain.actors import ActorRef

Circle = Callable[[ActorRef, datetime], Any]
"""A sub-select of the public ids of those things whose circle a reader belongs to."""

_CIRCLES: dict[str, Circle] = {}


def share_with(kind_name: str, circle: Circle) -> None:
    """Open the narrower files beside things of a kind to those who belong to the thing's own circle."""
    _CIRCLES[kind_name] = circle


def shared(actor: ActorRef, at: datetime) -> Q | None:
    """The files beside things whose circle this reader belongs to; None for who carries no mandate."""
    if not actor.organisation:
        return None
    condition = Q(pk__in=[])
    for kind_name, circle in _CIRCLES.items():
        condition |= Q(beside_kind=kind_name, beside_id__in=circle(actor, at))
    return condition
