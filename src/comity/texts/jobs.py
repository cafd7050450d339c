"""What the clock brings: a statement whose minute has come is written down as published."""

from datetime import datetime

from comity.plain.levels import Realm
from comity.texts import actions
from comity.texts.models import Publication


def periodic(realm: Realm, at: datetime) -> list[str]:
    """Write down what was published since the last time."""
    due = Publication.objects.filter(at__lte=at, recorded_at=None, sign_off__version__text__network__realm=realm)
    waiting = due.select_related("sign_off__version__text__network").order_by("at", "id")
    written = sum(actions.record_publication(row, at=at) for row in waiting)
    return [f"{realm.value}: {written} statements published"] if written else []
