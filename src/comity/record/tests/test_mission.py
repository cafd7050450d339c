"""The record's row of the mission, walked as an auditor would."""

import re
import shutil
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
from comity.record.copies import answer
from comity.record.models import Entry
from comity.record.tests.conftest import Files, leaves_of, resigned, with_leaves
from comity.record.tests.copied import copied
from comity.record.tests.other import run


@pytest.mark.mission(
    "S89",
    at="record/",
    missing="the signature on the checkpoint, and independent witnesses who cosign it",
)
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
    verified = run(tmp_path / "erased")
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
        assert "no: " in answer(rewritten, trusted=[kept])[1][0]
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
