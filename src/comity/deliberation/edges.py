"""What pages, interface and exports of this room begin with: a conversation, a principle, and whoever votes."""

from django.http import HttpRequest

from comity.deliberation.kinds import CONVERSATION, PRINCIPLE
from comity.deliberation.models import Conversation, Participant, Principle, PrincipleQuerySet
from comity.deliberation.queries import cookie_of, participant_with
from comity.plain.place import Place


def conversation_named(place: Place, public_id: str) -> Conversation:
    """The conversation, if this reader may see it and it stood on the page's day."""
    found: Conversation = CONVERSATION.one_of(CONVERSATION.standing(place), public_id)
    return found


def principle_named(place: Place, public_id: str) -> Principle:
    """The principle, if this reader may see it and it stood on the page's day."""
    found: Principle = PRINCIPLE.one_of(PRINCIPLE.standing(place), public_id)
    return found


def principles_in(conversation: Conversation, place: Place) -> PrincipleQuerySet:
    """The principles of a conversation that this reader may see and that stood on the page's day, by number."""
    rows: PrincipleQuerySet = PRINCIPLE.standing(place)
    return rows.filter(conversation=conversation).order_by("number")


def voter_of(request: HttpRequest, conversation: Conversation) -> Participant | None:
    """The voter whose key this browser keeps."""
    return participant_with(conversation, request.COOKIES.get(cookie_of(conversation), ""))
