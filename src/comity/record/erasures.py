"""The list of erasures, in a store of its own that is never restored with the database.

A backup holds what was erased after it. The list says what that is, and by it a restored database is brought up to the
erasures (``restored``). It names entries, fields and days, never a value, a person or the words of a legal basis.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.plain.refusals import Refusal
from comity.plain.time import utc_text
from comity.record.core import jcs
from comity.record.core.audit import ERASED, erased_by
from comity.record.models import Disclosure, Entry
from comity.record.queries import unfolded

FORGOTTEN = "record.pseudonym_forgotten"
SECONDS = 5.0
"""For which a busy store is waited for."""
_TABLE = """
CREATE TABLE IF NOT EXISTS erasure (
    realm TEXT NOT NULL, thing TEXT NOT NULL, field TEXT NOT NULL, entry INTEGER, number INTEGER, at TEXT NOT NULL,
    PRIMARY KEY (realm, thing, field)
)
"""


class ListRefused(Refusal):
    """The list of erasures cannot be read or written: free space on its disk, or let this program write its folder."""

    code = "list-refused"
    status = 503


@dataclass(frozen=True)
class Erasure:
    """One value, or one pseudonym, that was erased."""

    realm: Realm
    thing: str
    """The fingerprint (hex) of the leaf that sealed the value; of a pseudonym the pseudonym itself."""
    field: str
    """Empty for a pseudonym."""
    entry: int | None
    """The key of the entry's row."""
    number: int | None
    """Its number in the log; None of an entry that had none yet, and of a pseudonym."""
    at: datetime


def place() -> Path:
    """Where the list lies."""
    return Path(settings.HEADS) / "erasures.sqlite3"


def of(entry: Entry, field: str, at: datetime) -> Erasure:
    """The erasure of one value of an entry."""
    return Erasure(Realm(entry.log_id), bytes(entry.leaf_hash).hex(), field, entry.pk, entry.index, at)


def note(found: Iterable[Erasure]) -> int:
    """Put erasures on the list, each once; return how many were new. Raises ListRefused."""
    rows = [(one.realm.value, one.thing, one.field, one.entry, one.number, utc_text(one.at)) for one in found]
    if not rows:
        return 0
    with _store() as store:
        before = store.total_changes
        store.executemany("INSERT OR IGNORE INTO erasure VALUES (?, ?, ?, ?, ?, ?)", rows)
        store.commit()
        return store.total_changes - before


def note_all(realm: Realm) -> int:
    """Put on the list whatever erasure the log tells and the list does not; return how many. Raises ListRefused."""
    return note([*_values(realm), *_pseudonyms(realm)])


def listed(realm: Realm, since: date | None = None) -> list[Erasure]:
    """The erasures on the list, oldest first: all, or those from a day (UTC) on. Raises ListRefused."""
    if not place().exists():
        return []
    with _store() as store:
        asked = "SELECT thing, field, entry, number, at FROM erasure WHERE realm = ? AND at >= ? ORDER BY at, number"
        rows = store.execute(asked, (realm.value, since.isoformat() if since else "")).fetchall()
    return [Erasure(realm, thing, field, entry, number, _instant(at)) for thing, field, entry, number, at in rows]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def bases(realm: Realm) -> dict[tuple[str, str], str]:
    """On what legal ground each was erased, by thing and field, as far as this database still says."""
    return {(one.thing, one.field): ground for one, ground in _told(realm) if ground}


def _values(realm: Realm) -> Iterator[Erasure]:
    return (one for one, _ground in _told(realm) if one.field)


def _pseudonyms(realm: Realm) -> Iterator[Erasure]:
    return (one for one, _ground in _told(realm) if not one.field)


def _told(realm: Realm) -> list[tuple[Erasure, str]]:
    """What the log itself says was erased, each with its legal ground where that still stands."""
    told = _written(realm, "entry", ERASED)
    pairs = {pk: pair for pk, (_subject, _at, fields) in told.items() if (pair := erased_by(unfolded(fields)))}
    rows = _named(realm, {index for index, _field in pairs.values()})
    found = [
        (of(rows[pairs[pk][0]], pairs[pk][1], at), _ground(fields))
        for pk, (_subject, at, fields) in told.items()
        if pk in pairs and pairs[pk][0] in rows
    ]
    for subject, at, fields in _written(realm, "pseudonym", FORGOTTEN).values():
        found.append((Erasure(realm, Ref.parse(subject).id, "", None, None, at), _ground(fields)))
    return found


Told = tuple[str, datetime, dict[str, list[str]]]


def _written(realm: Realm, kind: str, type: str) -> dict[int, Told]:
    """The entries of a type about things of a kind: subject, instant, values, by row; found by the subject's index."""
    rows = Disclosure.objects.filter(entry__subject__gte=f"{kind}:", entry__subject__lt=f"{kind};")
    rows = rows.filter(entry__log=realm.value, entry__type=type).order_by("entry_id")
    return {pk: told for pk, *told in rows.values_list("entry_id", "entry__subject", "entry__at", "fields")}  # type: ignore[misc]


def _named(realm: Realm, indexes: set[int]) -> dict[int, Entry]:
    """The entries that erasures name: by number, or by the negative of the row's key where it had none."""
    by_number = Entry.objects.filter(log=realm.value, index__in=[one for one in indexes if one >= 0])
    by_row = Entry.objects.filter(log=realm.value, pk__in=[-one for one in indexes if one < 0])
    return {row.index: row for row in by_number if row.index is not None} | {-row.pk: row for row in by_row}


def _ground(fields: dict[str, list[str]]) -> str:
    kept = fields.get("legal_basis")
    return str(jcs.decode(kept[1])) if kept else ""


@contextmanager
def _store() -> Iterator[sqlite3.Connection]:
    path = place()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=SECONDS)) as store:
            store.execute("PRAGMA synchronous=EXTRA")  # as what was signed: a power cut brings no journal back
            store.execute(_TABLE)
            yield store
    except (sqlite3.Error, OSError) as error:
        raise ListRefused(file=str(path), why=str(error)) from error
