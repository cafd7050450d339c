"""Pages of decisions: the list, one decision with its count and its recounts, and its file."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.decisions import access, queries, sheet, words
from comity.decisions.edges import VoteStillOpen, decision_named
from comity.decisions.kinds import DECISION
from comity.decisions.models import Decision
from comity.decisions.steps import recount_lines, step_rows
from comity.plain.actors import Verdict
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible, Refusal
from comity.plain.things import thing
from comity.registry.edges import moved
from comity.rules import words as rule_words

VERIFIER = Path("verify") / "comity_recount.py"


@require_safe
def decision_list(request: HttpRequest) -> HttpResponse:
    """Decisions of the realm, newest first, each as a sentence; as of a day."""
    place = place_of(request)
    known = place.known_by
    rows = []
    for decision in queries.decisions(place.realm, place.actor, known):
        state = sheet.state_of(decision, known)
        outcome = queries.counted(decision) if state is sheet.State.CLOSED else None
        rows.append((decision, state, words.title_sentence(outcome) if outcome else ""))
    return render(request, "decisions/list.html", {"rows": rows})


@require_safe
def decision_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """One decision as it stood on the page's day: the question, the count, and what other rules give."""
    place = place_of(request)
    decision = decision_named(place, public_id)
    elsewhere = moved(request, DECISION.address(decision, place.language))
    if elsewhere:
        return elsewhere
    state = sheet.state_of(decision, place.known_by)
    told = _common(decision, place, state)
    if state is sheet.State.CLOSED:
        told |= _closed(decision, place, request.GET.get("rule", ""))
    elif state is sheet.State.OPEN:
        told |= _open(decision, place)
    return render(request, "decisions/decision.html", told)


def _common(decision: Decision, place: Place, state: sheet.State) -> dict[str, Any]:
    rule = queries.rule_of(decision)
    article = decision.rules.article(rule.majority.article)
    return {
        "decision": decision,
        "state": str(state),
        "sitting": thing(decision.sitting, place),
        "subject": thing(decision.subject, place),
        "decision_type": rule_words.decision_type(decision.decision_type),
        "rule": rule,
        "rule_words": rule_words.majority(rule.majority, ad_referendum_counts=rule.ad_referendum.counts),
        "article": article,
        "known": place.known_by,
        "without_vote": [
            (row, rule_words.class_name(row.standing) if row.standing else "", words.no_vote(row.reason))
            for row in decision.entitlements.without_vote()
        ],
        "json_address": f"{DECISION.address(decision, place.language).rsplit('/', 1)[0]}.json",
    }


def _closed(decision: Decision, place: Place, chosen_key: str) -> dict[str, Any]:
    known = place.known_by
    outcome = queries.counted(decision)
    options = queries.recounts(decision, known)
    chosen = queries.named(options, chosen_key)
    rows = sheet.delegation_rows(decision, place, known)
    sitting = sheet.sitting_rows(decision, place, known)
    same, changed = sheet.sitting_under(sitting, chosen)
    return {
        "outcome": outcome,
        "sentence": words.title_sentence(outcome),
        "picture": sheet.picture_of(outcome, rows),
        "rows": rows,
        "any_abstained": outcome.tally.abstained > 0,
        "options": sheet.option_rows(decision, options, chosen),
        "chosen": chosen,
        "explanation": words.explanation(chosen, options[0]),
        "same": same if not chosen.in_force else "",
        "changed": changed,
        "in_sitting": sitting,
        "steps": step_rows(decision, outcome, queries.whole_electorate(decision), place),
        "lines": recount_lines(decision, outcome),
        "file_name": file_name(decision),
        "file_size": len(json.dumps(queries.decision_file(decision)).encode()) // 1024 + 1,
    }


def _open(decision: Decision, place: Place) -> dict[str, Any]:
    held = queries.own_entitlement(decision, place.actor)
    own = queries.own_vote(decision, place.actor)
    return {
        "held": held,
        "own": own,
        "own_words": words.own_vote(own) if own else "",
        "may_cast": bool(
            held
            and held.registered
            and _allowed(lambda: access.may_cast(place.actor, decision, held.organisation, place.at))
        ),
        "may_close": _allowed(lambda: access.may_close(place.actor, decision, place.at)),
        "electorate": decision.entitlements.voting(),
        "allocated": queries.tally_of(decision).allocated,
        "registered": queries.tally_of(decision).registered,
    }


def _allowed(ask: Any) -> bool:
    try:
        verdict: Verdict = ask()
    except Refusal:
        return False
    return bool(verdict)


def file_name(decision: Decision) -> str:
    """What the published file is called when it is saved."""
    return f"decision-{decision.number}.json"


@require_safe
def decision_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The published file of a closed decision."""
    place = place_of(request)
    decision = decision_named(place, public_id)
    if not decision.closed_by(place.known_by):
        raise VoteStillOpen(decision=decision.title)
    answer = JsonResponse(queries.decision_file(decision), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = f'inline; filename="{file_name(decision)}"'
    return answer


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier itself, one file that shares no code with this house."""
    path = settings.CHECKOUT / VERIFIER
    if not path.is_file():
        raise NotVisible(file=VERIFIER.name)
    answer = HttpResponse(path.read_bytes(), content_type="text/x-python; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{VERIFIER.name}"'
    return answer
