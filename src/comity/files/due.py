"""The party's own room beside the desk."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from comity.files.kinds import PAPER
from comity.files.queries import on_the_table
from comity.people.desk import Line, Shelf, shelf_by
from comity.people.models import Seat
from comity.plain.levels import Level
from comity.plain.place import Place
from comity.registry.dates import day_in_words
from comity.registry.edges import here

NEWEST = 3


@shelf_by
def own_room(seat: Seat, place: Place) -> Shelf:
    """The papers written last in the own room of the seat's organisation."""
    papers: Sequence[Any] = list(on_the_table(PAPER.seen(place).filter(network=seat.organisation))[:NEWEST])
    return Shelf(
        key="own-room",
        title=_("Private room"),
        level=Level.ORGANISATION,
        lines=tuple(
            Line(
                paper.title,
                PAPER.address(paper, place.language),
                _("%(kind)s, version %(number)s of %(day)s")
                % {
                    "kind": paper.get_kind_display(),
                    "number": paper.version,
                    "day": day_in_words(paper.written_at.date()),
                },
                paper.language,
            )
            for paper in papers
        ),
        empty=_("No paper lies here yet: mandates, notes and drafts that only your party may read."),
        ways=((_("Write a paper"), here(place, "paper-new")), (_("Enter the room"), here(place, "own-room"))),
        told=_(
            "Not shown to the secretariat, nor on the operator's pages. Whoever runs this machine could still read its "
            "database. What must not be readable there belongs on your party's own instance."
        ),
    )
