"""What pages and interface of this room begin with: the engagement that the reader may see."""

from comity.engagements.kinds import ENGAGEMENT
from comity.engagements.models import Engagement
from comity.plain.place import Place


def engagement_named(place: Place, public_id: str) -> Engagement:
    """The engagement, if this reader may see it and it stood on the page's day."""
    found: Engagement = ENGAGEMENT.one_of(ENGAGEMENT.standing(place), public_id)
    return found
