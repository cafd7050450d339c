"""Choosing a seat, and giving and taking back the seats of an organisation."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from comity.mail.queries import undelivered
from comity.people import access, actions, queries
from comity.people.accounts import limits, proofs
from comity.people.accounts.actions import attempts, ways_in
from comity.people.accounts.edges import answering, house, offers_told, own_seats, present, sit
from comity.people.accounts.proofs import Proof
from comity.people.forms import GrantSeatForm
from comity.people.models import Seat
from comity.people.words import office_in_words
from comity.plain.actors import ActorKind, require
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible, Refusal
from comity.registry.edges import act_page, here, organisation_named, refusal_in_words, show
from comity.registry.models import Organisation, OrganisationKind


@act_page
def seats(request: HttpRequest) -> HttpResponse:
    """One's own seats in force in this realm; taking one is a button."""
    place = place_of(request)
    person = access.person_from_session(request.session)
    if person is None:
        return redirect(here(place, "sign-in"))
    own = own_seats(request, person)
    runs = person.is_operator and proofs.opens_seat_of(request.session, "")
    if request.method == "POST":
        return _choose(request, place, own, runs=runs)
    half = proofs.proof_of(request.session) in {Proof.LINK, Proof.PASSWORD}
    if half:
        return redirect(here(place, "account"))
    told = {"person": person, "seats": own, "runs": runs, "lapsed": _lapsed_in_words(request, place)}
    return render(request, "people/seats.html", told | offers_told(request))


def _lapsed_in_words(request: HttpRequest, place: Place) -> str:
    seat = access.lapsed(request.session, place)
    return refusal_in_words(access.no_longer_in_force(seat, place)) if seat else ""


def _choose(request: HttpRequest, place: Place, own: list[Seat], *, runs: bool) -> HttpResponseRedirect:
    chosen = request.POST.get("seat", "")
    allowed = {seat.public_id for seat in own} | {""}
    if runs:
        allowed.add(access.OPERATOR_SEAT)
    if chosen not in allowed:
        raise access.SeatNotInForce(seat=chosen)
    sit(request, place, chosen)
    return redirect(here(place, "desk") if chosen else here(place, "home"))


@act_page
def organisation_seats(request: HttpRequest, public_id: str) -> HttpResponse:
    """The mandates an organisation has given, for those who may give and revoke them."""
    place = place_of(request)
    organisation = organisation_named(place, public_id)
    require(access.may_see_seats(place.actor, place.at, organisation))
    form = GrantSeatForm(request.POST or None, initial={"start": place.at.date()})
    networks = Organisation.objects.in_realm(place.realm).filter(kind=OrganisationKind.NETWORK)
    form.fields["network"].queryset = networks.order_by("name")  # type: ignore[attr-defined]  # a field of choices among rows
    offices = form.fields["for_seat"]
    offices.queryset = queries.offices_of(organisation, place.at)  # type: ignore[attr-defined]  # a field of choices among rows
    offices.label_from_instance = office_in_words  # type: ignore[attr-defined]
    context: dict[str, object] = {"organisation": organisation, "form": form}
    if form.is_valid():
        try:
            attempts.count(limits.INVITATION_SEAT, str(place.actor), at=present())
            seat = actions.offer_seat_to(
                **form.cleaned_data,
                language=place.language,
                organisation=organisation,
                by=place.actor,
                at=place.at,
                house=house(request),
            )
        except Refusal as refusal:
            show(refusal, form, {"email-taken": "email", "seat-ends-before-it-starts": "end", "not-allowed": "role"})
        else:
            return redirect(f"{here(place, 'organisation-seats', public_id=public_id)}?given={seat.public_id}")
    given = Seat.objects.of_organisation(organisation).select_related("person")
    context["given"] = given.filter(public_id=request.GET.get("given", "")).first()
    rows = Seat.objects.of_organisation(organisation).order_by("-start", "id")
    listed = list(rows.select_related("person", "network", "organisation", "for_seat__person"))
    lost = undelivered(seat.person.email for seat in listed if seat.revoked_at is None)
    context["seats"] = [
        (seat, seat.in_force(place.at), seat.offered(place.at), lost.get(seat.person.email)) for seat in listed
    ]
    return render(request, "people/organisation_seats.html", context, status=422 if form.errors else 200)


@require_POST
def seat_revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a seat back, or withdraw its offer, at once."""
    place = place_of(request)
    seat = (
        Seat.objects.select_related("organisation").filter(public_id=public_id, organisation__realm=place.realm).first()
    )
    if seat is None or not access.may_revoke(place.actor, place.at, seat):
        raise NotVisible()
    actions.revoke_seat(seat, by=place.actor, at=place.at)
    return redirect(here(place, "organisation-seats", public_id=seat.organisation.public_id))


@require_POST
def seat_answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Accept or decline a seat that is offered to the reader."""
    place, person = place_of(request), answering(request)
    seats_ = Seat.objects.select_related("organisation", "person").filter(organisation__realm=place.realm)
    seat = seats_.filter(public_id=public_id, person=person).first() if person else None
    if seat is None:
        raise NotVisible(kind="seat")
    answer = actions.accept_seat if request.POST.get("answer") == "accept" else actions.decline_seat
    answer(seat, by=queries.operator(seat.person), at=place.at)
    page = "desk" if place.actor.kind is ActorKind.SEAT else "seats"
    return redirect(f"{here(place, page)}?answered={public_id}")


@require_POST
def invitation_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send the letter of a seat once more, to the same mailbox, while it is offered or its account not opened."""
    place = place_of(request)
    seats_ = Seat.objects.select_related("organisation", "person").filter(organisation__realm=place.realm)
    seat = seats_.filter(public_id=public_id, revoked_at=None, declined_at=None).first()
    if seat is None or not access.may_invite(place.actor, place.at, seat.organisation):
        raise NotVisible()
    if not seat.offered(place.at) and (seat.accepted_at is None or seat.person.opened_at is not None):
        raise NotVisible()
    ways_in.tell_of_offer(seat, house=house(request), by=place.actor, at=place.at)
    return redirect(here(place, "organisation-seats", public_id=seat.organisation.public_id))


@act_page
def cast(request: HttpRequest) -> HttpResponse:
    """The cast of the fiction: in the demonstration, and nowhere else, one click takes a seat."""
    place = place_of(request)
    if not settings.DEMO or place.realm is not Realm.FICTION:
        raise Http404
    if request.method == "POST":
        chosen = request.POST.get("seat", "")
        open_to_all = {seat.public_id for seat in queries.cast(place.realm, place.at)} | {access.OPERATOR_SEAT, ""}
        if chosen not in open_to_all:
            raise access.SeatNotInForce(seat=chosen)
        request.session[access.CAST_KEY] = chosen
        onward = request.POST.get("next", "")
        inside = onward.startswith("/fiction/") and url_has_allowed_host_and_scheme(onward, allowed_hosts=None)
        return redirect(onward if inside else here(place, "desk" if chosen else "home"))
    seats_ = queries.cast(place.realm, place.at)
    return render(
        request, "people/cast.html", {"seats": seats_, "own": place.actor, "next": request.GET.get("next", "")}
    )
