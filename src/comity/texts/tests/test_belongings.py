"""The evidence of an adopted text: never without its dissent, and the clauses that the entry seals."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.record.publishing import publish
from comity.record.queries import entry_of
from comity.texts import actions
from comity.texts.models import Text
from comity.texts.tests.congress import VOTE, Congress, promise_clauses

RESERVATION = "We reserve on the dates, because the ice leaves the northern bays in April."


@pytest.fixture
def adopted(congress: Congress) -> Text:
    """An adopted text with one reservation, one party that awaits its board."""
    text = congress.draft(*promise_clauses(2))
    congress.adopted(text, {3: "ad-referendum"})
    actions.file_dissent(
        text,
        organisation=congress.parties[1],
        kind="reservation",
        words=RESERVATION,
        language="en",
        block="c1",
        by=congress.heads[1],
        at=VOTE,
    )
    return text


def evidence_of(client: Client, text: Text, type: str) -> dict[str, bytes]:
    publish(Realm.FICTION, at=datetime.now(UTC))
    entry = entry_of(Ref("text", text.public_id), type)
    assert entry is not None
    packed = client.get(f"/fiction/record/evidence/{entry.index}.zip?language=en").content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("type", ["texts.drafted", "texts.adopted"])
def test_the_text_stands_with_all_dissent_and_the_clauses_are_those_under_the_seal(
    adopted: Text, client: Client, tmp_path: Path, type: str
) -> None:
    files = evidence_of(client, adopted, type)
    words = " ".join(files["text.txt"].decode().replace("|", " ").split())
    assert RESERVATION in words
    assert "referendum" in words
    told = json.loads(files["disclosed.json"])["fields"]
    assert hashlib.sha256(files["clauses.json"]).hexdigest() == told["sha256"]["value"]
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-I", "comity_verify.py", "."]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert said.returncode == 0, said.stdout


def test_what_is_not_public_now_stands_in_no_evidence(adopted: Text, client: Client) -> None:
    files = evidence_of(client, adopted, "texts.adopted")
    assert "text.txt" in files
    Text.objects.filter(pk=adopted.pk).update(level=2)
    files = evidence_of(client, adopted, "texts.adopted")
    assert not {"text.txt", "clauses.json"} & set(files)
