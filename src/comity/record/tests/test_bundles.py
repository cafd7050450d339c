"""The evidence of one entry, a few entries of a log, a log at an address: what the stand-alone verifier says."""

import hashlib
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from comity.record.copies import answer
from comity.record.core import jcs, merkle
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.copy import CHECKPOINT
from comity.record.core.notes import Note
from comity.record.core.tlog_proof import TlogProof
from comity.record.tests.conftest import Files, PlainLog, Write, leaves_of, signed, three_subjects
from comity.record.tests.other import alone, run
from comity.record.tests.passkeys import KeyFile, Passkey

INDEX = 5


def bundle(log: PlainLog, index: int = INDEX) -> Files:
    """The evidence of an entry."""
    files, leaf = log.files(), log.leaves[index]
    path = merkle.inclusion_proof([merkle.leaf_hash(one) for one in log.leaves], index)
    fields = log.disclosures.get(index, {})
    told = {name: {"salt": one.salt.hex(), "value": jcs.decode(one.text)} for name, one in fields.items()}
    disclosed = {
        "form": "comity-disclosed/1",
        "index": index,
        "leaf_hash": merkle.leaf_hash(leaf).hex(),
        "fields": told,
        "withheld": [],
    }
    return {
        "entry.json": leaf,
        "proof.tlog-proof": bytes(TlogProof(index, path, files[CHECKPOINT])),
        "disclosed.json": json.dumps(disclosed).encode(),
        "vkeys": files["vkeys"],
        "policy": files["policy"],
    }


def listed(files: Files) -> Files:
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return {**files, "manifest": "".join(lines).encode()}


def test_the_evidence_of_an_entry_is_answered_yes(plain_log: PlainLog, write: Write, tmp_path: Path) -> None:
    folder = write(listed(bundle(plain_log)))
    packed = tmp_path / "evidence.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"entry-5/{path.name}")
    for place in (folder, packed, folder / "proof.tlog-proof"):
        told = alone(place)
        assert told.returncode == 0, told
        assert told.stdout.startswith("yes, entry 5 of 24, root ")
        assert "signed by example.org/fiction/record" in told.stdout


def changed(name: str, old: bytes, new: bytes) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        assert old in files[name]
        return {**files, name: files[name].replace(old, new, 1)}

    return change


FORGERIES: dict[str, Callable[[Files], Files]] = {
    "entry": changed("entry.json", b"revised", b"revized"),
    "entry not canonical": changed("entry.json", b'{"actor"', b'{ "actor"'),
    "value": changed("disclosed.json", b"Clause 5", b"Clause 6"),
    "index": changed("proof.tlog-proof", b"index 5", b"index 4"),
    "index beyond": changed("proof.tlog-proof", b"index 5", b"index 24"),
    "form": changed("proof.tlog-proof", b"@v1", b"@v2"),
    "size": changed("proof.tlog-proof", b"\n24\n", b"\n25\n"),
    "of another": changed("disclosed.json", b'"index": 5', b'"index": 6'),
    "leaf hash": changed("disclosed.json", b'"leaf_hash": "', b'"leaf_hash": "00'),
    "withheld too": changed("disclosed.json", b'"withheld": []', b'"withheld": ["words"]'),
    "no key": lambda files: {name: content for name, content in files.items() if name not in {"vkeys", "policy"}},
    "not signed": lambda files: {
        **files,
        "proof.tlog-proof": files["proof.tlog-proof"].rpartition(b"\n\n")[0] + b"\n",
    },
    "path reversed": lambda files: {
        **files,
        "proof.tlog-proof": bytes(
            TlogProof(
                INDEX,
                TlogProof.parse(files["proof.tlog-proof"]).path[::-1],
                TlogProof.parse(files["proof.tlog-proof"]).checkpoint,
            )
        ),
    },
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_false_evidence_is_answered_no(forgery: str, plain_log: PlainLog, write: Write) -> None:
    told = run(write(FORGERIES[forgery](bundle(plain_log))))
    assert (told.returncode, told.stdout[:4]) == (1, "no: "), told


def test_the_manifest_names_what_was_altered_taken_out_or_put_in(plain_log: PlainLog, write: Write) -> None:
    files = listed(bundle(plain_log) | {"text.txt": b"We agree.\n"})
    assert "no: the log: text.txt is not the file" in run(write({**files, "text.txt": b"We do not.\n"})).stdout
    assert (
        "no: the log: text.txt stands in the manifest"
        in run(write({k: v for k, v in files.items() if k != "text.txt"})).stdout
    )
    assert (
        "evil.sig does not stand in the manifest"
        in run(write({**files, "evil.sig": b"", "allowed_signers": b""})).stdout
    )
    assert "manifest: " in run(write({**files, "manifest": b"../../etc/passwd\n"})).stdout


def test_signatures_of_the_text_are_judged_by_the_allowed_signers(plain_log: PlainLog, write: Write) -> None:
    words, file, passkey = b"We agree.\n", KeyFile(), Passkey()
    lines = [
        f'one namespaces="comity.text",valid-after="20260101000000Z" {file.key}',
        f'two namespaces="comity.*",valid-before="20300101Z" {passkey.key} https://comity.example.org',
    ]
    files = bundle(plain_log) | {
        "text.txt": words,
        "one.sig": file.sign(words).armored().encode(),
        "two.sig": passkey.sign(words).armored().encode(),
        "allowed_signers": "".join(f"{line}\n" for line in lines).encode(),
    }
    told = run(write(listed(files)))
    assert told.returncode == 0, told
    assert "one.sig: one has signed text.txt (comity.text)" in told.stdout
    assert "two.sig: two has signed text.txt (comity.text)" in told.stdout
    for name, content in {
        "text.txt": b"We do not agree.\n",
        "one.sig": KeyFile().sign(words).armored().encode(),
        "two.sig": passkey.sign(words, flags=0x01).armored().encode(),
        "allowed_signers": files["allowed_signers"].replace(b"https://comity.example.org", b"https://example.org"),
    }.items():
        refused = run(write(listed({**files, name: content})))
        assert (refused.returncode, ".sig is no signature under a text here" in refused.stdout) == (1, True), name
    assert run(write(listed({**files, "allowed_signers": b"nonsense\n"}))).returncode == 1


def test_what_the_entry_seals_is_recognised_among_the_files(write: Write) -> None:
    log, clauses = PlainLog(), b'["We agree."]'
    log.append("text:aaaaaaaaaaaaaaaa", sha256=hashlib.sha256(clauses).hexdigest())
    files = bundle(log, 0) | {"clauses.json": clauses}
    assert "clauses.json is what the entry seals as sha256" in run(write(files)).stdout
    refused = run(write({**files, "clauses.json": b'["We do not."]'}))
    assert "no: entry 0 (text:aaaaaaaaaaaaaaaa): clauses.json is not what the entry seals" in refused.stdout


def test_evidence_is_compared_with_a_checkpoint_that_was_kept(
    plain_log: PlainLog, write: Write, tmp_path: Path
) -> None:
    folder, kept = write(bundle(plain_log)), tmp_path / "kept"
    kept.write_bytes(plain_log.files()[CHECKPOINT])
    assert run(folder, "--trusted", kept).returncode == 0
    kept.write_bytes(three_subjects(24).files()[CHECKPOINT])
    assert "leads to another root than the trusted checkpoint" in run(folder, "--trusted", kept).stdout
    kept.write_bytes(three_subjects(23).files()[CHECKPOINT])
    assert "a proof alone cannot compare them" in run(folder, "--trusted", kept).stdout


# --- some entries of a log, and logs at an address ------------------------------------------------------------------


def test_a_few_entries_are_proved_with_few_files(write: Write) -> None:
    log = three_subjects(700)
    files = log.files()
    told = run(write(files), "--entries", "300-310")
    assert told.returncode == 0, told
    assert told.stdout.startswith("yes, entries 300 to 310 of 700, root ")
    needed = {
        name
        for name in files
        if name not in {"tile/0/000", "tile/entries/000", "tile/entries/002.p/188", "disclosures.jsonl"}
    }
    few = write({name: files[name] for name in needed})
    assert run(few, "--entries", "300").stdout.startswith("yes, entries 300 to 300 of 700")
    bad = leaves_of(files)
    bad[302] = bad[302].replace(b"revised", b"revized")
    entry = bytes(files["tile/entries/001"]).replace(log.leaves[302], bad[302])
    told = run(write({**files, "tile/entries/001": entry}), "--entries", "300-310")
    assert told.stdout.startswith("no: entry 302 (text:")
    assert run(write({**files, "tile/1/000.p/2": bytes(64)}), "--entries", "300-310").returncode == 1
    assert run(write(files), "--entries", "690-700").returncode == 2


def test_the_entries_are_listed_one_a_line(plain_log: PlainLog, write: Write) -> None:
    folder = write(plain_log.files())
    told = run(folder, "--list").stdout.splitlines()
    assert [line.partition(" ")[2].encode() for line in told[:24]] == plain_log.leaves
    assert told[24].startswith("yes, 24 entries")
    told = run(folder, "--list", "--entries", "3-4").stdout.splitlines()
    assert [line.partition(" ")[0] for line in told[:3]] == ["3", "4", "yes,"]


def test_no_letter_of_a_log_moves_the_terminal(write: Write) -> None:
    log = PlainLog()
    log.leaves.append('{"commit":"\x9b31m","v":1}'.encode())
    log.leaves.append('{"a":"\x9b31m\u202e"}'.encode())
    told = run(write(log.files()), "--list", "--without-values").stdout
    assert "\x9b" not in told
    assert "\u202e" not in told
    assert "\\u009b31m" in told


@pytest.fixture
def served(write: Write) -> Iterator[tuple[str, list[str], PlainLog]]:
    """A log of 700 entries behind a plain web server: its address, and what was asked for."""
    log, asked = three_subjects(700), list[str]()
    folder = write(log.files())

    class Asked(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            asked.append(self.path)

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Asked, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked, log
    server.shutdown()


def test_a_log_is_verified_from_any_web_server(served: tuple[str, list[str], PlainLog], write: Write) -> None:
    address, asked, log = served
    told = run(address)
    assert told.returncode == 0, told
    assert told.stdout.splitlines() == answer(address)[1]
    asked.clear()
    assert run(address, "--entries", "300-310").returncode == 0
    assert {path for path in asked if "entries" in path} == {"/tile/entries/001", "/tile/entries/002.p/188"}
    assert run(f"{address}/nothing").returncode == 2
    folder = write(log.files())
    (folder / "tile/entries/001").unlink()
    assert "tile/entries/001 is missing" in run(address).stdout
    (folder / "tile/entries/001").write_bytes(b"\0" * 17_000_000)
    assert "no: tile/entries/001 is larger than it can be" in run(address).stdout


def test_a_few_entries_of_an_address_are_held_against_what_was_kept(
    served: tuple[str, list[str], PlainLog], tmp_path: Path
) -> None:
    address, asked, log = served
    for size in (1, 255, 256, 257, 300, 512, 513, 699, 700):
        root = merkle.root_of([merkle.leaf_hash(leaf) for leaf in log.leaves[:size]])
        kept = tmp_path / f"kept-{size}"
        kept.write_bytes(Checkpoint(log.origin, size, root).body())
        told = run(address, "--entries", "300-310", "--trusted", kept)
        assert told.returncode == 0, (size, told)
        kept.write_bytes(Checkpoint(log.origin, size, bytes(32)).body())
        assert "was altered since" in run(address, "--entries", "300-310", "--trusted", kept).stdout
    assert "/tile/entries/000" not in asked


def test_a_log_that_grew_while_it_was_read_is_read_as_of_its_checkpoint(
    served: tuple[str, list[str], PlainLog], write: Write
) -> None:
    address, _asked, log = served
    head = Checkpoint.of(Note.parse(log.files()[CHECKPOINT]))
    for number in range(100):
        log.append("text:aaaaaaaaaaaaaaaa", votes=number)
    later = log.files()
    told = [line for line in later["disclosures.jsonl"].splitlines(keepends=True) if json.loads(line)["index"] < 700]
    files = {**later, CHECKPOINT: signed(head), "disclosures.jsonl": b"".join(told)}
    files["tile/1/000.p/2"] = files["tile/1/000.p/3"][:64]
    write(files)
    assert run(address).stdout.startswith("yes, 700 entries")
    assert answer(address)[0]
