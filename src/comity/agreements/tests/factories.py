"""Agreements and coalitions for tests, made through the actions."""

from datetime import UTC, date, datetime
from typing import Any

from comity.agreements import actions
from comity.agreements.models import Agreement, Coalition
from comity.conftest import Cast
from comity.plain.levels import Attribution, Level
from comity.visibility.core import Terms

PROPOSED = datetime(2026, 3, 2, 10, tzinfo=UTC)
STARTS, EXPIRES = date(2026, 4, 1), date(2027, 3, 31)
OPEN = Terms(Level.PUBLIC, Attribution.ORGANISATION)


def proposed(cast: Cast, **different: Any) -> Agreement:
    """An agreement proposed and signed by the first party to the second."""
    told: dict[str, Any] = {
        "organisation": cast.party,
        "counterpart": cast.other_party,
        "title": "Exchange of test councillors",
        "language": "en",
        "scope": "Councillors of either shore spend a month with the other.",
        "words": "Each party receives ten councillors a year.",
        "starts": STARTS,
        "expires": EXPIRES,
        "topics": ["water"],
        "authority": "Decision of the board of 1 March 2026",
        "ad_referendum": False,
        "terms": OPEN,
        "by": cast.amina,
        "at": PROPOSED,
    }
    return actions.propose(**told | different)


def agreed(cast: Cast, **different: Any) -> Agreement:
    """The same, signed by both."""
    row = proposed(cast, **different)
    actions.sign(
        row,
        organisation=cast.other_party,
        authority="Mandate of the congress of 2025",
        ad_referendum=False,
        by=cast.chen,
        at=PROPOSED,
    )
    return row


def founded(cast: Cast, **different: Any) -> Coalition:
    """A coalition convened by the first party."""
    told: dict[str, Any] = {
        "organisation": cast.party,
        "title": "Coalition for clean test shores",
        "language": "en",
        "purpose": "That no waste reaches the sea.",
        "starts": date(2026, 3, 2),
        "until": None,
        "topics": ["water"],
        "authority": "Decision of the board of 1 March 2026",
        "terms": OPEN,
        "by": cast.amina,
        "at": PROPOSED,
    }
    return actions.found(**told | different)
