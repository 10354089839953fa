"""The warning level of many series at their last hour, as the brief asks for it. The tail behind it is in `levels`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.watch import levels


def levels_now(counts: NDArray[np.int64], *, start_hour: int, observed: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Level of each series in its last hours: 0 none, 1 watch, 2 alert, 3 urgent.

    Parameters
    ----------
    counts
        int64[m, n], posts an hour; the last column is now.
    start_hour
        Local hours since 1970 of the first column.
    observed
        bool[n], hours in which anything was heard at all; the others are no evidence of quiet.
    """
    if counts.size == 0:
        return np.zeros(len(counts), np.uint8)
    looked = min(24, counts.shape[1])
    tails, _, seen, _ = levels.level_history(counts, start_hour, observed=observed, judge_from=counts.shape[1] - looked)
    # a storm that began some hours ago is still one, so the strongest of the last six hours counts
    part = slice(max(0, counts.shape[1] - 6), counts.shape[1])
    codes = np.zeros(len(counts), np.uint8)
    for code, tail, voices in (
        (1, levels.WATCH_P, levels.WATCH_VOICES),
        (2, levels.ALERT_P, levels.ALERT_VOICES),
        (3, levels.URGENT_P, levels.URGENT_VOICES),
    ):
        codes[((tails[:, part] <= tail) & (seen[:, part] >= voices)).any(axis=1)] = code
    return codes
