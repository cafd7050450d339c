"""What a seat may do with a promise: each act is one page with one form whose button names it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from comity.commitments import access, actions
from comity.commitments import forms as written
from comity.commitments.kinds import COMMITMENT
from comity.commitments.models import Commitment, Evidence, Postponement
from comity.commitments.queries import Promise, promise_on, with_filings
from comity.people.acts_on import ActOn, Offer, Page, act_named, acts_on, offered, seated
from comity.plain.actors import Verdict
from comity.plain.duties import Duty
from comity.plain.kinds import called
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.registry.edges import act_page, here
from comity.texts.core.clauses import ClauseKind
from comity.texts.models import Adoption, Text
from comity.texts.queries import bound_parties
from comity.visibility.core import Terms
from comity.visibility.queries import default_for

OPEN_STATES = frozenset({Duty.NOT_DUE, Duty.SILENT, Duty.MISSED})


def _may(rule: Callable[..., Verdict]) -> Callable[[Place, Promise], Verdict]:
    return lambda place, promise: rule(place.actor, place.at, promise.commitment)


def _file(place: Place, promise: Promise, form: Any) -> Evidence:
    return actions.file_evidence(promise.commitment, **form.cleaned_data, by=place.actor, at=place.at)


def _admit(place: Place, promise: Promise, form: Any) -> object:
    return actions.admit_missed(promise.commitment, **form.cleaned_data, by=place.actor, at=place.at)


def _ask(place: Place, promise: Promise, form: Any) -> object:
    return actions.ask_postponement(promise.commitment, **form.cleaned_data, by=place.actor, at=place.at)


def _agree(place: Place, promise: Promise, form: Any) -> object:
    asked: Postponement = promise.asked[-1]
    organ = form.organs[form.cleaned_data["organ"]]
    return actions.agree_postponement(asked, agreed_by=organ, by=place.actor, at=place.at)


def _verify(place: Place, promise: Promise, form: Any) -> object:
    """What was read is what is verified: the form names the evidence that its page showed."""
    shown = next((row for row in promise.evidence if row.public_id == form.cleaned_data["evidence"]), None)
    if shown is None:
        raise NotVisible(kind="evidence")
    return actions.verify_evidence(shown, words=form.cleaned_data["words"], by=place.actor, at=place.at)


def _verify_form(place: Place, promise: Promise, sent: Any) -> forms.Form:
    return written.VerifyForm(sent, initial={"evidence": promise.unverified[0].public_id if promise.unverified else ""})


ACTS = acts_on(
    ActOn(
        "evidence",
        lazy("Show that it is kept"),
        lazy("File this evidence"),
        _may(access.may_file),
        lambda place, promise: True,
        lambda place, promise, sent: written.EvidenceForm(sent),
        _file,
        prepared_as=access.Permission.EVIDENCE_WRITE,
    ),
    ActOn(
        "answer",
        lazy("Answer here: say that it was missed, and why"),
        lazy("Say this in our name"),
        _may(access.may_reply),
        lambda place, promise: promise.state in {Duty.SILENT, Duty.MISSED},
        lambda place, promise, sent: written.ReplyForm(sent, initial={"language": place.language}),
        _admit,
    ),
    ActOn(
        "later",
        lazy("Ask for a later day"),
        lazy("Ask for this day"),
        _may(access.may_ask_postponement),
        lambda place, promise: promise.state in OPEN_STATES,
        lambda place, promise, sent: written.AskForm(sent),
        _ask,
    ),
    ActOn(
        "agree",
        lazy("Record that an organ agreed to the later day"),
        lazy("Record that it agreed"),
        _may(access.may_agree_postponement),
        lambda place, promise: bool(promise.asked),
        lambda place, promise, sent: written.AgreeForm(sent, organs=promise.commitment.network.organs.all()),
        _agree,
    ),
    ActOn(
        "verify",
        lazy("Verify the evidence"),
        lazy("State that you have verified it"),
        _may(access.may_verify),
        lambda place, promise: bool(promise.unverified),
        _verify_form,
        _verify,
    ),
)


def offered_on(promise: Promise, place: Place) -> list[Offer]:
    """The acts open to the reader's seat."""
    return offered(ACTS, promise, place, lambda name: _address(promise.commitment, place, name))


def _address(commitment: Commitment, place: Place, act: str) -> str:
    return here(place, "commitment-act", public_id=commitment.public_id, act=act)


def may_answer(commitment: Commitment, place: Place) -> str:
    """The address at which the reader's seat answers for a silent party; empty for everybody else."""
    if not seated(place) or not access.may_reply(place.actor, place.at, commitment):
        return ""
    return _address(commitment, place, "answer")


@act_page
def on_commitment(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """One act on a promise: its form, or the promise after it was done."""
    place = place_of(request)
    chosen = act_named(ACTS, act)
    commitment: Commitment = COMMITMENT.one_of(with_filings(COMMITMENT.seen(place)), public_id)
    promise, back = promise_on(commitment, place.at.date(), place.at), COMMITMENT.address(commitment, place.language)
    party = called(commitment.organisation, place).words
    return Page(request, chosen, promise, COMMITMENT.ref(commitment), back, "commitments/act.html").answer(
        about=_("Clause %(label)s, %(party)s") % {"label": commitment.block.label, "party": party},
        lead=commitment.block.words,
        commitment=commitment,
        unverified=promise.unverified[:1] if chosen.name == "verify" else [],
    )


def unopened(place: Place) -> list[Text]:
    """Adopted texts whose promises wait to be opened, as far as the reader's seat may open them."""
    if not seated(place):
        return []
    texts = Text.objects.visible_to(place.actor, place.at).in_realm(place.realm)
    rows = Adoption.objects.filter(text__in=texts, at__lte=place.at)
    rows = rows.select_related("text__network", "version", "decision")
    return [row.text for row in rows if access.may_open(place.actor, place.at, row) and _waiting(row, place)]


def terms_of_promises(text: Text, place: Place) -> Terms:
    """Under which terms the promises of a text arise, so that its form says who will read them."""
    return default_for("commitment", text.network, place.at, source=text)


def _waiting(adoption: Adoption, place: Place) -> bool:
    known = set(Commitment.objects.filter(adoption=adoption).values_list("block_id", "organisation_id"))
    blocks = adoption.version.blocks.filter(kind=ClauseKind.PROMISE.value).prefetch_related("addressees")
    return any(
        (block.pk, party.pk) not in known for block in blocks for party in bound_parties(adoption, block, place.at)
    )


@require_POST
def open_promises(request: HttpRequest, text_id: str) -> HttpResponse:
    """Open the promises of an adopted text for the parties it binds now."""
    place = place_of(request)
    texts = Text.objects.visible_to(place.actor, place.at).in_realm(place.realm)
    adoption = Adoption.objects.filter(text__in=texts.filter(public_id=text_id)).first()
    if adoption is None:
        raise NotVisible(kind="text")
    actions.open_commitments(adoption, by=place.actor, at=place.at)
    return redirect(f"{here(place, 'commitment-list')}?text={text_id}")
