"""Chapters 3 and 4: 129 people vote on 61 statements; what all groups share becomes two principles, dissent kept."""

from datetime import timedelta

from comity.deliberation.actions import (
    admit,
    close,
    draw_principle,
    file_minority_report,
    open_conversation,
    propose_statement,
    seal_votes,
    vote,
)
from comity.deliberation.models import Participant, Statement
from comity.engagements.kinds import ENGAGEMENT
from comity.plain.levels import Level
from comity.site.story.cast import Company, on
from comity.site.story.viewpoints import DISSENT, DISSENT_BESIDE, PRINCIPLES, delegations, people, statements

OPENED, CLOSED = on(2025, 11, 3, 8), on(2026, 1, 5, 17)
DRAWN = on(2026, 1, 9, 10)
SMALLEST_GROUP = "C"


def differ(company: Company) -> None:
    """Statements from every delegation, votes from their people, and the map that follows from the votes."""
    company.conversation = open_conversation(
        topics=["fisheries", "labour", "water"],
        network=company.network,
        title="Sharing the waters",
        question="What should the parties round the Halmere do together about its water, its fish and its crews?",
        opens=OPENED,
        closes=CLOSED,
        originator=company.parties["lethmark"],
        because=[ENGAGEMENT.ref(company.talks)],
        level=Level.PUBLIC,
        by=company.officers["lethmark"],
        at=OPENED,
    )
    facilitator = company.offices["facilitator"]
    places = {name: iter(_admit(company, name, count)) for name, count in delegations().items()}
    proposed = _propose(company)
    for number, person in enumerate(people()):
        votes = {proposed[words]: value for words, value in person.votes.items()}
        vote(next(places[person.party]), votes, at=OPENED + timedelta(days=20, minutes=90 * number))
    seal_votes(company.conversation, by=facilitator, at=CLOSED - timedelta(minutes=30))
    close(company.conversation, by=facilitator, at=CLOSED)


def _admit(company: Company, name: str, count: int) -> list[Participant]:
    return admit(
        company.conversation,
        organisation=company.parties[name],
        count=count,
        by=company.offices["facilitator"],
        at=OPENED + timedelta(minutes=10),
    )


def _propose(company: Company) -> dict[str, Statement]:
    return {
        words: propose_statement(
            company.conversation,
            words=words,
            language="en",
            organisation=company.parties[author],
            by=company.heads[author],
            at=OPENED + timedelta(hours=1, minutes=20 * number),
        )
        for number, (words, author) in enumerate(statements())
    }


def converge(company: Company) -> None:
    """Two principles, each with the statements that fed it and those it overruled; the smallest group dissents."""
    by_words = {row.words: row for row in Statement.objects.filter(conversation=company.conversation)}
    for number, drawn in PRINCIPLES.items():
        company.principles[number] = draw_principle(
            company.conversation,
            number=number,
            words=drawn.words,
            language="en",
            fed=[by_words[words] for words in drawn.fed],
            overruled=[by_words[words] for words in drawn.overruled],
            by=company.offices["rapporteur"],
            at=DRAWN + timedelta(minutes=number),
        )
    file_minority_report(
        company.principles[2],
        group=SMALLEST_GROUP,
        words=DISSENT,
        language="en",
        statement=by_words[DISSENT_BESIDE],
        by=company.offices["facilitator"],
        at=DRAWN + timedelta(hours=5),
    )
