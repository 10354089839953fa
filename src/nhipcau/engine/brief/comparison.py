"""What a period is compared with: the same hours of the days before it, as far as the stream was heard.

A morning is compared with mornings: people write little at night, so the hours just before it say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

HOUR: Final = 3600
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY

Longs = NDArray[np.int64]


@dataclass(frozen=True)
class Period:
    """A stretch of time in seconds since 1970, and what it is compared with."""

    since: int
    until: int

    @property
    def shift(self) -> int:
        """Whole days to go back, so that the same hours are met and the two do not overlap."""
        return max(-(-(self.until - self.since) // DAY), 1) * DAY

    @property
    def is_whole_days(self) -> bool:
        """Whether it has as much of each hour of the day."""
        return (self.until - self.since) % DAY == 0


def heard_period(*, since: int, until: int, latest: int) -> Period:
    """Cut a period behind the last hour that was heard: what has not come yet is not silence.

    Parameters
    ----------
    since, until
        Seconds since 1970.
    latest
        The latest post of the whole stream; in the last hour before `until` it may just be quiet.

    Examples
    --------
    >>> heard_period(since=0, until=24 * HOUR, latest=18 * HOUR).until // HOUR
    18
    """
    heard = -(-latest // HOUR) * HOUR
    return Period(since, heard if since < heard <= until - HOUR else until)


def before(times: Longs, period: Period) -> NDArray[np.bool_]:
    """Mark the posts of the same hours before, bool[n]."""
    return np.asarray(
        (times >= period.since - period.shift) & (times <= period.until - period.shift) & (times < period.since)
    )


def usual(times: Longs, group: Longs, size: int, *, period: Period, oldest: int) -> NDArray[np.float64]:
    """Count what each of `size` groups brought, on average, in such a period of the week before.

    Parameters
    ----------
    times, group
        int64[n], posts before the period and the groups that they are of.
    period
        What is compared.
    oldest
        The first post on record; a week that is not all on record counts as far as it is.

    Returns
    -------
    float64[size]
    """
    history = min(WEEK, max(0, period.since - oldest))
    known = (times >= period.since - WEEK) & (times < period.since)
    if not history:
        return np.zeros(size)
    days, rest = divmod(period.until - period.since, DAY)
    expected = np.bincount(group[known], minlength=size) * (days * DAY / history)
    # the hours over whole days: on each day on record the same ones
    whole, part = divmod(history, DAY)
    on_record = whole * rest + max(0, rest + part - DAY)
    if rest and on_record:
        same = known & ((times - period.since) % DAY < rest)
        expected = expected + np.bincount(group[same], minlength=size) * (rest / on_record)
    elif rest:
        expected = expected + np.bincount(group[known], minlength=size) * (rest / history)
    return np.asarray(expected, np.float64)
