"""What operators, secretariats and officers write into the registry: each act is one page with one form.

They stand here and not in the registry because which seats of an organisation may do so is a matter of roles.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from comity.people import access, queries
from comity.people.actions import reply_for
from comity.people.desk import SPEAKING, WRITING
from comity.people.preparing import stand_of
from comity.plain.actors import ActorKind, require
from comity.plain.cautions import cautions_before
from comity.plain.kinds import called
from comity.plain.levels import Level, Realm
from comity.plain.place import Place, place_of
from comity.plain.refs import Ref
from comity.plain.refusals import NotVisible
from comity.registry import actions
from comity.registry import forms as asked
from comity.registry.access import Permission as OfRegistry
from comity.registry.access import may_write_registry
from comity.registry.core.ties import CLOSED_STANDINGS
from comity.registry.edges import act_page, before_permanent, form_page, network_named, organisation_named
from comity.registry.exports import address_of
from comity.registry.models import Correction, Link, LinkKind, Organisation, OrganisationQuerySet, Source

AT_FIELD = {
    "no-name": "name",
    "unseen-sign": "name",
    "mixed-scripts": "name",
    "no-such-country": "country",
    "looks-like-a-person": "name",
    "duplicate-organ": "name",
    "unknown-zone": "time_zone",
    "no-end-reason": "end_reason",
    "end-before-start": "end",
    "before-founding": "start",
    "overlapping-spells": "start",
    "spell-stands-already": "start",
    "dissolved-before-founded": "dissolved",
    "named-that-day-already": "from_day",
    "no-reason-given": "reason",
    "no-words": "words",
}
"""Where a refusal of the registry is shown: at the field it is about."""


def _written(
    request: HttpRequest,
    form: forms.Form,
    write: Callable[[Mapping[str, Any]], str],
    words: Mapping[str, object],
) -> HttpResponse:
    """Show a form, or write what it says and go where that leads; a refusal stands at its field."""
    return form_page(request, form, lambda: write(form.cleaned_data), AT_FIELD, template="people/form.html", **words)


def _about(organisation: Organisation, place: Place) -> dict[str, str]:
    """The organisation whose page an act belongs to, and the way back there."""
    return {"about": called(organisation, place).words, "back": address_of(organisation, place.language)}


def _may_write(place: Place, network: Organisation) -> None:
    if place.actor.kind is not ActorKind.OPERATOR:
        require(access.may_act(place.actor, place.at, organisation=network, roles=WRITING))


def _ask_source(form: forms.Form, place: Place, network: Organisation | None = None) -> None:
    """A fact about the real names its source, unless it is the network's own act."""
    own = network is not None and place.actor.organisation == network.public_id
    form.fields["source_title"].required = place.realm is Realm.REAL and not own


def _source(given: Mapping[str, Any], place: Place) -> Source | None:
    if not (given["source_title"] or given["source_url"]):
        return None
    return actions.cite(
        title=given["source_title"] or given["source_url"],
        url=given["source_url"],
        stated_on=given["source_day"] or place.at.date().isoformat(),
        primary=given["source_primary"],
    )


@act_page
def found(request: HttpRequest) -> HttpResponse:
    """Found a network: its organs, rules, languages and clock are its own."""
    place = place_of(request)
    require(may_write_registry(place.actor))

    def write(given: Mapping[str, Any]) -> str:
        network = actions.found_network(
            name=given["name"],
            name_language=given["name_language"],
            realm=place.realm,
            network_kind=given["network_kind"],
            time_zone=given["time_zone"],
            languages=given["languages"].split(),
            founded=given["founded"],
            by=place.actor,
            at=place.at,
        )
        return address_of(network, place.language)

    words = {"heading": _("Found a network"), "button": _("Found the network")}
    return _written(request, asked.FoundNetworkForm(request.POST or None), write, words)


@act_page
def list_new(request: HttpRequest) -> HttpResponse:
    """List an organisation."""
    place = place_of(request)
    require(may_write_registry(place.actor))
    form = asked.ListOrganisationForm(request.POST or None)
    _ask_source(form, place)
    seen = Organisation.objects.in_realm(place.realm).visible_to(place.actor, place.at)
    _offer(form, "parent", seen)

    def write(given: Mapping[str, Any]) -> str:
        organisation = actions.list_organisation(
            realm=place.realm,
            kind=given["kind"],
            wing_kind=given["wing_kind"],
            name=given["name"],
            name_language=given["name_language"],
            abbreviation=given["abbreviation"],
            country=given["country"],
            parent=given["parent"],
            founded=given["founded"],
            dissolved=given["dissolved"],
            source=_source(given, place),
            by=place.actor,
            at=place.at,
        )
        return address_of(organisation, place.language)

    words = {
        "heading": _("List an organisation"),
        "button": _("List the organisation"),
        "lead": _("Listing says that an organisation exists, and on whose word. It is no endorsement."),
    }
    return _written(request, form, write, words)


def _offer(form: forms.Form, name: str, rows: OrganisationQuerySet) -> None:
    field = form.fields[name]
    assert isinstance(field, asked.OrganisationNamed)
    field.seen = rows


@act_page
def link_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Tie an organisation to a network, in a class of standing, with its days."""
    place = place_of(request)
    network = network_named(place, public_id)
    _may_write(place, network)
    form = asked.LinkForm(request.POST or None)
    _ask_source(form, place, network)
    _offer(form, "subject", Organisation.objects.in_realm(place.realm).visible_to(place.actor, place.at))

    title = _("Link an organisation to %(network)s") % {"network": called(network, place).words}
    words = {"heading": title, "button": _("State the link"), **_about(network, place)}
    stated = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if stated.get("kind") == LinkKind.MEMBERSHIP and not stated["end"]:
        all_the_same = words | {"button": _("State the link all the same")}
        cautioned = _cautioned(request, form, stated["subject"], network, all_the_same)
        if cautioned:
            return cautioned

    def write(given: Mapping[str, Any]) -> str:
        actions.link(
            subject=given["subject"],
            object=network,
            kind=given["kind"],
            standing=given["standing"],
            start=given["start"],
            end=given["end"],
            end_reason=given["end_reason"],
            basis=given["basis"],
            source=_source(given, place),
            by=place.actor,
            at=place.at,
        )
        return address_of(given["subject"], place.language)

    told = _(
        "A public link can endanger those whom it names. Nothing has been written yet: ask them first. Each of the two "
        "may ask for its safety review at any time, and then it is hidden at once; what was copied before stays copied."
    )
    step = before_permanent(
        request, form, heading=title, button=_("State the link, for good"),
        back=address_of(network, place.language), told=told,
    )  # fmt: skip
    return step or _written(request, form, write, words)


def _cautioned(
    request: HttpRequest, form: forms.Form, member: Organisation, network: Organisation, words: Mapping[str, object]
) -> HttpResponse | None:
    """What to know before a standing that makes a member, once; the second button does it, and nothing is stopped."""
    if request.POST.get("all-the-same") or form.cleaned_data["standing"] in CLOSED_STANDINGS:
        return None
    cautions = cautions_before("membership", member, network, place_of(request))
    if not cautions:
        return None
    return render(request, "people/form.html", {"form": form, **words, "cautions": cautions})


def _link(place: Place, public_id: str) -> Link:
    ties = Link.objects.select_related("subject", "object").filter(public_id=public_id, subject__realm=place.realm)
    tie = ties.first()
    if tie is None or not _known(place, tie):
        raise NotVisible()
    _may_write(place, tie.object)
    return tie


def _known(place: Place, tie: Link) -> bool:
    """Whether the reader may know of a tie: anybody of what is public, else its two ends and the registrar."""
    ends = (tie.subject, tie.object)
    public = tie.hidden_at is None and all(end.level == Level.PUBLIC for end in ends)
    own = place.actor.organisation in {end.public_id for end in ends}
    return public or own or place.actor.kind is ActorKind.OPERATOR


@act_page
def link_end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a link; it stays visible with the reason."""
    place = place_of(request)
    tie = _link(place, public_id)

    def write(given: Mapping[str, Any]) -> str:
        source = _source(given, place)
        actions.end_link(tie, on=given["on"], reason=given["reason"], source=source, by=place.actor, at=place.at)
        return address_of(tie.subject, place.language)

    told = {"subject": called(tie.subject, place).words, "object": called(tie.object, place).words}
    words = {
        "heading": _("End the link of %(subject)s to %(object)s") % told,
        "button": _("End the link"),
        "lead": _("An ended link stays on both pages, with its days and the reason."),
        **_about(tie.subject, place),
    }
    return _written(request, asked.EndLinkForm(request.POST or None), write, words)


@act_page
def link_standing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change the standing of a link from a day on."""
    place = place_of(request)
    tie = _link(place, public_id)

    def write(given: Mapping[str, Any]) -> str:
        source = _source(given, place)
        actions.change_standing(
            tie, standing=given["standing"], on=given["on"], source=source, by=place.actor, at=place.at
        )
        return address_of(tie.subject, place.language)

    told = {"subject": called(tie.subject, place).words, "object": called(tie.object, place).words}
    words = {
        "heading": _("Change the standing of %(subject)s in %(object)s") % told,
        "button": _("Change the standing"),
        **_about(tie.subject, place),
    }
    form = asked.StandingForm(request.POST or None)
    if tie.kind == LinkKind.MEMBERSHIP and form.is_bound and form.is_valid():
        all_the_same = words | {"button": _("Change the standing all the same")}
        cautioned = _cautioned(request, form, tie.subject, tie.object, all_the_same)
        if cautioned:
            return cautioned
    return _written(request, form, write, words)


@act_page
def organ(request: HttpRequest, public_id: str) -> HttpResponse:
    """Establish an organ of a network."""
    place = place_of(request)
    network = network_named(place, public_id)
    _may_write(place, network)

    def write(given: Mapping[str, Any]) -> str:
        actions.establish_organ(network=network, name=given["name"], by=place.actor, at=place.at)
        return address_of(network, place.language)

    title = _("Establish an organ of %(network)s") % {"network": called(network, place).words}
    words = {"heading": title, "button": _("Establish the organ"), **_about(network, place)}
    return _written(request, asked.OrganForm(request.POST or None), write, words)


@act_page
def territory(request: HttpRequest, public_id: str) -> HttpResponse:
    """Decide how a network names a country or territory, with its footnote."""
    place = place_of(request)
    network = network_named(place, public_id)
    _may_write(place, network)
    form = asked.TerritoryForm(request.POST or None, initial={"from_day": place.at.date()})

    def write(given: Mapping[str, Any]) -> str:
        actions.name_territory(
            network=network,
            code=given["code"],
            label=given["label"],
            footnote=given["footnote"],
            basis=given["basis"],
            from_day=given["from_day"],
            by=place.actor,
            at=place.at,
        )
        return address_of(network, place.language)

    words = {
        "heading": _("How %(network)s names a territory") % {"network": called(network, place).words},
        "button": _("Name the territory"),
        "lead": _("The name stands beside every organisation of that territory, as this network's decision."),
        **_about(network, place),
    }
    return _written(request, form, write, words)


@act_page
def reply(request: HttpRequest, public_id: str) -> HttpResponse:
    """File an organisation's own words about what its page says, or put them before the holder."""
    place = place_of(request)
    organisation = organisation_named(place, public_id)
    stand = stand_of(place, OfRegistry.REPLY_WRITE, Ref("organisation", public_id))
    require(access.may_act(stand.actor(place), place.at, organisation=organisation, roles=SPEAKING))

    def write(given: Mapping[str, Any]) -> str:
        if stand.principal:
            return stand.put(form, place)
        reply_for(organisation, words=given["words"], language=given["language"], by=place.actor, at=place.at)
        return address_of(organisation, place.language)

    form = asked.ReplyForm(request.POST or None, initial=stand.initial({"language": place.language}))
    title = _("Reply of %(organisation)s") % {"organisation": called(organisation, place).words}
    words = {
        "heading": title,
        "button": stand.button(_("File the reply")),
        **_about(organisation, place),
        "stand": stand,
    }
    return _written(request, form, write, words)


@act_page
def correction_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Accept a proposed correction or not, with a reason; both stand in the history."""
    place = place_of(request)
    seen = Organisation.objects.visible_to(place.actor, place.at).in_realm(place.realm)
    rows = Correction.objects.select_related("organisation").filter(organisation__in=seen)
    correction = rows.filter(public_id=public_id).first()
    if correction is None:
        raise NotVisible()
    require(access.may_decide_correction(place.actor, place.at, correction))
    form = asked.DecideForm(request.POST or None)

    def write(given: Mapping[str, Any]) -> str:
        accept = given["verdict"] == "accept"
        actions.decide_correction(correction, accept=accept, reason=given["reason"], by=place.actor, at=place.at)
        return address_of(correction.organisation, place.language)

    words = {
        "heading": _("Decide a proposed correction"),
        "button": _("Decide"),
        **_about(correction.organisation, place),
        "correction": correction,
    }
    return _written(request, form, write, words)


@never_cache
def corrections(request: HttpRequest) -> HttpResponse:
    """The proposed corrections that wait for a decision of the reader: about her organisation, or her network's."""
    place = place_of(request)
    require(access.may_see_corrections(place.actor, place.at))
    rows = Correction.objects.filter(organisation__realm=place.realm, state="open").select_related("organisation")
    mine = queries.corrections_for(rows, place.actor, place.at)
    return render(request, "people/corrections.html", {"corrections": mine.order_by("proposed_at")[:200]})
