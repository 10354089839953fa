"""What the kernels of grouping pass to each other, by name; numba infers the real types. `state.py` makes them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Table: TypeAlias = Any
"""A structured array, whose rows are read by attribute: numba knows its fields."""

Number: TypeAlias = Any
"""A Python or a NumPy number: to numba they are the same."""

OPTIONS: Final = {"cache": True, "nogil": True, "fastmath": False, "boundscheck": False}

FEATURE: Final = np.dtype([("posts", "f4"), ("mean", "f4"), ("head", "i4"), ("weight", "f4")])
"""A feature: decayed count of posts with it, decayed sum of unit weights (both times growth), and where it leads.

`head` is -1 where it leads nowhere, -2 less the row of the only issue (then `weight` is its weight), else a block of
postings. Together, so that one look in memory finds all of it: most features are had by one issue only.
"""

THREAD: Final = np.dtype(
    [
        ("number", "i8"),  # number of the thread, -1 where the row is free
        ("last", "i8"),  # seconds of the last post, -1 without times
        ("seen", "i8"),  # stream position of the last post
        ("norm", "f8"),  # squared length of the vector
        ("size", "f8"),  # posts
        ("chance", "f8"),  # sum of the posts' chance
        ("length", "i4"),  # features of the vector
        ("issue", "i4"),  # row of the issue
        ("after", "i4"),  # next thread of the issue, or next free row
        ("spare", "i4"),
    ]
)
"""A tight group of posts; its vector, a sum of unit vectors of posts sorted by feature, lies beside."""

ISSUE: Final = np.dtype(
    [
        ("number", "i8"),  # -1 where the row is free
        ("last", "i8"),
        ("norm", "f8"),
        ("size", "f8"),
        ("chance", "f8"),
        ("looked", "f8"),  # size when its likes were last looked for
        ("thread", "i4"),  # first thread, or next free row
        ("parts", "i4"),  # how many threads
        ("slot", "i4"),  # row of its own vector, -1 where that is the vector of its only thread
        ("postings", "i4"),  # features under which it is listed
        ("changed", "i4"),  # 1: to be looked at in the next revision
        ("spare", "i4"),
    ]
)
"""A group of threads."""

# places in `counters` and in `scalars`
FREE_THREAD, FREE_ISSUE, FREE_BLOCK, NEXT_THREAD, NEXT_ISSUE, SINCE_REVISION, EVENTS = range(7)
STREAM, GROWTH = range(2)
MERGED, SPLIT = 1, 2


class Live(NamedTuple):
    """All that the loops change, and rooms to work in that hold nothing between two calls."""

    table: Table  # FEATURE[2 * buckets]
    block_issues: Array  # int32[blocks, block_width], rows of issues under one feature, -1 after the last
    block_weights: Array  # float32[blocks, block_width]
    block_next: Array  # int32[blocks], next free block
    issue_features: Array  # int32[threads, issue_postings], features under which an issue is listed
    threads: Table  # THREAD[threads]
    thread_features: Array  # int32[threads, thread_width]
    thread_weights: Array  # float32[threads, thread_width]
    issues: Table  # ISSUE[threads]
    bars: Array  # float64[threads], what a post has to share with an issue at least to be worth a comparison
    slot_features: Array  # int32[slots, issue_width], sums of the posts of the larger issues
    slot_weights: Array  # float32[slots, issue_width]
    slot_length: Array  # int32[slots]
    slot_free: Array  # int32[slots + 1], how many are free, and which
    counters: Array  # int64[7]
    scalars: Array  # float64[2]
    events: Array  # int64[n, 4]
    thread_issue: Array  # int64[], number of the issue that a thread was put into, by thread number
    issue_parent: Array  # int64[], number of the issue that an issue was merged into, itself if none
    room_features: Array  # int32[]
    room_weights: Array  # float32[]
    partial: Array  # float64[threads], all 0
    touched: Array  # int64[threads]


class Rules(NamedTuple):
    """The numbers of `GroupSettings` that the loops go by."""

    join: float
    join_at_once: float
    part: float
    looseness: float
    half_life: float  # seconds
    decay: float
    prior_posts: float
    period: int
