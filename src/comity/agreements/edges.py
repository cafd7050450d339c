"""What pages and interface of this room begin with: the agreement or coalition that the reader may see."""

from comity.agreements import queries
from comity.agreements.kinds import AGREEMENT, COALITION
from comity.agreements.models import Agreement, Coalition
from comity.plain.place import Place


def agreement_named(place: Place, public_id: str) -> Agreement:
    """The agreement, if this reader may see it and it stood on the page's day."""
    found: Agreement = AGREEMENT.one_of(queries.agreements(place), public_id)
    return found


def coalition_named(place: Place, public_id: str) -> Coalition:
    """The coalition, if this reader may see it and it stood on the page's day."""
    found: Coalition = COALITION.one_of(queries.coalitions(place), public_id)
    return found
