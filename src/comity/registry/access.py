"""Who may write what in the registry, and who may see a governed row: each answer comes with its reason."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from comity.plain.actors import ALLOWED, ActorKind, ActorRef, Verdict
from comity.plain.levels import Level
from comity.registry.models import (
    Correction,
    Governed,
    LinkKind,
    Organisation,
    OrganisationKind,
    Spell,
    spells_in_force,
)


class Permission(StrEnum):
    """The registry's permissions."""

    ORGANISATION_WRITE = "registry:organisation:write"
    NETWORK_WRITE = "registry:network:write"
    CORRECTION_PROPOSE = "registry:correction:propose"
    CORRECTION_DECIDE = "registry:correction:decide"
    REPLY_WRITE = "registry:reply:write"
    TOPICS_WRITE = "registry:topics:write"


REGISTRARS = frozenset({ActorKind.OPERATOR, ActorKind.SYSTEM})


def may_write_registry(by: ActorRef) -> Verdict:
    """Whether somebody may list organisations and state facts about them."""
    if by.kind in REGISTRARS:
        return ALLOWED
    return Verdict(False, _("The facts of the registry are written by its operator; anyone may propose a correction."))


def may_write_network(by: ActorRef, network: Organisation) -> Verdict:
    """Whether somebody may write a network's organs, names for territories, region schemes and memberships.

    A seat counts only with the network's own mandate; which of its seats may do so is decided in ``people``.
    """
    if by.kind in REGISTRARS:
        return ALLOWED
    if by.kind is ActorKind.SEAT and by.organisation == network.public_id:
        return ALLOWED
    return Verdict(
        False, _("Only a seat of %(network)s itself, or the operator, may write this.") % {"network": network.name}
    )


def may_link(by: ActorRef, subject: Organisation, to: Organisation, kind: str) -> Verdict:
    """Whether somebody may state a tie: a membership is the network's to state, other ties either network's."""
    ends = (to,) if kind == LinkKind.MEMBERSHIP else (subject, to)
    networks = [end for end in ends if end.kind == OrganisationKind.NETWORK]
    verdicts = [may_write_network(by, network) for network in networks] or [may_write_registry(by)]
    return next((verdict for verdict in verdicts if verdict), verdicts[-1])


def may_propose_correction(by: ActorRef, organisation: Organisation) -> Verdict:
    """Anyone may propose a correction of a public page, without an account."""
    if organisation.level == Level.PUBLIC or (by.organisation and by.organisation == organisation.public_id):
        return ALLOWED
    return Verdict(False, _("Corrections are proposed to what is public."))


def may_refile(by: ActorRef, row: Governed) -> Verdict:
    """Whether somebody may file a thing under other topics: a seat of its originator.

    Which of these seats may do so is decided in ``people``.
    """
    if by.kind is ActorKind.SEAT and by.organisation and by.organisation == row.originator.public_id:
        return ALLOWED
    told = {"organisation": row.originator.name}
    return Verdict(False, _("A thing is filed under topics by %(organisation)s, from which it comes.") % told)


def may_decide_correction(by: ActorRef, correction: Correction, at: datetime) -> Verdict:
    """Whether somebody may decide a correction: the organisation concerned, a network it is in, or the operator.

    Which seats of these may do so is decided in ``people``.
    """
    concerned = correction.organisation
    if by.kind in REGISTRARS:
        return ALLOWED
    if by.kind is ActorKind.SEAT and by.organisation:
        own = by.organisation == concerned.public_id
        ties = Spell.objects.filter(spells_in_force(at), link__subject=concerned, link__kind=LinkKind.MEMBERSHIP)
        if own or ties.filter(link__object__public_id=by.organisation).exists():
            return ALLOWED
    told = {"organisation": concerned.name}
    return Verdict(
        False,
        _("A correction is decided by %(organisation)s, by a network it is a member of, or by the operator.") % told,
    )


def may_reply(by: ActorRef, organisation: Organisation) -> Verdict:
    """An organisation's reply is its own: not even the operator writes it."""
    if by.kind is ActorKind.SEAT and by.organisation and by.organisation == organisation.public_id:
        return ALLOWED
    return Verdict(
        False, _("Only a seat of %(organisation)s may file its reply.") % {"organisation": organisation.name}
    )


@dataclass(frozen=True)
class Circles:
    """The circles a reader shares at one instant: own organisation and the networks it is surely tied to, by key."""

    organisation: int | None = None
    networks: Container[int] = ()


def may_see(
    row: Governed, actor: ActorRef, at: datetime, circles: Circles, *, in_body: bool = False, in_room: bool = False
) -> Verdict:
    """The single check on one governed row; says the same as ``models.visible`` says of a whole query."""
    released = row.embargo_until is None or row.embargo_until <= at
    if row.level == Level.PUBLIC and not row.safety_flag and released:
        return ALLOWED
    if actor.kind is not ActorKind.SEAT or circles.organisation is None:
        return Verdict(False, _("This is not public."))
    if row.originator_id == circles.organisation and row.level <= Level.ORGANISATION:
        return ALLOWED
    inside = row.network_id == circles.organisation or row.network_id in circles.networks
    shared = (
        (row.level == Level.NETWORK and released and inside)
        or (row.level == Level.BODY and in_body)
        or (row.level >= Level.ROOM and in_room)
    )
    if shared and not row.safety_flag:
        return ALLOWED
    return Verdict(False, _("This is shown to a narrower circle."))
