"""Early-warning levels of hourly counts of voices: of an issue, a place, a source or a whole stream.

What is counted is the caller's choice (distinct authors and folded copies are better than posts). `detect.py` is for
series of any other kind, `silence.py` for what is missing. The loops are in `_level_kernels.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

NONE: Final = 0
WATCH: Final = 1
ALERT: Final = 2
URGENT: Final = 3
LEVEL_NAMES: Final = ("none", "watch", "alert", "urgent")
"""Names of the codes, by code, as they stand in JSON."""

HOURS_OF_WEEK: Final = 168

WATCH_P, ALERT_P, URGENT_P = 1e-4, 1e-6, 1e-9
WATCH_VOICES, ALERT_VOICES, URGENT_VOICES = 5, 10, 20


@dataclass(frozen=True, kw_only=True)
class LevelSettings:
    prior_voices: float = 1.0
    prior_hours: float = 24.0
    prior_spread: float = 0.25
    half_life_hours: float = 336.0


DEFAULT: Final = LevelSettings()


@dataclass(frozen=True, kw_only=True)
class Levels:
    codes: npt.NDArray[np.int8]
    p_values: npt.NDArray[np.float64]
    windows: npt.NDArray[np.int8]
    seen: npt.NDArray[np.int64]
    expected: npt.NDArray[np.float64]


def level_history(counts, start_hour, *, observed=None, rhythm=None, settings=DEFAULT, judge_from=0):
    from nhipcau.engine.watch import _level_kernels as kernels
    counts = np.atleast_2d(np.asarray(counts, dtype=np.int64))
    m, n = counts.shape
    if observed is None: observed = np.ones(n, bool)
    if rhythm is None: rhythm = np.ones(168)
    p = np.ones((m, n)); w = np.zeros((m, n), np.int8); s = np.zeros((m, n), np.int64); e = np.zeros((m, n))
    for i in range(m):
        kernels.history(counts[i], observed, (start_hour + 72) % 168, rhythm, float(settings.prior_voices), float(settings.prior_hours), float(settings.prior_spread), float(settings.half_life_hours), judge_from, p[i], w[i], s[i], e[i])
    return p, w, s, e
