"""A copy falsified in every way we could think of: both verifiers say no and name the entry."""

import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.record.core import merkle
from comity.record.core.attested import attested
from comity.record.core.audit import Wrong, audit, verdict
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.copy import CHECKPOINT, DISCLOSURES, POLICY, VKEYS, Unreadable
from comity.record.core.leaf import PublicFacts, public_leaf
from comity.record.core.notes import KeyKind, Note
from comity.record.core.policies import Party, Policy
from comity.record.tests.conftest import (
    Files,
    PlainLog,
    Write,
    key_of,
    leaves_of,
    read_files,
    resigned,
    retiled,
    signed,
    three_subjects,
    with_leaves,
)
from comity.record.tests.other import alone, judged, run

ORIGIN = "example.org/fiction/record"


def ours(files: Files) -> list[str]:
    try:
        copy = read_files(files)
    except Unreadable as error:
        return [f"no: {error}"]
    told = attested(copy)
    return verdict(copy, [*audit(copy), *told.faults], told.lines)


def theirs(files: Files, write: Write) -> list[str]:
    return run(write(files)).stdout.splitlines()


def named(lines: list[str]) -> set[int]:
    return {int(found[1]) for line in lines if (found := re.match(r"no: entry (\d+)", line))}


def lines_of(files: Files) -> list[bytes]:
    return files[DISCLOSURES].splitlines(keepends=True)


def with_lines(files: Files, lines: list[bytes]) -> Files:
    return {**files, DISCLOSURES: b"".join(lines)}


def change_leaf(files: Files) -> Files:
    leaves = leaves_of(files)
    leaves[5] = leaves[5].replace(b"texts.revised", b"texts.revized")
    return with_leaves(files, leaves)


def change_value(files: Files) -> Files:
    return with_lines(files, [line.replace(b"Clause 5,", b"Clause 6,") for line in lines_of(files)])


def change_salt(files: Files) -> Files:
    lines = lines_of(files)
    at = next(place for place, line in enumerate(lines) if json.loads(line)["index"] == 5)
    row = json.loads(lines[at])
    row["fields"]["votes"]["salt"] = "00" * 32
    lines[at] = json.dumps(row, separators=(",", ":"), sort_keys=True).encode() + b"\n"
    return with_lines(files, lines)


def take_out(files: Files) -> Files:
    leaves = leaves_of(files)
    return with_leaves(files, leaves[:5] + leaves[6:])


def cut_off(files: Files) -> Files:
    return with_leaves(files, leaves_of(files)[:5])


def put_in(files: Files) -> Files:
    leaves = leaves_of(files)
    facts = PublicFacts("texts.adopted", "2026-04-18T17:12:58Z", "system", "text:zzzzzzzzzzzzzzzz", 1, "")
    return with_leaves(files, [*leaves[:5], public_leaf(facts, {}), *leaves[5:]])


def swap(files: Files) -> Files:
    leaves = leaves_of(files)
    leaves[5], leaves[6] = leaves[6], leaves[5]
    return with_leaves(files, leaves)


def hide_value(files: Files) -> Files:
    return with_lines(files, [line for line in lines_of(files) if json.loads(line)["index"] != 5])


def spoil_hash(files: Files) -> Files:
    tile = bytearray(files["tile/0/000.p/24"])
    tile[5 * 32 : 6 * 32] = bytes(32)
    return {**files, "tile/0/000.p/24": bytes(tile)}


FORGERIES = [change_leaf, change_value, change_salt, take_out, cut_off, put_in, swap, hide_value, spoil_hash]
NO_WITNESS = "no independent witness: that others are shown the same log rests on the word of whoever runs it"


def test_a_true_copy_is_answered_yes_by_both(plain_log: PlainLog, write: Write) -> None:
    files = plain_log.files()
    root = Checkpoint.of(Note.parse(files[CHECKPOINT])).root.hex()
    expected = [f"yes, 24 entries, root {root}", f"signed by {ORIGIN}", NO_WITNESS]
    assert ours(files) == theirs(files, write) == alone(write(files)).stdout.splitlines() == expected


@pytest.mark.parametrize("entries", [0, 1, 255, 256, 257, 513])
def test_a_log_of_any_size_is_answered_yes_by_both(entries: int, write: Write) -> None:
    files = (three_subjects(entries) if entries else PlainLog()).files()
    assert ours(files) == theirs(files, write)
    assert ours(files)[0].startswith(f"yes, {entries} entries")


@pytest.mark.parametrize("forge", FORGERIES)
def test_each_forgery_is_named_by_both(forge: Callable[[Files], Files], plain_log: PlainLog, write: Write) -> None:
    forged = forge(plain_log.files())
    assert 5 in named(ours(forged))
    assert named(ours(forged)) == named(theirs(forged, write))


@pytest.mark.parametrize("forge", [change_leaf, take_out, swap, put_in])
def test_a_forger_who_writes_the_tiles_anew_is_still_refused(
    forge: Callable[[Files], Files], plain_log: PlainLog, write: Write
) -> None:
    forged = retiled(forge(plain_log.files()))
    if forge is take_out:
        forged["tile/0/000.p/24"] = forged.pop("tile/0/000.p/23")
        forged["tile/entries/000.p/24"] = forged.pop("tile/entries/000.p/23")
    if forge is put_in:
        forged["tile/0/000.p/24"] = forged.pop("tile/0/000.p/25")[: 24 * 32]
        forged["tile/entries/000.p/24"] = forged.pop("tile/entries/000.p/25")
    for lines in (ours(forged), theirs(forged, write)):
        assert any("root" in line for line in lines)
        assert named(lines), "the chains of the subjects still name an entry"


def test_an_altered_leaf_is_named_by_the_next_entry_of_its_subject(plain_log: PlainLog, write: Write) -> None:
    """Even when tiles and checkpoint were written and signed anew: entry 8 is the next on the subject of entry 5."""
    forged = resigned(change_leaf(plain_log.files()))
    assert named(ours(forged)) == named(theirs(forged, write)) == {5}


def test_each_fault_names_its_entry_and_its_subject(plain_log: PlainLog, write: Write) -> None:
    forged = change_leaf(plain_log.files())
    for lines in (ours(forged), theirs(forged, write)):
        assert lines[0].startswith("no: entry 5 (text:cccccccccccccccc): was altered: its fingerprint is ")


def test_what_somebody_kept_from_earlier_names_what_a_wholly_rewritten_copy_hides(write: Write, tmp_path: Path) -> None:
    """The last entry of a subject rewritten, and everything signed anew: only an older copy or checkpoint can tell."""
    log = three_subjects(24)
    before = log.files()
    kept = write(before).rename(tmp_path / "kept")
    log.leaves[23] = log.leaves[23].replace(b"texts.revised", b"texts.revized")
    forged = log.files()
    folder = write(forged)
    assert ours(forged)[0].startswith("yes")
    assert run(folder).returncode == 0
    with_copy = run(folder, "--trusted", kept)
    assert (with_copy.returncode, named(with_copy.stdout.splitlines())) == (1, {23})
    assert "the log has signed both: keep both files, they prove it" in with_copy.stdout
    with_head = run(folder, "--trusted", kept / "checkpoint")
    assert (with_head.returncode, "an entry before number 24 was altered" in with_head.stdout) == (1, True)
    copy, older = read_files(forged), read_files(before)
    assert {fault.index for fault in audit(copy, [], [older.hashes])} == {23}
    assert {fault.wrong for fault in audit(copy, [older.checkpoint])} == {Wrong.UNLIKE_TRUSTED}


def test_a_log_that_went_on_is_consistent_with_what_was_kept(write: Write, tmp_path: Path) -> None:
    for before, after in ((1, 2), (24, 25), (200, 300), (256, 257), (300, 700)):
        log = three_subjects(before)
        kept = write(log.files()).rename(tmp_path / f"kept-{before}")
        for number in range(after - before):
            log.append("text:aaaaaaaaaaaaaaaa", votes=number)
        answered = run(write(log.files()), "--trusted", kept, "--trusted", kept / "checkpoint")
        assert (answered.returncode, answered.stdout.startswith(f"yes, {after} entries")) == (0, True), answered.stdout
        older = read_files({name: (kept / name).read_bytes() for name in [CHECKPOINT]} | log.files()).checkpoint
        assert audit(log.copy(), [older]) == []


def test_a_log_that_was_rolled_back_is_not(plain_log: PlainLog, write: Write, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(plain_log.files()[CHECKPOINT])
    shorter = PlainLog(
        leaves=plain_log.leaves[:20], disclosures={k: v for k, v in plain_log.disclosures.items() if k < 20}
    )
    answered = run(write(shorter.files()), "--trusted", kept)
    assert answered.returncode == 1
    assert "entries 20 to 23 are gone" in answered.stdout
    assert [fault.wrong for fault in audit(shorter.copy(), [plain_log.copy().checkpoint])] == [Wrong.UNLIKE_TRUSTED]


def test_another_log_is_not_mistaken_for_this_one(plain_log: PlainLog, write: Write, tmp_path: Path) -> None:
    root = merkle.root_of([merkle.leaf_hash(line) for line in plain_log.leaves[:3]])
    other = Checkpoint("example.org/record", 3, root)
    assert [fault.wrong for fault in audit(plain_log.copy(), [other])] == [Wrong.UNLIKE_TRUSTED]
    (tmp_path / "kept").write_bytes(other.body())
    assert (
        "the trusted checkpoint is of example.org/record"
        in run(write(plain_log.files()), "--trusted", tmp_path / "kept").stdout
    )


@given(st.sampled_from([CHECKPOINT, "tile/0/000.p/12", "tile/entries/000.p/12", DISCLOSURES]), st.data())
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_single_byte_can_be_changed(name: str, data: st.DataObject) -> None:
    """Whatever byte is changed in any file, both say no."""
    content = bytearray(FILES[name])
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    forged = {**FILES, name: bytes(content)}
    assert ours(forged)[0].startswith("no: ")
    assert not their_yes(forged)


FILES = three_subjects(12).files()


def their_yes(files: Files) -> bool:
    """The second opinion without a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_bytes(content)
        return judged(Path(folder))


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
    files = three_subjects(3).files()
    del files[DISCLOSURES]
    answered = run(write(files))
    assert (answered.returncode, "--without-values verifies the rest" in answered.stdout) == (1, True)
    assert run(write(files), "--without-values").returncode == 0


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"null",
        b'{"fields":{},"index":{}}',
        b'{"fields":{},"index":true}',
        b'{"fields":[],"index":99}',
        b'{"index":99,"fields":{}}',
        b'{"fields":{},"index":99,"more":1}',
        b'{"fields":{"a":{"salt":1,"value":1}},"index":99}',
        b'{"fields":{"a":{"salt":"zz","value":1}},"index":99}',
        b'{"fields":{"a":{"salt":"AA","value":1}},"index":99}',
        b'{"fields":{"a":{"salt":"00","value":1e999}},"index":99}',
        b'{"fields":{"a":{"salt":"00","value":99999999999999999999}},"index":99}',
        b'{"fields":{},"index":99}',
        b'{"fields":{},"index":-1}',
        b'{"fields":{},"index":3}',
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
def test_a_malformed_leaf_is_named_and_never_a_crash(line: bytes, write: Write) -> None:
    log = three_subjects(6)
    log.leaves[3] = line
    assert 3 in named(ours(log.files()))
    assert 3 in named(theirs(log.files(), write))


# --- files of several tiles -----------------------------------------------------------------------------------------

LARGE = three_subjects(600).files()


def without(*names: str) -> Callable[[Files], Files]:
    return lambda files: {name: content for name, content in files.items() if name not in names}


def cut(name: str, by: int) -> Callable[[Files], Files]:
    return lambda files: {**files, name: files[name][:-by]}


def longer(name: str) -> Callable[[Files], Files]:
    return lambda files: {**files, name: files[name] + b"\0" * 32}


def swapped(first: str, second: str) -> Callable[[Files], Files]:
    return lambda files: {**files, first: files[second], second: files[first]}


def twice_cosigned(files: Files) -> Files:
    """A false line of a witness whose key is known stands under the checkpoint."""
    witness = key_of("w.example", KeyKind.COSIGNATURE)
    head = Checkpoint.of(Note.parse(files[CHECKPOINT]))
    false = witness.sign(Checkpoint(head.origin, head.size, bytes(32)).body(), time=5)
    note = Note.parse(files[CHECKPOINT])
    return {
        **files,
        CHECKPOINT: bytes(Note(note.text, [*note.signatures, false])),
        VKEYS: files[VKEYS] + f"{witness.verifier}\n".encode(),
    }


def of_another_log(files: Files) -> Files:
    head = Checkpoint.of(Note.parse(files[CHECKPOINT]))
    return {**files, CHECKPOINT: signed(Checkpoint("other.example/record", head.size, head.root))}


def signed_by_another(files: Files) -> Files:
    body = Note.parse(files[CHECKPOINT]).text
    return {**files, CHECKPOINT: bytes(Note(body, [key_of("other.example").sign(body)]))}


def unsigned(files: Files) -> Files:
    return {**files, CHECKPOINT: Note.parse(files[CHECKPOINT]).text}


def unmet_policy(files: Files) -> Files:
    witness = key_of("w.example", KeyKind.COSIGNATURE).verifier
    policy = Policy((Party(key_of(ORIGIN).verifier),), {"w": Party(witness)}, {}, "w")
    return {**files, POLICY: str(policy).encode()}


TAMPERINGS: dict[str, Callable[[Files], Files]] = {
    "bundles swapped": swapped("tile/entries/000", "tile/entries/001"),
    "tiles swapped": swapped("tile/0/000", "tile/0/001"),
    "bundles and tiles swapped": lambda files: swapped("tile/entries/000", "tile/entries/001")(
        swapped("tile/0/000", "tile/0/001")(files)
    ),
    "bundle cut": cut("tile/entries/001", 1),
    "bundle longer": longer("tile/entries/001"),
    "tile cut": cut("tile/0/001", 32),
    "tile longer": longer("tile/0/001"),
    "partial tile cut": cut("tile/0/002.p/88", 32),
    "upper tile cut": cut("tile/1/000.p/2", 32),
    "upper tile swapped": lambda files: {
        **files,
        "tile/1/000.p/2": files["tile/1/000.p/2"][32:] + files["tile/1/000.p/2"][:32],
    },
    "bundle missing": without("tile/entries/001"),
    "tile missing": without("tile/0/001"),
    "upper tile missing": without("tile/1/000.p/2"),
    "last bundle missing": without("tile/entries/002.p/88"),
    "wrong width": lambda files: {
        **without("tile/0/002.p/88", "tile/entries/002.p/88")(files),
        "tile/0/002.p/87": files["tile/0/002.p/88"],
        "tile/entries/002.p/87": files["tile/entries/002.p/88"],
    },
    "checkpoint of another log": of_another_log,
    "signed by another": signed_by_another,
    "not signed": unsigned,
    "a false cosignature": twice_cosigned,
    "a policy that is not met": unmet_policy,
    "no key": without(VKEYS, POLICY),
    "a bad key": lambda files: {**files, VKEYS: files[VKEYS].replace(b"+", b"+0", 1)},
    "a bad policy": lambda files: {**files, POLICY: b"quorum nobody\n"},
    "a smaller checkpoint": lambda files: {**files, CHECKPOINT: three_subjects(599).files()[CHECKPOINT]},
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_both_refuse_what_was_done_to_the_files(tampering: str, write: Write) -> None:
    forged = TAMPERINGS[tampering](LARGE)
    mine, other = ours(forged), theirs(forged, write)
    assert mine[0].startswith("no: ")
    assert other[0].startswith("no: ")
    assert named(mine) == named(other) or ("swapped" in tampering and named(mine) & named(other))


def test_both_take_a_full_tile_where_the_partial_one_has_gone(write: Write) -> None:
    """A log went on past 600 to 800 entries; whoever still has its checkpoint of 600 reads what stands now."""
    log = three_subjects(800)
    later, head = (
        log.files(),
        Checkpoint(ORIGIN, 600, merkle.root_of([merkle.leaf_hash(one) for one in log.leaves[:600]])),
    )
    told = [line for line in lines_of(later) if json.loads(line)["index"] < 600]
    files = {**later, CHECKPOINT: signed(head), DISCLOSURES: b"".join(told)}
    files["tile/1/000.p/2"] = files["tile/1/000.p/3"][:64]
    assert "tile/0/002.p/88" not in files
    assert ours(files) == theirs(files, write)
    assert ours(files)[0].startswith("yes, 600 entries")


def witnessed(files: Files, hands: dict[str, str]) -> Files:
    """A log whose policy asks two of two witnesses, and has them."""
    keys = {name: key_of(f"{name}.example", KeyKind.COSIGNATURE) for name in ("left", "right")}
    lines = [f"log {key_of(ORIGIN).verifier}", *(f"witness {name} {key.verifier}" for name, key in keys.items())]
    lines += ["group both all left right", "quorum both"]
    return {
        **files,
        CHECKPOINT: signed(Checkpoint.of(Note.parse(files[CHECKPOINT])), *keys.values()),
        POLICY: "".join(f"{line}\n" for line in lines).encode(),
        "controllers": "".join(f"{name} {words}\n" for name, words in hands.items()).encode(),
    }


@pytest.mark.parametrize(
    ("hands", "independent"),
    [
        ({"left": "Party of the Left Shore", "right": "Party of the Right Shore", "log": "the secretariat"}, True),
        ({"left": "the secretariat", "right": "The  Secretariat", "log": "the secretariat"}, False),
        ({"left": "Example Hosting", "right": "Example Hosting", "log": "the secretariat"}, False),
        ({}, False),
    ],
    ids=["rivals", "the operator", "one hand", "nobody says"],
)
def test_both_say_who_cosigned_and_whether_anybody_is_independent(
    hands: dict[str, str], independent: bool, plain_log: PlainLog, write: Write
) -> None:
    files = witnessed(plain_log.files(), hands)
    assert ours(files) == theirs(files, write)
    lines = ours(files)
    assert lines[0].startswith("yes, 24 entries")
    assert any(line.startswith("cosigned by left.example at 2023-11-14T22:13:20Z") for line in lines)
    assert (NO_WITNESS in lines) is not independent
    assert "the log's own policy is met: both" in lines


def test_a_policy_of_the_reader_outweighs_that_of_the_copy(plain_log: PlainLog, write: Write, tmp_path: Path) -> None:
    from comity.record.copies import Brought, answer

    folder, mine = write(plain_log.files()), tmp_path / "mine"
    mine.write_bytes(witnessed(plain_log.files(), {})[POLICY])
    refused = run(folder, "--policy", mine)
    assert (refused.returncode, "your policy is not met: not cosigned by left, right" in refused.stdout) == (1, True)
    assert answer(folder, Brought(policy=mine))[0] is False
    folder = write(witnessed(plain_log.files(), {}))
    assert run(folder, "--policy", mine).returncode == 0
    assert answer(folder, Brought(policy=mine))[0]
    mine.write_text(f"log {key_of('other.example').verifier}\nquorum none\n")
    assert f"your policy names no key of the log {ORIGIN}" in run(folder, "--policy", mine).stdout
    assert answer(folder, Brought(policy=mine))[0] is False
