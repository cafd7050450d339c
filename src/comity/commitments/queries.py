"""Reading promises: the state of each on a day, what was filed, who is silent."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from comity.commitments import core
from comity.commitments.models import Commitment, CommitmentQuerySet, Evidence, Postponement, Reply
from comity.plain.duties import Duty
from comity.plain.time import day_in
from comity.registry.models import Organisation
from comity.texts.models import Block, Text


@dataclass(frozen=True)
class Promise:
    """A commitment as it stood on a day."""

    commitment: Commitment
    state: Duty
    due: date
    since: date | None
    evidence: tuple[Evidence, ...]
    replies: tuple[Reply, ...]
    postponements: tuple[Postponement, ...]
    """Agreed or asked for by that day."""

    @property
    def verified(self) -> int:
        """How many of the pieces of evidence a monitor has verified by then."""
        return sum(1 for row in self.evidence if row.verified_then)

    @property
    def unverified(self) -> tuple[Evidence, ...]:
        """What waits for a monitor, in the order in which it was filed."""
        return tuple(row for row in self.evidence if not row.verified_then)

    @property
    def moved(self) -> bool:
        """Whether an agreed postponement gave it the day it has."""
        return self.due != self.commitment.due

    @property
    def asked(self) -> tuple[Postponement, ...]:
        """Later days asked for that no organ has agreed to."""
        return tuple(row for row in self.postponements if row.agreed_at is None)


def with_filings(rows: CommitmentQuerySet) -> CommitmentQuerySet:
    """The rows with everything their state needs, in five queries whatever their number."""
    return rows.select_related(
        "adoption__text__network", "adoption__version", "block", "organisation", "network"
    ).prefetch_related("evidence__verification__organisation", "replies", "postponements__agreed_by")


@dataclass(frozen=True)
class Filed:
    """What was filed about a promise, whenever."""

    evidence: Iterable[Evidence]
    replies: Iterable[Reply]
    postponements: Iterable[Postponement]


def promise_on(commitment: Commitment, day: date, known_by: datetime, filed: Filed | None = None) -> Promise:
    """One commitment on a day, as known at an instant; ``filed`` is all that was filed, where the caller has it."""
    zone = commitment.network.time_zone
    if filed is None:
        filed = Filed(commitment.evidence.all(), commitment.replies.all(), commitment.postponements.all())
    evidence = tuple(row for row in filed.evidence if row.at <= known_by)
    for row in evidence:
        verification = getattr(row, "verification", None)
        row.verified_then = verification is not None and verification.at <= known_by
    replies = tuple(row for row in filed.replies if row.at <= known_by)
    asked = tuple(row for row in filed.postponements if row.asked_at <= known_by)
    facts = (
        commitment.due,
        [core.Kept(row.kept_on, day_in(zone, row.at)) for row in evidence],
        [day_in(zone, row.at) for row in replies],
        [
            core.Moved(row.due, day_in(zone, row.agreed_at))
            for row in asked
            if row.agreed_at and row.agreed_at <= known_by
        ],
    )
    return Promise(
        commitment=commitment,
        state=core.state(*facts, day),
        due=core.due_on(facts[0], facts[3], day),
        since=core.since(*facts, day),
        evidence=evidence,
        replies=replies,
        postponements=asked,
    )


def promises(rows: CommitmentQuerySet, day: date, known_by: datetime) -> list[Promise]:
    """The commitments of a queryset on a day, as they were opened; those opened later are not there yet."""
    found = with_filings(rows.filter(recorded_at__lte=known_by).order_by("pk"))
    return [promise_on(commitment, day, known_by) for commitment in found]


@dataclass(frozen=True)
class ClausePromises:
    """The promises of one clause."""

    block: Block
    promises: tuple[Promise, ...]

    @property
    def counts(self) -> dict[Duty, int]:
        """How many in each state that occurs."""
        return counted(self.promises)


@dataclass(frozen=True)
class TextPromises:
    """The promises of one text as a grid: clauses by parties."""

    text: Text
    clauses: tuple[ClausePromises, ...]
    parties: tuple[Organisation, ...]
    cells: tuple[tuple[Organisation, tuple[Promise | None, ...]], ...]
    """One row a party, one place a clause; None where the clause does not bind it."""

    @property
    def promises(self) -> tuple[Promise, ...]:
        """All of them."""
        return tuple(promise for clause in self.clauses for promise in clause.promises)

    @property
    def counts(self) -> dict[Duty, int]:
        """How many in each state that occurs."""
        return counted(self.promises)

    @property
    def evidence(self) -> int:
        """Pieces of evidence filed."""
        return sum(len(promise.evidence) for promise in self.promises)

    @property
    def verified(self) -> int:
        """Pieces of evidence that a monitor verified."""
        return sum(promise.verified for promise in self.promises)

    @property
    def silent(self) -> tuple[Promise, ...]:
        """Promises past their day about which the party said nothing."""
        return tuple(promise for promise in self.promises if promise.state is Duty.SILENT)


def counted(rows: Iterable[Promise]) -> dict[Duty, int]:
    """How many promises are in each state, in the order of the states; states that do not occur are left out."""
    found = Counter(promise.state for promise in rows)
    return {duty: found[duty] for duty in Duty if found[duty]}


def by_text(rows: Sequence[Promise]) -> list[TextPromises]:
    """The promises gathered as one grid for each text, the newest adoption first."""
    texts: dict[int, list[Promise]] = {}
    for promise in rows:
        texts.setdefault(promise.commitment.adoption_id, []).append(promise)
    grids = [_grid(found) for found in texts.values()]
    return sorted(grids, key=lambda grid: grid.clauses[0].promises[0].commitment.adoption.at, reverse=True)


def _grid(rows: Sequence[Promise]) -> TextPromises:
    blocks: dict[int, Block] = {}
    parties: dict[int, Organisation] = {}
    cells: dict[tuple[int, int], Promise] = {}
    for promise in rows:
        commitment = promise.commitment
        blocks.setdefault(commitment.block_id, commitment.block)
        parties.setdefault(commitment.organisation_id, commitment.organisation)
        cells[commitment.organisation_id, commitment.block_id] = promise
    order = sorted(blocks.values(), key=lambda block: block.order)
    names = sorted(parties.values(), key=lambda party: party.name)
    return TextPromises(
        text=rows[0].commitment.adoption.text,
        clauses=tuple(
            ClausePromises(block, tuple(cells[p.pk, block.pk] for p in names if (p.pk, block.pk) in cells))
            for block in order
        ),
        parties=tuple(names),
        cells=tuple((p, tuple(cells.get((p.pk, block.pk)) for block in order)) for p in names),
    )
