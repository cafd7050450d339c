"""A copy falsified in every way we could think of: both verifiers say no and name the entry."""

import json
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.record.core import merkle
from comity.record.core.audit import Wrong, audit, verdict
from comity.record.core.copy import CHECKPOINT, DISCLOSURES, HASHES, LEAVES, Checkpoint, Unreadable, hash_lines, read
from comity.record.core.leaf import PublicFacts, public_leaf
from comity.record.tests.conftest import PlainLog, Write, three_subjects
from comity.record.tests.other import run, second_opinion

OTHER = second_opinion()
Files = dict[str, bytes]


def ours(files: Files) -> list[str]:
    try:
        copy = read(files[CHECKPOINT], files[LEAVES], files[HASHES], files[DISCLOSURES])
    except Unreadable as error:
        return [f"no: {error}"]
    return verdict(copy, audit(copy))


def theirs(files: Files, write: Write) -> list[str]:
    return run(write(files)).stdout.splitlines()


def named(lines: list[str]) -> set[int]:
    return {int(found[1]) for line in lines if (found := re.match(r"no: entry (\d+)", line))}


def lines_of(files: Files, name: str) -> list[bytes]:
    return files[name].splitlines(keepends=True)


def with_lines(files: Files, name: str, lines: list[bytes]) -> Files:
    return {**files, name: b"".join(lines)}


def rehashed(files: Files) -> Files:
    """What a forger does who also rewrites the list of fingerprints."""
    return {**files, HASHES: hash_lines(merkle.leaf_hash(line[:-1]) for line in lines_of(files, LEAVES))}


def rooted(files: Files) -> Files:
    """And who writes a new checkpoint over it."""
    hashes = [bytes.fromhex(line.decode()) for line in files[HASHES].split()]
    return {**files, CHECKPOINT: Checkpoint("example.org/fiction/record", len(hashes), merkle.root_of(hashes)).body()}


def change_leaf(files: Files) -> Files:
    lines = lines_of(files, LEAVES)
    lines[5] = lines[5].replace(b"texts.revised", b"texts.revized")
    return with_lines(files, LEAVES, lines)


def change_value(files: Files) -> Files:
    lines = [line.replace(b"Clause 5,", b"Clause 6,") for line in lines_of(files, DISCLOSURES)]
    return with_lines(files, DISCLOSURES, lines)


def change_salt(files: Files) -> Files:
    lines = lines_of(files, DISCLOSURES)
    at = next(place for place, line in enumerate(lines) if json.loads(line)["index"] == 5)
    row = json.loads(lines[at])
    row["fields"]["votes"]["salt"] = "00" * 32
    lines[at] = json.dumps(row).encode() + b"\n"
    return with_lines(files, DISCLOSURES, lines)


def take_out(files: Files) -> Files:
    lines = lines_of(files, LEAVES)
    return with_lines(files, LEAVES, lines[:5] + lines[6:])


def cut_off(files: Files) -> Files:
    return with_lines(files, LEAVES, lines_of(files, LEAVES)[:5])


def put_in(files: Files) -> Files:
    lines = lines_of(files, LEAVES)
    extra = public_leaf(
        PublicFacts("texts.adopted", "2026-04-18T17:12:58Z", "system", "text:zzzzzzzzzzzzzzzz", 1, ""), {}
    )
    return with_lines(files, LEAVES, [*lines[:5], extra + b"\n", *lines[5:]])


def swap(files: Files) -> Files:
    lines = lines_of(files, LEAVES)
    lines[5], lines[6] = lines[6], lines[5]
    return with_lines(files, LEAVES, lines)


def hide_value(files: Files) -> Files:
    lines = [line for line in lines_of(files, DISCLOSURES) if json.loads(line)["index"] != 5]
    return with_lines(files, DISCLOSURES, lines)


def spoil_hash(files: Files) -> Files:
    lines = lines_of(files, HASHES)
    lines[5] = b"0" * 64 + b"\n"
    return with_lines(files, HASHES, lines)


FORGERIES = [change_leaf, change_value, change_salt, take_out, cut_off, put_in, swap, hide_value, spoil_hash]


def test_a_true_copy_is_answered_yes_by_both(plain_log: PlainLog, write: Write) -> None:
    files = plain_log.files()
    root = Checkpoint.parse(files[CHECKPOINT]).root.hex()
    assert ours(files) == theirs(files, write) == [f"yes, 24 entries, root {root}"]


def test_an_empty_log_is_answered_yes_by_both(write: Write) -> None:
    files = PlainLog().files()
    assert ours(files) == theirs(files, write)
    assert ours(files)[0].startswith("yes, 0 entries")


@pytest.mark.parametrize("forge", FORGERIES)
def test_each_forgery_is_named_by_both(forge: Callable[[Files], Files], plain_log: PlainLog, write: Write) -> None:
    forged = forge(plain_log.files())
    assert 5 in named(ours(forged))
    assert 5 in named(theirs(forged, write))


@pytest.mark.parametrize("forge", [change_leaf, take_out, swap, put_in])
def test_a_forger_who_rewrites_the_list_is_still_refused(
    forge: Callable[[Files], Files], plain_log: PlainLog, write: Write
) -> None:
    forged = rehashed(forge(plain_log.files()))
    for lines in (ours(forged), theirs(forged, write)):
        assert any("root" in line for line in lines)
        assert named(lines), "the chains of the subjects still name an entry"


def test_an_altered_leaf_is_named_by_the_next_entry_of_its_subject(plain_log: PlainLog, write: Write) -> None:
    """Even when list and checkpoint were written anew: entry 8 is the next one on the subject of entry 5."""
    forged = rooted(rehashed(change_leaf(plain_log.files())))
    assert named(ours(forged)) == named(theirs(forged, write)) == {5}


def test_what_somebody_kept_from_earlier_names_what_a_wholly_rewritten_copy_hides(write: Write) -> None:
    """The last entry of a subject, list, checkpoint and value all rewritten: only an older copy can tell."""
    log = three_subjects(24)
    before = log.files()
    forged_log = three_subjects(24)
    forged = forged_log.files()
    assert ours(forged)[0].startswith("yes")
    kept = write({"kept-hashes": before[HASHES], "kept-checkpoint": before[CHECKPOINT]})
    write(forged)
    for name in ("kept-hashes", "kept-checkpoint"):
        answered = run(kept, "--trusted", kept / name)
        assert answered.returncode == 1
    assert named(run(kept, "--trusted", kept / "kept-hashes").stdout.splitlines()) == set(range(24))
    copy = read(forged[CHECKPOINT], forged[LEAVES], forged[HASHES], forged[DISCLOSURES])
    assert {fault.wrong for fault in audit(copy, [Checkpoint.parse(before[CHECKPOINT])])} == {Wrong.UNLIKE_TRUSTED}


def test_a_log_that_went_on_is_consistent_with_its_earlier_checkpoint(plain_log: PlainLog, write: Write) -> None:
    earlier = plain_log.files()
    plain_log.append("text:aaaaaaaaaaaaaaaa", votes=3)
    kept = write({"kept": earlier[CHECKPOINT], "kept-hashes": earlier[HASHES]})
    write(plain_log.files())
    answered = run(kept, "--trusted", kept / "kept", "--trusted", kept / "kept-hashes")
    assert (answered.returncode, answered.stdout[:15]) == (0, "yes, 25 entries")
    assert audit(plain_log.copy(), [Checkpoint.parse(earlier[CHECKPOINT])]) == []


def test_a_log_that_was_rolled_back_is_not(plain_log: PlainLog, write: Write) -> None:
    earlier = plain_log.files()
    kept = write({"kept": earlier[CHECKPOINT]})
    shorter = rooted(rehashed(with_lines(earlier, LEAVES, lines_of(earlier, LEAVES)[:20])))
    write(shorter)
    answered = run(kept, "--trusted", kept / "kept")
    assert answered.returncode == 1
    assert "entries 20 to 23 are gone" in answered.stdout


def test_another_log_is_not_mistaken_for_this_one(plain_log: PlainLog) -> None:
    other = Checkpoint(
        "example.org/record", 3, merkle.root_of([merkle.leaf_hash(line) for line in plain_log.leaves[:3]])
    )
    assert [fault.wrong for fault in audit(plain_log.copy(), [other])] == [Wrong.UNLIKE_TRUSTED]


@given(st.sampled_from([CHECKPOINT, LEAVES, HASHES, DISCLOSURES]), st.integers(0, 10**9), st.integers(1, 255))
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_single_byte_can_be_changed(name: str, place: int, change: int) -> None:
    """Whatever byte is changed in any file, both say no, unless the value read is the same.

    The checkpoint's first line only names the log; it binds nothing before somebody signs it.
    """
    content = bytearray(FILES[name])
    first = content.index(b"\n") + 1 if name == CHECKPOINT else 0
    content[first + place % (len(content) - first)] ^= change
    forged = {**FILES, name: bytes(content)}
    assert ours(forged)[0].startswith("no: ") == (not their_yes(forged))
    if name != DISCLOSURES:
        assert not their_yes(forged)
    elif their_yes(forged):
        assert [json.loads(a) for a in lines_of(forged, name)] == [json.loads(b) for b in lines_of(FILES, name)]


FILES = three_subjects(12).files()


def their_yes(files: Files) -> bool:
    """The second opinion without a process of its own."""
    vars(OTHER)["fetch"] = lambda place, name, size=None: files[name]
    try:
        return not OTHER.verify_copy("memory", [])[1]
    except OTHER.No:
        return False


def test_a_value_may_go_only_with_an_entry_that_says_so(plain_log: PlainLog, write: Write) -> None:
    del plain_log.disclosures[5]["words"]
    assert named(ours(plain_log.files())) == named(theirs(plain_log.files(), write)) == {5}
    plain_log.append("entry:5", type="record.erased", index=5, field="words", legal_basis="GDPR art. 17(1)(d)")
    assert ours(plain_log.files())[0].startswith("yes, 25 entries")
    assert theirs(plain_log.files(), write)[0].startswith("yes, 25 entries")


def test_what_is_no_copy_is_not_judged(write: Write) -> None:
    answered = run(write({"readme": b"nothing here"}))
    assert (answered.returncode, answered.stdout) == (2, "")
    assert "nothing to verify" in answered.stderr


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"null",
        b'{"index":{},"fields":{}}',
        b'{"index":true,"fields":{}}',
        b'{"index":0,"fields":[]}',
        b'{"index":0,"fields":{"a":{"salt":1,"value":1}}}',
        b'{"index":0,"fields":{"a":{"salt":"zz","value":1}}}',
        b'{"index":0,"fields":{"a":{"salt":"00","value":1e999}}}',
        b'{"index":0,"fields":{"a":{"salt":"00","value":99999999999999999999}}}',
        b'{"index":99,"fields":{}}',
        b'{"index":-1,"fields":{}}',
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
def test_a_malformed_disclosure_is_a_fault_and_never_a_crash(line: bytes, plain_log: PlainLog) -> None:
    files = plain_log.files()
    forged = {**files, DISCLOSURES: files[DISCLOSURES] + line + b"\n"}
    assert ours(forged)[0].startswith("no: ")
    assert not their_yes(forged)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        b'{"v":1}',
        b'{"commit":{},"v":1}',
        b'{ "v":1}',
        b'{"commit":"00","v":2}',
        b"{" * 3000,
        b"\xff",
    ],
)
def test_a_malformed_leaf_is_named_and_never_a_crash(line: bytes) -> None:
    log = three_subjects(6)
    log.leaves[3] = line
    assert 3 in named(ours(log.files()))
    assert not their_yes(log.files())
