"""Opening seals: what a restricted entry says, given with its salt to a reader who may know it.

Whoever holds an opening can show that it is the one under the seal in the log: nobody finds another that fits. What it
tells is for that reader alone; the log goes on telling nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record.core import jcs
from comity.record.core.jcs import Json
from comity.record.core.leaf import WHOLE, Sealed
from comity.record.models import Disclosure
from comity.record.queries import unfolded

MANY = 500


def lines(realm: Realm, type: str, subjects: Iterable[Ref], fields: Sequence[str] = ()) -> Iterator[tuple[int, bytes]]:
    """The openings of the numbered restricted entries of a type about some things: (index, line).

    A line is canonical JSON: ``index``, ``salt`` (hex) and ``value`` of the whole entry, and under ``fields`` salt and
    value of those values of it that are asked for. The caller has asked whether its reader may know. What was erased,
    or has no number yet, has no line.
    """
    names = [str(subject) for subject in subjects]
    rows = Disclosure.objects.filter(entry__log=realm.value, entry__type=type, entry__index__isnull=False)
    rows = rows.exclude(entry__level=Level.PUBLIC.value).order_by("entry__index")
    for start in range(0, len(names), MANY):
        some = rows.filter(entry__subject__in=names[start : start + MANY])
        for index, kept in some.values_list("entry__index", "fields"):
            held = unfolded(kept)
            if index is not None and WHOLE in held:
                yield index, _line(index, held[WHOLE], {name: held[name] for name in fields if name in held})


def _line(index: int, whole: Sealed, fields: Mapping[str, Sealed]) -> bytes:
    opened: dict[str, Json] = {
        name: {"salt": one.salt.hex(), "value": jcs.decode(one.text)} for name, one in fields.items()
    }
    told: dict[str, Json] = {
        "fields": opened,
        "index": index,
        "salt": whole.salt.hex(),
        "value": jcs.decode(whole.text),
    }
    return jcs.encode(told) + b"\n"
