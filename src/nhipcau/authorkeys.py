"""The secret of the day, with which authors become numbers: in one file, for that day only, shared by processes.

It is never copied (`running/backup` leaves it out). What hashes with it is in `engine.reading.authors`.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

HOUSE_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
FILE_NAME: Final = "author.key"
LOCK_NAME: Final = "author.key.lock"
_PART_NAME: Final = "author.key.part"
NEVER_COPIED: Final = frozenset({FILE_NAME, LOCK_NAME, _PART_NAME})
"""Names in the folder that no backup may hold."""


@dataclass(frozen=True, slots=True, repr=False)
class AuthorKey:
    """The secret of a day, 32 bytes, and the number of the day: keys of authors compare only within one number."""

    epoch: int
    secret: bytes


def author_key(folder: Path, *, now: datetime, zone: ZoneInfo = HOUSE_ZONE) -> AuthorKey:
    """Give the secret of the day that is now; the first who asks after midnight makes it, and the old one is gone.

    A process whose clock is a moment behind gets the new day's too: there is no other any more.
    """
    today = now.astimezone(zone).date()
    found = _read(folder / FILE_NAME)
    if found is None or not _serves(found[0], today):
        with _held(folder):
            found = _read(folder / FILE_NAME)
            if found is None or not _serves(found[0], today):
                found = today, secrets.token_bytes(32)
                _destroy(folder / FILE_NAME)
                _write(folder, *found)
    return AuthorKey(found[0].toordinal(), found[1])


def forget_past_key(folder: Path, *, now: datetime, zone: ZoneInfo = HOUSE_ZONE) -> bool:
    """Destroy the secret of a day that is over, though nothing has come in since; whether there was one."""
    path, today = folder / FILE_NAME, now.astimezone(zone).date()
    if not path.exists():
        return False
    with _held(folder):
        found = _read(path)
        if not path.exists() or (found is not None and _serves(found[0], today)):
            return False
        _destroy(path)
        path.unlink()
    return True


def _serves(day: date, today: date) -> bool:
    return day in (today, today + timedelta(days=1))


def _read(path: Path) -> tuple[date, bytes] | None:
    """The day and its secret; None where there is none, or one that was being destroyed."""
    try:
        day, _, secret = path.read_text("ascii").strip().partition(" ")
        return (date.fromisoformat(day), bytes.fromhex(secret)) if len(secret) == 64 else None
    except (FileNotFoundError, ValueError):
        return None


def _write(folder: Path, day: date, secret: bytes) -> None:
    part = folder / _PART_NAME
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{day.isoformat()} {secret.hex()}\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / FILE_NAME)


def _destroy(path: Path) -> None:
    """Write over a secret before its file goes, so that its block does not keep it."""
    try:
        descriptor = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"0" * path.stat().st_size)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Only one process at a time changes the secret."""
    descriptor = os.open(folder / LOCK_NAME, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
