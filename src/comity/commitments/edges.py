"""What the pages and the JSON interface ask alike: which promises, and which one."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from comity.commitments.kinds import COMMITMENT
from comity.commitments.models import Commitment
from comity.commitments.queries import Promise, promises, with_filings
from comity.plain.duties import Duty
from comity.plain.place import Place


@dataclass(frozen=True)
class Asked:
    """What the address asks to see: one text, one state; anything else shows all."""

    text: str = ""
    state: str = ""

    @property
    def question(self) -> str:
        """The same, as the question of an address."""
        return urlencode({name: value for name, value in (("text", self.text), ("state", self.state)) if value})


def asked_of(request: HttpRequest) -> Asked:
    """Read what the address asks to see."""
    state = request.GET.get("state", "")
    return Asked(request.GET.get("text", "")[:16], state if state in set(Duty) else "")


def promises_asked(place: Place, asked: Asked) -> list[Promise]:
    """The promises that the reader may see on the page's day, those asked for."""
    rows = COMMITMENT.seen(place)
    if asked.text:
        rows = rows.filter(adoption__text__public_id=asked.text)
    found = promises(rows, place.as_of, place.known_by)
    return [promise for promise in found if promise.state == asked.state] if asked.state else found


def commitment_named(place: Place, public_id: str) -> Commitment:
    """A promise that the reader may see, with all that was filed about it."""
    row: Commitment = COMMITMENT.one_of(with_filings(COMMITMENT.standing(place)), public_id)
    return row
