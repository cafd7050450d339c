"""The page of calendar and letters: what a person wants to be told, where, and by which clock."""

from __future__ import annotations

from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as in_words
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from comity.mail.queries import undelivered, unreachable
from comity.people import actions
from comity.people.models import Choices, Person, Rhythm
from comity.people.queries import reader_of, seat_of
from comity.plain.actors import ANONYMOUS
from comity.plain.languages import LANGUAGES, isolated
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.registry.edges import HouseForm, act_page, followed, here


class ChoicesForm(HouseForm):
    """Which letters come, in which language, by which clock."""

    digest = forms.ChoiceField(
        label=_("A letter that gathers what is due"), choices=Rhythm.choices, widget=forms.RadioSelect()
    )
    remind_days = forms.IntegerField(
        label=_("A reminder so many days before each date"),
        min_value=0,
        max_value=actions.LONGEST_NOTICE,
        help_text=_("0 for none."),
    )
    language = forms.ChoiceField(
        label=_("Language of letters and calendar"), choices=[(row.code, row.name) for row in LANGUAGES]
    )
    time_zone = forms.ChoiceField(label=_("Your clock"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        zones = self.fields["time_zone"]
        assert isinstance(zones, forms.ChoiceField)
        zones.choices = [(zone, zone) for zone in sorted(available_timezones())]


def _person(place: Place) -> Person:
    seat = seat_of(place.actor, place.at)
    if seat is None:
        raise NotVisible(kind="seat")
    return seat.person


@act_page
def choices(request: HttpRequest) -> HttpResponse:
    """Choose the letters that come."""
    place = place_of(request)
    person = _person(place)
    form = ChoicesForm(request.POST or None, initial=_chosen(person))

    def write() -> str:
        realm = Realm(place.realm)
        actions.choose_letters(person, realm=realm, by=place.actor, at=place.at, **form.cleaned_data)
        return f"{here(place, 'choices')}?kept=1#letters"

    return followed(form, write, {"unknown-zone": "time_zone"}) or _page(request, person, form)


def _chosen(person: Person) -> dict[str, object]:
    row = Choices.objects.filter(person=person).first()
    told: dict[str, object] = {"language": person.language, "time_zone": person.time_zone}
    return told | {"digest": row.digest if row else Rhythm.NONE, "remind_days": row.remind_days if row else 0}


def _page(
    request: HttpRequest, person: Person, form: ChoicesForm, address: str = "", *, ended: bool = False
) -> HttpResponse:
    standing = person.calendar_keys.filter(realm=place_of(request).realm, revoked_at=None).first()
    told = {
        "form": form,
        "standing": standing,
        "address": address,
        "ended": ended,
        "subscribe": f"webcal:{urlsplit(address)._replace(scheme='').geturl()}" if address else "",
        "person": person,
        "comes": _comes(person),
        "kept": "kept" in request.GET,
        "undelivered": undelivered([person.email]).get(person.email),
        "stopped": unreachable(person.email, person.choices.chosen_at) if hasattr(person, "choices") else False,
    }
    answer = render(request, "people/choices.html", told, status=422 if form.errors else 200)
    answer.headers["Referrer-Policy"] = "no-referrer" if address else "same-origin"
    return answer


def _comes(person: Person) -> str:
    """Which letters come as things stand, in words."""
    row, told = Choices.objects.filter(person=person).first(), {"email": isolated(person.email)}
    if row is None or (row.digest == Rhythm.NONE and not row.remind_days):
        return in_words("No digest and no reminder goes to %(email)s.") % told
    said = {
        Rhythm.NONE: in_words("No digest"),
        Rhythm.DAILY: in_words("A digest of the next seven days, every morning on which something is due"),
        Rhythm.WEEKLY: in_words("A digest of the next two weeks, on Mondays"),
    }[Rhythm(row.digest)]
    near = ngettext("a reminder %(n)d day before", "a reminder %(n)d days before", row.remind_days)
    told |= {"digest": said, "reminder": near % {"n": row.remind_days} if row.remind_days else in_words("no reminder")}
    return in_words("%(digest)s, and %(reminder)s; they go to %(email)s.") % told


@csrf_exempt
@never_cache
def letters_end(request: HttpRequest, token: str) -> HttpResponse:
    """End the letters of whoever reads the mailbox: by a button, or by the one click of a mail program (RFC 8058).

    A mail program sends no cookie and no token of ours; the signature of the link is what it has. Looking ends nothing.
    """
    place = place_of(request)
    if reader_of(token) is None:
        raise NotVisible(kind="person")
    ended = request.method == "POST"
    if ended:
        actions.end_letters(token, realm=Realm(place.realm), by=ANONYMOUS, at=place.at)
    answer = render(request, "people/letters_end.html", {"ended": ended})
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@act_page
def calendar_address(request: HttpRequest) -> HttpResponse:
    """Make a new private calendar address, shown this once, or end the one that stands."""
    place = place_of(request)
    person, realm = _person(place), Realm(place.realm)
    form = ChoicesForm(initial=_chosen(person))
    if request.method != "POST":
        return _page(request, person, form)
    if request.POST.get("do") == "end":
        actions.close_calendar(person, realm=realm, by=place.actor, at=place.at)
        return _page(request, person, form, ended=True)
    key = actions.open_calendar(person, realm=realm, by=place.actor, at=place.at)
    stem = "/fiction/calendar" if realm is Realm.FICTION else "/calendar"
    return _page(request, person, form, request.build_absolute_uri(f"{stem}/{key}.ics"))
