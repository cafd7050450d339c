"""What this room puts on desks: protections and hidden links that await a second look, and levels to be reviewed."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from comity.people.desk import SPEAKING, Act, Due, due_by, offer
from comity.people.models import Role, Seat
from comity.people.queries import actor_of
from comity.plain.duties import Duty
from comity.plain.kinds import Kind, called, kind_named
from comity.plain.levels import Level
from comity.plain.place import Place
from comity.plain.time import day_in
from comity.registry.edges import here
from comity.registry.models import Governed
from comity.visibility import access
from comity.visibility.edges import reviews_of
from comity.visibility.models import Protection, ProtectionState

REVIEWED_WITHIN = timedelta(days=30)
DECIDED_WITHIN = timedelta(days=3)
SOON = timedelta(days=30)


@due_by
def protections_due(seat: Seat, place: Place) -> Iterator[Due]:
    """The protections that a seat may decide as the second person."""
    rows = Protection.objects.filter(Q(network=seat.organisation) | Q(originator=seat.organisation))
    rows = rows.filter(state=ProtectionState.ASKED, asked_at__lte=place.at, holds_until__gt=place.at)
    for row in rows.select_related("network", "originator"):
        if not access.may_decide_protection(actor_of(seat), place.at, row):
            continue
        until = row.meanwhile_until or row.asked_at + DECIDED_WITHIN
        yield Due(
            key=f"protection:{row.public_id}:decide",
            words=_("Decide whether the existence of a meeting is protected"),
            until=until,
            zone=row.network.time_zone,
            state=Duty.NOT_DUE if until > place.at else Duty.SILENT,
            owed_to=row.network,
            level=Level.SEALED,
            address=here(place, "protection-decide", public_id=row.public_id),
            act=_("Decide the protection"),
            effect=_(
                "Refused or left open, the public learns that the meeting takes place; what is said stays closed."
            ),
        )


@due_by
def link_reviews_due(seat: Seat, place: Place) -> Iterator[Due]:
    """The hidden links that a network's secretariat reviews."""
    for row in reviews_of(place).filter(state="open", link__object=seat.organisation):
        if not access.may_review_link(actor_of(seat), place.at, row):
            continue
        until = (row.asked_at + REVIEWED_WITHIN).date()
        yield Due(
            key=f"link-review:{row.public_id}:decide",
            words=_("Review the hidden link of %(party)s") % {"party": called(row.asked_for, place).words},
            until=until,
            zone=seat.organisation.time_zone,
            state=Duty.NOT_DUE if until >= place.at.date() else Duty.SILENT,
            owed_to=row.asked_for,
            level=Level.SEALED,
            address=here(place, "link-review", public_id=row.public_id),
            act=_("Review the link"),
        )


@due_by
def levels_due(seat: Seat, place: Place) -> Iterator[Due]:
    """What a seat's organisation said it would look at again: its level, a raised safety flag, how long it is kept."""
    if seat.role not in SPEAKING:
        return
    until = day_in(seat.organisation.time_zone, place.at) + SOON
    for name in access.LEVELS_OF:
        kind = kind_named(name)
        if kind is None:
            continue
        for row in kind.seen(place).filter(
            Q(review_on__lte=until) | Q(retain_until__lte=until), originator=seat.organisation
        ):
            if row.review_on and row.review_on <= until:
                what = "unflag" if row.safety_flag else "review"
                yield _due(row, kind, seat, place, what=what, until=row.review_on)
            if row.retain_until and row.retain_until <= until:
                yield _due(row, kind, seat, place, what="keep", until=row.retain_until)


def _due(row: Governed, kind: Kind, seat: Seat, place: Place, *, what: str, until: date) -> Due:
    """What is done by saying anew who reads a thing, or by lifting its flag."""
    words, act, effect = {
        "review": (
            _("Review who reads “%(title)s”"),
            _("Review who reads it"),
            _("Until you change it, it stays as it is; name a later day and you are asked again then."),
        ),
        "unflag": (
            _("Review the safety flag of “%(title)s”"),
            _("Lift the flag"),
            _("Until you lift it, it stays closed to everybody but your organisation."),
        ),
        "keep": (
            _("Close “%(title)s”, or keep it longer"),
            _("Close it or keep it"),
            _("Until you change it, it stays as it is; name a later day to keep it until then."),
        ),
    }[what]
    return Due(
        key=f"{kind.name}:{row.public_id}:{what}",
        words=words % {"title": called(row, place, kind).words},
        until=until,
        zone=seat.organisation.time_zone,
        state=Duty.NOT_DUE if until >= day_in(seat.organisation.time_zone, place.at) else Duty.SILENT,
        owed_to=seat.organisation,
        level=Level.ORGANISATION,
        address=here(
            place,
            "visibility-unflag" if what == "unflag" else "visibility-change",
            kind=kind.name,
            public_id=row.public_id,
        ),
        act=act,
        effect=effect,
    )


offer(Act(lazy("Hide a public link of your organisation"), lambda place, seat: here(place, "link-reviews"), SPEAKING))
offer(Act(lazy("Review hidden links"), lambda place, seat: here(place, "link-reviews"), operator=True))
offer(
    Act(
        lazy("Protected existence: what was asked, what awaits you"),
        lambda place, seat: here(place, "protections"),
        SPEAKING | {Role.MONITOR},
    )
)
