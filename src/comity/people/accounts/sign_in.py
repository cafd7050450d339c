"""Signing in: with a passkey, with a password and a code, or out again."""

from datetime import datetime

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comity.people.accounts import factors, identity, limits
from comity.people.accounts.actions import attempts, ways_in
from comity.people.accounts.edges import enter, go_on, house, keep_onward, passkey_page, present
from comity.people.accounts.forms import CodeForm, SignInForm, credential_of
from comity.people.accounts.limits import Limit, TooManyAttempts, TooManyGuesses
from comity.people.accounts.proofs import Proof
from comity.people.accounts.tokens import BROWSERS
from comity.people.models import Person
from comity.plain.place import place_of
from comity.plain.refusals import Refusal
from comity.registry.edges import act_page, here, refusal_in_words

HALF_KEY = "half"
"""Session: whose password was right a moment ago, and when; a code or passkey completes it."""

HALF_FOR = 300


class LinkOver(Refusal):
    """This link is over: it held for three days, and until the password was changed. Sign in as you always do."""

    code = "link-over"
    status = 403


@act_page
@passkey_page
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by passkey, or by a password to which a code must follow."""
    if request.method == "GET":
        keep_onward(request)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        person = _of_password(request, form.cleaned_data["email"], form.cleaned_data["password"])
        if person is not None:
            return _half_way(request, person)
        form.add_error(
            None, _("No open account has this e-mail address and this password. Check both, then try again.")
        )
    told = {"form": form, "providers": identity.providers()}
    return render(request, "people/sign_in.html", told, status=422 if form.errors else 200)


Counts = list[tuple[Limit, tuple[str, ...]]]


def _count(request: HttpRequest, email: str, *of_account: Limit, at: datetime) -> Counts:
    """Count an attempt at an account: a browser known to it has its own counts, all others share.

    Gives what was counted, to be given back where the attempt proves right. Where strangers have used up what they
    share, the holder gets a letter that makes her browser known.
    """
    address = email.strip().lower()
    known = limits.browser_known_to(request, address)
    counts: Counts = [] if known else [(limits.SIGN_IN_SOURCE, (limits.source_of(request),))]
    counts += [(limit, (address, known) if known else (address,)) for limit in of_account]
    for limit, parts in counts:
        try:
            attempts.count(limit, *parts, at=at)
        except TooManyAttempts as refused:
            if known or limit is limits.SIGN_IN_SOURCE:
                raise
            ways_in.offer_browser(address, house=house(request), at=at)
            raise TooManyGuesses(refused.again_at, at) from refused
    return counts


def _give_back(counts: Counts, at: datetime) -> None:
    for limit, parts in counts:
        attempts.give_back(limit, *parts, at=at)


def _of_password(request: HttpRequest, email: str, password: str) -> Person | None:
    at = present()
    counts = _count(request, email, limits.SIGN_IN_ACCOUNT, at=at)
    person = authenticate(request, username=email, password=password)
    if not isinstance(person, Person):
        return None
    _give_back(counts, at)
    return person


def _half_way(request: HttpRequest, person: Person) -> HttpResponse:
    if not factors.secured(person):
        enter(request, person, Proof.PASSWORD)
        return go_on(request, person)
    request.session.cycle_key()
    request.session[HALF_KEY] = [person.public_id, present().timestamp()]
    return redirect(here(place_of(request), "sign-in-code"))


def _half_signed_in(request: HttpRequest) -> Person | None:
    held = request.session.get(HALF_KEY)
    if not held or present().timestamp() - held[1] > HALF_FOR:
        return None
    return Person.objects.filter(public_id=held[0], is_active=True).first()


@act_page
@passkey_page
def code(request: HttpRequest) -> HttpResponse:
    """The second half after a password: a code of the generator, or a recovery code."""
    person = _half_signed_in(request)
    if person is None:
        return redirect(here(place_of(request), "sign-in"))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if code_is_right(request, person, form.cleaned_data["code"]):
            request.session.pop(HALF_KEY, None)
            enter(request, person, Proof.CODE)
            return go_on(request, person)
        form.add_error("code", _("This code does not match. Codes change every half minute, and each is good once."))
    told = {"form": form, "generator": factors.makes_codes(person)}
    return render(request, "people/sign_in_code.html", told, status=422 if form.errors else 200)


def code_is_right(request: HttpRequest, person: Person, given: str) -> bool:
    """Count an attempt at a code, and say whether it proves the person; each code counts once, for all workers."""
    at = present()
    counts = _count(request, person.email, limits.CODE_ACCOUNT, limits.CODE_DAY, at=at)
    if not (factors.generator_shows(person, given) or ways_in.spend_recovery_code(person, given)):
        return False
    try:
        attempts.count(limits.CODE_ONCE, person.public_id, given, at=at)
    except TooManyAttempts:
        return False
    _give_back(counts, at)
    return True


@act_page
@passkey_page
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in by passkey: the browser asks here what to prove, and sends the proof. It is counted by no limit."""
    if request.method != "POST":
        return JsonResponse(factors.authentication())
    try:
        person = factors.proved(request, credential_of(request)).user
    except Refusal as refusal:
        told = {"form": SignInForm(), "providers": identity.providers(), "refused": refusal_in_words(refusal)}
        return render(request, "people/sign_in.html", told, status=refusal.status)
    request.session.pop(HALF_KEY, None)
    enter(request, person, Proof.PASSKEY)
    return go_on(request, person)


@act_page
@passkey_page
def browser_known(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """Make the browser in which a letter's link is opened known to the account; it signs nobody in."""
    person = Person.objects.filter(public_id=public_id, is_active=True).first()
    if person is None or not BROWSERS.check_token(person, token):
        raise LinkOver()
    if request.method != "POST":
        return render(request, "people/browser_known.html")
    response = redirect(here(place_of(request), "sign-in"))
    limits.remember(request, response, person.email, limits.browser_of_letter(token))
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave seat and account."""
    logout(request)
    return redirect(here(place_of(request), "home"))
