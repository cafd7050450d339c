"""Search over every kind that leaves by search: what this reader may see, in this realm, best first.

Organisations are found by their names in ``registry.search``. Of every other kind, the titles of all rows that the
reader may see, and their translations, are read as pairs and compared as search keys; no row is made for them, and the
key of a title is worked out once. A kind takes part by declaring itself; ``Kind.headings`` says more than its title.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from comity.plain.kinds import Exit, Kind, all_kinds, called
from comity.plain.place import Place
from comity.registry.core.search import WHOLE, has_words, key_of
from comity.registry.dates import span_in_words
from comity.registry.models import Name, Organisation, OrganisationKind
from comity.registry.queries import region_label
from comity.registry.search.asked import Asked, organisations_asked
from comity.registry.topics.queries import filed_under, taxonomy

FIELDS = ("title", "name", "question", "words")
"""Where the name of a thing stands; the first of them that a kind's model has is searched."""
LONGEST = 200
MOST = 500
"""Things of one kind that are found at most; who asks for more narrows the question down."""
_TURNING = re.compile("[\u0000-\u001f\u007f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Question:
    """What is looked for; empty fields narrow nothing."""

    words: str
    kind: str = ""
    """A declared kind, or a kind of organisation."""
    country: str = ""
    network: str = ""
    dissolved: bool | None = None
    topic: str = ""
    """The code of a topic: only what stands under it, or under a narrower one."""

    @property
    def readable(self) -> bool:
        """Whether there is a letter or digit in it."""
        return bool(key_of(self.words))


@dataclass(frozen=True)
class Hit:
    """A thing found: its row's key, how near its heading is, and that heading (for organisations: the name's key)."""

    kind: Kind
    pk: int
    near: float
    matched: str | int


@dataclass(frozen=True)
class Found:
    """A thing found, as it is shown."""

    kind: Kind
    row: Any
    title: str
    language: str
    matched: str
    """The name or title that bears the words, where it is another than the title shown."""
    country: str
    apart: str
    """What tells namesakes apart: country or territory, or the days of the thing."""
    address: str


def cleaned(words: str) -> str:
    """What was typed without signs that nobody sees: turning marks, spaces of no width, controls."""
    return " ".join(_TURNING.sub("", words).split())


def searched_kinds(way: Exit = Exit.SEARCH) -> list[Kind]:
    """The kinds that leave by search, in the order of their declaration."""
    return [kind for kind in all_kinds() if way in kind.exits]


def known_kinds() -> list[str]:
    """What ``kind`` may be: the name of a kind, or of a kind of organisation."""
    names = [kind.name for kind in searched_kinds()] + [str(kind) for kind in OrganisationKind]
    return list(dict.fromkeys(names))


def search(question: Question, place: Place, way: Exit = Exit.SEARCH) -> list[Hit]:
    """Everything that bears the words, best first; nothing where there is no letter or digit in them."""
    if not question.readable:
        return []
    kinds = searched_kinds(way)
    of_registry = {kind.name: kind for kind in kinds if kind.model is Organisation}
    named = _may_be_one(question, of_registry) and not question.topic
    hits = _organisations(question, place, of_registry) if named else []
    narrowed = bool(question.country) or question.dissolved is not None
    for kind in kinds:
        if kind.model is not Organisation and question.kind in ("", kind.name) and not narrowed:
            hits += _titled(kind, question, place)
    return sorted(hits, key=lambda hit: -hit.near)


def _may_be_one(question: Question, of_registry: dict[str, Kind]) -> bool:
    return not question.kind or question.kind in of_registry or question.kind in OrganisationKind.values


def _organisations(question: Question, place: Place, kinds: dict[str, Kind]) -> list[Hit]:
    asked = Asked(question.words, question.kind, question.country, question.network, question.dissolved)
    found = organisations_asked(asked, place.realm, place.actor, place.at)[:MOST]
    networks = set(
        Organisation.objects.filter(pk__in=[hit.organisation for hit in found], kind=OrganisationKind.NETWORK)
        .values_list("pk", flat=True)
    )  # fmt: skip
    first = [(kinds.get("network" if hit.organisation in networks else "organisation"), hit) for hit in found]
    # Their order says more than their likeness: a party of the country named stands before one of the same name.
    ceiling, hits = WHOLE, []
    for kind, hit in first:
        ceiling = min(ceiling, hit.near) if hit.near < WHOLE else ceiling
        if kind is not None:
            hits.append(Hit(kind, hit.organisation, ceiling, hit.name))
    return hits


def _titled(kind: Kind, question: Question, place: Place) -> list[Hit]:
    rows = kind.seen(place).order_by()
    if question.network:
        if "network" not in {field.name for field in kind.model._meta.get_fields()}:
            return []
        rows = rows.filter(network__public_id=question.network)
    if question.topic:
        rows = rows.filter(filed_under(kind, taxonomy().under(question.topic), place))
    asked = key_of(question.words)
    best: dict[int, Hit] = {}
    for pk, words in _headings(kind, rows):
        near = _near(asked, _key(words))
        if near and (pk not in best or near > best[pk].near):
            best[pk] = Hit(kind, pk, near, words)
    return sorted(best.values(), key=lambda hit: (-hit.near, -hit.pk))[:MOST]


def _headings(kind: Kind, rows: Any) -> Iterable[tuple[int, str]]:
    if kind.headings is not None:
        yield from kind.headings(rows)
        return
    fields = {field.name for field in kind.model._meta.get_fields()}
    field = next((name for name in FIELDS if name in fields), None)
    if field is not None:
        yield from rows.values_list("pk", field)


def _near(asked: str, key: str) -> float:
    """100 for the same title, else from 80 on as it has all words; titles are not guessed at otherwise."""
    if asked == key:
        return WHOLE
    return 80 + 15 * len(asked) / len(key) if len(asked) < len(key) and has_words(asked, key) else 0.0


@lru_cache(maxsize=200_000)
def _key(words: str) -> str:
    return key_of(words)


def shown(hits: Sequence[Hit], place: Place) -> list[Found]:
    """The things found as they are shown, in their order; a thing gone since is left out."""
    rows: dict[tuple[str, int], Any] = {}
    for kind in {hit.kind.name: hit.kind for hit in hits}.values():
        seen = kind.seen(place).filter(pk__in=[hit.pk for hit in hits if hit.kind.name == kind.name])
        rows |= {(kind.name, row.pk): row for row in seen}
    names = dict(Name.objects.filter(pk__in=[hit.matched for hit in hits if isinstance(hit.matched, int)])
                 .values_list("pk", "text"))  # fmt: skip
    labels: dict[str, str] = {}
    return [
        _shown(hit, rows[hit.kind.name, hit.pk], names, place, labels)
        for hit in hits
        if (hit.kind.name, hit.pk) in rows
    ]


def _shown(hit: Hit, row: Any, names: dict[int, str], place: Place, labels: dict[str, str]) -> Found:
    name = called(row, place, hit.kind)
    matched = names.get(hit.matched, "") if isinstance(hit.matched, int) else hit.matched
    return Found(
        kind=hit.kind,
        row=row,
        title=name.words,
        language=name.language,
        matched=matched,
        country=row.country if isinstance(row, Organisation) else "",
        apart=_apart(hit.kind, row, place, labels),
        address=hit.kind.address(row, place.language),
    )


def _apart(kind: Kind, row: Any, place: Place, labels: dict[str, str]) -> str:
    if isinstance(row, Organisation):
        if row.country and row.country not in labels:
            labels[row.country] = region_label(row.country, None, place.language, realm=place.realm).text
        return labels.get(row.country, "")
    days = kind.dated(row)
    return span_in_words(*days) if days else ""
