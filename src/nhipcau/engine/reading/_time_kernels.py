"""Compiled: reads the times that posts usually carry. What is left over goes to the slow half in `times`."""

from __future__ import annotations

from typing import Final

import numpy as np

from nhipcau.engine.compiling import njit

UNREAD: Final = 0
INSTANT: Final = 1
"""Microseconds since 1970 in UTC."""
WALL_CLOCK: Final = 2
"""Microseconds since 1970 as a clock on the wall shows them; the zone is not told."""

_DAY: Final = 86_400_000_000
_EARLIEST_SECOND: Final = 631_152_000  # 1990
_LATEST_SECOND: Final = 4_133_980_800  # 2101


@njit(cache=True, nogil=True)
def _days_from_civil(year, month, day):  # type: ignore[no-untyped-def]
    # Source: Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
    if month <= 2:
        year -= 1
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


@njit(cache=True, nogil=True)
def _days_in_month(year, month):  # type: ignore[no-untyped-def]
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month == 4 or month == 6 or month == 9 or month == 11 else 31


@njit(cache=True, nogil=True)
def _digits(data, position, end, most):  # type: ignore[no-untyped-def]
    """Read the number of at most `most` digits at `position`, and the position behind it."""
    number = np.int64(0)
    limit = min(end, position + most)
    while position < limit and 48 <= data[position] <= 57:
        number = number * 10 + (data[position] - 48)
        position += 1
    return number, position


@njit(cache=True, nogil=True)
def _read_clock(data, position, end):  # type: ignore[no-untyped-def]
    """`HH:MM[:SS[.ffffff]]` at `position`: microseconds of the day (-1: unread), and the position behind it."""
    hour, after = _digits(data, position, end, 2)
    if after == position or after >= end or data[after] != 58 or hour > 23:
        return np.int64(-1), position
    minute, position = _digits(data, after + 1, end, 2)
    if position != after + 3 or minute > 59:
        return np.int64(-1), position
    clock = (hour * 60 + minute) * 60_000_000
    if position < end and data[position] == 58:
        second, after = _digits(data, position + 1, end, 2)
        if after != position + 3 or second > 60:
            return np.int64(-1), position
        position = after
        clock += min(second, 59) * 1_000_000  # a leap second counts as the one before it
        if position < end and (data[position] == 46 or data[position] == 44):
            fraction, after = _digits(data, position + 1, end, 6)
            if after == position + 1:
                return np.int64(-1), position
            for _ in range(after - position - 1, 6):
                fraction *= 10
            clock += fraction
            position = after
            while position < end and 48 <= data[position] <= 57:
                position += 1
    return clock, position


@njit(cache=True, nogil=True)
def _read_number(data, position, end):  # type: ignore[no-untyped-def]
    """Digits alone: a day, a day and a clock, or seconds, milli-, micro- or nanoseconds since 1970."""
    number, after = _digits(data, position, end, 19)
    count = after - position
    fraction = np.int64(0)
    has_fraction = after < end and data[after] == 46
    if has_fraction:
        scale = np.int64(100_000)
        after += 1
        while after < end and 48 <= data[after] <= 57:
            fraction += (data[after] - 48) * scale
            scale //= 10
            after += 1
    if after != end or count > 19 or number < 0:
        return np.int64(0), UNREAD
    if not has_fraction and (count == 8 or count == 14):
        day = number if count == 8 else number // 1_000_000
        clock = 0 if count == 8 else number % 1_000_000
        year, month, day = day // 10_000, day // 100 % 100, day % 100
        hour, minute, second = clock // 10_000, clock // 100 % 100, clock % 100
        if not (1 <= month <= 12 and 1 <= day <= _days_in_month(year, month)):
            return np.int64(0), UNREAD
        if hour > 23 or minute > 59 or second > 59:
            return np.int64(0), UNREAD
        seconds = (hour * 60 + minute) * 60 + second
        return _days_from_civil(year, month, day) * _DAY + seconds * 1_000_000, WALL_CLOCK
    if _EARLIEST_SECOND <= number < _LATEST_SECOND:
        return number * 1_000_000 + fraction, INSTANT
    if _EARLIEST_SECOND <= number // 1_000 < _LATEST_SECOND:
        return number * 1_000 + fraction // 1_000, INSTANT
    if _EARLIEST_SECOND <= number // 1_000_000 < _LATEST_SECOND:
        return number, INSTANT
    if _EARLIEST_SECOND <= number // 1_000_000_000 < _LATEST_SECOND:
        return number // 1_000, INSTANT
    return np.int64(0), UNREAD


@njit(cache=True, nogil=True)
def _read_time(data, position, end):  # type: ignore[no-untyped-def]
    while position < end and data[position] == 32:
        position += 1
    while end > position and data[end - 1] == 32:
        end -= 1
    nothing = np.int64(0)
    first, after = _digits(data, position, end, 4)
    if after == position:
        return nothing, UNREAD
    if after == end or 48 <= data[after] <= 57 or data[after] == 46:
        return _read_number(data, position, end)
    separator = data[after]
    if separator != 45 and separator != 47:
        return nothing, UNREAD
    month, middle = _digits(data, after + 1, end, 2)
    if middle == after + 1 or middle >= end or data[middle] != separator:
        return nothing, UNREAD
    last, tail = _digits(data, middle + 1, end, 4)
    if after - position == 4 and 0 < tail - middle - 1 <= 2:
        year, day = first, last
    elif after - position <= 2 and tail - middle - 1 == 4:
        year, day = last, first
    else:
        return nothing, UNREAD
    if month < 1 or month > 12 or day < 1 or day > _days_in_month(year, month):
        return nothing, UNREAD
    wall = _days_from_civil(year, month, day) * _DAY
    if tail == end:
        return wall, WALL_CLOCK
    if data[tail] == 44:
        tail += 1
    if tail < end and (data[tail] == 84 or data[tail] == 116):
        tail += 1
    else:
        blank = tail
        while tail < end and data[tail] == 32:
            tail += 1
        if tail == blank:
            return nothing, UNREAD
    clock, tail = _read_clock(data, tail, end)
    if clock < 0:
        return nothing, UNREAD
    wall += clock
    while tail < end and data[tail] == 32:
        tail += 1
    if tail == end:
        return wall, WALL_CLOCK
    mark = data[tail]
    if (mark == 90 or mark == 122) and tail + 1 == end:
        return wall, INSTANT
    if tail + 3 == end and mark == 85 and data[tail + 1] == 84 and data[tail + 2] == 67:
        return wall, INSTANT
    if mark != 43 and mark != 45:
        return nothing, UNREAD
    hours, after = _digits(data, tail + 1, end, 2)
    if after != tail + 3 or hours > 15:
        return nothing, UNREAD
    minutes = np.int64(0)
    if after < end:
        if data[after] == 58:
            after += 1
        minutes, tail = _digits(data, after, end, 2)
        if tail != after + 2 or tail != end or minutes > 59:
            return nothing, UNREAD
    away = (hours * 60 + minutes) * 60_000_000
    return (wall - away if mark == 43 else wall + away), INSTANT


@njit(cache=True, nogil=True)
def read_times(data, offsets, out, status):  # type: ignore[no-untyped-def]
    """Read every string; `out[row]` is in microseconds, `status[row]` says what it is."""
    for row in range(offsets.shape[0] - 1):
        out[row], status[row] = _read_time(data, offsets[row], offsets[row + 1])
