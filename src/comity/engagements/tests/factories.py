"""Engagements for tests, made through the actions."""

from datetime import UTC, datetime
from typing import Any

from comity.conftest import Cast
from comity.engagements.actions import convene
from comity.engagements.models import Engagement
from comity.plain.levels import Level

CONVENED = datetime(2026, 3, 2, 10, tzinfo=UTC)
STARTS, ENDS = datetime(2026, 4, 10, 8, tzinfo=UTC), datetime(2026, 4, 12, 15, tzinfo=UTC)


def talks(cast: Cast, **different: Any) -> Engagement:
    """Talks convened by the first party."""
    terms: dict[str, Any] = {
        "topics": ["peace"],
        "network": cast.network,
        "kind": "dialogue",
        "title": "Talks on the test shore",
        "capacity": "party",
        "place": "Testhaven",
        "country": "",
        "zone": "Europe/Paris",
        "starts": STARTS,
        "ends": ENDS,
        "house_rule": "non-attributed",
        "level": Level.PUBLIC,
        "organisation": cast.party,
        "by": cast.amina,
        "at": CONVENED,
    }
    return convene(**{**terms, **different})
