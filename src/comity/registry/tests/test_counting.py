"""What the database counts of members is what their spells say of the day, one by one."""

import random
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comity.plain.actors import ANONYMOUS
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.registry import queries
from comity.registry.actions.indexing import survey
from comity.registry.counting import Counted, homes_of_members, members_counted
from comity.registry.models import Link, LinkKind, Organisation, Spell
from comity.registry.tests.factories import network

DAYS = (date(2026, 3, 2), date(2025, 12, 31), date(2025, 1, 1), date(2024, 6, 30), date(2020, 2, 29))
DATES = ["", "", "", *"2020 2024-06 2024-06-30 2024-07-01 2025 2025-01-01 2025-12 2025-12-31 2026".split()]  # noqa: SIM905
STANDINGS = ("full", "observer", "suspended", "former", "expelled")
LONG_AGO, SINCE = datetime(2015, 1, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
COUNTRIES = ("HAL", "TES", "")


def grown(leagues: list[Organisation]) -> None:
    """Members with every mixture of dates: written in bulk, as actions refuse some that sources state."""
    draw = random.Random(5)  # noqa: S311 - a seeded draw, no secret
    parties = Organisation.objects.bulk_create(
        Organisation(
            kind="party", realm=Realm.FICTION, level=draw.choice((0, 0, 0, 3)), name=f"Party {nth}",
            country=draw.choice(COUNTRIES), founded=draw.choice(DATES), dissolved=draw.choice(DATES),
            recorded_at=LONG_AGO,
        )
        for nth in range(250)
    )  # fmt: skip
    links = Link.objects.bulk_create(
        Link(subject=party, object=league, kind=LinkKind.MEMBERSHIP, recorded_at=LONG_AGO,
             hidden_at=draw.choice((None, None, None, SINCE)))
        for party in parties for league in leagues
    )  # fmt: skip
    Spell.objects.bulk_create(
        Spell(link=link, standing=draw.choice(STANDINGS), start=draw.choice(DATES), end=draw.choice(DATES),
              ended=draw.random() < 0.2, unverified=draw.random() < 0.3, recorded_at=LONG_AGO,
              replaced_at=draw.choice((None, None, None, SINCE)))
        for link in links for _ in range(draw.randint(1, 2))
    )  # fmt: skip
    survey()


@pytest.mark.django_db
def test_members_and_their_homes_are_counted_as_their_spells_say() -> None:
    leagues = [network("One", founded="2019"), network("Two", founded="2025-01")]
    grown(leagues)
    for day in DAYS:
        place = Place(Realm.FICTION, "en", ANONYMOUS, datetime(2026, 3, 5, tzinfo=UTC), day)
        sure: dict[int, str] = {}
        possible: dict[int, str] = {}
        with CaptureQueriesContext(connection) as asked:
            counted = members_counted(leagues, place)
            homes = homes_of_members(Organisation.objects.filter(pk__in=[one.pk for one in leagues]), place)
        assert len(asked) == 2
        for league in leagues:
            members = queries.members_on(league, day, place.at)
            told = Counted(len(members.in_force), len(members.date_unknown))
            assert counted.get(league.pk, Counted(0, 0)) == told, day
            known = queries.members_on(league, day, place.known_by)
            sure |= {view.other.pk: view.other.country for view in known.in_force}
            possible |= {view.other.pk: view.other.country for view in known.date_unknown}
        unsure = Counter(country for pk, country in possible.items() if pk not in sure)
        certain = Counter(sure.values())
        assert homes == {code: Counted(certain[code], unsure[code]) for code in {*certain, *unsure}}, day
