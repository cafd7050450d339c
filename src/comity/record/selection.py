"""Which entries of a log are asked for: of an organisation, on a kind of thing or one thing, of a type, of some days.

The record is one document for everybody: whoever asks, a choice finds what it finds for a reader without a seat.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from django.core.cache import cache
from django.db.models import CharField, Max, Min, QuerySet
from django.db.models.functions import Cast, Lower, Substr

from comity.plain.ids import is_id
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import Refusal
from comity.plain.time import PartialDate
from comity.record.models import Entry, KindOf, Log
from comity.record.queries import EntryView, public_entries, readable_now, subject_of, views

MOST = 1_000
"""So far entries that fit are counted."""
BLOCK = 500
"""So many entries are looked at together."""
DAY = 86_400
Known = TypeVar("Known")
Days = Mapping[str, tuple[int, int]]


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

    Who acted on what is closed now is not told, so a choice of an organisation does not find it either: nor does the
    number from which the list goes on name such an entry.
    """
    parts = _fitting(realm, asked, at)
    if before is not None:
        parts = [part.filter(index__lt=before) for part in parts]
    kept, known = _kept(parts, asked, n + 1, realm, at)
    return Chosen(kept[:n], known, kept[n - 1].index if len(kept) > n else None)


def how_many(realm: Realm, asked: Selection, *, at: datetime) -> int:
    """How many numbered public entries fit; of more than ``MOST`` it tells only that there are more: ``MOST + 1``."""
    parts = _fitting(realm, asked, at)
    if asked.organisation:
        return len(_kept(parts, asked, MOST + 1, realm, at)[0])
    return sum(part.order_by("-index")[: MOST + 1].count() for part in parts)


def _kept(
    parts: "Sequence[QuerySet[Entry]]", asked: Selection, wanted: int, realm: Realm, at: datetime
) -> tuple[list[EntryView], set[Ref]]:
    """The newest ``wanted`` entries that may be told of, and which of the subjects met anybody may read."""
    kept: list[EntryView] = []
    met, known = set[Ref](), set[Ref]()
    for block in _blocks(parts, wanted):
        new = {entry.subject for entry in block} - met
        met, known = met | new, known | readable_now(new, realm, at)
        kept += [entry for entry in block if not asked.organisation or entry.subject in known]
        if len(kept) >= wanted:
            break
    return kept[:wanted], known


def _blocks(parts: "Sequence[QuerySet[Entry]]", size: int) -> Iterator[list[EntryView]]:
    """The entries of several parts, newest first, at most ``BLOCK`` at a time."""
    size = min(size, BLOCK)
    while parts:
        found = [entry for part in parts for entry in views(part.order_by("-index")[:size])]
        block = sorted(found, key=_number, reverse=True)[:size]
        yield block
        if len(block) < size:
            return
        last, size = _number(block[-1]), BLOCK
        parts = [part.filter(index__lt=last) for part in parts]


def _number(entry: EntryView) -> int:
    assert entry.index is not None
    return entry.index


def _fitting(realm: Realm, asked: Selection, at: datetime) -> "list[QuerySet[Entry]]":
    """The entries that fit, in parts that share none: each is found by one index, and stands in its order."""
    if not _occurs(realm, asked) or not _may_be_asked(realm, asked, at):
        return []
    return [_narrowed(part, realm, asked) for part in _found(realm, asked)]


def _occurs(realm: Realm, asked: Selection) -> bool:
    """Whether an entry of that type and kind stands in the log at all: a whole log is not looked through for none."""
    if not (asked.type or asked.kind):
        return True
    return any(asked.type in {"", type} and asked.kind in {"", kind} for type, kind in occurring(realm))


def _may_be_asked(realm: Realm, asked: Selection, at: datetime) -> bool:
    """An organisation stands in the leaves under another name, which is resolved only while anybody may read it."""
    named = {Ref("organisation", asked.organisation)} if asked.organisation else set()
    if asked.about:
        named |= {thing for thing in (Ref.parse(asked.about),) if thing.kind == "organisation"}
    return named <= readable_now(named, realm, at)


def _found(realm: Realm, asked: Selection) -> "list[QuerySet[Entry]]":
    """Where the organisation acted, and besides where an entry is about it; else all, or all about the thing."""
    rows = _about(asked.about, realm) if asked.about else public_entries(realm)
    if not asked.organisation:
        return [rows]
    own = str(Ref("organisation", asked.organisation))
    acted = rows.filter(mandate=asked.organisation)
    return [acted, _about(own, realm).exclude(mandate=asked.organisation)] if asked.about in {"", own} else [acted]


def _about(thing: str, realm: Realm) -> "QuerySet[Entry]":
    """The public entries on one thing.

    The log is named by an expression, since SQLite would look through all of it rather than through the thing's own.
    """
    rows = Entry.objects.filter(subject=thing, level=Level.PUBLIC.value)
    return rows.alias(log_name=Lower("log_id")).filter(log_name=realm.value)


def _narrowed(rows: "QuerySet[Entry]", realm: Realm, asked: Selection) -> "QuerySet[Entry]":
    """What of them fits the other choices.

    Where another choice leads to them, the kind is asked in words that no index serves: SQLite would look through a
    whole kind rather than through what one organisation did.
    """
    rows = rows.filter(index__isnull=False)
    if asked.kind and (asked.organisation or asked.about or asked.type):
        rows = rows.filter(subject__startswith=f"{asked.kind}:")
    elif asked.kind:
        rows = rows.alias(kind=KindOf("subject")).filter(kind=asked.kind)
    if asked.type:
        rows = rows.filter(type=asked.type)
    if asked.first or asked.last:
        rows = _between(rows, asked.first or date.min, asked.last or date.max, realm)
    return rows


def _between(rows: "QuerySet[Entry]", first: date, last: date, realm: Realm) -> "QuerySet[Entry]":
    """Those written on these days. Their numbers are bounded too: a log is looked through by number, not by day."""
    spans = [span for day, span in days(realm).items() if first.isoformat() <= day <= last.isoformat()]
    if not spans:
        return rows.none()
    rows = rows.filter(index__gte=min(low for low, _high in spans), index__lte=max(high for _low, high in spans))
    if first > date.min:
        rows = rows.filter(at__gte=datetime.combine(first, time.min, UTC))
    return rows.filter(at__lt=datetime.combine(last + timedelta(days=1), time.min, UTC)) if last < date.max else rows


def days(realm: Realm) -> Days:
    """The days (UTC) on which public entries were written, each with the first and the last number of that day."""

    def more(known: Days, rows: "QuerySet[Entry]") -> Days:
        found = dict(known)
        day = Substr(Cast("at", CharField()), 1, 10)
        told = rows.filter(level=Level.PUBLIC.value).order_by().annotate(day=day).values("day")
        for one in told.annotate(low=Min("index"), high=Max("index")):
            low, high = found.get(one["day"], (one["low"], one["high"]))
            found[one["day"]] = min(low, one["low"]), max(high, one["high"])
        return found

    nothing: Days = {}
    return _as_it_grows(f"record.days.{realm.value}", realm, nothing, more)


def occurring(realm: Realm) -> frozenset[tuple[str, str]]:
    """Which types of public entries occur in a log, and on which kinds of things: ``(type, kind)``."""

    def more(known: frozenset[tuple[str, str]], rows: "QuerySet[Entry]") -> frozenset[tuple[str, str]]:
        public = rows.filter(level=Level.PUBLIC.value).order_by()
        return known | frozenset(public.annotate(kind=KindOf("subject")).values_list("type", "kind").distinct())

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
