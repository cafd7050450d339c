"""The documentation names what there is: settings, commands, entries of the record, permissions, API routes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

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


def calls(name: str) -> Iterator[ast.Call]:
    for path in sources():
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if called == name:
                    yield node


def test_every_page_is_on_the_index() -> None:
    pages = {path.name for path in DOCS.glob("*.md")} - {"index.md"}
    assert sorted(name for name in pages if f"({name})" not in page("index")) == []
