"""Chapter 5: Lethmark drafts, the others amend; what all agree on is taken up, the rest waits for the congress."""

from datetime import datetime, timedelta

from comity.deliberation.kinds import PRINCIPLE
from comity.engagements.actions import convene
from comity.plain.levels import Level
from comity.site.story.cast import ZONE, Company, on
from comity.site.story.wording import (
    AMENDMENTS,
    AUTHENTIC,
    GOVERNING,
    KIND,
    LANGUAGE,
    NOTES,
    TITLE,
    TRANSLATED_INTO,
    fifth_version,
    first_draft,
    operations,
    second_version,
    translations,
)
from comity.texts.actions.amending import (
    merge_amendments,
    propose_amendment,
    restate_amendment,
    withdraw_amendment,
)
from comity.texts.actions.drafting import draft as draft_text
from comity.texts.actions.drafting import drafts_of, revise, translate
from comity.texts.models import Amendment
from comity.texts.queries import latest_version

BEGUN = on(2026, 2, 2, 9)
PROPOSED = on(2026, 3, 2, 9)


def draft(company: Company) -> None:
    """From the first draft of 2 February to the sixth version of 10 April."""
    _meet_at_home(company)
    _first_versions(company)
    _propose(company)
    _take_up(company, (1,), NOTES[3], on(2026, 3, 12))
    _withdraw(company, 4, on(2026, 3, 20))
    _withdraw(company, 7, on(2026, 3, 21))
    _take_up(company, (2, 6), NOTES[4], on(2026, 3, 27))
    _agree_on_every_month(company)
    _take_up(company, (5, 8), NOTES[6], on(2026, 4, 10))
    _restate(company, 3)
    _translate(company)


def _meet_at_home(company: Company) -> None:
    """What a party and the office prepare behind their own doors; a reader is not told that it exists."""
    rooms = (
        ("lethmark", "Board in Ferrin: how far the delegation may go on the season", "fisheries", on(2026, 1, 20)),
        ("lethmark", "Harbour masters of the northern bays", "fisheries", on(2026, 1, 22)),
        ("lethmark", "Call with the crews held last winter", "labour", on(2026, 1, 24)),
        ("kelnian", "Coalition partners on the season", "fisheries", on(2026, 1, 26)),
        ("kelnian", "Stations after the spring flood, and what they cost", "water", on(2026, 1, 28)),
    )
    for name, title, topic, at in rooms:
        party, officer = company.parties[name], company.officers[name]
        convene(
            topics=[topic],
            network=company.network,
            kind="dialogue",
            title=title,
            capacity="party",
            place="at home",
            country=party.country,
            zone=ZONE,
            starts=at,
            ends=at + timedelta(hours=2),
            house_rule="closed",
            level=Level.ORGANISATION,
            organisation=party,
            by=officer,
            at=at - timedelta(days=1),
        )
    convene(
        topics=["fisheries", "labour", "water"],
        network=company.network,
        kind="dialogue",
        title="Drafting room for the declaration",
        capacity="group",
        place="Caldemar",
        country="ORVANE",
        zone=ZONE,
        starts=on(2026, 1, 30),
        ends=on(2026, 4, 10, 16),
        house_rule="closed",
        level=Level.BODY,
        organisation=company.network,
        by=company.offices["secretariat"],
        at=on(2026, 1, 28, 12),
    )


def _first_versions(company: Company) -> None:
    governing = [company.parties[name].public_id for name in GOVERNING]
    principles = [PRINCIPLE.ref(row) for row in company.principles.values()]
    company.declaration = draft_text(
        topics=["fisheries", "labour", "water"],
        network=company.network,
        title=TITLE,
        language=LANGUAGE,
        kind=KIND,
        blocks=first_draft(governing, principles[0]),
        originator=company.parties["lethmark"],
        because=principles,
        authentic=AUTHENTIC,
        note=NOTES[1],
        by=company.heads["lethmark"],
        at=BEGUN,
    )
    revise(
        company.declaration,
        blocks=second_version(governing, principles[0]),
        note=NOTES[2],
        by=company.offices["rapporteur"],
        at=on(2026, 2, 20),
    )


def _propose(company: Company) -> None:
    clauses = latest_version(company.declaration).clauses()
    for proposal in AMENDMENTS:
        propose_amendment(
            company.declaration,
            number=proposal.number,
            sponsor=company.parties[proposal.sponsor],
            operations=operations(clauses, proposal.changes),
            reason=proposal.reason,
            language=LANGUAGE,
            by=company.heads[proposal.sponsor],
            at=PROPOSED + timedelta(minutes=17 * proposal.number),
        )


def _withdraw(company: Company, number: int, at: datetime) -> None:
    sponsor = next(proposal.sponsor for proposal in AMENDMENTS if proposal.number == number)
    withdraw_amendment(amendment_of(company, number), by=company.heads[sponsor], at=at)


def _take_up(company: Company, numbers: tuple[int, ...], note: str, at: datetime) -> None:
    merge_amendments(
        company.declaration,
        amendments=[amendment_of(company, number) for number in numbers],
        taken_as={one.number: one.taken_as for one in AMENDMENTS if one.number in numbers and one.taken_as},
        note=note,
        by=company.offices["rapporteur"],
        at=at,
    )


def _agree_on_every_month(company: Company) -> None:
    revise(
        company.declaration,
        blocks=fifth_version(drafts_of(latest_version(company.declaration))),
        note=NOTES[5],
        by=company.offices["rapporteur"],
        at=on(2026, 4, 1),
    )


def _restate(company: Company, number: int) -> None:
    """The words round Lethmark's amendment changed with version 6; it puts the amendment anew, against these words."""
    proposal = next(one for one in AMENDMENTS if one.number == number)
    clauses = latest_version(company.declaration).clauses()
    restate_amendment(
        amendment_of(company, number),
        operations=operations(clauses, proposal.changes),
        by=company.heads[proposal.sponsor],
        at=on(2026, 4, 11),
    )


def _translate(company: Company) -> None:
    for place, language in enumerate(TRANSLATED_INTO):
        translate(
            company.declaration,
            language=language,
            parts=translations(language),
            by=company.offices["rapporteur"],
            at=on(2026, 4, 12, 8 + place),
        )


def amendment_of(company: Company, number: int) -> Amendment:
    """An amendment to the declaration by its number."""
    return company.declaration.amendments.get(number=number)
