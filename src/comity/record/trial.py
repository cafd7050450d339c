"""The trial whether an entry can be falsified: another value in a copy of its evidence, and what the verifier says."""

from dataclasses import dataclass
from datetime import datetime

from comity.plain.levels import Realm
from comity.plain.refusals import NotVisible, Refusal
from comity.record import published, queries
from comity.record.core import jcs
from comity.record.core.audit import Fault
from comity.record.core.evidence import check_evidence, with_leaf, with_value
from comity.record.core.jcs import Json, NotCanonical
from comity.record.told import evidence_of

LONGEST = 10_000
LOOKED = 60
"""Of so many of the latest entries an example is chosen."""


class ValueTooLong(Refusal):
    """A trial takes a value of at most 10,000 characters."""

    code = "value-too-long"
    status = 422


@dataclass(frozen=True)
class Answer:
    """What the verifier said when somebody tried to falsify one value of one entry."""

    index: int
    size: int
    field: str
    written: Json
    given: Json
    stands: bool
    fingerprint_written: str
    fingerprint_given: str
    seal_written: str
    seal_given: str
    root: str
    root_given: str
    faults: tuple[Fault, ...]


def falsify(realm: Realm, index: int, field: str, value: str, *, at: datetime) -> Answer:
    """Put another value into a copy of an entry's evidence and let the verifier judge it; the record is not touched.

    Two forgeries are tried: the value alone, and value, seal and leaf changed to fit each other. Raises NotVisible when
    no public entry of that number gives that field now, NotPublishedYet before it is published, ValueTooLong beyond
    10,000 characters.
    """
    true = evidence_of(realm, index, at=at)
    if field not in true.told.fields:
        raise NotVisible(entry=index, field=field)
    if len(value) > LONGEST:
        raise ValueTooLong(characters=len(value), limit=LONGEST)
    written = jcs.decode(true.told.fields[field].text)
    given = _read(value, written)
    value_only, leaf_too = with_value(true, field, given), with_leaf(true, field, given)
    same = jcs.encode(given) == jcs.encode(written)
    faults = check_evidence(value_only) + ([] if same else check_evidence(leaf_too))
    changed = true if same else leaf_too
    return Answer(
        index=index,
        size=true.checkpoint.size,
        field=field,
        written=written,
        given=given,
        stands=not faults,
        fingerprint_written=true.told.leaf_hash.hex(),
        fingerprint_given=changed.told.leaf_hash.hex(),
        seal_written=true.told.fields[field].commitment(),
        seal_given=value_only.told.fields[field].commitment(),
        root=true.checkpoint.root.hex(),
        root_given=changed.root().hex(),
        faults=tuple(faults),
    )


def _read(value: str, written: Json) -> Json:
    """A value as somebody typed it: text where text was written, else JSON where it can be read as such."""
    plain = value.replace("\r\n", "\n")
    if isinstance(written, str):
        return written if plain == written.replace("\r\n", "\n") else plain
    try:
        given = jcs.decode(plain)
        jcs.encode(given)
    except NotCanonical:
        return plain
    return given


def typed(value: Json) -> str:
    """A value as it stands in a field for typing: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else jcs.text(value)


def example_for_trial(realm: Realm, at: datetime) -> tuple[int, str] | None:
    """A published entry and a field fit for a trial: short and given now, a number before words; None where none is."""
    head, fallback = published.head(realm), None
    size = head.checkpoint.size if head else 0
    entries = queries.latest(realm, LOOKED)
    told = queries.given_of_all(entries, realm, at)
    for entry in entries:
        if entry.index is None or entry.index >= size:
            continue
        for name, sealed in told[entry.id].fields.items():
            value = jcs.decode(sealed.text)
            if isinstance(value, int) and not isinstance(value, bool):
                return entry.index, name
            if fallback is None and isinstance(value, str) and 0 < len(value) <= 300:
                fallback = entry.index, name
    return fallback
