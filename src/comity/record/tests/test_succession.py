"""A dead log and the one that takes its place: refused while the log lives, and done once however often it dies."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from comity.plain.levels import Realm
from comity.record import published, queries
from comity.record.core.checkpoints import Checkpoint, opened
from comity.record.core.notes import Note, VerifierKey
from comity.record.core.succession import SUCCEEDED, Succession, last_of, named, number_of
from comity.record.ended import ended
from comity.record.models import Entry, Log
from comity.record.publishing import heads
from comity.record.publishing.refusals import (
    AsideTaken,
    AtWork,
    DiskRefuses,
    HeadsMissing,
    KeyUnreadable,
    LogLives,
    NotThisLog,
    OtherOrigin,
    PublishedAhead,
    SuccessionBegun,
)
from comity.record.publishing.succession import Ending, succeed
from comity.record.tests.backups import backup, restore
from comity.record.tests.conftest import Publish
from comity.record.tests.hostile import witnessing
from comity.record.tests.test_faults import started_anew
from comity.record.tests.test_publishing import AT, FICTION, folder, write
from comity.record.tests.test_publishing_witnessed import ask_two_of

FIRST = "localhost/fiction/record"
pytestmark = pytest.mark.usefixtures("check_record", "publish_log")


def end(name: str = FIRST, *, exposed: bool = False, last: bytes = b"") -> Succession:
    return succeed(FICTION, Ending(name, exposed, last), at=AT, now=datetime.now(UTC))


def key() -> Path:
    return Path(settings.KEYS) / "fiction"


def said() -> dict[str, Any]:
    """What the latest entry of a succession says."""
    entry = queries.viewed([Entry.objects.filter(type=SUCCEEDED).latest("id")])[0]
    return dict(queries.facts_of(entry))


def test_names_go_on_by_number_and_no_other_name_is_one_of_them() -> None:
    assert [named("a/record", number) for number in (1, 2, 30)] == ["a/record", "a/record/2", "a/record/30"]
    assert [number_of(named("a/record", number), "a/record") for number in (1, 2, 30)] == [1, 2, 30]
    for other in ("a/record/1", "a/record/02", "a/record/", "a/record/2/2", "a/record/x", "a/record/²", "b/record", ""):
        assert number_of(other, "a/record") is None, other


def test_of_checkpoints_that_were_kept_the_largest_of_the_very_log_counts(publish_log: Publish) -> None:
    notes = []
    for _time in range(2):
        write(2)
        publish_log()
        notes.append(bytes(published.checkpoint(FICTION) or b""))
    assert last_of([*notes, b"", b"nothing\n", notes[0]], FIRST) == notes[1]
    assert last_of(notes, "another/record") is None


def test_a_log_that_lives_is_not_succeeded(publish_log: Publish) -> None:
    write(2)
    publish_log()
    before = sorted(path for path in Path(settings.HEADS).iterdir())
    with pytest.raises(LogLives, match="nothing is due"):
        end()
    with pytest.raises(NotThisLog, match="localhost/fiction/record"):
        end("localhost/record", exposed=True)
    with heads.alone(FICTION), pytest.raises(AtWork):
        end(exposed=True)
    key().chmod(0o644)
    with pytest.raises(Exception, match="chmod 600"):
        end()
    key().chmod(0o600)
    assert sorted(path for path in Path(settings.HEADS).iterdir()) == before
    assert published.origin(FICTION) == FIRST
    assert publish_log() == ""


@pytest.mark.parametrize("lost", ["nothing", "key"])
def test_under_another_name_in_the_settings_no_log_ends(publish_log: Publish, settings: Any, lost: str) -> None:
    write(1)
    publish_log()
    if lost == "key":
        key().unlink()
    settings.RECORD_ORIGIN_FICTION = "elsewhere.example/fiction/record"
    for exposed in (True, False):
        with pytest.raises(OtherOrigin, match=FIRST):
            end("elsewhere.example/fiction/record", exposed=exposed)
    assert not heads.succession_of(FICTION).exists()


def test_without_its_key_a_log_ends_and_all_its_entries_stand_in_the_next(publish_log: Publish, client: Client) -> None:
    write(300)
    publish_log()
    old = {str(path.relative_to(folder())): path.read_bytes() for path in folder().rglob("*") if path.is_file()}
    log = published.vkeys(FICTION)[0]
    key().unlink()
    assert end().because == "key-missing"
    for name, content in old.items():
        assert client.get(f"/fiction/record/1/{name}").content == content
    assert client.get("/fiction/record/checkpoint").status_code == 404
    assert publish_log() == "fiction: 301 entries published"
    assert publish_log() == ""
    was = opened(old["checkpoint"], log).checkpoint
    assert said() == {
        "origin": FIRST,
        "because": "key-missing",
        "size": 300,
        "root": was.body().decode().split("\n")[2],
    }
    assert published.origin(FICTION) == f"{FIRST}/2" == published.vkeys(FICTION)[0].name
    assert published.vkeys(FICTION)[0].public != log.public
    (one,) = ended(FICTION, AT)
    assert (one.origin, one.size, one.stands, one.kept) == (FIRST, 300, True, True)
    page = client.get("/fiction/en/record/").content.decode()
    assert f"took the place of \u2068{FIRST}\u2069" in page
    assert "which could not go on: its key was lost." in page
    assert "All of them stand here under the same numbers" in page
    assert 'record/1/checkpoint"' in page
    assert "/record/2</code>" in page
    for missing in (
        "0/checkpoint",
        "2/checkpoint",
        "1/tile/9/000",
        "1/secret",
        f"{10**300}/checkpoint",
        f"{10**300}/policy",
    ):
        assert client.get(f"/fiction/record/{missing}").status_code == 404, missing


def test_with_an_older_database_a_log_ends_and_what_is_lacking_shows(publish_log: Publish, client: Client) -> None:
    write(3)
    yesterday = backup()
    write(4)
    publish_log()
    restore(yesterday)
    assert end().because == "database-behind"
    publish_log()
    assert published.standing(FICTION).published == 4
    (one,) = ended(FICTION, AT)
    assert (one.size, one.stands) == (7, False)
    assert "They do not all stand here as they stood there" in client.get("/fiction/en/record/").content.decode()


def test_with_heads_and_folder_lost_the_checkpoint_that_a_reader_kept_is_what_the_next_log_says(
    publish_log: Publish, client: Client
) -> None:
    write(3)
    publish_log()
    kept = published.checkpoint(FICTION)
    assert kept is not None
    shutil.rmtree(folder())
    heads.path_of(FICTION).unlink()
    with pytest.raises(HeadsMissing):
        publish_log()
    assert end(last=kept).because == "heads-missing"
    assert (said()["origin"], said()["size"]) == (FIRST, 3)
    publish_log()
    heads.path_of(FICTION).unlink()
    shutil.rmtree(folder())
    end(f"{FIRST}/2")
    publish_log()
    assert said() == {"origin": f"{FIRST}/2", "because": "heads-missing"}
    assert [(one.number, one.size, one.kept) for one in ended(FICTION, AT)] == [(2, None, False), (1, 3, False)]
    assert "Its last checkpoint is not known here" in client.get("/fiction/en/record/").content.decode()


def test_of_a_log_that_a_witness_knows_further_the_witnesss_checkpoint_is_the_last(publish_log: Publish) -> None:
    with witnessing("example.org/w1", "example.org/w2", "example.org/w3") as asked:
        ask_two_of(*asked)
        write(3)
        publish_log()
        yesterday, head, place = backup(), heads.path_of(FICTION).read_bytes(), published.checkpoint(FICTION)
        write(4)
        publish_log()
        restore(yesterday)
        heads.path_of(FICTION).write_bytes(head)
        (folder() / "checkpoint").write_bytes(place or b"")
        started_anew()
        assert end().because == "witness-ahead"
        assert said()["size"] == 7


def test_the_new_log_keeps_its_name_and_ends_in_turn(publish_log: Publish) -> None:
    write(1)
    publish_log()
    end(exposed=True)
    publish_log()
    write(1)
    assert publish_log() == "fiction: 3 entries published"
    with pytest.raises(NotThisLog, match=f"{FIRST}/2"):
        end(exposed=True)
    end(f"{FIRST}/2", exposed=True)
    assert publish_log() == "fiction: 4 entries published"
    assert published.origin(FICTION) == f"{FIRST}/3" == Log.objects.get(realm="fiction").origin
    names = sorted(path.name for path in folder().iterdir())
    assert names == ["1", "2", "checkpoint", "controllers", "policy", "tile", "vkeys"]
    for number, size in ((1, 1), (2, 3)):
        note = Note.parse(published.checkpoint(FICTION, number) or b"")
        assert (Checkpoint.of(note).origin, Checkpoint.of(note).size) == (named(FIRST, number), size)
    assert sorted(path.name for path in Path(settings.KEYS).iterdir()) == ["fiction", "fiction.1", "fiction.2"]


def test_the_key_of_the_old_log_signs_nothing_of_the_new(publish_log: Publish) -> None:
    write(1)
    publish_log()
    end(exposed=True)
    publish_log()
    shutil.copy(key().with_name("fiction.1"), key())
    write(1)
    with pytest.raises(KeyUnreadable):
        publish_log()
    heads.path_of(FICTION).unlink()
    with pytest.raises(PublishedAhead):
        publish_log()
    assert published.origin(FICTION) == f"{FIRST}/2"


def test_a_plan_that_comes_back_after_all_was_done_changes_nothing(publish_log: Publish) -> None:
    write(2)
    publish_log()
    shutil.rmtree(folder())
    heads.path_of(FICTION).unlink()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("comity.record.publishing.succession.take_away", lambda path: None)
        end()
    plan = heads.succession_of(FICTION).read_bytes()
    end()
    publish_log()
    whole, signed = sorted(folder().rglob("*")), heads.signed(FICTION)
    heads.succession_of(FICTION).write_bytes(plan)
    with pytest.raises(SuccessionBegun):
        publish_log()
    end()
    assert publish_log() == ""
    assert (sorted(folder().rglob("*")), heads.signed(FICTION)) == (whole, signed)
    assert Entry.objects.filter(type=SUCCEEDED).count() == 1


def test_nothing_that_stands_aside_is_written_over(publish_log: Publish) -> None:
    write(1)
    publish_log()
    key().with_name("fiction.1").write_text("another key")
    with pytest.raises(AsideTaken, match=r"fiction\.1"):
        end(exposed=True)
    assert publish_log() == ""


class Dies(BaseException):
    """The process is gone: nothing of it catches this."""


STEPS = ("write", "fsync", "replace", "mkdir", "unlink")


def dying(monkeypatch: pytest.MonkeyPatch, point: int, after: bool) -> Callable[[], int]:
    """Let this process end before or after its n-th step; how many are left."""
    left = [point]

    def around(true: Callable[..., Any]) -> Callable[..., Any]:
        def step(*of: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0 and not after:
                raise Dies
            answer = true(*of, **named)
            if left[0] == 0:
                raise Dies
            return answer

        return step

    for name in STEPS:
        monkeypatch.setattr(os, name, around(getattr(os, name)))
    return lambda: left[0]


@pytest.mark.parametrize(("lost", "after"), [("key", False), ("heads", True), ("nothing", False), ("nothing", True)])
def test_killed_at_every_step_it_is_given_again_and_done_once(
    publish_log: Publish, lost: str, after: bool, tmp_path: Path
) -> None:
    write(2)
    publish_log()
    kept, whole = published.checkpoint(FICTION), backup()
    places = [Path(getattr(settings, name)) for name in ("RECORD", "HEADS", "KEYS")]
    for place in places:
        shutil.copytree(place, tmp_path / "kept" / place.name)
    for point in range(1, 200):
        restore(whole)
        for place in places:
            shutil.rmtree(place)
            shutil.copytree(tmp_path / "kept" / place.name, place)
        {"key": key(), "heads": heads.path_of(FICTION), "nothing": tmp_path / "nothing"}[lost].unlink(missing_ok=True)
        with pytest.MonkeyPatch.context() as patched:
            left = dying(patched, point, after)
            try:
                end(exposed=lost == "nothing")
            except Dies:
                pass
            finally:
                over = left() > 0
        if heads.succession_of(FICTION).exists():
            with pytest.raises(SuccessionBegun):
                publish_log()
        if heads.succession_of(FICTION).exists() or Log.objects.get(realm="fiction").origin == FIRST:
            end(exposed=lost == "nothing")
        once_and_whole(publish_log, kept)
        if over:
            assert point > 20
            return
    raise AssertionError("it never came to its end")


def once_and_whole(publish_log: Publish, old: bytes | None) -> None:
    """The new log is published, and the old one's checkpoint lies where readers find it."""
    assert Entry.objects.filter(type=SUCCEEDED).count() == 1
    publish_log(at=datetime.now(UTC) + timedelta(hours=1))
    assert not heads.succession_of(FICTION).exists()
    known = published.head(FICTION)
    assert known is not None
    assert (known.checkpoint.origin, known.checkpoint.size) == (f"{FIRST}/2", 3)
    assert published.checkpoint(FICTION, 1) == old
    assert queries.check(FICTION) == []
    assert VerifierKey.parse((folder() / "1" / "vkeys").read_text().split()[0]).name == FIRST


def test_a_folder_that_cannot_be_written_ends_no_log(publish_log: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    write(1)
    publish_log()
    with monkeypatch.context() as patched:

        def full(*_of: Any) -> int:
            raise OSError(28, os.strerror(28))

        patched.setattr(os, "write", full)
        with pytest.raises(DiskRefuses, match="No space left"):
            end(exposed=True)
    assert publish_log() == ""
    assert published.origin(FICTION) == FIRST
    assert published.origin(Realm.REAL) == "localhost/record"
