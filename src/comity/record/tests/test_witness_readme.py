"""What the witness's README shows works as it is written, but for the addresses of this machine."""

import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from comity.record.core.notes import KeyKind, SigningKey
from comity.record.core.policies import Policy
from comity.record.tests.witnesses import PATIENCE, PROGRAM, PROGRAM_READ, Running, WitnessedLog

README = PROGRAM.with_name("README.md")
ADDRESS = "https://log.example.org/record/"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", README.read_text(), re.M | re.S)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the program in it, where ``python3`` is this one."""
    shutil.copy(PROGRAM, tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (tmp_path / "bin" / "python3").chmod(0o755)
    return tmp_path


@pytest.fixture
def published(tmp_path: Path) -> Iterator[str]:
    """The README's log, published on this machine."""
    WitnessedLog().grow(300).write(tmp_path / "public" / "record")
    served = partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path / "public"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), served) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/record/"
        server.shutdown()


def ran(desk: Path, line: str) -> str:
    surroundings = {**os.environ, "PATH": f"{desk / 'bin'}:{os.environ['PATH']}"}
    answer = subprocess.run(
        ["sh", "-c", line],
        cwd=desk,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (answer.returncode, answer.stderr) == (0, ""), (line, answer)
    return answer.stdout


def test_every_command_of_the_readme_works_in_its_order(desk: Path, published: str) -> None:
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) == 10
    said = {}
    for command in commands:
        line = command.replace(ADDRESS, published)
        said[command.split(" ", 2)[2]] = served(desk, line) if " serve " in line else ran(desk, line)
    assert said["init w1 --name witness.example.org/w1"].startswith("witness.example.org/w1+")
    assert said["show w1"].startswith(said["init w1 --name witness.example.org/w1"])
    assert said["show w1 log.example.org/record"].startswith("log.example.org/record\n300\n")
    assert said["evidence w1"] == "no log has contradicted itself before this witness\n"
    assert "entries 0 to 299 read" in said["watch w1 --all --audit"]
    assert "nothing missed" in said["watch w1 log.example.org/record --audit --subject text:abc"]


def served(desk: Path, line: str) -> str:
    """Start what serves, ask it, end it."""
    words = [sys.executable, *line.split()[1:], "--port", "0"]
    with subprocess.Popen(words, cwd=desk, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = process.stdout.readline()
        try:
            answer = Running(desk, process, said.split(" answers at ")[1].strip()).asked(WitnessedLog().request(0))
            assert (answer.status, answer.body) == (409, b"300\n")
        finally:
            process.terminate()
    return said


def test_the_policy_of_the_readme_sets_rivals_against_each_other() -> None:
    (text,) = blocks("policy")
    names = sorted(set(re.findall(r"VKEY-OF-([A-Z0-9-]+)", text)) - {"THE-LOG"})
    keys = {
        name.lower(): SigningKey(f"{name.lower()}.example.org", KeyKind.COSIGNATURE, name.encode().ljust(32)).verifier
        for name in names
    }
    text = text.replace("VKEY-OF-THE-LOG", str(WitnessedLog().key.verifier))
    for name in names:
        text = text.replace(f"VKEY-OF-{name} ", f"{keys[name.lower()]} ")
    policy = Policy.parse(text)
    monitors = [keys["monitor-1"], keys["monitor-3"]]
    assert policy.met([keys["left-2"], keys["right-1"], *monitors])
    assert not policy.met([keys["left-1"], keys["left-2"], *monitors, keys["monitor-2"]])
    assert not policy.met([keys["left-1"], keys["right-1"], keys["monitor-2"]])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd is here")
def test_the_unit_of_the_readme_is_one_that_systemd_reads(tmp_path: Path) -> None:
    (text,) = blocks("ini")
    unit = tmp_path / "witness.service"
    unit.write_text(text)
    answer = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    faults = [line for line in answer.stderr.splitlines() if "witness.service" in line]
    assert faults == []


def test_what_the_readme_says_of_limits_and_files_is_so() -> None:
    text = README.read_text()
    program = PROGRAM_READ
    assert f"at most {program.LONGEST_BODY // 1024} kB, {program.MOST_HASHES} hashes" in text
    assert f"{program.SECONDS_FOR_A_REQUEST} seconds; of more than {program.MOST_CONNECTIONS} connections" in text
    assert f"at most {program.MOST_EVIDENCE} pieces of evidence" in text
    (cron,) = blocks("cron")
    assert cron.count(" watch /srv/witness/w1 --all >/dev/null") == 1
    (caddy,) = blocks("caddy")
    assert "reverse_proxy 127.0.0.1:8090" in caddy
    parser = program._reader()
    assert parser.parse_args(["serve", "w1"]).port == 8090
    assert {"proof", "hashes", "kept", "shown", "why"} <= set(re.findall(r"`([a-z]+)`", text))
