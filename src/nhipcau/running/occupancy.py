"""One tree of processes uses a data folder at a time.

Two locks, which end with their holders however these die: one of the parent, and one that its children hold too.
Whoever comes while the parent lives is refused at once; whoever comes after a kill waits until its children have ended.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from nhipcau.engine.errors import EngineError

PARENT: Final = "running.lock"
CHILDREN: Final = "processes.lock"
PATIENCE_SECONDS: Final = 15.0
LOCK_NAMES: Final = frozenset({PARENT, CHILDREN})


@contextmanager
def occupy(folder: Path) -> Iterator[int]:
    """Hold a data folder; the descriptor that it gives is handed to the children.

    Raises
    ------
    EngineError
        ``run.busy`` where another tree holds it.
    """
    with _opened(folder / PARENT) as parent, _opened(folder / CHILDREN) as children:
        if not _is_locked(parent):
            raise EngineError("run.busy", folder=str(folder), process=os.pread(parent, 20, 0).decode() or "?")
        os.ftruncate(parent, 0)
        os.pwrite(parent, str(os.getpid()).encode(), 0)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _is_locked(children):
            if time.monotonic() > deadline:
                raise EngineError("run.left-over", folder=str(folder))
            time.sleep(0.05)
        yield children


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
