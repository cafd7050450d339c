"""Periodic work of this room: words whose time is over are erased, and a year that is over is counted."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from comity.engagements import actions, yearly
from comity.engagements.models import ContactNote
from comity.plain.actors import SYSTEM
from comity.plain.levels import Realm
from comity.plain.time import day_in


def periodic(realm: Realm, at: datetime) -> list[str]:
    """Erase what is past its last day, and count the years that are over; a second run finds nothing."""
    return [*_erase_words(realm, at), *_count_years(realm, at)]


def _erase_words(realm: Realm, at: datetime) -> Iterator[str]:
    waiting = ContactNote.objects.filter(network__realm=realm, reduced_at=None, retain_until__lte=at.date())
    over = [
        note
        for note in waiting.select_related("network")
        if note.retain_until and note.retain_until < day_in(note.network.time_zone, at)
    ]
    for note in over:
        actions.reduce_contact(note, by=SYSTEM, at=at)
    if over:
        yield f"{realm.value}: the words of {len(over)} contact notes erased"


def _count_years(realm: Realm, at: datetime) -> Iterator[str]:
    """Count each year that has no count; when one is counted, those before are corrected where they counted too few.

    So a correction comes at a time that is fixed beforehand, and its time tells nothing of what was written late.
    """
    for year in yearly.uncounted(realm, at):
        for earlier in yearly.counted_before(realm, year, at):
            with suppress(actions.CountedAlready):
                actions.count_year(realm, earlier, by=SYSTEM, at=at)
                yield f"{realm.value}: the count of {earlier} corrected"
        actions.count_year(realm, year, by=SYSTEM, at=at)
        yield f"{realm.value}: the meetings of {year} counted"
