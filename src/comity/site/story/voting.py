"""Chapter 6: the congress in Caldemar. One amendment fails, one declaration is adopted, one proposal fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.decisions.actions import cast, close
from comity.decisions.models import Decision
from comity.deliberation.kinds import PRINCIPLE
from comity.engagements.actions import convene, register_delegation, report
from comity.engagements.kinds import ENGAGEMENT
from comity.plain.levels import Level
from comity.site.story.cast import MEETING, PARTIES, ZONE, Company, on
from comity.site.story.wording import (
    AMENDMENTS,
    BOARD,
    BOARD_ARTICLE,
    BOARD_CLAUSES,
    BOARD_MEETS,
    EXPLANATION,
    FUND_EXPLANATION,
    FUND_KIND,
    FUND_SPONSOR,
    FUND_TITLE,
    LANGUAGE,
    RESERVATION,
    TRANSLATED_INTO,
    Said,
    fund,
)
from comity.site.story.writing import amendment_of
from comity.texts.actions.amending import leave_aside
from comity.texts.actions.dissenting import await_board, file_dissent
from comity.texts.actions.drafting import draft, translate
from comity.texts.actions.voting import adopt, put_amendment_to_vote, put_to_vote
from comity.texts.core.clauses import find_span
from comity.texts.models import Text
from comity.texts.queries import latest_version

SITTING = on(2026, 4, 18, 7)


@dataclass(frozen=True)
class Ballot:
    """How a delegation uses its votes: ``for``, ``against`` or ``abstained``, all of them one way."""

    way: str
    ad_referendum: bool = False


AMENDMENT = {
    **{name: Ballot("for") for name in ("centre", "labour", "lethmark", "saravel", "ismaran")},
    **{name: Ballot("against") for name in ("civic", "green")},
    "kelnian": Ballot("abstained"),
}
DECLARATION = {
    **{name: Ballot("for") for name in ("kelnian", "civic", "centre", "labour", "green", "lethmark")},
    "saravel": Ballot("for", ad_referendum=True),
    "ismaran": Ballot("against"),
}
FUND = {
    **{name: Ballot("for") for name in ("kelnian", "centre", "green", "lethmark", "labour", "saravel")},
    **{name: Ballot("against") for name in ("civic", "ismaran")},
}


def decide(company: Company) -> None:
    """One day in Caldemar, and the day after."""
    proposal = _table_fund(company)
    _convene(company)
    _leave_aside(company, 9)
    _vote_on_amendment(company, 3)
    _vote_on_declaration(company)
    _vote_on_fund(company, proposal)
    _explain(company)
    report(
        company.congress,
        words="One declaration was adopted; one amendment and one proposal did not reach three quarters of the votes.",
        language="en",
        by=company.offices["secretariat"],
        at=on(2026, 4, 21, 9),
    )


def _table_fund(company: Company) -> Text:
    return draft(
        topics=["fisheries", "social-protection"],
        network=company.network,
        title=FUND_TITLE,
        language=LANGUAGE,
        kind=FUND_KIND,
        blocks=fund(),
        originator=company.parties[FUND_SPONSOR],
        because=[PRINCIPLE.ref(company.principles[2])],
        by=company.heads[FUND_SPONSOR],
        at=on(2026, 3, 30, 9),
    )


def _convene(company: Company) -> None:
    company.congress = convene(
        topics=["fisheries", "labour", "water"],
        network=company.network,
        kind="congress",
        title="11th Congress of the Halmere Concord",
        capacity="party",
        place="Caldemar",
        country="ORVANE",
        zone=ZONE,
        starts=SITTING,
        ends=on(2026, 4, 18, 18),
        house_rule="public",
        level=Level.PUBLIC,
        organisation=company.network,
        by=company.offices["secretariat"],
        at=on(2026, 4, 13, 9),
    )
    for place, name in enumerate(MEETING):
        register_delegation(
            company.congress,
            organisation=company.parties[name],
            size=PARTIES[name].votes,
            by=company.officers[name],
            at=on(2026, 4, 17, 9, place),
        )


def _leave_aside(company: Company, number: int) -> None:
    reason = next(one.put_aside_because for one in AMENDMENTS if one.number == number)
    by = company.offices["rapporteur"]
    leave_aside(amendment_of(company, number), because_of=reason, by=by, at=on(2026, 4, 18, 7, 30))


def _vote_on_amendment(company: Company, number: int) -> None:
    decision = put_amendment_to_vote(
        amendment_of(company, number),
        organ=company.organs["Congress"],
        decision_type="amendment",
        zone=ZONE,
        registered=company.votes(),
        sitting=ENGAGEMENT.ref(company.congress),
        by=company.offices["secretariat"],
        at=on(2026, 4, 18, 14, 20),
    )
    _vote(company, decision, AMENDMENT, on(2026, 4, 18, 14, 24))


def _vote_on_declaration(company: Company) -> None:
    decision = _put(company, company.declaration, on(2026, 4, 18, 14, 58))
    closed = _vote(company, decision, DECLARATION, on(2026, 4, 18, 15, 0))
    company.adoption = adopt(
        company.declaration, decision=closed, by=company.offices["rapporteur"], at=on(2026, 4, 18, 15, 13)
    )
    reserve = on(2026, 4, 18, 15, 40)
    _say(company, company.declaration, RESERVATION, reserve)
    awaited = await_board(
        company.adoption,
        organisation=company.parties[BOARD.party],
        words=BOARD.words,
        language=LANGUAGE,
        article=BOARD_ARTICLE,
        board_meets=BOARD_MEETS,
        clauses=BOARD_CLAUSES,
        by=company.heads[BOARD.party],
        at=reserve + timedelta(minutes=4),
    )
    for language in TRANSLATED_INTO:
        translate(
            company.declaration,
            language=language,
            parts=BOARD.drafts(f"board:{awaited.public_id}", language),
            by=company.heads[BOARD.party],
            at=reserve + timedelta(minutes=5),
        )


def _vote_on_fund(company: Company, proposal: Text) -> None:
    decision = _put(company, proposal, on(2026, 4, 18, 16, 10))
    _vote(company, decision, FUND, on(2026, 4, 18, 16, 12))
    _say(company, proposal, FUND_EXPLANATION, on(2026, 4, 18, 16, 40))


def _explain(company: Company) -> None:
    _say(company, company.declaration, EXPLANATION, on(2026, 4, 19, 9))


def _put(company: Company, text: Text, at: datetime) -> Decision:
    return put_to_vote(
        text,
        organ=company.organs["Congress"],
        decision_type="joint-declaration",
        zone=ZONE,
        registered=company.votes(),
        sitting=ENGAGEMENT.ref(company.congress),
        by=company.offices["secretariat"],
        at=at,
    )


def _vote(company: Company, decision: Decision, ballots: Mapping[str, Ballot], at: datetime) -> Decision:
    for place, (name, ballot) in enumerate(ballots.items()):
        votes = PARTIES[name].votes
        cast(
            decision,
            organisation=company.parties[name],
            in_favour=votes if ballot.way == "for" else 0,
            against=votes if ballot.way == "against" else 0,
            abstained=votes if ballot.way == "abstained" else 0,
            ad_referendum=ballot.ad_referendum,
            by=company.heads[name],
            at=at + timedelta(minutes=place),
        )
    return close(decision, by=company.offices["secretariat"], at=at + timedelta(minutes=12))


def _say(company: Company, text: Text, said: Said, at: datetime) -> None:
    """A party files its own words, and its own translations of them."""
    by = company.heads[said.party]
    words = {block.uuid: block.words for block in latest_version(text).blocks.all()}
    dissent = file_dissent(
        text,
        organisation=company.parties[said.party],
        kind=said.kind,
        words=said.words,
        language=LANGUAGE,
        effect=said.effect,
        block=said.clause,
        span=find_span(words[said.clause], said.phrase) if said.phrase else None,
        by=by,
        at=at,
    )
    for language in TRANSLATED_INTO:
        parts = said.drafts(f"dissent:{dissent.public_id}", language)
        if parts:
            translate(text, language=language, parts=parts, by=by, at=at + timedelta(minutes=1))
