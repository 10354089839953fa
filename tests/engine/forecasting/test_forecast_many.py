from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hypothesis_numpy

from nhipcau.engine.forecasting import Forecast, driver, forecast_many, record
from tests.engine.naive_forecasting import seasonal_naive

LAST_HOUR = 489_671
DAY_SHAPE = np.clip(1.0 + 0.9 * np.sin((np.arange(24) - 8) * np.pi / 12), 0.05, None)


def simulated(seed: int, *, days: int = 28, rate: float = 3.0) -> np.ndarray:
    """Posts an hour with a daily rhythm that fits `LAST_HOUR`, the end of a day."""
    assert LAST_HOUR % 24 == 23
    return np.random.default_rng(seed).poisson(np.tile(rate * DAY_SHAPE, days)).astype(float)


def only(counts: np.ndarray, **options: object) -> Forecast:
    return forecast_many([counts], last_hour=LAST_HOUR, **options)[0]


def same(first: Forecast, second: Forecast) -> bool:
    return (
        all(np.array_equal(getattr(first, name), getattr(second, name)) for name in ("mean", "median", "low", "high"))
        and first.next_24 == second.next_24
        and first.next_72 == second.next_72
        and first.backtest == second.backtest
        and first.reason == second.reason
    )


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        (np.zeros(0), "too-few"),
        (np.zeros(500), "too-few"),
        (np.full(23, 9.0), "too-short"),
        (np.concatenate([np.zeros(400), np.full(23, 9.0)]), "too-short"),
        (np.concatenate([[4.0], np.zeros(100)]), "too-few"),
    ],
)
def test_a_series_without_a_level_says_why_it_has_no_forecast(counts, reason):
    forecast = only(counts)
    assert forecast.reason == reason
    assert len(forecast.mean) == len(forecast.low) == len(forecast.high) == 0
    assert forecast.next_24 is forecast.next_72 is forecast.backtest is None


def test_a_day_of_posts_is_forecast_but_not_yet_tested():
    forecast = only(simulated(0, days=1))
    assert len(forecast.mean) == 72
    assert forecast.backtest is None


def test_sparse_posts_are_forecast_with_the_warning_to_read_the_totals():
    counts = np.zeros(28 * 24)
    counts[::60] = 1.0
    forecast = only(counts)
    assert forecast.reason == "too-sparse"
    assert forecast.next_24 is not None
    assert forecast.next_24.mean == pytest.approx(0.4, abs=0.2)
    # a band of nothing is nearly always right; the chances themselves are not that sure
    assert forecast.backtest.coverage > 0.95
    assert 0.7 < forecast.backtest.calibration < 0.87


@settings(max_examples=25, deadline=None)
@given(
    counts=hypothesis_numpy.arrays(
        np.float64, st.integers(24, 200), elements=st.one_of(st.integers(0, 3), st.integers(0, 5000)).map(float)
    ),
    last_hour=st.integers(400_000, 500_000),
)
def test_bounds_are_in_order_and_never_negative(counts, last_hour):
    forecast = forecast_many([counts], last_hour=last_hour)[0]
    if len(forecast.mean) == 0:
        return
    assert np.isfinite(forecast.high).all()
    assert (forecast.low >= 0).all()
    assert (forecast.low <= forecast.mean).all()
    assert (forecast.mean <= forecast.high).all()
    for total in (forecast.next_24, forecast.next_72):
        assert 0 <= total.low <= total.mean <= total.high
        assert total.mean == pytest.approx(forecast.mean[: total.hours].sum())


def test_the_back_test_is_what_would_have_been_forecast_then(monkeypatch):
    kept = []

    def learn_and_keep(*given, **named):
        kept.append(record.learn(*given, **named))
        return kept[-1]

    monkeypatch.setattr(driver, "learn", learn_and_keep)
    counts, stream = simulated(1, days=24), simulated(2, days=24, rate=20.0)
    forecast_many([counts], last_hour=LAST_HOUR, stream=stream)
    for days in (1, 2, 5):
        known = len(counts) - 24 * days
        then = forecast_many([counts[:known]], last_hour=LAST_HOUR - 24 * days, stream=stream[:known])[0]
        row = -1 - days
        assert kept[0].mean[row] == pytest.approx(then.mean)
        assert kept[0].low[row] == pytest.approx(then.low)
        assert kept[0].high[row] == pytest.approx(then.high)
        assert kept[0].total_high[row, 0] == pytest.approx(then.next_24.high)


def test_the_same_series_gives_the_same_forecast_whatever_stands_beside_it():
    counts, stream = simulated(3), simulated(4, rate=30.0)
    alone = forecast_many([counts], last_hour=LAST_HOUR, stream=stream)[0]
    beside = forecast_many([simulated(5), counts, np.zeros(3)], last_hour=LAST_HOUR, stream=stream)[1]
    assert same(alone, beside)


def test_hours_before_the_first_post_may_be_given_or_left_out():
    counts, stream = simulated(6, days=9), simulated(7, rate=30.0)
    padded = np.concatenate([np.zeros(19 * 24), counts])
    trimmed = counts[np.flatnonzero(counts)[0] :]
    both = forecast_many([padded, trimmed], last_hour=LAST_HOUR, stream=stream)
    assert same(*both)


def test_what_was_always_there_is_expected_to_stay_and_a_new_issue_to_fade():
    stream = np.tile(20.0 * DAY_SHAPE, 28)
    steady = forecast_many([np.tile(3.0 * DAY_SHAPE, 28)], last_hour=LAST_HOUR, stream=stream)[0]
    new = forecast_many([np.tile(3.0 * DAY_SHAPE, 2)], last_hour=LAST_HOUR, stream=stream)[0]
    yesterday = 3.0 * DAY_SHAPE.sum()
    assert steady.next_24.mean == pytest.approx(yesterday, rel=0.05)
    assert 0.3 * yesterday < new.next_24.mean < 0.9 * yesterday
    assert new.mean[48:].sum() < new.mean[:24].sum()


def test_quiet_hours_are_expected_to_be_quiet():
    forecast = only(simulated(8))
    by_hour = forecast.mean.reshape(3, 24)
    assert by_hour[:, 2].max() < 0.3 * by_hour[:, 14].min()


def test_the_interval_of_a_total_is_narrower_than_the_sum_of_the_hourly_bounds():
    forecast = only(simulated(9))
    hourly = forecast.high[:24].sum() - forecast.low[:24].sum()
    assert forecast.next_24.high - forecast.next_24.low < 0.6 * hourly


def test_mase_is_the_error_over_that_of_repeating_the_last_day():
    counts = simulated(10, days=2)
    forecast = only(counts, horizon=24)
    naive = [abs(a - b) for a, b in zip(seasonal_naive(list(counts[:24]), 24), counts[24:], strict=True)]
    assert forecast.backtest.windows == 1
    assert forecast.backtest.hours == 24
    then = forecast_many([counts[:24]], last_hour=LAST_HOUR - 24, horizon=24)[0]
    assert forecast.backtest.mase == pytest.approx(np.abs(then.median - counts[24:]).sum() / sum(naive))
    assert forecast.backtest.mase_of_mean == pytest.approx(np.abs(then.mean - counts[24:]).sum() / sum(naive))


def test_eight_in_ten_hours_fall_within_the_band_and_the_error_is_well_below_naive():
    inside, error, naive, held_totals = [], 0.0, 0.0, []
    for seed in range(24):
        whole = simulated(seed, days=28, rate=(1.0, 3.0, 60.0)[seed % 3])
        counts, come = whole[:-72], whole[-72:]
        forecast = forecast_many([counts], last_hour=LAST_HOUR - 72)[0]
        inside.append(np.mean((come >= forecast.low) & (come <= forecast.high)))
        error += np.abs(forecast.median - come).sum()
        naive += np.abs(np.array(seasonal_naive(list(counts), 72)) - come).sum()
        held_totals.append(forecast.next_24.low <= come[:24].sum() <= forecast.next_24.high)
    assert 0.77 < np.mean(inside) < 0.85
    assert error / naive < 0.78
    assert np.mean(held_totals) > 0.7


@pytest.mark.parametrize("counts", [np.array([1.0, -1.0]), np.array([np.nan]), np.ones((2, 2)), np.array([np.inf])])
def test_values_that_are_no_counts_are_refused(counts):
    with pytest.raises(ValueError, match="one-dimensional, finite and not negative"):
        only(counts)


@pytest.mark.parametrize("horizon", [0, 30, -24])
def test_a_horizon_of_broken_days_is_refused(horizon):
    with pytest.raises(ValueError, match="whole days"):
        only(np.ones(100), horizon=horizon)


def test_importing_loads_no_forecasting_library():
    program = (
        "import sys, nhipcau.engine.forecasting; sys.exit('statsforecast' in sys.modules or 'pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
