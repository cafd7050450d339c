"""Who may convene, register a delegation and report."""

from datetime import datetime
from enum import StrEnum

from django.db.models import Q
from django.utils.translation import gettext as _

from comity.engagements.models import ContactNote, Engagement
from comity.people.access import may_act
from comity.people.models import Role
from comity.people.queries import linked
from comity.plain.actors import ALLOWED, ActorKind, ActorRef, Verdict
from comity.plain.levels import Level
from comity.registry.models import Organisation

SPEAKS_FOR_IT = (Role.OFFICER, Role.HEAD)
OFFICE = (Role.SECRETARIAT,)


class Permission(StrEnum):
    """What this room lets somebody do."""

    ENGAGEMENT_CONVENE = "engagements:engagement:convene"
    DELEGATION_REGISTER = "engagements:delegation:register"
    REPORT_WRITE = "engagements:report:write"
    REPORT_READ = "engagements:report:read"
    REPORT_ERASE = "engagements:report:erase"
    YEAR_COUNT = "engagements:year:count"
    SEALS_OPEN = "engagements:seals:open"
    CONTACT_WRITE = "engagements:contact:write"
    CONTACT_REDUCE = "engagements:contact:reduce"


def may_convene(by: ActorRef, at: datetime, network: Organisation, organisation: Organisation) -> Verdict:
    """A member convenes through its officer or head of delegation, a network through its secretariat."""
    if organisation.pk == network.pk:
        return may_act(by, at, organisation=network, network=network, roles=OFFICE)
    return _of_member(by, at, network, organisation)


def _of_member(by: ActorRef, at: datetime, network: Organisation, organisation: Organisation) -> Verdict:
    verdict = may_act(by, at, organisation=organisation, network=network, roles=SPEAKS_FOR_IT)
    if verdict and not linked(organisation, network, at):
        told = {"organisation": organisation.name, "network": network.name}
        return Verdict(False, _("%(organisation)s does not belong to %(network)s at this time.") % told)
    return verdict


def may_register(by: ActorRef, at: datetime, engagement: Engagement, organisation: Organisation) -> Verdict:
    """A delegation is registered by its own organisation: registering accepts the house rule for it."""
    return may_act(by, at, organisation=organisation, network=engagement.network, roles=SPEAKS_FOR_IT)


def may_report(by: ActorRef, at: datetime, engagement: Engagement) -> Verdict:
    """The report is written by whoever convened, by a delegation that took part, or by the secretariat."""
    network = engagement.network
    if may_act(by, at, organisation=network, network=network, roles=OFFICE):
        return ALLOWED
    took_part = Organisation.objects.filter(
        Q(pk__in=engagement.participations.values("organisation_id")) | Q(pk=engagement.originator_id)
    )
    own = took_part.filter(public_id=by.organisation).first()
    if own is None:
        told = {"network": network.name}
        return Verdict(False, _("The report is written by those who met, or by the secretariat of %(network)s.") % told)
    return may_act(by, at, organisation=own, network=network, roles=SPEAKS_FOR_IT)


def may_read_report(by: ActorRef, engagement: Engagement) -> Verdict:
    """A report is public unless the house rule closed it; then those who took part read it."""
    if engagement.content_level == Level.PUBLIC:
        return ALLOWED
    own = by.organisation
    took_part = engagement.participations.filter(organisation__public_id=own)
    if own and (engagement.originator.public_id == own or took_part.exists()):
        return ALLOWED
    return Verdict(False, _("The house rule is “closed”: only the delegations that took part read what was said."))


def may_note_contact(by: ActorRef, at: datetime) -> Verdict:
    """Whoever holds a seat notes her own contacts, for the organisation that gave it."""
    return may_act(by, at)


def may_reduce_contact(by: ActorRef, at: datetime, note: ContactNote) -> Verdict:
    """The words of a note are erased by the worker when their time is over, or sooner by whoever sits in its room."""
    if by.kind is ActorKind.SYSTEM or ContactNote.objects.visible_to(by, at).filter(pk=note.pk).exists():
        return may_act(by, at, organisation=note.network) if by.kind is ActorKind.SEAT else ALLOWED
    return Verdict(False, _("The words of a note are erased by those who may read it."))


def may_erase_report(by: ActorRef, at: datetime, engagement: Engagement) -> Verdict:
    """A report is erased by the worker, once the day is over until which its originator keeps it."""
    over = engagement.retain_until is not None and engagement.retain_until < at.date()
    if by.kind is ActorKind.SYSTEM and over:
        return ALLOWED
    return Verdict(False, _("A report is erased once the day is over until which it is kept."))


def may_count_year(by: ActorRef) -> Verdict:
    """A year is counted by the clock: nobody types a number, and nobody chooses when."""
    if by.kind is ActorKind.SYSTEM:
        return ALLOWED
    return Verdict(False, _("A year is counted by the periodic work, as soon as it is over."))


def may_open_seals(by: ActorRef, at: datetime) -> Verdict:
    """Whoever holds a seat opens the seals of what that seat may know, to see that the year's count counted them."""
    return may_act(by, at)
