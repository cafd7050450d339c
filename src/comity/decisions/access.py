"""Who may open, vote and close. The secretariat conducts the vote; each organisation's own seats give its votes."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from comity.decisions.models import Decision
from comity.people.access import require_in_force
from comity.people.models import Role
from comity.people.queries import holds
from comity.plain.actors import ALLOWED, ActorRef, Verdict
from comity.registry import access as registry
from comity.registry.access import Circles
from comity.registry.models import Organisation
from comity.registry.queries import inside

VOTING = frozenset({Role.HEAD, Role.OFFICER})


class Permission(StrEnum):
    """What this room lets somebody do."""

    DECISION_OPEN = "decisions:decision:open"
    VOTE_CAST = "decisions:vote:cast"
    DECISION_CLOSE = "decisions:decision:close"


def may_open(by: ActorRef, network: Organisation, at: datetime) -> Verdict:
    """A vote is opened by the secretariat of its network."""
    return _secretariat(by, network, at)


def may_close(by: ActorRef, decision: Decision, at: datetime) -> Verdict:
    """A vote is closed by the secretariat of its network."""
    return _secretariat(by, decision.network, at)


def _secretariat(by: ActorRef, network: Organisation, at: datetime) -> Verdict:
    require_in_force(by, at)
    if holds(by, at, organisation=network, roles={Role.SECRETARIAT}):
        return ALLOWED
    told = {"network": network.name}
    return Verdict(False, _("Votes of %(network)s are opened and closed by its own secretariat.") % told)


def may_see(decision: Decision, actor: ActorRef, at: datetime) -> Verdict:
    """The single check on one decision; says the same as ``Decision.objects.visible_to`` of all."""
    if decision.opened_at > at:
        return Verdict(False, _("This vote is not open yet."))
    own = Organisation.objects.filter(public_id=actor.organisation).first() if actor.organisation else None
    circles = Circles(own.pk, inside(actor, at)) if own else Circles()
    in_body = own is not None and decision.entitlements.filter(organisation=own, allocated__gt=0).exists()
    return registry.may_see(decision, actor, at, circles, in_body=in_body)


def may_cast(by: ActorRef, decision: Decision, organisation: Organisation, at: datetime) -> Verdict:
    """An organisation's votes are given by its own head of delegation or officer, whose seat counts in this network."""
    require_in_force(by, at)
    if holds(by, at, organisation=organisation, network=decision.network, roles=VOTING):
        return ALLOWED
    told = {"organisation": organisation.name, "network": decision.network.name}
    reason = _("The votes of %(organisation)s in %(network)s are given by its own head of delegation or officer.")
    return Verdict(False, reason % told)
