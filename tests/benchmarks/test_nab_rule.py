import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.warning.nab import Labelled, score


def series_of(rows, windows, name="folder/one.csv"):
    return Labelled(name, np.arange(rows), np.zeros(rows), windows)


def plain_score(series, scores):
    """The rule as it is told, at every threshold."""

    def sigmoid(position):
        return -1.0 if position > 3 else 2 / (1 + math.exp(5 * position)) - 1

    def total(threshold):
        summed = 0.0
        for name, one in series.items():
            rows = len(one.values)
            detected = [row for row in range(int(0.15 * rows), rows) if scores[name][row] >= threshold]
            for first, last in one.windows:
                inside = [row for row in detected if first <= row <= last]
                width = last - first + 1
                summed += sigmoid(-(last - inside[0] + 1) / width) / sigmoid(-1) if inside else -1.0
            for row in detected:
                if not any(first <= row <= last for first, last in one.windows):
                    before = [window for window in one.windows if window[1] < row]
                    late = sigmoid((row - before[-1][1]) / (before[-1][1] - before[-1][0])) if before else -1.0
                    summed += 0.11 * late
        return summed

    windows = sum(len(one.windows) for one in series.values())
    thresholds = {float(value) for each in scores.values() for value in each} | {math.inf}
    return 100 * (max(total(threshold) for threshold in thresholds) + windows) / (2 * windows)


@given(st.lists(st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.9]), min_size=60, max_size=60))
def test_the_score_is_that_of_the_plain_rule(values):
    series = {
        "folder/a.csv": series_of(30, [(6, 9), (14, 20)], "folder/a.csv"),
        "other/b.csv": series_of(30, [(12, 22)], "other/b.csv"),
    }
    scores = {"folder/a.csv": np.array(values[:30]), "other/b.csv": np.array(values[30:])}
    assert score(series, scores).whole == pytest.approx(plain_score(series, scores))


def test_nothing_found_is_nothing_and_every_window_found_at_once_is_all():
    series = {"folder/one.csv": series_of(100, [(40, 49), (70, 79)])}
    at_once = np.zeros(100)
    at_once[[40, 70]] = 1.0
    assert score(series, {"folder/one.csv": np.zeros(100)}).whole == pytest.approx(0)
    assert score(series, {"folder/one.csv": at_once}).whole == pytest.approx(100)


def test_one_threshold_serves_all_series_and_each_category_is_told_at_it():
    series = {
        "loud/a.csv": series_of(100, [(40, 49)], "loud/a.csv"),
        "still/b.csv": series_of(100, [(40, 49)], "still/b.csv"),
    }
    loud, still = np.zeros(100), np.zeros(100)
    loud[40], still[40], loud[50:99] = 0.9, 0.2, 0.3  # the still one would cost 49 false alarms of the loud one
    found = score(series, {"loud/a.csv": loud, "still/b.csv": still})
    assert found.threshold == 0.9
    assert found.of(series, category="loud") == pytest.approx(100)
    assert found.of(series, category="still") == pytest.approx(0)
    assert found.of(series, category="empty") is None
