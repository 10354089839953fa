"""Expected counts of the hours to come: three models of statsforecast, blended, times the rhythm.

Hours are first regrouped into spans that hold the same expected number of posts (a busy afternoon gives two spans, a
night a fraction of one), so that what the models see has no season. The library is loaded on first use.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Final

import numpy as np

from nhipcau.engine.forecasting.model import Floats

FAST_SPAN: Final = 6.0
"""Spans of the fast model, in average hours."""
SLOW_SPAN: Final = 12.0
FEWEST_SPANS: Final = 10
"""Below this the library cannot choose a smoothing constant; a fixed one is used."""

# How long an excess over the slow level lasts: an issue of the news halves within a day. Fitted on half of the series
# of `benchmarks/forecast`; the flat optimum changes errors by less than 2 % when a constant is halved or doubled.
FAST_WEIGHT: Final = 0.53
FAST_FADES_HOURS: Final = 30.0
MIDDLE_WEIGHT: Final = 0.22
MIDDLE_FADES_HOURS: Final = 60.0
TRUST_HOURS: Final = 220.0
"""The level of a series that began under our eyes is expected to stay only as far as it has lasted."""
ABSENT_POSTS: Final = 3.0
"""A series began under our eyes if so many posts would have come before its first one at its level since."""


@cache
def load_library() -> ModuleType:
    """Import the models of statsforecast (1.5 to 3 s, once); a caller with other work may do so in a thread.

    No model used here compiles anything at its first call. There is no lighter way in: its package imports pandas, and
    each of its modules statsmodels, whatever is asked for.
    """
    from statsforecast import models

    return models


def trust(counts: Floats, hours_before: int) -> float:
    """Share of its slow level that a series is expected to keep, 0 to 1.

    An issue that was not there last week will probably not be there next week; a category always was.

    Parameters
    ----------
    counts
        float64[n], posts an hour from the first post on.
    hours_before
        Hours on record before the first post.
    """
    age = len(counts)
    if counts.sum() / age * hours_before < ABSENT_POSTS:
        return 1.0
    return age**2 / (age**2 + TRUST_HOURS**2)


def expected_counts(counts: Floats, weights: Floats, *, kept: float) -> Floats:
    """Forecast the expected count of each hour to come.

    Parameters
    ----------
    counts
        float64[n], posts an hour from the first post on, oldest first.
    weights
        float64[n + horizon], the rhythm of the same hours and of those to come.
    kept
        Share of the slow level that is expected to stay, see `trust`.

    Returns
    -------
    float64[horizon]

    Notes
    -----
    mean(h) = slow + fast_share(h) * (fast - slow) + middle_share(h) * (middle - slow), not below 0, with
    fast: simple exponential smoothing with a fitted constant (ETS ANN) on 6-hour spans; middle: IMAPA, and slow: TSB
    (a level and a chance of any post, both with constant .05), on 12-hour spans. Blending by horizon lets a burst
    return to its level, and the trust in the slow level lets a young issue fade. About .4 ms.
    """
    size, horizon = len(counts), len(weights) - len(counts)
    ahead = weights[size:]
    if counts.sum() == 0:
        return np.zeros(horizon)
    models = load_library()
    narrow = spans(counts, weights[:size], FAST_SPAN)
    wide = spans(counts, weights[:size], SLOW_SPAN)
    smoothing = (
        models.AutoETS(season_length=1, model="ANN")
        if len(narrow) >= FEWEST_SPANS
        else models.SimpleExponentialSmoothing(alpha=0.3)
    )
    # All three are flat ahead: one value is the whole forecast.
    fast = _flat(smoothing, narrow)
    middle = _flat(models.IMAPA(), wide)
    slow = _flat(models.TSB(alpha_d=0.05, alpha_p=0.05), wide) * kept
    hour = np.arange(horizon) + 0.5
    fast_share = FAST_WEIGHT * np.exp(-hour / FAST_FADES_HOURS)
    middle_share = MIDDLE_WEIGHT * np.exp(-hour / MIDDLE_FADES_HOURS)
    level = slow + fast_share * (fast - slow) + middle_share * (middle - slow)
    return np.maximum(level, 0.0) * ahead


def spans(counts: Floats, weights: Floats, span: float) -> Floats:
    """Regroup hours into consecutive spans of equal weight, the last one ending now: posts per average hour.

    What is left at the old end, less than one span, is left out unless it is all there is.
    """
    exposure = np.concatenate([[0.0], np.cumsum(weights[::-1])])
    posts = np.concatenate([[0.0], np.cumsum(counts[::-1])])
    whole = int(exposure[-1] / span)
    if whole == 0:
        return np.array([posts[-1] / exposure[-1]])
    edges = np.interp(np.arange(whole + 1) * span, exposure, posts)
    return np.diff(edges)[::-1] / span


def _flat(model: object, values: Floats) -> float:
    if not values.any():
        return 0.0
    value = float(model.forecast(y=values, h=1)["mean"][0])  # type: ignore[attr-defined]
    return max(value, 0.0) if np.isfinite(value) else float(values.mean())
