"""The loops behind `detect.py`: trailing means and quantiles, the daily rhythm, rarity, one alarm per event.

Every output at row i depends on rows 0..i only. Imported inside the driver, so that importing the engine is quick.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from nhipcau.engine.compiling import njit

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]

COMPILE = {"cache": True, "nogil": True}
DAY_SECONDS = 86_400


@njit(**COMPILE)
def trailing_mean(series: Floats, length: int) -> Floats:
    """Mean of the last `length` points; of all there are, at the beginning."""
    # Summed anew for each point: a running sum would let one huge value blur all that follow.
    count = len(series)
    means = np.empty(count)
    for row in range(count):
        begin = max(0, row - length + 1)
        total = 0.0
        for place in range(begin, row + 1):
            total += series[place]
        means[row] = total / (row + 1 - begin)
    return means


@njit(**COMPILE)
def change(series: Floats, length: int) -> Floats:
    """How far the series has moved in `length` points; since its first point, at the beginning."""
    moved = np.zeros(len(series))
    for row in range(len(series)):
        moved[row] = series[row] - series[max(0, row - length)]
    return moved


@njit(**COMPILE)
def trailing_quantiles(series: Floats, length: int, fractions: Floats) -> Floats:
    """Quantiles of the `length` points before each point, the point itself left out; NaN for the first."""
    count = len(series)
    quantiles = np.full((count, len(fractions)), np.nan)
    ordered = np.empty(length)
    held = 0
    for row in range(count):
        if held > 0:
            for column in range(len(fractions)):
                position = fractions[column] * (held - 1)
                below = int(position)
                above = min(below + 1, held - 1)
                part = position - below
                quantiles[row, column] = ordered[below] * (1 - part) + ordered[above] * part
        if held == length:
            place = np.searchsorted(ordered[:held], series[row - length])
            for later in range(place, held - 1):
                ordered[later] = ordered[later + 1]
            held -= 1
        place = np.searchsorted(ordered[:held], series[row])
        for later in range(held, place, -1):
            ordered[later] = ordered[later - 1]
        ordered[place] = series[row]
        held += 1
    return quantiles


@njit(**COMPILE)
def without_daily_rhythm(times: Times, values: Floats, bins: int, forget: float, clip: float) -> Floats:
    """Take away what the time of day explains, as learned from the days before.

    The profile is an average of deviations from a slow level, clipped at `clip` typical deviations, so that one
    extreme day does not become tomorrow's expectation.
    """
    count = len(values)
    left = np.empty(count)
    profile = np.zeros(bins)
    seen = np.zeros(bins)
    level = values[0] if count else 0.0
    typical = 0.0
    for row in range(count):
        place = (times[row] % DAY_SECONDS) * bins // DAY_SECONDS
        left[row] = values[row] - profile[place] * (seen[place] / (seen[place] + 1.0))
        deviation = values[row] - level
        size = abs(deviation)
        if row >= 20:
            size = min(size, 10.0 * typical)
        typical += (size - typical) * max(0.002, 1.0 / (row + 2))
        bound = clip * typical
        deviation = min(max(deviation, -bound), bound)
        level += deviation * max(0.0005, 1.0 / (row + 2))
        seen[place] += 1.0
        profile[place] += (deviation - profile[place]) * max(forget, 1.0 / seen[place])
    return left


@njit(**COMPILE)
def rarity(deviations: Floats, thresholds: Floats, quiet: int, half_life: float) -> Floats:
    """How rare a deviation is, in nats: minus the log of how many as high the past would be expected to hold.

    Peaks over a threshold with an exponential tail. Excesses less than `quiet` points apart are one event, of which
    the highest counts. The tail begins with three events of mean excess 0.5 in 300 points, as a prior.
    """
    count = len(deviations)
    rare = np.zeros(count)
    keep = 0.5 ** (1.0 / half_life)
    events, excesses, exposure, past = 3.0, 1.5, 300.0, 0.0
    inside = False
    highest = 0.0
    since = 0
    for row in range(count):
        excess = deviations[row] - thresholds[row]  # NaN while there is no threshold: no comparison holds
        past = past * keep + 1.0
        if excess > 0.0:
            # expected = events / exposure * exp(-excess / mean excess) * (points of the past + 1,000) / 2,000
            expected = math.log(events / exposure) - excess * events / excesses + math.log((past + 1000.0) / 2000.0)
            rare[row] = max(0.0, -expected)
        events *= keep
        excesses *= keep
        exposure = exposure * keep + 1.0
        if excess > 0.0:
            if not inside:
                inside = True
                highest = excess
                events += 1.0
                excesses += excess
            elif excess > highest:
                excesses += excess - highest
                highest = excess
            since = 0
        elif inside:
            since += 1
            if since > quiet:
                inside = False
    return rare


@njit(**COMPILE)
def first_of_each_event(surprise: Floats, rest: int, margin: float) -> Floats:
    """Keep a surprise only where it exceeds the last one, faded linearly over `rest` points, by `margin`; else 0."""
    count = len(surprise)
    kept = np.zeros(count)
    last = 0.0
    last_row = -rest
    for row in range(count):
        faded = last * max(0.0, 1.0 - (row - last_row) / rest)
        if surprise[row] > faded + margin:
            kept[row] = surprise[row]
        if surprise[row] > faded:
            last = surprise[row]
            last_row = row
    return kept
