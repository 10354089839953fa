"""Whether a source that gives nothing is silent, or only asleep as usual. Pure; the job is in `jobs/silence.py`.

A source is silent when it gave nothing for longer than its rhythm, although in the same hours of the past it mostly
did. Nights, weekends and weekly papers need no table of their own: the past of the source says it. So long as there
is little past, the rhythm alone counts.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

HOUR: Final = timedelta(hours=1)
WEEK: Final = timedelta(days=7)
WEEKS: Final = 8
"""So far back the past is asked."""
FEWEST_WEEKS: Final = 2
DAYS: Final = 6
FEWEST_DAYS: Final = 3


def hour_of(moment: datetime) -> datetime:
    """The hour that a moment is in."""
    return moment.replace(minute=0, second=0, microsecond=0)


def is_silent(*, heard_at: datetime, now: datetime, rhythm: timedelta, heard_hours: Collection[datetime]) -> bool:
    """Judge a source.

    Parameters
    ----------
    heard_at
        When something last came; where nothing ever did, when it began to be asked.
    rhythm
        Something comes at least so often.
    heard_hours
        The beginnings of the hours in which something came, of the last weeks.
    """
    if now - heard_at <= rhythm:
        return False
    since = min(heard_hours, default=None)
    if since is None or heard_at < since:
        return True
    heard = frozenset(heard_hours)
    for step, most, fewest in ((WEEK, WEEKS, FEWEST_WEEKS), (timedelta(days=1), DAYS, FEWEST_DAYS)):
        begin, end = _whole_hours(heard_at, now)
        known = [number for number in range(1, most + 1) if begin - number * step >= hour_of(since)]
        if len(known) < fewest:
            continue
        if begin >= end:
            return False  # judged after a whole hour of nothing
        spoke = sum(_any_between(heard, begin - number * step, end - number * step) for number in known)
        return 2 * spoke >= len(known)
    return True


def _whole_hours(heard_at: datetime, now: datetime) -> tuple[datetime, datetime]:
    """From where to where whole hours went by without anything."""
    return hour_of(heard_at) + HOUR, hour_of(now)


def _any_between(heard: frozenset[datetime], begin: datetime, end: datetime) -> bool:
    hours = int((end - begin) / HOUR)
    if hours > len(heard):
        return any(begin <= hour < end for hour in heard)
    return any(begin + number * HOUR in heard for number in range(hours))
