"""Periodic work of this room: bytes that no row claims are removed, for the act that brought them was undone."""

from datetime import UTC, datetime

from comity.files import store
from comity.files.models import Upload
from comity.plain.levels import Realm


def periodic(realm: Realm, at: datetime) -> list[str]:
    """Sweep the store; it is one for both realms, and its files bear the world's time."""
    claimed = set(Upload.objects.filter(taken_back_at=None).values_list("place", flat=True))
    swept = store.sweep(claimed, datetime.now(UTC))
    return [f"files: {swept} unclaimed files removed"] if swept else []
