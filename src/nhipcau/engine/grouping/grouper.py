"""The door of grouping: a batch of tokenised posts in, a thread for each post out, and the issues of threads.

`represent`, `fold` and `assign` in `_kernels.py` do the work; `state.py` holds what is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nhipcau.engine.grouping import _copies, _features, _kernels
from nhipcau.engine.grouping.state import GroupState


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
    The result does not depend on how the stream is cut into batches. Cost a post is bounded: at most 40 postings
    lists of 96 entries are walked and ten vectors of `issue_width` compared.
    """
    settings = state.settings
    posts = len(offsets) - 1
    _room_for(state, posts)
    feature_offsets, features, base = _features.represent(offsets, words, settings.bigram_weight, settings.buckets)
    seqs = np.arange(first_seq, first_seq + posts, dtype=np.int64)
    places, is_head = _copies.fold(
        feature_offsets, features, seqs, state.sketches, state.sketch_length, state.copy_heads, state.copy_next,
        state.copy_previous, state.copy_key, state.ring, settings.copy_overlap,
    )  # fmt: skip
    longest = int(np.diff(feature_offsets).max(initial=0)) + settings.issue_width + settings.thread_width
    rooms = (np.empty(longest, np.int32), np.empty(longest, np.float32))
    live = (
        state.threads, state.issues, state.vectors, state.posting_heads, state.nodes, state.counters, state.scalars,
        state.events, rooms,
    )  # fmt: skip
    numbers = _kernels.assign(
        feature_offsets, features, base, times, places, is_head, state.place_thread, seqs, state.document_frequency,
        state.mean, live,
        (settings.join_thread, settings.join_issue, settings.prior, settings.half_life_days * 86_400.0,
         settings.part_issue),
        np.zeros(settings.threads), np.empty(settings.threads, np.int64), state.thread_issue, state.issue_parent,
        2.0 ** (1.0 / settings.memory_posts), settings.period,
    )  # fmt: skip
    noted = int(state.counters[_kernels.EVENTS])
    state.history.extend(tuple(int(value) for value in row) for row in state.events[:noted])  # type: ignore[misc]
    state.counters[_kernels.EVENTS] = 0
    return Grouped(threads=numbers, places=places, is_head=is_head)


def issues_of(state: GroupState, threads: NDArray[np.int64]) -> NDArray[np.int64]:
    """The issue that each thread number belongs to today, merges followed, int64[n]."""
    return _kernels.resolve(np.asarray(threads, np.int64), state.thread_issue, state.issue_parent)


def _room_for(state: GroupState, posts: int) -> None:
    """Let the tables of numbers grow before the compiled loop needs them."""
    needed_threads = int(state.counters[_kernels.NEXT_THREAD]) + posts + 1
    if needed_threads > len(state.thread_issue):
        state.thread_issue = np.resize(state.thread_issue, max(needed_threads, 2 * len(state.thread_issue)))
    needed_issues = int(state.counters[_kernels.NEXT_ISSUE]) + 2 * posts + 4096
    if needed_issues > len(state.issue_parent):
        state.issue_parent = np.resize(state.issue_parent, max(needed_issues, 2 * len(state.issue_parent)))
    if len(state.events) < 2 * posts + 4096:
        state.events = np.zeros((2 * posts + 4096, 4), np.int64)


def share_of_posts(state: GroupState, words: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Share of the stream's recent posts that have each word, float64[n]; near copies are not counted."""
    mask = np.uint64(state.settings.buckets - 1)
    buckets = ((words ^ (words >> np.uint64(29))) & mask).astype(np.int64) * 2
    total = max(float(state.scalars[_kernels.WEIGHT_OF_STREAM]), 1e-9)
    return np.asarray(np.minimum(state.document_frequency[buckets] / total, 1.0), np.float64)
