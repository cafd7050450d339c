"""An act done on the desk itself: its own page is asked for its form alone, so that its rules and words stand once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import resolve
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from comity.people.sheet import Row
from comity.plain.place import place_of
from comity.plain.refusals import NotVisible, Refusal
from comity.registry.edges import desk_after, refusal_in_words

IN_PLACE = "people/in_place.html"


@dataclass(frozen=True)
class Placed:
    """An act as it stands on the desk: its form with what is written in it, or the words that refused it."""

    key: str
    """Of what is due; empty where it awaits the reader no more."""
    form: str = ""
    refused: str = ""
    written: tuple[str, ...] = ()
    """The sentences that were sent with what was refused, so that nothing written is lost."""
    status: int = 200


def placed(request: HttpRequest, rows: Iterable[Row], key: str) -> Placed | HttpResponseRedirect | None:
    """The act opened on a desk, or where its doing leads; None where nothing is opened."""
    row = next((row for row in rows if row.due.key == key and row.carried), None)
    if row is None:
        return _refused(request, "", NotVisible()) if request.method == "POST" else None
    try:
        answer = _of_its_page(request, row.due.address)
    except Refusal as refusal:
        return _refused(request, row.due.key, refusal)
    if isinstance(answer, HttpResponseRedirect):
        return HttpResponseRedirect(desk_after(place_of(request), key)) if request.method == "POST" else answer
    form = mark_safe(answer.content.decode())  # noqa: S308 - rendered by the template of the act's own page
    return Placed(key, form, status=answer.status_code)


def _of_its_page(request: HttpRequest, address: str) -> HttpResponse:
    """What the page of an act answers to a request made on the desk, in the frame of a desk."""
    match = resolve(urlsplit(address).path)
    given = {name: value for name, value in match.kwargs.items() if name not in {"realm", "lang"}}
    with _asked_at(request, address):
        answer: HttpResponse = match.func(request, *match.args, **given)
    return answer


@contextmanager
def _asked_at(request: HttpRequest, address: str) -> Iterator[None]:
    """The request as the page of an act reads it; what the desk was asked beside stays in its question."""
    parts, here = urlsplit(address), (request.path, request.path_info, request.GET)
    question = request.GET.copy()
    for name, values in QueryDict(parts.query).lists():
        question.setlist(name, values)
    request.path = request.path_info = parts.path
    request.GET = question  # type: ignore[assignment]  # read, and never written to
    request.stands_in = IN_PLACE  # type: ignore[attr-defined]  # read by the templates of acts
    try:
        yield
    finally:
        request.path, request.path_info, request.GET = here
        del request.stands_in  # type: ignore[attr-defined]


def _refused(request: HttpRequest, key: str, refusal: Refusal) -> Placed:
    words = _("This does not await you any more; nothing was done.")
    if not isinstance(refusal, NotVisible):
        words = refusal_in_words(refusal)
    sent = (value for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values)
    return Placed(key, refused=words, written=tuple(value for value in sent if " " in value), status=refusal.status)
