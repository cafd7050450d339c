"""The documentation names what there is: settings, commands, entries of the record, permissions, API routes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.plain.levels import Realm
from comity.site.api import assemble
from comity.site.cli.house import COMMANDS

CHECKOUT = Path(__file__).resolve().parents[4]
DOCS = CHECKOUT / "docs"
HOUSE = CHECKOUT / "src" / "comity"


def sources() -> Iterator[Path]:
    yield from (CHECKOUT / "bootstrap.py", CHECKOUT / "comity")
    yield from (path for path in HOUSE.rglob("*.py") if not {"tests", "migrations"} & set(path.parts))
    yield HOUSE / "conftest.py"


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def test_every_setting_is_documented() -> None:
    named = {
        name for path in sources() for name in re.findall(r"\b(?:COMITY_[A-Z_]+|DATABASE_URL)\b", path.read_text())
    }
    assert named
    assert sorted(name for name in named if f"`{name}`" not in page("settings")) == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_documented_and_shows_an_example(command: object) -> None:
    name, example = command.name, command.example  # type: ignore[attr-defined]
    assert f"\n## {name}\n" in page("commands")
    assert f"./comity {name}" in example


def literals(*folders: str) -> Iterator[str]:
    """Every string written in the named files or folders of the rooms."""
    for path in sources():
        if path.suffix == ".py" and set(folders) & {path.stem, *path.relative_to(CHECKOUT).parts}:
            yield from (
                node.value
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )


def test_every_entry_of_the_record_is_documented() -> None:
    rooms = "|".join(path.parent.name for path in HOUSE.glob("*/apps.py"))
    entry = re.compile(rf"(?:{rooms})\.[a-z]+(?:_[a-z]+)*")
    written = {text for text in literals("actions", "core") if entry.fullmatch(text)}
    assert len(written) > 40
    assert sorted(name for name in written if f"| `{name}` |" not in page("record-entries")) == []


def test_every_permission_is_documented() -> None:
    permission = re.compile(r"[a-z]+:[a-z-]+:[a-z-]+")
    given = {text for text in literals("access") if permission.fullmatch(text)}
    assert len(given) > 20
    assert sorted(name for name in given if f"| `{name}` |" not in page("permissions")) == []


def test_every_page_is_on_the_index() -> None:
    pages = {path.name for path in DOCS.glob("*.md")} - {"index.md"}
    assert sorted(name for name in pages if f"({name})" not in page("index")) == []


@pytest.mark.django_db
def test_every_route_of_the_api_is_documented() -> None:
    routes = assemble(Realm.REAL).get_openapi_schema(path_prefix="/api/v1/")["paths"]
    assert len(routes) > 10
    assert sorted(route for route in routes if f"| `{route}` |" not in page("api")) == []
