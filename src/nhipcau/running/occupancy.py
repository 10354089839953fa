"""One tree of processes uses a data folder at a time: a lock that ends with its last holder, however that died."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from nhipcau.engine.errors import EngineError

LOCK_NAME: Final = "running.lock"
PATIENCE_SECONDS: Final = 15.0
"""After a kill the children of the last tree need so long to notice and end."""


@contextmanager
def occupy(folder: Path) -> Iterator[int]:
    """Hold a data folder; the descriptor that it gives may be handed to children, who then hold it too.

    Raises
    ------
    EngineError
        ``run.busy`` where another one holds it: at once when that one is alive.
    """
    descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor, folder)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def holder_of(folder: Path) -> int | None:
    """Give the process that holds a folder, or None where nobody does."""
    path = folder / LOCK_NAME
    if not path.exists():
        return None
    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _written(descriptor) or 0
    finally:
        os.close(descriptor)
    return None


def _lock(descriptor: int, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _written(descriptor)
            if _is_alive(holder) or time.monotonic() > deadline:
                raise EngineError("run.busy", folder=str(folder), process=holder or "?") from None
            time.sleep(0.1)
        else:
            return


def _written(descriptor: int) -> int | None:
    digits = os.pread(descriptor, 20, 0)
    return int(digits) if digits.isdigit() else None


def _is_alive(process: int | None) -> bool:
    if process is None:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
