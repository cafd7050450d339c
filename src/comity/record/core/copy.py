"""The published copy of a log: its static files as in C2SP tlog-tiles, and beside them the values of its entries.

``disclosures.jsonl`` holds the values and salts of public entries, one entry a line in their order, as canonical JSON,
erased values absent; a value that not everybody may read when the copy is taken is named there as withheld, without
value and salt. ``policy``, ``vkeys`` and ``controllers`` say who should have signed the checkpoint.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from comity.record.core import jcs, merkle
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.jcs import Json, NotCanonical
from comity.record.core.leaf import SALT, Sealed
from comity.record.core.notes import Malformed, Note
from comity.record.core.tiles import WIDTH, TileName, bundle_of, tiles_of, unbundled

CHECKPOINT, DISCLOSURES = "checkpoint", "disclosures.jsonl"
POLICY, VKEYS, CONTROLLERS, ALLOWED_SIGNERS = "policy", "vkeys", "controllers", "allowed_signers"
SIGNATURES = "signatures"
"""The folder that holds texts and signatures, each named by its SHA-256 in hex."""
BESIDE = (POLICY, VKEYS, CONTROLLERS, ALLOWED_SIGNERS)
"""What a reader needs to judge signatures; a copy may lack them."""

LARGE, PROBES = 10_000, 50
"""Of a log of more bundles than this, so many are asked for before all are: its size is not believed unseen."""

LARGEST = {"tile/entries/": WIDTH * 65_537, "tile/": WIDTH * merkle.HASH, "": 16_000_000}
"""Bytes that a file of a copy may have, by how its path begins."""
PER_ENTRY = 1_000_000
"""Bytes that the values of an entry may have, one with another."""

Read = Callable[[str], bytes]
"""Gives a file of a copy by its path, and raises LookupError where there is none."""
Faults = list[tuple[int | None, str]]


class Unreadable(ValueError):
    """A file of a copy is not what it must be; the message says which, where and why."""


class TooLarge(Unreadable):
    """A file of a copy that is larger than it can be."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is larger than it can be")


def most_of(name: str, size: int) -> int:
    """Bytes that a file of a copy of ``size`` entries may have."""
    least = next(most for begin, most in LARGEST.items() if name.startswith(begin))
    return least + size * PER_ENTRY if name == DISCLOSURES else least


@dataclass(frozen=True)
class Copy:
    """A published copy, read. What could not be read is told in ``unreadable`` as (index or None, why)."""

    checkpoint: Checkpoint
    entries: Sequence[bytes]
    """The leaves, in the order of the bundles."""
    hashes: Sequence[bytes]
    """Their fingerprints, as the tiles of level 0 hold them."""
    disclosures: Mapping[int, Mapping[str, Sealed]]
    withheld: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """The fields of each entry whose values were not given, because not everybody might read them."""
    unreadable: Sequence[tuple[int | None, str]] = field(default_factory=tuple)
    upper: Mapping[TileName, bytes] = field(default_factory=dict)
    """The tiles above level 0."""
    note: bytes = b""
    """The signed checkpoint, word for word."""
    beside: Mapping[str, bytes] = field(default_factory=dict)
    """Policy, keys, controllers and allowed signers, as far as they are there."""
    signed: Mapping[str, bytes] = field(default_factory=dict)
    """What organisations signed, and their signatures, as far as entries name them and they are there."""


def names_in(size: int) -> Iterator[TileName]:
    """Every tile and every bundle of a log of that size."""
    for tile in tiles_of(size):
        yield tile
        if tile.level == 0:
            yield bundle_of(tile)


def read(given: Read) -> Copy:
    """Read a copy; raise Unreadable only when its checkpoint says nothing."""
    faults: Faults = []
    try:
        note = given(CHECKPOINT)
        head = Checkpoint.of(Note.parse(note))
    except (LookupError, Malformed) as error:
        raise Unreadable(f"its checkpoint cannot be read: {error}") from error
    _plausible(given, head.size)
    tiles = {name: _tile(given, name, faults) for name in tiles_of(head.size)}
    entries = [leaf for name in tiles if name.level == 0 for leaf in _bundle(given, bundle_of(name), faults)]
    told = read_disclosures(_values(given, faults), faults)
    return Copy(
        head,
        entries,
        [one for name, content in tiles.items() if name.level == 0 for one in _hashes(name, content)],
        {index: fields for index, (fields, _names) in told.items()},
        {index: names for index, (_fields, names) in told.items() if names},
        faults,
        {name: content for name, content in tiles.items() if name.level > 0},
        note,
        dict(_present(given, BESIDE)),
        dict(_present(given, _named_in(told.values()))),
    )


def _plausible(given: Read, size: int) -> None:
    """Raise Unreadable where a checkpoint speaks of a very large log of which hardly a bundle is there."""
    bundles = -(-size // WIDTH)
    if bundles <= LARGE:
        return
    asked = [TileName(-1, bundles * part // PROBES).path for part in range(PROBES)]
    absent = [path for path in asked if not _there(given, path)]
    if len(absent) > PROBES // 2:
        raise Unreadable(f"its checkpoint says {size} entries, but most of them are not there, such as {absent[0]}")


def _there(given: Read, path: str) -> bool:
    try:
        given(path)
    except LookupError:
        return False
    return True


def _values(given: Read, faults: Faults) -> bytes:
    try:
        return given(DISCLOSURES)
    except LookupError:
        faults.append((None, f"{DISCLOSURES} is missing"))
        return b""


def _present(given: Read, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Those of the files that are there."""
    for name in names:
        with suppress(LookupError):
            yield name, given(name)


def _named_in(told: Iterable["Told"]) -> Iterator[str]:
    """The files that hold what was signed and the signatures, as the values of entries name them."""
    for fields, _names in told:
        if {"paper", "signature"} <= fields.keys():
            for name, end in (("paper", "txt"), ("signature", "sig")):
                if found := re.fullmatch(r'"([0-9a-f]{64})"', fields[name].text):
                    yield f"{SIGNATURES}/{found[1]}.{end}"
        given = fields["signatures"].text if "signatures" in fields else ""
        for name, fingerprint in re.findall(r'"(paper|signature)":"([0-9a-f]{64})"', given):
            yield f"{SIGNATURES}/{fingerprint}.{'txt' if name == 'paper' else 'sig'}"


def _either(given: Read, name: TileName) -> tuple[TileName, bytes]:
    """A tile or bundle, or the full one that has taken its place; raise LookupError where neither is there."""
    try:
        return name, given(name.path)
    except LookupError:
        return name.full, given(name.full.path)


def _tile(given: Read, name: TileName, faults: Faults) -> bytes:
    """The bytes of a tile, empty where it is not there."""
    try:
        found, content = _either(given, name)
    except LookupError:
        faults.append((None, f"{name.path} is missing"))
        return b""
    whole = len(content) == found.width * merkle.HASH
    if not whole:
        faults.append((None, f"{found.path} has {len(content)} bytes, not {found.width * merkle.HASH}"))
    return content[: name.width * merkle.HASH]


def _hashes(name: TileName, content: bytes) -> list[bytes]:
    """As many hashes as the tile must hold; noughts where it holds fewer."""
    held = content.ljust(name.width * merkle.HASH, b"\0")
    return [held[start : start + merkle.HASH] for start in range(0, len(held), merkle.HASH)]


def _bundle(given: Read, name: TileName, faults: Faults) -> list[bytes]:
    """The entries of a bundle as far as they can be read, more or fewer than it must hold if so."""
    try:
        found, content = _either(given, name)
    except LookupError:
        faults.append((None, f"{name.path} is missing"))
        return []
    entries, whole = _split(content)
    if not whole:
        faults.append((None, f"{found.path} breaks off after {len(entries)} entries"))
    return entries if found == name else entries[: name.width]


def _split(bundle: bytes) -> tuple[list[bytes], bool]:
    """Whatever entries a bundle holds, and whether it ends with the last of them."""
    count, place, end = 0, 0, 0
    while place + 2 <= len(bundle):
        place += 2 + int.from_bytes(bundle[place : place + 2], "big")
        if place <= len(bundle):
            count, end = count + 1, place
    return unbundled(bundle[:end], count), end == len(bundle)


Told = tuple[dict[str, Sealed], frozenset[str]]
"""What one line discloses, and which names it withholds."""


def disclosure_line(index: int, fields: Mapping[str, Sealed], withheld: Iterable[str] = ()) -> bytes:
    """One line of ``disclosures.jsonl``: the values of one entry, each with its salt, and the names of the withheld."""
    members = ",".join(
        f'{jcs.text(name)}:{{"salt":"{sealed.salt.hex()}","value":{sealed.text}}}'
        for name, sealed in sorted(fields.items())
    )
    kept_back = ",".join(jcs.text(name) for name in sorted(withheld))
    mark = f',"withheld":[{kept_back}]' if kept_back else ""
    return f'{{"fields":{{{members}}},"index":{index}{mark}}}\n'.encode()


def read_disclosures(text: bytes, faults: Faults) -> dict[int, Told]:
    """What a ``disclosures.jsonl`` tells of each entry; what cannot be read is added to ``faults``."""
    found: dict[int, Told] = {}
    last = -1
    for number, line in enumerate(_lines(text, faults), start=1):
        try:
            value = jcs.decode(line)
            index, told = _disclosure(value)
            if jcs.encode(value) != line:
                raise ValueError("it is not written canonically")
        except (NotCanonical, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            faults.append((None, f"line {number} of {DISCLOSURES} does not disclose an entry's fields, canonically"))
            continue
        if index <= last:
            faults.append((index, f"line {number} of {DISCLOSURES} discloses it twice, or out of the entries' order"))
            continue
        last = index
        found[index] = told
    return found


def _lines(text: bytes, faults: Faults) -> list[bytes]:
    if text and not text.endswith(b"\n"):
        faults.append((None, f"{DISCLOSURES} breaks off in its last line"))
    lines = text.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def _disclosure(value: Json) -> tuple[int, Told]:
    if not isinstance(value, Mapping) or value.keys() - {"index", "fields", "withheld"}:
        raise TypeError(value)
    index, fields = value["index"], value["fields"]
    if not isinstance(index, int) or isinstance(index, bool) or index < 0 or not isinstance(fields, Mapping):
        raise TypeError(value)
    return index, ({name: _sealed(kept) for name, kept in fields.items()}, withheld_names(value.get("withheld", [])))


def withheld_names(value: Json) -> frozenset[str]:
    """The names of a list of withheld fields; raise TypeError where it is none, or names one twice."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value) or len({*value}) < len(value):
        raise TypeError(value)
    return frozenset(map(str, value))


def _sealed(kept: Json) -> Sealed:
    if not isinstance(kept, Mapping) or kept.keys() != {"salt", "value"} or not isinstance(kept["salt"], str):
        raise TypeError(kept)
    salt = bytes.fromhex(kept["salt"])
    if salt.hex() != kept["salt"] or len(salt) != SALT:
        raise ValueError(kept["salt"])
    return Sealed(salt, jcs.text(kept["value"]))
