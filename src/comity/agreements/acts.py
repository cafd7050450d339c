"""What a party's seat may do here: propose, sign, report its board, end; found, join, leave. Each act is one page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from comity.agreements import access, actions, forms
from comity.agreements.edges import agreement_named, coalition_named, offer_named
from comity.agreements.kinds import AGREEMENT, COALITION
from comity.agreements.models import Agreement, Coalition
from comity.agreements.sheet import gathering_of
from comity.people.access import acting
from comity.plain.actors import require
from comity.plain.kinds import called
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.registry.edges import act_page, begun_in_public, followed, here
from comity.registry.models import Organisation
from comity.registry.topics import edges as topics
from comity.visibility.queries import default_for

ANSWERED_WITHIN = timedelta(days=30)
"""What the form of an offer begins with."""
AT_FIELD = {"already-signed": "authority", "belongs-already": "authority", "realms-never-mix": "counterpart"}


def _page(request: HttpRequest, form: django_forms.Form, write: Callable[[], str], **told: Any) -> HttpResponse:
    """Show a form, or write what it says and go where that leads; a refusal stands at its field."""
    done = followed(form, write, AT_FIELD)
    return done or render(request, "visibility/form.html", {"form": form, **told}, status=422 if form.errors else 200)


def _page_on(
    request: HttpRequest,
    about: Agreement | Coalition,
    form: django_forms.Form,
    act: Callable[..., object],
    **told: Any,
) -> HttpResponse:
    """The page of an act on a thing that stands: the form's fields are what the act takes, and it leads back there."""
    place = place_of(request)
    kind = AGREEMENT if isinstance(about, Agreement) else COALITION
    back = kind.address(about, place.language)

    def write() -> str:
        act(**form.cleaned_data, by=place.actor, at=place.at)
        return back

    return _page(request, form, write, about=called(about, place).words, back=back, **told)


def _own(place: Place) -> Organisation:
    """The party for which the reader acts, in an office that binds it."""
    own = acting(place.actor, place.at).organisation
    require(access.may_speak(place.actor, place.at, own))
    return own


@act_page
def propose(request: HttpRequest) -> HttpResponse:
    """Propose an agreement and sign it for one's own party; with ``?renews=`` for another term of an earlier one."""
    place = place_of(request)
    own = _own(place)
    earlier = agreement_named(place, request.GET["renews"]) if request.GET.get("renews") else None
    proposed = default_for("agreement", own, place.at, source=earlier)
    form = forms.ProposeForm(request.POST or None, proposed=proposed, initial=_initial(place, own, earlier))
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
            organisation=own,
            **{name: told[name] for name in named},
            terms=form.terms(),
            renews=earlier,
            by=place.actor,
            at=place.at,
        )
        return AGREEMENT.address(row, place.language)

    lead = _("The other party signs for itself. Until both are bound, the page says that nobody is.")
    return _page(request, form, write, heading=heading, button=button, lead=lead, terms=True)


def _initial(place: Place, own: Organisation, earlier: Agreement | None) -> dict[str, Any]:
    if earlier is None:
        return {"language": place.language}
    other = next(party for party in earlier.parties if party.pk != own.pk)
    copied = {name: getattr(earlier, name) for name in ("title", "language", "scope", "words")}
    return {**copied, "topics": topics.proposed(earlier, place), "counterpart": called(other, place).words}


@act_page
def sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign an agreement for one's own party."""
    agreement, own = _party_to(request, public_id)
    return _page_on(
        request,
        agreement,
        forms.SignForm(request.POST or None),
        partial(actions.sign, agreement, organisation=own),
        heading=_("Sign “%(title)s”") % {"title": agreement.title},
        button=_("Sign it for %(organisation)s") % {"organisation": called(own, place_of(request)).words},
        lead=_("Your party is bound by its own signature, and where you say so only once its board agreed."),
        facts=[
            (_("What it covers"), agreement.scope),
            (_("The text to be signed"), agreement.words),
            (_("Its fingerprint (SHA-256)"), agreement.digest),
        ],
    )


@act_page
def translate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Deposit a translation of the words of an agreement."""
    agreement, own = _party_to(request, public_id)
    return _page_on(
        request,
        agreement,
        forms.TranslateForm(request.POST or None, initial={"language": place_of(request).language}),
        partial(actions.translate, agreement, organisation=own),
        heading=_("Translate “%(title)s”") % {"title": agreement.title},
        button=_("Deposit the translation"),
        lead=_("It stands beside the words that were signed, with your party's name as its source; nobody signs it."),
    )


def _party_to(request: HttpRequest, public_id: str) -> tuple[Agreement, Organisation]:
    """An agreement to which the reader's party is a party, and that party; not found for anybody else."""
    place = place_of(request)
    agreement = agreement_named(place, public_id)
    own = acting(place.actor, place.at).organisation
    require(access.may_sign(place.actor, place.at, agreement, own))
    return agreement, own


@act_page
def report_board(request: HttpRequest, public_id: str) -> HttpResponse:
    """Report what one's own board said of an agreement signed subject to it."""
    agreement, own = _party_to(request, public_id)
    signature = agreement.signatures.filter(organisation=own, ad_referendum=True).first()
    if signature is None:
        raise NotVisible(kind="signature")
    return _board_page(request, agreement, partial(actions.report_board, signature))


def _board_page(request: HttpRequest, about: Agreement | Coalition, act: Callable[..., object]) -> HttpResponse:
    return _page_on(
        request,
        about,
        forms.BoardForm(request.POST or None),
        act,
        heading=_("Say what your board decided on “%(title)s”") % {"title": about.title},
        button=_("Record what the board said"),
        lead=_("A board answers once. Only with its agreement is your party bound."),
    )


@act_page
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End an agreement from a day on."""
    agreement, own = _party_to(request, public_id)
    return _page_on(
        request,
        agreement,
        forms.EndForm(request.POST or None, initial={"on": place_of(request).as_of}),
        partial(actions.end, agreement, organisation=own),
        heading=_("End “%(title)s”") % {"title": agreement.title},
        button=_("End the agreement"),
        lead=_("It stays on its page with this day and reason; nothing is erased."),
    )


@act_page
def found(request: HttpRequest) -> HttpResponse:
    """Found a coalition and join it for one's own party."""
    place = place_of(request)
    own = _own(place)
    proposed = default_for("coalition", own, place.at)
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
            organisation=own,
            **{name: told[name] for name in named},
            terms=form.terms(),
            by=place.actor,
            at=place.at,
        )
        return COALITION.address(row, place.language)

    lead = _("Parties of any family may join, each for itself. No membership of a network follows from it.")
    return _page(request, form, write, heading=heading, button=button, lead=lead, terms=True)


def _coalition(request: HttpRequest, public_id: str) -> tuple[Coalition, Organisation]:
    """A coalition that the reader may see, and the party for which she acts."""
    place = place_of(request)
    return coalition_named(place, public_id), _own(place)


@act_page
def join(request: HttpRequest, public_id: str) -> HttpResponse:
    """Join a coalition for one's own party."""
    coalition, own = _coalition(request, public_id)
    return _page_on(
        request,
        coalition,
        forms.SignForm(request.POST or None),
        partial(actions.join, coalition, organisation=own),
        heading=_("Join “%(title)s”") % {"title": coalition.title},
        button=_("Join it for %(organisation)s") % {"organisation": called(own, place_of(request)).words},
        lead=_("Your party joins for itself and may leave again; it becomes a member of no network by it."),
    )


@act_page
def report_board_on_joining(request: HttpRequest, public_id: str) -> HttpResponse:
    """Report what one's own board said of a coalition joined subject to it."""
    coalition, own = _coalition(request, public_id)
    adhesion = coalition.adhesions.filter(organisation=own, ad_referendum=True, left_at=None).first()
    if adhesion is None:
        raise NotVisible(kind="adhesion")
    return _board_page(request, coalition, partial(actions.report_board_on_joining, adhesion))


@act_page
def leave(request: HttpRequest, public_id: str) -> HttpResponse:
    """Leave a coalition."""
    coalition, own = _coalition(request, public_id)
    return _page_on(
        request,
        coalition,
        forms.EndForm(request.POST or None, initial={"on": place_of(request).as_of}),
        partial(actions.leave, coalition, organisation=own),
        heading=_("Leave “%(title)s”") % {"title": coalition.title},
        button=_("Leave the coalition"),
        lead=_("That your party belonged to it, and until when, stays on the page."),
    )


@act_page
def hand_over(request: HttpRequest, public_id: str) -> HttpResponse:
    """Offer to another party that belongs to a coalition to convene it."""
    place = place_of(request)
    coalition = coalition_named(place, public_id)
    require(access.may_hand_over(place.actor, place.at, coalition))
    members = {
        one.adhesion.organisation.public_id: one.adhesion.organisation
        for one in gathering_of(coalition, place).members
        if one.adhesion.organisation_id != coalition.originator_id
    }
    named = {key: called(party, place).words for key, party in members.items()}
    initial = {"answer_by": place.as_of + ANSWERED_WITHIN}
    form = forms.OfferForm(request.POST or None, members=named, initial=initial)

    def offer(*, taker: str, **told: Any) -> object:
        return actions.offer_convening(coalition, taker=members[taker], **told)

    lead = _("The party you choose answers for itself. Until it accepts, your party convenes the coalition.")
    alone = _("No other party belongs to it that could convene it.")
    return _page_on(
        request,
        coalition,
        form,
        offer,
        heading=_("Hand over the convening of “%(title)s”") % {"title": coalition.title},
        button=_("Offer it"),
        lead=lead if members else alone,
    )


@act_page
def keep(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back the offer to convene a coalition."""
    place = place_of(request)
    offer = offer_named(place, public_id)
    require(access.may_hand_over(place.actor, place.at, offer.coalition))
    return _page_on(
        request,
        offer.coalition,
        django_forms.Form(request.POST if request.method == "POST" else None),
        partial(actions.withdraw_offer, offer),
        heading=_("Go on convening “%(title)s”") % {"title": offer.coalition.title},
        button=_("Take the offer back"),
        lead=_("%(party)s can then no longer accept it.") % {"party": called(offer.taker, place).words},
    )


@act_page
def take_over(request: HttpRequest, public_id: str) -> HttpResponse:
    """Accept or decline to convene a coalition."""
    place = place_of(request)
    offer = offer_named(place, public_id)
    require(access.may_take_over(place.actor, place.at, offer))
    told = {"party": called(offer.giver, place).words, "reason": offer.reason}
    return _page_on(
        request,
        offer.coalition,
        forms.TakeForm(request.POST or None),
        partial(actions.answer_offer, offer),
        heading=_("Answer whether you convene “%(title)s”") % {"title": offer.coalition.title},
        button=_("Give this answer"),
        lead=_("%(party)s offers it: “%(reason)s”. Whoever convenes decides who reads it, and may hand it on.") % told,
    )
