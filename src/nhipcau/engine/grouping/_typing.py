"""What the kernels of grouping pass to each other, by name; numba infers the real types. `state.py` makes them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Table: TypeAlias = Any
"""A structured array, whose rows are read by attribute: numba knows its fields."""

Number: TypeAlias = Any
"""A Python or a NumPy number. Whole ones are passed as int64 alone: numba compiles a kernel anew for each other type,
a literal among them (hence `ZERO`).
"""

ZERO: Final = np.int64(0)

OPTIONS: Final = {"cache": True, "nogil": True, "fastmath": False, "boundscheck": False, "error_model": "numpy"}

LEAN: Final = {**OPTIONS, "_nrt": False}
"""For kernels that make no arrays: numba need not count who holds those that they are given, which costs half of them.

It says so itself where such a kernel makes one after all ("NRT required but not enabled").
"""

FEATURE: Final = np.dtype([("posts", "f4"), ("mean", "f4"), ("head", "i4"), ("weight", "f4")])
"""A feature: decayed count of posts with it, decayed sum of unit weights (both times growth), and where it leads.

`head` is -1 where it leads nowhere, -2 less the handle of the only issue (then `weight` is its weight), else a block of
postings. Together, so that one look in memory finds all of it: most features are had by one issue only.
"""

POSTING: Final = np.dtype([("handle", "i4"), ("weight", "f4")])
"""An issue under a feature; `handle` is -1 after the last of a block. What a free block holds means nothing."""

ENTRY: Final = np.dtype([("feature", "i4"), ("weight", "f4")])
"""One feature of a vector."""

STANDING: Final = np.dtype([("partial", "f4"), ("bar", "f4"), ("pull", "f4"), ("size", "f4"), ("handle", "i4")])
"""What a search asks of an issue before anything else, in one look in memory.

`handle` is what postings call the issue by today: its row and how often the row was used. Postings of an issue that is
closed are left where they are; that they mean it no more is seen by the handle. `bar` is what a post has to share with
the issue at least to be worth a comparison, `pull` times that of another issue is what chance alone would let the two
share; `partial` is 0 between two searches.
"""

THREAD: Final = np.dtype(
    [
        ("number", "i8"),  # number of the thread, -1 where the row is free
        ("last", "i8"),  # seconds of the last post, -1 without times
        ("seen", "i8"),  # stream position of the last post
        ("norm", "f8"),  # squared length of the vector
        ("size", "f8"),  # posts
        ("chance", "f8"),  # sum of the posts' chance
        ("length", "i8"),  # features of the vector
        ("issue", "i8"),  # row of the issue
        ("after", "i8"),  # next thread of the issue, or next free row
    ]
)
"""A tight group of posts; its vector is a sum of unit vectors of posts."""

ISSUE: Final = np.dtype(
    [
        ("number", "i8"),  # -1 where the row is free
        ("last", "i8"),
        ("norm", "f8"),
        ("size", "f8"),
        ("chance", "f8"),
        ("looked", "f8"),  # size when its likes were last looked for
        ("thread", "i8"),  # first thread, or next free row
        ("parts", "i8"),  # how many threads
        ("slot", "i8"),  # which vector of its own, -1 where its vector is that of its only thread
        ("length", "i8"),  # features of its own vector
        ("postings", "i8"),  # features under which it is listed
        ("changed", "i8"),  # 1: to be looked at in the next revision
    ]
)
"""A group of threads."""

CANDIDATE: Final = np.dtype([("value", "f8"), ("number", "i8"), ("issue", "i8")])
"""An issue that may be the nearest: estimated likeness, number, row."""

LOOKED_AT = 4
"""Candidates that are compared in full."""

# places in `counters` and in `scalars`
FREE_THREAD, FREE_ISSUE, FREE_BLOCK, NEXT_THREAD, NEXT_ISSUE, SINCE_REVISION, EVENTS, SWEPT = range(8)
THREAD_WIDTH, ISSUE_WIDTH = 8, 9  # these two never change
STREAM, GROWTH = range(2)
MERGED, SPLIT = 1, 2

SPOTS = 2048
"""Where a vector is laid out: a feature's spot is its last bits. A power of two; few enough to stay at hand."""


class Laid(NamedTuple):
    """A vector that is laid out, to be compared with others; places in it are counted from 1, 0 is none."""

    spots: Array  # int32[SPOTS], the place of the last feature of each spot
    chain: Array  # int32[], by place less 1: the place of the feature before it of the same spot
    hits: Array  # int32[], where features of another vector have a spot that is taken
    is_shared: Array  # bool[], by place less 1: whether another vector has the feature too


class Live(NamedTuple):
    """All that the loops change, and from `events` on rooms to work in that hold nothing between two calls."""

    table: Table  # FEATURE[2 * buckets]
    postings: Table  # POSTING[blocks, block_width], issues under one feature
    block_links: Array  # int32[blocks], the feature that leads to a block; -2 less the next free block where it is free
    issue_features: Array  # int32[threads, issue_postings], features under which an issue is listed
    standing: Table  # STANDING[power of two], by row of the issue
    threads: Table  # THREAD[threads]
    issues: Table  # ISSUE[threads]
    vectors: Table  # ENTRY[threads * thread_width + slots * issue_width], those of threads, then larger issues' own
    slot_free: Array  # int32[slots + 1], how many are free, and which
    counters: Array  # int64[10]
    scalars: Array  # float64[2]
    thread_issue: Array  # int64[], number of the issue that a thread was put into, by thread number
    issue_parent: Array  # int64[], number of the issue that an issue was merged into, itself if none
    events: Array  # int64[n, 4]
    post: Table  # ENTRY[], the vector of the post that comes
    room: Table  # ENTRY[]
    laid: Laid  # nothing, between two comparisons
    room_weights: Array  # float32[]
    rarities: Array  # float32[], of the post that comes
    touched: Array  # int32[threads]
    shares: Array  # float32[threads], what a vector shares with each that is touched
    near: Table  # CANDIDATE[LOOKED_AT]
    worths: Array  # float64[threads]


class Copies(NamedTuple):
    """What is remembered of the last posts, so that near copies of them are known; the first place stays empty."""

    sketches: Array  # int32[copies, 48], smallest word features of a remembered post
    sketch_length: Array  # int32[copies], its different words
    anchored: Array  # int32[anchors, 8], the remembered posts that had an anchor last, 0 after the last
    ring: Array  # int64[1], the place that is written next
    place_thread: Array  # int64[copies, 2], thread number and row of a remembered post


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
