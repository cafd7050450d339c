"""A seat as its holder carries it, for tests of every room: offered as it is always offered, and accepted by her."""

from typing import Any

from comity.people.actions import accept_seat, offer_seat
from comity.people.models import Seat
from comity.people.queries import operator


def grant_seat(**asked: Any) -> Seat:
    """Offer a seat with what ``offer_seat`` asks for, and let its person accept it at once."""
    seat = offer_seat(**asked)
    return accept_seat(seat, by=operator(seat.person), at=seat.recorded_at)
