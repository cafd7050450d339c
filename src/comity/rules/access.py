"""Who may enter rules: the network's secretariat and the operator. Everybody may read them."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from comity.people.access import require_in_force
from comity.people.models import Role
from comity.people.queries import holds
from comity.plain.actors import ALLOWED, ActorKind, ActorRef, Verdict
from comity.registry.models import Organisation


class Permission(StrEnum):
    """What this room lets somebody do."""

    VERSION_WRITE = "rules:version:write"


def may_adopt(by: ActorRef, network: Organisation, at: datetime) -> Verdict:
    """A rule, naming who adopted it, is entered by the secretariat of its own network, or by the operator."""
    if by.kind is ActorKind.OPERATOR:
        return ALLOWED
    require_in_force(by, at)
    if holds(by, at, organisation=network, roles={Role.SECRETARIAT}):
        return ALLOWED
    told = {"network": network.name}
    return Verdict(False, _("Rules of %(network)s are entered by its own secretariat.") % told)
