"""The log of grouped posts: Arrow batches in memory, and segments on disk once they are many.

`stream` appends, `brief.assemble` scans. A log with a folder of its own keeps its segments; `checkpoint` says which
of them count.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.ipc as ipc
from numpy.typing import NDArray

from nhipcau.engine.disk import sync
from nhipcau.engine.posts import LOGGED_SCHEMA
from nhipcau.engine.threads import helper

MOST_IN_MEMORY = 8 * 2**20
SMALL_SEGMENT = 4 * 2**20
"""Bytes on disk below which a segment is drawn together with its neighbours."""
MOST_SMALL_SEGMENTS = 16
ROWS_OF_BATCH = 4096


class Log(Protocol):
    """What an engine appends to and a brief scans; `PostLog` is the one of the engine itself."""

    segments: list[str]

    def append(self, batch: pa.RecordBatch) -> None:
        """Add a batch of `LOGGED_SCHEMA`."""

    def flush(self) -> None:
        """Have what was added safely on disk, under the names in `segments`."""

    def drop_unknown(self) -> None:
        """Remove what no checkpoint counts."""

    def scan(
        self, columns: Sequence[str] | None = None, *, only: NDArray[np.int64] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Give the batches in stream order, with the named columns only."""


class PostLog:
    """Grouped posts in stream order.

    Parameters
    ----------
    folder
        Where segments are kept; None for a log that ends with the process (its segments lie in a temporary folder).
    segments
        Names of segments that count already.
    """

    def __init__(self, folder: Path | None = None, *, segments: Sequence[str] = ()) -> None:
        self._is_temporary = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="nhipcau-"))
        if folder is None:
            weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.segments = list(segments)
        self._pending: list[pa.RecordBatch] = []
        self._pending_bytes = 0
        self._replaced: list[str] = []
        self._behind = helper("writing")
        self._writing: Future[None] | None = None

    def append(self, batch: pa.RecordBatch) -> None:
        """Add a batch of `LOGGED_SCHEMA`."""
        self._pending.append(batch)
        self._pending_bytes += batch.nbytes
        if self._pending_bytes > MOST_IN_MEMORY and self._is_temporary:
            self._write_behind()

    def _write_behind(self) -> None:
        """Have what is in memory written while more is added."""
        self._written()
        name = self._next_name()
        self._writing = self._behind.submit(self._write, name, self._pending)
        self.segments.append(name)
        self._pending, self._pending_bytes = [], 0

    def _written(self) -> None:
        """Wait until what is being written is, and learn here that it could not be."""
        if self._writing:
            self._writing.result()
            self._writing = None

    def flush(self) -> None:
        """Write what is in memory as one segment, safely on disk before its name counts.

        A log that is kept for years is written in small pieces: small segments at its end are drawn together, so that
        neither their number nor a checkpoint that names them grows with the number of pieces. What was replaced stays
        until the next time, for a brief that looks at an older checkpoint meanwhile.
        """
        self._written()
        if not self._pending:
            return
        kept = self.segments if self._is_temporary else self._large_segments()
        batches: Iterable[pa.RecordBatch] = self._pending
        if len(kept) < len(self.segments):
            batches = _drawn_together(chain(self._batches_of(self.segments[len(kept) :]), self._pending))
        name = self._next_name()
        self._write(name, batches)
        if not self._is_temporary:
            sync(self.folder / name)
        if len(kept) < len(self.segments):
            for replaced in self._replaced:
                (self.folder / replaced).unlink(missing_ok=True)
            self._replaced = self.segments[len(kept) :]
        self.segments = [*kept, name]
        self._pending = []
        self._pending_bytes = 0

    def _next_name(self) -> str:
        return f"segment-{1 + max(map(_number_of, self.segments), default=-1):08d}.arrow"

    def _write(self, name: str, batches: Iterable[pa.RecordBatch]) -> None:
        options = ipc.IpcWriteOptions(compression="lz4", use_threads=False)
        # a file of Arrow's own: one of Python's would wait for its turn among the threads at each small write
        path = str(self.folder / name)
        with pa.OSFile(path, "wb") as file, ipc.new_file(file, LOGGED_SCHEMA, options=options) as writer:
            for batch in batches:
                writer.write_batch(batch)

    def _large_segments(self) -> list[str]:
        """The segments in front of the small ones at the end; all, where there are few small ones."""
        size = len(self.segments)
        while size > 0 and (self.folder / self.segments[size - 1]).stat().st_size < SMALL_SEGMENT:
            size -= 1
        return self.segments[:size] if len(self.segments) - size >= MOST_SMALL_SEGMENTS else self.segments

    def _batches_of(self, segments: Sequence[str]) -> Iterator[pa.RecordBatch]:
        for name in segments:
            with pa.OSFile(str(self.folder / name)) as file, ipc.open_file(file) as reader:
                for place in range(reader.num_record_batches):
                    yield reader.get_batch(place)

    def drop_unknown(self) -> None:
        """Remove segments that no checkpoint counts: a run was killed after it had written them."""
        for path in self.folder.glob("segment-*.arrow"):
            if path.name not in self.segments:
                path.unlink()

    def scan(
        self, columns: Sequence[str] | None = None, *, only: NDArray[np.int64] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Give the batches in stream order, with the named columns only.

        Parameters
        ----------
        columns
            Names of `LOGGED_SCHEMA`; None for all. What is not named is not read.
        only
            Numbers of the batches to give, sorted; None for all.
        """
        self._written()
        places = None if columns is None else [LOGGED_SCHEMA.get_field_index(name) for name in columns]
        wanted = None if only is None else set(only.tolist())
        number = 0
        for name in self.segments:
            options = ipc.IpcReadOptions(included_fields=places)
            # Not mapped: pages of a file that were looked at would count as memory.
            with pa.OSFile(str(self.folder / name)) as file, ipc.open_file(file, options=options) as reader:
                for place in range(reader.num_record_batches):
                    if wanted is None or number in wanted:
                        batch = reader.get_batch(place)
                        yield batch if columns is None else batch.select(list(columns))
                    number += 1
        for batch in self._pending:
            if wanted is None or number in wanted:
                yield batch if columns is None else batch.select(list(columns))
            number += 1


def _number_of(segment: str) -> int:
    return int(segment.removeprefix("segment-").removesuffix(".arrow"))


def _drawn_together(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of a few thousand."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        if rows >= ROWS_OF_BATCH:
            yield pa.concat_batches(waiting)
            waiting, rows = [], 0
    if waiting:
        yield pa.concat_batches(waiting)
