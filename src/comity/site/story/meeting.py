"""Lethmark, which will reserve later, calls the others to Ferrin, and eight delegations come; the year is counted."""

from comity.engagements.actions import convene, count_year, register_delegation, report
from comity.engagements.models import Engagement
from comity.plain.actors import SYSTEM
from comity.plain.levels import Level, Realm
from comity.site.story.cast import MEETING, ZONE, Company, on


def meet(company: Company) -> None:
    """The talks in Ferrin, from the invitation to the report."""
    talks = _invite(company)
    for place, name in enumerate(MEETING):
        register_delegation(
            talks, organisation=company.parties[name], size=3, by=company.officers[name], at=on(2025, 8, 22 + place)
        )
    report(
        talks,
        words=(
            "Eight delegations spoke about the falling water, the shad and the crews held on foreign shores. They "
            "agreed on nothing yet, but to put their views to their people as statements on which each can vote."
        ),
        language="en",
        by=company.officers["lethmark"],
        at=on(2025, 9, 20, 9),
    )
    company.talks = talks


def _invite(company: Company) -> Engagement:
    return convene(
        topics=["fisheries", "labour", "water"],
        network=company.network,
        kind="dialogue",
        title="Talks on the sea, Ferrin",
        capacity="party",
        place="Ferrin",
        country="LETHMARK",
        zone=ZONE,
        starts=on(2025, 9, 12, 7),
        ends=on(2025, 9, 14, 16),
        house_rule="non-attributed",
        level=Level.PUBLIC,
        organisation=company.parties["lethmark"],
        by=company.officers["lethmark"],
        at=on(2025, 8, 20, 10),
    )


def count_the_year(company: Company) -> None:
    """The year of the talks is over: the periodic work counts its meetings."""
    count_year(Realm.FICTION, 2025, by=SYSTEM, at=on(2026, 1, 6))
