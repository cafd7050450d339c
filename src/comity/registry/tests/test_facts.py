"""The facts that come with the product: enough of them, each with its source, loaded once."""

import csv
from pathlib import Path

import pytest

from comity.registry import facts
from comity.registry.models import Link, Organisation, Source
from comity.registry.tests.factories import AT


def rows(name: str) -> list[dict[str, str]]:
    with (facts.FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_enough_and_every_row_names_its_source() -> None:
    organisations, ties = rows("organisations.csv"), rows("ties.csv")
    sources = {row["source"]: row for row in rows("sources.csv")}
    networks = {row["id"] for row in organisations if row["kind"] == "network"}
    parties = {row["id"]: row for row in organisations if row["kind"] == "party"}
    still = {
        row["organisation"]
        for row in ties
        if row["to"] in networks and not row["ended"] and not row["end"] and row["standing"] != "expelled"
    }
    assert len(networks) >= 60
    assert len(parties) >= 1000
    assert all(row["country"] for row in parties.values())
    assert len(still & set(parties)) >= 800
    assert not any(row["dissolved"] for row in parties.values())
    for row in [*organisations, *ties, *rows("lineage.csv")]:
        assert row["source"] in sources
    assert all(row["title"] and row["licence"] and row["stated_on"] for row in sources.values())
    assert {row["licence"] for row in sources.values()} <= {"CC BY-SA 4.0", "CC0 1.0", "MIT"}


def test_no_scores_no_tags_no_sentences_and_a_modest_size() -> None:
    for name in facts.REQUIRED:
        assert not {
            column for column in rows(name)[0] if "ideolog" in column or "left" in column or "position" in column
        }
    assert all(len(row["name"]) <= 130 and len(row["name"].split()) <= 18 for row in rows("organisations.csv"))
    assert sum(path.stat().st_size for path in facts.FOLDER.iterdir() if path.is_file()) < 1_000_000


def test_the_licence_stands_beside_the_files() -> None:
    words = (facts.FOLDER / "README.md").read_text("utf-8")
    assert "CC BY-SA 4.0" in words
    assert all(name in words for name in facts.REQUIRED)


@pytest.mark.django_db
@pytest.mark.usefixtures("check_record")
def test_all_of_them_go_in_and_a_second_run_changes_nothing() -> None:
    report = facts.load(at=AT)
    assert not report.refused
    assert report.taken == sum(len(rows(name)) for name in facts.REQUIRED if name != "sources.csv")
    again = facts.load(at=AT)
    assert (again.taken, again.changed, again.unchanged) == (0, 0, report.taken)
    assert Organisation.objects.filter(kind="party", source__isnull=False).count() >= 1000
    assert not Organisation.objects.filter(source=None).exists()
    assert Link.objects.filter(spells__source=None).count() == 0
    assert Source.objects.filter(licence="").count() == 0


@pytest.mark.data
def test_the_committed_files_are_what_the_script_makes(shared_data: Path, tmp_path: Path) -> None:
    script = tmp_path / "make.py"
    script.write_text((facts.FOLDER / "make.py").read_text("utf-8"), "utf-8")
    space: dict[str, object] = {"__file__": str(script), "__name__": "made"}
    exec(compile(script.read_text("utf-8"), str(script), "exec"), space)  # noqa: S102
    main = space["main"]
    assert callable(main)
    main(shared_data / "registry")
    for name in facts.REQUIRED:
        assert (tmp_path / name).read_bytes() == (facts.FOLDER / name).read_bytes()
