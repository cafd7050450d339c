"""What pages and API of this room begin with: the decision that the reader may see."""

from comity.decisions import queries
from comity.decisions.kinds import DECISION
from comity.decisions.models import Decision
from comity.plain.place import Place
from comity.plain.refusals import Refusal


class VoteStillOpen(Refusal):
    """The file of a decision is published when its vote is closed; until then nobody sees the others' votes."""

    code = "vote-still-open"


def decision_named(place: Place, public_id: str) -> Decision:
    """A decision that the reader may see; refuse as not visible otherwise."""
    rows = DECISION.seen(place).prefetch_related(*queries.COUNTED)
    decision: Decision = DECISION.one_of(rows, public_id)
    return decision
