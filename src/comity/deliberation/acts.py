"""What a seat may do in a conversation: each act is one page with one form whose button names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from comity.deliberation import actions, forms, queries, sheet
from comity.deliberation.edges import conversation_named, principle_named, voter_of
from comity.deliberation.kinds import CONVERSATION, PRINCIPLE
from comity.deliberation.models import Conversation, MapRun
from comity.engagements.kinds import ENGAGEMENT
from comity.engagements.models import EngagementQuerySet
from comity.people.access import acting
from comity.people.queries import counts_in, seat_of
from comity.plain.kinds import called
from comity.plain.levels import Level
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.registry.edges import act_page, before_permanent, begun_in_public, followed, form_page, here
from comity.registry.models import Governed, Organisation, OrganisationKind
from comity.registry.topics import edges as topics
from comity.visibility.queries import default_for


def _form_page(
    request: HttpRequest,
    form: django_forms.Form,
    write: Callable[[], str | HttpResponse],
    heading: str,
    button: str,
    *,
    lead: str = "",
    back: str = "",
) -> HttpResponse:
    return form_page(request, form, write, heading=heading, button=button, lead=lead, back=back)


@act_page
def open_new(request: HttpRequest) -> HttpResponse:
    """Open a conversation for one's own organisation, or for the network whose chair one is."""
    place = place_of(request)
    seat = seat_of(place.actor, place.at)
    source = topics.arising(request, place)
    row = source.row if source is not None and isinstance(source.row, Governed) else None
    proposed = default_for("conversation", seat.network or seat.organisation if seat else None, place.at, source=row)
    initial = {"language": place.language, "level": int(proposed.level), "topics": topics.proposed(row, place)}
    if row is not None:
        initial |= {"engagement": row.public_id, "network": row.network.public_id}
    form = forms.OpenForm(request.POST or None, initial=initial)
    networks = Organisation.objects.in_realm(place.realm).filter(kind=OrganisationKind.NETWORK)
    own = [row.pk for row in networks if seat and counts_in(seat, row, place.at)]
    field = cast("django_forms.ModelChoiceField[Organisation]", form.fields["network"])
    field.queryset = networks.filter(pk__in=own).order_by("name", "pk")
    field.choices = [(row.public_id, called(row, place).words) for row in field.queryset]
    met = cast("EngagementQuerySet", ENGAGEMENT.seen(place)).order_by("-starts")[:100]
    choices = [("", _("none")), *((row.public_id, row.title) for row in met)]
    form.fields["engagement"].widget = django_forms.Select(choices=choices)

    def write() -> str:
        told = form.cleaned_data
        because = [ENGAGEMENT.ref(row) for row in met if row.public_id == told["engagement"]]
        opened = actions.open_conversation(
            topics=told["topics"],
            network=told["network"],
            title=told["title"],
            question=told["question"],
            language=told["language"],
            opens=told["opens"],
            closes=told["closes"],
            originator=acting(place.actor, place.at).organisation,
            because=because,
            level=Level(told["level"]),
            by=place.actor,
            at=place.at,
        )
        return CONVERSATION.address(opened, place.language)

    step = begun_in_public(
        request, form, heading=_("Open a conversation"), button=_("Open it in public, for good"),
        back=here(place, "conversation-list"),
    )  # fmt: skip
    lead = _("It is public from the start that it takes place; who votes how is never shown.")
    return step or _form_page(request, form, write, _("Open a conversation"), _("Open the conversation"), lead=lead)


@act_page
def propose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Propose a statement for one's own organisation."""
    place = place_of(request)
    conversation = conversation_named(place, public_id)
    form = forms.StatementForm(request.POST or None, initial={"language": conversation.language})
    seat = seat_of(place.actor, place.at)

    def write() -> str:
        actions.propose_statement(
            conversation,
            words=form.cleaned_data["words"],
            language=form.cleaned_data["language"],
            organisation=seat.organisation if seat else conversation.network,
            by=place.actor,
            at=place.at,
        )
        return here(place, "conversation-statements", public_id=public_id)

    back = CONVERSATION.address(conversation, place.language)
    step = None
    if conversation.entered_as(place.at) == Level.PUBLIC:
        step = before_permanent(
            request, form, heading=_("Propose a statement"), button=_("Propose it in public, for good"), back=back
        )
    return step or _form_page(request, form, write, _("Propose a statement"), _("Propose this statement"), back=back)


@act_page
def admit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Admit people of an organisation; their keys are shown once, here."""
    place = place_of(request)
    conversation = conversation_named(place, public_id)
    form = forms.AdmitForm(request.POST or None)
    field = cast("django_forms.ModelChoiceField[Organisation]", form.fields["organisation"])
    field.queryset = sheet.members_to_admit(conversation, place)

    def write() -> HttpResponse:
        told = form.cleaned_data
        admitted = actions.admit(
            conversation, organisation=told["organisation"], count=told["count"], by=place.actor, at=place.at
        )
        keys = [getattr(one, "key", "") for one in admitted]
        context = {"conversation": conversation, "keys": keys, "organisation": told["organisation"]}
        return render(request, "deliberation/keys.html", context)

    lead = _("Each person gets a key without a name. The delegation hands the keys on; nobody keeps a list.")
    back = CONVERSATION.address(conversation, place.language)
    return _form_page(request, form, write, _("Admit people to vote"), _("Admit them"), lead=lead, back=back)


@act_page
def silence(request: HttpRequest, public_id: str, statement_id: str) -> HttpResponse:
    """Take a statement out by moderation, with its reason."""
    place = place_of(request)
    conversation = conversation_named(place, public_id)
    statement = conversation.statements.filter(public_id=statement_id).first()
    if statement is None:
        raise NotVisible()
    form = forms.SilenceForm(request.POST or None)

    def write() -> str:
        actions.silence_statement(statement, reason=form.cleaned_data["reason"], by=place.actor, at=place.at)
        return here(place, "conversation-statements", public_id=public_id)

    back = here(place, "conversation-statements", public_id=public_id)
    return _form_page(
        request,
        form,
        write,
        _("Take a statement out"),
        _("Take it out"),
        lead=f"{statement.number}. {statement.words}",
        back=back,
    )


@act_page
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the conversation and draw its map."""
    place = place_of(request)
    conversation = conversation_named(place, public_id)
    form = django_forms.Form(request.POST if request.method == "POST" else None)

    def write() -> str:
        actions.close(conversation, by=place.actor, at=place.at)
        return CONVERSATION.address(conversation, place.language)

    lead = _("The last votes are sealed into the record and the map is drawn. Nobody can open it again.")
    back = CONVERSATION.address(conversation, place.language)
    return _form_page(
        request, form, write, _("Close the conversation"), _("Close it and draw the map"), lead=lead, back=back
    )


@act_page
def draw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draw a principle, with everything that fed it and everything it overrules."""
    place = place_of(request)
    conversation = conversation_named(place, public_id)
    number = conversation.principles.count() + 1
    proposed = default_for("principle", conversation.network, place.at, source=conversation)
    initial = {"number": number, "language": conversation.language, "level": int(proposed.level)}
    form = forms.PrincipleForm(conversation, request.POST or None, initial=initial)

    def write() -> str:
        told, by_id = form.cleaned_data, {one.public_id: one for one in conversation.statements.all()}
        principle = actions.draw_principle(
            conversation,
            number=told["number"],
            words=told["words"],
            language=told["language"],
            fed=[by_id[one] for one in told["fed"]],
            overruled=[by_id[one] for one in told["overruled"]],
            level=Level(told["level"]),
            by=place.actor,
            at=place.at,
        )
        return PRINCIPLE.address(principle, place.language)

    step = begun_in_public(
        request, form, heading=_("Draw a principle"), button=_("Draw it in public, for good"),
        back=CONVERSATION.address(conversation, place.language),
    )  # fmt: skip
    done = step or followed(form, write)
    if done:
        return done
    run = queries.run_of(conversation, place.at)
    context = {
        "conversation": conversation,
        "form": form,
        "written": [form[name] for name in ("number", "words", "language", "level")],
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
    principle = principle_named(place, public_id)
    groups = sheet.groups_without_report(principle)
    form = forms.ReportForm(request.POST or None, initial={"language": principle.language})
    names = [(letter, _("Group %(letter)s") % {"letter": letter}) for letter in groups]
    cast("django_forms.ChoiceField", form.fields["group"]).choices = names
    stated = [(one.public_id, f"{one.number}. {one.words}") for one in principle.conversation.statements.all()]
    cast("django_forms.ChoiceField", form.fields["statement"]).choices = [("", _("none")), *stated]

    def write() -> str:
        told = form.cleaned_data
        actions.file_minority_report(
            principle,
            group=told["group"],
            words=told["words"],
            language=told["language"],
            statement=principle.conversation.statements.filter(public_id=told["statement"]).first(),
            participant=voter_of(request, principle.conversation),
            by=place.actor,
            at=place.at,
        )
        return PRINCIPLE.address(principle, place.language)

    back = PRINCIPLE.address(principle, place.language)
    return _form_page(
        request, form, write, _("File a minority report"), _("File these words"), lead=principle.words, back=back
    )
