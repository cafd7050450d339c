"""The public pages of organisations and networks, their lists, and the correction that anyone may propose."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from comity.plain.kinds import called
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.plain.refs import Ref
from comity.plain.time import end_of
from comity.record.queries import EntryView
from comity.record.words import type_in_words
from comity.registry import actions, changes, kin, lists, membership, pictures, queries, record_of, sheet, words
from comity.registry.about import About, Bonds, Family, Said, about, facts_known, names_known
from comity.registry.bounds import count_proposal
from comity.registry.counting import NONE, members_counted
from comity.registry.dates import zone_in_words
from comity.registry.edges import form_page, here, moved, network_named, organisation_named
from comity.registry.exports import acts_csv, acts_facts, address_of, links_csv, taken_along
from comity.registry.forms import CorrectionForm
from comity.registry.kinds import members_told
from comity.registry.models import (
    Correction,
    Organisation,
    OrganisationKind,
)
from comity.registry.queries import LinksOn, LinkView

PAGE = 50


def _known_by(request: HttpRequest, place: Place) -> datetime:
    """The instant by which facts must have been recorded: now, or the end of an earlier day from ``?known_by=``."""
    try:
        day = date.fromisoformat(request.GET.get("known_by", ""))
    except ValueError:
        return place.at
    return end_of(day, place.at)


@require_safe
def organisation_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """An organisation: its names, links on a day, record, corrections and replies, each figure with its source."""
    place = place_of(request)
    organisation = organisation_named(place, public_id)
    elsewhere = moved(request, address_of(organisation, place.language))
    if elsewhere:
        return elsewhere
    known_by = _known_by(request, place)
    known, sources = about(organisation, known_by), sheet.Sources()
    bonds = sheet.bonds_shown(organisation, known, place, known_by)
    links, family = bonds.links, bonds.family
    asked = record_of.Asked(organisation, place)
    record_of.know_names([organisation, *asked.rows, *_named_by(bonds), *(note.network for note in known.notes)], place)
    context = _head(organisation, sources, place, known_by, known) | {
        "facts": facts_known(organisation, known_by, known.said.restatements),
        "territory": sheet.territory(organisation, place, known_by, known),
        "kind": words.WING_KINDS.get(organisation.wing_kind) or words.KINDS[OrganisationKind(organisation.kind)],
        "table": sheet.link_rows(links, organisation, sources, place),
        "links_told": _links_told(links),
        "hatch": pictures.HATCH,
        "kin": kin.kin_of(organisation, family, sources, place),
        "unknown": _unknown(organisation, links),
        "csv_address": here(place, "organisation-csv", public_id=public_id) + f"?on={place.as_of}",
        "json_address": place.api(f"organisations/{public_id}/links?on={place.as_of}"),
    }
    context |= _foot(organisation, place, known_by, known.said, asked.acts())
    context["last_changed"] = _last_changed(organisation, context, links, family, place)
    return render(request, "registry/organisation.html", context)


def _named_by(bonds: Bonds) -> Iterator[Organisation]:
    """The organisations that a page names for its links and its family."""
    yield from (view.other for view in bonds.links)
    yield from (end for row in (*bonds.family.before, *bonds.family.after) for end in (row.earlier, row.later))
    yield from bonds.family.parts


def _last_changed(
    organisation: Organisation, told: Mapping[str, Any], links: Iterable[LinkView], family: Family, place: Place
) -> datetime:
    """When the newest of what the page shows was recorded: all that its changes list, with no further look."""
    instants: list[datetime] = [organisation.recorded_at, *(row.recorded_at for row in told["names"] if row.exactly)]
    instants += [spell.recorded_at for view in links for spell in view.spells]
    instants += [row.recorded_at for row in (*told["changes"], *family.before, *family.after)]
    instants += [row.at for row in told["replies"]]
    for one in told["corrections"]:
        instants += [one["row"].proposed_at, one["row"].decided_at or one["row"].proposed_at]
    known = [instant for instant in instants if instant <= place.known_by]
    return max(known, default=organisation.recorded_at)


ALL_NAMES = 200
NAMES = 40
"""So many names stand on the page; all of them on their own."""
CHANGES = 40
"""So many corrections, restatements, votes and entries stand on the page; all of them on the pages they lead to."""
AWAITED = 2
"""So many things awaited of an organisation open its page; the rest stands with its acts."""


def _head(
    organisation: Organisation, sources: sheet.Sources, place: Place, known_by: datetime, known: About
) -> dict[str, Any]:
    """What stands at the head of every page; its sources are numbered first, as they are met first."""
    shown = called(organisation, place).words
    own_source = sources.number(organisation.source)
    every = names_known(known.names, min(known_by, place.known_by), known.said.restatements)
    names = [row for row in every if row.text != shown]
    for row in names[:NAMES]:
        sources.number(row.source)
    return {
        "organisation": organisation,
        "own_source": own_source,
        "names": names[:NAMES],
        "more_names": len(names) - NAMES,
        "sources": sources,
        "identifiers": [
            (words.IDENTIFIERS[scheme][0], value, words.IDENTIFIERS[scheme][1].format(value))
            for scheme, value in known.identifiers
            if scheme in words.IDENTIFIERS
        ],
    }


def _foot(
    organisation: Organisation, place: Place, known_by: datetime, said: Said, acts: record_of.Acts
) -> dict[str, Any]:
    """What the page of a party and the page of a network share below their links."""
    limit = place.known_by
    awaited = record_of.awaited(acts.things, acts.notes, place)
    here_of = partial(here, place, public_id=organisation.public_id)
    return {
        "corrections": [_shown(row, limit) for row in said.corrections if row.proposed_at <= limit][:CHANGES],
        "changes": [row for row in said.restatements if row.recorded_at <= limit][:CHANGES],
        "replies": [row for row in said.replies if row.at <= limit][:CHANGES],
        "awaited": awaited[:AWAITED],
        "more_awaited": len(awaited) - AWAITED,
        "notes": acts.notes[:CHANGES],
        "more_notes": len(acts.notes) - CHANGES,
        "things": acts.things,
        "blocks": acts.blocks,
        "entries": _entries(organisation, acts.entries, place),
        "known_by": known_by if known_by != place.at else None,
        "acts_csv_address": here_of("organisation-record") + f"?on={place.as_of}",
        "acts_json_address": place.api(f"organisations/{organisation.public_id}/record?on={place.as_of}"),
        "correction_address": here_of("correction"),
        "names_address": here_of("organisation-names"),
        "changes_address": here_of("organisation-changes") + (f"?{place.question}" if place.question else ""),
        "feed_address": here_of("organisation-feed"),
    }


def _shown(row: Correction, limit: datetime) -> dict[str, Any]:
    decided = row.decided_at is not None and row.decided_at <= limit
    state = row.state if decided else "open"
    return {
        "row": row,
        "field": words.FIELDS.get(row.field, row.field),
        "state": state,
        "state_word": words.CORRECTION_STATES[state],
        "reason": row.reason if decided else "",
    }


def _entries(organisation: Organisation, found: list[EntryView], place: Place) -> list[tuple[Any, Any]]:
    place.memory["record.last", Ref("organisation", organisation.public_id)] = found[-1] if found else None
    return [(words.ENTRIES.get(entry.type) or type_in_words(entry.type), entry) for entry in reversed(found)][:CHANGES]


def _links_told(links: LinksOn) -> str:
    """The finding, as the heading: "four in force, four ended, one whose dates nobody has stated"."""
    parts = []
    if links.in_force:
        n = len(links.in_force)
        parts.append(ngettext("%(n)d in force", "%(n)d in force", n) % {"n": n})
    if links.not_in_force:
        n = len(links.not_in_force)
        parts.append(ngettext("%(n)d not in force", "%(n)d not in force", n) % {"n": n})
    if links.date_unknown:
        n = len(links.date_unknown)
        told = ngettext("%(n)d whose dates nobody has stated", "%(n)d whose dates nobody has stated", n)
        parts.append(told % {"n": n})
    return _(", ").join(parts) or _("none is stated")


def _unknown(organisation: Organisation, links: LinksOn) -> list[str]:
    """What this page does not know, said in words."""
    found = []
    if not organisation.founded:
        found.append(_("When it was founded: no source states it."))
    undated = len(links.date_unknown)
    if undated:
        told = ngettext(
            "For %(n)d link a source states the tie, but nobody states from when to when.",
            "For %(n)d links a source states the tie, but nobody states from when to when.",
            undated,
        )
        found.append(told % {"n": undated})
    nameless = [view for view in links if view.source is None]
    if nameless and organisation.realm == Realm.REAL:
        told = ngettext("For %(n)d link no source is named.", "For %(n)d links no source is named.", len(nameless))
        found.append(told % {"n": len(nameless)})
    if organisation.source is None and organisation.realm == Realm.REAL:
        found.append(_("On whose word it is listed: no source is named."))
    found.append(_("Who belongs to it: the house keeps no private person's membership of a party."))
    found.append(_("Fees, reports and declarations owed: this house does not keep them yet."))
    return found


@require_safe
def names_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """All names of an organisation with their days, two hundred a page."""
    place = place_of(request)
    organisation = organisation_named(place, public_id)
    known = about(organisation, place.known_by)
    names = names_known(known.names, place.known_by, known.said.restatements)
    page = Paginator(names, ALL_NAMES).get_page(request.GET.get("page"))
    sources = sheet.Sources()
    for row in page:
        sources.number(row.source)
    return render(request, "registry/names.html", {"organisation": organisation, "page": page, "sources": sources})


@require_safe
def changes_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """What changed on the page of an organisation, each change on the day it was recorded."""
    place = place_of(request)
    organisation = organisation_named(place, public_id)
    found = changes.changes_of(organisation, place)
    page = Paginator(found, changes.PAGE).get_page(request.GET.get("page"))
    feed = here(place, "organisation-feed", public_id=public_id)
    context = {"organisation": organisation, "page": page, "count": len(found), "feed_address": feed}
    return render(request, "registry/changes.html", context)


@require_safe
def changes_feed(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same as Atom."""
    place = place_of(request)
    written = changes.atom(organisation_named(place, public_id), place, request)
    return HttpResponse(written, content_type="application/atom+xml; charset=utf-8")


@require_safe
def organisation_csv(request: HttpRequest, public_id: str) -> HttpResponse:
    """The links of the page as a table for a spreadsheet."""
    place = place_of(request)
    organisation = organisation_named(place, public_id)
    links = sheet.links_shown(organisation, place, _known_by(request, place))
    return taken_along(links_csv(links, place, place.as_of), f"links-{public_id}", place)


@require_safe
def acts_csv_of(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the organisation did and said, each with its entry of the record, as a table for a spreadsheet."""
    place = place_of(request)
    acts = record_of.acts_of(organisation_named(place, public_id), place)
    facts = acts_facts(acts.things, acts.notes, place)
    return taken_along(acts_csv(facts, place.as_of), f"record-{public_id}", place)


@require_safe
def network_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """A network: who belongs to it and in which standing, how it grew, its organs and how it names territories."""
    place = place_of(request)
    network = organisation_named(place, public_id)
    if network.kind != OrganisationKind.NETWORK:
        return redirect(address_of(network, place.language), permanent=True)
    elsewhere = moved(request, address_of(network, place.language))
    if elsewhere:
        return elsewhere
    known_by = _known_by(request, place)
    known, sources = about(network, known_by), sheet.Sources()
    bonds = sheet.bonds_shown(network, known, place, known_by)
    members, others = membership.divided(bonds.links)
    wings = membership.wings_of(network, members, bonds.ends, place)
    homes, naming = membership.homes_of(members), membership.naming_on(known.naming, place)
    asked = record_of.Asked(network, place, organs=known.organs, also=[sheet.regions_wanted(homes, place)])
    record_of.know_names([network, *asked.rows, *_named_by(bonds), *(part for part, _ in wings)], place)
    acts, labels = asked.acts(), sheet.labelled(homes, asked.also[0].rows, place, network, naming)
    context = _head(network, sources, place, known_by, known)
    context |= membership.belonging(network, members, membership.Named(labels, naming), sources, place)
    context |= {
        "members_told": members_told(members, place),
        "wings": wings,
        "kin": kin.kin_of(network, bonds.family, sources, place),
        "kind": words.NETWORK_KINDS.get(network.network_kind) or words.KINDS[OrganisationKind.NETWORK],
        "hatch": pictures.HATCH,
        "organs": acts.of_organs,
        "naming": naming,
        "schemes": [scheme for scheme in known.schemes if scheme.in_force_from <= place.as_of],
        "languages_used": [words.tongue_in_words(code, place.language) or code for code in network.languages],
        "clock": zone_in_words(network.time_zone),
        "ties": sheet.link_rows(others, network, sources, place),
        "json_address": place.api(f"networks/{public_id}/members?on={place.as_of}"),
        "csv_address": here(place, "network-csv", public_id=public_id) + f"?on={place.as_of}",
    }
    context |= _foot(network, place, known_by, known.said, acts)
    return render(request, "registry/network.html", context)


@require_safe
def network_csv(request: HttpRequest, public_id: str) -> HttpResponse:
    """The members of a network as a table for a spreadsheet."""
    place = place_of(request)
    network = network_named(place, public_id)
    members = sheet.members_shown(network, place, _known_by(request, place))
    return taken_along(links_csv(members, place, place.as_of), f"members-{public_id}", place)


@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Organisations other than networks, fifty a page, by kind, country and name."""
    place = place_of(request)
    given = {name: request.GET.get(name, "").strip()[:200] for name in ("q", "kind", "country", "after")}
    asked = lists.Asked(**given)
    listed = lists.Organisations(place, asked)
    rows, after = listed.page()
    queries.know_names(rows, place)
    facets = listed.facets()
    countries = facets.countries(asked)
    named = {code: label for code, (label, _area) in sheet.labels(countries, place).items()}
    kept = {name: given[name] for name in ("q", "kind", "country") if given[name]}
    kinds = facets.kinds(asked)
    context = {
        "rows": [(row, words.KINDS[OrganisationKind(row.kind)], named.get(row.country, "")) for row in rows],
        "asked": asked,
        "count": facets.count(asked),
        "kinds": [(str(kind), word, kinds[kind]) for kind, word in words.KINDS.items() if kinds[kind]],
        "countries": sorted(((code, named[code], n) for code, n in countries.items()), key=lambda one: one[1]),
        "first_address": f"?{urlencode(kept)}" if asked.after else "",
        "next_address": f"?{urlencode(kept | {'after': after})}" if after else "",
        "json_address": place.api("organisations"),
    }
    return render(request, "registry/organisations.html", context)


@require_safe
def network_list(request: HttpRequest) -> HttpResponse:
    """Networks, each with its members on the page's day: in force, and those whose dates nobody has stated."""
    place = place_of(request)
    rows = queries.networks(place.realm, place.actor, place.at)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    queries.know_names(page, place)
    counted = members_counted(list(page), place)
    context = {
        "page": page,
        "map": membership.world_of(rows, place) if page.number == 1 else None,
        "rows": [(row, words.NETWORK_KINDS.get(row.network_kind, ""), counted.get(row.pk, NONE)) for row in page],
        "json_address": place.api("networks"),
    }
    return render(request, "registry/networks.html", context)


CORRECTED_AT = {
    "no-source-given": "source_url",
    "unknown-field": "field",
    "no-name": "proposed",
    "unseen-sign": "proposed",
    "mixed-scripts": "proposed",
}
"""Where a refusal of a proposal is shown."""


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, public_id: str) -> HttpResponse:
    """Propose a correction, without an account; it stands in the history at once, as open."""
    place = place_of(request)
    organisation = organisation_named(place, public_id)
    form = CorrectionForm(request.POST or None, initial={"field": request.GET.get("field", "")})
    back = address_of(organisation, place.language)

    def write() -> str:
        count_proposal(request.META.get("REMOTE_ADDR", ""), place.at)
        actions.propose_correction(organisation, **form.cleaned_data, by=place.actor, at=place.at)
        return f"{back}#corrections"

    lead = _(
        "No account is needed. What you propose stands on the page at once, as open, with its source; it stays there "
        "whether it is accepted or not."
    )
    return form_page(
        request,
        form,
        write,
        CORRECTED_AT,
        template="registry/correction.html",
        about=called(organisation, place).words,
        back=back,
        heading=_("Propose a correction"),
        lead=lead,
        button=_("Propose the correction"),
    )
