"""The numbers behind a brief: the log's narrow columns in one table, and counts of it by issue, hour, place, source.

`assemble` decides what is said with them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from nhipcau.engine.posts import PRESS
from nhipcau.engine.reading.arrays import flag_array, mask_of, numbers_of, text_array, validity_of
from nhipcau.engine.stream import Engine

HOUR = 3600
DAY = 24 * HOUR
HISTORY_DAYS = 42
"""Older posts are not looked at by a brief."""

Longs = NDArray[np.int64]

_COLUMNS = ("seq", "thread", "time", "source", "author_key", "author_epoch", "is_copy", "kind", "places")
_KINDS = {
    "seq": np.int64, "thread": np.int64, "time": np.int64, "author": np.uint64, "epoch": np.int32, "source": np.int32,
    "is_copy": np.bool_, "is_press": np.bool_, "sizes": np.int32, "places": np.int32,
}  # fmt: skip
_PRESS = text_array([PRESS])[0]
_ROWS, _UNTIMED, _LATEST = 0, 1, 2


@dataclass(frozen=True)
class Figures:
    """One row a post of the last six weeks, in stream order; times are seconds since 1970 or -1."""

    seq: Longs
    issue: Longs
    time: Longs
    source: NDArray[np.int32]
    author: NDArray[np.uint64]
    epoch: NDArray[np.int32]
    is_copy: NDArray[np.bool_]
    is_press: NDArray[np.bool_]
    place_offsets: Longs
    places: NDArray[np.int32]
    source_names: list[str]
    batch_starts: Longs  # seq of the first post of each batch of the log, and one past the last
    latest: int
    has_times: bool
    has_authors: bool

    def mask(self, since: int, until: int) -> NDArray[np.bool_]:
        """Mark the posts of a window, all of them where there are no times."""
        if not self.has_times:
            return np.ones(len(self.time), np.bool_)
        chosen: NDArray[np.bool_] = (self.time >= since) & (self.time <= until)
        return chosen


def collect(engine: Engine, *, until: int | None, since: int | None = None) -> Figures:
    """Read the narrow columns of the log, without what is later than `until` and without what is too old.

    Six weeks before `until` are read, and where the window begins (`since`) earlier, a week before that.
    """
    spans = _spans(engine, until)
    latest = int(spans[:, _LATEST].max(initial=-1))
    oldest = (until if until is not None else latest) - HISTORY_DAYS * DAY
    if since is not None:
        oldest = min(oldest, since - 7 * DAY)
    limit = until if until is not None else latest
    is_wanted = (spans[:, _LATEST] >= oldest) | (spans[:, _UNTIMED] > 0)
    names: dict[str, int] = {}
    parts: dict[str, list[NDArray[np.generic]]] = {name: [np.zeros(0, kind)] for name, kind in _KINDS.items()}
    for batch in engine.log.scan(_COLUMNS, only=np.flatnonzero(is_wanted)):
        time = seconds_of(batch)
        kept = (time < 0) | ((time >= oldest) & (time <= limit))
        if not kept.any():
            continue
        if not kept.all():
            batch = batch.filter(flag_array(kept))
        parts["time"].append(time[kept])
        parts["seq"].append(numbers_of(batch.column("seq")))
        parts["thread"].append(numbers_of(batch.column("thread")))
        parts["epoch"].append(_short_numbers(batch.column("author_epoch")))
        parts["is_copy"].append(mask_of(batch.column("is_copy")))
        author = batch.column("author_key")
        parts["author"].append(np.where(validity_of(author), numbers_of(author), 0).view(np.uint64))
        parts["is_press"].append(mask_of(pc.equal(batch.column("kind"), _PRESS)))
        encoded = batch.column("source").dictionary_encode("encode")
        code = [names.setdefault(name or "", len(names)) for name in encoded.dictionary.to_pylist()]
        parts["source"].append(np.array(code, np.int32)[_short_numbers(encoded.indices)])
        lists = batch.column("places")
        parts["sizes"].append(np.diff(_list_offsets(lists)))
        parts["places"].append(_short_numbers(lists.flatten()))
    thread = np.concatenate(parts.pop("thread"))
    issue = engine.issues_of(thread)
    del thread
    # One column after the other: with millions of posts two of everything would not fit.
    joined = {name: np.concatenate(parts.pop(name)) for name in list(parts)}
    return Figures(
        seq=joined["seq"],
        issue=issue,
        time=joined["time"],
        source=joined["source"],
        author=joined["author"],
        epoch=joined["epoch"],
        is_copy=joined["is_copy"],
        is_press=joined["is_press"],
        place_offsets=np.concatenate([[0], np.cumsum(joined["sizes"])]).astype(np.int64),
        places=joined["places"],
        source_names=list(names),
        batch_starts=np.concatenate([[0], np.cumsum(spans[:, _ROWS])]).astype(np.int64),
        latest=latest,
        has_times=bool((joined["time"] >= 0).any()),
        has_authors=bool((joined["author"] != 0).any()),
    )


def _spans(engine: Engine, until: int | None) -> Longs:
    """Each batch of the log: its rows, those without a time, its latest time (-1: none up to `until`)."""
    found = []
    for batch in engine.log.scan(["time"]):
        time = seconds_of(batch)
        known = time if until is None else time[time <= until]
        found.append((len(time), int(np.count_nonzero(time < 0)), int(known.max(initial=-1))))
    return np.array(found, np.int64).reshape(-1, 3)


def seconds_of(batch: pa.RecordBatch) -> Longs:
    """Give the times of a batch of the log in seconds since 1970, -1 where there is none."""
    column = batch.column("time")
    seconds: Longs = np.where(validity_of(column), numbers_of(column) // 1_000_000, -1)
    return seconds


def _short_numbers(values: pa.Array) -> NDArray[np.int32]:
    """View an array of 32 bits a value."""
    return np.frombuffer(values.buffers()[1], np.int32, len(values), values.offset * 4)


def _list_offsets(lists: pa.ListArray) -> NDArray[np.int32]:
    return np.frombuffer(lists.buffers()[1], np.int32, len(lists) + 1, lists.offset * 4)


def distinct_by_group(group: Longs, value: NDArray[np.generic], size: int) -> Longs:
    """Count the distinct values in each group 0..size-1."""
    if len(group) == 0:
        return np.zeros(size, np.int64)
    order = np.lexsort((value, group))
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (group[order][1:] != group[order][:-1]) | (value[order][1:] != value[order][:-1])
    return np.bincount(group[order][fresh], minlength=size)


def authors_by_group(figures: Figures, rows: Longs, group: Longs, size: int) -> Longs:
    """Distinct known authors of people's posts in each group.

    Keys compare only within an epoch, so with several the largest single one is given: never more than there are.
    """
    chosen = figures.author[rows] != 0
    most = np.zeros(size, np.int64)
    for epoch in np.unique(figures.epoch[rows][chosen]):
        part = chosen & (figures.epoch[rows] == epoch)
        most = np.maximum(most, distinct_by_group(group[part], figures.author[rows][part], size))
    return most


def hourly(times: Longs, *, first_hour: int, hours: int, zone_seconds: int) -> NDArray[np.float64]:
    """Count posts in each local hour from `first_hour` (local hours since 1970)."""
    place = (times + zone_seconds) // HOUR - first_hour
    return np.bincount(place[(place >= 0) & (place < hours)], minlength=hours).astype(np.float64)
