"""Silent sources: judged by their own rhythm, asleep at night is not silent, a new source is not judged."""

from __future__ import annotations

import numpy as np

from nhipcau.engine.watch.silence import silences

HOUR = 3600
DAY = 24 * HOUR


def by_day(days: int) -> np.ndarray:
    """Posts every hour from 8 to 20."""
    return np.array([day * DAY + hour * HOUR for day in range(days) for hour in range(8, 21)], np.int64)


def test_a_source_that_sleeps_at_night_is_not_silent_then() -> None:
    times = by_day(14)
    assert not silences({"page": times}, now=13 * DAY + 23 * HOUR)[0].silent
    assert not silences({"page": times}, now=14 * DAY + 7 * HOUR)[0].silent


def test_the_same_source_is_silent_when_its_day_brings_nothing() -> None:
    found = silences({"page": by_day(14)}, now=14 * DAY + 15 * HOUR)[0]
    assert found.silent
    assert found.expected is not None
    assert found.expected > 5
    assert found.last_seen == 13 * DAY + 20 * HOUR


def test_a_new_or_rare_source_is_not_judged() -> None:
    rare = np.arange(10, dtype=np.int64) * 7 * DAY
    for row in silences({"new": by_day(1), "rare": rare, "none": np.zeros(0, np.int64)}, now=90 * DAY):
        assert not row.enough_history
        assert not row.silent


def test_random_sources_are_seldom_called_silent() -> None:
    rng = np.random.default_rng(5)
    called = looks = 0
    for _ in range(40):
        hours = np.flatnonzero(rng.random(28 * 24) < 0.4).astype(np.int64) * HOUR
        for now in range(20 * DAY, 27 * DAY, 7 * HOUR):
            looks += 1
            called += silences({"page": hours[hours <= now]}, now=now)[0].silent
    assert called / looks < 0.01
