"""A log as it is published: files that stand, a signature over what was read back, and one history at every size."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comity.plain.actors import ActorKind, ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import NotVisible
from comity.record import published
from comity.record.actions import append, close_batch, sequence
from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint, opened
from comity.record.core.notes import KeyKind, Note, NotSigned, SigningKey
from comity.record.core.tiles import TileName, grown, tiles_of, unbundled
from comity.record.core.tlog_proof import TlogProof
from comity.record.models import Entry
from comity.record.publishing import heads
from comity.record.publishing.refusals import (
    DatabaseBehind,
    DatabaseDiffers,
    DiskRefuses,
    HeadsMissing,
    KeyMissing,
    KeyReadable,
    KeyUnreadable,
    NotAsWritten,
    PolicyUnreadable,
    PublishedAhead,
    TileDiffers,
)
from comity.record.tests.conftest import Publish

AMINA = ActorRef(ActorKind.SEAT, "s" * 16, "p" * 16)
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
FICTION = Realm.FICTION
pytestmark = pytest.mark.usefixtures("check_record")


def write(count: int, at: datetime = AT) -> None:
    """Public entries on two subjects, all in their place."""
    for number in range(count):
        append("texts.revised", realm=FICTION, subject=Ref("text", "ab"[number % 2] * 16), by=AMINA, at=at)
    sequence(FICTION)


def folder() -> Path:
    return published.folder(FICTION)


def files() -> set[str]:
    return {str(path.relative_to(folder())) for path in folder().rglob("*") if path.is_file()}


def test_an_empty_log_is_published_with_the_root_of_nothing(publish_log: Publish) -> None:
    assert publish_log() == "fiction: 0 entries published"
    head = published.head(FICTION)
    assert head is not None
    assert (head.checkpoint.size, head.checkpoint.root) == (0, merkle.EMPTY_ROOT)
    assert files() == {"checkpoint", "policy", "vkeys", "controllers"}
    assert publish_log() == ""


def test_a_proof_is_made_of_a_few_tiles_and_of_nothing_in_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of some thousands of entries that stand in tiles alone."""
    leaves = [merkle.leaf_hash(str(number).encode()) for number in range(3_000)]
    checkpoint = Checkpoint("test.example/record", len(leaves), merkle.root_of(leaves))
    tiles, asked = grown(0, {}, leaves).tiles, list[TileName]()

    def tile(_realm: Realm, name: TileName) -> bytes:
        asked.append(name)
        return tiles[name]

    signer = SigningKey("test.example/record", KeyKind.NOTE, bytes(32))
    note = Note(checkpoint.body(), [signer.sign(checkpoint.body())])
    monkeypatch.setattr(published, "head", lambda realm: opened(bytes(note), signer.verifier, []))
    monkeypatch.setattr(published, "tile", tile)
    for index in (0, 255, 256, 1_500, 2_815, 2_816, 2_999):
        asked.clear()
        with CaptureQueriesContext(connection) as queries:
            proof = published.proof(FICTION, index)
        merkle.verify_inclusion(index, len(leaves), leaves[index], proof.path, checkpoint.root)
        assert len(asked) == len(set(asked)) <= 3
        assert not queries.captured_queries


def test_what_is_published_is_proved_by_its_tiles(publish_log: Publish) -> None:
    write(5)
    assert publish_log() == "fiction: 5 entries published"
    log = published.vkeys(FICTION)[0]
    for entry in Entry.objects.all():
        assert entry.index is not None
        proof = TlogProof.parse(bytes(published.proof(FICTION, entry.index)))
        head = opened(proof.checkpoint, log).checkpoint
        merkle.verify_inclusion(proof.index, head.size, bytes(entry.leaf_hash), proof.path, head.root)
    assert published.standing(FICTION).covers(4)
    assert published.standing(FICTION).waiting_since is None


def test_what_is_numbered_and_not_published_waits_since_it_was_written(publish_log: Publish) -> None:
    write(1)
    publish_log()
    write(2, at=AT + timedelta(hours=1))
    standing = published.standing(FICTION)
    assert (standing.published, standing.numbered, standing.waiting_since) == (1, 3, AT + timedelta(hours=1))
    with pytest.raises(published.NotPublishedYet):
        published.proof(FICTION, 1)
    with pytest.raises(NotVisible):
        published.proof(FICTION, 3)


def test_a_restricted_entry_that_waits_tells_no_time_but_the_day_of_its_batch(publish_log: Publish) -> None:
    write(1)
    publish_log()
    append("texts.revised", realm=FICTION, subject=Ref("text", "a" * 16), by=AMINA, at=AT, level=Level.ROOM)
    close_batch(FICTION, AT + timedelta(hours=7))
    assert published.standing(FICTION).waiting_since == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("sizes", [(1, 255, 256, 257), (256, 512, 700), (300,)])
def test_a_log_that_grows_holds_the_tiles_of_the_specification(publish_log: Publish, sizes: tuple[int, ...]) -> None:
    for size in sizes:
        write(size - Entry.objects.count())
        publish_log()
        hashes = [bytes(one) for one in Entry.objects.order_by("index").values_list("leaf_hash", flat=True)]
        head = published.head(FICTION)
        assert head is not None
        assert (head.checkpoint.size, head.checkpoint.root) == (size, merkle.root_of(hashes))
        wanted = {tile.path for tile in tiles_of(size)}
        assert wanted <= files()
        for tile in (TileName.parse(path) for path in wanted if path.startswith("tile/0/")):
            entries = unbundled(published.tile(FICTION, TileName(-1, tile.number, tile.width)), tile.width)
            assert b"".join(map(merkle.leaf_hash, entries)) == published.tile(FICTION, tile)
    full = {path for path in files() if path.startswith("tile/") and ".p/" not in path}
    assert not {path for path in files() if path.partition(".p/")[0] in full and ".p/" in path}, "a partial has stayed"


def test_a_log_whose_folder_is_gone_is_written_again_from_the_database(publish_log: Publish) -> None:
    write(300)
    publish_log()
    before = files()
    shutil.rmtree(folder())
    assert published.head(FICTION) is None
    assert publish_log() == "fiction: 300 entries published"
    assert files() == before
    shutil.rmtree(folder() / "tile")
    write(1)
    assert publish_log() == "fiction: 301 entries published"
    assert {tile.path for tile in tiles_of(301)} <= files()


def test_ten_minutes_later_it_is_published_anew(publish_log: Publish) -> None:
    write(1)
    now = datetime.now(UTC)
    publish_log(at=now)
    assert publish_log(at=now + timedelta(minutes=9)) == ""
    assert publish_log(at=now + timedelta(minutes=10)) == "fiction: 1 entries published"
    assert published.standing(FICTION).since == now + timedelta(minutes=10)


def test_the_key_is_its_owners_alone(publish_log: Publish) -> None:
    write(1)
    publish_log()
    key = Path(settings.KEYS) / "fiction"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700
    key.chmod(0o640)
    write(1)
    with pytest.raises(KeyReadable):
        publish_log()
    assert published.standing(FICTION).published == 1


def other_key(key: Path) -> None:
    key.write_text("comity-log-key/1\nlocalhost/fiction/record\n" + "A" * 43 + "=\n")


def other_log(key: Path) -> None:
    key.write_text(key.read_text().replace("/fiction/", "/another/"))


def broken(key: Path) -> None:
    key.write_text("a key\n")


@pytest.mark.parametrize(
    ("harm", "refusal"),
    [(Path.unlink, KeyMissing), (broken, KeyUnreadable), (other_key, KeyUnreadable), (other_log, KeyUnreadable)],
)
def test_without_its_own_key_a_log_signs_nothing(
    publish_log: Publish, harm: Callable[[Path], None], refusal: type[Exception]
) -> None:
    write(1)
    publish_log()
    signed = heads.signed(FICTION)
    harm(Path(settings.KEYS) / "fiction")
    write(1)
    with pytest.raises(refusal):
        publish_log()
    assert heads.signed(FICTION) == signed


def test_an_older_database_signs_nothing(publish_log: Publish) -> None:
    write(3)
    publish_log()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_log SET size = 2")
    with pytest.raises(DatabaseBehind, match="numbered 2, signed 3"):
        publish_log()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_log SET size = 3")


def test_another_database_signs_nothing(publish_log: Publish) -> None:
    write(3)
    publish_log()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_log SET root = %s", [bytes(32)])
    with pytest.raises(DatabaseDiffers):
        publish_log()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_log SET root = %s", [merkle.root_of(hashes())])


def hashes() -> list[bytes]:
    return [bytes(one) for one in Entry.objects.order_by("index").values_list("leaf_hash", flat=True)]


def test_a_row_edited_after_it_was_signed_stops_the_next_signature(publish_log: Publish) -> None:
    write(3)
    publish_log()
    true = bytes(Entry.objects.get(index=1).leaf)
    Entry.objects.filter(index=1).update(leaf=true.replace(b"texts.revised", b"texts.adopted"))
    write(1)
    with pytest.raises(DatabaseDiffers):
        publish_log()
    Entry.objects.filter(index=1).update(leaf=true)


def test_a_store_of_heads_rolled_back_signs_nothing(publish_log: Publish, tmp_path: Path) -> None:
    write(1)
    publish_log()
    kept = tmp_path / "kept.sqlite3"
    shutil.copy(heads.path_of(FICTION), kept)
    write(1)
    publish_log()
    shutil.copy(kept, heads.path_of(FICTION))
    with pytest.raises(PublishedAhead, match="published 2, signed 1"):
        publish_log()
    heads.path_of(FICTION).unlink()
    with pytest.raises(PublishedAhead, match="nothing"):
        publish_log()


def test_with_heads_and_folder_lost_a_key_that_stands_signs_nothing(publish_log: Publish) -> None:
    write(2)
    publish_log()
    heads.path_of(FICTION).unlink()
    shutil.rmtree(folder())
    with pytest.raises(HeadsMissing, match=r"fiction\.sqlite3"):
        publish_log()
    assert not heads.path_of(FICTION).exists()


def test_a_signature_that_came_out_wrong_is_not_kept(publish_log: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    write(1)
    publish_log()
    before, true = heads.signed(FICTION), SigningKey.sign
    write(1)
    with monkeypatch.context() as patched:
        patched.setattr(SigningKey, "sign", lambda key, text: true(key, text.replace(b"2", b"3")))
        with pytest.raises(NotSigned):
            publish_log()
    assert heads.signed(FICTION) == before
    assert publish_log() == "fiction: 2 entries published"


def test_what_was_signed_outlives_a_power_cut_right_after() -> None:
    with heads._store(FICTION) as store:
        assert store.execute("PRAGMA synchronous").fetchone() == (3,)  # EXTRA: the journal stays taken away


def test_a_file_with_other_bytes_stops_the_signature(publish_log: Publish) -> None:
    write(1)
    publish_log()
    write(1)
    wrong = folder() / "tile/0/000.p/2"
    wrong.write_bytes(bytes(64))
    with pytest.raises(TileDiffers):
        publish_log()
    wrong.unlink()
    assert publish_log() == "fiction: 2 entries published"


@pytest.mark.parametrize("written", ["tile/0/", "tile/entries/", "tile/1/"])
def test_a_bit_that_flips_between_hashing_and_reading_back_is_not_signed(
    publish_log: Publish, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    from comity.record.publishing.files import Folder

    put = Folder.put

    def flipping(self: Folder, name: str, content: bytes, *, at: datetime | None = None) -> None:
        flip = name.startswith(written)
        put(self, name, bytes([content[0] ^ 1]) + content[1:] if flip else content, at=at)

    write(257)
    with monkeypatch.context() as patched:
        patched.setattr(Folder, "put", flipping)
        with pytest.raises(NotAsWritten):
            publish_log()
    assert heads.signed(FICTION) is None
    assert published.checkpoint(FICTION) is None


def test_a_folder_that_cannot_be_written_says_so(publish_log: Publish) -> None:
    folder().parent.parent.mkdir(parents=True, exist_ok=True)
    folder().parent.write_text("a file where the folder should be")
    write(1)
    with pytest.raises(DiskRefuses, match="record"):
        publish_log()
    assert heads.signed(FICTION) is None


def test_a_policy_that_cannot_be_read_names_its_line(publish_log: Publish) -> None:
    write(1)
    place = Path(settings.POLICIES) / "fiction"
    place.parent.mkdir()
    place.write_text("quorum all of them\n")
    with pytest.raises(PolicyUnreadable, match="line 1"):
        publish_log()


def test_a_second_process_lets_the_first_publish(publish_log: Publish) -> None:
    write(1)
    with heads.alone(FICTION) as alone:
        assert alone
        assert publish_log() == "fiction: another process is publishing this log"
    assert publish_log() == "fiction: 1 entries published"


def test_the_files_are_served_as_any_server_would(publish_log: Publish, client: Client) -> None:
    base = "/fiction/record"
    for name in ("checkpoint", "tile/0/000.p/1", "policy", "vkeys", "controllers", "proof/0.tlog-proof"):
        assert client.get(f"{base}/{name}").status_code == 404
    write(257)
    publish_log()
    write(1)
    for path in files():
        answer = client.get(f"{base}/{path}")
        if path.startswith("tile/"):
            assert answer["Content-Type"] == "application/octet-stream"
            assert "immutable" in answer["Cache-Control"]
        else:
            assert answer["Content-Type"] == "text/plain; charset=utf-8"
            assert answer["Cache-Control"] in {"public, max-age=3", "public, max-age=60"}
        assert answer.content == (folder() / path).read_bytes()
    assert TlogProof.parse(client.get(f"{base}/proof/256.tlog-proof").content).index == 256
    for missing in ("tile/0/001.p/2", "tile/0/000.p/255", "tile/0/1", "tile/00/000", "tile/0/../vkeys", "tile/9/000"):
        assert client.get(f"{base}/{missing}").status_code == 404, missing
    waiting = client.get(f"{base}/proof/257.tlog-proof")
    assert waiting.status_code == 404
