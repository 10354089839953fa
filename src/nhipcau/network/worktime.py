"""Working time: hours of a week, days off, and clocks that count only working time outside pauses. Pure rules.

`week.py` reads and writes the hours of a week; an office's own calendar is put together in `queries/calendars.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import holidays

Span: TypeAlias = tuple[int, int]
"""From one minute of the day to another, the second not included; a day ends at minute 1440."""
Week: TypeAlias = tuple[tuple[Span, ...], ...]
"""The spans of seven days, Monday first, each day in order and without overlap."""

OFFICE_HOURS: Final[Week] = (((420, 690), (810, 1020)),) * 5 + ((), ())
"""07:00 to 11:30 and 13:30 to 17:00, Monday to Friday: the hours of an office that has stated no others."""
EVERY_HOUR: Final[Week] = (((0, 1440),),) * 7
VIETNAM: Final = "Asia/Ho_Chi_Minh"
HORIZON_DAYS: Final = 1100
"""A clock that is not through after three years is not going to be."""


class NeverReached(Exception):
    """The working time does not come to pass: there are no working hours ahead, or a pause has no end."""


@dataclass(frozen=True, slots=True)
class PublicDays:
    """The days off of a year by law, and the days of rest that are worked in exchange."""

    off: frozenset[datetime.date] = frozenset()
    worked: frozenset[datetime.date] = frozenset()


@lru_cache(maxsize=64)
def vietnamese_days(year: int) -> PublicDays:
    """Public holidays of Viet Nam in that year, with the days given in lieu, by the `holidays` library."""
    days = holidays.country_holidays("VN", years=year)
    worked = frozenset(day for day in days.weekend_workdays if day.year == year)
    return PublicDays(off=frozenset(days) - worked, worked=worked)


def no_public_days(year: int) -> PublicDays:
    """No public holidays in any year."""
    del year
    return PublicDays()


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When an office works.

    What an administrator states of a day (`days_off`, `days_worked`) goes before the public holidays, and these before
    the week. A day of rest that is worked in exchange has the hours of the first day of the week that has any.
    """

    week: Week = OFFICE_HOURS
    days_off: frozenset[datetime.date] = frozenset()
    days_worked: frozenset[datetime.date] = frozenset()
    public_days: Callable[[int], PublicDays] = vietnamese_days
    zone: str = VIETNAM

    def spans_on(self, day: datetime.date) -> tuple[Span, ...]:
        """The working spans of that day, in minutes of its local clock."""
        public = self.public_days(day.year)
        if day in self.days_off or (day not in self.days_worked and day in public.off):
            return ()
        spans = self.week[day.weekday()]
        if not spans and (day in self.days_worked or day in public.worked):
            return next((hours for hours in self.week if hours), ())
        return spans


@dataclass(frozen=True, slots=True)
class Pause:
    """From one moment to another a clock stands still; without an end, until further notice."""

    start: datetime.datetime
    end: datetime.datetime | None = None


Moments: TypeAlias = tuple[datetime.datetime, datetime.datetime]


@lru_cache(maxsize=16384)
def _moments_on(calendar: WorkingCalendar, day: datetime.date) -> tuple[Moments, ...]:
    zone = ZoneInfo(calendar.zone)
    midnight = datetime.datetime.combine(day, datetime.time.min)

    def moment(minute: int) -> datetime.datetime:
        local = (midnight + datetime.timedelta(minutes=minute)).replace(tzinfo=zone)
        return local.astimezone(datetime.UTC)

    return tuple((moment(start), moment(end)) for start, end in calendar.spans_on(day))


def _stops(pauses: Sequence[Pause]) -> list[Moments]:
    """The pauses in order; one without an end lasts to the end of time."""
    forever = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return sorted(
        (pause.start.astimezone(datetime.UTC), pause.end.astimezone(datetime.UTC) if pause.end else forever)
        for pause in pauses
    )


def _without(begin: datetime.datetime, end: datetime.datetime, stops: list[Moments]) -> Iterator[Moments]:
    """What is left of a span without the pauses."""
    for stop_begin, stop_end in stops:
        if stop_end <= begin or stop_end <= stop_begin:
            continue
        if stop_begin >= end:
            break
        if begin < stop_begin:
            yield begin, stop_begin
        begin = stop_end
        if begin >= end:
            return
    if begin < end:
        yield begin, end


def _worked(
    start: datetime.datetime, calendar: WorkingCalendar, pauses: Sequence[Pause], *, days: int
) -> Iterator[Moments]:
    """Working spans from `start` on, in order, without the pauses."""
    stops = _stops(pauses)
    day = start.astimezone(ZoneInfo(calendar.zone)).date()
    for _ in range(days):
        for begin, end in _moments_on(calendar, day):
            yield from _without(max(begin, start), end, stops)
        day += datetime.timedelta(days=1)


def add_working_time(
    start: datetime.datetime,
    duration: datetime.timedelta,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause] = (),
) -> datetime.datetime:
    """Return the first moment by which `duration` of working time has passed since `start`, in UTC.

    No working time has always passed, so a duration of nothing gives `start`; a clock that runs out as the office
    closes is due at that minute, not on the next morning.

    Raises
    ------
    ValueError
        `start` has no zone, or the duration is negative.
    NeverReached
        There is not so much working time in the three years after `start`.
    """
    start = _aware(start)
    if duration < datetime.timedelta():
        raise ValueError("duration is negative")
    if not duration:
        return start
    left = duration
    for begin, end in _worked(start, calendar, pauses, days=HORIZON_DAYS):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise NeverReached


def working_time_between(
    begin: datetime.datetime,
    end: datetime.datetime,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause] = (),
) -> datetime.timedelta:
    """Return the working time from `begin` to `end`, outside the pauses.

    Raises
    ------
    ValueError
        A moment has no zone, or `end` is before `begin`.
    """
    begin, end = _aware(begin), _aware(end)
    if end < begin:
        raise ValueError("end is before begin")
    zone = ZoneInfo(calendar.zone)
    days = (end.astimezone(zone).date() - begin.astimezone(zone).date()).days + 1
    spans = _worked(begin, calendar, pauses, days=days)
    return sum((min(last, end) - first for first, last in spans if first < end), datetime.timedelta())


def is_working_time(moment: datetime.datetime, calendar: WorkingCalendar) -> bool:
    """Whether the office works at that moment."""
    moment = _aware(moment)
    day = moment.astimezone(ZoneInfo(calendar.zone)).date()
    return any(begin <= moment < end for begin, end in _moments_on(calendar, day))


def _aware(moment: datetime.datetime) -> datetime.datetime:
    if moment.utcoffset() is None:
        raise ValueError("moment has no zone")
    return moment.astimezone(datetime.UTC)
