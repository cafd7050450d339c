"""Who acts: every change names its actor, and every reading names its reader."""

from dataclasses import dataclass
from enum import StrEnum

from comity.plain.refusals import NotAllowed


class ActorKind(StrEnum):
    """In what capacity somebody acts."""

    SEAT = "seat"
    OFFICE = "office"
    OPERATOR = "operator"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class ActorRef:
    """Someone acting or reading in a stated capacity.

    ``id`` is the public id of the seat, office or operator (empty for system and anonymous). ``organisation`` is the
    public id of the organisation whose mandate a seat carries; only ``people`` fills it, from a seat in force.
    """

    kind: ActorKind
    id: str = ""
    organisation: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)


ANONYMOUS = ActorRef(ActorKind.ANONYMOUS)
SYSTEM = ActorRef(ActorKind.SYSTEM)


@dataclass(frozen=True)
class Verdict:
    """What an access rule answers: allowed or not, and the reason that is shown to the person refused."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(True)


def require(verdict: Verdict) -> None:
    """Go on when allowed; raise NotAllowed with the reason otherwise."""
    if not verdict:
        raise NotAllowed(reason=verdict.reason)
