"""Hours as the database counts them: of thousands, numbers are much cheaper to read than moments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db.models import Func, IntegerField

SECONDS: Final = 3600


class HourNumber(Func):
    """How many whole hours after the beginning of 1970 a moment lies."""

    arity = 1
    output_field = IntegerField()

    def get_db_converters(self, connection: Any) -> list[Any]:
        """Both databases give whole numbers: nothing is to be done with each."""
        return []

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        """As SQLite counts."""
        template = "(CAST(strftime('%%%%s', %(expressions)s) AS INTEGER) / 3600)"
        return self.as_sql(compiler, connection, template=template, **options)

    def as_postgresql(self, compiler: Any, connection: Any, **options: Any) -> Any:
        """As PostgreSQL counts."""
        template = "(FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / 3600)::bigint)"
        return self.as_sql(compiler, connection, template=template, **options)


def hours_after(begin: datetime) -> Callable[[int], int]:
    """Give how many whole hours after a moment an hour begins, by its number."""
    seconds = begin.timestamp()
    return lambda number: int((number * SECONDS - seconds) // SECONDS)
