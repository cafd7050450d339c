"""How entries come into the record: in the transaction of the change, then numbered; and how a value leaves it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from random import SystemRandom
from zlib import crc32

from django.conf import settings
from django.db import connection, models, transaction

from comity.plain.actors import SYSTEM, ActorRef
from comity.plain.ids import new_id
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import Refusal
from comity.plain.time import utc_text
from comity.record import erasures
from comity.record.core import leaf, merkle
from comity.record.core.audit import ERASED
from comity.record.core.jcs import Json
from comity.record.core.leaf import PublicFacts, Sealed
from comity.record.core.succession import SUCCEEDED, Succession
from comity.record.erasures import FORGOTTEN
from comity.record.models import TILE, Arising, Disclosure, Entry, Log, Pseudonym, Residue, SubjectHead, Tile
from comity.record.queries import EntryView, drawn, mandate_of, readable_now, shown_actor, shown_ref, subject_of
from comity.record.scrubbing import scrub_at_once

LOCKS = 1024
"""Locks that the subjects of a log share: the server holds each until the end of a transaction, in bounded memory."""
BATCH, LARGEST_BATCH = 64, 1024
"""A day's batch of restricted entries has at least, and at most, so many leaves."""


class NothingToErase(Refusal):
    """What was never written, or is erased already, cannot be erased."""

    code = "nothing-to-erase"
    status = 404


class ErasureStays(Refusal):
    """An entry that says what was erased stays, or a missing value would look like a theft."""

    code = "erasure-stays"


def append(
    type: str,
    *,
    realm: Realm,
    subject: Ref,
    by: ActorRef,
    at: datetime,
    level: Level = Level.PUBLIC,
    facts: Mapping[str, Json] | None = None,
    because: Sequence[Ref] = (),
) -> Entry:
    """Write one entry in the transaction of the change it records; the sequencer numbers it after commit.

    Raises LeafTooLarge, NotForTheRecord or NotCanonical when the facts cannot stand in the record.
    """
    if not connection.in_atomic_block:
        with transaction.atomic():
            return append(type, realm=realm, subject=subject, by=by, at=at, level=level, facts=facts, because=because)
    leaf.check_type(type)
    thing, sources = subject_of(subject), [subject_of(source) for source in dict.fromkeys(because)]
    fields = leaf.sealed_all(facts or {})
    entry = Entry(
        log_id=Realm(realm).value,
        type=type,
        at=at.replace(microsecond=0),
        actor=str(by),
        mandate=by.organisation,
        subject=str(thing),
        level=level,
    )
    _prepare(Realm(realm))
    if level == Level.PUBLIC:
        known = readable_now(sources, Realm(realm), at)
        _write_public(entry, thing, [source for source in sources if source in known], fields)
    else:
        _write_restricted(entry, sources, fields)
    if sources:
        strands = [Arising(entry=entry, thing=str(thing), source=str(source)) for source in sources]
        Arising.objects.bulk_create(strands)
    return entry


def _prepare(realm: Realm) -> None:
    """Once per transaction, however many entries it writes: the log stands, and is sequenced after commit."""
    after = _SEQUENCE[realm]
    if not any(waiting[1] is after for waiting in connection.run_on_commit):
        log_of(realm)
        transaction.on_commit(after, robust=True)


def log_of(realm: Realm) -> Log:
    """The realm's log; founded empty at its first entry."""
    origin = settings.RECORD_ORIGIN_FICTION if realm is Realm.FICTION else settings.RECORD_ORIGIN
    log, _ = Log.objects.get_or_create(realm=realm.value, defaults={"origin": origin, "root": merkle.EMPTY_ROOT})
    return log


def take_the_place(realm: Realm, of: Succession, *, at: datetime) -> None:
    """Let a log take the place of one that has ended, once: its entry commits to the last checkpoint of that one."""
    subject = Ref("log", str(of.number + 1))
    with transaction.atomic():
        log = log_of(realm)
        if not Entry.objects.filter(log=log, type=SUCCEEDED, subject=str(subject)).exists():
            append(SUCCEEDED, realm=realm, subject=subject, by=SYSTEM, at=at, facts=of.facts())
        Log.objects.filter(pk=log.pk).update(origin=of.begun)


def sequence(realm: Realm) -> int:
    """Give the next indexes to the public entries that have none, and grow the tree; return how many.

    Whatever has no index gets one, in the order written; there is no high-water mark of ids, so an entry that committed
    late is not lost. The log's row is locked meanwhile: two sequencers never number the same entry.
    """
    with transaction.atomic():
        log = Log.objects.select_for_update(no_key=True).filter(realm=realm.value).first()
        if log is None:
            return 0
        pending = Entry.objects.filter(log=log, index__isnull=True, level=Level.PUBLIC.value)
        return _number(log, pending.order_by("id").values_list("id", "leaf_hash"))


def _number(log: Log, rows: "Iterable[tuple[int, bytes | memoryview[int]]]") -> int:
    """Give ``rows`` the next indexes in their order; the caller holds the log's lock."""
    numbered = [(pk, bytes(fingerprint)) for pk, fingerprint in rows]
    if not numbered:
        return 0
    edge = [bytes.fromhex(node) for node in log.frontier]
    edge, size = merkle.extended(edge, log.size, (fingerprint for _, fingerprint in numbered))
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE {Entry._meta.db_table} SET "index" = %s WHERE id = %s',  # noqa: S608 - the name of our own table
            [(log.size + place, pk) for place, (pk, _) in enumerate(numbered)],
        )
    _extend_tiles(log, [fingerprint for _, fingerprint in numbered])
    log.frontier, log.size, log.root = [node.hex() for node in edge], size, merkle.edge_root(edge)
    log.save(update_fields=["frontier", "size", "root", "batch_on"])
    return len(numbered)


def close_due_batch(realm: Realm, at: datetime) -> int:
    """Close the day's batch of restricted entries unless it is closed; return how many leaves it wrote.

    One batch for each day (UTC), whatever was written, once a public entry has begun the log: call it as often as you
    like.
    """
    day = at.astimezone(UTC).date()
    with transaction.atomic():
        log = Log.objects.select_for_update(no_key=True).filter(realm=realm.value).first()
        if log is None or log.size == 0 or (log.batch_on is not None and log.batch_on >= day):
            return 0
        return close_batch(realm, at)


def close_batch(realm: Realm, at: datetime) -> int:
    """Number restricted entries that wait in one batch, shuffled among decoys; return how many leaves it wrote.

    Only what is public decides its size, so that neither its time nor its size tells anything. Whoever waited longest
    comes first; what finds no room waits for the next batch. It is called at fixed times.
    """
    with transaction.atomic():
        log_of(realm)
        log = Log.objects.select_for_update(no_key=True).get(realm=realm.value)
        waiting = Entry.objects.filter(log=log, index__isnull=True).exclude(level=Level.PUBLIC.value).order_by("id")
        size = batch_size(_public_since_the_last(log))
        short = size - len(waiting.values_list("id")[:size])
        Entry.objects.bulk_create(_decoy(log, at) for _ in range(short))
        batch = list(waiting.values_list("id", "leaf_hash")[:size])
        SystemRandom().shuffle(batch)
        log.batch_on = at.astimezone(UTC).date()
        return _number(log, batch)


def batch_size(public: int) -> int:
    """How many leaves a batch has: the power of two that holds the public entries since the last one, 64 to 1,024."""
    return min(max(BATCH, 1 << max(public - 1, 0).bit_length()), LARGEST_BATCH)


def _public_since_the_last(log: Log) -> int:
    sealed = Entry.objects.filter(log=log, index__isnull=False).exclude(level=Level.PUBLIC.value)
    last = sealed.order_by("-index").values_list("index", flat=True).first()
    return log.size if last is None else log.size - 1 - last


def _decoy(log: Log, at: datetime) -> Entry:
    data = leaf.decoy_leaf()
    return Entry(
        log=log, type=leaf.DECOY, at=at, actor="system", level=Level.SEALED, leaf=data, leaf_hash=merkle.leaf_hash(data)
    )


def erase(entry: EntryView | Entry, field: str, *, legal_basis: str, by: ActorRef, at: datetime) -> Entry:
    """Destroy one value and its salt, and record that it was done; every proof goes on verifying.

    The field ``entry`` of a restricted entry takes with it what its row says of type, subject and actor.
    Raises NothingToErase and ErasureStays.
    """
    with transaction.atomic():
        sequence(Realm(entry.realm if isinstance(entry, EntryView) else entry.log_id))
        row = Entry.objects.get(pk=entry.id)
        if row.type == ERASED and field != "legal_basis":
            raise ErasureStays(entry=row.index, field=field)
        disclosure = Disclosure.objects.select_for_update().filter(entry=row).first()
        if disclosure is None or field not in disclosure.fields:
            raise NothingToErase(entry=row.index, field=field)
        del disclosure.fields[field]
        disclosure.save(update_fields=["fields"])
        leave_no_bytes(Disclosure)
        if field == leaf.WHOLE:
            Arising.objects.filter(entry=row).delete()
            Entry.objects.filter(pk=row.pk).update(type="", actor="", mandate="", subject="")
            leave_no_bytes(Entry, Arising)
        transaction.on_commit(partial(erasures.note, [erasures.of(row, field, at)]), robust=True)
        name = -row.pk if row.index is None else row.index
        return append(
            ERASED,
            realm=Realm(row.log_id),
            subject=Ref("entry", str(abs(name))),
            by=by,
            at=at,
            level=Level(row.level),
            facts={"index": name, "field": field, "legal_basis": legal_basis},
        )


def leave_no_bytes(*tables: type[models.Model]) -> None:
    """Say from which tables something is erased, in the transaction that does it; the periodic work scrubs them.

    On SQLite the journal is cut as soon as that is written, where nobody reads it just then.
    """
    Residue.objects.bulk_create(Residue(table=model._meta.db_table) for model in tables)
    transaction.on_commit(scrub_at_once, robust=True)


def forget_pseudonym(ref: Ref, *, realm: Realm, legal_basis: str, by: ActorRef, at: datetime) -> Entry:
    """Destroy the directory's row of an organisation or seat: no table then tells whom its entries name.

    Its rows keep the random name that already stands in their leaves. Values that name it are erased one by one.
    Raises NothingToErase when it bears no name in this log.
    """
    with transaction.atomic():
        sequence(realm)
        thing = subject_of(ref)
        row = Pseudonym.objects.filter(log=realm.value, subject=str(thing)).first()
        if row is None:
            raise NothingToErase(pseudonym_of=str(thing))
        _rename(realm, thing, row.pseudonym)
        row.delete()
        leave_no_bytes(Pseudonym, Entry, SubjectHead, Arising)
        gone = erasures.Erasure(realm, row.pseudonym, "", None, None, at)
        transaction.on_commit(partial(erasures.note, [gone]), robust=True)
        return append(
            FORGOTTEN,
            realm=realm,
            subject=Ref("pseudonym", row.pseudonym),
            by=by,
            at=at,
            facts={"legal_basis": legal_basis},
        )


def _rename(realm: Realm, thing: Ref, pseudonym: str) -> None:
    """Let every table of the record say the random name, as the leaves do."""
    old, new, log = str(thing), f"{thing.kind}:{pseudonym}", realm.value
    Entry.objects.filter(log=log, subject=old).update(subject=new)
    mandated = Entry.objects.filter(log=log, mandate=thing.id)
    mandated.filter(level=Level.PUBLIC.value).update(actor=f"org:{pseudonym}", mandate="")
    mandated.update(mandate="")
    SubjectHead.objects.filter(log=log, subject=old).update(subject=new)
    Arising.objects.filter(entry__log=log, thing=old).update(thing=new)
    Arising.objects.filter(entry__log=log, source=old).update(source=new)


def _extend_tiles(log: Log, hashes: Sequence[bytes]) -> None:
    """Write fingerprints behind the ``log.size`` that stand; a full tile is never touched again."""
    number, filled = divmod(log.size, TILE)
    last = Tile.objects.filter(log=log, number=number).first() if filled else None
    run = (bytes(last.hashes) if last else b"") + b"".join(hashes)
    width = TILE * merkle.HASH
    tiles = [
        Tile(log=log, number=number + place, hashes=run[place * width : (place + 1) * width])
        for place in range(-(-len(run) // width))
    ]
    Tile.objects.bulk_create(tiles, update_conflicts=True, unique_fields=["log", "number"], update_fields=["hashes"])


def _sequencer(realm: Realm) -> Callable[[], None]:
    def run() -> None:
        sequence(realm)

    return run


_SEQUENCE = {realm: _sequencer(realm) for realm in Realm}


def _write_public(entry: Entry, thing: Ref, sources: Sequence[Ref], fields: Mapping[str, Sealed]) -> None:
    _hold(entry.log_id, [entry.subject])
    wanted = {str(thing), *map(str, sources)}
    heads = {head.subject: head for head in SubjectHead.objects.filter(log=entry.log_id, subject__in=wanted)}
    shown = [source for source in sources if str(source) in heads]
    names = _pseudonyms(entry.log_id, [thing, *shown, *mandate_of(entry)])
    head = heads.get(str(thing))
    entry.subject_seq = head.seq + 1 if head else 1
    facts = PublicFacts(
        type=entry.type,
        at=utc_text(entry.at),
        actor=shown_actor(entry, names),
        subject=shown_ref(thing, names),
        subject_seq=entry.subject_seq,
        prev=bytes(head.leaf_hash).hex() if head else "",
        because=[shown_ref(source, names) for source in shown],
    )
    _write(entry, leaf.public_leaf(facts, fields), fields)
    if head is None:
        SubjectHead.objects.create(log_id=entry.log_id, subject=str(thing), seq=1, leaf_hash=entry.leaf_hash)
    else:
        SubjectHead.objects.filter(pk=head.pk).update(seq=entry.subject_seq, leaf_hash=entry.leaf_hash)


def _write_restricted(entry: Entry, sources: Sequence[Ref], fields: Mapping[str, Sealed]) -> None:
    whole = leaf.seal(
        {
            "type": entry.type,
            "at": utc_text(entry.at),
            "actor": entry.actor,
            "subject": entry.subject,
            "because": [str(source) for source in sources],
            "commit": leaf.commitments(fields),
        }
    )
    _write(entry, leaf.restricted_leaf(whole), {**fields, leaf.WHOLE: whole})


def _write(entry: Entry, data: bytes, fields: Mapping[str, Sealed]) -> None:
    entry.leaf, entry.leaf_hash = data, merkle.leaf_hash(data)
    entry.save(force_insert=True)
    if fields:
        kept = {name: [sealed.salt.hex(), sealed.text] for name, sealed in fields.items()}
        Disclosure(entry=entry, fields=kept).save(force_insert=True)


def _hold(log: str, subjects: Sequence[str]) -> bool:
    """On PostgreSQL let transactions on one subject wait for each other, so that no chain forks; True if one may."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        for lock in sorted({crc32(subject.encode()) % LOCKS for subject in subjects}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [log, lock])
    return True


def _pseudonyms(log: str, refs: Sequence[Ref]) -> dict[Ref, str]:
    """The random names of those refs that need one; new ones are drawn and written."""
    hidden = [ref for ref in dict.fromkeys(refs) if ref.kind in leaf.PSEUDONYMOUS]
    known = drawn(log, hidden)
    missing = [ref for ref in hidden if ref not in known]
    if missing and _hold(log, [f"pseudonym of {ref}" for ref in missing]):
        known |= drawn(log, missing)
    new = [Pseudonym(log_id=log, subject=str(ref), pseudonym=new_id()) for ref in missing if ref not in known]
    if new:
        Pseudonym.objects.bulk_create(new)
    return known | {Ref.parse(row.subject): row.pseudonym for row in new}
