import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.watch.detect import ALARM_SCORE, DEFAULT, DetectorSettings, detect

STEP = 300
SMALL = DetectorSettings(memory=64, rest=20, scales=(1, 4))


def daily_counts(seed, days=12, mean=20.0):
    times = np.arange(days * 288, dtype=np.int64) * STEP
    rhythm = 1 + 0.8 * np.sin(2 * np.pi * times / 86_400)
    return times, np.random.default_rng(seed).poisson(mean * rhythm).astype(np.float64)


series = st.lists(st.one_of(st.integers(0, 40).map(float), st.floats(-1e12, 1e12)), min_size=1, max_size=160)


@given(series, st.data())
@settings(max_examples=40)
def test_a_score_depends_on_the_past_only(values, data):
    cut = data.draw(st.integers(1, len(values)))
    times = np.arange(len(values), dtype=np.int64) * 3600
    whole = detect(times, np.array(values), settings=SMALL)
    assert detect(times[:cut], np.array(values[:cut]), settings=SMALL).tolist() == whole[:cut].tolist()


def test_a_score_depends_on_the_past_only_with_the_default_settings():
    times, values = daily_counts(1)
    values[1500] = 900
    whole = detect(times, values)
    for cut in (1, 51, 1499, 1500, 1501, 2000):
        assert detect(times[:cut], values[:cut]).tolist() == whole[:cut].tolist()


@given(series)
@settings(max_examples=40)
def test_scores_lie_between_nothing_and_one(values):
    scores = detect(np.arange(len(values), dtype=np.int64) * 60, np.array(values), settings=SMALL)
    assert np.all((scores >= 0) & (scores < 1))


def test_a_burst_is_the_strongest_alarm_and_alarms_once():
    times, values = daily_counts(2)
    values[2500:2530] += 400
    scores = detect(times, values)
    assert 2500 <= scores.argmax() < 2530
    assert scores.max() >= ALARM_SCORE
    assert not np.any(scores[2530:] >= ALARM_SCORE)
    assert np.count_nonzero(scores[2500:2530]) < 15


@pytest.mark.parametrize("mean", [0.2, 2, 20, 200])
def test_counts_in_which_nothing_happens_alarm_less_than_once_in_five_weeks(mean):
    weeks, alarms = 0, 0
    for seed in range(3):
        times, values = daily_counts(seed, days=35, mean=mean)
        alarms += np.count_nonzero(detect(times, values) >= ALARM_SCORE)
        weeks += 5
    assert alarms <= weeks / 5


def test_a_daily_peak_is_expected_once_it_is_known():
    times = np.arange(14 * 24, dtype=np.int64) * 3600
    values = np.where(times // 3600 % 24 == 9, 500.0, 5.0) + np.random.default_rng(3).normal(size=len(times))
    assert detect(times, values)[7 * 24 :].max() < ALARM_SCORE


def test_a_fall_to_nothing_in_a_steady_series_is_an_alarm():
    values = np.random.default_rng(4).normal(80, 2, 3000)
    values[2000:2100] = 0
    scores = detect(np.arange(3000, dtype=np.int64) * STEP, values)
    assert 2000 <= int(np.flatnonzero(scores >= ALARM_SCORE)[0]) < 2070


@pytest.mark.parametrize("scale", [1e-3, 7.0, 1e6])
def test_the_unit_of_a_value_does_not_matter(scale):
    times, values = daily_counts(5)
    values[2600] = 800
    assert detect(times, values * scale) == pytest.approx(detect(times, values), abs=1e-5)


def test_a_missing_value_is_passed_over():
    times, values = daily_counts(6)
    values[2600] = 800
    holes = np.arange(100, len(values), 97)
    with_holes = np.insert(values, holes, math.nan)
    scores = detect(np.insert(times, holes, times[holes]), with_holes)
    assert np.all(scores[np.isnan(with_holes)] == 0)
    assert scores[~np.isnan(with_holes)].tolist() == detect(times, values).tolist()


@pytest.mark.parametrize("values", [[], [1.0], [math.nan, math.inf], [5.0] * 300])
def test_degenerate_series_score_nothing_and_warn_nobody(values):
    scores = detect(np.zeros(len(values), dtype=np.int64), np.array(values))
    assert len(scores) == len(values)
    assert not scores.any()


def test_values_near_the_largest_number_do_not_overflow():
    scores = detect(np.arange(120, dtype=np.int64), np.array([1e308, -1e308] * 60))
    assert np.all((scores >= 0) & (scores < 1))


def test_times_and_values_must_match():
    with pytest.raises(ValueError, match="2 times for 1 values"):
        detect(np.array([0, 1]), np.array([1.0]))


def test_there_is_one_default():
    assert DetectorSettings() == DEFAULT
