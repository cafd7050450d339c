"""What a seat may do with a text: each act is one page with one form whose button names it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from comity.decisions.queries import members_of
from comity.people.acts_on import ActOn, Offer, Page, act_named, acts_on, no_form, offered, own, seated
from comity.plain.actors import Verdict, require
from comity.plain.kinds import Kind, called
from comity.plain.levels import Level
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotAllowed
from comity.plain.things import Thing
from comity.registry.edges import act_page, before_permanent, begun_in_public, followed, here
from comity.registry.models import Governed, Organisation
from comity.registry.topics import edges as topics
from comity.rules.core import parse_parameters
from comity.rules.models import RuleKind
from comity.rules.queries import version_on
from comity.texts import access, actions
from comity.texts import forms as written
from comity.texts.core.drafts import ClauseDraft
from comity.texts.core.states import AmendmentState, TextState
from comity.texts.kinds import AMENDMENT, TEXT
from comity.texts.models import AdReferendum, Amendment, BoardAnswer, Poll, Text, TextKind
from comity.texts.queries import (
    Signed,
    adoption_on,
    amendment_state_on,
    latest_version,
    publication_on,
    sign_off_on,
    signature_of,
    signs_what_it_voted,
    text_state_on,
    version_at_vote,
    version_to_sign,
)
from comity.visibility.access import LEVELS_OF
from comity.visibility.core import embargo_of
from comity.visibility.queries import default_for, terms_of

EMPTY_CLAUSES = 5
OPEN = {TextState.DRAFT, TextState.NOT_ADOPTED}


def _on_own(rule: Callable[..., Verdict]) -> Callable[[Place, Text], Verdict]:
    """A rule about the organisation for which the reader acts."""

    def may(place: Place, text: Text) -> Verdict:
        party = seated(place)
        return rule(place.actor, place.at, text, party) if party else Verdict(False, _("This needs a seat."))

    return may


def _may(rule: Callable[..., Verdict]) -> Callable[[Place, Any], Verdict]:
    return lambda place, thing: rule(place.actor, place.at, thing)


def _is_open(place: Place, text: Text) -> bool:
    return text_state_on(text, place.at) in OPEN


def _blocks(text: Text) -> Sequence[Any]:
    return list(latest_version(text).blocks.all())


def _amend_form(place: Place, text: Text, sent: Any) -> forms.Form:
    proposed = default_for("amendment", text.network, place.at, source=text)
    initial = {"against": latest_version(text).sha256, "level": int(proposed.level)}
    return written.AmendmentForm(sent, blocks=_blocks(text), part_of=text, initial=initial)


def _amend(place: Place, text: Text, form: Any) -> Amendment:
    return actions.propose_amendment(
        text,
        sponsor=own(place),
        operations=form.operations(uuid4().hex[:12]),
        reason=form.cleaned_data["reason"],
        against=form.cleaned_data["against"],
        level=Level(form.cleaned_data["level"]),
        language=place.language,
        by=place.actor,
        at=place.at,
    )


def _dissent_form(place: Place, text: Text, sent: Any) -> forms.Form:
    version = version_at_vote(text, place.at)
    blocks = list(version.blocks.all()) if version else []
    return written.DissentForm(sent, blocks=blocks, initial={"language": place.language})


def _dissent(place: Place, text: Text, form: Any) -> object:
    read = form.cleaned_data
    return actions.file_dissent(
        text,
        organisation=own(place),
        kind=read["kind"],
        words=read["words"],
        language=read["language"],
        effect=read["effect"],
        block=read["clause"],
        span=form.span(),
        by=place.actor,
        at=place.at,
    )


def _voted_ad_referendum(place: Place, text: Text) -> bool:
    adoption, party = adoption_on(text, place.at), seated(place)
    if adoption is None or party is None:
        return False
    said = AdReferendum.objects.filter(adoption=adoption, organisation=party).exists()
    return not said and adoption.decision.votes.filter(organisation=party, ad_referendum=True).exists()


def _await(place: Place, text: Text, form: Any) -> object:
    adoption = adoption_on(text, place.at)
    assert adoption is not None
    return actions.await_board(adoption, organisation=own(place), by=place.actor, at=place.at, **form.cleaned_data)


def _awaits_board(place: Place, text: Text) -> bool:
    rows = AdReferendum.objects.filter(adoption__text=text, organisation=seated(place), at__lte=place.at)
    return rows.exists() and not BoardAnswer.objects.filter(awaited__in=rows).exists()


def _answer(place: Place, text: Text, form: Any) -> object:
    adoption = adoption_on(text, place.at)
    assert adoption is not None
    read = form.cleaned_data
    return actions.answer_of_board(
        adoption,
        organisation=own(place),
        agrees=read["agrees"] == "yes",
        words=read["words"],
        language=read["language"],
        by=place.actor,
        at=place.at,
    )


def _vote_form(place: Place, thing: Text | Amendment, sent: Any) -> forms.Form:
    network = thing.network
    types: list[str] = []
    for organ in [None, *network.organs.all()]:
        orders = version_on(network, RuleKind.STANDING_ORDERS, place.at.date(), organ, known_by=place.at)
        types += list(parse_parameters(orders.parameters).decisions) if orders else []
    members = sorted(members_of(network, place.at.date(), place.at), key=lambda row: row.name)
    return written.VoteForm(
        sent,
        organs=network.organs.order_by("name"),
        types=dict.fromkeys(types),
        members=members,
        initial={"registered": [row.public_id for row in members]},
    )


def _put(place: Place, thing: Text | Amendment, form: Any) -> object:
    told = {
        "organ": form.organs[form.cleaned_data["organ"]],
        "decision_type": form.cleaned_data["decision_type"],
        "zone": thing.network.time_zone,
        "registered": form.delegations(),
        "by": place.actor,
        "at": place.at,
    }
    if isinstance(thing, Amendment):
        return actions.put_amendment_to_vote(thing, **told)
    return actions.put_to_vote(thing, **told)


def _adopt(place: Place, text: Text, form: Any) -> object:
    poll = Poll.objects.filter(version__text=text).select_related("decision").order_by("-at").first()
    assert poll is not None
    return actions.adopt(text, decision=poll.decision, by=place.actor, at=place.at)


def _open(place: Place, text: Text, form: Any) -> object:
    return actions.open_for_signature(text, by=place.actor, at=place.at)


def _take_back(place: Place, text: Text, form: Any) -> object:
    return actions.take_back(text, by=place.actor, at=place.at)


def _to_publish(place: Place, text: Text) -> bool:
    return sign_off_on(text, place.at) is not None and publication_on(text, place.at) is None


def _publish_form(place: Place, text: Text, sent: Any) -> forms.Form:
    return written.PublishForm(sent, initial={"zone": text.network.time_zone})


def _publish(place: Place, text: Text, form: Any) -> object:
    read = form.cleaned_data
    minute = embargo_of(read["minute"], read["zone"], read["fold"])
    return actions.set_publication(text, minute=minute, zone=read["zone"], by=place.actor, at=place.at)


def _own_signature(place: Place, text: Text) -> Signed | None:
    party = seated(place)
    return signature_of(text, party.pk, place.at) if party else None


def _awaits_answer(place: Place, text: Text) -> bool:
    signed = _own_signature(place, text)
    return signed is not None and signed.row.ad_referendum and signed.answer is None


def _answer_signature(place: Place, text: Text, form: Any) -> object:
    read = form.cleaned_data
    told = {"agrees": read["agrees"] == "yes", "words": read["words"], "language": read["language"]}
    return actions.answer_on_signature(text, organisation=own(place), by=place.actor, at=place.at, **told)


def _withdraw_signature(place: Place, text: Text, form: Any) -> object:
    return actions.withdraw_signature(text, organisation=own(place), by=place.actor, at=place.at, **form.cleaned_data)


def _at_or_after_vote(place: Place, text: Text) -> bool:
    return version_at_vote(text, place.at) is not None


ON_TEXT = acts_on(
    ActOn(
        "amend",
        lazy("Propose an amendment"),
        lazy("Propose this amendment"),
        _on_own(access.may_propose_amendment),
        _is_open,
        _amend_form,
        _amend,
    ),
    ActOn(
        "dissent",
        lazy("File what your party holds back"),
        lazy("File these words with the text"),
        _on_own(access.may_file_dissent),
        _at_or_after_vote,
        _dissent_form,
        _dissent,
        lazy("A reservation, a minority statement, an explanation of vote, or why you abstained or took no part."),
    ),
    ActOn(
        "await",
        lazy("Say what your board must agree to"),
        lazy("Say that these clauses await our board"),
        _on_own(access.may_speak_for_board),
        _voted_ad_referendum,
        lambda place, text, sent: written.AwaitForm(sent, blocks=_blocks(text), initial={"language": place.language}),
        _await,
    ),
    ActOn(
        "answer",
        lazy("Report what your board decided"),
        lazy("Report this answer"),
        _on_own(access.may_speak_for_board),
        _awaits_board,
        lambda place, text, sent: written.AnswerForm(sent, initial={"language": place.language}),
        _answer,
    ),
    ActOn(
        "vote",
        lazy("Put the text to the vote"),
        lazy("Put this version to the vote"),
        _may(access.may_put_to_vote),
        _is_open,
        _vote_form,
        _put,
        lazy("From then on the text has no new version until the vote is closed."),
    ),
    ActOn(
        "adopt",
        lazy("Record the adoption"),
        lazy("Record that the vote adopted this text"),
        _may(access.may_adopt),
        lambda place, text: text_state_on(text, place.at) is TextState.AWAITING_RECORD,
        no_form,
        _adopt,
        lazy("The vote is closed and has adopted this version. Recording it changes no word."),
    ),
    ActOn(
        "open",
        lazy("Open the statement for signature"),
        lazy("Put this version before parties for signature"),
        _may(access.may_open_for_signature),
        lambda place, text: text.kind == TextKind.STATEMENT and _is_open(place, text),
        no_form,
        _open,
        lazy("From then on it has no new version, until it is taken back into negotiation."),
    ),
    ActOn(
        "take-back",
        lazy("Take the statement back into negotiation"),
        lazy("Take it back"),
        _may(access.may_open_for_signature),
        _to_publish,
        no_form,
        _take_back,
        lazy("What was signed stays shown, as signatures of that version; parties sign the next one anew."),
    ),
    ActOn(
        "publish",
        lazy("Set when the statement is public"),
        lazy("Set this minute"),
        _may(access.may_publish),
        _to_publish,
        _publish_form,
        _publish,
        lazy("Until that minute only its originator and whoever signed reads it; from that minute everybody does."),
    ),
    ActOn(
        "board",
        lazy("Report what your board decided on your signature"),
        lazy("Report this answer"),
        _on_own(access.may_sign),
        _awaits_answer,
        lambda place, text, sent: written.AnswerForm(sent, initial={"language": place.language}),
        _answer_signature,
    ),
    ActOn(
        "withdraw",
        lazy("Withdraw your party’s signature"),
        lazy("Withdraw the signature"),
        _on_own(access.may_sign),
        lambda place, text: _own_signature(place, text) is not None,
        lambda place, text, sent: written.WithdrawForm(sent, initial={"language": place.language}),
        _withdraw_signature,
        lazy("Your party’s name stays under the text, struck from today on, with your reason."),
    ),
)


def _withdraw(place: Place, amendment: Amendment, form: Any) -> object:
    return actions.withdraw_amendment(amendment, by=place.actor, at=place.at)


def _set_aside(place: Place, amendment: Amendment, form: Any) -> object:
    reason = form.cleaned_data["reason"]
    return actions.leave_aside(amendment, because_of=reason, by=place.actor, at=place.at)


def _take_up(place: Place, amendment: Amendment, form: Any) -> object:
    taken_as = form.cleaned_data["taken_as"]
    note = _("with amendment %(number)s") % {"number": amendment.number}
    return actions.merge_amendment(amendment, taken_as=taken_as, note=note, by=place.actor, at=place.at)


def _restate_form(place: Place, amendment: Amendment, sent: Any) -> forms.Form:
    text = amendment.text
    return written.AmendmentForm(
        sent, blocks=_blocks(text), part_of=None, initial={"against": latest_version(text).sha256}
    )


def _restate(place: Place, amendment: Amendment, form: Any) -> object:
    operations = form.operations(uuid4().hex[:12])
    return actions.restate_amendment(amendment, operations=operations, by=place.actor, at=place.at)


def _unsettled(*states: AmendmentState) -> Callable[[Place, Amendment], bool]:
    def fits(place: Place, amendment: Amendment) -> bool:
        return amendment_state_on(amendment, place.at) in states and _is_open(place, amendment.text)

    return fits


def _of_text(rule: Callable[..., Verdict]) -> Callable[[Place, Amendment], Verdict]:
    return lambda place, amendment: rule(place.actor, place.at, amendment.text)


ON_AMENDMENT = acts_on(
    ActOn(
        "take-up",
        lazy("Take it up into the text"),
        lazy("Write the next version with this amendment"),
        _of_text(access.may_merge),
        _unsettled(AmendmentState.OPEN, AmendmentState.ADOPTED),
        lambda place, amendment, sent: written.MergeForm(sent),
        _take_up,
    ),
    ActOn(
        "vote",
        lazy("Put it to the vote"),
        lazy("Put this amendment to the vote"),
        _of_text(access.may_put_to_vote),
        _unsettled(AmendmentState.OPEN),
        _vote_form,
        _put,
    ),
    ActOn(
        "set-aside",
        lazy("Leave it aside"),
        lazy("Leave this amendment aside"),
        _of_text(access.may_put_to_vote),
        _unsettled(AmendmentState.OPEN),
        lambda place, amendment, sent: written.ReasonForm(sent),
        _set_aside,
        lazy("It stays among the readings of the text, with the reason."),
    ),
    ActOn(
        "restate",
        lazy("Restate it against the latest version"),
        lazy("Restate this amendment"),
        _may(access.may_withdraw_amendment),
        _unsettled(AmendmentState.OPEN),
        _restate_form,
        _restate,
    ),
    ActOn(
        "withdraw",
        lazy("Withdraw it"),
        lazy("Withdraw this amendment"),
        _may(access.may_withdraw_amendment),
        _unsettled(AmendmentState.OPEN),
        no_form,
        _withdraw,
        lazy("It stays among the readings of the text, as withdrawn."),
    ),
)


def offered_on_text(text: Text, place: Place) -> list[Offer]:
    """The acts open to the reader's seat on a text, its next version first."""

    def address(name: str) -> str:
        return here(place, "text-act", public_id=text.public_id, act=name)

    found = offered(ON_TEXT, text, place, address)
    if place.today and seated(place) and _is_open(place, text) and access.may_revise(place.actor, place.at, text):
        found.insert(0, (lazy("Write the next version"), address("revise"), ""))
    if place.today and may_sign_now(place, text):
        told = lazy("With a passkey, or with a key made by ssh-keygen.")
        found.insert(0, (lazy("Sign it for your party"), here(place, "text-sign", public_id=text.public_id), told))
    return found


def may_sign_now(place: Place, text: Text) -> bool:
    """Whether the reader's seat may sign a text as it stands, and has not."""
    may, party = _on_own(access.may_sign)(place, text), seated(place)
    if not may or party is None or version_to_sign(text, place.at) is None:
        return False
    return _own_signature(place, text) is None and signs_what_it_voted(text, party, place.at) is True


def offered_on_amendment(amendment: Amendment, place: Place) -> list[Offer]:
    """The acts open to the reader's seat on an amendment."""
    return offered(
        ON_AMENDMENT,
        amendment,
        place,
        lambda name: here(place, "amendment-act", public_id=amendment.public_id, act=name),
    )


@act_page
def on_text(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """One act on a text: its form, or the text after it was done."""
    place = place_of(request)
    text: Text = TEXT.one_of(TEXT.seen(place), public_id)
    if act == "revise":
        return _revision(request, text, place)
    return _acted(request, act_named(ON_TEXT, act), text, TEXT)


@act_page
def on_amendment(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """One act on an amendment."""
    place = place_of(request)
    amendment: Amendment = AMENDMENT.one_of(AMENDMENT.seen(place), public_id)
    return _acted(request, act_named(ON_AMENDMENT, act), amendment, AMENDMENT)


BESIDE = {"amend", "dissent", "await", "restate"}
"""The acts beside whose form the clauses stand, to copy from."""


def _acted(request: HttpRequest, act: ActOn, thing: Text | Amendment, kind: Kind) -> HttpResponse:
    place = place_of(request)
    back = kind.address(thing, place.language)
    text = thing.text if isinstance(thing, Amendment) else thing
    return Page(request, act, thing, kind.ref(thing), back, "texts/act.html", AT_FIELD).answer(
        lambda done: _after(done, back, place),
        lambda form: _before_permanent(request, act, thing, form, back),
        about=called(thing, place).words,
        arising=_arising(act, thing, place),
        text=text,
        blocks=latest_version(text).blocks.all() if act.name in BESIDE else None,
    )


AT_FIELD = {
    "unknown-zone": "zone",
    "local-time-does-not-exist": "minute",
    "local-time-is-ambiguous": "fold",
}
"""Where a refusal stands that is about a field of these forms."""

FOR_GOOD = {
    "amend": lazy("Propose it in public, for good"),
    "dissent": lazy("File it, for good"),
    "adopt": lazy("Record the adoption, for good"),
    "withdraw": lazy("Withdraw the signature, for good"),
}
"""The acts on a text after which something stands in public for good, and what their second button says."""


def _before_permanent(request: HttpRequest, act: ActOn, thing: Any, form: forms.Form, back: str) -> HttpResponse | None:
    """What is adopted, proposed or filed where everybody reads stays for good: what stands where is said first."""
    if act.name not in FOR_GOOD or thing.entered_as(place_of(request).at) != Level.PUBLIC:
        return None
    asked = begun_in_public if "level" in form.fields else before_permanent
    return asked(request, form, heading=str(act.title), button=str(FOR_GOOD[act.name]), back=back)


def _arising(act: ActOn, thing: Any, place: Place) -> dict[str, Any] | None:
    """Who will read what arises from an act by itself: the vote on a text, the promises of an adopted one."""
    if act.name == "adopt":
        terms = default_for("commitment", thing.network, place.at, source=thing)
        return {"heading": _("Who will read the promises in it, once they are opened"), "terms": terms}
    if act.name == "vote":
        return {"heading": _("Who will read the vote: whoever reads what is voted on"), "terms": terms_of(thing)}
    return None


def _after(done: object, back: str, place: Place) -> str:
    if isinstance(done, Amendment):
        return AMENDMENT.address(done, place.language)
    anchor = getattr(done, "public_id", "")
    kind = type(done).__name__
    return f"{back}#dissent-{anchor}" if kind in {"Dissent", "AdReferendum"} else back


@act_page
def new_text(request: HttpRequest) -> HttpResponse:
    """Begin a joint text: what it is called, and its clauses."""
    place = place_of(request)
    networks = access.networks_to_draft_in(place.actor, place.at, place.realm)
    if not networks:
        told = _("A text is begun by a delegate of a network’s member, or by the network’s own office.")
        raise NotAllowed(reason=told)
    sent = request.POST or None
    source = topics.arising(request, place)
    form = written.DraftForm(sent, networks=networks, initial=_begun(source, networks, place))
    clauses = _clause_forms(request, [])

    def write() -> str:
        read = form.cleaned_data
        network = next(row for row in networks if row.public_id == read["network"])
        return TEXT.address(_drafted(read, clauses, network, source, place), place.language)

    if sent is not None and "more" not in sent and form.is_valid() and clauses.is_valid():
        step = begun_in_public(
            request, form, heading=_("Begin a text"), button=_("Begin it in public, for good"),
            back=here(place, "text-list"),
        )  # fmt: skip
        done = step or followed(form, write)
        if done:
            return done
    return _draft_page(request, {"form": form, "clauses": clauses, "source": source})


def _begun(source: Thing | None, networks: Sequence[Organisation], place: Place) -> dict[str, Any]:
    """What the form begins with: network, topics and level of what the text arises from, all to be changed."""
    row = source.row if source is not None and isinstance(source.row, Governed) else None
    network = row.network if row is not None and row.network in networks else networks[0]
    proposed = default_for("text", network, place.at, source=row)
    level = next((one for one in LEVELS_OF["text"] if one >= proposed.level), LEVELS_OF["text"][-1])
    told = {"language": place.language, "level": int(level), "network": network.public_id}
    return told | {"topics": topics.proposed(row, place)}


def _drafted(read: Mapping[str, Any], clauses: Any, network: Organisation, source: Thing | None, place: Place) -> Text:
    return actions.draft(
        network=network,
        title=read["title"],
        language=read["language"],
        kind=read["kind"],
        blocks=written.drafts_from(clauses, {}, _new_uuid),
        originator=own(place),
        level=Level(read["level"]),
        topics=read["topics"],
        because=[source.ref] if source is not None else [],
        by=place.actor,
        at=place.at,
    )


def _new_uuid() -> str:
    return uuid4().hex[:12]


def _clause_forms(request: HttpRequest, known: Sequence[ClauseDraft]) -> Any:
    """The clauses' forms: those known and some empty ones; ``more`` in what was sent adds empty ones."""
    if request.method == "POST":
        sent = request.POST.copy()
        if "more" in sent:
            total = sent.get("clause-TOTAL_FORMS", "0")
            sent["clause-TOTAL_FORMS"] = str(min(400, int(total if total.isdigit() else 0) + EMPTY_CLAUSES))
        return written.ClauseForms(sent, prefix="clause")
    initial: list[dict[str, Any]] = [
        {"uuid": d.uuid, "kind": d.kind.value, "label": d.label, "words": d.words, "due": d.due} for d in known
    ]
    rows = initial + [{"kind": "opinion"} for _n in range(EMPTY_CLAUSES)]
    return written.ClauseForms(prefix="clause", initial=rows)


def _revision(request: HttpRequest, text: Text, place: Place) -> HttpResponse:
    """The next version of a text, beginning from the words of the latest."""
    require(access.may_revise(place.actor, place.at, text))
    known = {draft.uuid: draft for draft in actions.drafts_of(latest_version(text))}
    form = written.NoteForm(request.POST or None)
    clauses = _clause_forms(request, list(known.values()))
    if request.method == "POST" and "more" not in request.POST and form.is_valid() and clauses.is_valid():

        def write() -> str:
            blocks = written.drafts_from(clauses, known, _new_uuid)
            actions.revise(text, blocks=blocks, note=form.cleaned_data["note"], by=place.actor, at=place.at)
            return TEXT.address(text, place.language)

        done = followed(form, write)
        if done:
            return done
    return _draft_page(request, {"form": form, "clauses": clauses, "text": text})


def _draft_page(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    """The form of a draft; what was sent and not taken up answers 422."""
    refused = request.method == "POST" and "more" not in request.POST
    return render(request, "texts/draft.html", told, status=422 if refused else 200)
