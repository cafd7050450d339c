"""The worker as a process, on a file of its own: it publishes what other processes write."""

import os
import re
import subprocess
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[3]


def test_the_worker_publishes_what_another_process_writes(tmp_path: Path) -> None:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_", "DATABASE"))
    }
    ours = {"PYTHONPATH": str(SOURCES), "COMITY_HOME": str(tmp_path), "COMITY_SECRET_KEY": "x" * 50}

    def comity(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", *words]
        return subprocess.run(command, env=kept | ours, capture_output=True, text=True, check=False, timeout=300)

    assert comity("comity", "migrate").returncode == 0
    status = comity("comity", "record", "status")
    assert "none yet: it is made at the first publishing" in status.stdout
    worker = subprocess.Popen([sys.executable, "-m", "comity", "worker"], env=kept | ours)
    try:
        changes = comity("comity.record.tests.working", "3")
        assert changes.returncode == 0, changes.stderr
    finally:
        worker.terminate()
        worker.wait(60)
    real, fiction = re.findall(
        r"published    ([0-9]+) of ([0-9]+) entries", comity("comity", "record", "status").stdout
    )
    assert real == ("0", "0")
    assert fiction[0] == fiction[1] != "0"
    published = comity("comity", "record", "publish")
    assert published.returncode == 0
    assert published.stdout.splitlines()[1] == f"fiction: nothing was due: {fiction[0]} entries stand published"
    (tmp_path / "keys" / "real").chmod(0o644)
    (tmp_path / "record" / "real" / "checkpoint").unlink()
    refused = comity("comity", "record", "publish")
    assert refused.stdout.startswith("real: Others on this machine may read the log's key")
    (tmp_path / "keys" / "real").chmod(0o600)
    lives = comity("comity", "record", "succeed", "localhost/record")
    assert "only a dead one is succeeded" in lives.stderr
    succeeded = comity("comity", "record", "succeed", "localhost/record", "--key-exposed")
    assert "localhost/record/2 takes its place" in succeeded.stderr, succeeded.stderr
    assert comity("comity", "record", "publish").stdout.startswith("real: 1 entries published")
    assert "succeeds     localhost/record: 0 entries (key-exposed)" in comity("comity", "record", "status").stdout
