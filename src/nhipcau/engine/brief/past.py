"""How far a log has come, and its past: an engine that has taken only what had arrived at a moment.

Grouping is deterministic and the log has every post, so this is the engine of then, not a guess at it.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nhipcau.engine.log import Log
from nhipcau.engine.posts import POST_SCHEMA
from nhipcau.engine.reading.arrays import flag_array, numbers_of, validity_of
from nhipcau.engine.stream import Engine

HISTORY_DAYS: Final = 42
_TIMES: Final = ("time", "arrived")
_DAY: Final = 86_400 * 1_000_000


def engine_at(engine: Engine, until: int) -> tuple[Engine, int]:
    """Give the engine as it would have been at a moment, and how many posts of the log came later.

    Parameters
    ----------
    engine
        Today's; it is not changed.
    until
        Seconds since 1970. A post counts by when it arrived where that is known, else by its time; one that tells
        neither counts always.

    Notes
    -----
    Where nothing came later it is the engine itself. Otherwise its posts are grouped again: about the time that it
    took to take them, and the same again in temporary files.
    """
    later = sum(int(np.count_nonzero(_arrivals(batch) > until)) for batch in engine.log.scan(_TIMES))
    if not later:
        return engine, 0
    past = Engine(settings=engine.state.settings, lexicon=engine.lexicon, gazetteer=engine.gazetteer, cues=engine.cues)
    for batch in engine.log.scan([*POST_SCHEMA.names, "author_epoch"]):
        epochs = batch.column("author_epoch").to_pylist()
        is_known = _arrivals(batch) <= until
        posts = batch.select(POST_SCHEMA.names)
        # the keys of one day must stay apart from those of another
        for first, behind in _runs(np.array(epochs)):
            past.author_epoch = epochs[first]
            part = posts.slice(first, behind - first).filter(flag_array(is_known[first:behind]))
            if part.num_rows:
                past.run([part])
    return past, later


def latest_of(log: Log) -> tuple[int | None, int]:
    """Find where the stream has come to, and how many posts bear a later time that cannot be right.

    One wrong date must not end the brief of all others: a time counts where others lie in the six weeks before it,
    two or a thousandth of all posts.

    Returns
    -------
    tuple
        Seconds since 1970, None where no post tells a time; and a number of posts.
    """
    days: Counter[int] = Counter()
    for batch in log.scan(["time"]):
        time = batch.column("time")
        found, counts = np.unique(numbers_of(time)[validity_of(time)] // _DAY, return_counts=True)
        days.update(dict(zip(found.tolist(), counts.tolist(), strict=True)))
    if not days:
        return None, 0
    enough = max(2, -(-days.total() // 1000))
    day = next((day for day in sorted(days, reverse=True) if _within(days, day) >= enough), max(days))
    return (day + 1) * _DAY // 1_000_000 - 1, sum(count for each, count in days.items() if each > day)


def _within(days: Counter[int], last: int) -> int:
    return sum(days[day] for day in range(last - HISTORY_DAYS + 1, last + 1))


def _arrivals(batch: pa.RecordBatch) -> NDArray[np.int64]:
    """When each post of a batch became known, in seconds since 1970; -1 where no time is told."""
    time, arrived = batch.column("time"), batch.column("arrived")
    written = np.where(validity_of(time), numbers_of(time) // 1_000_000, -1)
    return np.where(validity_of(arrived), numbers_of(arrived) // 1_000_000, written)


def _runs(values: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Ranges of equal values."""
    cuts = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]
    return [(first, behind) for first, behind in pairwise(cuts) if behind > first]
