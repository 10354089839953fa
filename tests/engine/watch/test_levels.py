import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.watch._level_kernels import tail_probability
from nhipcau.engine.watch.levels import (
    ALERT,
    DEFAULT,
    LEAST_VOICES,
    NONE,
    TIMES_A_WEEK,
    URGENT,
    WATCH,
    WEEKS_PER_FALSE_ALARM,
    LevelSettings,
    level_history,
    level_now,
)
from nhipcau.engine.watch.now import levels_now
from tests.engine import naive_levels

WEEK = 168


def rhythmic(rate, weeks):
    hour = np.arange(weeks * WEEK)
    return rate * (1 + 0.8 * np.sin(2 * np.pi * (hour % 24 - 8) / 24)) * np.where(hour // 24 % 7 < 5, 1.09, 0.79)


def uneventful(kind, rate, *, series, weeks, seed):
    """Counts in which nothing happens: Poisson; hours that stray by half; days that stray by two fifths."""
    random = np.random.default_rng(seed)
    rates = np.tile(rhythmic(rate, weeks), (series, 1))
    if kind == "hours stray":
        rates = rates * random.gamma(4, 1 / 4, size=rates.shape)
    if kind == "days stray":
        rates = rates * np.repeat(random.gamma(6, 1 / 6, size=(series, weeks * 7)), 24, axis=1)
    return random.poisson(rates)


def episodes(reached):
    """Beginnings of alarms; one that comes back within a day is the same."""
    hours = np.flatnonzero(reached)
    return 0 if not len(hours) else 1 + int((np.diff(hours) > 24).sum())


@pytest.mark.parametrize("kind", ["Poisson", "hours stray", "days stray"])
@pytest.mark.parametrize("rate", [0.005, 0.1, 0.5, 2, 10, 50])
def test_false_alarms_are_as_rare_as_stated(kind, rate):
    series, weeks = 60, 13
    counts = uneventful(kind, rate, series=series, weeks=weeks, seed=11)
    codes = level_history(counts, 0, is_new=False).codes
    for level, per_alarm in zip((WATCH, ALERT, URGENT), WEEKS_PER_FALSE_ALARM, strict=True):
        alarms = sum(episodes(row >= level) for row in codes)
        assert alarms <= series * (weeks - 1) / per_alarm


@pytest.mark.parametrize("rate", [0.1, 2])
def test_false_alarms_are_as_rare_when_arrivals_come_in_crawls(rate):
    counts = uneventful("hours stray", rate, series=60, weeks=13, seed=12)
    crawled = np.zeros_like(counts)
    crawled[:, 1::2] = counts[:, 0::2] + counts[:, 1::2]
    observed = np.arange(counts.shape[1]) % 2 == 1
    codes = level_history(crawled, 0, observed=observed, is_new=False).codes
    assert sum(episodes(row >= WATCH) for row in codes) <= 60 * 12 / WEEKS_PER_FALSE_ALARM[0]


@given(
    counts=st.lists(st.sampled_from([0, 0, 0, 0, 1, 1, 2, 5, 30]), min_size=1, max_size=130),
    seen_every=st.integers(1, 5),
    start=st.integers(0, 400),
)
@settings(max_examples=40)
def test_levels_are_those_of_the_plain_version(counts, seen_every, start):
    observed = [hour % seen_every == 0 for hour in range(len(counts))]
    rhythm = 0.5 + np.arange(WEEK) % 24 / 23
    found = level_history(np.array(counts), start, observed=np.array(observed), rhythm=rhythm)
    plain = naive_levels.judged(
        counts, observed, (start + 72) % WEEK, DEFAULT, rhythm.tolist(), TIMES_A_WEEK, LEAST_VOICES
    )
    assert found.times_a_week == pytest.approx([a_week for _, a_week in plain], rel=1e-6, abs=1e-6)
    # near a limit the plain sum of terms may fall on the other side
    near = np.abs(found.times_a_week[:, None] / np.array(TIMES_A_WEEK) - 1).min(axis=1) < 1e-4
    assert np.where(near, 0, found.codes).tolist() == np.where(near, 0, [code for code, _ in plain]).tolist()


@given(st.integers(0, 400), st.floats(0.001, 300), st.floats(0.3, 50))
@settings(max_examples=100)
def test_the_tail_is_the_sum_of_its_terms(count, mean, size):
    assert tail_probability(count, mean, size) == pytest.approx(
        naive_levels.tail_probability(count, mean, size), abs=1e-9
    )


def test_the_tail_is_exact_far_out():
    # P(N >= n) of a geometric distribution is share ** n
    assert tail_probability(200, 1.0, 1.0) == pytest.approx(0.5**200, rel=1e-9)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=120), st.data())
@settings(max_examples=30)
def test_a_level_depends_on_the_past_only(counts, data):
    cut = data.draw(st.integers(1, len(counts)))
    whole = level_history(np.array(counts), 5)
    begun = level_history(np.array(counts[:cut]), 5)
    assert begun.times_a_week.tolist() == whole.times_a_week[:cut].tolist()
    assert begun.codes.tolist() == whole.codes[:cut].tolist()


@given(st.lists(st.integers(0, 40), min_size=60, max_size=120), st.integers(1, 5), st.data())
@settings(max_examples=30)
def test_the_level_now_is_the_level_of_that_hour_in_the_history(counts, seen_every, data):
    now = data.draw(st.integers(0, len(counts) - 1))
    table = np.array([counts, counts[::-1]])
    observed = np.arange(len(counts)) % seen_every == 0
    history = level_history(table, 7, observed=observed)
    at = level_now(table, 7, now=now, observed=observed)
    for part in ("codes", "times_a_week", "windows", "seen", "expected"):
        assert getattr(at, part).tolist() == getattr(history, part)[:, now].tolist()


def test_one_series_and_a_batch_of_one_agree():
    counts = np.array([0, 1, 0, 3, 12, 30])
    one, batch = level_history(counts, 0), level_history(counts[None], 0)
    assert one.codes.shape == (6,)
    assert one.codes.tolist() == batch.codes[0].tolist()
    assert level_now(counts, 0).codes.shape == ()
    assert int(level_now(counts, 0).codes) == URGENT


def test_a_burst_in_a_steady_series_rises_through_the_levels():
    counts = uneventful("Poisson", 2, series=1, weeks=6, seed=3)[0]
    counts[800:812] += np.array([4, 8, 16, 32, 60, 60, 60, 60, 60, 60, 60, 60])
    codes = level_history(counts, 0, is_new=False).codes
    assert codes[700:800].max() == NONE
    assert codes[802] >= WATCH
    assert codes[804] == URGENT


def test_an_emergency_of_several_days_stays_one():
    counts = uneventful("Poisson", 0.5, series=1, weeks=8, seed=4)[0]
    counts[900:972] += np.random.default_rng(5).poisson(10, 72)
    codes = level_history(counts, 0, is_new=False).codes
    assert codes[906:972].min() == URGENT


def test_a_new_issue_that_grows_fast_is_watched_without_any_history():
    codes = level_history(np.array([1, 2, 3, 4]), 0).codes
    assert codes[:2].tolist() == [NONE, NONE]
    assert codes[3] >= WATCH


def test_hours_before_the_first_voice_are_no_evidence_of_quiet():
    issue = [1, 0, 2, 0, 1, 0, 1, 3]
    later = level_history(np.array([0] * 500 + issue), 500).times_a_week[500:]
    assert later.tolist() == level_history(np.array(issue), 500 + 500).times_a_week.tolist()


def test_the_first_week_of_a_record_teaches_and_does_not_warn():
    counts = np.full(400, 6)
    assert level_history(counts, 0, is_new=False).codes.max() == NONE
    assert level_history(counts, 0).codes[:24].max() == URGENT


def test_few_voices_are_no_alarm_however_improbable():
    counts = np.zeros(1500, dtype=np.int64)
    counts[0] = 1
    counts[1400] = LEAST_VOICES[0] - 1
    found = level_history(counts, 0)
    assert found.times_a_week[1400] < TIMES_A_WEEK[0] / 10
    assert found.codes.max() == NONE


def test_hours_in_which_nobody_was_heard_change_nothing():
    counts = uneventful("Poisson", 3, series=1, weeks=4, seed=6)[0]
    observed = np.ones(len(counts), dtype=bool)
    observed[600:630], counts[600:630] = False, 0
    found = level_history(counts, 0, observed=observed, is_new=False)
    assert set(found.times_a_week[600:630]) == {found.times_a_week[599]}
    # what had gathered meanwhile comes at once, and is no burst
    counts[630] += 90
    assert level_history(counts, 0, observed=observed, is_new=False).codes[630] == NONE
    assert level_history(counts, 0, is_new=False).codes[630] > NONE


def test_a_level_is_not_carried_through_days_without_anybody():
    counts = np.zeros(200, dtype=np.int64)
    counts[:4] = [1, 10, 20, 40]
    observed = np.arange(200) < 4
    codes = level_history(counts, 0, observed=observed).codes
    assert codes[4:52].tolist() == [URGENT] * 48
    assert codes[52:].max() == NONE


def test_a_series_learns_its_own_nights():
    counts = np.tile(np.r_[np.zeros(8, dtype=np.int64), np.full(14, 9), [0, 0]], 28)
    assert level_history(counts, 0, is_new=False).codes.max() == NONE


def test_the_brief_hears_of_the_strongest_level_of_the_last_day():
    counts = np.zeros((3, 90), dtype=np.int64)
    counts[0, 60:64] = [1, 20, 40, 40]
    counts[1, 70:74] = [1, 20, 40, 40]
    found = levels_now(counts, start_hour=0, observed=np.ones(90, dtype=bool))
    assert found.tolist() == [level_history(counts[0], 0).codes[66:].max(), URGENT, NONE]
    assert levels_now(np.zeros((2, 0), dtype=np.int64), start_hour=0, observed=np.zeros(0, dtype=bool)).tolist() == [
        0,
        0,
    ]


@pytest.mark.parametrize(
    ("counts", "options", "words"),
    [([[1, -1]], {}, "negative"), ([1, 2], {"observed": [True]}, "observed"), ([1, 2], {"rhythm": [1.0]}, "rhythm")],
)
def test_wrong_shapes_are_refused(counts, options, words):
    with pytest.raises(ValueError, match=words):
        level_history(np.array(counts), 0, **{name: np.array(value) for name, value in options.items()})


@pytest.mark.parametrize("now", [-1, 3])
def test_an_hour_outside_of_the_series_is_refused(now):
    with pytest.raises(ValueError, match="outside"):
        level_now(np.array([1, 2, 3]), 0, now=now)


def test_settings_may_be_whole_numbers():
    counts = np.random.default_rng(8).poisson(1, 300)
    whole = LevelSettings(prior_voices=2, prior_hours=96)
    assert (
        level_history(counts, 0, settings=whole).times_a_week.tolist() == level_history(counts, 0).times_a_week.tolist()
    )
