"""The pages of informal contacts: noting one, those one may read, one of them, and erasing its words."""

from __future__ import annotations

from typing import Any, cast

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comity.engagements import access, actions
from comity.engagements.forms import ContactForm, NothingAskedForm
from comity.engagements.kinds import CONTACT
from comity.engagements.models import ContactNote
from comity.people.access import acting
from comity.people.models import Seat
from comity.people.queries import offices_of, seat_of
from comity.people.words import office_in_words
from comity.plain.actors import require
from comity.plain.kinds import called
from comity.plain.levels import Attribution, Level
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.plain.time import day_in
from comity.registry.edges import act_page, form_page, here
from comity.registry.models import OrganisationKind, OrganisationQuerySet
from comity.registry.queries import inside, organisations
from comity.visibility.queries import default_for

SHOWN = 100


@act_page
def note(request: HttpRequest) -> HttpResponse:
    """Note an informal contact: who may read it and whose words it is come first."""
    place = place_of(request)
    seat = acting(place.actor, place.at)
    form = _form(request, place, seat)

    def write() -> str:
        told: dict[str, Any] = form.cleaned_data
        written = actions.note_contact(
            level=Level(int(told["level"])),
            attribution=Attribution(told["attribution"]),
            channel=told["channel"],
            spoken_on=told["spoken_on"],
            words=told["words"],
            language=told["language"],
            counterpart=told["counterpart"],
            shared=told["shared"],
            with_seats=list(told["with_seats"]),
            by=place.actor,
            at=place.at,
        )
        return CONTACT.address(written, place.language)

    at_field = {"realms-never-mix": "counterpart"}
    return form_page(request, form, write, at_field, template="engagements/contact_form.html", near=_near(place))


def _form(request: HttpRequest, place: Place, seat: Seat) -> ContactForm:
    today = day_in(seat.person.time_zone, place.at)
    proposed = default_for("contact", seat.network or seat.organisation, place.at)
    given = {
        "spoken_on": today,
        "language": place.language,
        "level": proposed.level.value,
        "attribution": proposed.attribution.value,
    }
    form = ContactForm(request.POST or None, initial=given)
    form.fields["counterpart"].seen = _known(place)  # type: ignore[attr-defined]  # a field that finds organisations
    colleagues = cast("django_forms.ModelMultipleChoiceField[Seat]", form.fields["with_seats"])
    colleagues.queryset = offices_of(seat.organisation, place.at).exclude(person=seat.person_id)
    colleagues.label_from_instance = office_in_words  # type: ignore[assignment]  # its own words for a seat
    return form


def _known(place: Place) -> OrganisationQuerySet:
    return organisations(place.realm, place.actor, place.at)


def _near(place: Place) -> list[str]:
    """The parties of one's own networks, offered while a name is written."""
    own = inside(place.actor, place.at)
    rows = _known(place).filter(kind=OrganisationKind.PARTY, links_out__object__in=own).distinct()
    return [
        called(row, place).words for row in rows.order_by("name")[:SHOWN] if row.public_id != place.actor.organisation
    ]


@never_cache
@require_safe
def contact_list(request: HttpRequest) -> HttpResponse:
    """The contact notes that the reader's seat may read, the newest first."""
    place = place_of(request)
    if seat_of(place.actor, place.at) is None:
        raise NotVisible(kind="contact")
    rows = CONTACT.seen(place).order_by("-spoken_on", "-pk")[:SHOWN]
    return render(request, "engagements/contacts.html", {"rows": rows})


@never_cache
@require_safe
def contact_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """One contact note, for those in its room."""
    place = place_of(request)
    note: ContactNote = CONTACT.one_of(CONTACT.seen(place), public_id)
    told = {
        "note": note,
        "present": _present(note, place),
        "may_reduce": note.reduced_at is None and access.may_reduce_contact(place.actor, place.at, note),
    }
    return render(request, "engagements/contact.html", told)


def _present(note: ContactNote, place: Place) -> list[str]:
    """Who sits in its room: of one's own organisation by office, of another by its name."""
    own, rows = place.actor.organisation, note.present.select_related("organisation", "seat__person")
    return [
        office_in_words(row.seat)
        if row.seat is not None and row.organisation.public_id == own
        else called(row.organisation, place).words
        for row in rows.order_by("pk")
    ]


@act_page
def reduce(request: HttpRequest, public_id: str) -> HttpResponse:
    """Erase the words of a note before their time."""
    place = place_of(request)
    note: ContactNote = CONTACT.one_of(CONTACT.seen(place), public_id)
    require(access.may_reduce_contact(place.actor, place.at, note))
    form = NothingAskedForm(request.POST if request.method == "POST" else None)

    def write() -> str:
        actions.reduce_contact(note, by=place.actor, at=place.at)
        return here(place, "contact-list")

    lead = _(
        "The words are gone for everyone in the room, and nobody can bring them back. That there was a contact, "
        "its day and its circle stay."
    )
    return form_page(
        request,
        form,
        write,
        about=called(note, place).words,
        back=CONTACT.address(note, place.language),
        heading=_("Erase the words of a note"),
        lead=lead,
        button=_("Erase the words"),
        leave=_("Keep them"),
    )
