"""What a party's seat may do here: propose, sign, report its board, end; found, join, leave. Each act is one page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from comity.agreements import access, actions, forms, sheet
from comity.agreements.core import OVER, Belonging, State
from comity.agreements.edges import agreement_named, coalition_named
from comity.agreements.kinds import AGREEMENT, COALITION
from comity.agreements.models import Agreement, Coalition, Handover
from comity.people.access import acting
from comity.people.acts_on import ActOn, Offer, Page, act_named, acts_on, no_form, offered, own, seated
from comity.plain.actors import Verdict, require
from comity.plain.kinds import Kind, called
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.registry.edges import act_page, begun_in_public, form_page, here
from comity.registry.models import Organisation
from comity.registry.topics import edges as topics
from comity.visibility.queries import default_for

ANSWERED_WITHIN = timedelta(days=30)
"""What the form of an offer begins with."""
FORM = "visibility/form.html"
AT_FIELD = {"already-signed": "authority", "belongs-already": "authority", "realms-never-mix": "counterpart"}


def _own(place: Place) -> Organisation:
    """The party for which the reader acts, in an office that binds it."""
    party = acting(place.actor, place.at).organisation
    require(access.may_speak(place.actor, place.at, party))
    return party


@act_page
def propose(request: HttpRequest) -> HttpResponse:
    """Propose an agreement and sign it for one's own party; with ``?renews=`` for another term of an earlier one."""
    place = place_of(request)
    party = _own(place)
    earlier = agreement_named(place, request.GET["renews"]) if request.GET.get("renews") else None
    proposed = default_for("agreement", party, place.at, source=earlier)
    form = forms.ProposeForm(request.POST or None, proposed=proposed, initial=_initial(place, party, earlier))
    field = form.fields["counterpart"]
    field.seen = Organisation.objects.in_realm(place.realm).visible_to(place.actor, place.at)  # type: ignore[attr-defined]  # the field's own
    heading = _("Renew “%(title)s”") % {"title": earlier.title} if earlier else _("Propose an agreement")
    button = _("Propose and sign it")
    before = _(
        "The other party is then named in public before it has signed; the page says so. To ask it first, let only "
        "those who take part read it, and open it once both have signed."
    )
    step = begun_in_public(
        request, form, heading=heading, button=button, back=here(place, "agreement-list"), told=before
    )
    if step is not None:
        return step

    def write() -> str:
        told = form.cleaned_data
        named = (
            "topics",
            "counterpart",
            "title",
            "language",
            "scope",
            "words",
            "starts",
            "expires",
            "authority",
            "ad_referendum",
        )
        row = actions.propose(
            organisation=party,
            **{name: told[name] for name in named},
            terms=form.terms(),
            renews=earlier,
            by=place.actor,
            at=place.at,
        )
        return AGREEMENT.address(row, place.language)

    lead = _("The other party signs for itself. Until both are bound, the page says that nobody is.")
    told = {"heading": heading, "button": button, "lead": lead, "terms": True}
    return form_page(request, form, write, AT_FIELD, template=FORM, **told)


def _initial(place: Place, own: Organisation, earlier: Agreement | None) -> dict[str, Any]:
    if earlier is None:
        return {"language": place.language}
    other = next(party for party in earlier.parties if party.pk != own.pk)
    copied = {name: getattr(earlier, name) for name in ("title", "language", "scope", "words")}
    return {**copied, "topics": topics.proposed(earlier, place), "counterpart": called(other, place).words}


@act_page
def found(request: HttpRequest) -> HttpResponse:
    """Found a coalition and join it for one's own party."""
    place = place_of(request)
    party = _own(place)
    proposed = default_for("coalition", party, place.at)
    initial = {"language": place.language, "starts": place.as_of}
    form = forms.FoundForm(request.POST or None, proposed=proposed, initial=initial)
    heading, button = _("Found a coalition"), _("Found it and join")
    step = begun_in_public(request, form, heading=heading, button=button, back=here(place, "coalition-list"))
    if step is not None:
        return step

    def write() -> str:
        told = form.cleaned_data
        named = ("topics", "title", "language", "purpose", "starts", "until", "authority")
        row = actions.found(
            organisation=party,
            **{name: told[name] for name in named},
            terms=form.terms(),
            by=place.actor,
            at=place.at,
        )
        return COALITION.address(row, place.language)

    lead = _("Parties of any family may join, each for itself. No membership of a network follows from it.")
    told = {"heading": heading, "button": button, "lead": lead, "terms": True}
    return form_page(request, form, write, AT_FIELD, template=FORM, **told)


def _of_agreement(place: Place, told: sheet.Sheet) -> Verdict:
    return access.may_sign(place.actor, place.at, told.agreement, own(place))


def _of_coalition(place: Place, told: sheet.Gathering) -> Verdict:
    return access.may_join(place.actor, place.at, told.coalition, own(place))


def _stands(told: sheet.Sheet) -> bool:
    return not (told.ended or told.state in OVER)


def _awaits_board(place: Place, told: sheet.Sheet) -> bool:
    party = _own_party(place, told)
    return party is not None and party.board == "awaited" and _stands(told)


def _unsigned(place: Place, told: sheet.Sheet) -> bool:
    party = _own_party(place, told)
    return party is not None and party.signature is None and _stands(told)


def _own_party(place: Place, told: sheet.Sheet) -> sheet.Party | None:
    return next((one for one in told.parties if one.organisation == seated(place)), None)


def _own_member(place: Place, told: sheet.Gathering) -> sheet.Member | None:
    return next((one for one in told.members if one.adhesion.organisation == seated(place)), None)


def _report_board(place: Place, told: sheet.Sheet, form: Any) -> object:
    party = _own_party(place, told)
    assert party is not None
    assert party.signature is not None
    return actions.report_board(party.signature, **form.cleaned_data, by=place.actor, at=place.at)


def _report_on_joining(place: Place, told: sheet.Gathering, form: Any) -> object:
    member = _own_member(place, told)
    assert member is not None
    return actions.report_board_on_joining(member.adhesion, **form.cleaned_data, by=place.actor, at=place.at)


def _hands_over(place: Place, told: sheet.Gathering) -> Verdict:
    return access.may_hand_over(place.actor, place.at, told.coalition)


def _takes_over(place: Place, told: sheet.Gathering) -> Verdict:
    return access.may_take_over(place.actor, place.at, _offer(told))


def _offer(told: sheet.Gathering) -> Handover:
    """The offer to convene a coalition that waits, which the reader's party made or is asked."""
    if told.offer is None:
        raise NotVisible(kind="handover")
    return told.offer


def _takers(told: sheet.Gathering) -> dict[str, Organisation]:
    """The parties that could convene a coalition in the place of the one that does."""
    inside = (one.adhesion.organisation for one in told.members)
    return {party.public_id: party for party in inside if party.pk != told.coalition.originator_id}


def _offering(place: Place, told: sheet.Gathering, sent: Any) -> django_forms.Form:
    named = {key: called(party, place).words for key, party in _takers(told).items()}
    return forms.OfferForm(sent, members=named, initial={"answer_by": place.as_of + ANSWERED_WITHIN})


def _offer_it(place: Place, told: sheet.Gathering, form: Any) -> object:
    read = form.cleaned_data | {"taker": _takers(told)[form.cleaned_data["taker"]]}
    return actions.offer_convening(told.coalition, **read, by=place.actor, at=place.at)


def _answer_offer(place: Place, told: sheet.Gathering, form: Any) -> object:
    return actions.answer_offer(_offer(told), **form.cleaned_data, by=place.actor, at=place.at)


def _keep(place: Place, told: sheet.Gathering, form: Any) -> object:
    return actions.withdraw_offer(_offer(told), by=place.actor, at=place.at)


def _does(act: Callable[..., object]) -> Callable[[Place, Any, Any], object]:
    """An act of the reader's party: the form's fields are what it takes."""

    def do(place: Place, told: sheet.Sheet | sheet.Gathering, form: Any) -> object:
        row = told.agreement if isinstance(told, sheet.Sheet) else told.coalition
        return act(row, organisation=own(place), **form.cleaned_data, by=place.actor, at=place.at)

    return do


def _signing(place: Place, told: Any, sent: Any) -> django_forms.Form:
    return forms.SignForm(sent)


def _answering(place: Place, told: Any, sent: Any) -> django_forms.Form:
    return forms.BoardForm(sent)


def _ending(place: Place, told: Any, sent: Any) -> django_forms.Form:
    return forms.EndForm(sent, initial={"on": place.as_of})


BOARD = ActOn(
    "board",
    lazy("Say what your board decided"),
    lazy("Record what the board said"),
    _of_agreement,
    _awaits_board,
    _answering,
    _report_board,
    lazy("A board answers once. Only with its agreement is your party bound."),
)

ON_AGREEMENT = acts_on(
    ActOn(
        "sign",
        lazy("Read and sign"),
        lazy("Sign it for %(organisation)s"),
        _of_agreement,
        _unsigned,
        _signing,
        _does(actions.sign),
        lazy("Your party is bound by its own signature, and where you say so only once its board agreed."),
    ),
    BOARD,
    ActOn(
        "translate",
        lazy("Deposit a translation"),
        lazy("Deposit the translation"),
        _of_agreement,
        lambda place, told: True,
        lambda place, told, sent: forms.TranslateForm(sent, initial={"language": place.language}),
        _does(actions.translate),
        lazy("It stands beside the words that were signed, with your party's name as its source; nobody signs it."),
    ),
    ActOn(
        "end",
        lazy("End the agreement"),
        lazy("End the agreement"),
        _of_agreement,
        lambda place, told: _stands(told),
        _ending,
        _does(actions.end),
        lazy("It stays on its page with this day and reason; nothing is erased."),
    ),
)
ON_COALITION = acts_on(
    ActOn(
        "join",
        lazy("Join for your party"),
        lazy("Join it for %(organisation)s"),
        _of_coalition,
        lambda place, told: _own_member(place, told) is None and not told.over,
        _signing,
        _does(actions.join),
        lazy("Your party joins for itself and may leave again; it becomes a member of no network by it."),
    ),
    replace(
        BOARD,
        may=_of_coalition,
        fits=lambda place, told: _awaits_board_on_joining(_own_member(place, told)),
        do=_report_on_joining,
    ),
    ActOn(
        "take-over",
        lazy("Answer whether you convene it"),
        lazy("Give this answer"),
        _takes_over,
        lambda place, told: told.offer is not None and told.offer.taker == seated(place),
        lambda place, told, sent: forms.TakeForm(sent),
        _answer_offer,
    ),
    ActOn(
        "keep",
        lazy("Take the offer back"),
        lazy("Take the offer back"),
        _hands_over,
        lambda place, told: told.offer is not None and told.offer.giver == seated(place),
        no_form,
        _keep,
    ),
    ActOn(
        "hand-over",
        lazy("Hand over the convening"),
        lazy("Offer it"),
        _hands_over,
        lambda place, told: told.offer is None and not told.over,
        _offering,
        _offer_it,
    ),
    ActOn(
        "leave",
        lazy("Leave the coalition"),
        lazy("Leave the coalition"),
        _of_coalition,
        lambda place, told: _still_belongs(_own_member(place, told)),
        _ending,
        _does(actions.leave),
        lazy("That your party belonged to it, and until when, stays on the page."),
    ),
)


def _awaits_board_on_joining(member: sheet.Member | None) -> bool:
    return member is not None and member.belonging is Belonging.AWAITING


def _still_belongs(member: sheet.Member | None) -> bool:
    return member is not None and member.adhesion.left_on is None


def offered_on_agreement(told: sheet.Sheet, place: Place) -> list[Offer]:
    """The acts open to the reader's seat on an agreement, another term of it last."""
    row = told.agreement
    found = offered(ON_AGREEMENT, told, place, lambda name: _address("agreement", row.public_id, place, name))
    if found and not told.renewals and told.state in {State.IN_FORCE, State.EXPIRED, State.ENDED}:
        found.append((lazy("Renew it"), f"{here(place, 'agreement-new')}?renews={row.public_id}", ""))
    return found


def offered_on_coalition(told: sheet.Gathering, place: Place) -> list[Offer]:
    """The acts open to the reader's seat on a coalition."""
    row = told.coalition
    return offered(ON_COALITION, told, place, lambda name: _address("coalition", row.public_id, place, name))


def _address(kind: str, public_id: str, place: Place, act: str) -> str:
    return here(place, f"{kind}-act", public_id=public_id, act=act)


@act_page
def on_agreement(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """One act on an agreement: its form, or the agreement after it was done."""
    place = place_of(request)
    row = agreement_named(place, public_id)
    return _acted(request, act_named(ON_AGREEMENT, act), sheet.sheet_of(row, place), row, AGREEMENT)


@act_page
def on_coalition(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """One act on a coalition."""
    place = place_of(request)
    row = coalition_named(place, public_id)
    return _acted(request, act_named(ON_COALITION, act), sheet.gathering_of(row, place), row, COALITION)


def _acted(request: HttpRequest, act: ActOn, told: Any, row: Agreement | Coalition, kind: Kind) -> HttpResponse:
    place = place_of(request)
    party = seated(place)
    button = str(act.button) % {"organisation": called(party, place).words if party else ""}
    beside = _of_handover(act, told, place) if isinstance(told, sheet.Gathering) else _to_read(act, told.agreement)
    page = Page(request, act, told, kind.ref(row), kind.address(row, place.language), fields=AT_FIELD)
    return page.answer(about=called(row, place).words, button=button, **beside)


def _to_read(act: ActOn, agreement: Agreement) -> dict[str, Any]:
    """What is read before it is signed."""
    if act.name != "sign":
        return {}
    facts = [
        (_("What it covers"), agreement.scope),
        (_("The text to be signed"), agreement.words),
        (_("Its fingerprint (SHA-256)"), agreement.digest),
    ]
    return {"facts": facts}


def _of_handover(act: ActOn, told: sheet.Gathering, place: Place) -> dict[str, Any]:
    """What follows from handing over the convening of a coalition, from taking it over or from keeping it."""
    offer = told.offer
    if act.name == "hand-over":
        lead = _("The party you choose answers for itself. Until it accepts, your party convenes the coalition.")
        return {"lead": lead if _takers(told) else _("No other party belongs to it that could convene it.")}
    if act.name == "keep" and offer:
        return {"lead": _("%(party)s can then no longer accept it.") % {"party": called(offer.taker, place).words}}
    if act.name == "take-over" and offer:
        lead = _("%(party)s offers it: “%(reason)s”. Whoever convenes decides who reads it, and may hand it on.")
        return {"lead": lead % {"party": called(offer.giver, place).words, "reason": offer.reason}}
    return {}
