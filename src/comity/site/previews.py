"""The picture that stands for a public thing where somebody shares its address: title, finding, kind, realm.

Drawn once for each state of a thing and language, and kept on disk under the fingerprint of what it shows. A thing that
an anonymous reader may not see has none, and what was kept of it is thrown away when it is next asked for.
"""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.plain.actors import ANONYMOUS
from comity.plain.findings import finding
from comity.plain.ids import is_id
from comity.plain.kinds import Exit, Kind, called, kind_named
from comity.plain.languages import direction
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.site.words import kind_in_words
from comity.texts.exports import fonts

TEMPLATE = Path(__file__).resolve().parent / "data" / "preview.typ"
WIDTH, HEIGHT = 1200, 630
LONGEST_TITLE, LONGEST_FINDING = 150, 260
MOST_KEPT = 2_000
"""Pictures of one kind and realm on disk, some 30 kB each."""
EDITION = 1
"""Of the drawing: a new one is drawn afresh for everything."""


@require_safe
def preview(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """The picture of one public thing in the language of its address."""
    asked = place_of(request)
    place = replace(asked, actor=ANONYMOUS, as_of=asked.at.date(), memory={})
    known = kind_named(kind)
    if known is None or Exit.PREVIEW not in known.exits or not is_id(public_id):
        raise NotVisible(kind=kind)
    row = known.seen(place).filter(public_id=public_id).first()
    if row is None:
        _forget(_folder(place, kind), public_id)
        raise NotVisible(kind=kind)
    shown = content(known, row, place)
    tag = hashlib.sha256(json.dumps([EDITION, shown], ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:20]
    response = HttpResponse(_kept(_folder(place, kind), public_id, tag, shown, place), content_type="image/png")
    response.headers["ETag"] = f'"{tag}"'
    return response


def content(kind: Kind, row: Any, place: Place) -> dict[str, Any]:
    """What the picture shows."""
    title = called(row, place, kind)
    return {
        "language": place.language,
        "direction": direction(place.language),
        "title": shortened(title.words, LONGEST_TITLE),
        "title_language": title.language or place.language,
        "title_direction": direction(title.language or place.language),
        "kind": kind_in_words(kind.name),
        "finding": shortened(finding(row, place, kind), LONGEST_FINDING),
        "watermark": _("FICTION") if place.realm is Realm.FICTION else "",
        "foot": _("Fiction: nothing here describes a real organisation.")
        if place.realm is Realm.FICTION
        else _("Listing is no endorsement."),
    }


def shortened(text: str, longest: int) -> str:
    """A text cut at a word, with the sign that says so."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + "…"


def _folder(place: Place, kind: str) -> Path:
    return Path(settings.HOME) / "previews" / place.realm / kind


def _kept(folder: Path, public_id: str, tag: str, shown: dict[str, Any], place: Place) -> bytes:
    stem = f"{public_id}-{place.language}"
    file = folder / f"{stem}-{tag}.png"
    if file.is_file():
        return file.read_bytes()
    drawn = _drawn(shown)
    folder.mkdir(parents=True, exist_ok=True)
    _forget(folder, stem)
    unfinished = file.with_suffix(".part")
    unfinished.write_bytes(drawn)
    unfinished.replace(file)
    _trim(folder)
    return drawn


def _trim(folder: Path) -> None:
    """Throw away the oldest pictures of a kind above the number kept; they are drawn again when asked for."""
    files = sorted(folder.glob("*.png"), key=lambda file: file.stat().st_mtime)
    for file in files[:-MOST_KEPT]:
        file.unlink(missing_ok=True)


def throw_away() -> None:
    """Throw all kept pictures away: one may show what was erased. They are drawn again when asked for."""
    shutil.rmtree(Path(settings.HOME) / "previews", ignore_errors=True)


def _forget(folder: Path, stem: str) -> None:
    for file in folder.glob(f"{stem}-*.png"):
        file.unlink(missing_ok=True)


def _drawn(shown: dict[str, Any]) -> bytes:
    import typst

    faces = fonts.prepared(json.dumps(shown, ensure_ascii=False))
    told = shown | {"serif": faces.serif, "sans": faces.sans}
    made: Any = typst.compile(
        str(TEMPLATE),
        font_paths=[faces.folder] if faces.folder else [],
        ignore_system_fonts=True,
        sys_inputs={"thing": json.dumps(told, ensure_ascii=False)},
        format="png",
        ppi=72.0,
    )
    assert isinstance(made, bytes)
    return made
