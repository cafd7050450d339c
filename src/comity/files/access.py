"""Who may write in an organisation's own room: its own seats, and nobody else."""

from datetime import datetime
from enum import StrEnum

from comity.files.models import Paper
from comity.people.access import may_act
from comity.plain.actors import ActorRef, Verdict
from comity.registry.models import Organisation


class Permission(StrEnum):
    """What this room lets somebody do."""

    PAPER_WRITE = "files:paper:write"
    PAPER_PUT_AWAY = "files:paper:put-away"


def may_write(by: ActorRef, at: datetime, organisation: Organisation) -> Verdict:
    """Any seat of an organisation writes in its room, whoever prepares for an office included."""
    return may_act(by, at, organisation=organisation)


def may_put_away(by: ActorRef, at: datetime, paper: Paper) -> Verdict:
    """What a seat of the organisation may write, a seat of it may put away."""
    return may_write(by, at, paper.network)
