"""Who decides who reads what: the originator alone opens and narrows; two persons protect existence."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from comity.people.access import may_act, require_in_force
from comity.people.desk import SPEAKING
from comity.people.models import Role
from comity.people.queries import seat_of
from comity.plain.actors import ALLOWED, ActorKind, ActorRef, Verdict
from comity.plain.levels import Level
from comity.registry.models import Governed, Link, Organisation
from comity.visibility.models import LinkReview, Protection

_SHARED = (Level.PUBLIC, Level.NETWORK, Level.ORGANISATION)
_WITH_BODY = (Level.PUBLIC, Level.NETWORK, Level.BODY, Level.ORGANISATION)
_OF_PARTIES = (Level.PUBLIC, Level.BODY, Level.ORGANISATION)
"""What no network governs has no circle of a network."""
LEVELS_OF: Mapping[str, tuple[Level, ...]] = {
    "engagement": (*_WITH_BODY, Level.ROOM),
    "agreement": _OF_PARTIES,
    "coalition": _OF_PARTIES,
    "conversation": _WITH_BODY,
    "principle": _WITH_BODY,
    "decision": _WITH_BODY,
    "text": _SHARED,
    "amendment": _SHARED,
    "commitment": _SHARED,
}
"""The levels each kind may be given: those whose circle it has. What stands in no row keeps the level it began with."""
PROTECTABLE = frozenset({"engagement"})
"""Kinds whose existence the public learns even where it may not read them; only that needs protection."""
APPROVING = (Role.SECRETARIAT, Role.MONITOR)


class Permission(StrEnum):
    """What this room lets somebody do."""

    DEFAULT_ADOPT = "visibility:default:adopt"
    TERMS_WRITE = "visibility:terms:write"
    FLAG_RAISE = "visibility:flag:raise"
    FLAG_LIFT = "visibility:flag:lift"
    PROTECTION_ASK = "visibility:protection:ask"
    PROTECTION_DECIDE = "visibility:protection:decide"
    PROTECTION_READ = "visibility:protection:read"
    LINK_HIDE = "visibility:link:hide"
    LINK_REVIEW = "visibility:link:review"


def may_adopt_default(by: ActorRef, at: datetime, network: Organisation) -> Verdict:
    """A network's own defaults are adopted by its secretariat."""
    return may_act(by, at, organisation=network, network=network, roles=(Role.SECRETARIAT,))


def may_change(by: ActorRef, at: datetime, row: Governed) -> Verdict:
    """Only whoever speaks for the originator opens or narrows a thing: originator control."""
    return may_act(by, at, organisation=row.originator, roles=SPEAKING)


def may_raise_flag(by: ActorRef, at: datetime, row: Governed) -> Verdict:
    """Any seat of the originator may close a thing at once."""
    return may_act(by, at, organisation=row.originator)


def may_ask_protection(by: ActorRef, at: datetime, row: Governed) -> Verdict:
    """Protection is asked by whoever speaks for the originator."""
    return may_change(by, at, row)


def may_decide_protection(by: ActorRef, at: datetime, protection: Protection) -> Verdict:
    """A second person: the network's secretariat or monitor, or another officer of the originator."""
    require_in_force(by, at)
    seat = seat_of(by, at)
    if seat is not None and seat.person_id == protection.asked_by_id:
        return Verdict(False, _("Two different persons protect that something exists; you asked for it yourself."))
    network, originator = protection.network, protection.originator
    if may_act(by, at, organisation=network, network=network, roles=APPROVING):
        return ALLOWED
    if may_act(by, at, organisation=originator, network=network, roles=SPEAKING):
        return ALLOWED
    told = {"network": network.name, "organisation": originator.name}
    return Verdict(
        False,
        _(
            "This is decided by the secretariat or a monitor of %(network)s, or by another officer of %(organisation)s."
        )
        % told,
    )  # fmt: skip


def may_lift_protection(by: ActorRef, at: datetime, protection: Protection) -> Verdict:
    """Whoever speaks for the originator ends its protection, alone."""
    return may_act(by, at, organisation=protection.originator, roles=SPEAKING)


def may_hide_link(by: ActorRef, at: datetime, link: Link) -> Verdict:
    """A seat of either end asks that a public link be hidden; it is hidden at once."""
    ends = {link.subject.public_id, link.object.public_id}
    require_in_force(by, at)
    seat = seat_of(by, at)
    if seat is not None and seat.organisation.public_id in ends:
        return ALLOWED
    return Verdict(False, _("Only the two organisations that a link ties ask for its review."))


def may_review_link(by: ActorRef, at: datetime, review: LinkReview) -> Verdict:
    """The registrar reviews it, or the network's secretariat where the network did not ask itself."""
    if by.kind is ActorKind.OPERATOR:
        return ALLOWED
    network = review.link.object
    if review.asked_for_id == network.pk:
        return Verdict(False, _("What a network asked for itself is reviewed by the registrar."))
    return may_act(by, at, organisation=network, network=network, roles=(Role.SECRETARIAT, Role.REGISTRAR))


def may_show_link(by: ActorRef, at: datetime, review: LinkReview) -> Verdict:
    """Whoever speaks for the party that asked takes its request back."""
    return may_act(by, at, organisation=review.asked_for, roles=SPEAKING)
