"""Periodic work of this room: votes that wait are sealed once a day, so that a batch tells nothing of when one came."""

from datetime import datetime, timedelta

from comity.deliberation import actions
from comity.deliberation.models import Conversation
from comity.plain.actors import SYSTEM
from comity.plain.levels import Realm

EVERY = timedelta(days=1)


def periodic(realm: Realm, at: datetime) -> list[str]:
    """Seal the votes that wait."""
    sealed = seal_waiting(realm, at)
    return [f"{realm.value}: {sealed} batches of votes sealed"] if sealed else []


def seal_waiting(realm: Realm, at: datetime) -> int:
    """Seal the waiting votes of every open conversation whose last batch is a day old; return how many batches.

    It may run as often as one likes: a second run at the same time finds nothing to do.
    """
    sealed = 0
    for conversation in Conversation.objects.filter(network__realm=realm, closed_at=None, opens__lte=at):
        last = conversation.batches.order_by("-number").first()
        if (last.sealed_at if last else conversation.opens) + EVERY <= at:
            sealed += actions.seal_votes(conversation, by=SYSTEM, at=at) is not None
    return sealed
