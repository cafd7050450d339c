"""A party's own room and its papers; the page of a file, and the file itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comity.files import access, store, words
from comity.files.core.found import Removed
from comity.files.edges import file_named
from comity.files.kinds import FILE, PAPER
from comity.files.models import Paper
from comity.files.queries import in_own_room, on_the_table
from comity.people.queries import seat_in
from comity.plain.ids import slug as slug_of
from comity.plain.levels import Level
from comity.plain.place import place_of
from comity.plain.refs import Ref
from comity.plain.refusals import NotVisible
from comity.plain.things import thing
from comity.registry.edges import moved


@never_cache
@require_safe
def room(request: HttpRequest) -> HttpResponse:
    """The papers on the table of the party for which the reader acts; nobody else has such a page."""
    place = place_of(request)
    seat = seat_in(place)
    if seat is None:
        raise NotVisible(kind="paper")
    papers = PAPER.seen(place).filter(network=seat.organisation)
    told = {
        "organisation": seat.organisation,
        "papers": on_the_table(papers),
        "files": in_own_room(seat.organisation, place),
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


ALONE = "default-src 'none'; sandbox"
"""The policy under which a browser would show an upload: nothing in it runs or fetches."""


@require_safe
def file_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """What the file is, who laid it there, who reads it, and what was taken out of it."""
    place = place_of(request)
    upload = file_named(place, public_id)
    elsewhere = moved(request, FILE.address(upload, place.language))
    if elsewhere:
        return elsewhere
    context = {
        "upload": upload,
        "type": words.TYPES[upload.file_type],
        "left": words.left_in(upload.changes, upload.comments, upload.hidden),
        "removed": [words.REMOVED[Removed(name)] for name in upload.removed],
        "beside": thing(upload.beside, place),
        "may_take_back": place.actor.organisation and access.may_take_back(place.actor, place.at, upload),
        "json_address": place.api(f"files/{public_id}"),
    }
    return render(request, "files/file.html", context)


@require_safe
def download(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The bytes, as a file to keep: never shown inside a page of this house or of another."""
    upload = file_named(place_of(request), public_id)
    tag = f'"{upload.digest}"'
    unchanged = get_conditional_response(request, etag=tag) if upload.level == Level.PUBLIC else None
    answer = unchanged or HttpResponse(store.read(upload.place), content_type=words.media_type(upload.file_type))
    if not unchanged:
        name = f"{slug_of(upload.title).strip('-') or upload.public_id}{upload.file_type.ending}"
        answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer.headers["Content-Security-Policy"] = ALONE
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "no-cache" if upload.level == Level.PUBLIC else "private, no-store"
    return answer
