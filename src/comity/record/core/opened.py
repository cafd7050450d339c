"""Openings judged: what somebody who may know says that restricted entries hold, against their seals and the counts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from comity.record.core import jcs
from comity.record.core.audit import Fault, Leaf, Wrong
from comity.record.core.counts import CONVENED, counts_in
from comity.record.core.jcs import Json, NotCanonical
from comity.record.core.leaf import Sealed
from comity.record.core.organisations import Statement

PROTECTING = ("visibility.protection_approved", "visibility.flag_raised")
NAMES = {"restricted": (CONVENED,), "existence_protected": PROTECTING}
"""Which of the numbers of a year count entries of which types."""


@dataclass
class Judged:
    """What is wrong with openings, and in lines what they open."""

    faults: list[Fault] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Opening:
    index: int
    whole: Sealed
    fields: Mapping[str, Sealed]


def judged(text: bytes, name: str, leaves: Sequence[Leaf | None], said: Iterable[Statement]) -> Judged:
    """Hold each opening of a file against the seal of its entry, and all of them against the counts of years.

    An opening is a line of JSON: ``index``, ``salt`` (hex) and ``value`` of the whole entry, and under ``fields`` those
    of values in it. ``name`` is the file's, ``said`` the statements of counts.
    """
    found, held = Judged(), dict[int, Json]()
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            one = _read(line, held)
        except (NotCanonical, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            what = f"line {number} of {name} is no opening: {error}"
            found.faults.append(Fault(None, "", Wrong.DISCLOSURE, what))
            continue
        if wrong := list(_wrong(one, leaves)):
            found.faults += wrong
        else:
            held[one.index] = jcs.decode(one.whole.text)
    found.lines += _in_words(held)
    _count(found, held, said)
    return found


def _read(line: bytes, held: Mapping[int, Json]) -> _Opening:
    """Read a line; raise what ``judged`` catches."""
    row = jcs.decode(line)
    if not isinstance(row, Mapping):
        raise ValueError("it is not an object")
    index, whole = row["index"], _sealed(row)
    if type(index) is not int or index in held:
        raise ValueError("its index is none, or stands twice")
    fields = row.get("fields", {})
    if not isinstance(fields, Mapping):
        raise ValueError("its fields are not an object")
    return _Opening(index, whole, {name: _sealed(kept) for name, kept in fields.items()})


def _sealed(kept: Json) -> Sealed:
    if not isinstance(kept, Mapping) or not isinstance(kept["salt"], str):
        raise ValueError("a salt is missing")
    salt = bytes.fromhex(kept["salt"])
    if salt.hex() != kept["salt"]:
        raise ValueError("a salt is not written in small hexadecimal digits")
    return Sealed(salt, jcs.text(kept["value"]))


def _wrong(one: _Opening, leaves: Sequence[Leaf | None]) -> Iterator[Fault]:
    leaf = leaves[one.index] if 0 <= one.index < len(leaves) else None
    subject = leaf.subject if leaf else ""
    if not 0 <= one.index < len(leaves):
        what = "an opening is given for it, and the log does not reach so far"
    elif leaf is None:
        what = "an opening is given for it, and it cannot be read"
    elif leaf.public:
        what = "an opening is given for it, and it is public"
    else:
        what = "" if one.whole.commitment() == leaf.seal else "its opening is not what it sealed"
    if what:
        yield Fault(one.index, subject, Wrong.DISCLOSURE, what)
    value = jcs.decode(one.whole.text)
    inner = value.get("commit", {}) if isinstance(value, Mapping) else {}
    seals = inner if isinstance(inner, Mapping) else {}
    for name, sealed in one.fields.items():
        if sealed.commitment() != seals.get(name):
            what = f"the value of {name} in its opening is not what it sealed"
            yield Fault(one.index, subject, Wrong.DISCLOSURE, what)


def _in_words(held: Mapping[int, Json]) -> Iterator[str]:
    """How many restricted entries were opened, by type and year."""
    told = Counter((_word(value, "type"), _word(value, "at")[:4]) for value in held.values())
    yield f"{len(held)} restricted entr{'y' if len(held) == 1 else 'ies'} opened"
    yield from (f"  {_shown(kind)} in {_shown(year)}: {count}" for (kind, year), count in sorted(told.items()))


def _word(value: Json, name: str) -> str:
    return str(value.get(name, "?")) if isinstance(value, Mapping) else "?"


def _shown(text: str) -> str:
    """A text as it can be printed on any terminal."""
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)


def _count(found: Judged, held: Mapping[int, Json], said: Iterable[Statement]) -> None:
    """What was opened beside what was counted: never more, and in words how much of it; of a year its last count."""
    for index, leaf, count in {one[2]["year"]: one for one in counts_in(said)}.values():
        for name, kinds in NAMES.items():
            opened = {
                _word(value, "subject")
                for place, value in held.items()
                if _word(value, "type") in kinds and place < count["size"]
                if _word(value, "at")[:4] == f"{count['year']:04}"
            }
            if len(opened) > count[name]:
                what = f"counts {count[name]} {name} of {count['year']}, and {len(opened)} were opened"
                found.faults.append(Fault(index, leaf.subject, Wrong.COUNT, what))
            else:
                told = f"{len(opened)} opened, {count[name]} counted by entry {index}"
                found.lines.append(f"  {name} in {count['year']}: {told}")
