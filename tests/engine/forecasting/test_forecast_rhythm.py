from __future__ import annotations

import numpy as np
import pytest

from nhipcau.engine.forecasting.rhythm import hours_of_week, rhythm

MONDAY_MIDNIGHT = 96  # 1970-01-05 00:00
DAYS = 28


def test_week_begins_on_monday_midnight():
    assert hours_of_week(MONDAY_MIDNIGHT, 2).tolist() == [0, 1]
    assert hours_of_week(0, 1).tolist() == [72]  # 1970-01-01 was a Thursday


def test_own_rhythm_of_a_busy_series_is_found():
    day = np.concatenate([np.full(8, 1.0), np.full(16, 10.0)])
    weights = rhythm(np.tile(day, DAYS), stream=None, last_hour=MONDAY_MIDNIGHT + DAYS * 24 - 1, horizon=24)
    assert weights[-24:] == pytest.approx(day / day.mean(), rel=0.05)


def test_a_sparse_series_leans_on_the_rhythm_of_the_stream():
    day = np.concatenate([np.full(8, 1.0), np.full(16, 100.0)])
    counts = np.zeros(DAYS * 24)
    counts[12::96] = 1.0
    weights = rhythm(counts, stream=np.tile(day, DAYS), last_hour=MONDAY_MIDNIGHT + DAYS * 24 - 1, horizon=24)
    assert weights[-24:][:8].max() < 0.3 * weights[-24:][8:].min()


def test_a_quiet_sunday_is_expected_again():
    counts = np.full((DAYS, 24), 6.0)
    counts[6::7] = 2.0
    weights = rhythm(counts.ravel(), stream=None, last_hour=MONDAY_MIDNIGHT + DAYS * 24 - 1, horizon=168)
    days = weights[-168:].reshape(7, 24).mean(axis=1)
    assert days[6] < 0.5 * days[:6].min()


def test_no_hour_is_impossible():
    day = np.zeros(24)
    day[9] = 50.0
    weights = rhythm(np.tile(day, DAYS), stream=None, last_hour=MONDAY_MIDNIGHT + DAYS * 24 - 1, horizon=24)
    assert weights.min() > 0
