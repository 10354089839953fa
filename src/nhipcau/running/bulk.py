"""Writing many rows whose numbers nobody needs: straight from their values, without an object for each.

Django's `bulk_create` makes the objects, and is what to use where they are needed afterwards.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import connection, models


def insert(model: type[models.Model], count: int, *, ignore_conflicts: bool = False, **columns: Any) -> None:
    """Write `count` rows, in the transaction of the caller.

    Parameters
    ----------
    model
        Whose rows. What it computes by itself when it is saved stays away.
    count
        How many.
    ignore_conflicts
        Leave out rows of which there is one already.
    columns
        For each field its values in order, as a list, or the one value that all rows have. Fields with a default may
        be left out.
    """
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    unknown = columns.keys() - {field.attname for field in fields}
    if unknown:
        raise TypeError(f"{model.__name__} has no columns {sorted(unknown)}")
    if count == 0:
        return
    held = [_prepared(field, count, columns.get(field.attname, _MISSING)) for field in fields]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    begin = f"INSERT INTO {quote(model._meta.db_table)} ({names}) "
    end = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a list for each column: short to read for the database and its driver
            arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
            cursor.execute(f"{begin}SELECT * FROM UNNEST({arrays}){end}", held)  # noqa: S608  # names of the model
            return
        marks = ", ".join(["%s"] * len(fields))
        cursor.executemany(f"{begin}VALUES ({marks}){end}", list(zip(*held, strict=True)))


_MISSING: Final = object()


def _prepared(field: Any, count: int, given: Any) -> list[Any]:
    """The values of a column as the database takes them; the same moment is prepared once."""
    if not isinstance(given, list):
        return [field.get_db_prep_save(field.get_default() if given is _MISSING else given, connection)] * count
    if len(given) != count:
        raise ValueError(f"{field.name}: {len(given)} values for {count} rows")
    known: dict[datetime, Any] = {}
    prepared = []
    for value in given:
        if not isinstance(value, datetime):
            prepared.append(field.get_db_prep_save(value, connection))
            continue
        if value not in known:
            known[value] = field.get_db_prep_save(value, connection)
        prepared.append(known[value])
    return prepared
