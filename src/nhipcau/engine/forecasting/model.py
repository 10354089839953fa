"""The shapes that leave this package, and the codes of why a forecast is missing or weak. No computation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TOO_SHORT: Final = "too-short"
"""Less than a day has passed since the first post: there is no daily rhythm yet. No forecast."""
TOO_FEW: Final = "too-few"
"""Too few posts in all to tell a level. No forecast."""
TOO_SPARSE: Final = "too-sparse"
"""A forecast is there, but with so few posts an hour that the hourly band is wider than its name; read the totals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The number of posts expected in all within some hours, with its own interval.

    The bounds are quantiles of the total, not the sum of the hourly bounds.
    """

    hours: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """How the same configuration did on the same series at earlier hours, each time from its past alone.

    MASE here is the mean absolute error of the forecast divided by the mean absolute error of the seasonal-naive
    forecast over the same hours of the same windows; seasonal naive repeats the last 24 hours. Below 1 is better
    than repeating yesterday. It is None where both are without error.

    Attributes
    ----------
    mase
        Of the median, the forecast that absolute error asks for.
    mase_of_mean
        Of the expected count. On sparse counts it lies well above `mase` for any forecast, a perfect one included.
    coverage
        Share of the scored hours whose count lay within the band, bounds included. Where posts are rare it is above
        the level for any band, because nothing is nearly always within.
    calibration
        The same question without that jump: what share of the counts lay in the middle 80 % (the level asked for) of
        the forecast's chances, a count that straddles the edge by its part. At the level, however rare the posts are.
    windows, hours
        Number of past hours of forecasting, and of hours scored from there.
    mase_24, coverage_24, windows_24
        The same for the total of the next 24 hours (against yesterday's total).
    """

    mase: float | None
    mase_of_mean: float | None
    coverage: float
    calibration: float
    windows: int
    hours: int
    mase_24: float | None
    coverage_24: float
    windows_24: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The next hours of one series.

    Attributes
    ----------
    mean
        float64[horizon], expected count of each hour; empty where there is no forecast.
    median
        float64[horizon], the middle count of each hour: whole numbers, often 0 where posts are rare.
    low, high
        float64[horizon], 0 <= low <= mean <= high. Of the coming hours, `level` per cent are expected within.
    excess
        float64[horizon], dispersion of the chances: variance = mean + excess * mean ** 2 (negative binomial).
    next_24, next_72
        Totals; None where there is no forecast or the horizon is shorter.
    backtest
        None where the history is too short to have been forecast before.
    reason
        None, or `TOO_SHORT`, `TOO_FEW` (no forecast), `TOO_SPARSE` (read the totals).
    """

    mean: Floats
    median: Floats
    low: Floats
    high: Floats
    excess: Floats
    next_24: Total | None
    next_72: Total | None
    backtest: Backtest | None
    reason: str | None


def no_forecast(reason: str) -> Forecast:
    """Say why there is none."""
    empty = np.zeros(0)
    return Forecast(
        mean=empty,
        median=empty,
        low=empty,
        high=empty,
        excess=empty,
        next_24=None,
        next_72=None,
        backtest=None,
        reason=reason,
    )
