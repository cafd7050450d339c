"""The record's row of the mission, walked as an auditor would."""

import re
import shutil
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from comity.conftest import AT, Cast
from comity.plain.actors import SYSTEM
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.record import published, queries
from comity.record.actions import append, erase, sequence
from comity.record.copies import Brought, answer
from comity.record.core.jcs import Json
from comity.record.models import Entry
from comity.record.publishing.keys import key_of
from comity.record.tests.conftest import Files, Publish, leaves_of, resigned, with_leaves
from comity.record.tests.copied import copied
from comity.record.tests.other import alone, run
from comity.record.tests.test_seals import ask
from comity.record.tests.witnesses import made, serving


@pytest.mark.mission("S89", at="record/")
def test_an_altered_row_is_named_and_an_erasure_is_not(
    cast: Cast, at: datetime, tmp_path: Path, client: Client
) -> None:
    declaration = Ref("text", "d" * 16)
    for number in range(5):
        append(
            "texts.revised",
            realm=Realm.FICTION,
            subject=declaration,
            by=cast.amina,
            at=at,
            facts={"words": f"Reading {number}", "reserved_by": "Amina of the Test Shore Union"},
        )
    sequence(Realm.FICTION)
    past = queries.entries_of(declaration)[2]
    assert past.index is not None
    assert f"/fiction/en/entry/{past.index}" in client.get("/fiction/en/record/").content.decode()

    # personal data is erased: value and salt are gone from every file, and the answer is still yes
    erase(past, "reserved_by", legal_basis="GDPR art. 17(1)(d)", by=SYSTEM, at=at)
    sequence(Realm.FICTION)
    size = copied(Realm.FICTION, tmp_path / "erased", at=AT).size
    assert queries.check(Realm.FICTION) == []
    verified = alone(tmp_path / "erased")
    assert (verified.returncode, verified.stdout.split(",")[1]) == (0, f" {size} entries")
    assert answer(tmp_path / "erased")[0]

    # one past row is altered: the audit of the tables names it, also beside what was published before
    Entry.objects.filter(pk=past.id).update(
        leaf=bytes(Entry.objects.get(pk=past.id).leaf).replace(b"revised", b"adopted")
    )
    assert past.index in {fault.index for fault in queries.check(Realm.FICTION)}

    # the published row is altered: both verifiers fail and name the entry
    altered, index = tmp_path / "altered", past.index
    shutil.copytree(published.folder(Realm.FICTION), altered)
    shutil.copy(tmp_path / "erased" / "disclosures.jsonl", altered)
    put(altered, alter(files_in(altered), index))
    for lines in (run(altered).stdout.splitlines(), answer(altered)[1]):
        assert re.match(rf"no: entry {index} \(text:d+\): was altered", lines[0])

    # whoever has the key of the log rewrites and signs everything anew: what was kept from earlier names the entry
    rewritten = tmp_path / "rewritten"
    put(rewritten, resigned(alter(files_in(tmp_path / "erased"), index)))
    for kept in (tmp_path / "erased", tmp_path / "erased" / "checkpoint"):
        refused = run(rewritten, "--trusted", kept)
        assert refused.returncode == 1
        assert "no: " in answer(rewritten, Brought([kept]))[1][0]
    named = run(rewritten, "--trusted", tmp_path / "erased").stdout
    assert re.match(rf"no: entry {index} \(text:d+\): was altered", named)


def alter(files: Files, index: int) -> Files:
    leaves = leaves_of(files)
    leaves[index] = leaves[index].replace(b"revised", b"adopted")
    return with_leaves(files, leaves)


def files_in(folder: Path) -> Files:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def put(folder: Path, files: Files) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


@pytest.mark.mission("S89", at="record/")
def test_a_reader_finds_an_entry_that_rivals_have_seen_and_it_gives_its_alteration_away(
    cast: Cast, client: Client, tmp_path: Path, publish_log: Publish
) -> None:
    """From the list to the evidence, with two real witnesses of rivals; then a row is erased from, and one altered."""
    declaration = Ref("text", "d" * 16)
    for number in range(3):
        facts: dict[str, Json] = {"words": f"Reading {number}", "reserved_by": "Amina of the Test Shore Union"}
        append("texts.revised", realm=Realm.FICTION, subject=declaration, by=cast.amina, at=AT, facts=facts)
    sequence(Realm.FICTION)
    log = key_of(Realm.FICTION, published.origin(Realm.FICTION), signed_before=False).verifier
    with ExitStack() as running:
        asked = []
        for name in ("union", "league"):
            key = made(tmp_path / name, log, name=f"witness.example.org/{name}")
            asked.append(f"witness {name} {key} {running.enter_context(serving(tmp_path / name)).address}")
        ask([*asked, "group q all union league", "quorum q"], "union One party\nleague Its rival\n")
        publish_log()
        past = queries.entries_of(declaration)[1]
        listed = client.get("/fiction/en/record/", {"about": str(declaration)}).content.decode()
        assert f"/fiction/en/entry/{past.index}" in listed
        page = client.get(f"/fiction/en/entry/{past.index}").content.decode()
        assert "It was seen by 2 of 2 witnesses" in page
        kept = evidence(client, past.index, tmp_path / "kept.zip")
        assert run(kept).stdout.startswith(f"yes, entry {past.index} of ")

        erase(past, "reserved_by", legal_basis="GDPR art. 17(1)(d)", by=SYSTEM, at=AT)
        sequence(Realm.FICTION)
        publish_log()
        assert "GDPR art. 17(1)(d)" in client.get(f"/fiction/en/entry/{past.index}").content.decode()
        assert run(evidence(client, past.index, tmp_path / "erased.zip")).returncode == 0
        assert run(kept).returncode == 0

        row = Entry.objects.get(pk=past.id)
        Entry.objects.filter(pk=past.id).update(leaf=bytes(row.leaf).replace(b"revised", b"adopted"))
        assert "This entry was altered" in client.get(f"/fiction/en/entry/{past.index}").content.decode()
        refused = run(evidence(client, past.index, tmp_path / "altered.zip"))
        assert refused.returncode == 1
        assert re.match(rf"no: entry {past.index} \(text:d+\): was altered", refused.stdout)


def evidence(client: Client, index: int | None, path: Path) -> Path:
    path.write_bytes(client.get(f"/fiction/record/evidence/{index}.zip").content)
    return path
