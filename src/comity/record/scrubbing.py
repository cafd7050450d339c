"""The bytes of what was erased, out of the files of the database too.

SQLite: every connection has ``secure_delete`` on, so that the main file holds nothing of it; what the journal (WAL)
holds goes when its pages are brought into the main file and it is cut to nothing. PostgreSQL: a row that was changed
leaves its old bytes in the table's file, and in the statistics of its columns; both are written anew.
"""

from collections.abc import Callable, Collection

from django.db import OperationalError, connection

from comity.record.models import Residue

WAIT = 500
"""Milliseconds for which readers of the journal are waited for; the next run tries again."""
LOCK_WAIT = "5s"


def scrub_at_once() -> None:
    """Cut the journal, where nobody reads it just now; the periodic work does the rest."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        _cut(wait=0)


def scrub() -> str:
    """Take the bytes of what was erased out of the files; say in a line what was done or what it waits for.

    Nothing where nothing was erased, and inside a transaction, where no database does it. It may run at any time.
    """
    if connection.in_atomic_block:
        return ""
    rows = dict(Residue.objects.values_list("pk", "table"))
    if not rows:
        return ""
    tables = sorted(set(rows.values()))
    if refused := _WAYS[connection.vendor](tables):
        return refused
    Residue.objects.filter(pk__in=rows).delete()
    return f"the bytes of what was erased are gone from the files of {', '.join(tables)}"


def _cut_journal(_tables: Collection[str]) -> str:
    busy = _cut(wait=WAIT)
    return "what was erased still stands in the journal: somebody reads it; the next tick tries again" if busy else ""


def _cut(*, wait: int) -> bool:
    """Cut the journal to nothing, waiting so many milliseconds for its readers; whether one was in the way."""
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {wait}")
        try:
            return bool(cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")


def _write_anew(tables: Collection[str]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_WAIT}'")
        try:
            for table in tables:
                cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(table)}")
            cursor.execute("VACUUM (FULL) pg_catalog.pg_statistic")
        except OperationalError as error:
            return f"what was erased still stands in old rows ({str(error).strip()}); the next tick tries again"
        finally:
            cursor.execute("RESET lock_timeout")
    return ""


_WAYS: dict[str, Callable[[Collection[str]], str]] = {"sqlite": _cut_journal, "postgresql": _write_anew}
