"""The pages of a desk: the desk itself, its table to take along, taking another of one's seats for an act, drafts."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from comity.people import access, actions, queries, sheet
from comity.people.accounts.edges import offers_told
from comity.people.desk import acts_for
from comity.people.models import Seat
from comity.people.placing import placed
from comity.plain.actors import ActorKind
from comity.plain.kinds import called
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.plain.tables import csv_of
from comity.registry.edges import act_page, here
from comity.registry.exports import taken_along

COLUMNS = ("due", "time", "zone", "days", "duty", "owed_to", "from", "state", "note", "level", "effect", "fictional")


@act_page
def desk(request: HttpRequest) -> HttpResponse:
    """What is to be done, over all seats of the reader in this realm, and done here; private to her."""
    place = place_of(request)
    if place.actor.kind not in {ActorKind.SEAT, ActorKind.OPERATOR}:
        if request.method == "POST":
            raise NotVisible(kind="seat")
        return redirect(here(place, "seats"))
    seat = queries.seat_in(place)
    acts = acts_for(place, seat)
    if seat is None:
        return render(request, "people/desk_of_operator.html", {"acts": acts})
    asked = sheet.Asked.read(request.GET)
    rows = sheet.rows_of(seat.person, place)
    opened = placed(request, rows, asked.do)
    if isinstance(opened, HttpResponseRedirect):
        return opened
    told = {"sheet": sheet.desk_of(seat, place, asked, rows), "asked": asked, "acts": acts, "placed": opened}
    told["may_grant"] = bool(access.may_see_seats(place.actor, place.at, seat.organisation))
    return render(request, "people/desk.html", told | offers_told(request), status=opened.status if opened else 200)


@never_cache
@require_GET
def due_csv(request: HttpRequest) -> HttpResponse:
    """The grid as a table to take along, with the same choice and order."""
    place = place_of(request)
    seat = _seated(place)
    rows = sheet.shown(sheet.rows_of(seat.person, place), sheet.Asked.read(request.GET))
    return taken_along(csv_of(COLUMNS, (_cells(row, place) for row in rows)), "due", place)


def _cells(row: sheet.Row, place: Place) -> tuple[str, ...]:
    due = row.due
    instant = due.until.isoformat() if hasattr(due.until, "hour") else ""
    fictional = "yes" if place.realm is Realm.FICTION else "no"
    return (
        due.day.isoformat(),
        instant,
        due.zone,
        str(row.days),
        row.name,
        called(due.owed_to, place).words,
        due.source,
        due.state,
        due.note,
        due.level.name.lower(),
        due.effect,
        fictional,
    )


def _seated(place: Place) -> Seat:
    """The seat the reader carries; without one there is no such page."""
    seat = queries.seat_in(place)
    if seat is None:
        raise NotVisible(kind="seat")
    return seat


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Carry another of one's own seats, and go to the act it was taken for."""
    place = place_of(request)
    own = queries.seats_in_force(_seated(place).person, place.at, place.realm)
    chosen = next((seat for seat in own if seat.public_id == request.POST.get("seat")), None)
    if chosen is None:
        raise access.SeatNotInForce(seat=request.POST.get("seat", "")[:40])
    if settings.DEMO and access.CAST_KEY in request.session:
        request.session[access.CAST_KEY] = chosen.public_id
    else:
        kept = request.session.get(access.SEATS_KEY, {})
        request.session[access.SEATS_KEY] = {**kept, str(place.realm): chosen.public_id}
    onward = request.POST.get("next", "")
    inside = onward.startswith(f"{place.prefix}/") and url_has_allowed_host_and_scheme(onward, allowed_hosts=None)
    return redirect(onward if inside else here(place, "desk"))


@require_POST
def draft_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a draft back: it waits no longer, and its words are gone."""
    place = place_of(request)
    draft = next((row for row in queries.drafts_before(_seated(place)) if row.public_id == public_id), None)
    if draft is None:
        raise NotVisible(kind="draft")
    actions.send_back(draft, by=place.actor, at=place.at)
    return redirect(here(place, "desk"))
