"""Times as posts write them become instants in UTC. Days come before months: 07/09/2025 is 7 September.

The usual ways of writing are read by `_time_kernels`; the rest is read here, one distinct value at a time.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nhipcau.engine.errors import EngineError
from nhipcau.engine.posts import TIME_TYPE
from nhipcau.engine.reading.arrays import number_array, string_buffers, validity_of

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST: Final = 631_152_000_000_000
"""1990-01-01T00:00Z in microseconds: what says to be older is a mistake."""
LATEST: Final = 4_133_980_800_000_000
"""2101-01-01T00:00Z in microseconds: what says to be later is a mistake."""

_QUARTER: Final = 900_000_000  # no zone has changed its offset within a quarter of an hour since 1990

_CLOCK_FIRST: Final = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?)[\s,–-]+(?:ngày\s+)?(\d{1,2}[/-]\d{1,2}[/-]\d{4})$")
_TWELVE_HOURS: Final = re.compile(r"(\S+)[\s,]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(AM|PM|SA|CH)$", re.IGNORECASE)
_WEEKDAY: Final = re.compile(r"^(?:thứ\s+\w+|chủ nhật|t[2-7]|cn)\s*,?\s+", re.IGNORECASE)
_ZONE_IN_BRACKETS: Final = re.compile(r"\s*\((?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d{2}))?\)$")


def zone_named(name: str) -> tzinfo:
    """Give the time zone of an IANA name, or raise `EngineError("read.zone")`."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise EngineError("read.zone", zone=name) from error


def parse_times(
    values: pa.StringArray, default_zone: str = "Asia/Ho_Chi_Minh"
) -> tuple[pa.TimestampArray, npt.NDArray[np.bool_]]:
    """Read times as posts write them.

    Parameters
    ----------
    values
        Shape (n,): ISO 8601 with or without a zone, `YYYY-MM-DD HH:MM[:SS]`, a day alone (its first moment),
        `YYYYMMDD[HHMMSS]`, seconds, milli-, micro- or nanoseconds since 1970, `dd/mm/yyyy[ HH:MM[:SS]]`,
        `HH:MM dd/mm/yyyy`, twelve-hour clocks (AM, PM, SA, CH), RFC 2822 and its kin.
    default_zone
        Where a time without a zone was written. A time that the clock showed twice is the first of the two; one that
        it skipped is read with the offset before the change.

    Returns
    -------
    times
        `timestamp[us, UTC]`, shape (n,); null where there is no time, or none that can be believed (1990-2100).
    unreadable
        Shape (n,): where something was written that is no time. Null and blank are not unreadable.

    Raises
    ------
    EngineError
        `read.zone` if the default zone is not known.

    Notes
    -----
    About 30 ns a value for the first six forms, 10 µs for each distinct value of the others.

    Examples
    --------
    >>> times, unreadable = parse_times(pa.array(["07/09/2025 08:30", "soon", None]))
    >>> times[0].as_py().isoformat(), unreadable.tolist()
    ('2025-09-07T01:30:00+00:00', [False, True, False])
    """
    from nhipcau.engine.reading._time_kernels import INSTANT, UNREAD, WALL_CLOCK, read_times

    zone = zone_named(default_zone)
    offsets, data = string_buffers(values)
    instants = np.empty(len(values), np.int64)
    status = np.empty(len(values), np.uint8)
    read_times(data, offsets, instants, status)
    present = offsets[1:] > offsets[:-1]
    if values.null_count:
        present &= validity_of(values)
    left = np.flatnonzero(present & (status == UNREAD))
    if len(left):
        _read_slowly(values, left, instants, status)
        present[left] = [not str(values[int(row)].as_py()).isspace() for row in left]
    local = np.flatnonzero(present & (status == WALL_CLOCK))
    if len(local):
        instants[local] = instants_of_wall_clock(instants[local], zone)
        status[local] = INSTANT
    believed = present & (status == INSTANT) & (instants >= EARLIEST) & (instants < LATEST)
    return number_array(instants, TIME_TYPE, believed), present & ~believed


def microseconds_of(moment: datetime) -> int:
    """Count from 1970 to a moment that has a zone."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def instants_of_wall_clock(wall: npt.NDArray[np.int64], zone: tzinfo) -> npt.NDArray[np.int64]:
    """Turn microseconds on the wall clock of `zone` into microseconds in UTC, shape (n,)."""
    quarters, inverse = np.unique(wall // _QUARTER, return_inverse=True)
    away = np.zeros(len(quarters), np.int64)
    for index, quarter in enumerate(quarters.tolist()):
        moment = quarter * _QUARTER
        if EARLIEST - 86_400_000_000 <= moment < LATEST + 86_400_000_000:
            clock = (_EPOCH + timedelta(microseconds=moment)).replace(tzinfo=zone)
            away[index] = (clock.utcoffset() or timedelta()) // timedelta(microseconds=1)
    return wall - away[inverse]


def _read_slowly(
    values: pa.StringArray, rows: npt.NDArray[np.intp], instants: npt.NDArray[np.int64], status: npt.NDArray[np.uint8]
) -> None:
    known: dict[str, tuple[int, int]] = {}
    for row in rows.tolist():
        text = values[row].as_py()
        if text not in known:
            known[text] = _read_one(text)
        instants[row], status[row] = known[text]


def _read_one(text: str) -> tuple[int, int]:
    """Read one time that the compiled half could not: microseconds and what they are."""
    from nhipcau.engine.reading._time_kernels import INSTANT, UNREAD, WALL_CLOCK, read_times

    text = _WEEKDAY.sub("", text.strip(), count=1)
    if match := _ZONE_IN_BRACKETS.search(text):
        text = f"{text[: match.start()]} {match[1]}{match[2]:0>2}:{match[3] or '00'}"
    if match := _CLOCK_FIRST.match(text):
        text = f"{match[2]} {match[1]}"
    elif (match := _TWELVE_HOURS.match(text)) and 1 <= int(match[2]) <= 12:
        hour = int(match[2]) % 12 + (12 if match[5].upper() in {"PM", "CH"} else 0)
        text = f"{match[1].rstrip(',')} {hour:02}:{match[3]}:{match[4] or '00'}"
    if re.fullmatch(r"-?\d+(\.\d*)?[eE][+-]?\d{1,2}", text):
        text = f"{float(text):.6f}"
    instants, status = np.empty(1, np.int64), np.empty(1, np.uint8)
    encoded = np.frombuffer(text.encode("utf-8", "replace") or b" ", np.uint8)
    read_times(encoded, np.array([0, len(encoded)], np.int32), instants, status)
    if status[0] != UNREAD:
        return int(instants[0]), int(status[0])
    from email.utils import mktime_tz, parsedate_tz

    try:
        parts = parsedate_tz(text) if re.search(r"[A-Za-z]{3}", text) and re.search(r"\d:\d", text) else None
        if parts is None:
            return 0, UNREAD
        wall = datetime(*parts[:6], tzinfo=UTC)
        if parts[9] is None:
            return microseconds_of(wall), WALL_CLOCK
        return int(mktime_tz(parts)) * 1_000_000, INSTANT
    except (ValueError, OverflowError, TypeError, IndexError):
        return 0, UNREAD
