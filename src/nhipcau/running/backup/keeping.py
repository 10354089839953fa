"""Files that may have to go while a backup is written: they wait until it is whole.

Whoever writes an archive holds them all; whoever removes files that a snapshot of the database may name asks first.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LOCK_NAME: Final = "backup.lock"


@contextmanager
def files_kept(folder: Path) -> Iterator[None]:
    """Hold the files of a data folder; several backups may be written at a time."""
    with _opened(folder) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield


@contextmanager
def files_may_go(folder: Path) -> Iterator[bool]:
    """Give whether files may be removed now; no backup begins until that is done."""
    with _opened(folder) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
