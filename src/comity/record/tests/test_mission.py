"""The record's row of the mission, walked as an auditor would."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from comity.conftest import AT, Cast
from comity.plain.actors import SYSTEM
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.record import queries
from comity.record.actions import append, erase, sequence
from comity.record.exports import answer, write_copy
from comity.record.models import Entry
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
    size = write_copy(Realm.FICTION, tmp_path / "erased", at=AT).size
    assert queries.check(Realm.FICTION) == []
    verified = run(tmp_path / "erased")
    assert (verified.returncode, verified.stdout.split(",")[1]) == (0, f" {size} entries")
    assert answer(tmp_path / "erased")[0]

    # one past row is altered: the verifiers fail and name the entry
    Entry.objects.filter(pk=past.id).update(
        leaf=bytes(Entry.objects.get(pk=past.id).leaf).replace(b"revised", b"adopted")
    )
    write_copy(Realm.FICTION, tmp_path / "altered", at=AT)
    refused = run(tmp_path / "altered", "--trusted", tmp_path / "erased" / "checkpoint")
    assert refused.returncode == 1
    assert re.match(rf"no: entry {past.index}: was altered", refused.stdout)
    stands, lines = answer(tmp_path / "altered")
    assert not stands
    assert lines[0].startswith(f"no: entry {past.index} ")
    assert past.index in {fault.index for fault in queries.check(Realm.FICTION)}
