"""A plain search over every kind that leaves by search: what this reader may see, in this realm, grouped by kind."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from comity.plain.kinds import Exit, Kind, all_kinds, called
from comity.plain.place import Place
from comity.registry.dates import span_in_words
from comity.registry.models import Organisation
from comity.registry.queries import named_like, region_label

FIELDS = ("title", "name", "question", "words")
"""Where the name of a thing stands; the first of them that a kind's model has is searched."""
EACH = 20
"""Rows of one kind on the page; the count tells how many more there are."""


@dataclass(frozen=True)
class Found:
    """What of one kind bears the words."""

    kind: Kind
    rows: tuple[tuple[Any, str, str], ...]
    """Row, title and address."""
    count: int
    place: Place

    @property
    def told(self) -> list[tuple[Any, str, str, str]]:
        """The rows with what tells namesakes apart: country or territory, or the days of the thing."""
        labels: dict[str, str] = {}
        return [(*found, _apart(self.kind, found[0], self.place, labels)) for found in self.rows]


def search(words: str, place: Place, *, each: int = EACH) -> list[Found]:
    """Everything whose name bears every word, kind by kind, best first; nothing for no words."""
    if not words.split():
        return []
    found = (_of_kind(kind, words, place, each) for kind in all_kinds() if Exit.SEARCH in kind.exits)
    return [one for one in found if one.count]


def _of_kind(kind: Kind, words: str, place: Place, each: int) -> Found:
    rows = _bearing(kind, words, place)
    titled = [(row, called(row, place, kind).words, kind.address(row, place.language)) for row in rows[: each * 5]]
    titled.sort(key=lambda one: _rank(one[1], words))
    return Found(kind, tuple(titled[:each]), rows.count(), place)


def _bearing(kind: Kind, words: str, place: Place) -> "QuerySet[Any]":
    rows: QuerySet[Any] = kind.seen(place)
    if kind.model is Organisation:
        return rows.filter(pk__in=named_like(words, place.realm, place.actor, place.at).values("pk"))
    fields = {field.name for field in kind.model._meta.get_fields()}
    field = next((name for name in FIELDS if name in fields), None)
    if field is None:
        return rows.none()
    for word in words.split():
        rows = rows.filter(_holds(field, word))
    return rows


def _holds(field: str, word: str) -> Q:
    """The word in any case: SQLite folds the case of ASCII letters alone."""
    condition = Q()
    for written in {word, word.lower(), word.upper(), word.capitalize()}:
        condition |= Q(**{f"{field}__icontains": written})
    return condition


def _rank(title: str, words: str) -> tuple[int, int, str]:
    name, asked = title.casefold(), words.casefold().strip()
    place = 0 if name == asked else 1 if name.startswith(asked) else 2
    return (place, len(name), name)


def _apart(kind: Kind, row: Any, place: Place, labels: dict[str, str]) -> str:
    if isinstance(row, Organisation):
        if row.country and row.country not in labels:
            labels[row.country] = region_label(row.country, None, place.language, realm=place.realm).text
        return labels.get(row.country, "")
    days = kind.dated(row)
    return span_in_words(*days) if days else ""
