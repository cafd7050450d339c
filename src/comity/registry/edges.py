"""What the edges of this room and of those above share: addresses by name, things by id, refusals at their field."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.plain.actors import ActorRef
from comity.plain.ids import is_id
from comity.plain.levels import Level, Realm
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotAllowed, NotVisible, Refusal
from comity.registry.models import Organ, Organisation, OrganisationKind
from comity.registry.queries import organisation_of
from comity.registry.words import PERMANENT

View = TypeVar("View", bound=Callable[..., Any])


def place_spoken(realm: Realm, actor: ActorRef, at: datetime) -> Place:
    """Where a reader of the language now spoken stands, for words that are asked for without a place."""
    return Place(realm, get_language() or "en", actor, at, at.date())


def here(place: Place, name: str, **parts: str) -> str:
    """The path of a named page in the reader's realm and language."""
    kwargs = {"lang": place.language, **parts}
    public_id = parts.get("public_id", "")
    if is_id(public_id):
        named = tuple(sorted((kwargs | {"public_id": STAND_IN}).items()))
        return _path(place.realm, name, named).replace(STAND_IN, public_id)
    return _path(place.realm, name, tuple(sorted(kwargs.items())))


STAND_IN = "0" * 16
"""Stands in a path for a public id, which has no such figure: so a path is made once for all things of a kind."""


@lru_cache(maxsize=4096)
def _path(realm: Realm, name: str, kwargs: tuple[tuple[str, str], ...]) -> str:
    space = "fiction" if realm is Realm.FICTION else "real"
    return reverse(f"{space}:{name}", kwargs=dict(kwargs))


def refusal_in_words(refusal: Refusal) -> str:
    """The rule that said no, with what it was said of and what to do, in the reader's language.

    The rule is the refusal's docstring, a msgid of its room's catalogue; a reason given as a parameter is in words.
    """
    reason = refusal.parameters.get("reason")
    if isinstance(reason, str) and reason:
        return reason
    rule = _(" ".join((refusal.__doc__ or refusal.code).split()))
    told = [str(value) for name, value in refusal.parameters.items() if name != "field" and value not in {None, ""}]
    return f"{rule} ({', '.join(told)})" if told else rule


def show(refusal: Refusal, form: forms.Form, fields: Mapping[str, str] | None = None) -> None:
    """Put a refusal at the field it concerns: by its parameter ``field``, by its code, or else above the form."""
    named = str(refusal.parameters.get("field") or (fields or {}).get(refusal.code, "") or _holding(refusal, form))
    form.add_error(named if named in form.fields else None, refusal_in_words(refusal))


def followed(
    form: forms.Form, act: Callable[[], str | HttpResponse], fields: Mapping[str, str] | None = None
) -> HttpResponse | None:
    """Do what a valid form asks, and go where that leads; None where form or house says no, told at its field.

    What the reader is not allowed is refused outright, with its reason.
    """
    if not form.is_valid():
        return None
    try:
        done = act()
    except NotAllowed:
        raise
    except Refusal as refusal:
        show(refusal, form, fields)
        return None
    return done if isinstance(done, HttpResponse) else HttpResponseRedirect(done)


def form_page(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], str | HttpResponse] | None,
    fields: Mapping[str, str] | None = None,
    *,
    template: str = "registry/form.html",
    **told: Any,
) -> HttpResponse:
    """Do what a form asks and go where that leads, or show it again; without an act, say that it does not fit now."""
    done = followed(form, act, fields) if act else None
    refused = form.errors or (act is None and form.is_bound)
    told = {"form": form, "fits": act is not None, **told}
    return done or render(request, template, told, status=422 if refused else 200)


def _holding(refusal: Refusal, form: forms.Form) -> str:
    """The field that holds the text which could not be read, e.g. a date."""
    text = refusal.parameters.get("text")
    return next((name for name in form.fields if text and form.cleaned_data.get(name) == text), "")


class HouseForm(forms.Form):
    """A form in the house's manner: no colons after labels, no required stars by script, errors tied to their field."""

    required_css_class = ""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})  # type: ignore[arg-type]  # passed on as they came


def moved(request: HttpRequest, right: str) -> HttpResponsePermanentRedirect | None:
    """The way to a thing's right address, its question kept, when the request came by another; None otherwise."""
    if request.path == right:
        return None
    question = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{right}?{question}" if question else right)


def desk_after(place: Place, done: str) -> str:
    """The desk, with the name of what was just done, so that it can say what is now true."""
    desk = here(place, "desk")
    return f"{desk}?{urlencode({'done': done})}#first" if done else desk


def act_page(view: View) -> View:
    """The page of an act: its form is shown or sent, and no cache keeps either.

    From the desk it leads back there, with the name of what was done, so that the desk can say what is now true.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        answer = view(request, *args, **kwargs)
        followed_on = request.method == "POST" and isinstance(answer, HttpResponseRedirect)
        if followed_on and request.GET.get("from") == "desk":
            return HttpResponseRedirect(desk_after(place_of(request), request.GET.get("done", "")))
        return answer

    return cast("View", never_cache(require_http_methods(["GET", "HEAD", "POST"])(page)))


def before_permanent(
    request: HttpRequest, form: forms.Form, *, heading: str, button: str, back: str = "", told: str = ""
) -> HttpResponse | None:
    """The step before something becomes public for good: what will stand where, and a second button.

    None where the second button was pressed, or the form is not filled in rightly yet.
    """
    if not form.is_bound or not form.is_valid() or request.POST.get("for-good"):
        return None
    context = {"form": form, "heading": heading, "button": button, "back": back, "where": PERMANENT, "told": told}
    context["fields"] = [(name, value) for name in request.POST for value in request.POST.getlist(name)
                         if name not in {"csrfmiddlewaretoken", "for-good"}]  # fmt: skip
    return render(request, "registry/permanent.html", context)


def begun_in_public(
    request: HttpRequest, form: forms.Form, *, heading: str, button: str, back: str = "", told: str = ""
) -> HttpResponse | None:
    """The same step for a form whose field ``level`` says that everybody will read what it begins."""
    if not form.is_bound or not form.is_valid() or int(form.cleaned_data["level"]) != Level.PUBLIC:
        return None
    return before_permanent(request, form, heading=heading, button=button, back=back, told=told)


def organisation_named(place: Place, public_id: str) -> Organisation:
    """An organisation that the reader may see; refuse as not visible otherwise."""
    organisation = organisation_of(public_id, place.realm, place.actor, place.at)
    if organisation is None:
        raise NotVisible(kind="organisation")
    return organisation


def network_named(place: Place, public_id: str) -> Organisation:
    """A network that the reader may see; refuse as not visible otherwise."""
    network = organisation_named(place, public_id)
    if network.kind != OrganisationKind.NETWORK:
        raise NotVisible(kind="network")
    return network


def organ_named(network: Organisation, public_id: str) -> Organ | None:
    """An organ of a network; None for the network as a whole."""
    if not public_id:
        return None
    organ = network.organs.filter(public_id=public_id).first()
    if organ is None:
        raise NotVisible(kind="organ")
    return organ
