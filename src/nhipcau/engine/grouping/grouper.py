"""The door of grouping: a batch of tokenised posts in, a thread for each post out, and the issues of threads.

`_features`, `_copies`, `_arrival` and `_revision` do the work, in this order; `state.py` holds what is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.grouping import _arrival, _copies, _features, _revision
from nhipcau.engine.grouping._typing import EVENTS, STREAM, Rules
from nhipcau.engine.grouping.state import GroupSettings, GroupState


@dataclass(frozen=True)
class Features:
    """The features of a batch: `offsets` int64[n + 1], `features` int32[m] sorted in each post, `base` float32[m]."""

    offsets: NDArray[np.int64]
    features: NDArray[np.int32]
    base: NDArray[np.float32]


@dataclass(frozen=True)
class Folded:
    """Near copies of a batch: `places` int64[n], each post's head in the ring, `is_head` bool[n]."""

    places: NDArray[np.int64]
    is_head: NDArray[np.bool_]


@dataclass(frozen=True)
class Grouped:
    """What became of a batch: `threads` int64[n], `heads` int64[n] (ring place), `is_head` bool[n]."""

    threads: NDArray[np.int64]
    places: NDArray[np.int64]
    is_head: NDArray[np.bool_]


def group(
    state: GroupState,
    *,
    offsets: NDArray[np.int64],
    words: NDArray[np.uint64],
    times: NDArray[np.int64],
    first_seq: int,
) -> Grouped:
    """Put a batch of posts into threads, in their order, and revise the issues on the way.

    Parameters
    ----------
    state
        Changed in place.
    offsets, words
        Where each post's words begin, int64[n + 1], and the hashes of the words, uint64[m].
    times
        Seconds since 1970, int64[n]; -1 where a post has no time (then nothing ages).
    first_seq
        The stream position of the first post.

    Notes
    -----
    The result does not depend on how the stream is cut into batches. Cost a post is bounded: at most 20 lists of
    24 postings are walked and four vectors of `issue_width` compared, and once more in a revision.
    """
    features = represent(offsets, words, state.settings)
    return group_features(state, features, fold(state, features), times=times, first_seq=first_seq)


def represent(offsets: NDArray[np.int64], words: NDArray[np.uint64], settings: GroupSettings) -> Features:
    """Hashed words and pairs of words of each post: the part of `group` that knows nothing of other posts."""
    return Features(*_features.represent(offsets, words, settings.bigram_weight, settings.buckets))


def fold(state: GroupState, features: Features) -> Folded:
    """Find the near copies of a batch: the part of `group` that knows of earlier posts, but not of their issues."""
    return Folded(*_copies.fold(features.offsets, features.features, state.copies, state.settings.copy_overlap))


def group_features(
    state: GroupState, features: Features, folded: Folded, *, times: NDArray[np.int64], first_seq: int
) -> Grouped:
    """Do what is left of `group` after `represent` and `fold`."""
    state.make_room(posts=len(times), longest=int(np.diff(features.offsets).max(initial=0)))
    threads = _arrival.assign(
        features.offsets,
        features.features,
        features.base,
        times,
        folded.places,
        folded.is_head,
        state.copies.place_thread,
        first_seq,
        state.live,
        _rules(state.settings),
    )
    _keep_history(state)
    return Grouped(threads=threads, places=folded.places, is_head=folded.is_head)


def issues_of(state: GroupState, threads: NDArray[np.int64]) -> NDArray[np.int64]:
    """The issue that each thread number belongs to today, merges followed, int64[n].

    Posts that came since the last revision may still wait for it: `revised` gives a state in which none does.
    """
    return _arrival.resolve(np.asarray(threads, np.int64), state.live.thread_issue, state.live.issue_parent)


def revised(state: GroupState, *, seq: int, over: GroupState | None = None) -> GroupState:
    """A copy of the state in which the posts that wait for a revision have had it; written over another, if given.

    The stream goes on with the state itself, so looking at it in the middle changes nothing later on.
    """
    copied = state.copy(over=over)
    revise(copied, seq=seq)
    return copied


def revise(state: GroupState, *, seq: int) -> None:
    """Revise the issues now, whether or not it is time: for a stream that has ended, or a copy to look at."""
    state.make_room(posts=0, longest=0)
    _revision.revise(seq, state.live, _rules(state.settings))
    _keep_history(state)


def _rules(settings: GroupSettings) -> Rules:
    return Rules(
        join=settings.join,
        join_at_once=settings.join_at_once,
        part=settings.part,
        looseness=settings.looseness,
        half_life=settings.half_life_days * 86_400.0,
        decay=2.0 ** (1.0 / settings.memory_posts),
        prior_posts=settings.prior_posts,
        period=settings.period,
    )


def _keep_history(state: GroupState) -> None:
    noted = int(state.live.counters[EVENTS])
    state.history.extend(tuple(int(value) for value in row) for row in state.live.events[:noted])  # type: ignore[misc]
    state.live.counters[EVENTS] = 0


def share_of_posts(state: GroupState, words: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Share of the stream's recent posts that have each word, float64[n]; near copies are not counted."""
    mask = np.uint64(state.settings.buckets - 1)
    buckets = ((words ^ (words >> np.uint64(29))) & mask).astype(np.int64) * 2
    total = max(float(state.live.scalars[STREAM]), 1e-9)
    return np.asarray(np.minimum(state.live.table["posts"][buckets] / total, 1.0), np.float64)
