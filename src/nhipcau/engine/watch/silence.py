"""Sources that fell silent: nothing came although something always comes. Levels of what did come are in `levels`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

HOUR: Final = 3600
DAY_HOURS: Final = 24
WEEK_HOURS: Final = 168
WEEKS_PER_FALSE_SILENCE: Final = 4
"""A source that goes on as ever is called silent at most once in so many weeks (on average, once in ten).

Held by simulation (`tests/engine/watch/test_silence.py`): sources that sleep at night and at weekends, with hours
drawn at random or in streaks, looked at every hour.
"""
FEWEST_DAYS: Final = 7
FEWEST_ACTIVE_HOURS: Final = 20
HISTORY_DAYS: Final = 56

_MONDAY: Final = 72
"""Hours from the Monday before to 1970-01-01, a Thursday."""
_CAUTION: Final = 6.0
"""How much rarer than stated a pause must look: by so much does a rhythm learned from few weeks err."""
_SURE: Final = 0.95
"""The share of active hours that no habit exceeds."""


@dataclass(frozen=True)
class Silence:
    """One source: what it would have brought since it was last heard, and how likely that is by chance.

    Attributes
    ----------
    last_seen
        Seconds since 1970; -1 if it was never heard.
    expected
        Posts that its rhythm would have brought since, in hours that are over; None without enough history.
    p_value
        How probable it is that one pause of this source lasts so long; None without enough history.
    silent
        Pauses as long come less than once in `WEEKS_PER_FALSE_SILENCE` weeks where nothing is wrong.
    enough_history
        A week and twenty active hours; else nothing is said.
    """

    source: str
    last_seen: int
    expected: float | None
    p_value: float | None
    silent: bool
    enough_history: bool


def silences(
    times: Mapping[str, NDArray[np.int64]],
    *,
    now: int,
    zone_seconds: int = 0,
    observed_hours: NDArray[np.int64] | None = None,
) -> list[Silence]:
    """Judge each source against its own rhythm.

    Parameters
    ----------
    times
        Seconds since 1970 of each source's posts, sorted.
    now
        The moment of judging, seconds since 1970; what came later is not looked at.
    zone_seconds
        Offset of local time, so that the hours of day and week are local.
    observed_hours
        Local hours since 1970 (seconds plus zone, by 3,600) in which the system as a whole heard anything, sorted;
        other hours are no evidence of silence. By default every hour is.

    Returns
    -------
    list of Silence
        In the order of `times`.

    Notes
    -----
    An hour is active when something came in it; bursts within an hour do not count. The share of active hours of
    each hour of the week, drawn towards that of the hour of the day, gives every quiet hour its weight
    (minus the log of its chance): nights of a source that sleeps weigh nothing. How much weight the pauses of this
    source usually gather, in the eight weeks before it was last heard, gives the chance of the present one, with a
    fitted tail beyond their 90 % quantile: a source that comes in streaks may pause for longer.

    Cost: O(posts + 1,344 hours) a source.

    Examples
    --------
    >>> hourly = np.arange(0, 20 * 24) * 3600
    >>> silences({"a": hourly}, now=int(hourly[-1]) + 12 * 3600)[0].silent
    True
    """
    return [_judge(source, seen, now, zone_seconds, observed_hours) for source, seen in times.items()]


def _judge(
    source: str, seen: NDArray[np.int64], now: int, zone_seconds: int, observed_hours: NDArray[np.int64] | None
) -> Silence:
    seen = seen[seen <= now]
    if not len(seen):
        return Silence(source, -1, None, None, silent=False, enough_history=False)
    last = int(seen[-1])
    heard, posts = np.unique((seen + zone_seconds) // HOUR, return_counts=True)
    recent = heard > heard[-1] - HISTORY_DAYS * DAY_HOURS
    heard, posts = heard[recent], posts[recent]
    span = int(heard[-1] - heard[0] + 1)
    if span < FEWEST_DAYS * DAY_HOURS or len(heard) < FEWEST_ACTIVE_HOURS:
        return Silence(source, last, None, None, silent=False, enough_history=False)
    hours = np.arange(heard[0], heard[-1] + 1)
    open_hours = np.ones(span, dtype=np.bool_)
    pause = np.arange(heard[-1] + 1, (now + zone_seconds) // HOUR)
    if observed_hours is not None:
        open_hours = np.isin(hours, observed_hours) | np.isin(hours, heard)
        pause = pause[np.isin(pause, observed_hours)]
    came = np.zeros(span)
    came[heard - heard[0]] = posts
    # The first hour is known to be active because the history begins with it.
    open_hours[0] = False
    active = _by_week((came > 0)[open_hours], hours[open_hours], prior=0.5)
    usual = _by_week(came[open_hours], hours[open_hours], prior=0.0)
    weights = -np.log1p(-np.minimum(active, _SURE))
    past = _pauses(came > 0, np.where(open_hours, weights[_hour_of_week(hours)], 0.0))
    chance = _chance(float(weights[_hour_of_week(pause)].sum()), past)
    a_week = len(past) / (span / WEEK_HOURS)
    expected = float(usual[_hour_of_week(pause)].sum())
    silent = chance * a_week * WEEKS_PER_FALSE_SILENCE * _CAUTION < 1.0
    return Silence(source, last, expected, chance, silent=bool(silent), enough_history=True)


def _hour_of_week(hours: NDArray[np.int64]) -> NDArray[np.int64]:
    return (hours + _MONDAY) % WEEK_HOURS


def _by_week(values: NDArray[np.generic], hours: NDArray[np.int64], *, prior: float) -> NDArray[np.float64]:
    """Mean of each hour of the week, drawn by four weeks' worth towards that of its hour of the day, float64[168].

    `prior` is how many values of 0 and 1 each hour of the day begins with, half of each: no habit is without
    exception.
    """
    place = _hour_of_week(hours)
    total = np.bincount(place, weights=values.astype(np.float64), minlength=WEEK_HOURS)
    count = np.bincount(place, minlength=WEEK_HOURS)
    day_total, day_count = total.reshape(7, 24).sum(axis=0), count.reshape(7, 24).sum(axis=0)
    of_day = (day_total + prior / 2) / np.maximum(day_count + prior, 1e-9)
    return np.asarray((total + 4.0 * np.tile(of_day, 7)) / (count + 4.0))


def _pauses(active: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight of the quiet hours between each active hour and the next."""
    gathered = np.cumsum(np.where(active, 0.0, weights))[active]
    return np.asarray(np.diff(gathered))


def _chance(weight: float, past: NDArray[np.float64]) -> float:
    """P(a pause gathers at least `weight`), from past pauses and an exponential tail beyond their 90 % quantile.

    Pauses of hours that are independent of each other have a tail of mean 1. That is the prior, as heavy as five
    pauses, and the least. That the mean is itself learned from few pauses makes the tail heavier (a Pareto tail).
    """
    edge = float(np.quantile(past, 0.9))
    as_long = int(np.count_nonzero(past >= weight))
    if weight <= edge:
        return (as_long + 1) / (len(past) + 1)
    beyond = past[past > edge] - edge
    known = len(beyond) + 5.0
    mean = max(1.0, (float(beyond.sum()) + 5.0) / known)
    tail = (1.0 + (weight - edge) / (known * mean)) ** -(known + 1.0)
    # What has happened before (a weekend) can happen again, whatever the tail says.
    return max(as_long, (len(beyond) + 1) * tail) / (len(past) + 1)
