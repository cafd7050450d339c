"""What was prepared for an office and stands on no other date: replies that wait to be approved."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from comity.people.desk import Due, due_by
from comity.people.models import Seat
from comity.people.queries import drafts_before
from comity.plain.duties import Duty
from comity.plain.levels import Level
from comity.plain.place import Place
from comity.registry.access import Permission
from comity.registry.dates import short_day
from comity.registry.edges import here


@due_by
def replies(seat: Seat, place: Place) -> Iterable[Due]:
    """Each reply of the organisation that somebody prepared for this office."""
    waiting = [draft for draft in drafts_before(seat) if draft.act == Permission.REPLY_WRITE]
    return [
        Due(
            key=f"draft:{draft.public_id}:reply",
            words=_("Approve the reply to your organisation's page, prepared by the office"),
            until=place.as_of,
            zone=seat.organisation.time_zone,
            state=Duty.NOT_DUE,
            owed_to=seat.organisation,
            level=Level.ORGANISATION,
            address=here(place, "organisation-reply", public_id=seat.organisation.public_id),
            act=_("Read and approve"),
            effect=_("Nothing stands on the page until you approve; then it is public."),
            duty=_("Reply to your organisation's page"),
            note=_("prepared %(day)s") % {"day": short_day(draft.prepared_at)},
        )
        for draft in waiting
    ]
