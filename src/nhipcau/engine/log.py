"""The log of grouped posts: Arrow batches in memory, and segments on disk once they are many.

`stream` appends, `brief.assemble` scans. A log with a folder of its own keeps its segments; `checkpoint` says which
of them count.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.ipc as ipc
from numpy.typing import NDArray

from nhipcau.engine.posts import LOGGED_SCHEMA

MOST_IN_MEMORY = 48 * 2**20


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

    def append(self, batch: pa.RecordBatch) -> None:
        """Add a batch of `LOGGED_SCHEMA`."""
        self._pending.append(batch)
        self._pending_bytes += batch.nbytes
        if self._pending_bytes > MOST_IN_MEMORY and self._is_temporary:
            self.flush()

    def flush(self) -> None:
        """Write what is in memory as one segment, safely on disk before its name counts."""
        if not self._pending:
            return
        name = f"segment-{len(self.segments):08d}.arrow"
        options = ipc.IpcWriteOptions(compression="lz4")
        with (self.folder / name).open("wb") as file:
            with ipc.new_file(file, LOGGED_SCHEMA, options=options) as writer:
                for batch in self._pending:
                    writer.write_batch(batch)
            if not self._is_temporary:
                file.flush()
                os.fsync(file.fileno())
        self.segments.append(name)
        self._pending = []
        self._pending_bytes = 0

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
