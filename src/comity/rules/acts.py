"""Entering a rule that an organ adopted: one page with one form."""

import json
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from comity.plain.actors import require
from comity.plain.place import Place, place_of
from comity.plain.refusals import Refusal
from comity.registry.edges import act_page, network_named, show
from comity.registry.models import Organisation
from comity.rules import access, actions, words
from comity.rules.core import UnreadableRule
from comity.rules.forms import AdoptForm, written
from comity.rules.kinds import RULE
from comity.rules.models import RuleKind, RuleVersion
from comity.rules.presets import Preset, presets


@act_page
def adopt(request: HttpRequest, network_id: str) -> HttpResponse:
    """Enter a version of a rule that an organ adopted."""
    place = place_of(request)
    network = network_named(place, network_id)
    require(access.may_adopt(place.actor, network, place.at))
    preset = presets().get(request.GET.get("preset", ""))
    form = AdoptForm(request.POST or None, network=network, initial=_start(preset, place.as_of))
    if form.is_valid():
        try:
            version = _adopt(form, network, place)
        except UnreadableRule as refusal:
            form.add_error("parameters", words.unreadable(refusal))
        except Refusal as refusal:
            show(refusal, form, {"rule-out-of-order": "in_force_from"})
        else:
            return redirect(RULE.address(version, place.language))
    told = {
        "network": network,
        "form": form,
        "presets": presets().values(),
        "preset": preset,
        "act": _("Enter this version"),
    }
    return render(request, "rules/adopt.html", told, status=422 if form.errors else 200)


def _adopt(form: AdoptForm, network: Organisation, place: Place) -> RuleVersion:
    read = form.cleaned_data
    return actions.adopt_rules(
        network=network,
        organ=read["organ"],
        kind=read["kind"],
        title=read["title"],
        prose=form.articles(),
        parameters=read["parameters"],
        adopted_by=read["adopted_by"],
        adopted_on=read["adopted_on"],
        in_force_from=read["in_force_from"],
        review_by=read["review_by"],
        by=place.actor,
        at=place.at,
    )


def _start(preset: Preset | None, day: date) -> dict[str, Any]:
    start: dict[str, Any] = {"adopted_on": day, "in_force_from": day}
    if preset is None:
        return start
    return start | {
        "kind": preset.kind,
        "title": words.KINDS[RuleKind(preset.kind)],
        "prose": written(preset.prose),
        "language": preset.prose[0]["language"],
        "parameters": json.dumps(preset.parameters, indent=2, ensure_ascii=False),
    }
