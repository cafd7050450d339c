"""Who may propose, sign and end an agreement; who may found, join and leave a coalition."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from comity.agreements.models import Agreement, Coalition, Handover
from comity.people.access import may_act
from comity.people.models import Role
from comity.plain.actors import ActorRef, Verdict
from comity.registry.models import Organisation, OrganisationKind

SPEAKS_FOR_IT = (Role.OFFICER, Role.HEAD)


class Permission(StrEnum):
    """What this room lets somebody do."""

    AGREEMENT_PROPOSE = "agreements:agreement:propose"
    AGREEMENT_SIGN = "agreements:agreement:sign"
    AGREEMENT_TRANSLATE = "agreements:agreement:translate"
    AGREEMENT_END = "agreements:agreement:end"
    COALITION_FOUND = "agreements:coalition:found"
    COALITION_JOIN = "agreements:coalition:join"
    COALITION_LEAVE = "agreements:coalition:leave"
    CONVENING_OFFER = "agreements:convening:offer"
    CONVENING_TAKE = "agreements:convening:take"
    BOARD_REPORT = "agreements:board:report"


def may_speak(by: ActorRef, at: datetime, organisation: Organisation) -> Verdict:
    """An organisation binds itself through its officer or the head of its delegation, and nobody else binds it."""
    verdict = may_act(by, at, organisation=organisation, roles=SPEAKS_FOR_IT)
    if verdict and organisation.kind == OrganisationKind.NETWORK:
        return Verdict(False, _("Agreements and coalitions are between parties; a network has members and rules."))
    return verdict


def may_sign(by: ActorRef, at: datetime, agreement: Agreement, organisation: Organisation) -> Verdict:
    """Each of the two parties signs for itself; so it reports its board, and so it ends the agreement."""
    if organisation not in agreement.parties:
        return Verdict(False, _("An agreement is signed, answered for and ended by its two parties alone."))
    return may_speak(by, at, organisation)


def may_join(by: ActorRef, at: datetime, coalition: Coalition, organisation: Organisation) -> Verdict:
    """Any party may join by a declared authority; whoever convenes the coalition cannot join others to it."""
    if organisation.realm != coalition.originator.realm:
        return Verdict(False, _("Real and fictional organisations never mix."))
    return may_speak(by, at, organisation)


def may_hand_over(by: ActorRef, at: datetime, coalition: Coalition) -> Verdict:
    """Only the party that convenes a coalition offers its convening to another, and takes the offer back."""
    if by.organisation != coalition.originator.public_id:
        return Verdict(False, _("Only the party that convenes a coalition hands it over."))
    return may_speak(by, at, coalition.originator)


def may_take_over(by: ActorRef, at: datetime, offer: Handover) -> Verdict:
    """Only the party to which it was offered accepts or declines to convene a coalition."""
    if by.organisation != offer.taker.public_id:
        return Verdict(False, _("This was offered to another party, which answers for itself."))
    return may_speak(by, at, offer.taker)
