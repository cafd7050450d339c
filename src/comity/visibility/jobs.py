"""What the clock brings: protections that ran out are written down."""

from datetime import datetime

from comity.plain.levels import Realm
from comity.visibility import actions
from comity.visibility.models import Protection, ProtectionState


def periodic(realm: Realm, at: datetime) -> list[str]:
    """Write down the protections that ran out."""
    ended = run_out(realm, at)
    return [f"{realm.value}: {ended} protections of existence ended"] if ended else []


def run_out(realm: Realm, at: datetime) -> int:
    """Write down the protections whose day has passed, asked or approved; return how many.

    The clock itself ends them: nothing is hidden a minute longer because this runs late, and it may run twice.
    """
    standing = [ProtectionState.APPROVED, ProtectionState.ASKED]
    rows = list(Protection.objects.filter(network__realm=realm, state__in=standing, holds_until__lte=at))
    for protection in rows:
        actions.expire(protection, at=at)
    return len(rows)
