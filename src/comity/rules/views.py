"""Pages of rules: what is in force where, one version with its words, rights by class, and entering a rule."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.plain.kinds import all_kinds
from comity.plain.place import Place, place_of
from comity.plain.refusals import Refusal
from comity.registry.edges import moved, network_named, organ_named
from comity.registry.models import Organisation
from comity.rules import access, queries, words
from comity.rules.core import parse_votes_key
from comity.rules.kinds import RULE
from comity.rules.models import RuleKind, RuleVersion
from comity.rules.sheet import matrix_shown


@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    """The networks that have entered rules, each with what is in force on the day."""
    place = place_of(request)
    known = place.known_by
    visible = set(
        Organisation.objects.visible_to(place.actor, place.at).in_realm(place.realm).values_list("pk", flat=True)
    )
    networks = [row for row in queries.networks_with_rules(place.realm, known) if row.pk in visible]
    rows = [(network, queries.rules_in_force(network, place.as_of, known)) for network in networks]
    return render(request, "rules/list.html", {"rows": rows})


@require_safe
def network_rules(request: HttpRequest, network_id: str) -> HttpResponse:
    """One network's rules of the day, and every version there was."""
    place = place_of(request)
    network, known = network_named(place, network_id), place.known_by
    in_force = queries.rules_in_force(network, place.as_of, known)
    versions = RULE.visible(place.actor, known, place.realm).filter(document__network=network)
    rows = versions.order_by("document__kind", "document__organ__name", "-in_force_from")
    told = {
        "network": network,
        "in_force": [(row, words.KINDS[RuleKind(row.version.document.kind)]) for row in in_force],
        "versions": rows,
        "may_adopt": bool(_may_adopt(place, network)),
    }
    return render(request, "rules/network.html", told)


def _may_adopt(place: Place, network: Organisation) -> bool:
    try:
        return bool(access.may_adopt(place.actor, network, place.at))
    except Refusal:
        return False


@require_safe
def rule_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """One version of a rule: articles, parameters in words, its days, what it changed, which decisions pin it."""
    place = place_of(request)
    version: RuleVersion = RULE.one_of(RULE.seen(place), public_id)
    elsewhere = moved(request, RULE.address(version, place.language))
    if elsewhere:
        return elsewhere
    beside = queries.neighbours(version, place.known_by)
    names = _names(version, beside.previous)
    told = {
        "version": version,
        "kind": words.KINDS[RuleKind(version.document.kind)],
        "until": version.in_force_until_known(place.known_by),
        "previous": beside.previous,
        "next": beside.next,
        "changes": words.differences(beside.previous, version, names) if beside.previous else [],
        "lines": words.in_words(version),
        "allocations": _allocations(version),
        "matrix": matrix_shown(version),
        "decisions": _pinning(version, place),
        "parameters": json.dumps(version.parameters, indent=2, ensure_ascii=False),
    }
    return render(request, "rules/rule.html", told)


def _names(*versions: RuleVersion | None) -> dict[str, str]:
    ids: set[str] = set()
    for version in versions:
        if version is not None and version.document.kind == RuleKind.VOTES_KEY:
            ids |= set(parse_votes_key(version.parameters).allocations)
    return dict(Organisation.objects.filter(public_id__in=ids).values_list("public_id", "name"))


def _allocations(version: RuleVersion) -> list[tuple[Organisation, int]]:
    if version.document.kind != RuleKind.VOTES_KEY:
        return []
    votes = parse_votes_key(version.parameters).allocations
    rows = Organisation.objects.filter(public_id__in=list(votes))
    return sorted(((row, votes[row.public_id]) for row in rows), key=lambda pair: (-pair[1], pair[0].name))


def _pinning(version: RuleVersion, place: Place) -> list[Any]:
    """The decisions that pin this version, through the kind a higher room declares."""
    found: list[Any] = []
    for kind in all_kinds():
        if kind.name == "decision":
            rows = kind.visible(place.actor, place.known_by, place.realm)
            found = list(rows.filter(rules=version) | rows.filter(key=version) | rows.filter(rights=version))
    return sorted(set(found), key=lambda row: row.opened_at)


@require_safe
def rights_page(request: HttpRequest, network_id: str) -> HttpResponse:
    """Who may attend, speak and vote in an organ on a day, by class, with reasons."""
    place = place_of(request)
    network = network_named(place, network_id)
    organ = organ_named(network, request.GET.get("organ", ""))
    matrix = queries.matrix_on(network, place.as_of, organ, known_by=place.known_by)
    told = {
        "network": network,
        "organ": organ,
        "organs": network.organs.order_by("name"),
        "version": matrix.version if matrix else None,
        "matrix": matrix_shown(matrix.version) if matrix else {},
    }
    return render(request, "rules/rights.html", told)
