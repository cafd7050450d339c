"""The files of a log: written, served, and verified by two implementations, one of them in a process of its own."""

import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client

from comity.conftest import AT
from comity.plain.actors import SYSTEM, ActorKind, ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record.actions import append, close_batch, erase, sequence
from comity.record.core.copy import FILES, Checkpoint
from comity.record.core.jcs import Json
from comity.record.exports import NoCopy, answer, verify_copy, write_copy
from comity.record.models import Entry
from comity.record.tests.other import run

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
    head = write_copy(Realm.FICTION, tmp_path / "copy", at=AT)
    expected = f"yes, 72 entries, root {head.root.hex()}"
    assert answer(tmp_path / "copy") == (True, [expected])
    assert verify_copy(tmp_path / "copy") == []
    assert run(tmp_path / "copy").stdout == expected + "\n"
    everything = b"".join((tmp_path / "copy" / name).read_bytes() for name in FILES)
    for secret in (b"quiet", b"warning", AMINA.id.encode(), AMINA.organisation.encode()):
        assert secret not in everything
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == sorted(FILES)


@pytest.mark.usefixtures("log")
def test_the_checkpoint_is_a_c2sp_body_and_says_nothing_else(tmp_path: Path, settings: object) -> None:
    write_copy(Realm.FICTION, tmp_path, at=AT)
    body = (tmp_path / "checkpoint").read_bytes()
    head = Checkpoint.parse(body)
    assert body == head.body()
    assert body.count(b"\n") == 3
    assert head.origin.endswith("fiction/record")


@pytest.mark.usefixtures("log")
def test_an_erased_value_is_absent_from_the_copy_and_both_still_say_yes(tmp_path: Path, at: datetime) -> None:
    erase(Entry.objects.get(index=3), "words", legal_basis="GDPR art. 17", by=SYSTEM, at=at)
    sequence(Realm.FICTION)
    write_copy(Realm.FICTION, tmp_path, at=AT)
    assert "Clause 3" not in (tmp_path / "disclosures.jsonl").read_text()
    assert answer(tmp_path)[0]
    assert run(tmp_path).returncode == 0


def test_an_empty_log_has_a_copy_too(db: None, tmp_path: Path) -> None:
    write_copy(Realm.REAL, tmp_path, at=AT)
    assert answer(tmp_path)[1][0].startswith("yes, 0 entries")
    assert run(tmp_path).returncode == 0


def test_what_is_no_copy_is_refused_with_the_missing_file(tmp_path: Path) -> None:
    with pytest.raises(NoCopy) as refusal:
        verify_copy(tmp_path)
    assert refusal.value.parameters["file"] == "checkpoint"
    with pytest.raises(NoCopy):
        verify_copy("http://127.0.0.1:9/nothing/")


@pytest.mark.usefixtures("log")
def test_both_realms_serve_their_own_files(client: Client) -> None:
    for name in FILES:
        answered = client.get(f"/fiction/record/{name}")
        assert answered.status_code == 200
        again = client.get(f"/fiction/record/{name}", headers={"if-none-match": answered.headers["ETag"]})
        assert again.status_code == 304
    assert client.get("/record/checkpoint").content.split(b"\n")[1] == b"0"
    assert client.get("/record/leaves.jsonl").content == b""
    assert client.post("/fiction/record/checkpoint").status_code == 405


@pytest.mark.usefixtures("log")
def test_the_files_of_an_earlier_size_are_served_while_the_log_goes_on(client: Client, tmp_path: Path) -> None:
    append("texts.revised", realm=Realm.FICTION, subject=Ref("text", "a" * 16), by=SYSTEM, at=Entry.objects.first().at)  # type: ignore[union-attr]
    sequence(Realm.FICTION)
    assert client.get("/fiction/record/leaves.jsonl").content.count(b"\n") == 73
    for name in FILES[1:]:
        now = client.get(f"/fiction/record/{name}").content
        assert now.startswith(client.get(f"/fiction/record/{name}?size=72").content)
    assert client.get("/fiction/record/leaves.jsonl?size=72").content.count(b"\n") == 72
    assert client.get("/fiction/record/leaves.jsonl?size=-1").content.count(b"\n") == 73


@pytest.mark.usefixtures("log")
def test_the_zip_holds_a_copy_that_verifies(client: Client, tmp_path: Path) -> None:
    packed = client.get("/fiction/record/copy.zip")
    zipfile.ZipFile(BytesIO(packed.content)).extractall(tmp_path)
    assert answer(tmp_path / "fiction-record")[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("log")
def test_a_live_record_is_verified_from_its_address(live_server: object) -> None:
    address = f"{live_server}/fiction/record/"
    assert answer(address)[0]
    assert run(address).stdout.startswith("yes, 72 entries")
