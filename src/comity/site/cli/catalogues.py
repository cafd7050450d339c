"""The gettext catalogues: which sentences the house says, whether each is translated."""

import ast
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po

from comity.plain.languages import CODES

HOUSE = Path(__file__).resolve().parents[2]
TOPICS = HOUSE / "registry" / "data" / "topics.csv"
RESULT = HOUSE / "site" / "data" / "mission.json"
SOURCE_LANGUAGE = "en"
TRANSLATED = tuple(code for code in CODES if code != SOURCE_LANGUAGE)
Keyword = Any
"""Which arguments of a gettext function are sentences, as Babel writes it."""
KEYWORDS: dict[str, Keyword] = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
Translation = str | tuple[str, ...] | list[str] | None
HEADER = "# Comity, the words of the room {room}. EUPL-1.2."


@dataclass
class Sentence:
    """One thing the house says: its English (with a plural or not), its context, where it stands."""

    english: str | tuple[str, ...]
    context: str | None
    places: list[tuple[str, int]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str | None, str]:
        """Under which a catalogue finds it."""
        return self.context, self.english if isinstance(self.english, str) else self.english[0]


def rooms() -> list[Path]:
    """The rooms that may speak: every one with an ``apps.py``."""
    return sorted(path.parent for path in HOUSE.glob("*/apps.py"))


def catalogue_path(room: Path, language: str) -> Path:
    """Where a room's catalogue stands."""
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


# -- what is said ------------------------------------------------------------------------------------------------------


def sentences(room: Path) -> list[Sentence]:
    """Every translatable sentence of a room: of its Python, its templates, its table of topics, its refusals."""
    found: dict[tuple[str | None, str], Sentence] = {}
    folders = [room, HOUSE / "plain"] if room.name == "site" else [room]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            for sentence in _said_in(path):
                known = found.setdefault(sentence.key, sentence)
                if known is not sentence:
                    known.places += sentence.places
                    known.english = sentence.english if isinstance(sentence.english, tuple) else known.english
    return list(found.values())


def _said_in(path: Path) -> Iterator[Sentence]:
    parts = path.relative_to(HOUSE).parts
    if path == TOPICS:
        yield from _table(path, ("label", "scope"), str(Path("src", "comity", *parts)))
    if path == RESULT:
        yield from _missing_parts(path, str(Path("src", "comity", *parts)))
    if {"tests", "migrations", "locale", "static", "data"} & set(parts):
        return
    where = str(Path("src", "comity", *parts))
    if path.suffix == ".py":
        source = path.read_text(encoding="utf-8")
        yield from _extracted(source, where, KEYWORDS | _other_names(source))
        yield from _rules_in(source, where)
    elif "templates" in parts and path.suffix in {".html", ".txt", ".xml", ".svg"}:
        from django.utils.translation.template import templatize

        said = templatize(path.read_text(encoding="utf-8"), origin=where)
        yield from _extracted("\n".join(line.lstrip() for line in said.split("\n")), where)


def _extracted(source: str, where: str, keywords: Mapping[str, Keyword] = KEYWORDS) -> Iterator[Sentence]:
    stream = io.BytesIO(source.encode())
    for line, english, _, context in extract("python", stream, keywords, options={"encoding": "utf-8"}):
        yield Sentence(english, context, [(where, line)])


def _other_names(source: str) -> dict[str, Keyword]:
    """The names under which a module imports gettext's functions, e.g. ``gettext_lazy as lazy``."""
    return {
        name.asname: KEYWORDS[name.name]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname and name.name in KEYWORDS
    }


def _missing_parts(path: Path, where: str) -> Iterator[Sentence]:
    """What the mission page says is not built yet, in the words of the tests' marks."""
    for walks in json.loads(path.read_text(encoding="utf-8")).values():
        yield from (Sentence(walk["missing"], None, [(where, 0)]) for walk in walks if walk["missing"])


def _table(path: Path, columns: tuple[str, ...], where: str) -> Iterator[Sentence]:
    """What some columns of a table of ours say."""
    with path.open(encoding="utf-8", newline="") as lines:
        yield from (Sentence(row[name], None, [(where, 0)]) for row in csv.DictReader(lines) for name in columns)


def _rules_in(source: str, where: str) -> Iterator[Sentence]:
    """The docstrings of refusals: each is the rule broken, shown to the person refused."""
    names = _refusal_names()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and node.name in names:
            rule = ast.get_docstring(node)
            if rule:
                yield Sentence(" ".join(rule.split()), None, [(where, node.lineno)])


_REFUSALS: set[str] = set()


def _refusal_names() -> set[str]:
    """Every class that descends from ``Refusal``, by name."""
    if _REFUSALS:
        return _REFUSALS
    bases: dict[str, set[str]] = {}
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {base.id for base in node.bases if isinstance(base, ast.Name)}
    _REFUSALS.add("Refusal")
    while more := {name for name, above in bases.items() if above & _REFUSALS} - _REFUSALS:
        _REFUSALS.update(more)
    return _REFUSALS


# -- the catalogues ----------------------------------------------------------------------------------------------------


def update() -> list[Path]:
    """Bring every catalogue up to the sources; translations stay, and one room lends another its words."""
    written = []
    for language in TRANSLATED:
        lent = {
            (message.context, _first(message)): message.string
            for room in rooms()
            for message in _read(room, language)
            if message.id and _translated(message)
        }
        written += [path for room in rooms() if (path := _update_room(room, language, lent))]
    return written


def _update_room(room: Path, language: str, lent: dict[tuple[str | None, str], Translation]) -> Path | None:
    said = sentences(room)
    path = catalogue_path(room, language)
    if not said and not path.exists():
        return None
    known = _read(room, language)
    catalogue = Catalog(
        locale=language,
        project="Comity",
        version="1",
        copyright_holder="the authors of Comity",
        charset="utf-8",
        fuzzy=False,
        header_comment=HEADER.format(room=room.name),
        creation_date=known.creation_date if path.exists() else None,
        revision_date=known.revision_date if path.exists() else None,
    )
    for sentence in said:
        old = known.get(sentence.key[1], context=sentence.context)
        string: Translation = old.string if old is not None and _translated(old) else lent.get(sentence.key, "")
        fits = isinstance(string, tuple | list) == isinstance(sentence.english, tuple)
        catalogue.add(
            sentence.english,
            string if fits else "",
            locations=[(where, 0) for where in sorted({where for where, _ in sentence.places})],
            context=sentence.context,
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        write_po(out, catalogue, width=110, include_lineno=False, sort_by_file=True)
    return path


def _read(room: Path, language: str) -> Catalog:
    path = catalogue_path(room, language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language, ignore_obsolete=True)


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _translated(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return all(strings) and not message.fuzzy


def faults() -> list[str]:
    """Every sentence without a whole translation, and every translation that lost a placeholder."""
    return [fault for room in rooms() for language in TRANSLATED for fault in _faults_of(room, language)]


def _faults_of(room: Path, language: str) -> Iterator[str]:
    known = _read(room, language)
    name = f"{room.name}/{language}"
    for sentence in sentences(room):
        message = known.get(sentence.key[1], context=sentence.context)
        where = ":".join(map(str, sentence.places[0]))
        if message is None or not _translated(message):
            yield f"{name}: not translated: {sentence.key[1]!r} ({where})"
            continue
        for odd in _odd_placeholders(sentence, message):
            yield f"{name}: {odd}: {sentence.key[1]!r} ({where})"


_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%[sd]")


def _odd_placeholders(sentence: Sentence, message: Message) -> Iterator[str]:
    """Placeholders that a translation invents, or that it lost; a plural form may leave its number out."""
    plural = isinstance(sentence.english, tuple)
    given = set(_PLACEHOLDER.findall("".join(sentence.english)))
    for form in [message.string] if isinstance(message.string, str) else list(message.string or ()):
        said = set(_PLACEHOLDER.findall(form))
        if said - given:
            yield f"unknown placeholder {sorted(said - given)[0]}"
        if given - said and not plural:
            yield f"lost placeholder {sorted(given - said)[0]}"
