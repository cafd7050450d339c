"""A dead log ends, and another takes its place: what was decided is kept first, and each step is done once.

Whoever is killed half-way calls it again: until the last step nothing is signed, under either name.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from comity.plain.levels import Realm
from comity.record import published
from comity.record.actions import take_the_place
from comity.record.core.succession import Succession, last_of, named, number_of
from comity.record.publishing import heads, keys, rounds
from comity.record.publishing.asked import Asked
from comity.record.publishing.files import Folder, asked_of_the_disk, move, take_away
from comity.record.publishing.refusals import (
    AsideTaken,
    AtWork,
    Dead,
    LogLives,
    NotPublished,
    NotThisLog,
    OtherOrigin,
)
from comity.record.publishing.witnesses import Witnesses

EXPOSED = "key-exposed"
"""Why a log ends that could go on: others may have read its key."""


@dataclass(frozen=True)
class Ending:
    """What whoever runs the log says of the one that is to end."""

    name: str
    exposed: bool = False
    """Whether others may have read its key: that alone ends a log that could go on."""
    last: bytes = b""
    """A checkpoint of it that somebody else kept."""


def succeed(realm: Realm, said: Ending, *, at: datetime, now: datetime) -> Succession:
    """End the log that is named, which is dead, and begin another; what was decided. Killed half-way, it goes on.

    ``at`` is the instant in the realm, ``now`` that of the world. Raises NotThisLog, OtherOrigin, LogLives, AtWork,
    AsideTaken and DiskRefuses.
    """
    with heads.alone(realm) as alone:
        if not alone:
            raise AtWork
        plan = _begun(realm) or _decided(realm, said, now)
        if said.name != plan.ended:
            raise NotThisLog(name=plan.ended)
        take_the_place(realm, plan, at=at)
        _aside(realm, plan)
        keys.key_of(realm, plan.begun, signed_before=False)
        take_away(heads.succession_of(realm))
        return plan


def _begun(realm: Realm) -> Succession | None:
    path = heads.succession_of(realm)
    content = Folder(path.parent).read(path.name)
    return Succession.read(content) if content is not None else None


def _decided(realm: Realm, said: Ending, now: datetime) -> Succession:
    """Find out whether the log is dead, and keep what is to be done."""
    first, name = published.first_origin(realm), _name(realm)
    if said.name != name:
        raise NotThisLog(name=name)
    because = EXPOSED if said.exposed else _why_dead(realm, now)
    number = number_of(name, first) or 1
    kept = last_of([*_kept(realm), *_shown(realm, name), said.last], name)
    plan = Succession(first, number, because, kept.decode() if kept else "")
    for place in (_folder_aside(realm, plan), _key_aside(realm, plan), _heads_aside(realm, plan)):
        if place.exists():
            raise AsideTaken(file=str(place))
    beside = Folder(heads.path_of(realm).parent)
    beside.put(heads.succession_of(realm).name, plan.written())
    beside.settle()
    return plan


def _why_dead(realm: Realm, now: datetime) -> str:
    """The code of the refusal; raise LogLives where a round goes on, and what it raises where it cannot tell."""
    try:
        said = rounds.attempt(realm, now)
    except Dead as refusal:
        return refusal.code
    raise LogLives(said=said or "nothing is due")


def _name(realm: Realm) -> str:
    """The name of the log that is the latest here, by its key, its signed head, its folder and the database.

    Raises OtherOrigin where one of them bears a name that no log of this instance can have.
    """
    first = published.first_origin(realm)
    told = [keys.name_of(realm), keys.name_in(realm) or first, *(_origin(note) for note in _kept(realm))]
    numbers = {name: number_of(name, first) for name in told}
    for name, number in numbers.items():
        if number is None:
            raise OtherOrigin(stands=name, set=first)
    return named(first, max(number or 1 for number in numbers.values()))


def _origin(note: bytes) -> str:
    return note.partition(b"\n")[0].decode("utf-8", "replace")


def _kept(realm: Realm) -> list[bytes]:
    """The checkpoints that stand here: the signed head, and what is in its place."""
    signed, placed = heads.signed(realm), published.checkpoint(realm)
    return [note for note in (signed.note if signed else None, placed) if note]


def _shown(realm: Realm, name: str) -> list[bytes]:
    """What witnesses hold of the log; nothing where the policy cannot be read, or its key is known no more."""
    with suppress(NotPublished):
        keys_known = [keys.verifier_of(realm, name), *published.vkeys(realm)[:1]]
        if key := next((one for one in keys_known if one and one.name == name), None):
            held = Witnesses(Asked.of(realm).policy, key).held(-1)
            return [bytes(theirs.note) for theirs in held.values()]
    return []


def _aside(realm: Realm, plan: Succession) -> None:
    """Move the old log's files, store of heads and key to where they stay; nothing once the new key is made."""
    if keys.name_in(realm) == plan.begun:
        return
    folder, aside = published.folder(realm), _folder_aside(realm, plan)
    with asked_of_the_disk(folder):
        there = sorted(path for path in folder.iterdir() if not path.name.isdigit()) if folder.is_dir() else []
    for path in there:  # its checkpoint first: a log is never shown with files lacking
        move(path, aside / path.name)
    if heads.signed(realm) is not None:
        move(heads.path_of(realm), _heads_aside(realm, plan))
    move(keys.path_of(realm), _key_aside(realm, plan))


def _folder_aside(realm: Realm, plan: Succession) -> Path:
    return published.folder(realm, plan.number)


def _heads_aside(realm: Realm, plan: Succession) -> Path:
    return heads.path_of(realm).with_name(f"{realm.value}.{plan.number}.sqlite3")


def _key_aside(realm: Realm, plan: Succession) -> Path:
    return Path(settings.KEYS) / f"{realm.value}.{plan.number}"
