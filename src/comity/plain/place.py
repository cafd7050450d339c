"""Where a reader stands: realm, language, reader, instant and the day the page shows."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from comity.plain.actors import ActorRef
from comity.plain.levels import Realm
from comity.plain.time import end_of


@dataclass(frozen=True)
class Place:
    """What every view needs to know of its request; ``site.middleware.Place`` sets it."""

    realm: Realm
    language: str
    actor: ActorRef
    at: datetime
    """The instant of the request; in the fiction the story's clock."""
    as_of: date
    """The day the page shows, from ``?on=YYYY-MM-DD``; the day of ``at`` otherwise."""
    memory: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was already asked for this request, e.g. names in the reader's language; gone with it."""

    @cached_property
    def known_by(self) -> datetime:
        """The last instant of the day the page shows that has been reached: nothing later may stand on it."""
        return end_of(self.as_of, self.at)

    @property
    def today(self) -> bool:
        """Whether the page shows the present day."""
        return self.as_of == self.at.date()

    @property
    def question(self) -> str:
        """``on=YYYY-MM-DD`` where the page shows another day, to be kept in its links; nothing today."""
        return "" if self.today else f"on={self.as_of}"

    def api(self, rest: str) -> str:
        """An address of the JSON interface in this realm."""
        return f"/fiction/api/v1/{rest}" if self.realm is Realm.FICTION else f"/api/v1/{rest}"

    @property
    def prefix(self) -> str:
        """The first part of every address here: ``/fiction/en`` or ``/en``."""
        return f"/fiction/{self.language}" if self.realm is Realm.FICTION else f"/{self.language}"


def place_of(request: Any) -> Place:
    """The place of a request."""
    place = request.place
    assert isinstance(place, Place)
    return place
