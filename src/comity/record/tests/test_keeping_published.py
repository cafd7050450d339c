"""The worker's part: what is new is published at once, what cannot be is tried again with patience and told once."""

import os
import re
import subprocess
import sys
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

SOURCES = Path(__file__).resolve().parents[3]
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


def test_the_worker_publishes_what_another_process_writes(tmp_path: Path) -> None:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_", "DATABASE"))
    }
    ours = {"PYTHONPATH": str(SOURCES), "COMITY_HOME": str(tmp_path), "COMITY_SECRET_KEY": "x" * 50}

    def comity(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", *words]
        return subprocess.run(command, env=kept | ours, capture_output=True, text=True, check=False, timeout=300)

    assert comity("comity", "migrate").returncode == 0
    status = comity("comity", "record", "status")
    assert "none yet: it is made at the first publishing" in status.stdout
    worker = subprocess.Popen([sys.executable, "-m", "comity", "worker"], env=kept | ours)
    try:
        changes = comity("comity.record.tests.working", "3")
        assert changes.returncode == 0, changes.stderr
    finally:
        worker.terminate()
        worker.wait(60)
    real, fiction = re.findall(
        r"published    ([0-9]+) of ([0-9]+) entries", comity("comity", "record", "status").stdout
    )
    assert real == ("0", "0")
    assert fiction[0] == fiction[1] != "0"
    published = comity("comity", "record", "publish")
    assert published.returncode == 0
    assert published.stdout.splitlines()[1] == f"fiction: nothing was due: {fiction[0]} entries stand published"
    (tmp_path / "keys" / "real").chmod(0o644)
    (tmp_path / "record" / "real" / "checkpoint").unlink()
    refused = comity("comity", "record", "publish")
    assert refused.stdout.startswith("real: Others on this machine may read the log's key")
    (tmp_path / "keys" / "real").chmod(0o600)
    lives = comity("comity", "record", "succeed", "localhost/record")
    assert "only a dead one is succeeded" in lives.stderr
    succeeded = comity("comity", "record", "succeed", "localhost/record", "--key-exposed")
    assert "localhost/record/2 takes its place" in succeeded.stderr, succeeded.stderr
    assert comity("comity", "record", "publish").stdout.startswith("real: 1 entries published")
    assert "succeeds     localhost/record: 0 entries (key-exposed)" in comity("comity", "record", "status").stdout
