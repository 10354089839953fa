"""Like is compared with like: the same hours of the days before, as far as the stream was heard."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.brief.comparison import DAY, HOUR, WEEK, Period, before, heard_period, usual

NOW = 1_000 * DAY


def rhythm(*, per_day: dict[int, int], days: int, until: int) -> np.ndarray:
    """Times of a stream that brings so many posts in these hours of each day."""
    first = until - days * DAY - until % DAY
    return np.array(
        [
            first + day * DAY + hour * HOUR + 60 * post
            for day in range(days + 1)
            for hour, posts in per_day.items()
            for post in range(posts)
            if first + day * DAY + hour * HOUR + 60 * post < until
        ]
    )


def expected(times: np.ndarray, period: Period, oldest: int | None = None) -> float:
    known = times[times < period.since]
    start = int(times.min()) if oldest is None else oldest
    return float(usual(known, np.zeros(len(known), np.int64), 1, period=period, oldest=start)[0])


def test_a_night_is_expected_to_bring_what_nights_bring() -> None:
    times = rhythm(per_day={2: 1, 9: 20, 20: 30}, days=9, until=NOW + 6 * HOUR)
    assert expected(times, Period(NOW, NOW + 6 * HOUR)) == pytest.approx(1.0)
    assert expected(times, Period(NOW - 6 * HOUR, NOW)) == pytest.approx(30.0)


def test_a_period_of_a_day_and_a_night_is_expected_to_bring_both() -> None:
    times = rhythm(per_day={2: 1, 9: 20, 20: 30}, days=9, until=NOW + 6 * HOUR)
    assert expected(times, Period(NOW - DAY, NOW + 6 * HOUR)) == pytest.approx(52.0)


@pytest.mark.parametrize("days", [1, 2, 3])
def test_whole_days_are_expected_at_the_average_of_the_week(days: int) -> None:
    times = np.sort(np.random.default_rng(days).integers(NOW - 10 * DAY, NOW, 500))
    period = Period(NOW - days * DAY, NOW)
    in_week = np.count_nonzero((times >= period.since - WEEK) & (times < period.since))
    assert expected(times, period, NOW - 11 * DAY) == pytest.approx(in_week * days * DAY / WEEK)


@given(st.integers(1, 60), st.integers(1, 12 * 24))
def test_an_even_stream_is_expected_to_stay_even(span_hours: int, history_hours: int) -> None:
    period = Period(NOW - span_hours * HOUR, NOW)
    times = np.arange(period.since - history_hours * HOUR, NOW, 600)
    assert expected(times, period) == pytest.approx(span_hours * 6, rel=0.01)


def test_without_a_past_nothing_is_expected() -> None:
    assert expected(np.array([NOW + 5]), Period(NOW, NOW + DAY)) == 0.0


def test_the_hours_before_are_those_of_the_day_before() -> None:
    times = np.array([NOW - DAY + HOUR, NOW - 2 * HOUR, NOW - 20 * HOUR, NOW + HOUR])
    assert before(times, Period(NOW, NOW + 6 * HOUR)).tolist() == [True, False, True, False]
    # a period of more than a day goes back by two, and the two do not overlap
    assert Period(NOW - 30 * HOUR, NOW).shift == 2 * DAY


def test_hours_that_have_not_come_yet_are_not_compared() -> None:
    assert heard_period(since=NOW - DAY, until=NOW, latest=NOW - 6 * HOUR).until == NOW - 6 * HOUR
    assert heard_period(since=NOW - DAY, until=NOW, latest=NOW - 6 * HOUR - 900).until == NOW - 6 * HOUR
    assert heard_period(since=NOW - DAY, until=NOW, latest=NOW - 600).until == NOW
    assert heard_period(since=NOW - DAY, until=NOW, latest=NOW - 2 * DAY).until == NOW
