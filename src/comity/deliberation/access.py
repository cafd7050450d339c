"""Who may open a conversation, propose, take a place, close, draw principles and file a minority report."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from comity.deliberation.models import Conversation, Participant, Principle
from comity.people.access import may_act
from comity.people.models import Role
from comity.people.queries import linked
from comity.plain.actors import ALLOWED, ActorKind, ActorRef, Verdict
from comity.registry.models import Organisation

DELEGATION = (Role.HEAD, Role.OFFICER, Role.DELEGATE)
SPEAKS_FOR_IT = (Role.HEAD, Role.OFFICER)
CHAIR = (Role.FACILITATOR, Role.SECRETARIAT)
PEN = (Role.FACILITATOR, Role.RAPPORTEUR, Role.SECRETARIAT)


class Permission(StrEnum):
    """What this room lets somebody do."""

    CONVERSATION_OPEN = "deliberation:conversation:open"
    CONVERSATION_CLOSE = "deliberation:conversation:close"
    DELEGATION_ADMIT = "deliberation:delegation:admit"
    STATEMENT_PROPOSE = "deliberation:statement:propose"
    STATEMENT_SILENCE = "deliberation:statement:silence"
    PLACE_TAKE = "deliberation:place:take"
    VOTES_SEAL = "deliberation:votes:seal"
    PRINCIPLE_DRAW = "deliberation:principle:draw"
    MINORITY_REPORT_FILE = "deliberation:minority-report:file"


def _of_network(by: ActorRef, at: datetime, network: Organisation, roles: tuple[Role, ...]) -> Verdict:
    return may_act(by, at, organisation=network, network=network, roles=roles)


def may_open(by: ActorRef, at: datetime, network: Organisation, originator: Organisation) -> Verdict:
    """A member opens one through its officer or head of delegation, a network through its chair."""
    if originator.pk == network.pk:
        return _of_network(by, at, network, CHAIR)
    verdict = may_act(by, at, organisation=originator, network=network, roles=SPEAKS_FOR_IT)
    if verdict and not linked(originator, network, at):
        told = {"organisation": originator.name, "network": network.name}
        return Verdict(False, _("%(organisation)s does not belong to %(network)s at this time.") % told)
    return verdict


def may_admit(by: ActorRef, at: datetime, conversation: Conversation) -> Verdict:
    """How many people each delegation brings is admitted by the chair, so that no party fills the room."""
    return _of_network(by, at, conversation.network, CHAIR)


def may_propose(by: ActorRef, at: datetime, conversation: Conversation, organisation: Organisation) -> Verdict:
    """Statements are proposed by delegates of the organisations that take part, each for its own."""
    verdict = may_act(by, at, organisation=organisation, network=conversation.network, roles=DELEGATION)
    return _taking_part(conversation, organisation) if verdict else verdict


def _taking_part(conversation: Conversation, organisation: Organisation) -> Verdict:
    if conversation.delegations.filter(organisation=organisation).exists():
        return ALLOWED
    told = {"organisation": organisation.name}
    return Verdict(
        False, _("%(organisation)s takes no part in this conversation; the chair admits delegations.") % told
    )


def may_silence(by: ActorRef, at: datetime, conversation: Conversation) -> Verdict:
    """The chair moderates, with a reason that everybody reads."""
    return _of_network(by, at, conversation.network, CHAIR)


def may_take_place(by: ActorRef, at: datetime, conversation: Conversation, organisation: Organisation) -> Verdict:
    """A seat of a delegation that was admitted takes one of its places."""
    verdict = may_act(by, at, organisation=organisation, network=conversation.network)
    return _taking_part(conversation, organisation) if verdict else verdict


def may_seal(by: ActorRef, at: datetime, conversation: Conversation) -> Verdict:
    """Votes are sealed by the worker, or by the chair."""
    return ALLOWED if by.kind is ActorKind.SYSTEM else may_close(by, at, conversation)


def may_close(by: ActorRef, at: datetime, conversation: Conversation) -> Verdict:
    """The chair closes."""
    return _of_network(by, at, conversation.network, CHAIR)


def may_draw_principle(by: ActorRef, at: datetime, conversation: Conversation) -> Verdict:
    """Principles are drawn by the facilitator, the rapporteur or the secretariat."""
    return _of_network(by, at, conversation.network, PEN)


def may_file_report(
    by: ActorRef, at: datetime, principle: Principle, group: int, participant: Participant | None = None
) -> Verdict:
    """A group files through any voter who stands in it, by her key, or through the facilitator who collects its words.

    No party is asked: whether a delegation has people in a group would tell a small one how its people voted.
    """
    conversation = principle.conversation
    if _of_network(by, at, conversation.network, (Role.FACILITATOR,)):
        return ALLOWED
    if participant is not None and conversation.run.placements.get(participant.public_id) == group:
        return ALLOWED
    return Verdict(
        False, _("A group files its report through a voter who stands in it, with her key, or through the facilitator.")
    )
