"""The pages of opinions: a conversation and its map, its statements, its principles and the dissent on them."""

from __future__ import annotations

from typing import Any, cast

from django import forms as django_forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from comity.deliberation import access, actions, forms, queries, sheet
from comity.deliberation.kinds import CONVERSATION, PRINCIPLE, conversation_of, principle_of
from comity.deliberation.models import Conversation, MapRun, Participant, Principle, SourceRole
from comity.engagements.kinds import ENGAGEMENT
from comity.engagements.models import EngagementQuerySet
from comity.people.desk import Act, offer
from comity.people.models import Role
from comity.people.queries import linked, seat_of
from comity.plain.levels import Level
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible, Refusal
from comity.registry.edges import act_page, here, moved, show
from comity.registry.models import Organisation, OrganisationKind

PAGE = 50

offer(
    Act(
        gettext_lazy("Open a conversation"),
        lambda place, seat: here(place, "conversation-new"),
        frozenset({Role.OFFICER, Role.HEAD, Role.SECRETARIAT, Role.FACILITATOR}),
    )
)


@require_safe
def conversation_list(request: HttpRequest) -> HttpResponse:
    """Every conversation that this reader may see, newest first."""
    place = place_of(request)
    rows = CONVERSATION.standing(place)
    page = Paginator(rows.order_by("-opens", "title"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [sheet.in_list(row, place.known_by) for row in page], "question": place.question}
    return render(request, "deliberation/conversations.html", context)


@require_safe
def principle_list(request: HttpRequest) -> HttpResponse:
    """Every principle that this reader may see, newest first, each with the dissent filed on it."""
    place = place_of(request)
    rows = PRINCIPLE.standing(place)
    page = Paginator(rows.order_by("-drawn_at", "number"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [sheet.principle_shown(row, place) for row in page], "question": place.question}
    return render(request, "deliberation/principles.html", context)


@require_safe
def conversation_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """The opinion page: the map, what unites, what divides, how sure that is, and what was drawn from it."""
    place = place_of(request)
    conversation = conversation_of(place, public_id)
    elsewhere = moved(request, CONVERSATION.address(conversation, place.language))
    if elsewhere:
        return elsewhere
    return _show_conversation(request, place, conversation)


def _show_conversation(
    request: HttpRequest, place: Place, conversation: Conversation, *, form: Any = None, status: int = 200
) -> HttpResponse:
    run = queries.run_of(conversation, place.known_by)
    context = {
        "conversation": conversation,
        "chart": sheet.chart_shown(conversation, run, place) if run and run.result else None,
        "run": run,
        "figures": sheet.figures(conversation, run, place.known_by),
        "principles": sheet.principles_of(conversation, place),
        "closed": conversation.closed_by(place.known_by),
        "open_now": conversation.open_at(place.at),
        "may": _may(place, conversation),
        "form": form or forms.StatementForm(initial={"language": conversation.language}),
        "json_address": place.api(f"conversations/{conversation.public_id}?on={place.as_of}"),
    }
    return render(request, "deliberation/conversation.html", context, status=status)


def _may(place: Place, conversation: Conversation) -> dict[str, bool]:
    """Which acts the page offers; each act still asks its own permission."""
    seat = seat_of(place.actor, place.at)
    if seat is None or not place.today:
        return {}
    by, at, own = place.actor, place.at, seat.organisation
    opened, over = conversation.open_at(at), at >= conversation.closes
    return {
        "propose": opened and bool(access.may_propose(by, at, conversation, own)),
        "vote": opened and bool(access.may_take_place(by, at, conversation, own)),
        "admit": opened and bool(access.may_admit(by, at, conversation)),
        "close": over and conversation.closed_at is None and bool(access.may_close(by, at, conversation)),
        "draw": conversation.closed_at is not None and bool(access.may_draw_principle(by, at, conversation)),
        "silence": opened and bool(access.may_silence(by, at, conversation)),
    }


@require_safe
def all_statements(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every statement in one table: each group's agreement, how many voted, and what moderation took out."""
    place = place_of(request)
    conversation = conversation_of(place, public_id)
    run = queries.run_of(conversation, place.known_by)
    stated = list(conversation.statements.filter(proposed_at__lte=place.known_by))
    counted = {row.statement.pk: row for row in queries.rows_of(run, stated)} if run else {}
    context = {
        "conversation": conversation,
        "rows": [sheet.statement_shown(one, counted.get(one.pk), place.known_by) for one in stated],
        "letters": sheet.letters_in(run),
        "may": _may(place, conversation),
        "run": run,
    }
    return render(request, "deliberation/statements.html", context)


@require_safe
def principle_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """A principle and its whole way: every viewpoint that fed it or was overruled, and the minority reports."""
    place = place_of(request)
    principle = principle_of(place, public_id)
    elsewhere = moved(request, PRINCIPLE.address(principle, place.language))
    if elsewhere:
        return elsewhere
    context = {
        "principle": principle,
        "shown": sheet.principle_shown(principle, place),
        "fed": sheet.viewpoints(principle, SourceRole.FED, place),
        "overruled": sheet.viewpoints(principle, SourceRole.OVERRULED, place),
        "letters": sheet.letters_in(queries.run_of(principle.conversation, place.known_by)),
        "arose_from": sheet.arose_from(principle.conversation, place),
        "may_report": _may_report(request, place, principle),
        "json_address": place.api(f"principles/{principle.public_id}?on={place.as_of}"),
    }
    return render(request, "deliberation/principle.html", context)


def _voter(request: HttpRequest, conversation: Conversation) -> Participant | None:
    """The voter whose key this browser keeps."""
    return queries.participant_with(conversation, request.COOKIES.get(queries.cookie_of(conversation), ""))


def _may_report(request: HttpRequest, place: Place, principle: Principle) -> bool:
    """Whether the page offers to file a report: to the facilitator, and to whoever bears the key of a placed voter."""
    if not place.today or not sheet.groups_without_report(principle):
        return False
    voter = _voter(request, principle.conversation)
    group = principle.conversation.run.placements.get(voter.public_id, -1) if voter else -1
    return bool(access.may_file_report(place.actor, place.at, principle, group, voter if group >= 0 else None))


def _form_page(
    request: HttpRequest, form: django_forms.Form, heading: str, button: str, *, lead: str = "", back: str = ""
) -> HttpResponse:
    context = {"form": form, "heading": heading, "button": button, "lead": lead, "back": back}
    return render(request, "deliberation/form.html", context, status=422 if form.errors else 200)


@act_page
def open_new(request: HttpRequest) -> HttpResponse:
    """Open a conversation for one's own organisation, or for the network whose chair one is."""
    place = place_of(request)
    seat = seat_of(place.actor, place.at)
    form = forms.OpenForm(request.POST or None, initial={"language": place.language})
    networks = Organisation.objects.in_realm(place.realm).filter(kind=OrganisationKind.NETWORK)
    if seat is not None:
        own = [
            row.pk
            for row in networks
            if row.pk in {seat.organisation_id, seat.network_id}
            or (seat.network_id is None and linked(seat.organisation, row, place.at))
        ]
        cast("django_forms.ModelChoiceField[Organisation]", form.fields["network"]).queryset = networks.filter(
            pk__in=own
        )
    met = cast("EngagementQuerySet", ENGAGEMENT.seen(place)).order_by("-starts")[:100]
    choices = [("", _("none")), *((row.public_id, row.title) for row in met)]
    form.fields["engagement"].widget = django_forms.Select(choices=choices)
    if request.method == "POST" and seat is not None and form.is_valid():
        told = form.cleaned_data
        because = [ENGAGEMENT.ref(row) for row in met if row.public_id == told["engagement"]]
        try:
            opened = actions.open_conversation(
                network=told["network"],
                title=told["title"],
                question=told["question"],
                language=told["language"],
                opens=told["opens"],
                closes=told["closes"],
                originator=seat.organisation,
                because=because,
                level=Level.PUBLIC,
                by=place.actor,
                at=place.at,
            )
            return redirect(CONVERSATION.address(opened, place.language))
        except Refusal as refusal:
            show(refusal, form)
    lead = _("It is public from the start that it takes place; who votes how is never shown.")
    return _form_page(request, form, _("Open a conversation"), _("Open the conversation"), lead=lead)


@act_page
def propose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Propose a statement for one's own organisation."""
    place = place_of(request)
    conversation = conversation_of(place, public_id)
    form = forms.StatementForm(request.POST or None, initial={"language": conversation.language})
    seat = seat_of(place.actor, place.at)
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_statement(
                conversation,
                words=form.cleaned_data["words"],
                language=form.cleaned_data["language"],
                organisation=seat.organisation if seat else conversation.network,
                by=place.actor,
                at=place.at,
            )
            return redirect(here(place, "conversation-statements", public_id=public_id))
        except Refusal as refusal:
            show(refusal, form)
    back = CONVERSATION.address(conversation, place.language)
    return _form_page(request, form, _("Propose a statement"), _("Propose this statement"), back=back)


@act_page
def admit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Admit people of an organisation; their keys are shown once, here."""
    place = place_of(request)
    conversation = conversation_of(place, public_id)
    form = forms.AdmitForm(request.POST or None)
    field = cast("django_forms.ModelChoiceField[Organisation]", form.fields["organisation"])
    field.queryset = sheet.members_to_admit(conversation, place)
    if request.method == "POST" and form.is_valid():
        try:
            admitted = actions.admit(
                conversation,
                organisation=form.cleaned_data["organisation"],
                count=form.cleaned_data["count"],
                by=place.actor,
                at=place.at,
            )
            keys = [getattr(one, "key", "") for one in admitted]
            context = {"conversation": conversation, "keys": keys, "organisation": form.cleaned_data["organisation"]}
            return render(request, "deliberation/keys.html", context)
        except Refusal as refusal:
            show(refusal, form)
    lead = _("Each person gets a key without a name. The delegation hands the keys on; nobody keeps a list.")
    back = CONVERSATION.address(conversation, place.language)
    return _form_page(request, form, _("Admit people to vote"), _("Admit them"), lead=lead, back=back)


@act_page
def silence(request: HttpRequest, public_id: str, statement_id: str) -> HttpResponse:
    """Take a statement out by moderation, with its reason."""
    place = place_of(request)
    conversation = conversation_of(place, public_id)
    statement = conversation.statements.filter(public_id=statement_id).first()
    if statement is None:
        raise NotVisible()
    form = forms.SilenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.silence_statement(statement, reason=form.cleaned_data["reason"], by=place.actor, at=place.at)
            return redirect(here(place, "conversation-statements", public_id=public_id))
        except Refusal as refusal:
            show(refusal, form)
    back = here(place, "conversation-statements", public_id=public_id)
    return _form_page(
        request,
        form,
        _("Take a statement out"),
        _("Take it out"),
        lead=f"{statement.number}. {statement.words}",
        back=back,
    )


@act_page
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the conversation and draw its map."""
    place = place_of(request)
    conversation = conversation_of(place, public_id)
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close(conversation, by=place.actor, at=place.at)
            return redirect(CONVERSATION.address(conversation, place.language))
        except Refusal as refusal:
            show(refusal, form)
    lead = _("The last votes are sealed into the record and the map is drawn. Nobody can open it again.")
    back = CONVERSATION.address(conversation, place.language)
    return _form_page(request, form, _("Close the conversation"), _("Close it and draw the map"), lead=lead, back=back)


@act_page
def draw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draw a principle, with everything that fed it and everything it overrules."""
    place = place_of(request)
    conversation = conversation_of(place, public_id)
    number = conversation.principles.count() + 1
    form = forms.PrincipleForm(
        conversation, request.POST or None, initial={"number": number, "language": conversation.language}
    )
    if request.method == "POST" and form.is_valid():
        told, by_id = form.cleaned_data, {one.public_id: one for one in conversation.statements.all()}
        try:
            principle = actions.draw_principle(
                conversation,
                number=told["number"],
                words=told["words"],
                language=told["language"],
                fed=[by_id[one] for one in told["fed"]],
                overruled=[by_id[one] for one in told["overruled"]],
                by=place.actor,
                at=place.at,
            )
            return redirect(PRINCIPLE.address(principle, place.language))
        except Refusal as refusal:
            show(refusal, form)
    run = queries.run_of(conversation, place.at)
    context = {
        "conversation": conversation,
        "form": form,
        "written": [form[name] for name in ("number", "words", "language")],
        "rows": _to_choose(conversation, run, form, place),
        "letters": sheet.letters_in(run),
        "heading": _("Draw a principle"),
        "button": _("Draw this principle"),
        "lead": _("Name every statement that fed it and every one it goes against: its page shows the whole way."),
        "back": CONVERSATION.address(conversation, place.language),
    }
    return render(request, "deliberation/draw.html", context, status=422 if form.errors else 200)


def _to_choose(
    conversation: Conversation, run: MapRun | None, form: forms.PrincipleForm, place: Place
) -> list[tuple[sheet.StatementRow, bool, bool]]:
    """Every statement with its figures, what unites first, and what was already marked."""
    stated = list(conversation.statements.all())
    counted = {row.statement.pk: row for row in queries.rows_of(run, stated)} if run else {}
    stated.sort(key=lambda one: -counted[one.pk].consensus if one.pk in counted else 0.0)
    fed, overruled = set(form["fed"].value() or ()), set(form["overruled"].value() or ())
    return [
        (
            sheet.statement_shown(one, counted.get(one.pk), place.at),
            one.public_id in fed,
            one.public_id in overruled,
        )
        for one in stated
    ]


@act_page
def file_report(request: HttpRequest, public_id: str) -> HttpResponse:
    """File a group's minority report on a principle."""
    place = place_of(request)
    principle = principle_of(place, public_id)
    groups = sheet.groups_without_report(principle)
    form = forms.ReportForm(request.POST or None, initial={"language": principle.language})
    names = [(letter, _("Group %(letter)s") % {"letter": letter}) for letter in groups]
    cast("django_forms.ChoiceField", form.fields["group"]).choices = names
    stated = [(one.public_id, f"{one.number}. {one.words}") for one in principle.conversation.statements.all()]
    cast("django_forms.ChoiceField", form.fields["statement"]).choices = [("", _("none")), *stated]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.file_minority_report(
                principle,
                group=told["group"],
                words=told["words"],
                language=told["language"],
                statement=principle.conversation.statements.filter(public_id=told["statement"]).first(),
                participant=_voter(request, principle.conversation),
                by=place.actor,
                at=place.at,
            )
            return redirect(PRINCIPLE.address(principle, place.language))
        except Refusal as refusal:
            show(refusal, form)
    back = PRINCIPLE.address(principle, place.language)
    return _form_page(
        request, form, _("File a minority report"), _("File these words"), lead=principle.words, back=back
    )
