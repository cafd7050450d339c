"""The count of a year, judged from a copy of a log: by the checkpoint it names and by what was convened in public."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from comity.record.core import merkle
from comity.record.core.audit import Fault, Leaf, Wrong
from comity.record.core.jcs import Json
from comity.record.core.organisations import Statement

COUNTED, CONVENED = "visibility.year_counted", "engagements.convened"
NUMBERS = ("year", "size", "meetings", "restricted", "existence_protected")


def counts_in(said: Iterable[Statement]) -> Iterator[tuple[int, Leaf, dict[str, int]]]:
    """The counts of years whose values are all given, and make sense: entry, leaf, and the numbers by their names."""
    for index, leaf, values in said:
        numbers = {name: number for name in NUMBERS if type(number := values.get(name)) is int}
        if leaf.type == COUNTED and len(numbers) == len(NUMBERS) and isinstance(values.get("root"), str):
            yield index, leaf, numbers


def count_faults(said: Iterable[Statement], leaves: Sequence[Leaf | None], hashes: Sequence[bytes]) -> Iterator[Fault]:
    """Hold each count of which all values are given against the log it was made from."""
    known = list(said)
    roots = {index: values.get("root") for index, _leaf, values in known}
    for index, leaf, count in counts_in(known):
        for what in _wrong(index, count, roots[index], leaves, hashes):
            yield Fault(index, leaf.subject, Wrong.COUNT, what)


def _wrong(
    index: int, count: Mapping[str, int], root: Json, leaves: Sequence[Leaf | None], hashes: Sequence[bytes]
) -> Iterator[str]:
    year, size, in_public = count["year"], count["size"], count["meetings"] - count["restricted"]
    if not 0 < size <= index:
        yield f"counts a log of {size} entries, which did not stand when it was written"
        return
    if merkle.root_of(hashes[:size]).hex() != root:
        yield f"counts another log: its first {size} entries have not the root that it names"
    public = {leaf.subject for leaf in leaves[:size] if leaf and leaf.type == CONVENED and leaf.at[:4] == f"{year:04}"}
    if len(public) != in_public:
        yield f"counts {in_public} meetings convened in public in {year}, the log holds {len(public)}"
