"""The pages of topics: all of them, one with what stands under it, and how a thing came by its own."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.plain.kinds import Kind, kind_named
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.registry.edges import here, moved
from comity.registry.exports import taken_along
from comity.registry.topics import exports, queries, sheet
from comity.registry.topics.edges import address_of
from comity.registry.topics.words import GOALS


@require_safe
def topics_page(request: HttpRequest) -> HttpResponse:
    """Every topic with its goals and how many things stand under it for this reader; and goal by goal."""
    place = place_of(request)
    taxonomy, counts = queries.taxonomy(), queries.counted(place)
    rows = [
        (topic, counts[topic.code], [(one, counts[one.code]) for one in taxonomy.narrower(topic.code)])
        for topic in taxonomy.top
    ]
    goals = [(number, title, taxonomy.of_goal(number)) for number, title in GOALS.items()]
    context = {
        "rows": rows,
        "goals": goals,
        "csv_address": here(place, "topics-csv"),
        "json_address": place.api(f"topics?on={place.as_of}"),
    }
    return render(request, "registry/topics/topics.html", context)


@require_safe
def topics_csv(request: HttpRequest) -> HttpResponse:
    """The taxonomy as a table for a spreadsheet."""
    place = place_of(request)
    return taken_along(exports.taxonomy_csv(place), "topics", place)


@require_safe
def topic_page(request: HttpRequest, code: str, slug: str = "") -> HttpResponse:
    """One topic: what it covers, what stands under it by kind, what parties said of that."""
    place = place_of(request)
    topic = sheet.topic_named(code)
    elsewhere = moved(request, address_of(topic, place))
    if elsewhere:
        return elsewhere
    only, after = _asked_kind(request), request.GET.get("after", "")[:20]
    kept = {"on": str(place.as_of)} if not place.today else {}
    context = {
        "topic": topic,
        "broader": queries.taxonomy().topics.get(topic.broader),
        "narrower": queries.taxonomy().narrower(topic.code),
        "goals": [(number, GOALS[number]) for number in topic.goals],
        "groups": [(one, _more(one, kept, only)) for one in sheet.groups(topic, place, only, after)],
        "only": kind_named(only),
        "whole_address": f"?{urlencode(kept)}" if kept else address_of(topic, place),
        "first_address": f"?{urlencode(kept | {'kind': only})}" if only and after else "",
        "said": [] if only else sheet.said(topic, place),
        "feed_address": here(place, "topic-feed", code=code),
        "csv_address": here(place, "topic-csv", code=code) + f"?on={place.as_of}",
        "json_address": place.api(f"topics/{code}?on={place.as_of}"),
    }
    return render(request, "registry/topics/topic.html", context)


def _asked_kind(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in {kind.name for kind in queries.listed_kinds()} else ""


def _more(group: sheet.Group, kept: dict[str, str], only: str) -> str:
    """The address of what follows: the whole group first, then page by page."""
    if not group.after:
        return ""
    told = kept | {"kind": group.kind.name}
    return "?" + urlencode(told | {"after": group.after} if only else told)


@require_safe
def topic_csv(request: HttpRequest, code: str) -> HttpResponse:
    """What stands under a topic as a table for a spreadsheet."""
    place = place_of(request)
    topic = sheet.topic_named(code)
    return taken_along(exports.filed_csv(topic, place), f"topic-{code}", place)


@require_safe
def topic_feed(request: HttpRequest, code: str) -> HttpResponse:
    """The newest things under a topic as Atom."""
    written = exports.atom(sheet.topic_named(code), place_of(request), request)
    return HttpResponse(written, content_type="application/atom+xml; charset=utf-8")


@require_safe
def filing_page(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """How a thing came by its topics: when and by whom it was filed, what was changed, and why."""
    place = place_of(request)
    found, row = thing_filed(place, kind, public_id)
    context = {
        "row": row,
        "kind": found,
        "topics": queries.topics_of(row, place, found),
        "history": queries.history_of(found, row, place),
        "taxonomy": queries.taxonomy().topics,
    }
    return render(request, "registry/topics/filing.html", context)


def thing_filed(place: Place, kind_name: str, public_id: str) -> tuple[Kind, object]:
    """A thing of a kind that bears topics; refused as not visible otherwise."""
    kind = kind_named(kind_name)
    if kind is None or not kind.filed.bears_topics:
        raise NotVisible(kind="topic")
    return kind, kind.one_of(kind.standing(place), public_id)
