"""The monitors' witness where it asks logs itself: tiles from a folder, forks, rollbacks, entries read and told."""

import base64
import contextlib
import gzip
import http.server
import io
import json
import re
import shutil
import socket
import socketserver
import sqlite3
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from comity.record import published
from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint, opened
from comity.record.core.leaf import PublicFacts, decoy_leaf, public_leaf
from comity.record.core.notes import Note, VerifierKey
from comity.record.tests.conftest import Publish
from comity.record.tests.test_publishing import FICTION, write
from comity.record.tests.witnesses import PATIENCE, PROGRAM, PROGRAM_READ, WitnessedLog, made, serving, told


@dataclass
class Place:
    """Where a log is published: a folder, its address, and what is answered instead of its files."""

    folder: Path
    address: str
    instead: dict[str, Callable[[http.server.BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    folder = tmp_path / "public"
    (folder / "record").mkdir(parents=True)

    class Served(http.server.SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def __init__(self, *words: object) -> None:
            super().__init__(*words, directory=str(folder))  # type: ignore[arg-type]

        def do_GET(self) -> None:
            found.asked.append(self.path)
            name = self.path.removeprefix("/record/")
            if answer := found.instead.get(name):
                answer(self)
            else:
                super().do_GET()

        def log_message(self, *words: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A witness that stops reading is what some tests are about; it is not told among what it says."""

    with Server(("127.0.0.1", 0), Served) as server:
        found = Place(folder / "record", f"http://127.0.0.1:{server.server_port}/record/")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()


@pytest.fixture
def log() -> WitnessedLog:
    return WitnessedLog()


@pytest.fixture
def folder(tmp_path: Path, log: WitnessedLog, place: Place) -> Path:
    made(tmp_path / "w1", log.key.verifier, url=place.address)
    return tmp_path / "w1"


def watched(folder: Path, place: Place, *words: str) -> "subprocess.CompletedProcess[str]":
    return told("watch", folder, place.address, *words)


def said(answer: "subprocess.CompletedProcess[str]", *lines: str) -> None:
    assert (answer.returncode, answer.stderr) == (0, ""), answer
    assert answer.stdout == "".join(f"{line}\n" for line in lines)


def refused(answer: "subprocess.CompletedProcess[str]", code: int, *words: str) -> None:
    assert answer.returncode == code, answer
    assert re.fullmatch(rf"{ {1: 'no', 2: 'error'}[code] }: [^\n]+\n", answer.stderr), answer
    assert all(word in answer.stderr for word in words), answer.stderr


def test_an_empty_log_is_watched_from_its_first_moment(folder: Path, place: Place, log: WitnessedLog) -> None:
    log.write(place.folder)
    said(
        watched(folder, place, "--audit"),
        "log.example.org/record: 0 entries, seen for the first time; cosigned",
        "log.example.org/record: nothing new to read, nothing missed",
    )
    log.grow(1).write(place.folder)
    said(
        told("watch", folder, "--all", "--audit"),
        "log.example.org/record: 1 entries, which continue the 0 seen before; cosigned",
        "log.example.org/record: entries 0 to 0 read (0 public, 0 closed, 1 of other forms), nothing missed",
    )


@pytest.mark.parametrize("sizes", [(1, 2, 3, 255, 256, 257, 300), (256, 512, 513), (300, 65_536, 65_537, 66_000)])
def test_what_is_published_is_proved_from_its_tiles_and_cosigned(
    folder: Path, place: Place, log: WitnessedLog, sizes: tuple[int, ...]
) -> None:
    key, before = VerifierKey.parse(told("show", folder).stdout.split("\n")[0]), 0
    for size in sizes:
        log.grow(size - before).write(place.folder)
        followed = f"which continue the {before} seen before" if before else "seen for the first time"
        said(watched(folder, place), f"{log.origin}: {size} entries, {followed}; cosigned")
        said(watched(folder, place), f"{log.origin}: {size} entries, as before; cosigned")
        note = told("show", folder, log.origin).stdout.encode()
        found = opened(note, log.key.verifier, [key])
        assert (found.checkpoint.size, [one.key for one in found.cosigned]) == (size, [key])
        before = size
    assert len(place.asked) < 30 * len(sizes)


@pytest.mark.data
def test_a_log_of_another_program_is_watched_and_read(folder: Path, place: Place, shared_data: Path) -> None:
    tessera = json.loads((shared_data / "tlog" / "tessera-log.json").read_text())
    assert told("add-log", folder, tessera["vkey"], place.address).returncode == 0
    for name, content in tessera["files"].items():
        (place.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (place.folder / name).write_bytes(base64.b64decode(content))
    for size in range(16):
        shutil.copy(place.folder / f"checkpoint.{size}", place.folder / "checkpoint")
        answer = told("watch", folder, tessera["origin"], "--audit")
        assert answer.returncode == 0, answer
        assert f": {size} entries, " in answer.stdout


def test_the_record_of_this_house_is_watched_and_read(
    check_record: Callable[[], None], publish_log: Publish, folder: Path, place: Place
) -> None:
    seen = 0
    for count in (5, 300):
        write(count)
        publish_log()
        shutil.copytree(published.folder(FICTION), place.folder, dirs_exist_ok=True)
        key = published.vkeys(FICTION)[0]
        assert told("add-log", folder, str(key), place.address).returncode == 0
        answer = told("watch", folder, key.name, "--audit", "--subject", f"text:{'b' * 16}")
        assert (answer.returncode, answer.stderr) == (0, "")
        assert f"entries {seen} to {seen + count - 1} read ({count} public, 0 closed), nothing missed" in answer.stdout
        assert f", texts: revised, text:{'b' * 16}, its number {(seen + count) // 2}\n" in answer.stdout
        seen += count
    check_record()


def test_a_vanished_partial_tile_is_found_in_the_full_one(folder: Path, place: Place, log: WitnessedLog) -> None:
    log.grow(600).write(place.folder, 300)
    said(watched(folder, place), f"{log.origin}: 300 entries, seen for the first time; cosigned")
    log.write(place.folder, 600)
    (place.folder / "checkpoint").write_bytes(log.note(500))
    for partial in place.folder.glob("tile/*/*.p"):
        if partial.with_suffix("").exists():
            shutil.rmtree(partial)
    log.write(place.folder.parent / "whole", 500)
    assert not (place.folder / "tile/0/001.p").exists()
    answer = watched(folder, place, "--audit")
    assert answer.returncode == 0, answer
    assert "entries 0 to 499 read" in answer.stdout


# --- logs that contradict themselves --------------------------------------------------------------------------------


def kept(folder: Path) -> list[dict[str, bytes]]:
    return [
        {path.name: path.read_bytes() for path in place.iterdir()} for place in sorted((folder / "evidence").iterdir())
    ]


def test_two_roots_for_one_size_are_told_and_both_notes_kept(folder: Path, place: Place, log: WitnessedLog) -> None:
    log.grow(300).write(place.folder)
    watched(folder, place)
    fork = WitnessedLog(log.origin).grow(300, "fork")
    fork.write(place.folder)
    for _time in range(2):
        refused(watched(folder, place), 1, f"{log.origin} has signed two roots for 300 entries; both notes are kept in")
    (found,) = kept(folder)
    assert opened(found["shown"], log.key.verifier).checkpoint.root == merkle.root_of(fork.hashes())
    assert opened(found["kept"], log.key.verifier).checkpoint.root == merkle.root_of(log.hashes())
    listed = told("evidence", folder)
    assert listed.returncode == 1
    assert listed.stdout.endswith("has signed two roots for 300 entries; 2 notes bear the log's signature\n")
    assert "300 entries" in told("logs", folder).stdout


def test_a_log_that_shows_fewer_entries_is_told(folder: Path, place: Place, log: WitnessedLog) -> None:
    log.grow(300).write(place.folder)
    watched(folder, place)
    (place.folder / "checkpoint").write_bytes(log.note(299))
    refused(watched(folder, place), 1, f"{log.origin} shows 299 entries after it had shown 300; both notes are kept in")
    (found,) = kept(folder)
    assert [opened(found[name], log.key.verifier).checkpoint.size for name in ("kept", "shown")] == [300, 299]


@pytest.mark.parametrize("size", [256, 300])
def test_a_rewritten_past_is_told_with_the_hashes_that_prove_it(
    folder: Path, place: Place, log: WitnessedLog, size: int
) -> None:
    log.grow(size).write(place.folder)
    watched(folder, place)
    other = WitnessedLog(log.origin, log.entries[:])
    other.entries[7] = b"what never was"
    shutil.rmtree(place.folder / "tile")
    other.grow(100).write(place.folder)
    refused(watched(folder, place), 1, f"shows {size + 100} entries that do not begin with the {size} it signed before")
    (found,) = kept(folder)
    assert found["hashes"].startswith(b"old %d\n" % size)
    assert f"{size} entries" in told("logs", folder).stdout


def test_tiles_that_are_not_under_the_root_are_told(folder: Path, place: Place, log: WitnessedLog) -> None:
    log.grow(300).write(place.folder)
    (place.folder / "checkpoint").write_bytes(WitnessedLog(log.origin).grow(300, "other").note())
    refused(watched(folder, place), 1, "the tiles of log.example.org/record do not lead to the root of its checkpoint")
    assert "nothing cosigned yet" in told("logs", folder).stdout


def test_what_it_was_asked_to_cosign_ahead_of_publication_is_no_fork(
    folder: Path, place: Place, log: WitnessedLog
) -> None:
    log.grow(300).write(place.folder, 200)
    with serving(folder) as running:
        assert running.asked(log.request(0)).status == 200
        answer = watched(folder, place)
        assert answer.returncode == 0, answer
        assert "cosigned are 300 already, which it has not published yet" in answer.stdout
        assert "cannot be read yet" in answer.stderr
        log.write(place.folder, 300)
        (place.folder / "checkpoint").write_bytes(log.note(200))
        said(watched(folder, place), f"{log.origin}: 200 entries, as before; cosigned are 300 already, which it has not"
             " published yet")  # fmt: skip
        WitnessedLog(log.origin).grow(250, "another").write(place.folder)
        refused(watched(folder, place), 1, "shows 250 entries that do not")


def test_a_log_that_shows_others_another_past_than_its_witness_is_told(
    folder: Path, place: Place, log: WitnessedLog
) -> None:
    """The split view: the log had one history cosigned, and publishes another."""
    with serving(folder) as running:
        assert running.asked(log.grow(100).request(0)).status == 200
    WitnessedLog(log.origin).grow(100, "another").write(place.folder)
    refused(watched(folder, place), 1, "has signed two roots for 100 entries")


# --- entries --------------------------------------------------------------------------------------------------------


@dataclass
class Told(WitnessedLog):
    """A log of Comity's own entries."""

    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    def act(self, subject: str, kind: str = "texts.adopted", skip: int = 0, prev: str | None = None) -> "Told":
        number, before = self.heads.get(subject, (0, ""))
        number += 1 + skip
        facts = PublicFacts(kind, "2026-04-18T17:12:58Z", "org:aaaabbbbccccdddd", subject, number, prev or before)
        self.entries.append(public_leaf(facts, {}))
        self.heads[subject] = number, merkle.leaf_hash(self.entries[-1]).hex()
        return self


def test_new_entries_are_told_in_words_once(folder: Path, place: Place) -> None:
    log = Told().act("text:abc").act("party:def", "registry.name_given").act("text:abc", "texts.note_kept")
    log.entries.append(decoy_leaf())
    log.write(place.folder)
    answer = watched(folder, place, "--audit")
    said(
        answer,
        "log.example.org/record: 4 entries, seen for the first time; cosigned",
        "entry 0: 2026-04-18 17:12:58 UTC, texts: adopted, text:abc, its number 1",
        "entry 1: 2026-04-18 17:12:58 UTC, registry: name given, party:def, its number 1",
        "entry 2: 2026-04-18 17:12:58 UTC, texts: note kept, text:abc, its number 2",
        "log.example.org/record: entries 0 to 3 read (3 public, 1 closed), nothing missed",
    )
    log.act("text:abc").act("party:def").write(place.folder)
    said(
        watched(folder, place, "--audit", "--subject", "party:def"),
        "log.example.org/record: 6 entries, which continue the 4 seen before; cosigned",
        "entry 5: 2026-04-18 17:12:58 UTC, texts: adopted, party:def, its number 2",
        "log.example.org/record: entries 4 to 5 read (2 public, 0 closed), nothing missed",
    )


def test_a_gap_in_the_history_of_one_text_is_told(folder: Path, place: Place) -> None:
    log = Told().act("text:abc").act("text:abc", skip=1).act("text:def", prev="0" * 64).act("text:abc")
    log.write(place.folder)
    answer = watched(folder, place, "--audit")
    assert answer.returncode == 1
    first, second = answer.stderr.strip().split("\n")
    assert "entry 1 (text:abc): is number 3 of its subject, and the one before is number 1" in first
    assert "entry 2 (text:def): names another entry before it than number 0 of its subject" in second
    assert len(kept(folder)) == 2
    assert "1 note bears the log's signature" in told("evidence", folder).stdout
    log.act("text:abc").write(place.folder)
    assert watched(folder, place, "--audit").returncode == 0


def test_what_is_wrong_is_told_before_the_reading_counts_as_done(folder: Path, place: Place) -> None:
    log = Told().act("text:abc", skip=1)
    log.write(place.folder)
    assert told("watch", folder, place.address).returncode == 0
    with contextlib.closing(PROGRAM_READ.Audit(folder)) as audit:
        source = PROGRAM_READ.Source(place.address, PATIENCE, PATIENCE)
        seen = PROGRAM_READ.Head(log.origin, 1, merkle.root_of(log.hashes()))

        def killed(fault: str) -> None:
            raise InterruptedError(fault)

        with pytest.raises(InterruptedError, match="entry 0"):
            audit.read(seen, PROGRAM_READ.Published(source, 1), (), io.BytesIO(), killed)
    assert watched(folder, place, "--audit").returncode == 1


def test_of_many_wrong_entries_the_first_are_told_and_all_are_counted(folder: Path, place: Place) -> None:
    log = Told()
    for number in range(PROGRAM_READ.MOST_FAULTS + 30):
        log.act(f"text:t{number}", skip=1)
    log.write(place.folder)
    answer = watched(folder, place, "--audit")
    *each, last = answer.stderr.strip().split("\n")
    assert (answer.returncode, len(each)) == (1, PROGRAM_READ.MOST_FAULTS)
    assert last.endswith("130 entries are wrong, of which these are the first")


@pytest.mark.parametrize("number", ["0", "-1", "9223372036854775808", "1" * 5000, "true", "1.0"])
def test_an_entry_whose_number_none_can_have_is_of_another_form(folder: Path, place: Place, number: str) -> None:
    log = Told().act("text:abc")
    log.entries[0] = log.entries[0].replace(b'"subject_seq":1', f'"subject_seq":{number}'.encode())
    log.write(place.folder)
    assert "entries 0 to 0 read (0 public, 0 closed, 1 of other forms)" in watched(folder, place, "--audit").stdout


def test_where_nothing_is_new_no_entry_is_fetched(folder: Path, place: Place, log: WitnessedLog) -> None:
    log.grow(300).write(place.folder)
    assert watched(folder, place, "--audit").returncode == 0
    place.asked.clear()
    assert "nothing new to read, nothing missed" in watched(folder, place, "--audit").stdout
    assert place.asked == ["/record/checkpoint"]


@pytest.mark.parametrize(
    ("altered", "why"),
    [
        (("tile/entries/000", 3), "entry 0 of log.example.org/record is not the one whose hash stands in its tile"),
        (("tile/0/001.p/44", 5), "entry 256 of log.example.org/record is not the one whose hash stands in its tile"),
        (("tile/entries/001.p/44", 0), "is not a bundle of 44: it breaks off in entry 0"),
    ],
)
def test_an_altered_file_is_told_by_the_entry(
    folder: Path, place: Place, log: WitnessedLog, altered: tuple[str, int], why: str
) -> None:
    file, place_in = altered
    log.grow(300).write(place.folder)
    assert watched(folder, place).returncode == 0
    content = bytearray((place.folder / file).read_bytes())
    content[place_in] ^= 1 if place_in else 255
    (place.folder / file).write_bytes(content)
    answer = watched(folder, place, "--audit")
    assert answer.returncode == (2 if "bundle" in why else 1)
    assert why in answer.stderr
    content[place_in] ^= 1 if place_in else 255
    (place.folder / file).write_bytes(content)
    assert "entries 0 to 299 read" in watched(folder, place, "--audit").stdout


def test_entries_and_tile_altered_together_do_not_lead_to_the_root(
    folder: Path, place: Place, log: WitnessedLog
) -> None:
    log.grow(300).write(place.folder)
    assert watched(folder, place).returncode == 0
    note = (place.folder / "checkpoint").read_bytes()
    log.entries[5] = b"what never was"
    log.write(place.folder)
    (place.folder / "checkpoint").write_bytes(note)
    refused(watched(folder, place, "--audit"), 1, "do not lead to the root of its checkpoint")


def test_a_reading_that_is_broken_off_begins_again_and_misses_nothing(folder: Path, place: Place) -> None:
    log = Told()
    for number in range(600):
        log.act(f"text:t{number}")
    log.write(place.folder)
    place.instead["tile/entries/001"] = lambda handler: handler.send_error(500)
    broken = watched(folder, place, "--audit")
    refused(broken, 2, "tile/entries/001 is answered with 500")
    assert "entry 0" not in broken.stdout
    del place.instead["tile/entries/001"]
    answer = watched(folder, place, "--audit")
    assert re.findall(r"^entry (\d+):", answer.stdout, re.M) == [str(number) for number in range(600)]
    assert answer.stdout.endswith("entries 0 to 599 read (600 public, 0 closed), nothing missed\n")


def test_killed_in_the_middle_of_a_reading_it_begins_again(folder: Path, place: Place, log: WitnessedLog) -> None:
    log.grow(600).write(place.folder)
    reached, go_on = threading.Event(), threading.Event()

    def held(handler: http.server.BaseHTTPRequestHandler) -> None:
        reached.set()
        go_on.wait(PATIENCE)
        handler.close_connection = True

    place.instead["tile/entries/002.p/88"] = held
    process = subprocess.Popen([sys.executable, PROGRAM, "watch", folder, place.address, "--audit"])
    assert reached.wait(PATIENCE)
    process.kill()
    process.wait(PATIENCE)
    go_on.set()
    del place.instead["tile/entries/002.p/88"]
    assert "entries 0 to 599 read" in watched(folder, place, "--audit").stdout


def test_whoever_hears_only_the_beginning_is_told_again(folder: Path, place: Place) -> None:
    log = Told()
    for number in range(3000):
        log.act(f"text:t{number}")
    log.write(place.folder)
    process = subprocess.Popen(
        [sys.executable, PROGRAM, "watch", folder, place.address, "--audit"], stdout=subprocess.PIPE
    )
    assert process.stdout
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(PATIENCE) == 2
    assert "entry 0:" in watched(folder, place, "--audit").stdout


# --- hostile places -------------------------------------------------------------------------------------------------


def sent(body: bytes, status: int = 200, **fields: str) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    def send(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **fields}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        with contextlib.suppress(OSError):
            handler.wfile.write(body)

    return send


@pytest.mark.parametrize(
    ("instead", "why"),
    [
        (sent(b"x" * 1_000_000), "is longer than 65536 bytes"),
        (sent(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"), "is longer than 65536 bytes"),
        (sent(b"no gzip", Content_Encoding="gzip"), "it is not gzip as it says"),
        (sent(b"nonsense"), "is no checkpoint of log.example.org/record"),
        (sent(b"", 302, Location="http://elsewhere.example.org/"), "is answered with 302, and leads to 'http://else"),
        (sent(b"", 503), "is answered with 503"),
        (sent(b"", 404), "checkpoint is not there"),
        (lambda handler: handler.wfile.write(b"\x00\x1b[31mnonsense\r\n\r\n"), "cannot be had"),
        (lambda handler: handler.connection.shutdown(socket.SHUT_RDWR), "cannot be had"),
    ],
)
def test_what_is_no_checkpoint_is_told_in_one_line(
    folder: Path,
    place: Place,
    log: WitnessedLog,
    instead: Callable[[http.server.BaseHTTPRequestHandler], None],
    why: str,
) -> None:
    log.grow(3).write(place.folder)
    place.instead["checkpoint"] = instead
    answer = watched(folder, place)
    refused(answer, 2, why)
    assert "\x1b" not in answer.stderr
    del place.instead["checkpoint"]
    assert watched(folder, place).returncode == 0


def test_zipped_files_are_read(folder: Path, place: Place, log: WitnessedLog) -> None:
    log.grow(300).write(place.folder)
    for name in ("checkpoint", "tile/0/000", "tile/entries/000", "tile/entries/001.p/44"):
        zipped = gzip.compress((place.folder / name).read_bytes())
        place.instead[name] = sent(zipped, Content_Encoding="gzip")
    assert "entries 0 to 299 read" in watched(folder, place, "--audit").stdout


def test_a_checkpoint_of_another_log_or_another_key_is_no_checkpoint(
    folder: Path, place: Place, log: WitnessedLog
) -> None:
    WitnessedLog("other.example.org/record").grow(3).write(place.folder)
    refused(watched(folder, place), 2, "it is of another log, other.example.org/record")
    text = Checkpoint(log.origin, 0, merkle.EMPTY_ROOT).body()
    stranger = WitnessedLog("stranger.example.org").key
    (place.folder / "checkpoint").write_bytes(bytes(Note(text, [stranger.sign(text)])))
    refused(watched(folder, place), 2, "no key that is trusted for this origin has signed the checkpoint")


def test_a_place_that_speaks_by_drops_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file has sixty seconds; the test gives it two."""

    class Dripping(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1000)
            with contextlib.suppress(OSError):
                while True:
                    self.request.sendall(b"HTTP/1.1 200 OK\r\nX: "[:1])
                    time.sleep(0.1)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dripping) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        log = WitnessedLog("dripping.example.org")
        assert told("add-log", folder, str(log.key.verifier), url).returncode == 0
        monkeypatch.setattr(PROGRAM_READ, "SECONDS_FOR_A_FILE", 2)
        answer = told("watch", folder, url)
        refused(answer, 2, "cannot be had")
        server.shutdown()


def test_each_error_of_watching_is_one_line(folder: Path, place: Place) -> None:
    refused(told("watch", folder), 2, "name one log by its URL or its origin, or all with --all")
    refused(told("watch", folder, place.address, "--all"), 2, "name one log")
    refused(told("watch", folder, "https://nobody.example.org/"), 2, "add it with add-log FOLDER VKEY https://no")
    refused(watched(folder, place), 2, "checkpoint is not there")
    refused(watched(folder, place, "--subject", "text:abc"), 2, "add --audit")
    for never in ("0", "-1", "nan", "inf"):
        refused(watched(folder, place, "--every", never), 2, "say how many seconds, like --every 60")


def test_going_on_it_ends_when_a_log_contradicts_itself(folder: Path, place: Place, log: WitnessedLog) -> None:
    log.grow(10).write(place.folder)
    process = subprocess.Popen(
        [sys.executable, PROGRAM, "watch", folder, "--all", "--every", "0.2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert "10 entries, seen for the first time" in process.stdout.readline()
    place.instead["checkpoint"] = sent(b"", 503)
    time.sleep(0.5)
    del place.instead["checkpoint"]
    log.grow(10).write(place.folder)
    while "20 entries" not in process.stdout.readline():
        pass
    (place.folder / "checkpoint").write_bytes(log.note(10))
    _out, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "is answered with 503" in errors
    assert "shows 10 entries after it had shown 20" in errors


# --- a store put back -----------------------------------------------------------------------------------------------


def test_a_folder_put_back_is_found_out_by_what_the_log_publishes(
    folder: Path, place: Place, log: WitnessedLog, tmp_path: Path
) -> None:
    log.grow(10).write(place.folder)
    watched(folder, place)
    shutil.copytree(folder, tmp_path / "backup")
    log.grow(10).write(place.folder)
    with sqlite3.connect(folder / "witness.sqlite3") as store:
        store.execute("UPDATE said SET value = value + 1 WHERE name = 'time'")
    watched(folder, place)
    (place.folder / "checkpoint").write_bytes(told("show", folder, log.origin).stdout.encode())
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    refused(told("serve", folder, "--port", "0"), 2, "it cosigned 20 entries of log.example.org/record on", "init")
    refused(watched(folder, place), 2, "it cosigned 20 entries")


def test_a_log_that_cannot_be_asked_keeps_a_witness_from_nothing(folder: Path, log: WitnessedLog) -> None:
    dead = WitnessedLog("dead.example.org").key.verifier
    assert told("add-log", folder, str(dead), "http://127.0.0.1:9/record").returncode == 0
    with serving(folder) as running:
        assert running.asked(log.grow(1).request(0)).status == 200
    said_then = folder.with_name("w1.stderr").read_text()
    assert "note: whether dead.example.org knows of later cosignatures could not be asked" in said_then


def test_bundles_are_read_as_they_are_written() -> None:
    """An entry of no bytes, and one of the most that there can be."""
    entries = [b"", b"x" * 65_535]
    bundle = b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)
    assert PROGRAM_READ.unbundled(bundle, 2) == entries
    for cut in (bundle[:-1], bundle[:1], b""):
        with pytest.raises(PROGRAM_READ.Malformed, match="breaks off"):
            PROGRAM_READ.unbundled(cut, 2)
    with pytest.raises(PROGRAM_READ.Malformed, match="goes on after its 1"):
        PROGRAM_READ.unbundled(bundle, 1)
