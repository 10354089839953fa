"""What the listener sees at a moment: the figures of all issues over the last day, in arrays. Pure but for its inputs.

What is written of it is in `actions/picture.py`; what an issue says in `describing.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.brief import heat
from nhipcau.engine.brief.figures import DAY, HISTORY_DAYS, Figures, Longs
from nhipcau.engine.brief.standing import Candidates, Window, candidates
from nhipcau.engine.kinds.cues import KINDS
from nhipcau.engine.stream import Engine
from nhipcau.issues.mapping import Overlay, engine_numbers, oldest_waiting
from nhipcau.issues.narrowlog import NarrowLog

QUESTION: Final = KINDS.index("question")
OTHER: Final = KINDS.index("other")


@dataclass(frozen=True)
class Mapped:
    """Every voice of the narrow log with the issue that it is in: `issue` is a place in `keys`."""

    keys: Longs
    issue: Longs
    thread_base: int
    thread_keys: Longs  # of each thread number from `thread_base` on
    thread_numbers: Longs  # its issue of the grouping, whatever people have done with it


@dataclass(frozen=True)
class Look:
    """The figures of a moment; row k of `found` is the issue `keys[found.ids[k]]`."""

    keys: Longs
    figures: Figures
    kind: NDArray[np.uint8]
    window: Window
    found: Candidates
    kinds: Longs  # int64[rows, kinds], without copies
    questions: NDArray[np.float64]
    heat: dict[str, NDArray[np.float64]]
    is_in_window: NDArray[np.bool_]  # of each of `keys`
    thread: Longs  # of each voice in `figures`

    def row_of(self, place: int) -> int | None:
        """Give the row of `found` that is the issue at a place of `keys`; None without voices in the window."""
        row = int(np.searchsorted(self.found.ids, place))
        return row if row < len(self.found.ids) and self.found.ids[row] == place else None


def map_voices(engine: Engine, log: NarrowLog, overlay: Overlay) -> Mapped:
    """Find the issue of every voice."""
    threads: Longs = log.column("thread")
    if not len(threads):
        none = np.zeros(0, np.int64)
        return Mapped(none, none, 0, none, none)
    base = int(threads.min())
    every = np.arange(base, int(threads.max()) + 1)
    first = oldest_waiting(engine, threads, log.column("is_copy"))
    numbers = engine_numbers(engine, every, oldest_waiting=first)
    thread_keys = overlay.keys(every, numbers)
    is_there = np.zeros(len(every), np.bool_)
    is_there[threads - base] = True
    keys, place = np.unique(thread_keys[is_there], return_inverse=True)
    dense = np.zeros(len(every), np.int64)
    dense[is_there] = place
    thread_keys = np.where(is_there, thread_keys, -1)
    return Mapped(keys, dense[threads - base], base, thread_keys, numbers)


def look(log: NarrowLog, mapped: Mapped, *, now: datetime, zone: ZoneInfo) -> Look:
    """Count what came in the day before `now`."""
    until = int(now.timestamp())
    offset = now.astimezone(zone).utcoffset() or timedelta()
    window = Window(until - DAY, until, zone, int(offset.total_seconds()))
    time: Longs = log.column("time")
    kept = np.flatnonzero((time <= until) & (time >= until - HISTORY_DAYS * DAY))
    figures = _figures(log, mapped, None if len(kept) == len(time) else kept)
    kind: NDArray[np.uint8] = log.column("kind")[kept]
    inside = figures.mask(window.since, window.until)
    found = candidates(figures, window, inside)
    size = len(found.ids)
    counts = ~figures.is_copy[found.rows]
    kind_of = np.where(figures.is_press[found.rows], OTHER, np.minimum(kind[found.rows], OTHER))
    kinds = np.bincount((found.group * len(KINDS) + kind_of)[counts], minlength=size * len(KINDS))
    kinds = kinds.reshape(size, len(KINDS))
    questions = kinds[:, QUESTION].astype(np.float64)
    points = heat.parts(
        voices=found.voices,
        expected=found.expected,
        authors=found.own_authors.astype(np.float64),
        sources=found.own_sources.astype(np.float64),
        questions=questions,
    )
    is_in_window = np.zeros(len(mapped.keys), np.bool_)
    is_in_window[found.ids] = True
    thread: Longs = log.column("thread")[kept]
    return Look(mapped.keys, figures, kind, window, found, kinds, questions, points, is_in_window, thread)


def _figures(log: NarrowLog, mapped: Mapped, rows: Longs | None) -> Figures:
    """The narrow log as the brief's counting takes it; of some rows only, where they are named."""

    def column(name: str) -> Any:
        return log.column(name) if rows is None else log.column(name)[rows]

    offsets, places = log.places()
    if rows is not None:
        offsets, places = _taken(offsets, places, rows)
    time = column("time")
    author = column("author")
    return Figures(
        seq=column("seq"),
        issue=mapped.issue if rows is None else mapped.issue[rows],
        time=time,
        source=column("source"),
        author=author,
        epoch=column("epoch"),
        is_copy=column("is_copy"),
        is_press=column("is_press"),
        place_offsets=offsets,
        places=places,
        source_names=log.source_names,
        batch_starts=np.zeros(1, np.int64),
        latest=int(time.max(initial=-1)),
        has_times=True,
        has_authors=bool((author != 0).any()),
    )


def only(figures: Figures, rows: Longs) -> Figures:
    """Give the same figures of some voices only."""
    offsets, places = _taken(figures.place_offsets, figures.places, rows)
    return Figures(
        seq=figures.seq[rows],
        issue=figures.issue[rows],
        time=figures.time[rows],
        source=figures.source[rows],
        author=figures.author[rows],
        epoch=figures.epoch[rows],
        is_copy=figures.is_copy[rows],
        is_press=figures.is_press[rows],
        place_offsets=offsets,
        places=places,
        source_names=figures.source_names,
        batch_starts=figures.batch_starts,
        latest=figures.latest,
        has_times=figures.has_times,
        has_authors=figures.has_authors,
    )


def _taken(offsets: Longs, places: NDArray[np.int32], rows: Longs) -> tuple[Longs, NDArray[np.int32]]:
    sizes = np.diff(offsets)[rows]
    ends = np.concatenate([[0], np.cumsum(sizes)])
    which = np.repeat(offsets[:-1][rows] - ends[:-1], sizes) + np.arange(int(ends[-1]))
    return ends, places[which]
