"""Open conversations on the desks of the delegations that take part."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from comity.deliberation.access import DELEGATION
from comity.deliberation.kinds import CONVERSATION
from comity.deliberation.models import PlaceTaken
from comity.people.desk import Due, due_by
from comity.people.models import Seat
from comity.people.queries import counts_in
from comity.plain.duties import Duty
from comity.plain.kinds import called
from comity.plain.place import Place
from comity.registry.edges import here


@due_by
def conversations(seat: Seat, place: Place) -> Iterable[Due]:
    """Each conversation now open in which the seat's delegation takes part."""
    if seat.acts_as(place.at) not in DELEGATION:
        return []
    rows = CONVERSATION.standing(place).filter(
        delegations__organisation=seat.organisation, opens__lte=place.at, closes__gte=place.at, closed_at=None
    )
    return [
        Due(
            key=f"conversation:{row.public_id}:vote",
            words=_("Answer the statements in “%(title)s”, and add your own") % {"title": called(row, place).words},
            until=row.closes,
            zone=row.network.time_zone,
            state=Duty.NOT_DUE,
            owed_to=row.network,
            level=row.entered_as(place.at),
            address=here(place, "conversation-vote", public_id=row.public_id),
            act=_("Answer statements"),
            effect=_("You answer without a name. It binds nobody."),
            duty=_("Opinions: %(title)s") % {"title": called(row, place).words},
            note=_("place taken") if _placed(row.pk, seat) else "",
        )
        for row in rows.distinct()
        if counts_in(seat, row.network, place.at)
    ]


def _placed(conversation: int, seat: Seat) -> bool:
    return PlaceTaken.objects.filter(conversation=conversation, seat=seat.public_id).exists()
