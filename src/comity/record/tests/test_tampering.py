"""Random tampering with the files of a copy: both verifiers give one answer, and nobody believes what was altered."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.record.copies import NoCopy, answer
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.copy import CHECKPOINT, POLICY, VKEYS
from comity.record.core.notes import KeyKind, Note
from comity.record.tests.conftest import Files, Write, key_of, signed, three_subjects
from comity.record.tests.other import judged

KEYS_ALONE = {VKEYS, POLICY}
"""What these say of other keys, and how, may change without harm."""
SEED = int(os.environ.get("TAMPERING_SEED", "20261127"))


def copy() -> Files:
    """Two tiles' worth, a witness, and its policy."""
    files = three_subjects(260).files()
    witness = key_of("w.example", KeyKind.COSIGNATURE)
    head = Checkpoint.of(Note.parse(files[CHECKPOINT]))
    files[CHECKPOINT] = signed(head, witness)
    files[POLICY] = files[POLICY].replace(b"quorum none", f"witness w {witness.verifier}\nquorum w".encode())
    files[VKEYS] += f"{witness.verifier}\n".encode()
    return files


FILES = copy()


def flip(files: Files, name: str, chance: random.Random) -> bytes:
    content = bytearray(files[name])
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def cut(files: Files, name: str, chance: random.Random) -> bytes:
    return files[name][: chance.randrange(len(files[name]))]


def longer(files: Files, name: str, chance: random.Random) -> bytes:
    place = chance.randrange(len(files[name]) + 1)
    return files[name][:place] + chance.randbytes(chance.choice((1, 2, 32))) + files[name][place:]


def of_another(files: Files, name: str, chance: random.Random) -> bytes:
    return files[chance.choice(sorted(files))]


def without_a_piece(files: Files, name: str, chance: random.Random) -> bytes:
    content = files[name]
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.choice((1, 32, 300)) :]


def turned(files: Files, name: str, chance: random.Random) -> bytes:
    """Two pieces of the same length change places."""
    content, length = files[name], chance.choice((1, 32, 64))
    first, second = sorted(chance.randrange(max(len(content) - length, 1)) for _ in range(2))
    if second - first < length:
        return flip(files, name, chance)
    parts = content[:first], content[first : first + length], content[first + length : second]
    return parts[0] + content[second : second + length] + parts[2] + parts[1] + content[second + length :]


WAYS: list[Callable[[Files, str, random.Random], bytes]] = [flip, cut, longer, of_another, without_a_piece, turned]


def tampered(chance: random.Random) -> tuple[str, Files]:
    name = chance.choice(sorted(FILES))
    if chance.random() < 0.05:
        return f"{name} taken away", {other: content for other, content in FILES.items() if other != name}
    way = chance.choice(WAYS)
    return f"{name} {way.__name__}", {**FILES, name: way(FILES, name, chance)}


def tamper(times: int, seed: int, write: Write) -> None:
    folder = write(FILES)
    for number in range(times):
        said, files = tampered(random.Random(seed + number))  # noqa: S311 - the same each time
        with changed(folder, files):
            mine, theirs = answer_of(folder), judged(folder)
        assert mine == theirs, (seed + number, said)
        same = all(files.get(name) == content for name, content in FILES.items() if name not in KEYS_ALONE)
        assert not mine or same, (seed + number, said)


class changed:  # noqa: N801 - it reads as a word
    """While it lasts, the files of a folder are others."""

    def __init__(self, folder: Path, files: Files) -> None:
        self.folder, self.files = folder, files

    def __enter__(self) -> None:
        self._put(self.files, FILES)

    def __exit__(self, *_: object) -> None:
        self._put(FILES, self.files)

    def _put(self, wanted: Files, there: Files) -> None:
        for name in wanted.keys() | there.keys():
            if name not in wanted:
                (self.folder / name).unlink()
            elif wanted[name] != there.get(name):
                (self.folder / name).write_bytes(wanted[name])


def answer_of(folder: Path) -> bool:
    try:
        return answer(folder)[0]
    except NoCopy:
        return False


def test_both_give_one_answer_on_whatever_was_done_to_a_copy(write: Write) -> None:
    assert answer_of(write(FILES))
    tamper(120, SEED, write)


@pytest.mark.long
def test_both_give_one_answer_on_whatever_was_done_to_a_copy_at_length(write: Write) -> None:
    tamper(20_000, SEED + 1_000, write)
