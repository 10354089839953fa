"""Counts that all processes of a tree share: how often something was asked for in a span of time. No database.

A table of fixed size in memory that the parent opens and its children inherit: a child that dies takes no count with
it, and nothing is written anywhere. What is counted there, and up to where: `api/limits.py`.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from typing import Final

COUNTS: Final = "NHIPCAU_COUNTS"
"""Names the inherited file descriptor in the environment of children."""
BUCKETS: Final = 2_048
WAYS: Final = 8
_SLOT: Final = struct.Struct("<QII")  # what is counted (its digest), in which span, how often
_BUCKET: Final = WAYS * _SLOT.size
SIZE: Final = BUCKETS * _BUCKET


def open_counts() -> int:
    """Open a new table and give its file descriptor; it lies in memory or in a file without a name."""
    with tempfile.TemporaryFile() as file:
        file.truncate(SIZE)
        return os.dup(file.fileno())


class Counts:
    """A table of counts; those who hold the same file descriptor count together.

    A slot belongs to one thing and one span. Where a bucket is full, the oldest span goes first, then the lowest count:
    whoever asks much is not forgotten because many ask little.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._table = mmap.mmap(descriptor, SIZE)
        self._threads = threading.Lock()

    def add(self, what: str, *, span: int) -> int:
        """Count once more, and give the count in this span."""
        digest = int.from_bytes(blake2b(what.encode(), digest_size=8).digest(), "little") or 1
        begin = digest % BUCKETS * _BUCKET
        with self._held(begin):
            slots = [_SLOT.unpack_from(self._table, begin + way * _SLOT.size) for way in range(WAYS)]
            way = next((way for way, slot in enumerate(slots) if slot[0] == digest), None)
            if way is None:
                way = min(range(WAYS), key=lambda one: slots[one][1:])
            is_same = slots[way][:2] == (digest, span)
            count = slots[way][2] + 1 if is_same else 1
            _SLOT.pack_into(self._table, begin + way * _SLOT.size, digest, span, min(count, 2**32 - 1))
        return count

    def clear(self) -> None:
        """Forget all counts."""
        with self._held(0, SIZE):
            self._table[:] = bytes(SIZE)

    @contextmanager
    def _held(self, begin: int, size: int = _BUCKET) -> Iterator[None]:
        """A part of the table for oneself: among threads by a lock, among processes by that of the file."""
        with self._threads:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX, size, begin)
            try:
                yield
            finally:
                fcntl.lockf(self._descriptor, fcntl.LOCK_UN, size, begin)


@cache
def counts() -> Counts:
    """The table of this process: that of its tree, or one of its own where it has no tree."""
    inherited = os.environ.get(COUNTS, "")
    return Counts(int(inherited) if inherited.isdecimal() and _is_table(int(inherited)) else open_counts())


def _is_table(descriptor: int) -> bool:
    """Whether it was inherited; a program that a child starts knows its number only."""
    try:
        return os.fstat(descriptor).st_size == SIZE
    except OSError:
        return False
