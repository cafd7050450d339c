"""A database that was restored from a backup is brought up to the erasures that came after the backup.

The list of erasures is not restored with it (``erasures``). Whatever stands on the list and is in the database again is
erased again, with an entry that says so, before anybody reads it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from django.db.models import Q

from comity.plain.actors import SYSTEM
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.plain.refusals import Refusal
from comity.record import actions
from comity.record.core import jcs
from comity.record.core.jcs import Json
from comity.record.erasures import Erasure, listed, note_all
from comity.record.models import Disclosure, Entry, Pseudonym
from comity.record.queries import disclosed

AGAIN = "erased before; it came back with a backup that was restored"
MANY = 500
Again = Callable[[Ref, Mapping[str, Json], datetime], object]
"""How a room erases something again: what its entry is about, the value that had been erased, the instant."""
_ROOMS: dict[str, Again] = {}


def repeats(type: str, action: Again) -> None:
    """Let a room say how it erases again what it wrote in entries of a type: from its own rows too."""
    _ROOMS[type] = action


def catch_up(realm: Realm, at: datetime) -> Iterator[str]:
    """Erase again what is on the list and in the database; say in a line how much. Raises ListRefused."""
    known = listed(realm)
    values, names = _come_back(realm, known), _known_again(realm, known)
    for entry, field in values:
        _erase(entry, field, at)
    for row in names:
        _forget(row, realm, at)
    if again := len(values) + len(names):
        yield f"{realm.value}: a backup was restored: {again} values that had been erased are erased again"
    note_all(realm)


def _come_back(realm: Realm, known: Sequence[Erasure]) -> list[tuple[Entry, str]]:
    """The values on the list that the database holds: (entry, field)."""
    fields: dict[str, list[str]] = {}
    for one in known:
        if one.field:
            fields.setdefault(one.thing, []).append(one.field)
    found = []
    for kept in _rows(realm, known):
        for field in fields.get(bytes(kept.entry.leaf_hash).hex(), ()):
            if field in kept.fields:
                found.append((kept.entry, field))
    return found


def _rows(realm: Realm, known: Sequence[Erasure]) -> Iterator[Disclosure]:
    """What the entries hold that bear the number or the row's key of one on the list; the caller compares the leaf."""
    values = [one for one in known if one.field]
    held = Disclosure.objects.filter(entry__log=realm.value).select_related("entry")
    for start in range(0, len(values), MANY):
        some = values[start : start + MANY]
        numbers = [one.number for one in some if one.number is not None]
        rows = [one.entry for one in some]
        yield from held.filter(Q(entry__in=rows) | Q(entry__index__in=numbers)).order_by("entry_id")


def _erase(entry: Entry, field: str, at: datetime) -> None:
    """By the room that wrote it, which erases its own rows too; what it leaves in the record is erased here."""
    if entry.type in _ROOMS:
        with suppress(Refusal):
            _ROOMS[entry.type](Ref.parse(entry.subject), {field: jcs.decode(disclosed(entry)[field].text)}, at)
    with suppress(actions.NothingToErase):
        actions.erase(entry, field, legal_basis=AGAIN, by=SYSTEM, at=at)


def _known_again(realm: Realm, known: Sequence[Erasure]) -> list[Pseudonym]:
    names = [one.thing for one in known if not one.field]
    return list(Pseudonym.objects.filter(log=realm.value, pseudonym__in=names)) if names else []


def _forget(row: Pseudonym, realm: Realm, at: datetime) -> None:
    actions.forget_pseudonym(Ref.parse(row.subject), realm=realm, legal_basis=AGAIN, by=SYSTEM, at=at)
