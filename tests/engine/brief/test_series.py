from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from nhipcau.engine.brief.series import HOUR, MOST_HOURS, Hours, by_day, hours_of, midnights

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 11, 20, 3, tzinfo=timezone(timedelta(hours=7)))
COUNTS = st.lists(st.integers(0, 9), min_size=1, max_size=90)


def made(counts: list[int]) -> Hours:
    return Hours(START, tuple(counts))


def test_a_series_without_times_is_none() -> None:
    assert hours_of([]) is None


@given(COUNTS)
def test_gaps_are_filled_with_zeros_whatever_the_order(counts: list[int]) -> None:
    counts = [1, *counts, 1]
    series = [((START + HOUR * index).isoformat(), count) for index, count in enumerate(counts) if count]
    assert hours_of(series[::-1]) == made(counts)


def test_one_wrong_date_does_not_make_a_series_of_centuries() -> None:
    hours = hours_of([("1970-01-01T00:00:00+00:00", 1), (START.isoformat(), 2)])
    assert hours is not None
    assert len(hours.counts) == MOST_HOURS
    assert sum(hours.counts) == 2


@given(COUNTS, st.sampled_from([1, 3, 6, 24]))
def test_sums_keep_the_total_and_the_end(counts: list[int], step: int) -> None:
    summed = made(counts).summed(step)
    assert sum(summed.counts) == sum(counts)
    assert summed.start + HOUR * step * len(summed.counts) == made(counts).end


@given(COUNTS, st.integers(-10, 100), st.integers(0, 100))
def test_between_counts_the_hours_that_begin_in_it(counts: list[int], first: int, length: int) -> None:
    start, end = START + HOUR * first, START + HOUR * (first + length)
    slow = sum(count for index, count in enumerate(counts) if start <= START + HOUR * index < end)
    assert made(counts).between(start, end) == slow


@given(st.integers(1, 30_000), st.integers(10, 200))
def test_the_step_is_the_shortest_that_fits(length: int, most: int) -> None:
    hours = Hours(START, (0,) * length)
    step = hours.step_for(most)
    assert len(hours.summed(step).counts) <= most


def test_days_begin_at_local_midnight() -> None:
    days = by_day(made([1] * 30), ZONE, most=5)
    assert [(f"{day:%d/%m}", parts) for day, parts in days] == [("20/11", [3, 6, 6, 6]), ("21/11", [6, 3, None, None])]
    assert [hour for hour, _ in midnights(START, 50, ZONE)] == [21, 45]
