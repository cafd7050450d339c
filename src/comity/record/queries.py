"""What can be read from the record: the thread, the entry behind a seal, its proof, and what a copy publishes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from comity.plain.ids import ids_in
from comity.plain.levels import Level, Realm
from comity.plain.readable import closed, readable
from comity.plain.refs import Ref
from comity.plain.time import utc_text
from comity.record import published
from comity.record.core import jcs, merkle
from comity.record.core.audit import (
    ERASED,
    Fault,
    Wrong,
    chained,
    erased_by,
    misplaced,
    named,
    read_leaves,
    rooted,
    value_faults,
)
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.jcs import Json
from comity.record.core.leaf import Sealed
from comity.record.core.rows import Row, row_faults
from comity.record.models import TILE, Arising, Disclosure, Entry, Log, Pseudonym, SubjectHead, Tile
from comity.record.prepared import Prepared

OWN = frozenset({"entry", "log", "pseudonym", "year"})
"""Subjects that are nobody's thing: what is said of erasures, of logs, and of a year as a whole, is always given."""


@dataclass(frozen=True)
class EntryView:
    """One public entry as other rooms see it."""

    id: int
    realm: Realm
    index: int | None
    type: str
    at: datetime
    actor: str
    organisation: str
    """The public id of the organisation for which a seat acted; empty when none did or it was forgotten."""
    subject: Ref
    leaf_hash: str


def subject_of(ref: Ref) -> Ref:
    """The reference under which the record keeps a thing: a network is an organisation."""
    return Ref("organisation", ref.id) if ref.kind == "network" else ref


def sources_of(ref: Ref, *, known_by: datetime | None = None) -> list[Ref]:
    """What a thing arises from, in the order recorded; only what was recorded by ``known_by``."""
    return sources_of_all([ref], known_by=known_by)


def results_of(ref: Ref, *, known_by: datetime | None = None) -> list[Ref]:
    """What arises from a thing, in the order recorded; only what was recorded by ``known_by``."""
    return results_of_all([ref], known_by=known_by)


def sources_of_all(refs: Iterable[Ref], *, known_by: datetime | None = None) -> list[Ref]:
    """What any of several things arises from, each once, in the order recorded."""
    return _strands(Arising.objects.filter(thing__in=_texts(refs)), "source", known_by)


def results_of_all(refs: Iterable[Ref], *, known_by: datetime | None = None) -> list[Ref]:
    """What arises from any of several things, each once, in the order recorded."""
    return _strands(Arising.objects.filter(source__in=_texts(refs)), "thing", known_by)


def _texts(refs: Iterable[Ref]) -> list[str]:
    return [str(subject_of(ref)) for ref in refs]


def _strands(rows: "QuerySet[Arising]", column: str, known_by: datetime | None) -> list[Ref]:
    if known_by is not None:
        rows = rows.filter(entry__at__lte=known_by)
    found = rows.order_by("id").values_list(column, flat=True)
    return [Ref.parse(text) for text in dict.fromkeys(found)]


def entries_of(ref: Ref, *, type: str = "", known_by: datetime | None = None) -> list[EntryView]:
    """The public entries about a thing, oldest first."""
    if not type and known_by is not None:
        return _viewed(_ABOUT(subject=str(subject_of(ref)), known_by=known_by))
    return views(_public_about([ref], type, known_by).order_by("id"))


def entry_of(ref: Ref, type: str = "", *, known_by: datetime | None = None) -> EntryView | None:
    """The last public entry about a thing (of that type), to show in a seal; None when nothing stands."""
    return next(iter(views(_public_about([ref], type, known_by).order_by("-id")[:1])), None)


def entries_of_all(refs: Iterable[Ref], *, known_by: datetime) -> dict[Ref, list[EntryView]]:
    """The public entries about each of several things, oldest first, in one look; absent where nothing stands."""
    asked = list(dict.fromkeys(refs))
    if len(asked) < 2:
        return {ref: entries for ref in asked if (entries := entries_of(ref, known_by=known_by))}
    found: dict[Ref, list[EntryView]] = {}
    for entry in views(_public_about(asked, "", known_by).order_by("id")):
        found.setdefault(entry.subject, []).append(entry)
    return {ref: found[subject_of(ref)] for ref in asked if subject_of(ref) in found}


def written_about(ref: Ref, type: str) -> Entry | None:
    """The last entry of a type about a thing, restricted ones too: for an action that erases from it, for no page."""
    return Entry.objects.filter(subject=str(subject_of(ref)), type=type).order_by("-id").first()


def latest(realm: Realm, n: int) -> list[EntryView]:
    """The last ``n`` numbered public entries of a log, newest first."""
    return views(public_entries(realm).filter(index__isnull=False).order_by("-index")[:n])


def last_instant(realm: Realm) -> datetime | None:
    """The latest instant of a public act in the realm; None before the first.

    Restricted acts do not count: a clock that they moved would tell everybody that something had happened.
    """
    rows = _LATEST(log=realm.value)
    at = rows[0][0] if rows else None
    assert at is None or isinstance(at, datetime)
    return at


_LATEST = Prepared(
    lambda log: Entry.objects.filter(log=log, level=Level.PUBLIC.value).order_by("-at").values_list("at")[:1], log=str
)


def public_entries(realm: Realm) -> "QuerySet[Entry]":
    """The public entries of a log."""
    return Entry.objects.filter(log=realm.value, level=Level.PUBLIC.value)


def entry_at(realm: Realm, index: int) -> Entry | None:
    """The numbered entry, public or restricted; None when the log is shorter."""
    return Entry.objects.filter(log=realm.value, index=index).first()


def entry_numbered(realm: Realm, index: int) -> EntryView | None:
    """The public entry of that number; None when there is none or it is restricted."""
    entry = public_entries(realm).filter(index=index).first()
    return _view(entry) if entry else None


def checkpoint(realm: Realm) -> Checkpoint | None:
    """What the log says of itself now; None before its first entry."""
    log = Log.objects.filter(realm=realm.value, size__gt=0).first()
    return Checkpoint(log.origin, log.size, bytes(log.root)) if log else None


def hashes(realm: Realm, size: int) -> list[bytes]:
    """The fingerprints of the first ``size`` entries, in the order in which they were numbered."""
    tiles = Tile.objects.filter(log=realm.value, number__lte=size // TILE).order_by("number")
    run = b"".join(bytes(tile) for tile in tiles.values_list("hashes", flat=True))
    return [run[start : start + merkle.HASH] for start in range(0, min(len(run), size * merkle.HASH), merkle.HASH)]


def leaves(realm: Realm, size: int) -> Iterator[bytes]:
    """The leaves of the first ``size`` entries, in their order."""
    rows = Entry.objects.filter(log=realm.value, index__lt=size).order_by("index").values_list("leaf", flat=True)
    return (bytes(one) for one in rows.iterator())


@dataclass(frozen=True)
class Given:
    """What the record gives of one public entry at an instant; erased values are in neither."""

    fields: Mapping[str, Sealed]
    withheld: frozenset[str] = frozenset()
    """The names of the values that not everybody may read at that instant."""


AT_ONCE = 1_000
"""So many entries are held in memory together where all of them are asked for."""


def given_all(realm: Realm, size: int, at: datetime) -> Iterator[tuple[int, Given]]:
    """What each of the first ``size`` entries, if it is public, gives anybody at an instant: (index, given).

    A value whose erasure stands further on in the log is named as withheld: nothing among these entries says it went.
    """
    rows = Disclosure.objects.filter(entry__log=realm.value, entry__level=Level.PUBLIC.value).order_by("entry__index")
    shut, gone = closed(realm, at), _erased_after(realm, size)
    for first in range(0, size, AT_ONCE):
        some = rows.filter(entry__index__gte=first, entry__index__lt=min(first + AT_ONCE, size))
        told = list(some.values_list("entry__index", "entry__subject", "fields"))
        known = readable_now({Ref.parse(subject) for _index, subject, _fields in told}, realm, at)
        for index, subject, fields in told:
            assert index is not None
            given = _given(unfolded(fields), Ref.parse(subject) in known, shut)
            yield index, replace(given, withheld=given.withheld | gone.get(index, set()))


def _erased_after(realm: Realm, size: int) -> dict[int, set[str]]:
    """The names of values whose erasure is not among the first ``size`` entries, by their entries' numbers."""
    later = Q(entry__index__gte=size) | Q(entry__index=None)
    rows = Disclosure.objects.filter(later, entry__log=realm.value, entry__type=ERASED)
    found: dict[int, set[str]] = {}
    for fields in rows.values_list("fields", flat=True):
        if pair := erased_by(unfolded(fields)):
            found.setdefault(pair[0], set()).add(pair[1])
    return found


def given(entry: EntryView, at: datetime) -> Given:
    """What one public entry gives anybody at an instant.

    A value is given while anybody may read the thing that its entry is about, and each thing that it names.
    """
    return given_of_all([entry], entry.realm, at)[entry.id]


def given_of_all(entries: Sequence[EntryView], realm: Realm, at: datetime) -> dict[int, Given]:
    """The same of several public entries of one log, by their row, in one look."""
    rows = Disclosure.objects.filter(entry__in=[entry.id for entry in entries]).values_list("entry_id", "fields")
    held = {entry_id: unfolded(fields) for entry_id, fields in rows}
    known = readable_now({entry.subject for entry in entries}, realm, at)
    shut = closed(realm, at, {one for fields in held.values() for kept in fields.values() for one in ids_in(kept.text)})
    return {entry.id: _given(held.get(entry.id, {}), entry.subject in known, shut) for entry in entries}


def readable_now(subjects: Iterable[Ref], realm: Realm, at: datetime) -> set[Ref]:
    """Of the subjects of entries, those that anybody may read at an instant; what the record says of itself always."""
    asked = set(subjects)
    own = {ref for ref in asked if ref.kind in OWN}
    return own | readable(asked - own, realm, at)


def _given(fields: dict[str, Sealed], subject_readable: bool, shut: Set[str]) -> Given:
    withheld = {name for name in fields if not subject_readable or not shut.isdisjoint(ids_in(fields[name].text))}
    return Given({name: fields[name] for name in fields.keys() - withheld}, frozenset(withheld))


def disclosed(entry: EntryView | Entry) -> dict[str, Sealed]:
    """The values an entry still holds, each with its salt, whoever may read them now: for no page."""
    fields = Disclosure.objects.filter(entry=entry.id).values_list("fields", flat=True).first()
    return unfolded(fields or {})


def facts_of(entry: EntryView) -> dict[str, Json]:
    """The values a public entry still holds; an erased field is absent.

    For whoever has asked whether its reader may see the thing; what the record itself gives to anybody is ``given``.
    """
    return {name: jcs.decode(sealed.text) for name, sealed in disclosed(entry).items()}


def erasure_of(entry: EntryView, field: str) -> EntryView | None:
    """The entry that says why a value of an entry is gone."""
    for erasure in entries_of(Ref("entry", str(entry.index)), type=ERASED):
        if erasure.realm is entry.realm and erased_by(disclosed(erasure)) == (entry.index, field):
            return erasure
    return None


def unfolded(fields: Mapping[str, list[str]]) -> dict[str, Sealed]:
    """The stored form of disclosed values, read."""
    return {name: Sealed(bytes.fromhex(salt), text) for name, (salt, text) in fields.items()}


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
    if entry.actor.startswith("org:"):
        return entry.actor
    mandate = mandate_of(entry)
    return f"org:{names.get(mandate[0], '?')}" if mandate else entry.actor.partition(":")[0]


def _public_about(refs: Sequence[Ref], type: str, known_by: datetime | None) -> "QuerySet[Entry]":
    rows = Entry.objects.filter(subject__in=_texts(refs), level=Level.PUBLIC.value)
    if type:
        rows = rows.filter(type=type)
    if known_by is not None:
        rows = rows.filter(at__lte=known_by)
    return rows


_COLUMNS = ("id", "log_id", "index", "type", "at", "actor", "mandate", "subject", "leaf_hash")
_ABOUT = Prepared(
    lambda subject, known_by: (
        Entry.objects.filter(subject=subject, level=Level.PUBLIC.value, at__lte=known_by)
        .order_by("id")
        .values_list(*_COLUMNS)
    ),
    subject=str,
    known_by=datetime,
)


def views(rows: "QuerySet[Entry]") -> list[EntryView]:
    """The entries of a queryset, without their leaves, which no page shows."""
    return _viewed(rows.values_list(*_COLUMNS))


def _viewed(rows: Iterable[tuple[Any, ...]]) -> list[EntryView]:
    return [
        EntryView(pk, Realm(log), index, type, at, actor, mandate, Ref.parse(subject), bytes(fingerprint).hex())
        for pk, log, index, type, at, actor, mandate, subject, fingerprint in rows
    ]


def viewed(rows: Iterable[Entry]) -> list[EntryView]:
    """Public entries as other rooms see them."""
    return [_view(row) for row in rows]


def _view(entry: Entry) -> EntryView:
    return EntryView(
        id=entry.pk,
        realm=Realm(entry.log_id),
        index=entry.index,
        type=entry.type,
        at=entry.at,
        actor=entry.actor,
        organisation=entry.mandate,
        subject=Ref.parse(entry.subject),
        leaf_hash=bytes(entry.leaf_hash).hex(),
    )


def check(realm: Realm) -> list[Fault]:
    """Audit the whole log where it lies: rows, leaves, values, chains, order, root; entries not yet numbered too.

    Each fault names the entry and what is wrong; an empty list is the answer yes.
    """
    log = Log.objects.filter(realm=realm.value).first()
    if log is None:
        return []
    rows = _rows(log)
    numbered = {row.index: row for row in rows if row.index is not None}
    pending = [row for row in rows if row.index is None]
    listed = hashes(realm, log.size)
    in_order = [numbered.get(index) for index in range(max([len(listed), *(index + 1 for index in numbered)]))]
    all_rows = [*in_order, *pending]
    found = [merkle.leaf_hash(row.leaf) if row else b"" for row in all_rows]
    leaves, faults = read_leaves([row.leaf if row else None for row in all_rows])
    faults += misplaced([one for one in found[: len(in_order)] if one], listed)
    explained = {pair for row in rows if row.type == ERASED and (pair := erased_by(row.fields))}
    for row, leaf in zip(all_rows, leaves, strict=True):
        faults += row_faults(row, leaf, explained) if row else []
    faults += chained(leaves, found, listed, pending=len(pending))
    values = {row.index: row.fields for row in numbered.values() if row.public and row.index is not None}
    faults += value_faults(leaves[: len(in_order)], values)
    faults += rooted(listed, Checkpoint(log.origin, log.size, bytes(log.root)))
    if merkle.extended([], 0, listed)[0] != [bytes.fromhex(node) for node in log.frontier]:
        faults.append(Fault(None, "", Wrong.ROOT, "the right edge of the tree is not that of its fingerprints"))
    faults += _heads(log, rows, {fault.index for fault in faults})
    faults += _unlike_published(realm, listed)
    return named(dict.fromkeys(faults), leaves[: len(in_order)])


def _unlike_published(realm: Realm, listed: Sequence[bytes]) -> Iterator[Fault]:
    """Compare the fingerprints in the tables with the tiles that stand published; nothing where nothing is."""
    known = published.head(realm)
    if known is None:
        return
    size, tree = known.checkpoint.size, published.tree(realm)
    if merkle.root_of(listed[:size]) != known.checkpoint.root or len(listed) < size:
        what = f"the tables do not lead to the published root of {size} entries"
        yield Fault(None, "", Wrong.UNLIKE_TRUSTED, what)
    for index in range(size):
        try:
            there = tree.leaf(index)
        except (LookupError, ValueError) as error:
            yield Fault(index, "", Wrong.UNREADABLE, f"its published tile cannot be read: {error}")
            return
        if index >= len(listed):
            yield Fault(index, "", Wrong.REMOVED, "was taken out: it stands in the published tiles alone")
        elif there != listed[index]:
            what = f"was altered: published is the fingerprint {there.hex()[:16]}…, kept is {listed[index].hex()[:16]}…"
            yield Fault(index, "", Wrong.ALTERED, what)


def _rows(log: Log) -> list[Row]:
    """Every entry of a log as its table keeps it, numbered ones first."""
    names = {
        Ref.parse(subject): pseudonym
        for subject, pseudonym in Pseudonym.objects.filter(log=log).values_list("subject", "pseudonym")
    }
    kept = dict(Disclosure.objects.filter(entry__log=log).values_list("entry_id", "fields"))
    entries = Entry.objects.filter(log=log).order_by(F("index").asc(nulls_last=True), "id")
    return [_row(entry, names, unfolded(kept.get(entry.pk, {}))) for entry in entries]


def _row(entry: Entry, names: Mapping[Ref, str], fields: dict[str, Sealed]) -> Row:
    public = entry.level == Level.PUBLIC
    return Row(
        id=entry.pk,
        index=entry.index,
        leaf=bytes(entry.leaf),
        leaf_hash=bytes(entry.leaf_hash),
        public=public,
        type=entry.type,
        at=utc_text(entry.at),
        actor=shown_actor(entry, names) if public else entry.actor,
        subject=shown_ref(Ref.parse(entry.subject), names) if public else entry.subject,
        seq=entry.subject_seq,
        fields=fields,
    )


def _heads(log: Log, rows: Iterable[Row], told: Set[int | None]) -> Iterator[Fault]:
    """Compare the last entry of each subject with what the next one would name."""
    names = dict(Pseudonym.objects.filter(log=log).values_list("subject", "pseudonym"))
    last = {row.subject: row for row in rows if row.public}
    for head in SubjectHead.objects.filter(log=log):
        kind = head.subject.partition(":")[0]
        shown = f"{kind}:{names[head.subject]}" if head.subject in names else head.subject
        row = last.get(shown)
        if row is None or row.seq is None or row.seq < head.seq:
            yield Fault(None, shown, Wrong.REMOVED, f"its entry number {head.seq} was taken out")
        elif row.leaf_hash != bytes(head.leaf_hash) and row.index not in told:
            yield Fault(row.index, shown, Wrong.ALTERED, "was altered: the head of its subject has another fingerprint")
