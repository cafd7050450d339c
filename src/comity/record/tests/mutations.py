"""Random mutations of heads, proofs, logs and consistency paths, and what may be believed of them.

Two histories share their first entries and are both signed: what a log says that shows two faces. Whatever a reader
accepts must be what one of them says; a mutation that changes nothing that counts is accepted rightly.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from comity.record.core import merkle
from comity.record.core.checkpoints import Opened
from comity.record.core.merkle import BadProof
from comity.record.core.notes import Malformed, NotSigned
from comity.record.core.policies import opened_under
from comity.record.core.tiles import WIDTH, Tree, bundle_of, tile_at, tiles_of, unbundled
from comity.record.core.tlog_proof import TlogProof, proved
from comity.record.tests.built import TIME, BuiltLog, policy

SHARED, ENTRIES = 100, 300
SIZES = (1, 7, 100, 255, 256, 257, 300)
POLICY = policy(2)
TOKENS = (
    *(b"\n", b"\n\n", b"\r", b" ", b"\t", b"\0", b"+", b"-", b"0", b"=", b"\xff", b"\xc2\xa0", b"extra ", b"index "),
    *("— ".encode(), b"- ", b"\n\n\xe2\x80\x94 ", b"AAAA", b"\x80", b"\xef\xbb\xbf"),
)
Verdict = tuple[bool, str]
"""Whether it was accepted, and what was believed of it."""


class FalseAccept(AssertionError):
    """A reader believed what no history says."""


@dataclass(frozen=True, eq=False)
class History:
    """One history at each of its sizes: entries, heads, and the log at its largest."""

    log: BuiltLog
    heads: dict[int, bytes]
    proofs: dict[tuple[int, int], bytes]

    @property
    def entries(self) -> Sequence[bytes]:
        return self.log.entries


def _history(mark: int) -> History:
    shared = [b'{"commit":"%064x","v":1}' % number for number in range(SHARED)]
    own = [b'{"commit":"%063x%d","v":1}' % (number, mark) for number in range(SHARED, ENTRIES)]
    log, heads, proofs = BuiltLog([*shared, *own]), dict[int, bytes](), dict[tuple[int, int], bytes]()
    for size in SIZES:
        log.grow(size)
        heads[size] = log.checkpoint(witnesses=3 if size % 2 else 2, time=TIME + size)
        for index in {0, size // 2, size - 1}:
            proofs[size, index] = log.proof(index, heads[size])
    return History(log, heads, proofs)


@cache
def histories() -> tuple[History, History]:
    """The two faces of the log."""
    return _history(0), _history(1)


@cache
def _said() -> dict[bytes, tuple[History, frozenset[tuple[bytes, int]]]]:
    """By each text that was ever signed: whose it is, and the witnesses' keys with their times."""
    told = {}
    for history in histories():
        for head in history.heads.values():
            known = opened_under(head, POLICY)
            told[known.note.text] = history, frozenset((one.key.public, one.time) for one in known.cosigned)
    return told


def believed(known: Opened) -> History:
    """The history that says this head; raise FalseAccept unless its text and each cosignature were truly made."""
    history, signers = _said().get(known.note.text, (None, frozenset()))
    if history is None or not {(one.key.public, one.time) for one in known.cosigned} <= signers:
        raise FalseAccept(bytes(known.note))
    return history


def _flip(content: bytearray, random: Random) -> None:
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)


def _set(content: bytearray, random: Random) -> None:
    content[random.randrange(len(content))] = random.randrange(256)


def _cut(content: bytearray, random: Random) -> None:
    first = random.randrange(len(content))
    del content[first : first + random.choice((1, 1, 1, 2, 4, 32, 100))]


def _insert(content: bytearray, random: Random) -> None:
    place = random.randrange(len(content) + 1)
    content[place:place] = random.choice(TOKENS) if random.random() < 0.7 else random.randbytes(random.randrange(1, 9))


def _repeat(content: bytearray, random: Random) -> None:
    first = random.randrange(len(content))
    part = content[first : first + random.choice((1, 2, 32, 64))]
    content[first:first] = part


def _letter(content: bytearray, random: Random) -> None:
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
    places = [place for place, byte in enumerate(content) if byte in letters] or [0]
    content[random.choice(places)] = random.choice(letters)


def _lines(content: bytearray, random: Random) -> None:
    lines = bytes(content).split(b"\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    how = random.randrange(4)
    if how == 0:
        lines[one], lines[other] = lines[other], lines[one]
    elif how == 1:
        del lines[one]
    elif how == 2:
        lines.insert(other, lines[one])
    else:
        lines[one] = lines[one].strip() + random.choice((b" ", b"\r", b"=", b"", b"+"))
    content[:] = b"\n".join(lines)


def _number(content: bytearray, random: Random) -> None:
    lines = bytes(content).split(b"\n")
    places = [place for place, line in enumerate(lines) if line.removeprefix(b"index ").isdigit()]
    if places:
        place = random.choice(places)
        head, _, digits = lines[place].rpartition(b" ")
        number = int(digits) + random.choice((-256, -2, -1, 1, 2, 256, 2**32, 2**63))
        written = random.choice((b"%d", b"+%d", b"0%d", b"%d ", b"%x")) % number
        lines[place] = head + (b" " if head else b"") + written
        content[:] = b"\n".join(lines)


def _spare_bits(content: bytearray, random: Random) -> None:
    """Another writing of the same base64."""
    place = bytes(content).find(b"=", random.randrange(len(content)))
    if place > 0:
        content[place - 1] = content[place - 1] + 1 if content[place - 1] < 255 else 0


WAYS: tuple[Callable[[bytearray, Random], None], ...] = (
    *(_flip, _flip, _set, _cut, _insert, _repeat, _letter, _letter, _lines, _lines, _number, _spare_bits),
)


def mutated(content: bytes, random: Random, *others: bytes) -> bytes:
    """The content with one thing or a few things changed, or spliced with another."""
    changed = bytearray(content)
    if others and random.random() < 0.2:
        other = random.choice(others)
        changed = changed[: random.randrange(len(changed) + 1)] + other[random.randrange(len(other) + 1) :]
        if random.random() < 0.5:
            return bytes(changed)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        if changed:
            random.choice(WAYS)(changed, random)
    return bytes(changed)


def _whose(random: Random) -> tuple[History, History]:
    return random.choice((histories(), histories()[::-1]))


def some_head(random: Random) -> bytes:
    """A signed head, mutated."""
    mine, other = _whose(random)
    heads = [*mine.heads.values(), *other.heads.values()]
    return mutated(mine.heads[random.choice(SIZES)], random, *random.sample(heads, 2))


def some_proof(random: Random) -> tuple[bytes, bytes]:
    """A proof and an entry, one of them or both mutated, or of another place."""
    mine, other = _whose(random)
    (size, index), proof = random.choice(list(mine.proofs.items()))
    entry = mine.entries[index]
    how = random.randrange(8)
    if how == 0:
        return proof, mutated(entry, random)
    if how == 1:
        return proof, other.entries[random.randrange(ENTRIES)]
    if how == 2:  # a true path under another true head
        read = TlogProof.parse(proof)
        head = random.choice([*mine.heads.values(), *other.heads.values()])
        return bytes(TlogProof(random.choice((index, size)), read.path, head)), entry
    if how == 3:  # a mutated path, well written
        return bytes(TlogProof(index, _path(TlogProof.parse(proof).path, random), mine.heads[size])), entry
    spliced = [*random.sample(list(mine.proofs.values()), 1), *random.sample(list(other.proofs.values()), 1)]
    return mutated(proof, random, *spliced), entry


def _path(path: Sequence[bytes], random: Random) -> list[bytes]:
    changed = list(path) or [bytes(32)]
    place, how = random.randrange(len(changed)), random.randrange(5)
    if how == 0:
        del changed[place]
    elif how == 1:
        changed.insert(place, random.choice((changed[place], bytes(32), merkle.EMPTY_ROOT)))
    elif how == 2:
        random.shuffle(changed)
    elif how == 3:
        changed[place] = mutated(changed[place], random)
    else:
        changed[place] = changed[place][:-1] + bytes([changed[place][-1] ^ 1]) if changed[place] else b""
    return changed


def judged_head(content: bytes) -> Verdict:
    """Read a head under the policy."""
    try:
        known = opened_under(content, POLICY)
    except (Malformed, NotSigned) as error:
        return False, str(error)
    believed(known)
    return True, str(known.checkpoint.size)


def judged_proof(proof: bytes, entry: bytes) -> Verdict:
    """Read a proof of an entry under the policy."""
    try:
        known = proved(proof, entry, POLICY)
    except (Malformed, NotSigned, BadProof) as error:
        return False, str(error)
    history, index = believed(known), TlogProof.parse(proof).index
    if index >= known.checkpoint.size or history.entries[index] != entry:
        raise FalseAccept(proof, entry)
    return True, str(index)


@cache
def _seen(history: History, size: int) -> Opened:
    """A head that a reader has kept from earlier."""
    return opened_under(history.heads[size], POLICY)


def judged_log(random: Random) -> Verdict:
    """Read an entry of a log of which one file was mutated, as a reader does who has seen an earlier head."""
    mine, other = _whose(random)
    size = random.choice(SIZES[3:])
    files = {**mine.log.files, "checkpoint": mine.heads[size]}
    there = {**other.log.files, "checkpoint": other.heads[ENTRIES]}
    read = [name.path for tile in tiles_of(size) for name in (tile, bundle_of(tile)) if name.level < 1]
    read += ["checkpoint", *(tile.path for tile in tiles_of(size) if tile.level)]
    path = random.choice(read)
    files[path] = random.choice((mutated(files[path], random, there[path]), there[path], files[random.choice(read)]))
    if random.random() < 0.1:
        del files[path]
    try:
        return True, _read_log(files, random, _seen(random.choice((mine, other)), random.choice(SIZES[:4])))
    except (Malformed, NotSigned, BadProof, KeyError) as error:
        return False, str(error)


def _read_log(files: dict[str, bytes], random: Random, seen: Opened) -> str:
    known = opened_under(files["checkpoint"], POLICY)
    size, root = known.checkpoint.size, known.checkpoint.root
    tree, index = Tree(size, lambda tile: files[tile.path]), random.randrange(size)
    bundle = bundle_of(tile_at(0, index // WIDTH, size))
    entry = unbundled(files[bundle.path], bundle.width)[index % WIDTH]
    merkle.verify_inclusion(index, size, merkle.leaf_hash(entry), tree.inclusion(index), root)
    path = tree.consistency(seen.checkpoint.size)
    merkle.verify_consistency(seen.checkpoint.size, size, path, seen.checkpoint.root, root)
    history, earlier = believed(known), believed(seen)
    if history.entries[index] != entry or (earlier is not history and seen.checkpoint.size > SHARED):
        raise FalseAccept(files)
    return f"{index} of {size}"


@cache
def _growth(history: History, older: int, newer: int) -> list[bytes]:
    leaves = [merkle.leaf_hash(entry) for entry in history.entries[:newer]]
    return merkle.consistency_proof(leaves, older)


def judged_growth(random: Random) -> Verdict:
    """Verify that one signed head continues another, by a path that may be mutated or another's."""
    mine, other = _whose(random)
    older, newer = sorted(random.sample(SIZES, 2))
    path = _growth(random.choice((mine, other)), older, newer)
    path = _path(path, random) if random.random() < 0.6 else path
    earlier, later = random.choice(((mine, mine), (mine, other), (other, mine)))
    roots = _seen(earlier, older).checkpoint.root, _seen(later, newer).checkpoint.root
    try:
        merkle.verify_consistency(older, newer, path, *roots)
    except BadProof as error:
        return False, str(error)
    if earlier is not later and older > SHARED:
        raise FalseAccept(older, newer, path)
    return True, f"{older} to {newer}"


KINDS: dict[str, Callable[[Random], Verdict]] = {
    "head": lambda random: judged_head(some_head(random)),
    "proof": lambda random: judged_proof(*some_proof(random)),
    "log": judged_log,
    "growth": judged_growth,
}


def _random(seed: int, number: int) -> Random:
    return Random(f"{seed}:{number}")  # noqa: S311 - it chooses, it keeps no secret


def run(seed: int, first: int, count: int) -> dict[str, list[int]]:
    """Judge so many mutations of a seed from the ``first`` on; by kind, how many were refused and accepted.

    Raises FalseAccept, which names seed and number.
    """
    counted = {kind: [0, 0] for kind in KINDS}
    kinds = list(KINDS)
    for number in range(first, first + count):
        kind = kinds[number % len(kinds)]
        try:
            accepted, _ = KINDS[kind](_random(seed, number))
        except Exception as error:
            raise FalseAccept(f"seed {seed}, number {number}, {kind}: {error!r}") from error
        counted[kind][accepted] += 1
    return counted


def rows(seed: int, count: int) -> list[dict[str, Any]]:
    """Mutated heads and proofs with our verdicts, in the form of the table of cases, for other readers to judge."""
    made: list[dict[str, Any]] = []
    for number in range(count):
        random = _random(seed, number)
        if number % 2:
            head = some_head(random)
            given = {"checkpoint64": base64.b64encode(head).decode()}
            form, (accepted, told) = "head", judged_head(head)
        else:
            proof, entry = some_proof(random)
            given = {"proof64": base64.b64encode(proof).decode(), "entry64": base64.b64encode(entry).decode()}
            form, (accepted, told) = "shown", judged_proof(proof, entry)
        name = f"seed {seed}, number {number}"
        given["policy"] = str(POLICY)
        made.append({"form": form, "name": name, "given": given, "accepted": accepted, "told": told})
    return made
