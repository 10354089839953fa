import numpy as np
import pytest

from nhipcau.engine.watch.habits import false_alarms_a_week, starting_prior, weekly_rhythm
from nhipcau.engine.watch.levels import ALERT, DEFAULT, NONE, LevelSettings, level_history, level_now

WEEK = 168


def test_the_rhythm_of_the_stream_helps_a_sparse_series():
    stream = np.tile(np.r_[np.zeros(8, dtype=np.int64), np.full(14, 90), [0, 0]], 28)
    rhythm = weekly_rhythm(stream, 0)
    assert rhythm.mean() == pytest.approx(1)
    assert rhythm[3] < 0.1 < 1.5 < rhythm[12]
    morning = np.array([1] + [0] * 8 + [2, 2, 1])
    with_rhythm = level_now(morning, 24 * 7, rhythm=rhythm)
    assert with_rhythm.times_a_week > level_now(morning, 24 * 7).times_a_week


def test_a_stream_without_voices_has_a_flat_rhythm():
    assert weekly_rhythm(np.zeros(5, dtype=np.int64), 9).tolist() == [1.0] * WEEK


def test_what_is_usual_of_new_issues_is_learned_from_the_stream():
    busy = np.random.default_rng(7).negative_binomial(1, 1 / 41, 2000)  # 40 more voices on the first day, at random
    prior = starting_prior(busy)
    assert prior.prior_voices / prior.prior_hours * 24 == pytest.approx(40, rel=0.2)
    growing = np.array([1, 3, 5, 4, 6, 5, 4])
    assert level_now(growing, 0).codes >= ALERT
    assert level_now(growing, 0, settings=prior).codes == NONE


@pytest.mark.parametrize("voices", [[], [0], [0] * 1000, [10**9] * 1000])
def test_a_prior_is_sane_whatever_the_stream(voices):
    prior = starting_prior(np.array(voices, dtype=np.int64))
    assert 0.5 <= prior.prior_voices <= DEFAULT.prior_voices
    assert prior.prior_hours > 0


def ordinary_beginnings(settings, *, issues, seed):
    """The first three days of issues as supposed: rates that differ as in the prior, hours that stray by half."""
    random = np.random.default_rng(seed)
    rates = random.gamma(settings.prior_voices, 1 / settings.prior_hours, size=(issues, 1))
    counts = random.poisson(rates * random.gamma(4, 1 / 4, size=(issues, 72)))
    counts[:, 0] += 1
    return counts


@pytest.mark.parametrize("shape", [0.5, 2.0])
@pytest.mark.parametrize("a_day", [0.1, 0.25, 0.5, 2, 10])
def test_beginnings_raise_a_level_by_chance_as_rarely_as_stated(shape, a_day):
    settings = LevelSettings(prior_voices=shape, prior_hours=shape / a_day * 24)
    issues = 10_000
    highest = level_history(ordinary_beginnings(settings, issues=issues, seed=21), 0, settings=settings).codes.max(
        axis=1
    )
    stated = false_alarms_a_week(known=0, begun_a_week=issues, settings=settings)
    for code, expected in enumerate(stated, start=1):
        raised = np.count_nonzero(highest >= code)
        assert raised <= expected + 3 * np.sqrt(expected) + 3


def test_a_stated_rate_is_no_empty_bound():
    settings = LevelSettings(prior_voices=0.5, prior_hours=24)
    highest = level_history(ordinary_beginnings(settings, issues=10_000, seed=22), 0, settings=settings).codes.max(
        axis=1
    )
    stated, _, _ = false_alarms_a_week(known=0, begun_a_week=10_000, settings=settings)
    assert np.count_nonzero(highest) > stated / 3


def test_stated_rates_grow_with_what_is_watched_and_fall_with_the_level():
    few, many = false_alarms_a_week(known=4, begun_a_week=10), false_alarms_a_week(known=40, begun_a_week=100)
    assert many == pytest.approx([10 * rate for rate in few])
    assert few[0] > few[1] > few[2] > 0


def test_a_stream_whose_every_issue_begins_with_hundreds_has_a_stated_rate_too():
    prior = starting_prior(np.full(1000, 10**6))
    assert all(0 <= rate <= 100 for rate in false_alarms_a_week(known=0, begun_a_week=100, settings=prior))
