"""Reading conversations: votes as the engine takes them, how far a voter is, and what a drawn map shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from comity.deliberation.models import (
    Conversation,
    MapRun,
    OpinionVote,
    Participant,
    Principle,
    SourceRole,
    Statement,
)
from comity.plain.time import utc_text
from comity.record.core import jcs

if TYPE_CHECKING:
    from comity.deliberation.core.cells import Cell
    from comity.deliberation.core.votes import Mask, Votes

SEED = 20
GROUP_LETTERS = "ABCDE"


def digest_of_key(key: str) -> str:
    """How a voter's key is kept."""
    return hashlib.sha256(key.strip().encode()).hexdigest()


def cookie_of(conversation: Conversation) -> str:
    """The name of the cookie in which a voter's browser keeps her key; the server keeps it in no session."""
    return f"voter-{conversation.public_id}"


def participant_with(conversation: Conversation, key: str) -> Participant | None:
    """The place that a key opens."""
    if not key.strip():
        return None
    return conversation.participants.filter(key_digest=digest_of_key(key)).first()


def line_of(participant: str, statement: str, value: int, at: datetime) -> str:
    """One vote as it is hashed into its batch."""
    return f"{participant} {statement} {value} {utc_text(at)}\n"


def chained(previous: str, votes: Iterable[tuple[str, str, int, datetime]]) -> str:
    """The digest of a batch: SHA-256 over the digest before and its votes in sorted lines."""
    lines = sorted(line_of(*vote) for vote in votes)
    return hashlib.sha256("".join([f"{previous}\n", *lines]).encode()).hexdigest()


def sealed_votes(conversation: Conversation) -> tuple[Votes, Mask]:
    """The sealed votes as the engine takes them, and which statements moderation silenced.

    People stand in the order of their random ids, so that nothing tells when somebody came; statements by number.
    """
    import numpy as np

    from comity.deliberation.core.votes import gather

    people = sorted(conversation.participants.values_list("public_id", flat=True))
    statements = list(conversation.statements.order_by("number").values_list("public_id", "silenced_at"))
    sealed = OpinionVote.objects.filter(participant__conversation=conversation, batch__isnull=False)
    cast = sealed.order_by("at", "id").values_list("participant__public_id", "statement__public_id", "value")
    votes = gather(cast.iterator(), people=people, statements=[name for name, _ in statements])
    return votes, np.array([silenced is not None for _, silenced in statements], dtype=bool)


def fingerprint(result: dict[str, Any] | None) -> str:
    """SHA-256 of a drawn map as canonical JSON (RFC 8785)."""
    return jcs.digest(result)


def run_of(conversation: Conversation, known_by: datetime) -> MapRun | None:
    """The map, when it was drawn by that instant."""
    return MapRun.objects.filter(conversation=conversation, at__lte=known_by).first()


def next_statement(participant: Participant) -> Statement | None:
    """The statement a voter has not voted on that fewest others have: each is seen by about as many people."""
    own = participant.votes.values("statement_id")
    waiting = participant.conversation.statements.filter(silenced_at=None).exclude(pk__in=own)
    return waiting.annotate(votes_given=Count("votes")).order_by("votes_given", "number").first()


@dataclass(frozen=True)
class Progress:
    """How many statements a voter has voted on, of how many."""

    voted: int
    of: int


def progress_of(participant: Participant) -> Progress:
    """How far a voter is."""
    heard = participant.conversation.statements.filter(silenced_at=None)
    return Progress(participant.votes.filter(statement__in=heard).values("statement").distinct().count(), heard.count())


@dataclass(frozen=True)
class Row:
    """One statement with what may be shown of it: a cell for each group, and how many of the placed voted on it."""

    statement: Statement
    cells: tuple[Cell, ...]
    voted: int
    consensus: float


def row_of(run: MapRun, statement: Statement) -> Row:
    """One statement as the map counts it."""
    return rows_of(run, [statement])[0]


def rows_of(run: MapRun, statements: Iterable[Statement]) -> list[Row]:
    """Statements as the map counts them, in the order given; one the map does not know is left out."""
    from comity.deliberation.core.cells import cell

    result = run.result or {}
    sizes = [group["size"] for group in result.get("groups", ())]
    rows = []
    for statement in statements:
        counted = result.get("statements", {}).get(statement.public_id)
        if counted is None:
            continue
        shown = tuple(
            cell(agree, seen, size) for agree, seen, size in zip(counted["agree"], counted["seen"], sizes, strict=True)
        )
        rows.append(Row(statement, shown, sum(counted["seen"]), counted["consensus"]))
    return rows


def support_of(run: MapRun, principle: Principle) -> tuple[Cell, ...]:
    """Each group's agreement with the statements that fed a principle, their votes taken together."""
    from comity.deliberation.core.cells import cell

    result = run.result or {}
    fed = principle.sources.filter(role=SourceRole.FED).values_list("statement__public_id", flat=True)
    counted = [result["statements"][one] for one in fed if one in result.get("statements", {})]
    return tuple(
        cell(sum(one["agree"][group] for one in counted), sum(one["seen"][group] for one in counted), told["size"])
        for group, told in enumerate(result.get("groups", ()))
    )


def redrawn(conversation: Conversation, run: MapRun) -> bool:
    """Whether the sealed votes still give the map that was published: anyone with the votes may ask."""
    from comity.deliberation.core.drawing import drawn
    from comity.deliberation.core.opinions import Profile, draw_map, try_stability

    votes, silenced = sealed_votes(conversation)
    chart = draw_map(votes, silenced=silenced, profile=Profile(run.profile))
    return fingerprint(drawn(chart, try_stability(chart, seed=run.seed))) == run.result_sha256
