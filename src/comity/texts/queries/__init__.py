"""Reading joint texts: where each stands on a day, who stands behind it, and the whole edition with its dissent."""

from comity.texts.queries.edition import (
    ClauseView,
    DissentView,
    Edition,
    EditionRow,
    ReadingView,
    edition_of,
    rendered,
    title_for,
    title_in,
)
from comity.texts.queries.standing import (
    PartyStanding,
    StandingKey,
    StandingRow,
    bound_parties,
    decision_shown,
    standing_behind,
)
from comity.texts.queries.states import (
    adoption_on,
    amendment_state_on,
    as_worded,
    carried,
    latest_version,
    text_state_on,
    version_at_vote,
    version_on,
    words_in,
)

__all__ = [
    "ClauseView",
    "DissentView",
    "Edition",
    "EditionRow",
    "PartyStanding",
    "ReadingView",
    "StandingKey",
    "StandingRow",
    "adoption_on",
    "amendment_state_on",
    "as_worded",
    "bound_parties",
    "carried",
    "decision_shown",
    "edition_of",
    "latest_version",
    "rendered",
    "standing_behind",
    "text_state_on",
    "title_for",
    "title_in",
    "version_at_vote",
    "version_on",
    "words_in",
]
