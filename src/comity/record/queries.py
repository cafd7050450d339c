"""What can be read from the record: the thread, the entry behind a seal, proofs, and the audit of the whole log."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record.models import Arising, Entry, Pseudonym


@dataclass(frozen=True)
class EntryView:
    """One public entry as other rooms see it."""

    id: int
    realm: Realm
    index: int | None
    type: str
    at: datetime
    actor: str
    subject: Ref
    leaf_hash: str


def subject_of(ref: Ref) -> Ref:
    """The reference under which the record keeps a thing: a network is an organisation."""
    return Ref("organisation", ref.id) if ref.kind == "network" else ref


def sources_of(ref: Ref, *, known_by: datetime | None = None) -> list[Ref]:
    """What a thing arises from, in the order recorded; only what was recorded by ``known_by``."""
    rows = Arising.objects.filter(thing=str(subject_of(ref)))
    return _refs(rows, "source", known_by)


def results_of(ref: Ref, *, known_by: datetime | None = None) -> list[Ref]:
    """What arises from a thing, in the order recorded; only what was recorded by ``known_by``."""
    rows = Arising.objects.filter(source=str(subject_of(ref)))
    return _refs(rows, "thing", known_by)


def _refs(rows: "QuerySet[Arising]", column: str, known_by: datetime | None) -> list[Ref]:
    if known_by is not None:
        rows = rows.filter(entry__at__lte=known_by)
    found = rows.order_by("id").values_list(column, flat=True)
    return [Ref.parse(text) for text in dict.fromkeys(found)]


def entries_of(ref: Ref, *, type: str = "", known_by: datetime | None = None) -> list[EntryView]:
    """The public entries about a thing, oldest first."""
    return [_view(entry) for entry in _public_about(ref, type, known_by).order_by("id")]


def entry_of(ref: Ref, type: str = "", *, known_by: datetime | None = None) -> EntryView | None:
    """The last public entry about a thing (of that type), to show in a seal; None when nothing stands."""
    entry = _public_about(ref, type, known_by).order_by("-id").first()
    return _view(entry) if entry else None


def seal_of(ref: Ref, type: str = "") -> tuple[int | None, datetime] | None:
    """The number and instant that a seal shows; None without an entry, number None while it waits for one."""
    entry = entry_of(ref, type)
    return (entry.index, entry.at) if entry else None


def latest(realm: Realm, n: int) -> list[EntryView]:
    """The last ``n`` numbered public entries of a log, newest first."""
    numbered = public_entries(realm).filter(index__isnull=False)
    return [_view(entry) for entry in numbered.order_by("-index")[:n]]


def last_instant(realm: Realm) -> datetime | None:
    """The latest instant that any entry of the realm bears; None for an empty record."""
    last: datetime | None = Entry.objects.filter(log=realm.value).aggregate(last=Max("at"))["last"]
    return last


def public_entries(realm: Realm) -> "QuerySet[Entry]":
    """The public entries of a log."""
    return Entry.objects.filter(log=realm.value, level=Level.PUBLIC.value)


def mandate_of(entry: Entry) -> list[Ref]:
    """The organisation for which a seat acted, if any."""
    return [Ref("organisation", entry.mandate)] if entry.mandate else []


def drawn(log: str, refs: Iterable[Ref]) -> dict[Ref, str]:
    """The pseudonyms of those refs that have one in a log."""
    wanted = [str(ref) for ref in refs]
    if not wanted:
        return {}
    rows = Pseudonym.objects.filter(log=log, subject__in=wanted).values_list("subject", "pseudonym")
    return {Ref.parse(subject): pseudonym for subject, pseudonym in rows}


def shown_ref(ref: Ref, names: Mapping[Ref, str]) -> str:
    """How a reference stands in a public leaf."""
    return f"{ref.kind}:{names[ref]}" if ref in names else str(ref)


def shown_actor(entry: Entry, names: Mapping[Ref, str]) -> str:
    """How the actor stands in a public leaf: a seat as its organisation's pseudonym, others as their kind."""
    mandate = mandate_of(entry)
    return f"org:{names[mandate[0]]}" if mandate else entry.actor.partition(":")[0]


def _public_about(ref: Ref, type: str, known_by: datetime | None) -> "QuerySet[Entry]":
    rows = Entry.objects.filter(subject=str(subject_of(ref)), level=Level.PUBLIC.value)
    if type:
        rows = rows.filter(type=type)
    if known_by is not None:
        rows = rows.filter(at__lte=known_by)
    return rows


def _view(entry: Entry) -> EntryView:
    return EntryView(
        id=entry.pk,
        realm=Realm(entry.log_id),
        index=entry.index,
        type=entry.type,
        at=entry.at,
        actor=entry.actor,
        subject=Ref.parse(entry.subject),
        leaf_hash=bytes(entry.leaf_hash).hex(),
    )
