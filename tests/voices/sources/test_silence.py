"""Silence: found by the rhythm, excused by the source's own past, and over when something comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.voices.actions.sources import add_source, start_source, stop_source
from nhipcau.voices.jobs.silence import forget_hours, watch_silence
from nhipcau.voices.models.health import HeardHour
from nhipcau.voices.models.sources import Source
from nhipcau.voices.silence import is_silent
from tests.network.tasks.cast import Cast
from tests.voices.sources.conftest import fields, fresh

ICT = timedelta(hours=7)
MONDAY = datetime(2026, 2, 2, tzinfo=UTC) - ICT  # midnight in Viet Nam
HOUR = timedelta(hours=1)


def at(day: int, hour: float) -> datetime:
    """A moment of local days, 0 is Monday."""
    return MONDAY + timedelta(days=day, hours=hour)


def past(*, weeks: int = 4, first: int = 7, last: int = 22, days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)):
    """A source that speaks every hour of its days."""
    return {at(day - 7 * week, hour) for week in range(1, weeks + 1) for day in days for hour in range(first, last)}


def silent(now: datetime, *, heard_at: datetime, rhythm: timedelta = HOUR, heard: set[datetime] | None = None) -> bool:
    return is_silent(heard_at=heard_at, now=now, rhythm=rhythm, heard_hours=heard or set())


def test_without_a_past_the_rhythm_alone_counts():
    assert not silent(at(0, 9.9), heard_at=at(0, 9))
    assert silent(at(0, 10.1), heard_at=at(0, 9))


def test_nights_are_excused_and_mornings_are_not():
    heard = past()
    assert not silent(at(1, 3), heard_at=at(0, 21.9), heard=heard)
    assert not silent(at(1, 6.9), heard_at=at(0, 21.9), heard=heard)
    assert silent(at(1, 8.1), heard_at=at(0, 21.9), heard=heard)


def test_weekends_are_excused():
    heard = past(days=(0, 1, 2, 3, 4))
    assert not silent(at(6, 20), heard_at=at(4, 21.9), heard=heard)
    assert silent(at(7, 8.5), heard_at=at(4, 21.9), heard=heard | {at(0, hour) for hour in range(7, 22)})


def test_one_busy_night_of_the_past_changes_nothing():
    heard = past() | {at(1 - 7, hour) for hour in range(7)}
    assert not silent(at(1, 5), heard_at=at(0, 21.9), heard=heard)


def test_few_days_of_past_are_enough_for_nights():
    heard = {at(day, hour) for day in range(-5, 0) for hour in range(7, 22)}
    assert not silent(at(0, 4), heard_at=at(-1, 21.9), heard=heard)
    assert silent(at(0, 9), heard_at=at(-1, 21.9), heard=heard)


def test_weekly_paper_is_silent_after_its_day_only():
    heard = {at(3 - 7 * week, 8) for week in range(1, 9)}
    week = timedelta(days=7)
    assert not silent(at(2, 12), heard_at=at(3 - 7, 8), rhythm=week, heard=heard)
    assert silent(at(4, 12), heard_at=at(3 - 7, 8), rhythm=week, heard=heard)


@given(
    hours=st.sets(st.integers(0, 24 * 60), max_size=200),
    gap=st.integers(0, 60 * 24 * 30),
    rhythm=st.integers(5, 60 * 24 * 8),
)
def test_within_its_rhythm_nothing_is_silent_and_any_past_is_judged(hours: set[int], gap: int, rhythm: int):
    heard_at = at(0, 9.5)
    heard = {at(0, 9) - number * HOUR for number in hours}
    judged = is_silent(
        heard_at=heard_at,
        now=heard_at + timedelta(minutes=gap),
        rhythm=timedelta(minutes=rhythm),
        heard_hours=heard,
    )
    assert not (judged and gap <= rhythm)


@pytest.fixture
def source(cast: Cast) -> Source:
    made = add_source(by=cast.analyst, fields=fields(cast, rhythm_minutes=60))
    Source.objects.filter(pk=made.pk).update(created_at=at(0, 6), started_at=at(0, 6))
    return fresh(made)


def test_job_says_since_when_and_takes_it_back(source: Source):
    Source.objects.filter(pk=source.pk).update(heard_at=at(0, 9))
    watch_silence(at(0, 9.5))
    assert fresh(source).silent_since is None
    watch_silence(at(0, 10.5))
    assert fresh(source).silent_since == at(0, 9)
    watch_silence(at(0, 11.5))
    assert fresh(source).silent_since == at(0, 9)
    Source.objects.filter(pk=source.pk).update(heard_at=at(0, 11.6))
    watch_silence(at(0, 11.7))
    assert fresh(source).silent_since is None


def test_source_that_never_spoke_is_silent_since_it_was_added(source: Source):
    watch_silence(at(0, 8))
    assert fresh(source).silent_since == at(0, 6)


def test_stopped_source_and_one_without_a_rhythm_are_not_silent(source: Source, cast: Cast):
    Source.objects.filter(pk=source.pk).update(rhythm_minutes=None)
    watch_silence(at(3, 0))
    assert fresh(source).silent_since is None
    Source.objects.filter(pk=source.pk).update(rhythm_minutes=60)
    stop_source(by=cast.analyst, source=source, reason="Nghỉ Tết")
    watch_silence(at(3, 0))
    assert fresh(source).silent_since is None
    start_source(by=cast.analyst, source=source, reason="Hết nghỉ")
    started = fresh(source).started_at
    assert started is not None
    watch_silence(started + HOUR / 2)
    assert fresh(source).silent_since is None


def test_hours_are_noted_once_and_forgotten(source: Source):
    Source.objects.filter(pk=source.pk).update(heard_at=at(0, 9.2))
    for minute in (9.3, 9.4, 9.5):
        watch_silence(at(0, minute))
    assert list(HeardHour.objects.values_list("hour", flat=True)) == [at(0, 9)]
    forget_hours(at(80, 0))
    assert not HeardHour.objects.exists()


def test_job_asks_the_database_as_often_for_many_sources(cast: Cast, django_assert_num_queries):
    for number in range(12):
        made = add_source(
            by=cast.analyst, fields=fields(cast, name=f"S{number}", kind="file", address="", rhythm_minutes=1440)
        )
        Source.objects.filter(pk=made.pk).update(started_at=at(0, 6), heard_at=at(0, 9))
    with django_assert_num_queries(4):  # what was heard, its hours, what is over, who waits
        watch_silence(at(0, 12))
