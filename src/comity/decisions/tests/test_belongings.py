"""The evidence of a closed decision, from the record: anybody checks the entry and counts again, without this house."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from comity.decisions.models import Decision
from comity.decisions.tests.conftest import VOTES, Concord
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.record.publishing import publish
from comity.record.queries import entry_of


def alone(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a program of the folder in a Python that cannot see our code."""
    command = [sys.executable, "-I", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.mission("S56", at="record/")
def test_a_reader_of_the_record_takes_a_decision_home_and_counts_it_again(
    adopted: Decision, client: Client, tmp_path: Path
) -> None:
    publish(Realm.FICTION, at=datetime.now(UTC))
    subject = Ref("decision", adopted.public_id)
    listed = client.get("/fiction/en/record/", {"about": str(subject), "type": "decisions.closed"}).content.decode()
    entry = entry_of(subject, "decisions.closed")
    assert entry is not None
    assert f"/fiction/en/entry/{entry.index}" in listed
    packed = client.get(f"/fiction/record/evidence/{entry.index}.zip").content
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path)
    folder = tmp_path / f"fiction-entry-{entry.index}"

    assert alone(folder, "comity_verify.py", ".").stdout.startswith(f"yes, entry {entry.index} of ")
    counted = alone(folder, "comity_recount.py", "decision.json")
    assert counted.returncode == 0, counted.stdout
    readme = (folder / "README.txt").read_text()
    assert "python3 comity_recount.py decision.json" in readme

    told = json.loads((folder / "decision.json").read_text())
    assert {"rules", "key", "rights", "facts", "result"} <= set(told)
    told["facts"]["votes"][0]["for"] -= 1
    (folder / "decision.json").write_text(json.dumps(told))
    assert alone(folder, "comity_recount.py", "decision.json").returncode == 1
    assert "decision.json is not the file that the manifest lists" in alone(folder, "comity_verify.py", ".").stdout


def test_the_evidence_of_an_open_vote_holds_no_file_of_it(concord: Concord, client: Client) -> None:
    open_vote = concord.put(list(VOTES)[:3], title="Not closed yet")
    publish(Realm.FICTION, at=datetime.now(UTC))
    entry = entry_of(Ref("decision", open_vote.public_id))
    assert entry is not None
    packed = client.get(f"/fiction/record/evidence/{entry.index}.zip").content
    assert not any(name.endswith("decision.json") for name in zipfile.ZipFile(io.BytesIO(packed)).namelist())
