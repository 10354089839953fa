"""What is usual in a stream: its week, how its issues begin, and how often chance alone raises a level in it.

The levels themselves are in `levels.py`.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from nhipcau.engine.watch.levels import (
    DEFAULT,
    HOURS_OF_WEEK,
    LEAST_VOICES,
    MONDAY,
    TIMES_A_WEEK,
    WEEKS_PER_FALSE_ALARM,
    LevelSettings,
)

LOOKS_AT_A_BEGINNING: Final = 4.0
"""As many independent days are the overlapping windows of an issue's first three days worth, found by simulation."""


def weekly_rhythm(
    counts: npt.NDArray[np.integer[Any]], start_hour: int, *, prior_voices: float = 20.0
) -> npt.NDArray[np.float64]:
    """Learn what is usual in each hour of the week, relative to 1: the rhythm of a whole stream, for its sparse series.

    Parameters
    ----------
    counts
        integers[n]: voices of the stream by hour, of the past only.
    start_hour
        As in `level_history`.
    prior_voices
        Voices by which each of the 168 hours is drawn towards its hour of the day, and that towards 1.

    Returns
    -------
    float64[168]
        From Monday 00:00; 1 throughout where nothing was heard. Times of publication serve; times of a crawl say
        when the crawler comes.
    """
    places = (start_hour + MONDAY + np.arange(len(counts))) % HOURS_OF_WEEK
    voices = np.bincount(places, weights=counts, minlength=HOURS_OF_WEEK)
    times = np.bincount(places, minlength=HOURS_OF_WEEK)
    if voices.sum() == 0:
        return np.ones(HOURS_OF_WEEK)
    usual = voices.sum() / times.sum() * times
    of_day = (voices.reshape(7, 24).sum(axis=0) + prior_voices) / (usual.reshape(7, 24).sum(axis=0) + prior_voices)
    rhythm = (voices + prior_voices * np.tile(of_day, 7)) / (usual + prior_voices)
    return np.asarray(rhythm / rhythm.mean())


def starting_prior(voices: npt.NDArray[np.integer[Any]], hours: float = 24.0) -> LevelSettings:
    """Take from a stream how its issues begin, so that *unusual* means unusual there.

    Parameters
    ----------
    voices
        integers[m]: voices of past issues in their first `hours` hours, the first voice of each left out. Of many
        issues (hundreds), or the default is as good.
    hours
        Over which they were counted.

    Returns
    -------
    LevelSettings
        A gamma distribution of rates by moments, the highest hundredth cut down (those are what one wants to find).
    """
    counted = np.asarray(voices, dtype=np.float64)
    # A hundred issues that begin as by default stand beside those of the stream.
    usual = DEFAULT.prior_voices / DEFAULT.prior_hours * hours
    weight = 100.0 / (len(counted) + 100.0)
    kept = np.minimum(counted, np.quantile(counted, 0.99)) if len(counted) else np.zeros(1)
    mean = weight * usual + (1 - weight) * float(kept.mean())
    variance = weight * usual**2 / DEFAULT.prior_voices + (1 - weight) * float(kept.var() - kept.mean())
    shape = min(max(mean**2 / max(variance, 1e-9), 0.5), DEFAULT.prior_voices)
    return LevelSettings(prior_voices=shape, prior_hours=shape / max(mean, 1e-3) * hours)


def false_alarms_a_week(
    *, known: int, begun_a_week: float, settings: LevelSettings = DEFAULT
) -> tuple[float, float, float]:
    """State how often a week chance alone raises each level somewhere, over all that is watched.

    Parameters
    ----------
    known
        Series with a past of their own: issues older than three days, places. Each may give one false alarm in
        `WEEKS_PER_FALSE_ALARM` weeks.
    begun_a_week
        Issues that begin in a week. Each is compared with how issues of its stream begin, and the few that begin
        briskest raise a level even if nothing unusual goes on.
    settings
        What is supposed of an issue that begins.

    Returns
    -------
    tuple of float
        Of watch or more, alert or more, urgent. Upper bounds, held by simulation (`tests/engine/watch/test_habits.py`).

    Examples
    --------
    >>> [round(rate, 2) for rate in false_alarms_a_week(known=8, begun_a_week=0)]
    [2.0, 0.31, 0.08]
    """
    watch, alert, urgent = (
        known / weeks + begun_a_week * min(1.0, LOOKS_AT_A_BEGINNING * _chance_of_a_day(limit, least, settings))
        for weeks, limit, least in zip(WEEKS_PER_FALSE_ALARM, TIMES_A_WEEK, LEAST_VOICES, strict=True)
    )
    return watch, alert, urgent


def _chance_of_a_day(times_a_week: float, least: int, settings: LevelSettings) -> float:
    """P(the first day of an issue has enough voices for a level): the tail at the least count that reaches it."""
    from nhipcau.engine.watch import _level_kernels as kernels

    hours = kernels.WINDOWS[-1]
    mean = settings.prior_voices / settings.prior_hours * hours
    size = 1.0 / (1.0 / settings.prior_voices + settings.prior_spread)
    limit = times_a_week / (len(kernels.WINDOWS) * HOURS_OF_WEEK / hours)
    count = least
    while (chance := kernels.tail_probability(count, mean, size)) >= limit:
        count += 1 + count // 20
    return float(chance)
