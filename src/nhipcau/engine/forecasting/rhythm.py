"""The rhythm of hours and weekdays: how much busier than the average each hour of a series is.

A series' own rhythm is shrunk towards that of the whole stream, because one issue alone has too few posts to tell.
Levels are in `levels`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.forecasting.model import Floats

Hours = NDArray[np.int64]

HALF_LIFE_HOURS: Final = 21 * 24.0
"""A rhythm changes slowly: three weeks ago counts half."""
OWN_POSTS_PER_HOUR_OF_DAY: Final = 1.0
"""The stream's rhythm weighs as much as this many posts of the series in each hour of the day."""
OWN_POSTS_PER_WEEKDAY: Final = 24.0
FLOOR: Final = 0.02
"""No hour is quieter than this share of the average one: a post at four in the morning is rare, not impossible."""
MONDAY: Final = 72
"""Hour 0 since the epoch is a Thursday midnight, the 72nd hour of a week that begins on Monday."""


def hours_of_week(first_hour: int, number: int) -> Hours:
    """Hour of the week, 0 = Monday midnight, of consecutive local hours since the epoch."""
    return (first_hour + MONDAY + np.arange(number, dtype=np.int64)) % 168


def rhythm(counts: Floats, *, stream: Floats | None, last_hour: int, horizon: int) -> Floats:
    """Weights of the hours of a series and of the hours to come, about 1 on average.

    Parameters
    ----------
    counts
        float64[n], posts an hour, the last one at `last_hour`.
    stream
        float64[m], posts an hour of the whole stream, the last one at `last_hour` as well; None: no hour is
        thought busier before the series shows it.
    last_hour
        Local hour since the epoch.
    horizon
        Number of hours to come.

    Returns
    -------
    float64[n + horizon]
        Each weight is the product of a factor of the hour of day and one of the weekday.
    """
    size = len(counts)
    weeks = hours_of_week(last_hour - size + 1, size + horizon)
    day_prior, week_prior = np.ones(24), np.ones(7)
    if stream is not None and stream.sum() > 0:
        past = hours_of_week(last_hour - len(stream) + 1, len(stream))
        day_prior = _by_hour_of_day(stream, past, np.ones(24), posts=1.0)
        week_prior = _by_weekday(stream, past, day_prior, np.ones(7), posts=50.0)
    past = weeks[:size]
    by_day = _by_hour_of_day(counts, past, day_prior, posts=OWN_POSTS_PER_HOUR_OF_DAY)
    by_week = _by_weekday(counts, past, by_day, week_prior, posts=OWN_POSTS_PER_WEEKDAY)
    return by_day[weeks % 24] * by_week[weeks // 24]


def _faded(size: int) -> Floats:
    return 0.5 ** (np.arange(size - 1, -1, -1) / HALF_LIFE_HOURS)


def _by_hour_of_day(counts: Floats, weeks: Hours, prior: Floats, *, posts: float) -> Floats:
    fade = _faded(len(counts))
    hours = weeks % 24
    level = float((fade * counts).sum() / fade.sum())
    seen = np.bincount(hours, fade * counts, 24)
    chance = np.bincount(hours, fade, 24) * level
    shape = (seen + posts * prior) / (chance + posts)
    shape = np.maximum(shape, FLOOR * shape.mean())
    return shape / shape.mean()


def _by_weekday(counts: Floats, weeks: Hours, by_day: Floats, prior: Floats, *, posts: float) -> Floats:
    fade = _faded(len(counts))
    expected = fade * by_day[weeks % 24]
    level = float((fade * counts).sum() / expected.sum())
    seen = np.bincount(weeks // 24, fade * counts, 7)
    chance = np.bincount(weeks // 24, expected, 7) * level
    return (seen + posts * prior) / (chance + posts)
