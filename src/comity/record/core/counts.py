"""The count of a year, judged from a copy of a log: by the checkpoint it names and by what was convened in public."""

from collections.abc import Iterable, Iterator, Sequence

from comity.record.core import merkle
from comity.record.core.audit import Fault, Leaf, Wrong
from comity.record.core.organisations import Statement, Values

COUNTED, CONVENED = "visibility.year_counted", "engagements.convened"
NUMBERS = ("year", "size", "meetings", "restricted", "existence_protected")


def count_faults(said: Iterable[Statement], leaves: Sequence[Leaf | None], hashes: Sequence[bytes]) -> Iterator[Fault]:
    """Hold each count of which all values are given against the log it was made from."""
    for index, leaf, values in said:
        numbers = [number for name in NUMBERS if type(number := values.get(name)) is int]
        if leaf.type == COUNTED and len(numbers) == len(NUMBERS) and isinstance(values.get("root"), str):
            for what in _wrong(index, numbers, values, leaves, hashes):
                yield Fault(index, leaf.subject, Wrong.COUNT, what)


def _wrong(
    index: int, numbers: Sequence[int], values: Values, leaves: Sequence[Leaf | None], hashes: Sequence[bytes]
) -> Iterator[str]:
    year, size, meetings, restricted, _protected = numbers
    if not 0 < size <= index:
        yield f"counts a log of {size} entries, which did not stand when it was written"
        return
    if merkle.root_of(hashes[:size]).hex() != values["root"]:
        yield f"counts another log: its first {size} entries have not the root that it names"
    public = {leaf.subject for leaf in leaves[:size] if leaf and leaf.type == CONVENED and leaf.at[:4] == f"{year:04}"}
    if len(public) != meetings - restricted:
        yield f"counts {meetings - restricted} meetings convened in public in {year}, the log holds {len(public)}"
