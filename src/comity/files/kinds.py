"""The things of this room: papers, which only their own organisation reads, and files, each with its own circle."""

from datetime import datetime

from comity.files.models import Paper, PaperQuerySet, Upload
from comity.files.queries import seen_by
from comity.plain.actors import ActorRef
from comity.plain.kinds import Exit, Kind, declare
from comity.plain.levels import Realm
from comity.plain.topics import not_filed


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
        line=("title", "language", "network__realm"),
        titled=False,
        filed=not_filed("A paper never leaves its own organisation's room."),
    )
)


FILE = declare(
    Kind(
        name="file",
        model=Upload,
        title=lambda row: row.title,
        visible=seen_by,
        realm_of=lambda row: row.realm,
        exits=frozenset({Exit.PAGE, Exit.API, Exit.SEARCH, Exit.FEED, Exit.METADATA}),
        language_of=lambda row: row.language,
        line=("title", "language", "network__realm"),
        filed=not_filed("A file stands on the page of the thing it lies beside."),
    )
)
