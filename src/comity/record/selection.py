"""Which entries of a log are asked for: of an organisation, on a kind of thing or one thing, of a type, of some days.

The record is one document for everybody: whoever asks, a choice finds what it finds for a reader without a seat.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Lower, StrIndex, Substr

from comity.plain.ids import is_id
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import Refusal
from comity.plain.time import PartialDate
from comity.record.models import Entry, Log
from comity.record.queries import EntryView, public_entries, readable_now, subject_of, views

LOOKED = 12
"""Blocks of entries that are looked through for one page; the page then leads on from where it stopped."""
DAY = 86_400
Known = TypeVar("Known")


class NoSuchThing(Refusal):
    """A thing is written as its kind, a colon and its id, e.g. text:abcdefghijklmnop. Copy it from its entry."""

    code = "no-such-thing"
    status = 422


class NoSuchOrganisation(Refusal):
    """An organisation is named by its id of 16 letters and digits. Copy it from the address of its page."""

    code = "no-such-organisation"
    status = 422


class DaysReversed(Refusal):
    """The first day lies after the last, so no entry can lie between them. Exchange them, or leave one out."""

    code = "days-reversed"
    status = 422


@dataclass(frozen=True)
class Selection:
    """What a reader asks for; empty fields narrow nothing, the others hold together."""

    organisation: str = ""
    """The public id of an organisation: entries that it acted in by a seat's mandate, or that are about it."""
    kind: str = ""
    """What kind of thing the entries are about."""
    about: str = ""
    """The one thing they are about, ``kind:id``."""
    type: str = ""
    """What they say, e.g. ``texts.adopted``."""
    first: date | None = None
    last: date | None = None
    """The days (UTC) between which they were written, both included."""

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return self != Selection()


@dataclass(frozen=True)
class Chosen:
    """A page of entries, newest first."""

    entries: list[EntryView]
    readable: set[Ref] = field(default_factory=set)
    """Of their subjects, those that anybody may read now."""
    onward: int | None = None
    """The number before which the next page begins; None where none follows."""


def asked_for(words: Mapping[str, str]) -> Selection:
    """Read what an address asks for; raise UnreadableDate, DaysReversed, NoSuchThing, NoSuchOrganisation."""
    first, last = (PartialDate.parse(words[name]) if words.get(name) else None for name in ("from", "to"))
    if first and last and first.first > last.last:
        raise DaysReversed(first=str(first), last=str(last))
    organisation, about = words.get("organisation", ""), words.get("about", "")
    if organisation and not is_id(organisation):
        raise NoSuchOrganisation(organisation=organisation)
    return Selection(
        organisation=organisation,
        kind=words.get("kind", ""),
        about=str(thing_of(about)) if about else "",
        type=words.get("type", ""),
        first=first.first if first else None,
        last=last.last if last else None,
    )


def thing_of(text: str) -> Ref:
    """The thing that is written ``kind:id``; raise NoSuchThing."""
    try:
        return subject_of(Ref.parse(text))
    except ValueError as error:
        raise NoSuchThing(thing=text) from error


def chosen(realm: Realm, asked: Selection, n: int, *, at: datetime, before: int | None = None) -> Chosen:
    """The newest ``n`` numbered public entries before a number that fit, and where the next page begins.

    Who acted on what is closed now is not told, so a choice of an organisation does not find it either.
    """
    rows = _fitting(realm, asked, at)
    kept: list[EntryView] = []
    known: set[Ref] = set()
    ended = False
    for _ in range(LOOKED):
        block = views((rows if before is None else rows.filter(index__lt=before)).order_by("-index")[: n + 1])
        known |= readable_now({entry.subject for entry in block}, realm, at)
        kept += [entry for entry in block if not asked.organisation or entry.subject in known]
        ended = len(block) <= n
        if ended or len(kept) > n:
            break
        before = block[-1].index
    onward = kept[n - 1].index if len(kept) > n else None if ended else before
    return Chosen(kept[:n], known, onward)


def _fitting(realm: Realm, asked: Selection, at: datetime) -> "QuerySet[Entry]":
    if not _occurs(realm, asked):
        return Entry.objects.none()
    rows = (_about(asked.about, realm) if asked.about else public_entries(realm)).filter(index__isnull=False)
    if asked.organisation:
        own = Ref("organisation", asked.organisation)
        if own not in readable_now({own}, realm, at):
            return rows.none()
        rows = rows.filter(Q(mandate=own.id) | Q(subject=str(own)))
    if asked.about and not _may_be_asked(Ref.parse(asked.about), realm, at):
        return rows.none()
    if asked.kind:
        rows = rows.filter(subject__startswith=f"{asked.kind}:")
    if asked.type:
        rows = rows.filter(type=asked.type)
    return _between(rows, asked.first, asked.last)


def _occurs(realm: Realm, asked: Selection) -> bool:
    """Whether an entry of that type and kind stands in the log at all: a whole log is not looked through for none."""
    if not (asked.type or asked.kind):
        return True
    return any(asked.type in {"", type} and asked.kind in {"", kind} for type, kind in occurring(realm))


def _about(thing: str, realm: Realm) -> "QuerySet[Entry]":
    """The public entries on one thing.

    The log is named by an expression, since SQLite would look through all of it rather than through the thing's own.
    """
    rows = Entry.objects.filter(subject=thing, level=Level.PUBLIC.value)
    return rows.alias(log_name=Lower("log_id")).filter(log_name=realm.value)


def _may_be_asked(thing: Ref, realm: Realm, at: datetime) -> bool:
    """An organisation stands in the leaves under another name, which is resolved only while anybody may read it."""
    return thing.kind != "organisation" or thing in readable_now({thing}, realm, at)


def _between(rows: "QuerySet[Entry]", first: date | None, last: date | None) -> "QuerySet[Entry]":
    if first is not None:
        rows = rows.filter(at__gte=datetime.combine(first, time.min, UTC))
    if last is not None and last < date.max:
        rows = rows.filter(at__lt=datetime.combine(last + timedelta(days=1), time.min, UTC))
    return rows


def occurring(realm: Realm) -> frozenset[tuple[str, str]]:
    """Which types of public entries occur in a log, and on which kinds of things: ``(type, kind)``."""

    def more(known: frozenset[tuple[str, str]], rows: "QuerySet[Entry]") -> frozenset[tuple[str, str]]:
        return known | frozenset(_pairs(rows.filter(level=Level.PUBLIC.value)))

    return _as_it_grows(f"record.types.{realm.value}", realm, frozenset(), more)


def restricted_count(realm: Realm) -> int:
    """How many numbered entries show nothing but a seal; decoys count, since nobody can tell them apart."""

    def more(known: int, rows: "QuerySet[Entry]") -> int:
        return known + rows.exclude(level=Level.PUBLIC.value).count()

    return _as_it_grows(f"record.restricted.{realm.value}", realm, 0, more)


def _as_it_grows(name: str, realm: Realm, nothing: Known, more: "Callable[[Known, QuerySet[Entry]], Known]") -> Known:
    """What is known of all numbered entries; what stands there stays, so only what came since is looked through."""
    size = Log.objects.filter(realm=realm.value).values_list("size", flat=True).first() or 0
    kept: tuple[int, Known] = cache.get(name, (0, nothing))
    until, known = kept
    if until > size:
        until, known = 0, nothing
    if until < size:
        known = more(known, Entry.objects.filter(log=realm.value, index__gte=until, index__lt=size))
        cache.set(name, (size, known), DAY)
    return known


def _pairs(rows: "QuerySet[Entry]") -> Iterable[tuple[str, str]]:
    kind: Any = Substr("subject", 1, StrIndex(F("subject"), Value(":")) - 1)
    return rows.order_by().annotate(kind=kind).values_list("type", "kind").distinct()
