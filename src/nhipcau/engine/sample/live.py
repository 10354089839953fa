"""The issues that are alive while a run of posts is drawn, spread over the posts: arrays in step with the posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nhipcau.engine.sample.plan import Issue

Numbers = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Apply the splitmix64 finaliser: numbers in a row become numbers without order.

    Source: Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators, figure 16.
    """
    state = values + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


@dataclass
class Live:
    """One value a post, but for `places`, which has a row for each live issue and one for the chatter.

    `column` is the row of `places`; `issue` is -1 and `scenario` the last one for chatter.
    """

    column: Numbers
    issue: Numbers
    scenario: Numbers
    onset: Floats
    rise: Floats
    life: Floats
    offset: Floats
    salt: Longs
    place_count: Numbers
    places: Numbers

    @classmethod
    def of(cls, issues: Sequence[Issue], column: Numbers, chatter: int) -> Live:
        """Spread the issues over the posts; `column` says which each is about, after the last one is chatter."""
        widest = max((len(issue.places) for issue in issues), default=1)
        places = np.zeros((len(issues) + 1, widest), np.int32)
        for row, issue in enumerate(issues):
            places[row, : len(issue.places)] = issue.places

        def spread(values: list[float], last: float) -> Floats:
            return np.array([*values, last], np.float64)[column]

        def spread_whole(values: list[int], last: int) -> Longs:
            return np.array([*values, last], np.int64)[column]

        return cls(
            column=column,
            issue=spread_whole([issue.number for issue in issues], -1).astype(np.int32),
            scenario=spread_whole([issue.scenario for issue in issues], chatter).astype(np.int32),
            onset=spread([issue.onset for issue in issues], 0.0),
            rise=spread([issue.rise for issue in issues], 1.0),
            life=spread([issue.life for issue in issues], 1.0),
            offset=spread([issue.offset for issue in issues], 0.0),
            salt=spread_whole([issue.salt for issue in issues], 0),
            place_count=spread_whole([len(issue.places) for issue in issues], 1).astype(np.int32),
            places=places,
        )
