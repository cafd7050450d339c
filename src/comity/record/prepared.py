"""Queries whose SQL is written once: the ORM takes longer to compile a small query than a database to answer it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, DateField, Model, QuerySet
from django.db.models.base import ModelState

Given = int | str | datetime
Converters = Sequence[tuple[int, Callable[[Any], Any]]]
RowOf = TypeVar("RowOf", bound=Model)


@dataclass(frozen=True)
class _Written:
    sql: str
    constants: list[Any]
    slots: list[tuple[int, str]]
    """Places among the parameters, and whose value goes there."""
    columns: Converters
    """Places among the columns whose values the database gives in a form of its own, and what makes ours of it."""


class Prepared:
    """A queryset of plain columns (``values_list``) as a function of named values, compiled once for each database.

    It is compiled twice, with two sets of stand-ins. Where anything but the values themselves differs, e.g. a day made
    from an instant, it is never reused: then each call goes through the ORM, and is merely slower.
    """

    def __init__(self, rows: Callable[..., Any], **kinds: type[Given]) -> None:
        self.rows = rows
        self.kinds = kinds
        self._written: dict[str, _Written | None] = {}

    def __call__(self, **values: Given) -> Sequence[tuple[Any, ...]]:
        """The rows for these values."""
        vendor = connection.vendor
        if vendor not in self._written:
            self._written[vendor] = self._write()
        written = self._written[vendor]
        if written is None:
            return self.asked_anew(**values)
        asked = list(written.constants)
        for place, name in written.slots:
            asked[place] = _adapted(values[name])
        with connection.cursor() as cursor:
            cursor.execute(written.sql, asked)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return converted(found, written.columns)

    def asked_anew(self, **values: Given) -> Sequence[tuple[Any, ...]]:
        """The rows for these values, through the ORM."""
        return list(self.rows(**values))

    def compiled(self, **values: Given) -> tuple[str, tuple[Any, ...], Converters]:
        """The SQL for these values, and by the place of a column what makes our values of the database's."""
        compiler = self.rows(**values).query.get_compiler(connection=connection)
        sql, given = compiler.as_sql()
        converters = compiler.get_converters([expression for expression, _, _ in compiler.select])
        return sql, tuple(given), [(place, converter(*both)) for place, both in converters.items()]

    def _write(self) -> _Written | None:
        one, other = self._stand_ins(0), self._stand_ins(1)
        sql, given, columns = self.compiled(**one)
        second_sql, second, _ = self.compiled(**other)
        adapted = {name: (_adapted(one[name]), _adapted(other[name])) for name in self.kinds}
        slots = [
            (place, name)
            for place, pair in enumerate(zip(given, second, strict=False))
            for name, both in adapted.items()
            if pair == both
        ]
        filled = {place for place, _ in slots}
        same = all(a == b for place, (a, b) in enumerate(zip(given, second, strict=False)) if place not in filled)
        if sql != second_sql or len(given) != len(second) or not same:
            return None
        return _Written(sql, list(given), slots, columns)

    def _stand_ins(self, which: int) -> dict[str, Given]:
        made: dict[str, Given] = {}
        for nth, (name, kind) in enumerate(self.kinds.items()):
            number = 710_000_000 + 1_000_000 * which + nth
            if kind is datetime:
                made[name] = datetime.fromisoformat("1901-02-03T04:05:06+00:00") + timedelta(days=777 * which + nth)
            else:
                made[name] = number if kind is int else f"stand-in {number}"
        return made


def converter(steps: Sequence[Callable[..., Any]], expression: Any) -> Callable[[Any], Any]:
    """The steps as one; days, instants and truths, which recur from row to row, are made once for each value."""

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, expression, connection)
        return value

    recurs = isinstance(expression.output_field, DateField | BooleanField)
    return lru_cache(maxsize=8192)(convert) if recurs else convert


def converted(found: Sequence[tuple[Any, ...]], columns: Converters) -> Sequence[Any]:
    """The rows with the columns converted that need it."""
    if not columns or not found:
        return found
    by_column: list[Iterable[Any]] = list(zip(*found, strict=True))
    for place, convert in columns:
        by_column[place] = map(convert, by_column[place])
    return list(zip(*by_column, strict=True))


def instance(model: type[RowOf], columns: Sequence[str], values: Sequence[Any]) -> RowOf:
    """Plain columns as a row of the model, as ``from_db`` makes it but without its signals: nobody listens to them."""
    row = model.__new__(model)
    row.__dict__ = dict(zip(columns, values, strict=True), _state=_Stored())
    return row


class _Stored(ModelState):
    """The state of a row that came from the database."""

    db = DEFAULT_DB_ALIAS
    adding = False


def _adapted(value: Given | date) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


class PreparedFor:
    """The same for a list of ids: prepared for a few lengths, a shorter list filled up with its last id.

    ``rows(ids, **values)`` must not tell a repeated id from a single one, and may give its rows in any order.
    """

    SIZES = (4, 16, 32, 64, 96, 128, 192, 256)

    def __init__(self, rows: Callable[..., QuerySet[Any, Any]], **kinds: type[Given]) -> None:
        self.rows = rows
        self.kinds = kinds
        self._prepared: dict[int, Prepared] = {}

    def __call__(self, ids: Sequence[int], **values: Given) -> Sequence[tuple[Any, ...]]:
        """The rows for these ids and values; none are asked for where there is no id."""
        if not ids:
            return []
        size = next((size for size in self.SIZES if size >= len(ids)), 0)
        if not size:
            return list(self.rows(ids, **values))
        filled = [*ids, *[ids[-1]] * (size - len(ids))]
        return self._of(size)(**{f"id{nth}": pk for nth, pk in enumerate(filled)}, **values)

    def _of(self, size: int) -> Prepared:
        if size not in self._prepared:
            names = [f"id{nth}" for nth in range(size)]

            def rows(**given: Given) -> QuerySet[Any, Any]:
                return self.rows([given.pop(name) for name in names], **given)

            self._prepared[size] = Prepared(rows, **dict.fromkeys(names, int), **self.kinds)
        return self._prepared[size]
