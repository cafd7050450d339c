"""What stands around every view: security headers, the reader's place, and refusals put into words."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language_from_request

from comity.files.words import too_large
from comity.people.access import lapsed, no_longer_in_force, reader_from_session
from comity.people.accounts.limits import TooManyAttempts
from comity.people.queries import SEAT
from comity.plain.actors import ANONYMOUS
from comity.plain.languages import CODES
from comity.plain.levels import Realm
from comity.plain.place import Place as ReaderPlace
from comity.plain.place import place_of
from comity.plain.refusals import NotAllowed, NotVisible, Refusal, Withdrawn
from comity.record import published
from comity.registry.edges import refusal_in_words
from comity.site import kept
from comity.site.clock import now

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


API = ("/api/v1/", "/fiction/api/v1/")
LONGEST_HEADER = 500
READ_AT_MOST = 10
"""So many times the largest file is read to its end, so that its sender is told at the form; what is longer is not."""


def headers(answer: Answer) -> Answer:
    """Add the strict Content-Security-Policy: nothing of ours is inline, nothing comes from elsewhere."""

    def with_headers(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if request.path.startswith("/fiction/"):
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    return with_headers


class Unchanged:
    """Tell readers without a session what is kept, or that it is unchanged (304); outside session, seat and forms.

    A session cookie, even an old one, goes past it; so does whatever bears credentials.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.memory = kept.Memory(settings.PAGE_MEMORY) if settings.PAGE_MEMORY else None
        self.watch = kept.Watch()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from memory, or make the answer and keep it if it is for anyone."""
        if request.method != "GET" or settings.SESSION_COOKIE_NAME in request.COOKIES or _credentials(request):
            return self.answer(request)
        key = _key(request)
        stamp = (self.watch.stamp(), kept.minute(), published.identity()) if self.memory else None
        answer = self.memory.get(stamp, key) if self.memory else None
        if answer is None:
            response = self.answer(request)
            if not kept.for_anyone(response):
                return response
            answer = kept.Answer.of(response)
            if self.memory and stamp and stamp[0] is not None:
                self.memory.keep(stamp, key, answer)
        return answer.to(request)


def _credentials(request: HttpRequest) -> bool:
    return "HTTP_AUTHORIZATION" in request.META


def _key(request: HttpRequest) -> tuple[str, ...]:
    """All that an answer for anyone depends on: scheme, host, whole path, and the tongues asked for where it has none.

    Realm and language stand in the path of a page.
    """
    asked = request.META.get
    spoken = "" if _language_in(request.path) else asked("HTTP_ACCEPT_LANGUAGE", "")[:LONGEST_HEADER]
    return request.scheme or "", asked("HTTP_HOST", ""), request.path, asked("QUERY_STRING", ""), spoken


class Place:
    """Take realm and language out of the address and tell the view where its reader stands."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the place, answer, and leave no language behind; what a seat reads is kept in no shared cache."""
        _stand(request, _realm_of(request.path), _language_of(request))
        if request.method == "HEAD" and request.path.startswith(API):
            request.method = "GET"  # the router knows no HEAD; the server sends no body to it
        try:
            response = _turned_away(request) or self.answer(request)
        finally:
            translation.deactivate()
        if place_of(request).actor != ANONYMOUS:
            patch_cache_control(response, private=True)
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: dict[str, Any]) -> None:
        """Views get neither realm nor language: both stand in the request's place."""
        kwargs.pop("realm", None)
        kwargs.pop("lang", None)


def _turned_away(request: HttpRequest) -> HttpResponse | None:
    """The answer to what no view should see; None for every other request."""
    sent = request.META.get("CONTENT_LENGTH") or "0"
    if sent.isdigit() and int(sent) > READ_AT_MOST * settings.UPLOAD_MOST:
        return render(request, "site/refusal.html", {"words": too_large()}, status=413)
    return render(request, "404.html", status=404) if _holds_nul(request) else None


def _holds_nul(request: HttpRequest) -> bool:
    """Whether address or question hold the one character that no name has and PostgreSQL takes in no query."""
    asked = (value for values in (request.GET, request.POST) for _name, listed in values.lists() for value in listed)
    return "\0" in request.path or any("\0" in value for value in asked)


def _realm_of(path: str) -> Realm:
    return Realm.FICTION if path.startswith("/fiction/") else Realm.REAL


def _language_in(path: str) -> str:
    """The language that an address names; empty where it names none."""
    parts = path.removeprefix("/fiction").split("/", 2)
    return parts[1] if len(parts) > 1 and parts[1] in CODES else ""


def _language_of(request: HttpRequest) -> str:
    return _language_in(request.path) or get_language_from_request(request)


def _stand(request: HttpRequest, realm: Realm, language: str) -> None:
    at = now(realm)
    actor, seat = reader_from_session(request.session, realm, at)
    translation.activate(language)
    request.LANGUAGE_CODE = language
    request.place = ReaderPlace(  # type: ignore[attr-defined]  # read back by place_of
        realm=realm,
        language=language,
        actor=actor,
        at=at,
        as_of=_as_of(request.GET.get("on", ""), at),
        memory={(SEAT, actor): seat},
    )


def _as_of(text: str, at: datetime) -> date:
    """The day asked for; a day that does not exist or has not come answers as today does."""
    try:
        return min(date.fromisoformat(text), at.astimezone(UTC).date())
    except ValueError:
        return at.astimezone(UTC).date()


class Refusals:
    """Turn a refusal into a page, or into problem+json where a program asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal; everything else is a fault and goes on."""
        if not isinstance(error, Refusal):
            return None
        error = _of_its_seat(request, error)
        if isinstance(error, NotVisible):
            return render(request, "404.html", status=404)
        if isinstance(error, Withdrawn):
            return render(request, "410.html", status=410)
        response = render(request, "site/refusal.html", {"words": refusal_in_words(error)}, status=error.status)
        if isinstance(error, TooManyAttempts):
            response.headers["Retry-After"] = str(error.wait)
        return response


def _of_its_seat(request: HttpRequest, error: Refusal) -> Refusal:
    """Where an act is refused to somebody whose seat has ended, that is what is said, of whatever thing was asked."""
    unseated = isinstance(error, (NotAllowed, NotVisible)) and place_of(request).actor == ANONYMOUS
    if not unseated or request.method in {"GET", "HEAD"}:
        return error
    seat = lapsed(request.session, place_of(request))
    return no_longer_in_force(seat, place_of(request)) if seat else error
