"""What an amendment or a text is at an instant, from the dated acts that touched it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AmendmentState(StrEnum):
    """What became of an amendment."""

    OPEN = "open"
    AT_THE_VOTE = "at-the-vote"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not-adopted"
    MERGED = "merged"
    NOT_PUT = "not-put"
    WITHDRAWN = "withdrawn"


class TextState(StrEnum):
    """Where a text stands."""

    DRAFT = "draft"
    AT_THE_VOTE = "at-the-vote"
    NOT_ADOPTED = "not-adopted"
    AWAITING_RECORD = "awaiting-record"
    ADOPTED = "adopted"
    OPEN_FOR_SIGNATURE = "open-for-signature"
    PUBLISHED = "published"


@dataclass(frozen=True)
class SigningOff:
    """A version put before parties for signature: since when, until when it stood so, from which minute public."""

    opened: datetime
    taken_back: datetime | None = None
    published: datetime | None = None

    def state_at(self, instant: datetime) -> "TextState | None":
        """Where it stands at an instant; None before it was opened and after it was taken back."""
        if self.opened > instant or (self.taken_back is not None and self.taken_back <= instant):
            return None
        issued = self.published is not None and self.published <= instant
        return TextState.PUBLISHED if issued else TextState.OPEN_FOR_SIGNATURE


@dataclass(frozen=True)
class Ballot:
    """One vote: when it opened, when it closed (None while open), whether it adopted."""

    opened: datetime
    closed: datetime | None
    adopted: bool

    def seen_at(self, instant: datetime) -> "Ballot | None":
        """The vote as known at an instant: not yet opened, open, or closed."""
        if self.opened > instant:
            return None
        if self.closed is None or self.closed > instant:
            return Ballot(self.opened, None, False)
        return self


@dataclass(frozen=True)
class AmendmentFacts:
    """The dated acts upon an amendment."""

    ballot: Ballot | None = None
    merged: datetime | None = None
    not_put: datetime | None = None
    withdrawn: datetime | None = None


def amendment_state(facts: AmendmentFacts, instant: datetime) -> AmendmentState:
    """What the amendment is at an instant; later acts are not known."""
    if facts.withdrawn and facts.withdrawn <= instant:
        return AmendmentState.WITHDRAWN
    if facts.merged and facts.merged <= instant:
        return AmendmentState.MERGED
    if facts.not_put and facts.not_put <= instant:
        return AmendmentState.NOT_PUT
    ballot = facts.ballot.seen_at(instant) if facts.ballot else None
    if ballot is None:
        return AmendmentState.OPEN
    if ballot.closed is None:
        return AmendmentState.AT_THE_VOTE
    return AmendmentState.ADOPTED if ballot.adopted else AmendmentState.NOT_ADOPTED


def text_state(
    last: Ballot | None,
    adopted: datetime | None,
    revised: datetime,
    instant: datetime,
    signing: SigningOff | None = None,
) -> TextState:
    """Where the text stands at an instant, from its latest vote, adoption, version, and opening for signature."""
    if adopted and adopted <= instant:
        return TextState.ADOPTED
    before_parties = signing.state_at(instant) if signing else None
    if before_parties is not None:
        return before_parties
    ballot = last.seen_at(instant) if last else None
    if ballot is None or (ballot.closed is not None and ballot.closed < revised <= instant):
        return TextState.DRAFT
    if ballot.closed is None:
        return TextState.AT_THE_VOTE
    return TextState.AWAITING_RECORD if ballot.adopted else TextState.NOT_ADOPTED
