"""The monitors' witness as logs meet it: a real process asked over HTTP, judged by the product's reading of notes."""

import ast
import base64
import contextlib
import hashlib
import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint, opened
from comity.record.core.notes import KeyKind, Note, SigningKey, VerifierKey, signature_lines
from comity.record.tests.witnesses import (
    PATIENCE,
    PROGRAM,
    PROGRAM_READ,
    Answered,
    Running,
    WitnessedLog,
    asking,
    commanded,
    made,
    serving,
    soon,
    told,
)

STRANGER = SigningKey("log.example.org/record", KeyKind.NOTE, b"s" * 32)


@pytest.fixture
def log() -> WitnessedLog:
    return WitnessedLog().grow(300)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "w1"


@pytest.fixture
def witness(folder: Path, log: WitnessedLog) -> Iterator[Running]:
    made(folder, log.key.verifier)
    with serving(folder) as running:
        yield running


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A witness for many tests that change nothing of what it has seen."""
    folder = tmp_path_factory.mktemp("standing") / "w1"
    made(folder, WitnessedLog().key.verifier)
    with serving(folder) as running:
        yield running


def key_of(running: Running) -> VerifierKey:
    return VerifierKey.parse(told("show", running.folder).stdout.split("\n")[0])


def secret_of(folder: Path) -> SigningKey:
    name, _id, raw = (folder / "key").read_text().strip().removeprefix("PRIVATE+KEY+").split("+", 2)
    return SigningKey(name, KeyKind.COSIGNATURE, base64.b64decode(raw)[1:])


def last(running: Running, log: WitnessedLog) -> Answered:
    return running.read(f"/{hashlib.sha256(log.origin.encode()).hexdigest()}/checkpoint")


# --- what is answered -----------------------------------------------------------------------------------------------


def test_a_cosignature_is_byte_for_byte_that_of_the_product(witness: Running, log: WitnessedLog) -> None:
    before = int(time.time())
    answer = witness.asked(log.request(0))
    assert (answer.status, answer.kind) == (200, "text/plain; charset=utf-8")
    (line,) = signature_lines(answer.body.decode())
    note = Note.parse(log.note() + answer.body)
    (signed,) = note.opened([key_of(witness)])
    assert before <= signed.time <= int(time.time())
    assert line == secret_of(witness.folder).sign(note.text, time=signed.time)
    assert last(witness, log) == Answered(200, log.note() + answer.body, "text/plain; charset=utf-8")
    assert opened(log.note() + answer.body, log.key.verifier, [key_of(witness)]).cosigned == (signed,)


def test_a_log_grows_step_by_step_and_may_ask_again(witness: Running, log: WitnessedLog) -> None:
    seen = 0
    for size in (0, 1, 2, 3, 4, 64, 65, 255, 256, 257, 257, 300):
        assert witness.asked(log.request(seen, size)).status == 200, size
        assert Checkpoint.of(Note.parse(last(witness, log).body)).size == size
        seen = size
    assert (witness.folder / "evidence").exists() is False


@pytest.mark.data
def test_every_status_of_the_table_is_answered(witness: Running, log: WitnessedLog, shared_data: Path) -> None:
    table = json.loads((shared_data / "tlog" / "formats-vectors.json").read_text())["witness_http"]["status"]
    assert witness.asked(log.request(0, 200)).status == 200
    other = WitnessedLog(log.origin).grow(200, "another")
    unknown = WitnessedLog("unknown.example.org/record").grow(1)
    false = Note.parse(log.note()).text + b"\n" + log.key.sign(b"another text\n").line().encode()
    empty = log.signed(Checkpoint(log.origin, 0, merkle.leaf_hash(b"")).body())
    fresh = WitnessedLog("fresh.example.org/record")
    told("add-log", witness.folder, str(fresh.key.verifier))
    fresh_empty = fresh.signed(Checkpoint(fresh.origin, 0, merkle.leaf_hash(b"")).body())
    asked: dict[str, list[bytes]] = {
        "unknown origin": [unknown.request(0)],
        "no trusted signature, or trusted signature fails": [
            asking(200, [], bytes(Note(Note.parse(log.note()).text, [STRANGER.sign(Note.parse(log.note()).text)]))),
            asking(200, [], false),
        ],
        "old > checkpoint size": [asking(201, [], log.note(200)), asking(1, [], empty)],
        'old != recorded size; body "<size>\\n", Content-Type text/x.tlog.size': [
            log.request(0),
            log.request(199),
            log.request(250),
            asking(0, [], log.note(100)),
        ],
        "old==size but root differs": [asking(200, [], other.note())],
        "old==0 with non-empty proof, or proof fails": [
            asking(200, [], log.note()),
            asking(200, merkle.consistency_proof(log.hashes(), 200)[:-1], log.note()),
            asking(200, [*merkle.consistency_proof(log.hashes(), 200), bytes(32)], log.note()),
            asking(200, merkle.consistency_proof(log.hashes(), 199), log.note()),
            asking(200, [bytes(32)], log.note(200)),
            asking(0, [bytes(32)], fresh.grow(3).note()),
        ],
        'size 0 root != SHA-256("")': [asking(0, [], fresh_empty)],
        "ok": [log.request(200)],
    }
    assert {name for name, _status in table} == set(asked)
    for name, status in table:
        for body in asked[name]:
            answer = witness.asked(body)
            assert (answer.status, answer.kind == "text/x.tlog.size") == (status, status == 409), (name, answer)
            assert answer.body == b"200\n" if status == 409 else answer.body.count(b"\n") == 1


MALFORMED = {
    "nothing": b"",
    "no checkpoint": b"old 0\n",
    "no old": b"\nlog\n",
    "a sign": b"old +5\n\n%s",
    "a leading zero": b"old 05\n\n%s",
    "a large number": b"old 9223372036854775808\n\n%s",
    "a tab": b"old\t0\n\n%s",
    "two spaces": b"old  0\n\n%s",
    "CRLF": b"old 0\r\n\r\n%s",
    "other digits": "old ٣\n\n%s".encode(),
    "31 bytes": b"old 0\n" + base64.b64encode(bytes(31)) + b"\n\n%s",
    "33 bytes": b"old 0\n" + base64.b64encode(bytes(33)) + b"\n\n%s",
    "base64 that is not canonical": b"old 0\n" + base64.b64encode(bytes(32))[:-2] + b"B=\n\n%s",
    "hex": b"old 0\n" + bytes(32).hex().encode() + b"\n\n%s",
    "64 hashes": b"old 0\n" + (base64.b64encode(bytes(32)) + b"\n") * 64 + b"\n%s",
    "an empty line more": b"old 0\n\n\n%s",
    "a byte more": b"old 0\n\n%s\x00",
    "no last newline": b"old 0\n\n%s ",
    "not UTF-8": b"old 0\n\n\xff%s",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_body_is_refused_with_the_reason(standing: Running, log: WitnessedLog, name: str) -> None:
    answer = standing.asked(MALFORMED[name].replace(b"%s", log.note()))
    assert answer.status == 400, answer
    assert re.fullmatch(rb"[a-z0-9][^\n]{10,}\n", answer.body), answer
    assert last(standing, log).status == 404


@pytest.mark.parametrize(
    "text",
    [
        b"log.example.org/record\n1\n",
        b"log.example.org/record\n01\n%s\n",
        b"log.example.org/record\n-1\n%s\n",
        b"log.example.org/record\n1\nAAAA\n",
        b"log.example.org/record\n1\n%s\n\nmore\n",
        b"log.example.org/record\r\n1\n%s\n",
        b"\n1\n%s\n",
    ],
)
def test_a_malformed_checkpoint_is_refused_even_when_the_log_has_signed_it(
    standing: Running, log: WitnessedLog, text: bytes
) -> None:
    note = log.signed(text.replace(b"%s", base64.b64encode(bytes(32))))
    assert standing.asked(asking(0, [], note)).status == 400


def test_other_lines_and_further_text_are_carried_and_only_known_lines_kept(
    witness: Running, log: WitnessedLog
) -> None:
    text = Checkpoint(log.origin, 300, merkle.root_of(log.hashes()), ("a further line",)).body()
    unknown = [SigningKey(f"other{number}.example.org", KeyKind.NOTE, b"o" * 32).sign(text) for number in range(20)]
    answer = witness.asked(asking(0, [], log.signed(text, *unknown)))
    assert answer.status == 200
    kept = Note.parse(last(witness, log).body)
    assert kept.text == text
    assert [line.name for line in kept.signatures] == [log.origin, "witness.example.org/w1"]
    kept.opened([key_of(witness)])


def test_a_second_key_of_a_log_is_trusted_beside_the_first(witness: Running, log: WitnessedLog) -> None:
    later = SigningKey(log.origin, KeyKind.NOTE, b"l" * 32)
    text = Note.parse(log.note()).text
    body = asking(0, [], bytes(Note(text, [later.sign(text)])))
    assert witness.asked(body).status == 403
    assert told("add-log", witness.folder, str(later.verifier)).returncode == 0
    assert witness.asked(body).status == 200


def test_it_tells_in_words_what_it_is_and_what_it_saw(witness: Running, log: WitnessedLog) -> None:
    witness.asked(log.request(0))
    page = witness.read("/")
    assert page.kind == "text/html; charset=utf-8"
    words = page.body.decode()
    assert "It does not say that what the log holds is true, fair or freely decided." in words
    assert str(key_of(witness)) in words.replace("&#x27;", "'")
    assert f">{log.origin}</a>: 300 entries" in words
    assert re.search(r'<a href="([0-9a-f]{64}/checkpoint)"', words)
    assert witness.asked(b"", "/", "HEAD") == Answered(200, b"", page.kind)
    assert witness.read("/nothing").status == 404
    assert witness.asked(b"x", "/", "POST").status == 405
    assert witness.read("/add-checkpoint").status == 405
    assert told("logs", witness.folder).stdout.startswith(f"{log.origin}: 300 entries, cosigned 20")
    assert told("show", witness.folder, log.origin).stdout.encode() == last(witness, log).body


# --- one history ----------------------------------------------------------------------------------------------------


def test_of_fifty_requests_at_once_one_history_is_cosigned(witness: Running) -> None:
    log = WitnessedLog("fork.example.org/record").grow(10)
    told("add-log", witness.folder, str(log.key.verifier))
    assert witness.asked(log.request(0)).status == 200
    branches = [WitnessedLog(log.origin, log.entries[:]).grow(5, f"branch {number}") for number in range(50)]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda branch: witness.asked(branch.request(10)), branches))
    assert [answer.status for answer in answers].count(200) == 1
    assert {answer.status for answer in answers} == {200, 409}
    won = next(branch for branch, answer in zip(branches, answers, strict=True) if answer.status == 200)
    assert Checkpoint.of(Note.parse(last(witness, log).body)).root == merkle.root_of(won.hashes())
    assert len(list((witness.folder / "evidence").iterdir())) == 49


def test_requests_at_once_never_take_a_log_back(witness: Running, log: WitnessedLog) -> None:
    """Each asks from where the witness says that it is, as logs do that do not know of each other."""

    def asked(size: int) -> list[int]:
        old = 0
        sizes: list[int] = []
        while old <= size:
            answer = witness.asked(log.request(old, size))
            if answer.status == 200:
                return [*sizes, size]
            assert answer.status == 409
            old = int(answer.body)
            sizes.append(old)
        return sizes

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(asked, range(1, 301, 6)))
    assert all(sizes == sorted(sizes) for sizes in found)
    assert Checkpoint.of(Note.parse(last(witness, log).body)).size == 295
    times = told("show", witness.folder).stdout
    assert re.search(r"\n1 logs?, \d+ cosignatures", times)


def test_two_processes_on_one_store_still_cosign_one_history(folder: Path, log: WitnessedLog) -> None:
    made(folder, log.key.verifier)
    with serving(folder) as first, serving(folder) as second, ThreadPoolExecutor(8) as pool:
        for step in range(10):
            grown = [WitnessedLog(log.origin, log.entries[:]).grow(1, f"{step} {number}") for number in range(8)]
            asked = [(first, second)[number % 2] for number in range(8)]
            old = step and len(log.entries)
            answers = list(pool.map(lambda branch, running, old=old: running.asked(branch.request(old)), grown, asked))
            assert sorted({answer.status for answer in answers}) == [200, 409]
            (won,) = [branch for branch, answer in zip(grown, answers, strict=True) if answer.status == 200]
            log.entries = won.entries


def test_a_fork_is_refused_and_both_notes_are_kept(witness: Running, log: WitnessedLog) -> None:
    witness.asked(log.request(0, 200))
    fork, shorter = WitnessedLog(log.origin).grow(200, "fork"), WitnessedLog(log.origin).grow(290, "fork")
    assert witness.asked(asking(200, [], fork.note())).status == 422
    assert witness.asked(asking(200, [], fork.note())).status == 422
    assert witness.asked(asking(200, merkle.consistency_proof(shorter.hashes(), 200), shorter.note())).status == 422
    listed = told("evidence", witness.folder)
    assert listed.returncode == 1
    assert f"{log.origin} has signed two roots for 200 entries" in listed.stdout
    assert f"{log.origin} has signed 290 entries that do not begin with the 200 it signed before" in listed.stdout
    places = sorted((witness.folder / "evidence").iterdir())
    assert len(places) == 2
    for place in places:
        kept = opened((place / "kept").read_bytes(), log.key.verifier, [key_of(witness)])
        shown = opened((place / "shown").read_bytes(), log.key.verifier)
        assert kept.checkpoint.size == 200
        assert shown.checkpoint.root in {merkle.root_of(fork.hashes()), merkle.root_of(shorter.hashes())}
    assert witness.asked(log.request(200)).status == 200


def test_a_proof_that_anybody_can_make_up_is_no_evidence(witness: Running, log: WitnessedLog) -> None:
    witness.asked(log.request(0, 200))
    assert witness.asked(asking(200, [bytes(32)] * 5, log.note())).status == 422
    assert told("evidence", witness.folder).stdout == "no log has contradicted itself before this witness\n"


def test_what_is_not_kept_is_not_said_to_be(witness: Running, log: WitnessedLog) -> None:
    """Where all the evidence that there may be lies there already, what is found besides is told all the same."""
    witness.asked(log.request(0, 200))
    for number in range(PROGRAM_READ.MOST_EVIDENCE):
        (witness.folder / "evidence" / str(number)).mkdir(parents=True)
    assert witness.asked(asking(200, [], WitnessedLog(log.origin).grow(200, "fork").note())).status == 422
    said = witness.folder.with_name("w1.stderr").read_text()
    assert said.startswith(f"no: {log.origin} has signed two roots for 200 entries; what shows it could not be kept: ")
    assert "holds 200 pieces already, the most there may be: move them away" in said


def test_it_ends_with_its_input_where_a_program_has_started_it(folder: Path) -> None:
    made(folder)
    words = [sys.executable, str(PROGRAM), "serve", str(folder), "--port", "0", "--until-eof"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        assert b" answers at " in process.stdout.readline()
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
    with open(os.devnull) as nothing:
        answer = subprocess.run(words, stdin=nothing, capture_output=True, text=True, check=False, timeout=PATIENCE)
    one_line(answer, "--until-eof needs a pipe")


KILLED = """
import os, signal, sys
sys.path.insert(0, {folder!r})
import comity_witness as program
answered = program.Witness.answers
def killed(self, bodies, now):
    found = answered(self, bodies, now)
    if any(answer.status == 200 for answer in found):
        os.kill(os.getpid(), signal.SIGKILL)
    return found
kept = program.Store.keep
def killed_before(self, *words):
    kept(self, *words)
    os.kill(os.getpid(), signal.SIGKILL)
{which}
sys.exit(program.main(sys.argv[1:]))
"""
AFTER, BEFORE = "program.Witness.answers = killed", "program.Store.keep = killed_before"


@pytest.mark.parametrize(("which", "size"), [(AFTER, 10), (BEFORE, 0)])
def test_killed_around_storing_it_forgets_nothing_that_it_answered(
    folder: Path, log: WitnessedLog, which: str, size: int
) -> None:
    key = made(folder, log.key.verifier)
    program = ("-c", KILLED.format(folder=str(PROGRAM.parent), which=which))
    with serving(folder, program=program) as running:
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            running.asked(log.request(0, 10))
        assert running.process.wait(PATIENCE) == -signal.SIGKILL
    with serving(folder) as running:
        answer = running.asked(log.request(5, 20))
        assert (answer.status, answer.body) == (409, b"%d\n" % size)
        assert running.asked(log.request(size, 20)).status == 200
        Note.parse(last(running, log).body).opened([key])


def test_the_time_of_a_cosignature_never_goes_back(folder: Path, log: WitnessedLog) -> None:
    made(folder, log.key.verifier)
    ahead = int(time.time()) + 200
    with sqlite3.connect(folder / "witness.sqlite3") as store:
        store.execute("INSERT OR REPLACE INTO said VALUES ('time', ?)", (str(ahead),))
    with serving(folder) as running:
        answer = running.asked(log.request(0))
        (signed,) = Note.parse(log.note() + answer.body).opened([key_of(running)])
        assert signed.time == ahead
        with sqlite3.connect(folder / "witness.sqlite3") as store:
            store.execute("INSERT OR REPLACE INTO said VALUES ('time', ?)", (str(ahead + 7200),))
        answer = running.asked(log.request(300))
        assert answer.status == 503
        assert b"before the last cosignature" in answer.body
    refused = commanded("serve", folder, "--port", "0")
    assert refused.returncode == 2
    assert re.fullmatch(r"error: the clock says [^\n]+ before the last cosignature of [^\n]+\n", refused.stderr)


# --- a store put back -----------------------------------------------------------------------------------------------


def test_a_store_put_back_from_earlier_is_refused(folder: Path, log: WitnessedLog) -> None:
    made(folder, log.key.verifier)
    with serving(folder) as running:
        running.asked(log.request(0, 10))
    earlier = (folder / "witness.sqlite3").read_bytes()
    with serving(folder) as running:
        running.asked(log.request(10, 20))
    (folder / "witness.sqlite3").write_bytes(earlier)
    refused = commanded("serve", folder, "--port", "0")
    assert refused.returncode == 2
    assert "it knows 1 of 2" in refused.stderr
    assert "make a new one with init" in refused.stderr


def test_a_whole_folder_put_back_stops_when_it_meets_its_own_cosignature(folder: Path, log: WitnessedLog) -> None:
    key = made(folder, log.key.verifier)
    with serving(folder) as running:
        running.asked(log.request(0, 10))
    earlier = {name: (folder / name).read_bytes() for name in ("witness.sqlite3", "mark")}
    with serving(folder) as running:
        line = running.asked(log.request(10, 20)).body
    for name, content in earlier.items():
        (folder / name).write_bytes(content)
    (cosignature,) = signature_lines(line.decode())
    with serving(folder) as running:
        answer = running.asked(asking(10, merkle.consistency_proof(log.hashes(20), 10), log.note(20, cosignature)))
        assert answer.status == 503
        assert b"this witness has stopped: it cosigned 20 entries of log.example.org/record" in answer.body
        assert running.asked(log.request(10, 30)).status == 503
    assert "its store does not know" in commanded("serve", folder, "--port", "0").stderr
    assert key.name == "witness.example.org/w1"


def test_its_own_cosignature_that_it_knows_of_is_no_trouble(witness: Running, log: WitnessedLog) -> None:
    line = signature_lines(witness.asked(log.request(0)).body.decode())[0]
    assert witness.asked(asking(300, [], log.note(300, line))).status == 200


# --- hostile clients ------------------------------------------------------------------------------------------------


def spoken(running: Running, content: bytes, *, end: bool = False) -> bytes:
    """What is answered to bytes of any kind."""
    parts = urlsplit(running.address)
    with socket.create_connection((parts.hostname, parts.port), PATIENCE) as line:
        line.sendall(content)
        if end:
            line.shutdown(socket.SHUT_WR)
        answer = b""
        while got := line.recv(65_536):
            answer += got
            if b"\r\n\r\n" in answer and not end:
                break
        return answer


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 400),
        (b"GET http://x/ HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno field\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n folded: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 2_000, 431),
        (b"GET / HTTP/1.1\r\nx:" + b" " * 8_000 + b"\n\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nx: a\x00b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nx:  of \t blanks \t \r\n\r\n", 200),
        (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", 413),
        (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 999999999999999\r\n\r\n", 400),
        (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST /add-checkpoint HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"POST /add-checkpoint HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n", 100),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    ],
)
def test_bytes_that_are_no_request_are_answered_with_the_reason(standing: Running, content: bytes, status: int) -> None:
    assert spoken(standing, content).startswith(b"HTTP/1.1 %d " % status)
    assert standing.read("/").status == 200


def test_a_large_body_is_answered_and_not_read(standing: Running) -> None:
    body = b"x" * 3_000_000
    head = b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body)
    assert spoken(standing, head + body[:200_000]).startswith(b"HTTP/1.1 413 ")


def test_requests_in_a_row_on_one_connection_are_answered_in_their_order(witness: Running, log: WitnessedLog) -> None:
    bodies = [log.request(0, 10), log.request(10, 20), log.request(10, 20)]
    posts = [b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body) for body in bodies]
    answer = spoken(witness, b"".join([*posts, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"]), end=True)
    assert re.findall(rb"HTTP/1\.1 (\d+) ", answer) == [b"200", b"200", b"409", b"200"]


def test_many_slow_clients_keep_nobody_from_being_answered(witness: Running, log: WitnessedLog) -> None:
    parts = urlsplit(witness.address)
    lines = [socket.create_connection((parts.hostname, parts.port), PATIENCE) for _number in range(400)]
    try:
        for line in lines:
            line.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 60000\r\n\r\n")
        for size in (10, 20, 30):
            assert witness.asked(log.request(size - 10, size)).status == 200
        memory = memory_of(witness)
        assert memory < 100_000, memory
        soon(lambda: all(ended(line) for line in lines))
    finally:
        for line in lines:
            line.close()


def test_of_requests_whose_clients_are_gone_not_more_than_so_many_wait(folder: Path) -> None:
    registrar, told_at_once = PROGRAM_READ.Registrar(folder), list[int]()
    for _number in range(PROGRAM_READ.MOST_CONNECTIONS + 2):
        registrar.ask(b"", lambda answer: told_at_once.append(answer.status))
    assert told_at_once == [503, 503]


def ended(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def memory_of(running: Running) -> int:
    """Kilobytes that the process holds."""
    status = Path(f"/proc/{running.process.pid}/status")
    if not status.exists():
        return 0
    return int(re.findall(r"VmRSS:\s+(\d+)", status.read_text())[0])


# --- what it cannot do ----------------------------------------------------------------------------------------------


def one_line(answer: "subprocess.CompletedProcess[str]", *words: str) -> None:
    assert answer.returncode == 2, answer
    assert re.fullmatch(r"error: [^\n]+\n", answer.stderr), answer.stderr
    assert all(word in answer.stderr for word in words), answer.stderr


def test_each_error_is_one_line_with_its_remedy(folder: Path, log: WitnessedLog, tmp_path: Path) -> None:
    key = made(folder, log.key.verifier)
    assert (folder / "key").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    one_line(told("init", folder, "--name", "x"), "lives in", "choose another folder")
    one_line(told("init", tmp_path / "w2", "--name", "a name"), "no space and no plus")
    one_line(told("init", folder / "key" / "w2", "--name", "x"), str(folder / "key"))
    one_line(told("add-log", folder, "nonsense"), "a vkey is written", "copy the log's vkey")
    one_line(told("add-log", folder, str(key)), "is of kind 0x04; a log's is Ed25519, 0x01")
    for address in ("ftp://x", "https://x/?a", "https://exämple.org", "https://[::1/record", "https://x:port/"):
        one_line(told("add-log", folder, str(log.key.verifier), address), address, "no address")
    one_line(told("add-log", folder, str(log.key.verifier), "--origin", "a\nb"), "first line of the log's checkpoints")
    one_line(told("show", folder, "nobody.example.org"), "nothing of nobody.example.org was cosigned")
    one_line(told("logs", tmp_path / "nowhere"), "no store lies in", "init")
    one_line(commanded("serve", folder, "--port", "99999"), "there is no port 99999")
    with serving(folder) as running:
        port = str(urlsplit(running.address).port)
        one_line(commanded("serve", folder, "--port", port), f"port {port} of 127.0.0.1", "choose another with --port")
    (folder / "key").chmod(0o640)
    one_line(commanded("serve", folder), "others can read the key", f"chmod 600 {folder}/key")
    (folder / "key").chmod(0o600)
    (folder / "mark").unlink()
    one_line(commanded("serve", folder), "does not say how often")
    (folder / "witness.sqlite3").write_bytes(b"no database at all" * 100)
    one_line(commanded("serve", folder), "cannot be used")
    whole = (folder / "key").read_text()
    for damaged in ("nonsense\n", whole[:-3] + "\n", whole[:-6] + "\n", whole.replace("PRIVATE", "PUBLIC")):
        (folder / "key").write_text(damaged)
        one_line(told("serve", folder), "is no key of a witness")
    (folder / "key").write_text(whole.replace("+w1+", "+w2+").replace("/w1+", "/w2+"))
    one_line(told("serve", folder), "is damaged, its id is not that of its secret")


def test_a_key_moved_to_another_store_is_refused(folder: Path, tmp_path: Path) -> None:
    made(folder)
    made(tmp_path / "w2")
    (tmp_path / "w2" / "key").write_text((folder / "key").read_text())
    one_line(commanded("serve", tmp_path / "w2"), "belongs to another key", "make a new one")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 kB."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", place], check=False, capture_output=True
        ).returncode
    )
    if not mounted:
        pytest.skip("a small disk can be mounted by root only")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(path: Path) -> None:
    """Write until the disk takes no more."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


def test_on_a_full_disk_nothing_is_cosigned_until_there_is_room(
    small_disk: Path, tmp_path: Path, log: WitnessedLog
) -> None:
    folder = small_disk / "w1"
    key = made(folder, log.key.verifier)
    with serving(folder, errors=tmp_path / "errors") as running:
        assert running.asked(log.request(0, 10)).status == 200
        filler = small_disk / "filler"
        fill(filler)
        seen = 10
        while (answer := running.asked(log.request(seen, seen + 1))).status == 200:
            seen += 1
            assert seen < 290
        assert answer == Answered(503, b"this witness cannot store what it sees, and so cosigns nothing\n", answer.kind)
        assert Checkpoint.of(Note.parse(last(running, log).body)).size == seen
        filler.unlink()
        assert running.asked(log.request(seen, 300)).status == 200
        Note.parse(last(running, log).body).opened([key])
    assert "is full: nothing was cosigned; make room" in (tmp_path / "errors").read_text()


def test_a_folder_that_cannot_be_written_is_told(small_disk: Path, log: WitnessedLog) -> None:
    folder = small_disk / "w1"
    made(folder, log.key.verifier)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    one_line(told("add-log", folder, str(STRANGER.verifier)), "cannot be written", "read-only")
    one_line(told("init", small_disk / "w2", "--name", "x"), "cannot be written")


def test_the_program_stands_alone_and_runs_on_python_3_10() -> None:
    tree = ast.parse(PROGRAM.read_text(), feature_version=(3, 10))
    modules = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    assert modules - set(sys.stdlib_module_names) == {"cryptography"}
