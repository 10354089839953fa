"""The obvious twin of `nhipcau.network.worktime`: it asks of every single minute whether the office works in it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from nhipcau.network.worktime import Pause, WorkingCalendar

MINUTE = datetime.timedelta(minutes=1)


def is_worked(minute: datetime.datetime, calendar: WorkingCalendar, pauses: Sequence[Pause]) -> bool:
    if any(pause.start <= minute and (pause.end is None or minute < pause.end) for pause in pauses):
        return False
    local = minute.astimezone(ZoneInfo(calendar.zone))
    day, of_day = local.date(), local.hour * 60 + local.minute
    law = calendar.public_days(day.year)
    hours = calendar.week[day.weekday()]
    if day in calendar.days_off:
        return False
    if day in calendar.days_worked:
        hours = hours or next((spans for spans in calendar.week if spans), ())
    elif day in law.off:
        return False
    elif day in law.worked:
        hours = hours or next((spans for spans in calendar.week if spans), ())
    return any(start <= of_day < end for start, end in hours)


def worked_minutes(
    begin: datetime.datetime, end: datetime.datetime, calendar: WorkingCalendar, pauses: Sequence[Pause]
) -> int:
    count, minute = 0, begin
    while minute < end:
        count += is_worked(minute, calendar, pauses)
        minute += MINUTE
    return count


def after_worked_minutes(
    start: datetime.datetime,
    minutes: int,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause],
    *,
    give_up: datetime.datetime,
) -> datetime.datetime | None:
    minute = start
    while minutes and minute < give_up:
        minutes -= is_worked(minute, calendar, pauses)
        minute += MINUTE
    return None if minutes else minute
