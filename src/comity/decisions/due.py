"""Open votes on the desks of those who give them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from comity.decisions.access import VOTING
from comity.decisions.kinds import DECISION
from comity.decisions.models import Decision, Vote
from comity.decisions.words import own_vote
from comity.people.desk import Due, due_by
from comity.people.models import Role, Seat
from comity.people.queries import counts_in
from comity.plain.duties import Duty
from comity.plain.kinds import called
from comity.plain.place import Place
from comity.registry.edges import here


@due_by
def votes(seat: Seat, place: Place) -> Iterable[Due]:
    """Each vote now open in which the seat's organisation holds votes, given or not."""
    if seat.acts_as(place.at) not in VOTING:
        return []
    held = Q(entitlements__organisation=seat.organisation, entitlements__allocated__gt=0)
    unended = Q(closes_at=None) | Q(closes_at__gte=place.at)
    rows = DECISION.standing(place).filter(held, unended, closed_at=None).distinct()
    return [_vote(row, seat, place) for row in rows if counts_in(seat, row.network, place.at)]


def _vote(row: Decision, seat: Seat, place: Place) -> Due:
    given = Vote.objects.filter(decision=row, organisation=seat.organisation).first()
    told = {"title": called(row, place).words}
    return Due(
        key=f"decision:{row.public_id}:vote",
        words=_("Give your votes on “%(title)s”") % told,
        until=row.closes_at or place.as_of,
        zone=row.zone,
        state=Duty.KEPT if given else Duty.NOT_DUE,
        owed_to=row.network,
        level=row.entered_as(place.at),
        address=here(place, "decision-cast", public_id=row.public_id),
        act=_("Give your votes"),
        effect=_("Nothing is cast by opening the ballot. Others see your votes when the vote is closed."),
        source=_("no. %(number)s") % {"number": row.number},
        duty=_("Vote: %(title)s") % told,
        note=own_vote(given) if given else "" if row.closes_at else _("until the chair closes it"),
    )


@due_by
def to_close(seat: Seat, place: Place) -> Iterable[Due]:
    """Votes whose time is over, on the desk of the secretariat that closes them."""
    if seat.acts_as(place.at) != Role.SECRETARIAT:
        return []
    rows = DECISION.standing(place).filter(network=seat.organisation, closed_at=None, closes_at__lt=place.at)
    return [
        Due(
            key=f"decision:{row.public_id}:close",
            words=_("Close the vote on “%(title)s” and have it counted") % {"title": called(row, place).words},
            until=row.closes_at,
            zone=row.zone,
            state=Duty.NOT_DUE,
            owed_to=row.network,
            level=row.entered_as(place.at),
            address=here(place, "decision-close", public_id=row.public_id),
            act=_("Close the vote"),
            effect=_("The count follows the rules pinned to the vote; nobody can change it afterwards."),
            asks=(),
        )
        for row in rows
    ]
