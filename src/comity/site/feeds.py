"""The Atom feed of a realm: the newest public things, each with what other parties say beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from comity.plain.actors import ANONYMOUS
from comity.plain.kinds import Exit, Kind, all_kinds, notes_beside
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.site.naming import kind_in_words

LENGTH = 50


@dataclass(frozen=True)
class Item:
    """One thing in the feed."""

    kind: Kind
    row: Any
    at: datetime


def newest(place: Place, length: int = LENGTH, *, only: str = "") -> list[Item]:
    """The newest things that anyone may see, newest first; only those of one kind where it is named.

    A feed is read by programs without a seat, so it holds what an anonymous reader sees, whoever asks.
    """
    items = [
        item
        for kind in all_kinds()
        if Exit.FEED in kind.exits and only in {"", kind.name}
        for item in _of_kind(kind, place, length)
    ]
    return sorted(items, key=lambda item: item.at, reverse=True)[:length]


def _of_kind(kind: Kind, place: Place, length: int) -> Iterable[Item]:
    rows = kind.visible(ANONYMOUS, place.at, place.realm)
    fields = {field.name for field in kind.model._meta.get_fields()}
    clock = next((name for name in ("closed_at", "recorded_at", "at") if name in fields), None)
    if clock is None:
        return
    for row in rows.exclude(**{clock: None}).order_by(f"-{clock}")[:length]:
        yield Item(kind, row, getattr(row, clock))


def atom(place: Place, request: HttpRequest, *, only: str = "") -> str:
    """The feed as Atom 1.0, every address absolute; fiction is marked by a category and in the title."""
    fiction = place.realm is Realm.FICTION
    feed = Atom1Feed(
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


def _add(feed: Atom1Feed, item: Item, place: Place, request: HttpRequest, fiction: bool) -> None:
    title = item.kind.title(item.row)
    feed.add_item(
        title=_("Fiction: %(title)s") % {"title": title} if fiction else title,
        link=request.build_absolute_uri(item.kind.address(item.row, place.language)),
        description=_beside(item, place),
        unique_id=f"urn:comity:{place.realm}:{item.kind.name}:{item.row.public_id}",
        unique_id_is_permalink=False,
        pubdate=item.at,
        updateddate=item.at,
        categories=[kind_in_words(item.kind.name), *(["fictional"] if fiction else [])],
    )


def _beside(item: Item, place: Place) -> str:
    notes = notes_beside(item.kind.name, item.row, ANONYMOUS, place.at)
    return "\n".join(f"{note.organisation}: {note.words}" for note in notes)
