"""What anybody may read at an instant, of the things that the record names: it gives their values then, and only then.

Things of a declared kind say it themselves. What stands in the record under another name, such as a dissent or a link,
is said by its room with ``recorded_under``; of a name that no room knows nothing is given.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from comity.plain.actors import ANONYMOUS
from comity.plain.kinds import all_kinds, kinds_recorded_as
from comity.plain.levels import Realm
from comity.plain.refs import Ref

Readable = Callable[[datetime, Realm], Any]
"""The queryset of what anybody may read at an instant in a realm."""

MANY = 500
"""Above so many, all that anybody may read is looked up instead of each."""
_BESIDE: dict[str, Readable] = {}


def recorded_under(name: str, readable: Readable) -> None:
    """Let a room say what anybody may read of that which the record names so and which is no kind."""
    _BESIDE[name] = readable


def is_recorded(name: str) -> bool:
    """Whether some room says who may read what the record names so."""
    return name in _BESIDE or bool(kinds_recorded_as(name))


def readable(refs: Iterable[Ref], realm: Realm, at: datetime) -> set[Ref]:
    """Of these things, those that anybody may read at that instant."""
    wanted: dict[str, set[str]] = {}
    for ref in refs:
        wanted.setdefault(ref.kind, set()).add(ref.id)
    return {
        Ref(name, public_id)
        for name, ids in wanted.items()
        for rows in _named(name, realm, at)
        for public_id in _ids(rows, ids)
        if public_id in ids
    }


def closed(realm: Realm, at: datetime, among: Iterable[str] | None = None) -> set[str]:
    """The ids of all things that not everybody may read at that instant, or of those ``among`` some."""
    asked = None if among is None else set(among)
    if asked is not None and not asked:
        return set()
    by_model: dict[Any, list[Any]] = {}
    for name in {*_BESIDE, *(kind.record_kind or kind.name for kind in all_kinds())}:
        for rows in _named(name, realm, at):
            by_model.setdefault(rows.model, []).append(rows)
    found: set[str] = set()
    for model, open_rows in by_model.items():
        every = model._base_manager.order_by()
        for rows in open_rows:
            every = every.exclude(pk__in=rows.order_by().values("pk"))
        found |= {public_id for public_id in _ids(every, asked) if asked is None or public_id in asked}
    return found


def _named(name: str, realm: Realm, at: datetime) -> Iterator[Any]:
    if name in _BESIDE:
        yield _BESIDE[name](at, realm)
    yield from (kind.visible(ANONYMOUS, at, realm) for kind in kinds_recorded_as(name))


def _ids(rows: Any, ids: set[str] | None) -> Iterable[str]:
    narrowed = rows.order_by() if ids is None or len(ids) > MANY else rows.order_by().filter(public_id__in=ids)
    found: Iterable[str] = narrowed.values_list("public_id", flat=True)
    return found
