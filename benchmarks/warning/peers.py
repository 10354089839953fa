"""Live peers, each from the past only: detectors of any series, and two rules for counts by hour."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from river.anomaly import HalfSpaceTrees
from river.preprocessing import MinMaxScaler

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]


def windowed_gaussian(times: Longs, values: Floats, *, window: int = 6400) -> Floats:
    """Score by the normal distribution of the points before, as NAB's baseline of this name does."""
    scores = np.zeros(len(values))
    for row in range(1, len(values)):
        past = values[max(0, row - window) : row]
        spread = float(past.std()) or 1e-6
        scores[row] = math.erf(abs(values[row] - past.mean()) / spread / math.sqrt(2))
    return scores


def half_space_trees(times: Longs, values: Floats) -> Floats:
    """Score by river's half-space trees (Tan, Ting and Liu 2011) as they come, on values scaled to 0..1."""
    scaler, trees = MinMaxScaler(), HalfSpaceTrees(seed=0)
    scores = np.zeros(len(values))
    for row, value in enumerate(values.tolist()):
        scaler.learn_one({"value": value})
        point = scaler.transform_one({"value": value})
        scores[row] = trees.score_one(point)
        trees.learn_one(point)
    return scores


DETECTORS = {"windowed Gaussian": windowed_gaussian, "river HalfSpaceTrees": half_space_trees}


def five_an_hour(counts: Longs) -> Flags:
    """Warn from five voices an hour on."""
    return counts >= 5


def ears(counts: Longs) -> Flags:
    """EARS C2 (Hutwagner et al. 2003) by day, told every hour: a week two days ago, its mean and three deviations."""
    days = np.convolve(counts, np.ones(24))[: len(counts)]
    warned = np.zeros(len(counts), np.bool_)
    for hour in range(len(counts)):
        base = days[max(0, hour - 9 * 24 + 1) : max(0, hour - 2 * 24 + 1)][::-24]
        middle, spread = (float(base.mean()), float(base.std(ddof=1))) if len(base) > 1 else (0.0, 0.0)
        warned[hour] = days[hour] > middle + 3 * max(spread, 0.5) and days[hour] >= 5
    return warned


COUNT_RULES = {"5 an hour": five_an_hour, "EARS C2": ears}
