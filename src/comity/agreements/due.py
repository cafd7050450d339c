"""Agreements on desks and in calendars: what waits for a signature or a board, and what expires within 90 days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from comity.agreements import core, queries
from comity.agreements.access import SPEAKS_FOR_IT
from comity.agreements.core import State
from comity.agreements.models import Coalition, Handover
from comity.agreements.sheet import Party, Sheet, offer_on, sheet_of
from comity.people.desk import Due, Occasion, due_by, occasions_by
from comity.people.models import Seat
from comity.plain.duties import Duty
from comity.plain.kinds import called
from comity.plain.levels import Level
from comity.plain.place import Place
from comity.plain.time import instant
from comity.registry.edges import here


@due_by
def agreements(seat: Seat, place: Place) -> Iterable[Due]:
    """What each agreement of the seat's organisation asks of it on the page's day."""
    if seat.acts_as(place.at) not in SPEAKS_FOR_IT:
        return
    for row in queries.agreements(place).of(seat.organisation):
        told = sheet_of(row, place)
        own, other = sorted(told.parties, key=lambda one: one.organisation.pk != seat.organisation_id)
        if told.state is State.PROPOSED and own.signature is None:
            yield _due(told, other, seat, place, what="sign", until=row.starts)
        elif told.state is State.AWAITING and own.board == "awaited":
            yield _due(told, other, seat, place, what="board", until=row.starts)
        elif told.state is State.IN_FORCE and row.expires and not told.renewals and _near(row.expires, place):
            yield _due(told, other, seat, place, what="renew", until=row.expires)


@due_by
def convenings(seat: Seat, place: Place) -> Iterable[Due]:
    """The coalitions that another party offers the seat's party to convene."""
    if seat.acts_as(place.at) not in SPEAKS_FOR_IT:
        return
    waiting = Handover.objects.waiting().filter(taker=seat.organisation, answer_by__gte=place.as_of)
    for row in queries.coalitions(place).filter(pk__in=waiting.values("coalition")):
        offer = offer_on(row, place)
        if offer is not None:
            yield _to_convene(offer, row, place)


def _to_convene(offer: Handover, row: Coalition, place: Place) -> Due:
    named = {"title": called(row, place).words, "other": called(offer.giver, place).words}
    return Due(
        key=f"coalition:{row.public_id}:take-over",
        words=_("Say whether you convene “%(title)s”, offered by %(other)s") % named,
        until=offer.answer_by,
        zone=offer.taker.time_zone,
        state=Duty.NOT_DUE,
        owed_to=offer.giver,
        level=Level.ROOM,
        address=here(place, "coalition-act", public_id=row.public_id, act="take-over"),
        act=_("Accept or decline"),
        effect=_("Whoever convenes decides who reads it; until you accept, %(other)s goes on.") % named,
        duty=_("Coalition: %(title)s") % named,
    )


def _near(expires: date, place: Place) -> bool:
    return core.renew_from(expires) <= place.as_of


def _due(told: Sheet, other: Party, seat: Seat, place: Place, *, what: str, until: date) -> Due:
    row = told.agreement
    named = {"title": called(row, place).words, "other": called(other.organisation, place).words}
    words, act, effect = {
        "sign": (
            _("Sign “%(title)s”, proposed by %(other)s"),
            _("Read and sign"),
            _("It binds your party only by your own signature."),
        ),
        "board": (
            _("Say what your board decided on “%(title)s”"),
            _("Record what the board said"),
            _("Until then your party is shown as not bound."),
        ),
        "renew": (
            _("Renew “%(title)s” with %(other)s, or let it expire"),
            _("Renew it"),
            _("Unless it is renewed, it shows as expired after its last day."),
        ),
    }[what]
    return Due(
        key=f"agreement:{row.public_id}:{what}",
        words=words % named,
        until=until,
        zone=seat.organisation.time_zone,
        state=Duty.NOT_DUE if until >= place.as_of else Duty.SILENT,
        owed_to=other.organisation,
        level=row.entered_as(place.at),
        address=_address(row.public_id, what, place),
        act=act,
        effect=effect,
        duty=_("Agreement: %(title)s") % named,
    )


def _address(public_id: str, what: str, place: Place) -> str:
    if what == "renew":
        return f"{here(place, 'agreement-new')}?renews={public_id}"
    return here(place, f"agreement-{what}", public_id=public_id)


@occasions_by
def last_days(seat: Seat, place: Place) -> Iterable[Occasion]:
    """The last day of each agreement in force, while it is not yet near enough to stand among what is due."""
    if seat.acts_as(place.at) not in SPEAKS_FOR_IT:
        return
    for row in queries.agreements(place).of(seat.organisation).filter(expires__gt=place.as_of):
        if row.expires is None or _near(row.expires, place) or sheet_of(row, place).state is not State.IN_FORCE:
            continue
        noon = instant(row.expires, 12, 0, seat.organisation.time_zone)
        yield Occasion(
            key=f"agreement:{row.public_id}:expires",
            words=_("Last day of “%(title)s”") % {"title": called(row, place).words},
            starts=noon,
            ends=noon,
            zone=seat.organisation.time_zone,
            level=row.entered_as(place.at),
            whole_days=True,
        )
