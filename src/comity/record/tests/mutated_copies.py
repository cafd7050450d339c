"""Whole copies of a log with one file mutated, or forged by whoever has the log's key; what may be believed of them."""

import hashlib
from dataclasses import dataclass
from functools import cache
from random import Random

from comity.record.core import jcs, merkle
from comity.record.core.attested import attested
from comity.record.core.audit import audit
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.copy import CHECKPOINT, DISCLOSURES, POLICY, VKEYS, Copy, Unreadable, disclosure_line, read
from comity.record.core.leaf import PublicFacts, Sealed, decoy_leaf, public_leaf
from comity.record.core.notes import Note
from comity.record.tests.built import LOG, WITNESSES, BuiltLog, policy
from comity.record.tests.mutations import FalseAccept, Verdict, mutated

SIZE, SHARED, KEPT = 40, 20, 30
Files = dict[str, bytes]


@dataclass(frozen=True, eq=False)
class Published:
    """A copy as it was published: its files, an earlier head that somebody kept, its entries, its values."""

    files: Files
    kept: bytes
    leaves: list[bytes]
    values: dict[int, dict[str, Sealed]]


@cache
def published(face: int) -> Published:
    """One of two faces of a log: they share their first entries and are both signed and cosigned."""
    leaves, values, heads = list[bytes](), dict[int, dict[str, Sealed]](), dict[str, tuple[int, str]]()
    for number in range(SIZE):
        side = face if number >= SHARED else 0
        if number % 7 == 3:
            salt = hashlib.sha256(b"%d" % number).digest()
            leaves.append(jcs.encode({"v": 1, "commit": Sealed(salt, '"nothing"').commitment()}))
            continue
        subject = f"text:{'abc'[number % 3] * 16}"
        said: dict[str, jcs.Json] = {
            "words": f"Clause {number}, reading {side}",
            "votes": number,
            "absent": [None, side],
        }
        sealed = {name: Sealed(_salt(number, side, name), jcs.text(value)) for name, value in said.items()}
        seq, prev = heads.get(subject, (0, ""))
        facts = PublicFacts("texts.revised", "2026-04-18T17:12:58Z", "org:aaaabbbbccccdddd", subject, seq + 1, prev)
        leaves.append(public_leaf(facts, sealed))
        values[number], heads[subject] = sealed, (seq + 1, merkle.leaf_hash(leaves[-1]).hex())
    log = BuiltLog(leaves)
    log.grow(KEPT)
    kept = log.checkpoint()
    log.files.clear()
    log.size = 0
    log.grow(SIZE)
    lines = b"".join(disclosure_line(index, fields) for index, fields in values.items())
    keys = "".join(f"{key.verifier}\n" for key in (LOG, *WITNESSES)).encode()
    beside = {DISCLOSURES: lines, VKEYS: keys, POLICY: str(policy()).encode(), CHECKPOINT: log.checkpoint()}
    return Published({**log.files, **beside}, kept, leaves, values)


def _salt(*of: object) -> bytes:
    return hashlib.sha256(repr(of).encode()).digest()


def some_copy(random: Random) -> Files:
    """A copy in which something is not as it was published."""
    mine, other = random.choice(((0, 1), (1, 0)))
    files, there = dict(published(mine).files), published(other).files
    name, how = random.choice(list(files)), random.randrange(12)
    if how == 0:
        del files[name]
    elif how == 1:
        files[name] = there[name]
    elif how == 2:
        files[name] = files[random.choice(list(files))]
    elif how == 3:  # whoever runs the log shows another face of it
        files = {**there, **{random.choice(list(files)): files[name]}} if random.random() < 0.5 else dict(there)
    elif how == 4:  # whoever runs the log signs a mutated one alone
        files = _resigned(published(mine), random)
    else:
        files[name] = mutated(files[name], random, there[name])
    return files


def _resigned(mine: Published, random: Random) -> Files:
    leaves = list(mine.leaves)
    place = random.randrange(SIZE)
    leaves[place : place + random.randrange(2)] = random.choice(([], [decoy_leaf()], [mutated(leaves[place], random)]))
    log = BuiltLog(leaves)
    log.grow(len(leaves))
    kept = {name: content for name, content in mine.files.items() if not name.startswith("tile/")}
    return {**kept, **log.files, CHECKPOINT: log.checkpoint(witnesses=random.choice((0, 1)))}


def judged_copy(files: Files, kept: bytes) -> Verdict:
    """Audit a copy by the policy of a reader who kept an earlier head."""
    try:
        copy = read(lambda name: files[name])
        head = Checkpoint.of(Note.parse(kept))
        faults = [*audit(copy, [head]), *attested(copy, policy()).faults]
    except Unreadable as error:
        return False, str(error)
    if faults:
        return False, str(faults[0])
    _believed(copy, kept)
    return True, f"{copy.checkpoint.size} entries"


def _believed(copy: Copy, kept: bytes) -> None:
    """Raise FalseAccept unless entries and values are those of the face whose head was kept."""
    face = next(face for face in map(published, (0, 1)) if face.kept == kept)
    if list(copy.entries) != face.leaves:
        raise FalseAccept("entries")
    for index, fields in copy.disclosures.items():
        for name, sealed in fields.items():
            if face.values[index][name] != sealed:
                raise FalseAccept(index, name)
