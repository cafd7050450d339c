"""What waits for a party's own board, on its desks."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from comity.people.desk import Ask, Due, due_by
from comity.people.models import Seat
from comity.plain.duties import Duty
from comity.plain.kinds import called
from comity.plain.place import Place
from comity.plain.time import day_in
from comity.registry.dates import short_day
from comity.registry.edges import here
from comity.texts.access import SPEAKS_FOR_IT
from comity.texts.kinds import TEXT
from comity.texts.models import AdReferendum


@due_by
def boards(seat: Seat, place: Place) -> Iterable[Due]:
    """What the seat's party agreed to subject to its board, answered or not."""
    if seat.acts_as(place.at) not in SPEAKS_FOR_IT:
        return []
    rows = AdReferendum.objects.filter(organisation=seat.organisation, at__lte=place.known_by)
    if seat.network_id:
        rows = rows.filter(adoption__text__network=seat.network)
    seen = TEXT.standing(place)
    rows = rows.filter(adoption__text__in=seen.values("pk")).select_related("adoption__text__network", "answer")
    return [_board(row, place) for row in rows]


def _board(row: AdReferendum, place: Place) -> Due:
    text, zone = row.adoption.text, row.adoption.text.network.time_zone
    answer = getattr(row, "answer", None)
    answered = day_in(zone, answer.at) if answer is not None and answer.at <= place.known_by else None
    until = row.board_meets or day_in(zone, row.at)
    told = {"text": called(text, place).words}
    if answered:
        state = Duty.KEPT if answered <= until or row.board_meets is None else Duty.LATE
    else:
        state = Duty.SILENT if row.board_meets and row.board_meets < place.as_of else Duty.NOT_DUE
    return Due(
        key=f"text:{text.public_id}:board",
        words=_("Say what your board decided on “%(text)s”") % told,
        until=until,
        zone=zone,
        state=state,
        owed_to=text.network,
        level=text.entered_as(place.at),
        address=here(place, "text-act", public_id=text.public_id, act="answer"),
        act=_("Record what the board said"),
        effect=_("Until it agrees, the clauses put to it do not bind your party."),
        source=row.article or _("ad referendum"),
        duty=_("Own board: %(text)s") % told,
        note=_board_note(row, answered=short_day(answered) if answered else ""),
        asks=(
            Ask("agrees", _("Your board"), choices=(("yes", _("agrees")), ("no", _("does not agree")))),
            Ask("words", _("Its words"), words=6000, required=False),
            Ask("language", given=place.language),
        ),
    )


def _board_note(row: AdReferendum, *, answered: str) -> str:
    if answered:
        return _("answered %(day)s") % {"day": answered}
    return "" if row.board_meets else _("no day named")
