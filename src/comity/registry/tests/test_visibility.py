"""Who may see a governed row: the condition of the query and the single check say the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.plugin import DjangoDbBlocker

from comity.plain.actors import ANONYMOUS, ActorKind, ActorRef
from comity.plain.levels import Level
from comity.plain.time import When
from comity.registry.access import Circles, may_see
from comity.registry.models import Governed, Link, Organisation, Spell, spells_in_force, visible
from comity.registry.queries import inside
from comity.registry.tests.factories import AT, member, network, party

pytestmark = pytest.mark.django_db


class Leaflet(Governed):
    """A governed model of these tests alone; its app is not installed, so no migration knows it."""

    class Meta:
        app_label = "registry_tests"


def rows() -> models.QuerySet[Leaflet]:
    """All leaflets; what is not installed has no manager that the type checker knows."""
    return models.QuerySet(Leaflet)


@pytest.fixture(scope="module")
def leaflets(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Leaflet)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Leaflet)


@dataclass(frozen=True)
class House:
    """Two networks, a party surely in the first, one that a source merely states in it, one that has left it."""

    home: Organisation
    other: Organisation
    insider: Organisation
    stated: Organisation
    former: Organisation

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        return self.home, self.other, self.insider, self.stated, self.former


@pytest.fixture
def house(leaflets: None, db: None) -> House:
    house = House(network(), network(), party(), party(), party())
    member(house.insider, house.home, start="2001")
    member(house.stated, house.home, standing="stated")
    member(house.former, house.home, start="2001", end="2020", reason="left")
    return house


def reader(organisation: Organisation | None) -> ActorRef:
    return ActorRef(ActorKind.SEAT, "someseat", organisation.public_id) if organisation else ANONYMOUS


def row(house: House, **given_: object) -> Leaflet:
    facts = {"network": house.home, "originator": house.insider, "level": Level.PUBLIC, "recorded_at": AT, **given_}
    leaflet = Leaflet(**facts)
    leaflet.save()
    return leaflet


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_query_and_the_single_check_agree(house: House, data: st.DataObject) -> None:
    some = st.integers(0, 4)
    leaflet = row(
        house,
        network=house.organisations[data.draw(st.integers(0, 1), "network")],
        originator=house.organisations[data.draw(some, "originator")],
        level=data.draw(st.sampled_from(Level), "level"),
        safety_flag=data.draw(st.booleans(), "safety flag"),
        embargo_until=data.draw(st.sampled_from([None, AT - timedelta(days=1), AT, AT + timedelta(days=1)]), "embargo"),
    )
    who = data.draw(st.none() | some, "reader")
    organisation = None if who is None else house.organisations[who]
    actor = reader(organisation)
    circles = Circles(organisation.pk if organisation else None, inside(actor, AT) if organisation else ())
    seen = rows().filter(visible(actor, AT), pk=leaflet.pk).exists()
    assert seen == bool(may_see(leaflet, actor, AT, circles))
    leaflet.delete()


def test_what_a_network_shows_its_own_only_a_sure_tie_opens(house: House) -> None:
    leaflet = row(house, level=Level.NETWORK, originator=house.home)
    seen = {org: rows().filter(visible(reader(org), AT), pk=leaflet.pk).exists() for org in house.organisations}
    assert seen == {house.home: True, house.other: False, house.insider: True, house.stated: False, house.former: False}
    assert not rows().filter(visible(ANONYMOUS, AT)).exists()


def test_a_tie_counts_from_when_it_was_recorded_until_it_was_replaced(house: House) -> None:
    leaflet = row(house, level=Level.NETWORK, originator=house.home)
    late = party()
    recorded = AT + timedelta(days=9)
    member(late, house.home, start="2001", at=recorded)

    def seen(at: datetime) -> bool:
        return rows().filter(visible(reader(late), at), pk=leaflet.pk).exists()

    assert not seen(recorded - timedelta(seconds=1))
    assert seen(recorded)
    Spell.objects.filter(link__subject=late).update(replaced_at=recorded + timedelta(days=1))
    assert not seen(recorded + timedelta(days=1))


def test_a_safety_flag_closes_a_public_row(house: House) -> None:
    leaflet = row(house, safety_flag=True)
    assert not rows().filter(visible(ANONYMOUS, AT)).exists()
    assert rows().filter(visible(reader(house.insider), AT)).get() == leaflet


def test_one_statement_however_many_rows(house: House, django_assert_num_queries: object) -> None:
    for _ in range(5):
        row(house, level=Level.NETWORK)
    sql = str(rows().filter(visible(reader(house.insider), AT)).query)
    assert "EXISTS" not in sql
    assert "JOIN" not in sql.partition("WHERE")[0]


stated_dates = st.one_of(
    st.just(""),
    st.dates(date(2023, 12, 1), date(2025, 2, 1)).flatmap(
        lambda day: st.sampled_from([day.isoformat(), f"{day:%Y-%m}", f"{day:%Y}"])
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=stated_dates,
    end=stated_dates,
    ended=st.booleans(),
    day=st.dates(date(2023, 12, 1), date(2025, 2, 1)) | st.sampled_from([date(2024, 1, 1), date(2024, 12, 31)]),
)
def test_in_force_in_the_query_is_in_force_in_the_core(
    house: House, start: str, end: str, ended: bool, day: date
) -> None:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    link = Link.objects.filter(subject=house.insider).get()
    spell = Spell.objects.create(
        link=link, standing="full", start=start, end=end, ended=ended or bool(end), recorded_at=at - timedelta(days=1)
    )
    sure = spell.period().on(day) is When.IN_FORCE
    assert Spell.objects.filter(spells_in_force(at), pk=spell.pk).exists() == sure
    spell.delete()
