"""The loops behind `levels.py`: the running baseline of an hourly series, and the tail of what it predicts.

Imported inside the driver, so that importing the engine is quick. The plain version is
`tests/engine/watch/naive_levels.py`.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from nhipcau.engine.compiling import njit

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

COMPILE = {"cache": True, "nogil": True}

WINDOWS = (1, 3, 6, 24)
LAG = 72
"""Hours between the baseline and the present: what has been going on for a day or two is not yet what is usual."""
HOURS_OF_WEEK = 168
DAY_PRIOR, WEEK_PRIOR = 20.0, 50.0
"""Voices that must be heard in an hour of the day, a day of the week, before its own rhythm counts half."""
SPREAD_PRIOR = 20.0
"""Squared expected voices that must go by before a series' own spread counts half."""
LONGEST_WAIT = 48
"""Hours without any arrival that a later arrival is still held to report on."""


@njit(**COMPILE)
def _continued_fraction(successes: float, failures: float, share: float) -> float:
    """Lentz's evaluation of the continued fraction of the incomplete beta function (DLMF 8.17.22)."""
    tiny = 1e-300
    numerator = 1.0
    denominator = 1.0 - (successes + failures) * share / (successes + 1.0)
    if abs(denominator) < tiny:
        denominator = tiny
    denominator = 1.0 / denominator
    fraction = denominator
    for step in range(1, 10_000):
        even = step * (failures - step) * share / ((successes + 2 * step - 1) * (successes + 2 * step))
        odd = -(successes + step) * (successes + failures + step) * share
        odd /= (successes + 2 * step) * (successes + 2 * step + 1)
        for term in (even, odd):
            denominator = 1.0 + term * denominator
            if abs(denominator) < tiny:
                denominator = tiny
            numerator = 1.0 + term / numerator
            if abs(numerator) < tiny:
                numerator = tiny
            denominator = 1.0 / denominator
            factor = denominator * numerator
            fraction *= factor
        if abs(factor - 1.0) < 1e-12:
            break
    return fraction


@njit(**COMPILE)
def tail_probability(count: int, mean: float, size: float) -> float:
    """P(N >= count) for a negative binomial N with this mean and size (variance = mean + mean² / size)."""
    if count <= 0:
        return 1.0
    if mean <= 0.0:
        return 0.0
    # P(N >= count) = I_share(count, size), the regularised incomplete beta function.
    share = mean / (mean + size)
    log_front = math.lgamma(count + size) - math.lgamma(count) - math.lgamma(size)
    log_front += count * math.log(share) + size * math.log1p(-share)
    if share < (count + 1.0) / (count + size + 2.0):
        return math.exp(log_front) * _continued_fraction(float(count), size, share) / count
    return 1.0 - math.exp(log_front) * _continued_fraction(size, float(count), 1.0 - share) / size


@njit(**COMPILE)
def _spread(strayed: float, weighed: float, prior: float) -> float:
    """Relative variance of the rate beyond chance, shrunk to its prior, never quite nothing."""
    return min(max(0.02, (strayed + prior * SPREAD_PRIOR) / (weighed + SPREAD_PRIOR)), 1.0)


@njit(**COMPILE)
def _level(a_week: float, voices: float, limits: Floats, least: Counts) -> int:
    """How many of the levels, from the lowest up, are reached."""
    reached = 0
    while reached < len(limits) and a_week < limits[reached] and voices >= least[reached]:
        reached += 1
    return reached


@njit(**COMPILE)
def history(
    counts: Counts,
    observed: npt.NDArray[np.bool_],
    first_hour_of_week: int,
    rhythm: Floats,
    prior_voices: float,
    prior_hours: float,
    prior_spread: float,
    half_life: float,
    judge_from: int,
    warm_up: int,
    limits: Floats,
    least: Counts,
    codes: npt.NDArray[np.int8],
    times_a_week: Floats,
    windows: npt.NDArray[np.int8],
    seen: Counts,
    expected: Floats,
) -> None:
    """Judge the hours from `judge_from` on; write, for each, its level and the window that shows it most clearly.

    Hours before the first voice, and `warm_up` hours from then on, are not judged.

    Voices that arrive after hours in which nothing arrived at all are judged against what all those hours would have
    brought. A count enters the baseline `LAG` hours later.
    """
    hours = len(counts)
    keep = 0.5 ** (1.0 / half_life)
    window_count = len(WINDOWS)
    # Running sums over the hours so far; row `hour + 1` is the state after `hour`, kept for LAG + 1 hours.
    ring = LAG + 1
    total_count = np.zeros(ring)
    total_exposure = np.zeros(ring)
    voices = np.full(ring, prior_voices)
    exposure = np.full(ring, prior_hours)
    # What this series itself shows of its day and its week, in voices, beside what its level alone would explain.
    day_voices = np.full(24, DAY_PRIOR)
    day_expected = np.full(24, DAY_PRIOR)
    week_voices = np.full(7, WEEK_PRIOR)
    week_expected = np.full(7, WEEK_PRIOR)
    strayed = np.zeros((ring, window_count))
    weighed = np.zeros((ring, window_count))
    keep_day = keep**24
    waiting = 0  # hours before this one that no arrival has reported on
    waiting_exposure = 0.0
    begun = False
    carried_code, carried_a_week, carried_window, carried_seen, carried_expected = 0, math.inf, 0, 0, 0.0
    for hour in range(hours):
        if not begun:
            if counts[hour] == 0:
                continue
            begun = True
            begun_at = hour
            judge_from = max(judge_from, begun_at + warm_up)
        place = (first_hour_of_week + hour) % HOURS_OF_WEEK
        own = day_voices[place % 24] / day_expected[place % 24] * week_voices[place // 24] / week_expected[place // 24]
        share = rhythm[place] * own
        before, after = hour % ring, (hour + 1) % ring
        if not observed[hour] and counts[hour] == 0:
            # Nobody could have been heard: no evidence of quiet, no reason to change one's mind.
            if waiting < LONGEST_WAIT:
                waiting += 1
                waiting_exposure += share
            else:
                carried_code, carried_a_week, carried_window, carried_seen, carried_expected = 0, math.inf, 0, 0, 0.0
            total_count[after] = total_count[before]
            total_exposure[after] = total_exposure[before]
            voices[after] = voices[before]
            exposure[after] = exposure[before]
            strayed[after] = strayed[before]
            weighed[after] = weighed[before]
            if hour >= judge_from:
                codes[hour], times_a_week[hour], windows[hour] = carried_code, carried_a_week, carried_window
                seen[hour], expected[hour] = carried_seen, carried_expected
            continue
        # The voice that a series begins with says that it exists, not how fast it grows.
        count = counts[hour] - 1 if hour == begun_at else counts[hour]
        exposed = share + waiting_exposure
        total_count[after] = total_count[before] + count
        total_exposure[after] = total_exposure[before] + exposed
        best_code, best_a_week, best_window, best_seen, best_expected = 0, math.inf, 0, 0, 0.0
        base = max(hour + 1 - LAG, begun_at) % ring
        usual = voices[base] / exposure[base]
        for index in range(window_count):
            length = WINDOWS[index]
            behind = max(hour + 1 - length, begun_at) % ring
            in_window = total_count[after] - total_count[behind]
            mean = usual * (total_exposure[after] - total_exposure[behind])
            spread = _spread(strayed[base, index], weighed[base, index], prior_spread)
            size = 1.0 / (1.0 / voices[base] + spread)
            if hour >= judge_from and in_window > mean:
                # A week has that many windows of this length apart from each other, and each length is tried.
                trials = window_count * HOURS_OF_WEEK / length
                a_week = trials * tail_probability(int(in_window), mean, size)
                code = _level(a_week, in_window, limits, least)
                if code > best_code or (code == best_code and a_week < best_a_week):
                    best_code, best_a_week, best_window = code, a_week, length
                    best_seen, best_expected = int(in_window), mean
            # Learn how far this series strays at this length, beyond chance; one burst does not teach much.
            variance = mean + mean * mean * spread
            stray = min((in_window - mean) ** 2, 9.0 * variance)
            strayed[after, index] = strayed[before, index] * keep + (stray - mean) / length
            weighed[after, index] = weighed[before, index] * keep + mean * mean / length
        carried_code, carried_a_week, carried_window = best_code, best_a_week, best_window
        carried_seen, carried_expected = best_seen, best_expected
        if hour >= judge_from:
            codes[hour], times_a_week[hour], windows[hour] = carried_code, carried_a_week, carried_window
            seen[hour], expected[hour] = carried_seen, carried_expected
        # Learn the level; a burst counts as far as chance could have made it.
        rate = voices[before] / exposure[before]
        mean = rate * exposed
        spread = _spread(strayed[before, 0], weighed[before, 0], prior_spread)
        bound = mean + 3.0 * math.sqrt(mean + mean * mean * spread) + 3.0
        learned = min(float(count), bound)
        voices[after] = prior_voices + (voices[before] - prior_voices) * keep + learned
        exposure[after] = prior_hours + (exposure[before] - prior_hours) * keep + exposed
        # Learn the day and the week: an arrival is shared among the hours that it reports on.
        for back in range(waiting + 1):
            shared_place = (first_hour_of_week + hour - back) % HOURS_OF_WEEK
            of_day, of_week = shared_place % 24, shared_place // 24
            day_factor = day_voices[of_day] / day_expected[of_day]
            week_factor = week_voices[of_week] / week_expected[of_week]
            part = rhythm[shared_place] * day_factor * week_factor
            arrived = learned * part / exposed if exposed > 0.0 else 0.0
            unfactored = rate * rhythm[shared_place]
            day_voices[of_day] = DAY_PRIOR + (day_voices[of_day] - DAY_PRIOR) * keep_day + arrived
            day_expected[of_day] = DAY_PRIOR + (day_expected[of_day] - DAY_PRIOR) * keep_day + unfactored * week_factor
            week_voices[of_week] = WEEK_PRIOR + (week_voices[of_week] - WEEK_PRIOR) * keep_day + arrived
            week_expected[of_week] = (
                WEEK_PRIOR + (week_expected[of_week] - WEEK_PRIOR) * keep_day + unfactored * day_factor
            )
        waiting = 0
        waiting_exposure = 0.0
