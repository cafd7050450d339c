"""Rules of real bodies as a start for one's own: each with its source, none in force until an organ adopts it."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Preset:
    """A rule of a real body as facts, in our own words."""

    name: str
    title: str
    kind: str
    source: dict[str, str]
    prose: list[dict[str, str]]
    parameters: dict[str, Any]


@lru_cache(maxsize=1)
def presets() -> dict[str, Preset]:
    """All presets by name."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.json"))}


def _read(path: Path) -> Preset:
    read = json.loads(path.read_text(encoding="utf-8"))
    return Preset(path.stem, read["title"], read["kind"], read["source"], read["prose"], read["parameters"])
