"""What organisations signed and what a year counted, in copies: both verifiers judge it by the keys of the log."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from comity.record.copies import Brought, NoCopy, answer
from comity.record.core import jcs, merkle
from comity.record.core.jcs import Json
from comity.record.core.leaf import Sealed, commitments, sealed_all
from comity.record.core.sshsig import PublicKey, SshSignature
from comity.record.tests.conftest import Files, PlainLog, Write
from comity.record.tests.other import run
from comity.record.tests.passkeys import ORIGIN, KeyFile, Passkey, Token

PARTY, TEXT = "organisation:pppppppppppppppp", "text:tttttttttttttttt"
WORDS = "Statement of the parties for a test — زملاء, 同志.\n".encode()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def issue(log: PlainLog, key: PublicKey, type: str = "record.key_issued", **told: Any) -> int:
    facts: dict[str, Json] = {
        "organisation": "pppppppppppppppp",
        "key": str(key),
        "fingerprint": key.fingerprint,
        "origin": ORIGIN if key.application and not key.application.startswith("ssh:") else "",
        "valid_before": "",
    }
    return log.append(PARTY, type=type, **(facts | told))


def sign(log: PlainLog, made: SshSignature, words: bytes = WORDS, **told: Any) -> Files:
    """Enter a signature; return the files that hold it."""
    armored = made.armored().encode()
    facts: dict[str, Json] = {
        "organisation": "pppppppppppppppp",
        "paper": digest(words),
        "signature": digest(armored),
        "key": made.key.fingerprint,
    }
    log.append(TEXT, type="texts.signed", **(facts | told))
    return {f"signatures/{digest(words)}.txt": words, f"signatures/{digest(armored)}.sig": armored}


def both(files: Files, write: Write) -> list[str]:
    """What both say, the same."""
    folder = write(files)
    lines = run(folder).stdout.splitlines()
    mine = answer(folder)[1]
    assert [line.split(":")[0] for line in mine] == [line.split(":")[0] for line in lines]
    return lines


@pytest.mark.parametrize("signer", [KeyFile(), Passkey(), Token()], ids=["file", "passkey", "token"])
def test_a_signature_by_a_key_of_the_log_holds(signer: Any, write: Write) -> None:
    log = PlainLog()
    issue(log, signer.key)
    signed = sign(log, signer.sign(WORDS))
    lines = both({**log.files(), **signed}, write)
    assert lines[0].startswith("yes, 2 entries")
    assert "1 signature of organisations hold" in lines


PASSKEY, TOKEN = Passkey(), Token()
LAX: dict[str, Callable[[], SshSignature]] = {
    "nobody present": lambda: PASSKEY.sign(WORDS, flags=0x00),
    "nobody verified": lambda: PASSKEY.sign(WORDS, flags=0x01),
    "another site": lambda: PASSKEY.sign(WORDS, origin="https://evil.example"),
    "in a frame": lambda: PASSKEY.sign(WORDS, crossOrigin=True),
    "under another site": lambda: PASSKEY.sign(WORDS, topOrigin="https://evil.example"),
    "a registration": lambda: PASSKEY.sign(WORDS, type="webauthn.create"),
    "another text": lambda: PASSKEY.sign(WORDS + b"!"),
    "another namespace": lambda: PASSKEY.sign(WORDS, namespace="comity.decision"),
    "a token untouched": lambda: TOKEN.sign(WORDS, flags=0x00),
    "a token unverified": lambda: TOKEN.sign(WORDS, flags=0x01),
}


@pytest.mark.parametrize("lax", LAX)
def test_what_ssh_keygen_takes_and_we_do_not_is_refused_by_both(lax: str, write: Write) -> None:
    log, made = PlainLog(), LAX[lax]()
    issue(log, made.key)
    lines = both({**log.files(), **sign(log, made), **log.files()}, write)
    assert lines[0].startswith(f"no: entry 1 ({TEXT}): its signature does not hold")


def test_a_key_signs_from_its_issue_until_it_is_revoked(write: Write) -> None:
    first, second = KeyFile(), KeyFile()
    log, files = PlainLog(), dict[str, bytes]()
    issue(log, first.key)
    files |= sign(log, first.sign(WORDS))
    log.at = "2026-05-01T00:00:00Z"
    issue(log, second.key, "record.key_rotated", replaces=first.key.fingerprint)
    files |= sign(log, second.sign(WORDS))
    assert "2 signatures of organisations hold" in both({**log.files(), **files}, write)
    late = sign(log, first.sign(WORDS + b"late"), WORDS + b"late")
    lines = both({**log.files(), **files, **late}, write)
    assert lines[0].startswith(f"no: entry 4 ({TEXT}): its signature does not hold")
    assert "did not hold at 2026-05-01T00:00:00Z" in lines[0]


def test_a_revoked_keys_older_signatures_stay(write: Write) -> None:
    key, log = KeyFile(), PlainLog()
    issue(log, key.key)
    files = sign(log, key.sign(WORDS))
    log.at = "2026-06-01T00:00:00Z"
    log.append(PARTY, type="record.key_revoked", organisation="p", fingerprint=key.key.fingerprint, reason="lost")
    assert "1 signature of organisations hold" in both({**log.files(), **files}, write)
    files |= sign(log, key.sign(b"after"), b"after")
    assert both({**log.files(), **files}, write)[0].startswith("no: entry 3")


@pytest.mark.parametrize(
    "told",
    [{"organisation": "qqqqqqqqqqqqqqqq"}, {"valid_before": "2026-04-18T17:12:58+00:00"}],
    ids=["another organisation", "ended"],
)
def test_whose_key_and_when_is_for_the_log_to_say(told: dict[str, Any], write: Write) -> None:
    key, log = KeyFile(), PlainLog()
    issue(log, key.key, **told)
    files = sign(log, key.sign(WORDS))
    assert both({**log.files(), **files}, write)[0].startswith("no: entry 1")


def test_what_is_not_given_is_counted_and_what_is_false_refused(write: Write) -> None:
    key, log = KeyFile(), PlainLog()
    files = sign(log, key.sign(WORDS))
    unknown = "signatures that cannot be checked, their words or keys not being given: entries 0"
    assert unknown in both({**log.files(), **files}, write)
    assert unknown in both(log.files(), write)
    for name in files:
        lines = both({**log.files(), **files, name: b"something else"}, write)
        assert lines[0].startswith(f"no: entry 0 ({TEXT}): {name} is not")


# --- the count of a year --------------------------------------------------------------------------------------------


def opening(type: str, meeting: str, at: str = "2026-03-01T09:00:00Z") -> tuple[Sealed, bytes]:
    """A restricted entry and the line that opens it, without its index."""
    fields = sealed_all({"network": "nnnnnnnnnnnnnnnn"})
    value: dict[str, Json] = {
        "type": type,
        "at": at,
        "actor": "seat:ssssssssssssssss",
        "subject": f"engagement:{meeting * 16}",
        "because": [],
        "commit": dict(commitments(fields)),
    }
    whole = Sealed(hashlib.sha256(meeting.encode()).digest(), jcs.text(value))
    told: dict[str, Json] = {
        "fields": {name: {"salt": one.salt.hex(), "value": jcs.decode(one.text)} for name, one in fields.items()},
        "index": 0,
        "salt": whole.salt.hex(),
        "value": value,
    }
    return whole, jcs.encode(told)


def counted_log() -> tuple[PlainLog, list[bytes]]:
    """Two meetings in public, three under seals, of which one twice protected; and the openings."""
    log, openings = PlainLog(at="2026-03-01T09:00:00Z"), []
    for meeting in "ab":
        log.append(f"engagement:{meeting * 16}", type="engagements.convened", title="Talks for a test")
    restricted = [("engagements.convened", meeting) for meeting in "cde"]
    restricted += [("visibility.protection_approved", "c"), ("visibility.flag_raised", "c")]
    for type, meeting in restricted:
        whole, line = opening(type, meeting)
        index = log.append_restricted(whole)
        log.append_decoy()
        openings.append(line.replace(b'"index":0', f'"index":{index}'.encode()))
    return log, openings


def count(log: PlainLog, **told: Any) -> int:
    size = len(log.leaves)
    root = merkle.root_of([merkle.leaf_hash(leaf) for leaf in log.leaves]).hex()
    facts: dict[str, Any] = {
        "year": 2026,
        "size": size,
        "root": root,
        "meetings": 5,
        "restricted": 3,
        "existence_protected": 1,
        "counts": [],
        "report": "00",
    }
    log.at = "2027-01-02T00:00:00Z"
    return log.append("year:2026", type="visibility.year_counted", **(facts | told))


def with_openings(folder: Path, lines: list[bytes], tmp_path: Path) -> list[str]:
    path = tmp_path / "openings.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    told = run(folder, "--openings", path)
    assert answer(folder, Brought(openings=path)) == (told.returncode == 0, told.stdout.splitlines())
    return told.stdout.splitlines()


def test_a_monitor_opens_what_she_may_know_beside_the_published_number(write: Write, tmp_path: Path) -> None:
    log, openings = counted_log()
    index = count(log)
    assert both(log.files(), write)[0].startswith("yes, 13 entries")
    folder = write(log.files())
    told = with_openings(folder, openings, tmp_path)
    assert told[0].startswith("yes")
    assert f"  restricted in 2026: 3 opened, 3 counted by entry {index}" in told
    assert f"  existence_protected in 2026: 1 opened, 1 counted by entry {index}" in told
    assert f"  restricted in 2026: 1 opened, 3 counted by entry {index}" in with_openings(
        folder, openings[:1], tmp_path
    )


def test_a_seal_left_out_of_the_number_is_told(write: Write, tmp_path: Path) -> None:
    log, openings = counted_log()
    index = count(log, restricted=2, meetings=4)
    told = with_openings(write(log.files()), openings, tmp_path)
    assert told[0] == f"no: entry {index} (year:2026): counts 2 restricted of 2026, and 3 were opened"


@pytest.mark.parametrize(
    "told",
    [{"meetings": 6}, {"root": "00" * 32}, {"size": 13}, {"size": 0}, {"year": 2025}],
    ids=["more in public", "another root", "itself", "nothing", "another year"],
)
def test_a_count_is_held_against_the_log_it_names(told: dict[str, Json], write: Write) -> None:
    log, _openings = counted_log()
    index = count(log, **told)
    assert both(log.files(), write)[0].startswith(f"no: entry {index} (year:2026): counts ")


def test_false_openings_are_refused(write: Write, tmp_path: Path) -> None:
    log, openings = counted_log()
    count(log)
    folder, good = write(log.files()), json.loads(openings[0])
    for changed, said in (
        ({"salt": "00" * 32}, "its opening is not what it sealed"),
        ({"index": 3}, "its opening is not what it sealed"),
        ({"index": 0}, "it is public"),
        ({"index": 99}, "the log does not reach so far"),
        ({"fields": {"network": {"salt": "00" * 32, "value": "m"}}}, "the value of network in its opening"),
        ({"index": True}, "is no opening"),
        ({"value": 5}, "its opening is not what it sealed"),
    ):
        told = with_openings(folder, [json.dumps(good | changed).encode()], tmp_path)
        assert told[0].startswith("no: "), (changed, told)
        assert said in told[0], (changed, told)
    assert with_openings(folder, openings[:1] * 2, tmp_path)[0].startswith("no: the log: line 2 of")


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[]",
        b"\xff",
        b"{}",
        b'{"index":1,"salt":"00"}',
        b'{"index":1,"salt":"0","value":1}',
        b'{"index":1,"salt":"AA","value":1}',
        b'{"index":1,"salt":7,"value":1}',
        b'{"index":1,"salt":"00","value":1,"fields":[]}',
        b'{"index":1,"salt":"00","value":1,"fields":{"a":7}}',
        b'{"index":1,"index":2,"salt":"00","value":1}',
        b'{"index":1.5,"salt":"00","value":1}',
        b'{"index":1,"salt":"00","value":NaN}',
        b"[" * 5_000,
    ],
)
def test_what_is_no_opening_is_named_by_its_line(line: bytes, write: Write, tmp_path: Path) -> None:
    """In words of their own where Python says why; both name the line, and neither falls."""
    log, openings = counted_log()
    count(log)
    folder, path = write(log.files()), tmp_path / "openings.jsonl"
    path.write_bytes(b"\n".join([openings[0], line, b""]))
    for lines in (answer(folder, Brought(openings=path))[1], run(folder, "--openings", path).stdout.splitlines()):
        assert lines[0].startswith("no: the log: line 2 of openings.jsonl is no opening: ")
        assert "1 restricted entry opened" in lines


def test_an_opening_of_a_strange_entry_brings_neither_verifier_down(write: Write, tmp_path: Path) -> None:
    """Its seal fits, and what it says has no form that the house writes: whoever runs a log may seal anything."""
    log, _openings = counted_log()
    value: Json = {"type": "engagements.convened", "at": "2026-03-01", "subject": ["a", {}]}
    whole = Sealed(b"\1" * 32, jcs.text(value))
    opened: Json = {"index": log.append_restricted(whole), "salt": whole.salt.hex(), "value": value}
    index = count(log)
    told = with_openings(write(log.files()), [jcs.encode(opened)], tmp_path)
    assert told[0].startswith("yes")
    assert f"  restricted in 2026: 1 opened, 3 counted by entry {index}" in told


def test_openings_that_are_not_there_are_no_answer(write: Write, tmp_path: Path) -> None:
    log, _openings = counted_log()
    with pytest.raises(NoCopy, match=r"."):
        answer(write(log.files()), Brought(openings=tmp_path / "nothing.jsonl"))
