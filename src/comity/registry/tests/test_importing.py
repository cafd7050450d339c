"""The registry folder: what goes in, what is refused and how that is told, and that a second run changes nothing."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from comity.conftest import OPERATOR
from comity.plain.actors import ANONYMOUS
from comity.plain.refusals import BadInput
from comity.registry import actions, facts, queries
from comity.registry.core.report import Report
from comity.registry.importing import import_regions, import_registry
from comity.registry.models import Identifier, Lineage, Link, Organisation, RegionScheme, Restatement, Source, Spell
from comity.registry.tests.factories import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("check_record")]

NETWORKS = """network_id,name,kind,founded,wikidata,aliases,founded_source
net-one,Example International,international,1990,Q900,Example World; EW,https://example.org/one
net-two,Example Federation,regional,,,,
"""
PARTIES = """party_id,name_en,name_native,abbreviation,country_iso3,wikidata,partyfacts_id,parlgov_id,founded,\
dissolved,wikipedia
pf-1,Example Tide Party,Partido Marea,ETP,ESP,Q1,1,11,1980-05-01,,https://en.wikipedia.org/wiki/Example_Tide_Party
pf-2,Example League,,EL,DDR,Q2,2,,1990,2001,
pf-3,Example Union,,EU,FRA,Q2,3,,,,
"""
MEMBERSHIPS = """party_id,network_id,status,from,to,source
pf-1,net-one,member,1995,,wikipedia-infobox:international
pf-2,net-one,former,1991,1995,wikipedia-infobox:international
pf-3,net-one,stated,,,wikidata:P463
pf-3,net-two,suspended,,,wikipedia-infobox:international
pf-1,net-two,former_observer,,,wikipedia-infobox:international
"""
WINGS = """party_id,kind,name,wikipedia_title,wikidata,from,to,source
pf-1,youth,Young Tide Socialists,,Q71,1990,,wikipedia-infobox:youth_wing
pf-2,women,Women of the League,,,,1999,wikipedia-infobox:womens_wing
pf-1,think_tank,Tide Institute,,,,,wikipedia-infobox:think_tank
"""
LINEAGE = """party_id,relation,other_name,other_wikidata,other_party_id,source
pf-2,followed_by,Example Union,Q2,pf-3,wikidata:P156
pf-3,follows,Example League,Q2,pf-2,wikidata:P155
pf-3,follows,Somebody Else,Q3,,wikidata:P155
"""
FILES = {
    "networks.csv": NETWORKS,
    "parties.csv": PARTIES,
    "memberships.csv": MEMBERSHIPS,
    "wings.csv": WINGS,
    "lineage.csv": LINEAGE,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, FILES)
    return tmp_path


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, text in files.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def with_row(name: str, row: str) -> dict[str, str]:
    return {name: FILES[name] + row + "\n"}


def run(folder: Path, *, all_or_nothing: bool = False, days: int = 0) -> Report:
    return import_registry(folder, all_or_nothing=all_or_nothing, at=AT + timedelta(days=days))


def counts() -> list[int]:
    models = (Organisation, Identifier, Link, Spell, Lineage, Source, Restatement)
    return [model._default_manager.count() for model in models]


def organisation(key: str) -> Organisation:
    return Organisation.objects.get(identifiers__scheme="registry-file", identifiers__value=key)


def test_a_folder_goes_in_through_actions_and_a_second_run_changes_nothing(folder: Path) -> None:
    report = run(folder)
    assert not report.refused
    assert [(file.file, file.taken) for file in report.files] == [
        ("networks.csv", 2),
        ("parties.csv", 3),
        ("memberships.csv", 5),
        ("wings.csv", 3),
        ("lineage.csv", 1),
    ]
    lineage = report.of("lineage.csv")
    assert (lineage.unchanged, lineage.left_out) == (1, {"the other party has no row in parties.csv": [4]})
    assert "rows 3-4 share the Wikidata item Q2" in report.of("parties.csv").warnings
    before = counts()
    again = run(folder, days=1)
    assert (again.taken, again.changed, again.unchanged) == (0, 0, 15)
    assert counts() == before
    assert again.answered


def test_what_went_in_is_what_the_rows_say(folder: Path) -> None:
    run(folder)
    tide = organisation("pf-1")
    assert tide.source is not None
    assert (tide.source.licence, tide.source.stated_on) == ("CC BY-SA 4.0", "2025-07")
    assert tide.names.get(role="native").text == "Partido Marea"
    on = queries.links_on(tide, date(2010, 1, 1), known_by=AT)
    assert [(view.other.name, view.standing) for view in on.in_force] == [
        ("Example International", "member"),
        ("Young Tide Socialists", "stated"),
    ]
    assert [view.other.name for view in on.date_unknown] == ["Example Federation", "Tide Institute"]
    assert on.date_unknown[0].end_reason == "its source lists it as former"
    suspended = Spell.objects.get(standing="suspended")
    assert suspended.unverified
    youth = Organisation.objects.get(name="Young Tide Socialists")
    assert (youth.kind, youth.wing_kind, youth.parent, youth.country) == ("wing", "youth", tide, "ESP")
    assert organisation("pf-2").country == "DDR"


def test_a_changed_row_is_stated_anew_and_what_was_known_stays(folder: Path) -> None:
    run(folder)
    write(
        folder,
        {
            "parties.csv": PARTIES.replace("1980-05-01", "1979"),
            "memberships.csv": MEMBERSHIPS.replace("net-one,member,1995,,", "net-one,member,1996,2024,"),
        },
    )
    report = run(folder, days=30)
    assert (report.taken, report.changed) == (0, 2)
    tide = organisation("pf-1")
    assert tide.founded == "1979"
    later = AT + timedelta(days=30)
    day = date(2025, 1, 1)
    assert len(queries.links_on(tide, day, known_by=AT, kinds=["membership"]).in_force) == 1
    assert not queries.links_on(tide, day, known_by=later, kinds=["membership"]).in_force
    assert run(folder, days=31).changed == 0


def test_an_import_does_not_undo_an_accepted_correction(folder: Path) -> None:
    run(folder)
    proposal = actions.propose_correction(
        organisation("pf-1"), field="founded", proposed="1977", source_url="https://example.org", by=ANONYMOUS, at=AT
    )
    actions.decide_correction(proposal, accept=True, reason="the statute says so", by=OPERATOR, at=AT)
    write(folder, {"parties.csv": PARTIES.replace("1980-05-01", "1981").replace("ETP", "TIDE")})
    run(folder, days=1)
    tide = organisation("pf-1")
    assert (tide.founded, tide.abbreviation) == ("1977", "TIDE")


BAD = {
    "unknown country": (
        with_row("parties.csv", "pf-4,Example Four,,,ZZZ,,4,,,,"),
        ("parties.csv", 5, "country_iso3"),
        "./comity import regions FILE",
    ),
    "duplicate id": (
        with_row("parties.csv", "pf-1,Example One Again,,,ESP,,9,,,,"),
        ("parties.csv", 5, "party_id"),
        "keep one of the rows",
    ),
    "duplicate identifier": (
        with_row("parties.csv", "pf-4,Example Four,,,ESP,,3,,,,"),
        ("parties.csv", 5, "partyfacts_id"),
        "its own identifier",
    ),
    "dissolved before founded": (
        with_row("parties.csv", "pf-4,Example Four,,,ESP,,4,,2006,1966,"),
        ("parties.csv", 5, "dissolved"),
        "correct one of the two dates",
    ),
    "no date": (
        with_row("parties.csv", "pf-4,Example Four,,,ESP,,4,,June 2006,,"),
        ("parties.csv", 5, "founded"),
        "YYYY-MM-DD",
    ),
    "empty name": (with_row("parties.csv", "pf-4,,,,ESP,,4,,,,"), ("parties.csv", 5, "name_en"), "fill it"),
    "long name": (
        with_row("parties.csv", f"pf-4,Example Four,,{'X' * 70},ESP,,4,,,,"),
        ("parties.csv", 5, "abbreviation"),
        "shorten it",
    ),
    "malformed row": (with_row("parties.csv", "pf-4,Example, Four,,,ESP,,4,,,,"), ("parties.csv", 5, ""), "quote"),
    "open quote": (
        with_row("parties.csv", 'pf-4,"Example Four,,,ESP,,4,,,,'),
        ("parties.csv", 5, ""),
        "close the quotes",
    ),
    "before founding": (
        with_row("memberships.csv", "pf-1,net-two,member,1970,,wikipedia-infobox:international"),
        ("memberships.csv", 7, "from"),
        "founding",
    ),
    "overlapping": (
        with_row("memberships.csv", "pf-1,net-one,observer,2000,2005,wikipedia-infobox:international"),
        ("memberships.csv", 7, "from"),
        "let one spell end",
    ),
    "the same spell twice": (
        with_row("memberships.csv", "pf-3,net-one,stated,,,wikidata:P1416"),
        ("memberships.csv", 7, "from"),
        "keep one of the rows",
    ),
    "end before start": (
        with_row("memberships.csv", "pf-3,net-two,member,2005,1999,wikidata:P463"),
        ("memberships.csv", 7, "to"),
        "correct one",
    ),
    "unknown party": (
        with_row("memberships.csv", "pf-9,net-one,member,,,wikidata:P463"),
        ("memberships.csv", 7, "party_id"),
        "add it to parties.csv",
    ),
    "unknown network": (
        with_row("memberships.csv", "pf-1,net-nine,member,,,wikidata:P463"),
        ("memberships.csv", 7, "network_id"),
        "networks.csv",
    ),
    "unknown status": (
        with_row("memberships.csv", "pf-1,net-one,boss,,,wikidata:P463"),
        ("memberships.csv", 7, "status"),
        "write one of",
    ),
    "a person": (
        with_row("wings.csv", "pf-1,youth,Jane Doe,,,,,wikipedia-infobox:youth_wing"),
        ("wings.csv", 5, "name"),
        "name the organisation in full",
    ),
    "residue": (
        with_row("wings.csv", "pf-1,youth,interlanguage link,,,,,wikipedia-infobox:youth_wing"),
        ("wings.csv", 5, "name"),
        "write the wing's name",
    ),
    "circle": (
        with_row("lineage.csv", "pf-2,follows,Example Union,Q2,pf-3,wikidata:P155"),
        ("lineage.csv", 5, "other_party_id"),
        "the rows before it stand",
    ),
    "self": (
        with_row("lineage.csv", "pf-1,replaces,Example Tide Party,Q1,pf-1,wikidata:P1365"),
        ("lineage.csv", 5, "other_party_id"),
        "the rows before it stand",
    ),
    "unknown relation": (
        with_row("lineage.csv", "pf-1,hates,Example Union,Q2,pf-3,wikidata:P155"),
        ("lineage.csv", 5, "relation"),
        "write one of",
    ),
    "unknown kind of network": (
        with_row("networks.csv", "net-three,Example Three,cabal,,,,"),
        ("networks.csv", 4, "kind"),
        "write one of",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_refused_with_file_row_column_and_remedy_and_the_others_go_in(folder: Path, case: str) -> None:
    files, (file, row, column), remedy = BAD[case]
    write(folder, files)
    report = run(folder)
    (refused,) = report.refused
    assert (refused.file, refused.row, refused.column) == (file, row, column)
    assert remedy in refused.remedy
    assert refused.reason
    assert report.taken == 14
    assert run(folder, days=1).taken == 0


@pytest.mark.parametrize("case", ["unknown country", "overlapping", "circle", "open quote"])
def test_all_or_nothing_leaves_nothing_half_written(folder: Path, case: str) -> None:
    write(folder, BAD[case][0])
    before = counts(), RegionScheme.objects.count()
    report = run(folder, all_or_nothing=True)
    assert not report.went_in
    assert not report.answered
    assert (counts(), RegionScheme.objects.count()) == before
    assert any("nothing went in" in line for line in report.summary())
    write(folder, FILES)
    assert run(folder, all_or_nothing=True).taken == 14


def test_a_refused_overlap_names_both_spells(folder: Path) -> None:
    write(folder, BAD["overlapping"][0])
    (refused,) = run(folder).refused
    assert "member 1995 to open" in refused.reason
    assert "observer 2000 to 2005" in refused.reason


def test_a_persons_name_is_not_repeated_in_the_report(folder: Path) -> None:
    write(folder, BAD["a person"][0])
    assert "Jane" not in "".join(run(folder).details())
    assert not Organisation.objects.filter(name__contains="Jane").exists()


def test_another_encoding_is_told_with_its_byte_and_row(folder: Path) -> None:
    write(folder, {"parties.csv": PARTIES.replace("Example League", "Exámple League").encode("latin-1")})
    report = run(folder)
    refused = report.of("parties.csv").refused[0]
    assert (refused.row, refused.column, refused.remedy) == (3, "name_en", "save the file as UTF-8")
    assert "byte" in refused.reason
    assert report.of("parties.csv").taken == 2
    assert {told.column for told in report.of("memberships.csv").refused} == {"party_id"}


def test_a_missing_column_refuses_its_file(folder: Path) -> None:
    write(folder, {"parties.csv": PARTIES.replace("country_iso3", "country")})
    refused = run(folder).of("parties.csv").refused[0]
    assert (refused.row, refused.column) == (1, "country_iso3")


def test_a_folder_without_the_files_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        import_registry(tmp_path, at=AT)


def test_files_that_are_not_taken_are_named(folder: Path) -> None:
    write(folder, {"party_tags.csv": "party_id,left_right\npf-1,-0.4\n"})
    report = run(folder)
    assert "neither shown nor stored" in report.of("party_tags.csv").note


def test_a_party_twice_in_one_network_has_two_spells(folder: Path) -> None:
    write(folder, with_row("memberships.csv", "pf-2,net-one,former,1995,2000,wikipedia-infobox:international"))
    assert not run(folder).refused
    (view,) = queries.links_on(organisation("pf-2"), date(1997, 1, 1), known_by=AT, kinds=["membership"]).in_force
    assert len(view.history) == 1


def test_wings_shared_by_two_parties_are_one_organisation(folder: Path) -> None:
    write(folder, with_row("wings.csv", "pf-3,youth,Young Tides,,Q71,,,wikidata:P4379"))
    report = run(folder)
    assert not report.refused
    youth = Organisation.objects.get(name="Young Tide Socialists")
    assert {tie.object.name for tie in youth.links_out.all()} == {"Example Tide Party", "Example Union"}


def test_a_new_code_comes_by_a_region_file(folder: Path, tmp_path: Path) -> None:
    write(folder, BAD["unknown country"][0])
    assert run(folder).refused
    more = tmp_path / "more-lands.csv"
    more.write_text("code,label,kind,valid_from\nZZZ,Land of Z,country,1950\nYYY,,country,\nXXX,Land of X,kingdom,\n")
    report = import_regions(more, at=AT)
    assert [(told.row, told.column) for told in report.refused] == [(3, "label"), (4, "kind")]
    assert report.taken == 1
    assert not run(folder).refused
    assert organisation("pf-4").country == "ZZZ"
    assert import_regions(more, at=AT).unchanged == 1
    more.write_text("code,label\nZZZ,Zedland\nWWW,Land of W\n")
    changed = import_regions(more, at=AT)
    assert (changed.taken, changed.changed) == (1, 1)
    assert [scheme.version for scheme in RegionScheme.objects.filter(code="more-lands")] == [
        "2026-03-02",
        "2026-03-02.2",
    ]
    assert queries.region_label("ZZZ").text == "Zedland"


def test_the_folder_and_the_facts_of_the_product_are_one_registry(folder: Path, tmp_path: Path) -> None:
    known = tmp_path / "facts"
    known.mkdir()
    write(
        known,
        {
            "sources.csv": "source,title,address,licence,stated_on\ns1,Some page,https://example.org,CC0 1.0,2025-07\n",
            "organisations.csv": "id,kind,network_kind,name,country,partyfacts,wikidata,source\n"
            "net-one,network,international,Example International,,,Q900,s1\n"
            "pf-1,party,,Example Tide Party,ESP,1,Q1,s1\n"
            "pf-1/youth/Q71,wing,,Young Tide Socialists,ESP,,Q71,s1\n",
            "ties.csv": "organisation,to,kind,standing,start,end,ended,source\n"
            "pf-1,net-one,membership,member,1995,,,s1\n"
            "pf-1/youth/Q71,pf-1,part,stated,1990,,,s1\n",
            "lineage.csv": "earlier,later,kind,source\n",
        },
    )
    assert facts.load(at=AT, folder=known).taken == 5
    report = run(folder)
    assert not report.refused
    assert Organisation.objects.filter(name="Example Tide Party").count() == 1
    assert (Organisation.objects.count(), Spell.objects.count()) == (8, 8)
    assert run(folder, days=1).taken == 0
    assert facts.load(at=AT, folder=known).taken == 0
