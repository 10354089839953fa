"""What earlier forecasts of the same series teach the next one: dispersion, and the width of the band.

Everything at an hour of forecasting uses only hours before it; so the back-test is the configuration itself, replayed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.forecasting import chances as chance
from nhipcau.engine.forecasting.model import Floats

DAY: Final = 24
RECORD_HALF_LIFE_HOURS: Final = 10 * 24.0
"""How old a forecast may be before what it teaches counts half."""
DISPERSION_PRIOR_HOURS: Final = 48.0
"""What is thought of the dispersion beforehand weighs as much as so many hours of record."""
WIDTH_PRIOR_HOURS: Final = 96.0
WIDTH_PRIOR_TOTALS: Final = 5.0
"""The stated level weighs as much as so many hours, or totals, of record in which it held."""
LEVELS: Final = np.linspace(0.5, 0.98, 97)
"""Shares that a band may aim at so as to hold its level."""
SMALLEST_REACH: Final = 0.5
"""No band is drawn narrower than the middle half of its hour, however sure the quiet hours are."""


@dataclass(frozen=True, slots=True)
class Record:
    """Forecasts from several hours, oldest first, the last one for now; `w` of them, each of `h` hours.

    Attributes
    ----------
    origins
        int64[w], number of hours known at each.
    actual
        float64[w, h], what came; NaN where it has not yet.
    mean, median, low, high
        float64[w, h].
    excess
        float64[w, h], dispersion of the chances: variance = mean + excess * mean ** 2.
    holds
        float64[w], share of the hours that the band is expected to hold. Whole counts leave no choice where posts are
        rare: a band of zero alone already holds too many.
    middle
        float64[w, h], share of what came that lies in the middle `level` of its chances, see `within_middle`; of large
        counts, whether it lies in the band.
    total_mean, total_low, total_high
        float64[w, days] for the totals of the first 1, 2, … days.
    """

    origins: NDArray[np.int64]
    actual: Floats
    mean: Floats
    median: Floats
    low: Floats
    high: Floats
    excess: Floats
    holds: Floats
    middle: Floats
    total_mean: Floats
    total_low: Floats
    total_high: Floats


def learn(origins: NDArray[np.int64], ages: Floats, actual: Floats, mean: Floats, *, level: float) -> Record:
    """Turn expected counts into calibrated forecasts, each from those before it.

    Parameters
    ----------
    origins
        int64[w], hours known at each forecast, ascending.
    ages
        float64[w], hours since the first post.
    actual, mean
        float64[w, h]; `actual` is NaN where the hour has not come yet.
    level
        Share of the hours to hold, 0 to 1.
    """
    windows, horizon = mean.shape
    known = _known(origins, horizon)
    weight = _weights(origins, known)
    came = np.nan_to_num(actual)

    excess = _hourly_excess(weight, came, mean, ages)
    given = chance.chances(mean, excess)
    held = chance.held(given)
    far = chance.farness(given, came)
    score = np.take_along_axis(held, np.minimum((far * chance.BINS).astype(np.int64), chance.BINS - 1), axis=1)
    target = np.array([_target(score, weight[i], level, prior=WIDTH_PRIOR_HOURS) for i in range(windows)])
    step = np.maximum(np.abs(held - target[:, None]).argmin(axis=1), int(SMALLEST_REACH * chance.BINS) - 1)
    low, high = chance.band(given, (step[:, None] + 1) / chance.BINS)
    holds = np.take_along_axis(held, step[:, None], axis=1)[:, 0]

    middle = np.where(given.is_large, (came >= low) & (came <= high), chance.within_middle(given, came, level))

    total_mean, total_low, total_high = _totals(came, mean, known, weight, ages, level)
    return Record(
        origins, actual, mean, chance.median(given), np.minimum(low, mean), np.maximum(high, mean), excess, holds,
        middle, total_mean, total_low, total_high,
    )  # fmt: skip


def _known(origins: NDArray[np.int64], horizon: int) -> NDArray[np.bool_]:
    """bool[i, j, h]: hour h of forecast j has passed when forecast i is made."""
    return origins[:, None, None] >= origins[None, :, None] + np.arange(1, horizon + 1)


def _weights(origins: NDArray[np.int64], known: NDArray[np.bool_]) -> Floats:
    age = np.maximum(origins[:, None] - origins[None, :], 0)
    return np.asarray(known * (0.5 ** (age / RECORD_HALF_LIFE_HOURS))[:, :, None])


def prior_excess(ages: Floats, days: int) -> Floats:
    """Dispersion of an hour before the series has a record: float64[w, days]. Young issues are wild."""
    young = np.exp(-ages / 120.0)[:, None]
    return (0.25 + 1.0 * young) * (1.0 + 0.3 * np.arange(days))


def prior_total_excess(ages: Floats, days: int) -> Floats:
    """Dispersion of the totals of the first 1, 2, … days before the series has a record: float64[w, days]."""
    young = np.exp(-ages / 120.0)[:, None]
    return (0.03 + 0.5 * young) * (1.0 + 0.3 * np.arange(days))


def _hourly_excess(weight: Floats, came: Floats, mean: Floats, ages: Floats) -> Floats:
    horizon = mean.shape[1]
    days = -(-horizon // DAY)
    prior = prior_excess(ages, days)
    excess = np.empty_like(mean)
    surprise = np.minimum((came - mean) ** 2, 36.0 * (mean + mean**2)) - mean
    for day in range(days):
        hours = slice(day * DAY, (day + 1) * DAY)
        seen = np.einsum("ijh,jh->i", weight[:, :, hours], surprise[:, hours])
        scale = np.einsum("ijh,jh->i", weight[:, :, hours], mean[:, hours] ** 2)
        own = DISPERSION_PRIOR_HOURS * (mean[:, hours] ** 2).mean(axis=1) + 1e-9
        excess[:, hours] = np.clip((seen + own * prior[:, day]) / (scale + own), 0.0, 8.0)[:, None]
    return excess


def _target(score: Floats, weight: Floats, level: float, *, prior: float) -> float:
    """Share to expect within the band so that `level` of what has come would have been: a weighted quantile.

    As if `prior` more scores had come, spread evenly, as they are where the distribution is right.
    """
    use = weight > 0
    if not use.any():
        return level
    scores, weights = score[use], weight[use]
    order = np.argsort(scores, kind="stable")
    scores, mass = scores[order], np.cumsum(weights[order])
    below = np.concatenate([[0.0], mass])[np.searchsorted(scores, LEVELS, side="right")]
    share = (below + prior * LEVELS) / (mass[-1] + prior)
    return float(LEVELS[np.abs(share - level).argmin()])


def _totals(
    came: Floats, mean: Floats, known: NDArray[np.bool_], weight: Floats, ages: Floats, level: float
) -> tuple[Floats, Floats, Floats]:
    windows, horizon = mean.shape
    days = horizon // DAY
    prior = prior_total_excess(ages, days)
    total = np.stack([mean[:, : (day + 1) * DAY].sum(axis=1) for day in range(days)], axis=1)
    real = np.stack([came[:, : (day + 1) * DAY].sum(axis=1) for day in range(days)], axis=1)
    low, high = np.empty_like(total), np.empty_like(total)
    for day in range(days):
        last = (day + 1) * DAY - 1
        pull = weight[:, :, last]  # only windows whose whole total is known
        surprise = np.minimum((real[:, day] - total[:, day]) ** 2, 16.0 * (total[:, day] + total[:, day] ** 2))
        seen = pull @ (surprise - total[:, day])
        scale = pull @ total[:, day] ** 2
        own = 5.0 * total[:, day] ** 2 + 1e-9
        excess = np.clip((seen + own * prior[:, day]) / (scale + own), 0.005, 8.0)
        given = chance.chances(total[:, day], excess)
        far = chance.farness(given, real[:, day])
        reach = np.array([_target(far, pull[i], level, prior=WIDTH_PRIOR_TOTALS) for i in range(windows)])
        low[:, day], high[:, day] = chance.band(given, reach)
    return total, np.minimum(low, total), np.maximum(high, total)
