"""Silent sources: judged by their own rhythm, asleep at night is not silent, a new source is not judged."""

import numpy as np
import pytest

from nhipcau.engine.watch.silence import WEEKS_PER_FALSE_SILENCE, silences

HOUR = 3600
DAY = 24 * HOUR
WEEK_HOURS = 168


def by_day(days, *, weekdays_only=False):
    """Posts every hour from 8 to 20."""
    open_days = [day for day in range(days) if not weekdays_only or (day + 3) % 7 < 5]
    return np.array([day * DAY + hour * HOUR for day in open_days for hour in range(8, 21)], np.int64)


def at_random(kind, share, *, weeks, seed):
    """A source awake from 7 to 22, fewer posts at weekends if `kind` says so, in streaks if `kind` says so."""
    random = np.random.default_rng(seed)
    hour = np.arange(weeks * WEEK_HOURS)
    chance = share * ((hour % 24 >= 7) & (hour % 24 < 22))
    if "weekends" in kind:
        chance = chance * np.where((hour // 24 + 3) % 7 < 5, 1, 0.3)
    if "streaks" in kind:
        loud = np.cumsum(random.random(len(hour)) < 1 / 9) % 2 == 0
        chance = np.minimum(chance * np.where(loud, 1.8, 0.2), 1)
    heard = hour[random.random(len(hour)) < chance]
    return np.repeat(heard, random.integers(1, 5, len(heard))) * HOUR


@pytest.mark.parametrize("kind", ["plain", "weekends", "streaks", "weekends and streaks"])
def test_false_silences_are_as_rare_as_stated(kind):
    begun = weeks = 0
    for seed, share in enumerate((0.05, 0.2, 0.5, 0.8, 1.0)):
        times = at_random(kind, share, weeks=8, seed=seed)
        silent = False
        for hour in range(3 * WEEK_HOURS, 8 * WEEK_HOURS):
            row = silences({"page": times}, now=hour * HOUR)[0]
            begun += row.silent and not silent
            silent = row.silent
        weeks += 5
    assert begun <= weeks / WEEKS_PER_FALSE_SILENCE


@pytest.mark.parametrize(("share", "within_hours"), [(1.0, 6), (0.5, 30), (0.2, 72)])
def test_a_source_that_stops_is_found(share, within_hours):
    times = at_random("plain", share, weeks=6, seed=1)
    stop = (5 * WEEK_HOURS + 10) * HOUR
    assert silences({"page": times[times < stop]}, now=stop + within_hours * HOUR)[0].silent


def test_a_source_that_sleeps_at_night_is_not_silent_then():
    times = by_day(14)
    assert not silences({"page": times}, now=13 * DAY + 23 * HOUR)[0].silent
    assert not silences({"page": times}, now=14 * DAY + 7 * HOUR)[0].silent


def test_a_source_that_rests_at_weekends_is_not_silent_then():
    times = by_day(28, weekdays_only=True)  # Thursday to Wednesday
    friday = times[times < 23 * DAY]
    assert (friday[-1] // DAY + 3) % 7 == 4
    assert not silences({"page": friday}, now=24 * DAY + 20 * HOUR)[0].silent
    assert silences({"page": friday}, now=26 * DAY + 18 * HOUR)[0].silent


def test_the_same_source_is_silent_when_its_day_brings_nothing():
    found = silences({"page": by_day(14)}, now=14 * DAY + 15 * HOUR)[0]
    assert found.silent
    assert found.p_value < 0.01
    assert found.expected == pytest.approx(7, abs=0.5)
    assert found.last_seen == 13 * DAY + 20 * HOUR


def test_local_time_decides_when_a_source_sleeps():
    zone = 7 * HOUR
    times = by_day(14) - zone
    here = silences({"page": times}, now=14 * DAY + 15 * HOUR - zone, zone_seconds=zone)[0]
    there = silences({"page": by_day(14)}, now=14 * DAY + 15 * HOUR)[0]
    assert (here.p_value, here.expected, here.silent) == (there.p_value, there.expected, there.silent)


def test_hours_in_which_the_whole_system_heard_nothing_are_no_evidence():
    times, now = by_day(14), 14 * DAY + 15 * HOUR
    broken = np.arange(14 * 24)
    assert silences({"page": times}, now=now)[0].silent
    assert not silences({"page": times}, now=now, observed_hours=broken)[0].silent
    assert silences({"page": times}, now=now, observed_hours=np.arange(15 * 24))[0].silent


def test_a_new_or_rare_source_is_not_judged():
    rare = np.arange(10, dtype=np.int64) * 7 * DAY
    for row in silences({"new": by_day(6), "rare": rare, "none": np.zeros(0, np.int64)}, now=90 * DAY):
        assert not row.enough_history
        assert not row.silent
        assert row.expected is None
        assert row.p_value is None


def test_what_comes_later_is_not_looked_at():
    times = by_day(20)
    now = 14 * DAY + 15 * HOUR
    assert silences({"page": times}, now=now) == silences({"page": times[times <= now]}, now=now)


def test_an_old_habit_is_forgotten():
    often, seldom = by_day(30), np.arange(30 * DAY, 120 * DAY, 2 * DAY) + 9 * HOUR
    times = np.concatenate([often, seldom])
    assert not silences({"page": times}, now=int(times[-1]) + 2 * DAY)[0].silent


def test_rows_come_in_the_order_of_the_sources():
    rows = silences({"b": by_day(14), "a": by_day(14)}, now=14 * DAY)
    assert [row.source for row in rows] == ["b", "a"]
