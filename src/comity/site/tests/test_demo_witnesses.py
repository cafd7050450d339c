"""The demo's own witnesses: kept from one start to the next, done without where they fail, and never left behind."""

import contextlib
import http.client
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from comity.record.core.notes import KeyKind, SigningKey
from comity.record.core.policies import Party
from comity.record.tests.witnesses import PATIENCE, WitnessedLog, soon
from comity.site.cli import witnesses

LOG = WitnessedLog()


def answers(party: Party) -> bool:
    parts = urlsplit(party.url)
    with contextlib.closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)) as line:
        try:
            line.request("GET", "/")
            return line.getresponse().status == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Party]]:
    """Where the witnesses of a first start keep their state, and what they were, now that they have ended."""
    home = tmp_path_factory.mktemp("witnesses")
    with witnesses.answering(home, [LOG.key.verifier]) as answering:
        assert all(answers(party) for party in answering.values())
    return home, answering


@pytest.fixture
def home(first: tuple[Path, dict[str, Party]], tmp_path: Path) -> Path:
    """A copy of their state."""
    return shutil.copytree(first[0], tmp_path / "witnesses")


def test_they_answer_while_asked_to_and_are_the_same_at_the_next_start(first: tuple[Path, dict[str, Party]]) -> None:
    home, before = first
    assert list(before) == list(witnesses.NAMES)
    assert not any(answers(party) for party in before.values())
    with witnesses.answering(home, []) as answering:
        assert [party.key for party in answering.values()] == [party.key for party in before.values()]


def test_one_that_cannot_start_is_told_of_in_a_line_and_done_without(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "w2" / "key").unlink()
    with witnesses.answering(home, []) as rest:
        assert list(rest) == ["w1", "w3"]
    said = capsys.readouterr().err
    assert said.startswith("comity demo: goes on with 2 of 3 witnesses: w2 does not start (the key ")
    assert said.count("\n") == 1
    policy = witnesses.policy(rest)
    assert policy.met(party.key for party in rest.values())
    assert policy.needs([rest["w1"].key]) == ["w3"]


def test_without_the_program_nobody_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnesses, "PROGRAM", tmp_path / "nowhere.py")
    with witnesses.answering(tmp_path, [LOG.key.verifier]) as nobody:
        assert nobody == {}
    assert "goes on with 0 of 3 witnesses: w1 does not start" in capsys.readouterr().err
    assert str(witnesses.policy(nobody)) == "quorum none\n"


def test_two_of_three_must_cosign_and_all_are_in_one_hand() -> None:
    keys = [SigningKey(name, KeyKind.COSIGNATURE, name.encode().ljust(32)).verifier for name in witnesses.NAMES]
    three = dict(zip(witnesses.NAMES, map(Party, keys), strict=True))
    policy = witnesses.policy(three)
    assert policy.met(keys[1:])
    assert not policy.met(keys[:1])
    hands = {line.split(" ", 1)[1] for line in witnesses.controllers(three).splitlines()}
    assert hands == {witnesses.CONTROLLER}


HOLDS = """
import os, sys, time
from pathlib import Path
from comity.site.cli import orphans, witnesses
orphans.end_with(os.getppid())
with witnesses.answering(Path(sys.argv[1]), []) as answering:
    print(*(party.url for party in answering.values()), flush=True)
    time.sleep(600)
"""
STARTS = "import subprocess, sys; subprocess.run([sys.executable, '-c', *sys.argv[1:]])"


def test_killed_without_warning_the_demo_leaves_nothing_running(home: Path) -> None:
    """The pages' process is killed; the one behind it sees that; its witnesses see their input end."""
    words = [sys.executable, "-c", STARTS, HOLDS, str(home)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as pages:
        assert pages.stdout
        addresses = pages.stdout.readline().split()
        assert len(addresses) == len(witnesses.NAMES)
        pages.send_signal(signal.SIGKILL)
    soon(lambda: not any(answers(Party(LOG.key.verifier, address)) for address in addresses))
