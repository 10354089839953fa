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
from nhipcau.engine.stream import Engine

HOUR = 3600
HISTORY_DAYS = 42
"""Older posts are not looked at by a brief."""

Longs = NDArray[np.int64]


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
    latest: int
    has_times: bool
    has_authors: bool

    def mask(self, since: int, until: int) -> NDArray[np.bool_]:
        """Posts of a window, all of them where there are no times."""
        if not self.has_times:
            return np.ones(len(self.time), np.bool_)
        chosen: NDArray[np.bool_] = (self.time >= since) & (self.time <= until)
        return chosen


def collect(engine: Engine, *, until: int | None) -> Figures:
    """Read the narrow columns of the log; posts later than `until` and older than six weeks before it are left out."""
    columns = ["seq", "thread", "time", "source", "author_key", "author_epoch", "is_copy", "kind", "places"]
    names: dict[str, int] = {}
    parts: dict[str, list[NDArray[np.generic]]] = {name: [] for name in columns}
    counts: list[NDArray[np.generic]] = []
    latest = -1
    for batch in engine.log.scan(columns):
        time = pc.fill_null(batch.column("time").cast(pa.int64()), -1_000_000).to_numpy(zero_copy_only=False)
        time = time // 1_000_000
        limit = until if until is not None else int(time.max(initial=-1))
        latest = max(latest, int(time[time <= limit].max(initial=-1)))
        oldest = (until if until is not None else latest) - HISTORY_DAYS * 86_400
        kept = np.flatnonzero((time < 0) | ((time >= oldest) & (time <= limit)))
        if len(kept) == 0:
            continue
        if len(kept) < batch.num_rows:
            batch = batch.take(pa.array(kept))
        parts["time"].append(time[kept])
        for name in ("seq", "thread", "author_epoch"):
            parts[name].append(batch.column(name).to_numpy())
        parts["is_copy"].append(batch.column("is_copy").to_numpy(zero_copy_only=False))
        parts["author_key"].append(pc.fill_null(batch.column("author_key"), 0).to_numpy())
        parts["kind"].append(pc.equal(batch.column("kind"), PRESS).to_numpy(zero_copy_only=False))
        encoded = pc.fill_null(batch.column("source"), "").dictionary_encode()
        code = np.array([names.setdefault(name, len(names)) for name in encoded.dictionary.to_pylist()], np.int32)
        parts["source"].append(code[encoded.indices.to_numpy()])
        lists = batch.column("places")
        counts.append(pc.list_value_length(lists).to_numpy())
        parts["places"].append(lists.flatten().to_numpy())

    def joined(name: str, dtype: type) -> NDArray[np.generic]:
        return np.concatenate(parts[name]).astype(dtype, copy=False) if parts[name] else np.zeros(0, dtype)

    sizes = np.concatenate(counts) if counts else np.zeros(0, np.int64)
    time = joined("time", np.int64)
    author = joined("author_key", np.uint64)
    return Figures(
        seq=joined("seq", np.int64),
        issue=engine.issues_of(joined("thread", np.int64)),
        time=time,
        source=joined("source", np.int32),
        author=author,
        epoch=joined("author_epoch", np.int32),
        is_copy=joined("is_copy", np.bool_),
        is_press=joined("kind", np.bool_),
        place_offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        places=joined("places", np.int32),
        source_names=list(names),
        latest=latest,
        has_times=bool((time >= 0).any()),
        has_authors=bool((author != 0).any()),
    )


def distinct_by_group(group: Longs, value: NDArray[np.generic], size: int) -> Longs:
    """Number of distinct values in each group 0..size-1."""
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
    """Posts in each local hour from `first_hour` (local hours since 1970)."""
    place = (times + zone_seconds) // HOUR - first_hour
    return np.bincount(place[(place >= 0) & (place < hours)], minlength=hours).astype(np.float64)
