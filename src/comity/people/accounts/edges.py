"""What the pages of accounts begin with: who is signed in, how lately proved, and where it goes on."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from comity.people import access, queries
from comity.people.accounts import factors, limits, proofs
from comity.people.accounts.proofs import Proof
from comity.people.accounts.sessions import BEGUN_KEY, DEVICE_KEY
from comity.people.models import Person, Seat
from comity.plain.ids import new_id
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.registry.edges import act_page, here

View = Callable[..., HttpResponse]

ONWARD_KEY = "onward"
"""Session: the address to return to when the person has proved again who she is."""

BROWSERS = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
CALLED = {"Edg": "Edge", "OPR": "Opera", "X11": "Linux", "CrOS": "ChromeOS"}
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux", "X11")


def present() -> datetime:
    """The world's clock: accounts live in no story, whatever realm their page stands in."""
    return datetime.now(UTC)


def house(request: HttpRequest) -> str:
    """The address of this house, without its last slash, for links in letters."""
    return f"{request.scheme}://{request.get_host()}"


def passkey_page(view: View) -> View:
    """A page on which passkeys are used: a browser that came by a bare loopback address is led to ``localhost``.

    Passkeys belong to names; to 127.0.0.1 no browser gives one.
    """

    @wraps(view)
    def led(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        name, colon, port = request.get_host().rpartition(":")
        if not colon or port.endswith("]"):
            name, port = request.get_host(), ""
        if request.method == "GET" and _is_loopback(name.strip("[]")):
            onward = f"localhost:{port}" if port else "localhost"
            return HttpResponseRedirect(f"{request.scheme}://{onward}{request.get_full_path()}")
        return view(request, *args, **kwargs)

    return led


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def holders_page(view: View) -> View:
    """A page of whoever is signed in, about her own account; it stands among the real, whatever realm led to it."""

    @wraps(view)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        place = place_of(request)
        if place.realm is Realm.FICTION:
            return redirect(request.path.removeprefix("/fiction"))
        person = access.person_from_session(request.session)
        if person is None:
            return redirect(f"{here(place, 'sign-in')}?next={request.path}")
        return view(request, person, *args, **kwargs)

    return act_page(passkey_page(opened))


def fresh_page(view: View) -> View:
    """A page that changes the ways in: whoever proved herself some time ago does so again and comes back.

    Where there is no second factor yet, the link or password just used is enough, once.
    """

    @wraps(view)
    def proved(request: HttpRequest, person: Person, *args: object, **kwargs: object) -> HttpResponse:
        half = proofs.proof_of(request.session) in {Proof.LINK, Proof.PASSWORD}
        if proofs.fresh(request.session, present()) and (not half or not factors.secured(person)):
            return view(request, person, *args, **kwargs)
        request.session[ONWARD_KEY] = request.path
        return redirect(here(place_of(request), "account-prove"))

    return holders_page(proved)


def enter(request: HttpRequest, person: Person, by: Proof, organisation: str = "") -> None:
    """Sign a person in: the session gets a new key, and carries what was proved. No seat is taken yet."""
    login(request, person)
    at = present()
    request.session[proofs.PROOF_KEY] = proofs.written(by, at, organisation)
    request.session[BEGUN_KEY] = at.isoformat()
    request.session[DEVICE_KEY] = device_of(request.headers.get("User-Agent", ""))
    request.session.pop(access.SEATS_KEY, None)


def prove_again(request: HttpRequest, by: Proof) -> None:
    """Note that the person has just proved again who she is."""
    request.session[proofs.PROOF_KEY] = proofs.written(by, present())
    request.session.cycle_key()


def device_of(told: str) -> str:
    """Browser and system in two words, from what a browser says of itself."""
    browser = next((name for name in BROWSERS if f"{name}/" in told), "")
    system = next((name for name in SYSTEMS if name in told), "")
    words = [CALLED.get(name, name) for name in (browser, system) if name]
    return re.sub(r"[^\w ,]", "", ", ".join(words))


def go_on(request: HttpRequest, person: Person) -> HttpResponse:
    """Where a person goes who has just signed in: to set up what is missing, to where she came from, to her seats."""
    place = place_of(request)
    if proofs.proof_of(request.session) in {Proof.LINK, Proof.PASSWORD}:
        return redirect(here(place, "account"))
    own = own_seats(request, person)
    response: HttpResponse
    if len(own) == 1 and not person.is_operator:
        sit(request, place, own[0].public_id)
        response = redirect(_asked_for(request) or here(place, "desk"))
    else:
        response = redirect(here(place, "seats"))
    known = limits.browser_known_to(request, person.email) or new_id()
    limits.remember(request, response, person.email, known)
    return response


def own_seats(request: HttpRequest, person: Person) -> list[Seat]:
    """The seats of a person that are in force here and that what this session proved opens."""
    place = place_of(request)
    own = queries.seats_in_force(person, place.at, place.realm)
    return [seat for seat in own if proofs.opens_seat_of(request.session, seat.organisation.public_id)]


def answering(request: HttpRequest) -> Person | None:
    """Who answers here a seat that is offered to her: by two proofs of her own, or played in a demonstration.

    An organisation's word answers none: it would accept in her name what it has offered itself.
    """
    place = place_of(request)
    if settings.DEMO and place.realm is Realm.FICTION and request.session.get(access.CAST_KEY):
        played = queries.seat_of(place.actor, place.at)
        return played.person if played else None
    return access.person_from_session(request.session) if proofs.opens_seat_of(request.session, "") else None


def offers_told(request: HttpRequest) -> dict[str, object]:
    """What a page says of seats offered to its reader: those that wait, and the one that she has just answered."""
    place, person = place_of(request), answering(request)
    if person is None:
        return {"offers": []}
    just = person.seats.select_related("organisation").filter(organisation__realm=place.realm)
    answered = just.filter(public_id=request.GET.get("answered", "")).exclude(accepted_at=None, declined_at=None)
    return {"offers": queries.offers_to(person, place.at, place.realm), "answered": answered.first()}


def sit(request: HttpRequest, place: Place, chosen: str) -> None:
    """Take a seat of this realm (its public id; empty for none), and leave the one of the demonstration's cast."""
    request.session[access.SEATS_KEY] = {**request.session.get(access.SEATS_KEY, {}), str(place.realm): chosen}
    request.session.pop(access.CAST_KEY, None)


def _asked_for(request: HttpRequest) -> str:
    asked = request.session.pop(ONWARD_KEY, "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


def keep_onward(request: HttpRequest) -> None:
    """Keep where a reader wanted to go before she was asked to sign in."""
    asked = request.GET.get("next", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        request.session[ONWARD_KEY] = asked


def back(request: HttpRequest) -> HttpResponse:
    """Return to where the person was asked to prove herself."""
    return redirect(_asked_for(request) or here(place_of(request), "account"))


def fixed(name: str, **parts: str) -> str:
    """The path of a page in one language, for addresses that others keep."""
    return reverse(f"real:{name}", kwargs={"lang": "en", **parts})
