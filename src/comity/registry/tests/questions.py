"""Questions as people ask them, drawn from real names by a seeded generator: for the test and the benchmark."""

import csv
import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from anyascii import anyascii

from comity.plain.levels import Realm
from comity.registry.actions.indexing import rebuild
from comity.registry.models import Name, Organisation

KINDS = ("accent dropped", "transliterated", "one slip", "abbreviation")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# A second hand: ISO 9 without its accents, and how newspapers write Greek; anyascii writes both otherwise.
OTHERS = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяєіїґћђљњјџαβγδεζηθικλμνξοπρσςτυφχψω",
        "a b v g d e z z i j k l m n o p r s t u f h c c s s _ y _ e u a e i i g c d l n j d "  # noqa: SIM905
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(),
        strict=True,
    )
)


@dataclass(frozen=True)
class Bearer:
    """An organisation with its names as registered."""

    number: int
    names: tuple[str, ...]
    abbreviation: str
    country: str


@dataclass(frozen=True)
class Question:
    """What is typed, the name that was meant, and who bore it."""

    kind: str
    typed: str
    meant: str
    bearer: Bearer


def real_bearers(parties: Path) -> list[Bearer]:
    """The parties of a registry folder with their names, as they stand in its file."""
    with parties.open(encoding="utf-8", newline="") as file:
        return [
            Bearer(number, different(row["name_en"], row["name_native"]), row["abbreviation"], row["country_iso3"])
            for number, row in enumerate(csv.DictReader(file))
        ]


def different(*names: str) -> tuple[str, ...]:
    """The names, each once and none longer than a column."""
    return tuple(dict.fromkeys(name[:300] for name in names if name))


def fill(bearers: Sequence[Bearer], at: datetime) -> list[int]:
    """Write them straight into the tables, and the index after them; give their keys in their order.

    An import through the actions is measured elsewhere.
    """
    rows = Organisation.objects.bulk_create(
        [
            Organisation(
                kind="party",
                realm=Realm.REAL.value,
                name=one.names[0],
                country=one.country,
                abbreviation=one.abbreviation,
                recorded_at=at,
            )
            for one in bearers
        ],
        batch_size=2000,
    )
    named = []
    for row, one in zip(rows, bearers, strict=True):
        roles = [*zip(one.names, ("official", "native"), strict=False), (one.abbreviation, "abbreviation")]
        named += [Name(organisation=row, text=text, fold="", role=role, recorded_at=at) for text, role in roles if text]
    Name.objects.bulk_create(named, batch_size=2000)
    rebuild(at=at)
    return [row.pk for row in rows]


def questions(bearers: Sequence[Bearer], each: int, seed: int = 1) -> list[Question]:
    """So many questions of each kind, the same ones for the same seed."""
    drawn = random.Random(seed)  # noqa: S311 - a seeded draw, no secret
    return [one for kind in KINDS for one in _some(kind, bearers, each, drawn)]


def _some(kind: str, bearers: Sequence[Bearer], each: int, drawn: random.Random) -> Iterator[Question]:
    fitting = [(bearer, name) for bearer in bearers for name in _names(kind, bearer)]
    for bearer, name in drawn.sample(fitting, min(each, len(fitting))):
        yield Question(kind, SPELT[kind](name, drawn), name, bearer)


def _names(kind: str, bearer: Bearer) -> list[str]:
    """The names of an organisation of which such a question can be asked; of several in one, each."""
    if kind == "abbreviation":
        return [part for part in bearer.abbreviation.split(" / ") if part]
    names = [part for name in bearer.names for part in name.split(" / ") if len(part) > 3]
    return [name for name in names if FITS[kind](name)]


def in_latin(name: str) -> bool:
    """Whether every letter is of the Latin script."""
    return all(unicodedata.name(sign, "").startswith("LATIN") for sign in name if sign.isalpha())


def without_accents(name: str, drawn: random.Random) -> str:
    """As it is typed on a keyboard without them."""
    return "".join(sign for sign in unicodedata.normalize("NFD", name) if unicodedata.category(sign) != "Mn")


def in_latin_letters(name: str, drawn: random.Random) -> str:
    """As another hand writes Cyrillic and Greek in Latin letters; other scripts as anyascii does."""
    plain = unicodedata.normalize("NFC", without_accents(name, drawn)).lower()
    return anyascii("".join(OTHERS.get(sign, sign) for sign in plain).replace("_", ""))


def with_a_slip(name: str, drawn: random.Random) -> str:
    """One letter wrong, missing, doubled by another, or changed with its neighbour."""
    while True:
        at, slip = drawn.randrange(len(name)), drawn.choice(("wrong", "missing", "more", "turned"))
        letter = drawn.choice(LETTERS)
        middle = {
            "wrong": letter,
            "missing": "",
            "more": name[at] + letter,
            "turned": name[at + 1 : at + 2] + name[at],
        }[slip]
        typed = name[:at] + middle + name[at + (2 if slip == "turned" else 1) :]
        if typed != name:
            return typed


FITS: dict[str, Callable[[str], bool]] = {
    "accent dropped": lambda name: in_latin(name) and not name.isascii(),
    "transliterated": lambda name: not in_latin(name),
    "one slip": in_latin,
}
SPELT: dict[str, Callable[[str, random.Random], str]] = {
    "accent dropped": without_accents,
    "transliterated": in_latin_letters,
    "one slip": with_a_slip,
    "abbreviation": lambda name, drawn: name,
}
