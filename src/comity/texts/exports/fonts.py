"""Fonts for paper: slices of the pages' fonts as fixed faces, each slice under a family name of its own.

Slices of one family bear one name, and a typesetter takes only one of them: letters vanish. Here each has its own.
A face is made when a text first needs its letters, which takes about a second, and is kept.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

BUILT_IN = "Libertinus Serif"
"""The typesetter's own: it stands in while the front-end is not built."""


@dataclass(frozen=True)
class Face:
    """One face: its family on paper, the slice it is cut from, where on the slice's axes, weight and slope."""

    family: str
    file: str
    axes: dict[str, int] = field(default_factory=dict)
    weight: int = 400
    italic: bool = False

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.family.replace(' ', '-')}-{self.weight}{'-italic' if self.italic else ''}.ttf"


def _serif(slice_: str, script: str) -> tuple[Face, ...]:
    file = f"source-serif-4-{slice_}-opsz-normal.woff2"
    return (Face(f"Paper Serif {script}", file, {"wght": 400, "opsz": 14}),)


def _serif_italic(slice_: str, script: str) -> tuple[Face, ...]:
    return (Face(f"Paper Serif {script}", f"source-serif-4-{slice_}-wght-italic.woff2", {"wght": 400}, italic=True),)


def _sans(slice_: str, script: str, *weights: int) -> tuple[Face, ...]:
    file = f"noto-sans-{slice_}-wght-normal.woff2"
    family = f"Paper Sans {script}"
    return tuple(Face(family, file, {"wght": weight, "wdth": 100}, min(weight, 600)) for weight in weights)


LATIN = _serif("latin", "Latin") + _serif_italic("latin", "Latin") + _sans("latin", "Latin", 400, 650)
EXTENDED = (
    *_serif("latin-ext", "Latin Ext"),
    *_serif_italic("latin-ext", "Latin Ext"),
    *_sans("latin-ext", "Latin Ext", 400),
)
NASKH = (
    Face("Paper Naskh", "amiri-arabic-400-normal.woff2"),
    Face("Paper Naskh", "amiri-arabic-700-normal.woff2", weight=700),
)
SCRIPTS: tuple[tuple[tuple[tuple[int, int], ...], tuple[Face, ...]], ...] = (
    (((0, 0),), LATIN),
    (((0x100, 0x24F), (0x1E00, 0x1EFF)), EXTENDED),
    (((0x400, 0x52F),), _serif("cyrillic", "Cyrillic") + _sans("cyrillic", "Cyrillic", 400)),
    (((0x370, 0x3FF),), _serif("greek", "Greek") + _sans("greek", "Greek", 400)),
    (((0x600, 0x6FF), (0x750, 0x77F)), NASKH),
)
"""Code points that need a script (Latin always), and its faces. Amiri, because its Arabic copies out as written."""


@dataclass(frozen=True)
class Prepared:
    """Where the faces lie, and which families to name for text and for notes."""

    folder: str
    serif: list[str]
    sans: list[str]


def prepared(text: str) -> Prepared:
    """The faces that the letters of a text need, made where they are not there yet."""
    slices = finders.find("site/fonts")
    faces = _needed(text) if isinstance(slices, str) else []
    folder = Path(settings.HOME) / "fonts"
    made = [face for face in faces if _made(face, Path(str(slices)), folder)]
    serif = list(dict.fromkeys(face.family for face in made if "Sans" not in face.family))
    sans = list(dict.fromkeys(face.family for face in made if "Serif" not in face.family))
    return Prepared(str(folder) if made else "", [*serif, BUILT_IN], [*sans, *serif, BUILT_IN])


def _needed(text: str) -> list[Face]:
    points = {ord(sign) for sign in set(text)} | {0}
    return [
        face
        for ranges, faces in SCRIPTS
        if any(first <= point <= last for first, last in ranges for point in points)
        for face in faces
    ]


def _made(face: Face, slices: Path, folder: Path) -> bool:
    source, target = slices / face.file, folder / face.name
    if not source.is_file():
        return False
    if not (target.is_file() and target.stat().st_mtime >= source.stat().st_mtime):
        folder.mkdir(parents=True, exist_ok=True)
        _convert(source, target, face)
    return True


def _convert(source: Path, target: Path, face: Face) -> None:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # fontTools has no types
    from fontTools.varLib.instancer import instantiateVariableFont  # type: ignore[import-untyped]  # fontTools has no types

    font: Any = TTFont(source)
    if "fvar" in font:
        known = {axis.axisTag for axis in font["fvar"].axes}
        font = instantiateVariableFont(font, {axis: place for axis, place in face.axes.items() if axis in known})
    _rename(font, face)
    font.flavor = None
    unfinished = target.with_suffix(".part")
    font.save(unfinished)
    unfinished.replace(target)


def _rename(font: Any, face: Face) -> None:
    names = font["name"]
    style = "Italic" if face.italic else "Regular" if face.weight == 400 else "Bold"
    for number, text in ((1, face.family), (2, style), (4, f"{face.family} {style}"), (16, face.family), (17, style)):
        names.removeNames(nameID=number)
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = face.weight
