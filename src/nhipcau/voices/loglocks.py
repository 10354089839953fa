"""Who may write: one process adds to the log at a time, one rearranges it, one listens. Readers need no lock.

On one machine a lock on a file says so, and ends with its holder however that dies; machines that share a PostgreSQL
hold a lock of the database besides.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection

ADVISORY: Final = {"writing": 0x766F6963, "arranging": 0x766F6961, "listening": 0x766F696C}
"""Numbers of the locks in PostgreSQL."""
_LOOK_AGAIN_SECONDS: Final = 0.05


@contextmanager
def held(name: str, *, patience_seconds: float = 0.0) -> Iterator[bool]:
    """Hold the lock of `writing` or of `arranging`; false where somebody else has it and does not give it back."""
    path = settings.DATA_FOLDER / f"voices-{name}.lock"
    with ExitStack() as stack:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        stack.callback(os.close, descriptor)
        deadline = time.monotonic() + patience_seconds
        while not _is_locked(descriptor):
            if time.monotonic() >= deadline:
                yield False
                return
            time.sleep(_LOOK_AGAIN_SECONDS)
        if connection.vendor != "postgresql":
            yield True
            return
        if not _asked("pg_try_advisory_lock", ADVISORY[name]):
            yield False
            return
        try:
            yield True
        finally:
            with suppress(DatabaseError):  # a connection that is gone holds nothing
                _asked("pg_advisory_unlock", ADVISORY[name])


def _asked(function: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [number])
        return bool(cursor.fetchone()[0])


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
