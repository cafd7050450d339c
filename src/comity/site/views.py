"""The pages that belong to no single room: home, the four pairs of eyes, search, thread, feed and mission."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from comity.plain.ids import is_id
from comity.plain.kinds import Exit, kind_named, kinds_recorded_as
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.plain.refs import Ref
from comity.plain.refusals import NotVisible
from comity.plain.things import Thing, thing
from comity.site import feeds, finding
from comity.site.home.excerpt import shown_excerpt
from comity.site.home.holdings import whole_house
from comity.site.home.other_eyes import four_readers
from comity.site.home.showcase import showcase, shown_adoption
from comity.site.mission.rows import PARAGRAPHS
from comity.site.mission.states import Built, RowState, address_of, states
from comity.site.templatetags.comity import address_in, address_or_nothing
from comity.site.threads import remember_thread, thread_on
from comity.site.words import kind_in_words

ASKED = ("on", "rule", "day", "votes", "forger")
"""What the home page may be asked; each form keeps the answers of the others."""
LONGEST = 60
ATOM = "application/atom+xml; charset=utf-8"


def home(request: HttpRequest) -> HttpResponse:
    """In the fiction one decision and four things to do with it; in the real realm what is registered."""
    place = place_of(request)
    if place.realm is Realm.REAL:
        return render(request, "site/home.html", {"house": whole_house(place)})
    asked = {name: request.GET.get(name, "")[:LONGEST] for name in ASKED if name in request.GET}
    shown = showcase(place, asked)
    if shown is None:
        return render(request, "site/home_empty.html", {"house": whole_house(place)})
    remember_thread(request, shown.decision, shown.thread)
    told = {
        "it": shown,
        "kept_questions": asked.items(),
        "json_address": address_or_nothing(place, "decision-file", shown.decision_id),
    }
    return render(request, "site/decision_home.html", told)


def eyes(request: HttpRequest) -> HttpResponse:
    """The same text as reader, author, rival and secretariat see it, side by side."""
    place = place_of(request)
    adoption = shown_adoption(place)
    readers = four_readers(place, adoption.text if adoption else None)
    if adoption is None or not readers:
        raise NotVisible
    told = {"eyes": readers, "text": adoption.text, "clause": shown_excerpt(adoption, place)}
    return render(request, "site/eyes.html", told)


def search(request: HttpRequest) -> HttpResponse:
    """Everything that bears the words asked for, kind by kind, with the name that matched."""
    place = place_of(request)
    it = finding.looked_for(request.GET, place)
    return render(request, "site/search.html", {"it": it, "json_address": it.json_address})


def suggestions(request: HttpRequest) -> HttpResponse:
    """The few best, as JSON for the search box of every page."""
    found = finding.suggested(request.GET.get("q", ""), place_of(request))
    told = [
        {
            "title": one.title,
            "language": one.language,
            "kind": kind_in_words(one.kind.name),
            "apart": one.apart,
            "url": one.address,
        }
        for one in found
    ]
    return JsonResponse({"suggestions": told})


def any_thread(request: HttpRequest) -> HttpResponse:
    """The thread of the newest decision that became promises, as the example there is; else what would stand here."""
    place = place_of(request)
    adoption = shown_adoption(place)
    if adoption is None:
        return render(request, "site/thread_empty.html")
    return redirect(address_in(place, "thread", "decision", adoption.decision.public_id))


def thread(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """The whole thread of one thing, in both directions, missing stages named."""
    place = place_of(request)
    found = _thing(kind, public_id, place)
    view = thread_on(request, found.row, place)
    return render(request, "site/thread.html", {"kind": found.kind, "row": found.row, "view": view})


def _thing(kind: str, public_id: str, place: Place) -> Thing:
    named = kind_named(kind)
    ref = Ref(named.record_kind or named.name if named else kind, public_id)
    if not is_id(public_id) or not any(Exit.THREAD in one.exits for one in kinds_recorded_as(ref.kind)):
        raise NotVisible
    found = thing(ref, place)
    if found is None:
        raise NotVisible
    return found


def feed(request: HttpRequest) -> HttpResponse:
    """The newest public things as Atom."""
    kind = request.GET.get("kind", "")
    return HttpResponse(feeds.atom(place_of(request), request, only=kind), content_type=ATOM)


def mission(request: HttpRequest) -> HttpResponse:
    """The mission row by row, each with the page or command through which it can be tried."""
    place = place_of(request)
    rows = states()
    named = {"whole": Built.WHOLE, "part": Built.IN_PART, "not_yet": Built.NOT_YET}
    counts = {name: sum(1 for row in rows if row.built is built) for name, built in named.items()}
    paragraphs = [
        {"words": words, "rows": [_walked(row, place) for row in rows if row.row.paragraph == number]}
        for number, words in enumerate(PARAGRAPHS)
    ]
    return render(request, "site/mission.html", {"counts": counts, "paragraphs": paragraphs})


def _walked(state: RowState, place: Place) -> dict[str, object]:
    links = [(at, address_of(at, place)) for at in state.places]
    return {"row": state.row, "built": state.built, "missing": state.missing, "links": links}
