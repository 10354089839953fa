"""Sources that fell silent: nothing came although something always comes. Levels of what did come are in `levels`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

HOUR: Final = 3600
DAY_HOURS: Final = 24
SILENT_P: Final = 1e-3
"""A source whose hours are as they always were is called silent at most once in a thousand looks."""
FEWEST_DAYS: Final = 3
FEWEST_ACTIVE_HOURS: Final = 20
HISTORY_DAYS: Final = 28


@dataclass(frozen=True)
class Silence:
    """One source: what it would have brought since it was last heard, and how likely that is by chance."""

    source: str
    last_seen: int
    expected: float | None
    p_value: float | None
    silent: bool
    enough_history: bool


def silences(times: Mapping[str, NDArray[np.int64]], *, now: int, zone_seconds: int = 0) -> list[Silence]:
    """Judge each source against its own rhythm.

    Parameters
    ----------
    times
        Seconds since 1970 of each source's posts, sorted.
    now
        The moment of judging, seconds since 1970.
    zone_seconds
        Offset of local time, so that the hours of the day are local.

    Returns
    -------
    list of Silence
        In the order of `times`.

    Notes
    -----
    An hour is active when something came in it. The chance of silence is the product, over the whole hours since
    the last post, of one minus the share of active hours at that hour of the day; bursts within an hour do not count,
    and a source that sleeps at night is not silent then. With less than three days or twenty active hours nothing
    is said.

    Examples
    --------
    >>> daily = np.arange(0, 20 * 24) * 3600
    >>> silences({"a": daily}, now=int(daily[-1]) + 12 * 3600)[0].silent
    True
    """
    return [_judge(source, seen, now, zone_seconds) for source, seen in times.items()]


def _judge(source: str, seen: NDArray[np.int64], now: int, zone_seconds: int) -> Silence:
    seen = seen[seen <= now]
    if not len(seen):
        return Silence(source, -1, None, None, silent=False, enough_history=False)
    last = int(seen[-1])
    recent = seen[seen >= last - HISTORY_DAYS * DAY_HOURS * HOUR]
    hours = np.unique((recent + zone_seconds) // HOUR)
    days = (hours[-1] - hours[0] + 1) / DAY_HOURS
    if days < FEWEST_DAYS or len(hours) < FEWEST_ACTIVE_HOURS:
        return Silence(source, last, None, None, silent=False, enough_history=False)
    # half a quiet hour at each hour of the day: no habit is without exception
    active = np.bincount(hours % DAY_HOURS, minlength=DAY_HOURS) / (days + 0.5)
    whole = np.arange((last + zone_seconds) // HOUR + 1, (now + zone_seconds) // HOUR)
    at = whole % DAY_HOURS
    chance = float(np.prod(1.0 - np.minimum(active[at], 0.98)))
    posts = np.bincount((recent + zone_seconds) // HOUR % DAY_HOURS, minlength=DAY_HOURS) / days
    return Silence(source, last, float(posts[at].sum()), chance, silent=chance < SILENT_P, enough_history=True)
