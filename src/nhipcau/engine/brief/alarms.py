"""Early-warning levels of a brief's issues and places, and how often such levels are false alarms.

The levels are judged in `nhipcau.engine.watch`. Silent sources and what is not known are in `gaps`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.brief.figures import HOUR, Figures
from nhipcau.engine.brief.issue_parts import meanings
from nhipcau.engine.brief.model import LEVELS, Alarms, PlaceWarning
from nhipcau.engine.stream import Engine
from nhipcau.engine.watch.levels import LevelSettings

if TYPE_CHECKING:
    from nhipcau.engine.brief.assemble import Window

FEWEST_TO_WATCH: Final = 3
"""Posts in the window below which an issue or a place is not watched."""
MOST_PLACES: Final = 20
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
YOUNG: Final = 3 * DAY
"""Until this age an issue is judged by how others of its stream begin."""

Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]


def warnings(
    engine: Engine, figures: Figures, window: Window, issues: Longs
) -> tuple[Alarms, NDArray[np.uint8], list[PlaceWarning]]:
    """State false-alarm rates, the level of each of `issues` (sorted), and the places that stand out."""
    from nhipcau.engine.watch.habits import false_alarms_a_week, starting_prior

    stated: Alarms = {"watch_per_week": None, "alert_per_week": None, "urgent_per_week": None}
    levels = np.zeros(len(issues), np.uint8)
    if not figures.has_times or not len(issues):
        return stated, levels, _places_without_time(engine, figures, window)
    hours = _Hours(figures, window)
    beginnings = _Beginnings(figures, window)
    settings = starting_prior(beginnings.next_voices)
    watched, levels = _issue_levels(figures, window, issues, hours, settings)
    places, places_watched = _place_warnings(engine, figures, window, hours)
    known = int(np.count_nonzero(beginnings.first_of(issues[watched]) <= window.until - YOUNG)) + places_watched
    rates = false_alarms_a_week(known=known, begun_a_week=beginnings.a_week, settings=settings)
    stated["watch_per_week"], stated["alert_per_week"], stated["urgent_per_week"] = (_rounded(rate) for rate in rates)
    return stated, levels, places


def _rounded(rate: float) -> float:
    """Two digits: a rate that is an upper bound is not known to more."""
    return float(f"{rate:.2g}")


class _Hours:
    """The local hours that the log covers up to now, in which anything was heard at all, and the week's rhythm."""

    def __init__(self, figures: Figures, window: Window) -> None:
        from nhipcau.engine.watch.habits import weekly_rhythm

        timed = figures.time[figures.time >= 0]
        self.zone_seconds = window.zone_seconds
        self.first = int((timed.min() + window.zone_seconds) // HOUR)
        self.count = int((window.until + window.zone_seconds) // HOUR - self.first + 1)
        stream = self.table(timed, np.zeros(len(timed), np.int64), 1)[0]
        self.observed = stream > 0
        self.rhythm = weekly_rhythm(stream, self.first)

    def table(self, times: Longs, rows: Longs, size: int) -> Longs:
        """Count by row and hour, int64[size, count]."""
        hour = (times + self.zone_seconds) // HOUR - self.first
        fits = (hour >= 0) & (hour < self.count)
        flat = np.bincount(rows[fits] * self.count + hour[fits], minlength=size * self.count)
        return flat.reshape(size, self.count)


class _Beginnings:
    """How the issues of the log begin: when, how many a week, and with how many more voices on their first day."""

    def __init__(self, figures: Figures, window: Window) -> None:
        fresh = ~figures.is_copy & (figures.time >= 0) & (figures.time <= window.until)
        issue, time = figures.issue[fresh], figures.time[fresh]
        self._first = np.full(int(issue.max(initial=0)) + 1, np.iinfo(np.int64).max)
        np.minimum.at(self._first, issue, time)
        begun = self._first < np.iinfo(np.int64).max
        on_first_day = np.bincount(issue[time < self._first[issue] + DAY], minlength=len(self._first))
        self.next_voices = on_first_day[begun & (self._first <= window.until - DAY)] - 1
        span = min(WEEK, max(window.until - int(time.min(initial=window.until)), HOUR))
        self.a_week = np.count_nonzero(begun & (self._first > window.until - span)) * WEEK / span

    def first_of(self, issues: Longs) -> Longs:
        """When each issue was first heard of, seconds since 1970."""
        return self._first[issues]


def _issue_levels(
    figures: Figures, window: Window, issues: Longs, hours: _Hours, settings: LevelSettings
) -> tuple[Longs, NDArray[np.uint8]]:
    """Find the rows of the issues that are watched, and the level of every issue."""
    from nhipcau.engine.watch.now import levels_now

    rows = np.searchsorted(issues, figures.issue)
    rows[rows >= len(issues)] = 0
    fresh = (issues[rows] == figures.issue) & ~figures.is_copy
    voices = np.bincount(rows[fresh & figures.mask(window.since, window.until)], minlength=len(issues))
    watched = np.flatnonzero(voices >= FEWEST_TO_WATCH)
    slot = np.full(len(issues), -1)
    slot[watched] = np.arange(len(watched))
    mine = fresh & (slot[rows] >= 0)
    counts = hours.table(figures.time[mine], slot[rows[mine]], len(watched))
    levels = np.zeros(len(issues), np.uint8)
    levels[watched] = levels_now(
        counts, start_hour=hours.first, observed=hours.observed, rhythm=hours.rhythm, settings=settings
    )
    return watched, levels


def _place_table(figures: Figures, chosen: Flags) -> tuple[Longs, Longs]:
    """List the row of the figures and the place of every mention in the chosen posts."""
    sizes = np.diff(figures.place_offsets)
    rows = np.repeat(np.arange(len(sizes)), sizes)
    kept = chosen[rows]
    return rows[kept], figures.places[kept].astype(np.int64)


def _place_warnings(engine: Engine, figures: Figures, window: Window, hours: _Hours) -> tuple[list[PlaceWarning], int]:
    """Choose the places to list; say how many are watched."""
    from nhipcau.engine.watch.now import levels_now

    fresh = ~figures.is_copy & (figures.time >= 0)
    _, now = _place_table(figures, figures.mask(window.since, window.until) & fresh)
    names, counts = np.unique(now, return_counts=True)
    watched = names[counts >= FEWEST_TO_WATCH]
    if not len(watched):
        return [], 0
    voices = dict(zip(names.tolist(), counts.tolist(), strict=True))
    rows, places = _place_table(figures, fresh)
    slot = np.searchsorted(watched, places)
    slot[slot >= len(watched)] = 0
    mine = watched[slot] == places
    table = hours.table(figures.time[rows[mine]], slot[mine], len(watched))
    levels = levels_now(table, start_hour=hours.first, observed=hours.observed, rhythm=hours.rhythm, is_new=False)
    order = sorted(range(len(watched)), key=lambda k: (-int(levels[k]), -voices[int(watched[k])], int(watched[k])))
    listed = [_place(engine, int(watched[k]), voices[int(watched[k])], int(levels[k])) for k in order[:MOST_PLACES]]
    return listed, len(watched)


def _place(engine: Engine, row: int, voices: int, level: int) -> PlaceWarning:
    unit = engine.gazetteer.describe(row)
    name = unit.full_name
    if unit.candidates:
        name = f"{name} ({' / '.join(meanings(engine, unit.candidates)[:3])})"
    return {"code": unit.code, "name": name, "voices": voices, "level": LEVELS[level]}


def _places_without_time(engine: Engine, figures: Figures, window: Window) -> list[PlaceWarning]:
    _, places = _place_table(figures, figures.mask(window.since, window.until) & ~figures.is_copy)
    names, counts = np.unique(places, return_counts=True)
    order = np.lexsort((names, -counts))[:MOST_PLACES]
    return [_place(engine, int(names[k]), int(counts[k]), 0) for k in order if counts[k] >= FEWEST_TO_WATCH]
