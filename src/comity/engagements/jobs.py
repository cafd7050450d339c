"""Periodic work of this room: the words of what is kept no longer are erased, each by its own action."""

from datetime import datetime

from comity.engagements import actions
from comity.engagements.models import ContactNote, Engagement
from comity.plain.actors import SYSTEM
from comity.plain.levels import Realm


def periodic(realm: Realm, at: datetime) -> list[str]:
    """Erase the words of contact notes and the reports of meetings whose time is over."""
    notes, reports = reduce_notes(realm, at), reduce_reports(realm, at)
    told = [(notes, "contact notes reduced"), (reports, "reports of meetings erased")]
    return [f"{realm.value}: {number} {words}" for number, words in told if number]


def reduce_notes(realm: Realm, at: datetime) -> int:
    """Contact notes past the day until which they are kept; return how many. A second run finds nothing to do."""
    rows = list(ContactNote.objects.filter(network__realm=realm, reduced_at=None, retain_until__lt=at.date()))
    for note in rows:
        actions.reduce_contact(note, by=SYSTEM, at=at)
    return len(rows)


def reduce_reports(realm: Realm, at: datetime) -> int:
    """Reports of meetings past the day until which they are kept; return how many."""
    rows = Engagement.objects.filter(network__realm=realm, retain_until__lt=at.date()).exclude(report="")
    found = list(rows)
    for engagement in found:
        actions.erase_report(engagement, by=SYSTEM, at=at)
    return len(found)
