"""Early-warning levels of a brief's issues and places, and how often such levels are false alarms.

The levels are judged in `nhipcau.engine.watch`. Silent sources and what is not known are in `gaps`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.brief.figures import HOUR, Figures
from nhipcau.engine.brief.issue_parts import meanings
from nhipcau.engine.brief.model import LEVELS, Alarms, PlaceWarning
from nhipcau.engine.stream import Engine
from nhipcau.engine.watch.levels import LevelSettings

if TYPE_CHECKING:
    from nhipcau.engine.brief.standing import Window

FEWEST_TO_WATCH: Final = 3
"""Posts in the window below which an issue or a place is not watched."""
MOST_PLACES: Final = 20
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
YOUNG: Final = 3 * DAY
"""Until this age an issue is judged by how others of its stream begin."""

_PART: Final = 1 << 20
"""Posts that are counted at a time: millions of them need not be held twice."""

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]


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

        self.zone_seconds = window.zone_seconds
        oldest = int(figures.time.min(initial=window.until, where=figures.time >= 0))
        self.first = (oldest + window.zone_seconds) // HOUR
        self.count = (window.until + window.zone_seconds) // HOUR - self.first + 1
        stream = np.zeros((1, self.count), np.int32)
        for part in _parts(figures):
            times = figures.time[part]
            self.add(stream, times, np.where(times >= 0, 0, -1))
        self.observed = stream[0] > 0
        self.rhythm = weekly_rhythm(stream[0], self.first)

    def add(self, table: Ints, times: Longs, rows: NDArray[np.integer[Any]]) -> None:
        """Count into a table, int32[rows, hours]; what has row -1 is left out."""
        hour = (times + self.zone_seconds) // HOUR - self.first
        fits = (rows >= 0) & (hour >= 0) & (hour < self.count)
        np.add.at(table.reshape(-1), rows[fits] * self.count + hour[fits], 1)


def _parts(figures: Figures) -> Iterator[slice]:
    for start in range(0, len(figures.time), _PART):
        yield slice(start, start + _PART)


class _Beginnings:
    """How the issues of the log begin: when, how many a week, and with how many more voices on their first day."""

    def __init__(self, figures: Figures, window: Window) -> None:
        never = np.iinfo(np.int64).max
        self._first = np.full(int(figures.issue.max(initial=0)) + 1, never)
        on_first_day = np.full(len(self._first), -1, np.int32)
        for part in _parts(figures):
            issue, time = _fresh(figures, part)
            np.minimum.at(self._first, issue, time)
        for part in _parts(figures):
            issue, time = _fresh(figures, part)
            np.add.at(on_first_day, issue[time < self._first[issue] + DAY], 1)
        self.next_voices = on_first_day[self._first <= window.until - DAY]
        oldest = int(self._first.min())
        span = min(WEEK, max(window.until - oldest, HOUR))
        begun = np.count_nonzero((self._first > window.until - span) & (self._first < never))
        self.a_week = begun * WEEK / span

    def first_of(self, issues: Longs) -> Longs:
        """When each issue was first heard of, seconds since 1970."""
        return self._first[issues]


def _fresh(figures: Figures, part: slice) -> tuple[Longs, Longs]:
    """Issues and times of the posts of a part that are no copies."""
    kept = ~figures.is_copy[part] & (figures.time[part] >= 0)
    return figures.issue[part][kept], figures.time[part][kept]


def _issue_levels(
    figures: Figures, window: Window, issues: Longs, hours: _Hours, settings: LevelSettings
) -> tuple[Longs, NDArray[np.uint8]]:
    """Find the rows of the issues that are watched, and the level of every issue."""
    from nhipcau.engine.watch.now import levels_now

    row_of = np.full(int(max(figures.issue.max(initial=0), issues[-1])) + 1, -1, np.int32)
    row_of[issues] = np.arange(len(issues))
    voices = np.zeros(len(issues), np.int64)
    for part in _parts(figures):
        issue, time = _fresh(figures, part)
        rows = row_of[issue[(time >= window.since) & (time <= window.until)]]
        np.add.at(voices, rows[rows >= 0], 1)
    watched = np.flatnonzero(voices >= FEWEST_TO_WATCH)
    row_of[:] = -1
    row_of[issues[watched]] = np.arange(len(watched))
    counts = np.zeros((len(watched), hours.count), np.int32)
    for part in _parts(figures):
        issue, time = _fresh(figures, part)
        hours.add(counts, time, row_of[issue])
    levels = np.zeros(len(issues), np.uint8)
    levels[watched] = levels_now(
        counts, start_hour=hours.first, observed=hours.observed, rhythm=hours.rhythm, settings=settings
    )
    return watched, levels


def _mentions(figures: Figures, part: slice) -> tuple[Longs, Ints]:
    """List time and place of every mention of a place in a part, copies left out; time -1 where it is not known."""
    offsets = figures.place_offsets[part.start : part.stop + 1]
    sizes = np.diff(offsets)
    kept = np.repeat(~figures.is_copy[part], sizes)
    times = np.repeat(figures.time[part], sizes)
    return times[kept], figures.places[offsets[0] : offsets[-1]][kept]


def _voices_of_places(figures: Figures, window: Window) -> Longs:
    """Count the mentions of each place in the window, by the number of the place."""
    voices = np.zeros(int(figures.places.max(initial=-1)) + 1, np.int64)
    for part in _parts(figures):
        times, places = _mentions(figures, part)
        inside = (times >= window.since) & (times <= window.until) if figures.has_times else slice(None)
        np.add.at(voices, places[inside], 1)
    return voices


def _place_warnings(engine: Engine, figures: Figures, window: Window, hours: _Hours) -> tuple[list[PlaceWarning], int]:
    """Choose the places to list; say how many are watched."""
    from nhipcau.engine.watch.now import levels_now

    voices = _voices_of_places(figures, window)
    watched = np.flatnonzero(voices >= FEWEST_TO_WATCH)
    row_of = np.full(len(voices), -1, np.int32)
    row_of[watched] = np.arange(len(watched))
    table = np.zeros((len(watched), hours.count), np.int32)
    for part in _parts(figures):
        times, places = _mentions(figures, part)
        hours.add(table, times, np.where(times >= 0, row_of[places], -1))
    levels = levels_now(table, start_hour=hours.first, observed=hours.observed, rhythm=hours.rhythm, is_new=False)
    order = np.lexsort((watched, -voices[watched], -levels.astype(np.int64)))[:MOST_PLACES]
    listed = [_place(engine, int(watched[k]), int(voices[watched[k]]), int(levels[k])) for k in order]
    return listed, len(watched)


def _place(engine: Engine, row: int, voices: int, level: int) -> PlaceWarning:
    unit = engine.gazetteer.describe(row)
    name = unit.full_name
    if unit.candidates:
        name = f"{name} ({' / '.join(meanings(engine, unit.candidates)[:3])})"
    return {"code": unit.code, "name": name, "voices": voices, "level": LEVELS[level]}


def _places_without_time(engine: Engine, figures: Figures, window: Window) -> list[PlaceWarning]:
    voices = _voices_of_places(figures, window)
    order = np.lexsort((np.arange(len(voices)), -voices))[:MOST_PLACES]
    return [_place(engine, int(row), int(voices[row]), 0) for row in order if voices[row] >= FEWEST_TO_WATCH]
