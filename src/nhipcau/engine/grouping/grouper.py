"""The door of grouping: a batch of tokenised posts in, a thread for each post out, and the issues of threads.

`_features`, `_copies`, `_arrival` and `_revision` do the work, in this order; `state.py` holds what is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.grouping import _arrival, _copies, _features, _revision
from nhipcau.engine.grouping._typing import EVENTS, NEXT_ISSUE, NEXT_THREAD, STREAM, Live, Rules
from nhipcau.engine.grouping.state import GroupSettings, GroupState


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
    The result does not depend on how the stream is cut into batches. Cost a post is bounded: at most 24 lists of
    24 postings are walked and five vectors of `issue_width` compared, and once more in a revision.
    """
    settings = state.settings
    posts = len(offsets) - 1
    _room_for(state, posts)
    feature_offsets, features, base = _features.represent(offsets, words, settings.bigram_weight, settings.buckets)
    places, is_head = _copies.fold(
        feature_offsets,
        features,
        state.sketches,
        state.sketch_length,
        state.anchored,
        state.ring,
        settings.copy_overlap,
    )
    live = _live(state, longest=int(np.diff(feature_offsets).max(initial=0)), posts=posts)
    threads = _arrival.assign(
        feature_offsets, features, base, times, places, is_head, state.place_thread, first_seq, live, _rules(settings)
    )
    _keep_history(state, live)
    return Grouped(threads=threads, places=places, is_head=is_head)


def issues_of(state: GroupState, threads: NDArray[np.int64]) -> NDArray[np.int64]:
    """The issue that each thread number belongs to today, merges followed, int64[n].

    Posts that came since the last revision may still wait for it: `revised` gives a state in which none does.
    """
    return _arrival.resolve(np.asarray(threads, np.int64), state.thread_issue, state.issue_parent)


def revised(state: GroupState, *, seq: int) -> GroupState:
    """A copy of the state in which the posts that wait for a revision have had it.

    The stream goes on with the state itself, so looking at it in the middle changes nothing later on.
    """
    copied = state.copy()
    _room_for(copied, 0)
    live = _live(copied, longest=0, posts=0)
    _revision.revise(seq, live, _rules(copied.settings))
    _keep_history(copied, live)
    return copied


def _live(state: GroupState, *, longest: int, posts: int) -> Live:
    """The state as the compiled loops take it, with rooms to work in."""
    room = longest + state.settings.issue_width + state.settings.thread_width
    return Live(
        table=state.table,
        block_issues=state.block_issues,
        block_weights=state.block_weights,
        block_next=state.block_next,
        issue_features=state.issue_features,
        threads=state.threads,
        thread_features=state.thread_features,
        thread_weights=state.thread_weights,
        issues=state.issues,
        bars=state.bars,
        slot_features=state.slot_features,
        slot_weights=state.slot_weights,
        slot_length=state.slot_length,
        slot_free=state.slot_free,
        counters=state.counters,
        scalars=state.scalars,
        events=np.zeros((2 * posts + 2 * state.settings.threads, 4), np.int64),
        thread_issue=state.thread_issue,
        issue_parent=state.issue_parent,
        room_features=np.empty(max(room, 2 * state.settings.issue_width), np.int32),
        room_weights=np.empty(max(room, 2 * state.settings.issue_width), np.float32),
        partial=np.zeros(state.settings.threads),
        touched=np.empty(state.settings.threads, np.int64),
    )


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


def _keep_history(state: GroupState, live: Live) -> None:
    noted = int(state.counters[EVENTS])
    state.history.extend(tuple(int(value) for value in row) for row in live.events[:noted])  # type: ignore[misc]
    state.counters[EVENTS] = 0


def _room_for(state: GroupState, posts: int) -> None:
    """Let the tables of numbers grow before the compiled loop needs them."""
    needed_threads = int(state.counters[NEXT_THREAD]) + posts + 1
    if needed_threads > len(state.thread_issue):
        state.thread_issue = np.resize(state.thread_issue, max(needed_threads, 2 * len(state.thread_issue)))
    needed_issues = int(state.counters[NEXT_ISSUE]) + 2 * posts + 4096
    if needed_issues > len(state.issue_parent):
        length = max(needed_issues, 2 * len(state.issue_parent))
        state.issue_parent = np.resize(state.issue_parent, length)


def share_of_posts(state: GroupState, words: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Share of the stream's recent posts that have each word, float64[n]; near copies are not counted."""
    mask = np.uint64(state.settings.buckets - 1)
    buckets = ((words ^ (words >> np.uint64(29))) & mask).astype(np.int64) * 2
    total = max(float(state.scalars[STREAM]), 1e-9)
    return np.asarray(np.minimum(state.table["posts"][buckets] / total, 1.0), np.float64)
