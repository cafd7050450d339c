"""What a seat may do with a promise: each act is one page with one form whose button names it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from comity.commitments import access, actions
from comity.commitments import forms as written
from comity.commitments.kinds import COMMITMENT
from comity.commitments.models import Commitment, Evidence, Postponement
from comity.commitments.queries import Promise, promise_on, with_filings
from comity.people.preparing import stand_of
from comity.people.queries import seat_of
from comity.plain.actors import Verdict, require
from comity.plain.duties import Duty
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.registry.edges import act_page, followed, here
from comity.texts.core.clauses import ClauseKind
from comity.texts.models import Adoption, Text
from comity.texts.queries import bound_parties
from comity.visibility.core import Terms
from comity.visibility.queries import default_for

OPEN_STATES = frozenset({Duty.NOT_DUE, Duty.SILENT, Duty.MISSED})


@dataclass(frozen=True)
class ActOn:
    """One act on a promise: its name in the address, its words, who may, when it fits, its form, what it does."""

    name: str
    title: Any
    button: Any
    may: Callable[..., Verdict]
    fits: Callable[[Promise], bool]
    form: Callable[[Place, Promise, Any, Mapping[str, object]], forms.Form]
    do: Callable[[Place, Promise, Any], object]
    prepared_as: str = ""
    """The permission under which somebody may prepare it for an office-holder; empty where nobody may."""


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


def _verify_form(place: Place, promise: Promise, sent: Any, given: Mapping[str, object]) -> forms.Form:
    return written.VerifyForm(sent, initial={"evidence": promise.unverified[0].public_id if promise.unverified else ""})


ACTS: dict[str, ActOn] = {
    act.name: act
    for act in (
        ActOn(
            "evidence",
            lazy("Show that it is kept"),
            lazy("File this evidence"),
            access.may_file,
            lambda promise: True,
            lambda place, promise, sent, given: written.EvidenceForm(sent, initial=given),
            _file,
            access.Permission.EVIDENCE_WRITE,
        ),
        ActOn(
            "answer",
            lazy("Answer here: say that it was missed, and why"),
            lazy("Say this in our name"),
            access.may_reply,
            lambda promise: promise.state in {Duty.SILENT, Duty.MISSED},
            lambda place, promise, sent, given: written.ReplyForm(sent, initial={"language": place.language}),
            _admit,
        ),
        ActOn(
            "later",
            lazy("Ask for a later day"),
            lazy("Ask for this day"),
            access.may_ask_postponement,
            lambda promise: promise.state in OPEN_STATES,
            lambda place, promise, sent, given: written.AskForm(sent),
            _ask,
        ),
        ActOn(
            "agree",
            lazy("Record that an organ agreed to the later day"),
            lazy("Record that it agreed"),
            access.may_agree_postponement,
            lambda promise: bool(promise.asked),
            lambda place, promise, sent, given: written.AgreeForm(sent, organs=promise.commitment.network.organs.all()),
            _agree,
        ),
        ActOn(
            "verify",
            lazy("Verify the evidence"),
            lazy("State that you have verified it"),
            access.may_verify,
            lambda promise: bool(promise.unverified),
            _verify_form,
            _verify,
        ),
    )
}


def _seated(place: Place) -> bool:
    return seat_of(place.actor, place.at) is not None


def offered(promise: Promise, place: Place) -> list[tuple[Any, str]]:
    """The acts open to the reader's seat: title and address."""
    if not _seated(place):
        return []
    commitment = promise.commitment
    return [
        (act.title, here(place, "commitment-act", public_id=commitment.public_id, act=act.name))
        for act in ACTS.values()
        if act.fits(promise) and act.may(place.actor, place.at, commitment)
    ]


def may_answer(commitment: Commitment, place: Place) -> str:
    """The address at which the reader's seat answers for a silent party; empty for everybody else."""
    if not _seated(place) or not access.may_reply(place.actor, place.at, commitment):
        return ""
    return here(place, "commitment-act", public_id=commitment.public_id, act="answer")


@act_page
def on_commitment(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """One act on a promise: its form, or the promise after it was done."""
    place = place_of(request)
    if act not in ACTS:
        raise NotVisible(kind="act")
    commitment: Commitment = COMMITMENT.one_of(with_filings(COMMITMENT.seen(place)), public_id)
    chosen, promise = ACTS[act], promise_on(commitment, place.at.date(), place.at)
    stand = stand_of(place, chosen.prepared_as, COMMITMENT.ref(commitment)) if chosen.prepared_as else None
    require(chosen.may(stand.actor(place) if stand else place.actor, place.at, commitment))
    given = stand.initial({}) if stand else {}
    form = chosen.form(place, promise, request.POST if request.method == "POST" else None, given)
    address = COMMITMENT.address(commitment, place.language)

    def write() -> str:
        if stand and stand.principal:
            return stand.put(form, place)
        chosen.do(place, promise, form)
        return address

    done = followed(form, write) if chosen.fits(promise) else None
    if done:
        return done
    button = stand.button(str(chosen.button)) if stand else chosen.button
    told = {"act": chosen, "button": button, "stand": stand, "form": form, "promise": promise, "back": address}
    told["fits"] = chosen.fits(promise)
    return render(request, "commitments/act.html", told, status=422 if form.errors else 200)


def unopened(place: Place) -> list[Text]:
    """Adopted texts whose promises wait to be opened, as far as the reader's seat may open them."""
    if not _seated(place):
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
