"""What whoever hands out a copy might try beyond altering it: both verifiers say no, in one clear line, and go on."""

import base64
import hashlib
import http.server
import io
import json
import os
import subprocess
import sys
import threading
import urllib.request
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from email.message import Message
from pathlib import Path
from types import SimpleNamespace

import pytest

from comity.plain.refusals import Refusal
from comity.record import copies
from comity.record.copies import NOTHING, Brought, answer
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.copy import CHECKPOINT, DISCLOSURES, POLICY, VKEYS
from comity.record.core.leaf import Sealed
from comity.record.core.notes import KeyKind, Malformed, Note, VerifierKey
from comity.record.core.policies import Policy
from comity.record.tests.conftest import Files, PlainLog, Write, key_of, signed, three_subjects
from comity.record.tests.other import VERIFIER, second_opinion
from comity.record.tests.passkeys import KeyFile
from comity.record.tests.strict_cases.cases import ML_DSA
from comity.record.tests.test_audit import lines_of, named, with_lines
from comity.record.tests.test_bundles import bundle, listed

OTHER = second_opinion()
SIGNED = {"type": "texts.signed", "paper": "", "signature": ""}


def theirs(*arguments: object) -> tuple[int, str]:
    """The exit code and the words of the stand-alone verifier, without a process of its own."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            code: int = OTHER.main([*map(str, arguments)])
        except SystemExit as left:
            code = int(str(left.code))
    return code, said.getvalue()


def ours(place: object, brought: Brought = NOTHING) -> tuple[int, str]:
    """The same of ``./comity record verify``."""
    try:
        stands, lines = answer(str(place), brought)
    except Refusal as error:
        return 2, str(error)
    return 1 - stands, "\n".join(lines)


def both(place: Path) -> tuple[str, str]:
    """What both say no to, in their words."""
    (mine, words), (other, told) = ours(place), theirs(place)
    assert (mine, other) == (1, 1), (words, told)
    return words, told


# --- entries and values ---------------------------------------------------------------------------------------------


def test_a_leaf_of_the_version_true_is_none(write: Write) -> None:
    log = three_subjects(6)
    log.leaves[5] = b'{"commit":"%064x","v":true}' % 7
    del log.disclosures[5]
    assert all(named(said.splitlines()) == {5} for said in both(write(log.files())))


@pytest.mark.parametrize("index", [[5], {"a": 1}, True, "5", None, -1, 30])
def test_an_erasure_that_names_no_entry_before_it_explains_nothing(index: object, write: Write) -> None:
    log = three_subjects(6)
    log.append("entry:5", type="record.erased", index=index, field="words", legal_basis="none")  # type: ignore[arg-type]
    log.append("text:aaaaaaaaaaaaaaaa", words="of an entry after it")
    missing = {True: 1, 30: 30}.get(index if isinstance(index, int) else 0, 5)
    while len(log.leaves) <= missing:
        log.append("text:aaaaaaaaaaaaaaaa", words="a later one")
    del log.disclosures[missing]["words"]
    assert all(missing in named(said.splitlines()) for said in both(write(log.files())))


def nested(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


def test_a_value_nests_a_hundred_levels_and_no_more(write: Write) -> None:
    log = three_subjects(3)
    log.append("text:dddddddddddddddd", words=nested(97))  # type: ignore[arg-type]
    assert (ours(write(log.files()))[0], theirs(write(log.files()))[0]) == (0, 0)
    log.append("text:dddddddddddddddd", words=1)
    salt = log.disclosures[4]["words"].salt
    for levels in (98, 101, 600, 1200, 60_000):
        log.disclosures[4] = {"words": Sealed(salt, "[" * levels + "1" + "]" * levels)}
        log.leaves[4] = log.leaves[4].replace(*_seals(log.leaves[4], log.disclosures[4]["words"]))
        both(write(log.files()))


def _seals(leaf: bytes, value: Sealed) -> tuple[bytes, bytes]:
    return json.loads(leaf)["commit"]["words"].encode(), value.commitment().encode()


# --- keys and policies ----------------------------------------------------------------------------------------------


def test_a_key_of_a_kind_not_known_here_is_passed_over_where_a_copy_lists_it(write: Write) -> None:
    """The rule of signed notes: who does not know a key passes over its lines. A log may add kinds of keys."""
    files = three_subjects(6).files()
    line = f"— quantum.example.org/w {base64.b64encode(bytes(2432)).decode()}\n".encode()
    folder = write({**files, VKEYS: files[VKEYS] + f"{ML_DSA}\n".encode(), CHECKPOINT: files[CHECKPOINT] + line})
    (mine, words), (other, told) = ours(folder), theirs(folder)
    assert (mine, other) == (0, 0), (words, told)
    assert words.splitlines() == told.splitlines()
    assert "the key quantum.example.org/w is of a kind that is not known here, 0x06: passed over" in told
    for bad in (ML_DSA.replace("+", "+0", 1), ML_DSA[:-4], f"{files[VKEYS].decode().strip()[:-2]}=="):
        both(write({**files, VKEYS: files[VKEYS] + f"{bad}\n".encode()}))


@pytest.mark.parametrize("quorum", ["q", "none"])
def test_a_policy_that_names_one_is_refused_by_its_name(quorum: str, write: Write) -> None:
    files = three_subjects(6).files()
    policy = f"log {key_of('example.org/fiction/record').verifier}\nwitness q {ML_DSA}\nquorum {quorum}\n"
    for said in both(write({**files, POLICY: policy.encode()})):
        assert "line 2 of the policy: the key quantum.example.org/w is of a kind that is not known here, 0x06" in said
    with pytest.raises(Malformed, match="a kind that is not known here, 0x06"):
        Policy.parse(policy)
    with pytest.raises(Malformed, match="a kind that is not known here, 0x06"):
        VerifierKey.parse(ML_DSA)


@pytest.mark.parametrize("spoilt", [b"# \xff\n", b"# x\r\n", b"quorum none"])
def test_a_policy_is_read_as_strictly_from_a_copy_as_from_its_reader(
    spoilt: bytes, write: Write, tmp_path: Path
) -> None:
    files, mine = three_subjects(6).files(), tmp_path / "mine"
    policy = files[POLICY] + spoilt if spoilt.startswith(b"#") else files[POLICY][:-1]
    both(write({**files, POLICY: policy}))
    folder = write(files)
    mine.write_bytes(policy)
    assert theirs(folder, "--policy", mine)[0] == 1
    assert ours(folder, Brought(policy=mine))[0] in {1, 2}


def test_keys_are_listed_in_utf_8(write: Write) -> None:
    files = three_subjects(6).files()
    both(write({**files, VKEYS: b"# \xff\n" + files[VKEYS]}))


def test_with_a_policy_of_the_readers_own_no_key_that_the_copy_names_counts(write: Write, tmp_path: Path) -> None:
    files, mine, stranger = (
        three_subjects(6).files(),
        tmp_path / "mine",
        key_of("observers.example", KeyKind.COSIGNATURE),
    )
    mine.write_bytes(files[POLICY])
    head = Checkpoint.of(Note.parse(files[CHECKPOINT]))
    named = {**files, CHECKPOINT: signed(head, stranger), VKEYS: files[VKEYS] + f"{stranger.verifier}\n".encode()}
    folder = write(named)
    assert all("cosigned by observers.example" in said for _code, said in (ours(folder), theirs(folder)))
    for code, said in (ours(folder, Brought(policy=mine)), theirs(folder, "--policy", mine)):
        assert (code, "observers.example" in said) == (0, False), said


def test_any_key_that_a_policy_names_for_the_log_may_have_signed(write: Write, tmp_path: Path) -> None:
    files, mine = three_subjects(6).files(), tmp_path / "mine"
    twin = VerifierKey("example.org/fiction/record", KeyKind.NOTE, key_of("another").verifier.public)
    mine.write_bytes(f"log {twin}\n".encode() + files[POLICY])
    folder = write(files)
    assert (ours(folder, Brought(policy=mine))[0], theirs(folder, "--policy", mine)[0]) == (0, 0)


# --- signatures of organisations ------------------------------------------------------------------------------------


def signed_log(issued: dict[str, object], said: dict[str, object], *, published: bool = False) -> Files:
    """A log that issued a key and tells of a signature by it, with its files."""
    key, paper, log = KeyFile(), b"We agree.\n", PlainLog()
    digest, sig = hashlib.sha256, key.sign(paper).armored().encode()
    facts = {"key": str(key.key), "fingerprint": key.key.fingerprint, "organisation": "p", "origin": ""}
    log.append("organisation:pppppppppppppppp", type="record.key_issued", **{**facts, "valid_before": ""} | issued)  # type: ignore[arg-type]
    told = {"organisation": "p", "paper": digest(paper).hexdigest(), "signature": digest(sig).hexdigest()} | said
    if published:
        log.append("text:tttttttttttttttt", type="texts.published", signatures=[told])  # type: ignore[list-item]
    else:
        log.append("text:tttttttttttttttt", type="texts.signed", **told)  # type: ignore[arg-type]
    names = {f"signatures/{told['paper']}.txt": paper, f"signatures/{told['signature']}.sig": sig}
    return {**log.files(), **names}


@pytest.mark.parametrize(
    ("issued", "said", "answered"),
    [
        ({}, {}, "1 signature of organisations hold"),
        ({"organisation": "q"}, {}, "its key is another organisation's"),
        ({"organisation": ""}, {}, "signatures that cannot be checked"),
        ({}, {"organisation": ""}, "signatures that cannot be checked"),
        ({"valid_before": "2026-04-18T17:12:59+00:00"}, {}, "1 signature of organisations hold"),
        ({"valid_before": "2026-04-18T17:12:58+00:00"}, {}, "its key did not hold at 2026-04-18T17:12:58Z"),
        ({"valid_before": "2027-01-01T00:00:00"}, {}, "signatures that cannot be checked"),
        ({"valid_before": "2027-01-01"}, {}, "signatures that cannot be checked"),
        ({"valid_before": 7}, {}, "signatures that cannot be checked"),
    ],
)
def test_a_signature_holds_by_a_key_of_which_all_is_known(
    issued: dict[str, object], said: dict[str, object], answered: str, write: Write
) -> None:
    folder = write(signed_log(issued, said))
    (mine, words), (other, told) = ours(folder), theirs(folder)
    assert mine == other == int("its key" in answered)
    assert answered in words
    assert answered in told


def test_no_signature_was_given_after_the_entry_that_tells_of_it(write: Write) -> None:
    for at, problem in (("2026-04-18T17:12:58Z", ""), ("2026-04-18T17:12:59Z", "after the entry that tells of it")):
        folder = write(signed_log({}, {"at": at}, published=True))
        for code, said in (ours(folder), theirs(folder)):
            assert code == bool(problem), said
            assert problem in said


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ('namespaces="*,!comity.text"', "excludes"),
        ('namespaces=""', "namespaces"),
        ('valid-after="2026010112"', "not a day or an instant"),
        ('valid-after="٢٠٢٦٠١٠١Z"', "not a day or an instant"),
        ("cert-authority", "is not known here"),
        ('namespaces="comity.text",namespaces="file"', "twice"),
    ],
)
def test_what_allowed_signers_say_is_never_read_more_widely_than_ssh_keygen_reads_it(
    options: str, why: str, plain_log: PlainLog, write: Write
) -> None:
    key, words = KeyFile(), b"We agree.\n"
    files = bundle(plain_log) | {"text.txt": words, "one.sig": key.sign(words).armored().encode()}
    code, said = theirs(write({**files, "allowed_signers": f"one {options} {key.key}\n".encode()}))
    assert (code, why in said) == (1, True), said


def test_whose_keys_sign_in_evidence_is_said_to_rest_on_the_file_beside(plain_log: PlainLog, write: Write) -> None:
    key, words = KeyFile(), b"We agree.\n"
    files = bundle(plain_log) | {"text.txt": words, "one.sig": key.sign(words).armored().encode()}
    code, said = theirs(write({**files, "allowed_signers": f"one {key.key}\n".encode()}))
    assert (code, "whose keys these are rests on the file allowed_signers" in said) == (0, True), said


# --- evidence -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told | {"title": "Said by nobody"},
        lambda told: told["fields"]["words"].update(note="said by nobody"),
        lambda told: told.update(index=True),
        lambda told: told.update(withheld="words"),
        lambda told: told.update(withheld=None),
    ],
    ids=["a member more", "a member of a value more", "true for an index", "withheld in a text", "withheld is none"],
)
def test_evidence_discloses_in_one_form(
    change: Callable[[dict[str, object]], dict[str, object] | None], plain_log: PlainLog, write: Write
) -> None:
    files = bundle(plain_log, 1)
    told = json.loads(files["disclosed.json"])
    told = change(told) or told
    code, said = theirs(write({**files, "disclosed.json": json.dumps(told).encode()}))
    assert (code, "disclosed.json cannot be read" in said) == (1, True), said


def test_what_is_asked_and_cannot_be_done_is_refused_and_not_passed_over(plain_log: PlainLog, write: Write) -> None:
    openings = write(plain_log.files()) / "openings"
    openings.write_bytes(b"")
    code, said = theirs(openings.parent, "--entries", "3-4", "--openings", openings)
    assert (code, "--openings" in said) == (2, True)
    for asked in ("5-", "-5", "a", "7-5", "٣"):
        code, said = theirs(openings.parent, f"--entries={asked}")
        assert (code, "Traceback" in said, "12-40" in said) == (2, False, True), said
    folder = write(bundle(plain_log))
    for option in (f"--openings={folder / 'manifest'}", "--entries=3", "--list", "--without-values"):
        code, said = theirs(folder, option)
        assert (code, option.partition("=")[0] in said) == (2, True), said


def test_a_file_of_the_evidence_that_its_manifest_does_not_list_is_named(plain_log: PlainLog, write: Write) -> None:
    code, said = theirs(write(listed(bundle(plain_log)) | {"summary.html": b"<p>All agreed.</p>"}))
    assert (code, "summary.html does not stand in the manifest" in said) == (0, True), said


# --- zips -----------------------------------------------------------------------------------------------------------


def zipped(path: Path, files: list[tuple[str, bytes]]) -> Path:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # a name twice is what is tried
        for name, content in files:
            archive.writestr(name, content)
    return path


def test_a_zip_holds_each_file_once(tmp_path: Path) -> None:
    files = [(f"copy/{name}", content) for name, content in three_subjects(6).files().items()]
    assert (ours(zipped(tmp_path / "a.zip", files))[0], theirs(tmp_path / "a.zip")[0]) == (0, 0)
    for again in ("copy/checkpoint", "copy/CHECKPOINT"):
        twice = zipped(tmp_path / "b.zip", [*files, (again, b"another")])
        for said in both(twice):
            assert f"{again} stands twice in the zip" in said


def test_a_file_beside_the_folder_of_a_zip_is_none_of_the_copy(tmp_path: Path) -> None:
    files = [(f"copy/{name}", content) for name, content in three_subjects(6).files().items()]
    astray = [(name.replace("copy/tile/0", "copy-tile/0"), content) for name, content in files]
    both(zipped(tmp_path / "a.zip", astray))


def test_no_file_of_a_zip_unpacks_to_more_than_it_can_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = three_subjects(6).files()
    for name, size in (("tile/entries/000.p/6", 17_000_000), ("checkpoint", 17_000_000), ("tile/0/000.p/6", 9_000)):
        bomb = zipped(tmp_path / "bomb.zip", list({**files, name: bytes(size)}.items()))
        for said in both(bomb):
            assert f"{name} is larger than it can be" in said
    bomb = zipped(tmp_path / "bomb.zip", list({**files, DISCLOSURES: bytes(24_000_000)}.items()))
    for said in both(bomb):
        assert f"{DISCLOSURES} is larger than it can be" in said


def test_a_zip_unpacks_to_no_more_than_its_log_can_hold(tmp_path: Path) -> None:
    files = three_subjects(6).files() | {f"signatures/{number}": bytes(15_000_000) for number in range(3)}
    code, said = theirs(zipped(tmp_path / "bomb.zip", list(files.items())))
    assert (code, "unpacks to more than a log of 6 entries can hold" in said) == (1, True), said


def test_no_byte_of_a_zip_can_be_changed_so_that_a_verifier_breaks_off(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "a.zip", list(three_subjects(6).files().items())).read_bytes()
    for place in range(0, len(whole), max(len(whole) // 40, 1)):
        for bits in (0x01, 0xFF):
            spoilt = tmp_path / "spoilt.zip"
            spoilt.write_bytes(whole[:place] + bytes([whole[place] ^ bits]) + whole[place + 1 :])
            for code, said in (ours(spoilt), theirs(spoilt)):
                assert code in {0, 1, 2}, (place, said)
                assert "broke off" not in said, (place, bits, said)


# --- addresses ------------------------------------------------------------------------------------------------------


@contextmanager
def answering(how: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server on this machine that answers every question so."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            how(self)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def nonsense(request: http.server.BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"no such protocol\r\n\r\n")


def half(request: http.server.BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "900")
    request.end_headers()
    request.wfile.write(b"example.org/fiction/record\n")


def half_a_chunk(request: http.server.BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nexample")


def elsewhere(request: http.server.BaseHTTPRequestHandler) -> None:
    request.send_response(302)
    request.send_header("Location", "ftp://127.0.0.1:9/checkpoint")
    request.end_headers()


def round_and_round(request: http.server.BaseHTTPRequestHandler) -> None:
    request.send_response(302)
    request.send_header("Location", request.path)
    request.end_headers()


def refuses(request: http.server.BaseHTTPRequestHandler) -> None:
    request.send_response(500)
    request.end_headers()


@pytest.mark.parametrize("how", [nonsense, half, half_a_chunk, elsewhere, round_and_round, refuses])
def test_an_address_that_does_not_answer_as_one_should_is_said_in_one_line(
    how: Callable[[http.server.BaseHTTPRequestHandler], None],
) -> None:
    with answering(how) as address:
        for code, said in (ours(address), theirs(address)):
            assert (code, "broke off" in said.partition(":")[0], "Traceback" in said) == (2, False, False), said
            assert address in said or "no-copy" in said


def test_no_redirect_leaves_https(write: Write) -> None:
    for opener in (copies.REDIRECTS, OTHER.Redirects()):
        asked = urllib.request.Request("https://example.org/record/checkpoint")
        for to, follows in (
            ("https://www.example.org/record/checkpoint", True),
            ("http://example.org/record/checkpoint", False),
            ("ftp://example.org/record/checkpoint", False),
        ):
            try:
                new = opener.redirect_request(asked, io.BytesIO(), 302, "Found", Message(), to)
            except OSError:
                new = None
            assert (new is not None) is follows, (opener, to)
        plain = urllib.request.Request("http://example.org/record/checkpoint")
        assert opener.redirect_request(plain, io.BytesIO(), 301, "Moved", Message(), "https://example.org/") is not None


def test_a_server_that_sends_its_bytes_one_by_one_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10**9, 100))
    monkeypatch.setattr(OTHER, "time", SimpleNamespace(monotonic=lambda: next(clock)))

    def drip(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(200):
            request.wfile.write(b"x")
            request.wfile.flush()

    with answering(drip) as address:
        code, said = theirs(address)
    assert (code, "too slowly" in said) == (2, True), said


# --- what is printed, and how it ends -------------------------------------------------------------------------------


def test_no_name_of_a_log_or_of_a_key_moves_the_terminal(write: Write) -> None:
    evil = "example.org/\x9b31m\u202egro"
    log = PlainLog(evil)
    log.append("text:aaaaaaaaaaaaaaaa", votes=1)
    witness = key_of("w.example/\x9b2J", KeyKind.COSIGNATURE)
    head = Checkpoint.of(Note.parse(log.files()[CHECKPOINT]))
    files = log.files() | {CHECKPOINT: signed(head, witness)}
    files[VKEYS] += f"{witness.verifier}\n".encode()
    folder = write(files)
    for code, said in (theirs(folder), ours(folder)):
        assert code == 0
        assert not {"\x9b", "\u202e"} & set(said)
        assert "\\u009b31m\\u202egro" in said
    (folder / VKEYS).unlink()
    (folder / POLICY).unlink()
    for said in both(folder):
        assert not {"\x9b", "\u202e"} & set(said)


def test_a_terminal_of_few_letters_is_no_reason_to_break_off(write: Write) -> None:
    log = PlainLog("exämple.org/запись")
    log.append("text:aaaaaaaaaaaaaaaa", votes=1)
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-s", str(VERIFIER), str(write(log.files()))]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=environment)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("yes, 1 entries")


def test_a_copy_without_its_values_is_not_whole(write: Write) -> None:
    files = three_subjects(6).files()
    del files[DISCLOSURES]
    for said in both(write(files)):
        assert "disclosures.jsonl is missing" in said


def test_a_line_of_values_that_has_no_end_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    files = three_subjects(6).files()
    monkeypatch.setitem(OTHER.LARGEST, "line", 1000)
    long = [*lines_of(files), b'{"fields":{},"index":%s}\n' % (b"9" * 2000)]
    code, said = theirs(write(with_lines(files, long)))
    assert (code, "is longer than" in said) == (1, True), said


def test_what_nobody_thought_of_is_a_no_in_one_line(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def unthought(*_given: object) -> None:
        raise TypeError("of something")

    monkeypatch.setattr(OTHER, "who_signed", unthought)
    code, said = theirs(write(three_subjects(6).files()))
    assert (code, said.count("\n")) == (1, 1), said
    assert said.startswith("no: the verifier itself broke off (TypeError: of something, at line ")


def test_without_its_one_package_there_is_nothing_to_verify_with(tmp_path: Path) -> None:
    (tmp_path / "cryptography.py").write_text("")
    command = [sys.executable, str(VERIFIER), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=environment)
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1), ran.stderr
    assert "the package cryptography is missing" in ran.stderr


def test_a_proof_needs_its_entry_and_what_is_trusted_was_kept(plain_log: PlainLog, write: Write) -> None:
    folder = write(bundle(plain_log))
    (folder / "entry.json").unlink()
    for arguments, said in (
        ([folder / "proof.tlog-proof"], "must lie beside its proof, as entry.json"),
        ([folder / VKEYS], "neither the zip of a copy nor a proof"),
        ([folder, "--trusted", "https://example.org/record/checkpoint"], "fetch it first"),
    ):
        code, told = theirs(*arguments)
        assert (code, said in told, told.count("\n")) == (2, True, 1), told


def test_a_place_that_is_none_is_said_in_one_line(tmp_path: Path) -> None:
    for place in (tmp_path / "nothing", tmp_path, "http://127.0.0.1:9/record/", "https:///", "http://[::1", "\0"):
        code, said = theirs(place)
        assert (code, "nothing to verify: " in said, said.count("\n")) == (2, True, 1), said
