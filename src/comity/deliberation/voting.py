"""Voting: one statement a screen, three answers, no name. The voter's key stays in her browser and in no session."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from comity.deliberation import access, actions, forms, queries
from comity.deliberation.edges import conversation_named, voter_of
from comity.deliberation.models import Conversation, Participant
from comity.people.queries import seat_of
from comity.plain.place import Place, place_of
from comity.plain.refusals import BadInput, Refusal
from comity.registry.edges import act_page, here, show

ANSWERS = {"agree": 1, "pass": 0, "disagree": -1}
A_MONTH = 31 * 24 * 3600


@act_page
def vote(request: HttpRequest, public_id: str) -> HttpResponse:
    """The next statement for whoever bears a key; without one, the way to a key."""
    place = place_of(request)
    conversation = conversation_named(place, public_id)
    participant = voter_of(request, conversation)
    if request.method == "POST":
        if "answer" in request.POST and participant is not None:
            return _answer(request, place, participant)
        return _enter(request, place, conversation)
    if participant is None:
        return _door(request, place, conversation)
    return _ballot(request, place, participant)


def _ballot(request: HttpRequest, place: Place, participant: Participant) -> HttpResponse:
    conversation = participant.conversation
    context = {
        "conversation": conversation,
        "statement": queries.next_statement(participant),
        "progress": queries.progress_of(participant),
        "open_now": conversation.open_at(place.at),
    }
    return render(request, "deliberation/vote.html", context)


def _answer(request: HttpRequest, place: Place, participant: Participant) -> HttpResponse:
    """Take one vote and show the next statement; an answer to a statement that is not there is refused."""
    statement = participant.conversation.statements.filter(public_id=request.POST.get("statement", "")).first()
    value = ANSWERS.get(request.POST.get("answer", ""))
    if statement is None or value is None:
        raise BadInput(field="answer", remedy="answer the statement shown with agree, disagree or pass")
    actions.vote(participant, {statement: value}, at=place.at)
    return redirect(here(place, "conversation-vote", public_id=participant.conversation.public_id))


def _door(
    request: HttpRequest, place: Place, conversation: Conversation, form: forms.KeyForm | None = None
) -> HttpResponse:
    seat = seat_of(place.actor, place.at)
    may_take = seat is not None and access.may_take_place(place.actor, place.at, conversation, seat.organisation)
    form = form or forms.KeyForm()
    context = {
        "conversation": conversation,
        "form": form,
        "may_take": may_take,
        "open_now": conversation.open_at(place.at),
    }
    return render(request, "deliberation/door.html", context, status=422 if form.errors else 200)


def _enter(request: HttpRequest, place: Place, conversation: Conversation) -> HttpResponse:
    """Let a voter in by her key, or give a seat one of its delegation's places."""
    form = forms.KeyForm(request.POST if "key" in request.POST else {"key": "-"})
    form.is_valid()
    key = form.cleaned_data.get("key", "")
    try:
        if "take" in request.POST:
            seat = seat_of(place.actor, place.at)
            own = seat.organisation if seat else conversation.network
            key = actions.take_place(conversation, organisation=own, by=place.actor, at=place.at)
        elif queries.participant_with(conversation, key) is None:
            raise UnknownKey(field="key")
    except Refusal as refusal:
        show(refusal, form)
        return _door(request, place, conversation, form)
    response = render(request, "deliberation/key.html", {"conversation": conversation, "key": key})
    response.set_cookie(
        queries.cookie_of(conversation),
        key,
        max_age=A_MONTH,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure() or settings.SESSION_COOKIE_SECURE,
    )
    return response


class UnknownKey(BadInput):
    """This key opens no place in this conversation."""

    code = "unknown-key"
