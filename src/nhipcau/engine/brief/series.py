"""A series of voices by hour, cut and summed for charts, tables and comparisons.

What is drawn of it is in `charts`, what is said of it in `issue_view`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

HOUR: Final = timedelta(hours=1)
STEPS: Final = (1, 3, 6, 12, 24)
"""Hours that one step of a chart may sum; above a day, whole days."""
DAY_PARTS: Final = 4
MOST_HOURS: Final = 24 * 366 * 3
"""A series is shown from its end back to three years: one wrong date must not make a chart of centuries."""


@dataclass(frozen=True)
class Hours:
    """Counts of one hour each without gaps; the first hour begins at `start`."""

    start: datetime
    counts: tuple[int, ...]

    @property
    def end(self) -> datetime:
        """When the last hour ends."""
        return self.start + HOUR * len(self.counts)

    def last(self, hours: int) -> Hours:
        """Keep the last hours of it, all where it has fewer."""
        kept = self.counts[-hours:] if hours else ()
        return Hours(self.end - HOUR * len(kept), kept)

    def between(self, start: datetime, end: datetime) -> int:
        """Count the voices in the hours that begin from `start` up to, not including, `end`."""
        first = max(-((self.start - start) // HOUR), 0)
        return sum(self.counts[first : max(-((self.start - end) // HOUR), 0)])

    def summed(self, step: int) -> Hours:
        """Sum by `step` hours that end with the series; `start` may come before the first hour."""
        missing = -len(self.counts) % step
        padded = (0,) * missing + self.counts
        sums = tuple(sum(padded[index : index + step]) for index in range(0, len(padded), step))
        return Hours(self.start - HOUR * missing, sums)

    def step_for(self, most: int) -> int:
        """Find the shortest step by which it has at most so many steps."""
        days = -(-len(self.counts) // (24 * most))
        return next((step for step in STEPS if len(self.counts) <= step * most), 24 * max(days, 1))


def hours_of(series: Sequence[tuple[str, int]]) -> Hours | None:
    """Read the series of an issue, its gaps filled by zeros; None where it has no times.

    Parameters
    ----------
    series
        Pairs of an ISO time and a count, an hour each, in any order.
    """
    if not series:
        return None
    found: dict[datetime, int] = {}
    for time, count in series:
        begin = datetime.fromisoformat(time)
        found[begin] = found.get(begin, 0) + count
    last = max(found)
    first = max(min(found), last - HOUR * (MOST_HOURS - 1))
    counts = [0] * ((last - first) // HOUR + 1)
    for begin, count in found.items():
        if begin >= first:
            counts[(begin - first) // HOUR] += count
    return Hours(first, tuple(counts))


def midnights(start: datetime, hours: int, zone: ZoneInfo) -> list[tuple[int, datetime]]:
    """Find the local midnights in a stretch of hours: how many hours from its start, and the day that begins there."""
    local = ((hour, (start + HOUR * hour).astimezone(zone)) for hour in range(hours))
    return [(hour, time) for hour, time in local if time.hour == 0]


def by_day(hours: Hours, zone: ZoneInfo, *, most: int) -> list[tuple[datetime, list[int | None]]]:
    """Sum by six hours and local day, the latest `most` days, oldest first; None where the series does not reach."""
    days: dict[datetime, list[int | None]] = {}
    for hour, count in enumerate(hours.counts):
        time = (hours.start + HOUR * hour).astimezone(zone)
        day = datetime(time.year, time.month, time.day, tzinfo=zone)
        parts = days.setdefault(day, [None] * DAY_PARTS)
        part = time.hour // (24 // DAY_PARTS)
        parts[part] = (parts[part] or 0) + count
    return list(days.items())[-most:]
