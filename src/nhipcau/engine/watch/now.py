"""The warning level of many series within their last day, as the brief asks for it. What a level is: `levels`."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.watch.levels import DEFAULT, LevelSettings, level_history

LOOKED_BACK_HOURS: Final = 24
_ROWS_AT_A_TIME: Final = 256
"""Series that are judged at a time: what is known of each hour of many is large, and only the levels are kept."""


def levels_now(
    counts: NDArray[np.integer[Any]],
    *,
    start_hour: int,
    observed: NDArray[np.bool_],
    rhythm: NDArray[np.float64] | None = None,
    is_new: bool = True,
    settings: LevelSettings = DEFAULT,
) -> NDArray[np.uint8]:
    """Strongest level of each series within its last day: 0 none, 1 watch, 2 alert, 3 urgent.

    Parameters
    ----------
    counts
        integers[m, n], posts an hour; the last column is now.
    start_hour
        Local hours since 1970 of the first column.
    observed
        bool[n], hours in which anything was heard at all; the others are no evidence of quiet.
    rhythm
        float64[168], what is usual in each hour of the week (`nhipcau.engine.watch.habits.weekly_rhythm`); flat if not
        given.
    is_new
        True for issues; False for places and sources, whose record begins where the log does.
    settings
        `nhipcau.engine.watch.habits.starting_prior` makes them for a stream.
    """
    if counts.size == 0:
        return np.zeros(len(counts), np.uint8)
    first = max(0, counts.shape[1] - LOOKED_BACK_HOURS)
    levels = np.zeros(len(counts), np.uint8)
    for start in range(0, len(counts), _ROWS_AT_A_TIME):
        rows = slice(start, start + _ROWS_AT_A_TIME)
        judged = level_history(
            counts[rows],
            start_hour,
            observed=observed,
            rhythm=rhythm,
            is_new=is_new,
            judge_from=first,
            settings=settings,
        )
        # A storm that began this day is still one, so the strongest hour of the last day counts.
        levels[rows] = judged.codes[:, first:].max(axis=1)
    return levels
