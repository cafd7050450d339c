"""What goes wrong where logs are run, each by its name: nothing is signed that should not be, the remedy is told."""

import contextlib
import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.record import published
from comity.record.actions import append, sequence
from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint, opened
from comity.record.core.notes import Note
from comity.record.core.tiles import WIDTH, TileName, edge_of, tiles_of, unbundled
from comity.record.models import Entry
from comity.record.publishing import heads, tiles, witnesses
from comity.record.publishing.files import Folder
from comity.record.publishing.keys import key_of
from comity.record.publishing.refusals import (
    DatabaseBehind,
    DatabaseDiffers,
    DiskRefuses,
    NotAsWritten,
    PublishedAhead,
    WitnessAhead,
)
from comity.record.publishing.tiles import Numbered
from comity.record.tests.backups import backup, restore
from comity.record.tests.conftest import Publish
from comity.record.tests.hostile import Witness, witnessing
from comity.record.tests.test_publishing import AMINA, AT, FICTION, folder, hashes, write
from comity.record.tests.test_publishing_witnessed import ask_two_of
from comity.record.tests.witnesses import made, serving

pytestmark = pytest.mark.usefixtures("check_record", "publish_log")


@pytest.fixture
def three() -> Iterator[list[Witness]]:
    with witnessing("example.org/w1", "example.org/w2", "example.org/w3") as asked:
        ask_two_of(*asked)
        yield asked


def started_anew() -> None:
    """Another process knows nothing of what this one learnt."""
    witnesses._MEMORY = witnesses._Memory()


# --- row 2: yesterday's database ------------------------------------------------------------------------------------


def test_with_yesterdays_database_nothing_is_signed_and_the_sizes_are_named(
    publish_log: Publish, three: list[Witness]
) -> None:
    write(3)
    publish_log()
    yesterday = backup()
    write(4)
    publish_log()
    today, signed, shown = backup(), heads.signed(FICTION), len(three[0].shown)
    restore(yesterday)
    with pytest.raises(DatabaseBehind, match="numbered 3, signed 7"):
        publish_log()
    write(5, at=AT + timedelta(days=1))
    with pytest.raises(DatabaseDiffers):
        publish_log()
    assert heads.signed(FICTION) == signed
    assert len(three[0].shown) == shown
    restore(today)
    assert publish_log() == ""


def test_with_database_and_heads_of_yesterday_the_published_file_stops_the_log(publish_log: Publish) -> None:
    write(3)
    publish_log()
    yesterday, head = backup(), heads.path_of(FICTION).read_bytes()
    write(4)
    publish_log()
    today, newest = backup(), heads.path_of(FICTION).read_bytes()
    restore(yesterday)
    heads.path_of(FICTION).write_bytes(head)
    with pytest.raises(PublishedAhead, match="published 7, signed 3"):
        publish_log()
    restore(today)
    heads.path_of(FICTION).write_bytes(newest)
    assert publish_log() == ""


@pytest.mark.parametrize("shows", [True, False], ids=["it shows its head", "it only answers 409"])
def test_with_everything_of_yesterday_the_witnesses_stop_the_log(
    publish_log: Publish, three: list[Witness], shows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(3)
    publish_log()
    yesterday, head, place = backup(), heads.path_of(FICTION).read_bytes(), published.checkpoint(FICTION)
    write(4)
    publish_log()
    today, newest, newest_place = backup(), heads.path_of(FICTION).read_bytes(), published.checkpoint(FICTION)
    assert place is not None
    assert newest_place is not None
    restore(yesterday)
    heads.path_of(FICTION).write_bytes(head)
    (folder() / "checkpoint").write_bytes(place)
    started_anew()
    if shows:
        with pytest.raises(WitnessAhead, match=r"witness 'w[123]', holds 7, signed 3"):
            publish_log()
    else:
        monkeypatch.setattr(witnesses.Witnesses, "held", lambda self, size: {})
        for path in (folder() / "tile").rglob("*.p"):
            for one in path.iterdir():
                one.unlink()
        write(1, at=AT + timedelta(days=1))
        line = publish_log()
        assert line.startswith(
            "fiction: 4 entries signed, waiting for witnesses: w1 says that it has cosigned 7 entries"
        )
        assert "more than the 4 that are signed (409)" in line
        assert published.checkpoint(FICTION) == place
        monkeypatch.undo()
        started_anew()
        with pytest.raises(WitnessAhead):
            publish_log()
    restore(today)
    heads.path_of(FICTION).write_bytes(newest)
    (folder() / "checkpoint").write_bytes(newest_place)


@pytest.mark.parametrize("folder_lost", [False, True])
def test_a_wrong_database_leaves_no_file_behind(publish_log: Publish, folder_lost: bool) -> None:
    write(3)
    yesterday = backup()
    write(4)
    publish_log()
    today = backup()
    if folder_lost:
        shutil.rmtree(folder())
    restore(yesterday)
    write(5, at=AT + timedelta(days=1))
    with pytest.raises(DatabaseDiffers):
        publish_log()
    restore(today)
    write(1)
    assert publish_log() == "fiction: 8 entries published"


# --- rows 4 and 5: two histories under one key ----------------------------------------------------------------------


def forged(size: int) -> Note:
    """A checkpoint of that size under the log's own key, of a history that is none."""
    key = key_of(FICTION, published.origin(FICTION), signed_before=True)
    body = Checkpoint(key.name, size, merkle.leaf_hash(b"another history")).body()
    return Note(body, [key.sign(body)])


def test_a_second_root_of_one_size_is_cosigned_by_no_witness(publish_log: Publish, tmp_path: Path) -> None:
    log = key_of(FICTION, published.origin(FICTION), signed_before=False).verifier
    key = made(tmp_path / "w1", log, name="example.org/w1")
    with serving(tmp_path / "w1") as running:
        place = Path(settings.POLICIES) / "fiction"
        place.parent.mkdir()
        place.write_text(f"witness w1 {key} {running.address}\nquorum w1\n")
        write(3)
        assert publish_log() == "fiction: 3 entries published, cosigned by w1"
        assert running.asked(b"old 3\n\n" + bytes(forged(3))).status == 422
        kept = b"".join(path.read_bytes() for path in (running.folder / "evidence").rglob("*") if path.is_file())
        known = published.head(FICTION)
        assert known is not None
        assert known.checkpoint.body() in kept
        assert forged(3).text in kept


def test_a_reader_who_is_shown_another_history_finds_no_quorum_under_it(
    publish_log: Publish, three: list[Witness]
) -> None:
    write(3)
    publish_log()
    true = published.head(FICTION)
    assert true is not None
    other = forged(3)
    for one in three:
        status, _answer = one.add(b"old 3\n\n" + bytes(other))
        assert status == 422
    keys = published.vkeys(FICTION)
    shown = opened(bytes(other), keys[0], keys[1:])
    policy = published.policy(FICTION)
    assert policy.met(one.key for one in true.cosigned)
    assert not policy.met(one.key for one in shown.cosigned)
    stolen = Note(other.text, [*other.signatures, *true.note.signatures[1:]])
    with pytest.raises(ValueError, match="is not of this text"):
        opened(bytes(stolen), keys[0], keys[1:])
    assert (shown.checkpoint.size, shown.checkpoint.origin) == (true.checkpoint.size, true.checkpoint.origin)
    assert shown.checkpoint.root != true.checkpoint.root


# --- row 6: a bit that flips ----------------------------------------------------------------------------------------


def test_a_bit_that_flips_on_the_disk_before_the_signature_is_found(
    publish_log: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(300)
    true = tiles.check
    for path in ("tile/entries/000", "tile/0/000", "tile/entries/001.p/44", "tile/0/001.p/44", "tile/1/000.p/1"):
        for byte in (0, 3, 31):

            def flipped(place: Folder, *of: Any, path: str = path, byte: int = byte) -> None:
                content = (place.root / path).read_bytes()
                wrong = content[:byte] + bytes([content[byte] ^ 0x10]) + content[byte + 1 :]
                (place.root / path).write_bytes(wrong)
                try:
                    true(place, *of)
                finally:
                    (place.root / path).write_bytes(content)

            with monkeypatch.context() as patched:
                patched.setattr(tiles, "check", flipped)
                with pytest.raises(NotAsWritten):
                    publish_log()
    assert heads.signed(FICTION) is None
    assert published.checkpoint(FICTION) is None
    assert publish_log() == "fiction: 300 entries published"


def test_a_bit_that_flips_in_memory_before_the_files_are_written_is_found(
    publish_log: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flipping(self: Numbered, first: int) -> Iterator[tuple[int, bytes]]:
        for index, data in entries(self, first):
            yield index, data[:-2] + bytes([data[-2] ^ 1]) + data[-1:] if index == 7 else data

    entries = Numbered.entries
    write(10)
    monkeypatch.setattr(Numbered, "entries", flipping)
    with pytest.raises(DatabaseDiffers):
        publish_log()
    assert heads.signed(FICTION) is None


# --- row 9: the clock -----------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_changes_no_order(publish_log: Publish) -> None:
    moments = [AT, AT - timedelta(hours=1), AT + timedelta(hours=1), datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), AT]
    for number, at in enumerate(moments):
        append("texts.revised", realm=FICTION, subject=Ref("text", "a" * 16), by=AMINA, at=at)
        sequence(FICTION)
        publish_log(at=at)
        assert published.standing(FICTION).published == number + 1
    rows = Entry.objects.order_by("id").values_list("index", "at")
    assert list(rows) == list(enumerate(moments))


# --- row 11: the disk -----------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 200 kB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


@pytest.mark.parametrize("setting", ["RECORD", "HEADS", "KEYS"])
def test_on_a_full_disk_nothing_is_signed_until_there_is_room(
    publish_log: Publish, small_disk: Path, setting: str
) -> None:
    setattr(settings, setting, small_disk / "files")
    fill(small_disk / "filler")
    write(300)
    with pytest.raises(DiskRefuses, match=r"(No space left|disk is full|unable to open)"):
        publish_log()
    assert published.checkpoint(FICTION) is None
    (small_disk / "filler").unlink()
    assert publish_log() == "fiction: 300 entries published"


def test_a_disk_that_fills_later_leaves_what_is_published(publish_log: Publish, small_disk: Path) -> None:
    settings.RECORD = small_disk / "files"
    write(3)
    publish_log()
    kept, signed = published.checkpoint(FICTION), heads.signed(FICTION)
    fill(small_disk / "filler")
    write(300)
    with pytest.raises(DiskRefuses, match="No space left"):
        publish_log()
    assert (published.checkpoint(FICTION), heads.signed(FICTION)) == (kept, signed)
    (small_disk / "filler").unlink()
    assert publish_log() == "fiction: 303 entries published"


def test_a_folder_that_only_gives_takes_nothing(publish_log: Publish, small_disk: Path) -> None:
    settings.RECORD = small_disk / "files"
    write(3)
    publish_log()
    signed = heads.signed(FICTION)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    write(1)
    with pytest.raises(DiskRefuses, match="Read-only file system"):
        publish_log()
    assert heads.signed(FICTION) == signed
    assert published.standing(FICTION).published == 3


@pytest.mark.parametrize("nth", range(1, 12))
def test_a_disk_that_fails_to_keep_what_it_took_signs_nothing_new(
    publish_log: Publish, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    write(2)
    publish_log()
    kept = published.checkpoint(FICTION)
    write(2)
    left = [nth]
    true = os.fsync

    def failing(file: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        true(file)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", failing)
        with contextlib.suppress(DiskRefuses):
            publish_log()
    assert left[0] > 0 or published.checkpoint(FICTION) in {kept, _signed()}
    publish_log()
    assert published.standing(FICTION).published == 4
    assert published.tree(FICTION).root() == merkle.root_of(hashes())


def _signed() -> bytes | None:
    signed = heads.signed(FICTION)
    return signed.note if signed else None


def test_the_names_of_what_another_process_put_there_are_forced_to_the_disk_too(
    publish_log: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(2)
    with monkeypatch.context() as dying:
        dying.setattr(Folder, "settle", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish_log()
    forced: set[int] = set()
    true = os.fsync

    def seen(file: int) -> None:
        forced.add(os.fstat(file).st_ino)
        true(file)

    monkeypatch.setattr(os, "fsync", seen)
    publish_log()
    way = [folder(), *(path for path in folder().rglob("*") if path.is_dir())]
    assert {path.stat().st_ino for path in way} <= forced


# --- row 12: a partial tile that is gone ----------------------------------------------------------------------------


def test_a_proof_is_read_from_the_full_tile_where_the_partial_one_is_gone(
    publish_log: Publish, three: list[Witness]
) -> None:
    write(200)
    publish_log()
    for one in three[:2]:
        one.misbehave = lambda handler: handler.send_error(500)
    write(100)
    assert "waiting for witnesses" in publish_log()
    assert published.standing(FICTION).published == 200
    for partial in ("tile/0/000.p/200", "tile/entries/000.p/200"):
        (folder() / partial).unlink()
    proof = published.proof(FICTION, 7)
    known = published.head(FICTION)
    assert known is not None
    merkle.verify_inclusion(7, 200, hashes()[7], proof.path, known.checkpoint.root)


# --- row 16: sizes --------------------------------------------------------------------------------------------------


class Plain(Numbered):
    """A log of entries that no database holds."""

    def entries(self, first: int) -> Iterator[tuple[int, bytes]]:
        """As the database would give them."""
        return ((index, b"entry %d" % index) for index in range(first, self.size))


def plain(size: int, leaves: list[bytes]) -> Plain:
    return Plain(FICTION, size, merkle.root_of(leaves[:size]))


@pytest.mark.parametrize("sizes", [(0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000), (70_000,)])
def test_a_log_of_any_size_holds_exactly_its_tiles(tmp_path: Path, sizes: tuple[int, ...]) -> None:
    leaves = [merkle.leaf_hash(b"entry %d" % index) for index in range(sizes[-1])]
    place, before = Folder(tmp_path / "log"), Checkpoint("log", 0, merkle.EMPTY_ROOT)
    for size in sizes:
        growth = tiles.write(place, before.size, before, plain(size, leaves))
        tiles.check(place, growth, before.size, before)
        tiles.clear(place, before.size, size)
        assert growth.root == merkle.root_of(leaves[:size])
        before = Checkpoint("log", size, growth.root)
    there = {str(path.relative_to(place.root)) for path in place.root.rglob("*") if path.is_file()}
    wanted = {tile.path for tile in tiles_of(sizes[-1])}
    wanted |= {TileName(-1, tile.number, tile.width).path for tile in tiles_of(sizes[-1]) if tile.level == 0}
    assert wanted <= there
    assert all(".p/" in extra for extra in there - wanted), "only partial tiles of earlier sizes stay beside"
    last = [tile for tile in edge_of(sizes[-1]) if tile.level == 0]
    for tile in [*last, TileName(0, 0)] if sizes[-1] >= WIDTH else last:
        bundle = (place.root / TileName(-1, tile.number, tile.width).path).read_bytes()
        assert unbundled(bundle, tile.width)[0] == b"entry %d" % (tile.number * WIDTH)


def test_the_real_log_and_the_fiction_stand_apart(publish_log: Publish) -> None:
    write(2)
    for realm in Realm:
        publish_log(realm)
    real, fiction = (published.vkeys(realm)[0] for realm in (Realm.REAL, Realm.FICTION))
    assert real.name != fiction.name
    assert real.public != fiction.public
    assert published.standing(Realm.REAL).published == 0
