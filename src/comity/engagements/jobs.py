"""Periodic work of this room: the words of contact notes are erased when their time is over."""

from datetime import datetime

from comity.engagements import actions
from comity.engagements.models import ContactNote
from comity.plain.actors import SYSTEM
from comity.plain.levels import Realm
from comity.plain.time import day_in


def periodic(realm: Realm, at: datetime) -> list[str]:
    """Erase what is past its last day; a second run finds nothing."""
    waiting = ContactNote.objects.filter(network__realm=realm, reduced_at=None, retain_until__lte=at.date())
    over = [
        note
        for note in waiting.select_related("network")
        if note.retain_until and note.retain_until < day_in(note.network.time_zone, at)
    ]
    for note in over:
        actions.reduce_contact(note, by=SYSTEM, at=at)
    return [f"{realm.value}: the words of {len(over)} contact notes erased"] if over else []
