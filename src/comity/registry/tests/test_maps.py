"""Maps: land without frontiers, a point for every code, names by each network's decision."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from comity.conftest import AT, OPERATOR
from comity.plain.levels import Realm
from comity.registry import maps
from comity.registry.actions import RegionGiven, adopt_region_scheme, link, list_organisation, name_territory
from comity.registry.core.world import projected
from comity.registry.importing import import_regions
from comity.registry.models import LinkKind, MemberClass, Organisation, OrganisationKind
from comity.registry.tests.factories import network

REGIONS = Path(maps.__file__).parent / "data" / "regions.csv"
NO_PLACE = {"EUN"}
"""Codes that name no one place: the page says how many members are not on the map."""


def codes() -> set[str]:
    with REGIONS.open(encoding="utf-8") as file:
        return {row["code"] for row in csv.DictReader(file) if row["kind"] == "country"}


def test_every_country_and_territory_of_the_houses_scheme_has_a_point_on_the_map() -> None:
    land = maps.land_of(Realm.REAL)
    assert codes() - set(land.points) == NO_PLACE
    assert all(0 <= x <= land.columns and -10 <= y <= land.height + 60 for x, y in land.points.values())


@pytest.mark.parametrize(
    ("what", "codes", "longitude", "latitude"),
    [
        ("Kosovo", ["XKX"], 21, 42.5),
        ("Taiwan", ["TWN"], 121, 24),
        ("Palestine", ["PSE"], 35, 32),
        ("Western Sahara", ["ESH"], -12, 24),
        ("Somaliland", ["SML"], 46, 9.7),
        ("Northern Cyprus", ["NCY"], 33.6, 35.3),
        ("Singapore", ["SGP"], 103.8, 1.4),
        ("Malta", ["MLT"], 14.4, 35.9),
        ("Tuvalu", ["TUV"], 179.2, -8.5),
        ("Soviet Union", ["SUN"], 60, 56),
        ("Yugoslavia, Serbia and Montenegro", ["YUG", "SCG"], 20, 44),
        ("Czechoslovakia", ["CSK"], 17.3, 49.2),
        ("German Democratic Republic", ["DDR"], 12.9, 52.4),
        ("Fiji, over the edge of 180 degrees", ["FJI"], 178, -17.8),
        ("Russia, over the edge of 180 degrees", ["RUS"], 99.7, 61.7),
    ],
)
@pytest.mark.mission("S14", at="network")
def test_s14_territories_without_recognition_dissolved_states_and_the_smallest_are_on_the_map(
    what: str, codes: list[str], longitude: float, latitude: float
) -> None:
    land = maps.land_of(Realm.REAL)
    west, north = (land.points["ISL"][0], land.points["ISL"][1])
    x, y = projected(longitude, latitude)
    x0, y0 = projected(-18.6, 65.0)
    for code in codes:
        at = land.points[code]
        pitch = 2 * -projected(-168.999999, 0)[0] / land.columns
        assert at[0] - west == pytest.approx((x - x0) / pitch, abs=5), what
        assert at[1] - north == pytest.approx((y0 - y) / pitch, abs=5), what


def test_dots_of_land_are_single_strokes_without_length_and_no_line_is_drawn() -> None:
    land = maps.land_of(Realm.REAL)
    picture = maps.drawn([maps.Spot("NZL", "New Zealand", 1), maps.Spot("ISL", "Iceland", 1)], land, "title", "desc")
    assert picture.count("<path") == 1
    runs = re.findall(r"M-?\d+ \d+h(\d+)\.01", picture)
    dots = sum(int(run) + 1 for run in runs)
    assert 2_000 < dots < 6_000
    assert len(picture.encode()) < 12_000
    assert "<title" in picture
    assert "<desc" in picture


def test_a_map_shows_the_part_of_the_world_where_its_members_are() -> None:
    land = maps.land_of(Realm.REAL)
    europe = maps.frame_of([maps.Spot(code, code, 1) for code in ("PRT", "FIN", "GRC", "MLT")], land)
    world = maps.frame_of([maps.Spot(code, code, 1) for code in ("CHL", "JPN", "FIN")], land)
    assert europe.width < land.columns / 3
    assert world.width > land.columns


def test_names_are_left_out_where_they_would_run_into_one_another() -> None:
    land = maps.land_of(Realm.REAL)
    crowded = [maps.Spot(code, "A rather long name of a country", 3) for code in ("BEL", "NLD", "LUX", "DEU", "FRA")]
    picture = maps.drawn(crowded, land, "title", "desc")
    assert picture.count("halo") < 5
    assert picture.count("<g><title>") == 5


def member_of(home: Organisation, name: str, country: str, standing: str = MemberClass.FULL) -> Organisation:
    party = list_organisation(
        realm=Realm(home.realm), kind=OrganisationKind.PARTY, name=name, country=country, by=OPERATOR, at=AT
    )
    start = "" if standing == MemberClass.STATED else "2020"
    link(subject=party, object=home, kind=LinkKind.MEMBERSHIP, standing=standing, start=start, by=OPERATOR, at=AT)
    return party


@pytest.mark.django_db
@pytest.mark.mission("S14", at="network")
def test_s14_each_network_names_what_is_on_its_map_and_its_footnote_stands_beside(client: Client) -> None:
    """Invented organisations; the territories are real, and so is the question what to call them."""
    import_regions(REGIONS, at=AT)
    first, second = network("Invented Alliance One", Realm.REAL), network("Invented Alliance Two", Realm.REAL)
    for home in (first, second):
        for code in ("TWN", "XKX", "ESH", "TUV", "YUG"):
            member_of(home, f"Invented Party {code} of {home.name}", code)
    name_territory(
        network=first,
        code="TWN",
        label="Chinese Taipei",
        footnote="The name this alliance uses, without prejudice.",
        basis="Its bureau, 4 March 2020",
        from_day=date(2020, 3, 4),
        by=OPERATOR,
        at=AT,
    )
    own = client.get(f"/en/network/{first.public_id}", follow=True).content.decode()
    other = client.get(f"/en/network/{second.public_id}", follow=True).content.decode()
    drawn = {page: page.split('class="map')[1].split("</svg>")[0] for page in (own, other)}
    assert "Chinese Taipei" in drawn[own]
    assert "Taiwan" not in drawn[own]
    assert "without prejudice" in own
    assert "Its bureau, 4 March 2020" in own
    assert "Taiwan" in drawn[other]
    assert "Chinese Taipei" not in other
    for label in ("Kosovo", "Western Sahara", "Tuvalu", "Yugoslavia"):
        assert label in drawn[other]
    before = client.get(f"/en/network/{first.public_id}?on=2026-03-01", follow=True).content.decode()
    assert "Chinese Taipei" not in before, "decided for 2020, but nobody had recorded it by then"


@pytest.mark.django_db
def test_members_without_a_place_are_counted_in_words_beside_the_map(client: Client) -> None:
    import_regions(REGIONS, at=AT)
    home = network("Invented Alliance", Realm.REAL)
    member_of(home, "Invented Party of Iceland", "ISL", MemberClass.STATED)
    member_of(home, "Invented Party of the Union", "EUN")
    member_of(home, "Invented Party of Nowhere", "")
    page = client.get(f"/en/network/{home.public_id}", follow=True).content.decode()
    assert "2 members are not on the map" in page
    assert "All whose home is known are of Iceland" in page
    assert "A dotted ring: since when they belong is not stated." in page


@pytest.mark.django_db
def test_regions_of_a_networks_own_scheme_divide_its_members(client: Client) -> None:
    home = network("Invented Concord")
    regions = [
        RegionGiven("north", "Northern shore", kind="area"),
        RegionGiven("A-LAND", "Aland of the tale", parent="north"),
    ]
    adopt_region_scheme(
        code="own", version="1", title="Own shores", regions=regions, source="invented", in_force_from=date(2019, 1, 1),
        network=home, by=OPERATOR, at=AT,
    )  # fmt: skip
    for number in range(16):
        member_of(home, f"Party {number}", "A-LAND", MemberClass.OBSERVER if number % 2 else MemberClass.FULL)
    page = client.get(f"/fiction/en/network/{home.public_id}", follow=True).content.decode()
    crossed = page.split('class="crossed"')[1].split("</table>")[0]
    assert "Northern shore" in crossed
    assert crossed.count('<td class="num">8</td>') == 2
    assert "A map of where they are at home would stand here" in page
