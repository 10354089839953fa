"""Queries that are asked with every page, compiled once: later only their values are filled in.

Building a queryset and its SQL costs Django several times what the database then does. What varies is a `blank`; what
is compiled is an ordinary queryset, so that its meaning stands in one place. One of several offices: an `or` of blanks.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, QuerySet

Row = TypeVar("Row")
A_CHUNK: Final = 100


@dataclass(frozen=True, slots=True)
class _Gap:
    """Where a value will stand among the parameters."""

    name: str


class _Blank(Expression):
    """A value that is not known yet."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._gap = _Gap(name)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """A parameter."""
        return "%s", (self._gap,)


def blank(name: str) -> Any:
    """A place in a queryset that each asking fills in."""
    return _Blank(name)


class Prepared(Generic[Row]):
    """A query with blanks: `Prepared(lambda: Task.objects.filter(pk=blank("task")))(task=7)` gives its rows."""

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self._build = build
        self._compiled: dict[str, tuple[QuerySet[Any, Row], Any, str, tuple[Any, ...]]] = {}

    def __call__(self, **values: object) -> list[Row]:
        """Ask, and give all rows."""
        return list(self._rows(values))

    def first(self, **values: object) -> Row | None:
        """Ask, and give the first row, if there is one."""
        return next(iter(self._rows(values)), None)

    def _rows(self, values: dict[str, object]) -> Iterator[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor not in self._compiled:
            queryset = self._build()
            compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
            sql, gaps = compiler.as_sql()
            converters = compiler.get_converters([one[0] for one in compiler.select])
            compiler.get_converters = lambda _expressions: converters
            self._compiled[connection.vendor] = (queryset, compiler, sql, tuple(gaps))
        queryset, compiled, sql, gaps = self._compiled[connection.vendor]
        filled = tuple(_adapted(connection, values[gap.name]) if isinstance(gap, _Gap) else gap for gap in gaps)
        compiler = copy.copy(compiled)
        compiler.connection = connection  # that of this thread
        compiler.as_sql = lambda *_, **__: (sql, filled)
        asked: Any = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            query=_Query(queryset.query, compiler),
            _known_related_objects={},
            _fields=queryset._fields,  # type: ignore[attr-defined]
        )
        give: Any = queryset._iterable_class
        return iter(give(asked, chunked_fetch=False, chunk_size=A_CHUNK))


class _Query:
    """A query whose compiler is ready."""

    def __init__(self, query: Any, compiler: Any) -> None:
        self._query = query
        self._compiler = compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)

    def get_compiler(self, *_: Any, **__: Any) -> Any:
        """The one that holds the filled in values."""
        return self._compiler


def _adapted(connection: Any, value: object) -> object:
    """A value as the database takes it; an expression has no field that would do so."""
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, datetime.date):
        return connection.ops.adapt_datefield_value(value)
    return value
