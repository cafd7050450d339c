"""What a seat may do with a meeting: convene it, register for it, report on it; each act is one page with one form."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from comity.engagements import access, actions, forms, sheet
from comity.engagements.edges import engagement_named
from comity.engagements.kinds import ENGAGEMENT
from comity.people.access import acting
from comity.people.preparing import stand_of
from comity.people.queries import counts_in, seat_of
from comity.plain.actors import require
from comity.plain.kinds import called
from comity.plain.levels import Level
from comity.plain.place import place_of
from comity.plain.refs import Ref
from comity.plain.time import instant
from comity.registry.edges import act_page, before_permanent, begun_in_public, form_page, here
from comity.registry.models import Organisation, OrganisationKind
from comity.visibility.queries import default_for

FORM = "visibility/form.html"


@act_page
def convene(request: HttpRequest) -> HttpResponse:
    """Convene an engagement for one's own organisation, or for the network whose secretariat one is."""
    place = place_of(request)
    seat = seat_of(place.actor, place.at)
    network = seat.network or seat.organisation if seat else None
    proposed = default_for("engagement", network, place.at, body=request.GET.get("kind", ""))
    form = forms.ConveneForm(
        request.POST or None, proposed=proposed, initial={"language": place.language, "zone": "UTC"}
    )  # fmt: skip
    networks = Organisation.objects.in_realm(place.realm).filter(kind=OrganisationKind.NETWORK)
    own = [row.pk for row in networks if seat and counts_in(seat, row, place.at)]
    field = cast("django_forms.ModelChoiceField[Organisation]", form.fields["network"])
    field.queryset = networks.filter(pk__in=own).order_by("name", "pk")
    field.choices = [(row.public_id, called(row, place).words) for row in field.queryset]

    def write() -> str:
        told = form.cleaned_data
        engagement = actions.convene(
            **{name: told[name] for name in ("network", "kind", "title", "capacity", "place", "country", "zone")},
            starts=_local(told["starts"], told["zone"]),
            ends=_local(told["ends"], told["zone"]),
            house_rule=told["house_rule"],
            on_behalf_of=told["on_behalf_of"],
            language=told["language"],
            level=Level(told["level"]),
            topics=told["topics"],
            terms=form.terms(),
            protection=(told["protect_reason"], told["protect_until"]) if told["protect_until"] else None,
            organisation=acting(place.actor, place.at).organisation,
            by=place.actor,
            at=place.at,
        )
        return ENGAGEMENT.address(engagement, place.language)

    fields = {
        "unknown-zone": "zone",
        "local-time-does-not-exist": "starts",
        "local-time-is-ambiguous": "embargo_fold",
        "reason-not-stated": "protect_reason",
        "protected-too-long": "protect_until",
        "public-already": "protect_until",
    }
    step = begun_in_public(
        request, form, heading=_("Convene a meeting"), button=_("Convene it in public, for good"),
        back=here(place, "engagement-list"),
    )  # fmt: skip
    return step or form_page(
        request,
        form,
        write,
        fields,
        template=FORM,
        heading=_("Convene a meeting"),
        button=_("Convene it"),
        lead=_("That it takes place, when and under which rule, is public from now on, whoever may read the rest."),
        terms=True,
    )


def _local(entered: datetime, zone: str) -> datetime:
    """What was entered as the clock of the place, as an instant; skipped and repeated times are refused."""
    return instant(entered.date(), entered.hour, entered.minute, zone)


@act_page
def register(request: HttpRequest, public_id: str) -> HttpResponse:
    """Register one's own delegation."""
    place = place_of(request)
    engagement = engagement_named(place, public_id)
    form = forms.RegisterForm(request.POST or None)
    seat = seat_of(place.actor, place.at)

    def write() -> str:
        own = seat.organisation if seat else engagement.network
        size = form.cleaned_data["size"]
        actions.register_delegation(engagement, organisation=own, size=size, by=place.actor, at=place.at)
        return ENGAGEMENT.address(engagement, place.language)

    return form_page(
        request,
        form,
        write,
        template=FORM,
        heading=_("Register your delegation"),
        button=_("Register and accept the house rule"),
        lead=sheet.sheet_of(engagement, place).rule,
        back=ENGAGEMENT.address(engagement, place.language),
    )


@act_page
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write the report; whoever prepares puts it before the office-holder."""
    place = place_of(request)
    engagement = engagement_named(place, public_id)
    stand = stand_of(place, access.Permission.REPORT_WRITE, Ref("engagement", public_id))
    form = forms.ReportForm(request.POST or None, initial=stand.initial({"language": place.language}))

    def write() -> str:
        told = form.cleaned_data
        if stand.principal:
            require(access.may_report(stand.actor(place), place.at, engagement))
            return stand.put(form, place)
        actions.report(engagement, words=told["words"], language=told["language"], by=place.actor, at=place.at)
        return ENGAGEMENT.address(engagement, place.language)

    read_by = max(engagement.entered_as(place.at), Level(engagement.content_level))
    if read_by == Level.PUBLIC and place.at >= engagement.ends and not stand.principal:
        step = before_permanent(
            request, form, heading=_("Report on the meeting"), button=_("File the report, for good"),
            back=ENGAGEMENT.address(engagement, place.language),
        )  # fmt: skip
        if step:
            return step
    return form_page(
        request,
        form,
        write,
        template=FORM,
        heading=_("Report on the meeting"),
        button=stand.button(_("File the report")),
        lead=sheet.sheet_of(engagement, place).rule,
        back=ENGAGEMENT.address(engagement, place.language),
        stand=stand,
    )
