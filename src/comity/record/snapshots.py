"""What a report is made from: a log as of one checkpoint. The same checkpoint gives the same report, years later.

A snapshot is the number of entries and their root. The root binds every leaf, and each leaf binds its values, so that
nothing else need be kept of what a report was made from. Two rules say what a report may use: ``public_in`` what
anybody may read in the log, ``all_in`` also what restricted entries hold. From the second only numbers may leave.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import Refusal
from comity.record import queries
from comity.record.core import jcs, merkle
from comity.record.core.jcs import Json
from comity.record.core.leaf import Sealed
from comity.record.models import Disclosure, Entry


class NoSuchSnapshot(Refusal):
    """The log never stood at this checkpoint: name a number of entries it has had, and the root it had then."""

    code = "no-such-snapshot"
    status = 404


@dataclass(frozen=True)
class Snapshot:
    """A log as of one checkpoint: its first ``size`` entries, under this root (hex)."""

    realm: Realm
    size: int
    root: str


@dataclass(frozen=True)
class Written:
    """One entry of a snapshot, with the values that it still holds; what was erased since is absent."""

    index: int
    restricted: bool
    type: str
    at: datetime
    subject: Ref
    leaf_hash: str
    facts: Mapping[str, Json]


def present(realm: Realm) -> Snapshot:
    """The log as it is numbered now."""
    head = queries.checkpoint(realm)
    return Snapshot(realm, head.size if head else 0, (head.root if head else merkle.EMPTY_ROOT).hex())


def as_of(realm: Realm, size: int, root: str) -> Snapshot:
    """The log as of an earlier checkpoint; raise NoSuchSnapshot where it never had so many entries under that root."""
    prints = queries.hashes(realm, size)
    if len(prints) != size or merkle.root_of(prints).hex() != root:
        raise NoSuchSnapshot(realm=realm.value, size=size, root=root)
    return Snapshot(realm, size, root)


def public_in(
    snapshot: Snapshot, types: Iterable[str], since: datetime, before: datetime, *, at: datetime
) -> list[Written]:
    """The public entries of those types that were written from ``since`` until ``before``, in their order.

    Each with the values that anybody may read at the instant ``at``.
    """
    rows = list(_rows(snapshot, types, since, before).filter(level=Level.PUBLIC.value))
    told = queries.given_of_all(queries.viewed(rows), snapshot.realm, at)
    return [_written(row, told[row.pk].fields) for row in rows]


def all_in(snapshot: Snapshot, types: Iterable[str], since: datetime, before: datetime) -> list[Written]:
    """The same of restricted entries too, with every value that they hold: for a report of numbers alone."""
    rows = list(_rows(snapshot, types, since, before))
    kept = dict(Disclosure.objects.filter(entry__in=rows).values_list("entry_id", "fields"))
    return [_written(row, queries.unfolded(kept.get(row.pk, {}))) for row in rows]


def fingerprint(entries: Iterable[Written]) -> str:
    """SHA-256 (hex) over a report's input: each entry's number, fingerprint and values, as canonical JSON in order.

    It is for public entries only: published of restricted ones, anybody could try which of the sealed leaves it covers.
    """
    return jcs.digest([[one.index, one.leaf_hash, {**one.facts}] for one in entries])


def _rows(snapshot: Snapshot, types: Iterable[str], since: datetime, before: datetime) -> "QuerySet[Entry]":
    span = Entry.objects.filter(log=snapshot.realm.value, at__gte=since, at__lt=before)
    return span.filter(type__in=list(types), index__lt=snapshot.size).order_by("index")


def _written(row: Entry, fields: Mapping[str, Sealed]) -> Written:
    assert row.index is not None
    return Written(
        row.index,
        row.level != Level.PUBLIC,
        row.type,
        row.at,
        Ref.parse(row.subject),
        bytes(row.leaf_hash).hex(),
        {name: jcs.decode(sealed.text) for name, sealed in fields.items()},
    )
