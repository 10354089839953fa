"""Early-warning levels of hourly counts of voices: of an issue, a place, a source or a whole stream.

What is counted is the caller's choice (distinct authors, with copies folded, are better than posts). What is usual in
a stream is taken from it in `habits.py`. `detect.py` is for series of any other kind, `silence.py` for what is
missing. The loops are in `_level_kernels.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

NONE: Final = 0
WATCH: Final = 1
ALERT: Final = 2
URGENT: Final = 3
LEVEL_NAMES: Final = ("none", "watch", "alert", "urgent")
"""Names of the codes, by code, as they stand in JSON."""

TIMES_A_WEEK: Final = (0.15, 3e-4, 3e-7)
"""A level is reached where chance would bring as much less often than this (watch, alert, urgent) …"""
LEAST_VOICES: Final = (5, 10, 20)
"""… and at least so many voices were heard in the window that shows it."""
WEEKS_PER_FALSE_ALARM: Final = (4, 26, 104)
"""In a series in which nothing happens, a level comes up by chance at most once in so many weeks.

Held by simulation (`tests/engine/watch/test_levels.py`): counts with a rhythm of day and week, Poisson, or with hours
or whole days that stray beyond chance, 0.005 to 50 voices an hour, each beginning of an episode counted once. Over all
that is watched: `habits.false_alarms_a_week`.
"""

HOURS_OF_WEEK: Final = 168
MONDAY: Final = 72
"""Hours from the Monday before to 1970-01-01, a Thursday."""


@dataclass(frozen=True, kw_only=True)
class LevelSettings:
    """What is supposed before anything is heard, and how long it is remembered.

    Attributes
    ----------
    prior_voices, prior_hours
        A series that begins is taken to be like others that begin: `prior_voices` voices in `prior_hours` hours. The
        smaller `prior_voices`, the more such series differ. `habits.starting_prior` takes both from a stream.
    prior_spread
        Relative variance of an hourly rate around its rhythm, before the series shows its own.
    half_life_hours
        Hours after which what was heard counts half.
    """

    prior_voices: float = 2.0
    prior_hours: float = 96.0
    prior_spread: float = 0.25
    half_life_hours: float = 336.0


DEFAULT: Final = LevelSettings()


@dataclass(frozen=True, kw_only=True)
class Levels:
    """Levels and what they rest on; every array has the shape of the counts (`level_now`: without the hours).

    Attributes
    ----------
    codes
        int8: `NONE`, `WATCH`, `ALERT` or `URGENT`.
    times_a_week
        float64: how often a week chance would bring as many voices if nothing unusual goes on; infinite where there are
        no more than usual.
    windows
        int8: hours of the window that shows it most clearly (1, 3, 6 or 24; 0 where none is above what is usual).
    seen
        int64: voices heard in that window.
    expected
        float64: voices that were to be expected in it.
    """

    codes: npt.NDArray[np.int8]
    times_a_week: npt.NDArray[np.float64]
    windows: npt.NDArray[np.int8]
    seen: npt.NDArray[np.int64]
    expected: npt.NDArray[np.float64]


def level_history(
    counts: npt.NDArray[np.integer[Any]],
    start_hour: int,
    *,
    observed: npt.NDArray[np.bool_] | None = None,
    rhythm: npt.NDArray[np.float64] | None = None,
    is_new: bool = True,
    judge_from: int = 0,
    settings: LevelSettings = DEFAULT,
) -> Levels:
    """Levels of every hour, each from that hour and those before it only.

    A baseline (voices an hour, with the rhythm of day and week that the series itself shows) is kept three days
    behind the present. What was heard in the last 1, 3, 6 and 24 hours is compared with what it predicts, by a
    negative binomial that allows for how little is known of a young series and how far this one usually strays.
    A burst enters the baseline only as far as chance could have made it.

    Parameters
    ----------
    counts
        integers[n] or [m, n]: voices by hour, of one series or of m. Hours before the first voice are passed over.
    start_hour
        The first hour, in hours since 1970-01-01 00:00 of the local time.
    observed
        bool[n]: False for hours in which the whole system heard nothing (a crawl every two hours, a breakdown). They
        are not evidence of quiet: levels stay as they are, for two days at most, and what arrives next is compared
        with what all the hours since would have brought. By default every hour is observed.
    rhythm
        float64[168]: what is usual in each hour of the week, from Monday 00:00, relative to 1, for example that of
        the whole stream (`habits.weekly_rhythm`). The series' own rhythm comes on top. By default flat.
    is_new
        True if the series begins because its subject does (an issue). False if only the record begins there (a
        place, a source): its first week then teaches and does not warn.
    judge_from
        Hours before this index teach only, which saves half the time.
    settings
        One default for all data, but see `habits.starting_prior`.

    Notes
    -----
    Cost: O(m · n) time, about 0.3 µs an hour of a series; memory O(m · n) for the result.
    Poisson-gamma predictive: Noufaily et al., Statistics in Medicine 32 (2013), for the family of methods.

    Examples
    --------
    >>> import numpy as np
    >>> counts = np.array([1, 0, 0, 1, 0, 9, 22, 40])
    >>> level_history(counts, start_hour=0).codes.tolist()
    [0, 0, 0, 0, 0, 1, 3, 3]
    """
    counts = np.asarray(counts)
    result = _judge(counts, start_hour, judge_from, observed, rhythm, settings, is_new=is_new)
    return _shaped(result, counts.shape)


def level_now(
    counts: npt.NDArray[np.integer[Any]],
    start_hour: int,
    *,
    now: int | None = None,
    observed: npt.NDArray[np.bool_] | None = None,
    rhythm: npt.NDArray[np.float64] | None = None,
    is_new: bool = True,
    settings: LevelSettings = DEFAULT,
) -> Levels:
    """Level at one hour, the index `now` (by default the last): the same as `level_history` there, about twice as fast.

    Parameters are those of `level_history`. Of one series the arrays have no axis, of m they have m elements.
    """
    counts = np.asarray(counts)
    hours = counts.shape[-1] if now is None else now + 1
    if not 0 < hours <= counts.shape[-1]:
        raise ValueError(f"now={now} is outside of {counts.shape[-1]} hours")
    counts = counts[..., :hours]
    heard = None if observed is None else np.asarray(observed)[:hours]
    # Levels of unobserved hours are carried over from the hours before them.
    judge_from = hours - 1 if heard is None else max(0, hours - 1 - _LONGEST_CARRY)
    result = _judge(counts, start_hour, judge_from, heard, rhythm, settings, is_new=is_new)
    return _shaped(tuple(part[:, -1] for part in result), counts.shape[:-1])


_LONGEST_CARRY: Final = 49
_Judged = tuple[npt.NDArray[Any], ...]
"""Codes, times a week, windows, seen, expected."""


def _judge(
    counts: npt.NDArray[np.integer[Any]],
    start_hour: int,
    judge_from: int,
    observed: npt.NDArray[np.bool_] | None,
    rhythm: npt.NDArray[np.float64] | None,
    settings: LevelSettings,
    *,
    is_new: bool,
) -> _Judged:
    from nhipcau.engine.watch import _level_kernels as kernels

    table = np.atleast_2d(np.ascontiguousarray(counts, dtype=np.int64))
    hours = table.shape[1]
    observed = np.ones(hours, dtype=np.bool_) if observed is None else np.ascontiguousarray(observed, dtype=np.bool_)
    rhythm = np.ones(HOURS_OF_WEEK) if rhythm is None else np.ascontiguousarray(rhythm, dtype=np.float64)
    if len(observed) != hours or len(rhythm) != HOURS_OF_WEEK:
        raise ValueError(f"{len(observed)} observed for {hours} hours, {len(rhythm)} of 168 hours of the rhythm")
    if table.size and table.min() < 0:
        raise ValueError("a count is negative")
    codes = np.zeros(table.shape, dtype=np.int8)
    times_a_week = np.full(table.shape, np.inf)
    windows = np.zeros(table.shape, dtype=np.int8)
    seen = np.zeros(table.shape, dtype=np.int64)
    expected = np.zeros(table.shape)
    for row in range(len(table)):
        kernels.history(
            table[row],
            observed,
            (start_hour + MONDAY) % HOURS_OF_WEEK,
            rhythm,
            float(settings.prior_voices),
            float(settings.prior_hours),
            float(settings.prior_spread),
            float(settings.half_life_hours),
            judge_from,
            0 if is_new else HOURS_OF_WEEK,
            np.array(TIMES_A_WEEK),
            np.array(LEAST_VOICES, dtype=np.int64),
            codes[row],
            times_a_week[row],
            windows[row],
            seen[row],
            expected[row],
        )
    return codes, times_a_week, windows, seen, expected


def _shaped(result: _Judged, shape: tuple[int, ...]) -> Levels:
    codes, times_a_week, windows, seen, expected = (part.reshape(shape) for part in result)
    return Levels(codes=codes, times_a_week=times_a_week, windows=windows, seen=seen, expected=expected)
