"""Whether there is room for more voices: the queue, and the disk. Whoever takes voices in asks before it does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Sum

from nhipcau.running.folder import LEAST_FREE_BYTES
from nhipcau.site.errors import DomainError
from nhipcau.voices.models.intake import IntakeBatch

LOOK_AGAIN_SECONDS = 1
PATIENCE_MS = 5_000


class QueueFull(DomainError):
    """The listener is behind; what waits is kept, more is not taken. Values: waiting, seconds."""

    code = "intake-queue-full"
    status = 429


class DiskFull(DomainError):
    """There is next to no room on the disk. Values: seconds."""

    code = "intake-disk-full"
    status = 503


@contextmanager
def short_patience() -> Iterator[None]:
    """Wait for others to let go of the database only for some seconds: a program can come back, a thread is missed."""
    usual = connection.settings_dict["OPTIONS"].get("timeout", 5)
    on_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}" if on_sqlite else f"SET lock_timeout = {PATIENCE_MS}")
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {usual * 1000}" if on_sqlite else "RESET lock_timeout")


def voices_waiting() -> int:
    """How many voices are accepted and not yet in the log."""
    return IntakeBatch.objects.aggregate(waiting=Sum("voices"))["waiting"] or 0


def require_room() -> None:
    """Refuse where the queue is as long as it may be, or the disk nearly full; looked at once a second."""
    waiting = cache.get_or_set("intake-waiting", voices_waiting, LOOK_AGAIN_SECONDS)
    if waiting is not None and waiting >= settings.INTAKE_QUEUE_VOICES:
        raise QueueFull(waiting=waiting, seconds=10)
    if shutil.disk_usage(settings.DATA_FOLDER).free < LEAST_FREE_BYTES:
        raise DiskFull(seconds=60)
