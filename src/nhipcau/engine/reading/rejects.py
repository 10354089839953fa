"""Rows that cannot be read: their reasons, and the file that lists them. Never a word of the row itself."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

REASONS: Final[dict[str, str]] = {
    "json": "the line is not one JSON object",
    "quote": "a quoted field does not end, or goes on behind its closing quote",
    "fields": "the number of fields is not that of the header",
    "line-too-long": "the line is longer than the limit",
    "encoding": "a value is not UTF-8",
    "text-empty": "there is no text",
    "text-nested": "the text is an object or a list",
    "time": "the time is missing, cannot be read, or is not between 1990 and 2100",
    "arrived": "the time of arrival cannot be read, or is not between 1990 and 2100",
    "cut": "the file ends in the middle; what stood before was read",
    "damaged": "the file is damaged from here on; what stood before was read",
}
"""Code of a reject to its reason in plain words; the rejects file has both."""


class Reject(NamedTuple):
    """A row that was left out: where it stands (lines count from 1) and why."""

    file: str
    line: int
    code: str


class RejectSink:
    """Appends rejects to a file of JSON lines: `{"file", "line", "code", "reason"}`.

    The file comes into being with the first reject. Every call of `write` leaves whole lines behind, so that nothing
    but the last call is lost when the process is killed.

    Parameters
    ----------
    path
        The file. It is never read as input, even where it lies in a folder that is.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.written = 0
        self._descriptor: int | None = None

    def write(self, rejects: Iterable[Reject]) -> None:
        """Append rejects, in their order."""
        lines = [
            json.dumps({**reject._asdict(), "reason": REASONS[reject.code]}, ensure_ascii=False) + "\n"
            for reject in rejects
        ]
        if not lines:
            return
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        remaining = "".join(lines).encode("utf-8", "backslashreplace")
        while remaining:
            remaining = remaining[os.write(self._descriptor, remaining) :]
        self.written += len(lines)

    def close(self) -> None:
        """Let go of the file; a later `write` opens it again."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
