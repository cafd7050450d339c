"""Who may write in an organisation's own room, lay a file beside a thing, and take either away."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from comity.files.circles import belongs_to
from comity.files.models import Paper, Upload
from comity.people.access import may_act
from comity.people.models import Role
from comity.people.queries import linked
from comity.plain.actors import ActorRef, Verdict
from comity.plain.refs import Ref
from comity.registry.models import Organisation, OrganisationKind


class Permission(StrEnum):
    """What this room lets somebody do."""

    PAPER_WRITE = "files:paper:write"
    PAPER_PUT_AWAY = "files:paper:put-away"
    UPLOAD_WRITE = "files:upload:write"
    UPLOAD_TAKE_BACK = "files:upload:take-back"


def may_write(by: ActorRef, at: datetime, organisation: Organisation) -> Verdict:
    """Any seat of an organisation writes in its room, whoever prepares for an office included."""
    return may_act(by, at, organisation=organisation)


def may_put_away(by: ActorRef, at: datetime, paper: Paper) -> Verdict:
    """What a seat of the organisation may write, a seat of it may put away."""
    return may_write(by, at, paper.network)


SPEAKS_FOR_IT = (Role.OFFICER, Role.HEAD, Role.SECRETARIAT)


def may_upload(
    by: ActorRef, at: datetime, organisation: Organisation, network: Organisation, beside: Ref | None = None
) -> Verdict:
    """Any seat adds to its organisation's own room; beside things whoever speaks for an organisation of theirs.

    What no network governs, such as an agreement, is open to the organisations that belong to its circle.
    """
    governs = network.kind == OrganisationKind.NETWORK
    if organisation.pk == network.pk and (governs or beside is None):
        return may_act(by, at, organisation=organisation)
    if not governs:
        verdict = may_act(by, at, organisation=organisation, roles=SPEAKS_FOR_IT)
        takes_part = beside is not None and belongs_to(beside, by, at)
        return verdict if not verdict or takes_part else Verdict(False, _("Only those who take part add files here."))
    verdict = may_act(by, at, organisation=organisation, network=network, roles=SPEAKS_FOR_IT)
    if verdict and not linked(organisation, network, at):
        told = {"organisation": organisation.name, "network": network.name}
        return Verdict(False, _("%(organisation)s does not belong to %(network)s at this time.") % told)
    return verdict


def may_take_back(by: ActorRef, at: datetime, upload: Upload) -> Verdict:
    """A file is taken back by whoever could have laid it there."""
    return may_upload(by, at, upload.originator, upload.network, upload.beside)
