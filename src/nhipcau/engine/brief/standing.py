"""How issues stand in a window: how much came to each, from how many, what is usual, and where it is going.

What is said of one issue is in `issue_parts`, which of them are shown in `assemble`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.brief import comparison
from nhipcau.engine.brief import figures as counting
from nhipcau.engine.brief.figures import Figures
from nhipcau.engine.brief.model import Status

GROWING = 1.6
FADING = 0.6
"""Window against the usual one of the week before: from where an issue grows, and below which it fades."""


@dataclass(frozen=True)
class Window:
    """Seconds since 1970 of the window's ends, and the zone's offset at its end."""

    since: int
    until: int
    zone: ZoneInfo
    zone_seconds: int

    def iso(self, seconds: int) -> str | None:
        """Write a moment as ISO 8601 in the zone; None for no time."""
        if seconds < 0:
            return None
        return datetime.fromtimestamp(int(seconds), UTC).astimezone(self.zone).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Candidates:
    """The issues that have posts in the window, each with its counts; row k of every array is issue `ids[k]`.

    `own_authors` and `own_sources` said something of their own, and copies move them not: heat is made of them.
    `authors` and `sources` are all, those of copies too.
    """

    ids: NDArray[np.int64]
    rows: NDArray[np.int64]  # rows of the figures within the window
    group: NDArray[np.int64]  # issue row of each of them
    voices: NDArray[np.float64]
    copies: NDArray[np.int64]
    authors: NDArray[np.int64]
    sources: NDArray[np.int64]
    own_authors: NDArray[np.int64]
    own_sources: NDArray[np.int64]
    people: NDArray[np.int64]
    press: NDArray[np.int64]
    expected: NDArray[np.float64]
    previous: NDArray[np.int64]
    first: NDArray[np.int64]
    total: NDArray[np.int64]


def candidates(figures: Figures, window: Window, inside: NDArray[np.bool_]) -> Candidates:
    """Count the issues of the posts that are marked as inside the window."""
    rows = np.flatnonzero(inside)
    ids, group = np.unique(figures.issue[rows], return_inverse=True)
    size = len(ids)
    fresh = ~figures.is_copy[rows]
    # an issue of nothing but copies of older posts still has one voice
    voices = np.maximum(np.bincount(group[fresh], minlength=size), 1).astype(np.float64)
    every = np.searchsorted(ids, figures.issue)
    every[every >= size] = 0
    known = (ids[every] == figures.issue) if size else np.zeros(len(every), np.bool_)
    counted = known & ~figures.is_copy & (figures.time >= 0)
    period = comparison.heard_period(since=window.since, until=window.until, latest=figures.latest)
    oldest = int(figures.time[figures.time >= 0].min(initial=window.since))
    first = np.full(size, np.iinfo(np.int64).max)
    timed = known & (figures.time >= 0)
    named = np.array([name != "" for name in figures.source_names], np.bool_)[figures.source[rows]]
    np.minimum.at(first, every[timed], figures.time[timed])
    return Candidates(
        ids=ids,
        rows=rows,
        group=group,
        voices=voices,
        copies=np.bincount(group[~fresh], minlength=size),
        authors=counting.authors_by_group(figures, rows, group, size),
        people=np.bincount(group[~figures.is_press[rows]], minlength=size),
        press=np.bincount(group[fresh & figures.is_press[rows]], minlength=size),
        sources=counting.distinct_by_group(group[named], figures.source[rows][named], size),
        own_authors=counting.authors_by_group(figures, rows[fresh], group[fresh], size),
        own_sources=counting.distinct_by_group(group[fresh], figures.source[rows][fresh], size),
        expected=comparison.usual(figures.time[counted], every[counted], size, period=period, oldest=oldest),
        previous=np.bincount(every[counted & comparison.before(figures.time, period)], minlength=size),
        first=first,
        total=np.bincount(every[known & ~figures.is_copy], minlength=size),
    )


def status_of(found: Candidates, row: int, window: Window, has_times: bool) -> Status:  # noqa: FBT001
    """Say new within the window, else by its rise or fall against the week before; two posts are no trend.

    It must not have turned since the window before: what was more yesterday does not grow today. Both are of the same
    hours (`comparison`), so that a morning is not held against an evening, nor half a day of data against a whole one.
    """
    if not has_times:
        return "steady"
    if found.first[row] >= window.since:
        return "new"
    ratio = (found.voices[row] + 1.0) / (found.expected[row] + 1.0)
    if ratio >= GROWING and found.voices[row] >= max(3, found.previous[row]):
        return "growing"
    return "fading" if ratio <= FADING and found.voices[row] <= found.previous[row] else "steady"
