"""The paper that parties sign: the words of a version and of everything that stands beside it at an instant."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from comity.plain.levels import Realm
from comity.registry.models import Organisation
from comity.texts.core.clauses import span
from comity.texts.core.papers import Paper, PaperClause, Said, Stood
from comity.texts.models import (
    AdReferendum,
    Block,
    BoardAnswer,
    Dissent,
    DissentKind,
    Text,
    TextVersion,
)
from comity.texts.queries.standing import StandingKey, StandingRow, standing_behind
from comity.texts.queries.states import adoption_on, sign_off_on

STANCES = {
    StandingKey.AGREED: "Agreed",
    StandingKey.RESERVED: "Agreed with a reservation",
    StandingKey.AD_REFERENDUM: "Agreed ad referendum, its board has not answered",
    StandingKey.BOARD_REFUSED: "Agreed ad referendum, its board did not agree",
    StandingKey.DIVIDED: "Divided its votes",
    StandingKey.AGAINST: "Voted against",
    StandingKey.ABSTAINED: "Abstained",
    StandingKey.NOT_TAKING_PART: "Took no part",
}
SAID = {
    DissentKind.RESERVATION: "Reservation",
    DissentKind.MINORITY_STATEMENT: "Minority statement",
    DissentKind.EXPLANATION: "Explanation of vote",
    DissentKind.ABSTENTION: "Reason for abstaining",
    DissentKind.NON_PARTICIPATION: "Reason for not taking part",
}


def version_to_sign(text: Text, known_by: datetime) -> TextVersion | None:
    """The version that parties may sign at an instant: the one adopted, or open for signature; None when neither is."""
    adoption = adoption_on(text, known_by)
    if adoption is not None:
        return adoption.version
    opened = sign_off_on(text, known_by)
    return opened.version if opened else None


def paper_of(text: Text, known_by: datetime) -> str | None:
    """What a party that signs at an instant signs; None while the text is not to be signed."""
    version = version_to_sign(text, known_by)
    if version is None:
        return None
    blocks = {block.uuid: block for block in version.blocks.prefetch_related("addressees")}
    adopted = adoption_on(text, known_by) is not None
    standing = standing_behind(text, known_by) if adopted else []
    paper = Paper(
        public_id=text.public_id,
        network=text.network.name,
        kind=text.kind,
        version=version.number,
        sha256=version.sha256,
        language=text.language,
        title=text.title,
        clauses=[_clause(block) for block in blocks.values()],
        standing=[_stood(row) for row in standing if row.parties],
        said=[*_dissent(text, blocks, known_by), *_boards(text, blocks, known_by)],
        fictional=text.realm is Realm.FICTION,
    )
    return paper.words()


def fingerprint(paper: str) -> str:
    """SHA-256 (hex) of a paper's bytes."""
    return hashlib.sha256(paper.encode()).hexdigest()


def _clause(block: Block) -> PaperClause:
    named = [_named(organisation) for organisation in block.addressees.all()]
    return PaperClause(block.label, block.words, block.due.isoformat() if block.due else "", sorted(named))


def _named(organisation: Organisation) -> str:
    """Names may be alike, and change: the public id stands with them."""
    return f"{organisation.name} ({organisation.public_id})"


def _stood(row: StandingRow) -> Stood:
    on = f" on {', '.join(row.clauses)}" if row.clauses else ""
    return Stood(STANCES[row.key] + on, sorted(_named(party.organisation) for party in row.parties))


def _dissent(text: Text, blocks: dict[str, Block], known_by: datetime) -> Iterable[Said]:
    rows = Dissent.objects.filter(text=text, at__lte=known_by).select_related("organisation", "version")
    for row in rows:
        effect = f"Effect, as the party states it: {row.effect}" if row.effect else ""
        yield Said(SAID[DissentKind(row.kind)], _named(row.organisation), _on(row, blocks), row.words, effect)


def _on(row: Dissent, blocks: dict[str, Block]) -> str:
    block = blocks.get(row.block_uuid)
    if block is None:
        return f"version {row.version.number}" if row.block_uuid else ""
    where = f"clause {block.label}" if block.label else "the preamble"
    if row.start is None or row.end is None:
        return where
    return f"{where}, “{span(block.words, row.start, row.end)}”"


def _boards(text: Text, blocks: dict[str, Block], known_by: datetime) -> Iterable[Said]:
    rows = AdReferendum.objects.filter(adoption__text=text, at__lte=known_by).select_related("organisation")
    answers = {row.awaited_id: row for row in BoardAnswer.objects.filter(awaited__in=rows, at__lte=known_by)}
    for row in rows:
        labels = [blocks[uuid].label for uuid in row.clauses if uuid in blocks]
        on = f"clauses {', '.join(labels)}" if labels else ""
        yield Said("Ad referendum", _named(row.organisation), on, row.words, _answered(answers.get(row.pk)))


def _answered(answer: BoardAnswer | None) -> str:
    if answer is None:
        return "Its board has not answered."
    return f"Its board {'agreed' if answer.agrees else 'did not agree'} on {answer.at.date().isoformat()}."
