"""The public things of this room: the conversation, where views differ, and the principle, where they meet."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _in_words
from django.utils.translation import gettext_lazy as _

from comity.deliberation.models import Conversation, ConversationQuerySet, Delegation, Principle, PrincipleQuerySet
from comity.files.circles import take_files
from comity.people.desk import Act, offer
from comity.people.models import Role
from comity.people.queries import seat_of
from comity.plain.actors import ActorRef
from comity.plain.beginnings import begin_from
from comity.plain.findings import tell
from comity.plain.kinds import Exit, Kind, called, declare
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.thread import Stage
from comity.plain.time import day_in
from comity.plain.topics import BY_HAND, within
from comity.registry.dates import day_in_words, span_in_words
from comity.registry.edges import here
from comity.visibility.queries import part_of

EXITS = frozenset(
    {
        *(Exit.PAGE, Exit.LIST, Exit.API, Exit.SEARCH, Exit.SUGGESTION, Exit.FEED, Exit.THREAD, Exit.EXPORT),
        *(Exit.SITEMAP, Exit.PREVIEW, Exit.METADATA),
    }
)


def _conversations(actor: ActorRef, at: datetime, realm: Realm) -> ConversationQuerySet:
    return Conversation.objects.visible_to(actor, at).in_realm(realm).select_related("network", "originator")


def _where_it_takes_part(actor: ActorRef, at: datetime) -> "QuerySet[Delegation, str]":
    own = Delegation.objects.filter(organisation__public_id=actor.organisation)
    return own.values_list("conversation__public_id", flat=True)


take_files("conversation", _where_it_takes_part)


def _principles(actor: ActorRef, at: datetime, realm: Realm) -> PrincipleQuerySet:
    rows = Principle.objects.visible_to(actor, at).in_realm(realm)
    return rows.select_related("network", "conversation", "conversation__network")


def _days(conversation: Conversation) -> tuple[date, date]:
    zone = conversation.network.time_zone
    return day_in(zone, conversation.opens), day_in(zone, conversation.closes)


def _day(principle: Principle) -> tuple[date, date]:
    day = day_in(principle.network.time_zone, principle.drawn_at)
    return day, day


CONVERSATION = declare(
    Kind(
        name="conversation",
        model=Conversation,
        title=lambda row: row.title,
        visible=_conversations,
        realm_of=lambda row: row.realm,
        exits=EXITS,
        stage=Stage.DIFFER,
        filed=BY_HAND,
        dated=_days,
        line=("title", "language", "opens", "closes", "network__realm", "network__time_zone"),
        language_of=lambda row: row.language,
    )
)
PRINCIPLE = declare(
    Kind(
        name="principle",
        model=Principle,
        title=lambda row: row.words,
        visible=_principles,
        realm_of=lambda row: row.realm,
        exits=EXITS - {Exit.EXPORT},
        stage=Stage.CONVERGE,
        filed=within("conversation", "conversation"),
        dated=_day,
        line=("words", "language", "drawn_at", "network__realm", "network__time_zone"),
        language_of=lambda row: row.language,
    )
)

part_of("principle", lambda row: row.conversation)

OPENING = frozenset({Role.OFFICER, Role.HEAD, Role.SECRETARIAT, Role.FACILITATOR})
offer(
    Act(
        _("Open a conversation"),
        lambda place, seat: here(place, "conversation-new"),
        OPENING,
    )
)


def _where_opened(place: Place) -> str:
    seat = seat_of(place.actor, place.at)
    return here(place, "conversation-new") if seat and seat.acts_as(place.at) in OPENING else ""


begin_from("engagement", _("Open a conversation on it"), _where_opened)


def _conversation_told(conversation: Conversation, place: Place) -> str:
    told = {"question": conversation.question, "days": span_in_words(*_days(conversation))}
    return _in_words("%(question)s Asked %(days)s.") % told


def _principle_told(principle: Principle, place: Place) -> str:
    told = {
        "day": day_in_words(_day(principle)[0]),
        "conversation": called(principle.conversation, place).words,
    }
    return _in_words("A principle drawn from “%(conversation)s” on %(day)s.") % told


tell("conversation", _conversation_told)
tell("principle", _principle_told)
