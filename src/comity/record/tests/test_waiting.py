"""On PostgreSQL nobody who writes waits for whoever numbers, however long either holds the log."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from comity.record.actions import log_of, sequence
from comity.record.models import Entry
from comity.record.tests.test_publishing import FICTION, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _only_where_rows_are_locked() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")


@contextmanager
def meanwhile_numbering() -> Iterator[None]:
    """Another connection numbers, and does not commit until the block ends."""
    holds, done = threading.Event(), threading.Event()

    def number() -> None:
        try:
            with transaction.atomic():
                sequence(FICTION)
                holds.set()
                done.wait(60)
        finally:
            holds.set()
            connection.close()

    thread = threading.Thread(target=number)
    thread.start()
    try:
        assert holds.wait(60)
        yield
    finally:
        done.set()
        thread.join()


def test_an_entry_is_written_while_another_numbers() -> None:
    write(1)
    with meanwhile_numbering(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
        Entry.objects.create(log=log_of(FICTION), leaf=b"", leaf_hash=b"", type="", at="2026-03-02T10:00Z", level=0)
        transaction.set_rollback(True)


def test_numbering_goes_on_while_another_has_written_and_not_committed() -> None:
    write(1)
    with transaction.atomic():
        Entry.objects.create(log=log_of(FICTION), leaf=b"", leaf_hash=b"", type="", at="2026-03-02T10:00Z", level=0)
        with meanwhile_numbering():
            pass
        transaction.set_rollback(True)
