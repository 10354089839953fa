"""`forecast_many`: the same steps for each series, and the score of its own record.

Rhythm and level are in `rhythm` and `levels`, intervals in `record` and `chances`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.forecasting import model
from nhipcau.engine.forecasting.levels import expected_counts, trust
from nhipcau.engine.forecasting.model import Backtest, Floats, Forecast, Total
from nhipcau.engine.forecasting.record import Record, learn
from nhipcau.engine.forecasting.rhythm import rhythm

DAY: Final = 24
HISTORY_HOURS: Final = 42 * DAY
"""Older hours are not looked at."""
FEWEST_HOURS: Final = DAY
FEWEST_POSTS: Final = 5
MOST_WINDOWS: Final = 28
SPARSE_EXCESS: Final = 0.05
"""A band that is expected to hold so much more than its level says nothing of the hours."""


def forecast_many(
    series: Sequence[NDArray[np.float64]],
    *,
    last_hour: int,
    horizon: int = 72,
    level: int = 80,
    stream: NDArray[np.float64] | None = None,
) -> list[Forecast]:
    """Forecast each series of hourly counts, with intervals and the record of the same configuration.

    Parameters
    ----------
    series
        Each float64[n] (n may differ), posts an hour, oldest first, the last one at `last_hour`. Hours before the
        first post are left out.
    last_hour
        The last whole hour that is known, as local hours since 1970-01-01 00:00 local time.
    horizon
        Hours to forecast; whole days.
    level
        Per cent of the hours to hold within the band.
    stream
        float64[m], posts an hour of the whole stream up to `last_hour`: its rhythm of hours and weekdays is what a
        series with few posts leans on. None: the sum of `series`.

    Returns
    -------
    list[Forecast]
        In the order of `series`.

    Raises
    ------
    ValueError
        A series that is not one-dimensional or holds negative or non-finite values; a horizon that is not whole days.

    Notes
    -----
    Deterministic. About 15 ms a series with six weeks of hours, after the library is loaded.

    Examples
    --------
    >>> forecast_many([np.array([0.0, 2.0, 1.0])], last_hour=490_000)[0].reason
    'too-short'
    """
    if horizon <= 0 or horizon % DAY:
        msg = f"horizon is {horizon} hours; it must be whole days (24, 48, 72, …)"
        raise ValueError(msg)
    checked = [_checked(counts) for counts in series]
    whole = _sum_at_end(checked) if stream is None else _checked(stream)
    return [_forecast(counts, whole, last_hour=last_hour, horizon=horizon, level=level / 100.0) for counts in checked]


def _checked(counts: NDArray[np.float64]) -> Floats:
    values = np.asarray(counts, dtype=np.float64)
    if values.ndim != 1 or not np.isfinite(values).all() or (values < 0).any():
        msg = "a series must be one-dimensional, finite and not negative"
        raise ValueError(msg)
    return values


def _sum_at_end(series: list[Floats]) -> Floats:
    total = np.zeros(max((len(counts) for counts in series), default=0))
    for counts in series:
        total[len(total) - len(counts) :] += counts
    return total


def _forecast(counts: Floats, stream: Floats, *, last_hour: int, horizon: int, level: float) -> Forecast:
    posted = np.flatnonzero(counts)
    if len(posted) == 0:
        return model.no_forecast(model.TOO_FEW)
    before = max(len(counts), len(stream)) - (len(counts) - int(posted[0]))
    counts = counts[posted[0] :]
    origins = _origins(counts, horizon)
    if len(counts) < FEWEST_HOURS:
        return model.no_forecast(model.TOO_SHORT)
    if counts.sum() < FEWEST_POSTS:
        return model.no_forecast(model.TOO_FEW)
    size = len(counts)
    expected = np.empty((len(origins), horizon))
    for row, origin in enumerate(origins):
        past = counts[max(0, origin - HISTORY_HOURS) : origin]
        seen = stream[: max(0, len(stream) - (size - origin))][-HISTORY_HOURS:]
        weights = rhythm(past, stream=seen, last_hour=last_hour - (size - int(origin)), horizon=horizon)
        expected[row] = expected_counts(past, weights, kept=trust(counts[:origin], before))
    ahead = np.concatenate([counts, np.full(horizon, np.nan)])
    actual = ahead[origins[:, None] + np.arange(horizon)]
    record = learn(origins, origins.astype(np.float64), actual, expected, level=level)
    mean = record.mean[-1]
    return Forecast(
        mean=mean,
        median=record.median[-1],
        low=record.low[-1],
        high=record.high[-1],
        excess=record.excess[-1],
        next_24=_total(record, DAY),
        next_72=_total(record, 3 * DAY),
        backtest=_score(record, counts),
        reason=model.TOO_SPARSE if record.holds[-1] > level + SPARSE_EXCESS else None,
    )


def _origins(counts: Floats, horizon: int) -> NDArray[np.int64]:
    """Hours to forecast from: now, and before it every day (every half day within the first fortnight)."""
    size = len(counts)
    step = DAY if size > 14 * DAY else DAY // 2
    first = max(FEWEST_HOURS, int(np.searchsorted(np.cumsum(counts), FEWEST_POSTS)) + 1)
    past = np.arange(size - DAY, first - 1, -step)[:MOST_WINDOWS]
    return np.append(past[::-1], size).astype(np.int64)


def _total(record: Record, hours: int) -> Total | None:
    day = hours // DAY - 1
    if day >= record.total_mean.shape[1]:
        return None
    return Total(
        hours=hours,
        mean=float(record.total_mean[-1, day]),
        low=float(record.total_low[-1, day]),
        high=float(record.total_high[-1, day]),
    )


def _score(record: Record, counts: Floats) -> Backtest | None:
    windows = len(record.origins) - 1
    if windows == 0:
        return None
    actual = record.actual[:-1]
    came = np.isfinite(actual)
    real = actual[came]
    # seasonal naive: the last 24 known hours, over and over
    hours = record.origins[:-1, None] - DAY + np.arange(actual.shape[1]) % DAY
    naive = np.abs(counts[hours][came] - real).sum()
    inside = (real >= record.low[:-1][came]) & (real <= record.high[:-1][came])
    total = actual[:, :DAY].sum(axis=1)
    yesterday = counts[hours[:, :DAY]].sum(axis=1)
    naive_total = np.abs(yesterday - total).sum()
    held = (total >= record.total_low[:-1, 0]) & (total <= record.total_high[:-1, 0])
    return Backtest(
        mase=_ratio(np.abs(record.median[:-1][came] - real).sum(), naive),
        mase_of_mean=_ratio(np.abs(record.mean[:-1][came] - real).sum(), naive),
        coverage=float(inside.mean()),
        calibration=float(record.middle[:-1][came].mean()),
        windows=windows,
        hours=int(came.sum()),
        mase_24=_ratio(np.abs(record.total_mean[:-1, 0] - total).sum(), naive_total),
        coverage_24=float(held.mean()),
        windows_24=windows,
    )


def _ratio(error: float, naive: float) -> float | None:
    return float(error / naive) if naive > 0 else None
