"""Putting a question to the vote, giving votes, closing it: one act a screen, and every button names its act."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.decisions import access, actions, core, queries, words
from comity.decisions.edges import decision_named
from comity.decisions.forms import CastForm, OpenForm
from comity.decisions.kinds import DECISION
from comity.decisions.models import Decision, Entitlement
from comity.plain.actors import require
from comity.plain.levels import Level
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotAllowed, Refusal
from comity.registry.edges import act_page, begun_in_public, followed, network_named, organ_named, refusal_in_words
from comity.registry.exports import address_of
from comity.registry.models import Organ, Organisation
from comity.rules.core import parse_parameters, parse_votes_key
from comity.rules.models import RuleKind
from comity.rules.queries import rights_on, version_on
from comity.visibility.queries import default_for

WAYS = ("for", "for-ad-referendum", "against", "abstain", "divide")


@act_page
def open_vote(request: HttpRequest, network_id: str) -> HttpResponse:
    """Put a question to the vote: first the organ, then the question with the votes registered."""
    place = place_of(request)
    network = network_named(place, network_id)
    require(access.may_open(place.actor, network, place.at))
    organ = organ_named(network, request.GET.get("organ", ""))
    if organ is None:
        return render(
            request, "decisions/open_organ.html", {"network": network, "organs": network.organs.order_by("name")}
        )
    types, rows, missing = _prepared(network, organ, place)
    initial = {"level": int(default_for("decision", network, place.at).level), "language": place.language}
    form = OpenForm(request.POST or None, place=place, types=types, electorate=rows, initial=initial)
    step = begun_in_public(
        request, form, heading=_("Put a question to the vote"), button=_("Open the vote in public, for good"),
        back=address_of(network, place.language),
    )  # fmt: skip
    done = step or followed(form, lambda: DECISION.address(_opened(form, network, organ, place), place.language))
    if done:
        return done
    told = {"network": network, "organ": organ, "form": form, "missing": missing, "rows": rows}
    return render(request, "decisions/open.html", told, status=422 if form.errors else 200)


def _prepared(
    network: Organisation, organ: Organ, place: Place
) -> tuple[list[str], list[tuple[Organisation, core.Entitled]], bool]:
    """The types of decision and the electorate that the rules in force now give; True where a rule is missing."""
    day = place.at.date()
    orders = version_on(network, RuleKind.STANDING_ORDERS, day, organ, known_by=place.at)
    key = version_on(network, RuleKind.VOTES_KEY, day, organ, known_by=place.at)
    rights = rights_on(network, day, organ, known_by=place.at)
    if orders is None or key is None or rights is None:
        return [], [], True
    members = queries.members_of(network, day, place.at)
    held = core.electorate(
        {row.public_id: standing for row, standing in members.items()},
        parse_parameters(rights.parameters),
        parse_votes_key(key.parameters),
    )
    by_id = {row.public_id: row for row in members}
    rows = [(by_id[one.organisation], one) for one in held if one.allocated]
    rows.sort(key=lambda pair: (-pair[1].allocated, pair[0].name))
    return list(parse_parameters(orders.parameters).decisions), rows, False


def _opened(form: OpenForm, network: Organisation, organ: Organ, place: Place) -> Decision:
    read = form.cleaned_data
    return actions.open_decision(
        network=network,
        organ=organ,
        title=read["title"],
        question=read["question"],
        language=read["language"],
        decision_type=read["decision_type"],
        subject=read["subject"],
        subject_digest="",
        zone=network.time_zone,
        registered=form.registered(),
        level=Level(read["level"]),
        topics=read["topics"],
        by=place.actor,
        at=place.at,
    )


@dataclass(frozen=True)
class Choice:
    """One way to vote: its name in the address, and the words of its button."""

    way: str
    words: str


def choices(held: Entitlement, decision: Decision) -> list[Choice]:
    """The ways the pinned rule allows to this delegation."""
    rule, votes = queries.rule_of(decision), held.registered
    offered = [Choice("for", _vote_words("for", votes))]
    if rule.ad_referendum.allowed:
        offered.append(Choice("for-ad-referendum", _vote_words("for-ad-referendum", votes)))
    offered += [Choice("against", _vote_words("against", votes)), Choice("abstain", _vote_words("abstain", votes))]
    if rule.votes_may_split and votes > 1:
        offered.append(Choice("divide", _("Divide the votes")))
    return offered


def _vote_words(way: str, votes: int) -> str:
    told = {"votes": votes}
    if way == "for":
        return ngettext("%(votes)s vote for", "%(votes)s votes for", votes) % told
    if way == "for-ad-referendum":
        return ngettext("%(votes)s vote for, ad referendum", "%(votes)s votes for, ad referendum", votes) % told
    if way == "against":
        return ngettext("%(votes)s vote against", "%(votes)s votes against", votes) % told
    return ngettext("Abstain with %(votes)s vote", "Abstain with %(votes)s votes", votes) % told


def _act_words(way: str, votes: int) -> str:
    told = {"votes": votes}
    if way == "for":
        return ngettext("Cast %(votes)s vote for", "Cast %(votes)s votes for", votes) % told
    if way == "for-ad-referendum":
        sentence = ngettext("Cast %(votes)s vote for, ad referendum", "Cast %(votes)s votes for, ad referendum", votes)
        return sentence % told
    if way == "against":
        return ngettext("Cast %(votes)s vote against", "Cast %(votes)s votes against", votes) % told
    if way == "abstain":
        return ngettext("Abstain with %(votes)s vote", "Abstain with %(votes)s votes", votes) % told
    return _("Cast the votes as divided here")


def _filled(way: str, votes: int) -> dict[str, Any]:
    names = {"for": "in_favour", "for-ad-referendum": "in_favour", "against": "against", "abstain": "abstained"}
    return {names[way]: votes, "ad_referendum": way == "for-ad-referendum"} if way in names else {}


@act_page
def cast(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give one's own organisation's votes: choose the way, then confirm; nothing is cast by choosing."""
    place = place_of(request)
    decision = decision_named(place, public_id)
    held = queries.own_entitlement(decision, place.actor)
    if held is None:
        raise NotAllowed(
            reason=_("Votes here are given by the organisations in the electorate; your seat is of none of them.")
        )
    require(access.may_cast(place.actor, decision, held.organisation, place.at))
    own = queries.own_vote(decision, place.actor)
    told: dict[str, Any] = {"decision": decision, "held": held, "own_words": words.own_vote(own) if own else ""}
    told["may_change"] = queries.rule_of(decision).votes_may_change
    way = request.POST.get("way") or request.GET.get("way", "")
    if way not in WAYS:
        return render(request, "decisions/cast.html", told | {"choices": choices(held, decision)})
    form = CastForm(request.POST if request.method == "POST" else None, initial=_filled(way, held.registered))
    if request.method == "POST" and form.is_valid():
        try:
            actions.cast(decision, organisation=held.organisation, by=place.actor, at=place.at, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal_in_words(refusal))
        else:
            return redirect(DECISION.address(decision, place.language))
    told |= {"form": form, "way": way, "divided": way == "divide", "act": _act_words(way, held.registered)}
    return render(request, "decisions/cast_confirm.html", told, status=422 if form.errors else 200)


@act_page
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the vote; the outcome is counted and published at once."""
    place = place_of(request)
    decision = decision_named(place, public_id)
    require(access.may_close(place.actor, decision, place.at))
    if request.method == "POST":
        actions.close(decision, by=place.actor, at=place.at)
        return redirect(DECISION.address(decision, place.language))
    told = {"decision": decision, "registered": queries.tally_of(decision).registered}
    return render(request, "decisions/close.html", told)
