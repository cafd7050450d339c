"""How often something may be tried, and by whom it was tried: limits that a stranger cannot turn against the holder.

Failures count per source, and per account for browsers that never signed in to it. A browser that did carries a signed
cookie and has a count of its own, so that whoever guesses from elsewhere does not keep the holder out; where strangers
have used up an account's count, a letter to its holder makes the browser she holds known; and passkeys, which cannot be
guessed, are not counted at all.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from comity.plain.refusals import Refusal

KNOWN_COOKIE = "known"
KNOWN_FOR = timedelta(days=180)
MOST_KNOWN = 5


@dataclass(frozen=True)
class Limit:
    """So many times within so long."""

    name: str
    times: int
    within: timedelta


QUARTER = timedelta(minutes=15)
SIGN_IN_SOURCE = Limit("sign-in-source", 40, QUARTER)
SIGN_IN_ACCOUNT = Limit("sign-in-account", 10, QUARTER)
CODE_ACCOUNT = Limit("code-account", 6, QUARTER)
CODE_DAY = Limit("code-day", 30, timedelta(days=1))
CODE_ONCE = Limit("code-once", 1, timedelta(minutes=3))
RECOVERY_SOURCE = Limit("recovery-source", 6, timedelta(hours=1))
RECOVERY_ACCOUNT = Limit("recovery-account", 3, timedelta(days=1))
INVITATION_SEAT = Limit("invitation-seat", 60, timedelta(hours=1))
INVITATION_PERSON = Limit("invitation-person", 5, timedelta(days=1))
PROVIDER_SOURCE = Limit("provider-source", 40, QUARTER)


class TooManyAttempts(Refusal):
    """Something was tried too often; it can be tried again at the time named."""

    code = "too-many-attempts"
    status = 429

    def __init__(self, again_at: datetime, at: datetime) -> None:
        self.again_at = again_at
        self.wait = max(1, int((again_at - at).total_seconds()) + 1)
        """Seconds until it can be tried again."""
        super().__init__(reason=self.words() % {"time": f"{again_at:%H:%M}"})

    def words(self) -> str:
        """What is said, with the time to come."""
        return _("This was tried too often. It can be tried again at %(time)s Universal Time.")


class TooManyGuesses(TooManyAttempts):
    """Browsers that are not known to an account tried it too often; its holder need not wait for them."""

    code = "too-many-guesses"

    def words(self) -> str:
        """The same for every address, whether it has an account or not."""
        return _(
            "This account was tried too often from browsers that it does not know. It can be tried again at %(time)s "
            "Universal Time. Its holder need not wait: a passkey opens it now, and a letter to its address has a link "
            "that lets the browser in which it is opened try at once."
        )


def key(limit: Limit, day: str, *parts: str) -> str:
    """Under which name a count is kept: a keyed hash from which nobody reads the address, another one every day."""
    told = "\0".join((limit.name, day, *parts))
    return hmac.new(f"attempts {settings.SECRET_KEY}".encode(), told.encode(), sha256).hexdigest()


def source_of(request: HttpRequest) -> str:
    """The network address that asks: the nearest one that is not a proxy of ours; of IPv6 the first half."""
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    nearest = request.META.get("REMOTE_ADDR", "")
    while chain and _is_ours(nearest):
        nearest = chain.pop()
    return _neighbourhood(nearest)


def _is_ours(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return address == ""  # a socket of this machine
    return any(found in ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)


def _neighbourhood(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)


def _tag(email: str) -> str:
    return key(SIGN_IN_ACCOUNT, "known", email.strip().lower())[:24]


def _known(request: HttpRequest) -> list[list[str]]:
    try:
        held = signing.loads(request.COOKIES.get(KNOWN_COOKIE, ""), salt=KNOWN_COOKIE, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return []
    return [pair for pair in held if isinstance(pair, list) and len(pair) == 2]


def browser_known_to(request: HttpRequest, email: str) -> str:
    """The name of a browser that has signed in to this account before; empty for every other."""
    return next((browser for tag, browser in _known(request) if hmac.compare_digest(tag, _tag(email))), "")


def browser_of_letter(token: str) -> str:
    """The name of the browser in which a letter's link is opened: one link, one count, however often it is opened."""
    return key(SIGN_IN_ACCOUNT, "letter", token)[:16]


def remember(request: HttpRequest, response: HttpResponse, email: str, browser: str) -> None:
    """Let the browser carry that it has signed in to this account."""
    others = [pair for pair in _known(request) if pair[0] != _tag(email)]
    held: list[Any] = [[_tag(email), browser], *others][:MOST_KNOWN]
    response.set_cookie(
        KNOWN_COOKIE,
        signing.dumps(held, salt=KNOWN_COOKIE, compress=True),
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
