"""Fonts for paper: each slice of the pages' fonts as a fixed face with a family name of its own.

Slices of one family bear one name, and a typesetter takes only one of them: letters vanish. Here each has its own.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

FACES: tuple[tuple[str, str, dict[str, int], int, bool], ...] = (
    ("Paper Serif Latin", "source-serif-4-latin-opsz-normal.woff2", {"wght": 400, "opsz": 14}, 400, False),
    ("Paper Serif Latin", "source-serif-4-latin-opsz-normal.woff2", {"wght": 600, "opsz": 14}, 600, False),
    ("Paper Serif Latin", "source-serif-4-latin-wght-italic.woff2", {"wght": 400}, 400, True),
    ("Paper Serif Latin Ext", "source-serif-4-latin-ext-opsz-normal.woff2", {"wght": 400, "opsz": 14}, 400, False),
    ("Paper Serif Latin Ext", "source-serif-4-latin-ext-wght-italic.woff2", {"wght": 400}, 400, True),
    ("Paper Serif Cyrillic", "source-serif-4-cyrillic-opsz-normal.woff2", {"wght": 400, "opsz": 14}, 400, False),
    ("Paper Serif Greek", "source-serif-4-greek-opsz-normal.woff2", {"wght": 400, "opsz": 14}, 400, False),
    ("Paper Sans Latin", "noto-sans-latin-wght-normal.woff2", {"wght": 400, "wdth": 100}, 400, False),
    ("Paper Sans Latin", "noto-sans-latin-wght-normal.woff2", {"wght": 650, "wdth": 100}, 600, False),
    ("Paper Sans Latin Ext", "noto-sans-latin-ext-wght-normal.woff2", {"wght": 400, "wdth": 100}, 400, False),
    ("Paper Naskh", "amiri-arabic-400-normal.woff2", {}, 400, False),
    ("Paper Naskh", "amiri-arabic-700-normal.woff2", {}, 700, False),
)
"""Family on paper, slice, place on its axes, weight, italic. Amiri, because Arabic copies out of it as written."""
BUILT_IN = "Libertinus Serif"
SERIF = ("Paper Serif Latin", "Paper Serif Latin Ext", "Paper Serif Cyrillic", "Paper Serif Greek", "Paper Naskh")
SANS = ("Paper Sans Latin", "Paper Sans Latin Ext", "Paper Naskh", *SERIF[2:4])


def families(preferred: tuple[str, ...]) -> list[str]:
    """The families to name, the typesetter's own last: it stands in while the front-end is not built."""
    return [*(preferred if font_folder() else ()), BUILT_IN]


@lru_cache(maxsize=1)
def font_folder() -> str:
    """The folder of converted faces, made at first use; nothing before the front-end was built."""
    slices = finders.find("site/fonts")
    if not isinstance(slices, str):
        return ""
    folder = Path(settings.HOME) / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for family, file, axes, weight, italic in FACES:
        source = Path(slices) / file
        target = folder / f"{family.replace(' ', '-')}-{weight}{'-italic' if italic else ''}.ttf"
        if source.is_file() and not (target.is_file() and target.stat().st_mtime >= source.stat().st_mtime):
            _convert(source, target, family, axes, weight, italic=italic)
    return str(folder) if any(folder.glob("*.ttf")) else ""


def _convert(source: Path, target: Path, family: str, axes: dict[str, int], weight: int, *, italic: bool) -> None:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
    from fontTools.varLib.instancer import instantiateVariableFont  # type: ignore[import-untyped]

    font: Any = TTFont(source)
    if "fvar" in font:
        known = {axis.axisTag for axis in font["fvar"].axes}
        font = instantiateVariableFont(font, {axis: place for axis, place in axes.items() if axis in known})
    _rename(font, family, weight, italic=italic)
    font.flavor = None
    unfinished = target.with_suffix(".part")
    font.save(unfinished)
    unfinished.replace(target)


def _rename(font: Any, family: str, weight: int, *, italic: bool) -> None:
    names = font["name"]
    style = "Italic" if italic else "Regular" if weight == 400 else "Bold"
    for number, text in ((1, family), (2, style), (4, f"{family} {style}"), (16, family), (17, style)):
        names.removeNames(nameID=number)
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
