"""Hours of a week as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.network.week import WeekError, read_week, stored_week, week_of, write_week
from nhipcau.network.worktime import OFFICE_HOURS


@st.composite
def days(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    borders = sorted(draw(st.sets(st.integers(0, 1440), max_size=4)))
    return tuple(zip(borders[::2], borders[1::2], strict=False))


weeks = st.tuples(*[days()] * 7).filter(any)


@given(week=weeks, language=st.sampled_from(["vi", "en"]))
def test_what_is_written_reads_back_the_same(week, language):
    assert read_week(write_week(week, language=language)) == week


@given(week=weeks)
def test_what_is_stored_reads_back_the_same(week):
    assert week_of(stored_week(week)) == week


def test_office_hours_are_one_part():
    assert write_week(OFFICE_HOURS) == "T2-T6 07:00-11:30 13:30-17:00"
    assert write_week(OFFICE_HOURS, language="en") == "Mon-Fri 07:00-11:30 13:30-17:00"


@pytest.mark.parametrize(
    "text",
    [
        "T2-T6 7h-11h30, 13h30 - 17h",
        "mon – fri 07:00–11:30 13:30–17:00",
        "T2-T6 13:30-17:00 07:00-11:30; T7 nghỉ",
        "T2-T4 07:00-11:30 13:30-17:00\nT5-T6 07:00-11:30 13:30-17:00;",
    ],
)
def test_people_write_the_same_hours_in_many_ways(text):
    assert read_week(text) == OFFICE_HOURS


@pytest.mark.parametrize(
    ("text", "code", "piece"),
    [
        ("", "week.empty", ""),
        ("T2 nghỉ", "week.empty", "T2 nghỉ"),
        ("07:00-11:30", "week.part", "07:00-11:30"),
        ("T8 07:00-11:30", "week.day", "T8"),
        ("T6-T2 07:00-11:30", "week.days-backward", "T6-T2 07:00-11:30"),
        ("T2-T6 07:00-11:30; T3 13:00-14:00", "week.day-twice", "T3 13:00-14:00"),
        ("T2 7-11", "week.span", "7-11"),
        ("T2 07:00-25:00", "week.span", "07:00-25:00"),
        ("T2 07:75-08:00", "week.span", "07:75-08:00"),
        ("T2 22:00-06:00", "week.span-order", "22:00-06:00"),
        ("T2 07:00-11:30 11:00-12:00", "week.overlap", "07:00-11:30 11:00-12:00"),
    ],
)
def test_unreadable_hours_name_the_piece(text, code, piece):
    with pytest.raises(WeekError) as caught:
        read_week(text)
    assert (caught.value.code, caught.value.text) == (code, piece)


@pytest.mark.parametrize("stored", [None, [], [[]] * 6, ["x"] * 7, [[["07:00"]]] * 7, [[[1, 2]]] * 7, [3] * 7])
def test_broken_stored_hours_are_refused(stored):
    with pytest.raises(WeekError):
        week_of(stored)
