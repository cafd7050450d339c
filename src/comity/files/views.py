"""A party's own room: its papers, one paper in each of its versions, and writing them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comity.files import actions
from comity.files.forms import NothingAskedForm, PaperForm, VersionForm
from comity.files.kinds import PAPER
from comity.files.models import Paper
from comity.files.queries import newest_version, on_the_table
from comity.people.access import acting
from comity.people.queries import seat_of
from comity.plain.kinds import all_kinds
from comity.plain.place import Place, place_of
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, NotVisible
from comity.plain.things import thing
from comity.registry.edges import act_page, followed, here


@never_cache
@require_safe
def room(request: HttpRequest) -> HttpResponse:
    """The papers on the table of the party for which the reader acts; nobody else has such a page."""
    place = place_of(request)
    seat = seat_of(place.actor, place.at)
    if seat is None:
        raise NotVisible(kind="paper")
    papers = PAPER.seen(place).filter(network=seat.organisation)
    told = {
        "organisation": seat.organisation,
        "papers": on_the_table(papers),
        "put_away": papers.exclude(put_away_at=None).order_by("-put_away_at", "-pk"),
    }
    return render(request, "files/room.html", told)


@never_cache
@require_safe
def paper_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """One paper: the version asked for, or the one that stands."""
    place = place_of(request)
    paper: Paper = PAPER.one_of(PAPER.seen(place), public_id)
    versions = list(paper.versions.select_related("seat").order_by("-number"))
    asked = request.GET.get("version", "")
    shown = next((version for version in versions if str(version.number) == asked), versions[0])
    told = {
        "paper": paper,
        "shown": shown,
        "versions": versions,
        "because": thing(Ref.parse(paper.because), place) if paper.because else None,
    }
    return render(request, "files/paper.html", told)


@act_page
def write(request: HttpRequest) -> HttpResponse:
    """Write a paper in one's own party's room."""
    place = place_of(request)
    seat = acting(place.actor, place.at)
    given = {"language": place.language, "kind": "note", "because": request.GET.get("because", "")}
    form = PaperForm(request.POST or None, initial=given)

    def done() -> str:
        told = dict(form.cleaned_data)
        because = _thing_at(told.pop("because"), place)
        paper = actions.write_paper(
            organisation=seat.organisation, because=because, by=place.actor, at=place.at, **told
        )
        return PAPER.address(paper, place.language)

    told = {"form": form, "organisation": seat.organisation}
    return followed(form, done) or render(request, "files/write.html", told, status=422 if form.errors else 200)


def _thing_at(address: str, place: Place) -> Ref | None:
    """The thing whose page has that address, as far as the writer may see it; nothing for nothing."""
    if not address.strip():
        return None
    parts = [part for part in urlsplit(address.strip()).path.removeprefix("/fiction").split("/") if part]
    kind = next((kind for kind in all_kinds() if len(parts) >= 3 and kind.name == parts[1]), None)
    found = thing(Ref(kind.record_kind or kind.name, parts[2]), place) if kind else None
    if found is None:
        raise BadInput(field="because", value=address[:80], remedy="copy the address of the page of a thing here")
    return found.ref


@act_page
def write_version(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write a paper anew, on top of the version that stands."""
    place = place_of(request)
    paper: Paper = PAPER.one_of(PAPER.seen(place), public_id)
    newest = newest_version(paper)
    form = VersionForm(request.POST or None, initial={"words": newest.words, "after": newest.number})
    address = PAPER.address(paper, place.language)

    def done() -> str:
        actions.write_version(paper, **form.cleaned_data, by=place.actor, at=place.at)
        return address

    told = {"form": form, "paper": paper, "organisation": paper.network, "back": address}
    return followed(form, done) or render(request, "files/write.html", told, status=422 if form.errors else 200)


@act_page
def put_away(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a paper off the table."""
    place = place_of(request)
    paper: Paper = PAPER.one_of(PAPER.seen(place), public_id)
    form = NothingAskedForm(request.POST if request.method == "POST" else None)

    def done() -> str:
        actions.put_away(paper, by=place.actor, at=place.at)
        return here(place, "own-room")

    told = {"form": form, "paper": paper, "back": PAPER.address(paper, place.language)}
    return followed(form, done) or render(request, "files/put_away.html", told, status=422 if form.errors else 200)
