"""Who may do what with joint texts. There is no permission to change or detach dissent: no action does it."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from comity.people.access import may_act
from comity.people.models import Role
from comity.people.queries import linked, seat_of
from comity.plain.actors import ActorRef, Verdict
from comity.plain.levels import Realm
from comity.registry.models import Organisation, OrganisationKind
from comity.texts.models import Amendment, Text
from comity.visibility.access import may_change

DELEGATION = (Role.HEAD, Role.OFFICER, Role.DELEGATE)
SPEAKS_FOR_IT = (Role.HEAD, Role.OFFICER)
PEN = (Role.SECRETARIAT, Role.RAPPORTEUR, Role.FACILITATOR)
"""Those of the network who hold the pen."""


class Permission(StrEnum):
    """What this room lets somebody do."""

    DRAFT_WRITE = "texts:draft:write"
    REVISION_WRITE = "texts:revision:write"
    AMENDMENT_WRITE = "texts:amendment:write"
    AMENDMENT_WITHDRAW = "texts:amendment:withdraw"
    AMENDMENT_MERGE = "texts:amendment:merge"
    VOTE_OPEN = "texts:vote:open"
    ADOPTION_WRITE = "texts:adoption:write"
    DISSENT_WRITE = "texts:dissent:write"
    BOARD_WRITE = "texts:board:write"
    TRANSLATION_WRITE = "texts:translation:write"
    SIGNING_OPEN = "texts:signing:open"
    SIGNATURE_WRITE = "texts:signature:write"
    PUBLICATION_SET = "texts:publication:set"


def _of_member(by: ActorRef, at: datetime, organisation: Organisation, network: Organisation) -> Verdict:
    verdict = may_act(by, at, organisation=organisation, network=network, roles=DELEGATION)
    if verdict and organisation.pk != network.pk and not linked(organisation, network, at):
        told = {"organisation": organisation.name, "network": network.name}
        return Verdict(False, _("%(organisation)s does not belong to %(network)s at this time.") % told)
    return verdict


def _of_pen(by: ActorRef, at: datetime, network: Organisation) -> Verdict:
    return may_act(by, at, organisation=network, network=network, roles=PEN)


def may_draft(by: ActorRef, at: datetime, network: Organisation, originator: Organisation) -> Verdict:
    """A member's delegation drafts for its party, the network's pen for the network."""
    return _of_pen(by, at, network) if originator.pk == network.pk else _of_member(by, at, originator, network)


def networks_to_draft_in(by: ActorRef, at: datetime, realm: Realm) -> list[Organisation]:
    """The networks in which a seat may begin a text for its organisation."""
    seat = seat_of(by, at)
    if seat is None:
        return []
    own, networks = seat.organisation, Organisation.objects.visible_to(by, at).in_realm(realm)
    return [
        network
        for network in networks.filter(kind=OrganisationKind.NETWORK)
        if (network.pk == own.pk or linked(own, network, at)) and may_draft(by, at, network, own)
    ]


def may_revise(by: ActorRef, at: datetime, text: Text) -> Verdict:
    """The originator and the network's pen write new versions."""
    pen = _of_pen(by, at, text.network)
    return pen or may_draft(by, at, text.network, text.originator)


def may_propose_amendment(by: ActorRef, at: datetime, text: Text, sponsor: Organisation) -> Verdict:
    """A member's delegation proposes amendments in the name of its party."""
    if sponsor.pk == text.network_id:
        return Verdict(False, _("An amendment is proposed by a party, not by the network itself."))
    return _of_member(by, at, sponsor, text.network)


def may_withdraw_amendment(by: ActorRef, at: datetime, amendment: Amendment) -> Verdict:
    """Only its sponsor withdraws or restates an amendment."""
    return _of_member(by, at, amendment.originator, amendment.network)


def may_merge(by: ActorRef, at: datetime, text: Text) -> Verdict:
    """Amendments are taken up, or left aside, by whoever may write new versions."""
    return may_revise(by, at, text)


def may_put_to_vote(by: ActorRef, at: datetime, text: Text) -> Verdict:
    """The network's pen puts a text or an amendment to the vote."""
    return _of_pen(by, at, text.network)


def may_adopt(by: ActorRef, at: datetime, text: Text) -> Verdict:
    """The network's pen records that a text was adopted; whether it was, the vote has decided."""
    return _of_pen(by, at, text.network)


def may_file_dissent(by: ActorRef, at: datetime, text: Text, organisation: Organisation) -> Verdict:
    """Dissent is filed by the party itself, through whoever speaks for it; never by the secretariat for a party."""
    if organisation.pk == text.network_id:
        return Verdict(False, _("Dissent is filed by a party, not by the network itself."))
    verdict = may_act(by, at, organisation=organisation, network=text.network, roles=SPEAKS_FOR_IT)
    return _of_member(by, at, organisation, text.network) if verdict else verdict


def may_speak_for_board(by: ActorRef, at: datetime, text: Text, organisation: Organisation) -> Verdict:
    """What a party's board said is reported by whoever speaks for the party."""
    return may_file_dissent(by, at, text, organisation)


def may_open_for_signature(by: ActorRef, at: datetime, text: Text) -> Verdict:
    """Whoever writes the versions of a statement puts one before parties, and takes it back."""
    return may_revise(by, at, text)


def may_sign(by: ActorRef, at: datetime, text: Text, organisation: Organisation) -> Verdict:
    """A party signs through whoever speaks for it; the network that governs a text signs none."""
    if organisation.pk == text.network_id:
        return Verdict(False, _("A text is signed by parties, not by the network itself."))
    verdict = may_act(by, at, organisation=organisation, network=text.network, roles=SPEAKS_FOR_IT)
    return _of_member(by, at, organisation, text.network) if verdict else verdict


def may_publish(by: ActorRef, at: datetime, text: Text) -> Verdict:
    """When everybody reads a statement is said by whoever speaks for its originator."""
    return may_change(by, at, text)


def may_translate(by: ActorRef, at: datetime, text: Text, owner: Organisation | None) -> Verdict:
    """Clauses are translated by the network's pen or the originator; a party's own words only by that party."""
    return may_revise(by, at, text) if owner is None else may_file_dissent(by, at, text, owner)
