"""Closed talks for tests, made through the actions."""

from typing import Any

from comity.conftest import Cast
from comity.engagements.models import Engagement
from comity.engagements.tests.factories import talks
from comity.plain.levels import Level


def closed_talks(cast: Cast, **different: Any) -> Engagement:
    """Talks of the first party that only those who take part may read."""
    return talks(cast, **{"title": "Quiet talks zq7", "level": Level.BODY, "house_rule": "closed", **different})
