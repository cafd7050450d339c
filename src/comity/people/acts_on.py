"""Acts on a thing that stands: a table says of each its words, who may, when it fits, its form and what it does.

Each is one page with one form whose button names it; the thing's own page offers those open to the reader's seat.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from comity.people.preparing import stand_of
from comity.people.queries import seat_of
from comity.plain.actors import Verdict, require
from comity.plain.place import Place, place_of
from comity.plain.refs import Ref
from comity.plain.refusals import NotAllowed, NotVisible
from comity.registry.edges import form_page
from comity.registry.models import Organisation


@dataclass(frozen=True)
class ActOn:
    """One act: its name in the address, its words, who may, whether it fits how the thing stands, and its form."""

    name: str
    title: Any
    button: Any
    may: Callable[[Place, Any], Verdict]
    fits: Callable[[Place, Any], bool]
    form: Callable[[Place, Any, Any], forms.Form]
    do: Callable[[Place, Any, Any], object]
    told: Any = ""
    prepared_as: str = ""
    """The permission under which somebody may prepare it for an office-holder; empty where nobody may."""


Acts = Mapping[str, ActOn]
Offer = tuple[Any, str, Any]


def acts_on(*acts: ActOn) -> Acts:
    """A table of acts, in the order in which a page offers them."""
    return {act.name: act for act in acts}


def seated(place: Place) -> Organisation | None:
    """The organisation for which the reader acts; None without a seat."""
    seat = seat_of(place.actor, place.at)
    return seat.organisation if seat else None


def own(place: Place) -> Organisation:
    """The same; refused without a seat."""
    organisation = seated(place)
    if organisation is None:
        raise NotAllowed(reason=_("This needs a seat."))
    return organisation


def no_form(place: Place, thing: Any, sent: Any) -> forms.Form:
    """Nothing is asked but the button."""
    return forms.Form(sent)


def offered(acts: Acts, thing: Any, place: Place, address: Callable[[str], str]) -> list[Offer]:
    """The acts open to the reader's seat today: what each is called, its address, what it means."""
    if not place.today or seated(place) is None:
        return []
    fitting = (act for act in acts.values() if act.fits(place, thing) and act.may(place, thing))
    return [(act.title, address(act.name), act.told) for act in fitting]


@dataclass(frozen=True)
class Page:
    """One act at its address: the act, how the thing stands, and the way back to it."""

    request: HttpRequest
    act: ActOn
    thing: Any
    ref: Ref
    back: str
    template: str = "visibility/form.html"
    fields: Mapping[str, str] = field(default_factory=dict)
    """The field at which a refusal stands, by its code."""

    def answer(
        self,
        after: Callable[[Any], str] | None = None,
        step: Callable[[forms.Form], HttpResponse | None] | None = None,
        **told: Any,
    ) -> HttpResponse:
        """The form, or where the done act leads: ``after`` it, else back; ``step`` may ask once more before."""
        act, place = self.act, place_of(self.request)
        stand = stand_of(place, act.prepared_as, self.ref) if act.prepared_as else None
        require(act.may(replace(place, actor=stand.actor(place)) if stand else place, self.thing))
        form = act.form(place, self.thing, self.request.POST if self.request.method == "POST" else None)
        form.initial.update(stand.initial({}) if stand else {})
        fits = act.fits(place, self.thing)
        asked = step(form) if step and fits else None

        def write() -> str:
            if stand and stand.principal:
                return stand.put(form, place)
            done = act.do(place, self.thing, form)
            return after(done) if after else self.back

        told = {"heading": act.title, "lead": act.told, "button": act.button} | told
        if stand:
            told |= {"stand": stand, "button": stand.button(str(told["button"]))}
        to_do = write if fits else None
        return asked or form_page(
            self.request, form, to_do, self.fields, template=self.template, back=self.back, **told
        )


def act_named(acts: Acts, name: str) -> ActOn:
    """The act of an address; refused as not visible where there is none."""
    if name not in acts:
        raise NotVisible(kind="act")
    return acts[name]
