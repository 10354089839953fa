"""What was known at a moment, by arrival where that is told: which posts, and how far the stream had come.

`figures` leaves the rest out; `grouping.past` gives the issues of then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nhipcau.engine.log import PostLog
from nhipcau.engine.reading.arrays import numbers_of, validity_of

COLUMNS: Final = ("time", "arrived")


@dataclass(frozen=True)
class Known:
    """How much of the stream was known at a moment.

    Attributes
    ----------
    posts
        Posts up to and including the last one that was known. Where posts stand in the order of their arrival, none of
        them came later.
    later
        Posts of the log that came later.
    """

    posts: int
    later: int


def arrivals(batch: pa.RecordBatch) -> NDArray[np.int64]:
    """When each post of a batch with `COLUMNS` became known, in seconds since 1970; -1 where no time is told."""
    time, arrived = batch.column("time"), batch.column("arrived")
    written = np.where(validity_of(time), numbers_of(time) // 1_000_000, -1)
    return np.where(validity_of(arrived), numbers_of(arrived) // 1_000_000, written)


def known_at(log: PostLog, until: int) -> Known:
    """Find how far the stream had come at a moment (seconds since 1970)."""
    seen = posts = later = 0
    for batch in log.scan(COLUMNS):
        is_known = arrivals(batch) <= until
        last = np.flatnonzero(is_known)
        posts = seen + int(last[-1]) + 1 if len(last) else posts
        later += int(np.count_nonzero(~is_known))
        seen += batch.num_rows
    return Known(posts, later)
