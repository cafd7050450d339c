"""The Atom feed of a realm: the newest public entries, each with what other parties say beside the thing."""

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from comity.plain.actors import ANONYMOUS
from comity.plain.kinds import Exit, notes_beside
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.things import Thing, things
from comity.record.queries import EntryView, latest
from comity.record.words import type_in_words
from comity.registry.atom import Feed
from comity.site.words import kind_in_words

LENGTH = 50


@dataclass(frozen=True)
class Item:
    """One entry of the record about a thing that anyone may see."""

    entry: EntryView
    thing: Thing


def newest(place: Place, length: int = LENGTH, *, only: str = "") -> list[Item]:
    """The newest numbered entries about things that anyone may see, newest first; of one kind where it is named.

    A feed is read by programs without a seat, so it holds what an anonymous reader sees, whoever asks.
    """
    anyone = replace(place, actor=ANONYMOUS)
    entries = latest(place.realm, length * 4)
    found = things((entry.subject for entry in entries), anyone)
    items = [Item(entry, found[entry.subject]) for entry in entries if entry.subject in found]
    kinds = [(item, item.thing.kind) for item in items]
    return [item for item, kind in kinds if Exit.FEED in kind.exits and only in {"", kind.name}][:length]


def atom(place: Place, request: HttpRequest, *, only: str = "") -> str:
    """The feed as Atom 1.0, every address absolute; fiction is marked by a category and in the title."""
    fiction = place.realm is Realm.FICTION
    feed = Feed(
        title=_("Comity, fiction: newest entries") if fiction else _("Comity: newest entries"),
        link=request.build_absolute_uri(f"{place.prefix}/"),
        description=_("The newest public things, each with the dissent that stands beside it."),
        language=place.language,
        feed_url=request.build_absolute_uri(),
        categories=("fictional",) if fiction else (),  # type: ignore[arg-type]  # any sequence, the stubs say two
    )
    for item in newest(place, only=only):
        _add(feed, item, place, request, fiction)
    written: str = feed.writeString("utf-8")
    return written


def _add(feed: Feed, item: Item, place: Place, request: HttpRequest, fiction: bool) -> None:
    told = {"what": type_in_words(item.entry.type), "title": item.thing.title}
    title = (_("Fiction, %(what)s: %(title)s") if fiction else _("%(what)s: %(title)s")) % told
    feed.add_item(
        title=title[:1].upper() + title[1:],
        link=request.build_absolute_uri(item.thing.address),
        description=_beside(item, place),
        unique_id=f"urn:comity:{place.realm}:entry:{item.entry.index}",
        unique_id_is_permalink=False,
        pubdate=item.entry.at,
        updateddate=item.entry.at,
        categories=[kind_in_words(item.thing.kind.name), *(["fictional"] if fiction else [])],
    )


def _beside(item: Item, place: Place) -> str:
    notes = notes_beside(item.thing.kind.name, item.thing.row, replace(place, actor=ANONYMOUS, as_of=place.at.date()))
    return "\n".join(f"{note.organisation}: {note.words}" for note in notes)
