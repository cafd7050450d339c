"""Compiling the gettext catalogues with Babel, before any command runs. Compiled forms are never committed."""

from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


def compile_stale() -> int:
    """Compile every catalogue that is newer than its compiled form; return how many were."""
    stale = [path for path in HOUSE.glob("*/locale/*/LC_MESSAGES/django.po") if _is_stale(path)]
    for path in stale:
        _compile(path)
    return len(stale)


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < path.stat().st_mtime_ns


def _compile(path: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.parts[-3])
    made = path.with_suffix(".new")
    with made.open("wb") as out:
        write_mo(out, catalogue)
    made.replace(path.with_suffix(".mo"))
