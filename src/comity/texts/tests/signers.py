"""Parties that sign: a key in a file for each head, issued by herself, and what she hands in."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comity.people.keys.actions import issue_key
from comity.record.signing.actions import NewKey
from comity.record.tests.passkeys import KeyFile
from comity.texts import actions
from comity.texts.actions import SignatureGiven
from comity.texts.core.clauses import ClauseKind
from comity.texts.core.drafts import ClauseDraft
from comity.texts.models import PartySignature, Text
from comity.texts.queries import fingerprint, paper_of
from comity.texts.tests.congress import AT, Congress

HOUSE = "https://comity.example.org"


@dataclass
class Signers:
    """The heads of a congress with their keys."""

    congress: Congress
    keys: dict[int, KeyFile] = field(default_factory=dict)

    def key(self, place: int) -> KeyFile:
        """The key of a head, issued when first asked for."""
        if place not in self.keys:
            self.keys[place] = KeyFile()
            party, head = self.congress.parties[place], self.congress.heads[place]
            issue_key(party, NewKey(self.keys[place].key), by=head, at=AT, house=HOUSE)
        return self.keys[place]

    def given(self, text: Text, place: int, at: datetime, **more: Any) -> SignatureGiven:
        """What a head hands in under the paper of an instant."""
        paper = paper_of(text, at) or ""
        return SignatureGiven(self.key(place).sign(paper.encode()).armored(), fingerprint(paper), **more)

    def sign(self, text: Text, place: int, at: datetime, **more: Any) -> PartySignature:
        """Let a head sign."""
        return actions.sign(
            text,
            self.given(text, place, at, **more),
            organisation=self.congress.parties[place],
            by=self.congress.heads[place],
            at=at,
        )


def statement(congress: Congress, at: datetime = AT, **more: Any) -> Text:
    """A joint statement drafted by the first party for the eyes of the network."""
    from comity.plain.levels import Level

    clauses = (
        ClauseDraft("c0", ClauseKind.OPINION, "1", "The tides are the common concern of all shores."),
        ClauseDraft("c1", ClauseKind.OPINION, "2", "No shore is safe alone — زملاء."),
    )
    told: dict[str, Any] = {
        "topics": ["water"],
        "network": congress.network,
        "title": "Joint statement on the tides",
        "language": "en",
        "kind": "statement",
        "blocks": clauses,
        "originator": congress.parties[0],
        "level": Level.NETWORK,
        "by": congress.heads[0],
        "at": at,
    }
    return actions.draft(**(told | more))
