"""The thing of this room: the paper, which leaves by one page and for its own organisation only."""

from datetime import datetime

from comity.files.models import Paper, PaperQuerySet
from comity.plain.actors import ActorRef
from comity.plain.kinds import Exit, Kind, declare
from comity.plain.levels import Realm


def _papers(actor: ActorRef, at: datetime, realm: Realm) -> PaperQuerySet:
    return Paper.objects.visible_to(actor, at).in_realm(realm).select_related("network", "originator")


PAPER = declare(
    Kind(
        name="paper",
        model=Paper,
        title=lambda row: row.title,
        visible=_papers,
        realm_of=lambda row: row.realm,
        exits=frozenset({Exit.PAGE}),
        language_of=lambda row: row.language,
        titled=False,
    )
)
