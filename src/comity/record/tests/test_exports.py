"""The files of a log: written, served, and verified by two implementations, one of them in a process of its own."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from django.test import Client

from comity.conftest import AT
from comity.plain.actors import SYSTEM, ActorKind, ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record import queries
from comity.record.actions import append, close_batch, erase, sequence
from comity.record.copies import Brought, NoCopy, NothingPublished, answer, verify_copy, write_copy
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.copy import CHECKPOINT, DISCLOSURES, POLICY, VKEYS
from comity.record.core.jcs import Json
from comity.record.core.notes import Note
from comity.record.core.packing import PIECE, in_pieces, packed
from comity.record.models import Entry
from comity.record.publishing import publish
from comity.record.tests.copied import copied, words_of
from comity.record.tests.other import run

COPY = "/fiction/record/copy.zip"
AMINA = ActorRef(ActorKind.SEAT, "s" * 16, "p" * 16)


@pytest.fixture
def log(db: None, at: datetime) -> None:
    """Eight public entries, and a batch of restricted ones."""
    for number in range(8):
        facts: dict[str, Json] = {
            "words": f"Clause {number}, “as read”\n\u2028 and more 🕊",
            "votes": number,
            "share": number / 3,
        }
        subject = Ref("text", "ab"[number % 2] * 16)
        append("texts.revised", realm=Realm.FICTION, subject=subject, by=AMINA, at=at, facts=facts)
    sequence(Realm.FICTION)
    append(
        "security.warning_given",
        realm=Realm.FICTION,
        subject=Ref("text", "a" * 16),
        by=AMINA,
        at=at,
        level=Level.ROOM,
        facts={"words": "quiet words"},
    )
    close_batch(Realm.FICTION, at)


@pytest.mark.usefixtures("log")
def test_a_written_copy_is_verified_by_both_and_tells_nothing_restricted(tmp_path: Path) -> None:
    head = copied(Realm.FICTION, tmp_path / "copy", at=AT)
    stands, lines = answer(tmp_path / "copy")
    assert stands
    assert lines[0] == f"yes, 72 entries, root {head.root.hex()}"
    assert lines == run(tmp_path / "copy").stdout.splitlines()
    assert verify_copy(tmp_path / "copy") == []
    everything = words_of(tmp_path / "copy")
    for secret in ("quiet", "warning", AMINA.id, AMINA.organisation):
        assert secret not in everything
    written = {str(path.relative_to(tmp_path / "copy")) for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    tiles = {"tile/0/000.p/72", "tile/entries/000.p/72"}
    assert {CHECKPOINT, DISCLOSURES, POLICY, VKEYS} | tiles <= written


@pytest.mark.usefixtures("log")
def test_the_checkpoint_is_signed_and_says_nothing_else(tmp_path: Path) -> None:
    copied(Realm.FICTION, tmp_path, at=AT)
    note = Note.parse((tmp_path / "checkpoint").read_bytes())
    head = Checkpoint.of(note)
    assert note.text == head.body()
    assert note.text.count(b"\n") == 3
    assert head.origin.endswith("fiction/record")
    assert [line.name for line in note.signatures] == [head.origin]


@pytest.mark.usefixtures("log")
def test_an_erased_value_is_absent_from_the_copy_and_both_still_say_yes(tmp_path: Path, at: datetime) -> None:
    erase(Entry.objects.get(index=3), "words", legal_basis="GDPR art. 17", by=SYSTEM, at=at)
    copied(Realm.FICTION, tmp_path, at=AT)
    assert "Clause 3" not in (tmp_path / "disclosures.jsonl").read_text()
    assert answer(tmp_path)[0]
    assert run(tmp_path).returncode == 0


@pytest.mark.usefixtures("log")
def test_a_value_whose_erasure_is_not_published_yet_is_named_as_withheld(tmp_path: Path, at: datetime) -> None:
    """Between an erasure and the next checkpoint no copy may seem to have lost a value without a word."""
    publish(Realm.FICTION, at=AT)
    erase(Entry.objects.get(index=3), "words", legal_basis="GDPR art. 17", by=SYSTEM, at=at)
    write_copy(Realm.FICTION, tmp_path, at=AT)
    assert "Clause 3" not in (tmp_path / "disclosures.jsonl").read_text()
    stands, lines = answer(tmp_path)
    assert (stands, lines[-1]) == (True, "  entry 3: words")
    assert lines == run(tmp_path).stdout.splitlines()


def test_an_empty_log_has_a_copy_too_once_it_is_published(db: None, tmp_path: Path) -> None:
    with pytest.raises(NothingPublished):
        write_copy(Realm.REAL, tmp_path, at=AT)
    copied(Realm.REAL, tmp_path, at=AT)
    assert answer(tmp_path)[1][0].startswith("yes, 0 entries")
    assert run(tmp_path).returncode == 0


def test_what_is_no_copy_is_refused_with_the_missing_file(tmp_path: Path) -> None:
    with pytest.raises(NoCopy) as refusal:
        verify_copy(tmp_path)
    assert refusal.value.parameters["file"] == "checkpoint"
    with pytest.raises(NoCopy):
        verify_copy("http://127.0.0.1:9/nothing/")
    (tmp_path / "some.zip").write_bytes(b"PK no zip")
    with pytest.raises(NoCopy):
        verify_copy(tmp_path / "some.zip")


@pytest.mark.usefixtures("log")
def test_both_realms_serve_their_own_files(client: Client) -> None:
    for realm in Realm:
        publish(realm, at=AT)
    assert client.get("/fiction/record/checkpoint").content.split(b"\n")[1] == b"72"
    assert client.get("/record/checkpoint").content.split(b"\n")[1] == b"0"
    answered = client.get("/fiction/record/disclosures.jsonl")
    again = client.get("/fiction/record/disclosures.jsonl", headers={"if-none-match": answered.headers["ETag"]})
    assert again.status_code == 304
    assert answered.streaming
    assert answered.getvalue().count(b"\n") == 8
    asked = client.head("/fiction/record/disclosures.jsonl")
    assert (asked.headers["ETag"], asked.getvalue()) == (answered.headers["ETag"], b"")
    assert client.get("/record/disclosures.jsonl").getvalue() == b""
    assert client.post("/fiction/record/checkpoint").status_code == 405
    for gone in ("leaves.jsonl", "hashes.txt"):
        assert client.get(f"/fiction/record/{gone}").status_code == 404


@pytest.mark.usefixtures("log")
def test_the_values_of_an_earlier_size_are_served_while_the_log_goes_on(client: Client) -> None:
    publish(Realm.FICTION, at=AT)
    append("texts.revised", realm=Realm.FICTION, subject=Ref("text", "a" * 16), by=AMINA, at=AT, facts={"votes": 1})
    publish(Realm.FICTION, at=AT)
    address = "/fiction/record/disclosures.jsonl"
    now = client.get(address).getvalue()
    assert now.count(b"\n") == 9
    assert now.startswith(client.get(f"{address}?size=72").getvalue())
    assert client.get(f"{address}?size=72").getvalue().count(b"\n") == 8
    assert client.get(f"{address}?size=-1").getvalue() == now


@pytest.mark.usefixtures("log")
def test_the_zip_holds_a_copy_that_verifies(client: Client, tmp_path: Path) -> None:
    publish(Realm.FICTION, at=AT)
    packed = tmp_path / "copy.zip"
    packed.write_bytes(client.get(COPY).getvalue())
    zipfile.ZipFile(packed).extractall(tmp_path)
    for place in (packed, tmp_path / "fiction-record"):
        assert answer(place)[0]
        assert run(place).stdout.splitlines() == answer(place)[1]
        assert run(tmp_path / "fiction-record", "--trusted", place).returncode == 0
        assert answer(tmp_path / "fiction-record", Brought([place]))[0]


@pytest.mark.usefixtures("log")
def test_the_zip_is_sent_piece_by_piece_and_is_the_same_for_the_same_checkpoint(client: Client) -> None:
    publish(Realm.FICTION, at=AT)
    first, again = client.get(COPY), client.get(COPY)
    assert first.streaming
    tag = first.headers["ETag"]
    assert (tag, first.getvalue()) == (again.headers["ETag"], again.getvalue())
    assert first.headers["Cache-Control"] == "no-cache"
    held = client.get(COPY, headers={"if-none-match": tag})
    assert (held.status_code, held.headers["ETag"]) == (304, tag)
    asked = client.head(COPY)
    assert (asked.status_code, asked.headers["ETag"], asked.getvalue()) == (200, tag, b"")
    assert client.post(COPY).status_code == 405
    assert client.get("/record/copy.zip").status_code == 404


@pytest.mark.usefixtures("log")
def test_the_zip_bears_another_name_once_it_tells_anything_else(client: Client, at: datetime) -> None:
    """Also without a new checkpoint: what was erased or closed since is in no copy that bears the old name."""
    publish(Realm.FICTION, at=AT)
    tag = client.get(COPY).headers["ETag"]
    erase(Entry.objects.get(index=3), "words", legal_basis="GDPR art. 17", by=SYSTEM, at=at)
    now = client.get(COPY, headers={"if-none-match": tag})
    assert now.status_code == 200
    assert now.headers["ETag"] != tag
    assert b"Clause 3" not in zipfile.ZipFile(BytesIO(now.getvalue())).read(f"fiction-record/{DISCLOSURES}")
    publish(Realm.FICTION, at=AT)
    assert client.get(COPY).headers["ETag"] not in {tag, now.headers["ETag"]}


def test_a_zip_is_made_while_it_is_taken_and_holds_no_more_than_a_piece() -> None:
    """Five hundred files of noise, and one of many parts: of all that only what comes next is made."""
    drawn, made = Random(4), list[str]()  # noqa: S311 - noise, the same each time

    def files() -> Iterator[tuple[str, Iterable[bytes]]]:
        for number in range(500):
            made.append(f"tile/{number}")
            yield made[-1], [drawn.randbytes(8192)]
        yield "values", (drawn.randbytes(500) for _ in range(2_000))

    pieces, ahead = list[bytes](), list[int]()
    for piece in packed(files(), "copy"):
        pieces.append(piece)
        ahead.append(8192 * len(made) - sum(map(len, pieces)))
    assert len(made) == 500
    assert max(map(len, pieces)) < 2 * PIECE
    assert max(ahead) < 2 * PIECE
    archive = zipfile.ZipFile(BytesIO(b"".join(pieces)))
    assert archive.testzip() is None
    assert [one.file_size for one in archive.infolist()] == [8192] * 500 + [1_000_000]
    assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_lines_are_sent_together() -> None:
    lines = [b"a line of values\n"] * 20_000
    pieces = list(in_pieces(iter(lines)))
    assert b"".join(pieces) == b"".join(lines)
    assert all(PIECE <= len(piece) < PIECE + 100 for piece in pieces[:-1])
    assert list(in_pieces([])) == []


@pytest.mark.usefixtures("log")
def test_values_are_given_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(Realm.FICTION, at=AT)
    whole = list(queries.given_all(Realm.FICTION, 72, AT))
    monkeypatch.setattr(queries, "AT_ONCE", 3)
    assert list(queries.given_all(Realm.FICTION, 72, AT)) == whole
    assert [index for index, _given in queries.given_all(Realm.FICTION, 5, AT)] == [0, 1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("log")
def test_a_live_record_is_verified_from_its_address(live_server: object) -> None:
    publish(Realm.FICTION, at=AT)
    address = f"{live_server}/fiction/record/"
    assert answer(address)[0]
    assert run(address).stdout.splitlines() == answer(address)[1]
    assert run(address, "--entries", "3-9").stdout.startswith("yes, entries 3 to 9 of 72, root ")
