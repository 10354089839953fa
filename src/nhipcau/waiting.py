"""Standard input that says when nothing comes for a while. What is done then is up to `following`."""

from __future__ import annotations

import io
import os
import select
from collections.abc import Callable
from typing import BinaryIO


class PatientInput:
    """Bytes of a stream as they come, past any buffer of Python's.

    Parameters
    ----------
    stream
        What is read; one that is no file of the system is read as it is, without waiting.
    every_seconds
        How long nothing must come before `when_quiet` is called, again and again until something comes.
    when_quiet
        What is done meanwhile.
    """

    def __init__(self, stream: BinaryIO, *, every_seconds: float, when_quiet: Callable[[], None]) -> None:
        self._stream = stream
        self._every_seconds = every_seconds
        self._when_quiet = when_quiet
        try:
            self._descriptor: int | None = stream.fileno()
        except (io.UnsupportedOperation, AttributeError):
            self._descriptor = None

    def fileno(self) -> int:
        """Give the number of the file, for those who ask whether more has come."""
        if self._descriptor is None:
            raise io.UnsupportedOperation("fileno")
        return self._descriptor

    def read(self, size: int = -1) -> bytes:
        """Give what there is, up to `size` bytes; wait where there is nothing. None at the end."""
        if self._descriptor is None:
            return self._stream.read(size)
        while not select.select([self._descriptor], [], [], self._every_seconds)[0]:
            self._when_quiet()
        return os.read(self._descriptor, size if size >= 0 else io.DEFAULT_BUFFER_SIZE)

    read1 = read
