"""What the pages of this room and of the rooms above share: addresses by name, and refusals shown at their field."""

from collections.abc import Mapping

from django import forms
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.refusals import Refusal


def here(place: Place, name: str, **parts: str) -> str:
    """The path of a named page in the reader's realm and language."""
    space = "fiction" if place.realm is Realm.FICTION else "real"
    return reverse(f"{space}:{name}", kwargs={"lang": place.language, **parts})


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


def _holding(refusal: Refusal, form: forms.Form) -> str:
    """The field that holds the text which could not be read, e.g. a date."""
    text = refusal.parameters.get("text")
    return next((name for name in form.fields if text and form.cleaned_data.get(name) == text), "")


class HouseForm(forms.Form):
    """A form in the house's manner: no colons after labels, no required stars by script, errors tied to their field."""

    required_css_class = ""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})  # type: ignore[arg-type]


def moved(request: HttpRequest, right: str) -> HttpResponsePermanentRedirect | None:
    """The way to a thing's right address, its question kept, when the request came by another; None otherwise."""
    if request.path == right:
        return None
    question = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{right}?{question}" if question else right)


def api_address(place: Place, rest: str) -> str:
    """The address of the same as JSON in the reader's realm."""
    return f"/fiction/api/v1/{rest}" if place.realm is Realm.FICTION else f"/api/v1/{rest}"
