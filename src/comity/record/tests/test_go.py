"""Another's verifier judges our logs: Go's sumdb packages, as Debian ships them, read what our tiles say."""

import base64
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from comity.record.core.checkpoints import Checkpoint
from comity.record.core.notes import Note
from comity.record.tests.built import LOG, TIME, WITNESSES, BuiltLog, write

SOURCE = Path(__file__).with_name("go") / "main.go"
PACKAGES = Path("/usr/share/gocode")
"""Where golang-golang-x-mod-dev lays its source."""
SIZES = [1, 255, 256, 257, 70_000]
Folder = Path


@dataclass(frozen=True)
class Said:
    """What the verifier said, and whether that was yes."""

    holds: bool
    words: str


Verify = Callable[[Folder, int], Said]


@pytest.fixture(scope="module")
def verify(tmp_path_factory: pytest.TempPathFactory) -> Verify:
    """The verifier, built from its source."""
    go = shutil.which("go")
    if go is None or not (PACKAGES / "src/golang.org/x/mod/sumdb").is_dir():
        pytest.skip("Go is not installed here: apt-get install golang-go golang-golang-x-mod-dev")
    built = tmp_path_factory.mktemp("go") / "verify"
    offline = {"GOPATH": str(PACKAGES), "GO111MODULE": "off", "GOPROXY": "off", "CGO_ENABLED": "0"}
    environment = {**os.environ, **offline, "GOCACHE": str(built.parent / "cache")}
    subprocess.run([go, "build", "-o", str(built), str(SOURCE)], env=environment, check=True, timeout=300)

    def said(folder: Folder, index: int) -> Said:
        ran = subprocess.run([built, folder, str(index)], capture_output=True, text=True, check=False, timeout=60)
        assert ran.stderr == ""
        return Said(ran.returncode == 0, ran.stdout.strip())

    return said


def entries(count: int) -> list[bytes]:
    return [b'{"commit":"%064x","v":1}' % number for number in range(count)]


def laid(folder: Path, log: BuiltLog) -> Path:
    """A log in a folder, with the keys of the log and of one witness."""
    keys = f"{LOG.verifier}\n{WITNESSES[0].verifier}\n".encode()
    write(folder, {**log.files, "checkpoint": log.checkpoint(witnesses=1), "vkeys": keys})
    return folder


@pytest.mark.parametrize("size", SIZES)
def test_go_says_yes_to_our_logs(size: int, verify: Verify, tmp_path: Path) -> None:
    log = BuiltLog(entries(size))
    for step in (1, 200, 256, 300, 65_536, size):
        if log.size < step <= size:
            log.grow(step)
    folder = laid(tmp_path, log)
    for index in {0, size // 2, size - 1}:
        said = verify(folder, index)
        assert said.holds, said.words
        path = len(log.tree().inclusion(index))
        assert said.words == f"yes, {LOG.name}, {size} entries, witnesses: 1, entry {index} by {path} hashes"
    assert not verify(folder, size).holds


def flipped(path: Path, at: int = 40) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def lengthened(path: Path) -> None:
    path.write_bytes(path.read_bytes() + bytes(2))


def swapped(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))


def rolled_back(folder: Path) -> None:
    """The head of a smaller size under the signatures of the larger one."""
    lines = (folder / "checkpoint").read_bytes().split(b"\n\n")[1]
    smaller = BuiltLog(entries(250))
    smaller.grow(250)
    body = Checkpoint(LOG.name, 250, smaller.tree().root()).body()
    (folder / "checkpoint").write_bytes(body + b"\n" + lines)


def signed_by_the_log_alone(folder: Path) -> None:
    body = Note.parse((folder / "checkpoint").read_bytes()).text
    (folder / "checkpoint").write_bytes(bytes(Note(body, [LOG.sign(body)])))


def cosigned_at_another_time(folder: Path) -> None:
    body = Note.parse((folder / "checkpoint").read_bytes()).text
    made = WITNESSES[0].sign(body, time=TIME)
    later = (TIME + 1).to_bytes(8, "big") + made.value[8:]
    swapped(folder / "checkpoint", base64.b64encode(made.key_id + made.value), base64.b64encode(made.key_id + later))


TAMPERINGS: dict[str, Callable[[Path], None]] = {
    "a bit of a tile": lambda folder: flipped(folder / "tile/0/000"),
    "a bit of a tile above": lambda folder: flipped(folder / "tile/1/000.p/1", 31),
    "another entry": lambda folder: swapped(folder / "tile/entries/000", b"%064x" % 7, b"%064x" % 8),
    "another size": lambda folder: swapped(folder / "checkpoint", b"\n300\n", b"\n301\n"),
    "an earlier head under later signatures": rolled_back,
    "another key of the log": lambda folder: swapped(folder / "vkeys", b"+", b"x+"),
    "a cosignature of another time": cosigned_at_another_time,
    "no witness": signed_by_the_log_alone,
    "a tile that is gone": lambda folder: (folder / "tile/0/001.p/44").unlink(),
    "a bundle that goes on": lambda folder: lengthened(folder / "tile/entries/001.p/44"),
}


@pytest.mark.parametrize("tampered", TAMPERINGS)
def test_go_says_no_to_what_was_tampered_with(tampered: str, verify: Verify, tmp_path: Path) -> None:
    log = BuiltLog(entries(300))
    log.grow(300)
    folder = laid(tmp_path, log)
    assert verify(folder, 7).holds
    TAMPERINGS[tampered](folder)
    said = verify(folder, 7)
    assert not said.holds, said.words
    assert said.words.startswith("no: ")
