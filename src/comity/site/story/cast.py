"""Who plays: nine parties of seven invented countries, the Concord's office, and the seats they act from."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from comity.deliberation.models import Conversation, Principle
from comity.engagements.models import Engagement
from comity.plain.actors import ActorKind, ActorRef
from comity.plain.ids import new_id
from comity.registry.models import Organ, Organisation
from comity.texts.models import Adoption, Text

ZONE = "Etc/GMT-2"
"""Orvane time: two hours ahead of Universal Time, all year."""


def on(year: int, month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    """An instant of the story, in Universal Time."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


BEGIN = on(2025, 8, 1)
"""The day on which the Concord and its parties are entered in the register."""

COUNTRIES = {
    "KELNIA": "Kelnia",
    "ORVANE": "Orvane",
    "TESMAR": "Tesmar",
    "LETHMARK": "Lethmark",
    "SARAVEL": "Saravel",
    "ISMARA": "Ismara",
    "MAROVAL": "Maroval",
}


@dataclass(frozen=True)
class Role:
    """A party of the story: its country, its votes, who leads its delegation and who writes its letters."""

    name: str
    country: str
    votes: int
    head: str
    officer: str


PARTIES: dict[str, Role] = {
    "kelnian": Role("Kelnian People's Assembly", "KELNIA", 6, "Tove Arrel", "Sanna Mirek"),
    "civic": Role("Orvane Civic Union", "ORVANE", 6, "Matti Corlane", "Ada Brisk"),
    "centre": Role("Tesmari Centre", "TESMAR", 5, "Ilen Dobray", "Rosa Varne"),
    "labour": Role("Orvane Labour League", "ORVANE", 4, "Bertil Oss", "Nika Salder"),
    "green": Role("Tesmari Green Accord", "TESMAR", 2, "Yara Finnow", "Pell Amsen"),
    "lethmark": Role("Lethmark Farmers and Fishers", "LETHMARK", 4, "Jorun Haldt", "Ines Talvor"),
    "saravel": Role("Saravel Renewal", "SARAVEL", 4, "Samir Odane", "Leila Marrow"),
    "ismaran": Role("Ismaran Liberal Forum", "ISMARA", 5, "Corin Estel", "Dagny Pruit"),
    "maroval": Role("Maroval Covenant", "MAROVAL", 4, "Anselm Grau", "Vesna Tolk"),
}
MEETING = tuple(name for name in PARTIES if name != "maroval")
"""Maroval takes no part in the meeting, in the opinions or in the vote, and gives no reason."""


@dataclass
class Company:
    """What the chapters hand on to each other: the rows they made and the seats their actors hold."""

    register: ActorRef = field(default_factory=lambda: ActorRef(ActorKind.OPERATOR, new_id()))
    """The operator of the instance, who may list organisations and give first seats, and nothing else here."""
    parties: dict[str, Organisation] = field(default_factory=dict)
    heads: dict[str, ActorRef] = field(default_factory=dict)
    officers: dict[str, ActorRef] = field(default_factory=dict)
    offices: dict[str, ActorRef] = field(default_factory=dict)
    organs: dict[str, Organ] = field(default_factory=dict)
    network: Organisation = field(init=False)
    talks: Engagement = field(init=False)
    conversation: Conversation = field(init=False)
    principles: dict[int, Principle] = field(default_factory=dict)
    congress: Engagement = field(init=False)
    declaration: Text = field(init=False)
    adoption: Adoption = field(init=False)

    def votes(self) -> dict[Organisation, int]:
        """The registered delegations with their votes: all but Maroval's."""
        return {self.parties[name]: PARTIES[name].votes for name in MEETING}


def day(year: int, month: int, number: int) -> date:
    """A day of the story."""
    return date(year, month, number)
