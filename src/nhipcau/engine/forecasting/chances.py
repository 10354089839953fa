"""Chances of counts: the negative binomial around an expected count, and how far out in it a count lies.

Whole counts are tabled; counts in the hundreds are treated as continuous (a gamma, by Wilson and Hilferty 1931).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.forecasting.model import Floats

LARGEST_TABLE: Final = 128
SMALLEST_MEAN: Final = 1e-6
BINS: Final = 200
"""Steps of the scale of `farness`."""


@dataclass(frozen=True, slots=True)
class Chances:
    """Predictive distributions of many hours.

    A count's farness is |2 F(y) - 1| with the mid-distribution function F(y) = P(Y < y) + P(Y = y) / 2: 0 in the
    middle, 1 far out on either side. A band is all counts up to some farness; what share of the hours it is expected
    to hold is `held`.

    Attributes
    ----------
    mean, excess
        float64[...], expected count and dispersion: variance = mean + excess * mean ** 2.
    mass, far
        float64[..., k], probability and farness of the counts 0..k-1; where `is_large`, not used.
    is_large
        bool[...], the table is too short for this hour.
    """

    mean: Floats
    excess: Floats
    mass: Floats
    far: Floats
    is_large: NDArray[np.bool_]


def chances(mean: Floats, excess: Floats) -> Chances:
    """Table the distributions; cost is the number of hours times the table's length (16 to 128)."""
    mean = np.maximum(mean, SMALLEST_MEAN)
    excess = np.broadcast_to(np.maximum(excess, 1e-4), mean.shape)
    reach = mean + 5.0 * np.sqrt(mean + excess * mean**2)
    is_large = reach > LARGEST_TABLE
    longest = float(reach[~is_large].max(initial=8.0))
    length = int(2 ** np.ceil(np.log2(longest + 8)))
    # P(0) = (1 + a m)^(-1/a); P(k+1) = P(k) (k + 1/a) / (k + 1) * a m / (1 + a m)
    size = 1.0 / excess
    step = excess * mean / (1.0 + excess * mean)
    count = np.arange(length - 1)
    ratio = (count + size[..., None]) / (count + 1.0) * step[..., None]
    first = np.exp(-size * np.log1p(excess * mean))
    mass = np.concatenate([first[..., None], ratio], axis=-1)
    np.cumprod(mass, axis=-1, out=mass)
    below = np.cumsum(mass, axis=-1) - mass
    return Chances(mean, excess, mass, np.abs(2.0 * (below + mass / 2.0) - 1.0), is_large)


def farness(given: Chances, counts: Floats) -> Floats:
    """How far out each count lies, 0 to 1, in the shape of `counts`."""
    length = given.mass.shape[-1]
    whole = np.clip(counts, 0, length - 1).astype(np.int64)
    tabled = np.take_along_axis(given.far, whole[..., None], axis=-1)[..., 0]
    tabled = np.where(counts > length - 1, 1.0, tabled)
    if not given.is_large.any():
        return tabled
    shape = 1.0 / (1.0 / given.mean + given.excess)
    score = (np.cbrt(counts / given.mean) - 1.0 + 1.0 / (9.0 * shape)) * 3.0 * np.sqrt(shape)
    return np.where(given.is_large, np.abs(_two_sided(score)), tabled)


def within_middle(given: Chances, counts: Floats, level: float) -> Floats:
    """Share of each count's chance that lies in the middle `level` of its distribution, 0 to 1, shaped as `counts`.

    Whole counts jump: where nothing is by far the likeliest, any interval with nothing in it holds more than its level.
    The chances from P(Y < y) to P(Y <= y) stand for the count instead, and what of them lies in the middle counts. The
    mean of it is `level` where the distributions are right, at any mean (the randomised probability integral transform
    without its chance; Czado, Gneiting and Held 2009, section 2.1). Large counts do not jump: use the interval there.
    """
    length = given.mass.shape[-1]
    whole = np.clip(counts, 0, length - 1).astype(np.int64)
    mass = np.take_along_axis(given.mass, whole[..., None], axis=-1)[..., 0]
    upto = np.take_along_axis(np.cumsum(given.mass, axis=-1), whole[..., None], axis=-1)[..., 0]
    lowest, highest = (1.0 - level) / 2.0, (1.0 + level) / 2.0
    overlap = np.minimum(upto, highest) - np.maximum(upto - mass, lowest)
    share = np.where(counts > length - 1, 0.0, np.clip(overlap, 0.0, mass) / np.maximum(mass, 1e-300))
    return np.minimum(share, 1.0)


def held(given: Chances) -> Floats:
    """Share of the hours (last axis) expected within a band of farness 1 / `BINS`, … 1: float64[..., BINS]."""
    length = given.mass.shape[-1]
    horizon = given.mean.shape[-1]
    rows = int(np.prod(given.mean.shape[:-1], dtype=np.int64))
    bins = np.minimum((given.far * BINS).astype(np.int64), BINS - 1).reshape(rows, horizon, length)
    mass = np.where(given.is_large[..., None], 0.0, given.mass).reshape(rows, -1)
    flat = (bins.reshape(rows, -1) + np.arange(rows)[:, None] * BINS).ravel()
    within = np.bincount(flat, mass.ravel(), rows * BINS).reshape(rows, BINS).cumsum(axis=1)
    large = given.is_large.reshape(rows, horizon).sum(axis=1)
    within += large[:, None] * (np.arange(1, BINS + 1) / BINS)
    return (within / horizon).reshape(*given.mean.shape[:-1], BINS)


def band(given: Chances, reach: Floats) -> tuple[Floats, Floats]:
    """Lowest and highest count within a farness of `reach` (which broadcasts against the hours)."""
    inside = given.far <= reach[..., None] + 1e-12
    length = given.mass.shape[-1]
    nearest = given.far.argmin(axis=-1)
    low = np.where(inside.any(axis=-1), inside.argmax(axis=-1), nearest).astype(np.float64)
    high = np.where(inside.any(axis=-1), length - 1 - inside[..., ::-1].argmax(axis=-1), nearest).astype(np.float64)
    if given.is_large.any():
        shape = 1.0 / (1.0 / given.mean + given.excess)
        normal = NormalDist()
        score = np.vectorize(lambda level: normal.inv_cdf(min(0.5 + level / 2.0, 0.99999)), otypes=[np.float64])(reach)
        centre, spread = 1.0 - 1.0 / (9.0 * shape), score / (3.0 * np.sqrt(shape))
        low = np.where(given.is_large, given.mean * np.maximum(centre - spread, 0.0) ** 3, low)
        high = np.where(given.is_large, given.mean * np.maximum(centre + spread, 0.0) ** 3, high)
    return low, high


def median(given: Chances) -> Floats:
    """Smallest count that at least half of the chance reaches; the gamma's for large counts."""
    whole = (np.cumsum(given.mass, axis=-1) < 0.5 - 1e-12).sum(axis=-1).astype(np.float64)
    shape = 1.0 / (1.0 / given.mean + given.excess)
    return np.where(given.is_large, given.mean * np.maximum(1.0 - 1.0 / (9.0 * shape), 0.0) ** 3, whole)


def _two_sided(score: Floats) -> Floats:
    """2 * Phi(score) - 1 to within .0004, without scipy."""
    return np.tanh(0.7978845608 * (score + 0.044715 * score**3))
