"""One's own account: opening it from the letter, setting up and removing the ways in, ending sessions."""

import re
from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from comity.people import actions
from comity.people.accounts import factors, proofs
from comity.people.accounts.actions import ways_in
from comity.people.accounts.edges import (
    back,
    enter,
    fresh_page,
    holders_page,
    house,
    passkey_page,
    present,
    prove_again,
)
from comity.people.accounts.forms import CodeForm, GeneratorForm, PasskeyForm, PasswordForm, credential_of
from comity.people.accounts.identity import closed_by
from comity.people.accounts.models import BrowserSession
from comity.people.accounts.proofs import Proof
from comity.people.accounts.sign_in import code_is_right
from comity.people.accounts.tokens import INVITATIONS, OPENINGS
from comity.people.models import Person, Seat
from comity.people.queries import WITH_SEAT, operator
from comity.plain.place import place_of
from comity.plain.refusals import NotVisible, Refusal
from comity.registry.edges import act_page, here, refusal_in_words, show


class InvitationSpent(Refusal):
    """This link is over: it held for three days, and until a way to sign in was set up. Whoever has one signs in and
    answers the offer there; otherwise the organisation can send the letter again."""

    code = "invitation-spent"
    status = 403


def _done(request: HttpRequest, person: Person) -> dict[str, Any]:
    return {"house": house(request), "by": operator(person), "at": present()}


@act_page
@passkey_page
def invitation(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """Accept or decline the seat with which the letter came; accepting opens an account that nobody has opened yet.

    Looking at the page spends nothing, for mail systems look too; setting up the first way in does.
    """
    place = place_of(request)
    seats = Seat.objects.select_related(*WITH_SEAT).filter(organisation__realm=place.realm, person__is_active=True)
    seat = seats.filter(public_id=public_id).first()
    if seat is None or not INVITATIONS.check_token(seat, token):  # type: ignore[arg-type]  # the token of a seat
        raise InvitationSpent()
    if request.method != "POST":
        told = {"seat": seat, "offered": seat.offered(place.at), "closed": closed_by(seat)}
        return render(request, "people/invitation.html", told)
    if request.POST.get("answer") == "decline":
        actions.decline_seat(seat, by=operator(seat.person), at=place.at)
        return render(request, "people/invitation_declined.html", {"seat": seat})
    if seat.accepted_at is None:
        actions.accept_seat(seat, by=operator(seat.person), at=place.at)
    return _begin(request, seat.person) if seat.person.opened_at is None else redirect(here(place, "sign-in"))


@act_page
@passkey_page
def begin(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """Begin anew with the link that the command line of the instance gave to an operator."""
    person = Person.objects.filter(public_id=public_id, is_active=True).first()
    if person is None or not OPENINGS.check_token(person, token):
        raise InvitationSpent()
    return _begin(request, person) if request.method == "POST" else render(request, "people/begin.html")


def _begin(request: HttpRequest, person: Person) -> HttpResponse:
    """Sign the reader of a link in to set up her ways in, and no further."""
    enter(request, person, Proof.LINK)
    return redirect(here(place_of(request), "account"))


@holders_page
def account(request: HttpRequest, person: Person) -> HttpResponse:
    """The ways in of one's account, its sessions, and what is still missing before a seat opens."""
    if proofs.voucher(request.session):
        return render(request, "people/account_vouched.html", {"person": person})
    rows = BrowserSession.objects.filter(person=person, expire_date__gt=present()).order_by("-begun_at")
    told = {
        "person": person,
        "passkeys": [(row, factors.name_of(row)) for row in factors.passkeys_of(person)],
        "codes": factors.makes_codes(person),
        "password": person.has_usable_password(),
        "recovery_codes": factors.unused_codes(person),
        "secured": factors.secured(person),
        "sessions": rows,
        "this_session": request.session.session_key,
    }
    return render(request, "people/account.html", told)


def _secured(request: HttpRequest, person: Person, *, first: bool) -> HttpResponse:
    """With the first second factor, what a link or a password alone had opened elsewhere ends."""
    if first:
        ways_in.end_sessions(person, but=request.session.session_key or "")
    return redirect(here(place_of(request), "recovery-codes" if first else "account"))


@fresh_page
def passkey_new(request: HttpRequest, person: Person) -> HttpResponse:
    """Set up a passkey; what the browser needs for it is asked here too, as JSON."""
    if request.method != "POST" and request.headers.get("Accept") == "application/json":
        return JsonResponse(factors.registration(person))
    form = PasskeyForm(request.POST or None, initial={"name": request.session.get("device", "")})
    if form.is_valid():
        first = not factors.secured(person)
        try:
            made = factors.registered(request, credential_of(request))
            ways_in.keep_passkey(person, name=form.cleaned_data["name"], credential=made, **_done(request, person))
        except Refusal as refusal:
            form.add_error(None, refusal_in_words(refusal))
        else:
            prove_again(request, Proof.PASSKEY)
            return _secured(request, person, first=first)
    return render(request, "people/passkey_new.html", {"form": form}, status=422 if form.errors else 200)


@fresh_page
def password(request: HttpRequest, person: Person) -> HttpResponse:
    """Choose a password; a code must follow it at every sign-in, so a generator is set up next where there is none."""
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            ways_in.choose_password(person, password=form.cleaned_data["password"], **_done(request, person))
        except Refusal as refusal:
            show(refusal, form)
        else:
            stays = proofs.proof_of(request.session) or Proof.PASSWORD
            enter(request, person, Proof.PASSWORD if stays is Proof.LINK else stays)
            ways_in.end_sessions(person, but=request.session.session_key or "")
            return redirect(here(place_of(request), "account" if factors.makes_codes(person) else "codes-new"))
    return render(request, "people/password.html", {"form": form}, status=422 if form.errors else 200)


@fresh_page
def codes_new(request: HttpRequest, person: Person) -> HttpResponse:
    """Set up a code generator: its secret is shown until a right code comes back."""
    if not person.has_usable_password():
        return redirect(here(place_of(request), "account-password"))
    secret = request.session.setdefault(factors.SECRET_KEY, factors.new_secret())
    form = GeneratorForm(request.POST or None)
    if form.is_valid():
        first = not factors.secured(person)
        try:
            ways_in.start_codes(person, secret=secret, code=form.cleaned_data["code"], **_done(request, person))
        except Refusal as refusal:
            show(refusal, form)
        else:
            request.session.pop(factors.SECRET_KEY)
            prove_again(request, Proof.CODE)
            return _secured(request, person, first=first)
    told: dict[str, Any] = {"form": form, "secret": secret, "address": factors.address_of_secret(person, secret)}
    told["picture"] = factors.picture_of(told["address"])
    return render(request, "people/codes_new.html", told, status=422 if form.errors else 200)


@fresh_page
def recovery_codes(request: HttpRequest, person: Person) -> HttpResponse:
    """How many recovery codes still open the account; a button writes new ones, which are shown this once."""
    if not factors.secured(person):
        return redirect(here(place_of(request), "account"))
    codes = ways_in.write_recovery_codes(person, **_done(request, person)) if request.method == "POST" else []
    told = {"codes": [" ".join(re.findall("....", code)) for code in codes], "unused": factors.unused_codes(person)}
    return render(request, "people/recovery_codes.html", told)


@fresh_page
def remove(request: HttpRequest, person: Person) -> HttpResponse:
    """Take a passkey or the code generator away: asked first, done by a button."""
    named = request.POST.get("way") or request.GET.get("way", "")
    rows: list[Authenticator] = list(factors.factors_of(person))
    row = next((row for row in rows if named == factors.name_of(row)), None)
    if row is None:
        raise NotVisible()
    if request.method == "POST":
        ways_in.remove_factor(row, person=person, **_done(request, person))
        return redirect(here(place_of(request), "account"))
    told = {"way": named, "called": str(row) if row.type == Authenticator.Type.WEBAUTHN else ""}
    return render(request, "people/way_remove.html", told)


@holders_page
def end_sessions(request: HttpRequest, person: Person) -> HttpResponse:
    """End one other session, or all others; their next request finds nobody signed in."""
    if request.method == "POST" and not proofs.voucher(request.session):
        ways_in.end_sessions(person, but=request.session.session_key or "", only=request.POST.get("session", ""))
    return redirect(here(place_of(request), "account"))


@holders_page
def prove(request: HttpRequest, person: Person) -> HttpResponse:
    """Prove again who one is, before the ways in change: by passkey, or by password and code."""
    if proofs.proof_of(request.session) in {Proof.LINK, Proof.PASSWORD} and not factors.secured(person):
        return redirect(here(place_of(request), "sign-in"))
    form = CodeForm(request.POST or None)
    if request.POST.get("credential"):
        try:
            factors.proved(request, credential_of(request), person)
        except Refusal as refusal:
            form = CodeForm({})
            form.errors.clear()
            form.add_error(None, refusal_in_words(refusal))
        else:
            prove_again(request, Proof.PASSKEY)
            return back(request)
    elif form.is_valid():
        if code_is_right(request, person, form.cleaned_data["code"]):
            prove_again(request, Proof.CODE)
            return back(request)
        show(ways_in.CodeDoesNotMatch(field="code"), form)
    told: dict[str, Any] = {"form": form, "passkeys": factors.passkeys_of(person).exists()}
    told["secured"] = factors.secured(person)
    return render(request, "people/prove.html", told, status=422 if form.errors else 200)


@holders_page
def prove_options(request: HttpRequest, person: Person) -> HttpResponse:
    """What the browser needs to prove one of the account's own passkeys."""
    return JsonResponse(factors.authentication(person))
