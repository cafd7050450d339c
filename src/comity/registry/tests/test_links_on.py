"""Ties on a day: in force, not in force, date unknown; as far as was recorded by then."""

from datetime import date, timedelta

import pytest

from comity.conftest import OPERATOR
from comity.plain.actors import ActorKind, ActorRef
from comity.plain.levels import Level, Realm
from comity.registry import actions, queries
from comity.registry.actions import RegionGiven
from comity.registry.core.ties import Why
from comity.registry.models import Organisation
from comity.registry.pictures import YearCount
from comity.registry.sheet import growth_of
from comity.registry.tests.factories import AT, lands, member, network, party, source

pytestmark = pytest.mark.django_db
DAY = date(2015, 6, 1)


def names(views: list[queries.LinkView]) -> list[str]:
    return [view.other.name for view in views]


def test_each_tie_stands_in_exactly_one_of_three_groups() -> None:
    tide = party("Tide", founded="1990")
    member(tide, network("Dated"), start="2004")
    member(tide, network("Left"), start="2004", end="2010", reason="left over its statute")
    member(tide, network("Later"), start="2020")
    member(tide, network("Undated"), standing="member", source=source())
    member(tide, network("Former"), standing="member", ended=True, reason="its source lists it as former")
    member(tide, network("That year"), start="2015")
    on = queries.links_on(tide, DAY, known_by=AT)
    assert names(on.in_force) == ["Dated"]
    assert names(on.date_unknown) == ["Former", "That year", "Undated"]
    assert names(on.not_in_force) == ["Later", "Left"]
    assert [view.why for view in on.not_in_force] == [Why.NOT_BEGUN, Why.ENDED]
    left = on.not_in_force[1]
    assert (left.end, left.end_reason) == ("2010", "left over its statute")
    unknown = on.date_unknown[2]
    assert unknown.source is not None
    assert (unknown.source.title, unknown.stated_on) == ("Minutes of the congress", "2025-07")
    assert len(list(on)) == 6


def test_a_day_shows_only_what_was_recorded_by_then() -> None:
    tide, home = party("Tide"), network("Home")
    assert not list(queries.links_on(tide, DAY, known_by=AT))
    recorded = AT + timedelta(days=5)
    member(tide, home, start="2004", at=recorded)
    assert not list(queries.links_on(tide, DAY, known_by=recorded - timedelta(seconds=1)))
    assert names(queries.links_on(tide, DAY, known_by=recorded).in_force) == ["Home"]


def test_a_tie_ends_with_either_end_and_a_dissolution_stated_later_is_not_known_before() -> None:
    tide, home = party("Tide"), network("Home")
    member(tide, home, start="2004")
    later = AT + timedelta(days=5)
    actions.restate(tide, facts={"dissolved": "2012"}, by=OPERATOR, at=later)
    assert names(queries.links_on(tide, DAY, known_by=AT).in_force) == ["Home"]
    gone = queries.links_on(tide, DAY, known_by=later).not_in_force[0]
    assert gone.why is Why.DISSOLVED


def test_both_ends_see_the_tie() -> None:
    tide, home = party("Tide"), network("Home")
    member(tide, home, start="2004")
    (seen,) = queries.links_on(home, DAY, known_by=AT).in_force
    assert (seen.other, seen.outward) == (tide, False)
    assert queries.members_on(home, DAY, AT).in_force[0].other == tide
    assert queries.networks_of(tide.public_id, DAY, AT) == [home]


def test_the_spells_of_one_tie_stand_together() -> None:
    tide, home = party("Tide"), network("Home")
    member(tide, home, standing="observer", start="1999", end="2003", reason="became a full member")
    member(tide, home, start="2004")
    (view,) = list(queries.links_on(tide, DAY, known_by=AT))
    assert view.standing == "full"
    assert [(past.standing, past.spell.end) for past in view.history] == [("observer", "2003")]
    (earlier,) = list(queries.links_on(tide, date(2001, 1, 1), known_by=AT))
    assert earlier.standing == "observer"


def test_a_tie_to_what_a_reader_may_not_see_is_left_out() -> None:
    tide, home = party("Tide", level=Level.ORGANISATION), network("Home")
    member(tide, home, start="2004")
    assert not list(queries.links_on(home, DAY, known_by=AT))
    own = ActorRef(ActorKind.SEAT, "someseat", tide.public_id)
    assert names(queries.links_on(home, DAY, known_by=AT, actor=own).in_force) == ["Tide"]


@pytest.mark.parametrize(
    ("standing", "start", "primary", "expected"),
    [
        ("observer", "2004", False, "observer"),
        ("stated", "", False, None),
        ("suspended", "2010", True, "suspended"),
        ("suspended", "2010", False, "member"),
        ("expelled", "2010", True, ""),
        ("expelled", "2010", False, None),
        ("full", "2020", False, ""),
    ],
)
def test_the_standing_that_counts(standing: str, start: str, primary: bool, expected: str | None) -> None:
    tide, home = party(), network()
    member(tide, home, standing=standing, start=start, source=source(primary=primary))
    assert queries.standing_of(tide, home, DAY, AT) == expected


def test_an_unverified_suspension_leaves_the_class_it_would_suspend() -> None:
    tide, home = party(), network()
    member(tide, home, standing="associate", start="2004")
    member(tide, home, standing="suspended", start="2010", source=source())
    assert queries.standing_of(tide, home, DAY, AT) == "associate"
    (view,) = queries.links_on(tide, DAY, known_by=AT).in_force
    assert view.history[0].spell.unverified


def test_a_wing_has_its_own_membership() -> None:
    tide, home = party("Tide"), network("Home")
    youth = party("Tide Youth", kind="wing", wing_kind="youth", parent=tide)
    member(youth, tide, kind="part", standing="stated")
    member(tide, home, start="2004")
    member(youth, home, standing="fraternal", start="2008")
    assert queries.standing_of(youth, home, DAY, AT) == "fraternal"
    assert queries.standing_of(tide, home, DAY, AT) == "full"
    assert queries.standing_of(youth, home, date(2006, 1, 1), AT) == ""


def growth(home: Organisation, day: date) -> list[YearCount]:
    return growth_of(home, queries.members_on(home, day, AT), day)


def test_members_over_the_years_keep_the_unknown_apart() -> None:
    home = network("Home", founded="2000")
    member(party(), home, start="2001", end="2003", reason="left")
    member(party(), home, start="2002")
    member(party(), home, standing="stated")
    member(party(dissolved="2003-05-01"), home, standing="stated")
    years = {year.year: (sum(year.groups), year.unknown) for year in growth(home, date(2004, 12, 31))}
    # A spell that ends "in 2003" is unknown on 31 December 2003; one that began "in 2001" was certain on that day.
    assert years == {2000: (0, 2), 2001: (1, 2), 2002: (2, 2), 2003: (1, 2), 2004: (1, 1)}


def test_a_chart_ends_on_the_day_known() -> None:
    home = network()
    member(party(), home, start="2025-12-01")
    assert [year.year for year in growth(home, AT.date())] == [2025, 2026]


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_the_networks_name_for_a_land_goes_before_every_other(language: str) -> None:
    home, other = network(realm=Realm.REAL), network(realm=Realm.REAL)
    actions.adopt_region_scheme(
        code="un-m49",
        version="1",
        title="World",
        regions=[RegionGiven("155", "Western Europe", "area"), RegionGiven("FRA", "France", alpha2="FR", parent="155")],
        source="own table",
        in_force_from=date(2026, 1, 1),
        by=OPERATOR,
        at=AT,
    )
    actions.name_territory(
        network=home, code="FRA", label="Gaul", footnote="As of old.", from_day=date(2026, 1, 1), by=OPERATOR, at=AT
    )
    assert (
        queries.region_label("FRA", home, language, day=DAY).text
        == {
            "en": "France",
            "fr": "France",
            "es": "Francia",
            "ar": "فرنسا",
        }[language]
    )
    assert queries.region_label("FRA", home, language, day=AT.date()).text == "Gaul"
    assert queries.region_label("FRA", other, language, day=AT.date()).network is None
    assert queries.region_label("QQQ", other, language).text == "QQQ"


def test_a_networks_own_scheme_names_its_lands() -> None:
    home = network()
    lands("HAL", of=home)
    assert queries.region_label("HAL", home, "fr", realm=Realm.FICTION).text == "Land of HAL"
    assert queries.region_label("HAL", None, "fr", realm=Realm.REAL).text == "HAL"
