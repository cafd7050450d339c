"""The public thing of this room: the decision, at the fifth stage of the thread; and what it puts on desks."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from comity.decisions.models import Decision, DecisionQuerySet
from comity.decisions.queries import day_of, local_day
from comity.people.desk import Act, offer
from comity.people.models import Role, Seat
from comity.plain.actors import ActorRef
from comity.plain.kinds import Exit, Kind, declare
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.thread import Stage
from comity.registry.edges import here


def _visible(actor: ActorRef, at: datetime, realm: Realm) -> DecisionQuerySet:
    rows = Decision.objects.visible_to(actor, at).in_realm(realm)
    return rows.select_related(
        "network", "originator", "organ", "rules__document", "key__document", "rights__document__network"
    )


def _days(decision: Decision) -> tuple[date, date]:
    return day_of(decision), local_day(decision, decision.closed_at or decision.opened_at)


DECISION = declare(
    Kind(
        name="decision",
        model=Decision,
        title=lambda row: row.title,
        visible=_visible,
        realm_of=lambda row: Realm(row.network.realm),
        exits=frozenset({Exit.PAGE, Exit.LIST, Exit.API, Exit.SEARCH, Exit.FEED, Exit.THREAD, Exit.EXPORT}),
        stage=Stage.DECIDE,
        dated=_days,
        language_of=lambda row: row.language,
    )
)


def _open(place: Place, seat: Seat | None) -> str:
    assert seat is not None
    return here(place, "decision-open", network_id=seat.organisation.public_id)


def _list(place: Place, seat: Seat | None) -> str:
    return here(place, "decision-list")


offer(Act(_("Put a question to the vote"), _open, frozenset({Role.SECRETARIAT}), of_networks=True))
offer(Act(_("Give your organisation's votes in an open decision"), _list, frozenset({Role.HEAD, Role.OFFICER})))
