"""A worker killed in the middle of a letter, in a real SMTP dialogue: nothing goes twice, nothing is lost unsaid."""

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

from comity.mail.tests.conftest import PATIENCE, PostOffice


def sending(office: PostOffice, database: Path, letters: int = 0) -> subprocess.Popen[str]:
    """A process that sends what waits."""
    return subprocess.Popen(
        [sys.executable, "-m", "comity.mail.tests.sender", str(database), str(office.port), str(letters)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def killed_at(silence: str, office: PostOffice, database: Path, letters: int = 0) -> None:
    """Send, fall silent at a point of the dialogue, and kill the sender while it waits there (SIGKILL)."""
    office.falls_silent(silence)
    process = sending(office, database, letters)
    assert office.reached.wait(PATIENCE)
    process.kill()
    assert process.wait() == -9
    office.speaks_again()


def lines_of(office: PostOffice, database: Path) -> list[str]:
    """What a whole round says."""
    said, _ = sending(office, database).communicate(timeout=PATIENCE)
    return said.split("\n")[:-1]


def test_a_killed_worker_sends_no_letter_twice_and_loses_none_unsaid(post_office: PostOffice, tmp_path: Path) -> None:
    database = tmp_path / "letters.sqlite3"
    killed_at("RCPT", post_office, database, letters=5)
    killed_at(".", post_office, database)
    assert lines_of(post_office, database) == ["mail: 3 of 3 letters sent"]
    handed_over = Counter(str(letter["Message-ID"]) for letter in post_office.handed_over)
    assert sorted(handed_over.values()) == [1, 1, 1, 1]
    assert post_office.letters[0]["From"] == "Comity <no-reply@party.eu>"
    assert "mail FROM:<bounces@party.eu>" in " ".join(post_office.dialogue)
    with sqlite3.connect(database) as letters:
        open_ones = letters.execute("SELECT count(*) FROM mail_letter WHERE sent_at IS NULL").fetchone()
        letters.execute("UPDATE mail_letter SET claimed_at = '2026-01-01 00:00:00' WHERE sent_at IS NULL")
    assert open_ones == (2,)
    assert lines_of(post_office, database) == [
        "mail: 2 letters were taken up and have no outcome; their readers are told"
    ]
    assert lines_of(post_office, database) == [""]
    assert sum(handed_over.values()) == len(post_office.handed_over)
    with sqlite3.connect(database) as letters:
        told = letters.execute("SELECT body, refused FROM mail_letter WHERE sent_at IS NULL").fetchall()
    assert told == [("", "no outcome")] * 2
