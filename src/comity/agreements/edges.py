"""What pages and interface of this room begin with: the agreement or coalition that the reader may see."""

from comity.agreements import queries
from comity.agreements.kinds import AGREEMENT, COALITION
from comity.agreements.models import Agreement, Coalition, Handover
from comity.agreements.sheet import offer_on
from comity.plain.place import Place
from comity.plain.refusals import NotVisible


def agreement_named(place: Place, public_id: str) -> Agreement:
    """The agreement, if this reader may see it and it stood on the page's day."""
    found: Agreement = AGREEMENT.one_of(queries.agreements(place), public_id)
    return found


def coalition_named(place: Place, public_id: str) -> Coalition:
    """The coalition, if this reader may see it and it stood on the page's day."""
    found: Coalition = COALITION.one_of(queries.coalitions(place), public_id)
    return found


def offer_named(place: Place, public_id: str) -> Handover:
    """The offer to convene a coalition that waits, if the reader's party made it or is asked."""
    offer = offer_on(coalition_named(place, public_id), place)
    if offer is None:
        raise NotVisible(kind="handover")
    return offer
