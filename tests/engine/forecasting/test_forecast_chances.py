from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.forecasting import chances as chance
from tests.engine import naive_forecasting as naive

MEANS = st.floats(0.01, 12.0)
EXCESSES = st.floats(0.01, 2.0)


@settings(max_examples=40, deadline=None)
@given(mean=MEANS, excess=EXCESSES, count=st.integers(0, 12))
def test_table_agrees_with_the_formula(mean, excess, count):
    given_ = chance.chances(np.array([mean]), np.array([excess]))
    if given_.is_large[0]:
        return
    assert given_.mass[0, count] == pytest.approx(naive.mass(count, mean, excess), rel=1e-6)
    assert chance.farness(given_, np.array([float(count)]))[0] == pytest.approx(
        naive.farness(count, mean, excess), abs=1e-6
    )
    assert chance.median(given_)[0] == naive.median(mean, excess)


@settings(max_examples=40, deadline=None)
@given(mean=MEANS, excess=EXCESSES, reach=st.floats(0.5, 0.95))
def test_band_is_exactly_the_counts_within_its_reach(mean, excess, reach):
    given_ = chance.chances(np.array([mean]), np.array([excess]))
    if given_.is_large[0]:
        return
    low, high = chance.band(given_, np.array([reach]))
    inside = [count for count in range(60) if naive.farness(count, mean, excess) <= reach]
    if inside:
        assert (low[0], high[0]) == (inside[0], inside[-1])
    else:
        assert low[0] == high[0]


def test_held_is_the_mass_of_the_band_averaged_over_the_hours():
    mean, excess = np.array([[0.2, 1.0, 3.0, 7.0]]), np.array([[0.1, 0.1, 0.5, 0.2]])
    given_ = chance.chances(mean, excess)
    held = chance.held(given_)[0]
    for step in (99, 159, 189):
        low, high = chance.band(given_, np.full((1, 4), (step + 1) / chance.BINS))
        expected = np.mean(
            [
                sum(
                    naive.mass(count, mean[0, hour], excess[0, hour])
                    for count in range(int(low[0, hour]), int(high[0, hour]) + 1)
                )
                for hour in range(4)
            ]
        )
        assert held[step] == pytest.approx(expected, abs=1e-9)


def test_large_counts_are_held_as_often_as_said():
    rng = np.random.default_rng(4)
    mean, excess = 900.0, 0.05
    drawn = rng.negative_binomial(1 / excess, 1 / (1 + excess * mean), 4000).astype(float)
    given_ = chance.chances(np.full(4000, mean), np.full(4000, excess))
    assert given_.is_large.all()
    low, high = chance.band(given_, np.full(4000, 0.8))
    assert ((drawn >= low) & (drawn <= high)).mean() == pytest.approx(0.8, abs=0.025)
    assert (chance.farness(given_, drawn) <= 0.8).mean() == pytest.approx(0.8, abs=0.025)
    assert chance.median(given_)[0] == pytest.approx(np.median(drawn), rel=0.02)


@settings(max_examples=60, deadline=None)
@given(mean=st.floats(0.01, 12.0), excess=st.floats(0.01, 3.0), level=st.floats(0.1, 0.95))
def test_what_lies_in_the_middle_is_the_level_on_average_however_rare_the_posts(mean, excess, level):
    given_ = chance.chances(np.array([mean]), np.array([excess]))
    counts = np.arange(given_.mass.shape[-1], dtype=float)
    same = chance.chances(np.full(len(counts), mean), np.full(len(counts), excess))
    average = (given_.mass[0] * chance.within_middle(same, counts, level)).sum()
    assert average == pytest.approx(level, abs=0.01)


def test_a_count_on_the_edge_of_the_middle_counts_by_its_part():
    none = naive.mass(0, 0.2, 0.5)
    given_ = chance.chances(np.array([0.2, 0.2]), np.array([0.5, 0.5]))
    inside = chance.within_middle(given_, np.array([0.0, 1000.0]), 0.8)
    assert none > 0.8
    assert inside[0] == pytest.approx((min(none, 0.9) - 0.1) / none)
    assert inside[1] == 0.0
