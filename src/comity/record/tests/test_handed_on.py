"""What is handed on of an entry: its disclosed values, and the evidence that checks without this house."""

import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from comity.conftest import AT, Cast
from comity.plain.actors import SYSTEM
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record import queries
from comity.record.actions import append, close_batch, erase, sequence
from comity.record.core import merkle
from comity.record.core.checkpoints import opened
from comity.record.core.jcs import Json
from comity.record.core.notes import VerifierKey
from comity.record.core.policies import Policy
from comity.record.core.tlog_proof import TlogProof
from comity.record.models import Entry
from comity.record.tests.conftest import Publish
from comity.record.tests.other import run

FILES = "/fiction/record/"
TEXT = Ref("text", "a" * 16)


@pytest.fixture
def log(cast: Cast, at: datetime) -> int:
    """The cast's own entries, three revisions of a text, a restricted batch; the index of the last revision."""
    for number in range(3):
        facts: dict[str, Json] = {"words": f"Reading {number}, “quoted”", "votes": number}
        append("texts.revised", realm=Realm.FICTION, subject=TEXT, by=cast.amina, at=at, facts=facts)
    sequence(Realm.FICTION)
    append("security.warning_given", realm=Realm.FICTION, subject=TEXT, by=cast.amina, at=at, level=Level.ROOM)
    close_batch(Realm.FICTION, at)
    index = Entry.objects.filter(type="texts.revised").latest("index").index
    assert index is not None
    return index


def packed(client: Client, index: int, language: str = "en") -> dict[str, bytes]:
    answered = client.get(f"{FILES}evidence/{index}.zip", {"language": language})
    assert answered.status_code == 200
    assert answered["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answered.content)) as archive:
        folders = {name.partition("/")[0] for name in archive.namelist()}
        assert folders == {f"fiction-entry-{index}"}
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def unpacked(files: dict[str, bytes], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def said(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


def test_the_values_of_an_entry_are_given_with_their_salts(client: Client, log: int, at: datetime) -> None:
    answered = client.get(f"{FILES}disclosed/{log}.json")
    told = answered.json()
    entry = Entry.objects.get(index=log)
    assert (told["form"], told["index"], told["leaf_hash"]) == ("comity-disclosed/1", log, bytes(entry.leaf_hash).hex())
    sealed = queries.disclosed(entry)
    assert told["fields"] == {
        "words": {"salt": sealed["words"].salt.hex(), "value": "Reading 2, “quoted”"},
        "votes": {"salt": sealed["votes"].salt.hex(), "value": 2},
    }
    assert told["withheld"] == []
    assert "no-cache" in answered["Cache-Control"]


def test_an_erased_value_is_absent_and_a_withheld_one_named(
    client: Client, log: int, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    erase(Entry.objects.get(index=log), "words", legal_basis="GDPR art. 17", by=SYSTEM, at=at)
    told = client.get(f"{FILES}disclosed/{log}.json").json()
    assert (set(told["fields"]), told["withheld"]) == ({"votes"}, [])
    monkeypatch.setattr(queries, "readable", lambda refs, realm, at: {ref for ref in refs if ref != TEXT})
    told = client.get(f"{FILES}disclosed/{log}.json").json()
    assert (told["fields"], told["withheld"]) == ({}, ["votes"])


def test_a_restricted_entry_discloses_nothing_and_what_is_not_there_is_not_found(client: Client, log: int) -> None:
    restricted = Entry.objects.get(type="security.warning_given")
    told = client.get(f"{FILES}disclosed/{restricted.index}.json").json()
    assert (told["fields"], told["withheld"]) == ({}, [])
    assert told["leaf_hash"] == bytes(restricted.leaf_hash).hex()
    assert client.get(f"{FILES}disclosed/99999.json").status_code == 404
    assert client.get(f"{FILES}evidence/99999.zip").status_code == 404


def test_there_is_no_evidence_before_the_entry_is_published(client: Client, log: int, publish_log: Publish) -> None:
    answered = client.get(f"{FILES}evidence/{log}.zip")
    assert answered.status_code == 404
    assert "not yet under a published checkpoint" in answered.content.decode()
    publish_log()
    assert client.get(f"{FILES}evidence/{log}.zip").status_code == 200


def test_the_evidence_checks_by_its_manifest_and_by_its_forms(
    client: Client, log: int, publish_log: Publish, tmp_path: Path
) -> None:
    publish_log()
    files = packed(client, log)
    folder = unpacked(files, tmp_path / "evidence")
    assert said("sha256sum", "-c", "--strict", "--quiet", "manifest", folder=folder).returncode == 0
    assert set(files) - {"manifest"} == {line.split("  ")[1] for line in files["manifest"].decode().splitlines()}

    keys = [VerifierKey.parse(line) for line in files["vkeys"].decode().split()]
    proof = TlogProof.parse(files["proof.tlog-proof"])
    head = opened(proof.checkpoint, keys[0], keys[1:]).checkpoint
    merkle.verify_inclusion(log, head.size, merkle.leaf_hash(files["entry.json"]), proof.path, head.root)
    assert proof.index == log
    assert Policy.parse(files["policy"].decode()).logs[0].key == keys[0]
    assert json.loads(files["disclosed.json"])["leaf_hash"] == merkle.leaf_hash(files["entry.json"]).hex()

    # the verifier that lies in it says yes, alone, in a Python that cannot see our code
    verified = said(sys.executable, "-I", "comity_verify.py", ".", folder=folder)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert verified.stdout.startswith(f"yes, entry {log} of {head.size}, root {head.root.hex()}")

    # one letter of the entry, or one value, and both say no; the verifier names the entry
    for name, old, new in (("entry.json", b"revised", b"adopted"), ("disclosed.json", b"Reading 2", b"Reading 3")):
        false = unpacked({**files, name: files[name].replace(old, new)}, tmp_path / f"false-{name}")
        assert said("sha256sum", "-c", "--quiet", "manifest", folder=false).returncode == 1
        refused = said(sys.executable, "-I", "comity_verify.py", ".", folder=false)
        assert refused.returncode == 1
        assert re.search(rf"^no: entry {log} \(text:a+\): ", refused.stdout, re.MULTILINE), refused.stdout


def test_the_zip_itself_is_verified_and_so_is_one_with_erased_and_with_withheld_values(
    client: Client, log: int, publish_log: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erase(Entry.objects.get(index=log), "words", legal_basis="GDPR art. 17", by=SYSTEM, at=AT)
    publish_log()
    zipped = tmp_path / "evidence.zip"
    zipped.write_bytes(client.get(f"{FILES}evidence/{log}.zip").content)
    assert run(zipped).returncode == 0, run(zipped).stdout
    monkeypatch.setattr(queries, "readable", lambda refs, realm, at: {ref for ref in refs if ref != TEXT})
    zipped.write_bytes(client.get(f"{FILES}evidence/{log}.zip").content)
    told = run(zipped)
    assert told.returncode == 0
    assert f"entry {log}: votes" in told.stdout


def test_the_same_evidence_has_the_same_bytes(client: Client, log: int, publish_log: Publish) -> None:
    publish_log()
    first, second = (client.get(f"{FILES}evidence/{log}.zip?language=en").content for _ in range(2))
    assert first == second


def test_the_readme_says_in_the_readers_language_and_in_english_what_it_shows_and_what_not(
    client: Client, log: int, publish_log: Publish
) -> None:
    publish_log()
    for language in ("en", "fr", "ar"):
        files = packed(client, log, language)
        told = files["README.txt"].decode()
        assert told.count("sha256sum -c manifest") == (1 if language == "en" else 2)
        assert "it does not say: that the entry is true, fair or freely decided" in " ".join(told.lower().split())
        assert "FICTION: nothing here describes a real organisation." in told
        assert all(f"  {name}:" in told for name in files if name != "README.txt")
        assert max(map(len, told.splitlines())) <= 79


def test_the_evidence_of_a_restricted_entry_says_no_more_than_its_seal(
    client: Client, log: int, publish_log: Publish
) -> None:
    publish_log()
    restricted = Entry.objects.get(type="security.warning_given")
    assert restricted.index is not None
    files = packed(client, restricted.index)
    assert "a seal and nothing else" in files["README.txt"].decode()
    assert b"warning" not in b"".join(content for name, content in files.items() if not name.endswith(".py"))


def test_of_what_is_closed_now_the_evidence_gives_no_value(
    client: Client, log: int, publish_log: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_log()
    monkeypatch.setattr(queries, "readable", lambda refs, realm, at: {ref for ref in refs if ref != TEXT})
    files = packed(client, log)
    assert json.loads(files["disclosed.json"])["withheld"] == ["votes", "words"]
    assert b"Reading 2" not in b"".join(files.values())
