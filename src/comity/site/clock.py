"""The clock of each realm: the world's, and the story's, which stands just after its last entry."""

from datetime import UTC, datetime, timedelta

from comity.plain.levels import Realm
from comity.record.queries import last_instant


def now(realm: Realm) -> datetime:
    """The instant at which something happens in this realm now."""
    if realm is Realm.FICTION:
        last = last_instant(realm)
        if last is not None:
            return last + timedelta(minutes=1)
    return datetime.now(UTC)
