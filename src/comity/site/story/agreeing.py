"""Between the chapters: three agreements of two parties, and a coalition of parties whose families differ."""

from dataclasses import dataclass
from datetime import date, datetime

from comity.agreements import actions
from comity.agreements.models import Agreement, Coalition
from comity.plain.levels import Attribution, Level, Realm
from comity.registry.actions import found_network, link
from comity.registry.models import LinkKind, MemberClass, NetworkKind, Organisation
from comity.rules.actions import adopt_rules
from comity.site.story.cast import BEGIN, Company, day, on
from comity.visibility.core import Terms

OPEN = Terms(Level.PUBLIC, Attribution.ORGANISATION)
LABOUR, LIBERAL = "Harbour Labour International", "Open Shores Liberal International"
CREWS = "Coalition for crews at sea"


@dataclass(frozen=True)
class Said:
    """What two parties agree: title, scope, words, days and topics."""

    title: str
    scope: str
    words: str
    starts: date
    expires: date
    topics: tuple[str, ...]


INSPECTORS = Said(
    "Exchange of fisheries inspectors",
    "One season in which inspectors of either shore work on the other.",
    "Each party sends two inspectors for one season. The host pays their lodging, the sender their wages. Both publish "
    "what the inspectors wrote, in full, within sixty days after the season.",
    day(2025, 8, 15),
    day(2026, 8, 31),
    ("fisheries",),
)
LEVELS = Said(
    "Memorandum on water levels of the shared bay",
    "Publishing and comparing the levels that both shores measure; it says nothing of who may draw how much.",
    "Both parties ask their authorities to publish the levels of the shared bay each month, in the same unit and from "
    "the same zero. Where the tables differ by more than a hand, both say so and say why.",
    day(2026, 5, 10),
    day(2027, 2, 12),
    ("water",),
)
NURSERIES = Said(
    "Agreement on reed beds and nurseries of the shad",
    "Restoring reed beds on both shores; it touches no fishing right.",
    "Each party proposes in its own parliament to restore forty hectares of reed beds by 2028, and lets the other read "
    "its draft a month before.",
    day(2026, 6, 1),
    day(2029, 5, 31),
    ("fisheries", "climate"),
)


def begin(company: Company) -> None:
    """August 2025: two families outside the Concord, an agreement that will expire, and a coalition across them."""
    _families(company)
    inspectors = _propose(company, INSPECTORS, "lethmark", "ismaran", "Executive, 28 July 2025", at=on(2025, 8, 4, 9))
    _sign(company, inspectors, "ismaran", "Board of the Forum, 1 August 2025", at=on(2025, 8, 6, 10))
    coalition = actions.found(
        organisation=company.parties["labour"],
        title=CREWS,
        language="en",
        purpose=(
            "No crew is held on a foreign shore for what its owner did. Parties of any family belong to it, each by "
            "its own decision; it has no members but them, no fee and no chair."
        ),
        starts=day(2025, 8, 11),
        until=None,
        authority="Congress of the League, 7 June 2025, motion 12",
        terms=OPEN,
        topics=["labour", "fisheries"],
        by=company.officers["labour"],
        at=on(2025, 8, 11, 9),
    )
    _join(company, coalition, "ismaran", "Board of the Forum, 12 August 2025", at=on(2025, 8, 14, 9))
    _join(company, coalition, "lethmark", "Executive, 15 August 2025", at=on(2025, 8, 18, 9))


def go_on(company: Company) -> None:
    """May 2026: two more agreements, one of them before a board that has not answered; who joins, and who leaves."""
    levels = _propose(company, LEVELS, "centre", "labour", "Council, 25 April 2026", at=on(2026, 5, 4, 9))
    _sign(company, levels, "labour", "Executive, 2 May 2026", at=on(2026, 5, 6, 9))
    nurseries = _propose(company, NURSERIES, "green", "saravel", "Assembly, 18 April 2026", at=on(2026, 5, 12, 9))
    _sign(company, nurseries, "saravel", "Secretariat, until the Council meets", at=on(2026, 5, 20, 9), board=True)
    coalition = Coalition.objects.get(title=CREWS, originator=company.parties["labour"])
    _join(company, coalition, "green", "Assembly, 18 April 2026", at=on(2026, 5, 21, 9))
    _join(
        company, coalition, "maroval", "Head of the party, until its Council meets", at=on(2026, 5, 22, 9), board=True
    )
    actions.leave(
        coalition,
        organisation=company.parties["lethmark"],
        on=day(2026, 6, 30),
        reason="Our own bill on crews is law since May; we keep to it and make room.",
        by=company.officers["lethmark"],
        at=on(2026, 5, 28, 9),
    )


def _propose(company: Company, said: Said, one: str, other: str, authority: str, *, at: datetime) -> Agreement:
    return actions.propose(
        organisation=company.parties[one],
        counterpart=company.parties[other],
        title=said.title,
        language="en",
        scope=said.scope,
        words=said.words,
        starts=said.starts,
        expires=said.expires,
        authority=authority,
        ad_referendum=False,
        terms=OPEN,
        topics=list(said.topics),
        by=company.officers[one],
        at=at,
    )


def _sign(
    company: Company, agreement: Agreement, name: str, authority: str, *, at: datetime, board: bool = False
) -> None:
    by, party = company.officers[name], company.parties[name]
    actions.sign(agreement, organisation=party, authority=authority, ad_referendum=board, by=by, at=at)


def _join(
    company: Company, coalition: Coalition, name: str, authority: str, *, at: datetime, board: bool = False
) -> None:
    by, party = company.officers[name], company.parties[name]
    actions.join(coalition, organisation=party, authority=authority, ad_referendum=board, by=by, at=at)


def _families(company: Company) -> None:
    labour, liberal = (_international(company, name) for name in (LABOUR, LIBERAL))
    for name, family, since in (("labour", labour, "1996-05-01"), ("ismaran", liberal, "2008-09-20")):
        link(
            subject=company.parties[name],
            object=family,
            kind=LinkKind.MEMBERSHIP,
            standing=MemberClass.FULL,
            start=since,
            by=company.register,
            at=BEGIN,
        )
    adopt_rules(
        network=labour,
        kind="standing-orders",
        title="Statutes of the Harbour Labour International",
        prose=[
            {"article": "4", "text": "A member belongs to no other international.", "language": "en"},
            {
                "article": "5",
                "text": "Agreements and coalitions with parties of any family are free.",
                "language": "en",
            },
        ],
        parameters={"exclusive": {"article": "4"}},
        adopted_by="3rd Congress of the Harbour Labour International",
        adopted_on=day(2001, 5, 1),
        in_force_from=day(2001, 6, 1),
        by=company.register,
        at=BEGIN,
    )


def _international(company: Company, name: str) -> Organisation:
    return found_network(
        name=name,
        realm=Realm.FICTION,
        network_kind=NetworkKind.INTERNATIONAL,
        time_zone="UTC",
        languages=["en"],
        by=company.register,
        at=BEGIN,
    )
