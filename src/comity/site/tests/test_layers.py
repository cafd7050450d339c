"""What import-linter cannot see: keys written as strings, what migrations lean on, who writes rows, forgotten rooms."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

CHECKOUT = Path(__file__).resolve().parents[4]
HOUSE = CHECKOUT / "src" / "comity"
CONTRACTS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
ROOMS_CONTRACT, FLOORS_CONTRACT = CONTRACTS[0], CONTRACTS[1]


def floors_from_the_top() -> list[list[str]]:
    return [[room.strip(" ()") for room in layer.split("|")] for layer in ROOMS_CONTRACT["layers"]]


HEIGHT = {room: -depth for depth, rooms in enumerate(floors_from_the_top()) for room in rooms}


def room_folders() -> list[str]:
    return sorted(folder.parent.name for folder in HOUSE.glob("*/__init__.py"))


def may_lean_on(room: str, other: str) -> bool:
    """Whether ``room`` may name ``other``: itself, a lower room, or anything that is not ours."""
    return other == room or other not in HEIGHT or HEIGHT[other] < HEIGHT[room]


def related_rooms() -> Iterator[tuple[str, str, str]]:
    for room in filter(HEIGHT.__contains__, (config.label for config in apps.get_app_configs())):
        for model in apps.get_app_config(room).get_models():
            for field in model._meta.get_fields():
                target = field.related_model
                if field.is_relation and not field.auto_created and isinstance(target, type):
                    yield room, target._meta.app_label, f"{model.__name__}.{field.name}"


def test_no_foreign_key_looks_up() -> None:
    assert [told for room, other, told in related_rooms() if not may_lean_on(room, other)] == []


def test_no_migration_leans_on_a_higher_room() -> None:
    upward = [
        f"{room}.{name} -> {other}"
        for (room, name), migration in MigrationLoader(None).disk_migrations.items()
        if room in HEIGHT
        for other, _ in [*migration.dependencies, *migration.run_before]
        if not may_lean_on(room, other)
    ]
    assert upward == []


def test_every_room_has_its_floors_contract() -> None:
    assert sorted(name.removeprefix("comity.") for name in FLOORS_CONTRACT["containers"]) == room_folders()


@pytest.mark.parametrize("room", room_folders())
def test_every_room_says_its_purpose(room: str) -> None:
    first = (HOUSE / room / "__init__.py").read_text().splitlines()[0]
    assert first.startswith('"""')
    assert first.rstrip('"').endswith(".")


def test_no_room_is_a_lumber_room() -> None:
    lumber = {"utils", "helpers", "common", "managers", "signals"}
    assert [str(path) for path in HOUSE.rglob("*.py") if lumber & {path.stem, path.parent.name}] == []


@pytest.mark.parametrize("room", room_folders())
def test_every_room_says_on_one_page_what_it_promises(room: str) -> None:
    page = (HOUSE / room / "README.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {room.capitalize()}\n")
    assert "**What it promises**" in page
    assert len(page.splitlines()) < 75


WRITES = re.compile(
    r"\.objects\b.*\.(?:create|bulk_create|bulk_update|get_or_create|update_or_create)\(|\w\.save\(update_fields"
)
MAY_WRITE = {"registry/intake.py"}
"""Row-actions: they take rows through the actions, and note which row of which file went in."""


def test_only_actions_write_rows() -> None:
    files = [path.relative_to(HOUSE) for path in HOUSE.rglob("*.py")]
    others = [
        path for path in files if not {"tests", "migrations", "actions", "actions.py", "conftest.py"} & {*path.parts}
    ]
    writing = {path.as_posix() for path in others if WRITES.search((HOUSE / path).read_text(encoding="utf-8"))}
    assert writing == MAY_WRITE
