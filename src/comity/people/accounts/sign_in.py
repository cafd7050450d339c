"""Signing in: with a passkey, with a password and a code, or out again."""

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comity.people.accounts import factors, identity, limits
from comity.people.accounts.actions import attempts
from comity.people.accounts.edges import enter, go_on, keep_onward, passkey_page, present
from comity.people.accounts.forms import CodeForm, SignInForm, credential_of
from comity.people.accounts.limits import Limit, TooManyAttempts
from comity.people.accounts.proofs import Proof
from comity.people.models import Person
from comity.plain.place import place_of
from comity.plain.refusals import Refusal
from comity.registry.edges import act_page, here, refusal_in_words

HALF_KEY = "half"
"""Session: whose password was right a moment ago, and when; a code or passkey completes it."""

HALF_FOR = 300


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


def _counted(request: HttpRequest, email: str, limit: Limit) -> list[tuple[Limit, tuple[str, ...]]]:
    """Under which counts an attempt at an account falls: a browser known to it has its own, all others share."""
    address = email.strip().lower()
    known = limits.browser_known_to(request, address)
    if known:
        return [(limit, (address, known))]
    return [(limits.SIGN_IN_SOURCE, (limits.source_of(request),)), (limit, (address,))]


def _of_password(request: HttpRequest, email: str, password: str) -> Person | None:
    at, counts = present(), _counted(request, email, limits.SIGN_IN_ACCOUNT)
    for limit, parts in counts:
        attempts.count(limit, *parts, at=at)
    person = authenticate(request, username=email, password=password)
    if not isinstance(person, Person):
        return None
    for limit, parts in counts:
        attempts.give_back(limit, *parts, at=at)
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
    at, counts = present(), _counted(request, person.email, limits.CODE_ACCOUNT)
    for limit, parts in counts:
        attempts.count(limit, *parts, at=at)
    if not factors.code_proves(person, given):
        return False
    try:
        attempts.count(limits.CODE_ONCE, person.public_id, given, at=at)
    except TooManyAttempts:
        return False
    for limit, parts in counts:
        attempts.give_back(limit, *parts, at=at)
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


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave seat and account."""
    logout(request)
    return redirect(here(place_of(request), "home"))
