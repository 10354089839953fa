"""Before the processes start: the database is brought to this version, by one process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.core.management import call_command
from django.db import DatabaseError, connection

from nhipcau.engine.errors import EngineError
from nhipcau.running.health import unapplied_migrations, unknown_migrations

ADVISORY_LOCK: Final = 0x6E686970  # "nhip"


def prepare_installation() -> None:
    """Migrate; refuse a database that a newer version has written, or that does not answer."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise EngineError("run.database", error=" ".join(str(error).split())) from error
    with _alone():
        unknown = unknown_migrations()
        if unknown:
            raise EngineError("run.newer-database", migrations=unknown)
        if unapplied_migrations():
            call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _alone() -> Iterator[None]:
    """Let nobody else migrate meanwhile: PostgreSQL may be shared; on SQLite the data folder's lock does it."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
