"""The slow and obvious way to chances and scores, for the tests of `nhipcau.engine.forecasting`."""

from __future__ import annotations

from math import exp, lgamma, log


def mass(count: int, mean: float, excess: float) -> float:
    """Negative binomial probability with variance mean + excess * mean ** 2."""
    size = 1.0 / excess
    return exp(
        lgamma(count + size)
        - lgamma(size)
        - lgamma(count + 1)
        + size * log(size / (size + mean))
        + count * log(mean / (size + mean))
    )


def farness(count: int, mean: float, excess: float) -> float:
    below = sum(mass(each, mean, excess) for each in range(count))
    return abs(2 * (below + mass(count, mean, excess) / 2) - 1)


def median(mean: float, excess: float) -> int:
    total, count = mass(0, mean, excess), 0
    while total < 0.5:
        count += 1
        total += mass(count, mean, excess)
    return count


def seasonal_naive(known: list[float], horizon: int) -> list[float]:
    return [known[len(known) - 24 + hour % 24] for hour in range(horizon)]
