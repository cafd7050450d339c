"""Rows of several models in one look: what many rooms show of one thing costs a page one query, not one for each room.

Each model's rows come with the columns named for it and with no others; columns of one type share their places in the
answer. What is read of a row beyond its columns is still there: the database is then asked for it, row by row.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import islice
from operator import attrgetter
from typing import Any, TypeAlias

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    QuerySet,
    TextField,
    Value,
)

from comity.plain.wanted import Found, Wanted
from comity.record.prepared import Converters, Given, Prepared, converted, converter, instance

AnyField: TypeAlias = "Field[Any, Any]"
TYPES: tuple[tuple[type[AnyField], AnyField], ...] = (
    (DateTimeField, DateTimeField()),
    (DateField, DateField()),
    (BooleanField, BooleanField()),
    (IntegerField, IntegerField()),
    (CharField, TextField()),
    (TextField, TextField()),
    (JSONField, JSONField()),
)
"""Which columns share their places, and what stands there in the rows of a model that has fewer of them."""


def together(wanted: Sequence[Wanted]) -> list[Found]:
    """What each of these wants, in one query."""
    if not wanted:
        return []
    answer = _answer_to(wanted)
    sql, given = answer.statement(wanted)
    return answer.read(_asked(sql, given, answer) if sql else [])


class Together(Prepared):
    """The same for a page that always wants the same, of other values each time: its SQL is written once."""

    def __init__(self, wanted: Callable[..., Sequence[Wanted]], **kinds: type[Given]) -> None:
        super().__init__(wanted, **kinds)
        self._answer: _Answer | None = None

    def found(self, **values: Given) -> list[Found]:
        """What is wanted of these values."""
        if self._answer is None:
            self._answer = _answer_to(self.rows(**values))
        return self._answer.read(self(**values))

    def asked_anew(self, **values: Given) -> Sequence[tuple[Any, ...]]:
        """The rows of the one query."""
        wanted = self.rows(**values)
        answer = _answer_to(wanted)
        return _asked(*answer.statement(wanted), answer)

    def compiled(self, **values: Given) -> tuple[str, tuple[Any, ...], Converters]:
        """The one query for these values."""
        wanted = self.rows(**values)
        answer = _answer_to(wanted)
        sql, given = answer.statement(wanted)
        return sql, given, answer.converters


def _asked(sql: str, given: Sequence[Any], answer: "_Answer") -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return converted(cursor.fetchall(), answer.converters)


def reached(row: Model) -> Iterator[Model]:
    """A row and the rows that came with it."""
    yield row
    for other in row._state.fields_cache.values():
        if other is not None:
            yield from reached(other)


@dataclass(frozen=True)
class _Shape:
    """The columns of a model that are read, and the rows it is related to with theirs."""

    model: type[Model]
    path: str
    columns: tuple[AnyField, ...]
    """The key first: a related row without one is none."""
    related: "tuple[tuple[Any, _Shape], ...]"

    @cached_property
    def names(self) -> list[str]:
        """What the columns are called on a row."""
        return [column.attname for column in self.columns]

    @cached_property
    def paths(self) -> list[tuple[str, int]]:
        """Every column by its path and type, in the order in which rows are made of them."""
        own = [(self.path + column.attname, _type_of(column)) for column in self.columns]
        return own + [pair for _, shape in self.related for pair in shape.paths]

    def of_type(self, type_: int) -> list[str]:
        """The paths of one type."""
        return [path for path, own in self.paths if own == type_]


@lru_cache(maxsize=1024)
def _shape(model: type[Model], columns: tuple[str, ...], path: str = "") -> _Shape:
    meta = model._meta
    beyond: dict[str, list[str]] = {}
    own = {meta.pk.attname: meta.pk}
    for column in columns:
        name, _, rest = column.partition("__")
        if rest:
            beyond.setdefault(name, []).append(rest)
        elif name != "pk":
            kept: Any = meta.get_field(name)
            own.setdefault(kept.attname, kept)
    relations = [(meta.get_field(name), rest) for name, rest in beyond.items()]
    own |= {relation.attname: relation for relation, _ in relations if relation.concrete}
    related = (
        (relation, _shape(relation.related_model, tuple(rest), f"{path}{relation.name}__"))
        for relation, rest in relations
    )
    return _Shape(model, path, tuple(own.values()), tuple(related))


@lru_cache(maxsize=1024)
def _type_of(column: AnyField) -> int:
    kept = column.target_field if isinstance(column, ForeignKey) else column
    return next(place for place, (type_, _) in enumerate(TYPES) if isinstance(kept, type_))


@dataclass(frozen=True)
class _Answer:
    """How the rows of one query are told apart and read."""

    asked: tuple[tuple[tuple[str, ...], int], ...]
    """By what each thing wanted is put in order, and how many of it at most."""
    shapes: tuple[_Shape, ...]
    widths: tuple[int, ...]
    """How many columns of each type there are."""
    places: tuple[tuple[int, ...], ...]
    """Where the columns of each shape stand, in the order in which rows are made of them."""

    @property
    def converters(self) -> Converters:
        """What makes our values of the database's, by the place of a column."""
        types = [type_ for type_, width in enumerate(self.widths) for _ in range(width)]
        of_type = _converters(connection.vendor)
        return [(2 + place, of_type[type_]) for place, type_ in enumerate(types) if type_ in of_type]

    def statement(self, wanted: Sequence[Wanted]) -> tuple[str, tuple[Any, ...]]:
        """The one query for all of them, and its values; empty where none of them can have a row."""
        parts: list[str] = []
        given: list[Any] = []
        for nth, (one, shape) in enumerate(zip(wanted, self.shapes, strict=True)):
            try:
                sql, values = _rows_of(one, shape).query.sql_with_params()
            except EmptyResultSet:
                continue
            parts.append(_part(nth, one, sql, _columns(shape, self.widths, typed=not parts)))
            given += values
        return " UNION ALL ".join(parts), tuple(given)

    def read(self, found: Iterable[Sequence[Any]]) -> list[Found]:
        """What it gave, by what was wanted."""
        rows: list[list[Any]] = [[] for _ in self.shapes]
        counts = [0] * len(self.shapes)
        for nth, count, *values in found:
            rows[nth].append(_made(self.shapes[nth], (values[at] for at in self.places[nth])))
            counts[nth] = count
        return [
            Found(sorted(own, key=attrgetter(*by), reverse=bool(most)), count if most else len(own))
            for (by, most), own, count in zip(self.asked, rows, counts, strict=True)
        ]


def _answer_to(wanted: Sequence[Wanted]) -> _Answer:
    shapes = tuple(_shape(one.rows.model, one.columns) for one in wanted)
    widths = tuple(max(len(shape.of_type(type_)) for shape in shapes) for type_ in range(len(TYPES)))
    asked = tuple((one.by, one.newest) for one in wanted)
    return _Answer(asked, shapes, widths, tuple(_places(shape, widths) for shape in shapes))


def _places(shape: _Shape, widths: Sequence[int]) -> tuple[int, ...]:
    begins = [sum(widths[:type_]) for type_ in range(len(TYPES))]
    places = []
    for _, type_ in shape.paths:
        places.append(begins[type_])
        begins[type_] += 1
    return tuple(places)


def _rows_of(one: Wanted, shape: _Shape) -> "QuerySet[Any, Any]":
    paths = [path for path, _ in shape.paths]
    rows: QuerySet[Any, Any] = one.rows.order_by().values_list(*paths, *(name for name in one.by if name not in paths))
    return rows


def _columns(shape: _Shape, widths: Sequence[int], *, typed: bool) -> list[str]:
    """The columns of a part in their places; in the first part a place without one says its type."""
    columns = []
    for type_, (_, field) in enumerate(TYPES):
        own = [f"part.{connection.ops.quote_name(path)}" for path in shape.of_type(type_)]
        empty = f"CAST(NULL AS {field.db_type(connection)})" if typed else "NULL"
        columns += own + [empty] * (widths[type_] - len(own))
    return columns


def _part(nth: int, one: Wanted, sql: str, columns: Sequence[str]) -> str:
    told = ", ".join(columns)
    if not one.newest:
        return f"SELECT {nth}, 0, {told} FROM ({sql}) part"  # noqa: S608 - our own tables
    last_first = ", ".join(f"{connection.ops.quote_name(name)} DESC" for name in one.by)
    counted = f"*, COUNT(*) OVER () AS counted, ROW_NUMBER() OVER (ORDER BY {last_first}) AS place"
    return (
        f"SELECT {nth}, part.counted, {told} FROM (SELECT {counted} FROM ({sql}) found) part "  # noqa: S608 - the same
        f"WHERE part.place <= {one.newest}"
    )


@cache
def _converters(vendor: str) -> dict[int, Callable[[Any], Any]]:
    """What makes our values of those of a database, by type; none where they are the same."""
    found = {}
    for type_, (_, field) in enumerate(TYPES):
        expression = Value(None, output_field=field)
        steps = connection.ops.get_db_converters(expression) + expression.get_db_converters(connection)
        if steps:
            found[type_] = converter(steps, expression)
    return found


def _made(shape: _Shape, values: Iterator[Any]) -> Model | None:
    row = instance(shape.model, shape.names, list(islice(values, len(shape.names))))
    for relation, other in shape.related:
        relation.set_cached_value(row, _made(other, values))
    return row if row.pk is not None else None
