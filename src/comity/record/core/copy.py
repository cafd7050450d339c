"""The published copy of a log as bytes: checkpoint (C2SP tlog-checkpoint body), leaves, fingerprints, disclosures.

``leaves.jsonl`` holds one leaf a line exactly as it is hashed; ``hashes.txt`` its fingerprint in hex on the same line;
``disclosures.jsonl`` the values and salts of public entries, erased ones absent; a value that not everybody may
read when the copy is taken is named there as withheld, without value and salt.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from comity.record.core import jcs, merkle
from comity.record.core.jcs import Json, NotCanonical
from comity.record.core.leaf import Sealed

CHECKPOINT, LEAVES, HASHES, DISCLOSURES = "checkpoint", "leaves.jsonl", "hashes.txt", "disclosures.jsonl"
FILES = (CHECKPOINT, LEAVES, HASHES, DISCLOSURES)
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_HEX = re.compile(r"[0-9a-f]{64}")


class Unreadable(ValueError):
    """A file of a copy is not what it must be; the message says which, where and why."""


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: its name, its size, its root."""

    origin: str
    size: int
    root: bytes

    def body(self) -> bytes:
        """The C2SP checkpoint body: origin, size, base64 root, each on its line."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()

    @classmethod
    def parse(cls, body: bytes) -> "Checkpoint":
        """Read a checkpoint body strictly; raise Unreadable. Signatures after a blank line are left aside."""
        try:
            lines = body.decode("utf-8").split("\n")
            origin, size, root, end = lines[:4]
            decoded = base64.b64decode(root, validate=True)
        except (UnicodeDecodeError, ValueError, binascii.Error) as error:
            raise Unreadable("the checkpoint is not origin, size and base64 root, each on a line") from error
        if end or (len(lines) > 4 and not body.decode().partition("\n\n")[2].startswith("— ")):
            raise Unreadable("the checkpoint goes on after its root")
        if not origin or not _SIZE.fullmatch(size):
            raise Unreadable(f"the checkpoint's size is written {size!r}")
        if len(decoded) != merkle.HASH or base64.b64encode(decoded).decode() != root:
            raise Unreadable("the checkpoint's root is not 32 bytes in base64")
        return cls(origin, int(size), decoded)


@dataclass(frozen=True)
class Copy:
    """A published copy, read. What could not be read is told in ``unreadable`` as (index or None, why)."""

    checkpoint: Checkpoint
    leaves: Sequence[bytes]
    hashes: Sequence[bytes]
    disclosures: Mapping[int, Mapping[str, Sealed]]
    withheld: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """The fields of each entry whose values were not given, because not everybody might read them."""
    unreadable: Sequence[tuple[int | None, str]] = field(default_factory=tuple)


def read(checkpoint: bytes, leaves: bytes, hashes: bytes, disclosures: bytes) -> Copy:
    """Read the four files of a copy; raise Unreadable only when the checkpoint says nothing."""
    faults: list[tuple[int | None, str]] = []
    head, lines = Checkpoint.parse(checkpoint), _lines(leaves, LEAVES, faults)
    prints = _hashes(_lines(hashes, HASHES, faults), faults)
    told = _disclosures(_lines(disclosures, DISCLOSURES, faults), faults)
    return Copy(
        head,
        lines,
        prints,
        {index: fields for index, (fields, _names) in told.items()},
        {index: names for index, (_fields, names) in told.items() if names},
        faults,
    )


def disclosure_line(index: int, fields: Mapping[str, Sealed], withheld: Iterable[str] = ()) -> bytes:
    """One line of ``disclosures.jsonl``: the values of one entry, each with its salt, and the names of the withheld."""
    members = ",".join(
        f'{jcs.text(name)}:{{"salt":"{sealed.salt.hex()}","value":{sealed.text}}}'
        for name, sealed in sorted(fields.items())
    )
    kept_back = ",".join(jcs.text(name) for name in sorted(withheld))
    mark = f',"withheld":[{kept_back}]' if kept_back else ""
    return f'{{"fields":{{{members}}},"index":{index}{mark}}}\n'.encode()


def hash_lines(hashes: Iterable[bytes]) -> bytes:
    """The text of ``hashes.txt``."""
    return "".join(f"{one.hex()}\n" for one in hashes).encode()


def read_hashes(text: bytes) -> list[bytes]:
    """Read a ``hashes.txt``; raise Unreadable."""
    faults: list[tuple[int | None, str]] = []
    hashes = _hashes(_lines(text, HASHES, faults), faults)
    if faults:
        raise Unreadable(faults[0][1])
    return hashes


def _lines(text: bytes, name: str, faults: list[tuple[int | None, str]]) -> list[bytes]:
    if text and not text.endswith(b"\n"):
        faults.append((None, f"{name} breaks off in its last line"))
    lines = text.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def _hashes(lines: Sequence[bytes], faults: list[tuple[int | None, str]]) -> list[bytes]:
    hashes = []
    for index, line in enumerate(lines):
        text = line.decode("ascii", "replace")
        if not _HEX.fullmatch(text):
            faults.append((index, f"line {index + 1} of {HASHES} is not a fingerprint of 64 hex digits"))
            hashes.append(bytes(merkle.HASH))
        else:
            hashes.append(bytes.fromhex(text))
    return hashes


Told = tuple[dict[str, Sealed], frozenset[str]]
"""What one line discloses, and which names it withholds."""


def _disclosures(lines: Sequence[bytes], faults: list[tuple[int | None, str]]) -> dict[int, Told]:
    found: dict[int, Told] = {}
    for number, line in enumerate(lines, start=1):
        try:
            index, told = _disclosure(jcs.decode(line))
        except (NotCanonical, ValueError, KeyError, TypeError, AttributeError):
            faults.append((None, f"line {number} of {DISCLOSURES} does not disclose an entry's fields"))
            continue
        if index in found:
            faults.append((index, f"line {number} of {DISCLOSURES} discloses it a second time"))
        found.setdefault(index, told)
    return found


def _disclosure(value: Json) -> tuple[int, Told]:
    if not isinstance(value, Mapping):
        raise TypeError(value)
    index, fields = value["index"], value["fields"]
    if not isinstance(index, int) or isinstance(index, bool) or not isinstance(fields, Mapping):
        raise TypeError(value)
    return index, ({name: _sealed(kept) for name, kept in fields.items()}, withheld_names(value.get("withheld", [])))


def withheld_names(value: Json) -> frozenset[str]:
    """The names of a list of withheld fields; raise TypeError where it is none, or names one twice."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value) or len({*value}) < len(value):
        raise TypeError(value)
    return frozenset(map(str, value))


def _sealed(kept: Json) -> Sealed:
    if not isinstance(kept, Mapping) or not isinstance(kept["salt"], str):
        raise TypeError(kept)
    return Sealed(bytes.fromhex(kept["salt"]), jcs.text(kept["value"]))
