"""What the acts on a text leave in the record: each one entry, for whoever may read the text at that instant."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from comity.plain.actors import ActorRef
from comity.plain.refs import Ref
from comity.record.actions import append
from comity.record.core.jcs import Json
from comity.texts.models import Text


def enter(
    type: str,
    text: Text,
    facts: Mapping[str, Json],
    *,
    subject: Ref | None = None,
    because: Sequence[Ref] = (),
    by: ActorRef,
    at: datetime,
) -> None:
    """Write the entry of an act on a text; ``subject`` is what it is about where that has an id of its own, and then
    the entry arises from the text.
    """
    about = Ref("text", text.public_id)
    append(
        type,
        realm=text.realm,
        subject=subject or about,
        by=by,
        at=at,
        level=text.entered_as(at),
        facts=facts,
        because=[about, *because] if subject else because,
    )
