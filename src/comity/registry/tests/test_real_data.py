"""The whole real folder, as found: what goes in, what is refused, and that a second run changes nothing."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from comity.conftest import SHARED_DATA
from comity.registry import queries
from comity.registry.core.report import Report
from comity.registry.importing import import_registry
from comity.registry.models import Identifier, Lineage, Link, LinkKind, Organisation, OrganisationKind, Spell
from comity.registry.sheet import growth_of
from comity.registry.tests.factories import AT

pytestmark = [pytest.mark.data, pytest.mark.django_db]
FOLDER = SHARED_DATA / "registry"
DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def imported(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Report, Report]]:
    """The folder taken twice, once for all tests here, and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield import_registry(FOLDER, at=AT), import_registry(FOLDER, at=AT)
        transaction.set_rollback(True)


def organisation(key: str) -> Organisation:
    return Organisation.objects.get(identifiers__scheme="registry-file", identifiers__value=key)


def refused(report: Report, file: str) -> dict[int, str]:
    return {told.row: told.column for told in report.of(file).refused}


def test_nearly_everything_goes_in(imported: tuple[Report, Report]) -> None:
    report, _ = imported
    assert report.of("networks.csv").taken == 163
    assert report.of("parties.csv").taken == 5010
    assert report.of("memberships.csv").taken == 2364
    assert report.of("wings.csv").taken > 1250
    assert report.of("lineage.csv").taken > 500
    assert Spell.objects.filter(link__kind=LinkKind.MEMBERSHIP).count() == 2364


def test_a_second_run_changes_nothing(imported: tuple[Report, Report]) -> None:
    first, second = imported
    assert (second.taken, second.changed) == (0, 0)
    assert second.unchanged == first.taken + first.changed + first.unchanged
    assert [str(told) for told in second.refused] == [str(told) for told in first.refused]


def test_each_refusal_says_where_why_and_what_to_do(imported: tuple[Report, Report]) -> None:
    for told in imported[0].refused:
        assert told.file
        assert told.row > 1
        assert told.column
        assert told.reason
        assert told.remedy


def test_the_known_oddities_are_refused_and_nothing_else(imported: tuple[Report, Report]) -> None:
    report, _ = imported
    assert refused(report, "networks.csv") == {}
    assert refused(report, "parties.csv") == {3091: "dissolved"}
    assert refused(report, "memberships.csv") == {447: "from", 776: "from", 1254: "from", 2044: "from"}
    assert set(refused(report, "wings.csv").values()) == {"name", "from", "wikidata"}
    assert set(refused(report, "lineage.csv").values()) == {"other_party_id"}
    assert {509, 1262, 1272} <= set(refused(report, "lineage.csv"))


def test_no_lineage_runs_in_a_circle(imported: tuple[Report, Report]) -> None:
    after: dict[int, set[int]] = {}
    for earlier, later in Lineage.objects.values_list("earlier_id", "later_id"):
        after.setdefault(earlier, set()).add(later)

    for start, followers in after.items():
        seen: set[int] = set()
        waiting = list(followers)
        while waiting:
            node = waiting.pop()
            assert node != start
            if node not in seen:
                seen.add(node)
                waiting.extend(after.get(node, ()))


def test_former_states_shared_items_and_a_party_twice_in_one_network(imported: tuple[Report, Report]) -> None:
    report, _ = imported
    countries = Counter(Organisation.objects.filter(kind=OrganisationKind.PARTY).values_list("country", flat=True))
    assert [countries[code] for code in ("DDR", "VNR", "YMD", "NFL", "SML", "PSG", "EUN")] == [14, 11, 4, 3, 8, 1, 9]
    assert len(report.of("parties.csv").warnings) == 81
    twice = Link.objects.get(
        subject=organisation("pf-540"), object=organisation("net-european-liberal-democrat-and-reform-party-group")
    )
    assert sorted(twice.spells.values_list("start", "end")) == [("1973", "1976"), ("1976", "1979")]


def test_unknown_stays_unknown(imported: tuple[Report, Report]) -> None:
    on = queries.members_on(organisation("net-socialist-international"), DAY, AT)
    dated = [view for view in on if view.start]
    assert len(on.date_unknown) > 100
    assert all(view.source and view.stated_on == "2025-07" for view in on.date_unknown)
    assert len(dated) < len(on.date_unknown)
    socialists = organisation("net-party-of-european-socialists")
    assert growth_of(socialists, queries.members_on(socialists, DAY, AT), DAY)[-1].unknown > 0


def test_sanctions_of_the_source_do_not_count(imported: tuple[Report, Report]) -> None:
    spells = Spell.objects.filter(standing__in=["suspended", "expelled"])
    assert spells.count() == 4
    assert all(spell.unverified for spell in spells)


def test_nothing_of_scores_and_tags_is_stored(imported: tuple[Report, Report]) -> None:
    assert "neither shown nor stored" in imported[0].of("party_tags.csv").note
    assert not Identifier.objects.exclude(
        scheme__in=["registry-file", "wikidata", "partyfacts", "parlgov", "wikipedia"]
    ).exists()


@pytest.mark.long
def test_the_whole_folder_takes_at_most_a_minute(imported: tuple[Report, Report]) -> None:
    first, second = imported
    assert first.seconds <= 60
    assert second.seconds <= 10
