from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hypothesis_numpy

from nhipcau.engine.forecasting.levels import expected_counts, spans, trust


@settings(max_examples=50, deadline=None)
@given(
    counts=hypothesis_numpy.arrays(np.float64, st.integers(24, 120), elements=st.integers(0, 9).map(float)),
    span=st.sampled_from([6.0, 12.0]),
)
def test_spans_of_even_hours_hold_the_posts_of_the_latest_whole_spans(counts, span):
    grouped = spans(counts, np.ones(len(counts)), span)
    whole = int(len(counts) // span)
    assert len(grouped) == whole
    assert grouped.sum() * span == pytest.approx(counts[len(counts) - int(whole * span) :].sum())


def test_history_shorter_than_a_span_is_one_span():
    assert spans(np.array([2.0, 4.0]), np.ones(2), 12.0) == pytest.approx([3.0])


def test_an_even_series_is_expected_to_go_on():
    expected = expected_counts(np.full(480, 3.0), np.ones(480 + 72), kept=1.0)
    assert expected == pytest.approx(np.full(72, 3.0), rel=1e-3)


def test_the_expectation_follows_the_rhythm():
    weights = np.tile([0.5, 1.5], 276)
    expected = expected_counts(4.0 * weights[:480], weights, kept=1.0)
    assert expected == pytest.approx(4.0 * weights[480:], rel=1e-3)


def test_a_silent_series_is_expected_to_stay_silent():
    assert not expected_counts(np.zeros(100), np.ones(172), kept=1.0).any()


def test_what_was_always_there_is_trusted_to_stay():
    assert trust(np.full(100, 2.0), 0) == 1.0


def test_what_began_under_our_eyes_is_trusted_by_its_age():
    young, old = trust(np.full(48, 2.0), 300), trust(np.full(600, 2.0), 300)
    assert young < 0.1 < 0.8 < old < 1.0
