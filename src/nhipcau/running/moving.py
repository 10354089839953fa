"""Moving an installation from SQLite to PostgreSQL: all rows, in one transaction, each compared afterwards.

The files of the data folder stay where they are. Who calls this has loaded the settings on the folder; what a backup
holds is in `backup/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, models, transaction

from nhipcau.engine.errors import EngineError
from nhipcau.running.health import unapplied_migrations, unknown_migrations
from nhipcau.running.occupancy import occupy

TARGET: Final = "moving-to"
MOVED_ENDING: Final = ".moved"
AT_ONCE: Final = 2_000
_OF_NO_MODEL: Final = frozenset({"django_migrations"})

Rows = Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, and where the old database lies now."""

    tables: int
    rows: int
    old: Path


def move_installation(*, folder: Path, on_table: Callable[[str, int], None] | None = None) -> Moved:
    """Fill an empty PostgreSQL database with everything of this installation, which does not run meanwhile.

    Whole or not at all: the tables are made, filled and compared in one transaction. Then the old database is put
    aside under another name, so that nobody goes on with it unawares.

    Parameters
    ----------
    folder
        The data folder, on which the settings are loaded; the target is their database `moving-to`.
    on_table
        Told of each table and its number of rows.

    Raises
    ------
    EngineError
        ``run.busy``, ``run.move-from``, ``run.move-unfit``, ``run.database``, ``run.database-not-empty``,
        ``run.move-differs``; nothing is changed then.
    """
    if connection.vendor != "sqlite":
        raise EngineError("run.move-from")
    with occupy(folder):
        if unapplied_migrations() or unknown_migrations():
            raise EngineError("run.move-unfit")
        _open_target()
        tables = _models()
        target = connections[TARGET]
        try:
            with transaction.atomic(using=TARGET), transaction.atomic():
                call_command("migrate", database=TARGET, interactive=False, verbosity=0)
                with target.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what migrations wrote is in order
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                counts = {table._meta.db_table: _copy(table) for table in _emptied(tables)}
                _set_sequences(tables)
                for table in tables:
                    _compare(table)
                    if on_table is not None:
                        on_table(table._meta.db_table, counts[table._meta.db_table])
        finally:
            target.close()
        old = _put_aside(Path(str(connection.settings_dict["NAME"])))
    return Moved(len(counts), sum(counts.values()), old)


def _open_target() -> None:
    """Reach the target, which must be empty."""
    target = connections[TARGET]
    if target.vendor != "postgresql":
        raise EngineError("run.move-to")
    try:
        with target.cursor() as cursor:
            there = target.introspection.table_names(cursor)
    except DatabaseError as error:
        raise EngineError("run.database", error=" ".join(str(error).split())) from error
    if there:
        raise EngineError("run.database-not-empty", tables=sorted(there)[:3])


def _models() -> list[type[models.Model]]:
    """All tables, those of relations between many and many too; none may lie there that no model knows."""
    known = [one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy]
    names = {one._meta.db_table for one in known}
    with connection.cursor() as cursor:
        left = set(connection.introspection.table_names(cursor)) - names - _OF_NO_MODEL
    if left:
        raise EngineError("run.move-unfit", tables=sorted(left))
    return known


def _emptied(tables: list[type[models.Model]]) -> list[type[models.Model]]:
    """Take out what the migrations have written into the new tables: it comes with everything else."""
    target = connections[TARGET]
    with target.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {target.ops.quote_name(table._meta.db_table)}")  # noqa: S608  # our own names
    return tables


def _fields(table: type[models.Model]) -> list[Any]:
    return [field for field in table._meta.local_concrete_fields if not field.generated]


def _rows(table: type[models.Model], using: str) -> Rows:
    names = [field.attname for field in _fields(table)]
    rows: Any = models.QuerySet(table, using=using).order_by("pk").values_list(*names)
    yield from rows.iterator(chunk_size=AT_ONCE)


def _copy(table: type[models.Model]) -> int:
    """Send all rows of a table, as the fields write them."""
    target = connections[TARGET]
    fields = _fields(table)
    columns = ", ".join(target.ops.quote_name(field.column) for field in fields)
    statement = f"COPY {target.ops.quote_name(table._meta.db_table)} ({columns}) FROM STDIN"
    rows = _rows(table, "default")
    count = 0
    with target.cursor() as cursor, cursor.copy(statement) as copy:
        while batch := list(islice(rows, AT_ONCE)):
            for row in batch:
                copy.write_row(
                    [field.get_db_prep_save(value, connection=target) for field, value in zip(fields, row, strict=True)]
                )
            count += len(batch)
    return count


def _set_sequences(tables: list[type[models.Model]]) -> None:
    """Let new rows be numbered on after the old ones, also after those that were deleted."""
    target = connections[TARGET]
    with target.cursor() as cursor:
        for statement in target.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        last = dict(cursor.fetchall())
    with target.cursor() as cursor:
        for table in tables:
            name, key = table._meta.db_table, table._meta.pk
            if last.get(name) and isinstance(key, models.AutoField):
                cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{name}"', key.column])
                if (sequence := cursor.fetchone()[0]) is not None:
                    cursor.execute("SELECT setval(%s, %s)", [sequence, last[name]])


def _compare(table: type[models.Model]) -> None:
    """Read both tables through, and compare row by row."""
    for before, after in zip_longest(_rows(table, "default"), _rows(table, TARGET)):
        if before is None or after is None or tuple(map(_plain, before)) != tuple(map(_plain, after)):
            raise EngineError("run.move-differs", table=table._meta.db_table)


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview | bytearray) else value


def _put_aside(database: Path) -> Path:
    """Bring the old database into one file, and give it another name."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    old = database.with_name(database.name + MOVED_ENDING)
    database.replace(old)
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    return old
