"""Working time against a count of single minutes, and the days and edges that clocks of offices meet."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.network.worktime import (
    EVERY_HOUR,
    NeverReached,
    Pause,
    PublicDays,
    WorkingCalendar,
    add_working_time,
    is_working_time,
    no_public_days,
    vietnamese_days,
    working_time_between,
)
from tests.network import naive_worktime as naive

HOUR = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)
FIRST = datetime.date(2026, 2, 9)  # the week before Tết
DAYS = [FIRST + datetime.timedelta(days=number) for number in range(14)]
START = datetime.datetime(2026, 2, 8, 17, 0, tzinfo=datetime.UTC)  # midnight of FIRST in Viet Nam


def at(text: str) -> datetime.datetime:
    """A moment by the clock of Viet Nam."""
    return datetime.datetime.fromisoformat(f"{text}+07:00")


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    borders = sorted(draw(st.sets(st.integers(0, 1440), max_size=4)))
    return tuple(zip(borders[::2], borders[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    some_days = st.frozensets(st.sampled_from(DAYS), max_size=4)
    law = PublicDays(off=draw(some_days), worked=draw(some_days))
    return WorkingCalendar(
        week=tuple(draw(spans()) for _ in range(7)),
        days_off=draw(some_days),
        days_worked=draw(some_days),
        public_days=draw(st.sampled_from([vietnamese_days, no_public_days, lambda year: law])),
        zone=draw(st.sampled_from(["Asia/Ho_Chi_Minh", "UTC", "America/St_Johns"])),
    )


moments = st.integers(0, 5 * 1440).map(lambda minute: START + minute * MINUTE)


@st.composite
def pauses(draw: st.DrawFn) -> Pause:
    start = draw(moments)
    length = draw(st.none() | st.integers(0, 1500))
    return Pause(start, None if length is None else start + length * MINUTE)


some_pauses = st.lists(pauses(), max_size=3)


@given(calendar=calendars(), between=st.tuples(moments, moments), stops=some_pauses)
def test_working_time_between_counts_the_worked_minutes(calendar, between, stops):
    begin, end = sorted(between)
    expected = naive.worked_minutes(begin, end, calendar, stops) * MINUTE
    assert working_time_between(begin, end, calendar, stops) == expected


@given(calendar=calendars(), start=moments, minutes=st.integers(0, 1500), stops=some_pauses)
def test_clock_is_due_when_the_worked_minutes_have_passed(calendar, start, minutes, stops):
    give_up = START + datetime.timedelta(days=8)
    expected = naive.after_worked_minutes(start, minutes, calendar, stops, give_up=give_up)
    try:
        found = add_working_time(start, minutes * MINUTE, calendar, stops)
    except NeverReached:
        assert expected is None
    else:
        assert found == expected if expected is not None else found > give_up


@given(calendar=calendars(), moment=moments)
def test_office_works_in_the_minutes_that_count(calendar, moment):
    assert is_working_time(moment, calendar) == naive.is_worked(moment, calendar, ())


@given(calendar=calendars(), start=moments, seconds=st.integers(1, 200_000), stops=some_pauses)
def test_adding_and_counting_agree_to_the_second(calendar, start, seconds, stops):
    duration = datetime.timedelta(seconds=seconds)
    try:
        due = add_working_time(start, duration, calendar, stops)
    except NeverReached:
        return
    assert working_time_between(start, due, calendar, stops) == duration
    assert working_time_between(start, due - datetime.timedelta(seconds=1), calendar, stops) < duration


def test_four_hours_from_friday_afternoon_end_on_monday_morning():
    friday = at("2026-11-27T16:00")
    assert add_working_time(friday, 4 * HOUR, WorkingCalendar()) == at("2026-11-30T10:00")


def test_clock_that_runs_out_at_closing_time_is_due_then():
    assert add_working_time(at("2026-11-27T16:00"), HOUR, WorkingCalendar()) == at("2026-11-27T17:00")


def test_no_duration_is_due_at_once_even_at_night():
    night = at("2026-11-28T02:00")
    assert add_working_time(night, datetime.timedelta(), WorkingCalendar()) == night


def test_tet_stands_between_the_last_and_the_first_working_day():
    assert working_time_between(at("2026-02-13T17:00"), at("2026-02-23T07:00"), WorkingCalendar()) == 0 * HOUR
    assert add_working_time(at("2026-02-13T16:00"), 2 * HOUR, WorkingCalendar()) == at("2026-02-23T08:00")


def test_saturday_worked_in_exchange_has_the_hours_of_a_weekday():
    assert datetime.date(2026, 8, 22) in vietnamese_days(2026).worked
    assert is_working_time(at("2026-08-22T08:00"), WorkingCalendar())
    assert not is_working_time(at("2026-08-31T08:00"), WorkingCalendar())


def test_administrator_goes_before_the_law():
    holiday, plain = datetime.date(2026, 9, 2), datetime.date(2026, 9, 3)
    calendar = WorkingCalendar(days_worked=frozenset({holiday}), days_off=frozenset({plain}))
    assert is_working_time(at("2026-09-02T08:00"), calendar)
    assert not is_working_time(at("2026-09-03T08:00"), calendar)


def test_pause_moves_the_due_moment_by_its_working_hours():
    pause = Pause(at("2026-11-27T10:00"), at("2026-11-30T09:00"))
    due = add_working_time(at("2026-11-27T09:00"), 4 * HOUR, WorkingCalendar(), [pause])
    assert due == at("2026-11-30T13:30") + HOUR / 2


def test_clock_in_a_pause_without_end_is_never_due():
    with pytest.raises(NeverReached):
        add_working_time(
            at("2026-11-27T09:00"), HOUR, WorkingCalendar(week=EVERY_HOUR), [Pause(at("2026-11-27T09:00"))]
        )


def test_office_without_hours_never_gets_there():
    with pytest.raises(NeverReached):
        add_working_time(at("2026-11-27T09:00"), HOUR, WorkingCalendar(week=((),) * 7))


@pytest.mark.parametrize("duration", [HOUR, 5 * HOUR])
def test_moment_without_zone_is_refused(duration):
    with pytest.raises(ValueError, match="zone"):
        add_working_time(datetime.datetime(2026, 11, 27, 9, 0), duration, WorkingCalendar())  # noqa: DTZ001 - the point


def test_time_runs_forward_only():
    with pytest.raises(ValueError, match="negative"):
        add_working_time(at("2026-11-27T09:00"), -HOUR, WorkingCalendar())
    with pytest.raises(ValueError, match="before"):
        working_time_between(at("2026-11-27T09:00"), at("2026-11-27T08:00"), WorkingCalendar())
