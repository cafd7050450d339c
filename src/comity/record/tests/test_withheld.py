"""Withheld values: a copy names them without value and salt; both verifiers say so, and find whatever is altered."""

import json

import pytest

from comity.record.core.audit import audit, verdict
from comity.record.core.copy import DISCLOSURES, disclosure_line
from comity.record.core.leaf import Sealed
from comity.record.tests.conftest import Files, PlainLog, Write, leaves_of, read_files, with_leaves
from comity.record.tests.other import run


@pytest.fixture
def copy(plain_log: PlainLog) -> Files:
    """A copy in which entry 5 withholds both its values, and entry 6 one of its two."""
    lines = []
    for index, fields in sorted(plain_log.disclosures.items()):
        names = {5: {"words", "votes"}, 6: {"words"}}.get(index, set())
        lines.append(disclosure_line(index, {name: fields[name] for name in fields.keys() - names}, names))
    return {**plain_log.files(), DISCLOSURES: b"".join(lines)}


def ours(files: Files) -> list[str]:
    found = read_files(files)
    return verdict(found, audit(found))


def theirs(files: Files, write: Write) -> list[str]:
    return run(write(files)).stdout.splitlines()


def test_both_accept_withheld_values_count_them_and_name_them(copy: Files, write: Write) -> None:
    told = ["3 values withheld, which cannot be checked:", "  entry 5: votes, words", "  entry 6: words"]
    for answer in (ours(copy), theirs(copy, write)):
        assert answer[0].startswith("yes, 24 entries, root ")
        assert answer[-3:] == told


def test_a_copy_says_nothing_of_a_withheld_value_but_its_name(copy: Files, plain_log: PlainLog) -> None:
    hidden = plain_log.disclosures[5]["words"]
    whole = b"".join(copy.values())
    assert hidden.text.encode() not in whole
    assert hidden.salt.hex().encode() not in whole
    line = next(line for line in copy[DISCLOSURES].splitlines() if json.loads(line)["index"] == 5)
    assert json.loads(line) == {"fields": {}, "index": 5, "withheld": ["votes", "words"]}


def replaced(files: Files, index: int, line: bytes) -> Files:
    lines = {json.loads(one)["index"]: one for one in files[DISCLOSURES].splitlines(keepends=True)} | {index: line}
    return {**files, DISCLOSURES: b"".join(lines[place] for place in sorted(lines))}


def line_of(files: Files, index: int) -> bytes:
    return next(one for one in files[DISCLOSURES].splitlines(keepends=True) if json.loads(one)["index"] == index)


@pytest.mark.parametrize(
    ("names", "what"),
    [
        (["votes", "words", "never"], "never"),
        (["words"], "votes"),
        (["votes", "votes", "words"], ""),
        ("votes", ""),
        ([7], ""),
    ],
    ids=["never-sealed", "one-missing", "named-twice", "no-list", "no-name"],
)
def test_both_refuse_a_mark_that_hides_no_value(copy: Files, write: Write, names: object, what: str) -> None:
    line = json.dumps({"fields": {}, "index": 5, "withheld": names}, separators=(",", ":")).encode() + b"\n"
    false = replaced(copy, 5, line)
    for answer in (ours(false), theirs(false, write)):
        assert answer[0].startswith("no: ")
        assert what in answer[0]


def test_both_refuse_a_value_that_is_disclosed_and_withheld(copy: Files, plain_log: PlainLog, write: Write) -> None:
    false = replaced(copy, 6, disclosure_line(6, plain_log.disclosures[6], {"words"}))
    for answer in (ours(false), theirs(false, write)):
        assert answer[0].startswith("no: entry 6")


def test_both_find_another_value_altered_beside_a_withheld_one(copy: Files, plain_log: PlainLog, write: Write) -> None:
    votes = Sealed(plain_log.disclosures[6]["votes"].salt, "60")
    false = replaced(copy, 6, disclosure_line(6, {"votes": votes}, {"words"}))
    for answer in (ours(false), theirs(false, write)):
        assert answer[0].startswith("no: entry 6")
        assert answer[-1] == "  entry 6: words"


def test_both_find_a_leaf_altered_whose_values_are_withheld(copy: Files, write: Write) -> None:
    leaves = leaves_of(copy)
    leaves[5] = leaves[5].replace(b"texts.revised", b"texts.revized")
    false = with_leaves(copy, leaves)
    for answer in (ours(false), theirs(false, write)):
        assert any(line.startswith("no: entry 5") for line in answer)


def test_what_says_that_something_was_erased_is_never_withheld(plain_log: PlainLog, write: Write) -> None:
    index = plain_log.append("entry:5", type="record.erased", index=5, field="words", legal_basis="consent withdrawn")
    fields = plain_log.disclosures.pop(index)
    files = plain_log.files()
    files[DISCLOSURES] += disclosure_line(index, {}, fields)
    for answer in (ours(files), theirs(files, write)):
        assert answer[0].startswith(f"no: entry {index}")


def test_a_seal_that_hides_an_entry_whole_withholds_no_value(copy: Files, write: Write) -> None:
    false = replaced(copy, 7, disclosure_line(7, {}, {"words"}))
    for answer in (ours(false), theirs(false, write)):
        assert answer[0].startswith("no: entry 7")


def test_a_copy_that_withholds_nothing_says_nothing_of_it(plain_log: PlainLog, write: Write) -> None:
    files = plain_log.files()
    assert b"withheld" not in files[DISCLOSURES]
    for answer in (ours(files), theirs(files, write)):
        assert answer[0].startswith("yes, 24 entries")
        assert not any("withheld" in line for line in answer)
