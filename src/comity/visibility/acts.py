"""What a seat may do about who reads what: each act is one page with one form whose button names it."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from comity.plain.actors import require
from comity.plain.kinds import called
from comity.plain.levels import Attribution, Level
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.registry.dates import day_in_words
from comity.registry.edges import act_page, before_permanent, form_page, here, network_named
from comity.registry.models import Link
from comity.visibility import access, actions, forms, words
from comity.visibility.core import wider
from comity.visibility.edges import own_thing, protection_named, reviews_of
from comity.visibility.forms import AT_FIELD
from comity.visibility.models import LinkReview, Protection
from comity.visibility.queries import levels_for, policy, terms_of, whole_of


def _page(request: HttpRequest, form: django_forms.Form, act: Callable[[], str], **told: Any) -> HttpResponse:
    return form_page(request, form, act, AT_FIELD, template="visibility/form.html", **told)


def _thing_page(place: Place, kind: str, public_id: str) -> str:
    return here(place, "visibility", kind=kind, public_id=public_id)


@act_page
def change(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Change who reads a thing of one's own organisation; opening it to everybody takes a second step."""
    place = place_of(request)
    of_kind, row = own_thing(place, kind, public_id)
    require(access.may_change(place.actor, place.at, row))
    form = forms.ChangeForm(request.POST or None, proposed=terms_of(row), levels=levels_for(kind, whole_of(kind, row)))
    back, name = _thing_page(place, kind, public_id), called(row, place, of_kind).words

    def write() -> str:
        actions.change_terms(row, form.terms(), reason=form.cleaned_data["reason"], by=place.actor, at=place.at)
        return back if of_kind.seen(place).filter(public_id=public_id).exists() else here(place, "desk")

    if form.is_bound and form.is_valid() and _opens(form, Level(row.level)):
        asked = before_permanent(
            request, form, heading=_("Open this to everybody"), button=_("Open it to everybody, for good"), back=back
        )
        if asked:
            return asked
    return _page(
        request, form, write,
        heading=_("Change who reads this"), button=_("Change who reads this"), about=name, back=back, terms=True,
    )  # fmt: skip


def _opens(form: forms.VisibilityForm, before: Level) -> bool:
    """Whether a form opens a thing to everybody."""
    after = form.terms().level
    return after is Level.PUBLIC and wider(after, before)


@act_page
def flag(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Raise the safety flag of a thing: it closes at once."""
    place = place_of(request)
    of_kind, row = own_thing(place, kind, public_id)
    require(access.may_raise_flag(place.actor, place.at, row))
    form = forms.ReasonForm(request.POST or None)

    def write() -> str:
        actions.raise_flag(row, reason=form.cleaned_data["reason"], by=place.actor, at=place.at)
        return _thing_page(place, kind, public_id)

    return _page(
        request, form, write,
        heading=_("Raise the safety flag"), button=_("Close it at once"), about=called(row, place, of_kind).words,
        lead=_(
            "It closes at once to everybody but your organisation, and is reviewed within thirty days. "
            "Nobody else learns "
            "that you did this."
        ),
        back=_thing_page(place, kind, public_id),
    )  # fmt: skip


@act_page
def unflag(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Lift the safety flag after its review."""
    place = place_of(request)
    of_kind, row = own_thing(place, kind, public_id)
    require(access.may_change(place.actor, place.at, row))
    form = forms.ReasonForm(request.POST or None)

    def write() -> str:
        actions.lift_flag(row, reason=form.cleaned_data["reason"], by=place.actor, at=place.at)
        return _thing_page(place, kind, public_id)

    return _page(
        request, form, write,
        heading=_("Lift the safety flag"), button=_("Lift the flag"), about=called(row, place, of_kind).words,
        lead=_("The terms that stood before the flag hold again at once."), back=_thing_page(place, kind, public_id),
        otherwise=here(place, "visibility-change", kind=kind, public_id=public_id),
    )  # fmt: skip


@act_page
def protect(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Ask that a thing's existence be protected; a second person decides."""
    place = place_of(request)
    of_kind, row = own_thing(place, kind, public_id)
    require(access.may_ask_protection(place.actor, place.at, row))
    form = forms.ProtectForm(request.POST or None)

    def write() -> str:
        told = form.cleaned_data
        actions.ask_protection(row, reason=told["reason"], until=told["until"], by=place.actor, at=place.at)
        return _thing_page(place, kind, public_id)

    return _page(
        request, form, write,
        heading=_("Ask that its existence be protected"), button=_("Ask for protection"),
        about=called(row, place, of_kind).words, back=_thing_page(place, kind, public_id),
        lead=_(
            "A second person approves it: the network's secretariat, a monitor, or another officer of your "
            "organisation. "
            "They read your reason. The public learns only how many meetings are withheld in a year."
        ),
    )  # fmt: skip


def _facts(protection: Protection, place: Place) -> list[tuple[str, str]]:
    return [
        (_("What"), str(words.KINDS[protection.kind])),
        (_("Asked by"), called(protection.originator, place).words),
        (_("In"), called(protection.network, place).words),
        (_("Reason"), protection.reason),
        (_("Until"), day_in_words(protection.until)),
    ]


@act_page
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Approve or refuse a protection as the second person."""
    place = place_of(request)
    protection = protection_named(place, public_id)
    require(access.may_decide_protection(place.actor, place.at, protection))
    verdicts = [("approve", _("Approve: its existence is protected")), ("refuse", _("Refuse: its existence is public"))]
    form = forms.DecideForm(request.POST or None, verdicts=verdicts)

    def write() -> str:
        told = form.cleaned_data
        approve = told["verdict"] == "approve"
        actions.decide_protection(protection, approve=approve, reason=told["reason"], by=place.actor, at=place.at)
        return here(place, "protections")

    return _page(
        request, form, write,
        heading=_("Decide a protection of existence"), button=_("Decide"), facts=_facts(protection, place),
        lead=_(
            "You need not know what meets to decide whether the reason is good: title and place stay with "
            "those who may "
            "read them."
        ),
        back=here(place, "protections"),
    )  # fmt: skip


@act_page
def lift(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a protection before its time."""
    place = place_of(request)
    protection = protection_named(place, public_id)
    require(access.may_lift_protection(place.actor, place.at, protection))
    form = django_forms.Form(request.POST if request.method == "POST" else None)

    def write() -> str:
        actions.lift_protection(protection, by=place.actor, at=place.at)
        return here(place, "protections")

    return _page(
        request, form, write,
        heading=_("Lift a protection of existence"), button=_("Lift the protection"), facts=_facts(protection, place),
        lead=_(
            "From now on the public learns that it takes place, when and under which rule; what is said stays closed."
        ),
        back=here(place, "protections"),
    )  # fmt: skip


@act_page
def adopt(request: HttpRequest, public_id: str) -> HttpResponse:
    """Adopt what the forms of a network propose."""
    place = place_of(request)
    network = network_named(place, public_id)
    require(access.may_adopt_default(place.actor, place.at, network))
    kinds = [(f"{kind}/{body}", _kind_in_words(kind, body)) for kind, body in policy()]
    form = forms.DefaultForm(request.POST or None, kinds=kinds, initial={"from_day": place.at.date()})
    back = here(place, "visibility-policy", public_id=public_id)

    def write() -> str:
        told = form.cleaned_data
        kind, _slash, body = told["kind"].partition("/")
        actions.adopt_default(
            network=network, kind=kind, body=body, level=Level(told["level"]),
            attribution=Attribution(told["attribution"]), why=told["why"], from_day=told["from_day"],
            by=place.actor, at=place.at,
        )  # fmt: skip
        return back

    return _page(
        request, form, write,
        heading=_("Adopt a default of visibility"), button=_("Adopt the default"), about=called(network, place).words,
        lead=_(
            "Forms begin with it from that day on. Whoever writes still chooses, and sees in words who will read it."
        ),
        back=back,
    )  # fmt: skip


def _kind_in_words(kind: str, body: str) -> str:
    if not body:
        return str(words.KINDS[kind])
    return _("%(kind)s (%(body)s)") % {"kind": words.KINDS[kind], "body": words.BODIES[body]}


def _own_link(place: Place, public_id: str) -> Link:
    links = Link.objects.select_related("subject", "object").filter(subject__realm=place.realm)
    link = links.filter(public_id=public_id).first()
    if link is None or place.actor.organisation not in {link.subject.public_id, link.object.public_id}:
        raise NotVisible(kind="link")
    return link


@act_page
def hide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask for the safety review of a public link: it is hidden at once."""
    place = place_of(request)
    link = _own_link(place, public_id)
    require(access.may_hide_link(place.actor, place.at, link))
    form = forms.ReasonForm(request.POST or None)

    def write() -> str:
        actions.hide_link(link, reason=form.cleaned_data["reason"], by=place.actor, at=place.at)
        return here(place, "link-reviews")

    told = {"subject": called(link.subject, place).words, "object": called(link.object, place).words}
    return _page(
        request, form, write,
        heading=_("Hide the link between %(subject)s and %(object)s") % told, button=_("Hide the link at once"),
        lead=_(
            "It is hidden at once on every page, in the interface and in every table; the registrar or the "
            "network reviews "
            "it later. What the link opens to the two of you stays open. What others copied before stays "
            "with them, and "
            "the entry of the record stays."
        ),
        back=here(place, "link-reviews"),
    )  # fmt: skip


def _review_named(place: Place, public_id: str) -> LinkReview:
    review = reviews_of(place).filter(public_id=public_id).first()
    if review is None:
        raise NotVisible(kind="link-review")
    assert isinstance(review, LinkReview)
    return review


@act_page
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Review a hidden link, with a reason."""
    place = place_of(request)
    asked = _review_named(place, public_id)
    if not access.may_review_link(place.actor, place.at, asked):
        raise NotVisible(kind="link-review")
    verdicts = [("hide", _("It stays hidden")), ("show", _("It is shown again"))]
    form = forms.DecideForm(request.POST or None, verdicts=verdicts)

    def write() -> str:
        told = form.cleaned_data
        keep = told["verdict"] == "hide"
        actions.review_link(asked, keep_hidden=keep, reason=told["reason"], by=place.actor, at=place.at)
        return here(place, "link-reviews")

    link = asked.link
    facts = [
        (_("The link"), f"{called(link.subject, place).words} – {called(link.object, place).words}"),
        (_("Asked by"), called(asked.asked_for, place).words),
        (_("Reason"), asked.reason),
    ]
    return _page(
        request, form, write,
        heading=_("Review a hidden link"), button=_("Decide"), facts=facts, back=here(place, "link-reviews"),
        lead=_("Both the request and your decision stand in the history of the two organisations, and nowhere else."),
    )  # fmt: skip


@act_page
def unhide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a request back: the link is public again, for good."""
    place = place_of(request)
    asked = _review_named(place, public_id)
    if not access.may_show_link(place.actor, place.at, asked):
        raise NotVisible(kind="link-review")
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    back = here(place, "link-reviews")

    def write() -> str:
        actions.show_link(asked, by=place.actor, at=place.at)
        return back

    step = before_permanent(
        request, form, heading=_("Show the link again"), button=_("Show it again, for good"), back=back
    )  # fmt: skip
    return step or _page(
        request, form, write,
        heading=_("Show the link again"), button=_("Show the link again"), back=back,
        lead=_("Your organisation takes its request back: the link stands on both pages again."),
    )  # fmt: skip
