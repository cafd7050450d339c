"""The public thing of this room: the engagement, at the first stage of the thread; and the act it puts on desks."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from comity.engagements.models import Engagement, EngagementQuerySet
from comity.people.desk import Act, offer
from comity.people.models import Role
from comity.plain.actors import ActorRef
from comity.plain.kinds import Exit, Kind, declare
from comity.plain.levels import Realm
from comity.plain.thread import Stage
from comity.registry.edges import here


def _visible(actor: ActorRef, at: datetime, realm: Realm) -> EngagementQuerySet:
    rows = Engagement.objects.visible_to(actor, at).in_realm(realm)
    return rows.select_related("network", "originator")


def _days(engagement: Engagement) -> tuple[date, date]:
    return engagement.first_day, engagement.last_day


ENGAGEMENT = declare(
    Kind(
        name="engagement",
        model=Engagement,
        title=lambda row: row.title,
        visible=_visible,
        realm_of=lambda row: row.realm,
        exits=frozenset({Exit.PAGE, Exit.LIST, Exit.API, Exit.SEARCH, Exit.FEED, Exit.THREAD}),
        stage=Stage.MEET,
        dated=_days,
        language_of=lambda row: row.language,
    )
)

offer(
    Act(
        _("Convene a meeting"),
        lambda place, seat: here(place, "engagement-new"),
        frozenset({Role.OFFICER, Role.HEAD, Role.SECRETARIAT}),
    )
)
