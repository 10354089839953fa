"""`detect`: how surprising each point of a series is, given the points before it; and the same from file to file.

Counts of voices by hour have their own, calibrated levels in `levels.py`. The loops are in `_detect_kernels.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

ALARM_SCORE: Final = 0.62
"""From this score up a point is labelled an alarm where the input has no labels of its own.

On counts in which nothing happens (Poisson with a daily rhythm, every five minutes, mean 0.2 to 200, two to eight
weeks) it is passed less than once in five weeks; `tests/engine/watch/test_detect.py` holds it to that.
"""


@dataclass(frozen=True, kw_only=True)
class DetectorSettings:
    """What the detector remembers, all in points of the series. The default is meant for every series.

    Attributes
    ----------
    scales
        Lengths over which values are averaged before they are judged: a spike, an hour or so, half a day or so.
    memory
        Points that the level, the spread and the threshold of the tail are taken from.
    day_bins
        Parts of the day of which each has its own expectation.
    tail
        Fraction of deviations below the threshold of the tail.
    rest
        Points after an alarm in which a weaker one is held to be the same event.
    margin
        By how many nats a surprise must exceed what is left of the last one.
    half_life
        Points after which an old event counts half.
    """

    scales: tuple[int, ...] = (1, 8, 64)
    memory: int = 8000
    day_bins: int = 48
    tail: float = 0.98
    rest: int = 400
    margin: float = 0.75
    half_life: float = 30_000.0


DEFAULT: Final = DetectorSettings()

_LARGEST: Final = 1e150

_BEGINNING: Final = 50
"""Points before a series has a threshold, and so before it can score."""


def detect(
    times: npt.NDArray[np.int64], values: npt.NDArray[np.float64], *, settings: DetectorSettings = DEFAULT
) -> npt.NDArray[np.float64]:
    """Score each point from 0 (as ever) to 1 (never seen the like), from the past and the point itself only.

    The value, and its change, are averaged over short, middle and long spans, the daily rhythm taken away. Each is
    measured in the series' own spread (``asinh`` of robust units, so that heavy tails stay comparable), and its tail
    beyond the 98 % quantile tells how many points as far out the whole past would be expected to hold. What is out on
    several spans at once is more surprising than a single blip, so spans are averaged; level and change are
    alternatives, so the greater counts. Only the first point of an event scores, unless a later one is clearly
    stronger: who is warned once need not be warned every five minutes.

    Parameters
    ----------
    times
        int64[n], seconds since any midnight of the local day; any step, gaps and repetitions allowed. Only the time
        of day is used.
    values
        float64[n]. A value that is not a number is passed over: it scores 0 and is not learned from.
    settings
        One default for all data.

    Returns
    -------
    float64[n]
        0 for most points. ``s / (s + 4)`` where ``s`` is the surprise in nats; from `ALARM_SCORE` up it is worth
        a look.

    Notes
    -----
    Cost: time O(n · memory) with a tiny constant (about 0.3 s for 16,000 points), memory O(n).
    Peaks over a threshold: Coles, An Introduction to Statistical Modeling of Extreme Values (2001), chapter 4.

    Examples
    --------
    >>> import numpy as np
    >>> times = np.arange(600) * 300
    >>> values = 20.0 + times // 300 % 7
    >>> values[500] = 400.0
    >>> int(detect(times, values).argmax())
    500
    """
    if len(times) != len(values):
        raise ValueError(f"{len(times)} times for {len(values)} values")
    known = np.isfinite(values)
    scores = np.zeros(len(values))
    if known.any():
        surprise = _surprise(times[known], values[known].astype(np.float64), settings)
        scores[known] = surprise / (surprise + 4.0)
    return scores


def _surprise(
    times: npt.NDArray[np.int64], values: npt.NDArray[np.float64], settings: DetectorSettings
) -> npt.NDArray[np.float64]:
    from nhipcau.engine.watch import _detect_kernels as kernels

    # Beyond this no sum or difference could be told from infinity.
    values = np.clip(values, -_LARGEST, _LARGEST)
    rest_of_day = kernels.without_daily_rhythm(times.astype(np.int64), values, settings.day_bins, 0.02, 3.0)
    level = np.zeros(len(values))
    movement = np.zeros(len(values))
    for length in settings.scales:
        mean = kernels.trailing_mean(rest_of_day, length)
        level += _rarity(mean, length, settings)
        movement += _rarity(kernels.change(mean, length), length, settings)
    return kernels.first_of_each_event(
        np.maximum(level, movement) / len(settings.scales), settings.rest, settings.margin
    )


def _rarity(series: npt.NDArray[np.float64], length: int, settings: DetectorSettings) -> npt.NDArray[np.float64]:
    """Rarity in nats of a series in its own robust units, both sides in one tail."""
    from nhipcau.engine.watch import _detect_kernels as kernels

    quantiles = kernels.trailing_quantiles(series, settings.memory, np.array([0.1, 0.5, 0.9]))
    middle = quantiles[:, 1]
    # A series that hardly moves has no spread of its own: a fiftieth of its level stands in.
    spread = np.maximum((quantiles[:, 2] - quantiles[:, 0]) / 2, 1e-9 + 0.02 * np.abs(middle))
    deviation = np.abs(np.arcsinh((series - middle) / spread))
    deviation = np.where(np.isfinite(deviation), deviation, 0.0)
    threshold = kernels.trailing_quantiles(deviation, settings.memory, np.array([settings.tail]))[:, 0]
    threshold[:_BEGINNING] = np.nan
    return kernels.rarity(deviation, threshold, 24 + length, settings.half_life)
