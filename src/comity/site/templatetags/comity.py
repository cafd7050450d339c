"""The tags every template has: addresses, dates, and the signs that recur on every page."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.people.queries import seat_in
from comity.plain import kinds, languages
from comity.plain.actors import ActorKind
from comity.plain.beginnings import beginnings
from comity.plain.duties import Duty
from comity.plain.kinds import kind_of_row
from comity.plain.languages import CODES, direction, in_quotes, quotation
from comity.plain.levels import Attribution, Level
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.stances import Stance
from comity.plain.thread import Stage
from comity.plain.time import PartialDate
from comity.record.queries import entry_of
from comity.record.seals import Seal, seal_of
from comity.record.words import type_in_words
from comity.registry import dates
from comity.site import pictures
from comity.site.threads import StageView, ThreadView, thread_on
from comity.site.words import kind_in_words, kinds_in_words

register = template.Library()

LEVELS = {
    Level.PUBLIC: gettext_lazy("Public"),
    Level.NETWORK: gettext_lazy("the network"),
    Level.BODY: gettext_lazy("this body"),
    Level.ORGANISATION: gettext_lazy("only your party"),
    Level.ROOM: gettext_lazy("this room"),
    Level.SEALED: gettext_lazy("named persons only"),
}
STANCES = {
    Stance.AGREED: gettext_lazy("agreed"),
    Stance.RESERVED: gettext_lazy("reserved"),
    Stance.AD_REFERENDUM: gettext_lazy("ad referendum"),
    Stance.AGAINST: gettext_lazy("voted against"),
    Stance.ABSTAINED: gettext_lazy("abstained"),
    Stance.UNUSED: gettext_lazy("not taking part"),
}
DUTIES = {
    Duty.KEPT: gettext_lazy("kept"),
    Duty.LATE: gettext_lazy("late"),
    Duty.NIL: gettext_lazy("nil"),
    Duty.MISSED: gettext_lazy("missed"),
    Duty.SILENT: gettext_lazy("silent"),
    Duty.NOT_DUE: gettext_lazy("not due yet"),
}
STANDINGS = {
    "verified": gettext_lazy("verified"),
    "stated": gettext_lazy("stated"),
    "self-reported": gettext_lazy("self-reported"),
}
COUNTED: dict[Stage, Callable[[int], str]] = {
    Stage.PROMISE: lambda n: ngettext("%(n)s promise", "%(n)s promises", n) % {"n": n},
    Stage.KEEP: lambda n: ngettext("%(n)s kept so far", "%(n)s kept so far", n) % {"n": n},
}
"""Stages whose number tells more than their dates."""
NAVIGATION = (
    ("engagement-list", gettext_lazy("Engagements")),
    ("conversation-list", gettext_lazy("Opinions")),
    ("text-list", gettext_lazy("Texts")),
    ("decision-list", gettext_lazy("Decisions")),
    ("commitment-list", gettext_lazy("Promises")),
    ("organisation-list", gettext_lazy("Parties")),
    ("network-list", gettext_lazy("Networks")),
    ("record", gettext_lazy("Record")),
)


def _place(context: RequestContext) -> Place | None:
    place = context.get("place") or getattr(context.get("request"), "place", None)
    return place if isinstance(place, Place) else None


def address_in(place: Place, name: str, *args: object) -> str:
    """The path of a named page in the reader's realm and language; NoReverseMatch where no room has it."""
    return _path(place.realm.value, name, place.language, *args)


@lru_cache(maxsize=4096)
def _path(realm: str, name: str, *args: object) -> str:
    return reverse(f"{realm}:{name}", args=args)


def address_or_nothing(place: Place | None, name: str, *args: object) -> str:
    """The path of a named page, or nothing while no room brings it."""
    return _path_or_nothing(place.realm.value, name, place.language, *args) if place else ""


@lru_cache(maxsize=4096)
def _path_or_nothing(realm: str, name: str, *args: object) -> str:
    try:
        return _path(realm, name, *args)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def address(context: RequestContext, row: Any) -> str:
    """The address of a row of any declared kind, in the reader's language; nothing for other rows."""
    kind = kind_of_row(row)
    place = _place(context)
    return kind.address(row, place.language if place else "en") if kind else ""


@register.simple_tag(takes_context=True)
def here(context: RequestContext, name: str, *args: object) -> str:
    """The path of a named page in this realm and language."""
    place = _place(context)
    assert place is not None, "a page that links stands somewhere"
    return address_in(place, name, *args)


@register.simple_tag(takes_context=True)
def same_in(context: template.Context, language: str) -> str:
    """This page's own address in another language, its question kept."""
    request: HttpRequest = context["request"]
    parts = request.path.split("/")
    at = 2 if parts[1:2] == ["fiction"] else 1
    if len(parts) > at and parts[at] in CODES:
        parts[at] = language
        query = request.META.get("QUERY_STRING", "")
        return "/".join(parts) + (f"?{query}" if query else "")
    return ("/fiction" if at == 2 else "") + f"/{language}/"


@register.simple_tag
def fonts() -> str:
    """The path of the built fonts' stylesheet inside static files; nothing before the front-end was built."""
    return "site/fonts.css" if _fonts_built() else ""


@lru_cache(maxsize=1)
def _fonts_built() -> bool:
    return finders.find("site/fonts.css") is not None


@register.filter
def day(value: date | datetime | PartialDate | str | None) -> str:
    """A date in words, held together by non-breaking spaces: ``18 April 2026``; partial dates keep their precision."""
    return dates.in_words(value)


@register.filter
def short_day(value: date | datetime) -> str:
    """A date for a narrow column: ``18 Apr 2026``."""
    return dates.short_day(value.date() if isinstance(value, datetime) else value)


@register.filter
def month(value: date | datetime) -> str:
    """A month: ``September 2025``."""
    return dates.month_in_words(value)


@register.filter
def moment(value: datetime, zone: str = "UTC") -> str:
    """An instant at the clock of a zone: ``18 April 2026, 17:12 (UTC+2)``."""
    return dates.moment_in_words(value, zone or "UTC")


@register.filter
def clock(value: datetime, zone: str = "UTC") -> str:
    """The time of an instant by the clock of a zone, with that zone's place: ``23:59 Paris``."""
    return f"{value.astimezone(ZoneInfo(zone)):%H:%M} {zone.rpartition('/')[2].replace('_', ' ')}"


@register.filter
def positive(value: int) -> int:
    """A number without its sign, for a sentence that says which way it counts."""
    return abs(value)


@register.filter
def circle(value: int) -> str:
    """Who can see a thing of that level, in plain words without a frame."""
    return str(LEVELS[Level(value)])


@register.filter
def entry_word(type_: str) -> str:
    """What an entry of the record says happened."""
    return type_in_words(type_)


@register.filter
def grouped(value: int) -> SafeString:
    """A number in groups of three that no line break parts and no direction turns."""
    return format_html('<bdi dir="ltr">{}</bdi>', f"{value:,}".replace(",", "\u202f"))


@register.simple_tag
def words(text: str, language: str = "") -> SafeString:
    """Words of content, marked with their own language and direction."""
    if not language:
        return format_html("<span dir=auto>{}</span>", text)
    return format_html('<span lang="{}" dir="{}">{}</span>', language, direction(language), text)


@register.simple_tag(takes_context=True)
def called(context: RequestContext, row: Any) -> SafeString:
    """What a thing of any kind is called in the reader's language, else in its own; marked with its language."""
    place = _place(context)
    assert place is not None, "a page that names things stands somewhere"
    name = kinds.called(row, place)
    return words(name.words, name.language)


@register.simple_tag(takes_context=True)
def plainly_called(context: RequestContext, row: Any) -> str:
    """The same as bare words, for a page's title and for sentences."""
    place = _place(context)
    assert place is not None, "a page that names things stands somewhere"
    return kinds.called(row, place).words


@register.filter
def quoted(text: str, language: str) -> str:
    """Words between the quotation marks of their own language."""
    return in_quotes(text, language)


@register.filter
def isolated(text: str) -> str:
    """Words of content inside a sentence of the interface: neither turns the other."""
    return languages.isolated(str(text))


@register.filter
def opening_mark(language: str) -> str:
    """The mark that opens a quotation of several paragraphs."""
    return quotation(language)[0]


@register.filter
def closing_mark(language: str) -> str:
    """The mark that closes it."""
    return quotation(language)[1]


@register.filter
def direction_of(language: str) -> str:
    """``rtl`` or ``ltr`` of a language of content."""
    return direction(language)


@register.simple_tag
def stance(name: str) -> SafeString:
    """The circle of a stance; the word stands beside it."""
    return mark_safe(pictures.stance_mark(name))  # noqa: S308 - drawn by us from an enumeration


@register.simple_tag
def duty(name: str) -> SafeString:
    """The square of a duty's state; the word stands beside it."""
    return mark_safe(pictures.duty_mark(name))  # noqa: S308 - drawn by us from an enumeration


@register.simple_tag
def duty_strip(names: list[str]) -> SafeString:
    """A row of squares; the sentence with the numbers stands beside it."""
    return mark_safe(pictures.duty_strip(names))  # noqa: S308 - drawn by us from an enumeration


@register.filter
def duty_word(name: str) -> str:
    """A duty's state in the reader's language."""
    return str(DUTIES[Duty(name)])


@register.simple_tag
def level(value: int, attribution: str = "") -> SafeString:
    """Who can see this, in words in a frame: the narrower the circle, the heavier the frame."""
    known = Level(value)
    if attribution == Attribution.NONE and known is not Level.PUBLIC:
        told = _("%(circle)s, unattributed") % {"circle": LEVELS[known]}
        return format_html('<span class="level level-unattributed">{}</span>', told)
    return format_html('<span class="level level-{}">{}</span>', known.name.lower(), LEVELS[known])


@register.simple_tag
def source_mark(number: int, standing: str) -> SafeString:
    """The number of a source in a box that shows how the fact is known; it leads to the foot of the page."""
    told = _("source, %(standing)s") % {"standing": STANDINGS.get(standing, standing)}
    return format_html(
        '<a class="src src-{}" href="#source-{}"><span class="unseen">{} </span>{}</a>', standing, number, told, number
    )


def _seal_mark(told: Seal | None) -> str:
    return pictures.seal_mark(told.of, told.seen, independent=told.independent) if told else pictures.seal_mark()


@register.inclusion_tag("site/parts/seal.html", takes_context=True)
def seal(context: RequestContext, thing: Any, type: str = "", size: str = "") -> dict[str, object]:
    """The seal of a thing (a row or a reference): its entry's number and its witnesses, or that it has none yet."""
    place = _place(context)
    kind = None if isinstance(thing, Ref) else kind_of_row(thing)
    ref = thing if isinstance(thing, Ref) else kind.ref(thing) if kind else None
    known_by = place.known_by if place else None
    if place and not type and ("record.last", ref) in place.memory:
        entry = place.memory["record.last", ref]
    else:
        entry = entry_of(ref, type, known_by=known_by) if ref else None
    index = entry.index if entry else None
    told = seal_of(index, entry.at, place) if entry and place else None
    return {
        "entry": entry,
        "seal": told,
        "size": size,
        "address": address_or_nothing(place, "record-entry", index) if index is not None else "",
        "picture": mark_safe(_seal_mark(told)),  # noqa: S308 - drawn by us
    }


@register.inclusion_tag("site/parts/as_of.html", takes_context=True)
def as_of(context: RequestContext) -> dict[str, object]:
    """The date the page shows, and the form that changes it; other questions of the address are kept."""
    request: HttpRequest = context["request"]
    kept = [(name, value) for name, values in request.GET.lists() for value in values if name != "on"]
    return {"place": _place(context), "path": request.path, "kept": kept}


def thread_on_page(context: RequestContext, row: Any) -> ThreadView | None:
    """The thread of a row, walked once for each page."""
    place = _place(context)
    request = context.get("request")
    if place is None or request is None:
        return None
    return thread_on(request, row, place)


@register.inclusion_tag("site/parts/beginnings.html", takes_context=True)
def begin_from(context: RequestContext, row: Any) -> dict[str, object]:
    """What the reader's seat may begin from a thing, on the page of the present day."""
    place, kind = _place(context), kind_of_row(row)
    if place is None or kind is None or not place.today or place.actor.kind is not ActorKind.SEAT:
        return {}
    return {"begun": beginnings(kind.ref(row), place)}


@register.inclusion_tag("site/parts/thread.html", takes_context=True)
def thread(context: RequestContext, row: Any) -> dict[str, object]:
    """The ribbon of a thing: eight stages, those that stand as links with their dates, missing ones hollow."""
    place = _place(context)
    view = thread_on_page(context, row)
    if view is None or place is None:
        return {"knots": []}
    today = place.today
    question = "" if today else f"?on={place.as_of.isoformat()}"
    knots = [_knot(view.stages, at, question, place.as_of) for at in range(len(view.stages))]
    own = next((at for at, stage in enumerate(view.stages) if stage.here), None)
    return {
        "knots": knots,
        "own": knots[own] if own is not None else None,
        "before": _neighbour(knots, own, -1),
        "after": _neighbour(knots, own, 1),
        "whole": address_or_nothing(place, "thread", view.ref.kind, view.ref.id) + question,
    }


def _knot(stages: tuple[StageView, ...], at: int, question: str, as_of: date) -> dict[str, object]:
    view = stages[at]
    following = stages[at + 1] if at + 1 < len(stages) else None
    lead = view.leading
    state = "is-here" if view.here else "is-missing" if view.missing else "is-there"
    if following is not None and (following.missing or view.missing):
        state += " to-missing"
    return {
        "number": at + 1,
        "state": state,
        "word": view.word,
        "here": view.here,
        "missing": view.missing,
        "address": f"{lead.address}{question}" if lead and not view.here else "",
        "told": _told(view, as_of),
    }


def _told(view: StageView, as_of: date) -> str:
    """A stage's date, or its count where several things stand there."""
    if view.missing:
        return _due(view.due, as_of)
    if len(view.strands) > 1 and view.stage in COUNTED:
        return COUNTED[view.stage](len(view.strands))
    lead = view.leading
    return dates.brief_span(lead.first, lead.last) if lead and lead.first and lead.last else ""


def _due(due: date | None, as_of: date) -> str:
    """That nothing stands there yet, and by when something was or is to."""
    if due is None:
        return _("not yet")
    told = {"day": dates.short_month(due)}
    return (_("not yet; was due %(day)s") if due < as_of else _("not yet; due %(day)s")) % told


def _neighbour(knots: list[dict[str, object]], own: int | None, step: int) -> dict[str, object] | None:
    if own is None:
        return None
    order = knots[own + 1 :] if step > 0 else knots[:own][::-1]
    return next((knot for knot in order if knot["address"]), None)


@register.simple_tag(takes_context=True)
def room_of_page(context: RequestContext) -> str:
    """The name of the list whose room this page is in, or nothing."""
    place, request = _place(context), context.get("request")
    asked = request.path if request else ""
    return next((name for name, _title in NAVIGATION if _stands_in(asked, address_or_nothing(place, name))), "")


def _stands_in(asked: str, path: str) -> bool:
    return bool(path) and asked.startswith(path.rstrip("/").removesuffix("s"))


@register.inclusion_tag("site/parts/navigation.html", takes_context=True)
def navigation(context: RequestContext, room: str) -> dict[str, object]:
    """The rooms that have a list, in the order of the thread; the one whose page this is is marked."""
    place = _place(context)
    rooms = [(address_or_nothing(place, name), title, name == room) for name, title in NAVIGATION]
    return {"items": [item for item in rooms if item[0]]}


@register.simple_tag(takes_context=True)
def where(context: RequestContext, name: str, *args: object) -> str:
    """The path of a named page, or nothing while no room brings it; for links that may be left out."""
    return address_or_nothing(_place(context), name, *args)


@register.filter
def kind_word(name: str) -> str:
    """One thing of a kind, in the reader's language."""
    return kind_in_words(name)


@register.filter
def kinds_word(name: str) -> str:
    """Things of a kind, as a heading."""
    return kinds_in_words(name)


@register.inclusion_tag("site/parts/seated.html", takes_context=True)
def seated(context: RequestContext) -> dict[str, object]:
    """In whose seat the reader sits, if any."""
    place = _place(context)
    seat = seat_in(place) if place and place.actor.kind is ActorKind.SEAT else None
    return {"seat": seat, "place": place}
