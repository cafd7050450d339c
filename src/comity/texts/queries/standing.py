"""Who stands behind a text, and whom its clauses bind. A party is never shown as bound before its board agreed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from comity.decisions.models import Decision, Entitlement, Vote
from comity.plain.stances import Stance
from comity.registry.models import Organisation
from comity.texts.models import Adoption, AdReferendum, Block, BoardAnswer, Dissent, DissentKind, Poll, Text
from comity.texts.queries.states import adoption_on


class StandingKey(StrEnum):
    """The rows of the table, in the order shown; the first five stand there even when nobody is in them."""

    AGREED = "agreed"
    RESERVED = "reserved"
    AD_REFERENDUM = "ad-referendum"
    BOARD_REFUSED = "board-refused"
    DIVIDED = "divided"
    AGAINST = "against"
    ABSTAINED = "abstained"
    NOT_TAKING_PART = "not-taking-part"


ALWAYS = (
    StandingKey.AGREED,
    StandingKey.RESERVED,
    StandingKey.AD_REFERENDUM,
    StandingKey.AGAINST,
    StandingKey.NOT_TAKING_PART,
)
MARKS = {
    StandingKey.AGREED: Stance.AGREED,
    StandingKey.RESERVED: Stance.RESERVED,
    StandingKey.AD_REFERENDUM: Stance.AD_REFERENDUM,
    StandingKey.BOARD_REFUSED: Stance.AGAINST,
    StandingKey.DIVIDED: Stance.RESERVED,
    StandingKey.AGAINST: Stance.AGAINST,
    StandingKey.ABSTAINED: Stance.ABSTAINED,
    StandingKey.NOT_TAKING_PART: Stance.UNUSED,
}


@dataclass(frozen=True)
class PartyStanding:
    """One party: what it gave, what it holds back, and where its words stand."""

    organisation: Organisation
    key: StandingKey
    votes: int
    """Votes behind the row's stance: in favour, against, or not used."""
    reserved_on: tuple[str, ...] = ()
    """Numbers of the clauses it reserves."""
    awaited: AdReferendum | None = None
    answer: BoardAnswer | None = None
    dissent: tuple[Dissent, ...] = ()
    unused: int = 0
    """Of its allocated votes, those it did not give."""


@dataclass(frozen=True)
class StandingRow:
    """One row of "who stands behind this text"."""

    key: StandingKey
    stance: Stance
    clauses: tuple[str, ...] = ()
    parties: tuple[PartyStanding, ...] = field(default=())

    @property
    def votes(self) -> int:
        """Votes of the row together."""
        return sum(party.votes for party in self.parties)


def decision_shown(text: Text, known_by: datetime) -> Decision | None:
    """The closed vote whose result the page shows: that of the adoption, else the last one closed by then."""
    adoption = adoption_on(text, known_by)
    if adoption is not None:
        return adoption.decision
    polls = Poll.objects.filter(version__text=text, decision__closed_at__lte=known_by).select_related("decision")
    poll = polls.order_by("-decision__closed_at").first()
    return poll.decision if poll else None


def standing_behind(text: Text, known_by: datetime) -> list[StandingRow]:
    """The table for an instant: five rows, present even when empty, and those that only some votes need.

    Empty while no vote has closed.
    """
    decision = decision_shown(text, known_by)
    if decision is None:
        return []
    grouped: dict[tuple[StandingKey, tuple[str, ...]], list[PartyStanding]] = defaultdict(list)
    for party in parties(text, decision, known_by):
        clauses = party.reserved_on if party.key is StandingKey.RESERVED else ()
        grouped[party.key, clauses].append(party)
    for key in ALWAYS:
        if not any(found is key for found, _ in grouped):
            grouped[key, ()] = []
    order = {key: place for place, key in enumerate(StandingKey)}
    return [
        StandingRow(key, MARKS[key], clauses, tuple(grouped[key, clauses]))
        for key, clauses in sorted(grouped, key=lambda row: (order[row[0]], row[1]))
    ]


def parties(text: Text, decision: Decision, known_by: datetime) -> list[PartyStanding]:
    """Every party that had a vote, in order of its votes, with where it stood."""
    votes = {vote.organisation_id: vote for vote in Vote.objects.filter(decision=decision)}
    told = defaultdict(list)
    for dissent in Dissent.objects.filter(text=text, at__lte=known_by).select_related("version"):
        told[dissent.organisation_id].append(dissent)
    awaited = _awaited(text, known_by)
    labels = _labels(text)
    return [
        _party(entitled, votes.get(entitled.organisation_id), told[entitled.organisation_id], awaited, labels)
        for entitled in Entitlement.objects.voting().filter(decision=decision)
    ]


def _awaited(text: Text, known_by: datetime) -> dict[int, tuple[AdReferendum, BoardAnswer | None]]:
    rows = AdReferendum.objects.filter(adoption__text=text, at__lte=known_by)
    answers = {row.awaited_id: row for row in BoardAnswer.objects.filter(awaited__in=rows, at__lte=known_by)}
    return {row.organisation_id: (row, answers.get(row.pk)) for row in rows}


def _labels(text: Text) -> dict[str, tuple[int, str]]:
    blocks = Block.objects.filter(version__text=text).order_by("version__number").values_list("uuid", "order", "label")
    return {uuid: (order, label) for uuid, order, label in blocks}


def _party(
    entitled: Entitlement,
    vote: Vote | None,
    told: list[Dissent],
    awaited: dict[int, tuple[AdReferendum, BoardAnswer | None]],
    labels: dict[str, tuple[int, str]],
) -> PartyStanding:
    board, answer = awaited.get(entitled.organisation_id, (None, None))
    reserved = {row.block_uuid for row in told if row.kind == DissentKind.RESERVATION}
    key = _key(vote, answer, reserves=bool(reserved))
    given = vote.in_favour + vote.against + vote.abstained if vote else 0
    return PartyStanding(
        organisation=entitled.organisation,
        key=key,
        votes=_votes(key, vote, entitled.allocated),
        reserved_on=tuple(labels[uuid][1] for uuid in sorted(reserved, key=lambda uuid: labels[uuid])),
        awaited=board,
        answer=answer,
        dissent=tuple(told),
        unused=entitled.allocated - given,
    )


def _key(vote: Vote | None, answer: BoardAnswer | None, *, reserves: bool) -> StandingKey:
    if vote is None:
        return StandingKey.NOT_TAKING_PART
    if vote.in_favour and (vote.against or vote.abstained):
        return StandingKey.DIVIDED
    if vote.against:
        return StandingKey.AGAINST
    if vote.abstained:
        return StandingKey.ABSTAINED
    return _key_of_agreement(vote, answer, reserves=reserves)


def _key_of_agreement(vote: Vote, answer: BoardAnswer | None, *, reserves: bool) -> StandingKey:
    if vote.ad_referendum and answer is None:
        return StandingKey.AD_REFERENDUM
    if answer is not None and not answer.agrees:
        return StandingKey.BOARD_REFUSED
    return StandingKey.RESERVED if reserves else StandingKey.AGREED


def _votes(key: StandingKey, vote: Vote | None, allocated: int) -> int:
    if vote is None:
        return allocated
    if key is StandingKey.AGAINST:
        return vote.against
    return vote.abstained if key is StandingKey.ABSTAINED else vote.in_favour


def bound_parties(adoption: Adoption, block: Block, known_by: datetime) -> list[Organisation]:
    """Whom a clause of an adopted text binds at an instant: who agreed, did not reserve it, and does not await a board
    on it; of these, those it is addressed to when it names any.
    """
    named = {organisation.pk for organisation in block.addressees.all()}
    return [
        party.organisation
        for party in parties(adoption.text, adoption.decision, known_by)
        if _bound(party, block) and (not named or party.organisation.pk in named)
    ]


def _bound(party: PartyStanding, block: Block) -> bool:
    pending = party.key in {StandingKey.AD_REFERENDUM, StandingKey.BOARD_REFUSED}
    elsewhere = party.awaited is not None and party.awaited.clauses and block.uuid not in party.awaited.clauses
    reserved = any(row.kind == DissentKind.RESERVATION and row.block_uuid == block.uuid for row in party.dissent)
    agreed = party.key in {StandingKey.AGREED, StandingKey.RESERVED} or (pending and elsewhere)
    return bool(agreed) and not reserved


def names(rows: Iterable[PartyStanding]) -> list[str]:
    """The parties' names in their order."""
    return [row.organisation.name for row in rows]


def boards_awaited(text: Text, known_by: datetime) -> list[tuple[Organisation, date | None]]:
    """Which boards have not answered by an instant, and when each meets."""
    return [(row.organisation, row.board_meets) for row, answer in _awaited(text, known_by).values() if answer is None]
