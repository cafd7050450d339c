"""Signing in, choosing a seat, and giving and taking back the seats of an organisation."""

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comity.people import access, actions, queries
from comity.people.forms import FirstPasswordForm, GrantSeatForm, SignInForm
from comity.people.models import Person, Seat
from comity.people.words import office_in_words
from comity.plain.actors import require
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible, Refusal
from comity.registry.edges import act_page, here, organisation_named, show
from comity.registry.models import Organisation, OrganisationKind


def _sit(request: HttpRequest, place: Place, chosen: str) -> None:
    request.session[access.SEATS_KEY] = {**request.session.get(access.SEATS_KEY, {}), str(place.realm): chosen}
    request.session.pop(access.CAST_KEY, None)


@act_page
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in; who holds one seat here takes it, who holds several chooses."""
    place = place_of(request)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        person = authenticate(request, username=form.cleaned_data["email"], password=form.cleaned_data["password"])
        if isinstance(person, Person):
            login(request, person)
            seats = queries.seats_in_force(person, place.at, place.realm)
            if len(seats) == 1 and not person.is_operator:
                _sit(request, place, seats[0].public_id)
                return redirect(here(place, "desk"))
            return redirect(here(place, "seats"))
        form.add_error(
            None, _("No open account has this e-mail address and this password. Check both, then try again.")
        )
    return render(request, "people/sign_in.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave seat and account."""
    logout(request)
    return redirect(here(place_of(request), "home"))


@act_page
def seats(request: HttpRequest) -> HttpResponse:
    """One's own seats in force in this realm; taking one is a button."""
    place = place_of(request)
    person = access.person_from_session(request.session)
    if person is None:
        return redirect(here(place, "sign-in"))
    own = queries.seats_in_force(person, place.at, place.realm)
    if request.method == "POST":
        return _choose(request, place, person, own)
    return render(request, "people/seats.html", {"person": person, "seats": own})


def _choose(request: HttpRequest, place: Place, person: Person, own: list[Seat]) -> HttpResponseRedirect:
    chosen = request.POST.get("seat", "")
    allowed = {seat.public_id for seat in own} | {""}
    if person.is_operator:
        allowed.add(access.OPERATOR_SEAT)
    if chosen not in allowed:
        raise access.SeatNotInForce(seat=chosen)
    _sit(request, place, chosen)
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
            seat = actions.grant_seat_to(
                **form.cleaned_data,
                language=place.language,
                organisation=organisation,
                by=place.actor,
                at=place.at,
            )
        except Refusal as refusal:
            show(refusal, form, {"email-taken": "email", "seat-ends-before-it-starts": "end", "not-allowed": "role"})
        else:
            if seat.person.has_usable_password() or not access.may_invite(place.actor, place.at, seat.person):
                return redirect(here(place, "organisation-seats", public_id=public_id))
            token = actions.invitation(seat.person)
            path = here(place, "invitation", public_id=seat.person.public_id, token=token)
            context |= {"invitation": request.build_absolute_uri(path), "invited": seat.person}
    context["seats"] = [
        (seat, seat.in_force(place.at))
        for seat in Seat.objects.of_organisation(organisation)
        .select_related("person", "network", "organisation", "for_seat__person")
        .order_by("-start", "id")
    ]
    return render(request, "people/organisation_seats.html", context, status=422 if form.errors else 200)


@require_POST
def seat_revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a seat back, at once."""
    place = place_of(request)
    seat = (
        Seat.objects.select_related("organisation").filter(public_id=public_id, organisation__realm=place.realm).first()
    )
    if seat is None or not access.may_revoke(place.actor, place.at, seat):
        raise NotVisible()
    actions.revoke_seat(seat, by=place.actor, at=place.at)
    return redirect(here(place, "organisation-seats", public_id=seat.organisation.public_id))


@act_page
def invitation(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """Set the first password of an invited account."""
    place = place_of(request)
    person = Person.objects.filter(public_id=public_id, is_active=True).first()
    if person is None or not actions.invitation_holds(person, token):
        raise actions.InvitationSpent()
    form = FirstPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            actions.accept_invitation(
                person,
                token=token,
                password=form.cleaned_data["password"],
                by=place.actor,
                at=place.at,
                realm=place.realm,
            )
        except Refusal as refusal:
            show(refusal, form)
        else:
            return redirect(here(place, "sign-in"))
    response = render(request, "people/invitation.html", {"form": form, "person": person})
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


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
