"""The worker's part: what is new is published at once, what cannot be is tried again with patience and told once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from comity.plain.levels import Realm
from comity.record import published
from comity.record.jobs import AGAIN, LONGEST, Publishing, publish_logs, status, waits
from comity.record.tests.conftest import Publish
from comity.record.tests.test_publishing import write

pytestmark = pytest.mark.usefixtures("check_record", "publish_log")


def test_what_is_new_is_published_at_the_next_look() -> None:
    publishing = Publishing()
    assert list(publishing.look()) == []
    for count in (1, 3):
        write(count)
        assert waits(Realm.FICTION)
        assert list(publishing.look()) == []
        assert not waits(Realm.FICTION)
    assert published.standing(Realm.FICTION).published == 4


def test_what_cannot_be_published_is_told_once_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("comity.record.jobs.time.monotonic", lambda: clock[0])
    publishing = Publishing()
    list(publishing.look())
    write(1)
    key = Path(settings.KEYS) / "fiction"
    key.chmod(0o644)
    (line,) = publishing.look()
    assert line.startswith("fiction: Others on this machine may read the log's key")
    for _look in range(200):
        assert list(publishing.look()) == []
        clock[0] += 0.25
    key.chmod(0o600)
    clock[0] += LONGEST
    assert list(publishing.look()) == ["fiction: 1 entries published"]


def test_a_log_that_may_not_go_on_says_so_where_nothing_new_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("comity.record.jobs.time.monotonic", lambda: clock[0])
    publishing = Publishing()
    write(2)
    list(publishing.look())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_log SET size = 1")
    clock[0] += AGAIN
    (line,) = publishing.look()
    assert line.startswith("fiction: The database holds fewer entries than the log has signed")
    clock[0] += LONGEST
    assert list(publishing.look()) == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_log SET size = 2")
    clock[0] += LONGEST
    list(publishing.look())
    write(1)
    assert list(publishing.look()) == []
    assert published.standing(Realm.FICTION).published == 3


def test_the_tick_publishes_both_logs(publish_log: Publish) -> None:
    write(2)
    assert list(publish_logs(datetime.now(UTC))) == ["real: 0 entries published", "fiction: 2 entries published"]
    assert list(publish_logs(datetime.now(UTC))) == []


def test_the_operator_is_told_how_a_log_stands() -> None:
    write(2)
    told = "\n".join(status(Realm.FICTION))
    assert "published    0 of 2 entries" in told
    assert "waiting      2 entries, since 2026-03-02T10:00:00Z" in told
    list(publish_logs(datetime.now(UTC)))
    told = "\n".join(status(Realm.FICTION))
    assert "published    2 of 2 entries, since" in told
    assert str(published.vkeys(Realm.FICTION)[0]) in told
    assert "no independent witness" in told
    (Path(settings.KEYS) / "fiction").chmod(0o644)
    told = "\n".join(status(Realm.FICTION))
    assert told.startswith("fiction: localhost/fiction/record\n  key          Others on this machine may read")
    assert "published    2 of 2 entries, since" in told
