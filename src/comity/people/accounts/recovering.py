"""The pages of a recovery: asking, confirming on the desk, stopping, and opening the account anew."""

from time import monotonic, sleep

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from comity.people.accounts import limits, recovery
from comity.people.accounts.actions import attempts
from comity.people.accounts.actions import recovery as actions
from comity.people.accounts.edges import enter, house, passkey_page, present
from comity.people.accounts.forms import AddressForm
from comity.people.accounts.models import Recovery
from comity.people.accounts.proofs import Proof
from comity.people.accounts.tokens import RECOVERIES, STOPS
from comity.people.models import Person
from comity.people.queries import operator
from comity.plain.actors import ANONYMOUS, ActorKind
from comity.plain.place import place_of
from comity.plain.refusals import NotVisible
from comity.registry.edges import act_page, here

ANSWERED_AFTER = 0.3
"""Seconds: nobody tells from how long the answer took whether letters were written, and so whether an account is."""


@act_page
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a new way in; whatever the address, the answer is the same."""
    form = AddressForm(request.POST or None)
    if not form.is_valid():
        return render(request, "people/recovery_ask.html", {"form": form}, status=422 if form.errors else 200)
    email, source, at, began = form.cleaned_data["email"].lower(), limits.source_of(request), present(), monotonic()
    attempts.count(limits.RECOVERY_SOURCE, source, at=at)
    attempts.count(limits.RECOVERY_ACCOUNT, email, source, at=at)
    person = Person.objects.filter(email=email, is_active=True).first()
    if person is not None:
        actions.ask(person, house=house(request), at=at)
    sleep(max(0.0, ANSWERED_AFTER - (monotonic() - began)))
    return render(request, "people/recovery_asked.html", {"email": email})


def _named(public_id: str) -> Recovery:
    row = Recovery.objects.select_related("person").filter(public_id=public_id, person__is_active=True).first()
    if row is None:
        raise actions.RecoveryClosed()
    return row


@act_page
@passkey_page
def open_anew(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """Open the account with the link of the letter, once its waiting time is over."""
    row, at = _named(public_id), present()
    if not RECOVERIES.check_token(row, token):  # type: ignore[arg-type]  # the token of a recovery, not of a person
        raise actions.RecoveryClosed()
    if request.method == "POST":
        person = actions.use(row, token=token, by=operator(row.person), at=at)
        enter(request, person, Proof.LINK)
        return redirect(here(place_of(request), "account"))
    waits = row.opens_at is None or at < row.opens_at
    return render(request, "people/recovery_open.html", {"recovery": row, "waits": waits})


@act_page
def stop_by_letter(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """Whoever reads the account's mail stops the recovery."""
    row = _named(public_id)
    if not STOPS.check_token(row, token):  # type: ignore[arg-type]  # the token of a recovery, not of a person
        raise actions.RecoveryClosed()
    stopped = request.method == "POST"
    if stopped:
        actions.stop(row, by=ANONYMOUS, at=present())
    return render(request, "people/recovery_stop.html", {"stopped": stopped})


@act_page
def waiting(request: HttpRequest) -> HttpResponse:
    """The recoveries that wait for the word of this seat or operator: confirmed or stopped by a button."""
    place = place_of(request)
    if place.actor.kind not in {ActorKind.SEAT, ActorKind.OPERATOR}:
        return redirect(here(place, "seats"))
    rows = recovery.on_the_desk_of(place.actor, place.at)
    if request.method != "POST":
        return render(request, "people/recoveries.html", {"rows": rows})
    for row, organisation in rows:
        if row.public_id != request.POST.get("recovery"):
            continue
        if request.POST.get("do") == "stop":
            actions.stop(row, by=place.actor, at=place.at)
        else:
            actions.confirm(row, organisation=organisation, house=house(request), by=place.actor, at=place.at)
        return redirect(here(place, "recoveries"))
    raise NotVisible()
