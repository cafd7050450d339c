"""One entry as it is handed on: what anybody may read of it now, and what shows that it stands in the record."""

from dataclasses import dataclass
from datetime import datetime

from comity.plain.levels import Level, Realm
from comity.plain.refusals import NotVisible
from comity.record import published, queries
from comity.record.core.audit import read_leaf
from comity.record.core.evidence import Evidence, Told
from comity.record.models import Entry, SubjectHead
from comity.record.queries import EntryView, public_entries, views


def told_of(realm: Realm, index: int, *, at: datetime) -> Told:
    """What the record tells anybody of an entry at an instant; raise NotVisible where none stands.

    A restricted entry tells its leaf and no value: who knows them can check them against its seal.
    """
    entry = queries.entry_at(realm, index)
    if entry is None:
        raise NotVisible(entry=index)
    if entry.level != Level.PUBLIC:
        return Told(index, bytes(entry.leaf), {})
    given = queries.given(views(Entry.objects.filter(pk=entry.pk))[0], at)
    return Told(index, bytes(entry.leaf), given.fields, given.withheld)


def evidence_of(realm: Realm, index: int, *, at: datetime) -> Evidence:
    """The same with its way to the root of the published checkpoint; raise NotVisible, or NotPublishedYet."""
    return Evidence(told_of(realm, index, at=at), published.proof(realm, index))


@dataclass(frozen=True)
class Chain:
    """Where a public entry stands among those on its subject: each names the fingerprint of the one before."""

    place: int
    count: int
    before: EntryView | None
    after: EntryView | None


def chain_of(entry: EntryView) -> Chain | None:
    """Its place in the chain of its subject; None where its leaf cannot be read any more."""
    subject = str(entry.subject)
    rows = public_entries(entry.realm).filter(subject=subject)
    leaf = Entry.objects.filter(pk=entry.id).values_list("leaf", flat=True).get()
    try:
        place = read_leaf(bytes(leaf)).seq
    except ValueError:
        return None
    heads = SubjectHead.objects.filter(log=entry.realm.value, subject=subject)
    return Chain(
        place=place,
        count=max(place, heads.values_list("seq", flat=True).first() or 0),
        before=next(iter(views(rows.filter(id__lt=entry.id).order_by("-id")[:1])), None),
        after=next(iter(views(rows.filter(id__gt=entry.id).order_by("id")[:1])), None),
    )
